/* A small ledger made through its own interface: one run a period, generated people. */
#ifndef TEST_LEDGER_QUERY_SUPPORT_H
#define TEST_LEDGER_QUERY_SUPPORT_H

#include "chitra/ledger_file.h"
#include "chitra/ledger_instruction.h"
#include "chitra/ledger_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define OCTOBER ((month_t)(2026 * 12 + 9))

struct world {
    char folder[64];
    struct ledger *ledger;
    struct diag diag;
    int hanoi, hue;
    struct ledger_run run;
    int64_t intake;
};

static inline void must(struct world *world, enum status rc)
{
    char text[DIAG_BYTES_MAX];

    if (rc != STATUS_OK) {
        diag_text(&world->diag, text, sizeof(text));
        fail_msg("%s: %s", status_text(rc), text);
    }
}

static inline void world_open(struct world *world, enum ledger_access access)
{
    ledger_close(world->ledger);
    must(world, ledger_open(world->folder, access, &world->ledger, &world->diag));
}

/* A run of a period, sealed, with an intake file of its own; inside a transaction. */
static inline void world_run(struct world *world, month_t period)
{
    static unsigned serial;
    struct ledger_intake intake = { .name = "=people.csv", .family = FAMILY_pension };

    world->run = (struct ledger_run){ .period = period, .who = "operator", .pay_date = DAY_NONE,
                                      .created_at = "2026-10-01T08:00:00+07:00" };
    must(world, ledger_run_add(world->ledger, &world->run, &world->diag));
    memcpy(intake.sha256.bytes, &serial, sizeof(serial));
    serial++;
    must(world, ledger_intake_seal(world->ledger, world->run.run, &intake, &world->diag));
    world->intake = intake.intake;
}

static inline void world_new(struct world *world)
{
    char state[80];

    *world = (struct world){ .folder = "/tmp/chitra-query-XXXXXX" };
    assert_non_null(mkdtemp(world->folder));
    snprintf(state, sizeof(state), "%s/state", world->folder);
    assert_int_equal(mkdir(state, 0700), 0);
    world_open(world, LEDGER_WRITE);
    must(world, ledger_begin_derived(world->ledger, &world->diag));
    must(world, ledger_unit(world->ledger, "HUE", &world->hue, &world->diag));
    must(world, ledger_unit(world->ledger, "HAN", &world->hanoi, &world->diag));
    world_run(world, OCTOBER);
}

static inline void world_end(struct world *world)
{
    static const char *const file[] = { "state/ledger.db", "state/ledger.db-wal", "state/ledger.db-shm", "state", "" };
    char path[128];

    ledger_close(world->ledger);
    for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", world->folder, file[i]);
        if (remove(path) != 0) {
            assert_string_not_equal(file[i], "");   /* the folder is empty in the end */
        }
    }
}

struct someone {
    const char *id;
    uint64_t person;
    enum benefit benefit;
    int unit;
    int channel;
    const char *bank;
    int sex;            /* -1: not given */
    int area;           /* -1: not given */
    uint32_t commune;
};

/* Registers an entitlement and returns its key. */
static inline int64_t world_add(struct world *world, const struct someone *someone, day_t approved_on)
{
    struct facts facts = { 0 };
    struct ledger_outcome outcome;
    struct ledger_unjoined *unjoined = NULL;
    size_t unjoined_count = 0;
    struct ledger_source source = { .run = world->run.run, .intake = world->intake, .units = ~UINT64_C(0) };
    int64_t ent = 0;

    if (someone->sex >= 0) {
        facts_set(&facts, FACT_sex, someone->sex);
    }
    struct ledger_row row = {
        .line = 2, .unit = someone->unit, .benefit = someone->benefit, .approved_on = approved_on,
        .beneficiary = someone->person, .id = span_of(someone->id), .name = span_of("Generated Person"),
        .bank = span_of(someone->bank), .account = span_of("0123456789"), .payee_name = SPAN_EMPTY,
        .programme = SPAN_EMPTY, .channel = someone->channel, .area = someone->area, .commune = someone->commune,
        .authorised_until = DAY_NONE, .facts = &facts,
    };
    must(world, ledger_register(world->ledger, &source, &row, 1, &outcome, &world->diag));
    assert_int_equal(outcome.verdict, LEDGER_APPLIED);
    must(world, ledger_join(world->ledger, &unjoined, &unjoined_count, &world->diag));
    assert_null(unjoined);
    must(world, ledger_entitlement_find(world->ledger, span_of(someone->id), &ent, &world->diag));
    return ent;
}

/* An obligation of the regular amount. */
static inline struct ledger_obligation owed(int64_t ent, month_t period, enum benefit benefit, int64_t amount_dong,
                                     int64_t batch)
{
    return (struct ledger_obligation){ .key = { period, ent, benefit_component(benefit), 0 },
                                       .amount_dong = amount_dong, .batch = batch, .version = 1,
                                       .state = batch == 0 ? OBLIGATION_HELD : OBLIGATION_INSTRUCTED,
                                       .reason = batch == 0 ? "account" : "" };
}

static inline struct ledger_batch batch_of(int64_t number, int unit, int channel, const char *bank, uint64_t payments,
                                    int64_t amount_dong)
{
    struct ledger_batch batch = { .batch = number, .unit = unit, .channel = channel, .pay_date = 20727,
                                  .part = (int)number, .payments = payments, .amount_dong = amount_dong };

    snprintf(batch.bank, sizeof(batch.bank), "%s", bank);
    snprintf(batch.account, sizeof(batch.account), "%s", channel == CHANNEL_cash ? "" : "111222333");
    snprintf(batch.profile, sizeof(batch.profile), "%s", channel == CHANNEL_cash ? "" : "vietcombank");
    snprintf(batch.msg_id, sizeof(batch.msg_id), "MSG-%lld", (long long)number);
    snprintf(batch.path, sizeof(batch.path), "outbox/2026-10/bank/MSG-%lld.xml", (long long)number);
    return batch;
}

#endif
