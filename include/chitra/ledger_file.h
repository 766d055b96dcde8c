/*
 * ledger_file.h - files: their generations, how they are staged and released.
 *
 * Layer: ledger. A file is one generation of a batch; its MsgId is unique, and at most one generation of a
 * batch is live (the database itself sees to both). The live generation carries exactly the batch's members,
 * which are what ledger_instructions gives for it. States move along ledger_state.h's tables.
 *
 * Calling sequence of a release: ledger_release_begin, the files move, ledger_release_end.
 *
 * Ownership: what is "freed by the caller" goes to free(3), and its texts live in the arena of the call.
 *
 * Errors: STATUS_LEDGER; STATUS_NO_INPUT for a MsgId that is not there.
 */
#ifndef CHITRA_LEDGER_FILE_H
#define CHITRA_LEDGER_FILE_H

#include "chitra/ledger_money.h"
#include "chitra/ledger_state.h"

/* Who made a later generation, as a run knows who prepared it (struct ledger_run). */
struct ledger_preparer {
    char who[64];               /* the user; empty: it is the run's own generation */
    char officer[OFFICER_NAME_BYTES];
    struct digest key;
};

struct ledger_file {
    int64_t file;
    int64_t run;
    int generation;
    enum file_state state;
    struct ledger_batch batch;
    char unit_code[7];
    month_t period;
    char created_at[SYS_TIME_BYTES];
    char path[DIAG_FILE_BYTES]; /* in the site, where it belongs once released */
    struct digest xml;          /* of the XML (or the list) */
    struct digest content;      /* of the file as it lies on disk, compressed or not */
    uint64_t size_bytes;
    struct digest certificate;
    struct digest profile;
    struct digest config;       /* the configuration and the formats that it was written by, in the archive */
    struct digest formats;
    struct span signature;      /* in the arena of the call */
    int64_t release;            /* that let it go; 0: none did */
    struct ledger_preparer preparer;
    int64_t taken_up;           /* voided: the run that took up its payments; 0: none did */
};

/* The files of a run (0: all), in order of number; of one unit (0: all). Freed by the caller. */
enum status ledger_files(struct ledger *ledger, int64_t run, int unit, struct arena *arena, struct ledger_file **file,
                         size_t *count, struct diag *diag) MUST_USE;
/* Those that wait to be written, of any run: by run, unit and number. Freed by the caller. */
enum status ledger_files_planned(struct ledger *ledger, struct arena *arena, struct ledger_file **file, size_t *count,
                                 struct diag *diag) MUST_USE;
/* Whether no later generation of its batch is there. */
enum status ledger_file_is_latest(struct ledger *ledger, const struct ledger_file *file, bool *latest, struct diag *diag) MUST_USE;
/* The number that the next file gets. */
enum status ledger_file_next(struct ledger *ledger, int64_t *file, struct diag *diag) MUST_USE;
enum status ledger_file_find(struct ledger *ledger, const char *msg_id, struct arena *arena, struct ledger_file *file,
                             struct diag *diag) MUST_USE;
/* planned -> staged for files just written: digests, size, signature. */
enum status ledger_files_staged(struct ledger *ledger, enum state_by by, const struct ledger_file *file, size_t count,
                                const char *at, struct diag *diag) MUST_USE;

struct ledger_release {
    int64_t release;
    int64_t run;
    month_t pay_month;          /* in whose folder its list lies */
    char name[MSG_ID_BYTES];
    char at[SYS_TIME_BYTES];
    char who[OFFICER_WHO_BYTES];
};
/* staged -> releasing for the files named; adds the release. The event is the caller's, who may sign it. */
enum status ledger_release_begin(struct ledger *ledger, struct ledger_release *release, const int64_t *file,
                                 size_t count, struct diag *diag) MUST_USE;
/* The release that is not finished, if any (release = 0: none). */
enum status ledger_release_open(struct ledger *ledger, struct ledger_release *release, struct diag *diag) MUST_USE;
/* STATUS_NO_INPUT: there is none of that number. */
enum status ledger_release_get(struct ledger *ledger, int64_t number, struct ledger_release *release, struct diag *diag) MUST_USE;
/* The numbers of a release's files. Freed by the caller. */
enum status ledger_release_files(struct ledger *ledger, int64_t release, int64_t **file, size_t *count, struct diag *diag) MUST_USE;
/* releasing -> released, or unknown for files that are in neither place; with the digest of the signed list. */
enum status ledger_release_end(struct ledger *ledger, const struct ledger_release *release, const struct digest *list,
                               const int64_t *unknown, size_t unknown_count, struct diag *diag) MUST_USE;

/* Whether the ledger made a release of this name with this list, or is about to. */
enum status ledger_release_known(struct ledger *ledger, const char *name, const struct digest *list, bool *known,
                                 struct diag *diag) MUST_USE;

#endif
