#!/bin/sh
# Makes a demonstration site in DIR (anew), runs one month in it, writes its reports, and says where to look.
# usage: demo.sh PROGRAM DIR
set -eu
chitra=$1 dir=$2
period=${PERIOD:-$(TZ=UTC-7 date +%Y-%m)}

# Only a folder that is a demonstration site, or holds nothing, is removed.
if [ -e "$dir" ]; then
    [ -e "$dir/chitra.xml" ] || rmdir "$dir" 2>/dev/null || { echo "$dir is no site: not removed" >&2; exit 1; }
    rm -rf "$dir"
fi
mkdir -p "$(dirname "$dir")"
"$chitra" -q init --demo --period "$period" "$dir"
echo "$ chitra run --period $period        (in $dir)"
rc=0
"$chitra" -C "$dir" run --period "$period" || rc=$?
[ "$rc" -le 1 ] || exit "$rc"
for format in csv json; do
    "$chitra" -C "$dir" stats --period "$period" --format $format >"$dir/reports/stats-$period.$format"
done

# The same sums from three sides: the ledger's payments, the bank files' own control sums, the cash lists' lines.
total() { awk '{ n += $1 } END { printf "%.0f\n", n }'; }
payments() { # channel pattern
    "$chitra" -C "$dir" list payments --period "$period" --format csv |
        awk -F, -v channel="$1" 'NR > 1 && $8 ~ channel && $13 != "" { n += $10 } END { printf "%.0f\n", n }'
}
control_sums() { # of the group headers, which stand near the beginning
    find "$dir/outbox" -name '*.xml' -o -name '*.xml.gz' | while read -r file; do
        case $file in *.gz) gzip -dc "$file" ;; *) cat "$file" ;; esac | tr -d '\n' |
            sed 's|</GrpHdr>.*||; s|.*<CtrlSum>||; s|<.*||'
        echo
    done | total
}
# What banks might answer: the largest file goes through but for one payment, whose account is closed.
answered=$("$chitra" -C "$dir" list files --format csv | awk -F, 'NR > 1 && $7 + 0 > n { n = $7 + 0; msg = $1 } END { print msg }')
refused=$("$chitra" -C "$dir" list payments --period "$period" --format csv |
    awk -F, -v msg="$answered" '$13 == msg && $7 == "pension" && id == "" { id = $1 } END { print id }')
{
    cat <<END
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>DEMO-ANSWER-1</MsgId><CreDtTm>$(TZ=UTC-7 date +%Y-%m-%dT%H:%M:%S)</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>$answered</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>PART</GrpSts></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>$answered-1</OrgnlPmtInfId>
END
    "$chitra" -C "$dir" list payments --period "$period" --format csv | awk -F, -v msg="$answered" -v refused="$refused" '
        $13 == msg {
            status = $1 == refused ? "RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>" : "ACSP</TxSts>"
            print "<TxInfAndSts><OrgnlEndToEndId>" $1 "</OrgnlEndToEndId><TxSts>" status "</TxInfAndSts>"
        }'
    echo "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
} >"$dir/inbox/answer.xml"
echo
echo "$ chitra receive        (a bank's answer to $answered)"
rc=0
"$chitra" -C "$dir" receive || rc=$?
[ "$rc" -le 1 ] || exit "$rc"

files=$(find "$dir/outbox" -name '*.xml' -o -name '*.xml.gz' | wc -l)
lists=$(find "$dir/cash" -name '*.csv' | wc -l)
person=$("$chitra" -C "$dir" list payments --period "$period" --format csv |
    awk -F, '$7 == "pension" && $11 == "instructed" && id == "" { id = $4 } END { print id }')
cat <<END

the same sums from other sides, in dong:
  transfers and funding in the ledger   $(payments '^(bank|wallet)$')
$(printf '  %-36s  ' "control sums of $files bank files")$(control_sums)
  cash payments in the ledger           $(payments '^cash$')
$(printf '  %-36s  ' "lines of $lists cash lists")$(find "$dir/cash" -name '*.csv' -exec tail -q -n +2 {} + | awk -F, '{ print $5 }' | total)

where to look:
  $dir/outbox/            signed bank files (ISO 20022 pain.001), by pay month and debtor bank
  $dir/cash/              lists for payment points
  $dir/reports/           statistics: cash against non-cash
  $dir/later/             the approved changes of the next month: move them into intake/ and run it
try:
  build/chitra -C $dir list files
  build/chitra -C $dir list payments --entitlement $person
  build/chitra -C $dir list payments --state rejected
  build/chitra -C $dir explain $person --period $period
END
