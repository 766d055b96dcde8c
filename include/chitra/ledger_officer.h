/*
 * ledger_officer.h - what officers signed, and who they are: signatures beside their events, designations.
 *
 * Layer: ledger. An act that somebody signs is an event whose digest is that of the signed content; content,
 * signature and the configuration that bound the key stand beside it, so that it can be checked in ten years.
 * What officers chitra.xml names is followed from one time to the next: who comes, who leaves and whose rights
 * change is an event.
 *
 * Calling sequence: inside a transaction, ledger_signature_add in place of ledger_event_add; for an audit,
 * ledger_signature_next from event 0 on.
 *
 * Errors: STATUS_LEDGER.
 */
#ifndef CHITRA_LEDGER_OFFICER_H
#define CHITRA_LEDGER_OFFICER_H

#include "chitra/ledger.h"

struct ledger_signature {
    int64_t event;              /* its number in the chain */
    struct digest signer;       /* certificate fingerprint */
    struct digest config;       /* of the chitra.xml that bound it to the officer; in the archive */
    struct span content;        /* what was signed */
    struct span der;            /* detached CMS, with the certificate in it */
};

/* Adds the event, whose digest must be that of the content, and the signature to it; sets signature->event. */
enum status ledger_signature_add(struct ledger *ledger, const struct ledger_event *event,
                                 struct ledger_signature *signature, struct diag *diag) MUST_USE;
/* The first signature after that of event `after`, with its event; texts live in the arena. *more false: there
 * is none. */
enum status ledger_signature_next(struct ledger *ledger, int64_t after, struct arena *arena,
                                  struct ledger_signature *signature, struct ledger_event *event, bool *more,
                                  struct diag *diag) MUST_USE;

/* An officer as the configuration has them: the name, and in one line everything else that counts. */
struct ledger_designation {
    const char *name;
    const char *text;
};
/* Takes these for today's: adds an event for each that is new or changed ("officer.designated") and for each
 * that is gone ("officer.ended"). Inside a transaction; `event` gives who and at. */
enum status ledger_designations(struct ledger *ledger, const struct ledger_designation *designation, size_t count,
                                const struct ledger_event *event, struct diag *diag) MUST_USE;

#endif
