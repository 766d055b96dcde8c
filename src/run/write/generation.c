/* generation.c - the next generation of a file: its name, its place, its pay date. */
#include "run/world.h"

#include <stdio.h>

/* PmtInfId adds two characters to a MsgId and ISO 20022 allows 35 (as in plan.c). */
enum { MSG_ID_LENGTH_MAX = 33 };

/* The day itself as long as it is not past, otherwise the next working day. */
static day_t pay_date_now(const struct site_config *config, day_t planned, day_t today)
{
    day_t day = planned;

    if (planned < today) {
        for (day = today + 1; !site_is_working_day(config, day);) {
            day++;
        }
    }
    return day;
}

/* A bank file's first generation ends in -G1, a list's in nothing. */
static enum status name_next(const struct ledger_file *file, struct ledger_file *next, struct diag *diag)
{
    char ending[16];
    size_t size = strlen(file->batch.msg_id);
    size_t length = (size_t)snprintf(ending, sizeof(ending), "-G%d", file->generation);

    if (size > length && strcmp(file->batch.msg_id + size - length, ending) == 0) {
        size -= length;
    }
    int written = snprintf(next->batch.msg_id, sizeof(next->batch.msg_id), "%.*s-G%d", (int)size, file->batch.msg_id,
                           file->generation + 1);
    return written > 0 && written <= MSG_ID_LENGTH_MAX
               ? STATUS_OK
               : diag_fail(diag, STATUS_LIMIT, "the id of a new generation of %s would be longer than %d characters",
                           file->batch.msg_id, MSG_ID_LENGTH_MAX);
}

enum status generation_next(const struct world *world, const struct ledger_file *file, day_t pay_date,
                            struct ledger_file *next, struct diag *diag)
{
    bool cash = file->batch.channel == CHANNEL_cash;
    const char *ending = ".csv";
    char pay_month[8];
    const struct bank_profile *profile = NULL;

    *next = *file;
    next->batch.pay_date = pay_date != DAY_NONE ? pay_date
                                                : pay_date_now(world->config, file->batch.pay_date, world->today);
    snprintf(next->created_at, sizeof(next->created_at), "%s", world->run.created_at);
    memcpy(next->preparer.who, world->run.who, sizeof(next->preparer.who));
    memcpy(next->preparer.officer, world->run.officer, sizeof(next->preparer.officer));
    next->preparer.key = world->run.officer_key;
    enum status rc = name_next(file, next, diag);
    if (rc == STATUS_OK && !cash) {
        profile = file_profile(world, file, NULL);
        if (profile == NULL) {
            rc = diag_fail(diag, STATUS_CONFLICT, "the configuration has no account that pays %s", file->batch.msg_id);
        } else {
            ending = profile->compression == BANK_GZIP ? ".xml.gz" : ".xml";
        }
    }
    month_write(day_month(next->batch.pay_date), pay_month);
    snprintf(next->path, sizeof(next->path), "%s/%s/%s/%s%s", cash ? "cash" : "outbox", pay_month, file->batch.bank,
             next->batch.msg_id, ending);
    return rc;
}
