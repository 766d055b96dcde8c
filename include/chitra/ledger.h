/*
 * ledger.h - the truth: opening it, transactions, runs, intake files, events.
 *
 * Layer: ledger (knows base, sys and sign's digests); it does not know XML, law or banks. The only
 * place with SQL. Its other headers are ledger_*.h: begin with ledger_register.h (who is entitled), ledger_money.h
 * (obligations, payments, batches), ledger_file.h (what carries them) and ledger_answer.h (what became of them).
 * chitra-ledger.5 describes the tables and the views for accountants.
 *
 * Operations are bulk. A caller opens a transaction, does its work, and commits; whatever ends the
 * process before leaves the ledger as it was (SQLite, WAL, synchronous=FULL). After an error inside a
 * transaction the only thing to do is ledger_rollback.
 *
 * Ownership: ledger_open gives a ledger that ledger_close ends (it accepts NULL). A ledger belongs to one
 * thread.
 *
 * Errors: STATUS_LEDGER for what SQLite or the content refuses, STATUS_BUSY for a ledger that is in use for
 * more than ten seconds, STATUS_NO_INPUT where a reader finds none.
 *
 * Ids: unit, run, batch and file numbers are the ledger's own integers; what the outside sees are
 * codes, periods, MsgIds and EndToEndIds.
 */
#ifndef CHITRA_LEDGER_H
#define CHITRA_LEDGER_H

#include "chitra/facts.h"
#include "chitra/money.h"
#include "chitra/sign.h"

struct ledger;

enum ledger_access {
    LEDGER_READ,        /* a reader beside a run; several for each process */
    LEDGER_WRITE,       /* the one writer; creates the ledger if there is none */
    LEDGER_RECOVER,     /* the writer of a ledger that may be older than the site's journal */
    LEDGER_DRY          /* like write, but everything is rolled back at close */
};

/* Opens <site>/state/ledger.db. `site_path` is the site's folder as a path SQLite can open. Refuses
 * an unknown schema version and settings that did not take, and to write a ledger that does not know what
 * archive/journal/ says was done (STATUS_CONFLICT: a restored backup). */
enum status ledger_open(const char *site_path, enum ledger_access access, struct ledger **ledger,
                        struct diag *diag) MUST_USE;
void ledger_close(struct ledger *ledger);

enum status ledger_begin(struct ledger *ledger, struct diag *diag) MUST_USE;
/* For what follows from archived content and can be done again: an intake file, a plan (ledger_journal.h). Every
 * other transaction's rows are kept as they were changed. */
enum status ledger_begin_derived(struct ledger *ledger, struct diag *diag) MUST_USE;
/* Commits; what was done is then in archive/journal/ too. After an error it is rolled back, or done. */
enum status ledger_commit(struct ledger *ledger, struct diag *diag) MUST_USE;
void ledger_rollback(struct ledger *ledger);
/* Moves the write-ahead log into the database; at the end of a run. */
enum status ledger_checkpoint(struct ledger *ledger, struct diag *diag) MUST_USE;

/* Keeps few of its pages in memory: for whoever goes through the tables once and has rows of its own to hold. */
enum status ledger_cache_small(struct ledger *ledger, struct diag *diag) MUST_USE;

/* The unit's number for a code, given out on first use (inside a transaction). 1..63. */
enum status ledger_unit(struct ledger *ledger, const char *code, int *unit, struct diag *diag) MUST_USE;

/* The codes of the units that have entitlements. */
enum { LEDGER_UNITS_MAX = 63, UNIT_CODE_BYTES = 7 };
enum status ledger_unit_codes(struct ledger *ledger, char code[LEDGER_UNITS_MAX][UNIT_CODE_BYTES], size_t *count,
                              struct diag *diag) MUST_USE;

/* ---- events: what happened, chained by hash ---- */

struct ledger_event {
    const char *kind;       /* "run.sealed", "unit.planned", "files.released", ... */
    const char *subject;    /* a run, a file, an entitlement, or "" */
    const char *unit;       /* a unit's code or "" */
    const char *who;        /* the user or the named officer */
    const char *why;        /* reason, or "" */
    const char *at;         /* time, UTC+7 */
    struct digest digest;   /* over the rows the event acts on; all zero: none */
};
/* Appends to the chain: hash = SHA-256(previous hash, all fields). Inside a transaction. */
enum status ledger_event_add(struct ledger *ledger, const struct ledger_event *event, struct diag *diag) MUST_USE;

/* Follows the chain from its start; STATUS_CONFLICT names the first event that does not fit. */
enum status ledger_event_check(struct ledger *ledger, uint64_t *count, struct diag *diag) MUST_USE;

/* ---- runs ---- */

enum run_state { RUN_SEALED, RUN_PLANNED, RUN_STAGED, RUN_COMPLETE };

struct ledger_run {
    int64_t run;                /* the ledger's number */
    int64_t first;              /* the number of the first of those that were sealed together; its own if alone */
    month_t period;
    int number;                 /* of this period, from 1 */
    enum run_state state;
    char created_at[SYS_TIME_BYTES];
    char who[64];               /* the user who ran it */
    char officer[OFFICER_NAME_BYTES];   /* who prepared it by name; empty: nobody was named */
    struct digest officer_key;  /* the public key that proved it; all zero: none */
    day_t pay_date;             /* --pay-date, or DAY_NONE: by the calendar of the configuration */
    char units[512];            /* codes with commas; empty: every unit */
    struct digest law;          /* what the run is sealed on */
    struct digest config;
    struct digest formats;      /* profiles and directory: of their list of digests, in the archive */
};

/* The latest run of a period, whatever its state; run = 0: none. */
enum status ledger_run_latest(struct ledger *ledger, month_t period, struct ledger_run *run, struct diag *diag) MUST_USE;
/* The last run of the latest period that was run; run = 0: none. */
enum status ledger_run_last(struct ledger *ledger, struct ledger_run *run, struct diag *diag) MUST_USE;
/* A run that is not complete, of any period; run = 0: none. */
enum status ledger_run_open(struct ledger *ledger, struct ledger_run *run, struct diag *diag) MUST_USE;
enum status ledger_run_get(struct ledger *ledger, int64_t number, struct ledger_run *run, struct diag *diag) MUST_USE;
/* The runs that were sealed together, in the order of their periods; at most `max`. */
enum status ledger_runs_together(struct ledger *ledger, int64_t first, struct ledger_run *run, size_t max,
                                 size_t *count, struct diag *diag) MUST_USE;
/* Tells what was recorded with the sealing of the last run: the events of that transaction, in order. Texts live until
 * the next. */
typedef void ledger_recorded(void *context, struct span kind, struct span why);
enum status ledger_run_recorded(struct ledger *ledger, ledger_recorded *tell, void *context, struct diag *diag) MUST_USE;
/* Adds the run; sets `run` and `number`, and `first` where it is 0. */
enum status ledger_run_add(struct ledger *ledger, struct ledger_run *run, struct diag *diag) MUST_USE;
/* Forward only; with its event. */
enum status ledger_run_move(struct ledger *ledger, int64_t run, enum run_state state, struct diag *diag) MUST_USE;

/* ---- intake files ---- */

enum intake_state { INTAKE_UNKNOWN, INTAKE_SEALED, INTAKE_APPLIED };

struct ledger_approval {
    struct digest list;         /* of the .sha256 list */
    struct digest signature;    /* of the .p7s */
    struct digest signer;       /* certificate fingerprint */
    char officer[OFFICER_NAME_BYTES];   /* who that was, and might approve the file, when it was taken */
    char name[DIAG_FILE_BYTES];
    int64_t signed_at;          /* seconds since 1970, UTC */
};

struct ledger_intake {
    int64_t intake;             /* the ledger's number */
    char name[DIAG_FILE_BYTES]; /* as it lay in intake/ */
    struct digest sha256;
    int64_t approval;           /* 0: taken without one (policy intake="open") */
    int64_t signed_at;          /* the approval's */
    struct digest signer;       /* likewise */
    enum family family;
    enum intake_state state;
    bool again;                 /* its content was known: it is part of a month's list (ledger_listing.h), and no more */
    uint64_t rows_read, rows_applied, rows_unchanged, rows_rejected;
};

/* An approval, by its signature's digest: its number, added on first sight. */
enum status ledger_approval(struct ledger *ledger, const struct ledger_approval *approval, int64_t run,
                            int64_t *number, struct diag *diag) MUST_USE;
/* Whether a content is known. */
enum status ledger_intake_state(struct ledger *ledger, const struct digest *sha256, enum intake_state *state,
                                struct diag *diag) MUST_USE;
/* The number of a content that is known. */
enum status ledger_intake_find(struct ledger *ledger, const struct digest *sha256, int64_t *intake, struct diag *diag) MUST_USE;
/* Seals a file into a run. */
enum status ledger_intake_seal(struct ledger *ledger, int64_t run, struct ledger_intake *intake, struct diag *diag) MUST_USE;
/* The sealed files of a run (0: of all), in the order in which they were sealed, then those that came again.
 * Freed by the caller. */
enum status ledger_intake_list(struct ledger *ledger, int64_t run, struct ledger_intake **list, size_t *count,
                               struct diag *diag) MUST_USE;
/* Records that the file was applied, with its counts; ASSERTs rows read = applied + unchanged + rejected. */
enum status ledger_intake_done(struct ledger *ledger, const struct ledger_intake *intake, struct diag *diag) MUST_USE;

struct ledger_reject {
    uint64_t line;
    unsigned column;
    struct span reason;
};
enum status ledger_reject_add(struct ledger *ledger, int64_t intake, const struct ledger_reject *reject, size_t count,
                              struct diag *diag) MUST_USE;

/* The version of SQLite, for --version. */
const char *ledger_library(void);

#endif
