/*
 * take.h - what a run, a check and the tidying share of intake/: what a name says, which lists are
 * believed, whether a file is what an office approved, and which families are taken.
 *
 * Layer: inside run/. A run stops at the first file that must not be taken, a check tells every fault and
 * goes on; both ask the same functions, so that a check foresees what the run will say.
 *
 * Calling sequence: approvals_add for every list of a folder; for every file approval_of and, once its family is
 * known, approval_reaching; then approvals_missing; approvals_release also after an error.
 *
 * Errors: STATUS_SIGNATURE for what nobody approved, with its place; STATUS_LIMIT for a name that the
 * ledger cannot hold; what is wrong with a list as intake_list_read says it.
 */
#ifndef CHITRA_RUN_TAKE_H
#define CHITRA_RUN_TAKE_H

#include "run/world.h"

#include "chitra/intake.h"

enum {
    TAKE_LIST_BYTES_MAX = 16 * 1024 * 1024,     /* a hundred thousand files by name and digest */
    TAKE_PATH_BYTES = 4096                      /* a path as the operating system takes it (PATH_MAX) */
};

/* What a file of intake/ is, by its name. */
enum take_entry {
    TAKE_ROWS,                  /* .csv, .csv.gz */
    TAKE_LIST,                  /* .sha256 */
    TAKE_SIGNATURE,             /* .p7s */
    TAKE_OTHER                  /* left alone */
};
enum take_entry take_entry_of(const char *name);
/* The names in a folder that files come to, but for its folders. A link or a pipe under a name like theirs is told of,
 * and is no entry: what it leads to could be another thing at each look. */
enum status take_entries(const struct world *world, int dir, const char *folder, struct sys_names *names,
                         struct diag *diag) MUST_USE;
bool take_ends_in(const char *name, const char *ending);

/* A signed list that is believed. */
struct approved {
    struct ledger_approval approval;
    const struct site_officer *officer;     /* who signed it; in the site's configuration */
    struct intake_list list;    /* the files that it names */
};
struct approvals {
    struct approved *item;
    size_t count;
    enum officer_role role;     /* whose lists count; by default who approves */
};

/* Reads the list at `path` (relative to `dir`) and verifies the signature beside it. With `only`, a list
 * that does not name that file is nobody's business: it is neither judged nor added. */
enum status approvals_add(struct approvals *approvals, const struct world *world, int dir, const char *path,
                          const char *only, struct diag *diag) MUST_USE;
void approvals_release(struct approvals *approvals);

/* The latest approval of this content under this name. Without one: STATUS_SIGNATURE, or, where the
 * configuration takes files that nobody approved, an approval without a name. */
enum status approval_of(const struct approvals *approvals, const struct world *world, const char *path,
                        const struct digest *sha256, struct ledger_approval *approval, struct diag *diag) MUST_USE;

/* The same, by an officer who may approve files of this family for the units of all its rows: the latest such.
 * Of a content that nobody approved and that the configuration lets in, nothing is asked. STATUS_SIGNATURE with
 * the first row that is out of reach; whatever else is wrong with the rows is not this one's business. */
struct take_file {
    const char *path;
    struct span content;
    struct digest sha256;
    enum family family;
};
enum status approval_reaching(const struct approvals *approvals, const struct world *world,
                              const struct take_file *file, struct intake_batch *batch,
                              struct ledger_approval *approval, struct diag *diag) MUST_USE;

/* Whether every row is for these units (bits of world->site->config): by its column, or by who pays what a stop
 * or a correction names. What the register does not know yet is left to the time when the row is applied. */
enum status take_reach(const struct world *world, const struct take_file *file, struct intake_batch *batch,
                       uint64_t units, struct diag *diag) MUST_USE;

/* Whether a list that is believed names the file, whatever its content. */
bool approvals_name(const struct approvals *approvals, const char *path);

/* The units that the rows of a refused file are for, as far as they can be read: all where a row, or the file, says
 * nothing that can be placed. Sets the file's family. */
enum status take_units(const struct world *world, struct take_file *file, struct intake_batch *batch,
                       uint64_t *units, struct diag *diag) MUST_USE;

/* Units that send everybody every month, as bits of the configuration. */
uint64_t take_full_units(const struct site_config *config);
/* Those of the run that wait for nothing that is refused and whose list of a month of the run has not come: put among
 * what is refused. */
enum status take_missing(struct world *world, struct waiting *waiting, struct diag *diag) MUST_USE;
/* Those for whom a file of entitlements has rows that can be read. */
enum status take_lists(const struct world *world, const struct take_file *file, struct intake_batch *batch,
                       uint64_t *units, struct diag *diag) MUST_USE;
/* Records the file as part of the run's months' lists. Inside the sealing transaction, the file in the ledger. */
enum status take_listing(struct world *world, const struct waiting_file *file, const struct ledger_intake *intake,
                         struct diag *diag) MUST_USE;
/* Who is in a batch is in the list; after its rows are in the register and its rejects recorded. */
enum status take_present(struct taking *taking, const struct intake_batch *batch, struct diag *diag) MUST_USE;
/* Looks known content through as part of a list, with its event. */
enum status take_again_listed(struct taking *taking, struct intake_batch *batch, struct span content,
                              struct diag *diag) MUST_USE;

/* A list may come before its files, or with some of them lost: people are told which are not there. */
enum status approvals_missing(const struct approvals *approvals, const struct world *world,
                              struct diag *diag) MUST_USE;

/* Whether files of the family are taken from intake/: STATUS_INPUT if not. */
enum status take_family_check(enum family family, struct diag *diag) MUST_USE;

#endif
