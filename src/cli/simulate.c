/* simulate.c - `chitra simulate`: what a month would cost under a draft law file, beside today's law. */
#include "cli.h"

#include "chitra/simulate.h"

#include <inttypes.h>

static const char usage[] =
    "usage: chitra simulate --law FILE --period P [--format table|csv|json]\n"
    "Shows what the month would cost under a draft law file beside the law in force, by regime, unit and\n"
    "sex: people, cost, difference, gainers and losers. Nothing in the site changes.\n\n"
    "      --law FILE    the draft: a copy of formats/law/vn.xml with what changes (-: standard input)\n"
    "      --period P    the month, YYYY-MM\n"
    "      --format F    table, csv or json (table); the table has the totals alone\n"
    "  -C DIR            the site\n"
    "  -h, --help        this\n";

enum { LAW_BYTES_MAX = 16 * 1024 * 1024, OUTPUT_BYTES_MAX = 64 * 1024 * 1024 };

enum form { FORM_TABLE, FORM_CSV, FORM_JSON };

struct request {
    const char *law;
    month_t period;
    enum form form;
};

/* One row of output: a cell and its three words. */
struct shown {
    const struct simulation_cell *cell;
    const char *regime, *unit, *sex;
    unsigned all;               /* how many of them are `all` */
    bool first;                 /* of its block in the table */
};

static const char *sex_word(int sex)
{
    return sex == SIMULATION_SEX_ALL ? "all" : sex == SIMULATION_SEX_UNKNOWN ? "unknown" : fact_word(FACT_sex, sex);
}

static int64_t difference(const struct simulation_cell *cell)
{
    return cell->gained_dong - cell->lost_dong;
}

/* ---- forms ---- */

static enum status table_row(const struct shown *row, struct buf *out)
{
    const struct simulation_cell *cell = row->cell;

    if (row->all < 2) {
        return STATUS_OK;
    }
    return buf_add_format(out,
                          "%s%-12s  %-6s  %-7s  %9" PRIu64 "  %9" PRIu64 "  %16" PRId64 "  %16" PRId64 "  %15" PRId64
                          "  %9" PRIu64 "  %9" PRIu64 "  %7" PRIu64 "\n",
                          row->first ? "\n" : "", row->regime, row->unit, row->sex, cell->people, cell->people_draft,
                          cell->cost_dong, cell->cost_draft_dong, difference(cell), cell->gainers, cell->losers,
                          cell->refused);
}

static enum status csv_row(const char *period, const struct shown *row, struct buf *out)
{
    const struct simulation_cell *cell = row->cell;

    return buf_add_format(out,
                          "%s,%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRIu64
                          ",%" PRId64 ",%" PRIu64 ",%" PRId64 ",%" PRIu64 "\n",
                          period, row->regime, row->unit, row->sex, cell->people, cell->people_draft, cell->cost_dong,
                          cell->cost_draft_dong, difference(cell), cell->gainers, cell->gained_dong, cell->losers,
                          cell->lost_dong, cell->refused);
}

static enum status json_row(const struct shown *row, bool first, struct buf *out)
{
    const struct simulation_cell *cell = row->cell;

    return buf_add_format(out,
                          "%s\n{\"regime\": \"%s\", \"unit\": \"%s\", \"sex\": \"%s\", \"people\": %" PRIu64
                          ", \"people_draft\": %" PRIu64 ", \"cost\": %" PRId64 ", \"cost_draft\": %" PRId64
                          ", \"difference\": %" PRId64 ", \"gainers\": %" PRIu64 ", \"gained\": %" PRId64
                          ", \"losers\": %" PRIu64 ", \"lost\": %" PRId64 ", \"refused\": %" PRIu64 "}",
                          first ? "" : ",", row->regime, row->unit, row->sex, cell->people, cell->people_draft,
                          cell->cost_dong, cell->cost_draft_dong, difference(cell), cell->gainers, cell->gained_dong,
                          cell->losers, cell->lost_dong, cell->refused);
}

static enum status begin(const struct simulation *simulation, enum form form, const char *period, struct buf *out)
{
    char law[DIGEST_HEX_BYTES];
    char draft[DIGEST_HEX_BYTES];

    digest_hex(&simulation->law, law);
    digest_hex(&simulation->draft, draft);
    switch (form) {
    case FORM_CSV:
        return buf_add_text(out, "period,regime,unit,sex,people,people_draft,cost,cost_draft,difference,gainers,gained,"
                                 "losers,lost,refused\n");
    case FORM_JSON:
        return buf_add_format(out, "{\"period\": \"%s\", \"law\": \"%s\", \"draft\": \"%s\", \"rows\": [", period, law,
                              draft);
    default:
        return buf_add_format(out, "%s\nlaw    %s\ndraft  %s\n\n%-12s  %-6s  %-7s  %9s  %9s  %16s  %16s  %15s  %9s  %9s  %7s\n",
                              period, law, draft, "regime", "unit", "sex", "people", "draft", "cost", "draft",
                              "difference", "gainers", "losers", "refused");
    }
}

/* Rows in the order of their columns, `all` last in each; combinations of nobody are left out, the total never. */
static enum status simulation_write(const struct simulation *simulation, enum form form, struct buf *out)
{
    struct shown row = { .cell = NULL };
    unsigned block = 0;
    char period[8];
    bool none = true;

    month_write(simulation->period, period);
    enum status rc = begin(simulation, form, period, out);
    for (int i = 0; i < SIMULATION_CELLS && rc == STATUS_OK; i++) {
        int sex = i % (SIMULATION_SEX_ALL + 1);
        int unit = i / (SIMULATION_SEX_ALL + 1) % (SIMULATION_UNIT_ALL + 1);
        int regime = i / (SIMULATION_SEX_ALL + 1) / (SIMULATION_UNIT_ALL + 1);
        bool every[] = { regime == SIMULATION_REGIME_ALL, unit == SIMULATION_UNIT_ALL, sex == SIMULATION_SEX_ALL };
        unsigned which = (every[0] ? 1U : 0U) | (every[1] ? 2U : 0U) | (every[2] ? 4U : 0U);
        row.cell = simulation_cell(simulation, regime, unit, sex);
        row.all = (unsigned)every[0] + every[1] + every[2];
        if (row.cell->people + row.cell->people_draft + row.cell->refused == 0 && row.all < 3) {
            continue;
        }
        row.regime = every[0] ? "all" : family_name((enum family)regime);
        row.unit = every[1] ? "all" : simulation->unit[unit];
        row.sex = sex_word(sex);
        row.first = row.all >= 2 && block != 0 && which != block;
        block = row.all >= 2 ? which : block;
        rc = form == FORM_CSV    ? csv_row(period, &row, out)
             : form == FORM_JSON ? json_row(&row, none, out)
                                 : table_row(&row, out);
        none = false;
    }
    return rc == STATUS_OK && form == FORM_JSON ? buf_add_text(out, "\n]}\n") : rc;
}

/* ---- the command ---- */

static enum status simulate(const struct request *request, struct simulation *simulation, struct diag *diag)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct buf draft = BUF_INIT(LAW_BYTES_MAX);

    enum status rc = cli_open(&site, &ledger, true, diag);
    if (rc == STATUS_OK) {
        rc = cli_read(request->law, &draft, diag);
    }
    if (rc == STATUS_OK) {
        /* A run may go on beside us: everything is read from one moment. */
        rc = ledger_begin(ledger, diag);
    }
    if (rc == STATUS_OK) {
        rc = run_simulate(&site, ledger, request->period, buf_span(&draft), request->law, simulation, diag);
        ledger_rollback(ledger);
    }
    buf_release(&draft);
    ledger_close(ledger);
    site_close(&site);
    return rc;
}

static int show(const struct simulation *simulation, enum form form)
{
    struct buf out = BUF_INIT(OUTPUT_BYTES_MAX);
    const struct simulation_cell *all =
        simulation_cell(simulation, SIMULATION_REGIME_ALL, SIMULATION_UNIT_ALL, SIMULATION_SEX_ALL);

    enum status rc = simulation_write(simulation, form, &out);
    ASSERT(rc == STATUS_OK);                            /* a row is far below its share of the cap */
    (void)fwrite(out.data, 1, out.size, stdout);        /* cli_end asks how it went */
    buf_release(&out);
    if (all->refused > 0) {
        cli_problem("chitra: entitlements without an answer in one of the laws, in no sum: %" PRIu64, all->refused);
    } else if (all->people + all->people_draft == 0) {
        cli_say("chitra: nobody in the register is due in this month; what waits in intake/ does not count");
    }
    return all->refused > 0 ? 1 : 0;
}

static bool form_read(const char *text, enum form *form)
{
    static const char *const names[] = { [FORM_TABLE] = "table", [FORM_CSV] = "csv", [FORM_JSON] = "json" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(text, names[i]) == 0) {
            *form = (enum form)i;
            return true;
        }
    }
    cli_wrong("--format: found %s, expected table, csv or json", text);
    return false;
}

static bool options_read(int argc, char **argv, struct request *request)
{
    static const struct option known[] = {
        { "law", required_argument, NULL, 'l' }, { "period", required_argument, NULL, 'p' },
        { "format", required_argument, NULL, 'f' }, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        bool good = true;
        switch (option) {
        case 'l':
            request->law = optarg;
            break;
        case 'p':
            good = cli_month(optarg, &request->period);
            break;
        case 'f':
            good = form_read(optarg, &request->form);
            break;
        default:
            good = cli_common(option, usage);
        }
        if (!good) {
            return false;
        }
    }
    if (request->law == NULL || request->period == MONTH_NONE) {
        cli_wrong("--law and --period are needed");
        return false;
    }
    return cli_operands(argc, argv, 0, 0, NULL);
}

int cli_simulate(int argc, char **argv)
{
    struct request request = { .period = MONTH_NONE };
    struct simulation simulation = { .cell = NULL };
    struct diag diag = { .line = 0 };

    if (!options_read(argc, argv, &request)) {
        return cli_usage(usage);
    }
    enum status rc = simulate(&request, &simulation, &diag);
    int code = rc == STATUS_OK ? show(&simulation, request.form) : cli_fail(&diag, rc);
    simulation_release(&simulation);
    return code;
}
