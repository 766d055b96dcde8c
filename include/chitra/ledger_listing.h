/*
 * ledger_listing.h - the months' lists of units that send everybody every month (chitra.xml, intake="full").
 *
 * Layer: ledger. Presence is another matter than facts: a list of a month whose bytes are known changes no fact, yet
 * everybody in it is there. A month's list is every entitlement file with rows for the unit that the runs of the
 * month took, known content included; a run of several months takes it for all of them. Of who is there only the
 * latest month is kept, a narrow row for each entitlement, and none for units that send changes.
 *
 * Calling sequence: ledger_listing_add when a run is sealed; after a file's rows are in the register and its
 * rejects recorded, ledger_list_rows for each batch of them; ledger_listing_done when all of it was looked through.
 *
 * Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_LISTING_H
#define CHITRA_LEDGER_LISTING_H

#include "chitra/ledger.h"

struct ledger_listing {
    month_t period;             /* whose list the file is part of */
    uint64_t units;             /* for these, by number as bits */
    int64_t run;
    int64_t intake;
    int64_t approval;           /* under which it came this time; 0: without */
    const char *name;           /* as it lay in intake/ this time */
};
/* Records the file as part of a month's list; what is recorded stays. Inside a transaction. */
enum status ledger_listing_add(struct ledger *ledger, const struct ledger_listing *listing, struct diag *diag) MUST_USE;

/* The units that have a list of the period, by number as bits. */
enum status ledger_listing_units(struct ledger *ledger, month_t period, uint64_t *units, struct diag *diag) MUST_USE;

/* All of the file's rows were looked through in the run. Inside a transaction. */
enum status ledger_listing_done(struct ledger *ledger, int64_t run, int64_t intake, struct diag *diag) MUST_USE;

struct ledger_listed {          /* a row of a list */
    struct span id;
    int unit;                   /* by number */
    uint64_t line;
};
/* The entitlements of these rows are listed, up to a period: those that stand for the row's unit and whose row was
 * not rejected. Inside a transaction. */
enum status ledger_list_rows(struct ledger *ledger, int64_t intake, month_t through, const struct ledger_listed *row,
                             size_t count, struct diag *diag) MUST_USE;

/* The latest month in whose list the entitlement was; MONTH_NONE: in none. */
enum status ledger_listed_through(struct ledger *ledger, int64_t ent, month_t *through, struct diag *diag) MUST_USE;

#endif
