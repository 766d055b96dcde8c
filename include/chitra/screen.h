/*
 * screen.h - reasons to hold a payment before money moves.
 *
 * Layer: screen (knows base). Pure: the caller brings the facts, the screen gives the first reason
 * that applies, or none. A held obligation stays owed; every run looks at it again.
 */
#ifndef CHITRA_SCREEN_H
#define CHITRA_SCREEN_H

#include "chitra/facts.h"
#include "chitra/text.h"

struct screen_facts {
    enum family family;
    int channel;                /* CHANNEL_... */
    bool twin;                  /* the same monthly benefit stands under another live id, and this one was never paid */
    bool bank_known;            /* the directory has the creditor's bank */
    bool bank_active;
    bool account_open;          /* the unit has an account that pays this channel */
    bool wallet_allowed;        /* chitra.xml allows wallets for the family */
    size_t account_length_max;  /* of the paying bank's profile */
    enum charset charset;       /* likewise */
    struct span account;
    struct span name;           /* whom the file will name */
    bool other_payee;           /* somebody else than the beneficiary collects */
    day_t authorised_until;     /* DAY_NONE: not given */
    day_t pay_date;
};

/* Words for `list holds`; static. NULL: nothing holds it. */
const char *screen_payment(const struct screen_facts *facts);

/* Why a month that was paid waits: its facts changed afterwards. */
extern const char screen_awaits_recalculation[];
/* Why a missed month waits: the stop that ended gives no reason that decides it (L41 art. 75). */
extern const char screen_awaits_decision[];

#endif
