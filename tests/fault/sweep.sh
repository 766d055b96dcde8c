#!/bin/bash
# Does a month survive a kill, a full disk and an I/O error at every call that changes something?
# usage: sweep.sh PROGRAM RESULTS [NTH [SCENARIO]...]   (month, later, full, release, receive, overtaken, hold, close, void, regen, reissue; otherwise all)
#
# Over a small demonstration site, with one job, so that the calls come in the same order each time. For each
# point: a copy of the site, the command disturbed there by shim.so (in fault/ beside PROGRAM), what lies in
# the site looked at, then the same command again, undisturbed, and the result compared with that of a site
# where nothing happened. The trace of the undisturbed command goes through order.awk.
#
# NTH 1, the default: each call, killed, failing once, failing from then on, and in another way that takes turns.
# Otherwise of each kind of call (its name, and where the file lies) every NTH only, in one way. ONLY='torn .*outbox'
# in the environment: the points that match; the lines of RESULTS/fault/points say how they look.
# The scratch folder of a point that failed is kept in RESULTS/fault/.
set -u

here=$(cd "$(dirname "$0")" && pwd)

# ---- the scenarios: a site in $work/<scenario>/base, and a command ----

chitra() { # scenario, site: the scenario's command
    local now=2026-09-30T09:00:00+07:00
    case $1 in later | full) now=2026-10-29T09:00:00+07:00 ;; esac
    case $1 in receive | reissue | close) now=2026-10-06T09:00:00+07:00 ;; esac
    case $1 in
        month) set -- "$2" run --period 2026-10 --jobs 1 ;;
        later | full) set -- "$2" run --period 2026-11 --jobs 1 ;;
        release) set -- "$2" release ;;
        receive) set -- "$2" receive ;;
        overtaken) set -- "$2" run --period 2026-10 --jobs 1 ;;
        hold) set -- "$2" hold "$(cat "$work/hold/id")" --reason "a letter came back" ;;
        close) set -- "$2" close "$(cat "$work/close/id")" --reason "nobody is left to be paid" ;;
        void) set -- "$2" void "$(cat "$work/void/msg_id")" --reason "never fetched" ;;
        regen) set -- "$2" regen "$(cat "$work/regen/msg_id")" ;;
        reissue) set -- "$2" reissue --payment "$(cat "$work/reissue/id")" --reason "the bank may try again" ;;
    esac
    CHITRA_NOW=$now "$CHITRA" -C "$@"
}

# The shim is loaded into the program alone.
shimmed() { # site, command...
    local site=$1
    shift
    (export FAULT_ROOT=$site ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99 UBSAN_OPTIONS=exitcode=99 LD_PRELOAD=$SHIM; "$@")
}

demo_make() {
    CHITRA_NOW=2026-09-30T09:00:00+07:00 \
        "$CHITRA" init --demo --people "$PEOPLE" --seed 3 --period 2026-10 "$work/demo" >"$work/demo.log" 2>&1
}

# What an office adds to intake/, by its list and signature.
approve() { # site, name without .csv
    (cd "$1/intake" && sha256sum "$2.csv" >"$2.sha256")
    openssl cms -sign -binary -noattr -in "$1/intake/$2.sha256" -signer "$1/trust/office.crt" -inkey "$1/keys/office.key" \
        -outform DER -out "$1/intake/$2.sha256.p7s"
}

base_make() { # scenario
    local base=$work/$1/base
    mkdir "$work/$1"
    cp -R "$work/demo" "$base"
    case $1 in
        later)
            chitra month "$base" >"$work/$1/first.log" 2>&1
            mv "$base"/later/2026-11/* "$base/intake/" ;;
        full)           # a unit that sends everybody every month, and leaves somebody out
            sed -i '/<unit code="79"/s/code=/intake="full" code=/' "$base/chitra.xml"
            chitra month "$base" >"$work/$1/first.log" 2>&1
            sed '$d' "$work/demo/intake/79-pension.csv" >"$base/intake/79-list.csv"
            approve "$base" 79-list ;;
        hold)           # of a payment in a file that is staged
            sed -i 's/release="auto"/release="manual"/' "$base/chitra.xml"
            chitra month "$base" >"$work/$1/first.log" 2>&1
            "$CHITRA" -C "$base" list payments --format csv | awk -F, '$8 == "bank" && $13 != "" { print $1; exit }' >"$work/$1/id" ;;
        release)
            sed -i 's/release="auto"/release="manual"/' "$base/chitra.xml"
            chitra month "$base" >"$work/$1/first.log" 2>&1 ;;
        receive)
            chitra month "$base" >"$work/$1/first.log" 2>&1
            answers_make "$base" ;;
        reissue | close)    # a payment that the bank refused, and did not say why
            chitra month "$base" >"$work/$1/first.log" 2>&1
            "$CHITRA" -C "$base" list payments --format csv | awk -F, '$8 == "bank" && $13 != "" { print $1, $13; exit }' >"$work/$1/refused"
            pain002 10 "$(cut -d ' ' -f 2 "$work/$1/refused")" ACCP "" "$(cut -d ' ' -f 1 "$work/$1/refused")" RJCT MS03 >"$base/inbox/1.xml"
            chitra receive "$base" >>"$work/$1/first.log" 2>&1
            cut -d ' ' -f 1 "$work/$1/refused" >"$work/$1/id" ;;
        overtaken)      # a death comes in while everything is staged
            sed -i 's/release="auto"/release="manual"/' "$base/chitra.xml"
            chitra month "$base" >"$work/$1/first.log" 2>&1
            {
                echo entitlement_id,kind,from_date
                "$CHITRA" -C "$base" list payments --format csv | awk -F, '$7 == "pension" { print $4 ",deceased,2026-09-28"; exit }'
            } >"$base/intake/stops.csv"
            approve "$base" stops ;;
        void | regen)   # one released file; for regen the bank has refused it
            chitra month "$base" >"$work/$1/first.log" 2>&1
            "$CHITRA" -C "$base" list files --format csv | awk -F, '/xml,/ { print $1; exit }' >"$work/$1/msg_id"
            [ "$1" != regen ] || sqlite3 "$base/state/ledger.db" \
                "UPDATE file SET state = 9 WHERE msg_id = '$(cat "$work/$1/msg_id")'" ;;
    esac
}

# What the second command says where the first one came to its end, or was finished by the second.
done_before() { # scenario
    case $1 in
        void) echo "it is voided already" ;;
        close) echo "it is closed already" ;;
        hold) echo "is held by hand already" ;;
        regen) echo "another generation has taken its place" ;;
        reissue) echo "was tried again already" ;;
        *) echo "nothing of the kind" ;;
    esac
}

# Three answers: one that refuses a payment, one that refuses a file, and a notice with a debit and a return.
answers_make() { # site
    local files first second one two account
    files=$("$CHITRA" -C "$1" list files --format csv | awk -F, 'NR > 1 { print $7 "," $1 "," $10 }' | sort -t , -k 1,1nr -k 2)
    first=$(sed -n 1p <<<"$files" | cut -d, -f2) second=$(sed -n 2p <<<"$files" | cut -d, -f2)
    account=$(gzip -cdf "$1/$(sed -n 1p <<<"$files" | cut -d, -f3)" | grep -oE '<DbtrAcct><Id><Othr><Id>[^<]+' | sed 's/.*>//')
    one=$("$CHITRA" -C "$1" list payments --format csv | awk -F, -v msg="$first" '$13 == msg { print $1, $10 }' | sed -n 1p)
    two=$("$CHITRA" -C "$1" list payments --format csv | awk -F, -v msg="$first" '$13 == msg { print $1, $10 }' | sed -n 2p)
    pain002 10 "$first" ACCP "" "${one% *}" RJCT AC04 >"$1/inbox/1.xml"
    pain002 10 "$second" RJCT "" | gzip -n >"$1/inbox/2.xml.gz"
    camt054 "$account" DBIT "${two% *}" "${two#* }" 2026-10-05 R1 "" CRDT "${two% *}" "${two#* }" 2026-10-06 R2 AC04 >"$1/inbox/3.xml"
}

# shellcheck source=tests/cli/answers.sh
. "$here/../cli/answers.sh"

# ---- what a site holds ----

# Everything that the command may publish, move or take away, by paths; of the journal as many acts as the
# undisturbed command wrote, since where that came to its end the same command is a run that comes after.
files() { # site, acts
    (cd "$1" && { find archive/journal -type f | LC_ALL=C sort | head -n "$2"
                  find outbox cash archive intake inbox -type f ! -path 'archive/journal/*' | LC_ALL=C sort; } |
        xargs -r -d '\n' sha256sum)
}

# Files under their final names, by names: a file may still lie in staging.
whole() {
    (cd "$1" && find outbox cash archive inbox state/staging -type f ! -name '.*.tmp' -exec sha256sum {} +) |
        awk '{ n = split($2, part, "/"); print $1, part[n] }'
}

# What the ledger says, through the program, and then all of it, if no run came after.
records() { # site, number of runs
    local kind runs
    for kind in payments obligations files; do
        "$CHITRA" -C "$1" list $kind --format csv || echo "list $kind: exit code $?"
    done
    runs=$(sqlite3 "$1/state/ledger.db" 'PRAGMA integrity_check; SELECT count(*) FROM run;' 2>&1 | tr '\n' ' ')
    [ "$runs" = "ok $2 " ] || [ "$runs" = "ok $(($2 + 1)) " ] || echo "integrity and runs: $runs"
    [ "$runs" != "ok $2 " ] || sqlite3 "$1/state/ledger.db" .dump >"$1.dump" 2>&1
}

# A released file that no list names, a list's file that is not there or is another.
lists() { # site, all: also files must be named
    local list named=
    for list in "$1"/outbox/*/*.sha256; do
        [ -e "$list" ] || continue
        [ -s "$list.p7s" ] || echo "$list is not signed"
        (cd "$(dirname "$list")" && sha256sum --check --quiet --strict "$(basename "$list")" 2>&1)
        named="$named $(awk '{ n = split($2, part, "/"); print part[n] }' "$list" | tr '\n' ' ')"
    done
    [ "$2" = all ] || return 0
    find "$1/outbox" "$1/cash" -type f ! -name '*.sha256' ! -name '*.sha256.p7s' -printf '%f\n' |
        while read -r list; do
            case "$named " in *" $list "*) ;; *) echo "no list names $list" ;; esac
        done
}

leftovers() { find "$1" -name '.*.tmp'; }

# ---- one scenario: what is expected, and its points ----

expected_make() { # scenario
    local dir=$work/$1
    cp -R "$dir/base" "$dir/expected"
    chitra "$1" "$dir/expected" >"$dir/expected.log" 2>&1
    echo $? >"$dir/expected.code"
    [ "$(cat "$dir/expected.code")" -le 1 ] || { tail "$dir/expected.log" >&2; return 1; }
    sqlite3 "$dir/expected/state/ledger.db" 'SELECT count(*) FROM run' >"$dir/expected.runs"
    records "$dir/expected" "$(cat "$dir/expected.runs")" >"$dir/expected.records"
    find "$dir/expected/archive/journal" -type f | wc -l >"$dir/expected.acts"
    files "$dir/expected" "$(cat "$dir/expected.acts")" >"$dir/expected.files"
    { whole "$dir/base"; whole "$dir/expected"; } | LC_ALL=C sort -u >"$dir/expected.whole"
    { lists "$dir/expected" all; leftovers "$dir/expected"; } >"$dir/expected.wrong"
    [ ! -s "$dir/expected.wrong" ] || { cat "$dir/expected.wrong" >&2; return 1; }
}

trace_make() { # scenario
    local dir=$work/$1 needs="outbox cash archive state/staging"
    case $1 in
        release) needs="outbox cash" ;;
        receive | hold | close) needs="archive" ;;
        void) needs="outbox archive" ;;
        regen | reissue) needs="outbox archive state/staging" ;;
        overtaken) needs="archive state/staging" ;;
    esac
    cp -R "$dir/base" "$dir/traced"
    FAULT_TRACE=$dir/trace shimmed "$dir/traced" chitra "$1" "$dir/traced" >"$dir/traced.log" 2>&1
    [ -s "$dir/trace" ] || { tail "$dir/traced.log" >&2; return 1; }
    awk -v needs="$needs" -f "$here/order.awk" "$dir/trace" >"$dir/order" || {
        echo "FAILED: the order of calls in $1: $dir/trace" >&2
        head -n 10 "$dir/order" >&2
        : >"$work/order-$1.failed"
        return 0
    }
    : >"$work/order-$1.passed"
}

# Lines "scenario way number kind". The kind: the call, where it was made, "." for a temporary file there.
points() { # scenario, nth
    awk -F '\t' -v scenario="$1" -v nth="$2" '
        function place(path,   n, part) {
            n = split(path, part, "/")
            return (path ~ /^state\// ? "state/" part[2] : part[1]) (part[n] ~ /^\./ ? "/." : "")
        }
        function show(way) { print scenario, way, $1, kind }
        function turned(other) { return is_write ? write_way[other % writes + 1] : other_way[other % others + 1] }
        BEGIN {
            writes = split("torn short eio enospc-on eintr enospc eio-on", write_way, " ")
            others = split("eio enospc-on eio-on enospc", other_way, " ")
        }
        {
            kind = ($2 == "failed" ? "failed:" : "") $3 ":" ($2 == "failed" ? "" : place($4) ($5 == "" ? "" : ":" place($5)))
            is_write = $3 ~ /write$/
        }
        FNR == NR { calls[kind]++; next }
        nth > 1 {
            # The middle one of each NTH, or of what there is; every second one is killed.
            some = calls[kind] < nth ? calls[kind] : nth
            if (seen[kind]++ % nth == int(some / 2)) show(sampled++ % 2 ? "kill" : turned(turn[is_write]++))
            next
        }
        {
            if ($2 == "done") show("kill")
            show("eio")
            show("enospc-on")
            way = turned(turn[is_write]++)
            if (way != "eio" && way != "enospc-on") show(way)
        }' "$work/$1/trace" "$work/$1/trace"
}

# ---- one point ----

# Whether the result is that of the undisturbed site.
complete() { # scenario, site
    diff -u --label undisturbed --label found "$work/$1/expected.files" <(files "$2" "$(cat "$work/$1/expected.acts")")
    diff -u --label undisturbed --label found "$work/$1/expected.records" <(records "$2" "$(cat "$work/$1/expected.runs")")
    [ ! -e "$2.dump" ] || diff -u --label undisturbed --label found "$work/$1/expected.dump" "$2.dump"
}

disturbed_check() { # scenario, site, way, exit code
    case $3 in
        kill | torn) [ "$4" -eq 137 ] || echo "exit code $4, not killed" ;;
        short | eintr) [ "$4" -eq "$(cat "$work/$1/expected.code")" ] || echo "exit code $4 after what is no failure" ;;
        *)
            if [ "$4" -le 1 ]; then
                complete "$1" "$2" >"$2.complete" 2>&1
                [ ! -s "$2.complete" ] || { echo "exit code $4, but the result is not complete:"; cat "$2.complete"; }
            elif [ "$4" -lt 64 ] || [ "$4" -gt 78 ] || [ ! -s "$2.first" ]; then
                echo "exit code $4, or no message"
            fi ;;
    esac
    whole "$2" | grep -vxFf "$work/$1/expected.whole" | sed 's/^/not a whole file: /'
    lists "$2" some
}

one() { # scenario, way, number
    local point=$1-$2-$3 code
    local site=$work/$point/site
    mkdir "$work/$point"
    cp -R "$work/$1/base" "$site"
    {
        FAULT_AT=$3 FAULT_HOW=$2 shimmed "$site" chitra "$1" "$site" >"$site.first" 2>&1
        code=$?
        disturbed_check "$1" "$site" "$2" "$code"
        shimmed "$site" chitra "$1" "$site" >"$site.second" 2>&1
        code=$?
        # Answers that were taken before a late kill are known: nothing is left to tell.
        [ $code -eq "$(cat "$work/$1/expected.code")" ] || { [ "$1" = receive ] && [ $code -eq 0 ]; } ||
            { [ $code -eq 65 ] && grep -q "$(done_before "$1")" "$site.second"; } ||
            { echo "exit code $code the second time"; cat "$site.second"; }
        complete "$1" "$site"
        leftovers "$site" | sed 's/^/left over: /'
    } >"$work/$point/why" 2>/dev/null
    if [ -s "$work/$point/why" ]; then
        {
            echo "FAILED: $1: $2 at $(awk -F '\t' -v at="$3" '$1 == at { print "call " $1 ": " $3, $4, $5 }' "$work/$1/trace")"
            head -n 20 "$work/$point/why"
        } >"$work/$point/report"
        cat "$work/$point/report" >&2
        : >"$work/$point.failed"
    else
        : >"$work/$point.passed"
        rm -rf "${work:?}/$point"
    fi
}

if [ "${1:-}" = --one ]; then
    one "$2" "$3" "$4"
    exit 0
fi
[ $# -ge 2 ] || { echo "usage: sweep.sh PROGRAM RESULTS [NTH [SCENARIO]...]" >&2; exit 64; }

mkdir -p "$2"
results=$(cd "$2" && pwd -P)
work=$results/fault
rm -rf "$work"
mkdir "$work"
CHITRA=$(realpath "$1")
SHIM=$(dirname "$CHITRA")/fault/shim.so
PEOPLE=${PEOPLE:-100}
SCENARIOS="${*:4}"
export CHITRA SHIM work LC_ALL=C.UTF-8 NO_COLOR=1 TZ=UTC
unset CHITRA_SITE CHITRA_FORMATS
umask 022
echo "0 1" >"$results/fault.count"

[ -e "$SHIM" ] || { echo "$SHIM is not there; make fault builds it" >&2; exit 1; }
demo_make || { cat "$work/demo.log" >&2; exit 1; }
for scenario in ${SCENARIOS:-month later full release receive overtaken hold close void regen reissue}; do
    base_make "$scenario"
    { expected_make "$scenario" && trace_make "$scenario"; } || { echo "the undisturbed $scenario fails" >&2; exit 1; }
    points "$scenario" "${3:-1}"
done | grep -E "${ONLY:-.}" >"$work/points"
[ "${PIPESTATUS[0]}" -eq 0 ] || exit 1
xargs -r -P "${CASE_JOBS:-2}" -L 1 "$here/sweep.sh" --one <"$work/points"

passed=$(find "$work" -maxdepth 1 -name '*.passed' | wc -l)
failed=$(find "$work" -maxdepth 1 -name '*.failed' | wc -l)
# A point that left no verdict did not run.
failed=$((failed + $(wc -l <"$work/points") + $(find "$work" -maxdepth 1 -name 'order-*' | wc -l) - passed - failed))
echo "fault: $passed passed, $failed failed"
echo "$passed $failed" >"$results/fault.count"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
