# A small world of entitlements over many months, from a seed: what offices approve late, change backwards, stop and
# order. Everything is made up before the first run; nothing here knows what the program makes of it.
#
# usage: awk -v seed=1 -v months=24 -v out=FOLDER -f world.awk
#
# FOLDER/NNN/          the files that come before month NNN (1 is 2026-10), and in `do` how it is run: once, again, killed
#                      and carried on, or two months at once
# FOLDER/truth/NNN/    what is true once they are known: facts by family, stops, orders, what is settled, the law
#
# Numbers come from a generator of its own, so that every awk makes the same world.

function random(n) { state = (state * 16807) % 2147483647; return state % n }           # 0 .. n - 1
function chance(percent) { return random(100) < percent }
function between(low, high) { return low + random(high - low + 1) }

function month_text(m) { return sprintf("%04d-%02d", int(m / 12), m % 12 + 1) }
function first_of(m) { return month_text(m) "-01" }
function day_in(m) { return month_text(m) sprintf("-%02d", between(1, 28)) }

# ---- files ----

function folder(t) { return sprintf("%s/%03d", out, t) }
function make(path) { if (!(path in made)) { system("mkdir -p '" path "'"); made[path] = 1 } }
function put(path, header, line) {
    if (!(path in begun)) { print header > path; begun[path] = 1 }
    print line > path
}

# The columns that the formulas need, then what a run needs besides.
BEGIN {
    columns["pension"] = "benefit,birth_date,sex,scheme,pension_from,contribution_months,average_salary,awarded_amount,awarded_from,valid_to"
    columns["other"] = "benefit,event_from,approved_amount,valid_to"
    columns["unemployment"] = "benefit,benefit_from,last_contribution,average_salary,salary_regime,wage_region,contribution_months"
    columns["injury"] = "benefit,event_from,capacity_loss,salary,contribution_months,valid_to"
    columns["survivor"] = "benefit,event_from,without_support,valid_to"
    split("returned annulled verified refused other", reason, " ")
    person = "unit,citizen_id,name,commune,channel,bank,account,approved_on,paid_through"
}

function facts_of(i) {
    if (family[i] == "pension" && benefit[i] == "pension")
        return "pension," birth[i] "," sex[i] ",compulsory," first_of(begun_in[i]) "," contribution[i] "," amount[i] ",,," until[i]
    if (family[i] == "pension")
        return "pension_awarded," birth[i] "," sex[i] ",,,,," amount[i] "," first_of(begun_in[i]) "," until[i]
    if (family[i] == "other")
        return benefit[i] "," first_of(begun_in[i]) "," (amount[i] > 0 ? amount[i] : "") "," until[i]
    if (family[i] == "unemployment")
        return "unemployment," first_of(begun_in[i]) "," month_text(begun_in[i] - 2) "," amount[i] ",enterprise,1," contribution[i]
    if (family[i] == "injury")
        return "injury_monthly," first_of(begun_in[i]) "," capacity[i] "," amount[i] "," contribution[i] "," until[i]
    return "survivor_monthly," first_of(begun_in[i]) "," support[i] "," until[i]
}
function row_of(i) {
    return id[i] "," facts_of(i) ",79," citizen[i] ",Nguyen Van Sim,26506,bank," bank[i] ",001100" citizen[i] "," approved[i] "," \
           (settled_by_row[i] == "" ? "" : month_text(settled_by_row[i]))
}

# ---- entitlements ----

function amount_of(i) {
    if (benefit[i] == "social_pension") return chance(50) ? 0 : between(5, 20) * 100000
    if (family[i] == "unemployment" || family[i] == "injury" || benefit[i] == "pension") return between(50, 150) * 100000
    return between(20, 90) * 100000 + between(0, 999)
}

function kind_of(i,    k) {
    k = random(20)
    if (k < 6) { family[i] = "other"; benefit[i] = "social_pension" }
    else if (k < 10) { family[i] = "pension"; benefit[i] = "pension" }
    else if (k < 13) { family[i] = "pension"; benefit[i] = "pension_awarded" }
    else if (k < 15) { family[i] = "survivor"; benefit[i] = "survivor_monthly" }
    else if (k < 17) { family[i] = "injury"; benefit[i] = "injury_monthly" }
    else if (k < 19) { family[i] = "unemployment"; benefit[i] = "unemployment" }
    else { family[i] = "other"; benefit[i] = "relief_grant" }
}

# A new entitlement that an office approves before month t, early, in time or late.
function approve(t, p,    i) {
    i = ++people
    id[i] = sprintf("SIM/%04d", i)
    citizen[i] = sprintf("0790%08d", i)
    kind_of(i)
    sex[i] = chance(50) ? "F" : "M"
    begun_in[i] = p + between(-7, 1)
    settled_by_row[i] = ""
    if (begun_in[i] < opening && family[i] != "unemployment" && chance(50)) settled_by_row[i] = begun_in[i] + random(3)
    if (family[i] == "unemployment" && begun_in[i] < opening) begun_in[i] = opening
    # Old enough for a pension without a reduction, whenever it begins.
    birth[i] = sprintf("%04d-01-15", int(begun_in[i] / 12) - 66)
    contribution[i] = family[i] == "unemployment" ? between(12, 70) : between(250, 420)
    capacity[i] = between(31, 90)
    support[i] = chance(30) ? "Y" : "N"
    until[i] = ""
    bank[i] = chance(12) ? "970499" : "970436"
    amount[i] = amount_of(i)
    changed(i, t)
}

# The row as it is now comes in before month t; an old one that comes again changes nothing.
function changed(i, t) {
    approved[i] = clock
    row[i] = row_of(i)
    old[i, ++versions[i]] = row[i]
    emit_row(i, t, row[i])
    touched[i] = t
}
function emit_row(i, t, line) {
    put(folder(t) "/rows-" family[i] ".csv", "entitlement_id," columns[family[i]] "," person, line)
}

function change_facts(t, p,    i) {
    i = between(1, people)
    if (touched[i] == t) return
    if (chance(20) && family[i] != "unemployment" && benefit[i] != "relief_grant") {
        until[i] = until[i] == "" || chance(50) ? (chance(80) ? day_in(p + between(-5, 6)) : "") : ""
        if (until[i] != "" && until[i] < first_of(begun_in[i])) until[i] = ""
    } else if (chance(25) && benefit[i] != "pension" && family[i] != "unemployment" && benefit[i] != "relief_grant") {
        begun_in[i] += between(-3, 3)
        if (until[i] != "" && until[i] < first_of(begun_in[i])) until[i] = ""
    } else {
        amount[i] = amount_of(i)
    }
    changed(i, t)
}

function mend_bank(t,    i) {
    i = between(1, people)
    put(folder(t) "/corrections.csv", "entitlement_id,approved_on,channel,bank,account,payee_name",
        id[i] "," clock ",bank,970436,0019" citizen[i] "," (dead[i] ? "Tran Thi Sim" : ""))
}

# ---- stops ----

function stop(i, t, kind, from, reason) {
    put(folder(t) "/stops.csv", "entitlement_id,kind,from_date,reason", id[i] "," kind "," from "," reason)
    stops[++stop_count] = id[i] "," kind "," from "," reason
}
function stop_somebody(t, p,    i, k) {
    i = between(1, people)
    if (stopped_at[i] == t || dead[i]) return
    stopped_at[i] = t
    k = random(10)
    if (suspended[i]) {
        stop(i, t, "resumed", day_in(p + between(-2, 0)), reason[1 + random(5)])
        suspended[i] = 0
    } else if (k < 3) {
        stop(i, t, "deceased", day_in(p + between(-5, 0)), "")
        dead[i] = 1
    } else if (k < 8) {
        stop(i, t, "suspended", first_of(p + between(-4, 1)), chance(50) ? "unverified" : "missing")
        suspended[i] = 1
    } else if (ended[i]) {
        stop(i, t, "resumed", first_of(p + between(-2, 1)), "other")
        ended[i] = 0
    } else {
        stop(i, t, "ended", day_in(p + between(-4, 1)), "other")
        ended[i] = 1
    }
}

# ---- orders: at most one of each kind for an entitlement ----

function order(t, p,    i, kind, from, to, sum, limit, line) {
    i = between(1, people)
    kind = random(3) == 0 ? "arrears" : random(2) == 0 ? "recovery" : "deduction"
    if (benefit[i] == "relief_grant" || (i, kind) in ordered) return
    ordered[i, kind] = 1
    from = kind == "deduction" ? p + random(3) : p - between(1, 5)
    if (from < opening) from = opening
    to = from + random(6)
    sum = between(2, 40) * 100000
    limit = chance(50) ? between(1, 10) * 50000 : ""
    line = sprintf("O/%04d", ++orders_count) "," id[i] "," kind "," sum "," \
           (kind == "deduction" ? "Chi cuc Sim,970405,148020" citizen[i] : ",,") "," month_text(from) "," month_text(to) "," \
           limit "," (kind == "deduction" && chance(20) ? "agreed" : "")
    put(folder(t) "/orders.csv", "order_id,entitlement_id,kind,amount,creditor_name,creditor_bank,creditor_account,from_month,to_month,monthly_limit,reason", line)
    orders[orders_count] = line
}

# ---- months ----

# Another law: figures that hold for the past too. Kept as a script for sed, since the file is the program's.
function another_law(t) {
    law = t
    script = folder(t) "/law.sed"
    print "/<parameter name=\"social_pension\" /,/<\\/parameter>/s|>500000<|>" between(8, 14) * 50000 "<|" > script
    print "s|<adjustment from=\"2026-07-01\" percent=\"8\"|<adjustment from=\"2026-07-01\" percent=\"" between(6, 10) "\"|" > script
    print "/<parameter name=\"base_salary\" /,/<\\/parameter>/s|>2530000<|>" 2430000 + between(0, 20) * 10000 "<|" > script
    close(script)
}

function truth(t, p,    i, where, file) {
    where = sprintf("%s/truth/%03d", out, t)
    make(where)
    print month_text(p) > (where "/month")
    print law > (where "/law")
    for (i = 1; i <= people; i++) {
        put(where "/facts-" family[i] ".csv", "entitlement_id," columns[family[i]], id[i] "," facts_of(i))
        file = where "/people"
        print id[i], benefit[i], begun_in[i], (settled_by_row[i] == "" ? opening - 1 : settled_by_row[i]) > file
    }
    for (i = 1; i <= stop_count; i++) print stops[i] > (where "/stops")
    for (i = 1; i <= orders_count; i++) print orders[i] > (where "/orders")
    printf "" > (where "/stops")
    printf "" > (where "/orders")
    for (file in begun) close(file)
    close(where "/people"); close(where "/stops"); close(where "/orders"); close(where "/month"); close(where "/law")
}

BEGIN {
    state = seed % 2147483646 + 1
    opening = 2026 * 12 + 9
    quiet = int(months / 5)                     # at the end nothing new comes: what is to be taken back gets time
    for (t = 1; t <= months; t++) {
        p = opening + t - 1
        make(folder(t))
        clock = month_text(p - 1) "-25"
        print clock > (folder(t) "/clock")
        live = t <= months - quiet
        for (n = t == 1 ? 30 : live && people < 90 ? random(3) : 0; n > 0; n--) approve(t, p)
        for (n = live ? random(5) : 0; n > 0; n--) change_facts(t, p)
        for (n = live ? random(3) : 0; n > 0; n--) stop_somebody(t, p)
        for (n = random(4); n > 0; n--) mend_bank(t)
        if (live && chance(30)) order(t, p)
        if (live && chance(8)) another_law(t)
        # An old file comes again, under another name and with later rows: nothing of it is new.
        if (chance(15)) { i = between(1, people); if (touched[i] != t) emit_row(i, t, old[i, between(1, versions[i])]) }
        print (chance(10) ? "killed" : chance(10) ? "again" : chance(5) ? "two" : "once") > (folder(t) "/do")
        if (t % 25 == 0 || t == months || t == 12) truth(t, p)
        close(folder(t) "/clock"); close(folder(t) "/do")
    }
}
