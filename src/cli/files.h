/* files.h - what the commands about files share in cli/: MsgIds as operands, who does it, what is told. */
#ifndef CHITRA_CLI_FILES_H
#define CHITRA_CLI_FILES_H

#include "cli.h"

#include "chitra/run_files.h"

typedef enum status files_command(const struct site *site, struct ledger *ledger, const struct run_files_options *options,
                                  const char *const *msg_id, size_t count, struct run_files_done *done,
                                  struct diag *diag);

/* Opens the site, lets the command do its work on the MsgIds that are left of the operands, tells what was done. The
 * exit code: 1 if a file was missed. */
int files_do(files_command *command, struct run_files_options *options, int argc, char **argv, const char *usage);

#endif
