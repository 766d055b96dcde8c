/* A demonstration site in which the month of October 2026 was run: made once for each test program. */
#ifndef TEST_RUN_SITE_H
#define TEST_RUN_SITE_H

#include "test_site_support.h"

#include "cli/demo.h"

#include "chitra/ledger_query.h"
#include "chitra/ledger_file.h"
#include "chitra/run.h"

#include <sqlite3.h>

#define OCTOBER ((month_t)(2026 * 12 + 9))

enum { RUN_SITE_PEOPLE = 600 };

struct run_site {
    char folder[64];
    struct site site;
    struct ledger *ledger;      /* for reading; NULL before the month was run */
};

static inline void must(enum status rc, const struct diag *diag)
{
    char text[DIAG_BYTES_MAX];

    if (rc != STATUS_OK) {
        diag_text(diag, text, sizeof(text));
        fail_msg("%s: %s", status_text(rc), text);
    }
}

/* The site with its people approved and waiting. */
static inline void run_site_make(struct run_site *made)
{
    struct demo_options options = { RUN_SITE_PEOPLE, 1, OCTOBER };
    struct diag diag = { .line = 0 };
    int dir = -1;

    assert_int_equal(setenv("CHITRA_NOW", "2026-10-01T08:00:00+07:00", 1), 0);
    assert_int_equal(setenv("CHITRA_FORMATS", "formats", 1), 0);
    mem_init();
    folder_make(made->folder);
    must(sys_dir_open(AT_FDCWD, made->folder, &dir, &diag), &diag);
    must(demo_site_make(dir, &options, &diag), &diag);
    sys_dir_close(dir);
    made->ledger = NULL;
    must(site_open(made->folder, SITE_READ, &made->site, &diag), &diag);
}

static inline void run_site_month(struct run_site *made)
{
    struct run_options options = { .folder = made->folder, .period = OCTOBER, .units = "", .pay_date = DAY_NONE };
    struct run_report report;
    struct diag diag = { .line = 0 };
    struct site site;

    must(site_open(made->folder, SITE_WRITE, &site, &diag), &diag);
    must(run_month(&site, &options, &report, &diag), &diag);
    site_close(&site);
    must(ledger_open(made->folder, LEDGER_READ, &made->ledger, &diag), &diag);
}

static inline void run_site_end(struct run_site *made)
{
    ledger_close(made->ledger);
    site_close(&made->site);
    folder_remove(made->folder);
}

/* What a hand in the ledger would do. */
static inline void ledger_edit(const struct run_site *made, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;

    snprintf(path, sizeof path, "%s/state/ledger.db", made->folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_true(sqlite3_changes(db) > 0);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

/* Faults as they are told. */
struct told {
    unsigned count;
    char last[DIAG_BYTES_MAX];
    char all[8 * DIAG_BYTES_MAX];   /* as many as fit */
};

static inline void tell(void *context, enum status kind, const struct diag *fault)
{
    struct told *told = context;
    size_t size = strlen(told->all);

    (void)kind;
    told->count++;
    diag_text(fault, told->last, sizeof told->last);
    snprintf(told->all + size, sizeof told->all - size, "%s\n", told->last);
}

#endif
