#!/bin/bash
# Simulations: a short one, or N long ones, each also without a kill, which must come to the same.
# usage: run.sh PROGRAM RESULTS [N]
set -u
here=$(dirname "$0") program=$1 results=$2 passed=0 failed=0

tally() { if [ "$1" = 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi; }

rm -rf "$results/sim"
if [ $# -lt 3 ]; then
    "$here/sim.sh" "$program" "$results" 1 2 110
    tally $?
else
    for ((seed = 1; seed <= $3; seed++)); do
        "$here/sim.sh" "$program" "$results" $seed 6 150
        tally $?
        KILLS=0 "$here/sim.sh" "$program" "$results" $seed 6 150
        tally $?
        cmp "$results/sim/$seed-0.csv" "$results/sim/$seed-1.csv"
        tally $?
    done
fi
mkdir -p "$results" && echo "$passed $failed" >"$results/sim.count"
echo "sim: $passed passed, $failed failed"
[ $failed = 0 ]
