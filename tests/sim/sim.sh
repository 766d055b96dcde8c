#!/bin/bash
# Months of a site with a bank that errs, a program that is killed, and an officer who repairs: does the ledger agree with
# the bank's own book at the end, is nobody paid twice, nobody forgotten?
# usage: sim.sh PROGRAM RESULTS SEED MONTHS PEOPLE      KILLS=0 in the environment: nothing is killed
#
# A month has six rounds. In each the transfer takes files to the bank (bank.sh), the bank answers, chitra receives, and
# the officer (officer.sh) reacts to what he sees in `chitra list`. Everything follows from the seed but the keys. Each
# command of chitra is first killed at some call that changes a file (fault/shim.so beside PROGRAM), and then given again.
# Who lets files go follows from the seed too: the run itself, a command, or a second officer with a key of his own.
# At the end the rounds go on until nothing is open, and check.sh compares. What became of every payment is left in
# RESULTS/sim/SEED-KILLS.csv, the scratch folder of a failure beside it.
set -u

HERE=$(cd "$(dirname "$0")" && pwd)
CHITRA=$(realpath "$1") RESULTS=$2 SEED=$3 MONTHS=$4 PEOPLE=$5
KILLS=${KILLS:-1}
SHIM=$(dirname "$CHITRA")/fault/shim.so
work=$(mktemp -d) && work=$(realpath "$work")
POLICIES=(dual auto manual) POLICY=${POLICIES[SEED % 3]}
SITE=$work/site BANK=$work/bank ROUND=0 COMMANDS=0 KILLED=0 HOLDS=1
trap 'rm -rf "$work"' EXIT

fail() {
    local kept=$RESULTS/sim/seed-$SEED
    rm -rf "$kept" && mkdir -p "$RESULTS/sim" && cp -R "$work" "$kept"
    echo "sim: seed $SEED, round $ROUND: $* (see $kept)" >&2
    exit 1
}

# shellcheck source=tests/sim/bank.sh
. "$HERE/bank.sh"
# shellcheck source=tests/sim/officer.sh
. "$HERE/officer.sh"

# ---- chitra, and death ----

chitra() { CHITRA_NOW=$AT "$CHITRA" -C "$SITE" "$@" >>"$work/log" 2>&1; }

# The command dies at some call that changes something, or ends before it.
chitra_dying() { # number, of how many calls, command...
    local at=$(($(hash "at $1" "$2") + 1)) how=kill
    [ $(($1 % 3)) != 0 ] || how=torn
    shift 2
    (export FAULT_ROOT=$SITE FAULT_AT=$at FAULT_HOW=$how ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=$SHIM
        CHITRA_NOW=$AT exec "$CHITRA" -C "$SITE" "$@") >>"$work/log" 2>&1
}

# Who gives a command, where two have to be two: one prepares, the other certifies. Into `claim`.
claim_of() { # command
    claim=()
    [ "$POLICY" = dual ] || return 0
    case $1 in
        run | reissue | regen) claim=(--as 'Người lập (demo)' --key "$SITE/keys/preparer.key") ;;
        release | void | unhold | close) claim=(--as 'Người duyệt chi (demo)' --key "$SITE/keys/certifier.key") ;;
    esac
}

# do_it CODES COMMAND...: killed, perhaps twice, then to its end with one of these exit codes. What was done before the
# death is refused the second time (65), but for `run` and `receive`, which carry on.
do_it() {
    local codes=$1 code=137 calls claim
    shift
    claim_of "$1"
    set -- "$@" "${claim[@]}"
    for calls in 200 30; do
        if [ "$KILLS" = 0 ] || [ $code != 137 ]; then
            continue
        fi
        COMMANDS=$((COMMANDS + 1)) code=0
        echo "# round $ROUND: $* (to be killed)" >>"$work/log"
        chitra_dying $COMMANDS $calls "$@" 2>/dev/null || code=$?
        [ $code = 137 ] || continue
        KILLED=$((KILLED + 1))
        case $1 in run | receive) ;; *) codes="$codes 65" ;; esac
    done
    if [ $code = 137 ]; then
        code=0
        echo "# round $ROUND: $*" >>"$work/log"
        chitra "$@" || code=$?
    fi
    case " $codes " in *" $code "*) ;; *) tail -n 20 "$work/log" >&2; fail "exit code $code of chitra $*" ;; esac
}

# list KIND COLUMN...: rows of a list, comma between.
list() {
    local kind=$1
    shift
    CHITRA_NOW=$AT "$CHITRA" -C "$SITE" list "$kind" --format csv 2>>"$work/log" | awk -F, -v OFS=, -v names="$*" '
        NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i; next }
        { line = $(at[name[1]]); for (i = 2; i <= n; i++) line = line OFS $(at[name[i]]); print line }'
}

approve() { # folder, name, key: NAME.csv is listed and signed
    (cd "$1" && sha256sum "$2.csv" >"$2.sha256" &&
        openssl cms -sign -binary -noattr -in "$2.sha256" -signer "$SITE/trust/$3.crt" -inkey "$SITE/keys/$3.key" \
            -outform DER -out "$2.sha256.p7s") || fail "cannot approve $2"
}

# ---- the post ----

# The post pays nine lines in ten, and says so for the whole list.
post_pays() {
    local list name
    for list in "$SITE"/cash/*/*/*.csv; do
        [ -e "$list" ] || continue
        name=results-$(basename "$list" .csv)
        [ ! -e "$BANK/$name.csv" ] || continue
        awk -F, -v OFS=, -v day="${AT%T*}" -v seed="$SEED" '
            NR == 1 { print "list_id", "payment_id", "state", "on_date"; next }
            { n = 0; for (i = 1; i <= length($3); i++) n = (n * 31 + index("0123456789ABCDEFGHJKMNPQRSTVWXYZ", substr($3, i, 1)) + seed) % 1000003
              print $1, $3, n % 10 ? "collected" : "uncollected", day }' "$list" >"$BANK/$name.csv"
        cp "$BANK/$name.csv" "$SITE/inbox/"
        approve "$SITE/inbox" "$name" post
    done
}

# ---- the rounds ----

period_of() { # month, from 0
    local n=$((2026 * 12 + 9 + $1))
    printf '%04d-%02d' $((n / 12)) $((n % 12 + 1))
}

# The disk fails, and what comes back is the ledger of the month's beginning. Everything stops until recover.
backup() { sqlite3 "$SITE/state/ledger.db" ".backup '$work/backup.db'" || fail 'no backup'; }
restore() {
    rm -f "$SITE"/state/ledger.db*
    cp "$work/backup.db" "$SITE/state/ledger.db"
    chitra run --period "$(period_of 1)" && fail 'a restored ledger was used'
    chitra receive "$BANK/message" && fail 'a restored ledger was used'
    do_it '0 1' recover
}

# What left so far; a run lets nothing go by itself where somebody has to.
left() { cat "$SITE"/outbox/*/*.sha256 2>/dev/null | sort | cksum; }
run_period() { # period
    local before
    before=$(left)
    do_it '0 1' run --period "$1" --jobs 1
    [ "$POLICY" = auto ] || [ "$before" = "$(left)" ] || fail 'a run let go what somebody has to release'
}

month_run() { # month: what was approved since then, and the run
    local period folder
    period=$(period_of "$1")
    folder=$SITE/later/$period
    if [ -d "$folder" ]; then
        mv "$folder"/* "$SITE/intake/" && rmdir "$folder"
    fi
    run_period "$period"
}

round() { # date
    local msg_id
    ROUND=$((ROUND + 1)) AT=${1}T18:00:00+07:00
    bank_take
    while read -r msg_id; do
        one_in "handover $(of "$msg_id" number)" 2 || do_it '0 65' handover "$msg_id"
    done <"$BANK/arrived"
    bank_say
    bank_noise
    [ $((ROUND % 6)) != 4 ] || post_pays
    do_it '0 1 65' receive
    # What was refused stays where it is: somebody has to look at it.
    mkdir -p "$work/refused" && find "$SITE/inbox" -type f -exec mv {} "$work/refused/" \;
    officer_files
    officer_breaks
    officer_orders
    officer_holds
    officer_payments
}

month() { # month
    local period day
    AT=$(period_of $(($1 - 1)))-28T09:00:00+07:00
    [ "$1" != 1 ] || backup
    month_run "$1"
    period=$(period_of "$1")
    for day in 01 03 06 10; do
        round "$period-$day"
    done
    [ "$1" != 1 ] || restore
    AT=$period-14T09:00:00+07:00
    run_period "$period"
    for day in 15 21; do
        round "$period-$day"
    done
}

# Until nothing is due at the bank and nothing hangs here.
settle() {
    local n day period
    period=$(period_of $((MONTHS - 1)))
    HOLDS=0
    for ((n = 0; n < 30; n++)); do
        day=$(date -u -d "$(period_of "$MONTHS")-01 + $n days" +%F)
        AT=${day}T08:00:00+07:00
        run_period "$period"
        round "$day"
        [ -n "$(sql 'SELECT 1 FROM step WHERE NOT done LIMIT 1')" ] ||
            list payments state | grep -qxE 'calculated|instructed|accepted|rejected|returned' || return 0
    done
}

AT=2026-09-28T08:00:00+07:00
CHITRA_NOW=$AT "$CHITRA" -q init --demo --people "$PEOPLE" --seed "$SEED" --period 2026-10 "$SITE" >"$work/log" 2>&1 || fail 'no site'
sed -i "s/release=\"auto\"/release=\"$POLICY\"/" "$SITE/chitra.xml"
bank_open && mkdir "$BANK/said" && officer_open
for ((m = 0; m < MONTHS; m++)); do
    month "$m"
done
settle
do_it 0 audit
"$HERE/check.sh" "$CHITRA" "$SITE" "$BANK/book.db" >"$work/verdict" 2>&1 || { cat "$work/verdict" >&2; fail 'the books differ'; }
mkdir -p "$RESULTS/sim"
{ list payments payment_id state amount parent && list obligations entitlement_id period component seq amount state payment_id; } |
    LC_ALL=C sort >"$RESULTS/sim/$SEED-$KILLS.csv"
echo "sim: seed $SEED, $POLICY: $MONTHS months, $(sql 'SELECT count(*) FROM message') files at the bank, $KILLED of $COMMANDS" \
    "commands killed, $(tail -n 1 "$work/verdict")"
