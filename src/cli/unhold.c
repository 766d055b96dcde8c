/* unhold.c - `chitra unhold`: lets go what is held by hand, or by a screen that may be lifted. */
#include "decide.h"

static const char usage[] =
    "usage: chitra unhold ID --reason TEXT [--as NAME --key KEY]\n"
    "Ends the hold by hand on an entitlement or a payment (its EndToEndId), or lifts what a screen holds of it.\n\n"
    "  --reason TEXT         why it may be paid; it stays on record\n"
    "  --as NAME --key KEY   who certifies it, under policy dual\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_unhold(int argc, char **argv)
{
    return decide_do(run_unhold, argc, argv, usage);
}
