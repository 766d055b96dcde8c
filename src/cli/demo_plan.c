/*
 * demo_plan.c - the provinces, their communes, and how many people each unit has.
 */
#include "demo.h"

#include <stdlib.h>

#define VCB "970436" /* Vietcombank */
#define CTG "970415" /* VietinBank */
#define BIDV "970418"
#define AGRI "970405" /* Agribank */

/* Since 2025-07-01 Viet Nam has 34 provinces. People in thousands as at the merger, rounded; the shares
 * of people not paid in cash of Hanoi, Ho Chi Minh City and Lang Son are those published in 2025, the
 * others are made up between them. */
const struct demo_province demo_provinces[DEMO_PROVINCES] = {
    { "01", "thành phố Hà Nội", 8807, 99, { VCB, CTG } },
    { "04", "tỉnh Cao Bằng", 555, 58, { AGRI, BIDV } },
    { "08", "tỉnh Tuyên Quang", 1866, 60, { AGRI, CTG } },
    { "11", "tỉnh Điện Biên", 674, 55, { AGRI, BIDV } },
    { "12", "tỉnh Lai Châu", 513, 56, { AGRI, BIDV } },
    { "14", "tỉnh Sơn La", 1328, 60, { AGRI, BIDV } },
    { "15", "tỉnh Lào Cai", 1779, 66, { BIDV, AGRI } },
    { "19", "tỉnh Thái Nguyên", 1800, 76, { CTG, BIDV } },
    { "20", "tỉnh Lạng Sơn", 881, 57, { AGRI, CTG } },
    { "22", "tỉnh Quảng Ninh", 1498, 90, { VCB, BIDV } },
    { "24", "tỉnh Bắc Ninh", 3620, 86, { CTG, VCB } },
    { "25", "tỉnh Phú Thọ", 4023, 74, { BIDV, AGRI } },
    { "31", "thành phố Hải Phòng", 4664, 92, { VCB, BIDV } },
    { "33", "tỉnh Hưng Yên", 3568, 78, { CTG, AGRI } },
    { "37", "tỉnh Ninh Bình", 4413, 77, { BIDV, VCB } },
    { "38", "tỉnh Thanh Hóa", 4325, 70, { AGRI, VCB } },
    { "40", "tỉnh Nghệ An", 3832, 71, { BIDV, AGRI } },
    { "42", "tỉnh Hà Tĩnh", 1623, 70, { AGRI, BIDV } },
    { "44", "tỉnh Quảng Trị", 1871, 68, { AGRI, CTG } },
    { "46", "thành phố Huế", 1433, 82, { VCB, BIDV } },
    { "48", "thành phố Đà Nẵng", 3066, 91, { VCB, CTG } },
    { "51", "tỉnh Quảng Ngãi", 2162, 69, { BIDV, AGRI } },
    { "52", "tỉnh Gia Lai", 3583, 68, { BIDV, AGRI } },
    { "56", "tỉnh Khánh Hòa", 2243, 83, { VCB, BIDV } },
    { "66", "tỉnh Đắk Lắk", 3347, 67, { AGRI, CTG } },
    { "68", "tỉnh Lâm Đồng", 3872, 74, { AGRI, VCB } },
    { "75", "thành phố Đồng Nai", 4491, 88, { VCB, CTG } },
    { "79", "thành phố Hồ Chí Minh", 14003, 89, { VCB, AGRI } },
    { "80", "tỉnh Tây Ninh", 3254, 76, { BIDV, AGRI } },
    { "82", "tỉnh Đồng Tháp", 4370, 69, { AGRI, CTG } },
    { "86", "tỉnh Vĩnh Long", 4257, 68, { CTG, AGRI } },
    { "91", "tỉnh An Giang", 4952, 66, { AGRI, VCB } },
    { "92", "thành phố Cần Thơ", 4199, 80, { VCB, BIDV } },
    { "96", "tỉnh Cà Mau", 2607, 64, { AGRI, BIDV } },
};

enum {
    PEOPLE_FOR_UNIT = 50, /* a unit with fewer shows little: 34 units from 1,700 people on */
    DIRECTORY_BYTES_MAX = 4 * 1024 * 1024
};

static enum status directory_load(int formats, struct buf *communes, struct directory **directory,
                                  struct diag *diag)
{
    struct buf banks = BUF_INIT(DIRECTORY_BYTES_MAX);
    enum status rc = sys_read(formats, "directory/banks.csv", &banks, diag);
    rc = rc == STATUS_OK ? sys_read(formats, "directory/communes.csv", communes, diag) : rc;
    rc = rc == STATUS_OK ? directory_new(buf_span(&banks), buf_span(communes), directory, diag) : rc;
    buf_release(&banks);
    return rc;
}

/* The unit of a province, or NULL. */
static struct demo_unit *unit_of(struct demo *demo, const char *province)
{
    for (size_t i = 0; i < demo->unit_count; i++) {
        if (strcmp(demo->unit[i].province->code, province) == 0) {
            return &demo->unit[i];
        }
    }
    return NULL;
}

/* Gives a commune to its unit. The table has a row for each change; one entry is enough. */
static void commune_add(struct demo *demo, struct span code)
{
    const struct commune_entry *entry =
        directory_commune(demo->directory, code, month_first(demo->options.period));
    struct demo_unit *unit = entry == NULL ? NULL : unit_of(demo, entry->province);
    if (unit == NULL || (unit->commune_count > 0 && unit->commune[unit->commune_count - 1] == entry)) {
        return;
    }
    if ((unit->commune_count & (unit->commune_count - 1)) == 0) {
        size_t room = unit->commune_count == 0 ? 1 : unit->commune_count * 2;
        unit->commune = mem_resize(unit->commune, room, sizeof *unit->commune);
    }
    unit->commune[unit->commune_count++] = entry;
}

/* Goes through the table, whose form directory_new has checked: the code is the first column. */
static void communes_share(struct demo *demo, struct span csv)
{
    while (csv.size > 0) {
        const char *end = memchr(csv.data, '\n', csv.size);
        size_t size = end == NULL ? csv.size : (size_t)(end - csv.data);
        const char *comma = memchr(csv.data, ',', size);
        if (comma != NULL && comma - csv.data == 5) {
            commune_add(demo, (struct span){ csv.data, 5 });
        }
        size_t step = end == NULL ? size : size + 1;
        csv = (struct span){ csv.data + step, csv.size - step };
    }
}

/* True if fewer than `count` provinces have more people. */
static bool is_among_largest(size_t province, size_t count)
{
    size_t larger = 0;
    for (size_t i = 0; i < DEMO_PROVINCES; i++) {
        larger += demo_provinces[i].people_thousand > demo_provinces[province].people_thousand ? 1 : 0;
    }
    return larger < count;
}

/* The largest provinces become units, and share the people by their size. */
static void people_share(struct demo *demo)
{
    uint64_t wanted = demo->options.people / PEOPLE_FOR_UNIT, total = 0, before = 0;
    wanted = wanted < 1 ? 1 : wanted > DEMO_PROVINCES ? DEMO_PROVINCES : wanted;
    for (size_t i = 0; i < DEMO_PROVINCES; i++) {
        if (is_among_largest(i, (size_t)wanted)) {
            demo->unit[demo->unit_count++].province = &demo_provinces[i];
            total += demo_provinces[i].people_thousand;
        }
    }
    for (size_t i = 0; i < demo->unit_count; i++) {
        struct demo_unit *unit = &demo->unit[i];
        unit->first = demo->options.people * before / total;
        before += unit->province->people_thousand;
        unit->people = demo->options.people * before / total - unit->first;
    }
}

enum status demo_new(const struct demo_options *options, int formats, struct demo *demo, struct diag *diag)
{
    struct buf communes = BUF_INIT(DIRECTORY_BYTES_MAX);
    *demo = (struct demo){ .options = *options };
    enum status rc = directory_load(formats, &communes, &demo->directory, diag);
    if (rc != STATUS_OK) {
        goto out;
    }
    people_share(demo);
    communes_share(demo, buf_span(&communes));
    for (size_t i = 0; i < demo->unit_count && rc == STATUS_OK; i++) {
        if (demo->unit[i].commune_count == 0) {
            rc = diag_fail(diag, STATUS_CONFIG, "the directory has no commune of province %s then",
                           demo->unit[i].province->code);
        }
    }
out:
    buf_release(&communes);
    if (rc != STATUS_OK) {
        demo_release(demo);
    }
    return rc;
}

void demo_release(struct demo *demo)
{
    for (size_t i = 0; i < demo->unit_count; i++) {
        free(demo->unit[i].commune);
    }
    directory_free(demo->directory);
    *demo = (struct demo){ .unit_count = 0 };
}
