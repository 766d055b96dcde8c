#!/bin/bash
# Measures two months of a generated site in CPU time (user + system of the process, all its threads).
# usage: run.sh PROGRAM PEOPLE
#
# The first month takes in everybody; the second has changes only, and is the one that comes again each
# month. Beside each stands the floor: the CPU time just to read, hash and copy the bytes that the month
# read and wrote. CPU time and the factors are what can be compared between machines; nothing is asserted.
set -eu -o pipefail
program=$(realpath "$1") people=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
place=$root/build/bench
site=$place/site
export LC_ALL=C CHITRA_NOW=2026-09-30T09:00:00+07:00

# cpu COMMAND...: runs it; CPU microseconds of it and its children come into $spent, its code into $code.
cpu() {
    code=0
    times >"$place/times"       # not through a pipe: a subshell has times of its own
    "$@" || code=$?
    times >>"$place/times"
    spent=$(sed -n '2p; 4p' "$place/times" | tr 'ms\n' '   ' |
        awk '{ printf "%.0f", (($5 * 60 + $6 + $7 * 60 + $8) - ($1 * 60 + $2 + $3 * 60 + $4)) * 1000000 }')
}

# The month's own bytes: intake as it waits, and what is published afterwards.
floor_of() { # list of files
    cpu xargs -a "$1" -d '\n' sha256sum >/dev/null
    hash=$spent
    mkdir -p "$place/copy"
    cpu xargs -a "$1" -d '\n' cp --backup=numbered -t "$place/copy"
    rm -rf "$place/copy"
    floor=$((hash + spent))
}

month() { # period, clock
    local period=$1 payments
    find "$site/intake" -type f -exec cat {} + | wc -c >"$place/bytes-in"
    find "$site/outbox" "$site/cash" -type f | sort >"$place/before"
    find "$site/intake" -type f >"$place/files"
    floor_of "$place/files"
    local floor_in=$floor
    CHITRA_NOW=$2 cpu "$program" -v -C "$site" run --period "$period" >"$place/said" 2>"$place/stages"
    local used=$spent
    [ $code -le 1 ] || { cat "$place/stages" >&2; exit "$code"; }
    find "$site/outbox" "$site/cash" -type f | sort | comm -13 "$place/before" - >"$place/files"
    floor_of "$place/files"
    payments=$(awk '/^ *(transfers|cash|funding) / { n += $2 } END { print n }' "$place/said")
    echo
    echo "$period: $payments payments, $(cat "$place/bytes-in") bytes in, $(xargs -a "$place/files" -d '\n' cat | wc -c) bytes out"
    awk -v used="$used" -v payments="$payments" -v floor=$((floor_in + floor)) 'BEGIN {
        printf "  CPU time              %9.2f s   %.0f payments a CPU second\n", used / 1e6, payments * 1e6 / used
        printf "  floor                 %9.2f s   read, hash and copy the same bytes; the month takes %.1f times that\n",
            floor / 1e6, (floor > 0 ? used / floor : 0) }'
    awk -v used="$used" '
        $1 == "stage" { printf "  stage %-12s    %9.2f s   %5.1f %%\n", $2, $3, $3 * 1e8 / used; told += $3 }
        $1 == "memory" { memory = $2 }
        END { printf "  start and end         %9.2f s   %5.1f %%\n", used / 1e6 - told, 100 - told * 1e8 / used
              printf "  peak memory           %9.1f MiB\n", memory / 1024 }' "$place/stages"
}

rm -rf "$place"
mkdir -p "$place"
cpu "$program" -q init --demo --people "$people" --period 2026-10 "$site"
[ $code -eq 0 ] || exit $code
echo "a site of $people people, generated in $(awk -v us="$spent" 'BEGIN { printf "%.2f", us / 1e6 }') CPU seconds; $(nproc) processors"
month 2026-10 2026-09-30T09:00:00+07:00
mv "$site"/later/2026-11/* "$site/intake/"
month 2026-11 2026-10-29T09:00:00+07:00
echo
echo "the ledger: $(stat -c %s "$site/state/ledger.db") bytes; the site stays in $place"
