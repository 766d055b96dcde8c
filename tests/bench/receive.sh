#!/bin/bash
# Measures one answer with a status for each of N payments (pain.002), in CPU time and memory.
# usage: receive.sh PROGRAM N
#
# One unit pays N grants through one bank, whose profile is changed to take them all in one file; the bank
# accepts all but every thousandth. The floor is the CPU time just to read and hash the answer.
set -eu -o pipefail
program=$(realpath "$1") count=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$root/build/bench-receive
site=$place/site
export LC_ALL=C CHITRA_NOW=2026-09-30T09:00:00+07:00 CHITRA_FORMATS=$place/formats

# cpu COMMAND...: runs it; CPU microseconds of it into $spent, its code into $code.
cpu() {
    code=0
    times >"$place/times"
    "$@" || code=$?
    times >>"$place/times"
    spent=$(sed -n '2p; 4p' "$place/times" | tr 'ms\n' '   ' |
        awk '{ printf "%.0f", (($5 * 60 + $6 + $7 * 60 + $8) - ($1 * 60 + $2 + $3 * 60 + $4)) * 1000000 }')
}

grants() { # an intake file of N grants
    echo "entitlement_id,benefit,unit,citizen_id,name,commune,channel,bank,account,approved_on,event_from,approved_amount"
    awk -v n="$count" 'BEGIN { for (i = 1; i <= n; i++)
        printf "R-%d,relief_grant,79,079%09d,Nguyễn Văn Thử,26506,bank,970436,%012d,2026-09-20,2026-09-12,%d\n", i, i, i, 1000000 + i }'
}

answer() { # a status for each payment of the file, from what the ledger lists
    local msg_id=$1
    cat <<END
<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>B1</MsgId><CreDtTm>2026-10-02T09:00:00+07:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>$msg_id</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>$msg_id-1</OrgnlPmtInfId>
END
    "$program" -C "$site" list payments --format csv | awk -F, -v msg_id="$msg_id" '$13 == msg_id {
        printf "<TxInfAndSts><OrgnlEndToEndId>%s</OrgnlEndToEndId>", $1
        if (++n % 1000 == 0) printf "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"; else printf "<TxSts>ACSP</TxSts>"
        printf "<OrgnlTxRef><Amt><InstdAmt Ccy=\"VND\">%s</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n", $10 }'
    echo "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
}

rm -rf "$place"
mkdir -p "$place"
cp -R "$root/formats" "$place/formats"
sed -i 's/transactions="[0-9]*"/transactions="10000000"/' "$place/formats/banks/vietcombank.xml"
"$program" -q init --demo --people 100 --period 2026-10 "$site"
rm -f "$site"/intake/*
grants >"$site/intake/grants.csv"
(cd "$site/intake" && sha256sum grants.csv >grants.sha256)
openssl cms -sign -binary -noattr -in "$site/intake/grants.sha256" -signer "$site/trust/office.crt" \
    -inkey "$site/keys/office.key" -outform DER -out "$site/intake/grants.sha256.p7s"
"$program" -q -C "$site" run --period 2026-10 >"$place/run" 2>&1 || [ $? -le 1 ] || { cat "$place/run" >&2; exit 1; }
msg_id=$("$program" -C "$site" list files --format csv | awk -F, -v n="$count" '$7 == n { print $1 }')
[ -n "$msg_id" ] || { echo "no file of $count payments" >&2; exit 1; }
answer "$msg_id" >"$site/inbox/answer.xml"
bytes=$(stat -c %s "$site/inbox/answer.xml")
cpu sha256sum "$site/inbox/answer.xml" >"$place/hash"
floor=$spent
cpu "$program" -v -C "$site" receive >"$place/said" 2>"$place/stages"
[ $code -le 1 ] || { cat "$place/said" "$place/stages" >&2; exit "$code"; }
grep -q "^accepted *$((count - count / 1000)) " "$place/said" || { cat "$place/said" >&2; exit 1; }
echo "an answer of $count statuses, $bytes bytes"
awk -v used="$spent" -v n="$count" -v floor="$floor" 'BEGIN {
    printf "  CPU time              %9.2f s   %.0f statuses a CPU second\n", used / 1e6, n * 1e6 / used
    printf "  floor                 %9.2f s   read and hash the same bytes\n", floor / 1e6 }'
awk '$1 == "memory" { printf "  peak memory           %9.1f MiB\n", $2 / 1024 }' "$place/stages"
