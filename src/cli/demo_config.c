/*
 * demo_config.c - chitra.xml of the demonstration.
 */
#include "demo.h"

#include <stdio.h>

static const char *profile_of(const char *bin)
{
    static const char *const profiles[][2] = {
        { "970436", "vietcombank" }, { "970415", "vietinbank" }, { "970418", "bidv" },
        { "970405", "agribank" },    { "971025", "momo" },
    };
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        if (strcmp(profiles[i][0], bin) == 0) {
            return profiles[i][1];
        }
    }
    defect(__FILE__, __LINE__, "every bank of a unit has a profile");
}

/* Accounts of offices lie far from those of people. */
static uint64_t office_serial(size_t unit, unsigned account)
{
    return UINT64_C(900000000) + unit * 10 + account;
}

static enum status account_write(const char *bin, uint64_t serial, bool wallet, struct buf *xml)
{
    char number[35];
    demo_account(bin, serial, number);
    return buf_add_format(xml, "    <account bank=\"%s\" profile=\"%s\" number=\"%s\"%s/>\n", bin,
                          profile_of(bin), number, wallet ? " wallet=\"true\"" : "");
}

static enum status unit_write(const struct demo_unit *unit, size_t number, struct buf *xml)
{
    const struct demo_province *province = unit->province;
    char post[35];
    demo_account("970449", office_serial(number, 3), post);
    enum status rc = buf_add_format(
        xml, "  <unit code=\"%s\" name=\"Bảo hiểm xã hội %s\" party=\"BHXH-%s\" default=\"%s\">\n",
        province->code, province->name, province->code, province->account[0]);
    for (unsigned i = 0; i < 2 && rc == STATUS_OK; i++) {
        rc = account_write(province->account[i], office_serial(number, i), false, xml);
    }
    rc = rc == STATUS_OK ? account_write("971025", office_serial(number, 2), true, xml) : rc;
    if (rc != STATUS_OK) {
        return rc;
    }
    /* Co-op Bank and LPBank are reached more cheaply from the second account. */
    return buf_add_format(xml,
                          "    <route bank=\"970446\" from=\"%s\"/>\n"
                          "    <route bank=\"970449\" from=\"%s\"/>\n"
                          "    <post name=\"Bưu điện %s\" bank=\"970449\" account=\"%s\"/>\n"
                          "  </unit>\n",
                          province->account[1], province->account[1], province->name, post);
}

static enum status pay_days_write(const struct demo *demo, struct buf *xml)
{
    enum status rc = buf_add_text(
        xml,
        "  <!-- Accounts on the first working day, Hanoi on the second; cash from the 4th to the 10th. -->\n"
        "  <pay-day rule=\"working-day\" number=\"2\"/>\n"
        "  <pay-day channel=\"bank\" rule=\"working-day\" number=\"1\"/>\n"
        "  <pay-day channel=\"cash\" rule=\"day-of-month\" number=\"4\"/>\n");
    for (size_t i = 0; i < demo->unit_count && rc == STATUS_OK; i++) {
        const char *code = demo->unit[i].province->code;
        if (i % 7 != 0) {
            rc = buf_add_format(
                xml, "  <pay-day unit=\"%s\" channel=\"cash\" rule=\"day-of-month\" number=\"%zu\"/>\n", code,
                4 + i % 7);
        }
        if (rc == STATUS_OK && strcmp(code, "01") == 0) {
            rc = buf_add_format(
                xml, "  <pay-day unit=\"%s\" channel=\"bank\" rule=\"working-day\" number=\"2\"/>\n", code);
        }
    }
    return rc;
}

enum { HOLIDAYS = 4 };

/* The fixed holidays of a year. One on a weekly day off moves to the next day that is not off already:
 * Labour Code 45/2019 art. 111(3). */
static void holidays_of(int year, day_t day[HOLIDAYS])
{
    static const struct civil fixed[HOLIDAYS] = { { 0, 1, 1 }, { 0, 4, 30 }, { 0, 5, 1 }, { 0, 9, 2 } };
    for (size_t i = 0; i < HOLIDAYS; i++) {
        day[i] = day_of((struct civil){ year, fixed[i].month, fixed[i].day });
    }
    for (size_t i = 0; i < HOLIDAYS; i++) {
        while (day_weekday(day[i]) > 5 || (i > 0 && day[i] == day[i - 1]) ||
               (i + 1 < HOLIDAYS && day[i] == day[i + 1])) {
            day[i]++;
        }
    }
}

static enum status holidays_write(const struct demo *demo, struct buf *xml)
{
    static const char *const names[HOLIDAYS] = { "Tết Dương lịch", "Ngày Chiến thắng", "Quốc tế Lao động",
                                                 "Quốc khánh" };
    int first = demo->options.period / 12;
    enum status rc = buf_add_text(xml,
        "  <!-- The holidays of fixed date (Labour Code 45/2019 art. 112). Those of the moon (New Year, the\n"
        "       Hung Kings) and the second day of National Day are announced each year: add them here. -->\n");
    for (int year = first; year <= first + 2 && rc == STATUS_OK; year++) {
        day_t day[HOLIDAYS];
        holidays_of(year, day);
        for (size_t i = 0; i < HOLIDAYS && rc == STATUS_OK; i++) {
            char date[11];
            day_write(day[i], date);
            rc = buf_add_format(xml, "  <holiday date=\"%s\" name=\"%s\"/>\n", date, names[i]);
        }
    }
    return rc;
}

static enum status officers_write(const struct digest fingerprint[DEMO_OFFICERS], struct buf *xml)
{
    static const struct {
        const char *name;
        const char *role;
    } officer[DEMO_OFFICERS] = {
        [DEMO_OFFICE] = { "Phòng Chế độ (demo)", "approves" },
        [DEMO_PREPARER] = { "Người lập (demo)", "prepares" },
        [DEMO_CERTIFIER] = { "Người duyệt chi (demo)", "certifies" },
        [DEMO_POST] = { "Bưu điện (demo)", "pays-cash" },
    };
    enum status rc = buf_add_text(
        xml, "  <!-- With release=\"dual\" above, what one of them prepares another one certifies. -->\n");
    for (size_t i = 0; i < DEMO_OFFICERS && rc == STATUS_OK; i++) {
        char hex[DIGEST_HEX_BYTES];
        digest_hex(&fingerprint[i], hex);
        rc = buf_add_format(xml,
                            "  <officer name=\"%s\">\n"
                            "    <certificate fingerprint=\"%s\"/>\n"
                            "    <%s/>\n"
                            "  </officer>\n",
                            officer[i].name, hex, officer[i].role);
    }
    return rc;
}

static enum status head_write(const struct demo *demo, struct buf *xml)
{
    char month[8];
    month_write(demo->options.period, month);
    return buf_add_format(xml,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<!-- Made by chitra init as a demonstration: nobody in it exists, its keys are its own. -->\n"
        "<site xmlns=\"urn:chitra:config:1\" opening=\"%s\">\n"
        "  <agency name=\"Bảo hiểm xã hội Việt Nam (demo)\" country=\"VN\"/>\n"
        "  <policy release=\"auto\" intake=\"approved\"/>\n"
        "  <wallets families=\"other\"/>\n"
        "  <signing key=\"keys/site.key\" certificate=\"trust/site.crt\"/>\n",
        month);
}

static const char TARGETS[] =
    "  <target from=\"2025-01\" percent=\"68\" families=\"pension unemployment injury survivor\"\n"
    "          source=\"The agency's target for 2025: over 68 % of urban recipients (act unconfirmed)\"/>\n"
    "  <target from=\"2030-01\" percent=\"75\" families=\"pension unemployment injury survivor\"\n"
    "          source=\"The agency's target for 2030: over 75 % of urban recipients (act unconfirmed)\"/>\n"
    "</site>\n";

enum status demo_config_write(const struct demo *demo, const struct digest fingerprint[DEMO_OFFICERS],
                              struct buf *xml)
{
    enum status rc = head_write(demo, xml);
    rc = rc == STATUS_OK ? officers_write(fingerprint, xml) : rc;
    for (size_t i = 0; i < demo->unit_count && rc == STATUS_OK; i++) {
        rc = unit_write(&demo->unit[i], i, xml);
    }
    rc = rc == STATUS_OK ? pay_days_write(demo, xml) : rc;
    rc = rc == STATUS_OK ? holidays_write(demo, xml) : rc;
    return rc == STATUS_OK ? buf_add_text(xml, TARGETS) : rc;
}
