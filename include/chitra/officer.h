/*
 * officer.h - who may sign what: the certificates of trust/ bound to named persons, offices, banks and the post.
 *
 * Layer: site (knows base and sign). An officer is whoever signs, under the name that events and lists
 * show. What an officer may do is a right: a role, limited to families and units. Both are read from
 * chitra.xml (chitra-config(5)) and belong to its struct site_config; nothing here can fail.
 *
 * Calling sequence: officer_of_certificate or officer_of_name, officer_in_office for the day of the signature,
 * then officer_units or officer_answers. A signature counts as of its own day: who has left by then may not sign,
 * and what they signed before stays signed.
 *
 * Units are bits: bit i is unit i of the same configuration.
 */
#ifndef CHITRA_OFFICER_H
#define CHITRA_OFFICER_H

#include "chitra/facts.h"
#include "chitra/sign.h"

struct site_config;

/* The names are those of chitra.xml's elements. */
enum officer_role {
    ROLE_APPROVES,      /* files of intake/, by families and units */
    ROLE_PREPARES,      /* runs */
    ROLE_CERTIFIES,     /* release, void, unhold, close, resend: what another one prepared */
    ROLE_PAYS_CASH,     /* the post: results of a unit's cash lists */
    ROLE_ANSWERS        /* a bank, for its own files */
};

struct officer_right {
    enum officer_role role;
    uint32_t families;          /* ROLE_APPROVES: bit i, family i */
    uint64_t units;
    char bank[7];               /* ROLE_ANSWERS: its BIN */
};

enum { OFFICER_USER_BYTES = 33 };

struct site_officer {
    char name[OFFICER_NAME_BYTES];
    char user[OFFICER_USER_BYTES];  /* the login under which a person works; empty: none is known */
    day_t from, until;              /* in office, both days included; DAY_NONE: no limit */
    struct digest *certificate;     /* fingerprints */
    unsigned certificate_count;
    struct officer_right *right;
    unsigned right_count;
};

/* NULL: the configuration has none. */
const struct site_officer *officer_of_certificate(const struct site_config *config, const struct digest *fingerprint);
const struct site_officer *officer_of_name(const struct site_config *config, const char *name);
bool officer_has_certificate(const struct site_officer *officer, const struct digest *fingerprint);

bool officer_in_office(const struct site_officer *officer, day_t day);
/* The units for which the officer has the role, for files of a family where the role is limited to families
 * (FAMILY_COUNT: none is asked for); 0: none. */
uint64_t officer_units(const struct site_officer *officer, enum officer_role role, enum family family);
/* Whether the officer is this bank. */
bool officer_answers(const struct site_officer *officer, const char *bank);

/* What people and events are told of a role: "approve", "certify" ...; static. */
const char *officer_role_name(enum officer_role role);

/* Who acts, as the command line says: --as and --key. */
struct officer_claim {
    const char *name;           /* NULL: nobody is named */
    const char *key;            /* path of the private key, from the current folder; NULL: none */
};

#endif
