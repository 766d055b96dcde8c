# Helpers for the cases. `fail` ends a case with 99, which no command ends with.
# shellcheck shell=bash

fail() { echo "$*" >&3; exit 99; }

# expect CODE COMMAND...: the command ends with this code.
expect() {
    local code=$1 found=0
    shift
    "$@" || found=$?
    [ "$found" -eq "$code" ] || fail "exit code $found, expected $code: $*"
}

# expect_in CODES COMMAND...: with one of these codes, e.g. "0 1".
expect_in() {
    local codes=$1 found=0
    shift
    "$@" || found=$?
    case " $codes " in *" $found "*) ;; *) tail -n 20 said >&3 2>/dev/null || true; fail "exit code $found, expected one of $codes: $*" ;; esac
}

# same WHAT A B: two texts are equal.
same() { [ "$2" = "$3" ] || fail "$1: $2, expected $3"; }

# has FILE TEXT: a fixed text stands in the file.
has() { grep -qF -- "$2" "$1" || { head -n 20 "$1" >&3; fail "$1 lacks: $2"; }; }
has_not() { ! grep -qF -- "$2" "$1" || fail "$1 should not have: $2"; }

# copy_site SITE NAME: a copy to work on.
copy_site() { cp -R "$1" "$2"; chmod -R u+w "$2"; }

# approve SITE NAME FILE...: lists files of SITE/intake/ in NAME.sha256 and signs the list as the approving
# office. The signature has no signing time, since the case's clock is not the machine's.
approve() {
    local site=$1 name=$2
    shift 2
    (cd "$site/intake" && sha256sum -- "$@" >"$name.sha256")
    sign_list "$site" "$name" office
}

# sign_list SITE NAME KEY: signs intake/NAME.sha256 with keys/KEY.key.
sign_list() {
    openssl cms -sign -binary -noattr -in "$1/intake/$2.sha256" -signer "$1/trust/$3.crt" -inkey "$1/keys/$3.key" \
        -outform DER -out "$1/intake/$2.sha256.p7s"
}

# digests FOLDER...: every folder, file, mode and digest, but for the ledger's two side files.
digests() {
    find "$@" ! -name 'ledger.db-wal' ! -name 'ledger.db-shm' -printf '%y %m %p\n' | LC_ALL=C sort -k 3
    find "$@" -type f ! -name 'ledger.db-wal' ! -name 'ledger.db-shm' -exec sha256sum {} + | LC_ALL=C sort -k 2
}

# published SITE: what left the site, with digests, by paths in the site.
published() { (cd "$1" && find outbox cash -type f -exec sha256sum {} + | LC_ALL=C sort -k 2); }

# published_xml SITE: the same, with digests of the XML in compressed files.
published_xml() {
    (cd "$1" && find outbox cash -type f | LC_ALL=C sort | while read -r file; do
        case $file in
            *.gz) echo "$(gzip -dc "$file" | sha256sum) $file" ;;
            *) sha256sum "$file" ;;
        esac
    done)
}

# bank_files SITE: paths of the released bank files.
bank_files() { find "$1/outbox" -type f \( -name '*.xml' -o -name '*.xml.gz' \) | LC_ALL=C sort; }

# xml FILE: the XML of a bank file.
xml() { case $1 in *.gz) gzip -dc "$1" ;; *) cat "$1" ;; esac; }

# column NAME...: columns of a CSV text without quotes on standard input, by their names, without the header.
column() {
    awk -F, -v names="$*" '
        NR == 1 { n = split(names, name, " "); for (i = 1; i <= NF; i++) at[$i] = i
                  for (i = 1; i <= n; i++) if (!(name[i] in at)) { print "no column " name[i] > "/dev/stderr"; exit 1 }
                  next }
        { line = $(at[name[1]]); for (i = 2; i <= n; i++) line = line "," $(at[name[i]]); print line }'
}

# sum: of the numbers on standard input, one a line; awk prints whole numbers up to 2^53 exactly.
sum() { awk '{ total += $1 } END { printf "%.0f\n", total }'; }

# list SITE KIND...: what the ledger holds, as CSV. $PAID is read in a copy: reading makes files beside the
# ledger, and other cases copy it at this moment.
list() {
    local site=$1
    shift
    if [ "$site" = "$PAID" ]; then
        site=$SCRATCH/paid-to-read
        [ -e "$site" ] || copy_site "$PAID" "$site"
    fi
    "$CHITRA" -C "$site" list "$@" --format csv
}

# run_month SITE PERIOD OPTION...: a month, whether or not something is held or rejected; what it says
# comes into the file `said`.
run_month() {
    local site=$1 period=$2
    shift 2
    expect_in "0 1" "$CHITRA" -C "$site" run --period "$period" "$@" >said 2>&1
}

# second_month SITE: the changes of the month after arrive.
second_month() { mv "$1"/later/2026-11/* "$1/intake/"; }


# grant_header, grant ID CITIZEN AMOUNT [ACCOUNT [UNIT]]: an intake file of relief grants, paid at once.
grant_header() { echo "entitlement_id,benefit,unit,citizen_id,name,commune,channel,bank,account,approved_on,event_from,approved_amount"; }
grant() { echo "$1,relief_grant,${5:-79},$2,Nguyễn Văn Thử,26506,bank,970436,${4:-0011000999001},2026-09-20,2026-09-12,$3"; }

# standing SITE CHANNEL: the ids of pensioners who were paid in the first month by this channel.
standing() {
    list "$1" payments --period 2026-10 | column benefit channel state entitlement_id |
        awk -F, -v channel="$2" '$1 ~ /^pension/ && $2 == channel && $3 == "instructed" { print $4 }'
}

# killed_after SECONDS SITE PERIOD: a run that is killed after so long; its exit code comes into $killed, 137 if
# it did not end before. Waits until the kernel has let go of what the process held.
killed_after() {
    killed=0
    timeout -s KILL "$1" "$CHITRA" -C "$2" run --period "$3" >/dev/null 2>&1 || killed=$?
    [ ! -e "$2/state/lock" ] || flock "$2/state/lock" true
}

# certificate SITE FILE [FROM UNTIL]: a key keys/FILE.key and its certificate trust/FILE.crt, valid between two days
# (YYYYMMDD). The case's clock is not the machine's, and only `openssl ca` takes dates.
certificate() {
    (
        cd "$SCRATCH" && rm -rf ca && mkdir ca && cd ca && : >index && echo 01 >serial
        printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n' >cnf
        openssl req -new -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout key -out csr
        openssl ca -batch -notext -selfsign -config cnf -keyfile key -in csr -out crt \
            -startdate "${3:-20260801}000000Z" -enddate "${4:-20360801}000000Z"
    ) >/dev/null 2>&1
    install -m 600 "$SCRATCH/ca/key" "$1/keys/$2.key"
    cp "$SCRATCH/ca/crt" "$1/trust/$2.crt"
}

# officer SITE FILE NAME ROLES [ATTRIBUTES]: binds trust/FILE.crt in chitra.xml to NAME, with these role elements.
officer() {
    local hex
    hex=$(openssl x509 -in "$1/trust/$2.crt" -outform DER | sha256sum | cut -c 1-64)
    sed -i "0,/^  <unit /s|^  <unit |  <officer name=\"$3\" ${5:-}><certificate fingerprint=\"$hex\"/>$4</officer>\n&|" "$1/chitra.xml"
}
