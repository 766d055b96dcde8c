/*
 * demo_rows.c - what each generated person is entitled to, and the few rows that must not pass.
 */
#include "demo.h"

#include <stdio.h>

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* ---- who has what ---- */

enum {
    PENSIONS_PER_MILLE = 700,       /* the first two of SHARES */
    NEW_PENSIONS_PER_MILLE = 60
};

/* How many of a thousand people have which benefit first; about seven in ten a monthly pension. */
static const struct share {
    enum benefit benefit;
    unsigned per_mille;
} SHARES[] = {
    { BENEFIT_pension, 380 },
    { BENEFIT_pension_awarded, 320 },
    { BENEFIT_one_time_withdrawal, 12 },
    { BENEFIT_sickness, 66 },
    { BENEFIT_long_term_sickness, 6 },
    { BENEFIT_child_sickness, 20 },
    { BENEFIT_sickness_convalescence, 6 },
    { BENEFIT_childbirth, 32 },
    { BENEFIT_prenatal_visit, 20 },
    { BENEFIT_pregnancy_loss, 4 },
    { BENEFIT_contraception, 4 },
    { BENEFIT_paternity_leave, 12 },
    { BENEFIT_adoption, 1 },
    { BENEFIT_birth_grant, 4 },
    { BENEFIT_maternity_convalescence, 5 },
    { BENEFIT_unemployment, 56 },
    { BENEFIT_injury_lump_sum, 2 },
    { BENEFIT_injury_monthly, 7 },
    { BENEFIT_injury_attendance, 1 },
    { BENEFIT_injury_death, 1 },
    { BENEFIT_injury_convalescence, 1 },
    { BENEFIT_survivor_monthly, 16 },
    { BENEFIT_survivor_lump_sum, 2 },
    { BENEFIT_funeral_grant, 4 },
    { BENEFIT_social_pension, 4 },
    { BENEFIT_medical_reimbursement, 7 },
    { BENEFIT_relief_grant, 7 },
};

static enum benefit benefit_pick(struct demo_person *person)
{
    uint64_t number = person->unit->first + person->ordinal - 1;
    unsigned roll = demo_below(&person->random, 1000);
    if (!person->fresh && number < COUNT_OF(SHARES)) {
        return SHARES[number].benefit;      /* the first people of a site show every benefit once */
    }
    if (person->fresh && roll >= NEW_PENSIONS_PER_MILLE && roll < PENSIONS_PER_MILLE) {
        /* Pensions last for decades: few of those that begin something begin one. */
        roll = PENSIONS_PER_MILLE + demo_below(&person->random, 1000 - PENSIONS_PER_MILLE);
    }
    size_t i = 0;
    while (roll >= SHARES[i].per_mille) {
        roll -= SHARES[i].per_mille;
        i++;
    }
    return SHARES[i].benefit;
}

static void family_make(struct demo_person *person, struct demo_row *row, enum benefit benefit)
{
    switch ((int)benefit) {
    case BENEFIT_pension:
        demo_pension(person, row);
        return;
    case BENEFIT_pension_awarded:
        demo_pension_awarded(person, row);
        return;
    case BENEFIT_one_time_withdrawal:
        demo_withdrawal(person, row);
        return;
    case BENEFIT_sickness_convalescence:
        demo_sickness_convalescence(person, row);
        return;
    case BENEFIT_survivor_monthly:
        demo_survivor_monthly(person, row);
        return;
    case BENEFIT_social_pension:
        demo_social_pension(person, row);
        return;
    default:
        break;
    }
    switch ((int)benefit_family(benefit)) {
    case FAMILY_sickness:
        demo_sickness(person, row, benefit);
        return;
    case FAMILY_maternity:
        demo_maternity(person, row, benefit);
        return;
    case FAMILY_unemployment:
        demo_unemployment(person, row);
        return;
    case FAMILY_injury:
        demo_injury(person, row, benefit);
        return;
    case FAMILY_survivor:
        demo_survivor_once(person, row, benefit);
        return;
    default:
        demo_payment_once(person, row, benefit);
    }
}

/* ---- what must not pass ---- */

enum fault {
    FAULT_BIRTH_DATE,    /* a day that no calendar has */
    FAULT_COMMUNE,       /* a commune that nobody knows */
    FAULT_TWICE,         /* the same pension under two ids */
    FAULT_BANK,          /* a bank that the directory does not name (any more) */
    FAULT_TOO_YOUNG,     /* a normal pension ten years before its age */
    FAULT_AUTHORISATION, /* somebody else collects with a paper that ran out */
    FAULT_COUNT,
    FAULT_EVERY = 333 /* one person in so many */
};

/* The fault that a person shows, or -1. */
static int fault_of(const struct demo_person *person)
{
    uint64_t number = person->unit->first + person->ordinal;
    if (person->fresh || number % FAULT_EVERY != 0) {
        return -1;
    }
    return (int)(number / FAULT_EVERY % FAULT_COUNT);
}

static void bank_unknown(const struct demo_person *person, struct demo_row *row)
{
    demo_set(row, FACT_channel, CHANNEL_bank);
    snprintf(row->bank, sizeof row->bank, "970499");
    demo_account(row->bank, person->ordinal, row->account);
}

/* Spoils the row; returns how many rows the person has then. */
static unsigned fault_make(const struct demo_person *person, int fault, struct demo_row row[DEMO_ROWS_MAX])
{
    switch (fault) {
    case FAULT_BIRTH_DATE:
        row->birth_text = "1961-02-30";
        break;
    case FAULT_COMMUNE:
        memcpy(row->commune, "99999", sizeof row->commune);
        break;
    case FAULT_BANK:
        bank_unknown(person, row);
        break;
    case FAULT_TOO_YOUNG:
        demo_set(row, FACT_birth_date, day_add_months((day_t)row->facts.value[FACT_birth_date], 120));
        demo_set(row, FACT_early_basis, EARLY_none);
        break;
    case FAULT_AUTHORISATION:
        memcpy(row->payee_name, "Nguyễn Văn Hết", sizeof "Nguyễn Văn Hết");
        demo_set(row, FACT_authorised_from, month_first(person->period - 13));
        demo_set(row, FACT_authorised_until, month_last(person->period - 2));
        break;
    default:
        break;
    }
    if (fault != FAULT_TWICE) {
        return 1;
    }
    row[1] = row[0];
    return 2;
}

/* ---- all of it ---- */

/* "79-P-0000123", ".2" for a second entitlement of the same family, so that a file stays in order. */
static void entitlement_id_make(const struct demo_person *person, struct demo_row *row, bool second)
{
    static const char letter[] = {
        [FAMILY_pension] = 'P',      [FAMILY_sickness] = 'S', [FAMILY_maternity] = 'M',
        [FAMILY_unemployment] = 'U', [FAMILY_injury] = 'I',   [FAMILY_survivor] = 'T',
        [FAMILY_other] = 'O'
    };
    snprintf(row->entitlement_id, sizeof row->entitlement_id, "%s-%c-%07llu%s", person->unit->province->code,
             letter[benefit_family(row->benefit)], (unsigned long long)person->ordinal, second ? ".2" : "");
}

/* A second entitlement of some people: care beside a high injury, or money of another programme. */
static unsigned second_make(struct demo_person *person, struct demo_row row[DEMO_ROWS_MAX])
{
    if (row[0].benefit == BENEFIT_injury_monthly && row[0].facts.value[FACT_capacity_loss] >= 81) {
        demo_attendance(&row[0], &row[1]);
        return 2;
    }
    if (benefit_family(row[0].benefit) == FAMILY_other || !demo_chance(&person->random, 2)) {
        return 1;
    }
    row[1] = row[0];
    row[1].facts.given &= UINT64_C(1) << FACT_birth_date | UINT64_C(1) << FACT_sex |
                          UINT64_C(1) << FACT_area | UINT64_C(1) << FACT_channel |
                          UINT64_C(1) << FACT_authorised_from | UINT64_C(1) << FACT_authorised_until;
    demo_payment_once(person, &row[1], BENEFIT_medical_reimbursement);
    return 2;
}

unsigned demo_rows(struct demo_person *person, struct demo_row row[DEMO_ROWS_MAX])
{
    memset(row, 0, DEMO_ROWS_MAX * sizeof *row);
    int fault = fault_of(person);
    enum benefit benefit = benefit_pick(person);
    family_make(person, &row[0], fault >= 0 ? BENEFIT_pension : benefit);
    demo_identify(person, &row[0]);
    unsigned count = fault >= 0 ? fault_make(person, fault, row) : second_make(person, row);
    for (unsigned i = 0; i < count; i++) {
        bool second = i > 0 && benefit_family(row[i].benefit) == benefit_family(row[0].benefit);
        entitlement_id_make(person, &row[i], second);
    }
    return count;
}
