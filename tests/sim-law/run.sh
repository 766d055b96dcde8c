#!/bin/bash
# Simulates months in which decisions come late and change backwards, and lets check.awk compare what was provided with
# what is due. usage: run.sh PROGRAM RESULTS [MONTHS [SEED]]
#
# One unit of a demonstration site; its own people are left out. Its bank rejects and returns some of the payments. The
# ledger, the bank files and the equations of each run are checked against each other as well.
set -eEu -o pipefail
program=$(realpath "$1") results=$2 months=${3:-24} seed=${4:-1}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mkdir -p "$results"
echo "0 1" >"$results/sim-law.count"
work=$(realpath "$results")/sim-law
rm -rf "$work"
mkdir -p "$work"
export LC_ALL=C CHITRA_FORMATS=$work/formats
unset CHITRA_SITE
. "$here/bank.sh"
trap 'fail "a command failed"' ERR
fail() { echo "sim-law, seed $seed, month ${month:-0}: $*" >&2; exit 1; }

awk -v seed="$seed" -v months="$months" -v out="$work/world" -f "$here/world.awk"
cp -R "$root/formats" "$work/formats"
CHITRA_NOW=2026-09-20T09:00:00+07:00 "$program" init --demo --people 1 --period 2026-10 "$work/site" >/dev/null 2>&1
rm -rf "$work/site/intake" "$work/site/later"
mkdir "$work/site/intake"
sed -i 's/intake="approved"/intake="open"/' "$work/site/chitra.xml"

chitra() { # COMMAND ARGUMENT...: what it says comes into the file `said`
    local code=0
    "$program" -C "$work/site" "$@" >"$work/said" 2>&1 || code=$?
    [ "$code" -le 1 ] || { cat "$work/said" >&2; fail "exit code $code: $*"; }
}
killed_run() {
    (timeout -s KILL "0.0$(($1 % 9 + 1))" "$program" -C "$work/site" run --period "$2" || true) >/dev/null 2>&1
    [ ! -e "$work/site/state/lock" ] || flock "$work/site/state/lock" true
    chitra run --period "$2"
}
# Certificates of the demonstration last twelve years.
another_key() {
    rm -rf "$work/other"
    "$program" init --demo --people 1 --period "$next" "$work/other" >/dev/null 2>&1
    cp "$work/other/keys/site.key" "$work/site/keys/"
    cp "$work/other/trust/site.crt" "$work/other/trust/root.crt" "$work/site/trust/"
}
sql() { sqlite3 -readonly "$work/site/state/ledger.db" "$@"; }

# What is due by law in each month until LAST, for the facts that are true.
due_of() { # truth folder, last month
    local month=2026-01 family
    local -a periods=()
    while [[ ! $month > $2 ]]; do
        periods+=("$month")
        month=$(date -d "$month-01 +1 month" +%Y-%m)
    done
    : >"$work/due"
    for family in "$1"/facts-*.csv; do
        for month in "${periods[@]}"; do
            "$program" calc -q --period "$month" "$family" >>"$work/due" 2>"$work/refused" ||
                { cat "$work/refused" >&2; fail "the law refuses a row of $family"; }
        done
    done
}

check() { # truth folder, 1 at the end of a long time: what was to be taken back is
    local last
    last=$(sql "SELECT printf('%04d-%02d', max(period) / 12, max(period) % 12 + 1) FROM run")
    due_of "$1" "$last"
    sql "SELECT e.id, o.period, o.comp, o.seq, o.amount, coalesce(x.state, 0), coalesce(w.order_id, ''),
         EXISTS(SELECT 1 FROM dead f WHERE f.settled = 0 AND f.ent = o.ent AND CASE WHEN f.payment IS NULL
             THEN f.period = o.period AND f.comp = o.comp AND o.seq = 0 ELSE f.payment = o.payment OR f.payment IN
             (SELECT payment FROM reissue a WHERE a.period = o.period AND a.ent = o.ent AND a.comp = o.comp AND a.seq = o.seq) END)
         FROM obligation o
         JOIN entitlement e ON e.ent = o.ent LEFT JOIN exception x ON x.period = o.period AND x.ent = o.ent
         AND x.comp = o.comp AND x.seq = o.seq LEFT JOIN ordered d ON d.period = o.period AND d.ent = o.ent
         AND d.comp = o.comp AND d.seq = o.seq LEFT JOIN orders w ON w.orders = d.orders" >"$work/obligations"
    sql "SELECT e.id, r.period, r.cause, r.amount - r.settled FROM receivable r JOIN entitlement e ON e.ent = r.ent" \
        >"$work/receivables"
    awk -v last="$last" -v final="$2" -f "$here/check.awk" "$1/people" "$1/stops" "$1/orders" "$work/due" \
        "$work/obligations" "$work/receivables" >"$work/faults" ||
        { head -n 20 "$work/faults" >&2; fail "what was provided is not what is due"; }
    money
}

# Every transfer once, as the ledger has it, and together what it instructed; each run's own equation.
money() {
    find "$work/site/outbox" -name '*.xml' -exec cat {} + | sed 's|<CdtTrfTxInf>|\n&|g' >"$work/transfers"
    find "$work/site/outbox" -name '*.xml.gz' -exec gzip -dc {} + | sed 's|<CdtTrfTxInf>|\n&|g' >>"$work/transfers"
    sed -n 's|^<CdtTrfTxInf>.*<EndToEndId>\([^<]*\)<.*<InstdAmt[^>]*>\([0-9]*\)<.*|\1 \2|p' "$work/transfers" >"$work/amounts"
    [ -z "$(cut -d' ' -f1 "$work/amounts" | sort | uniq -d)" ] || fail "somebody is paid twice"
    payments >"$work/payments"
    cut -d, -f1,2 "$work/payments" | tr , ' ' | sort | cmp -s - <(sort "$work/amounts") || fail "the files are not what the ledger has"
    [ "$(awk -F, '$3 != "reissued" && $3 != "closed" { sum += $2 } END { printf "%.0f", sum }' "$work/payments")" = "$(sql "
        SELECT sum(o.amount) FROM obligation o LEFT JOIN exception x ON x.period = o.period AND x.ent = o.ent
        AND x.comp = o.comp AND x.seq = o.seq WHERE x.state IS NULL")" ] || fail "what was instructed is not what lives"
    [ "$(sql "SELECT count(*) FROM (SELECT run, sum(CASE name WHEN 'due' THEN amount WHEN 'instructed' THEN -amount
        WHEN 'held' THEN -amount WHEN 'offset' THEN -amount WHEN 'provided_before' THEN -amount WHEN 'closed' THEN -amount
        ELSE 0 END) AS difference FROM figure GROUP BY run HAVING difference <> 0)")" = 0 ] || fail "a run does not add up"
}

mkdir "$work/fate"
number=0
for ((t = 1; t <= months; t++)); do
    folder=$work/world/$(printf '%03d' "$t")
    month=$(date -d "2026-10-01 +$((t - 1)) months" +%Y-%m)
    next=$(date -d "2026-10-01 +$t months" +%Y-%m)
    for file in "$folder"/*.csv; do
        [ ! -e "$file" ] || cp "$file" "$work/site/intake/$(printf '%03d' "$t")-$(basename "$file")"
    done
    [ ! -e "$folder/law.sed" ] || sed -f "$folder/law.sed" "$root/formats/law/vn.xml" >"$work/formats/law/vn.xml"
    CHITRA_NOW=$(cat "$folder/clock")T09:00:00+07:00
    export CHITRA_NOW
    case $(cat "$folder/do") in
        killed) killed_run "$t" "$month" ;;
        again) chitra run --period "$month"; chitra run --period "$month" ;;
        two) chitra run --period "$month,$next" ;;
        *) chitra run --period "$month" ;;
    esac
    grep -q 'rejected 0$' "$work/said" || fail "a row was rejected: $(sql 'SELECT reason FROM reject' | tail -n 1)"
    truth=$work/world/truth/$(printf '%03d' "$t")
    if [ -e "$truth" ]; then
        check "$truth" "$((t == months && months >= 100))"
        number=$((number + 1))
    fi
    bank_takes "$t"
    bank_says "$t"
    [ "$t" = "$months" ] || office_cures "$t"
    if ((t % 6 == 0)); then
        chitra reissue --reason "the bank was asked"
    fi
    if ((t % 100 == 0 && t < months)); then
        another_key
    fi
done
echo "$number 0" >"$results/sim-law.count"
echo "sim-law: $months months, $number checks passed, seed $seed"
