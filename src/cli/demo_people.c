/*
 * demo_people.c - who the generated people are: numbers, names, places, accounts.
 */
#include "demo.h"

#include <stdio.h>

uint64_t demo_random_next(struct demo_random *random)
{
    /* splitmix64: a counter, mixed. Its whole state is one number, so it starts anew for each person. */
    uint64_t mixed = random->state += UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ mixed >> 31;
}

unsigned demo_below(struct demo_random *random, unsigned limit)
{
    ASSERT(limit > 0);
    return (unsigned)((demo_random_next(random) >> 32) * limit >> 32);
}

int demo_between(struct demo_random *random, int from, int to)
{
    ASSERT(from <= to);
    return from + (int)demo_below(random, (unsigned)(to - from) + 1);
}

bool demo_chance(struct demo_random *random, unsigned percent)
{
    return demo_below(random, 100) < percent;
}

/* A word of a list and how often it comes. */
struct word {
    const char *text;
    unsigned weight;
};

static const char *pick(struct demo_random *random, const struct word *word, size_t count)
{
    unsigned total = 0;
    for (size_t i = 0; i < count; i++) {
        total += word[i].weight;
    }
    unsigned roll = demo_below(random, total);
    size_t i = 0;
    while (roll >= word[i].weight) {
        roll -= word[i].weight;
        i++;
    }
    return word[i].text;
}

#define COUNT_OF(list) (sizeof(list) / sizeof *(list))

/* Fourteen family names cover nine in ten people. */
static const struct word FAMILY_NAMES[] = {
    { "Nguyễn", 384 }, { "Trần", 110 }, { "Lê", 95 },    { "Phạm", 70 }, { "Hoàng", 30 }, { "Huỳnh", 21 },
    { "Phan", 45 },    { "Vũ", 22 },    { "Võ", 17 },    { "Đặng", 21 }, { "Bùi", 20 },   { "Đỗ", 14 },
    { "Hồ", 13 },      { "Ngô", 13 },   { "Dương", 10 }, { "Lý", 5 },    { "Đinh", 8 },   { "Đoàn", 6 },
    { "Trịnh", 6 },    { "Mai", 5 },    { "Tô", 3 },     { "Lâm", 5 },   { "Nông", 4 },   { "Y", 1 },
};
static const struct word MIDDLE_F[] = {
    { "Thị", 60 }, { "Thị Kim", 4 }, { "Thị Thu", 5 },  { "Ngọc", 8 }, { "Thanh", 6 }, { "Phương", 4 },
    { "Bích", 3 }, { "Mỹ", 3 },      { "Thị Hồng", 4 }, { "Diệu", 2 }, { "Thùy", 3 },
};
static const struct word MIDDLE_M[] = {
    { "Văn", 45 }, { "Đức", 8 },  { "Hữu", 7 }, { "Minh", 7 }, { "Quang", 6 }, { "Công", 5 }, { "Xuân", 5 },
    { "Đình", 5 }, { "Quốc", 4 }, { "Thế", 3 }, { "Ngọc", 3 }, { "Trọng", 2 }, { "Bá", 2 },   { "Duy", 3 },
};
static const struct word GIVEN_F[] = {
    { "Lan", 8 },   { "Hoa", 8 },   { "Hương", 9 },  { "Hồng", 7 }, { "Mai", 7 },  { "Hà", 7 },
    { "Nga", 5 },   { "Thủy", 6 },  { "Phượng", 4 }, { "Liên", 5 }, { "Yến", 4 },  { "Oanh", 3 },
    { "Tuyết", 4 }, { "Nhung", 4 }, { "Dung", 4 },   { "Hạnh", 5 }, { "Bình", 3 }, { "Thảo", 4 },
    { "Ánh", 3 },   { "Vân", 4 },   { "Hiền", 5 },   { "Loan", 3 }, { "Đào", 2 },  { "Cúc", 2 },
    { "Thơm", 2 },  { "Quyên", 2 }, { "Trang", 3 },  { "Ngân", 2 },
};
static const struct word GIVEN_M[] = {
    { "Hùng", 8 },  { "Dũng", 7 },  { "Sơn", 6 },  { "Tuấn", 7 }, { "Hải", 6 },   { "Thành", 6 },
    { "Long", 5 },  { "Cường", 5 }, { "Bình", 5 }, { "Minh", 5 }, { "Thắng", 5 }, { "Quân", 4 },
    { "Nam", 4 },   { "Phúc", 4 },  { "Lợi", 3 },  { "Tâm", 3 },  { "Đạt", 3 },   { "Khoa", 2 },
    { "Vinh", 3 },  { "Trung", 4 }, { "Hiếu", 3 }, { "Ước", 1 },  { "Kỳ", 1 },    { "Thuận", 2 },
    { "Nghĩa", 3 }, { "Đông", 2 },  { "Tới", 1 },  { "Mạnh", 3 },
};

static void name_make(struct demo_random *random, bool woman, char name[141])
{
    const char *family = pick(random, FAMILY_NAMES, COUNT_OF(FAMILY_NAMES));
    const char *middle =
        woman ? pick(random, MIDDLE_F, COUNT_OF(MIDDLE_F)) : pick(random, MIDDLE_M, COUNT_OF(MIDDLE_M));
    const char *given =
        woman ? pick(random, GIVEN_F, COUNT_OF(GIVEN_F)) : pick(random, GIVEN_M, COUNT_OF(GIVEN_M));
    snprintf(name, 141, "%s %s %s", family, middle, given);
}

/* Where people have their accounts, by BIN: the four big state banks first; some banks without a BIC. */
static const struct word BANKS[] = {
    { "970405", 250 }, { "970415", 170 }, { "970436", 180 }, { "970418", 160 }, { "970422", 50 },
    { "970449", 45 },  { "970403", 25 },  { "970416", 20 },  { "970407", 20 },  { "970432", 14 },
    { "970443", 12 },  { "970437", 12 },  { "970441", 6 },   { "970423", 8 },   { "970426", 5 },
    { "970448", 4 },   { "970428", 3 },   { "970452", 3 },   { "970446", 5 },   { "970421", 2 },
    { "970434", 2 },   { "970457", 1 },   { "546034", 3 },
};

static const char WALLET_BIN[] = "971025"; /* MoMo */

void demo_account(const char *bin, uint64_t serial, char account[35])
{
    /* A permutation of the serial, so that no two people share a number at one bank. */
    unsigned long long number = (serial * UINT64_C(387420489) + UINT64_C(123456789)) % UINT64_C(1000000000);
    if (strcmp(bin, "970405") == 0) {
        snprintf(account, 35, "%04llu%09llu", 1300 + number % 90, number);
    } else if (strcmp(bin, "970415") == 0) {
        snprintf(account, 35, "10%llu%09llu", number % 9 + 1, number);
    } else if (strcmp(bin, "970418") == 0) {
        snprintf(account, 35, "%05llu%09llu", 21110 + number % 40, number);
    } else if (strcmp(bin, WALLET_BIN) == 0) {
        snprintf(account, 35, "0%09llu", number); /* the number of a telephone */
    } else {
        snprintf(account, 35, "1%09llu", number);
    }
}

struct demo_person demo_person_of(const struct demo *demo, const struct demo_unit *unit, uint64_t ordinal,
                                  month_t period, bool fresh)
{
    struct demo_person person = { demo, unit, ordinal, period, fresh, { demo->options.seed } };
    /* The unit's code and the ordinal make the person; the same in a bigger or smaller site. */
    person.random.state =
        demo_random_next(&person.random) ^ ((uint64_t)(unit->province - demo_provinces) << 40 | ordinal);
    demo_random_next(&person.random);
    return person;
}

/* A number that no other person of the site has. */
static uint64_t serial_of(const struct demo_person *person)
{
    return (uint64_t)(person->unit->province - demo_provinces) * UINT64_C(1000000) + person->ordinal;
}

/* The two numbers of a person, in the form of the real ones. */
static void ids_make(struct demo_person *person, struct demo_row *row)
{
    const char *province = person->unit->province->code;
    struct civil birth = day_civil((day_t)row->facts.value[FACT_birth_date]);
    bool woman = row->facts.value[FACT_sex] == SEX_F;
    unsigned long long serial = serial_of(person), ordinal = person->ordinal;
    unsigned roll = demo_below(&person->random, 100);
    if (roll != 0) {
        snprintf(row->beneficiary_id, sizeof row->beneficiary_id, "%s%08llu", province,
                 serial * 48271 % 100000000);
    }
    if (roll >= 3 || row->beneficiary_id[0] == '\0') {
        /* Circular 59/2021/TT-BCA: province, sex and century, year of birth, six digits. */
        unsigned century = (birth.year >= 2000 ? 2u : 0u) + (woman ? 1u : 0u);
        snprintf(row->citizen_id, sizeof row->citizen_id, "0%s%u%02u%06llu", province, century,
                 (unsigned)birth.year % 100, ordinal * 48271 % 1000000);
    }
}

static const struct commune_entry *commune_of(struct demo_person *person)
{
    /* Wards have about twice the people of rural communes: of two draws a ward wins. */
    const struct demo_unit *unit = person->unit;
    const struct commune_entry *first =
        unit->commune[demo_below(&person->random, (unsigned)unit->commune_count)];
    const struct commune_entry *second =
        unit->commune[demo_below(&person->random, (unsigned)unit->commune_count)];
    return first->area == AREA_U ? first : second;
}

/* Cities are ahead of the country; those who are paid short-term benefits still have their wage account. */
static bool is_noncash(struct demo_person *person, const struct demo_row *row,
                       const struct commune_entry *commune)
{
    unsigned percent = person->unit->province->noncash_percent;
    unsigned cash = 100 - percent;
    enum family family = benefit_family(row->benefit);
    if (family == FAMILY_sickness || family == FAMILY_maternity || family == FAMILY_unemployment) {
        cash /= 2;
    }
    cash = commune->area == AREA_U ? cash * 3 / 4 : cash * 5 / 4;
    return demo_below(&person->random, 100) >= cash;
}

static void channel_make(struct demo_person *person, struct demo_row *row,
                         const struct commune_entry *commune)
{
    uint64_t serial = serial_of(person);
    if (row->benefit == BENEFIT_relief_grant && demo_chance(&person->random, 80)) {
        facts_set(&row->facts, FACT_channel, CHANNEL_wallet);
        memcpy(row->bank, WALLET_BIN, sizeof WALLET_BIN);
        demo_account(row->bank, serial, row->account);
    } else if (is_noncash(person, row, commune)) {
        facts_set(&row->facts, FACT_channel, CHANNEL_bank);
        snprintf(row->bank, sizeof row->bank, "%s", pick(&person->random, BANKS, COUNT_OF(BANKS)));
        demo_account(row->bank, serial, row->account);
    } else {
        /* A payment point serves some eight communes. */
        size_t place = 0;
        while (person->unit->commune[place] != commune) {
            place++;
        }
        facts_set(&row->facts, FACT_channel, CHANNEL_cash);
        snprintf(row->bank, sizeof row->bank, "%s-P%02u", person->unit->province->code,
                 (unsigned)(place / 8 + 1) % 100);
    }
}

/* Some old people let somebody else collect: Law 41/2024/QH15 art. 10(2)(d), at most twelve months. */
static void authorise(struct demo_person *person, struct demo_row *row)
{
    month_t from = person->period - demo_between(&person->random, 0, 9);
    name_make(&person->random, demo_chance(&person->random, 50), row->payee_name);
    facts_set(&row->facts, FACT_authorised_from, month_first(from));
    facts_set(&row->facts, FACT_authorised_until, month_last(from + 11));
}

void demo_identify(struct demo_person *person, struct demo_row *row)
{
    ASSERT(facts_has(&row->facts, FACT_birth_date) && facts_has(&row->facts, FACT_sex));
    const struct commune_entry *commune = commune_of(person);
    snprintf(row->unit, sizeof row->unit, "%s", person->unit->province->code);
    snprintf(row->commune, sizeof row->commune, "%s", commune->code);
    facts_set(&row->facts, FACT_area, commune->area);
    name_make(&person->random, row->facts.value[FACT_sex] == SEX_F, row->name);
    ids_make(person, row);
    channel_make(person, row, commune);
    if (benefit_family(row->benefit) == FAMILY_pension && demo_chance(&person->random, 2)) {
        authorise(person, row);
    }
}
