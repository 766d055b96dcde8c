/* stats.c - `chitra stats`: cash against non-cash, for one period or a series of them. */
#include "cli.h"

#include "chitra/bank.h"
#include "chitra/site.h"
#include "chitra/stats.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static const char usage[] =
    "usage: chitra stats --period P[..P] [--format csv|json|html|xlsx] [-o FILE]\n"
    "Shows how many people, in cities and in the country, are paid in cash and how many are not.\n\n"
    "      --period P[..P]   the month, YYYY-MM, or the first and the last of a series\n"
    "      --format F        csv (without it), json, html or xlsx\n"
    "  -o, --output FILE     into this file, whole or not at all, instead of standard output\n"
    "  -C DIR                the site\n"
    "  -h, --help            this\n";

enum {
    TABLE_BYTES_MAX = 16 * 1024 * 1024,
    OUTPUT_BYTES_MAX = 1 << 30,     /* every cell of a century of months */
    PERIODS_MAX = 1200              /* a hundred years */
};

enum format { FORMAT_CSV, FORMAT_JSON, FORMAT_HTML, FORMAT_XLSX, FORMATS };
static const char *const format_name[FORMATS] = { "csv", "json", "html", "xlsx" };

struct statistics {
    month_t first, last;
    bool series;                    /* P..P, also if both are the same: JSON gives an array then */
    enum format format;
    const char *output;             /* NULL: standard output */
    struct site site;
    struct ledger *ledger;
    struct directory *directory;
    struct stats_target *target;
    struct buf out;
    struct stats_xlsx *xlsx;
    int memory;                     /* where it is written */
    day_t as_of;
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

static enum status format_begin(struct statistics *to, struct diag *diag)
{
    char path[SYS_MEMORY_PATH_BYTES];
    enum status rc = STATUS_OK;

    switch (to->format) {
    case FORMAT_JSON:
        return buf_add_text(&to->out, to->series ? "[" : "");
    case FORMAT_HTML:
        return stats_html_begin(to->site.config->agency, to->as_of, &to->out);
    case FORMAT_XLSX:
        rc = sys_memory_file(&to->memory, path, diag);
        return rc == STATUS_OK ? stats_xlsx_new(path, to->site.config->agency, to->as_of, &to->xlsx, diag) : rc;
    default:
        return stats_csv_header(&to->out);
    }
}

static enum status format_add(struct statistics *to, const struct stats *stats)
{
    enum status rc = STATUS_OK;

    switch (to->format) {
    case FORMAT_JSON:
        rc = stats->period == to->first ? STATUS_OK : buf_add_text(&to->out, ",\n");
        return rc == STATUS_OK ? stats_json(stats, to->as_of, &to->out) : rc;
    case FORMAT_HTML:
        return stats_html(stats, &to->out);
    case FORMAT_XLSX:
        stats_xlsx_add(to->xlsx, stats, to->as_of);
        return STATUS_OK;
    default:
        return stats_csv(stats, &to->out);
    }
}

static enum status format_end(struct statistics *to, struct diag *diag)
{
    struct stats_xlsx *xlsx = to->xlsx;
    enum status rc = STATUS_OK;

    switch (to->format) {
    case FORMAT_JSON:
        return buf_add_text(&to->out, to->series ? "]\n" : "\n");
    case FORMAT_HTML:
        return stats_html_end(&to->out);
    case FORMAT_XLSX:
        to->xlsx = NULL;
        rc = stats_xlsx_end(xlsx, diag);
        return rc == STATUS_OK ? sys_read_stream(to->memory, &to->out, diag) : rc;
    default:
        return STATUS_OK;
    }
}

static enum status period_add(struct statistics *to, month_t period, struct diag *diag)
{
    const struct stats_settings settings = { area_of, to->directory, to->target, to->site.config->target_count };
    struct stats *stats = NULL;

    enum status rc = stats_new(to->ledger, period, &settings, &stats, diag);
    if (rc == STATUS_OK) {
        rc = format_add(to, stats);
    }
    stats_free(stats);
    return rc;
}

static enum status series_make(struct statistics *to, struct diag *diag)
{
    struct sys_time now;
    enum status rc = sys_now(&now, diag);

    if (rc == STATUS_OK) {
        to->as_of = now.day;
        rc = format_begin(to, diag);
    }
    for (month_t period = to->first; period <= to->last && rc == STATUS_OK; period++) {
        rc = period_add(to, period, diag);
    }
    return rc == STATUS_OK ? format_end(to, diag) : rc;
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
        cli_wrong("a series of at most %d months is expected: found %s", PERIODS_MAX, text);
        return false;
    }
    return true;
}

static bool format_read(const char *text, enum format *format)
{
    for (*format = FORMAT_CSV; *format < FORMATS; (*format)++) {
        if (strcmp(text, format_name[*format]) == 0) {
            return true;
        }
    }
    cli_wrong("a format is expected: found %s, expected csv, json, html or xlsx", text);
    return false;
}

/* A spreadsheet is bytes that a terminal would not survive. */
static bool output_fits(const struct statistics *to)
{
    if (to->format == FORMAT_XLSX && to->output == NULL && sys_is_terminal(STDOUT_FILENO)) {
        cli_wrong("a spreadsheet goes into a file: -o FILE, or into a pipe");
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
            good = format_read(optarg, &to->format);
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
    if (!cli_operands(argc, argv, 0, 0, NULL)) {
        return false;
    }
    if (to->first == MONTH_NONE) {
        cli_wrong("--period is needed");
        return false;
    }
    return output_fits(to);
}

int cli_stats(int argc, char **argv)
{
    struct diag diag = { 0 };
    struct statistics to = { .first = MONTH_NONE, .site = { .dir = -1, .lock = -1, .formats = -1 },
                             .out = BUF_INIT(OUTPUT_BYTES_MAX), .memory = -1 };

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
    if (to.xlsx != NULL && stats_xlsx_end(to.xlsx, NULL) != STATUS_OK) {
        rc = rc == STATUS_OK ? STATUS_IO : rc;
    }
    sys_memory_close(to.memory);
    ledger_close(to.ledger);
    directory_free(to.directory);
    site_close(&to.site);
    free(to.target);
    buf_release(&to.out);
    return rc == STATUS_OK ? 0 : cli_fail(&diag, rc);
}
