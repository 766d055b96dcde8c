/*
 * answer_part.h - how an answer's elements become parts: places as trees of tables, values by form.
 *
 * Inside iso20022 only. A message is described by tables that look like it: each place has a name,
 * what its text is (form), where it is kept (offset) and its children. Offsets are relative to the
 * parent's place, so that one table serves wherever the same element stands. A place with a level is a
 * part of its own: its values live in that level's structure and memory until the next one begins.
 * Elements are known by place, local name, and the namespace of the element around them; every other one
 * is stepped over with all that is in it, so that what only looks like ours, elsewhere, is never taken.
 */
#ifndef CHITRA_ISO20022_ANSWER_PART_H
#define CHITRA_ISO20022_ANSWER_PART_H

#include "chitra/answer.h"
#include "message.h"

enum level {
    LEVEL_NONE,     /* belongs to the part around it */
    LEVEL_MESSAGE,
    LEVEL_GROUP,    /* OrgnlGrpInfAndSts */
    LEVEL_HIGH,     /* OrgnlPmtInfAndSts; Ntfctn, Stmt */
    LEVEL_ENTRY,    /* Ntry */
    LEVEL_BATCH,    /* NtryDtls */
    LEVEL_LOW,      /* TxInfAndSts; TxDtls */
    LEVEL_NUMBER
};

enum form {
    FORM_NONE,          /* its children matter, or that it is there */
    FORM_ID,            /* struct span: Max35Text */
    FORM_TEXT,          /* struct span: a name, a time, another limit */
    FORM_FIRST,         /* struct span; where several are given, the first is kept */
    FORM_STATUS,        /* struct answer_status */
    FORM_ENTRY_STATUS,  /* struct answer_status */
    FORM_OWN_STATUS,    /* struct answer_status; a bank's own code, whatever it looks like */
    FORM_AMOUNT,        /* struct answer_amount, with Ccy */
    FORM_SUM,           /* struct answer_amount, without */
    FORM_DAY,           /* day_t; a time of day is cut off */
    FORM_SIDE,          /* enum answer_side */
    FORM_FLAG,          /* bool */
    FORM_REASON,        /* struct answer_reasons: another one begins; its children fill it */
    FORM_REASON_CODE,   /* struct answer_reason, the code, ISO's or a bank's own */
    FORM_REASON_TEXT    /* struct answer_reason, a line of text */
};

struct place {
    const char *name;               /* NULL: the end of the table */
    enum form form;
    enum level level;
    size_t offset;                  /* in the structure of the place around it */
    const struct place *children;   /* NULL: none that matters */
};

/* Tables that several places share. */
extern const struct place answer_agent_places[];        /* in an agent, over a struct answer_agent */
extern const struct place answer_party_id_places[];     /* in a party's Id, over a struct answer_agent */
extern const struct place answer_reason_places[];       /* in StsRsnInf and RtrInf */

/* The message's level, with what only the reader needs. */
struct answer_part_message {
    struct answer_message message;
    struct span definition;         /* AppHdr/MsgDefIdr */
};

/* What is told once: the kinds of what is taken although it is not right. */
enum finding {
    FINDING_NAMESPACE, FINDING_WRAPPER, FINDING_DEFINITION, FINDING_NO_MSG_ID, FINDING_NO_MESSAGE_NAME,
    FINDING_LATE_GROUP, FINDING_LONG_ID, FINDING_EMPTY, FINDING_UNCLEAN,
    FINDING_AMOUNT, FINDING_DAY, FINDING_SIDE, FINDING_FLAG, FINDING_REASONS, FINDING_STATUS,
    FINDING_OTHER_LIST, FINDING_LEVELS
};

/* One kind of message. `begin` and `end` are called for each part of a level below the message. */
struct dialect {
    const struct place *message;    /* the element in Document */
    size_t size_bytes[LEVEL_NUMBER];    /* of each level's structure; 0: it has no such level */
    void (*begin)(struct answer_reader *reader, enum level level);
    enum status (*end)(struct answer_reader *reader, enum level level, struct diag *diag);
};

extern const struct dialect pain002_dialect;
extern const struct dialect camt053_dialect;
extern const struct dialect camt054_dialect;

/* An open element. */
struct answer_open {
    const struct place *place;      /* NULL: stepped over */
    const char *space;              /* its namespace, "" for none; libxml2's, as long as the parser */
    char *base;                     /* the structure that the children's offsets are in */
    enum level level;               /* whose memory its values are kept in */
    bool is_filled;                 /* a child was kept: an empty text means nothing */
};

struct answer_reader {
    struct message_reader message;  /* first: libxml2 calls us with it */
    const struct answer_handler *handler;
    const struct dialect *dialect;  /* NULL until the Document began */
    struct { char *now, *blank; struct arena texts; } level[LEVEL_NUMBER];
    struct answer_open open[XML_DEPTH_MAX + 1];
    char value[ANSWER_TEXT_BYTES_MAX + 1];  /* the open element's text, without white space before it */
    size_t value_size;
    bool value_is_cut;
    char currency[8];               /* the open amount's Ccy */
    uint32_t found;                 /* bit i: finding i was told */
    bool has_document;
    bool has_group;
    bool has_parts;                 /* a part other than the group began */
};

static inline void *answer_level(struct answer_reader *reader, enum level level)
{
    return reader->level[level].now;
}

/* Keeps the open element's text as its form says. */
void answer_keep(struct answer_reader *reader, struct answer_open *open);
/* How much of the text fits in `size_max` bytes, in whole characters. */
size_t answer_cut(struct span text, size_t size_max);
/* Begins another reason; NULL if there is no room for it. */
char *answer_reason_begin(struct answer_reader *reader, struct answer_reasons *reasons);
/* Sets everything that a place and its children keep to "not given". */
void answer_blank(const struct place *place, char *base);

/* Tells a finding, once of each kind. `what` holds no value of the message; `found` may be NULL. */
void answer_warn(struct answer_reader *reader, enum finding finding, const char *what, const char *found);

#endif
