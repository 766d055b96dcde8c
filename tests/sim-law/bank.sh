# What the bank makes of the payments, and what the office makes of that. Sourced by run.sh, whose names it uses.
# shellcheck shell=bash disable=SC2154     # program, work, root, seed: from run.sh

# The payments as `list` shows them: id, amount, state, reason, MsgId, bank, entitlement, purpose.
payments() {
    "$program" -C "$work/site" list payments "$@" | awk -F, -v OFS=, 'NR > 1 && $13 != "" { print $1, $10, $11, $12, $13, $9, $4, $7 }'
}

# Of what came since the last time every twentieth payment fails: at once or after months, for the payee's cause or another.
bank_takes() { # T
    touch "$work/taken"
    payments --state instructed | awk -F, -v OFS=, -v t="$1" -v seed="$seed" -v fate="$work/fate" -v known="$work/taken" '
        BEGIN { while ((getline msg <known) > 0) taken[msg]; close(known) }
        !($5 in taken) {
            n = seed
            for (i = 1; i <= length($1); i++) n = (n * 31 + index("0123456789ABCDEFGHJKMNPQRSTVWXYZ", substr($1, i, 1))) % 1000003
            if (n % 20 == 0) {
                n = int(n / 20)
                late = n % 3 == 0 ? 1 + int(n / 3) % 4 : 0
                print $5, $1, $2, int(n / 12) % 3 == 0 ? "AM04" : "AC04" > sprintf("%s/%03d-%s", fate, t + late, late ? "returned" : "rejected")
            }
            new[$5]
        }
        END { for (msg in new) print msg >>known }'
}

# The answers of this month.
bank_says() { # T
    local file msg bank
    file=$work/fate/$(printf '%03d' "$1")
    touch "$file-rejected" "$file-returned"
    for msg in $(cut -d, -f1 "$file-rejected" | sort -u); do
        awk -F, -v OFS=, -v msg="$msg" '$1 == msg { print $2, "RJCT", $4, $3 }' "$file-rejected" |
            awk -F, -v id="BANK-$1-$msg" -v at="$CHITRA_NOW" -v original="$msg" -v group=PART -v information=PART \
                -f "$root/tests/sim/pain002.awk" >"$work/site/inbox/$1-$msg.xml"
    done
    for bank in 970436,1223456789 970405,1328610877278; do
        awk -F, -v OFS=, -v bank="-${bank%,*}-" 'index($1, bank) { print $2, $3, "R" NR, $4 }' "$file-returned" |
            awk -F, -v message=camt.054.001.08 -v id="BANK-$1" -v at="$CHITRA_NOW" -v account="${bank#*,}" -v bank="${bank%,*}" \
                -v as=single -f "$root/tests/sim/camt.awk" >"$work/site/inbox/$1-${bank%,*}.xml"
    done
    chitra receive
}

# Some of those whom the bank did not find have told another account before the next month.
office_cures() { # T
    local next
    next=$(printf '%03d' $(($1 + 1)))
    { payments --state rejected; payments --state returned; } | awk -F, -v OFS=, -v t="$1" -v on="$(cat "$work/world/$next/clock")" '
        $4 == "AC04" && $8 != "deduction" && (t + substr($7, 5)) % 3 == 0 && !done[$7]++ {
            if (!header++) print "entitlement_id,approved_on,channel,bank,account"
            print $7, on, "bank", "970436", sprintf("0018%03d%s", t, substr($7, 5))
        }' >"$work/cures"
    [ ! -s "$work/cures" ] || cp "$work/cures" "$work/site/intake/$next-cures.csv"
}
