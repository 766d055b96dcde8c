/* The law file of the checkout, loaded once for the tests of a program. */
#ifndef CHITRA_TEST_LAW_FIXTURE_H
#define CHITRA_TEST_LAW_FIXTURE_H

#include "test_law_support.h"

static struct law *law;

static inline int law_make(void **state)
{
    (void)state;
    law = law_test_load();
    return 0;
}

static inline int law_end(void **state)
{
    (void)state;
    law_free(law);
    return 0;
}

#endif
