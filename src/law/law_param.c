/* Looking parameters up by date, and what every regime says at its end: refused, or paid. */
#include "law_store.h"

struct param_entry {
    const char *name;
    enum law_kind kind;
    enum law_key key;
};

static const struct param_entry PARAMS[LAW_PARAM_NUMBER] = {
#define X(name, kind, key) { #name, LAW_KIND_##kind, LAW_KEY_##key },
    LAW_PARAM_LIST(X)
#undef X
};

static const char *const KEY_WORDS[LAW_KEY_NUMBER] = {
#define X(name, words) words,
    LAW_KEY_LIST(X)
#undef X
};

static const char *const RULE_NAMES[LAW_RULE_NUMBER] = {
#define X(name, text) text,
    LAW_RULE_LIST(X)
#undef X
};

const char *law_param_name(enum law_param_id id)
{
    return PARAMS[id].name;
}

enum law_kind law_param_kind(enum law_param_id id)
{
    return PARAMS[id].kind;
}

const char *law_param_words(enum law_param_id id)
{
    return KEY_WORDS[PARAMS[id].key];
}

unsigned law_param_keys(enum law_param_id id)
{
    unsigned count = 1;

    for (const char *words = law_param_words(id); *words != '\0'; words++) {
        count += *words == '|' ? 1 : 0;
    }
    return count;
}

const char *law_rule_name(enum law_rule rule)
{
    ASSERT(rule < LAW_RULE_NUMBER);
    return RULE_NAMES[rule];
}

static const struct law_series *series_of(const struct law *law, enum law_param_id id, int key)
{
    unsigned number = law->first[id] + (unsigned)key;

    ASSERT(key >= 0 && number < (id + 1 < LAW_PARAM_NUMBER ? law->first[id + 1] : law->series_count));
    return &law->series[number];
}

const struct law_value *law_param(const struct law *law, enum law_param_id id, int key, day_t on)
{
    const struct law_series *series = series_of(law, id, key);

    for (unsigned i = series->count; i-- > 0;) {
        const struct law_value *value = &series->value[i];
        if (on >= value->from) {
            return on <= value->to ? value : NULL;
        }
    }
    return NULL;
}

/* The word of a key: "F" of "F|M". */
static struct span key_word(enum law_param_id id, int key)
{
    const char *words = KEY_WORDS[PARAMS[id].key];

    for (; key > 0; key--) {
        words = strchr(words, '|') + 1;
    }
    return (struct span){ words, strcspn(words, "|") };
}

static void parameter_add(struct law_context *context, enum law_param_id id, int key, const struct law_value *value)
{
    static const enum law_unit units[] = { [LAW_KIND_money] = LAW_DONG, [LAW_KIND_percent] = LAW_PERCENT,
                                           [LAW_KIND_count] = LAW_TIMES, [LAW_KIND_age] = LAW_AGE_MONTHS };
    struct law_trace *trace = context->trace;
    const struct law_title *title = &context->law->title[id];
    struct span word = key_word(id, key);

    for (unsigned i = 0; i < trace->parameter_count; i++) {
        const struct law_parameter *known = &trace->parameter[i];
        if (known->name == PARAMS[id].name && known->key.data == word.data && known->from == value->from) {
            return;
        }
    }
    ASSERT(trace->parameter_count < LAW_PARAMETERS_MAX);
    trace->parameter[trace->parameter_count++] = (struct law_parameter){
        .name = PARAMS[id].name, .key = word, .title = title->en, .title_vi = title->vi,
        .value = law_fraction((__int128)value->num * (PARAMS[id].kind == LAW_KIND_percent ? 100 : 1), value->den),
        .unit = units[PARAMS[id].kind], .from = value->from, .to = value->to, .source = value->source,
        .unconfirmed = value->unconfirmed,
    };
}

const struct law_value *law_find(struct law_context *context, enum law_param_id id, int key, day_t on)
{
    const struct law_value *value = law_param(context->law, id, key, on);

    if (context->trace != NULL && value != NULL) {
        parameter_add(context, id, key, value);
    }
    return value;
}

const struct law_value *law_need(struct law_context *context, enum law_param_id id, int key, day_t on,
                                 enum fact column)
{
    const struct law_value *value = law_find(context, id, key, on);

    if (value == NULL) {
        const struct law_series *series = series_of(context->law, id, key);
        bool early = on < series->value[0].from;
        *context->refusal = (struct law_refusal){
            column, early ? series->before : series->after,
            early ? series->value[0].source : series->value[series->count - 1].source,
        };
    }
    return value;
}

enum law_verdict law_refuse(struct law_context *context, enum fact column, const char *reason,
                            const char *source)
{
    *context->refusal = (struct law_refusal){ column, reason, source };
    return LAW_REFUSED;
}

enum law_verdict law_no_formula(const struct law_context *context)
{
    defect(__FILE__, __LINE__, benefit_name(context->benefit));
}

bool law_has(struct law_context *context, enum fact fact, const char *source)
{
    if (!facts_has(context->facts, fact)) {
        (void)law_refuse(context, fact, "is needed for this benefit", source);
        return false;
    }
    return true;
}

enum law_verdict law_pay(struct law_context *context, enum component component, struct exact value,
                         const char *basis, enum fact column)
{
    struct law_result *result = context->result;
    int64_t amount;

    ASSERT(value.num >= 0 && result->count < LAW_AMOUNTS_MAX);
    if (!exact_round(value, &amount) || amount > MONEY_DONG_MAX) {
        return law_refuse(context, column, "gives an amount over every limit", "");
    }
    result->amount[result->count++] = (struct law_amount){ component, amount, basis };
    return LAW_DUE;
}

void law_trace_add(struct law_trace *trace, enum law_rule rule, const struct law_step *step)
{
    ASSERT(trace->count < LAW_STEPS_MAX);
    trace->step[trace->count] = *step;
    trace->step[trace->count++].rule = law_rule_name(rule);
}
