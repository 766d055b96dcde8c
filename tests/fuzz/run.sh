#!/bin/sh
# Runs every fuzz target for a while, from its seeds in the tree and what earlier runs found.
# usage: run.sh BUILD SECONDS   What breaks a target is kept in BUILD/found/.
set -eu
build=$1 seconds=$2
mkdir -p "$build/found"
for target in "$build"/fuzz/fz_*; do
    [ -x "$target" ] || continue
    name=${target##*/fz_}
    mkdir -p "$build/corpus/$name"
    set -- "$build/corpus/$name"
    for seeds in "tests/fuzz/corpus/$name" "tests/${name}s"; do
        [ ! -d "$seeds" ] || set -- "$@" "$seeds"
    done
    echo "fuzz: $name for $seconds s"
    "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 \
        -artifact_prefix="$build/found/$name-" "$@" 2>"$build/$name.log" || {
        tail -n 40 "$build/$name.log" >&2
        echo "fuzz: $name broke: $build/found/" >&2
        exit 1
    }
    grep number_of_executed_units "$build/$name.log"
done
