/* The process: start-up, and what the system knows about it. */
#include "chitra/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <malloc.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void sys_init(void)
{
    const struct rlimit none = { 0, 0 };
    int descriptor;

    /* A closed 0, 1 or 2 would go to the next file opened, and messages would end up in it. */
    do {
        descriptor = open("/dev/null", O_RDWR);
        ASSERT(descriptor >= 0);
    } while (descriptor <= 2);
    (void)close(descriptor);
    ASSERT(setlocale(LC_ALL, "C") != NULL);
    (void)umask(077);
    /* Buffers of some MiB come and go for each file: memory that is kept is not cleared anew each time. */
    (void)mallopt(M_MMAP_THRESHOLD, 32 << 20);
    (void)mallopt(M_TRIM_THRESHOLD, 256 << 20);
    /* Keys stay out of core dumps. The limit does not hold for dumps that go to a program; being
     * undumpable does, but keeps the leak checker of a sanitizer build from working. */
    ASSERT(setrlimit(RLIMIT_CORE, &none) == 0);
#ifndef __SANITIZE_ADDRESS__
    ASSERT(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
#endif
}

uint64_t sys_cpu_us(void)
{
    struct rusage usage;

    ASSERT(getrusage(RUSAGE_SELF, &usage) == 0);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

uint64_t sys_memory_kib(void)
{
    struct rusage usage;

    ASSERT(getrusage(RUSAGE_SELF, &usage) == 0);
    return (uint64_t)usage.ru_maxrss;
}

void sys_user(char *name, size_t size)
{
    char strings[4096];     /* the longest line of a user database worth reading */
    struct passwd entry, *found = NULL;

    if (getpwuid_r(geteuid(), &entry, strings, sizeof(strings), &found) == 0 && found != NULL) {
        snprintf(name, size, "%s", found->pw_name);
    } else {
        snprintf(name, size, "uid %lu", (unsigned long)geteuid());
    }
}

unsigned sys_processors(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        return (unsigned)CPU_COUNT(&set);
    }
    /* More processors than the set can name. */
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (unsigned)count : 1;
}

bool sys_is_terminal(int descriptor)
{
    return isatty(descriptor) == 1;
}

void sys_random(void *bytes, size_t size)
{
    char *next = bytes;

    while (size > 0) {
        ssize_t got = getrandom(next, size, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        ASSERT(got > 0);
        next += got;
        size -= (size_t)got;
    }
}
