/*
 * bank.h - what banks want: profiles, and the directory of banks and communes.
 *
 * Layer: route (knows base). Formats are data: a profile is formats/banks/<code>.xml, checked by
 * bank.xsd; a new bank is a new file. The directory is formats/directory/banks.csv (NAPAS BIN, BIC)
 * and communes.csv (commune, province, urban or rural since a date). Both start with comment lines
 * ('#') and a header; fields are plain (never quoted), lines are sorted and end in LF.
 *
 * Errors: a directory is STATUS_CONFIG with its line; a profile that is not XML or does not fit its schema is
 * STATUS_INPUT, one that contradicts itself STATUS_CONFIG, both with file and line. A profile
 * or a directory is whole or not there at all.
 *
 * Ownership: `_new` gives to the caller; what is found in them lives as long as they do. Read-only
 * and shared by threads after loading.
 */
#ifndef CHITRA_BANK_H
#define CHITRA_BANK_H

#include "chitra/diag.h"
#include "chitra/facts.h"
#include "chitra/text.h"

enum bank_message { BANK_PAIN_001_001_09 };             /* pain.001 version; more come as files need them */
enum bank_compression { BANK_PLAIN, BANK_GZIP };

struct bank_profile {
    char code[33];              /* as in the file, and the file's name without .xml: "vietcombank" */
    char name[141];             /* the bank's name, ASCII; for people: an agent goes by BIC or BIN */
    char bin[7];                /* NAPAS BIN of the debtor's bank */
    char bic[12];               /* BICFI of the debtor's bank; empty: by clearing code */
    enum bank_message message;
    enum charset charset;       /* of names and remittance text */
    size_t name_length_max;     /* characters */
    size_t remittance_length_max;   /* characters; 0: no RmtInf */
    size_t account_length_max;
    uint32_t transactions_max;  /* in one file */
    int64_t amount_dong_max;    /* control sum of one file; 0: none */
    enum bank_compression compression;
    bool category_purpose;      /* true if some family has a category: write CtgyPurp where it has */
    char purpose[FAMILY_COUNT][5];      /* Purp/Cd by family (ISO 20022 ExternalPurpose1Code) */
    char category[FAMILY_COUNT][5];     /* CtgyPurp/Cd by family, empty: none */
    char purpose_arrears[5];    /* SPSP: salary, pension for more months in one amount, or delayed */
    char purpose_orders[5];     /* PENO: to creditors, by enforcement orders */
    char purpose_funding[5];    /* of transfers to the post: CSDB, cash disbursement */
};

/* Reads a profile. `name` is for messages, `xsd` is bank.xsd's text. On error *profile is NULL. */
enum status bank_profile_new(struct span xml, const char *name, struct span xsd,
                             struct bank_profile **profile, struct diag *diag) MUST_USE;
void bank_profile_free(struct bank_profile *profile);

struct bank_entry {
    char bin[7];
    char bic[12];               /* empty: none */
    char name[141];             /* the short name, ASCII */
    bool active;                /* false: merged or closed: payments to it are held */
};

struct commune_entry {
    char code[6];
    char province[3];
    uint8_t area;               /* AREA_U, AREA_R; a special zone counts as rural (unconfirmed) */
    day_t since;
};

struct directory;

/* Both CSV texts (headers: bin,bic,name,active and code,province,area,since), the first sorted by
 * BIN, the second by code and day. On error *directory is NULL. */
enum status directory_new(struct span banks_csv, struct span communes_csv, struct directory **directory,
                          struct diag *diag) MUST_USE;
void directory_free(struct directory *directory);

/* The bank with a BIN; NULL: unknown. */
const struct bank_entry *directory_bank(const struct directory *directory, struct span bin);

/* The commune's entry in force on a day; NULL: no such commune, or not yet on that day. */
const struct commune_entry *directory_commune(const struct directory *directory, struct span code, day_t day);

#endif
