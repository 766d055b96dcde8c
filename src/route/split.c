/* split.c - which file a payment goes to. */
#include "chitra/route.h"

#include <stdlib.h>

static bool part_fits(const struct route_part *part, const struct route_key *key)
{
    return !part->full && part->channel == key->channel && part->pay_date == key->pay_date &&
           strcmp(part->bank, key->bank) == 0 && strcmp(part->account, key->account) == 0;
}

static bool part_has_room(const struct route_part *part, const struct route_key *key, int64_t amount_dong)
{
    int64_t sum_dong;

    return (key->payments_max == 0 || part->payments < key->payments_max) &&
           money_add(part->amount_dong, amount_dong, &sum_dong) &&
           (key->amount_dong_max == 0 || sum_dong <= key->amount_dong_max);
}

/* Parts are numbered by bank or point alone, since the number stands in the MsgId with it. */
static int part_next(const struct route *route, const struct route_key *key)
{
    int next = 1;

    for (size_t i = 0; i < route->count; i++) {
        next += strcmp(route->part[i].bank, key->bank) == 0;
    }
    return next;
}

static size_t part_open(struct route *route, const struct route_key *key)
{
    int number = part_next(route, key);

    route->part = mem_resize(route->part, route->count + 1, sizeof(*route->part));
    struct route_part *part = &route->part[route->count];
    *part = (struct route_part){ .channel = key->channel, .pay_date = key->pay_date, .part = number };
    ASSERT(strlen(key->bank) < sizeof(part->bank) && strlen(key->account) < sizeof(part->account));
    memcpy(part->bank, key->bank, strlen(key->bank) + 1);
    memcpy(part->account, key->account, strlen(key->account) + 1);
    return route->count++;
}

enum status route_add(struct route *route, const struct route_key *key, int64_t amount_dong, size_t *part)
{
    size_t index = 0;

    if (key->amount_dong_max != 0 && amount_dong > key->amount_dong_max) {
        return STATUS_LIMIT;
    }
    while (index < route->count && !part_fits(&route->part[index], key)) {
        index++;
    }
    /* A part whose sum would overflow has no room either, so that the sum below always fits. */
    if (index < route->count && !part_has_room(&route->part[index], key, amount_dong)) {
        route->part[index].full = true;
        index = route->count;
    }
    if (index == route->count) {
        index = part_open(route, key);
    }
    route->part[index].payments++;
    route->part[index].amount_dong += amount_dong;
    *part = index;
    return STATUS_OK;
}

void route_release(struct route *route)
{
    free(route->part);
    *route = ROUTE_INIT;
}
