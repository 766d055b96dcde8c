/* paying.c - what the law says of paying beside the amounts: how much of a month may be withheld. */
#include "law_store.h"

bool law_withheld_most(const struct law *law, day_t on, struct ratio *share)
{
    const struct law_value *value = law_param(law, LAW_PARAM_withheld_most, 0, on);

    if (value != NULL) {
        *share = (struct ratio){ value->num, value->den };
    }
    return value != NULL;
}
