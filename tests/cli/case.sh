#!/bin/bash
# One case: its cmd with the helpers of lib.sh, stopping at the first thing that goes wrong.
set -eu -o pipefail
shopt -s inherit_errexit
trap 'echo "$CASE/cmd:$LINENO: ended with $?" >&3' ERR
SCRATCH=$PWD
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC1091
. "$CASE/cmd"
