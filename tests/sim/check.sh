#!/bin/bash
# Does the ledger, by what `chitra list` says, agree with the bank's own book for every payment?
# usage: check.sh PROGRAM SITE BOOK       Each difference is a line; the last line sums up. Exit code 1: they differ.
set -eu
program=$1 site=$2 book=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for kind in payments obligations entitlements files breaks; do
    "$program" -C "$site" list $kind --format csv >"$work/$kind.csv"
done

# The people who were approved and what was stopped, from the lists themselves: a pension is due every month from its first
# one on, until a stop; after a death from the next month, otherwise from the month that begins then.
find "$site/archive" -type f | while read -r file; do
    case $(head -c 2 "$file" | od -An -tx1 | tr -d ' ') in 1f8b) gzip -dc "$file" ;; *) cat "$file" ;; esac | awk -F, -v OFS=, '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; if (!at["entitlement_id"] || !at["benefit"] && !at["kind"]) exit; next }
        at["kind"] && $(at["kind"]) == "deceased" { print "stop", $(at["entitlement_id"]), substr($(at["from_date"]), 1, 7) "-32" }
        at["kind"] && $(at["kind"]) ~ /suspended|ended/ { print "stop", $(at["entitlement_id"]), $(at["from_date"]) }
        at["benefit"] && $(at["benefit"]) == "pension" { print "pension", $(at["entitlement_id"]), substr($(at["pension_from"]), 1, 7) }' 2>/dev/null
done | LC_ALL=C sort -u >"$work/approved"
for kind in pension stop; do
    sed -n "s/^$kind,//p" "$work/approved" >"$work/${kind}s.csv"
done

cat >"$work/check.sql" <<'SQL'
.bail on
ATTACH 'BOOK' AS bank;
.mode csv
.import WORK/payments.csv payment
.import WORK/obligations.csv obligation
.import WORK/files.csv file
.import WORK/breaks.csv break
CREATE TABLE pension(entitlement_id TEXT, since TEXT);
.import WORK/pensions.csv pension
CREATE TABLE stop(entitlement_id TEXT, since TEXT);
.import WORK/stops.csv stop
CREATE TABLE month AS SELECT DISTINCT period FROM payment WHERE benefit = 'pension';

CREATE TABLE money AS
    SELECT id, sum(amount) AS net, count(CASE WHEN amount > 0 THEN 1 END) AS debits FROM bank.movement GROUP BY id;
CREATE TABLE root AS
    WITH RECURSIVE chain(id, first) AS (
        SELECT payment_id, payment_id FROM payment WHERE parent = ''
        UNION ALL SELECT payment.payment_id, chain.first FROM payment JOIN chain ON payment.parent = chain.id)
    SELECT id, first FROM chain;
-- What a payment and its later attempts settle.
CREATE TABLE owed AS SELECT first, sum(amount) AS owed FROM obligation JOIN root ON root.id = obligation.payment_id GROUP BY first;

-- How an account of ours stood over a payment's attempts, at its highest: without the bank's own mistakes.
CREATE TABLE most AS SELECT first, max(sum) AS most FROM (SELECT first, sum(amount) OVER (PARTITION BY first ORDER BY number) AS sum
    FROM bank.movement JOIN root USING (id) WHERE why NOT IN ('again', 'giveback')) GROUP BY first;
-- What the officer closed because it was paid after all.
CREATE TABLE got AS SELECT payment_id FROM payment LEFT JOIN bank.closed ON id = payment_id
    WHERE payment.state = 'booked' OR (payment.state = 'closed' AND paid);

CREATE TABLE wrong(what TEXT, id TEXT, found TEXT);
-- What the bank moved, nobody here knows.
INSERT INTO wrong SELECT 'the ledger does not know', id, net FROM money
    WHERE id NOT IN (SELECT payment_id FROM payment);
-- Paid there and not here, or here and not there, or another sum. Of a payment of which less came back than was sent (the
-- bank kept a fee) the ledger must say so, and then it is still booked.
INSERT INTO wrong SELECT 'the bank''s book differs from ' || state, payment_id, coalesce(net, 0) || ' of ' || payment.amount
    FROM payment LEFT JOIN money ON id = payment_id
    WHERE channel <> 'cash' AND coalesce(net, 0) <> CASE WHEN payment_id IN got THEN CAST(payment.amount AS INT) ELSE 0 END
    AND NOT (state = 'booked' AND net BETWEEN 1 AND CAST(payment.amount AS INT)
             AND payment_id IN (SELECT payment_id FROM break));
-- Nobody twice: over all attempts of a payment no more left the account than it is, at any time.
INSERT INTO wrong SELECT 'paid more than once', first, most || ' of ' || max(CAST(amount AS INT))
    FROM most JOIN root USING (first) JOIN payment ON payment_id = root.id
    GROUP BY first HAVING most > max(CAST(amount AS INT));
-- A second attempt only of what finally failed, and only one.
INSERT INTO wrong SELECT 'has two successors', parent, group_concat(payment_id, ' ') FROM payment
    WHERE parent <> '' GROUP BY parent HAVING count(*) > 1;
INSERT INTO wrong SELECT 'was tried again while it lived', parent.payment_id, parent.state
    FROM payment AS child JOIN payment AS parent ON parent.payment_id = child.parent WHERE parent.state <> 'reissued';
INSERT INTO wrong SELECT 'was tried again, and no attempt is there', payment_id, amount FROM payment
    WHERE state = 'reissued' AND payment_id NOT IN (SELECT parent FROM payment);
-- A second debit was seen.
INSERT INTO wrong SELECT 'debited twice, and nobody was told', id, debits FROM money
    WHERE debits > 1 AND id NOT IN (SELECT payment_id FROM break);
-- Nobody forgotten: nothing hangs (what failed waits for the person or the officer, and is listed), every obligation is
-- somewhere, and its payment is there.
INSERT INTO wrong SELECT 'is still open', payment_id, state FROM payment
    WHERE state IN ('calculated', 'instructed', 'accepted');
INSERT INTO wrong SELECT 'failed, and is not tried again', payment_id, state FROM payment WHERE state IN ('rejected', 'returned');
INSERT INTO wrong SELECT 'its payment is not there', entitlement_id || ' ' || period, payment_id FROM obligation
    WHERE payment_id <> '' AND payment_id NOT IN (SELECT payment_id FROM payment);
INSERT INTO wrong SELECT 'its obligations are another sum', payment_id, amount || ' and ' || coalesce(owed, 'none')
    FROM payment JOIN root ON root.id = payment_id LEFT JOIN owed ON owed.first = root.first
    WHERE benefit <> 'funding' AND coalesce(owed, -1) <> CAST(amount AS INT);
INSERT INTO wrong SELECT 'a pension without this month', entitlement_id, period FROM pension, month
    WHERE since <= period
    AND NOT EXISTS (SELECT 1 FROM stop WHERE stop.entitlement_id = pension.entitlement_id AND stop.since <= period || '-01')
    AND NOT EXISTS (SELECT 1 FROM obligation WHERE obligation.entitlement_id = pension.entitlement_id
                    AND obligation.period = month.period);
INSERT INTO wrong SELECT 'paid although it was stopped', entitlement_id, period FROM obligation JOIN stop USING (entitlement_id)
    WHERE since <= period || '-01' AND payment_id <> '' AND obligation.state <> 'closed';
-- Closed is what the officer closed, and no more: and nobody got it (above).
INSERT INTO wrong SELECT 'is closed, and nobody said so', payment_id, reason FROM payment
    WHERE state = 'closed' AND payment_id NOT IN (SELECT id FROM bank.closed) AND entitlement_id NOT IN (SELECT entitlement_id FROM stop);
INSERT INTO wrong SELECT 'was closed by hand, and is not', id, coalesce(state, '') FROM bank.closed
    LEFT JOIN payment ON payment_id = id WHERE state IS NOT 'closed';
INSERT INTO wrong SELECT 'is held by hand for ever', id, round FROM bank.held WHERE NOT over;
-- Creditors get what was ordered, and no more, on their own accounts.
CREATE TABLE given AS SELECT order_id, ordered.amount, sum(net) AS net FROM bank.ordered JOIN payment USING (entitlement_id)
    LEFT JOIN money ON id = payment_id WHERE benefit = 'deduction' GROUP BY order_id;
INSERT INTO wrong SELECT 'a creditor got more than was ordered', order_id, net || ' of ' || amount FROM given WHERE net > amount;
INSERT INTO wrong SELECT 'a creditor got nothing', order_id, entitlement_id FROM bank.ordered
    WHERE order_id NOT IN (SELECT order_id FROM given WHERE net > 0) AND entitlement_id NOT IN (SELECT entitlement_id FROM stop);
INSERT INTO wrong SELECT 'went to another account than the creditor''s', payment_id, instruction.account
    FROM bank.ordered JOIN payment USING (entitlement_id) JOIN bank.instruction ON id = payment_id
    WHERE benefit = 'deduction' AND instruction.account <> ordered.account;
INSERT INTO wrong SELECT 'went to a creditor''s account', payment_id, payment.entitlement_id
    FROM bank.ordered JOIN bank.instruction ON instruction.account = ordered.account JOIN payment ON payment_id = id
    WHERE benefit <> 'deduction' OR payment.entitlement_id <> ordered.entitlement_id;
-- All money that left, in one sum.
INSERT INTO wrong SELECT 'the sums differ', '', there || ' there, ' || here || ' here' FROM (SELECT
    (SELECT coalesce(sum(amount), 0) FROM bank.movement) AS there,
    (SELECT coalesce(sum(coalesce(net, 0)), 0) FROM payment LEFT JOIN money ON id = payment_id WHERE payment_id IN got) AS here)
    WHERE there <> here;

.mode list
SELECT what || ': ' || id || ' (' || coalesce(found, '') || ')' FROM wrong;
SELECT count(*) || ' differences' FROM wrong;
SELECT (SELECT count(*) FROM payment) || ' payments, ' || (SELECT count(*) FROM bank.movement) || ' movements, '
    || (SELECT count(*) FROM payment WHERE parent <> '') || ' second attempts, ' || (SELECT count(*) FROM break) || ' breaks';
SQL
sed -i "s|BOOK|$book|; s|WORK|$work|g" "$work/check.sql"
sqlite3 -batch "$work/check.db" <"$work/check.sql" >"$work/said"
cat "$work/said"
grep -qx '0 differences' "$work/said"
