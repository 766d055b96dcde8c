#!/bin/sh
# Runs the law's cases (tests/law/*.case) with the program that stands beside chitra, and looks for the case of
# each published example.
# usage: run.sh PROGRAM RESULTS
set -eu
here=$(dirname "$0")
mkdir -p "$2"
echo "0 1" >"$2/law.count"    # stays if the program does not come to its end
missing=0
while read -r id where _; do
    case $id in '' | '#'*) continue ;; esac
    [ "$where" != case ] || grep -qE "^case: (.*[ ,])?$id([ ,:]|\$)" "$here"/*.case ||
        { echo "no case for the example $id" >&2; missing=1; }
done <"$here/examples.txt"
[ $missing -eq 0 ]
"$(dirname "$1")/law_cases" "$here/../../formats/law/vn.xml" "$here/../../formats/law/law.xsd" "$2/law.count" "$here"/*.case
