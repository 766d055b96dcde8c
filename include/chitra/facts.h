/*
 * facts.h - the words of the field: families, benefits, components, and the facts of one row.
 *
 * Layer: base. The one list of names that intake reads, the law calculates with and the ledger
 * stores. The numbers are stored in ledgers: they never change, new ones are added at the end.
 *
 * A fact is an integer: a date (day_t), a month (month_t), dong, a count, half days, or the number
 * of a word in its list. Text columns are a list of their own. Names are the intake's columns.
 */
#ifndef CHITRA_FACTS_H
#define CHITRA_FACTS_H

#include "chitra/date.h"

/* Whoever signs or decides: in chitra.xml, in approvals; in events also with the user who claims to be them. */
enum { OFFICER_NAME_BYTES = 141, OFFICER_WHO_BYTES = 220 };

/* name */
#define FAMILY_LIST(X)                                                      \
    X(pension) X(sickness) X(maternity) X(unemployment) X(injury)           \
    X(survivor) X(other) X(stops) X(corrections) X(orders) X(cash_results)

enum family {
#define X(name) FAMILY_##name,
    FAMILY_LIST(X)
#undef X
    FAMILY_COUNT
};

enum recurrence { RECURRENCE_MONTHLY, RECURRENCE_ONCE };

/* name, family, recurrence, number in the ledger */
#define BENEFIT_LIST(X)                                                     \
    X(pension, pension, MONTHLY, 1)                                         \
    X(pension_awarded, pension, MONTHLY, 2)                                 \
    X(one_time_withdrawal, pension, ONCE, 3)                                \
    X(sickness, sickness, ONCE, 10)                                         \
    X(long_term_sickness, sickness, ONCE, 11)                               \
    X(child_sickness, sickness, ONCE, 12)                                   \
    X(sickness_convalescence, sickness, ONCE, 13)                           \
    X(childbirth, maternity, ONCE, 20)                                      \
    X(prenatal_visit, maternity, ONCE, 21)                                  \
    X(pregnancy_loss, maternity, ONCE, 22)                                  \
    X(contraception, maternity, ONCE, 23)                                   \
    X(paternity_leave, maternity, ONCE, 24)                                 \
    X(adoption, maternity, ONCE, 25)                                        \
    X(birth_grant, maternity, ONCE, 26)                                     \
    X(maternity_convalescence, maternity, ONCE, 27)                         \
    X(unemployment, unemployment, MONTHLY, 30)                              \
    X(injury_lump_sum, injury, ONCE, 40)                                    \
    X(injury_monthly, injury, MONTHLY, 41)                                  \
    X(injury_attendance, injury, MONTHLY, 42)                               \
    X(injury_death, injury, ONCE, 43)                                       \
    X(injury_convalescence, injury, ONCE, 44)                               \
    X(survivor_monthly, survivor, MONTHLY, 50)                              \
    X(survivor_lump_sum, survivor, ONCE, 51)                                \
    X(funeral_grant, survivor, ONCE, 52)                                    \
    X(social_pension, other, MONTHLY, 60)                                   \
    X(medical_reimbursement, other, ONCE, 61)                               \
    X(relief_grant, other, ONCE, 62)

enum benefit {
    BENEFIT_none = 0,
#define X(name, family, recurrence, number) BENEFIT_##name = (number),
    BENEFIT_LIST(X)
#undef X
    BENEFIT_MAX = 63
};

/* A component is the benefit's own name for its regular amount (pension for pension_awarded), or
 * one of these beside it. name, number in the ledger */
#define COMPONENT_LIST(X)                                                   \
    X(retirement_grant, 70) X(arrears, 71) X(recovery, 72) X(deduction, 73) X(funding, 74)

enum component {
#define X(name, family, recurrence, number) COMPONENT_##name = (number),
    BENEFIT_LIST(X)
#undef X
#define X(name, number) COMPONENT_##name = (number),
    COMPONENT_LIST(X)
#undef X
    COMPONENT_MAX = 74
};

enum fact_type {
    FACT_DATE, FACT_BIRTH, FACT_MONTH, FACT_MONEY, FACT_COUNT, FACT_HALF_DAYS, FACT_FLAG, FACT_WORD
};

/* name, type, words in order of their numbers (FACT_WORD only) */
#define FACT_LIST(X)                                                        \
    X(birth_date, BIRTH, ("")) X(sex, WORD, ("F", "M")) X(area, WORD, ("U", "R")) \
    X(channel, WORD, ("bank", "cash", "wallet")) X(authorised_from, DATE, ("")) \
    X(authorised_until, DATE, ("")) X(approved_on, DATE, ("")) X(valid_from, DATE, ("")) \
    X(valid_to, DATE, ("")) X(paid_through, MONTH, (""))                    \
    X(scheme, WORD, ("compulsory", "voluntary")) X(pension_from, DATE, ("")) \
    X(contribution_months, COUNT, ("")) X(average_salary, MONEY, (""))      \
    X(work_condition, WORD, ("normal", "hazardous", "mining"))              \
    X(early_basis, WORD, ("none", "capacity_loss", "no_reduction"))         \
    X(months_after_age, COUNT, ("")) X(minimum_guarantee, FLAG, ("")) X(pre_1995, FLAG, ("")) \
    X(awarded_amount, MONEY, ("")) X(awarded_from, DATE, (""))              \
    X(contribution_months_before_2014, COUNT, ("")) X(contribution_months_from_2014, COUNT, ("")) \
    X(event_from, DATE, ("")) X(salary, MONEY, ("")) X(months, COUNT, ("")) \
    X(days, HALF_DAYS, ("")) X(armed_forces, FLAG, ("")) X(child_birth_date, DATE, ("")) \
    X(used_days, HALF_DAYS, (""))                                           \
    X(convalescence_case, WORD, ("long_term", "surgery", "multiple", "other")) \
    X(children, COUNT, ("")) X(child_order, COUNT, ("")) X(surgery, FLAG, ("")) \
    X(weeks, COUNT, ("")) X(method, WORD, ("iud", "sterilisation")) X(benefit_from, DATE, ("")) \
    X(last_contribution, MONTH, ("")) X(salary_regime, WORD, ("state", "enterprise")) \
    X(wage_region, COUNT, ("")) X(capacity_loss, COUNT, ("")) X(without_support, FLAG, ("")) \
    X(deceased, COUNT, ("")) X(pension_at_death, MONEY, ("")) X(pension_months_drawn, COUNT, ("")) \
    X(paid_in, MONEY, ("")) X(approved_amount, MONEY, (""))                 \
    X(kind, WORD, ("deceased", "suspended", "ended", "resumed", "arrears", "recovery", "deduction")) \
    X(from_date, DATE, (""))                                                \
    X(reason, WORD, ("illegal_exit", "missing", "unverified", "refused", "returned", "annulled", \
                     "verified", "other"))                                  \
    X(amount, MONEY, ("")) X(from_month, MONTH, ("")) X(to_month, MONTH, ("")) \
    X(monthly_limit, MONEY, ("")) X(on_date, DATE, (""))                    \
    X(state, WORD, ("collected", "uncollected"))

enum fact {
#define X(name, type, words) FACT_##name,
    FACT_LIST(X)
#undef X
    FACT_NUMBER     /* how many there are: at most 64 */
};

/* The words of FACT_WORD columns, by number. */
enum { SEX_F, SEX_M };
enum { AREA_U, AREA_R };
enum { CHANNEL_bank, CHANNEL_cash, CHANNEL_wallet };
enum { SCHEME_compulsory, SCHEME_voluntary };
enum { WORK_normal, WORK_hazardous, WORK_mining };
enum { EARLY_none, EARLY_capacity_loss, EARLY_no_reduction };
enum { CONVALESCENCE_long_term, CONVALESCENCE_surgery, CONVALESCENCE_multiple, CONVALESCENCE_other };
enum { METHOD_iud, METHOD_sterilisation };
enum { REGIME_state, REGIME_enterprise };
enum { KIND_deceased, KIND_suspended, KIND_ended, KIND_resumed, KIND_arrears, KIND_recovery, KIND_deduction };
enum { REASON_illegal_exit, REASON_missing, REASON_unverified, REASON_refused, REASON_returned, REASON_annulled,
       REASON_verified, REASON_other };
enum { STATE_collected, STATE_uncollected };

/* Columns of text. name, characters at most (all are ASCII but names, programme, note, reference) */
#define TEXT_LIST(X)                                                        \
    X(entitlement_id, 35) X(unit, 6) X(beneficiary_id, 10) X(citizen_id, 12) \
    X(name, 140) X(commune, 5) X(bank, 12) X(account, 34) X(payee_name, 140) \
    X(approved_by, 70) X(deceased_id, 12) X(programme, 70) X(note, 140)     \
    X(order_id, 35) X(creditor_name, 140) X(creditor_bank, 6)               \
    X(creditor_account, 34) X(reference, 140) X(list_id, 35) X(payment_id, 35) \
    X(replaces, 35)

enum text {
#define X(name, size_max) TEXT_##name,
    TEXT_LIST(X)
#undef X
    TEXT_NUMBER
};

/* The facts of one row: which are given, and their values. */
struct facts {
    uint64_t given;                 /* bit i: value[i] is given */
    int64_t value[FACT_NUMBER];
};

static inline bool facts_has(const struct facts *facts, enum fact fact)
{
    return (facts->given >> fact & 1) != 0;
}

/* The value, or `otherwise` if it is not given. */
static inline int64_t facts_or(const struct facts *facts, enum fact fact, int64_t otherwise)
{
    return facts_has(facts, fact) ? facts->value[fact] : otherwise;
}

static inline void facts_set(struct facts *facts, enum fact fact, int64_t value)
{
    facts->value[fact] = value;
    facts->given |= UINT64_C(1) << fact;
}

/* Names and lists. The `_find` functions give -1 (BENEFIT_none for benefits) for an unknown name. */
const char *family_name(enum family family);            /* cash_results is "cash-results" */
const char *benefit_name(enum benefit benefit);
enum benefit benefit_find(struct span name);
enum family benefit_family(enum benefit benefit);
enum recurrence benefit_recurrence(enum benefit benefit);
const char *component_name(enum component component);
enum component benefit_component(enum benefit benefit); /* of its regular amount */
const char *fact_name(enum fact fact);
int fact_find(struct span name);
enum fact_type fact_type(enum fact fact);
const char *fact_word(enum fact fact, int64_t number);  /* the word of a FACT_WORD, or "" */
int fact_word_find(enum fact fact, struct span word);   /* its number, or -1 */
const char *text_name(enum text text);
int text_find(struct span name);
size_t text_size_max(enum text text);
bool text_is_personal(enum text text);                  /* never quoted in messages */
bool fact_is_personal(enum fact fact);

/* A fact as its column would show it (date, month, number, half days, Y/N, word), ended with a NUL. */
void fact_write(enum fact fact, int64_t value, char text[24]);

/* The given facts of `mask` as bytes, for storage: for each, its number and a varint. At most
 * FACTS_BYTES_MAX; returns the length. Equal facts give equal bytes. */
enum { FACTS_BYTES_MAX = 64 * 11 };
size_t facts_pack(const struct facts *facts, uint64_t mask, uint8_t bytes[FACTS_BYTES_MAX]);

/* The reverse; false if the bytes are not what facts_pack writes. */
bool facts_unpack(const uint8_t *bytes, size_t size, struct facts *facts) MUST_USE;

#endif
