/*
 * test_pain001_sample.h - a bank file made by the writer, for the tests of what reads it.
 */
#ifndef TEST_PAIN001_SAMPLE_H
#define TEST_PAIN001_SAMPLE_H

#include "chitra/pain001.h"
#include "chitra/sys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#define SAMPLE_SIGNATURE "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo></SignedInfo></Signature>"

enum { SAMPLE_BYTES_MAX = 16 * 1024 * 1024 };

static inline enum status sample_flush(void *context, struct span bytes, struct diag *diag)
{
    (void)diag;
    return buf_add(context, bytes.data, bytes.size);
}

static inline struct bank_profile sample_profile(void)
{
    return (struct bank_profile){
        .code = "samplebank", .name = "Sample Bank", .bin = "970436", .bic = "BFTVVNVX",
        .charset = CHARSET_upper, .name_length_max = 70, .remittance_length_max = 140,
        .account_length_max = 19, .transactions_max = 1000, .compression = BANK_PLAIN,
    };
}

static inline struct pain001_file sample_file(const struct bank_profile *profile)
{
    return (struct pain001_file){
        .profile = profile,
        .msg_id = "HN01-202610-R1-970436-01-G1",
        .created_at = "2026-09-28T08:00:00+07:00",
        .execution_date = day_of((struct civil){ 2026, 10, 1 }),
        .transactions = 2,
        .amount_dong = 8500001,
        .party_name = "Bảo hiểm xã hội khu vực I",
        .party_id = "BHXH-HN01",
        .debtor_account = "1201000123456",
    };
}

static const struct bank_entry sample_bank = { "970415", "ICBVVNVX", "VietinBank", true };
static const struct bank_entry sample_wallet = { "971025", "", "MoMo", true };

static inline struct pain001_transaction sample_transaction(void)
{
    return (struct pain001_transaction){
        .end_to_end_id = "0123456789ABCDEFGHJKMNPQRS",
        .amount_dong = 5000000,
        .agent = &sample_bank,
        .creditor_name = span_of("Nguyễn Thị Đào"),
        .account = span_of("101234567890"),
        .purpose = "PENS",
        .category = "PENS",
        .remittance = span_of("LUONG HUU THANG 10/2026"),
    };
}

static inline struct pain001_transaction sample_transaction_to_wallet(void)
{
    return (struct pain001_transaction){
        .end_to_end_id = "ZYXWVTSRQPNMKJHGFEDCBA9876",
        .amount_dong = 3500001,
        .agent = &sample_wallet,
        .creditor_name = span_of("Trần Văn Bốn"),
        .account = span_of("0900000001"),
        .purpose = "BENE",
        .category = "",
        .remittance = SPAN_EMPTY,
    };
}

/* Writes a whole file of the given transactions into `xml`; the writer's verdict. */
static inline enum status sample_write(const struct pain001_file *file, const struct pain001_transaction *transaction,
                                       size_t count, struct buf *xml, struct diag *diag)
{
    struct xml_writer writer;

    xml_writer_init(&writer, sample_flush, xml, diag);
    head001_write(&writer, file);
    XML_RAW(&writer, SAMPLE_SIGNATURE);
    pain001_begin(&writer, file);
    for (size_t i = 0; i < count; i++) {
        pain001_transaction(&writer, file, &transaction[i]);
    }
    pain001_end(&writer);
    enum status rc = xml_writer_finish(&writer);
    xml_writer_release(&writer);
    return rc;
}

/* The usual file: two transactions, one by BIC, one by clearing member id. */
static inline struct buf sample_xml(void)
{
    struct bank_profile profile = sample_profile();
    struct pain001_file file = sample_file(&profile);
    struct pain001_transaction transaction[] = { sample_transaction(), sample_transaction_to_wallet() };
    struct buf xml = BUF_INIT(SAMPLE_BYTES_MAX);
    struct diag diag = { 0 };

    assert_int_equal(sample_write(&file, transaction, 2, &xml, &diag), STATUS_OK);
    return xml;
}

/* The usual file with its first `from` replaced by `to`. */
static inline struct buf sample_changed(const char *from, const char *to)
{
    struct buf xml = sample_xml();
    struct buf changed = BUF_INIT(SAMPLE_BYTES_MAX);

    const char *at = memmem(xml.data, xml.size, from, strlen(from));
    assert_non_null(at);
    size_t before = (size_t)(at - xml.data);
    assert_int_equal(buf_add(&changed, xml.data, before), STATUS_OK);
    assert_int_equal(buf_add_text(&changed, to), STATUS_OK);
    assert_int_equal(buf_add(&changed, at + strlen(from), xml.size - before - strlen(from)), STATUS_OK);
    buf_release(&xml);
    return changed;
}

#endif
