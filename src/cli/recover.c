/* recover.c - `chitra recover`: a restored ledger learns again what was done. */
#include "cli.h"

#include "chitra/run_recover.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra recover\n"
    "Does again, in a ledger that was restored from a backup, what archive/journal/ says was done since.\n"
    "Nothing but the ledger and its metrics is written.\n\n"
    "  -C DIR                the site\n"
    "  -q, --quiet           faults only\n"
    "  -h, --help            this\n";

static void print_recovered(const struct run_recovered *recovered, uint64_t faults)
{
    if (recovered->events == 0) {
        printf("nothing to recover: the ledger knows what was done\n");
    } else {
        printf("recovered %" PRIu64 " events, %" PRId64 " to %" PRId64 "\n", recovered->events, recovered->first,
               recovered->last);
    }
    if (faults > 0) {
        printf("faults %" PRIu64 "\n", faults);
    }
}

static int recover_it(void)
{
    struct site site;
    char user[64];
    struct run_faults faults = { .tell = cli_fault };
    struct run_recovered recovered;
    struct diag diag = { 0 };
    static char bar[] = "recover";
    struct run_recover_options options = { .folder = cli_options.site, .who = user, .context = bar };

    sys_user(user, sizeof(user));
    if (cli_has_bar()) {
        options.progress = cli_bar;
    }
    enum status rc = site_open(cli_options.site, SITE_WRITE, &site, &diag);
    if (rc == STATUS_OK) {
        rc = run_recover(&site, &options, &faults, &recovered, &diag);
    }
    int code = rc != STATUS_OK ? cli_fail(&diag, rc) : cli_metrics(&site);
    site_close(&site);
    if (rc != STATUS_OK) {
        return code;
    }
    if (!cli_options.quiet) {
        print_recovered(&recovered, faults.count);
    }
    cli_note("recovered %" PRIu64 " events", recovered.events);
    return code == 0 && faults.count > 0 ? 1 : code;
}

int cli_recover(int argc, char **argv)
{
    if (!cli_common_only(argc, argv, usage)) {
        return cli_usage(usage);
    }
    return cli_operands(argc, argv, 0, 0, NULL) ? recover_it() : cli_usage(usage);
}
