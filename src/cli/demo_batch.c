/*
 * demo_batch.c - the columns of each family, and the approved files of one unit.
 */
#include "demo.h"

#include <stdio.h>

/* The columns that every family has: of the row's own, then these facts. */
static const char COMMON_TEXT[] =
    "entitlement_id,benefit,unit,beneficiary_id,citizen_id,name,commune,bank,account,payee_name";
static const enum fact COMMON[] = {
    FACT_birth_date,       FACT_sex,         FACT_area, FACT_channel, FACT_authorised_from,
    FACT_authorised_until, FACT_approved_on,
};

enum { OWN_MAX = 16, FACT_END = -1 };

/* The columns of a family's own (chitra-intake(5)), ended by FACT_END. */
static const int OWN[FAMILY_COUNT][OWN_MAX] = {
    [FAMILY_pension] = { FACT_scheme, FACT_pension_from, FACT_contribution_months, FACT_average_salary,
                         FACT_work_condition, FACT_early_basis, FACT_minimum_guarantee, FACT_pre_1995,
                         FACT_awarded_amount, FACT_awarded_from, FACT_contribution_months_before_2014,
                         FACT_contribution_months_from_2014, FACT_event_from, FACT_END },
    [FAMILY_sickness] = { FACT_event_from, FACT_salary, FACT_months, FACT_days, FACT_contribution_months,
                          FACT_work_condition, FACT_armed_forces, FACT_child_birth_date, FACT_used_days,
                          FACT_convalescence_case, FACT_END },
    [FAMILY_maternity] = { FACT_event_from, FACT_average_salary, FACT_months, FACT_days, FACT_children,
                           FACT_child_order, FACT_surgery, FACT_weeks, FACT_method, FACT_used_days,
                           FACT_convalescence_case, FACT_END },
    [FAMILY_unemployment] = { FACT_benefit_from, FACT_last_contribution, FACT_average_salary,
                              FACT_salary_regime, FACT_wage_region, FACT_contribution_months, FACT_END },
    [FAMILY_injury] = { FACT_event_from, FACT_capacity_loss, FACT_salary, FACT_contribution_months, FACT_days,
                        FACT_used_days, FACT_END },
    [FAMILY_survivor] = { FACT_event_from, FACT_without_support, FACT_deceased, FACT_scheme,
                          FACT_average_salary, FACT_contribution_months_before_2014,
                          FACT_contribution_months_from_2014, FACT_pension_at_death,
                          FACT_pension_months_drawn, FACT_valid_to, FACT_END },
    [FAMILY_other] = { FACT_event_from, FACT_approved_amount, FACT_END },
};

static size_t add(char *line, size_t size, const char *text)
{
    size_t length = strlen(text);
    ASSERT(size + length + 2 < DEMO_LINE_BYTES_MAX);
    memcpy(line + size, text, length);
    return size + length;
}

static size_t add_column(char *line, size_t size, const char *text)
{
    size = add(line, size, ",");
    return add(line, size, text);
}

static size_t add_fact(char *line, size_t size, const struct facts *facts, enum fact fact)
{
    char text[24] = "";
    if (facts_has(facts, fact)) {
        fact_write(fact, facts->value[fact], text);
    }
    return add_column(line, size, text);
}

size_t demo_header_write(enum family family, char *line)
{
    size_t size = add(line, 0, COMMON_TEXT);
    for (size_t i = 0; i < sizeof COMMON / sizeof *COMMON; i++) {
        size = add_column(line, size, fact_name(COMMON[i]));
    }
    for (const int *own = OWN[family]; *own != FACT_END; own++) {
        size = add_column(line, size, fact_name((enum fact)own[0]));
    }
    size = add(line, size, family == FAMILY_survivor ? ",deceased_id" : "");
    size = add(line, size, family == FAMILY_other ? ",programme" : "");
    return add(line, size, "\n");
}

size_t demo_row_write(enum family family, const struct demo_row *row, char *line)
{
    /* None of the texts holds a comma or a quote: they are our own. */
    size_t size = add(line, 0, row->entitlement_id);
    size = add_column(line, size, benefit_name(row->benefit));
    size = add_column(line, size, row->unit);
    size = add_column(line, size, row->beneficiary_id);
    size = add_column(line, size, row->citizen_id);
    size = add_column(line, size, row->name);
    size = add_column(line, size, row->commune);
    size = add_column(line, size, row->bank);
    size = add_column(line, size, row->account);
    size = add_column(line, size, row->payee_name);
    for (size_t i = 0; i < sizeof COMMON / sizeof *COMMON; i++) {
        if (COMMON[i] == FACT_birth_date && row->birth_text != NULL) {
            size = add_column(line, size, row->birth_text);
        } else {
            size = add_fact(line, size, &row->facts, COMMON[i]);
        }
    }
    for (const int *own = OWN[family]; *own != FACT_END; own++) {
        size = add_fact(line, size, &row->facts, (enum fact)own[0]);
    }
    if (family == FAMILY_survivor) {
        size = add_column(line, size, row->deceased_id);
    } else if (family == FAMILY_other) {
        size = add_column(line, size, row->programme);
    }
    return add(line, size, "\n");
}

/* Units of every fourth province send their maternity and sickness files packed. */
static bool is_packed(const struct demo_unit *unit, enum family family)
{
    return (unit->province - demo_provinces) % 4 == 0 &&
           (family == FAMILY_maternity || family == FAMILY_sickness);
}

static enum status file_open(struct demo_batch *batch, enum family family, const char *header,
                             size_t header_size, struct diag *diag)
{
    char name[64];
    snprintf(name, sizeof name, "%s-%s%s.csv%s", batch->unit->province->code, family_name(family),
             batch->suffix, is_packed(batch->unit, family) ? ".gz" : "");
    enum status rc = demo_file_new(batch->dir, batch->folder, name, &batch->file[family], diag);
    return rc == STATUS_OK ? demo_file_add(batch->file[family], (struct span){ header, header_size }, diag)
                           : rc;
}

enum status demo_batch_add(struct demo_batch *batch, enum family family, const struct demo_row *row,
                           struct diag *diag)
{
    char line[DEMO_LINE_BYTES_MAX];
    if (batch->file[family] == NULL) {
        enum status rc = file_open(batch, family, line, demo_header_write(family, line), diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    size_t size = demo_row_write(family, row, line);
    return demo_file_add(batch->file[family], (struct span){ line, size }, diag);
}

enum status demo_batch_line(struct demo_batch *batch, enum family family, const char *header,
                            struct span line, struct diag *diag)
{
    if (batch->file[family] == NULL) {
        enum status rc = file_open(batch, family, header, strlen(header), diag);
        if (rc != STATUS_OK) {
            return rc;
        }
    }
    return demo_file_add(batch->file[family], line, diag);
}

/* Writes the list and its signature, as `openssl cms -sign -binary` would. */
static enum status list_publish(const struct demo_batch *batch, const struct buf *list,
                                const struct demo_approval *approval, struct diag *diag)
{
    char path[DIAG_FILE_BYTES], signature_path[DIAG_FILE_BYTES + 4];
    struct buf signature = BUF_INIT(1 << 16);
    snprintf(path, sizeof path, "%s/%s%s.sha256", batch->folder, batch->unit->province->code, batch->suffix);
    snprintf(signature_path, sizeof signature_path, "%s.p7s", path);
    enum status rc = cms_sign(approval->office, buf_span(list), approval->at, &signature, diag);
    rc = rc == STATUS_OK ? sys_publish(batch->dir, path, buf_span(list), diag) : rc;
    rc = rc == STATUS_OK ? sys_publish(batch->dir, signature_path, buf_span(&signature), diag) : rc;
    buf_release(&signature);
    return rc;
}

enum status demo_batch_close(struct demo_batch *batch, const struct demo_approval *approval,
                             struct diag *diag)
{
    struct buf list = BUF_INIT(1 << 16); /* eleven families at most */
    enum status rc = STATUS_OK;
    for (int family = 0; family < FAMILY_COUNT && rc == STATUS_OK; family++) {
        if (batch->file[family] != NULL) {
            struct demo_file *file = batch->file[family];
            batch->file[family] = NULL; /* freed by closing it */
            rc = demo_file_close(file, &list, diag);
        }
    }
    if (rc == STATUS_OK && list.size > 0) {
        rc = list_publish(batch, &list, approval, diag);
    }
    buf_release(&list);
    return rc;
}

void demo_batch_release(struct demo_batch *batch)
{
    for (int family = 0; family < FAMILY_COUNT; family++) {
        demo_file_free(batch->file[family]);
        batch->file[family] = NULL;
    }
}
