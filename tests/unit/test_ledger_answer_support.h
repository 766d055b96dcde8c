/*
 * test_ledger_answer_support.h - what the tests of answers share: a file of five pensions that has left, and
 * answers that say something of it.
 */
#ifndef TEST_LEDGER_ANSWER_SUPPORT_H
#define TEST_LEDGER_ANSWER_SUPPORT_H

#include "test_ledger_support.h"

#include "chitra/ledger_answer.h"
#include "chitra/ledger_query.h"

enum { PAYEES = 5 };
#define MSG_ID "MSG-1"
#define ALL_DONG (1000000 + 1000001 + 1000002 + 1000003 + 1000004)

/* Payment number i of the file, as the bank names it. */
static inline void payment_id(int i, char id[PAYMENT_ID_BYTES])
{
    char entitlement[16];
    struct obligation_key key = { OCTOBER, 0, COMPONENT_pension, 0 };

    snprintf(entitlement, sizeof(entitlement), "A/%d", i);
    payment_id_of(span_of(entitlement), &key, 1, 0, id);
}

static inline void file_release(struct bench *bench, const char *msg_id)
{
    struct ledger_file file;
    struct ledger_release release = { .run = bench->run.run, .at = "2026-10-02T09:00:00+07:00", .who = "officer" };
    struct digest list = { { 7 } };

    must(bench, ledger_file_find(bench->ledger, msg_id, &bench->arena, &file, &bench->diag));
    snprintf(release.name, sizeof(release.name), "R-%s", msg_id);
    begin(bench);
    must(bench, ledger_files_staged(bench->ledger, BY_RUN, &file, 1, "2026-10-01T08:01:00+07:00", &bench->diag));
    must(bench, ledger_release_begin(bench->ledger, &release, &file.file, 1, &bench->diag));
    must(bench, ledger_release_end(bench->ledger, &release, &list, NULL, 0, &bench->diag));
    commit(bench);
}

/* Five pensions in one batch of HN; `channel` cash makes it a payment point's list. */
static inline void file_plan(struct bench *bench, int channel)
{
    struct ledger_obligation obligation[PAYEES];
    struct ledger_batch batch = batch_of(1, bench->unit[HN], MSG_ID);

    for (int i = 0; i < PAYEES; i++) {
        char id[16];
        snprintf(id, sizeof(id), "A/%d", i);
        struct ledger_row row = row_of(bench, id, 100 + (uint64_t)i);
        row.channel = channel;
        obligation[i] = owed(added(bench, row), OCTOBER, COMPONENT_pension, 1000000 + i, 1);
    }
    batch.payments = PAYEES;
    batch.amount_dong = ALL_DONG;
    batch.channel = channel;
    struct ledger_plan plan = { .run = bench->run.run, .unit = bench->unit[HN], .obligation = obligation,
                                .obligation_count = PAYEES, .batch = &batch, .batch_count = 1 };
    assert_int_equal(store(bench, &plan), STATUS_OK);
}

static inline int sent_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    file_plan(*state, CHANNEL_bank);
    file_release(*state, MSG_ID);
    return 0;
}

static inline int list_setup(void **state)
{
    if (bench_setup(state) != 0) {
        return -1;
    }
    file_plan(*state, CHANNEL_cash);
    file_release(*state, MSG_ID);
    return 0;
}

#define SENT_TEST(name) cmocka_unit_test_setup_teardown(name, sent_setup, bench_teardown)
#define LIST_TEST(name) cmocka_unit_test_setup_teardown(name, list_setup, bench_teardown)

/* ---- lines ---- */

static inline struct answer_line line_of(int i, enum answer_says says)
{
    char id[PAYMENT_ID_BYTES];
    struct answer_line line = { .says = (uint8_t)says, .file = 0, .day = DAY(2026, 10, 6), .count = -1, .amount_dong = -1 };

    payment_id(i, id);
    memcpy(line.payment_id, id, sizeof(line.payment_id));
    return line;
}

static inline struct answer_line whole_of(enum answer_says says)
{
    struct answer_line line = line_of(0, says);

    memset(line.payment_id, 0, sizeof(line.payment_id));
    return line;
}

static inline struct answer_line reason_of(struct bench *bench, struct answer_line line, const char *reason)
{
    begin(bench);
    must(bench, ledger_word(bench->ledger, span_of(reason), &line.reason, &bench->diag));
    commit(bench);
    return line;
}

/* An answer whose own time is `said_at`, applied to a file in a transaction. */
static inline struct ledger_applied apply_to(struct bench *bench, const char *msg_id, int64_t said_at,
                                             struct answer_line *line, size_t count)
{
    static uint8_t number;
    struct ledger_answer answer = { .message = "pain.002.001.10", .sender = "970436", .said_at = said_at,
                                    .at = "2026-10-07T08:00:00+07:00", .who = "operator", .lines = count };
    struct ledger_applied applied;

    answer.sha256.bytes[0] = ++number;
    snprintf(answer.name, sizeof(answer.name), "answer-%d.xml", number);
    begin(bench);
    must(bench, ledger_answer_add(bench->ledger, &answer, &bench->diag));
    must(bench, ledger_answer_apply(bench->ledger, &answer, msg_id, line, count, &applied, &bench->diag));
    commit(bench);
    return applied;
}

static inline struct ledger_applied apply(struct bench *bench, int64_t said_at, struct answer_line *line, size_t count)
{
    return apply_to(bench, MSG_ID, said_at, line, count);
}

static inline struct ledger_applied apply_one(struct bench *bench, int64_t said_at, struct answer_line line)
{
    return apply(bench, said_at, &line, 1);
}

/* ---- what the ledger says ---- */

static inline enum file_state file_state_of(struct bench *bench, const char *msg_id)
{
    struct ledger_file file;

    must(bench, ledger_file_find(bench->ledger, msg_id, &bench->arena, &file, &bench->diag));
    return file.state;
}

/* "state reason date" of payment number i, as `chitra list payments` shows it. */
static inline const char *shown(struct bench *bench, int i)
{
    enum { ID = 0, STATE = 10, REASON = 11, STATE_ON = 14 };
    const struct ledger_filter all = { .period = MONTH_NONE, .unit = "", .entitlement = "", .state = "" };
    struct ledger_list *list = NULL;
    struct span cell[LIST_COLUMNS_MAX];
    char id[PAYMENT_ID_BYTES];
    char text[120] = "";
    bool more = true;

    payment_id(i, id);
    must(bench, ledger_list_new(bench->ledger, LIST_PAYMENTS, &all, &list, &bench->diag));
    while (more) {
        must(bench, ledger_list_next(list, cell, &more, &bench->diag));
        if (more && span_is(cell[ID], id)) {
            snprintf(text, sizeof(text), "%.*s %.*s %.*s", (int)cell[STATE].size, cell[STATE].data, (int)cell[REASON].size,
                     cell[REASON].data, (int)cell[STATE_ON].size, cell[STATE_ON].data);
        }
    }
    ledger_list_free(list);
    return arena_copy(&bench->arena, span_of(text)).data;
}

static inline int64_t breaks(struct bench *bench, enum line_result kind)
{
    char sql[80];

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM break WHERE kind = %d", (int)kind);
    return number_of(bench, sql);
}

#endif
