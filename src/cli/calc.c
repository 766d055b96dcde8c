/*
 * calc.c - `chitra calc`: amounts for intake rows, without a site and without a state.
 *
 * Rows are read in batches, calculated, and their amounts gathered in one text, which is written once
 * the structure of the whole input is known to be good: from a file that is refused nothing comes out.
 */
#include "cli.h"

#include "chitra/intake.h"
#include "chitra/law.h"
#include "chitra/site.h"
#include "chitra/text.h"

static const char usage[] =
    "usage: chitra calc [--period P] [--law FILE] [FILE]\n"
    "Calculates what intake rows are owed: CSV rows in (FILE, or standard input), amounts out as CSV.\n\n"
    "      --period P    the month that is asked for, YYYY-MM (the month in which each benefit began)\n"
    "      --law FILE    another law file than the one in formats/law/ (-: standard input)\n"
    "  -q, --quiet       findings only, no count of them\n"
    "  -h, --help        this\n";

enum {
    LAW_BYTES_MAX = 16 * 1024 * 1024,
    FINDINGS_FLUSH_BYTES = 64 * 1024,
    FINDINGS_BYTES_MAX = 1 << 20,   /* what can come after the last flush is a path and a reason */
    ROW_BYTES_MAX = 1024        /* an id, names, a month, an amount, and a legal source of one line */
};

/* Over any output that INTAKE_FILE_BYTES_MAX of rows can give. */
#define OUTPUT_BYTES_MAX ((size_t)32 << 30)

struct calculation {
    const char *name;               /* of the input, for findings */
    month_t period;                 /* MONTH_NONE: when the benefit began */
    struct law *law;
    struct intake_reader *reader;
    struct buf out;                 /* amounts */
    struct buf findings;
    uint64_t refused;
    char month[8];                  /* of `month_shown`, written once for many rows */
    month_t month_shown;
};

static void must(enum status rc)
{
    ASSERT(rc == STATUS_OK);        /* every text here is far below its cap */
}

/* ---- findings ---- */

static void finding_add(struct calculation *calculation, uint64_t line, unsigned column, struct span reason)
{
    struct buf *out = &calculation->findings;
    char place[64] = "";

    if (column == 0) {
        snprintf(place, sizeof(place), ":%llu: ", (unsigned long long)line);
    } else {
        snprintf(place, sizeof(place), ":%llu:%u: ", (unsigned long long)line, column);
    }
    must(buf_add_text(out, calculation->name));
    must(buf_add_text(out, place));
    must(buf_add(out, reason.data, reason.size));
    must(buf_add_text(out, "\n"));
    calculation->refused++;
}

static void findings_flush(struct calculation *calculation)
{
    /* Nothing can be said about standard error that does not work. */
    struct span findings = buf_span(&calculation->findings);
    (void)fwrite(findings.data, 1, findings.size, stderr);
    buf_clear(&calculation->findings);
}

/* What the law refuses is said as intake says it: the column, then the reason, then the article. */
static void refusal_add(struct calculation *calculation, const struct intake_row *row,
                        const struct law_refusal *refusal)
{
    const char *column = fact_name(refusal->column);
    char reason[DIAG_BYTES_MAX];
    int size = refusal->source[0] == '\0'
                   ? snprintf(reason, sizeof(reason), "%s: %s", column, refusal->reason)
                   : snprintf(reason, sizeof(reason), "%s: %s (%s)", column, refusal->reason, refusal->source);

    ASSERT(size > 0 && (size_t)size < sizeof(reason));
    finding_add(calculation, row->line, intake_column(calculation->reader, row, column),
                (struct span){ reason, (size_t)size });
}

/* ---- amounts ---- */

static void text_put(char **at, const char *text)
{
    size_t size = strlen(text);

    memcpy(*at, text, size);
    (*at)[size] = ',';
    *at += size + 1;
}

/* One row of output. Ids, names and numbers never need quotes; legal sources can. */
static void amount_add(struct calculation *calculation, const struct intake_row *row, month_t period,
                       const struct law_amount *amount)
{
    struct buf *out = &calculation->out;
    struct span id = row->text[TEXT_entitlement_id];

    if (period != calculation->month_shown) {
        month_write(period, calculation->month);
        calculation->month_shown = period;
    }
    ASSERT(id.size <= 35);          /* intake has checked it */
    must(buf_reserve(out, ROW_BYTES_MAX));
    char *at = out->data + out->size;
    memcpy(at, id.data, id.size);
    at += id.size;
    *at++ = ',';
    text_put(&at, benefit_name(row->benefit));
    text_put(&at, calculation->month);
    text_put(&at, component_name(amount->component));
    at += money_write(amount->amount_dong, at);
    *at++ = ',';
    out->size = (size_t)(at - out->data);
    must(text_add_csv(out, span_of(amount->basis), false));
    must(buf_add(out, "\n", 1));
}

static void row_calculate(struct calculation *calculation, const struct intake_row *row)
{
    struct law_result result;
    struct law_refusal refusal;
    month_t period = calculation->period;

    if (period == MONTH_NONE) {
        /* Without a beginning any month does: the law says which fact is missing. */
        month_t begun = law_month_begun(row->benefit, &row->facts);
        period = begun == MONTH_NONE ? MONTH_ONCE : begun;
    }
    switch (law_calc(calculation->law, row->benefit, &row->facts, period, &result, &refusal, NULL)) {
    case LAW_DUE:
        for (unsigned i = 0; i < result.count; i++) {
            amount_add(calculation, row, period, &result.amount[i]);
        }
        break;
    case LAW_REFUSED:
        refusal_add(calculation, row, &refusal);
        break;
    case LAW_NOT_DUE:
        break;
    }
}

/* Findings of a batch in the order of its lines: those of intake and those of the law. */
static void batch_calculate(struct calculation *calculation, const struct intake_batch *batch)
{
    size_t next = 0;

    for (size_t i = 0; i <= batch->row_count; i++) {
        uint64_t line = i < batch->row_count ? batch->row[i].line : UINT64_MAX;
        for (; next < batch->finding_count && batch->finding[next].line < line; next++) {
            const struct intake_finding *finding = &batch->finding[next];
            finding_add(calculation, finding->line, finding->column, finding->reason);
        }
        if (i < batch->row_count) {
            row_calculate(calculation, &batch->row[i]);
        }
        if (calculation->findings.size > FINDINGS_FLUSH_BYTES) {
            findings_flush(calculation);
        }
    }
    findings_flush(calculation);
}

static enum status family_check(const struct calculation *calculation, struct diag *diag)
{
    enum family family = intake_family(calculation->reader);

    if (family == FAMILY_COUNT || family < FAMILY_stops) {
        return STATUS_OK;
    }
    enum status rc = diag_fail(diag, STATUS_INPUT, "the file holds %s, which have no amount of their own",
                               family_name(family));
    diag_at(diag, calculation->name, 1, 0);
    return rc;
}

static enum status rows_calculate(struct calculation *calculation, struct span content, struct diag *diag)
{
    struct intake_batch batch;

    intake_batch_init(&batch);
    enum status rc = intake_new(content, calculation->name, INTAKE_FOR_CALC, &calculation->reader, diag);
    for (bool more = true; rc == STATUS_OK && more;) {
        rc = intake_read(calculation->reader, &batch, diag);
        more = rc == STATUS_OK && (batch.row_count > 0 || batch.finding_count > 0);
        if (more) {
            rc = family_check(calculation, diag);
        }
        if (rc == STATUS_OK && more) {
            batch_calculate(calculation, &batch);
        }
    }
    intake_free(calculation->reader);
    intake_batch_release(&batch);
    return rc;
}

/* ---- input ---- */

/* The law file that was named, or the one in formats/; the schema is always ours. */
static enum status law_read(const char *path, struct law **law, struct diag *diag)
{
    char folder[DIAG_FILE_BYTES];
    struct buf xml = BUF_INIT(LAW_BYTES_MAX);
    struct buf xsd = BUF_INIT(LAW_BYTES_MAX);
    int formats = -1;

    enum status rc = site_formats_open(&formats, folder, diag);
    if (rc == STATUS_OK) {
        rc = sys_read(formats, "law/law.xsd", &xsd, diag);
    }
    if (rc == STATUS_OK) {
        rc = path == NULL ? sys_read(formats, "law/vn.xml", &xml, diag) : cli_read(path, &xml, diag);
    }
    if (rc == STATUS_OK) {
        rc = law_new(buf_span(&xml), path == NULL ? "formats/law/vn.xml" : path, buf_span(&xsd), law, diag);
    }
    buf_release(&xml);
    buf_release(&xsd);
    sys_dir_close(formats);
    return rc;
}

static enum status calculate(struct calculation *calculation, const char *law, struct diag *diag)
{
    struct buf content = BUF_INIT(INTAKE_FILE_BYTES_MAX);

    enum status rc = law_read(law, &calculation->law, diag);
    if (rc == STATUS_OK) {
        rc = cli_read(calculation->name, &content, diag);
    }
    if (rc == STATUS_OK) {
        must(buf_add_text(&calculation->out, "entitlement_id,benefit,period,component,amount,basis\n"));
        rc = rows_calculate(calculation, buf_span(&content), diag);
    }
    buf_release(&content);
    law_free(calculation->law);
    return rc;
}

static bool options_read(int argc, char **argv, struct calculation *calculation, const char **law)
{
    static const struct option known[] = {
        { "period", required_argument, NULL, 'p' },
        { "law", required_argument, NULL, 'l' },
        CLI_LONG,
        { NULL, 0, NULL, 0 },
    };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (option == 'p') {
            if (!cli_month(optarg, &calculation->period)) {
                return false;
            }
        } else if (option == 'l') {
            *law = optarg;
        } else if (!cli_common(option, usage)) {
            return false;
        }
    }
    if (!cli_operands(argc, argv, 0, 1, NULL)) {
        return false;
    }
    if (optind < argc) {
        calculation->name = argv[optind++];
    }
    if (*law != NULL && strcmp(*law, "-") == 0 && strcmp(calculation->name, "-") == 0) {
        cli_wrong("standard input cannot hold both the rows and the law file");
        return false;
    }
    return true;
}

int cli_calc(int argc, char **argv)
{
    struct calculation calculation = { .name = "-", .period = MONTH_NONE, .month_shown = MONTH_NONE,
                                       .out = BUF_INIT(OUTPUT_BYTES_MAX),
                                       .findings = BUF_INIT(FINDINGS_BYTES_MAX) };
    struct diag diag = { .line = 0 };
    const char *law = NULL;

    if (!options_read(argc, argv, &calculation, &law)) {
        return cli_usage(usage);
    }
    enum status rc = calculate(&calculation, law, &diag);
    if (rc == STATUS_OK) {
        (void)fwrite(calculation.out.data, 1, calculation.out.size, stdout);    /* cli_end asks how it went */
    }
    buf_release(&calculation.out);
    buf_release(&calculation.findings);
    if (rc != STATUS_OK) {
        return cli_fail(&diag, rc);
    }
    if (calculation.refused > 0) {
        cli_say("chitra: rows refused: %llu", (unsigned long long)calculation.refused);
    }
    return calculation.refused > 0 ? 1 : 0;
}
