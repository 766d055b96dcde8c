/* explain_words.c - rules, states and values in words. Vietnamese terms are those of the acts. */
#include "explain_words.h"

#include <stdio.h>

struct phrase {
    const char *name;
    const char *text[LANGUAGES];
};

static const struct phrase RULES[] = {
    { "pension.law", { "the Law on Social Insurance in force", "Luật Bảo hiểm xã hội được áp dụng" } },
    { "pension.years", { "contribution years counted", "số năm đóng được tính" } },
    { "pension.rate.base", { "base rate", "tỷ lệ hưởng ban đầu" } },
    { "pension.rate.short", { "base rate for short contribution", "tỷ lệ hưởng khi đóng ít năm" } },
    { "pension.rate.increment", { "added for further years", "tỷ lệ cộng thêm cho các năm sau" } },
    { "pension.rate.cap", { "highest rate allowed", "tỷ lệ hưởng tối đa" } },
    { "pension.age", { "retirement age that applies", "tuổi nghỉ hưu áp dụng" } },
    { "pension.age.voluntary", { "retirement age, voluntary scheme", "tuổi nghỉ hưu, bảo hiểm tự nguyện" } },
    { "pension.early.months", { "months before that age", "số tháng nghỉ trước tuổi" } },
    { "pension.early.reduction", { "reduction for early retirement", "tỷ lệ giảm do nghỉ trước tuổi" } },
    { "pension.early.no_reduction", { "early without a reduction", "nghỉ trước tuổi không bị giảm tỷ lệ" } },
    { "pension.rate", { "rate of the pension", "tỷ lệ hưởng lương hưu" } },
    { "pension.minimum", { "lowest pension guaranteed", "mức lương hưu thấp nhất" } },
    { "pension.amount", { "monthly pension", "lương hưu hằng tháng" } },
    { "pension.decree_153_2018", { "added by Decree 153/2018", "điều chỉnh theo Nghị định 153/2018" } },
    { "pension.decree_153_2018.amount", { "pension with that addition", "lương hưu sau điều chỉnh đó" } },
    { "pension.awarded", { "pension as awarded earlier", "lương hưu theo quyết định trước đây" } },
    { "pension.grant.excess", { "years over the highest rate", "số năm đóng cao hơn mức tối đa" } },
    { "pension.grant.after_age", { "of these, after the retirement age", "trong đó sau tuổi nghỉ hưu" } },
    { "pension.grant.amount", { "one-time grant on retirement", "trợ cấp một lần khi nghỉ hưu" } },
    { "withdrawal.years.before_2014", { "years contributed before 2014", "số năm đóng trước 2014" } },
    { "withdrawal.years.from_2014", { "years contributed from 2014", "số năm đóng từ 2014" } },
    { "withdrawal.short", { "less than a year contributed", "đóng chưa đủ một năm" } },
    { "withdrawal.short.cap", { "the most for less than a year", "mức tối đa khi chưa đủ một năm" } },
    { "withdrawal.amount", { "one-time withdrawal", "bảo hiểm xã hội một lần" } },
    { "adjust.percent", { "adjustment, by percentage", "điều chỉnh theo tỷ lệ" } },
    { "adjust.amount", { "adjustment, amount after it", "mức hưởng sau điều chỉnh" } },
    { "adjust.top_up", { "topped up, low amount", "điều chỉnh thêm cho mức thấp" } },
    { "leave.days.most", { "most days allowed", "số ngày tối đa" } },
    { "leave.days.used", { "days used already", "số ngày đã hưởng" } },
    { "leave.days.paid", { "days paid", "số ngày được trả" } },
    { "leave.days.cut", { "days paid, cut to what is left", "số ngày được trả, cắt theo số còn lại" } },
    { "leave.month_days", { "days that a month is divided by", "số ngày quy định để chia tháng" } },
    { "leave.amount", { "benefit for the leave", "mức hưởng cho thời gian nghỉ" } },
    { "convalescence.rate", { "rate for a day", "tỷ lệ hưởng một ngày" } },
    { "convalescence.base_salary", { "reference level", "mức tham chiếu (lương cơ sở)" } },
    { "convalescence.amount", { "convalescence benefit", "trợ cấp dưỡng sức" } },
    { "sickness.rate", { "rate of the salary", "tỷ lệ trên tiền lương" } },
    { "sickness.rate.armed_forces", { "rate of the salary, armed forces", "tỷ lệ trên tiền lương, lực lượng vũ trang" } },
    { "sickness.long_term.first_days", { "days at the first rate", "số ngày hưởng mức đầu" } },
    { "sickness.long_term.rate_after", { "rate after these", "tỷ lệ hưởng tiếp theo" } },
    { "sickness.long_term.days_after", { "days at that rate", "số ngày hưởng mức tiếp theo" } },
    { "sickness.long_term.cut_to_contribution", { "cut to the time contributed", "cắt theo thời gian đã đóng" } },
    { "sickness.long_term.months", { "whole months", "số tháng đủ" } },
    { "sickness.long_term.odd_days", { "odd days", "số ngày lẻ" } },
    { "sickness.long_term.odd_days.cap", { "odd days paid at most", "số ngày lẻ tối đa" } },
    { "maternity.rate", { "rate of the average salary", "tỷ lệ trên tiền lương bình quân" } },
    { "birth.months", { "months of leave for a birth", "số tháng nghỉ sinh con" } },
    { "birth.months.second_child", { "months of leave, second child", "số tháng nghỉ sinh con thứ hai" } },
    { "birth.months.more_children", { "months for more children", "số tháng thêm do sinh nhiều con" } },
    { "birth.months.cut", { "months, cut to the law's", "số tháng, cắt theo luật" } },
    { "adoption.months", { "months at most, until the child is this old", "số tháng tối đa, đến khi con đủ tuổi này" } },
    { "birth_grant.base_salaries", { "reference levels for a child", "số lần mức tham chiếu mỗi con" } },
    { "birth_grant.voluntary", { "grant, voluntary scheme", "trợ cấp, bảo hiểm tự nguyện" } },
    { "birth_grant.amount", { "one-time grant for the birth", "trợ cấp một lần khi sinh con" } },
    { "pregnancy_loss.as_birth", { "counts as a birth from this day on", "tính như sinh con từ ngày tuổi thai này" } },
    { "paternity.days", { "days for the father", "số ngày nghỉ của người cha" } },
    { "paternity.days.surgery", { "days, birth by surgery", "số ngày, sinh phải phẫu thuật" } },
    { "paternity.days.second_child", { "days, second child", "số ngày, con thứ hai" } },
    { "paternity.days.multiple", { "days, several children", "số ngày, sinh nhiều con" } },
    { "paternity.days.multiple_surgery", { "days, several children by surgery", "số ngày, sinh nhiều con phải phẫu thuật" } },
    { "unemployment.rate", { "rate of the average salary", "tỷ lệ trên tiền lương bình quân" } },
    { "unemployment.months_granted", { "months granted", "số tháng được hưởng" } },
    { "unemployment.month", { "this is the month number", "tháng hưởng thứ" } },
    { "unemployment.share", { "share of the salary", "mức theo tiền lương" } },
    { "unemployment.cap", { "highest amount allowed", "mức tối đa" } },
    { "unemployment.cut_to_cap", { "cut to the highest amount", "cắt về mức tối đa" } },
    { "injury.years", { "contribution years counted", "số năm đóng được tính" } },
    { "injury.base_salary", { "reference level", "mức tham chiếu (lương cơ sở)" } },
    { "injury.by_loss", { "by the loss of capacity", "theo mức suy giảm khả năng lao động" } },
    { "injury.by_years", { "by the years contributed", "theo số năm đóng" } },
    { "injury.amount", { "injury benefit", "trợ cấp tai nạn lao động" } },
    { "injury.awarded", { "amount as awarded earlier", "mức hưởng theo quyết định trước đây" } },
    { "injury.attendance", { "attendance allowance", "trợ cấp phục vụ" } },
    { "injury.death", { "one-time benefit on death", "trợ cấp một lần khi chết" } },
    { "survivor.share", { "share of the reference level", "tỷ lệ trên mức tham chiếu" } },
    { "survivor.deaths", { "deceased that count", "số người chết được tính" } },
    { "survivor.monthly", { "monthly survivor's allowance", "trợ cấp tuất hằng tháng" } },
    { "survivor.years.before_2014", { "years contributed before 2014", "số năm đóng trước 2014" } },
    { "survivor.years.from_2014", { "years contributed from 2014", "số năm đóng từ 2014" } },
    { "survivor.months", { "months of salary or pension", "số tháng lương hoặc lương hưu" } },
    { "survivor.months.floor", { "fewest months guaranteed", "số tháng tối thiểu" } },
    { "survivor.paid_in", { "what was paid in", "số tiền đã đóng" } },
    { "survivor.paid_in.cut", { "cut to the most allowed", "cắt về mức tối đa" } },
    { "survivor.lump_sum", { "survivor's lump sum", "trợ cấp tuất một lần" } },
    { "funeral.grant", { "funeral grant", "trợ cấp mai táng" } },
    { "other.social_pension", { "social pension", "trợ cấp hưu trí xã hội" } },
    { "other.approved", { "amount as approved", "mức đã duyệt" } },
};

/* Benefits, components, states and reasons; English is the name itself with spaces. */
static const struct phrase NAMES[] = {
    { "pension", { "pension", "lương hưu" } },
    { "pension_awarded", { "pension awarded earlier", "lương hưu đã được giải quyết" } },
    { "one_time_withdrawal", { "one-time withdrawal", "bảo hiểm xã hội một lần" } },
    { "sickness", { "sickness", "ốm đau" } },
    { "long_term_sickness", { "long-term sickness", "ốm đau dài ngày" } },
    { "child_sickness", { "sickness of a child", "con ốm đau" } },
    { "sickness_convalescence", { "convalescence after sickness", "dưỡng sức sau ốm đau" } },
    { "childbirth", { "childbirth", "sinh con" } },
    { "prenatal_visit", { "prenatal visit", "khám thai" } },
    { "pregnancy_loss", { "loss of a pregnancy", "sảy thai, phá thai, thai chết" } },
    { "contraception", { "contraception", "biện pháp tránh thai" } },
    { "paternity_leave", { "paternity leave", "chế độ thai sản của người cha" } },
    { "adoption", { "adoption", "nhận nuôi con nuôi" } },
    { "birth_grant", { "birth grant", "trợ cấp một lần khi sinh con" } },
    { "maternity_convalescence", { "convalescence after birth", "dưỡng sức sau thai sản" } },
    { "unemployment", { "unemployment", "trợ cấp thất nghiệp" } },
    { "injury_lump_sum", { "injury, lump sum", "trợ cấp tai nạn lao động một lần" } },
    { "injury_monthly", { "injury, monthly", "trợ cấp tai nạn lao động hằng tháng" } },
    { "injury_attendance", { "attendance allowance", "trợ cấp phục vụ" } },
    { "injury_death", { "death by injury", "trợ cấp khi chết do tai nạn lao động" } },
    { "injury_convalescence", { "convalescence after injury", "dưỡng sức sau thương tật" } },
    { "survivor_monthly", { "survivor, monthly", "tuất hằng tháng" } },
    { "survivor_lump_sum", { "survivor, lump sum", "tuất một lần" } },
    { "funeral_grant", { "funeral grant", "trợ cấp mai táng" } },
    { "social_pension", { "social pension", "trợ cấp hưu trí xã hội" } },
    { "medical_reimbursement", { "medical reimbursement", "thanh toán chi phí khám chữa bệnh" } },
    { "relief_grant", { "relief grant", "trợ cấp đột xuất" } },
    { "retirement_grant", { "one-time grant on retirement", "trợ cấp một lần khi nghỉ hưu" } },
    { "arrears", { "arrears", "truy lĩnh" } },
    { "recovery", { "recovery", "thu hồi" } },
    { "deduction", { "deduction", "khấu trừ" } },
    { "instructed", { "instructed", "đã lập lệnh chi" } },
    { "held", { "held", "tạm giữ" } },
    { "offset", { "offset", "bù trừ" } },
    { "closed", { "closed", "đã đóng" } },
    { "planned", { "planned", "đã lập" } },
    { "staged", { "staged", "chờ phát hành" } },
    { "stale", { "stale", "không còn đúng" } },
    { "releasing", { "releasing", "đang phát hành" } },
    { "released", { "released", "đã phát hành" } },
    { "handed_over", { "handed over", "đã giao ngân hàng" } },
    { "unknown", { "unknown", "không rõ" } },
    { "accepted", { "accepted", "ngân hàng chấp nhận" } },
    { "partly", { "partly accepted", "chấp nhận một phần" } },
    { "rejected", { "rejected", "bị từ chối" } },
    { "voided", { "voided", "đã hủy" } },
    { "superseded", { "superseded", "đã thay thế" } },
    { "bank", { "bank", "ngân hàng" } },
    { "cash", { "cash", "tiền mặt" } },
    { "wallet", { "wallet", "ví điện tử" } },
    { "deceased", { "deceased", "từ trần" } },
    { "suspended", { "suspended", "tạm dừng" } },
    { "ended", { "ended", "chấm dứt" } },
    { "resumed", { "resumed", "hưởng lại" } },
    { "two live ids", { "two live ids", "cùng chế độ dưới hai mã" } },
    { "authorisation expired", { "authorisation expired", "giấy ủy quyền hết hạn" } },
    { "wallet not allowed for the family",
      { "wallet not allowed for the family", "chế độ này không được chi qua ví điện tử" } },
    { "bank unknown", { "bank unknown", "không rõ ngân hàng" } },
    { "bank closed", { "bank closed", "ngân hàng đã ngừng hoạt động" } },
    { "no paying account for the channel",
      { "no paying account for the channel", "đơn vị không có tài khoản chi cho hình thức này" } },
    { "account number missing or too long",
      { "account number missing or too long", "số tài khoản thiếu hoặc quá dài" } },
    { "name cannot be written", { "name cannot be written", "không ghi được họ tên" } },
    { "amount over the bank's limit", { "amount over the bank's limit", "số tiền vượt hạn mức ngân hàng" } },
    { "net zero", { "net zero", "bù trừ hết" } },
    { "not due any more", { "not due any more", "không còn được hưởng" } },
    { "awaits decision on missed months",
      { "awaits decision on missed months", "chờ quyết định về các tháng chưa nhận" } },
};

static const char *phrase_find(const struct phrase *phrase, size_t count, const char *name, enum language language)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(phrase[i].name, name) == 0) {
            return phrase[i].text[language];
        }
    }
    return name;
}

const char *explain_rule(const char *rule, enum language language)
{
    return phrase_find(RULES, sizeof(RULES) / sizeof(RULES[0]), rule, language);
}

const char *explain_name(const char *name, enum language language)
{
    return phrase_find(NAMES, sizeof(NAMES) / sizeof(NAMES[0]), name, language);
}

const char *explain_word(enum explain_word word, enum language language)
{
    static const char *const text[EXPLAIN_WORDS][LANGUAGES] = {
#define X(name, english, vietnamese) { english, vietnamese },
        EXPLAIN_WORD_LIST(X)
#undef X
    };
    return text[word][language];
}

const char *explain_unit(enum law_unit unit, enum language language)
{
    static const char *const text[][LANGUAGES] = {
        [LAW_DONG] = { "dong", "đồng" },     [LAW_PERCENT] = { "%", "%" },   [LAW_MONTHS] = { "months", "tháng" },
        [LAW_DAYS] = { "days", "ngày" },     [LAW_YEARS] = { "years", "năm" }, [LAW_TIMES] = { "", "" },
        [LAW_AGE_MONTHS] = { "months of age", "tháng tuổi" },
    };
    return text[unit][language];
}

/* ---- values ---- */

/* A whole number of 128 bits in decimal; returns behind its last digit. */
static char *whole_write(__int128 value, char *at)
{
    char digits[40];
    size_t count = 0;
    unsigned __int128 left = value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;

    if (value < 0) {
        *at++ = '-';
    }
    do {
        digits[count++] = (char)('0' + (int)(left % 10));
        left /= 10;
    } while (left > 0);
    while (count > 0) {
        *at++ = digits[--count];
    }
    *at = '\0';
    return at;
}

/* Lowest terms; steps need not be reduced. */
static struct exact reduced(struct exact value)
{
    __int128 a = value.num < 0 ? -value.num : value.num, b = value.den;

    while (b != 0) {
        __int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a == 0 ? (struct exact){ 0, 1 } : (struct exact){ value.num / a, value.den / a };
}

void explain_exact(struct exact value, char text[EXPLAIN_VALUE_BYTES])
{
    struct exact exact = reduced(value);
    char *at = whole_write(exact.num, text);

    if (exact.den != 1) {
        *at++ = '/';
        whole_write(exact.den, at);
    }
}

static void mixed_write(struct exact exact, char text[EXPLAIN_VALUE_BYTES])
{
    enum { DECIMALS = 10000, DECIMAL_PLACES = 4 };
    __int128 rest = exact.num < 0 ? -(exact.num % exact.den) : exact.num % exact.den;
    char *at = text;

    if (exact.num < 0 && exact.num / exact.den == 0) {
        *at++ = '-';
    }
    at = whole_write(exact.num / exact.den, at);
    if (rest == 0) {
        return;
    }
    if (DECIMALS % exact.den == 0) {
        int decimals = (int)(rest * (DECIMALS / exact.den));
        at += snprintf(at, DECIMAL_PLACES + 2, ".%04d", decimals);
        while (at[-1] == '0') {
            *--at = '\0';
        }
        return;
    }
    *at++ = ' ';
    at = whole_write(rest, at);
    *at++ = '/';
    whole_write(exact.den, at);
}

void explain_value(const struct law_step *step, enum language language, char text[EXPLAIN_VALUE_BYTES])
{
    struct exact exact = reduced(step->value);
    const char *unit = explain_unit(step->unit, language);

    if (step->unit == LAW_AGE_MONTHS && exact.den == 1) {
        snprintf(text, EXPLAIN_VALUE_BYTES, language == LANGUAGE_vi ? "%lld tuổi %lld tháng" : "%lld years %lld months",
                 (long long)(exact.num / 12), (long long)(exact.num % 12));
        return;
    }
    mixed_write(exact, text);
    size_t size = strlen(text);
    if (unit[0] != '\0') {
        snprintf(text + size, EXPLAIN_VALUE_BYTES - size, " %s", unit);
    }
}

void explain_time(int64_t seconds, char text[SYS_TIME_BYTES])
{
    enum { DAY_SECONDS = 86400, OFFSET_SECONDS = 7 * 3600 };
    int64_t local = seconds + OFFSET_SECONDS;
    int64_t day = local / DAY_SECONDS - (local % DAY_SECONDS < 0);

    sys_time_write((struct sys_time){ (day_t)day, (int)(local - day * DAY_SECONDS) }, text);
}

struct span explain_account(struct span account)
{
    enum { SHOWN = 4 };

    return account.size <= SHOWN ? account : (struct span){ account.data + account.size - SHOWN, SHOWN };
}
