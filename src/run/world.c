/* world.c - what a run is sealed on: checked once, archived by digest, and read back from there. */
#include "world.h"

#include "chitra/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { FORMAT_BYTES_MAX = 16 * 1024 * 1024 };   /* the commune table is the largest, under 1 MiB */

static void tell(const struct world *world, void (*how)(void *context, const char *text), const char *format,
                 va_list arguments) __attribute__((format(printf, 3, 0)));
static void tell(const struct world *world, void (*how)(void *context, const char *text), const char *format,
                 va_list arguments)
{
    char text[DIAG_BYTES_MAX];

    if (how != NULL) {
        vsnprintf(text, sizeof(text), format, arguments);
        how(world->options->context, text);
    }
}

void world_say(const struct world *world, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell(world, world->options->message, format, arguments);
    va_end(arguments);
}

void world_problem(const struct world *world, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    tell(world, world->options->problem, format, arguments);
    va_end(arguments);
}

void world_stage(const struct world *world, const char *stage)
{
    if (world->options->progress != NULL) {
        world->options->progress(world->options->context, stage, sys_cpu_us());
    }
}

bool units_name(const char *units, const char *code)
{
    size_t size = strlen(code);

    if (units[0] == '\0') {
        return true;
    }
    for (const char *at = units; at != NULL; at = strchr(at, ',') == NULL ? NULL : strchr(at, ',') + 1) {
        if (strncmp(at, code, size) == 0 && (at[size] == ',' || at[size] == '\0')) {
            return true;
        }
    }
    return false;
}

enum status pay_date_check(day_t pay_date, day_t today, struct diag *diag)
{
    char day[11];
    bool past = pay_date < today;

    if (pay_date == DAY_NONE || (!past && day_month(pay_date) <= day_month(today) + PERIOD_AHEAD_MAX)) {
        return STATUS_OK;
    }
    diag_fail(diag, STATUS_USAGE, past ? "the pay date is past" : "the pay date lies too far ahead");
    day_write(pay_date, day);
    diag_found(diag, "%s", day);
    day_write(today, day);
    diag_expected(diag, past ? "not before %s" : "within twelve months of %s", day);
    return STATUS_USAGE;
}

enum status formats_read(const struct site *site, const char *path, struct buf *content, struct diag *diag)
{
    *content = BUF_INIT(FORMAT_BYTES_MAX);
    enum status rc = sys_read(site->formats, path, content, diag);
    if (rc != STATUS_OK) {
        snprintf(diag->file, sizeof(diag->file), "formats/%s", path);
        diag_hint(diag, "formats/ is incomplete: CHITRA_FORMATS names another one");
    }
    return rc == STATUS_NO_INPUT ? STATUS_CONFIG : rc;
}

const struct bank_profile *world_profile(const struct world *world, const char *code, const struct digest **digest)
{
    for (size_t i = 0; i < world->profile_count; i++) {
        if (strcmp(world->profile[i]->code, code) == 0) {
            if (digest != NULL) {
                *digest = &world->profile_digest[i];
            }
            return world->profile[i];
        }
    }
    return NULL;
}

/* ---- sealing ---- */

/* Archives one file of formats/ and adds its line to the list: "<digest>  <path>". */
static enum status seal_file(struct world *world, const char *path, struct span content, struct buf *list,
                             struct diag *diag)
{
    struct digest digest;
    char hex[DIGEST_HEX_BYTES];

    digest_of(content, &digest);
    digest_hex(&digest, hex);
    enum status rc = world->options->dry ? STATUS_OK : archive_store(world->site, content, &digest, diag);
    return rc == STATUS_OK ? buf_add_format(list, "%s  %s\n", hex, path) : rc;
}

static enum status seal_law(struct world *world, struct diag *diag)
{
    struct buf xml;
    struct buf xsd = BUF_INIT(0);

    enum status rc = formats_read(world->site, "law/vn.xml", &xml, diag);
    if (rc == STATUS_OK) {
        rc = formats_read(world->site, "law/law.xsd", &xsd, diag);
    }
    if (rc == STATUS_OK) {
        rc = law_new(buf_span(&xml), "formats/law/vn.xml", buf_span(&xsd), &world->law, diag);
        rc = rc == STATUS_OK ? rc : STATUS_CONFIG;
    }
    if (rc == STATUS_OK) {
        digest_of(buf_span(&xml), &world->run.law);
        rc = world->options->dry ? STATUS_OK : archive_store(world->site, buf_span(&xml), &world->run.law, diag);
    }
    buf_release(&xml);
    buf_release(&xsd);
    return rc;
}

static void profile_keep(struct world *world, struct bank_profile *profile, struct span xml)
{
    size_t count = world->profile_count + 1;

    world->profile = mem_resize(world->profile, count, sizeof(struct bank_profile *));
    world->profile_digest = mem_resize(world->profile_digest, count, sizeof(*world->profile_digest));
    world->profile[count - 1] = profile;
    digest_of(xml, &world->profile_digest[count - 1]);
    world->profile_count = count;
}

/* Reads one profile of the configuration, once however many accounts use it. */
static enum status seal_profile(struct world *world, const char *code, struct span xsd, struct buf *list,
                                struct diag *diag)
{
    char path[DIAG_FILE_BYTES];
    char name[DIAG_FILE_BYTES];
    struct buf xml;
    struct bank_profile *profile = NULL;

    if (world_profile(world, code, NULL) != NULL) {
        return STATUS_OK;
    }
    snprintf(path, sizeof(path), "banks/%s.xml", code);
    snprintf(name, sizeof(name), "formats/banks/%s.xml", code);
    enum status rc = formats_read(world->site, path, &xml, diag);
    if (rc == STATUS_CONFIG) {
        diag_hint(diag, "an account in chitra.xml names this profile");
    }
    if (rc == STATUS_OK) {
        rc = bank_profile_new(buf_span(&xml), name, xsd, &profile, diag);
        rc = rc == STATUS_OK ? rc : STATUS_CONFIG;
    }
    if (rc == STATUS_OK) {
        profile_keep(world, profile, buf_span(&xml));
        rc = seal_file(world, path, buf_span(&xml), list, diag);
    }
    buf_release(&xml);
    return rc;
}

static enum status seal_profiles(struct world *world, struct buf *list, struct diag *diag)
{
    const struct site_config *config = world->site->config;
    struct buf xsd;

    enum status rc = formats_read(world->site, "banks/bank.xsd", &xsd, diag);
    for (unsigned u = 0; u < config->unit_count && rc == STATUS_OK; u++) {
        for (unsigned a = 0; a < config->unit[u].account_count && rc == STATUS_OK; a++) {
            rc = seal_profile(world, config->unit[u].account[a].profile, buf_span(&xsd), list, diag);
        }
    }
    buf_release(&xsd);
    return rc;
}

enum status world_profiles(struct world *world, struct diag *diag)
{
    struct buf list = BUF_INIT(FORMAT_BYTES_MAX);

    ASSERT(world->options->dry);        /* nothing is archived */
    enum status rc = seal_profiles(world, &list, diag);
    buf_release(&list);
    return rc;
}

static enum status seal_directory(struct world *world, struct buf *list, struct diag *diag)
{
    struct buf banks;
    struct buf communes = BUF_INIT(0);

    enum status rc = formats_read(world->site, "directory/banks.csv", &banks, diag);
    if (rc == STATUS_OK) {
        rc = formats_read(world->site, "directory/communes.csv", &communes, diag);
    }
    if (rc == STATUS_OK) {
        rc = directory_new(buf_span(&banks), buf_span(&communes), &world->directory, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_file(world, "directory/banks.csv", buf_span(&banks), list, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_file(world, "directory/communes.csv", buf_span(&communes), list, diag);
    }
    buf_release(&banks);
    buf_release(&communes);
    return rc;
}

enum status world_seal(struct world *world, struct diag *diag)
{
    struct buf list = BUF_INIT(FORMAT_BYTES_MAX);
    struct buf xsd = BUF_INIT(0);

    world->run.config = world->site->config_digest;
    enum status rc = world->options->dry ? STATUS_OK
                                         : archive_store(world->site, world->site->config_xml, &world->run.config, diag);
    if (rc == STATUS_OK) {
        rc = formats_read(world->site, "config.xsd", &xsd, diag);
    }
    if (rc == STATUS_OK) {
        rc = site_config_new(world->site->config_xml, "chitra.xml", buf_span(&xsd), &world->config, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_law(world, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_profiles(world, &list, diag);
    }
    if (rc == STATUS_OK) {
        rc = seal_directory(world, &list, diag);
    }
    if (rc == STATUS_OK) {
        digest_of(buf_span(&list), &world->run.formats);
        rc = world->options->dry ? STATUS_OK
                                 : archive_store(world->site, buf_span(&list), &world->run.formats, diag);
    }
    buf_release(&list);
    buf_release(&xsd);
    return rc;
}

/* ---- loading what was sealed ---- */

static enum status load_law(struct world *world, struct diag *diag)
{
    struct buf xml = BUF_INIT(FORMAT_BYTES_MAX);

    enum status rc = archive_read(world->site, &world->run.law, &xml, diag);
    if (rc == STATUS_OK) {
        rc = law_new(buf_span(&xml), "law as sealed", SPAN_EMPTY, &world->law, diag);
    }
    buf_release(&xml);
    return rc;
}

/* One line of the list: a profile is kept, a table of the directory is put into `table`. */
static enum status load_format(struct world *world, struct span line, struct buf table[2], struct diag *diag)
{
    struct digest digest;
    struct bank_profile *profile = NULL;
    struct buf content = BUF_INIT(FORMAT_BYTES_MAX);
    enum { PATH_AT = DIGEST_HEX_BYTES + 1 };

    if (line.size <= PATH_AT || !text_unhex((struct span){ line.data, 2 * DIGEST_BYTES }, digest.bytes, DIGEST_BYTES)) {
        return diag_fail(diag, STATUS_CONFLICT, "the archive's list of formats is damaged");
    }
    struct span path = { line.data + PATH_AT, line.size - PATH_AT };
    enum status rc = archive_read(world->site, &digest, &content, diag);
    if (rc == STATUS_OK && path.size > 6 && memcmp(path.data, "banks/", 6) == 0) {
        char name[DIAG_FILE_BYTES];
        snprintf(name, sizeof(name), "formats/%.*s", (int)path.size, path.data);
        rc = bank_profile_new(buf_span(&content), name, SPAN_EMPTY, &profile, diag);
        if (rc == STATUS_OK) {
            profile_keep(world, profile, buf_span(&content));
        }
    } else if (rc == STATUS_OK) {
        struct buf *to = &table[span_is(path, "directory/communes.csv") ? 1 : 0];
        rc = buf_add(to, content.data, content.size);
    }
    buf_release(&content);
    return rc;
}

static enum status load_formats(struct world *world, struct diag *diag)
{
    struct buf list = BUF_INIT(FORMAT_BYTES_MAX);
    struct buf table[2] = { BUF_INIT(FORMAT_BYTES_MAX), BUF_INIT(FORMAT_BYTES_MAX) };

    enum status rc = archive_read(world->site, &world->run.formats, &list, diag);
    const char *end = list.data + list.size;
    for (const char *at = list.data; rc == STATUS_OK && at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t size = newline == NULL ? (size_t)(end - at) : (size_t)(newline - at);
        rc = load_format(world, (struct span){ at, size }, table, diag);
        at += size + 1;
    }
    if (rc == STATUS_OK) {
        rc = directory_new(buf_span(&table[0]), buf_span(&table[1]), &world->directory, diag);
    }
    buf_release(&list);
    buf_release(&table[0]);
    buf_release(&table[1]);
    return rc;
}

enum status world_load_formats(struct world *world, struct diag *diag)
{
    enum status rc = archive_config(world->site, &world->run.config, "chitra.xml as sealed", &world->config, diag);

    return rc == STATUS_OK ? load_formats(world, diag) : rc;
}

enum status world_load(struct world *world, struct diag *diag)
{
    enum status rc = world_load_formats(world, diag);

    return rc == STATUS_OK ? load_law(world, diag) : rc;
}

enum status world_units(struct world *world, struct diag *diag)
{
    enum status rc = STATUS_OK;

    for (unsigned i = 0; i < world->config->unit_count && rc == STATUS_OK; i++) {
        rc = ledger_unit(world->ledger, world->config->unit[i].code, &world->unit[i], diag);
    }
    return rc;
}

void world_keep(struct world *world, struct ledger_kept *kept)
{
    world->kept = mem_resize(world->kept, world->kept_count + 1, sizeof(*world->kept));
    world->kept[world->kept_count++] = kept;
    world->kept_bytes += ledger_kept_bytes(kept);
}

struct ledger_kept *world_kept_take(struct world *world, int64_t run, int unit)
{
    for (size_t i = 0; i < world->kept_count; i++) {
        struct ledger_kept *kept = world->kept[i];
        if (ledger_kept_is_of(kept, run, unit)) {
            world->kept[i] = world->kept[--world->kept_count];
            world->kept_bytes -= ledger_kept_bytes(kept);
            return kept;
        }
    }
    return NULL;
}

void world_release(struct world *world)
{
    for (size_t i = 0; i < world->kept_count; i++) {
        ledger_kept_free(world->kept[i]);
    }
    free(world->kept);
    for (size_t i = 0; i < world->profile_count; i++) {
        bank_profile_free(world->profile[i]);
    }
    free(world->profile);
    free(world->profile_digest);
    directory_free(world->directory);
    law_free(world->law);
    site_config_free(world->config);
    signer_free(world->signer);
    officer_release(&world->officer);
    concerns_release(&world->concerns);
}
