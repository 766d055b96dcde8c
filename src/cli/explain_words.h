/*
 * explain_words.h - the words of `chitra explain`, in English and Vietnamese, and its two forms.
 */
#ifndef CHITRA_CLI_EXPLAIN_WORDS_H
#define CHITRA_CLI_EXPLAIN_WORDS_H

#include "chitra/explain.h"

enum language { LANGUAGE_en, LANGUAGE_vi, LANGUAGES };

/* name, English, Vietnamese */
#define EXPLAIN_WORD_LIST(X)                                                                            \
    X(unit, "paying unit", "đơn vị chi trả")                                                            \
    X(beneficiary, "beneficiary", "người hưởng")                                                        \
    X(facts, "Approved facts", "Dữ liệu đã duyệt")                                                      \
    X(version, "version", "phiên bản")                                                                  \
    X(source, "from", "nguồn")                                                                          \
    X(line, "line", "dòng")                                                                             \
    X(approved_on, "approved on", "ngày duyệt")                                                         \
    X(approval, "signed list", "danh sách đã ký")                                                       \
    X(no_approval, "taken without an approval", "nhận không có phê duyệt")                              \
    X(signed_at, "signed at", "ký lúc")                                                                 \
    X(signer, "certificate", "chứng thư")                                                               \
    X(corrected, "corrected", "được điều chỉnh")                                                        \
    X(paid_by, "paid by", "hình thức chi trả")                                                          \
    X(stops, "Stops", "Dừng, tạm dừng, hưởng lại")                                                      \
    X(by_hand, "Held by hand", "Tạm giữ theo quyết định")                                               \
    X(law_steps, "Steps of the law", "Các bước tính theo luật")                                         \
    X(parameters, "Figures of the law that were looked at", "Các tham số của luật đã tra")              \
    X(since, "since", "từ")                                                                             \
    X(until, "until", "đến")                                                                            \
    X(sealed_at, "sealed", "chốt lúc")                                                                  \
    X(pay_date, "pay date", "ngày chi trả")                                                             \
    X(run, "run", "kỳ chi trả")                                                                         \
    X(law_file, "law file", "tệp luật")                                                                 \
    X(unconfirmed, "unconfirmed", "chưa đối chiếu văn bản")                                             \
    X(rounding, "rounded once, to the nearest dong, half up", "làm tròn một lần đến đồng, nửa đồng làm tròn lên") \
    X(obligation, "Obligation", "Khoản phải trả")                                                       \
    X(agrees, "calculated again: the same amount", "tính lại: đúng số tiền")                            \
    X(agrees_sum, "calculated again: what is recorded for the month adds up to what the law gives",     \
      "tính lại: tổng đã ghi của tháng đúng bằng mức luật định")                                        \
    X(due_today, "due for the month today", "mức được hưởng của tháng theo hôm nay")                    \
    X(provided, "provided in all", "tổng đã chi và đã ghi")                                            \
    X(owed_back, "still to be given back", "còn phải thu hồi")                                         \
    X(disagrees, "calculated again: DIFFERS, it should be", "tính lại: LỆCH, lẽ ra là")                 \
    X(not_checked, "closed: nothing is owed any more", "đã đóng: không còn phải trả")                   \
    X(ordered, "by an order: not calculated", "theo quyết định: không tính")                             \
    X(by_order, "order", "quyết định")                                                                  \
    X(payment, "payment", "lệnh chi")                                                                   \
    X(payment_would, "payment it would be", "lệnh chi dự kiến")                                         \
    X(became, "what became of it:", "kết quả:")                                                         \
    X(again, "tried again as", "chi lại bằng lệnh chi")                                                 \
    X(parent, "tried again for", "chi lại của")                                                         \
    X(to, "to", "đến")                                                                                  \
    X(file, "file", "tệp")                                                                              \
    X(reason, "reason", "lý do")                                                                        \
    X(nothing, "Nothing is recorded", "Không có khoản nào được ghi")                                    \
    X(not_begun, "not due in this month: it begins later", "tháng này chưa được hưởng: bắt đầu sau")    \
    X(valid_to, "not due in this month: approved until earlier (valid_to)",                             \
      "tháng này không được hưởng: đã hết hạn phê duyệt (valid_to)")                                    \
    X(granted, "not due in this month: the law gives no more months",                                   \
      "tháng này không được hưởng: đã hết số tháng được hưởng theo luật")                               \
    X(dead, "not due in this month: after the month of death", "tháng này không được hưởng: sau tháng từ trần") \
    X(ended, "not due in this month: ended", "tháng này không được hưởng: đã chấm dứt")                 \
    X(suspended, "not due in this month: suspended", "tháng này không được hưởng: đang tạm dừng")       \
    X(settled, "settled before this site's first month", "đã chi trả trước khi hệ thống bắt đầu")       \
    X(planned, "due; no run has planned it yet", "được hưởng; chưa có kỳ chi trả nào lập")

enum explain_word {
#define X(name, english, vietnamese) WORD_##name,
    EXPLAIN_WORD_LIST(X)
#undef X
    EXPLAIN_WORDS
};

const char *explain_word(enum explain_word word, enum language language);

/* A rule of the law; a component or benefit, a state, why something is held; a column; why a stop came; a unit of
 * measure: their name where there is no text. */
const char *explain_rule(const char *rule, enum language language);
const char *explain_name(const char *name, enum language language);
const char *explain_fact(const char *column, enum language language);
const char *explain_stop_reason(const char *reason, enum language language);
const char *explain_unit(enum law_unit unit, enum language language);

/* A legal source with the names of acts in the language: "Luật 41/2024 điều 66". */
enum { EXPLAIN_SOURCE_BYTES = 600 };
void explain_source(const char *source, enum language language, char text[EXPLAIN_SOURCE_BYTES]);

/* An exact value for people: a whole number, up to four decimals, or a mixed fraction ("1376666 2/3");
 * ages as years and months. */
enum { EXPLAIN_VALUE_BYTES = 160 };
void explain_value(struct exact value, enum law_unit unit, enum language language, char text[EXPLAIN_VALUE_BYTES]);
/* The same for programs: "4130000/3", "75". */
void explain_exact(struct exact value, char text[EXPLAIN_VALUE_BYTES]);

/* Seconds since 1970 as a time at UTC+7. */
void explain_time(int64_t seconds, char text[SYS_TIME_BYTES]);

/* "...6789": enough to recognise an account, too little to misuse it. */
struct span explain_account(struct span account);

/* The whole story; STATUS_LIMIT when `out` is full. */
enum status explain_text(const struct explanation *explanation, enum language language, struct buf *out) MUST_USE;
enum status explain_json(const struct explanation *explanation, enum language language, struct buf *out) MUST_USE;

#endif
