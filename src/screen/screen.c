/* screen.c - the screens, in the order in which an officer would ask. */
#include "chitra/screen.h"

const char screen_two_live_ids[] = "two live ids";
const char screen_not_listed[] = "not in the month's list";
const char screen_named_deceased[] = "named as deceased";
const char screen_excluded[] = "excluded by another benefit";
const char screen_shared_account[] = "account shared";
const char screen_account_changed[] = "account changed";
const char screen_jump[] = "amount jumped";
const char screen_paid_twice[] = "may have been paid twice";
const char screen_over_limit[] = "amount over the bank's limit";
static const char authorisation_expired[] = "authorisation expired";
static const char wallet_not_allowed[] = "wallet not allowed for the family";
static const char bank_unknown[] = "bank unknown";
static const char bank_closed[] = "bank closed";
static const char no_paying_account[] = "no paying account for the channel";
static const char account_missing[] = "account number missing or too long";
static const char name_unwritable[] = "name cannot be written";

static const struct screen_hold holds[] = {
    { "two-ids", screen_two_live_ids,
      "The same monthly benefit of one person stands under another id that is paid, or neither was paid yet. "
      "Stop the wrong one (stops, kind ended), or unhold this one if both are right.", true },
    { "not-listed", screen_not_listed,
      "The unit sends everybody every month (chitra.xml, intake full), and this benefit was not in the month's list. "
      "A list that has it again, also a later month's, has it paid; a stop says that it ended; or unhold.", true },
    { "named-deceased", screen_named_deceased,
      "A survivor's or a funeral benefit names this person as deceased, and months after the death are due. "
      "Report the death (stops, kind deceased), or correct the benefit that names the wrong person.", true },
    { "excluded", screen_excluded,
      "Another benefit of the person is due in the same month, and the law gives only one of the two. "
      "Stop the one that ends, or unhold this one if the law is otherwise here.", true },
    { "shared-account", screen_shared_account,
      "More people than the policy allows, of different families, are paid to this account. "
      "Ask whose account it is; correct it, or unhold.", true },
    { "account-changed", screen_account_changed,
      "The account is not the one that this benefit was last paid to. "
      "Ask the beneficiary by a way that is known from before; correct it back, or unhold.", true },
    { "jump", screen_jump,
      "The amount differs from last month's by more than the policy allows. "
      "Look at the facts with explain; correct them, or unhold.", true },
    { "paid-twice", screen_paid_twice,
      "A bank tells of a second debit for one of the person's payments, or of one that should not have been made. "
      "Ask the bank; chitra close takes the word on what was found out.", false },
    { "authorisation", authorisation_expired,
      "Somebody else collects, and their authorisation ended before the pay date (Law 41/2024/QH15 art. 10). "
      "A correction brings a new date or pays the beneficiary.", true },
    { "bank-limit", screen_over_limit,
      "The payment is larger than its bank takes in one transfer (chitra-bank). Route it through another account.", false },
    { "wallet", wallet_not_allowed,
      "chitra.xml does not allow wallets for this family of benefits. A correction brings another channel.", false },
    { "bank-unknown", bank_unknown,
      "The directory has no bank with this number. A correction brings the right one.", false },
    { "bank-closed", bank_closed,
      "The directory says that this bank is closed or was taken over. A correction brings the new account.", false },
    { "no-account", no_paying_account,
      "The unit has no account in chitra.xml that pays this channel.", false },
    { "account-missing", account_missing,
      "There is no account number, or it is longer than the bank takes. A correction brings it.", false },
    { "name", name_unwritable,
      "Nothing of the name is left in the characters that the bank takes. A correction brings one.", false },
    { "overtaken", "overtaken before its file left",
      "A stop, a correction or a newer row came before the file left. The next run pays what today's facts say.", false },
    { "withdrawn", "its file was withdrawn",
      "The file that carried it was withdrawn before the bank took it. The next run pays it.", false },
    { "relatives", screen_awaits_relatives,
      "The beneficiary died before this was paid; it is the relatives' (Law 41/2024/QH15 art. 75(5)). "
      "A correction that names a payee, received after the death, has it paid to them.", false },
    { "law", screen_no_answer,
      "The law file has no answer for this case. It is paid when a law file has one.", false },
    { "decision", screen_awaits_decision,
      "Months were missed while the benefit was suspended, and the reason why it was resumed does not say what "
      "becomes of them (Law 41/2024/QH15 art. 75). A stop of kind resumed with its reason decides it.", false },
};

const struct screen_hold *screen_hold_of(struct span reason)
{
    for (size_t i = 0; i < sizeof(holds) / sizeof(*holds); i++) {
        if (span_is(reason, holds[i].reason)) {
            return &holds[i];
        }
    }
    return NULL;
}

bool screen_jumped(int64_t before_dong, int64_t now_dong, int percent)
{
    __int128 difference = (__int128)now_dong - before_dong;

    return (difference < 0 ? -difference : difference) * 100 > (__int128)before_dong * percent;
}
const char screen_no_answer[] = "the law file has no answer";
const char screen_awaits_relatives[] = "deceased: awaits a payee named since";
const char screen_awaits_decision[] = "awaits decision on missed months";

/* A name of which nothing is left in the bank's characters cannot be written into its file. */
static bool name_is_writable(struct span name, enum charset charset)
{
    char first = name.size > 0 ? name.data[0] : '\0';
    struct buf out = BUF_INIT(1024);

    if ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z')) {
        return true;    /* the usual case, without converting anything */
    }
    enum status rc = text_transliterate(name, charset, 70, &out);
    bool writable = rc == STATUS_OK && out.size > 0;
    buf_release(&out);
    return writable;
}

static const char *screen_bank(const struct screen_facts *facts)
{
    if (facts->channel == CHANNEL_wallet && !facts->wallet_allowed) {
        return wallet_not_allowed;
    }
    if (!facts->bank_known) {
        return bank_unknown;
    }
    if (!facts->bank_active) {
        return bank_closed;
    }
    if (!facts->account_open) {
        return no_paying_account;
    }
    if (facts->account.size == 0 || facts->account.size > facts->account_length_max) {
        return account_missing;
    }
    return name_is_writable(facts->name, facts->charset) ? NULL : name_unwritable;
}

const char *screen_payment(const struct screen_facts *facts)
{
    if (facts->twin) {
        return screen_two_live_ids;
    }
    /* A written authorisation has a date of its own (L41 art. 10(2)d); the money waits when it is over. */
    if (facts->other_payee && facts->authorised_until != DAY_NONE && facts->authorised_until < facts->pay_date) {
        return authorisation_expired;
    }
    return facts->channel == CHANNEL_cash ? NULL : screen_bank(facts);
}
