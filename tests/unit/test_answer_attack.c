/* Can a bank's answer break the reader, fill the memory or keep it busy? */
#include "chitra/sys.h"

#include "../fuzz/fz_answer.c"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    FILE_BYTES_MAX = 1 << 16,
    CHANGES_BYTES_MAX = 1900,       /* longer answers are not changed at every byte: the test is to be short */
    REPEATED_BYTES = 12 << 20,      /* more than libxml2 itself keeps of anything (10 MB) */
    SECONDS_MAX = 10                /* under a sanitizer, on a busy machine; it takes a tenth of one */
};

/* AddressSanitizer keeps what was freed, to find who still uses it. */
#ifdef __SANITIZE_ADDRESS__
enum { GROWTH_KIB_MAX = 512 << 10 };
#else
enum { GROWTH_KIB_MAX = 4 << 10 };
#endif

#define HEAD "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt><GrpHdr><MsgId>M</MsgId>" \
    "</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>X</OrgnlMsgId>"
#define MIDDLE "</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><TxInfAndSts>"
#define TAIL "</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"

/* The answer itself, cut at every byte, and with every byte changed in three ways. */
static void answer_change(uint8_t *bytes, size_t size)
{
    static const uint8_t changes[] = { 0x01, 0x20, 0x80 };

    LLVMFuzzerTestOneInput(bytes, size);
    for (size_t at = 0; at < size && size <= CHANGES_BYTES_MAX; at++) {
        LLVMFuzzerTestOneInput(bytes, at);
        for (size_t i = 0; i < sizeof(changes); i++) {
            bytes[at] ^= changes[i];
            LLVMFuzzerTestOneInput(bytes, size);
            bytes[at] ^= changes[i];
        }
    }
}

static size_t folder_change(const char *path)
{
    DIR *folder = opendir(path);
    size_t count = 0;

    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[512];
        const char *end = strrchr(entry->d_name, '.');
        if (entry->d_name[0] == '.' || (end != NULL && strcmp(end, ".txt") == 0)) {
            continue;
        }
        snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
        FILE *file = fopen(name, "rb");
        assert_non_null(file);
        uint8_t *bytes = mem_alloc(FILE_BYTES_MAX, 1);
        size_t size = fread(bytes, 1, FILE_BYTES_MAX, file);
        fclose(file);
        bytes = mem_resize(bytes, size + 1, 1);
        answer_change(bytes, size);
        free(bytes);
        count++;
    }
    closedir(folder);
    return count;
}

static void test_answer_attack_any_change_of_any_answer_is_taken_or_refused(void **state)
{
    (void)state;
    assert_true(folder_change("tests/answers") > 50);
}

/* `part` again and again, with a number that grows for each @. */
static struct span parts_write(char *bytes, size_t size_max, const char *part, unsigned *number)
{
    size_t size = 0;

    while (size + 256 < size_max) {
        for (const char *c = part; *c != '\0'; c++) {
            if (*c == '@') {
                size += (size_t)snprintf(bytes + size, 16, "%u", ++*number);
            } else {
                bytes[size++] = *c;
            }
        }
    }
    return (struct span){ bytes, size };
}

/* `head`, then `part` until it is long, then `tail`: in constant memory and no time. */
static enum status repeated(const char *head, const char *part, const char *tail, struct fz_answer *seen)
{
    const struct answer_handler handler = {
        fz_group, fz_information, fz_transaction, fz_statement, fz_entry, fz_batch, fz_detail, fz_warn, seen,
    };
    struct answer_reader *reader = answer_reader_new("attack", &handler);
    struct diag diag = { 0 };
    uint64_t memory_kib = sys_memory_kib();
    uint64_t start_us = sys_cpu_us();
    unsigned number = 0;

    enum status rc = answer_read(reader, span_of(head), &diag);
    for (size_t sent = 0; sent < REPEATED_BYTES && rc == STATUS_OK;) {
        char bytes[4096];
        struct span parts = parts_write(bytes, sizeof(bytes), part, &number);
        rc = answer_read(reader, parts, &diag);
        sent += parts.size;
    }
    if (rc == STATUS_OK) {
        rc = answer_read(reader, span_of(tail), &diag);
    }
    if (rc == STATUS_OK) {
        rc = answer_finish(reader, &diag);
    }
    assert_true(rc == STATUS_OK || diag.what[0] != '\0');
    assert_true(sys_memory_kib() - memory_kib < GROWTH_KIB_MAX);
    assert_true(sys_cpu_us() - start_us < SECONDS_MAX * UINT64_C(1000000));
    answer_reader_free(reader);
    return rc;
}

static void test_answer_attack_what_repeats_without_end_is_taken_in_constant_memory(void **state)
{
    static const struct {
        const char *head, *part, *tail;
    } cases[] = {
        { HEAD, "<StsRsnInf><Rsn><Cd>AC@</Cd></Rsn></StsRsnInf>", MIDDLE TAIL },
        { HEAD "<StsRsnInf>", "<AddtlInf>@</AddtlInf>", "</StsRsnInf>" MIDDLE TAIL },
        { HEAD, "<Unknown>@</Unknown>", MIDDLE TAIL },
        { HEAD MIDDLE "<Unknown>", "text @", "</Unknown>" TAIL },
        { HEAD MIDDLE "<OrgnlEndToEndId>", " ", "</OrgnlEndToEndId>" TAIL },
        { HEAD MIDDLE "<StsRsnInf><AddtlInf>", "@", "</AddtlInf></StsRsnInf>" TAIL },
        { HEAD MIDDLE, "<!-- @ -->", TAIL },
        { HEAD MIDDLE, "<?a @?>", TAIL },
        { HEAD MIDDLE "<Unknown>", "&#x61;@&amp;", "</Unknown>" TAIL },
        { HEAD MIDDLE, "</TxInfAndSts><TxInfAndSts><OrgnlEndToEndId>@</OrgnlEndToEndId>", TAIL },
        { HEAD MIDDLE, "</TxInfAndSts></OrgnlPmtInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>@</OrgnlPmtInfId>"
                       "<TxInfAndSts>", TAIL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fz_answer seen = { 0 };
        if (repeated(cases[i].head, cases[i].part, cases[i].tail, &seen) != STATUS_OK) {
            fail_msg("%s was refused", cases[i].part);
        }
        assert_int_equal(seen.groups, 1);
        assert_true(seen.transactions > 0);
    }
}

static void test_answer_attack_what_grows_without_end_is_refused(void **state)
{
    static const struct {
        const char *head, *part;
    } cases[] = {
        { HEAD MIDDLE "<OrgnlEndToEndId>", "@" },
        { HEAD MIDDLE "<StsRsnInf><Rsn><Cd>", "@" },
        { HEAD MIDDLE "<Unknown ", "a@='>' " },
        { HEAD MIDDLE "<Unknown ", "xmlns:a@='urn:b' " },
        { HEAD MIDDLE "<Unknown a='", "@" },
        { HEAD MIDDLE "<Unknown", "@" },
        { HEAD MIDDLE "<!-- ", "@" },
        { HEAD MIDDLE "<?a ", "@" },
        { HEAD MIDDLE "<![CDATA[", "@" },
        { HEAD MIDDLE "&", "a@" },
        { HEAD MIDDLE, "<a@/>" },
        { HEAD MIDDLE, "<a xmlns='urn:@'/>" },
        { HEAD MIDDLE, "<A>" },
        { HEAD MIDDLE, "<A@>" },
        { HEAD MIDDLE, "</A@>" },
        { "<!DOCTYPE a [<!ENTITY a0 'a'>", "<!ENTITY a@ '&a0;&a0;'>" },
        { "", "@" },
        { "<?xml version='1.0' ", "@" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fz_answer seen = { 0 };
        if (repeated(cases[i].head, cases[i].part, "", &seen) == STATUS_OK) {
            fail_msg("%s%s was taken", cases[i].head, cases[i].part);
        }
        assert_int_equal(seen.transactions, 0);
    }
}

/* White space before the first element never ends, but it is no message either. */
static void test_answer_attack_only_white_space_is_refused(void **state)
{
    struct fz_answer seen = { 0 };

    (void)state;
    assert_int_equal(repeated("", " ", "", &seen), STATUS_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer_attack_any_change_of_any_answer_is_taken_or_refused),
        cmocka_unit_test(test_answer_attack_what_repeats_without_end_is_taken_in_constant_memory),
        cmocka_unit_test(test_answer_attack_what_grows_without_end_is_refused),
        cmocka_unit_test(test_answer_attack_only_white_space_is_refused),
    };

    mem_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
