/*
 * status.h - the kinds of outcome, in one table, with their text and their exit code.
 *
 * Layer: base; includes nothing of chitra. Every function that can fail returns `enum status`,
 * and no caller may ignore it (MUST_USE is an error in every build).
 *
 * Three severities never mix. A finding is one bad row: it is collected, and the run goes on. An
 * error is a status other than STATUS_OK: the run stops. A defect is a broken promise of the
 * program itself: ASSERT ends the process, in release builds too, and the ledger's transactions
 * make that safe.
 *
 * Exit codes follow sysexits(3); 1 (done, but something is held, rejected or does not match) is a
 * result of a command and no status.
 */
#ifndef CHITRA_STATUS_H
#define CHITRA_STATUS_H

#define MUST_USE __attribute__((warn_unused_result))

/* name, exit code, text */
#define STATUS_LIST(X)                                                     \
    X(OK, 0, "done")                                                       \
    X(USAGE, 64, "wrong usage")                                            \
    X(INPUT, 65, "the input is not acceptable")                            \
    X(LIMIT, 65, "a limit is exceeded")                                    \
    X(LAW, 65, "the law file has no answer")                               \
    X(CONFLICT, 65, "contradicts what is recorded")                        \
    X(NO_INPUT, 66, "no such input")                                       \
    X(DEFECT, 70, "a defect in chitra")                                    \
    X(CREATE, 73, "cannot be created")                                     \
    X(IO, 74, "input/output error")                                        \
    X(LEDGER, 74, "the ledger cannot be read or written")                  \
    X(BUSY, 75, "busy, try again")                                         \
    X(SIGNATURE, 77, "signature or permission refused")                    \
    X(CONFIG, 78, "the configuration is not acceptable")

enum status {
#define X(name, code, text) STATUS_##name,
    STATUS_LIST(X)
#undef X
};

/* The text of a kind, in English; static storage. */
const char *status_text(enum status status);

/* The exit code of a kind, as in sysexits(3). */
int status_exit_code(enum status status);

/* Prints what was broken to standard error and aborts. */
_Noreturn void defect(const char *file, int line, const char *promise);

/* A promise of the program to itself; checked in every build. */
#define ASSERT(promise) ((promise) ? (void)0 : defect(__FILE__, __LINE__, #promise))

#endif
