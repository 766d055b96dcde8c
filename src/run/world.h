/*
 * world.h - what one run works with, inside run/: the site, the ledger, and everything that the run
 * was sealed on, read back from the archive. A new run and a resumed one use the same objects.
 */
#ifndef CHITRA_RUN_WORLD_H
#define CHITRA_RUN_WORLD_H

#include "officer.h"

#include "chitra/bank.h"
#include "chitra/ledger_screen.h"
#include "chitra/ledger_file.h"
#include "chitra/ledger_instruction.h"
#include "chitra/ledger_journal.h"
#include "chitra/run.h"

struct world {
    const struct site *site;
    struct ledger *ledger;
    const struct run_options *options;
    struct ledger_run run;              /* the one at work */
    struct ledger_run runs[RUN_PERIODS_MAX];    /* all that are sealed together, in the order of their periods */
    size_t run_count;
    struct officer officer;             /* who prepares; of a new run only */
    struct sys_time now;
    day_t today;                        /* of the run's own time, not of the clock */
    struct site_config *config;         /* as sealed */
    struct law *law;
    struct bank_profile **profile;
    struct digest *profile_digest;      /* of each profile's XML */
    size_t profile_count;
    struct directory *directory;
    struct signer *signer;
    struct concerns concerns;           /* who may have to wait by the policy, */
    size_t refused;                     /* files of intake/ that this run did not take */
    size_t missing;                     /* units that wait for their month's list */
    int64_t concerns_run;               /* in this run; 0: not asked yet */
    int64_t fresh_from;                 /* the first file that this process makes */
    int unit[SITE_UNITS_MAX];           /* the ledger's numbers of config->unit */
    struct ledger_kept **kept;          /* of units that were planned by this process and are not written yet */
    size_t kept_count;
    size_t kept_bytes;                  /* all together */
};

/* Takes the site's folder, options and time; releases what world_load and world_seal made. */
void world_release(struct world *world);

/* Checks today's law, profiles and directory against their schemas, puts them and the configuration
 * into the archive, and writes their digests into world->run. */
enum status world_seal(struct world *world, struct diag *diag) MUST_USE;

/* Reads everything that world->run was sealed on. */
enum status world_load(struct world *world, struct diag *diag) MUST_USE;

/* The same without the law: what a file needs to be written again. */
enum status world_load_formats(struct world *world, struct diag *diag) MUST_USE;
/* Reads today's profiles of the banks that the site's configuration has accounts at; seals nothing. */
enum status world_profiles(struct world *world, struct diag *diag) MUST_USE;

/* Whether files may be executed on a day that somebody typed, or on DAY_NONE: refused are a past one, and one that lies
 * further ahead than a month may be paid in advance. */
enum { PERIOD_AHEAD_MAX = 12 };
enum status pay_date_check(day_t pay_date, day_t today, struct diag *diag) MUST_USE;

/* The unit numbers of the configuration; inside a transaction (new units get theirs). */
enum status world_units(struct world *world, struct diag *diag) MUST_USE;

/* Keeps the payments of a plan that is committed until its files are written; gives them to the writer, or NULL. */
void world_keep(struct world *world, struct ledger_kept *kept);
struct ledger_kept *world_kept_take(struct world *world, int64_t run, int unit);

/* A profile by its code; NULL if there is none. */
const struct bank_profile *world_profile(const struct world *world, const char *code, const struct digest **digest);

/* Whether a list of codes with commas names the unit; an empty list names every one. */
bool units_name(const char *units, const char *code);

/* Tells people something, through the options. */
void world_say(const struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for what somebody has to look at: a quiet command says it too. */
void world_problem(const struct world *world, const char *format, ...) __attribute__((format(printf, 2, 3)));
void world_stage(const struct world *world, const char *stage);

/* Reads a file below formats/. */
enum status formats_read(const struct site *site, const char *path, struct buf *content, struct diag *diag) MUST_USE;

/* A signed list in outbox/ that the ledger does not know was made after the ledger's last moment: the
 * ledger is a restored or a new one, and would pay again. STATUS_CONFLICT names it. */
enum status outbox_check(const struct site *site, struct ledger *ledger, struct diag *diag) MUST_USE;

/* ---- intake: src/run/take/ ---- */

/* What waits in intake/: authenticated, recognised, in the order in which it is applied. */
struct waiting_file {
    char name[DIAG_FILE_BYTES];
    struct digest sha256;
    struct ledger_approval approval;    /* name empty: none (policy intake="open") */
    enum family family;
    enum intake_state state;            /* what the ledger knows of the content */
    uint64_t lists;                     /* it is (part of) the month's list of these units, bits of the configuration */
};
/* A file that must not be taken, and the units that wait for it. */
struct refused_file {
    char name[DIAG_FILE_BYTES];
    enum status kind;
    struct diag why;
    uint64_t units;                     /* bits of the site's configuration; 0: it stops nobody by itself */
    bool missing;                       /* no file at all: the month's list of a unit that sends everybody */
    bool without;                       /* an officer decided to go on without it */
};
struct waiting {
    struct waiting_file *file;
    size_t count;
    struct refused_file *refused;
    size_t refused_count;
};
/* Reads intake/, and what of it is refused. Changes nothing. */
enum status take_look(struct world *world, struct waiting *waiting, struct diag *diag) MUST_USE;
void waiting_release(struct waiting *waiting);

/* Takes the units out of the run that wait for a refused file, or for a list that has not come, and tells which and
 * why. If none is left, that is the end: the first refusal. */
enum status refused_stop(struct world *world, struct waiting *waiting, struct diag *diag) MUST_USE;
/* The events of what was refused, and of what an officer goes on without. Inside the sealing transaction. */
enum status refused_record(struct world *world, const struct waiting *waiting, struct diag *diag) MUST_USE;
/* Tells what was recorded so once more: a run that is carried on has the same problems. */
enum status refused_again(struct world *world, struct diag *diag) MUST_USE;

/* Seals the waiting files into the run. Inside the transaction that adds the run. */
enum status take_seal(struct world *world, struct waiting *waiting, struct diag *diag) MUST_USE;

/* Applies the run's sealed files that are not applied yet, one transaction each, and archives them. */
enum status take_apply(struct world *world, struct run_report *report, struct diag *diag) MUST_USE;

/* Applies the files of an act again, in one transaction as then. */
enum status take_again(struct world *world, const struct ledger_act *act, struct diag *diag) MUST_USE;

/* Approvals whose files are all taken leave intake/ for the archive. */
enum status take_tidy(struct world *world, const char *folder, struct diag *diag) MUST_USE;

/* Applies one batch of rows of a family: verdicts counted, rejects recorded. */
struct taking {
    struct world *world;
    struct ledger_intake *intake;
    struct ledger_source source;
    struct intake_reader *reader;
    int unit;                           /* index of the latest row's unit; -1: none */
};
struct intake_batch;
enum status take_batch(struct taking *taking, const struct intake_batch *batch, struct diag *diag) MUST_USE;

/* What the law says of a row before it may stand in the register; NULL: nothing against it. */
const char *take_refusal(const struct world *world, enum benefit benefit, const struct facts *facts,
                         struct law_refusal *refusal);

/* ---- the report: src/run/month/report.c ---- */

/* Adds the figures and files of a run, as they were planned, to the report. */
enum status report_add(struct ledger *ledger, int64_t run, struct run_report *report, struct diag *diag) MUST_USE;

/* ---- plan: src/run/plan/, src/run/pay/ ---- */

/* Plans and stores one unit, by its index in the configuration; keeps its usual payments in `kept`, if not NULL. */
enum status plan_unit(struct world *world, size_t unit, struct ledger_kept *kept, struct diag *diag) MUST_USE;

/* ---- files: src/run/write/ ---- */

/* Writes every planned file, of whatever run, by what the world holds and, of units planned just now, has kept: staged,
 * signed, read back; on options->jobs threads. */
enum status write_files(struct world *world, enum state_by by, struct diag *diag) MUST_USE;

/* The profile of the account that a bank file is paid from, in the world's configuration; NULL: it has no
 * such account any more. */
const struct bank_profile *file_profile(const struct world *world, const struct ledger_file *file,
                                        const struct digest **digest);

/* Writes files of one run and unit to nowhere, to see what they would be today, all of one configuration and
 * formats (world_load_formats): each whose signature is not good over that, or that is not the one recorded, is
 * told. The digests of `file` become those found. */
enum status write_nowhere(const struct world *world, struct ledger *ledger, struct ledger_file *file, size_t count,
                          run_fault *tell, void *context, struct diag *diag) MUST_USE;

/* Writes a file again as it was, with its stored signature and no key, where its name belongs in state/staging/.
 * STATUS_CONFLICT if it does not become the same bytes; then nothing is left of it. */
enum status write_again(const struct site *site, struct ledger *ledger, const struct ledger_file *file,
                        struct diag *diag) MUST_USE;

/* Writes a bank file's Document again under a header that says possible duplicate, signed anew, where file->path's name
 * belongs in state/staging/; fills in its digests. */
enum status write_marked(const struct site *site, struct ledger *ledger, struct ledger_file *file, struct sys_time at,
                         struct diag *diag) MUST_USE;

/* What the next generation of a file is called, where it belongs, and when it pays (DAY_NONE: as before, or the
 * next working day where that is past). */
enum status generation_next(const struct world *world, const struct ledger_file *file, day_t pay_date,
                            struct ledger_file *next, struct diag *diag) MUST_USE;

/* Takes out whom stops, corrections and holds overtook in files that have not left, and everybody who was in a
 * file that was withdrawn; plans the generations that carry the rest. Before the run plans. */
enum status overtaken_take_out(struct world *world, struct diag *diag) MUST_USE;
/* Voided and superseded files leave state/staging/ for the archive. */
enum status staging_tidy(const struct site *site, struct ledger *ledger, struct diag *diag) MUST_USE;

/* Where a file lies before its release. */
void staging_path(const struct ledger_file *file, char path[DIAG_FILE_BYTES]);

#endif
