#!/bin/sh
# Checks that each room of src/, and its headers in include/chitra/, include only headers of the rooms below.
# A room's own folders see each other's headers as "room/folder/header.h", a folder its own by the bare name.
# usage: layers.sh "room: room room | room: ..."   (from the Makefile)
# "types": pure type headers of any room (bank.h, ledger.h rows) may be seen: two rooms then speak of one thing.
set -eu
owner() {
    case $1 in
        status|diag|mem|money|date|facts|text|xml) echo base ;;
        sys) echo sys ;;
        sign) echo sign ;;
        site|officer) echo site ;;
        intake) echo intake ;;
        law) echo law ;;
        screen) echo screen ;;
        bank|route) echo route ;;
        ledger|ledger_*) echo ledger ;;
        pain001|head001|answer) echo iso20022 ;;
        cash) echo cash ;;
        stats) echo stats ;;
        run|run_*|explain|simulate) echo run ;;
        *) echo "unknown-$1" ;;
    esac
}
bad=0
rules=$(printf '%s' "$1" | tr '|' '\n' | sed 's/^ *//; s/ *$//')
for file in src/*/*.c src/*/*/*.c src/*/*.h src/*/*/*.h include/chitra/*.h; do
    [ -e "$file" ] || continue
    case $file in
        include/*) room=$(owner "$(basename "$file" .h)") ;;
        *) room=$(echo "$file" | cut -d/ -f2) ;;
    esac
    allowed=" $room $(printf '%s\n' "$rules" | sed -n "s/^$room: *//p") "
    for header in $(sed -n 's|^# *include "chitra/\(.*\)\.h".*|\1|p' "$file"); do
        from=$(owner "$header")
        case $allowed in
            *" $from "*) ;;
            *" types "*) case $header in bank) ;; *) echo "$file: includes chitra/$header.h of $from/" >&2; bad=1 ;; esac ;;
            *) echo "$file: includes chitra/$header.h of $from/" >&2; bad=1 ;;
        esac
    done
    for local in $(sed -n 's|^# *include "\([^"]*/[^"]*\)".*|\1|p' "$file" | grep -vE "^(chitra|$room)/" || true); do
        echo "$file: includes $local: another room's inside" >&2; bad=1
    done
done
uses() { # pattern, folders where it is allowed
    found=$(grep -nE "^# *include <$1" src/*/*.c src/*/*/*.c src/*/*.h src/*/*/*.h src/*.c include/chitra/*.h | grep -vE "^src/($2)" || true)
    [ -z "$found" ] || { printf '%s\n' "$found" | sed 's/$/   (not in this room)/' >&2; bad=1; }
}
uses '(sqlite3|libpq-fe)\.h>' 'ledger/'
uses '(openssl|xmlsec)/' 'sign/'
uses 'libxml/' 'base/xml|base/mem|iso20022/|sign/'
uses 'pthread\.h>' 'sys/'
# A newcomer finds the way by the table of README.md, 'Where things are': every header once, every folder of src/.
rows=$(sed -n '/^| room in/,/^$/p' README.md)
for header in include/chitra/*.h; do
    name=$(basename "$header" .h)
    [ "$(printf '%s\n' "$rows" | cut -d'|' -f4 | grep -o "\`$name\`" | wc -l)" -eq 1 ] ||
        { echo "README.md: the table of rooms does not name $header once" >&2; bad=1; }
done
for folder in src/*/ src/*/*/; do
    printf '%s\n' "$rows" | grep -qF "| \`${folder#src/}\` |" || { echo "README.md: the table of rooms lacks $folder" >&2; bad=1; }
done
exit $bad
