/* stats_json.c - the figures as JSON. */
#include "stats_index.h"

#include <inttypes.h>

/* With 4 decimals, half up, in whole numbers; null where there is nobody to divide by. */
static enum status add_ratio(struct buf *out, const char *key, bool known, struct ratio ratio)
{
    int64_t rounded = 0;

    if (!known || !stats_ratio_round(ratio, &rounded)) {
        return buf_add_format(out, ", \"%s\": null", key);
    }
    return buf_add_format(out, ", \"%s\": %" PRId64 ".%04" PRId64, key, rounded / 10000, rounded % 10000);
}

static enum status add_share(struct buf *out, const char *key, const struct stats_share *share)
{
    return add_ratio(out, key, true, stats_share_ratio(share));
}

static enum status add_area(struct buf *out, const char *name, const struct stats_area *area,
                            const struct stats_target *target)
{
    struct ratio none = { 0, 1 };
    struct stats_share nobody = { 0, 0 };

    enum status rc = buf_add_format(out, ",\n  \"%s\": {\"persons\": %" PRIu64 ", \"noncash_persons\": %" PRIu64, name,
                                    area->share.persons, area->share.noncash_persons);
    if (rc == STATUS_OK) {
        rc = add_share(out, "noncash_share", &area->share);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(out, ", \"amount\": %" PRId64 ", \"noncash_amount\": %" PRId64, area->amount_dong,
                            area->noncash_amount_dong);
    }
    if (rc == STATUS_OK) {
        rc = add_ratio(out, "target", target != NULL, target == NULL ? none : target->share);
    }
    if (rc == STATUS_OK) {
        rc = add_share(out, "target_share", target == NULL ? &nobody : &area->covered);
    }
    if (rc == STATUS_OK) {
        rc = add_share(out, "previous_share", &area->previous);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(out, ", \"settled_persons\": %" PRIu64 ", \"settled_noncash_persons\": %" PRIu64,
                            area->settled.persons, area->settled.noncash_persons);
    }
    if (rc == STATUS_OK) {
        rc = add_share(out, "settled_noncash_share", &area->settled);
    }
    if (rc == STATUS_OK) {
        rc = buf_add_format(out, ", \"settled_amount\": %" PRId64 ", \"settled_noncash_amount\": %" PRId64,
                            area->settled_dong, area->settled_noncash_dong);
    }
    return rc == STATUS_OK ? buf_add_text(out, "}") : rc;
}

enum status stats_json(const struct stats *stats, day_t as_of, struct buf *out)
{
    static const char *const name[STATS_AREAS] = { "urban", "rural", "all" };
    char period[8];
    char day[11];

    month_write(stats->period, period);
    day_write(as_of, day);
    enum status rc = buf_add_format(out, "{\"period\": \"%s\", \"as_of\": \"%s\", \"closed\": %s", period, day,
                                    stats->closed ? "true" : "false");
    for (int i = 0; i < STATS_AREAS && rc == STATUS_OK; i++) {
        /* The targets are for urban recipients alone. */
        rc = add_area(out, name[i], &stats->area[i], i == STATS_URBAN ? stats->target : NULL);
    }
    return rc == STATUS_OK ? buf_add_text(out, "\n}") : rc;
}
