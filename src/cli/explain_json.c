/*
 * explain_json.c - the story of one entitlement for programs: one object, names as in `list` and in the
 * intake's columns, amounts as whole numbers, exact values as fractions in text.
 */
#include "explain_words.h"

#include "chitra/text.h"

#include <inttypes.h>
#include <stdio.h>

struct json {
    struct buf *out;
    enum status rc;             /* the first failure; later calls do nothing */
    bool first;                 /* nothing stands in the present object or array yet */
};

static void put(struct json *json, const char *text)
{
    if (json->rc == STATUS_OK) {
        json->rc = buf_add_text(json->out, text);
    }
}

/* A comma where one belongs, and the name of what follows (NULL in an array). */
static void key(struct json *json, const char *name)
{
    put(json, json->first ? "" : ",");
    json->first = false;
    if (name != NULL) {
        put(json, "\"");
        put(json, name);
        put(json, "\":");
    }
}

static void open_at(struct json *json, const char *name, const char *bracket)
{
    key(json, name);
    put(json, bracket);
    json->first = true;
}

static void close_at(struct json *json, const char *bracket)
{
    put(json, bracket);
    json->first = false;
}

static void put_span(struct json *json, const char *name, struct span text)
{
    key(json, name);
    if (json->rc == STATUS_OK) {
        json->rc = text_add_json(json->out, text);
    }
}

static void put_text(struct json *json, const char *name, const char *text)
{
    put_span(json, name, span_of(text));
}

static void put_number(struct json *json, const char *name, int64_t number)
{
    char text[24];

    text[money_write(number, text)] = '\0';
    key(json, name);
    put(json, text);
}

static void put_bool(struct json *json, const char *name, bool value)
{
    key(json, name);
    put(json, value ? "true" : "false");
}

static void put_digest(struct json *json, const char *name, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];

    digest_hex(digest, hex);
    put_text(json, name, hex);
}

static void put_month(struct json *json, const char *name, month_t month)
{
    char text[8];

    month_write(month, text);
    put_text(json, name, text);
}

static void put_day(struct json *json, const char *name, day_t day)
{
    char text[11];

    day_write(day, text);
    put_text(json, name, text);
}

/* ---- facts ---- */

static void put_approved(struct json *json, const struct ledger_approved *approved)
{
    char at[SYS_TIME_BYTES];

    put_day(json, "approved_on", approved->approved_on);
    if (approved->name[0] != '\0') {
        explain_time(approved->signed_at, at);
        put_text(json, "approval", approved->name);
        put_digest(json, "approval_sha256", &approved->list);
        put_text(json, "signed_at", at);
        put_digest(json, "signer", &approved->signer);
    }
}

static void put_facts(struct json *json, const struct facts *facts)
{
    char value[24];

    open_at(json, "facts", "{");
    for (int fact = 0; fact < FACT_NUMBER; fact++) {
        if (facts_has(facts, (enum fact)fact)) {
            fact_write((enum fact)fact, facts->value[fact], value);
            put_text(json, fact_name((enum fact)fact), value);
        }
    }
    close_at(json, "}");
}

static void put_version(struct json *json, const struct explained_version *version)
{
    const struct ledger_provenance *from = &version->provenance;
    char account[16];
    struct span shown = explain_account(version->entitlement.account);

    open_at(json, NULL, "{");
    put_number(json, "version", version->entitlement.version);
    put_text(json, "file", from->intake);
    put_digest(json, "sha256", &from->sha256);
    put_number(json, "line", (int64_t)from->line);
    put_approved(json, &from->approved);
    open_at(json, "corrections", "[");
    for (size_t i = 0; i < from->correction_count; i++) {
        open_at(json, NULL, "{");
        put_text(json, "column", from->correction[i].column);
        put_approved(json, &from->correction[i].approved);
        close_at(json, "}");
    }
    close_at(json, "]");
    put_text(json, "channel", fact_word(FACT_channel, version->entitlement.channel));
    put_span(json, "bank", version->entitlement.bank);
    snprintf(account, sizeof(account), "%s%.*s", shown.size > 0 ? "..." : "", (int)shown.size, shown.data);
    put_text(json, "account", account);
    put_facts(json, &version->facts);
    close_at(json, "}");
}

static void put_stops(struct json *json, const struct explanation *story)
{
    open_at(json, "stops", "[");
    for (size_t i = 0; i < story->stop_count; i++) {
        open_at(json, NULL, "{");
        put_text(json, "kind", fact_word(FACT_kind, story->stop[i].kind));
        put_day(json, "from_date", story->stop[i].from);
        put_text(json, "reason", story->stop[i].reason < 0 ? "" : fact_word(FACT_reason, story->stop[i].reason));
        close_at(json, "}");
    }
    close_at(json, "]");
}

static void put_holds(struct json *json, const struct explanation *story)
{
    open_at(json, "holds", "[");
    for (size_t i = 0; i < story->hold_count; i++) {
        open_at(json, NULL, "{");
        put_text(json, "payment_id", story->hold[i].payment_id);
        put_text(json, "reason", story->hold[i].reason);
        close_at(json, "}");
    }
    close_at(json, "]");
}

/* ---- months ---- */

static void put_step(struct json *json, const struct law_step *step, enum language language)
{
    char value[EXPLAIN_VALUE_BYTES];

    open_at(json, NULL, "{");
    put_text(json, "rule", step->rule);
    put_text(json, "text", explain_rule(step->rule, language));
    explain_exact(step->value, value);
    put_text(json, "value", value);
    explain_value(step->value, step->unit, language, value);
    put_text(json, "shown", value);
    put_text(json, "source", step->source);
    if (step->from != DAY_NONE) {
        put_day(json, "from", step->from);
    }
    put_bool(json, "unconfirmed", step->unconfirmed);
    close_at(json, "}");
}

static void put_parameter(struct json *json, const struct law_parameter *parameter, enum language language)
{
    char value[EXPLAIN_VALUE_BYTES];
    bool translated = language == LANGUAGE_vi && parameter->title_vi[0] != '\0';

    open_at(json, NULL, "{");
    put_text(json, "name", parameter->name);
    put_span(json, "key", parameter->key);
    put_text(json, "text", translated ? parameter->title_vi : parameter->title);
    explain_exact(parameter->value, value);
    put_text(json, "value", value);
    explain_value(parameter->value, parameter->unit, language, value);
    put_text(json, "shown", value);
    put_text(json, "source", parameter->source);
    put_day(json, "from", parameter->from);
    if (parameter->to != INT32_MAX) {
        put_day(json, "to", parameter->to);
    }
    put_bool(json, "unconfirmed", parameter->unconfirmed);
    close_at(json, "}");
}

static void put_law(struct json *json, const struct explained_month *month, enum language language)
{
    open_at(json, "steps", "[");
    for (unsigned i = 0; i < month->trace.count; i++) {
        put_step(json, &month->trace.step[i], language);
    }
    close_at(json, "]");
    open_at(json, "parameters", "[");
    for (unsigned i = 0; i < month->trace.parameter_count; i++) {
        put_parameter(json, &month->trace.parameter[i], language);
    }
    close_at(json, "]");
    open_at(json, "amounts", "[");
    for (unsigned i = 0; i < month->result.count; i++) {
        open_at(json, NULL, "{");
        put_text(json, "component", component_name(month->result.amount[i].component));
        put_number(json, "amount", month->result.amount[i].amount_dong);
        put_text(json, "basis", month->result.amount[i].basis);
        close_at(json, "}");
    }
    close_at(json, "]");
}

static void put_tries(struct json *json, const struct explained_obligation *obligation)
{
    open_at(json, "payments", "[");
    for (size_t i = 0; i < obligation->tried_count; i++) {
        const struct ledger_tried *tried = &obligation->tried[i];
        bool collected = tried->cash && tried->state == PAYMENT_BOOKED;
        open_at(json, NULL, "{");
        put_text(json, "payment_id", tried->payment_id);
        put_number(json, "attempt", tried->attempt);
        put_number(json, "amount", tried->amount_dong);
        put_text(json, "msg_id", tried->msg_id);
        put_text(json, "state", collected ? "collected" : payment_state_name(tried->state));
        put_span(json, "reason", tried->reason);
        if (tried->day != DAY_NONE) {
            put_day(json, "state_on", tried->day);
        }
        put_span(json, "answer", tried->answer);
        close_at(json, "}");
    }
    close_at(json, "]");
}

static void put_obligation(struct json *json, const struct explained_obligation *obligation)
{
    const struct ledger_story *story = &obligation->story;

    open_at(json, NULL, "{");
    put_month(json, "period", story->key.period);
    put_text(json, "component", component_name(story->key.component));
    put_number(json, "seq", story->key.seq);
    put_number(json, "amount", story->amount_dong);
    put_text(json, "state", obligation_state_name(story->state));
    put_span(json, "reason", story->reason);
    put_span(json, "order_id", story->order_id);
    if (obligation->checked) {
        put_number(json, "recalculated", obligation->recalculated_dong);
        put_bool(json, "agrees", obligation->recalculated_dong == story->amount_dong);
    }
    if (obligation->difference) {
        put_number(json, "month_due", obligation->due_dong);
        put_number(json, "month_provided", obligation->provided_dong);
        put_number(json, "month_owed_back", obligation->owed_back_dong);
    }
    put_text(json, "payment_id", story->payment_id);
    put_text(json, "parent", story->parent);
    if (obligation->filed) {
        put_number(json, "payment_amount", story->payment_dong);
        put_text(json, "msg_id", story->msg_id);
        put_text(json, "file_state", file_state_name(obligation->file.state));
        put_text(json, "path", obligation->file.path);
        put_day(json, "pay_date", obligation->file.batch.pay_date);
    }
    put_tries(json, obligation);
    close_at(json, "}");
}

static void put_months(struct json *json, const struct explanation *story, enum language language)
{
    static const char *const nothing[] = { [NOTHING_MISSING] = "", [NOTHING_NOT_BEGUN] = "not begun",
                                           [NOTHING_VALID_TO] = "valid_to is over", [NOTHING_GRANTED] = "no more months",
                                           [NOTHING_DEAD] = "deceased", [NOTHING_ENDED] = "ended",
                                           [NOTHING_SUSPENDED] = "suspended", [NOTHING_SETTLED] = "settled before",
                                           [NOTHING_PLANNED] = "not planned yet" };

    open_at(json, "months", "[");
    for (size_t i = 0; i < story->month_count; i++) {
        const struct explained_month *month = &story->month[i];
        open_at(json, NULL, "{");
        put_month(json, "period", month->period);
        put_number(json, "run", month->run.run);
        put_month(json, "run_period", month->run.period);
        put_text(json, "sealed_at", month->run.created_at);
        put_digest(json, "law_sha256", &month->run.law);
        put_number(json, "version", story->version[month->version].entitlement.version);
        put_text(json, "nothing", nothing[month->nothing]);
        put_law(json, month, language);
        open_at(json, "obligations", "[");
        for (size_t o = 0; o < month->count; o++) {
            put_obligation(json, &story->obligation[month->first + o]);
        }
        close_at(json, "]");
        close_at(json, "}");
    }
    close_at(json, "]");
}

enum status explain_json(const struct explanation *explanation, enum language language, struct buf *out)
{
    struct json json = { out, STATUS_OK, true };

    open_at(&json, NULL, "{");
    put_span(&json, "entitlement_id", explanation->entitlement.id);
    put_text(&json, "benefit", benefit_name(explanation->entitlement.benefit));
    put_text(&json, "unit", explanation->unit);
    open_at(&json, "versions", "[");
    for (size_t i = 0; i < explanation->version_count; i++) {
        put_version(&json, &explanation->version[i]);
    }
    close_at(&json, "]");
    put_stops(&json, explanation);
    put_holds(&json, explanation);
    put_months(&json, explanation, language);
    put_bool(&json, "agrees", explanation->differences == 0);
    close_at(&json, "}\n");
    return json.rc;
}
