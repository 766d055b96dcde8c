/* stats.c - `chitra stats`: cash against non-cash, for one period or a series of them. */
#include "cli.h"

#include "chitra/bank.h"
#include "chitra/site.h"
#include "chitra/stats.h"

#include <fcntl.h>
#include <stdlib.h>

static const char usage[] =
    "usage: chitra stats --period P[..P] [--format csv|json] [-o FILE]\n"
    "Shows how many people, in cities and in the country, are paid in cash and how many are not.\n\n"
    "      --period P[..P]   the month, YYYY-MM, or the first and the last of a series\n"
    "      --format F        csv (without it) or json\n"
    "  -o, --output FILE     into this file, whole or not at all, instead of standard output\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

enum {
    TABLE_BYTES_MAX = 16 * 1024 * 1024,
    OUTPUT_BYTES_MAX = 1 << 30,     /* every cell of a century of months */
    PERIODS_MAX = 1200              /* a hundred years */
};

struct statistics {
    month_t first, last;
    bool series;                    /* P..P, also if both are the same: JSON gives an array then */
    bool json;
    const char *output;             /* NULL: standard output */
    struct site site;
    struct ledger *ledger;
    struct directory *directory;
    struct stats_target *target;
    struct buf out;
};

static int area_of(const void *context, uint32_t commune, day_t day)
{
    const struct directory *directory = context;
    char code[16];

    int size = snprintf(code, sizeof(code), "%05u", (unsigned)commune);
    const struct commune_entry *entry = directory_commune(directory, (struct span){ code, (size_t)size }, day);
    return entry == NULL ? -1 : entry->area;
}

static enum status directory_load(struct statistics *to, struct diag *diag)
{
    struct buf banks = BUF_INIT(TABLE_BYTES_MAX);
    struct buf communes = BUF_INIT(TABLE_BYTES_MAX);

    enum status rc = sys_read(to->site.formats, "directory/banks.csv", &banks, diag);
    if (rc == STATUS_OK) {
        rc = sys_read(to->site.formats, "directory/communes.csv", &communes, diag);
    }
    if (rc == STATUS_OK) {
        rc = directory_new(buf_span(&banks), buf_span(&communes), &to->directory, diag);
    }
    buf_release(&banks);
    buf_release(&communes);
    return rc;
}

static enum status sources_open(struct statistics *to, struct diag *diag)
{
    enum status rc = cli_open(&to->site, &to->ledger, true, diag);

    if (rc == STATUS_OK) {
        rc = directory_load(to, diag);
    }
    if (rc != STATUS_OK) {
        return rc;
    }
    to->target = mem_alloc(to->site.config->target_count + 1, sizeof(*to->target));
    for (unsigned i = 0; i < to->site.config->target_count; i++) {
        const struct site_target *target = &to->site.config->target[i];
        to->target[i] = (struct stats_target){ target->from, target->share, target->families };
    }
    /* Every period from one moment, whatever a run does meanwhile. */
    return ledger_begin(to->ledger, diag);
}

static enum status period_add(struct statistics *to, month_t period, day_t as_of, struct diag *diag)
{
    const struct stats_settings settings = { area_of, to->directory, to->target, to->site.config->target_count };
    struct stats *stats = NULL;

    enum status rc = stats_new(to->ledger, period, &settings, &stats, diag);
    if (rc == STATUS_OK && !to->json) {
        rc = stats_csv(stats, &to->out);
    } else if (rc == STATUS_OK) {
        rc = period == to->first ? STATUS_OK : buf_add_text(&to->out, ",\n");
        rc = rc == STATUS_OK ? stats_json(stats, as_of, &to->out) : rc;
    }
    stats_free(stats);
    return rc;
}

static enum status series_make(struct statistics *to, struct diag *diag)
{
    struct sys_time now;
    enum status rc = sys_now(&now, diag);

    if (rc == STATUS_OK) {
        rc = to->json ? buf_add_text(&to->out, to->series ? "[" : "") : stats_csv_header(&to->out);
    }
    for (month_t period = to->first; period <= to->last && rc == STATUS_OK; period++) {
        rc = period_add(to, period, now.day, diag);
    }
    if (rc == STATUS_OK && to->json) {
        rc = buf_add_text(&to->out, to->series ? "]\n" : "\n");
    }
    return rc;
}

static enum status output_write(const struct statistics *to, struct diag *diag)
{
    if (to->output != NULL) {
        return sys_publish(AT_FDCWD, to->output, buf_span(&to->out), diag);
    }
    if (fwrite(to->out.data, 1, to->out.size, stdout) != to->out.size) {
        return diag_errno(diag, "standard output", NULL);
    }
    return STATUS_OK;
}

static bool periods_read(const char *text, struct statistics *to)
{
    const char *dots = strstr(text, "..");
    char first[16];

    if (dots == NULL) {
        to->series = false;
        bool good = cli_month(text, &to->first);
        to->last = to->first;
        return good;
    }
    to->series = true;
    snprintf(first, sizeof(first), "%.*s", (int)(dots - text), text);
    if (!cli_month(first, &to->first) || !cli_month(dots + 2, &to->last)) {
        return false;
    }
    if (to->last < to->first || to->last - to->first >= PERIODS_MAX) {
        fprintf(stderr, "chitra: a series of at most %d months is expected: found %s\n", PERIODS_MAX, text);
        return false;
    }
    return true;
}

static bool format_read(const char *text, bool *json)
{
    *json = strcmp(text, "json") == 0;
    if (strcmp(text, "html") == 0 || strcmp(text, "xlsx") == 0) {
        fprintf(stderr, "chitra: statistics as %s are not made yet: csv and json are\n", text);
        return false;
    }
    if (!*json && strcmp(text, "csv") != 0) {
        fprintf(stderr, "chitra: a format is expected: found %s, expected csv or json\n", text);
        return false;
    }
    return true;
}

static bool arguments_take(struct statistics *to, int argc, char **argv)
{
    static const struct option options[] = {
        { "period", required_argument, NULL, 'p' }, { "format", required_argument, NULL, 'f' },
        { "output", required_argument, NULL, 'o' }, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT "o:", options, NULL)) != -1) {
        bool good = true;
        switch (option) {
        case 'p':
            good = periods_read(optarg, to);
            break;
        case 'f':
            good = format_read(optarg, &to->json);
            break;
        case 'o':
            to->output = strcmp(optarg, "-") == 0 ? NULL : optarg;
            break;
        default:
            good = cli_common(option, usage);
        }
        if (!good) {
            return false;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "chitra: no argument is expected: found %s\n", argv[optind]);
        return false;
    }
    if (to->first == MONTH_NONE) {
        fprintf(stderr, "chitra: --period is missing\n");
        return false;
    }
    return true;
}

int cli_stats(int argc, char **argv)
{
    struct diag diag = { 0 };
    struct statistics to = { .first = MONTH_NONE, .site = { .dir = -1, .lock = -1, .formats = -1 },
                             .out = BUF_INIT(OUTPUT_BYTES_MAX) };

    if (!arguments_take(&to, argc, argv)) {
        return cli_usage(usage);
    }
    enum status rc = sources_open(&to, &diag);
    if (rc == STATUS_OK) {
        rc = series_make(&to, &diag);
    }
    if (rc == STATUS_OK) {
        rc = output_write(&to, &diag);
    }
    ledger_close(to.ledger);
    directory_free(to.directory);
    site_close(&to.site);
    free(to.target);
    buf_release(&to.out);
    return rc == STATUS_OK ? 0 : cli_fail(&diag, rc);
}
