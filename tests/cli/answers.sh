# What a bank answers, as text; for cases about answers.
# shellcheck shell=bash

said_at=2026-10-02T09:00:00+07:00   # the time that the next answer states

# pain002 VERSION MSGID GROUP INFORMATION [ID STATUS REASON]...: a status report; empty texts are left out.
pain002() {
    local version=$1 msg=$2 group=$3 information=$4
    shift 4
    cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.$version"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK-$((++answers_made))</MsgId><CreDtTm>$said_at</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>$msg</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
${group:+<GrpSts>$group</GrpSts>}</OrgnlGrpInfAndSts>
END
    if [ -n "$information" ] || [ $# -gt 0 ]; then
        echo "<OrgnlPmtInfAndSts><OrgnlPmtInfId>$msg-1</OrgnlPmtInfId>${information:+<PmtInfSts>$information</PmtInfSts>}"
        while [ $# -gt 0 ]; do
            echo "<TxInfAndSts><OrgnlEndToEndId>$1</OrgnlEndToEndId><TxSts>$2</TxSts>"
            echo "${3:+<StsRsnInf><Rsn><Cd>$3</Cd></Rsn></StsRsnInf>}</TxInfAndSts>"
            shift 3
        done
        echo "</OrgnlPmtInfAndSts>"
    fi
    echo "</CstmrPmtStsRpt></Document>"
}
answers_made=0

# camt054 ACCOUNT [SIDE ID AMOUNT DAY REFERENCE RETURN-REASON]...: a notice, an entry for each payment.
camt054() {
    local account=$1
    shift
    cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>BANK-$((++answers_made))</MsgId><CreDtTm>$said_at</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>$said_at</CreDtTm><Acct><Id><Othr><Id>$account</Id></Othr></Id></Acct>
END
    while [ $# -gt 0 ]; do
        echo "<Ntry><Amt Ccy=\"VND\">$3</Amt><CdtDbtInd>$1</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>$4</Dt></BookgDt>"
        echo "${5:+<AcctSvcrRef>$5</AcctSvcrRef>}<NtryDtls><TxDtls><Refs><EndToEndId>$2</EndToEndId></Refs>"
        echo "<Amt Ccy=\"VND\">$3</Amt><CdtDbtInd>$1</CdtDbtInd>${6:+<RtrInf><Rsn><Cd>$6</Cd></Rsn></RtrInf>}</TxDtls></NtryDtls></Ntry>"
        shift 6
    done
    echo "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
}

# batch053 ACCOUNT MSGID COUNT AMOUNT DAY REFERENCE: a statement with a file booked as one.
batch053() {
    cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>
<GrpHdr><MsgId>BANK-$((++answers_made))</MsgId><CreDtTm>$said_at</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><CreDtTm>$said_at</CreDtTm><Acct><Id><Othr><Id>$1</Id></Othr></Id></Acct>
<Ntry><Amt Ccy="VND">$4</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>$5</Dt></BookgDt><AcctSvcrRef>$6</AcctSvcrRef>
<NtryDtls><Btch><MsgId>$2</MsgId><PmtInfId>$2-1</PmtInfId><NbOfTxs>$3</NbOfTxs><TtlAmt Ccy="VND">$4</TtlAmt></Btch></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>
END
}

# receive CODE SITE FILE...: takes answers, with this exit code; what is said comes into the files said and told.
receive() {
    local code=$1 site=$2
    shift 2
    expect "$code" "$CHITRA" -C "$site" receive "$@" >said 2>told
}

# file_state SITE MSGID, payment_state SITE ID: as `list` shows them; the payment with reason and day.
file_state() { list "$1" files | column msg_id state | sed -n "s/^$2,//p"; }
payment_state() { list "$1" payments | column payment_id state reason state_on | sed -n "s/^$2,//p"; }

# files_of SITE: MsgIds of bank files with their numbers of payments, sums and accounts, the largest first.
files_of() {
    list "$1" files | column payments msg_id amount bank | sort -t , -k 1,1nr -k 2 | while IFS=, read -r payments msg amount bank; do
        echo "$msg,$payments,$amount,$bank,$(xml "$(bank_files "$1" | grep "/$msg\.xml")" |
            grep -oE '<DbtrAcct><Id><Othr><Id>[^<]+' | sed 's/.*>//')"
    done
}
# payments_in SITE MSGID: ids and amounts of a file's payments.
payments_in() { list "$1" payments | column msg_id payment_id amount | sed -n "s/^$2,//p"; }
