/*
 * demo_later.c - the second month of the demonstration: changes only.
 *
 * Some pensioners died, some benefits ended, some people have another account, and new people come.
 * Everybody else is paid because the register knows them.
 */
#include "demo.h"

#include <stdio.h>

enum {
    STEP_MAX = 240, /* one person in some 120 is looked at for a change */
    NEW_PERCENT = 6 /* of the people: new pensions, and the short-term benefits of a month */
};

static const char STOPS_HEADER[] = "beneficiary_id,entitlement_id,kind,from_date,reason,note\n";
static const char CORRECTIONS_HEADER[] = "beneficiary_id,entitlement_id,approved_on,channel,bank,account\n";

/* Deaths name the person, so that every benefit of theirs ends; other stops name the entitlement. */
static enum status stop_add(struct demo_batch *batch, struct demo_person *person, const struct demo_row *row,
                            month_t period, struct diag *diag)
{
    char line[512], from[11];
    bool death = row->benefit != BENEFIT_unemployment && demo_chance(&person->random, 85);
    bool by_person = death && row->beneficiary_id[0] != '\0';
    /* A death of last month; an end or a suspension from the first of this one. */
    day_write(death ? demo_day_in(&person->random, period - 1) : month_first(period), from);
    bool suspended = !death && row->benefit != BENEFIT_unemployment;
    const char *kind = death ? "deceased" : suspended ? "suspended" : "ended";
    const char *reason = death ? "" : suspended ? "unverified" : "other";
    int size = snprintf(line, sizeof line, "%s,%s,%s,%s,%s,%s\n", by_person ? row->beneficiary_id : "",
                        by_person ? "" : row->entitlement_id, kind, from, reason, death ? "8-CBH" : "");
    return demo_batch_line(batch, FAMILY_stops, STOPS_HEADER, (struct span){ line, (size_t)size }, diag);
}

/* Another account, at a bank that the unit pays from. */
static enum status correction_add(struct demo_batch *batch, struct demo_person *person,
                                  const struct demo_row *row, month_t period, struct diag *diag)
{
    char line[512], approved[11], account[35];
    const char *bank = person->unit->province->account[demo_below(&person->random, 2)];
    /* A serial of its own, beyond those of the people's first accounts. */
    demo_account(bank, UINT64_C(500000000) + person->unit->first + person->ordinal, account);
    day_write(month_first(period) - demo_between(&person->random, 2, 15), approved);
    int size =
        snprintf(line, sizeof line, ",%s,%s,bank,%s,%s\n", row->entitlement_id, approved, bank, account);
    return demo_batch_line(batch, FAMILY_corrections, CORRECTIONS_HEADER, (struct span){ line, (size_t)size },
                           diag);
}

static enum status change_add(struct demo_batch *batch, const struct demo *demo, uint64_t ordinal,
                              struct diag *diag)
{
    month_t period = demo->options.period + 1;
    struct demo_row row[DEMO_ROWS_MAX];
    struct demo_person person = demo_person_of(demo, batch->unit, ordinal, demo->options.period, false);
    demo_rows(&person, row);
    if (benefit_recurrence(row[0].benefit) != RECURRENCE_MONTHLY || row[0].birth_text != NULL) {
        return STATUS_OK; /* paid once, or never taken in */
    }
    if (demo_chance(&person.random, 40)) {
        return stop_add(batch, &person, &row[0], period, diag);
    }
    return correction_add(batch, &person, &row[0], period, diag);
}

static enum status changes_make(struct demo_batch *batch, const struct demo *demo, struct diag *diag)
{
    struct demo_random random = { demo->options.seed ^ batch->unit->first };
    uint64_t ordinal = 1 + demo_below(&random, 20);
    enum status rc = STATUS_OK;
    while (ordinal <= batch->unit->people && rc == STATUS_OK) {
        rc = change_add(batch, demo, ordinal, diag);
        ordinal += 1 + demo_below(&random, STEP_MAX);
    }
    return rc;
}

/* People whose benefit begins; their numbers follow those of the first month. */
static enum status new_people_make(struct demo_batch *batch, const struct demo *demo, struct diag *diag)
{
    struct demo_row row[DEMO_ROWS_MAX];
    uint64_t last = batch->unit->people + batch->unit->people * NEW_PERCENT / 100 + 1;
    enum status rc = STATUS_OK;
    for (uint64_t ordinal = batch->unit->people + 1; ordinal <= last && rc == STATUS_OK; ordinal++) {
        struct demo_person person =
            demo_person_of(demo, batch->unit, ordinal, demo->options.period + 1, true);
        unsigned count = demo_rows(&person, row);
        for (unsigned i = 0; i < count && rc == STATUS_OK; i++) {
            rc = demo_batch_add(batch, benefit_family(row[i].benefit), &row[i], diag);
        }
    }
    return rc;
}

enum status demo_later_make(int dir, const struct demo *demo, const struct demo_approval *approval,
                            struct diag *diag)
{
    char folder[32], month[8], suffix[16];
    month_write(demo->options.period + 1, month);
    snprintf(folder, sizeof folder, "later/%s", month);
    snprintf(suffix, sizeof suffix, "-%s", month); /* no name of the first month comes again */
    enum status rc = sys_dir_make(dir, folder, diag);
    for (size_t i = 0; i < demo->unit_count && rc == STATUS_OK; i++) {
        struct demo_batch batch = { .dir = dir, .folder = folder, .unit = &demo->unit[i], .suffix = suffix };
        rc = changes_make(&batch, demo, diag);
        rc = rc == STATUS_OK ? new_people_make(&batch, demo, diag) : rc;
        rc = rc == STATUS_OK ? demo_batch_close(&batch, approval, diag) : rc;
        demo_batch_release(&batch);
    }
    rc = rc == STATUS_OK ? sys_dir_sync(dir, folder, diag) : rc;
    return rc == STATUS_OK ? sys_dir_sync(dir, "later", diag) : rc;
}
