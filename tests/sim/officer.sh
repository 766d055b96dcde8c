# The simulated officer: reacts to what is listed. Asked again after a death, he looks again.
# shellcheck shell=bash disable=SC2153,SC2154     # SITE, BANK, SEED, ROUND, AT, HOLDS, work: the round's, from sim.sh
#
# What he decided is kept in the bank's book, since the judge asks for it: `held` by hand, with what was in
# files by then; `ordered`, what creditors get; `closed`, payments that nobody will get, or (paid) that the bank has made after all.

officer_open() { sql 'CREATE TABLE ordered(order_id TEXT PRIMARY KEY, entitlement_id TEXT, account TEXT, amount INT);
    CREATE TABLE held(id TEXT PRIMARY KEY, round INT, sent TEXT, over INT DEFAULT 0); CREATE TABLE closed(id TEXT PRIMARY KEY, paid INT DEFAULT 0)'; }

# A file rejected whole gets a successor; one that never arrived is sent again, or taken back.
officer_files() {
    local msg_id state path number kind
    while IFS=, read -r msg_id state path; do
        case $state in
            rejected) do_it '0 1 65' regen "$msg_id" ;;
            released | handed_over | unknown)
                IFS='|' read -r number kind < <(sql "SELECT number, kind FROM message WHERE msg_id = '$msg_id' AND
                    kind IN ('lost', 'strays') AND round < $ROUND - 1") || continue
                if [ "$kind" = lost ] && one_in "lost $number" 2; then
                    do_it '0 1' handover "$msg_id"
                    do_it '0 1' resend "$msg_id"
                    bank_receive "$path"
                else
                    echo "$msg_id has not reached us." >"$work/letter"
                    do_it '0 1' void "$msg_id" --reason 'the bank has not got it' --evidence "$work/letter"
                    [ "$kind" = strays ] || one_in "void $number" 2 || do_it '0 1 65' regen "$msg_id"
                fi ;;
        esac
    done < <(list files msg_id state path)
    # Cash lists are not among the files.
    if [ "$POLICY" != auto ] || list files state | grep -qx staged; then
        do_it '0 1' release
    fi
}

# What answers contradict is closed three rounds later, when the bank was asked; until then nothing is tried again,
# whatever runs in between. What it has paid although it said that it failed is closed as money too.
officer_breaks() {
    local id
    list breaks state payment_id | awk -F, '$1 == "open" && $2 != "" { print $2 }' | sort -u >"$work/open"
    while read -r id; do
        if grep -qx "$id" "$work/asked" 2>/dev/null; then
            do_it '0 1' close "$id" --reason 'the bank was asked'
            ! list payments payment_id state | grep -qxE "$id,(rejected|returned)" || paid_after_all "$id"
        fi
    done <"$work/open"
    cp "$work/asking" "$work/asked" 2>/dev/null
    cp "$work/open" "$work/asking"
}

paid_after_all() { # payment
    [ "$(sql "SELECT coalesce(sum(amount), 0) > 0 FROM movement WHERE id = '$1'")" = 1 ] || return 0
    do_it '0 1' close "$1" --reason 'the bank has paid it'
    sql "INSERT INTO closed VALUES('$1', 1); UPDATE held SET over = 1 WHERE id = '$1'"
}

# The payments of an entitlement that are in files, or the new attempts of a payment.
sent() { # id
    list payments entitlement_id parent msg_id payment_id |
        awk -F, -v id="$1" '($1 == id || $2 == id) && $3 != "" { print $4 }' | sort | tr '\n' ' '
}

hold() { # entitlement or payment
    [ -z "$(sql "SELECT 1 FROM held WHERE id = '$1'")" ] || return 0    # once is enough
    do_it '0 1' hold "$1" --reason 'a letter has come'
    sql "INSERT INTO held(id, round, sent) VALUES('$1', $ROUND, '$(sent "$1")')"
}

# Nothing has left in between; what waited is let go.
let_go() { # id
    local now was
    was=$(sql "UPDATE held SET over = 1 WHERE id = '$1' RETURNING sent")
    for now in $(sent "$1"); do
        case " $was" in *" $now "*) ;; *) fail "$now left while $1 was held by hand" ;; esac
    done
    do_it '0 1' unhold "$1" --reason 'it is cleared up'
}

# Every second round somebody is held by hand, for three rounds; nobody once the months are over.
officer_holds() {
    local id
    for id in $(sql "SELECT id FROM held WHERE NOT over AND (round < $ROUND - 2 OR NOT $HOLDS) ORDER BY round, id"); do
        let_go "$id"
    done
    [ $HOLDS = 1 ] && [ $((ROUND % 2)) = 0 ] || return 0
    list entitlements entitlement_id | sort >"$work/entitlements"
    hold "$(sed -n "$(($(hash "hold $ROUND" "$(wc -l <"$work/entitlements")") + 1))p" "$work/entitlements")"
}

# In the second round some pensioners' creditors get orders: a part of each of four months.
officer_orders() {
    local id number=0 account
    [ $ROUND = 2 ] || return 0
    echo "order_id,entitlement_id,kind,amount,creditor_name,creditor_bank,creditor_account,from_month,monthly_limit" >"$SITE/intake/orders.csv"
    for id in $(list payments benefit channel state entitlement_id | sed -n 's/^pension,bank,[^,]*,//p' | sort -u | sed -n '3p;7p;11p;15p'); do
        number=$((number + 1)) account=1480$(hash "$id creditor" 90000000)
        echo "D/$number,$id,deduction,400000,Chi cục Thi hành án,970405,$account,2026-10,100000" >>"$SITE/intake/orders.csv"
        sql "INSERT INTO ordered VALUES('D/$number', '$id', '$account', 400000)"
    done
    approve "$SITE/intake" orders office
}

# A payment that failed: another account, or a new attempt; some are held first, some are closed.
officer_payments() {
    local id entitlement state reason benefit name=corrections-$ROUND
    : >"$work/corrections"
    while IFS=, read -r id entitlement state reason benefit; do
        case $state in rejected | returned | uncollected) ;; *) continue ;; esac
        if [ -n "$entitlement" ] && one_in "close $id" 9 && ! grep -qx "$id" "$work/open"; then
            do_it '0 1' close "$id" --reason 'nobody will come for it'
            sql "INSERT INTO closed(id) VALUES('$id')"
        elif [ $HOLDS = 1 ] && [ -n "$entitlement" ] && one_in "hold $id" 7; then
            hold "$id"
        elif [ -z "$entitlement" ] || [ "$reason" = MS03 ] || [ "$benefit" = deduction ]; then
            do_it '0 1 65' reissue --payment "$id" --reason 'the bank may try again'
        elif [ "$state" != uncollected ]; then
            echo "$entitlement,${AT%T*},bank,970436,10$(hash "$id account" 90000000)" >>"$work/corrections"
        fi
    done < <(list payments payment_id entitlement_id state reason benefit)
    [ -s "$work/corrections" ] || return 0
    { echo entitlement_id,approved_on,channel,bank,account; sort -u -t , -k 1,1 "$work/corrections"; } >"$SITE/intake/$name.csv"
    approve "$SITE/intake" "$name" office
}
