#!/bin/sh
# Runs unit test programs (cmocka); each one's whole output is shown when it fails.
# usage: run.sh RESULTS PROGRAM...
set -u
results=$1; shift
mkdir -p "$results"
passed=0 failed=0
for program in "$@"; do
    name=$(basename "$program")
    if "$program" >"$results/$name.log" 2>&1; then
        count=$(sed -n 's/^\[  PASSED  \] \([0-9]*\) test(s).*/\1/p' "$results/$name.log" | tail -n 1)
        passed=$((passed + ${count:-0}))
        [ -n "${count:-}" ] || { echo "$name: ran no test" >&2; failed=$((failed + 1)); }
    else
        cat "$results/$name.log" >&2
        echo "FAILED: $name" >&2
        failed=$((failed + 1))
    fi
done
echo "unit: $passed passed, $failed failed"
echo "$passed $failed" >"$results/unit.count"
[ "$failed" -eq 0 ]
