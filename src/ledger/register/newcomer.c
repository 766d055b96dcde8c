/*
 * newcomer.c - who is new gets a person, many at a time.
 *
 * The usual newcomer is a new person with one entitlement: two inserts in the order of the numbers, whose conflict
 * tells that the person or the citizen number is known. Left out of that is everybody but the first of one person,
 * and whoever gives a number that somebody else who waits gives with another one beside it. What goes in together
 * therefore has nothing to do with each other nor with the rest, and the rest follows one by one as it came: how
 * many wait, and for how long, changes nothing.
 */
#include "newcomer.h"

#include <stdlib.h>

/* Some 30 MiB while they are joined; more would win little, since a nation's trees have some thousand leaves. */
enum { NEWCOMERS_MAX = 1 << 18 };

struct newcomers {
    struct newcomer *waiting;
    size_t count, room;
    struct ledger_unjoined *unjoined;
    size_t unjoined_count;
};

bool newcomers_wait(const struct ledger *ledger)
{
    return ledger->newcomers != NULL && ledger->newcomers->count > 0;
}

void newcomers_forget(struct ledger *ledger)
{
    if (ledger->newcomers != NULL) {
        free(ledger->newcomers->waiting);
        free(ledger->newcomers->unjoined);
        free(ledger->newcomers);
        ledger->newcomers = NULL;
    }
}

enum status newcomers_add(struct ledger *ledger, const struct newcomer *newcomer, struct diag *diag)
{
    struct newcomers *to = ledger->newcomers;

    if (to == NULL) {
        to = ledger->newcomers = mem_alloc(1, sizeof(*to));
    }
    if (to->count == to->room) {
        to->room = 2 * to->room + 1024;
        to->waiting = mem_resize(to->waiting, to->room, sizeof(*to->waiting));
    }
    to->waiting[to->count++] = *newcomer;
    return to->count < NEWCOMERS_MAX ? STATUS_OK : newcomers_join(ledger, diag);
}

/* ---- by number ---- */

/* Sorts by number, a byte at a time from the last one, between `row` and `spare`; gives that of the two in which
 * it ends. Equal numbers stay in the order in which they came. */
static struct numbered *numbers_sort(struct numbered *row, struct numbered *spare, size_t count)
{
    enum { BYTE_BITS = 8, BYTES = 1 << BYTE_BITS };
    uint64_t highest = 0;

    for (size_t i = 0; i < count; i++) {
        highest |= row[i].number;
    }
    for (unsigned shift = 0; shift < 64 && highest >> shift != 0; shift += BYTE_BITS) {
        size_t next[BYTES + 1] = { 0 };
        for (size_t i = 0; i < count; i++) {
            next[(row[i].number >> shift) % BYTES + 1]++;
        }
        for (size_t byte = 1; byte < BYTES; byte++) {
            next[byte] += next[byte - 1];
        }
        for (size_t i = 0; i < count; i++) {
            spare[next[(row[i].number >> shift) % BYTES]++] = row[i];
        }
        struct numbered *sorted = spare;
        spare = row;
        row = sorted;
    }
    return row;
}

/* Marks everybody of a number that does not always come with the same other one. */
static void contested_mark(const struct numbered *row, size_t count)
{
    for (size_t first = 0, next; first < count; first = next) {
        bool agree = true;
        for (next = first + 1; next < count && row[next].number == row[first].number; next++) {
            agree = agree && row[next].other == row[first].other;
        }
        for (size_t i = first; i < next && !agree; i++) {
            row[i].newcomer->apart = APART_SHARED;
        }
    }
}

static void number_column(const void *rows, size_t row, int column, sqlite3_context *result)
{
    const struct numbered *numbered = &((const struct numbered *)rows)[row];

    if (column == 0) {
        sqlite3_result_int64(result, (int64_t)numbered->number);
    } else if (column == 2) {
        sqlite3_result_int64(result, numbered->ent);
    } else if (numbered->other != 0) {
        sqlite3_result_int64(result, (int64_t)numbered->other);
    }
}

struct bulk_source bulk_numbers(const struct bulk *numbers)
{
    return (struct bulk_source){ "numbers", "CREATE TABLE numbers(number, other, ent)", &numbers->row, &numbers->count,
                                 number_column };
}

/* ---- all at once ---- */

/* Which rows of a statement went in: the database tells each one's key as it goes, in the rows' order.
 * Asking for the rows afterwards would seek each of them once more. */
struct telling {
    const struct numbered *at;
    const struct numbered *end;
    enum newcomer_apart otherwise;      /* what those are that are passed over */
};

static void row_added(void *context, int operation, const char *database, const char *table, sqlite3_int64 key)
{
    struct telling *telling = context;

    (void)operation;
    (void)database;
    (void)table;
    for (; telling->at->number != (uint64_t)key; telling->at++) {
        ASSERT(telling->at + 1 < telling->end);
        telling->at->newcomer->apart = telling->otherwise;
    }
    telling->at++;
}

/* Runs an INSERT ... SELECT that leaves out what is known, from rows in the order of their numbers. (FAIL: SQLite
 * keeps no journal of its own for the statement, and a failure rolls the transaction back.) */
static enum status numbers_insert(struct ledger *ledger, const char *insert, const struct numbered *row, size_t count,
                                  enum newcomer_apart otherwise, struct diag *diag)
{
    struct telling telling = { row, row + count, otherwise };

    ledger->numbers = (struct bulk){ row, count };
    sqlite3_update_hook(ledger->db, row_added, &telling);
    enum status rc = db_run(ledger, diag, insert, "");
    sqlite3_update_hook(ledger->db, NULL, NULL);
    ledger->numbers = (struct bulk){ NULL, 0 };
    for (; telling.at < telling.end; telling.at++) {
        telling.at->newcomer->apart = otherwise;
    }
    return rc;
}

/* The first of each person: those who follow are the same by both numbers, or all of them are apart. */
static enum status persons_insert(struct ledger *ledger, struct numbered *row, size_t count, struct diag *diag)
{
    size_t firsts = 0;

    for (size_t i = 0; i < count; i++) {
        if (firsts > 0 && row[firsts - 1].number == row[i].number) {
            row[i].newcomer->apart = APART_SHARED;
        } else if (row[i].newcomer->apart == APART_NO) {
            row[firsts++] = row[i];
        }
    }
    return numbers_insert(ledger,
                          "INSERT OR FAIL INTO person(person, citizen, ent) SELECT number, other, ent FROM numbers"
                          " WHERE true ON CONFLICT DO NOTHING", row, firsts, APART_PERSON, diag);
}

/* The citizen numbers of those whose persons were added. */
static enum status citizens_insert(struct ledger *ledger, struct numbered *row, size_t count, struct diag *diag)
{
    size_t new = 0;

    for (size_t i = 0; i < count; i++) {
        if (row[i].newcomer->apart == APART_NO) {
            row[new++] = row[i];
        }
    }
    return numbers_insert(ledger,
                          "INSERT OR FAIL INTO citizen(citizen, person) SELECT number, other FROM numbers WHERE true"
                          " ON CONFLICT DO NOTHING", row, new, APART_CITIZEN, diag);
}

static enum status join_together(struct ledger *ledger, struct newcomer *newcomer, size_t count, struct diag *diag)
{
    struct numbered *memory = mem_alloc(3 * count, sizeof(*memory));
    struct numbered *persons = memory, *citizens = memory + count, *spare = memory + 2 * count;
    size_t given = 0;

    for (size_t i = 0; i < count; i++) {
        persons[i] = (struct numbered){ newcomer[i].person, newcomer[i].citizen, newcomer[i].ent, &newcomer[i] };
        if (newcomer[i].citizen != 0) {
            citizens[given++] = (struct numbered){ newcomer[i].citizen, newcomer[i].person, newcomer[i].ent,
                                                     &newcomer[i] };
        }
    }
    struct numbered *sorted = numbers_sort(persons, spare, count);
    spare = sorted == persons ? spare : persons;
    persons = sorted;
    citizens = numbers_sort(citizens, spare, given);
    contested_mark(persons, count);
    contested_mark(citizens, given);
    enum status rc = persons_insert(ledger, persons, count, diag);
    if (rc == STATUS_OK) {
        rc = citizens_insert(ledger, citizens, given, diag);
    }
    free(memory);
    return rc;
}

/* ---- one by one ---- */

static enum status join_one(struct ledger *ledger, const struct newcomer *newcomer, struct diag *diag)
{
    struct newcomers *all = ledger->newcomers;
    bool contradicts = false;

    enum status rc = person_join(ledger, newcomer, &contradicts, diag);
    if (rc == STATUS_OK && contradicts) {
        all->unjoined = mem_resize(all->unjoined, all->unjoined_count + 1, sizeof(*all->unjoined));
        all->unjoined[all->unjoined_count++] = (struct ledger_unjoined){
            newcomer->intake, { newcomer->line, newcomer->citizen_byte,
                                span_of("citizen_id: the two numbers belong to different people") } };
    }
    return rc;
}

enum status newcomers_join(struct ledger *ledger, struct diag *diag)
{
    if (!newcomers_wait(ledger)) {
        return STATUS_OK;
    }
    struct newcomer *newcomer = ledger->newcomers->waiting;
    size_t count = ledger->newcomers->count;

    ledger->newcomers->count = 0;       /* persons are asked about from now on */
    enum status rc = join_together(ledger, newcomer, count, diag);
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        if (newcomer[i].apart == APART_CITIZEN) {
            rc = db_run(ledger, diag, "DELETE FROM person WHERE person = ?", "i", (int64_t)newcomer[i].person);
        }
    }
    for (size_t i = 0; i < count && rc == STATUS_OK; i++) {
        rc = newcomer[i].apart == APART_NO ? STATUS_OK : join_one(ledger, &newcomer[i], diag);
    }
    return rc;
}

enum status ledger_join(struct ledger *ledger, struct ledger_unjoined **unjoined, size_t *count, struct diag *diag)
{
    *unjoined = NULL;
    *count = 0;
    enum status rc = newcomers_join(ledger, diag);
    if (rc == STATUS_OK && ledger->newcomers != NULL) {
        *unjoined = ledger->newcomers->unjoined;
        *count = ledger->newcomers->unjoined_count;
        ledger->newcomers->unjoined = NULL;
        newcomers_forget(ledger);
    }
    return rc;
}
