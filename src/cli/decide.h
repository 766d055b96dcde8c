/* decide.h - what hold, unhold and close share in cli/: the id as operand, the reason, who decides, what is told. */
#ifndef CHITRA_CLI_DECIDE_H
#define CHITRA_CLI_DECIDE_H

#include "cli.h"

#include "chitra/run_decide.h"

typedef enum status decide_command(const struct site *site, struct ledger *ledger, const char *id,
                                   const struct decide_options *options, struct decided *decided, struct diag *diag);

/* Reads the command line, opens the site, lets the command decide. The exit code: 1 if something could not be reached. */
int decide_do(decide_command *command, int argc, char **argv, const char *usage);

#endif
