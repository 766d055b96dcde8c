# Writes a bank's pain.002: one status for each line of input.
# usage: awk -F, -v id=BANK-1 -v at=2026-10-02T09:00:00+07:00 -v original=MSGID [-v version=10] [-v group=PART]
#            [-v group_reason=AM10] [-v information=PART] [-v information_reason=AC01] -f tests/sim/pain002.awk statuses.csv
# input: end_to_end_id,status,reason,amount - all but the first may be empty; no lines: the group alone.
function tag(name, text) { return text == "" ? "" : "<" name ">" text "</" name ">" }
function reason(code) { return code == "" ? "" : "<StsRsnInf><Rsn><Cd>" code "</Cd></Rsn></StsRsnInf>" }
function information_open() {
    if (!opened++)
        printf "<OrgnlPmtInfAndSts><OrgnlPmtInfId>%s-1</OrgnlPmtInfId>%s%s", original, tag("PmtInfSts", information), reason(information_reason)
}
BEGIN {
    if (version == "") version = "10"
    printf "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.%s\"><CstmrPmtStsRpt>", version
    printf "<GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>", id, at
    printf "<OrgnlGrpInfAndSts><OrgnlMsgId>%s</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>%s%s</OrgnlGrpInfAndSts>\n", original, tag("GrpSts", group), reason(group_reason)
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
