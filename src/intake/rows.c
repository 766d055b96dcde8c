/* The fields of one row against each other. What needs the law or the register is not decided here. */
#include "intake_internal.h"

enum {
    AUTHORISED_MONTHS_MAX = 12,     /* somebody else collects for at most 12 months */
    BIN_DIGITS = 6                  /* a NAPAS bank identification number */
};

static const struct row_fault ROW_IS_GOOD = { NULL, NULL };

static struct row_fault fault(const char *column, const char *expected)
{
    return (struct row_fault){ column, expected };
}

static bool is_given(uint32_t texts, enum text text)
{
    return (texts >> text & 1) != 0;
}

static struct row_fault required_check(struct required required, const struct intake_row *row, uint32_t texts)
{
    uint32_t no_texts = required.texts & ~texts;
    uint64_t no_facts = required.facts & ~row->facts.given;

    if (no_texts != 0) {
        return fault(text_name((enum text)__builtin_ctz(no_texts)), NULL);
    }
    return no_facts == 0 ? ROW_IS_GOOD : fault(fact_name((enum fact)__builtin_ctzll(no_facts)), NULL);
}

static bool is_bin(struct span bank)
{
    for (size_t i = 0; i < bank.size; i++) {
        if (bank.data[i] < '0' || bank.data[i] > '9') {
            return false;
        }
    }
    return bank.size == BIN_DIGITS;
}

/* Bank and wallet pay to an account at a bank; cash is fetched at a payment point. */
static struct row_fault channel_check(const struct intake_row *row, uint32_t texts)
{
    if (!facts_has(&row->facts, FACT_channel) || row->facts.value[FACT_channel] == CHANNEL_cash) {
        return ROW_IS_GOOD;
    }
    if (is_given(texts, TEXT_bank) && !is_bin(row->text[TEXT_bank])) {
        return fault("bank", "6 digits, the bank's BIN, for channel bank or wallet");
    }
    return ROW_IS_GOOD;
}

/* True if both are given and the second comes before the first. */
static bool is_reversed(const struct facts *facts, enum fact first, enum fact second)
{
    return facts_has(facts, first) && facts_has(facts, second) && facts->value[second] < facts->value[first];
}

static struct row_fault dates_check(const struct facts *facts)
{
    if (is_reversed(facts, FACT_valid_from, FACT_valid_to)) {
        return fault("valid_to", "a date not before valid_from");
    }
    if (!facts_has(facts, FACT_authorised_from)) {
        return ROW_IS_GOOD;
    }
    if (!facts_has(facts, FACT_authorised_until)) {
        return fault("authorised_until", "the end of what begins with authorised_from");
    }
    if (is_reversed(facts, FACT_authorised_from, FACT_authorised_until)) {
        return fault("authorised_until", "a date not before authorised_from");
    }
    day_t until_max = day_add_months((day_t)facts->value[FACT_authorised_from], AUTHORISED_MONTHS_MAX);
    if (facts->value[FACT_authorised_until] > until_max) {
        return fault("authorised_until", "at most 12 months after authorised_from");
    }
    return ROW_IS_GOOD;
}

/* What a run needs beside the columns that every row gives. */
static struct row_fault payable_check(const struct intake_row *row, uint32_t texts)
{
    if (!is_given(texts, TEXT_beneficiary_id) && !is_given(texts, TEXT_citizen_id)) {
        return fault("beneficiary_id", "10 digits, or a citizen_id");
    }
    if (row->facts.value[FACT_channel] != CHANNEL_cash && !is_given(texts, TEXT_account)) {
        return fault("account", NULL);
    }
    if (row->benefit == BENEFIT_pension && !facts_has(&row->facts, FACT_birth_date)) {
        return fault("birth_date", NULL);
    }
    if (row->benefit == BENEFIT_pension && !facts_has(&row->facts, FACT_sex)) {
        return fault("sex", NULL);
    }
    return ROW_IS_GOOD;
}

static struct row_fault entitlement_check(const struct row_check *check, const struct intake_row *row,
                                          uint32_t texts)
{
    struct row_fault found = ROW_IS_GOOD;

    if (benefit_family(row->benefit) != check->family) {
        return fault("benefit", "a benefit of the file's family");
    }
    if (check->purpose == INTAKE_FOR_RUN) {
        found = payable_check(row, texts);
    }
    if (found.column == NULL) {
        found = channel_check(row, texts);
    }
    return found.column == NULL ? dates_check(&row->facts) : found;
}

static struct row_fault somebody_check(uint32_t texts)
{
    return is_given(texts, TEXT_entitlement_id) || is_given(texts, TEXT_beneficiary_id)
               ? ROW_IS_GOOD
               : fault("entitlement_id", "1-35 of A-Z a-z 0-9 / . - _, or a beneficiary_id");
}

static struct row_fault correction_check(const struct intake_row *row, uint32_t texts)
{
    const uint32_t new_texts = TEXT_BIT(bank) | TEXT_BIT(account) | TEXT_BIT(payee_name) | TEXT_BIT(commune);
    const uint64_t new_facts = FACT_BIT(channel) | FACT_BIT(authorised_until);
    struct row_fault found = somebody_check(texts);

    if (found.column != NULL) {
        return found;
    }
    if ((texts & new_texts) == 0 && (row->facts.given & new_facts) == 0) {
        return fault("row", "at least one column that is corrected");
    }
    /* Another channel needs its own place: an account number at a point of the post pays nobody. */
    if (facts_has(&row->facts, FACT_channel) && !is_given(texts, TEXT_bank)) {
        return fault("bank", NULL);
    }
    if (facts_has(&row->facts, FACT_channel) && row->facts.value[FACT_channel] != CHANNEL_cash &&
        !is_given(texts, TEXT_account)) {
        return fault("account", NULL);
    }
    return channel_check(row, texts);
}

static struct row_fault order_check(const struct intake_row *row, uint32_t texts)
{
    if (row->facts.value[FACT_amount] == 0) {
        return fault("amount", "1 dong or more");
    }
    if (is_reversed(&row->facts, FACT_from_month, FACT_to_month)) {
        return fault("to_month", "a month not before from_month");
    }
    if (row->facts.value[FACT_kind] != KIND_deduction) {
        return is_given(texts, TEXT_replaces) ? fault("replaces", "only for deductions") : ROW_IS_GOOD;
    }
    struct required creditor = { 0, TEXT_BIT(creditor_name) | TEXT_BIT(creditor_bank) | TEXT_BIT(creditor_account) };
    return required_check(creditor, row, texts);
}

struct row_fault row_check(const struct row_check *check, const struct intake_row *row, uint32_t texts)
{
    struct row_fault found = required_check(check->required, row, texts);

    if (found.column != NULL) {
        return found;
    }
    switch (check->family) {
    case FAMILY_stops:
        return somebody_check(texts);
    case FAMILY_corrections:
        return correction_check(row, texts);
    case FAMILY_orders:
        return order_check(row, texts);
    case FAMILY_cash_results:
        return row->facts.value[FACT_state] == STATE_collected && !facts_has(&row->facts, FACT_on_date)
                   ? fault("on_date", NULL) : ROW_IS_GOOD;
    default:
        return entitlement_check(check, row, texts);
    }
}
