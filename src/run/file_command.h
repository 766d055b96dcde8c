/*
 * file_command.h - what handover, resend, void and regen share, inside run/: which files are meant, whether their
 * states let the command, who does it; and errands, which finish what has to do with outbox/.
 */
#ifndef CHITRA_RUN_FILE_COMMAND_H
#define CHITRA_RUN_FILE_COMMAND_H

#include "officer.h"
#include "run/release/outbox.h"

#include "chitra/ledger_errand.h"
#include "chitra/run_files.h"

struct file_command {
    const struct site *site;
    struct ledger *ledger;
    const struct run_files_options *options;
    enum state_by by;
    struct officer officer;
    struct ledger_doing doing;  /* for events: the officer's name and time */
    struct ledger_file *file;
    size_t count;
    struct arena arena;
    struct diag *diag;
};

/* Who does it, and what a crash left is finished. `command` is released in any case. */
enum status file_command_begin(struct file_command *command) MUST_USE;
/* Takes the files by their MsgIds; refuses the first that the command must not touch. */
enum status file_command_take(struct file_command *command, const char *const *msg_id, size_t count) MUST_USE;
void file_command_release(struct file_command *command);

/* "MSG: why" with the command that would help as hint. */
enum status file_command_refuse(const struct file_command *command, const struct ledger_file *file,
                                const struct state_refusal *refusal);
/* A line about what was done. */
void file_command_say(const struct file_command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The bytes of a file are in the archive, whatever became of the ones that left: from where it lies, or written
 * again. The file in outbox/ stays where it is. */
enum status archive_copy(const struct site *site, struct ledger *ledger, const struct ledger_file *file,
                         struct diag *diag) MUST_USE;

/* A marked copy of a file (write_marked) in the archive, with a name of its own: fills in path and content. */
enum status marked_copy(const struct site *site, struct ledger *ledger, struct ledger_errand_file *again,
                        struct sys_time at, struct diag *diag) MUST_USE;

/* A file of an errand as it is. */
struct ledger_errand_file errand_file_of(const struct ledger_file *file);
/* Begins an errand for each release of these files, the officer's event with it; inside a transaction. */
enum status errands_begin(const struct file_command *command, enum errand_kind kind,
                          const struct ledger_errand_file *file, size_t count, const struct digest *evidence) MUST_USE;
/* Finishes errands that were begun. Files that could not be withdrawn any more are counted in `missed`. */
enum status errands_finish(const struct site *site, struct ledger *ledger, uint64_t *missed, struct diag *diag) MUST_USE;

#endif
