#!/bin/bash
# A release that was cut off is finished as it was begun: with the files that were signed, and tells of all of them.
# usage: cut_off.sh PROGRAM RESULTS
set -u

[ $# -eq 2 ] || { echo "usage: cut_off.sh PROGRAM RESULTS" >&2; exit 64; }
mkdir -p "$2"
results=$(cd "$2" && pwd -P)
chitra=$(realpath "$1")
shim=$(dirname "$chitra")/fault/shim.so
work=$results/cut-off
rm -rf "$work"
mkdir "$work"
export LC_ALL=C.UTF-8 NO_COLOR=1 TZ=UTC CHITRA_NOW=2026-09-30T09:00:00+07:00 ASAN_OPTIONS=verify_asan_link_order=0
unset CHITRA_SITE CHITRA_FORMATS
passed=0 failed=0

check() { # what, command...
    local what=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $what" >&2; fi
}

# Killed before the second file that moves.
cut_off() { # site
    local trace=$1.trace at
    cp -R "$1" "$1.traced"
    LD_PRELOAD=$shim FAULT_ROOT=$1.traced FAULT_TRACE=$trace "$chitra" -C "$1.traced" release >"$1.whole" 2>&1
    at=$(awk -F '\t' '$3 == "rename" && $5 ~ /^outbox/ && ++n == 2 { print $1 }' "$trace")
    LD_PRELOAD=$shim FAULT_ROOT=$1 FAULT_AT=$at FAULT_HOW=kill "$chitra" -C "$1" release >"$1.cut" 2>&1
} 2>/dev/null   # the shell would say that something was killed

exit_code() { # code, command...
    local expected=$1
    shift
    "$@" >"$work/said" 2>&1
    [ $? -eq "$expected" ]
}

site=$work/site
"$chitra" init --demo --people 30 --seed 3 --period 2026-10 "$site" >"$work/made" 2>&1
sed -i 's/release="auto"/release="manual"/' "$site/chitra.xml"
"$chitra" -C "$site" run --period 2026-10 >"$work/run" 2>&1
cut_off "$site"
moved() { find "$site/outbox" "$site/cash" -type f | wc -l; }
changed=$(find "$site/state/staging" -type f -name '*.csv' | head -n 1)

check "one file has moved" [ "$(moved)" -eq 1 ]
cp "$changed" "$work/signed"
echo changed >>"$changed"
check "a staged file that was changed since stops the release" exit_code 77 "$chitra" -C "$site" release
check "and nothing more leaves" [ "$(moved)" -eq 1 ]
cp "$work/signed" "$changed"
check "with the signed file it is finished" exit_code 0 "$chitra" -C "$site" release
check "and says what a release without a crash says" cmp -s "$work/said" "$site.whole"

echo "cut-off: $passed passed, $failed failed"
echo "$passed $failed" >"$results/cut-off.count"
[ "$failed" -eq 0 ]
