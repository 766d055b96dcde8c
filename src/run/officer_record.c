/* officer_record.c - officers over time: who comes, who leaves, and whose rights change is an event. */
#include "officer.h"

#include <stdio.h>
#include <stdlib.h>

enum { DESIGNATION_BYTES_MAX = 64 * 1024 };     /* 64 rights with 63 units each */

static enum status day_add(struct buf *to, const char *label, day_t day)
{
    char text[11];

    if (day == DAY_NONE) {
        return STATUS_OK;
    }
    day_write(day, text);
    return buf_add_format(to, " %s %s", label, text);
}

static enum status right_add(struct buf *to, const struct site_config *config, const struct officer_right *right)
{
    enum status rc = buf_add_format(to, "; %s%s%s", officer_role_name(right->role), right->bank[0] == '\0' ? "" : " ",
                                    right->bank);

    for (int family = 0; family < FAMILY_COUNT && right->families != ~UINT32_C(0) && rc == STATUS_OK; family++) {
        if ((right->families >> family & 1) != 0) {
            rc = buf_add_format(to, " %s", family_name((enum family)family));
        }
    }
    for (unsigned i = 0; i < config->unit_count && right->units != ~UINT64_C(0) && rc == STATUS_OK; i++) {
        if ((right->units >> i & 1) != 0) {
            rc = buf_add_format(to, " unit %s", config->unit[i].code);
        }
    }
    return rc;
}

/* "certificate <hex> from 2026-10-01; approve pension unit 01", ended by a NUL. */
static enum status designation_write(const struct site_config *config, const struct site_officer *officer,
                                     struct buf *to)
{
    char hex[DIGEST_HEX_BYTES];
    enum status rc = STATUS_OK;

    for (unsigned i = 0; i < officer->certificate_count && rc == STATUS_OK; i++) {
        digest_hex(&officer->certificate[i], hex);
        rc = buf_add_format(to, "%scertificate %s", i == 0 ? "" : " ", hex);
    }
    if (rc == STATUS_OK && officer->user[0] != '\0') {
        rc = buf_add_format(to, " user %s", officer->user);
    }
    rc = rc == STATUS_OK ? day_add(to, "from", officer->from) : rc;
    rc = rc == STATUS_OK ? day_add(to, "until", officer->until) : rc;
    for (unsigned i = 0; i < officer->right_count && rc == STATUS_OK; i++) {
        rc = right_add(to, config, &officer->right[i]);
    }
    return rc == STATUS_OK ? buf_add(to, "", 1) : rc;
}

enum status officers_record(const struct site_config *config, struct ledger *ledger, const char *who, const char *at,
                            struct diag *diag)
{
    struct ledger_designation *designation = mem_alloc(config->officer_count + 1, sizeof(*designation));
    struct buf *text = mem_alloc(config->officer_count + 1, sizeof(*text));
    struct ledger_event event = { .who = who, .at = at };
    enum status rc = STATUS_OK;

    for (unsigned i = 0; i < config->officer_count && rc == STATUS_OK; i++) {
        text[i] = BUF_INIT(DESIGNATION_BYTES_MAX);
        rc = designation_write(config, &config->officer[i], &text[i]);
        designation[i] = (struct ledger_designation){ config->officer[i].name, text[i].data };
    }
    if (rc == STATUS_OK) {
        rc = ledger_designations(ledger, designation, config->officer_count, &event, diag);
    } else {
        rc = diag_fail(diag, rc, "an officer has too many rights");
    }
    for (unsigned i = 0; i < config->officer_count; i++) {
        buf_release(&text[i]);
    }
    free(text);
    free(designation);
    return rc;
}
