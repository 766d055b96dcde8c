/*
 * answer_meaning.c - what ISO's status codes say about a payment, in one table.
 *
 * Source: ISO external code sets ExternalPaymentGroupStatus1Code and ExternalPaymentTransactionStatus1Code,
 * May 2025; a code in both means the same in both. ExternalEntryStatus1Code for entries. What is not in
 * the table is ANSWER_UNKNOWN: never a final failure and never paid.
 */
#include "chitra/answer.h"

struct code_meaning {
    char code[5];
    enum answer_meaning meaning;
};

static const struct code_meaning statuses[] = {
    { "ACCC", ANSWER_SETTLED },     /* settlement on the creditor's account completed */
    { "ACCP", ANSWER_ACCEPTED },    /* technical validation and customer profile successful */
    { "ACFC", ANSWER_ACCEPTED },    /* also an automatic funds check */
    { "ACFW", ANSWER_PENDING },     /* funds are there, but the initiating party must still confirm */
    { "ACIS", ANSWER_ACCEPTED },    /* a cheque was issued, but not yet cleared */
    { "ACPD", ANSWER_ACCEPTED },    /* released from the debtor's agent, accepted by the clearing */
    { "ACSC", ANSWER_SETTLED },     /* settlement on the debtor's account completed */
    { "ACSP", ANSWER_ACCEPTED },    /* all checks successful, accepted for execution */
    { "ACTC", ANSWER_ACCEPTED },    /* authentication, syntax and semantics are right */
    { "ACWC", ANSWER_ACCEPTED },    /* accepted with a change, such as the date */
    { "ACWP", ANSWER_ACCEPTED },    /* accepted without being posted to the creditor's account */
    { "BLCK", ANSWER_PENDING },     /* neither posted to the creditor nor returned */
    { "CANC", ANSWER_CANCELLED },   /* cancelled at our request */
    { "CPUC", ANSWER_SETTLED },     /* cash was picked up by the creditor */
    { "PART", ANSWER_PARTLY },      /* some accepted, others not yet */
    { "PATC", ANSWER_PENDING },     /* some of several authentications performed */
    { "PDNG", ANSWER_PENDING },     /* further checks will be performed */
    { "PRES", ANSWER_PENDING },     /* a request for payment was presented to the debtor */
    { "RCVC", ANSWER_PENDING },     /* received, payee verified: RCVC, RVCM, RVMC, RVNA, RVNC, RVNM */
    { "RCVD", ANSWER_PENDING },     /* received */
    { "RJCT", ANSWER_REJECTED },    /* rejected */
    { "RVCM", ANSWER_PENDING },
    { "RVMC", ANSWER_PENDING },
    { "RVNA", ANSWER_PENDING },
    { "RVNC", ANSWER_PENDING },
    { "RVNM", ANSWER_PENDING },
};

static const struct code_meaning entry_statuses[] = {
    { "BOOK", ANSWER_SETTLED },     /* booked on the account */
    { "FUTR", ANSWER_PENDING },     /* will be booked on a later day */
    { "INFO", ANSWER_PENDING },     /* for information only: nothing was or will be booked by it */
    { "PDNG", ANSWER_PENDING },     /* not yet final */
};

static enum answer_meaning meaning_of(struct span code, const struct code_meaning *table, size_t count)
{
    if (code.size == 0) {
        return ANSWER_NONE;
    }
    for (size_t i = 0; i < count; i++) {
        if (span_is(code, table[i].code)) {
            return table[i].meaning;
        }
    }
    return ANSWER_UNKNOWN;
}

enum answer_meaning answer_status_meaning(struct span code)
{
    return meaning_of(code, statuses, sizeof(statuses) / sizeof(statuses[0]));
}

enum answer_meaning answer_entry_meaning(struct span code)
{
    return meaning_of(code, entry_statuses, sizeof(entry_statuses) / sizeof(entry_statuses[0]));
}
