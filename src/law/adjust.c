/*
 * adjust.c - the yearly adjustments of amounts in payment.
 *
 * Each multiplies the rounded amount of the month before; its result is what the next one starts
 * from (Circular 10/2019 art. 2, Circular 14/2026 art. 3). Top-ups look at the amount after the
 * percentage (Decree 42/2023 art. 2(2), Decree 162/2026 art. 2).
 */
#include "law_store.h"

/* The first month at the new amount, or MONTH_NONE if this adjustment is not for this benefit. */
static month_t first_month(const struct law_adjustment *adjustment, const struct law_standing *standing)
{
    if (standing->began < adjustment->began_from || standing->began >= adjustment->began_before) {
        return MONTH_NONE;
    }
    if (adjustment->month > standing->month) {
        return adjustment->month;
    }
    /* A decree that reaches back past its date (Decree 55/2016: begun until 2016-04) finds no month
     * before in the first month, so it is paid from the second. An awarded amount has it in already. */
    return standing->calculated ? standing->month + 1 : MONTH_NONE;
}

static void step_add(struct law_context *context, enum law_rule rule, const struct law_adjustment *adjustment,
                     bool unconfirmed, struct exact value, enum law_unit unit)
{
    if (context->trace != NULL) {
        law_trace_add(context->trace, rule, &(struct law_step){ .source = adjustment->source, .value = value, .unit = unit,
                                                                .from = month_first(adjustment->month),
                                                                .unconfirmed = unconfirmed });
    }
}

static bool top_up_fits(const struct law_top_up *top_up, const struct law_standing *standing)
{
    return standing->pension && (standing->pre_1995 || !top_up->pre_1995) &&
           standing->amount_dong < top_up->below_dong;
}

static void top_up_apply(struct law_context *context, const struct law_adjustment *adjustment,
                         struct law_standing *standing)
{
    for (unsigned i = 0; i < adjustment->top_up_count; i++) {
        const struct law_top_up *top_up = &adjustment->top_up[i];
        if (!top_up_fits(top_up, standing)) {
            continue;
        }
        standing->amount_dong =
            top_up->add_dong > 0 ? standing->amount_dong + top_up->add_dong : top_up->raise_to_dong;
        standing->basis = adjustment->source;
        step_add(context, LAW_RULE_adjust_top_up, adjustment, top_up->unconfirmed, exact_of(standing->amount_dong), LAW_DONG);
        return;
    }
}

/* False if the amount leaves every limit. */
static bool percent_apply(struct law_context *context, const struct law_adjustment *adjustment,
                          struct law_standing *standing)
{
    int64_t amount;

    if (adjustment->percent.num == 0) {
        return true;
    }
    if (!exact_round(law_fraction((__int128)standing->amount_dong * adjustment->factor.num, adjustment->factor.den),
                     &amount) ||
        amount > MONEY_DONG_MAX) {
        return false;
    }
    standing->amount_dong = amount;
    standing->basis = adjustment->source;
    step_add(context, LAW_RULE_adjust_percent, adjustment, adjustment->unconfirmed,
             law_fraction(adjustment->percent.num, adjustment->percent.den), LAW_PERCENT);
    step_add(context, LAW_RULE_adjust_amount, adjustment, adjustment->unconfirmed, exact_of(amount), LAW_DONG);
    return true;
}

bool law_adjust(struct law_context *context, struct law_standing *standing, enum fact column)
{
    const struct law *law = context->law;

    if (context->period > standing->month && standing->month < law->known_from) {
        (void)law_refuse(context, column, law->unknown_before, law->adjustments[0].source);
        return false;
    }
    for (size_t i = 0; i < law->adjustment_count && law->adjustments[i].month <= context->period; i++) {
        const struct law_adjustment *adjustment = &law->adjustments[i];
        month_t first = first_month(adjustment, standing);
        if (first == MONTH_NONE || first > context->period) {
            continue;
        }
        if (!percent_apply(context, adjustment, standing)) {
            (void)law_refuse(context, column, "gives an amount over every limit", adjustment->source);
            return false;
        }
        top_up_apply(context, adjustment, standing);
    }
    return true;
}
