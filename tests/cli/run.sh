#!/bin/bash
# Runs the cases of the command line, two at a time, and the examples of the manual.
# usage: run.sh PROGRAM RESULTS      (CASES='run-* verify-*' in the environment: only these)
#
# A case is a folder tests/cli/<name>/ with
#   cmd           a bash script, run by case.sh in an empty scratch folder of its own; $CHITRA is the
#                 program, $CASE the case's folder, $DEMO a demonstration site before its first month,
#                 $PAID the same after it: copied with cp -R, never changed; lib.sh has the helpers
#   stdout        what is expected on standard output; absent: nothing
#   stderr        the same for standard error; absent: whatever it is
#   stderr.glob   instead of stderr: each line a shell pattern for a line
#   exit          the exit code expected; absent: 0
#   by-hand       what the case changes by hand in a site, which an audit must find at the end; absent: nothing, and
#                 the audit of each site must agree
# The clock stands still (CHITRA_NOW), and so do language and time zone, unless the case moves them.
# The scratch folder of a case that failed is kept in RESULTS/cli/<name>/.
set -u

here=$(cd "$(dirname "$0")" && pwd)
work=

# Compares line by line with patterns.
glob_matches() { # patterns, text
    local pattern line
    while IFS= read -r -u 4 line; do
        IFS= read -r -u 3 pattern || return 1
        # shellcheck disable=SC2053
        [[ $line == $pattern ]] || return 1
    done 3<"$1" 4<"$2"
    [ "$(wc -l <"$1")" -eq "$(wc -l <"$2")" ]
}

# What differs from what the case's folder says; nothing if it is as expected.
differences() { # case, its results
    local case=$1 got=$2 expected=0
    [ ! -e "$case/exit" ] || expected=$(cat "$case/exit")
    [ "$(cat "$got/rc")" = "$expected" ] || echo "exit code $(cat "$got/rc"), expected $expected"
    if [ -e "$case/stdout" ]; then
        diff -u --label stdout --label found "$case/stdout" "$got/out"
    elif [ -s "$got/out" ]; then
        echo "standard output should be empty:"
        head -n 20 "$got/out"
    fi
    if [ -e "$case/stderr" ]; then
        diff -u --label stderr --label found "$case/stderr" "$got/err"
    elif [ -e "$case/stderr.glob" ]; then
        glob_matches "$case/stderr.glob" "$got/err" ||
            diff -u --label stderr.glob --label found "$case/stderr.glob" "$got/err"
    fi
}

# Runs one case, or the examples of one page; leaves a verdict and, of a failed one, the reason.
one() { # name
    local name=$1 got=$work/$1 case=$here/$1 script=$here/case.sh
    case $name in page-*) script=$here/page.sh; case=$work/$name.source ;; esac
    mkdir -p "$got/scratch"
    (cd "$got/scratch" && CASE=$case exec timeout -k 10 "${CASE_SECONDS:-300}" bash "$script") \
        <"/dev/null" >"$got/out" 2>"$got/err" 3>"$got/why"
    echo $? >"$got/rc"
    differences "$case" "$got" >"$got/differences" 2>&1
    if [ -s "$got/differences" ]; then
        {
            echo "FAILED: $name"
            cat "$got/why" "$got/differences"
            grep -q '^--- stderr' "$got/differences" || tail -n 20 "$got/err" | sed 's/^/standard error: /'
        } >"$got/report"
        cat "$got/report" >&2
        : >"$work/$name.failed"
    else
        : >"$work/$name.passed"
        rm -rf "$got"
    fi
}

# The sites that the cases copy: keys take time, so they are made once.
sites_make() {
    export DEMO=$work/demo-site PAID=$work/paid-site
    "$CHITRA" init --demo --people 400 --seed 3 --period 2026-10 "$DEMO" >"$work/demo.log" 2>&1 ||
        { cat "$work/demo.log" >&2; echo "the demonstration site cannot be made" >&2; return 1; }
    cp -R "$DEMO" "$PAID"
    "$CHITRA" -C "$PAID" run --period 2026-10 >"$work/paid.log" 2>&1
    [ $? -le 1 ] || { cat "$work/paid.log" >&2; echo "the first month cannot be run; cases that need it fail" >&2; }
    chmod -R a-w "$DEMO" "$PAID"
}

# The names of what is to be run: the cases, and a page for each file with examples.
names() {
    local cmd page pattern
    set -f
    for cmd in $(set +f; ls "$here"/*/cmd); do
        cmd=$(basename "$(dirname "$cmd")")
        for pattern in ${CASES:-*}; do
            # shellcheck disable=SC2254
            case $cmd in $pattern) echo "$cmd"; break ;; esac
        done
    done
    for page in $(set +f; ls "$ROOT"/man/*.[15] "$ROOT/README.md" 2>/dev/null); do
        for pattern in ${CASES:-*}; do
            # shellcheck disable=SC2254
            case page-$(basename "$page") in
                $pattern)
                    "$here/examples.sh" "$page" >"$work/page-$(basename "$page").source.new"
                    if [ -s "$work/page-$(basename "$page").source.new" ]; then
                        mkdir "$work/page-$(basename "$page").source"
                        mv "$work/page-$(basename "$page").source.new" "$work/page-$(basename "$page").source/examples"
                        echo "page-$(basename "$page")"
                    else
                        rm "$work/page-$(basename "$page").source.new"
                    fi
                    break ;;
            esac
        done
    done
}

if [ "${1:-}" = --one ]; then
    work=$2
    one "$3"
    exit 0
fi
[ $# -eq 2 ] || { echo "usage: run.sh PROGRAM RESULTS" >&2; exit 64; }

mkdir -p "$2"
results=$(cd "$2" && pwd)
work=$results/cli
[ ! -e "$work" ] || { chmod -R u+w "$work"; rm -rf "$work"; }
mkdir -p "$work"
CHITRA=$(realpath "$1")
ROOT=$(cd "$here/../.." && pwd)
export CHITRA ROOT LC_ALL=C.UTF-8 NO_COLOR=1 TZ=UTC CHITRA_NOW=2026-09-30T09:00:00+07:00 work
unset CHITRA_SITE CHITRA_FORMATS
umask 022

sites_make || { echo "0 1" >"$results/cli.count"; exit 1; }
# The long ones first, so that no core waits at the end.
names >"$work/names"
{ grep -E '^killed-' "$work/names"; grep -vE '^killed-' "$work/names"; } |
    xargs -P "${CASE_JOBS:-2}" -I '{}' "$here/run.sh" --one "$work" '{}'
passed=$(find "$work" -maxdepth 1 -name '*.passed' | wc -l)
failed=$(find "$work" -maxdepth 1 -name '*.failed' | wc -l)
echo "cli: $passed passed, $failed failed"
echo "$passed $failed" >"$results/cli.count"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
