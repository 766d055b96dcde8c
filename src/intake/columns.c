/* Which columns a family has, and what a header makes of them. CONTRACT: "Intake columns". */
#include "intake_internal.h"

#include "chitra/text.h"

#include <limits.h>

#define F(name) FACT_BIT(name)
#define T(name) TEXT_BIT(name)

/* The columns of every family of entitlements. */
#define PERSON_FACTS \
    (F(birth_date) | F(sex) | F(area) | F(channel) | F(authorised_from) | F(authorised_until) | \
     F(approved_on) | F(valid_from) | F(valid_to) | F(paid_through))
#define PERSON_TEXTS \
    (T(entitlement_id) | T(unit) | T(beneficiary_id) | T(citizen_id) | T(name) | T(commune) | \
     T(bank) | T(account) | T(payee_name) | T(approved_by))

static const struct family_columns {
    uint64_t facts;
    uint32_t texts;
} FAMILY_COLUMNS[FAMILY_COUNT] = {
    [FAMILY_pension] = {
        PERSON_FACTS | F(scheme) | F(pension_from) | F(contribution_months) | F(average_salary) |
        F(work_condition) | F(early_basis) | F(months_after_age) | F(minimum_guarantee) | F(pre_1995) |
        F(awarded_amount) | F(awarded_from) | F(contribution_months_before_2014) |
        F(contribution_months_from_2014) | F(event_from), PERSON_TEXTS },
    [FAMILY_sickness] = {
        PERSON_FACTS | F(event_from) | F(salary) | F(months) | F(days) | F(contribution_months) |
        F(work_condition) | F(armed_forces) | F(child_birth_date) | F(used_days) | F(convalescence_case),
        PERSON_TEXTS },
    [FAMILY_maternity] = {
        PERSON_FACTS | F(event_from) | F(average_salary) | F(months) | F(days) | F(children) | F(child_order) |
        F(surgery) | F(weeks) | F(method) | F(used_days) | F(convalescence_case) | F(scheme), PERSON_TEXTS },
    [FAMILY_unemployment] = {
        PERSON_FACTS | F(benefit_from) | F(last_contribution) | F(average_salary) | F(salary_regime) |
        F(wage_region) | F(contribution_months), PERSON_TEXTS },
    [FAMILY_injury] = {
        PERSON_FACTS | F(event_from) | F(capacity_loss) | F(salary) | F(contribution_months) | F(days) |
        F(used_days) | F(awarded_amount) | F(awarded_from), PERSON_TEXTS },
    [FAMILY_survivor] = {
        PERSON_FACTS | F(event_from) | F(without_support) | F(deceased) | F(scheme) | F(average_salary) |
        F(contribution_months_before_2014) | F(contribution_months_from_2014) | F(pension_at_death) |
        F(pension_months_drawn) | F(paid_in), PERSON_TEXTS | T(deceased_id) },
    [FAMILY_other] = { PERSON_FACTS | F(event_from) | F(approved_amount), PERSON_TEXTS | T(programme) },
    [FAMILY_stops] = { F(kind) | F(from_date) | F(reason), T(beneficiary_id) | T(entitlement_id) | T(note) },
    [FAMILY_corrections] = {
        F(approved_on) | F(channel) | F(authorised_until),
        T(beneficiary_id) | T(entitlement_id) | T(bank) | T(account) | T(payee_name) | T(commune) },
    [FAMILY_orders] = {
        F(kind) | F(amount) | F(from_month) | F(to_month) | F(monthly_limit),
        T(order_id) | T(entitlement_id) | T(creditor_name) | T(creditor_bank) | T(creditor_account) |
        T(reference) | T(replaces) | T(note) },
    [FAMILY_cash_results] = { F(state) | F(on_date), T(list_id) | T(payment_id) },
};

struct required columns_required(enum family family, enum intake_purpose purpose)
{
    switch (family) {
    case FAMILY_stops:
        return (struct required){ F(kind) | F(from_date), 0 };
    case FAMILY_corrections:
        return (struct required){ F(approved_on), 0 };
    case FAMILY_orders:
        return (struct required){ F(kind) | F(amount) | F(from_month), T(order_id) | T(entitlement_id) };
    case FAMILY_cash_results:
        return (struct required){ F(state), T(list_id) | T(payment_id) };
    default:
        break;
    }
    if (purpose == INTAKE_FOR_CALC) {
        return (struct required){ 0, T(entitlement_id) };
    }
    return (struct required){ F(channel) | F(approved_on),
                              T(entitlement_id) | T(unit) | T(name) | T(commune) | T(bank) };
}

static enum column_type type_of_text(enum text text)
{
    switch (text) {
    case TEXT_entitlement_id:
    case TEXT_order_id:
    case TEXT_replaces:
    case TEXT_list_id:
    case TEXT_payment_id:
        return COLUMN_ID;
    case TEXT_beneficiary_id:
    case TEXT_citizen_id:
    case TEXT_commune:
    case TEXT_creditor_bank:
        return COLUMN_DIGITS;
    case TEXT_deceased_id:
        return COLUMN_PERSON;
    case TEXT_unit:
        return COLUMN_UNIT;
    case TEXT_bank:
        return COLUMN_BANK;
    case TEXT_account:
    case TEXT_creditor_account:
        return COLUMN_ACCOUNT;
    default:
        return COLUMN_FREE;
    }
}

static enum column_type type_of_fact(enum fact fact)
{
    static const enum column_type types[] = {
        [FACT_DATE] = COLUMN_DATE, [FACT_BIRTH] = COLUMN_BIRTH, [FACT_MONTH] = COLUMN_MONTH,
        [FACT_MONEY] = COLUMN_MONEY, [FACT_COUNT] = COLUMN_COUNT, [FACT_HALF_DAYS] = COLUMN_HALF_DAYS,
        [FACT_FLAG] = COLUMN_FLAG, [FACT_WORD] = COLUMN_WORD,
    };
    return types[fact_type(fact)];
}

static void range_set(struct column *column, enum fact fact)
{
    column->min = 0;
    column->max = 9999;
    if (fact == FACT_wage_region) {
        column->min = 1;
        column->max = 4;
    } else if (fact == FACT_deceased) {
        column->min = 1;
        column->max = 2;
    } else if (fact == FACT_capacity_loss) {
        column->max = 100;
    }
}

static struct column column_of_fact(enum fact fact)
{
    struct column column = {
        .type = type_of_fact(fact), .name = fact_name(fact), .is_personal = fact_is_personal(fact),
        .index = fact, .words = UINT_MAX,
    };
    range_set(&column, fact);
    return column;
}

static struct column column_of_text(enum text text)
{
    return (struct column){
        .type = type_of_text(text), .name = text_name(text), .is_text = true,
        .is_personal = text_is_personal(text), .index = text, .size_max = text_size_max(text),
    };
}

/* Puts the column of this name into `column`; false if there is none. */
static bool column_of_name(struct span name, struct column *column)
{
    int fact = fact_find(name), text = text_find(name);

    if (span_is(name, "benefit")) {
        *column = (struct column){ .type = COLUMN_BENEFIT, .name = "benefit" };
    } else if (fact >= 0) {
        *column = column_of_fact((enum fact)fact);
    } else if (text >= 0) {
        *column = column_of_text((enum text)text);
    } else {
        return false;
    }
    return true;
}

int columns_find(const struct columns *columns, struct span name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (span_is(name, columns->column[i].name)) {
            return (int)i;
        }
    }
    return -1;
}

static enum status header_refuse(const struct columns *columns, unsigned byte, const char *what, const char *name,
                                 struct diag *diag)
{
    enum status rc = diag_fail(diag, STATUS_INPUT, "%s", what);
    diag_at(diag, name, columns->line, byte);
    return rc;
}

static enum status column_add(struct columns *columns, const struct csv_record *header, size_t index,
                              const char *name, struct diag *diag)
{
    struct span title = header->field[index];
    struct column *column = &columns->column[index];
    unsigned byte = csv_field_byte(header->bytes, index);

    if (!column_of_name(title, column)) {
        /* A file without a header has a person's data here. */
        char found[REASON_BYTES / 2];
        enum status rc = header_refuse(columns, byte, "unknown column", name, diag);
        field_found(&(struct column){ .is_personal = false }, title, found);
        diag_found(diag, "%s", found);
        diag_expected(diag, "columns of formats/intake, with commas between");
        return rc;
    }
    if (columns_find(columns, title) >= 0) {
        enum status rc = header_refuse(columns, byte, "a column stands twice", name, diag);
        diag_found(diag, "%s", column->name);
        return rc;
    }
    column->header_byte = byte;
    if (column->type == COLUMN_BENEFIT) {
        columns->benefit = (int)index;
    } else if (column->is_text) {
        columns->texts |= UINT32_C(1) << column->index;
    } else {
        columns->facts |= UINT64_C(1) << column->index;
    }
    columns->count++;
    return STATUS_OK;
}

enum status columns_read(struct columns *columns, const struct csv_record *header, const char *name,
                         struct diag *diag)
{
    columns->line = header->line;
    columns->count = 0;
    columns->facts = 0;
    columns->texts = 0;
    columns->benefit = -1;
    if (!text_is_clean(header->bytes)) {
        return header_refuse(columns, 1, "the header is not UTF-8 text on one line", name, diag);
    }
    if (header->count > COLUMNS_MAX) {
        return header_refuse(columns, 1, "the header has more columns than there are", name, diag);
    }
    for (size_t i = 0; i < header->count; i++) {
        enum status rc = column_add(columns, header, i, name, diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return STATUS_OK;
}

enum family columns_family(const struct columns *columns)
{
    const uint64_t stop = F(kind) | F(from_date);

    if (columns->benefit >= 0) {
        return FAMILY_COUNT;
    }
    if ((columns->texts & T(order_id)) != 0) {
        return FAMILY_orders;
    }
    if ((columns->texts & T(payment_id)) != 0) {
        return FAMILY_cash_results;
    }
    return (columns->facts & stop) == stop ? FAMILY_stops : FAMILY_corrections;
}

/* `reason` of an order is the authority's own words, that of a stop is one of a list. */
static void order_reason_fit(struct columns *columns)
{
    int reason = columns_find(columns, span_of("reason"));

    if (reason >= 0) {
        unsigned byte = columns->column[reason].header_byte;
        columns->column[reason] = column_of_text(TEXT_note);
        columns->column[reason].name = "reason";
        columns->column[reason].header_byte = byte;
        columns->texts |= T(note);
    }
}

/* Words that a column has in one family and not in another. */
static void words_fit(struct columns *columns, enum family family)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct column *column = &columns->column[i];
        if (column->type != COLUMN_WORD) {
            continue;
        }
        if (column->index == FACT_kind) {
            column->words = family == FAMILY_stops
                ? 1U << KIND_deceased | 1U << KIND_suspended | 1U << KIND_ended | 1U << KIND_resumed
                : 1U << KIND_arrears | 1U << KIND_recovery | 1U << KIND_deduction;
        } else if (column->index == FACT_work_condition && family == FAMILY_sickness) {
            column->words = 1U << WORK_normal | 1U << WORK_hazardous;
        }
    }
}

static bool column_belongs(const struct column *column, enum family family)
{
    const struct family_columns *own = &FAMILY_COLUMNS[family];

    if (family == FAMILY_orders && column->is_text && column->index == TEXT_note) {
        return strcmp(column->name, "reason") == 0;
    }
    if (column->type == COLUMN_BENEFIT) {
        return family < FAMILY_stops;
    }
    return column->is_text ? (own->texts >> column->index & 1) != 0 : (own->facts >> column->index & 1) != 0;
}

/* The name of the first column that is required and missing; NULL if none is. */
static const char *column_missing(const struct columns *columns, struct required required)
{
    uint64_t facts = required.facts & ~columns->facts;
    uint32_t texts = required.texts & ~columns->texts;

    if (texts != 0) {
        return text_name((enum text)__builtin_ctz(texts));
    }
    return facts == 0 ? NULL : fact_name((enum fact)__builtin_ctzll(facts));
}

enum status columns_fit(struct columns *columns, enum family family, enum intake_purpose purpose,
                        const char *name, struct diag *diag)
{
    if (family == FAMILY_orders) {
        order_reason_fit(columns);
    }
    words_fit(columns, family);
    for (size_t i = 0; i < columns->count; i++) {
        const struct column *column = &columns->column[i];
        if (!column_belongs(column, family)) {
            enum status rc = header_refuse(columns, column->header_byte, "a column of another family", name, diag);
            diag_found(diag, "%s", column->name);
            diag_expected(diag, "a column of %s", family_name(family));
            if (family == FAMILY_corrections) {
                diag_hint(diag, "entitlements have a column `benefit`");
            }
            return rc;
        }
    }
    const char *missing = column_missing(columns, columns_required(family, purpose));
    if (missing != NULL) {
        enum status rc = header_refuse(columns, 1, "a required column is missing", name, diag);
        diag_expected(diag, "%s, which every row of %s gives", missing, family_name(family));
        return rc;
    }
    return STATUS_OK;
}
