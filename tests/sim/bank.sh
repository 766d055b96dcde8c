# The simulated bank: what it takes from outbox/, what it does with it, what it says, and its own book.
# shellcheck shell=bash disable=SC2153,SC2154     # SITE, BANK, SEED, ROUND, AT: the round's, from sim.sh
#
# The book is $BANK/book.db. It is the truth of the simulation: `movement` holds every dong that left an account of
# the agency (positive) or came back to it (negative). What the bank says is another matter: it says it late, twice,
# in the wrong order, and sometimes wrongly.
#
# Each file has a kind, which says what the bank does with it, and each step of that is due in a round:
#   plain         a receipt, then each payment booked alone                          camt.054.001.08
#   batch         accepted, then booked as one sum                                   camt.054.001.04
#   listed        received, accepted, booked as one sum with all its payments        camt.053.001.08
#   partly        some payments rejected, the others booked                          pain.002.001.10, camt.054.001.02
#   whole         as partly, but booked as one sum, and what was rejected is given back
#   thoughts      accepted, and then some of it rejected all the same
#   rejected      rejected whole, by the group's status                              pain.002.001.03
#   information   rejected whole, by the status of its PmtInf alone                  pain.002.001.11
#   early         booked; that it was accepted is said later                         camt.054.001.12
#   twice         everything is said twice, as the same bytes and in other words
#   wavers        some payments rejected, and then all booked, the rejected ones too: these stay paid
#   contradicts   booked; then some of it is said to be rejected, which is not true
#   lost          never arrived; nothing is said
#   strays        the same of a file with new attempts, which the officer takes back
#   returns       booked; some payments come back rounds later                       camt.054.001.08
#   fee           as returns, but less comes back than was paid
#   pending       pending, then a code that nobody knows, then accepted and booked   pain.002.001.14
#   double        booked; one payment is debited a second time, and given back later

KINDS=(partly plain returns rejected batch lost twice information whole listed early contradicts thoughts fee pending double wavers)

SAID=0      # messages so far

sql() { sqlite3 -batch -bail "$BANK/book.db" "$@"; }
csv() { sqlite3 -batch -bail -csv "$BANK/book.db" "$@" | tr -d '\r'; }
of() { sql "SELECT $2 FROM message WHERE msg_id = '$1'"; }

bank_open() {
    mkdir -p "$BANK" && : >"$BANK/message"      # the last one, of which noise is made
    sql "CREATE TABLE message(msg_id TEXT PRIMARY KEY, number INT, bank TEXT, account TEXT, kind TEXT, round INT);
         CREATE TABLE instruction(msg_id TEXT, id TEXT, amount INT, account TEXT, fate TEXT, reason TEXT,
                                  PRIMARY KEY(msg_id, id));
         CREATE TABLE movement(number INTEGER PRIMARY KEY, msg_id TEXT, id TEXT, amount INT, round INT, why TEXT);
         CREATE TABLE step(number INTEGER PRIMARY KEY, due INT, msg_id TEXT, what TEXT, done INT DEFAULT 0);
         CREATE TABLE said(number INTEGER PRIMARY KEY, round INT, msg_id TEXT, what TEXT, name TEXT);"
}

# hash TEXT MODULUS: the same for the same seed; and whether something happens, once in N.
hash() { echo $(($(printf '%s %s' "$SEED" "$1" | cksum | cut -d ' ' -f 1) % $2)); }
one_in() { [ "$(hash "$1" "$2")" = 0 ]; }

# The steps of a kind: rounds from now, and what.
bank_plan() { # kind
    case $1 in
        plain) echo "0 receipt 1 single" ;;
        batch) echo "0 accepted 1 batch" ;;
        listed) echo "0 received 1 accepted 1 listed" ;;
        partly) echo "0 partly 1 rest" ;;
        whole) echo "0 partly 1 batch 2 back" ;;
        thoughts) echo "0 accepted 1 partly 2 rest" ;;
        rejected) echo "0 rejected" ;;
        information) echo "0 information" ;;
        early) echo "0 early 2 accepted" ;;
        twice) echo "0 accepted 0 repeat 1 single 1 repeat 2 statement" ;;
        wavers) echo "0 partly 0 single" ;;
        contradicts) echo "0 accepted 1 single 2 contradiction" ;;
        lost | strays) echo "" ;;
        returns | fee) echo "0 accepted 1 single 4 return 7 return" ;;
        pending) echo "0 pending 1 strange 2 accepted 2 single" ;;
        double) echo "0 accepted 1 single 2 double 4 giveback" ;;
    esac
}

# What becomes of the payments of a file: one in five of some kinds fails, for a reason. The bank does not waver about the
# post's money: no officer can close funding as paid.
bank_fates() { # kind
    local fate=pay
    case $1 in partly | whole | thoughts) fate=reject ;; returns | fee) fate='return' ;; wavers) fate=waver ;; esac
    awk -F, -v OFS=, -v fate="$fate" -v seed="$SEED" -v post=" $(sed -n 's/.*<post .* account="\([^"]*\)".*/\1/p' "$SITE/chitra.xml" | tr '\n' ' ')" '
        BEGIN { srand(seed); split("AC01 AC04 BE01 MS03 AC06", reason, " ") }
        {
            n = 0                       # by the id alone, not by the place in the file
            for (i = 1; i <= length($1); i++) n = (n * 31 + index("0123456789ABCDEFGHJKMNPQRSTVWXYZ", substr($1, i, 1)) + seed) % 1000003
            fails = fate != "pay" && n % 5 == 0 && !(fate == "waver" && index(post, " " $3 " "))
            print $1, $2, $3, fails ? fate : "pay", fails ? reason[int(n / 5) % 5 + 1] : ""
        }'
}

attempts() { list payments parent payment_id | sed -n 's/^[^,]\+,//p'; }

# A file that the transfer brought. One that the bank has is a duplicate, whatever it says.
bank_receive() { # path in the site
    local msg_id=${1##*/} kind bank account count plan i
    msg_id=${msg_id%%.xml*}
    case $1 in *.gz) gzip -dc "$SITE/$1" ;; *) cat "$SITE/$1" ;; esac | awk -f "$HERE/take.awk" >"$BANK/taken.csv"
    account=$(cut -d , -f 4 "$BANK/taken.csv" | head -n 1)
    bank=$(cut -d , -f 5 "$BANK/taken.csv" | head -n 1)
    if [ -n "$(sql "SELECT 1 FROM message WHERE msg_id = '$msg_id' AND kind <> 'lost'")" ]; then
        bank_step "$msg_id" duplicate
        return
    fi
    count=$(sql 'SELECT count(*) FROM message')
    kind=${KINDS[(count + SEED) % ${#KINDS[@]}]}
    if one_in "stray $count" 2 && cut -d , -f 1 "$BANK/taken.csv" | grep -qxFf <(attempts); then
        kind=strays
    fi
    # What was lost on the way arrives at the second attempt, and is then paid like any other.
    [ -z "$(sql "DELETE FROM message WHERE msg_id = '$msg_id' RETURNING 1")" ] || kind=plain
    sql "INSERT INTO message VALUES('$msg_id', $count, '$bank', '$account', '$kind', $ROUND)"
    case $kind in lost | strays) return ;; esac
    echo "$msg_id" >>"$BANK/arrived"
    bank_fates "$kind" <"$BANK/taken.csv" | sed "s/^/$msg_id,/" >"$BANK/fates.csv"
    sql ".mode csv" ".import $BANK/fates.csv instruction"
    read -r -a plan <<<"$(bank_plan "$kind")"
    for ((i = 0; i < ${#plan[@]}; i += 2)); do
        sql "INSERT INTO step(due, msg_id, what) VALUES($((ROUND + plan[i])), '$msg_id', '${plan[i + 1]}')"
    done
}

# The transfer takes what a signed list names, once; $BANK/arrived has the MsgIds of what the bank got.
bank_take() {
    local list folder path
    : >"$BANK/arrived"
    for list in "$SITE"/outbox/*/*.sha256; do
        [ -e "$list" ] || continue
        folder=$(dirname "$list")
        (cd "$folder" && sha256sum --quiet -c "${list##*/}") || fail "a list names what is not there: $list"
        while read -r _ path; do
            case $path in *.xml | *.xml.gz) ;; *) continue ;; esac
            path=${folder#"$SITE"/}/$path
            grep -qxF "$path" "$BANK/transferred" 2>/dev/null || { echo "$path" >>"$BANK/transferred"; bank_receive "$path"; }
        done <"$list"
    done
}

# The message in $BANK/message goes into inbox/, as it stands or compressed.
bank_send() { # msg_id, what
    local name
    name=$(printf 'B%05d-%s.xml' "$SAID" "$2")
    cp "$BANK/message" "$BANK/said/$name"
    sql "INSERT INTO said VALUES($SAID, $ROUND, '$1', '$2', '$name')"
    if one_in "$name" 3; then
        gzip -nc "$BANK/message" >"$SITE/inbox/$name.gz"
    else
        cp "$BANK/message" "$SITE/inbox/$name"
    fi
}

# Statuses for the payments in $BANK/lines.
say_status() { # msg_id, what, more settings of pain002.awk
    local msg_id=$1 what=$2
    shift 2
    SAID=$((SAID + 1))
    awk -F, -v id="BANK-$SAID" -v at="$AT" -v original="$msg_id" -v bank="$(of "$msg_id" bank)" "$@" \
        -f "$HERE/pain002.awk" "$BANK/lines" >"$BANK/message"
    bank_send "$msg_id" "$what"
}

# A status for the whole file.
say_group() { # msg_id, what, more settings of pain002.awk
    : >"$BANK/lines"
    say_status "$@"
}

# Bookings in $BANK/lines.
say_booked() { # msg_id, what, message, as
    SAID=$((SAID + 1))
    awk -F, -v message="$3" -v id="BANK-$SAID" -v at="$AT" -v account="$(of "$1" account)" \
        -v bank="$(of "$1" bank)" -v as="$4" -v original="$1" -f "$HERE/camt.awk" "$BANK/lines" >"$BANK/message"
    bank_send "$1" "$2"
}

# Money moves, into $BANK/lines; the reference of a movement is the bank's own.
book() { # msg_id, which instructions (SQL), why, amount (SQL)
    csv "INSERT INTO movement(msg_id, id, amount, round, why)
        SELECT msg_id, id, $4, $ROUND, '$3' FROM instruction WHERE msg_id = '$1' AND ($2) ORDER BY id;
        SELECT id, abs(movement.amount), 'R' || number, CASE WHEN movement.amount < 0 THEN coalesce(nullif(reason, ''), 'AM05') END
        FROM movement JOIN instruction USING (msg_id, id)
        WHERE msg_id = '$1' AND round = $ROUND AND why = '$3' ORDER BY number" >"$BANK/lines"
}

bank_step() { # msg_id, what
    local first="id = (SELECT min(id) FROM instruction WHERE msg_id = '$1')"
    case $2 in
        receipt) say_group "$1" "$2" -v group=ACTC ;;
        received) say_group "$1" "$2" -v group=RCVD -v version=03 ;;
        accepted) say_group "$1" "$2" -v group=ACSP ;;
        pending) say_group "$1" "$2" -v group=PDNG -v version=14 ;;
        strange) say_group "$1" "$2" -v group=XQZW -v version=14 ;;
        rejected) say_group "$1" "$2" -v group=RJCT -v group_reason=AM10 -v version=03 ;;
        information) say_group "$1" "$2" -v information=RJCT -v information_reason=DT01 -v version=11 ;;
        duplicate) say_group "$1" "$2" -v group=RJCT -v group_reason=DU01 ;;
        partly)
            csv "SELECT id, CASE WHEN fate IN ('reject', 'waver') THEN 'RJCT' ELSE 'ACSP' END, reason, amount
                FROM instruction WHERE msg_id = '$1'" >"$BANK/lines"
            say_status "$1" "$2" -v group=PART -v information=PART ;;
        contradiction)
            csv "SELECT id, 'RJCT', 'AC04', amount FROM instruction WHERE msg_id = '$1' ORDER BY id LIMIT 2" >"$BANK/lines"
            say_status "$1" "$2" -v group=PART -v information=PART ;;
        single) book "$1" 1 pay amount && say_booked "$1" "$2" camt.054.001.08 single ;;
        early) book "$1" 1 pay amount && say_booked "$1" "$2" camt.054.001.12 single ;;
        batch) book "$1" 1 pay amount && say_booked "$1" "$2" camt.054.001.04 batch ;;
        listed) book "$1" 1 pay amount && say_booked "$1" "$2" camt.053.001.08 listed ;;
        rest) book "$1" "fate = 'pay'" pay amount && say_booked "$1" "$2" camt.054.001.02 single ;;
        statement)
            csv "SELECT id, amount, 'R' || number FROM movement WHERE msg_id = '$1'" >"$BANK/lines"
            say_booked "$1" "$2" camt.053.001.04 single ;;
        double) book "$1" "$first" again amount && say_booked "$1" "$2" camt.054.001.08 single ;;
        giveback) book "$1" "$first" giveback -amount && say_booked "$1" "$2" camt.054.001.08 single ;;
        back) book "$1" "fate = 'reject'" back -amount && say_booked "$1" "$2" camt.054.001.08 single ;;
        return)     # half of them now, half of them three rounds later
            book "$1" "fate = 'return' AND (unicode(substr(id, -1)) + $ROUND) % 2 = 0" return \
                "$([ "$(of "$1" kind)" = fee ] && echo '1000 - amount' || echo -amount)"
            [ ! -s "$BANK/lines" ] || say_booked "$1" "$2" camt.054.001.08 single ;;
        repeat)
            cp "$BANK/said/$(sql "SELECT name FROM said WHERE msg_id = '$1' ORDER BY number DESC LIMIT 1")" "$BANK/message"
            SAID=$((SAID + 1))
            bank_send "$1" "$2" ;;
    esac
}

# What else comes in: other people's money, other banks' claims, broken and unknown messages. Nothing may move by it.
bank_noise() {
    local msg_id other
    msg_id=$(sql 'SELECT msg_id FROM message ORDER BY msg_id LIMIT 1')
    other=$(sql "SELECT bank FROM message WHERE bank <> '$(of "$msg_id" bank)' ORDER BY bank LIMIT 1")
    echo 'NOTPROVIDED,1000000,R0,' >"$BANK/noise.csv"
    case $(hash "noise $ROUND" 5) in
        0) awk -F, -v message=camt.054.001.08 -v id="NOISE-$ROUND" -v at="$AT" -v account=99999 -v bank=NOTOURVX \
            -v as=single -f "$HERE/camt.awk" "$BANK/noise.csv" ;;
        1) head -c 300 "$BANK/message" ;;
        2) awk -v id="NOISE-$ROUND" -v at="$AT" -v original="$msg_id" -v bank="$other" -v group=RJCT -v group_reason=AM10 \
            -f "$HERE/pain002.awk" /dev/null ;;
        3) sed 's/pain.002.001/pain.002.009/; s/camt.05/camt.08/' "$BANK/message" ;;
        4) echo '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>' ;;
    esac >"$SITE/inbox/A-noise-$ROUND.xml"
}

# Everything that is due in this round.
bank_say() {
    local number msg_id what
    sql -separator ' ' "SELECT number, msg_id, what FROM step WHERE due <= $ROUND AND NOT done ORDER BY number" >"$BANK/due"
    while read -r number msg_id what; do
        bank_step "$msg_id" "$what"
        sql "UPDATE step SET done = 1 WHERE number = $number"
    done <"$BANK/due"
}
