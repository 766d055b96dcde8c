/* payment_id.c - the EndToEndId of a payment: computed from what it settles, never counted. */
#include "chitra/ledger_money.h"
#include "chitra/text.h"

enum { KEY_BYTES_MAX = 35 + 1 + 7 + 1 + 24 + 1 + 10 + 1 };

static size_t key_write(char *text, struct span id, const struct obligation_key *key)
{
    const char *component = component_name(key->component);
    size_t component_size = strlen(component);
    char *at = text;

    memcpy(at, id.data, id.size);
    at += id.size;
    *at++ = '|';
    month_write(key->period, at);
    at += strlen(at);
    *at++ = '|';
    memcpy(at, component, component_size);
    at += component_size;
    *at++ = '|';
    char digits[20];
    size_t size = money_write(key->seq, digits);
    memcpy(at, digits, size);
    at += size;
    *at++ = '\n';
    return (size_t)(at - text);
}

static bool key_before(const struct obligation_key *a, const struct obligation_key *b)
{
    if (a->period != b->period) {
        return a->period < b->period;
    }
    return a->component != b->component ? a->component < b->component : a->seq < b->seq;
}

void payment_id_of(struct span id, const struct obligation_key *key, size_t count, int attempt,
                   char payment_id[PAYMENT_ID_BYTES])
{
    char one[20 + KEY_BYTES_MAX];
    struct buf more = BUF_INIT(1 << 20);
    struct digest digest;

    ASSERT(id.size <= 35 && count > 0);
    size_t size = money_write(attempt, one);
    one[size++] = '\n';
    if (count == 1) {
        size += key_write(one + size, id, key);
        digest_of((struct span){ one, size }, &digest);
    } else {
        enum status rc = buf_add(&more, one, size);
        const struct obligation_key *last = NULL;
        /* In sorted order whatever order they come in; a payment settles a few keys. */
        for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
            const struct obligation_key *next = NULL;
            for (size_t j = 0; j < count; j++) {
                if ((last == NULL || key_before(last, &key[j])) && (next == NULL || key_before(&key[j], next))) {
                    next = &key[j];
                }
            }
            ASSERT(next != NULL);   /* keys are unique */
            rc = buf_add(&more, one, key_write(one, id, next));
            last = next;
        }
        ASSERT(rc == STATUS_OK);    /* at most a few hundred months of arrears */
        digest_of(buf_span(&more), &digest);
        buf_release(&more);
    }
    text_base32(digest.bytes, DIGEST_BYTES, payment_id, PAYMENT_ID_LENGTH);
    payment_id[PAYMENT_ID_LENGTH] = '\0';
}
