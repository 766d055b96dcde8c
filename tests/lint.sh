#!/bin/sh
# House rules that a pattern can check: banned calls, who prints, floating point, sizes, secrets.
set -eu
bad=0
refuse() { # pattern, why, grep -v pattern of allowed places
    found=$(grep -nE "$1" src/*.c src/*/*.c src/*/*/*.c src/*/*.h src/*/*/*.h include/chitra/*.h 2>/dev/null | grep -vE "${3:-^$}" || true)
    [ -z "$found" ] || { printf '%s\n' "$found" | sed "s|\$|   ($2)|" >&2; bad=1; }
}
refuse '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|strncpy|alloca|asprintf|atoi|atol|atoll|strtod|localtime|gmtime|ctime|mktemp|system|popen|gzread|gzopen)[[:space:]]*\(' 'banned call'
refuse '\b(open|openat|creat|fopen|freopen|tmpfile|read|pread|write|pwrite|mkdir|mkdirat|fsync|fdatasync|rename|renameat|renameat2|unlink|unlinkat|clock_gettime|gettimeofday|time|getrandom|rand|random|srand|pthread_create)[[:space:]]*\(' 'only in src/sys' '^src/sys/|^[^:]*:[0-9]*:[[:space:]]*(\*|/\*)|_(open|rename|time|rand)\('
refuse '\b(float|double|long double)\b' 'no floating point' '^src/stats/stats_xlsx\.c:|^[^:]*:[0-9]*:[[:space:]]*(\*|/\*)|"double"'
refuse '\b(malloc|calloc|realloc|strdup)[[:space:]]*\(' 'memory comes from chitra/mem.h' '^src/base/mem\.c:|^[^:]*:[0-9]*:[[:space:]]*(\*|/\*)'
refuse '\b(v?f?printf|f?puts|f?putc|putchar|perror)[[:space:]]*\([^'"'"']' 'nobody prints below src/cli' '^src/(cli/|main\.c|base/(mem|status)\.c:)'
refuse '\b(_?exit|abort)[[:space:]]*\(' 'only what is at the top, and a defect, ends the process' '^src/(cli/cli\.c|base/(mem|status)\.c):|^[^:]*:[0-9]*:[[:space:]]*(\*|/\*)'
refuse 'goto ' 'one label: out' 'goto out;|^[^:]*:[0-9]*:[[:space:]]*(\*|/\*)'
refuse 'EVP_(Digest)?Verify[A-Za-z]*[[:space:]]*\(' 'verification only in src/sign' '^src/sign/'
refuse 'sqlite3_exec\([^)]*%' 'prepared statements only'
if git rev-parse --git-dir >/dev/null 2>&1; then
    keys=$(git grep -lE 'BEGIN (RSA |EC |ENCRYPTED )?PRIVATE KEY-' -- . ':!tests/lint.sh' || true)
    [ -z "$keys" ] || { echo "private key in the tree: $keys" >&2; bad=1; }
fi
wc -l src/*.c src/*/*.c src/*/*/*.c src/*/*.h src/*/*/*.h 2>/dev/null | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines (600 at most)"; bad = 1 } END { exit bad }' >&2 || bad=1
wc -l include/chitra/*.h | awk '$2 != "total" && $1 > 240 { print $2 ": " $1 " lines (240 at most)"; bad = 1 } END { exit bad }' >&2 || bad=1
# A function is at most 70 lines from its opening brace to its closing one, both in column 1.
for file in src/*.c src/*/*.c src/*/*/*.c; do
    [ -e "$file" ] || continue
    awk -v file="$file" '/^{/ { start = NR } /^}/ && start { if (NR - start > 71) { print file ":" start ": function of " NR - start " lines (70 at most)"; bad = 1 } start = 0 } END { exit bad }' "$file" >&2 || bad=1
done
# What programs read by name or number stands in the manual: kinds of events, codes of holds, lines of the equations.
named() { # page, names on standard input
    while read -r name; do
        grep -qE "^\.(It )?Li (.* )?$name( |\$)" "$1" || { echo "$1 does not name $name"; return 1; }
    done
}
cat src/ledger/*/*.c src/ledger/*.c src/run/*/*.c | grep -E 'kind|_act\(|decided\(|event_of\(|"intake\.' | grep -oE '"[a-z]+\.[a-z]+"' | tr -d '"' |
    grep -vE '\.(c|h)$' | sort -u | named man/chitra-ledger.5 >&2 || bad=1
sed -n 's/^    { "\([a-z-]*\)", .*/\1/p' src/screen/screen.c | named man/chitra-list.1 >&2 || bad=1
sed -n '/define RUN_FIGURE_LIST/,/^$/p' include/chitra/run.h | grep -oE 'X\([a-z_]+\) ?' | tr -d 'X() ' | named man/chitra-ledger.5 >&2 || bad=1
sed -n 's/^    X(\([a-z_]*\), [a-z]*, [A-Z]*, \([0-9]*\)).*/\2 \1/p' include/chitra/facts.h | while read -r benefit; do
    tr '\n' ' ' <man/chitra-ledger.5 | grep -qE "[ ,]$benefit[,.]" || { echo "man/chitra-ledger.5 lacks the number: $benefit"; exit 1; }
done >&2 || bad=1
exit $bad
