/*
 * list_write.c - a payment point's list as CSV.
 */
#include "chitra/cash.h"
#include "chitra/text.h"

#include <stdio.h>

enum {
    CITIZEN_ID_SHOWN = 4,       /* of twelve digits: enough to tell two of one name and year apart */
    CITIZEN_ID_DIGITS = 12      /* as in the intake's column */
};

enum status cash_list_begin(struct buf *list)
{
    return buf_add_text(list,
                        "list_id,no,payment_id,name,amount,birth_year,citizen_id,benefit,period,payee_name\n");
}

/* "********1234", or empty if it is unknown or too short to hide anything. */
static void citizen_id_mask(struct span citizen_id, char text[CITIZEN_ID_DIGITS + 1])
{
    size_t shown = 0;

    if (citizen_id.size > CITIZEN_ID_SHOWN && citizen_id.size <= CITIZEN_ID_DIGITS) {
        shown = citizen_id.size;
        memset(text, '*', shown - CITIZEN_ID_SHOWN);
        memcpy(text + shown - CITIZEN_ID_SHOWN, citizen_id.data + shown - CITIZEN_ID_SHOWN, CITIZEN_ID_SHOWN);
    }
    text[shown] = '\0';
}

static enum status line_add(struct buf *list, const struct cash_line *line)
{
    char masked[CITIZEN_ID_DIGITS + 1];
    char year[12] = "";
    char period[8];

    citizen_id_mask(line->citizen_id, masked);
    month_write(line->period, period);
    if (line->birth_date != DAY_NONE) {
        int length = snprintf(year, sizeof(year), "%04d", day_civil(line->birth_date).year);
        ASSERT(length == 4);
    }
    enum status rc = buf_add_format(list, "%s,%u,%s,", line->list_id, line->number, line->payment_id);
    if (rc == STATUS_OK) {
        rc = text_add_csv(list, line->name, true);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(list, ",%lld,%s,%s,%s,%s,", (long long)line->amount_dong, year, masked,
                            benefit_name(line->benefit), period);
    }
    if (rc == STATUS_OK) {
        rc = text_add_csv(list, line->payee_name, true);
    }
    return rc == STATUS_OK ? buf_add(list, "\n", 1) : rc;
}

enum status cash_list_add(struct buf *list, const struct cash_line *line)
{
    size_t size = list->size;

    ASSERT(line->number >= 1 && line->amount_dong >= 1);
    enum status rc = line_add(list, line);
    if (rc != STATUS_OK) {
        list->size = size;
    }
    return rc;
}
