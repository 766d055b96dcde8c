#!/bin/sh
# Adds up what the kinds of tests left in RESULTS/*.count, and prints the closing line.
set -eu
passed=0 failed=0
for count in "$1"/*.count; do
    read -r p f <"$count"
    passed=$((passed + p)) failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
