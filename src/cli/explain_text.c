/* explain_text.c - the story of one entitlement for people. */
#include "explain_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct telling {
    const struct explanation *story;
    enum language language;
    struct buf *out;
    enum status rc;             /* the first failure; later calls do nothing */
};

static void say(struct telling *to, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct telling *to, const char *format, ...)
{
    char text[2 * DIAG_BYTES_MAX];
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    ASSERT(size >= 0 && (size_t)size < sizeof(text));   /* names and sources have their limits */
    if (to->rc == STATUS_OK) {
        to->rc = buf_add(to->out, text, (size_t)size);
    }
}

static const char *word(const struct telling *to, enum explain_word which)
{
    return explain_word(which, to->language);
}

static const char *name_of(const struct telling *to, const char *name)
{
    return explain_name(name, to->language);
}

/* ---- facts ---- */

static void say_approved(struct telling *to, const struct ledger_approved *approved)
{
    char day[11];
    char at[SYS_TIME_BYTES];
    char signer[DIGEST_HEX_BYTES];

    day_write(approved->approved_on, day);
    say(to, "  %s %s; ", word(to, WORD_approved_on), day);
    if (approved->name[0] == '\0') {
        say(to, "%s\n", word(to, WORD_no_approval));
        return;
    }
    explain_time(approved->signed_at, at);
    digest_hex(&approved->signer, signer);
    say(to, "%s %s, %s %s, %s %s\n", word(to, WORD_approval), approved->name, word(to, WORD_signed_at), at,
        word(to, WORD_signer), signer);
}

static void say_payee(struct telling *to, const struct ledger_entitlement *entitlement)
{
    struct span account = explain_account(entitlement->account);

    say(to, "  %s: %s %.*s", word(to, WORD_paid_by), name_of(to, fact_word(FACT_channel, entitlement->channel)),
        (int)entitlement->bank.size, entitlement->bank.data);
    if (account.size > 0) {
        say(to, " ...%.*s", (int)account.size, account.data);
    }
    say(to, "\n");
}

/* The column and, in Vietnamese, what it is. */
static void say_fact(struct telling *to, enum fact fact, const char *value)
{
    say(to, "    %-32s %s", fact_name(fact), value);
    if (to->language != LANGUAGE_en) {
        say(to, "   (%s)", explain_fact(fact_name(fact), to->language));
    }
    say(to, "\n");
}

static void say_version(struct telling *to, const struct explained_version *version)
{
    const struct ledger_provenance *from = &version->provenance;
    char sha256[DIGEST_HEX_BYTES];
    char value[24];

    digest_hex(&from->sha256, sha256);
    say(to, "\n%s, %s %" PRId64 "\n", word(to, WORD_facts), word(to, WORD_version), version->entitlement.version);
    say(to, "  %s %s, %s %" PRIu64 " (SHA-256 %s)\n", word(to, WORD_source), from->intake, word(to, WORD_line), from->line,
        sha256);
    say_approved(to, &from->approved);
    for (size_t i = 0; i < from->correction_count; i++) {
        say(to, "  %s: %s\n  ", word(to, WORD_corrected), from->correction[i].column);
        say_approved(to, &from->correction[i].approved);
    }
    say_payee(to, &version->entitlement);
    for (int fact = 0; fact < FACT_NUMBER; fact++) {
        if (facts_has(&version->facts, (enum fact)fact)) {
            fact_write((enum fact)fact, version->facts.value[fact], value);
            say_fact(to, (enum fact)fact, value);
        }
    }
}

static void say_stops(struct telling *to)
{
    char day[11];

    if (to->story->stop_count > 0) {
        say(to, "\n%s\n", word(to, WORD_stops));
    }
    for (size_t i = 0; i < to->story->stop_count; i++) {
        const struct ledger_stop_state *stop = &to->story->stop[i];
        day_write(stop->from, day);
        say(to, "  %s %s %s\n", day, name_of(to, fact_word(FACT_kind, stop->kind)),
            stop->reason < 0 ? "" : explain_stop_reason(fact_word(FACT_reason, stop->reason), to->language));
    }
}

static void say_holds(struct telling *to)
{
    if (to->story->hold_count > 0) {
        say(to, "\n%s\n", word(to, WORD_by_hand));
    }
    for (size_t i = 0; i < to->story->hold_count; i++) {
        const struct ledger_hold *hold = &to->story->hold[i];
        say(to, "  %s%s%s\n", hold->payment_id, hold->payment_id[0] == '\0' ? "" : ": ", hold->reason);
    }
}

/* ---- months ---- */

/* Since when, and until when if that is known. */
static void say_since(struct telling *to, day_t from, day_t until)
{
    char day[11];

    if (from != DAY_NONE) {
        day_write(from, day);
        say(to, "; %s %s", word(to, WORD_since), day);
    }
    if (until != INT32_MAX) {
        day_write(until, day);
        say(to, " %s %s", word(to, WORD_until), day);
    }
}

static void say_parameters(struct telling *to, const struct explained_month *month)
{
    char value[EXPLAIN_VALUE_BYTES];
    char source[EXPLAIN_SOURCE_BYTES];

    if (month->trace.parameter_count > 0) {
        say(to, "  %s\n", word(to, WORD_parameters));
    }
    for (unsigned i = 0; i < month->trace.parameter_count; i++) {
        const struct law_parameter *parameter = &month->trace.parameter[i];
        bool translated = to->language == LANGUAGE_vi && parameter->title_vi[0] != '\0';
        explain_value(parameter->value, parameter->unit, to->language, value);
        explain_source(parameter->source, to->language, source);
        say(to, "    %s%s%.*s: %s  [%s", parameter->name, parameter->key.size > 0 ? " " : "", (int)parameter->key.size,
            parameter->key.data, value, source);
        say_since(to, parameter->from, parameter->to);
        say(to, "%s%s] %s\n", parameter->unconfirmed ? "; " : "",
            parameter->unconfirmed ? word(to, WORD_unconfirmed) : "", translated ? parameter->title_vi : parameter->title);
    }
}

static void say_steps(struct telling *to, const struct explained_month *month)
{
    char value[EXPLAIN_VALUE_BYTES];
    char source[EXPLAIN_SOURCE_BYTES];

    if (month->trace.count > 0) {
        say(to, "  %s\n", word(to, WORD_law_steps));
    }
    for (unsigned i = 0; i < month->trace.count; i++) {
        const struct law_step *step = &month->trace.step[i];
        explain_value(step->value, step->unit, to->language, value);
        explain_source(step->source, to->language, source);
        say(to, "    %s: %s  [%s", explain_rule(step->rule, to->language), value, source);
        say_since(to, step->from, INT32_MAX);
        say(to, "%s%s] %s\n", step->unconfirmed ? "; " : "", step->unconfirmed ? word(to, WORD_unconfirmed) : "",
            step->rule);
    }
    if (month->verdict == LAW_REFUSED) {
        explain_source(month->refusal.source, to->language, source);
        say(to, "    %s: %s [%s]\n", fact_name(month->refusal.column), month->refusal.reason, source);
    }
    for (unsigned i = 0; i < month->result.count; i++) {
        const struct law_amount *amount = &month->result.amount[i];
        explain_source(amount->basis, to->language, source);
        say(to, "    = %s %" PRId64 " %s (%s)  [%s]\n", name_of(to, component_name(amount->component)),
            amount->amount_dong, explain_unit(LAW_DONG, to->language), word(to, WORD_rounding), source);
    }
}

static void say_check(struct telling *to, const struct explained_obligation *obligation)
{
    if (!obligation->checked) {
        say(to, "    %s\n", word(to, obligation_is_closed(obligation->story.state) ? WORD_not_checked : WORD_ordered));
    } else if (obligation->recalculated_dong != obligation->story.amount_dong) {
        say(to, "    %s %" PRId64 "\n", word(to, WORD_disagrees), obligation->recalculated_dong);
    } else {
        say(to, "    %s\n", word(to, obligation->difference ? WORD_agrees_sum : WORD_agrees));
    }
    if (obligation->difference) {
        say(to, "    %s %" PRId64 "; %s %" PRId64 "; %s %" PRId64 "\n", word(to, WORD_due_today), obligation->due_dong,
            word(to, WORD_provided), obligation->provided_dong, word(to, WORD_owed_back), obligation->owed_back_dong);
    }
}

static void say_payment(struct telling *to, const struct explained_obligation *obligation,
                        const struct ledger_entitlement *payee)
{
    const struct ledger_story *story = &obligation->story;
    bool creditor = story->creditor_bank.size > 0;
    struct span bank = creditor ? story->creditor_bank : payee->bank;
    struct span account = explain_account(creditor ? story->creditor_account : payee->account);
    char day[11];

    if (story->order_id.size > 0) {
        say(to, "    %s %.*s\n", word(to, WORD_by_order), (int)story->order_id.size, story->order_id.data);
    }
    if (!obligation->filed) {
        say(to, "    %s %s\n", word(to, WORD_payment_would), story->payment_id);
        return;
    }
    say(to, "    %s %s, %" PRId64 " %s %s %.*s%s%.*s\n", word(to, WORD_payment), story->payment_id, story->payment_dong,
        explain_unit(LAW_DONG, to->language), word(to, WORD_to), (int)bank.size, bank.data,
        account.size > 0 ? " ..." : "", (int)account.size, account.data);
    if (story->parent[0] != '\0') {
        say(to, "    %s %s\n", word(to, WORD_parent), story->parent);
    }
    day_write(obligation->file.batch.pay_date, day);
    say(to, "    %s %s (%s): %s; %s %s\n", word(to, WORD_file), story->msg_id,
        name_of(to, file_state_name(obligation->file.state)), obligation->file.path, word(to, WORD_pay_date), day);
}

/* What banks and the post said of each of its payments. */
static void say_tries(struct telling *to, const struct explained_obligation *obligation)
{
    for (size_t i = 0; i < obligation->tried_count; i++) {
        const struct ledger_tried *tried = &obligation->tried[i];
        const char *state = tried->cash && tried->state == PAYMENT_BOOKED ? "collected" : payment_state_name(tried->state);
        char day[11] = "";
        if (tried->attempt > 0) {
            say(to, "    %s %s, %" PRId64 " %s, %s\n", word(to, WORD_again), tried->payment_id, tried->amount_dong,
                explain_unit(LAW_DONG, to->language), tried->msg_id);
        } else if (tried->state == PAYMENT_INSTRUCTED && tried->answer.size == 0) {
            continue;
        }
        if (tried->day != DAY_NONE) {
            day_write(tried->day, day);
        }
        say(to, "    %s %s%s%s%s%.*s%s%.*s\n", word(to, WORD_became), name_of(to, state), day[0] == '\0' ? "" : ", ", day,
            tried->reason.size == 0 ? "" : ", ", (int)tried->reason.size, tried->reason.data,
            tried->answer.size == 0 ? "" : "; ", (int)tried->answer.size, tried->answer.data);
    }
}

static void say_obligation(struct telling *to, const struct explained_obligation *obligation,
                           const struct ledger_entitlement *payee)
{
    const struct ledger_story *story = &obligation->story;
    char period[8];
    char seq[16] = "";          /* a later difference has a number */
    char reason[DIAG_TEXT_BYTES];

    month_write(story->key.period, period);
    if (story->key.seq > 0) {
        snprintf(seq, sizeof(seq), " #%d", story->key.seq);
    }
    say(to, "  %s %s %s%s: %" PRId64 " %s, %s", word(to, WORD_obligation), period,
        name_of(to, component_name(story->key.component)), seq, story->amount_dong,
        explain_unit(LAW_DONG, to->language), name_of(to, obligation_state_name(story->state)));
    if (story->reason.size > 0) {
        snprintf(reason, sizeof(reason), "%.*s", (int)story->reason.size, story->reason.data);
        say(to, "; %s: %s", word(to, WORD_reason), name_of(to, reason));
    }
    say(to, "\n");
    say_check(to, obligation);
    say_payment(to, obligation, payee);
    say_tries(to, obligation);
}

static void say_nothing(struct telling *to, enum explain_nothing nothing)
{
    static const enum explain_word why[] = { [NOTHING_NOT_BEGUN] = WORD_not_begun, [NOTHING_VALID_TO] = WORD_valid_to,
                                             [NOTHING_GRANTED] = WORD_granted, [NOTHING_DEAD] = WORD_dead,
                                             [NOTHING_ENDED] = WORD_ended, [NOTHING_SUSPENDED] = WORD_suspended,
                                             [NOTHING_SETTLED] = WORD_settled, [NOTHING_PLANNED] = WORD_planned };

    if (nothing != NOTHING_MISSING) {
        say(to, "  %s: %s\n", word(to, WORD_nothing), word(to, why[nothing]));
    }
}

static void say_month(struct telling *to, const struct explained_month *month)
{
    const struct explanation *story = to->story;
    const struct explained_version *version = &story->version[month->version];
    char period[8];
    char run_period[8];
    char law[DIGEST_HEX_BYTES];

    month_write(month->period, period);
    month_write(month->run.period, run_period);
    digest_hex(&month->run.law, law);
    say(to, "\n%s  (%s %d, %s, %s %s; %s %" PRId64 "; %s %s)\n", period, word(to, WORD_run), month->run.number, run_period,
        word(to, WORD_sealed_at), month->run.created_at, word(to, WORD_version), version->entitlement.version,
        word(to, WORD_law_file), law);
    say_steps(to, month);
    say_parameters(to, month);
    say_nothing(to, month->nothing);
    for (size_t i = 0; i < month->count; i++) {
        say_obligation(to, &story->obligation[month->first + i], &version->entitlement);
    }
}

enum status explain_text(const struct explanation *explanation, enum language language, struct buf *out)
{
    struct telling to = { explanation, language, out, STATUS_OK };
    const struct ledger_entitlement *entitlement = &explanation->entitlement;

    say(&to, "%.*s  %s\n", (int)entitlement->id.size, entitlement->id.data,
        name_of(&to, benefit_name(entitlement->benefit)));
    say(&to, "%s %s, %s %.*s\n", word(&to, WORD_unit), explanation->unit, word(&to, WORD_beneficiary),
        (int)entitlement->name.size, entitlement->name.data);
    for (size_t i = 0; i < explanation->version_count; i++) {
        say_version(&to, &explanation->version[i]);
    }
    say_stops(&to);
    say_holds(&to);
    for (size_t i = 0; i < explanation->month_count; i++) {
        say_month(&to, &explanation->month[i]);
    }
    return to.rc;
}
