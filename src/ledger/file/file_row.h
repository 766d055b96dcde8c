/* file_row.h - rows of files, inside the ledger: how they are read, and how their state moves. */
#ifndef CHITRA_LEDGER_FILE_ROW_H
#define CHITRA_LEDGER_FILE_ROW_H

#include "chitra/ledger_file.h"
#include "ledger/db.h"

/* What a query for files begins with; file_rows reads its rows. */
#define FILE_SELECT                                                                                     \
    "SELECT f.file, b.run, f.generation, f.state, b.batch, b.unit, b.channel, b.bank, b.account, b.profile," \
    " f.pay_date, b.part, f.payments, f.amount, f.msg_id, u.code, r.period, f.created_at, f.path,"      \
    " f.xml_sha256, f.sha256, f.size, f.certificate, f.profile, f.signature, f.config, f.formats, f.release," \
    " f.taken_up, f.made_by, f.made_officer, f.made_key"                                                                                       \
    " FROM file f JOIN batch b USING(batch) JOIN unit u USING(unit) JOIN run r ON r.run = b.run"

/* Every row of a query that has just begun. Freed by the caller; texts in the arena. */
enum status file_rows(struct ledger *ledger, sqlite3_stmt *stmt, struct arena *arena, struct ledger_file **file,
                      size_t *count, struct diag *diag) MUST_USE;

/* One row; texts in the arena. */
void file_row(sqlite3_stmt *stmt, struct arena *arena, struct ledger_file *file);

/* One file along the table of states; that it is in `from` is checked by its row. */
enum status file_become(struct ledger *ledger, int64_t file, enum file_state from, enum file_state to, enum state_by by,
                        struct diag *diag) MUST_USE;

#endif
