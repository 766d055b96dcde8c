/*
 * sys.h - the only door to the operating system: files, folders, durability, clock, threads.
 *
 * Layer: sys (knows base). Paths are relative to a folder that the caller holds open as `dir` (a
 * file descriptor; AT_FDCWD for the current one), so that a site can be copied and moved. Files
 * from outside are opened with O_NOFOLLOW and O_NONBLOCK and must be regular, with one link.
 *
 * Durability: what sys_publish and sys_file_close name is on disk when they return STATUS_OK: data
 * synced before the rename, the folder after it. A crash before leaves at most a file whose name
 * starts with a dot and ends in ".tmp", which the next run removes (sys_dir_sweep).
 *
 * Files are created 0600, folders 0700. A file that may not be read is STATUS_SIGNATURE (permission
 * refused), one that cannot be made is STATUS_CREATE, everything else is STATUS_IO.
 */
#ifndef CHITRA_SYS_H
#define CHITRA_SYS_H

#include "chitra/date.h"
#include "chitra/diag.h"

/* Start-up of a process: C locale, umask 077, descriptors 0-2 open, no core dumps. */
void sys_init(void);

/* Opens a folder. STATUS_NO_INPUT if there is none. */
enum status sys_dir_open(int dir, const char *path, int *opened, struct diag *diag) MUST_USE;
void sys_dir_close(int dir);    /* accepts -1 */
/* Makes a folder and its parents; one that is there is fine. */
enum status sys_dir_make(int dir, const char *path, struct diag *diag) MUST_USE;
enum status sys_dir_sync(int dir, const char *path, struct diag *diag) MUST_USE;
/* Removes left-over temporary files (".*.tmp") in one folder. */
enum status sys_dir_sweep(int dir, const char *path, struct diag *diag) MUST_USE;
/* The names of the regular files in a folder, sorted by bytes, without those that start with a dot.
 * Owned by the caller: sys_names_release. */
struct sys_names {
    char **name;
    size_t count;
};
enum status sys_dir_list(int dir, const char *path, struct sys_names *names, struct diag *diag) MUST_USE;
/* The same with what is neither a regular file nor a folder: links, pipes, sockets. They can be told of, and sys_read
 * refuses them. */
enum status sys_dir_entries(int dir, const char *path, struct sys_names *names, struct diag *diag) MUST_USE;
/* The names of the folders in it, likewise. */
enum status sys_dir_folders(int dir, const char *path, struct sys_names *names, struct diag *diag) MUST_USE;
void sys_names_release(struct sys_names *names);

bool sys_exists(int dir, const char *path);
/* True for a regular file; a link to one is none. */
bool sys_is_regular(int dir, const char *path);
/* True if both paths are one file, whatever they are called. */
bool sys_is_same(int a_dir, const char *a, int b_dir, const char *b);
/* True if both paths lie on one file system, so that a rename works between them. */
bool sys_same_filesystem(int dir, const char *a, const char *b);

/* Reads a whole file into `out` (whose cap is the limit). STATUS_NO_INPUT if there is none,
 * STATUS_INPUT if it is not a regular file or changes while it is read, STATUS_LIMIT if too long. */
enum status sys_read(int dir, const char *path, struct buf *out, struct diag *diag) MUST_USE;
/* The same from an open stream (standard input). */
enum status sys_read_stream(int descriptor, struct buf *out, struct diag *diag) MUST_USE;
/* Reads a private key's file: as sys_read, and 0600 or stricter, owned by us. */
enum status sys_read_private(int dir, const char *path, struct buf *out, struct diag *diag) MUST_USE;

/* A file from outside, in pieces: what sys_read refuses is refused here too, and so is a file over `size_max`
 * bytes. Its content can be gone through more than once. */
struct sys_input;
enum status sys_input_new(int dir, const char *path, uint64_t size_max, struct sys_input **input,
                          struct diag *diag) MUST_USE;
/* The next piece, valid until the next call; empty at the end. STATUS_INPUT if the file changed meanwhile. */
enum status sys_input_next(struct sys_input *input, struct span *piece, struct diag *diag) MUST_USE;
enum status sys_input_rewind(struct sys_input *input, struct diag *diag) MUST_USE;
/* Its bytes are on disk afterwards, whoever wrote them. */
enum status sys_input_sync(struct sys_input *input, struct diag *diag) MUST_USE;
void sys_input_free(struct sys_input *input);   /* accepts NULL */

/* A file being written, under a temporary name beside its final one. */
struct sys_file;
enum status sys_file_new(int dir, const char *path, struct sys_file **file, struct diag *diag) MUST_USE;
enum status sys_file_write(struct sys_file *file, struct span bytes, struct diag *diag) MUST_USE;
/* Overwrites bytes already written. */
enum status sys_file_patch(struct sys_file *file, uint64_t offset, struct span bytes, struct diag *diag) MUST_USE;
/* Fills `piece` up to its cap with what was written from `offset` on; empty behind the end. */
enum status sys_file_read_back(struct sys_file *file, uint64_t offset, struct buf *piece, struct diag *diag) MUST_USE;
/* fsync and rename to the final name, over whatever is there; the folder is NOT synced (sets are:
 * sys_dir_sync once for all). Frees the file, also on error, and then nothing is left of it. */
enum status sys_file_close(struct sys_file *file, struct diag *diag) MUST_USE;
/* Removes the temporary file and frees. Accepts NULL. */
void sys_file_abandon(struct sys_file *file);

/* A file in memory alone, for libraries that write to a path: its path, good while `file` is open. Read it back with
 * sys_read_stream. */
enum { SYS_MEMORY_PATH_BYTES = 32 };
enum status sys_memory_file(int *file, char path[SYS_MEMORY_PATH_BYTES], struct diag *diag) MUST_USE;
void sys_memory_close(int file);    /* accepts -1 */

/* One whole small file: written, synced, renamed, folder synced. */
enum status sys_publish(int dir, const char *path, struct span bytes, struct diag *diag) MUST_USE;

/* Moves without overwriting (STATUS_CONFLICT if `to` is there); folders are not synced. */
enum status sys_move(int dir, const char *from, const char *to, struct diag *diag) MUST_USE;
enum status sys_remove(int dir, const char *path, struct diag *diag) MUST_USE;

/* A lock that dies with the process. STATUS_BUSY says who holds it (process and since when). */
enum status sys_lock(int dir, const char *path, int *lock, struct diag *diag) MUST_USE;
void sys_unlock(int lock);      /* accepts -1 */

/* The wall clock at UTC+7, whatever TZ says; CHITRA_NOW=YYYY-MM-DDThh:mm:ss+07:00 replaces it. */
struct sys_time {
    day_t day;
    int second_of_day;
};
enum status sys_now(struct sys_time *now, struct diag *diag) MUST_USE;
enum { SYS_TIME_BYTES = 26 };
void sys_time_write(struct sys_time time, char text[SYS_TIME_BYTES]);  /* 2026-10-01T08:00:00+07:00 */
bool sys_time_read(struct span text, struct sys_time *time) MUST_USE;
int64_t sys_time_unix(struct sys_time time);    /* seconds since 1970-01-01T00:00:00Z */

/* A log file, appended to, one whole write for each line; made 0600 if it is not there. Nothing is synced. */
enum status sys_log_open(const char *path, int *log, struct diag *diag) MUST_USE;
enum status sys_log_write(int log, struct span line, struct diag *diag) MUST_USE;
void sys_log_close(int log);    /* accepts -1 */

/* Milliseconds of a clock that only goes forward, from any start. */
uint64_t sys_elapsed_ms(void);
/* CPU seconds of this process so far, in microseconds; for the stage table of --verbose. */
uint64_t sys_cpu_us(void);
/* The largest resident set so far, in KiB. */
uint64_t sys_memory_kib(void);
/* The name of the user who runs us, for events. */
void sys_user(char *name, size_t size);
/* The number of processors we may use. */
unsigned sys_processors(void);
bool sys_is_terminal(int descriptor);

/* Random bytes from the kernel. */
void sys_random(void *bytes, size_t size);

/* A pool: `work` runs for every index on up to `jobs` threads; `deliver` runs on the calling thread,
 * in the order of the indexes, never two at a time. At most 2 x jobs results wait undelivered. The
 * first failure in index order is returned, with its diag; work that has not begun is skipped. With one job (or
 * one index) everything runs on the calling thread, in turn. */
struct sys_pool {
    unsigned jobs;
    size_t count;
    enum status (*work)(void *context, size_t index, struct diag *diag);
    enum status (*deliver)(void *context, size_t index, struct diag *diag);    /* may be NULL */
    void *context;
};
enum status sys_pool_run(const struct sys_pool *pool, struct diag *diag) MUST_USE;

#endif
