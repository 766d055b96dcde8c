/*
 * law.h - from the facts of one entitlement to amounts, with the article behind each step.
 *
 * Layer: law (knows base). Pure: no files, no database, no threads, no clock, no banks. A law file
 * (formats/law/vn.xml) is data: dated values with their legal source; a formula is a C function, one
 * file for each regime, with the article in its comment. Both Laws on Social Insurance (58/2014,
 * 41/2024) live side by side, chosen by the day on which the benefit began.
 *
 * Calling sequence: law_new() once, then law_calc() for any number of rows from any number of
 * threads; no allocation for a row.
 *
 * Units: dong, rounded once for each component (money.h). Months are month_t, days day_t.
 */
#ifndef CHITRA_LAW_H
#define CHITRA_LAW_H

#include "chitra/diag.h"
#include "chitra/facts.h"
#include "chitra/money.h"

struct law;

/* Reads a law file and checks it: schema (`xsd`, empty: none), every known parameter present, dates
 * without gap or overlap, a source for each value. Refused with the line. */
enum status law_new(struct span xml, const char *name, struct span xsd, struct law **law,
                    struct diag *diag) MUST_USE;
void law_free(struct law *law);

enum { LAW_AMOUNTS_MAX = 4, LAW_STEPS_MAX = 96, LAW_PARAMETERS_MAX = 48 };

struct law_amount {
    enum component component;
    int64_t amount_dong;        /* never negative */
    const char *basis;          /* the legal source of the deciding step; lives with the law */
};

struct law_result {
    unsigned count;
    struct law_amount amount[LAW_AMOUNTS_MAX];
};

/* Why a row cannot be calculated: facts that are missing or contradict the law. */
struct law_refusal {
    enum fact column;           /* the fact at fault */
    const char *reason;         /* static text */
    const char *source;         /* the article, or "" */
};

enum law_unit { LAW_DONG, LAW_PERCENT, LAW_MONTHS, LAW_DAYS, LAW_YEARS, LAW_TIMES, LAW_AGE_MONTHS };

/* One step of a calculation, for `explain`. */
struct law_step {
    const char *rule;           /* the rule's name, e.g. "pension.rate.base"; static */
    const char *source;         /* article; lives with the law */
    struct exact value;         /* what the step gives; LAW_PERCENT in percent */
    enum law_unit unit;
    day_t from;                 /* since when its figure holds, or the adjustment; DAY_NONE: it has no date */
    bool unconfirmed;           /* a parameter behind it is marked so in the law file */
};

/* A figure of the law file that a calculation looked at, whether or not it decided anything. */
struct law_parameter {
    const char *name;           /* in the law file; static */
    struct span key;            /* the row of a table; empty: no table */
    const char *title, *title_vi;   /* what it is; live with the law; title_vi may be "" */
    struct exact value;         /* LAW_PERCENT in percent */
    enum law_unit unit;         /* LAW_TIMES for every kind of count */
    day_t from, to;             /* in force, both included; to INT32_MAX: no end is known */
    const char *source;
    bool unconfirmed;
};

struct law_trace {
    unsigned count;
    struct law_step step[LAW_STEPS_MAX];
    unsigned parameter_count;
    struct law_parameter parameter[LAW_PARAMETERS_MAX];     /* each once, in the order in which it was first needed */
};

enum law_verdict {
    LAW_DUE,        /* result holds the amounts; one cut to nothing stands there as 0 */
    LAW_NOT_DUE,    /* not yet begun, ended, or after the months granted: nothing is owed */
    LAW_REFUSED     /* refusal says why */
};

/* What one entitlement is owed for `period` by its facts alone (stops, orders and what was paid
 * before are the run's matter). A one-off is due in every period from the month it began; its amount
 * is the same in all of them. `trace` may be NULL. Facts used beyond the family's own: birth_date,
 * sex, valid_from, valid_to (inclusive; a month that they touch is due whole). */
enum law_verdict law_calc(const struct law *law, enum benefit benefit, const struct facts *facts,
                          month_t period, struct law_result *result, struct law_refusal *refusal,
                          struct law_trace *trace);

/* The month in which the benefit began (pension_from, awarded_from, event_from, benefit_from;
 * for `other` without event_from: approved_on); MONTH_NONE if the fact is missing. */
month_t law_month_begun(enum benefit benefit, const struct facts *facts);

/* The share of a month that may be withheld from it on a day: by recoveries without an order, and for creditors. The
 * file has none for the day: false. */
bool law_withheld_most(const struct law *law, day_t on, struct ratio *share) MUST_USE;

/* Whether one of these two benefits is due to a person in a month, and not both. */
bool law_excludes(const struct law *law, enum benefit one, enum benefit other, month_t month);

/* What becomes of the months between a suspension and the resumption that ends it, by the benefit, the reason of the
 * resumption (FACT_reason's number, -1: none) and its day. */
enum law_missed { LAW_MISSED_NOT_PAID, LAW_MISSED_PAID, LAW_MISSED_UNDECIDED };
enum law_missed law_missed_months(const struct law *law, enum benefit benefit, int reason, day_t resumed_on);

/* Every legal source in the file, by number from 0; NULL after the last: whoever renders them can try them all. */
const char *law_source(const struct law *law, size_t number);

#endif
