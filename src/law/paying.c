/* paying.c - what the law says of paying beside the amounts: how much of a month may be withheld, and what becomes of
 * months that were missed. */
#include "law_store.h"

bool law_withheld_most(const struct law *law, day_t on, struct ratio *share)
{
    const struct law_value *value = law_param(law, LAW_PARAM_withheld_most, 0, on);

    if (value != NULL) {
        *share = (struct ratio){ value->num, value->den };
    }
    return value != NULL;
}

enum law_missed law_missed_months(const struct law *law, enum benefit benefit, int reason, day_t resumed_on)
{
    bool unemployment = benefit_family(benefit) == FAMILY_unemployment;
    int key = unemployment ? 0 : reason < 0 ? REASON_other : reason;
    const struct law_value *value = law_param(law, unemployment ? LAW_PARAM_missed_months_unemployment : LAW_PARAM_missed_months,
                                              key, resumed_on);

    /* Before the first value nobody has read what the law said: somebody decides. */
    if (value == NULL) {
        return LAW_MISSED_UNDECIDED;
    }
    return value->num == 1 ? LAW_MISSED_PAID : value->num == 0 ? LAW_MISSED_NOT_PAID : LAW_MISSED_UNDECIDED;
}
