/* explain.c - `chitra explain`: why somebody gets this amount, on what law, and where it went. */
#include "cli.h"
#include "explain_words.h"

static const char usage[] =
    "usage: chitra explain ENTITLEMENT [--period P] [--lang vi|en] [--format table|json]\n"
    "Shows the approved facts, each step of the law with its article, and where the money is.\n"
    "A payment's EndToEndId in place of ENTITLEMENT shows that payment's period.\n\n"
    "      --period P    only this month, YYYY-MM (every month)\n"
    "      --lang L      vi or en (en)\n"
    "      --format F    table or json (table)\n"
    "  -C DIR            the site\n"
    "  -h, --help        this\n";

enum { STORY_BYTES_MAX = 256 * 1024 * 1024 };

struct request {
    const char *id;
    month_t period;
    enum language language;
    bool json;
};

static enum status story_read(const struct request *request, const struct site *site, struct ledger *ledger,
                              struct explanation *story, struct diag *diag)
{
    /* A run may go on beside us: everything is read from one moment. */
    enum status rc = ledger_begin(ledger, diag);

    if (rc == STATUS_OK) {
        rc = run_explain(site, ledger, span_of(request->id), request->period, story, diag);
        ledger_rollback(ledger);
    }
    return rc;
}

static int explain_it(const struct request *request)
{
    struct site site;
    struct ledger *ledger = NULL;
    struct explanation story = { .arena = ARENA_INIT };
    struct buf out = BUF_INIT(STORY_BYTES_MAX);
    struct diag diag = { 0 };
    int code = 0;

    enum status rc = cli_open(&site, &ledger, true, &diag);
    if (rc == STATUS_OK) {
        rc = story_read(request, &site, ledger, &story, &diag);
    }
    if (rc == STATUS_OK) {
        rc = request->json ? explain_json(&story, request->language, &out)
                           : explain_text(&story, request->language, &out);
    }
    if (rc == STATUS_OK) {
        (void)fwrite(out.data, 1, out.size, stdout);    /* cli_end asks how it went */
        code = story.differences > 0 ? 1 : 0;
    } else {
        code = cli_fail(&diag, rc);
    }
    buf_release(&out);
    explanation_release(&story);
    ledger_close(ledger);
    site_close(&site);
    return code;
}

static bool is_choice(const char *name, const char *text, const char *const choice[2], int *chosen)
{
    for (*chosen = 0; *chosen < 2; (*chosen)++) {
        if (strcmp(text, choice[*chosen]) == 0) {
            return true;
        }
    }
    cli_wrong("--%s: found %s, expected %s or %s", name, text, choice[0], choice[1]);
    return false;
}

static bool option_take(int option, struct request *request)
{
    static const char *const languages[] = { "en", "vi" };
    static const char *const formats[] = { "table", "json" };
    int chosen = 0;
    bool taken = true;

    switch (option) {
    case 'p':
        return cli_month(optarg, &request->period);
    case 'l':
        taken = is_choice("lang", optarg, languages, &chosen);
        request->language = (enum language)chosen;
        return taken;
    case 'f':
        taken = is_choice("format", optarg, formats, &chosen);
        request->json = chosen == 1;
        return taken;
    default:
        return false;
    }
}

int cli_explain(int argc, char **argv)
{
    static const struct option known[] = {
        { "period", required_argument, NULL, 'p' }, { "lang", required_argument, NULL, 'l' },
        { "format", required_argument, NULL, 'f' }, CLI_LONG, { NULL, 0, NULL, 0 },
    };
    struct request request = { NULL, MONTH_NONE, LANGUAGE_en, false };
    int option;

    cli_getopt_start();
    while ((option = getopt_long(argc, argv, CLI_SHORT, known, NULL)) != -1) {
        if (!cli_common(option, usage) && !option_take(option, &request)) {
            return cli_usage(usage);
        }
    }
    if (!cli_operands(argc, argv, 1, 1, "an entitlement")) {
        return cli_usage(usage);
    }
    request.id = argv[optind];
    return explain_it(&request);
}
