/*
 * officer.h - who acts: named by --as, proven by --key, and never on what they prepared themselves.
 *
 * Layer: inside run/, for every command that moves money or undoes a move.
 *
 * Calling sequence: officer_new; officer_check for every run (and unit) whose work is acted on, before
 * anything is changed; inside the transaction that changes it, officer_act in place of ledger_event_add;
 * officer_release, also after an error.
 *
 * Under policy dual, in force today or when the run was sealed, officer_check wants a key that chitra.xml
 * binds to the named person, in office and with the role for the unit, and another person than who prepared
 * the run: by name, by login, and by key. Otherwise a key is not needed, but one that is given must be right.
 *
 * Errors: STATUS_SIGNATURE for whoever may not; STATUS_USAGE for a claim that makes no sense.
 */
#ifndef CHITRA_RUN_OFFICER_H
#define CHITRA_RUN_OFFICER_H

#include "chitra/ledger_hold.h"
#include "chitra/ledger_officer.h"
#include "chitra/site.h"

struct officer {
    const struct site *site;
    struct ledger *ledger;
    enum officer_role role;
    char who[OFFICER_WHO_BYTES];            /* for events: the named person, "NAME (user)" without a key, or the user */
    char name[OFFICER_NAME_BYTES];          /* as claimed; empty: nobody was named */
    char at[SYS_TIME_BYTES];                /* when they act */
    struct sys_time time;
    const struct site_officer *bound;       /* whom the key proves; NULL: no key was given */
    struct signer *signer;                  /* likewise */
};

/* Takes the claim, and checks the key if one is given: bound to the name by chitra.xml, its certificate current,
 * the officer in office and with the role. The site and the ledger outlive the officer. */
enum status officer_new(const struct site *site, struct ledger *ledger, const struct officer_claim *claim,
                        enum officer_role role, struct officer *officer, struct diag *diag) MUST_USE;
void officer_release(struct officer *officer);

/* Whether they may act on what this run prepared, for the unit with this code ("": no certain one). Run 0: what no
 * run prepared. */
enum status officer_check(const struct officer *officer, int64_t run, const char *unit, struct diag *diag) MUST_USE;

/* The same for a file: for its run, and of a later generation also for who made that. */
enum status officer_check_file(const struct officer *officer, const struct ledger_file *file, struct diag *diag) MUST_USE;

/* The same for what was placed by hand: not who placed it. */
enum status officer_check_hold(const struct officer *officer, const struct ledger_hold *hold, const char *unit,
                               struct diag *diag) MUST_USE;

/* Adds the event, with who and at filled in. With a key also its signature, over the event's own fields and
 * `content` (text that says exactly what is decided); the event's digest is then that of the signed bytes. */
enum status officer_act(const struct officer *officer, struct ledger_event *event, struct span content,
                        struct diag *diag) MUST_USE;

/* Adds the events of officers who came, left or got other rights since the ledger last looked. Inside a
 * transaction; officer_act does it too. */
enum status officers_record(const struct site_config *config, struct ledger *ledger, const char *who, const char *at,
                            struct diag *diag) MUST_USE;

/* For an audit: that a signature is over its event and by whom the event names, as bound by the chitra.xml
 * of then. STATUS_SIGNATURE or STATUS_CONFLICT says what does not fit. */
enum status officer_verify(const struct site *site, const struct ledger_event *event,
                           const struct ledger_signature *signature, struct diag *diag) MUST_USE;

#endif
