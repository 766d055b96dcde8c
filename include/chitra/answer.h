/*
 * answer.h - what a bank says about our payments: pain.002, camt.054 and camt.053 as one stream of parts.
 *
 * Layer: iso20022 (knows base only): no ledger, no keys. What an answer means for a payment beyond its
 * ISO meaning, and whether the bank may say it, is the caller's question.
 *
 * Taken: pain.002.001.03 and .10 to .15, camt.053 and camt.054.001.02 to .14; bare (<Document>) or in a
 * wrapper beside a head.001 <AppHdr>. Every other message or version is refused by its name, and so is
 * what is not XML in UTF-8, has a DOCTYPE, is empty, cut off, or over the limits below.
 *
 * Calling sequence: answer_reader_new, answer_read for each piece of the bytes as they come (never two
 * threads), answer_finish, answer_reader_free. Memory does not grow with the message. A message can turn
 * out bad at its last byte: until answer_finish says STATUS_OK nothing that was taken counts.
 *
 * Order: a part is handed over when it ends, so that children come before their parent: details, batches,
 * entry, ..., statement; statuses, then their information. `group` is handed over before them in every
 * message that follows the schema. A child points to its parents; of those it knows what stands before
 * the child (in the schema's order: all but the counts). Everything handed over lives until the call
 * returns.
 *
 * Texts are spans with a NUL behind them; absent is empty, never NULL. White space around values is
 * dropped. A text that is not clean (text.h) is given as "?". Ids have no schema's limit here (banks
 * send 40 characters for 35). Names, accounts and `text` are personal data.
 *
 * Read leniently: what banks are known to get wrong and what can be understood safely is taken, and told
 * once for each kind through `warn`. Never guessed: an unknown code is ANSWER_UNKNOWN, an amount that is
 * not whole dong has no dong.
 *
 * Source: ISO 20022 schemas of these messages; MDR of payments initiation 2019/2020 (pain.002.001.11);
 * ISO external code sets, May 2025.
 */
#ifndef CHITRA_ANSWER_H
#define CHITRA_ANSWER_H

#include "chitra/date.h"
#include "chitra/diag.h"

enum {
    ANSWER_VALUE_BYTES_MAX = 256,   /* an id, a code, a name (140 characters and more); longer is refused */
    ANSWER_TEXT_BYTES_MAX = 512,    /* what is kept of narrative; the rest is cut off on a character */
    ANSWER_REASONS_MAX = 8          /* kept of one part; the schemas set no limit, banks send one or two */
};
#define ANSWER_SIZE_MAX (UINT64_C(4) << 30)     /* bytes of a message: four million statuses of 1 KiB */

enum answer_kind { ANSWER_PAIN002, ANSWER_CAMT053, ANSWER_CAMT054 };

/* What a status code says about a payment, conservatively: only REJECTED is a final failure and only
 * SETTLED says that money moved. The table with each code's ISO text is in answer_meaning.c. */
enum answer_meaning {
    ANSWER_NONE,        /* no status was given */
    ANSWER_UNKNOWN,     /* a code that we do not know, or a proprietary one: shown, and nothing moves */
    ANSWER_PENDING,     /* received, checks not finished, another signature awaited, blocked */
    ANSWER_ACCEPTED,    /* the bank will execute it, or has passed it on */
    ANSWER_SETTLED,     /* ACSC, ACCC, CPUC; an entry: BOOK. ISO warns that ACSC is no financial information */
    ANSWER_PARTLY,      /* PART: the transactions say */
    ANSWER_REJECTED,
    ANSWER_CANCELLED    /* CANC: answers a cancellation, which we never ask for */
};

struct answer_status {
    struct span code;               /* as sent; empty: none was given */
    enum answer_meaning meaning;
};

struct answer_reason {
    struct span code;               /* Rsn/Cd or Rsn/Prtry, as sent */
    struct span text;               /* AddtlInf, joined by spaces */
};

struct answer_reasons {
    struct answer_reason reason[ANSWER_REASONS_MAX];
    size_t count;
};

/* "1000000", "1000000.00" in VND; anything else has is_dong false and keeps its text. */
struct answer_amount {
    struct span text;               /* as sent; empty: none was given */
    struct span currency;           /* empty: none was given (control sums have none) */
    int64_t dong;                   /* when is_dong; a sum without currency is taken as dong */
    bool is_dong;
};

enum answer_side { ANSWER_SIDE_NONE, ANSWER_CREDIT, ANSWER_DEBIT };     /* seen from the account's owner */

/* A bank, by what was given of it. */
struct answer_agent {
    struct span bic;
    struct span member;             /* ClrSysMmbId/MmbId or Othr/Id: in Viet Nam the BIN */
};

struct answer_message {
    enum answer_kind kind;
    unsigned version;               /* 3 of pain.002.001.03 */
    char name[16];                  /* "pain.002.001.03" */
    struct span msg_id;             /* GrpHdr/MsgId */
    struct span created_at;         /* GrpHdr/CreDtTm, as sent */
    struct span header_id;          /* AppHdr/BizMsgIdr */
    struct answer_agent from;       /* AppHdr/Fr */
    struct answer_agent sender;     /* pain.002: GrpHdr/InitgPty, by BIC or Othr/Id */
    struct answer_agent debtor_agent;   /* pain.002: GrpHdr/DbtrAgt */
};

/* pain.002: OrgnlGrpInfAndSts. Once in each message. */
struct answer_group {
    struct span original_msg_id;
    struct span original_msg_name;  /* OrgnlMsgNmId; banks leave it out */
    struct span original_count;     /* OrgnlNbOfTxs, as sent */
    struct answer_amount original_sum;  /* OrgnlCtrlSum */
    struct answer_status status;    /* GrpSts */
    struct answer_reasons reasons;
};

/* pain.002: OrgnlPmtInfAndSts. A status without listed transactions is that of all of them. */
struct answer_information {
    struct span original_id;        /* OrgnlPmtInfId */
    struct span original_count;
    struct answer_amount original_sum;
    struct answer_status status;    /* PmtInfSts */
    struct answer_reasons reasons;
};

/* pain.002: TxInfAndSts. Without a status of its own it has that of its information, or the group's. */
struct answer_transaction {
    const struct answer_information *information;
    struct span end_to_end_id;      /* OrgnlEndToEndId */
    struct span servicer_reference; /* AcctSvcrRef */
    struct answer_status status;    /* TxSts */
    struct answer_reasons reasons;
    struct answer_amount amount;    /* OrgnlTxRef/Amt: InstdAmt, or EqvtAmt's */
};

/* camt: Ntfctn or Stmt; one message can have several. */
struct answer_statement {
    struct span account;            /* IBAN or Othr/Id */
    struct answer_agent servicer;   /* Acct/Svcr */
};

/* BkTxCd/Domn: "PMNT/ICDT/RRTN". */
struct answer_bank_code {
    struct span domain;
    struct span family;
    struct span sub_family;
};

/* camt: Ntry. One amount on the account: a single payment, a batch, or anything else. */
struct answer_entry {
    const struct answer_statement *statement;
    struct span reference;          /* NtryRef */
    struct span servicer_reference;
    struct answer_amount amount;
    enum answer_side side;          /* CdtDbtInd */
    bool is_reversal;               /* RvslInd */
    struct answer_status status;    /* BOOK, PDNG, INFO, FUTR: plain or in <Cd> */
    day_t booked_on;                /* DAY_NONE: not given or not readable */
    day_t value_on;
    struct answer_bank_code bank_code;
    bool is_return;                 /* its bank code is .../RRTN; known when it is handed over, as are */
    uint64_t details;               /* the TxDtls in it */
    uint64_t batches;               /* and the NtryDtls with a Btch */
};

/* camt: NtryDtls/Btch: many payments booked as one; handed over behind the details of its NtryDtls. */
struct answer_batch {
    const struct answer_entry *entry;
    struct span msg_id;
    struct span information_id;     /* PmtInfId */
    struct span count;              /* NbOfTxs, as sent */
    struct answer_amount amount;    /* TtlAmt */
    enum answer_side side;
    uint64_t details;               /* TxDtls beside it: 0 means that the batch stands for them all */
};

/* camt: TxDtls. */
struct answer_detail {
    const struct answer_entry *entry;
    struct span msg_id;
    struct span information_id;
    struct span end_to_end_id;
    struct span servicer_reference;
    struct answer_amount amount;    /* Amt, AmtDtls/TxAmt or AmtDtls/InstdAmt, the first given; else none:
                                     * an entry with one detail has it */
    enum answer_side side;          /* its own, or the entry's */
    struct answer_bank_code bank_code;
    bool is_return;                 /* RtrInf stands there, or its bank code (or the entry's) is .../RRTN */
    struct answer_reasons reasons;  /* RtrInf/Rsn */
};

/* What takes the parts; each may be NULL. A status other than STATUS_OK ends the reading and is handed
 * on. `message` is what is known of the message by then. */
struct answer_handler {
    enum status (*group)(void *context, const struct answer_message *message, const struct answer_group *group,
                         struct diag *diag);
    enum status (*information)(void *context, const struct answer_information *information, struct diag *diag);
    enum status (*transaction)(void *context, const struct answer_transaction *transaction, struct diag *diag);
    enum status (*statement)(void *context, const struct answer_statement *statement, struct diag *diag);
    enum status (*entry)(void *context, const struct answer_entry *entry, struct diag *diag);
    enum status (*batch)(void *context, const struct answer_batch *batch, struct diag *diag);
    enum status (*detail)(void *context, const struct answer_detail *detail, struct diag *diag);
    void (*warn)(void *context, const struct diag *finding);
    void *context;
};

struct answer_reader;

/* `name` is for messages; it and the handler outlive the reader. */
struct answer_reader *answer_reader_new(const char *name, const struct answer_handler *handler);
/* Reads on. STATUS_INPUT or STATUS_LIMIT with the place; after an error only answer_reader_free. */
enum status answer_read(struct answer_reader *reader, struct span bytes, struct diag *diag) MUST_USE;
/* The end of the bytes: STATUS_OK only for a whole message. */
enum status answer_finish(struct answer_reader *reader, struct diag *diag) MUST_USE;
/* What is known of the message; complete after answer_finish. Lives as long as the reader. */
const struct answer_message *answer_message(const struct answer_reader *reader);
void answer_reader_free(struct answer_reader *reader);  /* accepts NULL */

/* The meaning of a code of pain.002 (TxSts, PmtInfSts, GrpSts), and of an entry's Sts. */
enum answer_meaning answer_status_meaning(struct span code);
enum answer_meaning answer_entry_meaning(struct span code);

#endif
