/* Leave of months for birth and adoption, and the grant for each child. */
#include "maternity.h"

enum { SECOND_CHILD = 2 };

const struct law_value *maternity_rate(struct law_context *context)
{
    const struct law_value *rate = leave_need(context, LAW_PARAM_maternity_rate);

    if (rate == NULL || !law_has(context, FACT_average_salary, rate->source)) {
        return NULL;
    }
    law_step_value(context, LAW_RULE_maternity_rate, rate, LAW_PERCENT);
    return rate;
}

int64_t maternity_children(struct law_context *context)
{
    int64_t children = facts_or(context->facts, FACT_children, 1);

    if (children == 0) {
        (void)law_refuse(context, FACT_children, "at least one child is born or adopted",
                         "Law 58/2014 art. 34, 38; Law 41/2024 art. 53, 58");
    }
    return children;
}

static bool is_voluntary(const struct law_context *context)
{
    return facts_or(context->facts, FACT_scheme, SCHEME_compulsory) == SCHEME_voluntary;
}

/* Two times the base salary (reference level) of the month for each child (L58 art. 38, L41 art. 58);
 * in the voluntary scheme a fixed sum from 2025-07-01 (L41 art. 94-95). */
static enum law_verdict grant_pay(struct law_context *context)
{
    day_t begun = leave_begun(context);
    int64_t children = maternity_children(context);
    const struct law_value *times = leave_need(context, LAW_PARAM_birth_grant_base_salaries);
    const struct law_value *base = leave_need(context, LAW_PARAM_base_salary);
    struct exact amount;

    if (children == 0 || times == NULL || base == NULL) {
        return LAW_REFUSED;
    }
    if (is_voluntary(context)) {
        const struct law_value *sum =
            law_need(context, LAW_PARAM_birth_grant_voluntary, 0, begun, FACT_scheme);
        if (sum == NULL) {
            return LAW_REFUSED;
        }
        amount = law_fraction((__int128)sum->num * children, 1);
        law_step_value(context, LAW_RULE_birth_grant_voluntary, sum, LAW_DONG);
        law_step_by(context, LAW_RULE_birth_grant_amount, sum, amount, LAW_DONG);
        return law_pay(context, COMPONENT_birth_grant, amount, sum->source, FACT_children);
    }
    amount = law_fraction((__int128)base->num * times->num * children, times->den);
    law_step_value(context, LAW_RULE_birth_grant_times, times, LAW_TIMES);
    law_step_by(context, LAW_RULE_birth_grant_amount, base, amount, LAW_DONG);
    return law_pay(context, COMPONENT_birth_grant, amount, times->source, FACT_children);
}

/* What the row claims, in months: a day is a thirtieth (L58 art. 39(1)c, L41 art. 59(3)), and days
 * come in halves. Without a claim, all of `months_most`. */
static struct exact claim_of(const struct facts *facts, const struct law_value *month_days,
                             struct exact months_most)
{
    int64_t half_days = 2 * leave_whole(month_days);

    if (!facts_has(facts, FACT_months) && !facts_has(facts, FACT_days)) {
        return months_most;
    }
    return law_fraction(facts_or(facts, FACT_months, 0) * half_days + facts_or(facts, FACT_days, 0),
                        half_days);
}

/* average salary x (months + days / 30), at most the months of the law. */
static enum law_verdict months_pay(struct law_context *context, const struct law_value *rate,
                                   struct exact months_most, const char *source)
{
    const struct facts *facts = context->facts;
    const struct law_value *month_days = leave_need(context, LAW_PARAM_maternity_month_days);

    if (month_days == NULL || !leave_is_whole(context, FACT_days, rate->source)) {
        return LAW_REFUSED;
    }
    struct exact months = claim_of(facts, month_days, months_most);
    bool cut = months.num * months_most.den > months_most.num * months.den;
    if (cut) {
        months = months_most;
        law_step(context, LAW_RULE_birth_cut, source, months, LAW_MONTHS);
    }
    struct exact amount = law_fraction((__int128)facts->value[FACT_average_salary] * rate->num * months.num,
                                       (__int128)rate->den * months.den);
    law_step_value(context, LAW_RULE_leave_month_days, month_days, LAW_DAYS);
    law_step_by(context, LAW_RULE_leave_amount, rate, amount, LAW_DONG);
    return law_pay(context, benefit_component(context->benefit), amount, cut ? source : rate->source,
                   FACT_average_salary);
}

/* The months of a birth: 6, for the second child 7 since Population Law 113/2025, and one more for each
 * child beyond the first of this birth (a second birth of twins: 7 + 1). False: refused. */
static bool birth_months(struct law_context *context, int64_t child_order, struct exact *most,
                         const char **source)
{
    day_t begun = leave_begun(context);
    int64_t children = maternity_children(context);
    const struct law_value *months = leave_need(context, LAW_PARAM_birth_months);
    const struct law_value *second = law_find(context, LAW_PARAM_birth_months_second_child, 0, begun);
    const struct law_value *more = leave_need(context, LAW_PARAM_birth_months_more);

    if (children == 0 || months == NULL || more == NULL) {
        return false;
    }
    bool second_child = child_order == SECOND_CHILD && second != NULL;
    if (second_child) {
        months = second;
        law_step_value(context, LAW_RULE_birth_second_child, months, LAW_MONTHS);
    } else {
        law_step_value(context, LAW_RULE_birth_months, months, LAW_MONTHS);
    }
    *source = months->source;
    if (children > 1) {
        *source = more->source;
        /* That a second birth of twins has both months is how the text reads; nobody has confirmed it. */
        struct law_value by = *more;
        by.unconfirmed = more->unconfirmed || second_child;
        law_step_by(context, LAW_RULE_birth_more_children, &by, law_fraction((children - 1) * more->num, more->den),
                    LAW_MONTHS);
    }
    *most = law_fraction(months->num * more->den + (children - 1) * more->num * months->den,
                         months->den * more->den);
    return true;
}

static enum law_verdict birth_pay(struct law_context *context, int64_t child_order)
{
    const char *source = "";
    struct exact months = exact_of(0);
    const struct law_value *rate = maternity_rate(context);

    return rate == NULL || !birth_months(context, child_order, &months, &source)
               ? LAW_REFUSED
               : months_pay(context, rate, months, source);
}

enum law_verdict maternity_loss_as_birth(struct law_context *context)
{
    return birth_pay(context, 0);
}

/* Until the child is 6 months old: L58 art. 36, L41 art. 56. Who does not stop work sends 0 and 0. */
static enum law_verdict adoption_pay(struct law_context *context)
{
    const struct law_value *months = leave_need(context, LAW_PARAM_adoption_months);
    const struct law_value *rate = months == NULL ? NULL : maternity_rate(context);

    if (rate == NULL || !law_has(context, FACT_months, months->source) ||
        !law_has(context, FACT_days, months->source)) {
        return LAW_REFUSED;
    }
    law_step_value(context, LAW_RULE_adoption_months, months, LAW_MONTHS);
    return months_pay(context, rate, law_fraction(months->num, months->den), months->source);
}

static enum law_verdict convalescence_pay(struct law_context *context)
{
    const struct law_value *days_most =
        leave_convalescence_days(context, LAW_PARAM_maternity_convalescence_days);

    return days_most == NULL
               ? LAW_REFUSED
               : leave_convalescence(context, LAW_PARAM_maternity_convalescence_rate, days_most, true);
}

enum law_verdict maternity_calc(struct law_context *context)
{
    enum law_verdict verdict;

    if (is_voluntary(context) && context->benefit != BENEFIT_birth_grant) {
        return law_refuse(context, FACT_scheme, "the voluntary scheme has the grant for each child alone",
                          "Law 41/2024 art. 94, 95");
    }
    switch (context->benefit) {
    case BENEFIT_childbirth:
        verdict = birth_pay(context, facts_or(context->facts, FACT_child_order, 1));
        return verdict == LAW_DUE ? grant_pay(context) : verdict;
    case BENEFIT_adoption:
        verdict = adoption_pay(context);
        return verdict == LAW_DUE ? grant_pay(context) : verdict;
    case BENEFIT_birth_grant:
        return grant_pay(context);
    case BENEFIT_prenatal_visit:
        return maternity_visit(context);
    case BENEFIT_pregnancy_loss:
        return maternity_loss(context);
    case BENEFIT_contraception:
        return maternity_contraception(context);
    case BENEFIT_paternity_leave:
        return maternity_paternity(context);
    case BENEFIT_maternity_convalescence:
        return convalescence_pay(context);
    default:
        return law_no_formula(context);
    }
}
