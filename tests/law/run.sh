#!/bin/sh
# Runs the law's cases (tests/law/*.case) with the program that stands beside chitra.
# usage: run.sh PROGRAM RESULTS
set -eu
here=$(dirname "$0")
mkdir -p "$2"
echo "0 1" >"$2/law.count"    # stays if the program does not come to its end
"$(dirname "$1")/law_cases" "$here/../../formats/law/vn.xml" "$here/../../formats/law/law.xsd" "$2/law.count" "$here"/*.case
