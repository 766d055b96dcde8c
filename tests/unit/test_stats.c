/* stats.h: is each person counted once in every cell, in one area, and is every share rounded right? */
#include "chitra/stats.h"

#include "test_ledger_query_support.h"

/* Communes: 1 was a ward in 2026-10 and is rural from then on, 2 is rural, the rest unknown. */
static int area_test(const void *context, uint32_t commune, day_t day)
{
    (void)context;
    return commune == 1 ? (day < month_first(OCTOBER + 1) ? AREA_U : AREA_R) : commune == 2 ? AREA_R : -1;
}

static const struct stats_target targets[] = {
    { OCTOBER - 40, { 1, 2 }, 1U << FAMILY_pension },
    { OCTOBER, { 68, 100 }, 1U << FAMILY_pension | 1U << FAMILY_survivor },
    { OCTOBER + 40, { 3, 4 }, 1U << FAMILY_pension },
};
static const struct stats_settings settings = { area_test, NULL, targets, 3 };

/* What one person gets in the month: a payment of one obligation, by bank or in cash. */
struct paid {
    struct someone someone;
    int64_t amount_dong;
};

static const struct paid october[] = {
    { { "A/1", 1, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_F, AREA_R, 1 }, 3000000 },    /* urban by commune */
    { { "A/2", 1, BENEFIT_relief_grant, 0, CHANNEL_cash, "HN-001", -1, AREA_R, 2 }, 400000 },   /* the same woman */
    { { "B/1", 2, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_M, AREA_U, 0 }, 2000000 },    /* urban by intake */
    { { "B/2", 2, BENEFIT_survivor_monthly, 0, CHANNEL_bank, "970436", SEX_M, AREA_U, 99999 }, 1000000 },
    { { "C/1", 3, BENEFIT_pension, 0, CHANNEL_cash, "HN-001", SEX_M, AREA_U, 2 }, 1500000 },    /* rural */
    { { "D/1", 4, BENEFIT_pension, 1, CHANNEL_bank, "970436", SEX_F, -1, 0 }, 2500000 },        /* nobody knows: rural */
    { { "D/2", 4, BENEFIT_medical_reimbursement, 1, CHANNEL_wallet, "971005", -1, -1, 0 }, 70000 },
    { { "E/1", 5, BENEFIT_medical_reimbursement, 1, CHANNEL_wallet, "971005", -1, AREA_U, 1 }, 30000 },
};
enum { OCTOBER_PAID = sizeof(october) / sizeof(october[0]) };

/* One run of `period` in which unit `unit` pays its part of `paid`: a batch for each payment. */
static void plan(struct world *world, month_t period, int unit, const struct paid *paid, size_t count, bool register_them)
{
    struct ledger_obligation obligation[16];
    struct ledger_batch batch[16];
    int64_t number;
    int64_t once_from;
    size_t used = 0;

    must(world, ledger_plan_start(world->ledger, unit, &number, &once_from, &world->diag));
    for (size_t i = 0; i < count; i++) {
        struct someone someone = paid[i].someone;
        int64_t ent = 0;
        if ((someone.unit == 0 ? world->hanoi : world->hue) != unit) {
            continue;
        }
        someone.unit = unit;
        if (register_them) {
            ent = world_add(world, &someone, 20700);
        } else {
            must(world, ledger_entitlement_find(world->ledger, span_of(someone.id), &ent, &world->diag));
        }
        bool once = benefit_recurrence(someone.benefit) == RECURRENCE_ONCE;
        batch[used] = batch_of(number + (int64_t)used, unit, someone.channel, someone.bank, 1, paid[i].amount_dong);
        obligation[used] = owed(ent, once ? MONTH_ONCE : period, someone.benefit, paid[i].amount_dong, batch[used].batch);
        used++;
    }
    const struct ledger_plan made = { .run = world->run.run, .unit = unit, .obligation = obligation,
                                      .obligation_count = used, .batch = batch, .batch_count = used };
    must(world, ledger_plan_store(world->ledger, &made, &world->run, &world->diag));
}

static int month_setup(void **state)
{
    struct world *world = mem_alloc(1, sizeof(*world));

    world_new(world);
    plan(world, OCTOBER, world->hanoi, october, OCTOBER_PAID, true);
    plan(world, OCTOBER, world->hue, october, OCTOBER_PAID, true);
    must(world, ledger_commit(world->ledger, &world->diag));
    *state = world;
    return 0;
}

static int month_teardown(void **state)
{
    world_end(*state);
    free(*state);
    return 0;
}

static struct stats *stats_of(struct world *world, month_t period)
{
    struct stats *stats;

    must(world, stats_new(world->ledger, period, &settings, &stats, &world->diag));
    return stats;
}

/* Whether the CSV has exactly this line. */
static bool has_line(const struct buf *csv, const char *line)
{
    char wanted[160];

    snprintf(wanted, sizeof(wanted), "\n%s\n", line);
    return memmem(csv->data, csv->size, wanted, strlen(wanted)) != NULL;
}

static struct buf csv_of(struct world *world, month_t period)
{
    struct stats *stats = stats_of(world, period);
    struct buf csv = BUF_INIT(1 << 20);

    assert_int_equal(stats_csv_header(&csv), STATUS_OK);
    assert_int_equal(stats_csv(stats, &csv), STATUS_OK);
    stats_free(stats);
    return csv;
}

static void test_stats_new_counts_each_person_once(void **state)
{
    struct world *world = *state;
    struct stats *stats = stats_of(world, OCTOBER);
    const struct stats_area *area = stats->area;

    assert_int_equal(area[STATS_ALL].share.persons, 5);
    assert_int_equal(area[STATS_ALL].share.noncash_persons, 3);     /* A also collects in cash, C only so */
    assert_int_equal(area[STATS_ALL].amount_dong, 10500000);
    assert_int_equal(area[STATS_ALL].noncash_amount_dong, 8600000);
    assert_int_equal(area[STATS_URBAN].share.persons, 3);           /* A by commune, B by intake, E */
    assert_int_equal(area[STATS_URBAN].share.noncash_persons, 2);
    assert_int_equal(area[STATS_URBAN].amount_dong, 6430000);
    assert_int_equal(area[STATS_URBAN].noncash_amount_dong, 6030000);
    assert_int_equal(area[STATS_RURAL].share.persons, 2);
    assert_int_equal(area[STATS_RURAL].share.noncash_persons, 1);
    assert_int_equal(area[STATS_RURAL].amount_dong, 4070000);
    stats_free(stats);
}

static void test_stats_new_target_in_force_counts_its_families(void **state)
{
    struct world *world = *state;
    struct stats *stats = stats_of(world, OCTOBER);

    assert_ptr_equal(stats->target, &targets[1]);
    assert_int_equal(stats->area[STATS_URBAN].covered.persons, 2);          /* A and B; not E's reimbursement */
    assert_int_equal(stats->area[STATS_URBAN].covered.noncash_persons, 2);  /* A's cash is no pension */
    stats_free(stats);
    stats = stats_of(world, OCTOBER - 1);
    assert_ptr_equal(stats->target, &targets[0]);
    stats_free(stats);
    stats = stats_of(world, OCTOBER - 41);
    assert_null(stats->target);
    stats_free(stats);
}

static void test_stats_new_previous_is_the_same_month_a_year_before(void **state)
{
    struct world *world = *state;
    static const struct paid again[] = {
        { { "A/1", 1, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_F, AREA_R, 1 }, 3000000 },
        { { "C/1", 3, BENEFIT_pension, 0, CHANNEL_cash, "HN-001", SEX_M, AREA_U, 2 }, 1500000 },
    };

    must(world, ledger_begin_derived(world->ledger, &world->diag));
    world_run(world, OCTOBER + 12);
    plan(world, OCTOBER + 12, world->hanoi, again, 2, false);
    must(world, ledger_commit(world->ledger, &world->diag));
    struct stats *stats = stats_of(world, OCTOBER + 12);
    assert_int_equal(stats->area[STATS_ALL].share.persons, 2);
    assert_int_equal(stats->area[STATS_ALL].previous.persons, 5);
    assert_int_equal(stats->area[STATS_ALL].previous.noncash_persons, 3);
    assert_int_equal(stats->area[STATS_URBAN].previous.noncash_persons, 2);
    stats_free(stats);
    stats = stats_of(world, OCTOBER);
    assert_int_equal(stats->area[STATS_ALL].previous.persons, 0);
    stats_free(stats);
}

/* A run of one unit that pays one of its people. */
static void month_more(struct world *world, month_t period, int unit)
{
    static const struct paid more[] = {
        { { "A/1", 1, BENEFIT_pension, 0, CHANNEL_bank, "970436", SEX_F, AREA_R, 1 }, 3000000 },
        { { "D/1", 4, BENEFIT_pension, 1, CHANNEL_bank, "970436", SEX_F, -1, 0 }, 2500000 },
    };

    must(world, ledger_begin_derived(world->ledger, &world->diag));
    world_run(world, period);
    plan(world, period, unit, more, 2, false);
    must(world, ledger_commit(world->ledger, &world->diag));
}

static void month_is(struct world *world, month_t month, int64_t amount_dong, bool closed)
{
    struct stats *stats = stats_of(world, month);

    assert_int_equal(stats->area[STATS_ALL].amount_dong, amount_dong);
    assert_int_equal(stats->closed, closed);
    stats_free(stats);
}

/* The commune table has dates: the same woman is in the country since it changed. */
static void test_stats_new_area_is_that_of_the_period(void **state)
{
    struct world *world = *state;
    month_more(world, OCTOBER + 1, world->hanoi);
    struct stats *stats = stats_of(world, OCTOBER + 1);
    assert_int_equal(stats->area[STATS_RURAL].share.persons, 1);
    assert_int_equal(stats->area[STATS_URBAN].share.persons, 0);
    stats_free(stats);
}

/* A unit's month is closed by its next one: what comes for it later counts in the one that is open. */
static void test_stats_new_closed_month_does_not_change(void **state)
{
    struct world *world = *state;

    month_is(world, OCTOBER, 10500000, false);
    month_more(world, OCTOBER - 1, world->hanoi);
    month_is(world, OCTOBER - 1, 0, false);
    month_is(world, OCTOBER, 13500000, false);
    month_more(world, OCTOBER + 1, world->hanoi);
    month_is(world, OCTOBER, 13500000, false);      /* the other unit may still pay in it */
    month_more(world, OCTOBER + 1, world->hue);
    month_is(world, OCTOBER, 13500000, true);
    month_is(world, OCTOBER + 1, 3000000 + 2500000, false);
}

static void test_stats_csv_has_every_cell_and_its_totals(void **state)
{
    struct world *world = *state;
    struct buf csv = csv_of(world, OCTOBER);
    static const char *const line[] = {
        "2026-10,HAN,U,pension,F,bank,instructed,1,1,3000000",
        "2026-10,HAN,U,other,F,cash,instructed,1,1,400000",     /* her area and sex hold for both */
        "2026-10,HAN,U,survivor,M,bank,instructed,1,1,1000000",
        "2026-10,HUE,R,other,F,wallet,instructed,1,1,70000",
        "2026-10,HUE,U,other,unknown,wallet,instructed,1,1,30000",
        "2026-10,all,U,pension,F,bank,instructed,1,1,3000000",
        "2026-10,HAN,all,pension,M,cash,instructed,1,1,1500000",
        "2026-10,HAN,U,all,M,bank,instructed,1,2,3000000",      /* one man, two payments */
        "2026-10,HAN,U,pension,all,bank,instructed,2,2,5000000",
        "2026-10,HUE,R,pension,F,all,instructed,1,1,2500000",
        "2026-10,HAN,R,pension,M,cash,all,1,1,1500000",
        "2026-10,all,all,all,all,all,all,5,8,10500000",
    };
    static const char header[] = "period,unit,area,benefit,sex,channel,state,persons,payments,amount\n";

    assert_memory_equal(csv.data, header, strlen(header));
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        if (!has_line(&csv, line[i])) {
            fail_msg("missing: %s\n%.*s", line[i], (int)csv.size, csv.data);
        }
    }
    /* Only the total has more than one `all`. */
    assert_null(memmem(csv.data, csv.size, "all,all,pension", 15));
    buf_release(&csv);
}

/* Payments and amounts of the full cells add up to the total, and so do those of each column's `all` rows. */
static void test_stats_csv_foots(void **state)
{
    struct world *world = *state;
    struct buf csv = csv_of(world, OCTOBER);
    int64_t sum[8] = { 0 };     /* no `all`; `all` in column 1 .. 6; in all of them */
    const char *at = strchr(csv.data, '\n') + 1;

    while (at < csv.data + csv.size) {
        int group = 0;
        int alls = 0;
        for (int column = 1; column <= 6; column++) {
            at = strchr(at, ',') + 1;
            if (strncmp(at, "all,", 4) == 0) {
                group = column;
                alls++;
            }
        }
        for (int column = 7; column <= 9; column++) {
            at = strchr(at, ',') + 1;
        }
        sum[alls > 1 ? 7 : group] += strtoll(at, NULL, 10);
        at = strchr(at, '\n') + 1;
    }
    for (int i = 0; i < 8; i++) {
        assert_int_equal(sum[i], 10500000);
    }
    buf_release(&csv);
}

static void test_stats_csv_of_nobody_is_the_total_alone(void **state)
{
    struct world *world = *state;
    struct buf csv = csv_of(world, OCTOBER + 1);
    static const char expected[] = "period,unit,area,benefit,sex,channel,state,persons,payments,amount\n"
                                   "2026-11,all,all,all,all,all,all,0,0,0\n";

    assert_int_equal(csv.size, strlen(expected));
    assert_memory_equal(csv.data, expected, csv.size);
    buf_release(&csv);
}

static void test_stats_json_has_shares_with_four_decimals(void **state)
{
    struct world *world = *state;
    struct stats *stats = stats_of(world, OCTOBER);
    struct buf json = BUF_INIT(1 << 16);
    static const char expected[] =
        "{\"period\": \"2026-10\", \"as_of\": \"2026-11-02\", \"closed\": false,\n"
        "  \"urban\": {\"persons\": 3, \"noncash_persons\": 2, \"noncash_share\": 0.6667, \"amount\": 6430000,"
        " \"noncash_amount\": 6030000, \"target\": 0.6800, \"target_share\": 1.0000, \"previous_share\": null, \"settled_persons\": 0,"
        " \"settled_noncash_persons\": 0, \"settled_noncash_share\": null, \"settled_amount\": 0, \"settled_noncash_amount\": 0},\n"
        "  \"rural\": {\"persons\": 2, \"noncash_persons\": 1, \"noncash_share\": 0.5000, \"amount\": 4070000,"
        " \"noncash_amount\": 2570000, \"target\": null, \"target_share\": null, \"previous_share\": null, \"settled_persons\": 0,"
        " \"settled_noncash_persons\": 0, \"settled_noncash_share\": null, \"settled_amount\": 0, \"settled_noncash_amount\": 0},\n"
        "  \"all\": {\"persons\": 5, \"noncash_persons\": 3, \"noncash_share\": 0.6000, \"amount\": 10500000,"
        " \"noncash_amount\": 8600000, \"target\": null, \"target_share\": null, \"previous_share\": null, \"settled_persons\": 0,"
        " \"settled_noncash_persons\": 0, \"settled_noncash_share\": null, \"settled_amount\": 0, \"settled_noncash_amount\": 0}\n}";

    assert_int_equal(stats_json(stats, month_first(OCTOBER + 1) + 1, &json), STATUS_OK);
    assert_int_equal(json.size, strlen(expected));
    assert_memory_equal(json.data, expected, json.size);
    stats_free(stats);
    buf_release(&json);
}

static void test_stats_json_rounds_half_up(void **state)
{
    static const struct {
        struct stats_share share;
        const char *text;
    } expected[] = {
        { { 20000, 1 }, "\"noncash_share\": 0.0001," },     /* 0.00005 */
        { { 20001, 1 }, "\"noncash_share\": 0.0000," },
        { { 20000, 19999 }, "\"noncash_share\": 1.0000," },
        { { 3, 3 }, "\"noncash_share\": 1.0000," },
        { { 3, 0 }, "\"noncash_share\": 0.0000," },
        { { 0, 0 }, "\"noncash_share\": null," },
        { { 600215, 596974 }, "\"noncash_share\": 0.9946," },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        struct stats stats = { .period = OCTOBER };
        struct buf json = BUF_INIT(1 << 16);
        stats.area[STATS_URBAN].share = expected[i].share;
        assert_int_equal(stats_json(&stats, 0, &json), STATUS_OK);
        assert_non_null(memmem(json.data, json.size, expected[i].text, strlen(expected[i].text)));
        buf_release(&json);
    }
}

static void test_stats_write_over_the_cap_is_limit(void **state)
{
    struct world *world = *state;
    struct stats *stats = stats_of(world, OCTOBER);
    struct buf small = BUF_INIT(100);

    assert_int_equal(stats_csv_header(&small), STATUS_OK);
    assert_int_equal(stats_csv(stats, &small), STATUS_LIMIT);
    buf_clear(&small);
    assert_int_equal(stats_json(stats, 0, &small), STATUS_LIMIT);
    stats_free(stats);
    buf_release(&small);
}

#define WITH_MONTH(test) cmocka_unit_test_setup_teardown(test, month_setup, month_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_MONTH(test_stats_new_counts_each_person_once),
        WITH_MONTH(test_stats_new_target_in_force_counts_its_families),
        WITH_MONTH(test_stats_new_previous_is_the_same_month_a_year_before),
        WITH_MONTH(test_stats_new_area_is_that_of_the_period),
        WITH_MONTH(test_stats_new_closed_month_does_not_change),
        WITH_MONTH(test_stats_csv_has_every_cell_and_its_totals),
        WITH_MONTH(test_stats_csv_foots),
        WITH_MONTH(test_stats_csv_of_nobody_is_the_total_alone),
        WITH_MONTH(test_stats_json_has_shares_with_four_decimals),
        cmocka_unit_test(test_stats_json_rounds_half_up),
        WITH_MONTH(test_stats_write_over_the_cap_is_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
