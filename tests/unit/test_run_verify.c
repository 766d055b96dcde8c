/* Does verify find a bank file good that the month wrote, and every other one bad? */
#include "test_run_site.h"

static struct run_site run_site;
static struct arena arena;
static struct ledger_file *files;
static size_t file_count;

static struct told told;
static struct run_faults faults;
static struct run_verified verified;

static enum status verify(struct ledger *ledger, const char *path)
{
    struct diag diag = { .line = 0 };

    told = (struct told){ .count = 0 };
    faults = (struct run_faults){ .tell = tell, .context = &told };
    enum status rc = run_verify(&run_site.site, ledger, path, &faults, &verified, &diag);
    assert_int_equal(told.count, faults.count);
    return rc;
}

/* Verifies bytes of our own under the file's name. */
static enum status verify_bytes(struct span bytes)
{
    char path[128];

    file_put(run_site.folder, "changed.xml", bytes);
    snprintf(path, sizeof path, "%s/changed.xml", run_site.folder);
    return verify(run_site.ledger, path);
}

static bool is_packed(const struct ledger_file *file)
{
    return strstr(file->path, ".gz") != NULL;
}

/* The smallest bank file of a kind: a sweep over its bytes is short. */
static const struct ledger_file *smallest(bool packed)
{
    const struct ledger_file *found = NULL;

    for (size_t i = 0; i < file_count; i++) {
        if (files[i].batch.channel != CHANNEL_cash && is_packed(&files[i]) == packed &&
            (found == NULL || files[i].size_bytes < found->size_bytes)) {
            found = &files[i];
        }
    }
    assert_non_null(found);
    return found;
}

static struct buf bytes_of(const struct ledger_file *file)
{
    struct buf bytes = BUF_INIT(1 << 24);
    struct diag diag = { .line = 0 };

    must(sys_read(run_site.site.dir, file->path, &bytes, &diag), &diag);
    return bytes;
}

static void test_run_verify_every_bank_file_is_good(void **state)
{
    char path[DIAG_FILE_BYTES + 64];
    size_t checked = 0;

    (void)state;
    for (size_t i = 0; i < file_count; i++) {
        if (files[i].batch.channel == CHANNEL_cash) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", run_site.folder, files[i].path);
        assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
        assert_string_equal(told.all, "");
        assert_string_equal(verified.msg_id, files[i].batch.msg_id);
        assert_int_equal(verified.payments, files[i].batch.payments);
        assert_int_equal(verified.amount_dong, files[i].batch.amount_dong);
        checked++;
    }
    assert_true(checked > 2);
}

/* The head byte by byte (the gzip header is there), then by a prime; each bit of a byte takes its turn. */
static void flip_sweep(const struct ledger_file *file)
{
    struct buf bytes = bytes_of(file);

    for (size_t i = 0; i < bytes.size; i += i < 32 ? 1 : 31) {
        char kept = bytes.data[i];
        bytes.data[i] = (char)(kept ^ (1 << i % 8));
        assert_int_equal(verify_bytes(buf_span(&bytes)), STATUS_OK);
        if (faults.count == 0) {
            fail_msg("%s: the flipped byte %zu is not seen", file->path, i);
        }
        bytes.data[i] = kept;
    }
    assert_int_equal(verify_bytes(buf_span(&bytes)), STATUS_OK);
    assert_int_equal(faults.count, 0);
    buf_release(&bytes);
}

static void test_run_verify_flipped_byte_in_xml_is_refused(void **state)
{
    (void)state;
    flip_sweep(smallest(false));
}

static void test_run_verify_flipped_byte_in_gzip_is_refused(void **state)
{
    (void)state;
    flip_sweep(smallest(true));
}

/* Replaces one text by another of the same length, everywhere. */
static void replace(struct buf *bytes, const char *from, const char *to)
{
    size_t size = strlen(from), count = 0;

    assert_int_equal(size, strlen(to));
    for (size_t i = 0; i + size <= bytes->size; i++) {
        if (memcmp(bytes->data + i, from, size) == 0) {
            memcpy(bytes->data + i, to, size);
            count++;
        }
    }
    assert_true(count > 0);
}

static void test_run_verify_changed_account_names_signature_and_payment(void **state)
{
    struct buf bytes = bytes_of(smallest(false));
    char *account = memmem(bytes.data, bytes.size, "<CdtrAcct><Id><Othr><Id>", 24);

    (void)state;
    assert_non_null(account);
    account[24] = account[24] == '9' ? '8' : (char)(account[24] + 1);
    assert_int_equal(verify_bytes(buf_span(&bytes)), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_SIGNATURE);
    assert_non_null(strstr(told.all, "SHA-256"));
    assert_non_null(strstr(told.all, "a payment goes to another account than the ledger's"));
    buf_release(&bytes);
}

static void test_run_verify_other_msg_id_is_unknown_and_unsigned(void **state)
{
    const struct ledger_file *file = smallest(false);
    struct buf bytes = bytes_of(file);
    char other[MSG_ID_BYTES];

    (void)state;
    memcpy(other, file->batch.msg_id, sizeof other);
    other[0] = 'Z';
    replace(&bytes, file->batch.msg_id, other);
    assert_int_equal(verify_bytes(buf_span(&bytes)), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_SIGNATURE);
    assert_non_null(strstr(told.all, "the ledger knows no bank file of this MsgId"));
    buf_release(&bytes);
}

static void test_run_verify_without_ledger_is_unknown(void **state)
{
    char path[DIAG_FILE_BYTES + 64];

    (void)state;
    snprintf(path, sizeof path, "%s/%s", run_site.folder, smallest(false)->path);
    assert_int_equal(verify(NULL, path), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_CONFLICT);
    assert_int_equal(faults.count, 1);
}

static void test_run_verify_not_a_file_of_ours_is_refused(void **state)
{
    char path[128];

    (void)state;
    assert_int_equal(verify_bytes(SPAN_EMPTY), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_INPUT);
    assert_int_equal(verify_bytes(span_of("<a/>")), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_INPUT);
    assert_int_equal(faults.count, 1);
    snprintf(path, sizeof path, "%s/there-is-none.xml", run_site.folder);
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_NO_INPUT);
}

static void test_run_verify_gzip_cut_or_followed_is_refused(void **state)
{
    struct buf bytes = bytes_of(smallest(true));

    (void)state;
    assert_int_equal(verify_bytes((struct span){ bytes.data, bytes.size - 1 }), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_INPUT);
    assert_non_null(strstr(told.all, "cut off"));
    assert_int_equal(buf_add(&bytes, "x", 1), STATUS_OK);
    assert_int_equal(verify_bytes(buf_span(&bytes)), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_INPUT);
    assert_non_null(strstr(told.all, "something follows"));
    buf_release(&bytes);
}

static void test_run_verify_state_and_amount_in_ledger_must_agree(void **state)
{
    const struct ledger_file *file = smallest(false);
    char path[DIAG_FILE_BYTES + 64];
    char sql[256];

    (void)state;
    snprintf(path, sizeof path, "%s/%s", run_site.folder, file->path);
    snprintf(sql, sizeof sql, "UPDATE file SET state = 10 WHERE msg_id = '%s'", file->batch.msg_id);
    ledger_edit(&run_site, sql);
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_CONFLICT);
    assert_non_null(strstr(told.all, "withdrawn"));
    snprintf(sql, sizeof sql, "UPDATE file SET state = 4, amount = amount + 1 WHERE msg_id = '%s'", file->batch.msg_id);
    ledger_edit(&run_site, sql);
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_int_equal(faults.count, 1);
    assert_non_null(strstr(told.all, "the sum is not the ledger's"));
    snprintf(sql, sizeof sql, "UPDATE file SET amount = amount - 1 WHERE msg_id = '%s'", file->batch.msg_id);
    ledger_edit(&run_site, sql);
}

static void test_run_verify_payment_in_ledger_must_agree(void **state)
{
    const struct ledger_file *file = smallest(false);
    char path[DIAG_FILE_BYTES + 64];
    char sql[256];

    (void)state;
    snprintf(path, sizeof path, "%s/%s", run_site.folder, file->path);
    snprintf(sql, sizeof sql, "UPDATE obligation SET amount = amount + 1 WHERE batch = %lld",
             (long long)file->batch.batch);
    ledger_edit(&run_site, sql);
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_CONFLICT);
    assert_non_null(strstr(told.all, "a payment is not the ledger's"));
    snprintf(sql, sizeof sql, "UPDATE obligation SET amount = amount - 1 WHERE batch = %lld",
             (long long)file->batch.batch);
    ledger_edit(&run_site, sql);
}

/* Keys are renewed; a file of last year is checked with last year's certificate, if it is kept. */
static void test_run_verify_renewed_certificate_earlier_one_is_found(void **state)
{
    struct sign_request request = { .common_name = "renewed", .years = 2 };
    struct buf key = BUF_INIT(1 << 16), pem = BUF_INIT(1 << 16);
    char path[DIAG_FILE_BYTES + 64], current[128], earlier[128], aside[128];
    struct diag diag = { .line = 0 };

    (void)state;
    request.from.day = day_of((struct civil){ 2026, 10, 1 });
    must(sign_make_key(&request, &key, &pem, &diag), &diag);
    snprintf(path, sizeof path, "%s/%s", run_site.folder, smallest(false)->path);
    assert_string_equal(run_site.site.config->certificate, "trust/site.crt");
    snprintf(current, sizeof current, "%s/trust/site.crt", run_site.folder);
    snprintf(earlier, sizeof earlier, "%s/trust/earlier.crt", run_site.folder);
    snprintf(aside, sizeof aside, "%s/earlier.crt", run_site.folder);
    assert_int_equal(rename(current, earlier), 0);
    file_put(run_site.folder, "trust/site.crt", buf_span(&pem));
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_string_equal(told.all, "");

    assert_int_equal(rename(earlier, aside), 0);
    assert_int_equal(verify(run_site.ledger, path), STATUS_OK);
    assert_int_equal(faults.worst, STATUS_SIGNATURE);
    assert_int_equal(rename(aside, current), 0);
    buf_release(&key);
    buf_release(&pem);
}

static int site_make(void **state)
{
    struct diag diag = { .line = 0 };

    (void)state;
    run_site_make(&run_site);
    run_site_month(&run_site);
    must(ledger_files(run_site.ledger, 0, 0, &arena, &files, &file_count, &diag), &diag);
    return 0;
}

static int site_end(void **state)
{
    (void)state;
    free(files);
    arena_release(&arena);
    run_site_end(&run_site);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_verify_every_bank_file_is_good),
        cmocka_unit_test(test_run_verify_flipped_byte_in_xml_is_refused),
        cmocka_unit_test(test_run_verify_flipped_byte_in_gzip_is_refused),
        cmocka_unit_test(test_run_verify_changed_account_names_signature_and_payment),
        cmocka_unit_test(test_run_verify_other_msg_id_is_unknown_and_unsigned),
        cmocka_unit_test(test_run_verify_without_ledger_is_unknown),
        cmocka_unit_test(test_run_verify_not_a_file_of_ours_is_refused),
        cmocka_unit_test(test_run_verify_gzip_cut_or_followed_is_refused),
        cmocka_unit_test(test_run_verify_state_and_amount_in_ledger_must_agree),
        cmocka_unit_test(test_run_verify_payment_in_ledger_must_agree),
        cmocka_unit_test(test_run_verify_renewed_certificate_earlier_one_is_found),
    };
    return cmocka_run_group_tests(tests, site_make, site_end);
}
