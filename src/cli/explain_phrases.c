/* explain_phrases.c - rules, benefits, states, reasons and facts in words. Vietnamese terms are those of the acts. */
#include "explain_words.h"

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
    { "pension.product", { "rate times average salary, not rounded yet", "tỷ lệ nhân tiền lương bình quân, chưa làm tròn" } },
    { "pension.minimum", { "lowest pension guaranteed", "mức lương hưu thấp nhất" } },
    { "pension.amount", { "monthly pension, rounded", "lương hưu hằng tháng, đã làm tròn" } },
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
    { "adjust.amount", { "adjustment, rounded amount after it", "mức hưởng sau điều chỉnh, đã làm tròn" } },
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
    { "calculated", { "calculated, in no file", "đã tính, chưa nằm trong tệp nào" } },
    { "booked", { "booked", "đã ghi nợ" } },
    { "collected", { "collected", "đã nhận" } },
    { "returned", { "returned", "bị hoàn trả" } },
    { "uncollected", { "not collected", "chưa nhận" } },
    { "reissued", { "tried again", "đã chi lại" } },
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
    { "not in the month's list", { "not in the month's list", "không có trong danh sách của tháng" } },
    { "named as deceased", { "named as deceased", "hồ sơ khác ghi là đã từ trần" } },
    { "excluded by another benefit", { "excluded by another benefit", "không hưởng đồng thời với chế độ khác" } },
    { "account shared", { "account shared", "nhiều người dùng chung tài khoản" } },
    { "account changed", { "account changed", "tài khoản đã thay đổi" } },
    { "amount jumped", { "amount jumped", "số tiền thay đổi bất thường" } },
    { "overtaken before its file left", { "overtaken before its file left", "có thay đổi trước khi tệp được gửi đi" } },
    { "its file was withdrawn", { "its file was withdrawn", "tệp chi đã được thu hồi" } },
    { "let go by hand", { "let go by hand", "đã bỏ tạm giữ" } },
    { "the law file has no answer", { "the law file has no answer", "tệp quy định không có mức cho trường hợp này" } },
    { "may have been paid twice", { "may have been paid twice", "có thể đã chi hai lần" } },
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
    { "deceased: awaits a payee named since",
      { "deceased: awaits a payee named since", "đã từ trần: chờ người nhận được chỉ định sau đó" } },
    { "awaits decision on missed months",
      { "awaits decision on missed months", "chờ quyết định về các tháng chưa nhận" } },
};

/* Facts, by their columns. English is the column with spaces. */
static const struct phrase FACTS[] = {
    { "birth_date", { "birth date", "ngày sinh" } },
    { "sex", { "sex", "giới tính" } },
    { "area", { "area", "khu vực" } },
    { "authorised_from", { "authorised from", "ủy quyền từ ngày" } },
    { "authorised_until", { "authorised until", "ủy quyền đến ngày" } },
    { "approved_on", { "approved on", "ngày duyệt" } },
    { "valid_from", { "valid from", "hưởng từ ngày" } },
    { "valid_to", { "valid to", "hưởng đến ngày" } },
    { "paid_through", { "paid through", "đã chi đến hết tháng" } },
    { "scheme", { "scheme", "loại hình bảo hiểm" } },
    { "pension_from", { "pension from", "hưởng lương hưu từ" } },
    { "contribution_months", { "contribution months", "số tháng đóng" } },
    { "average_salary", { "average salary", "mức bình quân tiền lương" } },
    { "work_condition", { "work condition", "điều kiện làm việc" } },
    { "early_basis", { "early basis", "căn cứ nghỉ trước tuổi" } },
    { "months_after_age", { "months after age", "số tháng đóng sau tuổi nghỉ hưu" } },
    { "minimum_guarantee", { "minimum guarantee", "bảo đảm mức thấp nhất" } },
    { "pre_1995", { "pre 1995", "nghỉ hưu trước 1995" } },
    { "awarded_amount", { "awarded amount", "mức đã giải quyết" } },
    { "awarded_from", { "awarded from", "mức đó hưởng từ tháng" } },
    { "contribution_months_before_2014", { "contribution months before 2014", "số tháng đóng trước 2014" } },
    { "contribution_months_from_2014", { "contribution months from 2014", "số tháng đóng từ 2014" } },
    { "event_from", { "event from", "ngày phát sinh" } },
    { "salary", { "salary", "tiền lương tháng" } },
    { "months", { "months", "số tháng nghỉ" } },
    { "days", { "days", "số ngày nghỉ" } },
    { "armed_forces", { "armed forces", "lực lượng vũ trang" } },
    { "child_birth_date", { "child birth date", "ngày sinh của con" } },
    { "used_days", { "used days", "số ngày đã hưởng" } },
    { "convalescence_case", { "convalescence case", "trường hợp dưỡng sức" } },
    { "children", { "children", "số con" } },
    { "child_order", { "child order", "con thứ" } },
    { "surgery", { "surgery", "phẫu thuật hoặc sinh non" } },
    { "weeks", { "weeks", "tuần tuổi thai" } },
    { "method", { "method", "biện pháp tránh thai" } },
    { "benefit_from", { "benefit from", "hưởng trợ cấp từ ngày" } },
    { "last_contribution", { "last contribution", "tháng đóng cuối" } },
    { "salary_regime", { "salary regime", "chế độ tiền lương" } },
    { "wage_region", { "wage region", "vùng lương tối thiểu" } },
    { "capacity_loss", { "capacity loss", "tỷ lệ suy giảm khả năng lao động" } },
    { "without_support", { "without support", "không còn người nuôi dưỡng" } },
    { "deceased", { "deceased", "số người chết" } },
    { "pension_at_death", { "pension at death", "lương hưu khi chết" } },
    { "pension_months_drawn", { "pension months drawn", "số tháng đã hưởng lương hưu" } },
    { "paid_in", { "paid in", "số tiền đã đóng" } },
    { "approved_amount", { "approved amount", "mức đã duyệt" } },
};

/* Why a stop came: the words of the column. */
static const struct phrase STOP_REASONS[] = {
    { "illegal_exit", { "illegal exit", "xuất cảnh trái phép" } },
    { "missing", { "missing", "bị tuyên bố mất tích" } },
    { "unverified", { "data not verified", "chưa xác minh thông tin" } },
    { "refused", { "benefit refused in writing", "từ chối hưởng bằng văn bản" } },
    { "returned", { "returned", "đã trở về" } },
    { "annulled", { "declaration annulled by a court", "tòa án hủy tuyên bố" } },
    { "verified", { "data verified", "đã xác minh thông tin" } },
    { "other", { "other", "lý do khác" } },
};

/* Acts and their parts, as they are cited. Longer ones first. */
static const struct phrase CITED[] = {
    { "Law on Health Insurance", { "Law on Health Insurance", "Luật Bảo hiểm y tế" } },
    { "Population Law", { "Population Law", "Luật Dân số" } },
    { "Labour Code", { "Labour Code", "Bộ luật Lao động" } },
    { "Decrees", { "Decrees", "Nghị định" } },
    { "Decree", { "Decree", "Nghị định" } },
    { "Circular", { "Circular", "Thông tư" } },
    { "Law", { "Law", "Luật" } },
    { "on Health Insurance", { "on Health Insurance", "về Bảo hiểm y tế" } },
    { "art.", { "art.", "điều" } },
    { "amount awarded before", { "amount awarded before", "mức đã giải quyết trước đây" } },
    { "the award", { "the award", "quyết định hưởng" } },
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

const char *explain_fact(const char *column, enum language language)
{
    return phrase_find(FACTS, sizeof(FACTS) / sizeof(FACTS[0]), column, language);
}

const char *explain_stop_reason(const char *reason, enum language language)
{
    return phrase_find(STOP_REASONS, sizeof(STOP_REASONS) / sizeof(STOP_REASONS[0]), reason, language);
}

/* The cited phrase that the text begins with; NULL: none. */
static const struct phrase *cited_at(const char *text)
{
    for (size_t i = 0; i < sizeof(CITED) / sizeof(CITED[0]); i++) {
        if (strncmp(text, CITED[i].name, strlen(CITED[i].name)) == 0) {
            return &CITED[i];
        }
    }
    return NULL;
}

void explain_source(const char *source, enum language language, char text[EXPLAIN_SOURCE_BYTES])
{
    size_t size = 0;

    while (*source != '\0') {
        const struct phrase *cited = cited_at(source);
        const char *word = cited == NULL ? source : cited->text[language];
        size_t length = cited == NULL ? 1 : strlen(word);
        if (size + length >= EXPLAIN_SOURCE_BYTES) {
            break;              /* a source has at most 200 characters, and words grow by less than half */
        }
        memcpy(text + size, word, length);
        size += length;
        source += cited == NULL ? 1 : strlen(cited->name);
    }
    text[size] = '\0';
}
