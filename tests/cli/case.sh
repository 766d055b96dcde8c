#!/bin/bash
# One case: its cmd with the helpers of lib.sh, stopping at the first thing that goes wrong. Then an audit of each site
# that it leaves must agree with it; where the case says that it changed something by hand, one must not.
set -eu -o pipefail
shopt -s inherit_errexit
trap 'echo "$CASE/cmd:$LINENO: ended with $?" >&3' ERR
SCRATCH=$PWD
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC1091
. "$CASE/cmd"
differ=0
while IFS= read -r -d '' ledger; do
    "$CHITRA" -C "${ledger%/state/ledger.db}" -q audit >"$SCRATCH/.audit" 2>&1 && continue
    differ=$((differ + 1))
    [ -e "$CASE/by-hand" ] ||
        { head -n 5 "$SCRATCH/.audit" >&3; fail "the audit of ${ledger#"$SCRATCH"/} at the end does not agree"; }
done < <(find "$SCRATCH" -path '*/state/ledger.db' -print0)
[ ! -e "$CASE/by-hand" ] || [ "$differ" -gt 0 ] || fail "by-hand says that something was changed, and no audit finds it"
