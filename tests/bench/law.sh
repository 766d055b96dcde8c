#!/bin/bash
# Measures the law alone: entitlements a second on one core, by family, over the intake of a generated site.
# usage: law.sh PROGRAM BENCH PEOPLE
set -eu -o pipefail
program=$(realpath "$1") bench=$(realpath "$2") people=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$root/build/bench
mkdir -p "$place"
rm -rf "$place/law-site"
"$program" -q init --demo --people "$people" --period 2026-10 "$place/law-site"
find "$place/law-site/intake" -name "*.csv" -o -name "*.csv.gz" | LC_ALL=C sort |
    xargs "$bench" "$root/formats/law/vn.xml" "$root/formats/law/law.xsd" 2026-10
