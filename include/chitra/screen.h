/*
 * screen.h - reasons to hold a payment before money moves.
 *
 * Layer: screen (knows base). Pure: the caller brings the facts, the screen gives the first reason
 * that applies, or none. A held obligation stays owed; every run looks at it again.
 *
 * Ownership: reasons are static texts; the facts are only read. There are no errors: whatever the facts
 * are, a payment is held or it is not. Of several reasons the first is given: two live ids, the
 * authorisation, then channel, bank, account and name. What the policy of a site adds comes after these: who
 * knows the register finds it (run/), and has the words from here.
 *
 * Source: Law 41/2024/QH15 art. 10(2)(d) (collecting for somebody else), art. 75 (missed months).
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

/* Whether an amount differs from the month before by more than so many percent of that one. */
bool screen_jumped(int64_t before_dong, int64_t now_dong, int percent);

/* Everything that holds, by the words that the ledger keeps: a code for programs, what it means and what ends it,
 * and whether an officer can decide that it is paid all the same (unhold). NULL: an officer's own words. */
struct screen_hold {
    const char *code;
    const char *reason;
    const char *explanation;
    bool can_be_lifted;
};
const struct screen_hold *screen_hold_of(struct span reason);

/* Why a month waits: the same benefit stands, or is paid, under another id of the person. */
extern const char screen_two_live_ids[];
/* Why a month waits: the unit sends everybody every month, and did not send this one. */
extern const char screen_not_listed[];
/* Why a payment waits by the site's policy. */
extern const char screen_named_deceased[];
extern const char screen_excluded[];
extern const char screen_shared_account[];
extern const char screen_account_changed[];
extern const char screen_jump[];
/* Why a payment waits that is larger than its bank takes. */
extern const char screen_over_limit[];
/* Why everything of a person waits: one of their payments may have been made twice. */
extern const char screen_paid_twice[];
/* Why what was unpaid at a death waits: nobody has named the relatives who get it (L41 art. 75(5)). */
extern const char screen_awaits_relatives[];
/* Why an amount waits: the law file does not know this case. */
extern const char screen_no_answer[];
/* Why a missed month waits: the stop that ended gives no reason that decides it (L41 art. 75). */
extern const char screen_awaits_decision[];

#endif
