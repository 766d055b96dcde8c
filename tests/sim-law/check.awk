# Compares what the ledger provided for every entitlement and month with what is due under the last known law and
# facts. The law's amounts come from `chitra calc`; everything else (stops, what is settled, orders, recoveries) is
# worked out here, apart from the program.
#
# usage: awk -v last=YYYY-MM -v final=0|1 -f check.awk people stops orders due obligations receivables
#   people       id benefit begun settled              (months as numbers)
#   stops        id,kind,from,reason                   (in the order in which they came)
#   orders       as in the intake
#   due          entitlement_id,benefit,period,component,amount,basis
#   obligations  id|period|component|seq|amount|state|order_id|failed   (numbers; state 0 instructed, 1 held, 2 offset,
#                3 closed; failed 1: its payment failed, and waits until the cause is cured)
#   receivables  id|period|cause|open

function number_of(text) { return substr(text, 1, 4) * 12 + substr(text, 6, 2) - 1 }
function fault(text) { print text; faults++ }

FILENAME ~ /people$/ { benefit[$1] = $2; begun[$1] = $3; settled[$1] = $4; ids[++count] = $1; next }
FILENAME ~ /stops$/ {
    split($0, part, ",")
    n = ++stops[part[1]]
    # Sorted by day; of one day, as they came.
    for (at = n; at > 1 && from[part[1], at - 1] > part[3]; at--) {
        kind[part[1], at] = kind[part[1], at - 1]; from[part[1], at] = from[part[1], at - 1]; why[part[1], at] = why[part[1], at - 1]
    }
    kind[part[1], at] = part[2]; from[part[1], at] = part[3]; why[part[1], at] = part[4]
    next
}
FILENAME ~ /orders$/ {
    split($0, part, ",")
    order_kind[part[1]] = part[3]; order_amount[part[1]] = part[4]; order_of[part[1]] = part[2]; agreed[part[1]] = part[11] == "agreed"
    order_limit[part[1]] = part[10]
    for (m = number_of(part[8]); m <= number_of(part[9]); m++) covered[part[2], part[3], m] = 1
    next
}
FILENAME ~ /due$/ {
    split($0, part, ",")
    if (part[1] != "entitlement_id") law[part[1], number_of(part[3])] += part[5]
    next
}
FILENAME ~ /obligations$/ {
    split($0, part, "|")
    if (part[6] == 3) next
    key = part[1] SUBSEP part[2]
    if (part[7] == "" || part[3] == 73) provided[key] += part[5]
    if (part[7] != "" && (part[3] != 73 || part[5] > 0)) done[part[7]] += part[3] == 72 ? -part[5] : part[5]
    if (part[3] == 73 && part[5] > 0 && !agreed[part[7]]) deducted[key] += part[5]
    if (part[3] < 70 && part[4] == 0) regular[key] += part[5]
    if (part[8]) failed[key] += part[5]
    if (part[6] == 0) instructed += part[5]
    if (part[6] == 0 && part[3] < 70) paid[key] = 1
    if (part[6] == 0 && part[3] == 72 && part[7] == "") taken[part[1]] -= part[5]
    next
}
FILENAME ~ /receivables$/ {
    split($0, part, "|")
    open[part[1], part[2]] += part[4]
    if (part[4] < 0) fault(part[1] ": a receivable below zero")
    if (part[4] > 0 && part[3] == 0) owes[part[1]] = 1
}

# ---- what stops leave of a month: 1 due, 0 not ----

function died(i,    n, day) {
    day = ""
    for (n = 1; n <= stops[i]; n++) {
        if (kind[i, n] == "deceased") day = from[i, n]
        else if (kind[i, n] == "resumed" && why[i, n] == "annulled") day = ""
    }
    return day
}
function is_left(i, m,    n, first, suspended, missing, over, verdict, decided) {
    first = sprintf("%04d-%02d-01", int(m / 12), m % 12 + 1)
    if (died(i) != "" && m > number_of(died(i))) return 0
    over = 0
    for (n = 1; n <= stops[i] && from[i, n] <= first; n++) {
        if (kind[i, n] == "ended") over = 1
        else if (kind[i, n] == "resumed") over = 0
    }
    if (over) return 0
    suspended = 0; decided = 0; verdict = 1
    for (n = 1; n <= stops[i]; n++) {
        if (from[i, n] <= first) {
            if (kind[i, n] == "suspended") { suspended = 1; missing = why[i, n] == "missing"; verdict = 0 }
            else if (kind[i, n] == "resumed") { suspended = 0; verdict = 1 }
        } else if (suspended && missing && kind[i, n] == "resumed" && died(i) != "" && from[i, n] >= died(i)) {
            break       # missing, and then declared dead: paid to nobody
        } else if (suspended && kind[i, n] == "resumed") {
            decided = 1
            verdict = benefit[i] == "unemployment" || why[i, n] == "refused" ? 0 : 1
        } else if (decided && kind[i, n] == "suspended") {
            break
        }
    }
    return verdict
}

function check_month(i, m,    key, due, given) {
    key = i SUBSEP m
    due = m > settled[i] && is_left(i, m) ? law[i, m] + 0 : 0
    given = provided[key] - open[key]
    if (given < due && !covered[i, "arrears", m]) fault(i " " m ": provided " given ", due " due)
    # What failed is too much only once it is paid again: until then nobody has it.
    if (given > due) given -= given - due < failed[key] + 0 ? given - due : failed[key]
    if (given > due && !covered[i, "recovery", m]) fault(i " " m ": provided " given ", due only " due)
    if (deducted[key] > int(regular[key] * 3 / 10)) fault(i " " m ": deducted " deducted[key] " of " regular[key])
    checked++
}

END {
    end = number_of(last)
    for (n = 1; n <= count; n++) {
        i = ids[n]
        if (benefit[i] == "relief_grant") {
            m = begun[i]
            due = m <= end && is_left(i, m) ? law[i, m] + 0 : 0
            if (provided[i, 0] - open[i, 0] != due) fault(i ": provided " provided[i, 0] ", due " due)
            checked++
            continue
        }
        for (m = 2026 * 12; m <= end; m++) check_month(i, m)
        # At most a share of each month is taken, so that a large sum outlives the months; but it is being taken.
        if (final && owes[i] && paid[i, end] && !(taken[i] > 0)) fault(i ": owes, is paid, and gives nothing back")
    }
    for (o in done) {
        if (done[o] > order_amount[o]) fault(o ": " done[o] " of an order of " order_amount[o])
        orders_done += done[o] > 0
    }
    printf "%d months of %d entitlements, %d orders at work, %.0f dong instructed\n", checked, count, orders_done, instructed > "/dev/stderr"
    exit faults > 0
}
