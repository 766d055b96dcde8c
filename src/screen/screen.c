/* screen.c - the screens, in the order in which an officer would ask. */
#include "chitra/screen.h"

const char screen_two_live_ids[] = "two live ids";
const char screen_no_answer[] = "the law file has no answer";
const char screen_awaits_decision[] = "awaits decision on missed months";

/* A name of which nothing is left in the bank's characters cannot be written into its file. */
static bool name_is_writable(struct span name, enum charset charset)
{
    char first = name.size > 0 ? name.data[0] : '\0';
    struct buf out = BUF_INIT(1024);

    if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z')) {
        return true;    /* the usual case, without converting anything */
    }
    enum status rc = text_transliterate(name, charset, 70, &out);
    bool writable = rc == STATUS_OK && out.size > 0;
    buf_release(&out);
    return writable;
}

static const char *screen_bank(const struct screen_facts *facts)
{
    if (facts->channel == CHANNEL_wallet && !facts->wallet_allowed) {
        return "wallet not allowed for the family";
    }
    if (!facts->bank_known) {
        return "bank unknown";
    }
    if (!facts->bank_active) {
        return "bank closed";
    }
    if (!facts->account_open) {
        return "no paying account for the channel";
    }
    if (facts->account.size == 0 || facts->account.size > facts->account_length_max) {
        return "account number missing or too long";
    }
    return name_is_writable(facts->name, facts->charset) ? NULL : "name cannot be written";
}

const char *screen_payment(const struct screen_facts *facts)
{
    if (facts->twin) {
        return screen_two_live_ids;
    }
    /* A written authorisation has a date of its own (L41 art. 10(2)d); the money waits when it is over. */
    if (facts->other_payee && facts->authorised_until != DAY_NONE && facts->authorised_until < facts->pay_date) {
        return "authorisation expired";
    }
    return facts->channel == CHANNEL_cash ? NULL : screen_bank(facts);
}
