/*
 * newcomer.h - entitlements that were just added, until each has its person.
 *
 * The numbers of people come in no order: joined batch by batch, newcomers would touch every page of `person` and of
 * `citizen` for every thousand rows. They wait, and many are joined at a time, in the order of their numbers.
 *
 * What comes out is what would come out if each was joined when it came. Whoever asks about persons, or about an
 * entitlement that might be gone again, has them joined first: newcomers_join. Inside a transaction.
 */
#ifndef CHITRA_LEDGER_NEWCOMER_H
#define CHITRA_LEDGER_NEWCOMER_H

#include "entry.h"

/* Why one is not joined together with the others. */
enum newcomer_apart {
    APART_NO,
    APART_SHARED,               /* another one who waits has a number of it, and came first or contradicts it */
    APART_PERSON,               /* the person is known */
    APART_CITIZEN               /* the person is new, the citizen number is known */
};

struct newcomer {
    int64_t ent;
    uint64_t person;            /* the key by its own numbers */
    uint64_t citizen;           /* 0: not given */
    int64_t intake;
    uint64_t line;
    unsigned citizen_byte;      /* as in struct ledger_row */
    enum benefit benefit;
    enum newcomer_apart apart;
};

/* Lets one wait. Those who wait are joined when they are many, so that this may do what newcomers_join does. */
enum status newcomers_add(struct ledger *ledger, const struct newcomer *newcomer, struct diag *diag) MUST_USE;
/* Joins all who wait. Those whose numbers contradict what is known are kept for ledger_join; their entitlements
 * are gone again. */
enum status newcomers_join(struct ledger *ledger, struct diag *diag) MUST_USE;
bool newcomers_wait(const struct ledger *ledger);
/* The transaction is given up. */
void newcomers_forget(struct ledger *ledger);

/* One by its number, as the table `numbers` has it. */
struct numbered {
    uint64_t number;            /* the person's or the citizen's */
    uint64_t other;             /* the other of the two; 0: not given */
    int64_t ent;                /* here too: newcomers lie in another order, and far apart */
    struct newcomer *newcomer;
};
struct bulk_source bulk_numbers(const struct bulk *numbers);

/* Joins one whose person or citizen number may be known: links, twins, stops. *contradicts: the numbers belong to
 * different people, and the entitlement is gone again. (person.c) */
enum status person_join(struct ledger *ledger, const struct newcomer *newcomer, bool *contradicts,
                        struct diag *diag) MUST_USE;

#endif
