/*
 * replay.h - acts of a ledger done again, inside run/: for `audit` in a scratch ledger, for `recover` in a
 * restored one.
 *
 * What is derived is done by the functions that did it the first time, on what the run was sealed on; the
 * rows of every other act are in it.
 */
#ifndef CHITRA_RUN_REPLAY_H
#define CHITRA_RUN_REPLAY_H

#include "run/world.h"

struct replay {
    struct site *site;
    struct ledger *ledger;
    struct run_options options;
    struct world world;         /* of the run whose acts are done; run 0: none yet */
};

/* Does one act again. `exact`: with the very same events, or not at all (STATUS_CONFLICT). */
enum status replay_act(struct replay *replay, const struct ledger_act *act, bool exact, struct diag *diag) MUST_USE;
void replay_release(struct replay *replay);

#endif
