/*
 * list_output.h - how `chitra list` writes its rows to standard output.
 *
 * Rows are written as they come, so a list of millions needs no memory; only a table waits for its
 * first rows, to know how wide its columns are.
 */
#ifndef CHITRA_CLI_LIST_OUTPUT_H
#define CHITRA_CLI_LIST_OUTPUT_H

#include "cli.h"

#include "chitra/ledger_query.h"

enum list_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };

struct list_output;
struct list_output *list_output_new(enum ledger_list_kind kind, enum list_format format);
enum status list_output_begin(struct list_output *to) MUST_USE;
enum status list_output_row(struct list_output *to, const struct span *cell, struct diag *diag) MUST_USE;
enum status list_output_end(struct list_output *to, struct diag *diag) MUST_USE;
void list_output_free(struct list_output *to);

#endif
