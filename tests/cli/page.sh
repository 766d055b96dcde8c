#!/bin/bash
# The examples of one page, in order, in a site that has paid its first month (2026-10). Each must end with
# 0, or with 1 where something is held or rejected.
set -u
cp -R "$PAID" site && chmod -R u+w site && cd site || exit 99
mkdir ../bin && ln -s "$CHITRA" ../bin/chitra
# The page's clock is not the machine's, so signatures get no signing time.
printf '#!/bin/sh\ncase "$1 $2" in "cms -sign") set -- "$@" -noattr ;; esac\nexec %s "$@"\n' "$(command -v openssl)" >../bin/openssl
chmod +x ../bin/openssl
PATH=$(cd ../bin && pwd):$PATH
export CHITRA_FORMATS=$ROOT/formats
exec >/dev/null 2>&3
command=
while IFS= read -r line; do
    command=$command$line
    case $line in *[\\\|]) command=$command$'\n'; continue ;; esac
    bash -c "$command"
    rc=$?
    [ $rc -le 1 ] || { echo "exit code $rc: $command" >&3; exit 99; }
    command=
done <"$CASE/examples"
