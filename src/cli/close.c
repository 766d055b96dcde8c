/* close.c - `chitra close`: an officer's last word on what answers contradict, and on money that nobody will get. */
#include "decide.h"

static const char usage[] =
    "usage: chitra close ID --reason TEXT [--as NAME --key KEY]\n"
    "Closes the open breaks of a payment (its EndToEndId) or a file (its MsgId); if there are none, what of a payment or an\n"
    "entitlement is held or has finally failed.\n\n"
    "  --reason TEXT         what was found out, or why nobody is paid; it stays on record\n"
    "  --as NAME --key KEY   who certifies it, under policy dual\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

int cli_close(int argc, char **argv)
{
    return decide_do(run_close, argc, argv, usage);
}
