/*
 * journal.c - archive/journal/: each act of the ledger in a file named by its last event.
 *
 * An act is written after its commit and before ledger_commit returns, so that nothing outside depends on
 * what the journal does not have. What a crash leaves between the two is written when the ledger is opened
 * next, to the same bytes. Derived acts depend on nothing outside; they are written with the next that is not.
 *
 * A file is lines of fields with tabs between: "chitra act 1"; "event", its number, when, who, kind, subject,
 * unit, why, digest, hash for each; "changes" and the change set in hexadecimal, or "derived". A byte that is
 * a control character or % stands as %XX.
 */
#include "act.h"

#include "chitra/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char folder[] = "archive/journal";
static const char heading[] = "chitra act 1\n";

enum {
    ACT_BYTES_MAX = 1 << 30,
    PATH_BYTES = 64,
    FIELDS = 10                 /* of a line "event" */
};

static void act_path(int64_t last, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%010" PRId64 ".act", folder, last);
}

/* ---- writing ---- */

static enum status field_add(struct buf *out, struct span text)
{
    enum status rc = buf_add_text(out, "\t");
    size_t plain = 0;

    for (size_t i = 0; i < text.size && rc == STATUS_OK; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte >= 0x20 && byte != 0x7f && byte != '%') {
            continue;
        }
        rc = buf_add(out, text.data + plain, i - plain);
        if (rc == STATUS_OK) {
            rc = buf_add_format(out, "%%%02X", byte);
        }
        plain = i + 1;
    }
    return rc == STATUS_OK ? buf_add(out, text.data + plain, text.size - plain) : rc;
}

static enum status event_write(const struct ledger_event_row *event, struct buf *out)
{
    const struct span text[] = { event->at, event->who, event->kind, event->subject, event->unit, event->why };
    char hex[2][DIGEST_HEX_BYTES];

    digest_hex(&event->digest, hex[0]);
    digest_hex(&event->hash, hex[1]);
    enum status rc = buf_add_format(out, "event\t%" PRId64, event->seq);
    for (size_t i = 0; i < sizeof(text) / sizeof(text[0]) && rc == STATUS_OK; i++) {
        rc = field_add(out, text[i]);
    }
    return rc == STATUS_OK ? buf_add_format(out, "\t%s\t%s\n", hex[0], hex[1]) : rc;
}

static enum status changes_write(const struct ledger_act *act, struct buf *out)
{
    static const char digit[] = "0123456789abcdef";

    if (act->derived) {
        return buf_add_text(out, "derived\n");
    }
    enum status rc = buf_add_text(out, "changes\t");
    if (rc == STATUS_OK) {
        rc = buf_reserve(out, 2 * act->changes.size);
    }
    for (size_t i = 0; i < act->changes.size && rc == STATUS_OK; i++) {
        unsigned char byte = (unsigned char)act->changes.data[i];
        out->data[out->size++] = digit[byte >> 4];
        out->data[out->size++] = digit[byte & 15];
    }
    return rc == STATUS_OK ? buf_add_text(out, "\n") : rc;
}

static enum status act_write(const struct ledger_act *act, struct buf *out, struct diag *diag)
{
    enum status rc = buf_add_text(out, heading);

    for (size_t i = 0; i < act->count && rc == STATUS_OK; i++) {
        rc = event_write(&act->event[i], out);
    }
    if (rc == STATUS_OK) {
        rc = changes_write(act, out);
    }
    return rc == STATUS_OK ? rc : diag_fail(diag, rc, "one transaction changed too much for the journal");
}

static enum status act_publish(struct ledger *ledger, const struct ledger_act *act, struct diag *diag)
{
    struct buf text = BUF_INIT(ACT_BYTES_MAX);
    struct sys_file *file = NULL;
    char path[PATH_BYTES];

    act_path(act->event[act->count - 1].seq, path);
    enum status rc = act_write(act, &text, diag);
    if (rc == STATUS_OK) {
        rc = sys_file_new(ledger->dir, path, &file, diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_file_write(file, buf_span(&text), diag);
    }
    if (rc == STATUS_OK) {
        rc = sys_file_close(file, diag);
    } else {
        sys_file_abandon(file);
    }
    buf_release(&text);
    return rc;
}

enum status journal_write(struct ledger *ledger, struct diag *diag)
{
    struct ledger_acts *acts = NULL;
    struct ledger_act act;
    int64_t last = ledger->journal_last;
    bool more = true;

    enum status rc = sys_dir_make(ledger->dir, folder, diag);
    if (rc == STATUS_OK) {
        rc = ledger_acts_new(ledger, last + 1, &acts, diag);
    }
    while (rc == STATUS_OK && more) {
        rc = ledger_acts_next(acts, &act, &more, diag);
        if (rc == STATUS_OK && more) {
            last = act.event[act.count - 1].seq;
            rc = act_publish(ledger, &act, diag);
        }
    }
    ledger_acts_free(acts);
    if (rc == STATUS_OK) {
        rc = sys_dir_sync(ledger->dir, folder, diag);
    }
    if (rc == STATUS_OK) {
        ledger->journal_last = last;
    }
    return rc;
}

/* ---- reading ---- */

static int digit_of(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10 : -1;
}

/* Takes the next field off a line, decoded in its place. False if there is none or it is damaged. */
static bool field_take(char **line, struct span *field)
{
    char *from = *line;
    char *to = *line;

    if (from == NULL) {
        return false;
    }
    field->data = from;
    for (; *from != '\0' && *from != '\t'; from++) {
        if (*from == '%') {
            int high = digit_of(from[1]);
            int low = high < 0 ? -1 : digit_of(from[2]);
            if (low < 0) {
                return false;
            }
            *to++ = (char)(high << 4 | low);
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    field->size = (size_t)(to - field->data);
    *line = *from == '\t' ? from + 1 : NULL;
    return true;
}

static bool digest_take(struct span field, struct digest *digest)
{
    return field.size == 2 * DIGEST_BYTES && text_unhex(field, digest->bytes, DIGEST_BYTES);
}

static bool event_line(char *line, struct ledger_event_row *event)
{
    struct span field[FIELDS];
    uint64_t seq;

    for (size_t i = 0; i < FIELDS; i++) {
        if (!field_take(&line, &field[i])) {
            return false;
        }
    }
    if (line != NULL || !span_is(field[0], "event") || !text_number(field[1], INT64_MAX, &seq)) {
        return false;
    }
    *event = (struct ledger_event_row){ .seq = (int64_t)seq, .at = field[2], .who = field[3], .kind = field[4],
                                        .subject = field[5], .unit = field[6], .why = field[7] };
    return digest_take(field[8], &event->digest) && digest_take(field[9], &event->hash);
}

/* The last line: what the act changed. */
static bool changes_line(char *line, struct ledger_act *act)
{
    static const char name[] = "changes\t";
    size_t size = strlen(line);

    act->derived = strcmp(line, "derived") == 0;
    if (act->derived) {
        return true;
    }
    size -= sizeof(name) - 1 < size ? sizeof(name) - 1 : size;
    if (strncmp(line, name, sizeof(name) - 1) != 0 || size % 2 != 0) {
        return false;
    }
    struct span hex = { line + sizeof(name) - 1, size };
    act->changes = (struct span){ line, size / 2 };     /* decoded in place: it needs half the room, further left */
    return text_unhex(hex, (uint8_t *)line, size / 2);
}

struct ledger_journal {
    struct ledger *ledger;
    struct sys_names names;
    size_t next;                /* of the names */
    struct buf content;
    struct ledger_event_row *event;
    size_t room;
    struct chain chain;
};

static bool act_lines(struct ledger_journal *journal, struct ledger_act *act)
{
    char *line = journal->content.data + sizeof(heading) - 1;
    char *end;

    *act = (struct ledger_act){ .changes = SPAN_EMPTY };
    if (journal->content.size < sizeof(heading) || memcmp(journal->content.data, heading, sizeof(heading) - 1) != 0 ||
        memchr(line, '\0', journal->content.size - sizeof(heading)) != NULL) {
        return false;
    }
    for (end = strchr(line, '\n'); end != NULL && strncmp(line, "event\t", 6) == 0; end = strchr(line, '\n')) {
        *end = '\0';
        if (act->count == journal->room) {
            journal->room = journal->room * 2 + 8;
            journal->event = mem_resize(journal->event, journal->room, sizeof(*journal->event));
        }
        if (!event_line(line, &journal->event[act->count++])) {
            return false;
        }
        line = end + 1;
    }
    act->event = journal->event;
    if (end == NULL || end[1] != '\0' || act->count == 0) {
        return false;
    }
    *end = '\0';
    return changes_line(line, act);
}

/* Whether the act follows the one before; sets its events' previous hashes, which the file leaves out. */
static bool act_follows(struct chain *chain, struct ledger_act *act)
{
    struct digest changes;
    bool follows = true;

    digest_of(act->changes, &changes);
    for (size_t i = 0; i < act->count && follows; i++) {
        bool holds = !act->derived && i + 1 == act->count;
        act->event[i].prev = chain->hash;
        follows = chain_follows(chain, &act->event[i], act->event[0].seq, holds ? &changes : NULL);
    }
    return follows;
}

static enum status act_file_read(struct ledger_journal *journal, const char *name, struct ledger_act *act,
                                 struct diag *diag)
{
    char path[DIAG_FILE_BYTES + 32];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    buf_clear(&journal->content);
    enum status rc = sys_read(journal->ledger->dir, path, &journal->content, diag);
    if (rc == STATUS_OK) {
        rc = buf_add(&journal->content, "", 1);     /* ends the text */
    }
    if (rc == STATUS_OK && !act_lines(journal, act)) {
        rc = diag_fail(diag, STATUS_INPUT, "a file of the journal is damaged");
        diag_at(diag, path, 0, 0);
    }
    return rc;
}

enum status ledger_journal_new(struct ledger *ledger, struct ledger_journal **journal, struct diag *diag)
{
    int64_t last = 0;
    struct ledger_act act;
    struct ledger_journal *made = mem_alloc(1, sizeof(*made));

    *journal = made;
    made->ledger = ledger;
    made->content = BUF_INIT(ACT_BYTES_MAX);
    enum status rc = event_last(ledger, &last, &made->chain.hash, diag);
    made->chain.seq = last;
    if (rc == STATUS_OK && sys_exists(ledger->dir, folder)) {
        rc = sys_dir_list(ledger->dir, folder, &made->names, diag);
    }
    while (rc == STATUS_OK && made->next < made->names.count &&
           strtoll(made->names.name[made->next], NULL, 10) < last) {
        made->next++;
    }
    if (rc != STATUS_OK || last == 0) {
        return rc;
    }
    /* Where the ledger ends, the journal must have had the same event. */
    if (made->next < made->names.count) {
        rc = act_file_read(made, made->names.name[made->next], &act, diag);
        if (rc == STATUS_OK && (act.event[act.count - 1].seq != last ||
                                !digest_equal(&act.event[act.count - 1].hash, &made->chain.hash))) {
            rc = diag_fail(diag, STATUS_CONFLICT, "the journal's event %lld is not the ledger's", (long long)last);
            diag_at(diag, folder, 0, 0);
            diag_hint(diag, "they are of two histories: put back a ledger and an archive of one site");
        }
        made->next++;
    }
    return rc;
}

size_t ledger_journal_count(const struct ledger_journal *journal)
{
    return journal->names.count - journal->next;
}

enum status ledger_journal_next(struct ledger_journal *journal, struct ledger_act *act, bool *more, struct diag *diag)
{
    *more = journal->next < journal->names.count;
    if (!*more) {
        return STATUS_OK;
    }
    const char *name = journal->names.name[journal->next++];
    enum status rc = act_file_read(journal, name, act, diag);
    if (rc == STATUS_OK && !act_follows(&journal->chain, act)) {
        rc = diag_fail(diag, STATUS_CONFLICT, "an act of the journal does not follow the one before");
        diag_at(diag, folder, 0, 0);
        diag_found(diag, "%s", name);
    }
    return rc;
}

void ledger_journal_free(struct ledger_journal *journal)
{
    if (journal == NULL) {
        return;
    }
    sys_names_release(&journal->names);
    buf_release(&journal->content);
    free(journal->event);
    free(journal);
}

/* ---- opening and checking ---- */

/* The last event of the newest file; 0: there is none. */
static enum status journal_last(struct ledger *ledger, int64_t *last, struct digest *hash, struct diag *diag)
{
    struct ledger_journal journal = { .ledger = ledger, .content = BUF_INIT(ACT_BYTES_MAX) };
    struct ledger_act act;
    enum status rc = STATUS_OK;

    *last = 0;
    if (sys_exists(ledger->dir, folder)) {
        rc = sys_dir_list(ledger->dir, folder, &journal.names, diag);
    }
    if (rc == STATUS_OK && journal.names.count > 0) {
        rc = act_file_read(&journal, journal.names.name[journal.names.count - 1], &act, diag);
        if (rc == STATUS_OK) {
            *last = act.event[act.count - 1].seq;
            *hash = act.event[act.count - 1].hash;
        }
    }
    sys_names_release(&journal.names);
    buf_release(&journal.content);
    free(journal.event);
    return rc;
}

static enum status behind_refuse(int64_t ends, int64_t last, struct diag *diag)
{
    enum status rc = diag_fail(diag, STATUS_CONFLICT, "the ledger does not know what this site has done");

    diag_at(diag, "state/ledger.db", 0, 0);
    diag_found(diag, "%lld events", (long long)ends);
    diag_expected(diag, "the %lld of archive/journal/", (long long)last);
    diag_hint(diag, "it is an older one, restored from a backup, or a new one: `chitra recover` reads back what it lost");
    return rc;
}

enum status journal_open(struct ledger *ledger, bool behind, struct diag *diag)
{
    sqlite3_stmt *stmt;
    int64_t ends = 0;
    struct digest hash;
    struct digest own;

    enum status rc = journal_last(ledger, &ledger->journal_last, &hash, diag);
    if (rc == STATUS_OK) {
        rc = event_last(ledger, &ends, &own, diag);
    }
    if (rc != STATUS_OK || (behind && ends < ledger->journal_last)) {
        return rc;
    }
    if (ends < ledger->journal_last) {
        return behind_refuse(ends, ledger->journal_last, diag);
    }
    if (ledger->journal_last > 0) {
        rc = db_first(ledger, diag, &stmt, "SELECT hash FROM event WHERE seq = ?", "i", ledger->journal_last);
        bool known = rc == STATUS_OK && stmt != NULL;
        if (known) {
            db_digest(stmt, 0, &own);
            sqlite3_reset(stmt);
        }
        if (rc == STATUS_OK && (!known || !digest_equal(&own, &hash))) {
            rc = diag_fail(diag, STATUS_CONFLICT, "the journal's event %lld is not the ledger's",
                           (long long)ledger->journal_last);
            diag_at(diag, folder, 0, 0);
            diag_hint(diag, "`chitra audit` tells what was changed by hand");
        }
    }
    return rc == STATUS_OK && ends > ledger->journal_last && ledger->access == LEDGER_WRITE ? journal_write(ledger, diag)
                                                                                             : rc;
}

enum status ledger_journal_check(struct ledger *ledger, const struct ledger_act *act, struct diag *diag)
{
    struct buf found = BUF_INIT(ACT_BYTES_MAX);
    struct buf expected = BUF_INIT(ACT_BYTES_MAX);
    char path[PATH_BYTES];

    act_path(act->event[act->count - 1].seq, path);
    enum status rc = sys_read(ledger->dir, path, &found, diag);
    if (rc == STATUS_OK) {
        rc = act_write(act, &expected, diag);
    }
    if (rc == STATUS_OK && !span_equal(buf_span(&found), buf_span(&expected))) {
        rc = diag_fail(diag, STATUS_CONFLICT, "the journal is not what the ledger says");
        diag_at(diag, path, 0, 0);
    }
    buf_release(&found);
    buf_release(&expected);
    return rc;
}

enum status ledger_journal_extra(struct ledger *ledger, size_t acts, size_t *extra, struct diag *diag)
{
    struct sys_names names = { NULL, 0 };
    enum status rc = STATUS_OK;

    if (sys_exists(ledger->dir, folder)) {
        rc = sys_dir_list(ledger->dir, folder, &names, diag);
    }
    *extra = names.count > acts ? names.count - acts : 0;
    sys_names_release(&names);
    return rc;
}
