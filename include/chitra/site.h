/*
 * site.h - a site: its configuration, folders, lock, keys and archive.
 *
 * Layer: site (knows base, sys, sign); it does not know what is paid. A site is the folder that chitra(1)
 * describes. The configuration is chitra.xml, checked by formats/config.xsd; a fault is refused with its
 * line. All paths in it are relative to the site.
 *
 * Calling sequence: site_open, then anything else, then site_close (which accepts a site that did not open).
 *
 * Ownership: everything in a site lives as long as it is open; a signer is the caller's.
 *
 * Errors: STATUS_CONFIG for what chitra.xml says wrongly, with its line; STATUS_BUSY for a site in which
 * another process works; STATUS_SIGNATURE for a certificate out of its dates; otherwise sys.h's.
 */
#ifndef CHITRA_SITE_H
#define CHITRA_SITE_H

#include "chitra/money.h"
#include "chitra/officer.h"

enum {
    SITE_UNITS_MAX = 63,        /* six bits of an entitlement's key; the agency has 36 */
    SITE_ACCOUNTS_MAX = 16,     /* paying accounts of one unit */
    SITE_TRUST_MAX = 256,
    SITE_CONFIG_BYTES_MAX = 4 * 1024 * 1024     /* 63 units with 256 routes each are 1 MiB */
};

struct site_account {
    char bin[7];                /* the debtor's bank */
    char profile[33];           /* formats/banks/<profile>.xml */
    char number[35];
    bool wallet;                /* pays the wallet channel */
};

/* A creditor bank, where the unit has no account, that is paid from a certain account of the unit. */
struct site_route {
    char bin[7];
    unsigned account;           /* index into the unit's accounts */
};

struct site_unit {
    char code[7];               /* as in the intake's `unit` */
    char name[141];
    char party_id[36];
    bool full;                  /* intake="full": sends everybody every month; who is absent waits */
    struct site_account account[SITE_ACCOUNTS_MAX];     /* one for each bank */
    unsigned account_count;
    unsigned account_default;
    struct site_route *route;
    unsigned route_count;
    struct {                    /* who pays its cash lists */
        char name[141];
        char bin[7];
        char account[35];
        int advance_days;       /* an advance goes so many days before the rest; 0: all at once */
    } post;
};

enum pay_rule { PAY_WORKING_DAY, PAY_DAY_OF_MONTH };    /* the n-th working day; the n-th, or the next working day */

struct site_pay_day {
    char unit[7];               /* empty: every unit */
    int channel;                /* CHANNEL_..., -1: every */
    int family;                 /* FAMILY_..., -1: every */
    enum pay_rule rule;
    int number;
};

struct site_target {            /* of the non-cash share of urban recipients */
    month_t from;
    struct ratio share;
    uint32_t families;          /* bit i: family i is covered */
    char source[141];
};

/* What lets staged files go: the run itself; `chitra release`; `chitra release` by an officer who did not
 * prepare them. */
enum release_policy { RELEASE_AUTO, RELEASE_MANUAL, RELEASE_DUAL };

/* What the policy looks at before money moves, beside what always holds a payment (screen.h). */
enum site_screen {
    SCREEN_NAMED_DECEASED,      /* somebody's benefit names the person as deceased, and no stop says so */
    SCREEN_EXCLUDED,            /* another live benefit of the person excludes this one */
    SCREEN_SHARED_ACCOUNT,      /* more people than the limit, of different families, have this account */
    SCREEN_ACCOUNT_CHANGED,     /* another account than the last month was paid to */
    SCREEN_JUMP,                /* an amount that differs by more than the limit from last month's */
    SCREEN_LOOK_ALIKE,          /* the same person, benefit and amount under another id, days ago */
    SCREENS
};
enum screen_action { SCREEN_OFF, SCREEN_WARN, SCREEN_HOLD };
struct site_policy {            /* <screens>; everything is off where it is not named */
    enum screen_action action[SCREENS];
    int limit[SCREENS];         /* people, percent or days; 0 where there is none */
    int totals_percent;         /* 0: off; the month's payments by unit and family against last month's */
    uint32_t totals_families;   /* bit i: family i */
};

struct site_config {
    char agency[141];
    char country[3];
    month_t opening;            /* periods before it count as settled */
    enum release_policy release;
    bool intake_open;           /* policy intake="open": files without an approval are taken */
    int answer_days;            /* policy answer-days: how long a bank file waits for an answer; 0: for ever */
    struct site_policy screens;
    uint32_t wallet_families;   /* bit i: family i may be paid to a wallet */
    struct site_unit *unit;
    unsigned unit_count;
    struct site_pay_day *pay_day;
    unsigned pay_day_count;
    day_t *holiday;             /* sorted; Saturdays and Sundays are none of these */
    unsigned holiday_count;
    struct site_target *target;
    unsigned target_count;
    char key[DIAG_FILE_BYTES];          /* keys/... */
    char certificate[DIAG_FILE_BYTES];  /* trust/... */
    struct site_officer *officer;       /* officer.h */
    unsigned officer_count;
};

/* Reads a configuration; pure, for tests and for configurations in the archive. `xsd` is config.xsd's
 * text; empty for a text that was validated before it was archived (its digest is its proof). */
enum status site_config_new(struct span xml, const char *name, struct span xsd,
                            struct site_config **config, struct diag *diag) MUST_USE;
void site_config_free(struct site_config *config);

/* The unit with a code, or -1. */
int site_unit_find(const struct site_config *config, struct span code);

/* The pay date of a period, by the most exact rule (unit, then channel, then family; later rules win
 * ties): in the period's month or, if that is before `today`, the next working day from `today` + 1. */
day_t site_pay_date(const struct site_config *config, const char *unit, int channel,
                    enum family family, month_t period, day_t today);
bool site_is_working_day(const struct site_config *config, day_t day);

enum site_access { SITE_READ, SITE_WRITE };     /* SITE_WRITE takes the lock */

struct site {
    int dir;                            /* the site's folder */
    int lock;                           /* -1: read only */
    struct span config_xml;
    struct digest config_digest;
    struct site_config *config;
    int formats;                        /* the folder formats/ */
    char formats_path[DIAG_FILE_BYTES]; /* its path, for libxml2's schema loader */
    struct certificate **trusted;       /* the officers' certificates found in trust/ */
    size_t trusted_count;
};

/* Finds formats/: CHITRA_FORMATS, else beside the program (in a checkout build/<mode>/chitra, installed
 * bin/chitra), else $PREFIX/share/chitra. The path is absolute and lives only in memory. */
enum status site_formats_open(int *formats, char path[DIAG_FILE_BYTES], struct diag *diag) MUST_USE;

/* Opens a site: configuration, trusted certificates, and with SITE_WRITE the lock; makes missing
 * folders and sweeps temporary files then (but for the sub-folders of outbox/ and cash/: the run's
 * matter). STATUS_CONFIG also if the certificate of an officer who has not left is missing, or if folders
 * between which files are moved lie on different file systems. On error the site is as site_close leaves it. */
enum status site_open(const char *folder, enum site_access access, struct site *site, struct diag *diag) MUST_USE;
void site_close(struct site *site);

/* Makes the folders of a site that are missing, durably. For `init`; site_open does it with SITE_WRITE. */
enum status site_folders_make(int dir, struct diag *diag) MUST_USE;

/* The signer of bank files and manifests. */
enum status site_signer(const struct site *site, struct sys_time at, struct signer **signer, struct diag *diag) MUST_USE;

/* The archive: content by its digest, archive/<first two hex digits>/<hex>. Storing what is there
 * changes nothing; what is read is hashed again, and a difference is STATUS_CONFLICT. */
enum status archive_store(const struct site *site, struct span content, struct digest *digest,
                          struct diag *diag) MUST_USE;
/* Moves a file of the site into the archive; its digest is known and was taken from the same bytes. If
 * the content is there already, the file is removed; if the file is gone too, nothing is left to do. */
enum status archive_move(const struct site *site, const char *path, const struct digest *digest,
                         struct diag *diag) MUST_USE;
bool archive_has(const struct site *site, const struct digest *digest);
enum status archive_read(const struct site *site, const struct digest *digest, struct buf *content,
                         struct diag *diag) MUST_USE;
/* A configuration that was archived, for messages called `name`. */
enum status archive_config(const struct site *site, const struct digest *digest, const char *name,
                           struct site_config **config, struct diag *diag) MUST_USE;

/* Reads and hashes the whole archive: each content that is not what its name says is told. Gives their number. */
typedef void archive_fault(void *context, enum status kind, const struct diag *fault);
enum status archive_check(const struct site *site, archive_fault *tell, void *context, uint64_t *count,
                          struct diag *diag) MUST_USE;

#endif
