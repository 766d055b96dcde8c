/*
 * cash.h - a payment point's list: who is paid how much there, and how the clerk knows the person.
 *
 * Layer: cash (knows base). It does not know the ledger, nor where the list is published.
 *
 * CSV (RFC 4180, UTF-8, LF), one list in one file:
 *     list_id,no,payment_id,name,amount,birth_year,citizen_id,benefit,period,payee_name
 * The first five columns are what readers of the list rely on. The list leaves the agency, so it
 * shows no more of a person than the clerk needs beside the identity card: the year of birth and the
 * last four digits of the citizen id. `payee_name` is there when another person collects on a written
 * authorisation (Law 41/2024/QH15: at most twelve months). Texts that a spreadsheet would take for a
 * formula are guarded (CWE-1236), because such lists are opened in one and printed.
 *
 * Calling sequence: cash_list_begin, then cash_list_add for each line in order; the text grows in the
 * caller's buffer: a point has some hundreds of people.
 *
 * Errors: STATUS_LIMIT when the buffer's cap is reached, the buffer unchanged.
 */
#ifndef CHITRA_CASH_H
#define CHITRA_CASH_H

#include "chitra/facts.h"

/* One line's longest form is under 800 bytes: room for 80,000 people, more than any point can pay. */
enum { CASH_LIST_BYTES_MAX = 64 * 1024 * 1024 };

struct cash_line {
    const char *list_id;        /* the list's, the same in each line */
    uint32_t number;            /* from 1, in the order of the list */
    const char *payment_id;     /* the EndToEndId */
    struct span name;           /* the beneficiary, UTF-8 as registered */
    int64_t amount_dong;
    day_t birth_date;           /* only its year is shown; DAY_NONE: unknown */
    struct span citizen_id;     /* only its last four digits are shown; empty: unknown */
    enum benefit benefit;
    month_t period;             /* of the run that pays */
    struct span payee_name;     /* who collects instead; empty: the beneficiary */
};

/* Appends the header. */
enum status cash_list_begin(struct buf *list) MUST_USE;

/* Appends a line. */
enum status cash_list_add(struct buf *list, const struct cash_line *line) MUST_USE;

#endif
