/* hold.c - `chitra hold`: stops what has not left, by hand. */
#include "decide.h"

static const char usage[] =
    "usage: chitra hold ID --reason TEXT [--as NAME --key KEY]\n"
    "Holds everything of an entitlement that has not left, its later months too, or one payment (its EndToEndId).\n\n"
    "  --reason TEXT         why, in words of your own; it is shown wherever something waits for it\n"
    "  --as NAME --key KEY   who holds it, and the private key that proves it; nobody is asked for one\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_hold(int argc, char **argv)
{
    return decide_do(run_hold, argc, argv, usage);
}
