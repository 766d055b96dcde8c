/* The table of status kinds, and the end of a process whose promise is broken. */
#include "chitra/status.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    int exit_code;
    const char *text;
} kinds[] = {
#define X(name, code, text) [STATUS_##name] = { code, text },
    STATUS_LIST(X)
#undef X
};

const char *status_text(enum status status)
{
    ASSERT((size_t)status < sizeof(kinds) / sizeof(kinds[0]));
    return kinds[status].text;
}

int status_exit_code(enum status status)
{
    ASSERT((size_t)status < sizeof(kinds) / sizeof(kinds[0]));
    return kinds[status].exit_code;
}

_Noreturn void defect(const char *file, int line, const char *promise)
{
    fprintf(stderr, "chitra: %s:%d: a defect in chitra: %s\n", file, line, promise);
    abort();
}
