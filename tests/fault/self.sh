#!/bin/bash
# Tests of the tests: a program that forgets something (FAULT_DROP of shim.c) does not pass, and for that reason.
# usage: self.sh PROGRAM RESULTS
set -u

here=$(cd "$(dirname "$0")" && pwd)
[ $# -eq 2 ] || { echo "usage: self.sh PROGRAM RESULTS" >&2; exit 64; }
program=$1 results=$2
passed=0 failed=0

# What is dropped, the points to try, where it must show, and what.
check() { # name, drop, only, order or points, text
    local work=$results/fault-self/$1 shown
    mkdir -p "$work"
    FAULT_DROP=$2 ONLY=$3 PEOPLE=30 "$here/sweep.sh" "$program" "$work" 1 month >"$work/log" 2>&1
    case $4 in
        nothing) read -r _ shown <"$work/fault.count" ;;
        order) shown=$(grep -c -- "$5" "$work/fault/month/order") ;;
        points) shown=$(cat "$work"/fault/month-*/why 2>/dev/null | grep -c -- "$5") ;;
    esac
    if [ "$4" = nothing ] && [ "$shown" -eq 0 ] || { [ "$4" != nothing ] && [ "$shown" -gt 0 ]; }; then
        passed=$((passed + 1))
        rm -rf "$work"
    else
        failed=$((failed + 1))
        echo "FAILED: without $1 $4 shows: ${5:-a failure}" >&2
        tail -n 20 "$work/log" >&2
    fi
}

rm -rf "$results/fault-self"
signature='(kill|eio) [0-9]+ pwrite:state/staging'
check anything '' "$signature" nothing
check synced-data sync-file none order 'before its data is synced'
check synced-folders sync-folder none order 'the ledger is written before these are synced'
check a-synced-ledger sync-ledger none order 'appears before the ledger is synced'
check temporary-files temporary "$signature" points '^not a whole file'
check removal remove "$signature" points '^left over'
check moving move "$signature" points '^-.*  outbox/'

echo "fault-self: $passed passed, $failed failed"
echo "$passed $failed" >"$results/fault-self.count"
[ "$failed" -eq 0 ]
