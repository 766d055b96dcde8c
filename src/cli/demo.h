/*
 * demo.h - inside `chitra init --demo`: generated people, their rows, their site.
 *
 * Layer: cli. Nobody here exists: everything about a person is a function of the seed, the unit and
 * the person's number in the unit, so any person can be made again without keeping anybody. Keys are
 * new each time.
 *
 * The walk: demo_site.c makes folders, keys and chitra.xml, and for each unit lets demo_rows.c turn
 * people (demo_people.c) into rows, which demo_file.c writes and lists; demo_later.c does the same
 * for the changes of the month after.
 */
#ifndef CHITRA_DEMO_H
#define CHITRA_DEMO_H

#include "chitra/bank.h"
#include "chitra/site.h"

/* A small generator of numbers (splitmix64): one of its own for each person. */
struct demo_random {
    uint64_t state;
};

uint64_t demo_random_next(struct demo_random *random);
/* 0 .. limit - 1; limit > 0. */
unsigned demo_below(struct demo_random *random, unsigned limit);
/* from .. to, both possible. */
int demo_between(struct demo_random *random, int from, int to);
/* True in `percent` of 100 cases. */
bool demo_chance(struct demo_random *random, unsigned percent);

struct demo_options {
    uint64_t people;
    uint64_t seed;
    month_t period; /* the first month of the site */
};

/* A province and its office, which is the paying unit. */
struct demo_province {
    const char *code; /* of the General Statistics Office; the unit's code too */
    const char *name;
    unsigned people_thousand; /* its share of the people */
    unsigned noncash_percent;
    const char *account[2]; /* BINs of the unit's two banks, the default first */
};

enum { DEMO_PROVINCES = 34 };
extern const struct demo_province demo_provinces[DEMO_PROVINCES]; /* by code */

/* A unit of this site. */
struct demo_unit {
    const struct demo_province *province;
    uint64_t first; /* number of its first person in the whole site, from 0 */
    uint64_t people;
    const struct commune_entry **commune;
    size_t commune_count;
};

struct demo {
    struct demo_options options;
    struct directory *directory;
    struct demo_unit unit[DEMO_PROVINCES];
    size_t unit_count;
};

/* Reads the directory in formats/ and shares the people out. `demo` is empty before; released by
 * demo_release, which accepts an empty one. */
enum status demo_new(const struct demo_options *options, int formats, struct demo *demo,
                     struct diag *diag) MUST_USE;
void demo_release(struct demo *demo);

/* One row of the intake. */
struct demo_row {
    enum benefit benefit;
    struct facts facts;
    const char *birth_text; /* written instead of the fact; NULL: none */
    const char *programme;  /* or NULL */
    char entitlement_id[24];
    char unit[7];
    char beneficiary_id[11];
    char citizen_id[13];
    char name[141];
    char commune[6];
    char bank[13];
    char account[35];
    char payee_name[141];
    char deceased_id[13];
};

enum { DEMO_ROWS_MAX = 2 }; /* a person has one entitlement or two */

/* A person of a unit, by the number in the unit from 1, as approved for `period`: everybody known so
 * far (`fresh` false), or somebody whose benefit begins with that period. */
struct demo_person {
    const struct demo *demo;
    const struct demo_unit *unit;
    uint64_t ordinal;
    month_t period;
    bool fresh;
    struct demo_random random;
};

struct demo_person demo_person_of(const struct demo *demo, const struct demo_unit *unit, uint64_t ordinal,
                                  month_t period, bool fresh);

/* Fills in who a row's person is and how the money gets there; the row's benefit, sex and birth date
 * are set before. */
void demo_identify(struct demo_person *person, struct demo_row *row);

/* An account at a bank in the style of that bank; the same number only for the same `serial`. */
void demo_account(const char *bin, uint64_t serial, char account[35]);

/* What the facts of people are drawn from. */
month_t demo_law_2024_from(void); /* Law 41/2024/QH15 */
month_t demo_law_2014_from(void); /* Law 58/2014/QH13 */
void demo_set(struct demo_row *row, enum fact fact, int64_t value);
day_t demo_day_in(struct demo_random *random, month_t month);
int64_t demo_salary(struct demo_random *random, month_t month);
int demo_any_sex(struct demo_person *person);
/* The month of an event that is paid once: one of the last two, so that it is approved in time. */
month_t demo_event_month(struct demo_person *person);
/* The decision after an event, at the latest on the day before the month that pays. */
void demo_approve(struct demo_person *person, struct demo_row *row, day_t event);
/* The benefit, the sex, and a birth date for an age in whole years of `from` to `to`. */
void demo_born(struct demo_person *person, struct demo_row *row, enum benefit benefit, int sex, int from,
               int to);

/* One function for each kind of benefit: sets benefit, birth date, sex and the family's own facts. */
void demo_pension(struct demo_person *person, struct demo_row *row);
void demo_pension_awarded(struct demo_person *person, struct demo_row *row);
void demo_withdrawal(struct demo_person *person, struct demo_row *row);
void demo_sickness(struct demo_person *person, struct demo_row *row, enum benefit benefit);
void demo_sickness_convalescence(struct demo_person *person, struct demo_row *row);
void demo_maternity(struct demo_person *person, struct demo_row *row, enum benefit benefit);
void demo_unemployment(struct demo_person *person, struct demo_row *row);
void demo_injury(struct demo_person *person, struct demo_row *row, enum benefit benefit);
void demo_attendance(const struct demo_row *monthly, struct demo_row *row);
void demo_survivor_monthly(struct demo_person *person, struct demo_row *row);
void demo_survivor_once(struct demo_person *person, struct demo_row *row, enum benefit benefit);
void demo_social_pension(struct demo_person *person, struct demo_row *row);
void demo_payment_once(struct demo_person *person, struct demo_row *row, enum benefit benefit);

/* The rows of a person; returns how many. */
unsigned demo_rows(struct demo_person *person, struct demo_row row[DEMO_ROWS_MAX]);

/* A file of the intake while it is written, through a buffer, hashed and if wanted packed. */
struct demo_file;
enum status demo_file_new(int dir, const char *folder, const char *name, struct demo_file **file,
                          struct diag *diag) MUST_USE;
enum status demo_file_add(struct demo_file *file, struct span bytes, struct diag *diag) MUST_USE;
/* Closes it and adds its line to the list in the format of sha256sum. Frees the file in any case. */
enum status demo_file_close(struct demo_file *file, struct buf *list, struct diag *diag) MUST_USE;
void demo_file_free(struct demo_file *file); /* abandons it; accepts NULL */

/* The header of a family's files, and a row under it; each ends its line. */
size_t demo_header_write(enum family family, char *line);
size_t demo_row_write(enum family family, const struct demo_row *row, char *line);
enum { DEMO_LINE_BYTES_MAX = 4096 }; /* every column at its longest is under 2 KiB */

/* The files of one unit in one folder: one for each family, opened by its first line. */
struct demo_batch {
    int dir;
    const char *folder;
    const struct demo_unit *unit;
    const char *suffix; /* of the names, before the dot */
    struct demo_file *file[FAMILY_COUNT];
};
enum status demo_batch_add(struct demo_batch *batch, enum family family, const struct demo_row *row,
                           struct diag *diag) MUST_USE;
/* A line of stops or corrections; `header` opens the file. */
enum status demo_batch_line(struct demo_batch *batch, enum family family, const char *header,
                            struct span line, struct diag *diag) MUST_USE;
/* Closes the files, and signs their list by the approving office. */
struct demo_approval {
    const struct signer *office;
    struct sys_time at;
};
enum status demo_batch_close(struct demo_batch *batch, const struct demo_approval *approval,
                             struct diag *diag) MUST_USE;
void demo_batch_release(struct demo_batch *batch); /* abandons what is open */

/* chitra.xml of the demonstration. */
/* Who signs in the demonstration; keys and certificates are keys/<file>.key and trust/<file>.crt. */
enum demo_officer { DEMO_OFFICE, DEMO_PREPARER, DEMO_CERTIFIER, DEMO_POST, DEMO_OFFICERS };

enum status demo_config_write(const struct demo *demo, const struct digest fingerprint[DEMO_OFFICERS],
                              struct buf *xml) MUST_USE;

/* The whole site in the folder, chitra.xml last: a folder without it is no site yet. */
enum status demo_site_make(int dir, const struct demo_options *options, struct diag *diag) MUST_USE;

/* later/<period + 1>/: the approved changes of the second month. */
enum status demo_later_make(int dir, const struct demo *demo, const struct demo_approval *approval,
                            struct diag *diag) MUST_USE;

#endif
