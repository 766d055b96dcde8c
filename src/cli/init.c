/*
 * init.c - `chitra init`: makes a site, empty or with generated people.
 */
#include "cli.h"
#include "demo.h"

#include "chitra/ledger.h"
#include "chitra/text.h"

#include <fcntl.h>

static const char usage[] =
    "usage: chitra init [--demo [--people N] [--seed S] [--period P]] DIR\n"
    "Makes a site in the folder DIR: its folders and a chitra.xml to edit.\n\n"
    "      --demo        a whole site: keys, banks, units, and approved people who do not exist\n"
    "      --people N    how many of them (2000; 1 to 5000000)\n"
    "      --seed S      the same seed makes the same people (1)\n"
    "      --period P    the first month, YYYY-MM, 2025-07 to 2035-12 (the present one)\n"
    "  -h, --help        this\n";

enum {
    PEOPLE_DEFAULT = 2000,
    /* More than the agency pays. A province's people have to fit the six digits of a citizen's number. */
    PEOPLE_MAX = 5000000
};

/* An example that is valid as it stands, but for the key that it names. */
static const char TEMPLATE[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- The configuration of this site; chitra-config(5) explains every element.\n"
    "     To do before the first run:\n"
    "       1. opening: the first month that this site pays; earlier months count as settled;\n"
    "       2. agency, unit, account, post: your own names, banks and accounts;\n"
    "       3. keys/site.key (mode 0600) and trust/site.crt: the key that signs bank files;\n"
    "       4. officer: who approves intake, by the SHA-256 fingerprint of a certificate in trust/:\n"
    "            openssl x509 -in trust/office.crt -outform DER | sha256sum\n"
    "       5. holiday: the holidays of the year, as announced.\n"
    "     `chitra check` says what is still missing. -->\n"
    "<site xmlns=\"urn:chitra:config:1\" opening=\"%s\">\n"
    "  <agency name=\"Name of the agency\" country=\"VN\"/>\n"
    "  <!-- release: auto | manual | dual. intake: approved | open, which takes unsigned files too. -->\n"
    "  <policy release=\"manual\" intake=\"approved\"/>\n"
    "  <signing key=\"keys/site.key\" certificate=\"trust/site.crt\"/>\n"
    "  <!-- <officer name=\"Name of the office\">\n"
    "         <certificate fingerprint=\"(64 hexadecimal digits)\"/>\n"
    "         <approves/>\n"
    "       </officer> -->\n"
    "\n"
    "  <!-- An example: one unit with an account at Vietcombank, which pays everybody. -->\n"
    "  <unit code=\"01\" name=\"Name of the paying unit\" party=\"UNIT-01\" default=\"970436\">\n"
    "    <account bank=\"970436\" profile=\"vietcombank\" number=\"0000000000\"/>\n"
    "    <post name=\"Name of the provincial post\" bank=\"970449\" account=\"0000000000\"/>\n"
    "  </unit>\n"
    "\n"
    "  <pay-day rule=\"working-day\" number=\"1\"/>\n"
    "  <pay-day channel=\"cash\" rule=\"day-of-month\" number=\"4\"/>\n"
    "\n"
    "  <holiday date=\"%d-01-01\" name=\"New Year's Day\"/>\n"
    "  <holiday date=\"%d-04-30\" name=\"Reunification Day\"/>\n"
    "  <holiday date=\"%d-05-01\" name=\"Labour Day\"/>\n"
    "  <holiday date=\"%d-09-02\" name=\"National Day\"/>\n"
    "\n"
    "  <target from=\"2025-01\" percent=\"68\" families=\"pension unemployment injury survivor\"\n"
    "          source=\"The agency's target for 2025: over 68 %% of urban recipients (act unconfirmed)\"/>\n"
    "  <target from=\"2030-01\" percent=\"75\" families=\"pension unemployment injury survivor\"\n"
    "          source=\"The agency's target for 2030: over 75 %% of urban recipients (act unconfirmed)\"/>\n"
    "</site>\n";

struct init_options {
    const char *folder;
    bool demo;
    bool demo_details;           /* an option that only --demo knows was given */
    struct demo_options details; /* period MONTH_NONE: the present month */
};

static bool number_option(const char *name, const char *text, uint64_t max, uint64_t *number)
{
    if (text_number(span_of(text), max, number)) {
        return true;
    }
    cli_wrong("--%s: found %s, expected a whole number up to %llu", name, text,
            (unsigned long long)max);
    return false;
}

/* One option of our own; false if its value is not acceptable. */
static bool option_take(int option, struct init_options *options)
{
    struct demo_options *details = &options->details;
    options->demo_details = options->demo_details || option != 'd';
    switch (option) {
    case 'd':
        options->demo = true;
        return true;
    case 'n':
        return number_option("people", optarg, PEOPLE_MAX, &details->people) && details->people > 0;
    case 's':
        return number_option("seed", optarg, UINT64_MAX, &details->seed);
    case 'p':
        return cli_month(optarg, &details->period);
    default:
        return false;
    }
}

static bool options_read(int argc, char **argv, struct init_options *options)
{
    static const struct option known[] = {
        { "demo", no_argument, NULL, 'd' },
        { "people", required_argument, NULL, 'n' },
        { "seed", required_argument, NULL, 's' },
        { "period", required_argument, NULL, 'p' },
        CLI_LONG,
        { NULL, 0, NULL, 0 },
    };
    int option;
    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (!cli_common(option, usage) && !option_take(option, options)) {
            return false;
        }
    }
    if (options->demo_details && !options->demo) {
        cli_wrong("--people, --seed and --period need --demo");
        return false;
    }
    if (!cli_operands(argc, argv, 1, 1, "a folder")) {
        return false;
    }
    options->folder = argv[optind];
    return true;
}

/* The provinces and communes of today exist since the first of July 2025; ten years later the people
 * would be too old. */
static enum status period_check(struct demo_options *details, struct diag *diag)
{
    char month[8];
    struct sys_time now;
    if (details->period == MONTH_NONE) {
        enum status rc = sys_now(&now, diag);
        if (rc != STATUS_OK) {
            return rc;
        }
        details->period = day_month(now.day);
    }
    if (details->period < month_of(2025, 7) || details->period > month_of(2035, 12)) {
        month_write(details->period, month);
        diag_fail(diag, STATUS_USAGE, "the demonstration has no people for this month");
        diag_found(diag, "%s", month);
        diag_expected(diag, "2025-07 to 2035-12");
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

/* Makes and opens the folder; refuses one that is a site already. */
static enum status folder_open(const char *folder, int *dir, struct diag *diag)
{
    enum status rc = sys_dir_make(AT_FDCWD, folder, diag);
    rc = rc == STATUS_OK ? sys_dir_open(AT_FDCWD, folder, dir, diag) : rc;
    if (rc == STATUS_OK && sys_exists(*dir, "chitra.xml")) {
        diag_fail(diag, STATUS_CREATE, "the folder holds a site already");
        diag_at(diag, folder, 0, 0);
        diag_found(diag, "chitra.xml");
        rc = STATUS_CREATE;
    }
    return rc;
}

static enum status empty_make(int dir, struct diag *diag)
{
    struct sys_time now;
    struct buf xml = BUF_INIT(1 << 16);
    char month[8];
    enum status rc = sys_now(&now, diag);
    if (rc != STATUS_OK) {
        return rc;
    }
    int year = day_civil(now.day).year;
    month_write(day_month(now.day), month);
    rc = site_folders_make(dir, diag);
    rc = rc == STATUS_OK ? buf_add_format(&xml, TEMPLATE, month, year, year, year, year) : rc;
    rc = rc == STATUS_OK ? sys_publish(dir, "chitra.xml", buf_span(&xml), diag) : rc;
    buf_release(&xml);
    return rc;
}

static void say_made(const struct init_options *options)
{
    char month[8];
    if (!options->demo) {
        cli_say("made a site in %s; now edit %s/chitra.xml", options->folder, options->folder);
        return;
    }
    month_write(options->details.period, month);
    cli_say("made a site with %llu people in %s; next: chitra -C %s run --period %s",
            (unsigned long long)options->details.people, options->folder, options->folder, month);
}

int cli_init(int argc, char **argv)
{
    struct init_options options = { .details = { PEOPLE_DEFAULT, 1, MONTH_NONE } };
    struct diag diag = { .line = 0 };
    struct ledger *ledger = NULL;
    int dir = -1;
    if (!options_read(argc, argv, &options)) {
        return cli_usage(usage);
    }
    enum status rc = options.demo ? period_check(&options.details, &diag) : STATUS_OK;
    rc = rc == STATUS_OK ? folder_open(options.folder, &dir, &diag) : rc;
    if (rc == STATUS_OK) {
        rc = options.demo ? demo_site_make(dir, &options.details, &diag) : empty_make(dir, &diag);
    }
    if (rc == STATUS_OK) {
        rc = ledger_open(options.folder, LEDGER_WRITE, &ledger, &diag);    /* empty, for those who look */
    }
    ledger_close(ledger);
    sys_dir_close(dir);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    say_made(&options);
    return cli_end(0);
}
