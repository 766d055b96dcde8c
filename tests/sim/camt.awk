# Writes a bank's camt.054 or camt.053 about one account: what was booked for the lines of input.
# usage: awk -F, -v message=camt.054.001.08 -v id=BANK-1 -v at=2026-10-02T18:00:00+07:00 -v account=0071 -v bank=BFTVVNVX
#            -v as=single|batch|listed [-v original=MSGID] [-v status=BOOK] -f tests/sim/camt.awk bookings.csv
# input: end_to_end_id,amount,reference,reason. With a reason it is a return, to our credit.
#   single: an entry for each line; batch: one entry for all, which names the message; listed: and all its lines
# What differs between versions is written as the version has it. `bank` is a BIC or a 6-digit BIN.
function tag(name, text) { return text == "" ? "" : "<" name ">" text "</" name ">" }
function amount(value) { return "<Amt Ccy=\"VND\">" value "</Amt>" }
function agent(code) {
    if (code ~ /^[0-9]+$/) return "<ClrSysMmbId><MmbId>" code "</MmbId></ClrSysMmbId>"
    return tag(version < 4 ? "BIC" : "BICFI", code)
}
function detail(returned) {
    return "<TxDtls><Refs>" tag("MsgId", original) tag("EndToEndId", $1) "</Refs>" \
        (version < 4 ? "<AmtDtls><TxAmt>" amount($2) "</TxAmt></AmtDtls>" : amount($2) tag("CdtDbtInd", returned ? "CRDT" : "DBIT")) \
        (returned ? "<RtrInf><Rsn><Cd>" $4 "</Cd></Rsn></RtrInf>" : "") "</TxDtls>"
}
function entry_open(value, returned, reference) {
    printf "<Ntry>%s%s%s%s", amount(value), tag("CdtDbtInd", returned ? "CRDT" : "DBIT"), returned ? "<RvslInd>true</RvslInd>" : "", tag("Sts", version < 8 ? status : tag("Cd", status))
    printf "<BookgDt><Dt>%s</Dt></BookgDt><ValDt><Dt>%s</Dt></ValDt>%s", substr(at, 1, 10), substr(at, 1, 10), tag("AcctSvcrRef", reference)
    printf "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>%s</SubFmlyCd></Fmly></Domn></BkTxCd>", returned ? "RRTN" : "DMCT"
}
BEGIN {
    version = substr(message, 14) + 0
    root = message ~ /^camt.053/ ? "BkToCstmrStmt" : "BkToCstmrDbtCdtNtfctn"
    part = message ~ /^camt.053/ ? "Stmt" : "Ntfctn"
    if (status == "") status = "BOOK"
    printf "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:%s\"><%s><GrpHdr><MsgId>%s</MsgId><CreDtTm>%s</CreDtTm></GrpHdr>", message, root, id, at
    printf "<%s><Id>%s</Id><CreDtTm>%s</CreDtTm><Acct><Id><Othr><Id>%s</Id></Othr></Id><Ccy>VND</Ccy><Svcr><FinInstnId>%s</FinInstnId></Svcr></Acct>\n", part, id, at, account, agent(bank)
}
as == "single" {
    entry_open($2, $4 != "", $3)
    printf "<NtryDtls>%s</NtryDtls></Ntry>\n", detail($4 != "")
}
as != "single" {
    details = details (as == "listed" ? detail(0) : "")
    sum += $2
    reference = $3
    count++
}
END {
    if (count) {
        total = sprintf("%.0f", sum)
        entry_open(total, 0, reference)
        printf "<NtryDtls><Btch>%s<PmtInfId>%s-1</PmtInfId><NbOfTxs>%d</NbOfTxs><TtlAmt Ccy=\"VND\">%s</TtlAmt><CdtDbtInd>DBIT</CdtDbtInd></Btch>%s</NtryDtls></Ntry>\n", tag("MsgId", original), original, count, total, details
    }
    printf "</%s></%s></Document>\n", part, root
}
