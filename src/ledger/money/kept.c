/* kept.c - the usual payments of one unit's plan: a row for each, and their texts one behind the other. */
#include "kept.h"

#include <stdlib.h>

struct kept_payment {
    const char *text;           /* id, bank, account, name, payee_name, facts */
    int64_t ent;
    int64_t amount_dong;
    int64_t batch;
    uint64_t citizen;
    month_t period;             /* of the obligation: MONTH_ONCE of a one-off */
    uint16_t name_size, payee_name_size, facts_size;
    uint8_t id_size, bank_size, account_size;
    uint8_t component, benefit, channel;
};

struct ledger_kept {
    int64_t run;
    int unit;
    struct kept_payment *payment;
    size_t count, room;
    size_t text_bytes;
    struct arena arena;
};

struct ledger_kept *ledger_kept_new(int64_t run, int unit)
{
    struct ledger_kept *kept = mem_alloc(1, sizeof(*kept));

    kept->run = run;
    kept->unit = unit;
    return kept;
}

bool ledger_kept_is_of(const struct ledger_kept *kept, int64_t run, int unit)
{
    return kept->run == run && kept->unit == unit;
}

size_t ledger_kept_bytes(const struct ledger_kept *kept)
{
    return kept->room * sizeof(*kept->payment) + kept->text_bytes;
}

void ledger_kept_free(struct ledger_kept *kept)
{
    if (kept == NULL) {
        return;
    }
    free(kept->payment);
    arena_release(&kept->arena);
    free(kept);
}

static bool comes_after(const struct kept_payment *last, const struct obligation_key *key)
{
    return key->ent > last->ent || (key->ent == last->ent && key->component > last->component);
}

static char *text_put(char *at, struct span text)
{
    if (text.size > 0) {
        memcpy(at, text.data, text.size);
    }
    return at + text.size;
}

void ledger_kept_add(struct ledger_kept *kept, const struct ledger_entitlement *entitlement,
                     const struct ledger_obligation *obligation)
{
    const struct obligation_key *key = &obligation->key;
    struct span facts = entitlement->channel == CHANNEL_cash ? entitlement->facts : SPAN_EMPTY;
    size_t size = entitlement->id.size + entitlement->bank.size + entitlement->account.size + entitlement->name.size +
                  entitlement->payee_name.size + facts.size;

    ASSERT(key->ent == entitlement->ent && key->seq == 0 && obligation->version == entitlement->version);
    ASSERT(kept->count == 0 || comes_after(&kept->payment[kept->count - 1], key));
    ASSERT(entitlement->id.size <= UINT8_MAX && entitlement->bank.size <= UINT8_MAX &&
           entitlement->account.size <= UINT8_MAX && entitlement->name.size <= UINT16_MAX &&
           entitlement->payee_name.size <= UINT16_MAX && facts.size <= UINT16_MAX);
    if (kept->count == kept->room) {
        kept->room = kept->room + kept->room / 2 + 1024;
        kept->payment = mem_resize(kept->payment, kept->room, sizeof(*kept->payment));
    }
    char *text = arena_alloc(&kept->arena, size);
    kept->text_bytes += size;
    kept->payment[kept->count++] = (struct kept_payment){
        .text = text, .ent = key->ent, .amount_dong = obligation->amount_dong, .batch = obligation->batch,
        .citizen = entitlement->citizen, .period = key->period, .name_size = (uint16_t)entitlement->name.size,
        .payee_name_size = (uint16_t)entitlement->payee_name.size, .facts_size = (uint16_t)facts.size,
        .id_size = (uint8_t)entitlement->id.size, .bank_size = (uint8_t)entitlement->bank.size,
        .account_size = (uint8_t)entitlement->account.size, .component = (uint8_t)key->component,
        .benefit = (uint8_t)entitlement->benefit, .channel = (uint8_t)entitlement->channel };
    text = text_put(text, entitlement->id);
    text = text_put(text, entitlement->bank);
    text = text_put(text, entitlement->account);
    text = text_put(text, entitlement->name);
    text = text_put(text, entitlement->payee_name);
    (void)text_put(text, facts);
}

static struct span text_take(const char **at, size_t size)
{
    struct span text = { *at, size };

    *at += size;
    return text;
}

bool kept_get(const struct ledger_kept *kept, size_t index, struct ledger_instruction *instruction)
{
    if (index >= kept->count) {
        return false;
    }
    const struct kept_payment *payment = &kept->payment[index];
    const struct obligation_key key = { payment->period, payment->ent, (enum component)payment->component, 0 };
    const char *at = payment->text;

    *instruction = (struct ledger_instruction){ .batch = payment->batch, .amount_dong = payment->amount_dong,
                                                .benefit = (enum benefit)payment->benefit,
                                                .purpose = key.component, .citizen = payment->citizen,
                                                .channel = payment->channel, .reference = SPAN_EMPTY };
    instruction->id = text_take(&at, payment->id_size);
    instruction->bank = text_take(&at, payment->bank_size);
    instruction->account = text_take(&at, payment->account_size);
    instruction->name = text_take(&at, payment->name_size);
    instruction->payee_name = text_take(&at, payment->payee_name_size);
    instruction->facts = text_take(&at, payment->facts_size);
    payment_id_of(instruction->id, &key, 1, 0, instruction->payment_id);
    return true;
}
