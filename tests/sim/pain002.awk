# Writes a bank's pain.002: one status for each line of input, none for none.
# usage: awk -F, -v id=BANK-1 -v at=2026-10-02T09:00:00+07:00 -v original=MSGID [-v bank=BFTVVNVX] [-v version=10]
#            [-v group=PART] [-v group_reason=AM10] [-v information=PART] [-v information_reason=AC01]
#            -f tests/sim/pain002.awk statuses.csv
# input: end_to_end_id,status,reason,amount; all but the first may be empty. `bank` is a BIC or a 6-digit BIN.
function tag(name, text) { return text == "" ? "" : "<" name ">" text "</" name ">" }
function reason(code) { return code == "" ? "" : "<StsRsnInf><Rsn><Cd>" code "</Cd></Rsn></StsRsnInf>" }
function agent(code) {
    if (code == "") return ""
    if (code ~ /^[0-9]+$/) code = "<ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId><MmbId>" code "</MmbId></ClrSysMmbId>"
    else code = tag(version < 10 ? "BIC" : "BICFI", code)
    return "<DbtrAgt><FinInstnId>" code "</FinInstnId></DbtrAgt>"
}
function information_open() {
    if (opened++) return
    printf "<OrgnlPmtInfAndSts><OrgnlPmtInfId>%s-1</OrgnlPmtInfId>", original
    printf "%s%s", tag("PmtInfSts", information), reason(information_reason)
}
BEGIN {
    if (version == "") version = "10"
    printf "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.%s\"><CstmrPmtStsRpt>", version
    printf "<GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm>%s</GrpHdr>", id, at, agent(bank)
    printf "<OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>", original
    printf "%s%s</OrgnlGrpInfAndSts>\n", tag("GrpSts", group), reason(group_reason)
    if (information != "") information_open()
}
{
    information_open()
    printf "<TxInfAndSts>%s%s%s", tag("OrgnlEndToEndId", $1), tag("TxSts", $2), reason($3)
    if ($4 != "") printf "<OrgnlTxRef><Amt><InstdAmt Ccy=\"VND\">%s</InstdAmt></Amt></OrgnlTxRef>", $4
    print "</TxInfAndSts>"
}
END {
    print (opened ? "</OrgnlPmtInfAndSts>" : "") "</CstmrPmtStsRpt></Document>"
}
