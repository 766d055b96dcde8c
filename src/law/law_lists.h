/*
 * law_lists.h - the names that tie the law file to the code: parameters, their keys, and rules.
 *
 * A new parameter is one line here and one <parameter> in formats/law/vn.xml; a new rule is one line
 * here and one law_step() in its regime. tests/law fails for a rule that no case touches.
 */
#ifndef CHITRA_LAW_LISTS_H
#define CHITRA_LAW_LISTS_H

/* What a parameter may be a table over: name, and the words of the `key` attribute in order. A
 * parameter without a key has the set `none`; `band` numbers the steps of a scale from 1. */
#define LAW_KEY_LIST(X)                                                                        \
    X(none, "")                                                                                \
    X(sex, "F|M")                           /* SEX_F, SEX_M */                                 \
    X(work, "normal|hazardous|mining")      /* WORK_... */                                     \
    X(region, "1|2|3|4")                    /* wage_region - 1 */                              \
    X(band, "1|2|3|4")                      /* band - 1 */                                     \
    X(level, "1|2|3")                       /* a scale of three steps: level - 1 */            \
    X(convalescence, "long_term|surgery|multiple|other")    /* CONVALESCENCE_... */            \
    X(method, "iud|sterilisation")          /* METHOD_... */                                   \
    X(stop_reason, "illegal_exit|missing|unverified|refused|returned|annulled|verified|other")  /* FACT_reason's words */ \
    X(half_years, "20|20.5|21|21.5|22|22.5|23|23.5|24|24.5|25|25.5|26|26.5|27|27.5|28|28.5|29|29.5")

/*
 * Parameters: name in the file, kind, key set. Kinds: money (whole dong), percent (7.44 is the
 * ratio 744/10000), count (whole or decimal number, 1.5 is 3/2), age (60y3m, in months).
 */

/* Shared by several families, and the pension family. */
#define LAW_PARAM_LIST_LONG_TERM(X)             \
    X(social_insurance_law, count, none)        \
    X(base_salary, money, none)                 \
    X(regional_minimum_wage, money, region)     \
    X(retirement_age, age, sex)                 \
    X(lower_age_hazardous, age, sex)            \
    X(lower_age_mining, age, sex)               \
    X(voluntary_age_before_2021, age, sex)      \
    X(pension_years_least, count, sex)          \
    X(pension_years_least_commune, count, none) \
    X(pension_years_least_early, count, none)   \
    X(pension_base_years, count, sex)           \
    X(pension_base_rate, percent, sex)          \
    X(pension_increment, percent, sex)          \
    X(pension_short_base_years, count, sex)     \
    X(pension_short_base_rate, percent, sex)    \
    X(pension_short_increment, percent, sex)    \
    X(pension_rate_most, percent, none)         \
    X(pension_reduction, percent, none)         \
    X(pension_minimum_years, count, none)       \
    X(grant_years_over, count, sex)             \
    X(grant_months, count, none)                \
    X(grant_months_after_age, count, none)      \
    X(decree_153_2018, percent, half_years)     \
    X(withdrawal_months_before_2014, count, none) \
    X(withdrawal_months_from_2014, count, none) \
    X(withdrawal_short_share, percent, none)    \
    X(withdrawal_short_months_most, count, none) \
    X(withheld_most, percent, none)             \
    X(missed_months, count, stop_reason)        \
    X(missed_months_unemployment, count, none)

/* Sickness, maternity, unemployment, injury, survivor, other. A scale is two tables over `level` or `band`:
 * where each of its steps begins, and what it gives. */
#define LAW_PARAM_LIST_SHORT_TERM(X)                \
    X(sickness_rate, percent, none)                 \
    X(sickness_rate_armed_forces, percent, none)    \
    X(sickness_month_days, count, none)             \
    X(sickness_half_days, count, none)              \
    X(sickness_years, count, level)                 \
    X(sickness_days_normal, count, level)           \
    X(sickness_days_hazardous, count, level)        \
    X(child_sickness_age, age, none)                \
    X(child_sickness_days, count, none)             \
    X(child_sickness_age_small, age, none)          \
    X(child_sickness_days_small, count, none)       \
    X(long_term_days, count, none)                  \
    X(long_term_rate_after, percent, level)         \
    X(long_term_odd_days_most, count, none)         \
    X(sickness_convalescence_rate, percent, none)   \
    X(sickness_convalescence_days, count, convalescence) \
    X(maternity_rate, percent, none)                \
    X(maternity_work_days, count, none)             \
    X(maternity_month_days, count, none)            \
    X(birth_months, count, none)                    \
    X(birth_months_second_child, count, none)       \
    X(birth_months_more, count, none)               \
    X(adoption_months, count, none)                 \
    X(birth_grant_base_salaries, count, none)       \
    X(birth_grant_voluntary, money, none)           \
    X(prenatal_days, count, none)                   \
    X(prenatal_days_most, count, none)              \
    X(pregnancy_loss_weeks, count, band)            \
    X(pregnancy_loss_days, count, band)             \
    X(pregnancy_loss_birth_weeks, count, none)      \
    X(contraception_days, count, method)            \
    X(paternity_days, count, none)                  \
    X(paternity_days_surgery, count, none)          \
    X(paternity_days_second_child, count, none)     \
    X(paternity_days_twins, count, none)            \
    X(paternity_days_more, count, none)             \
    X(paternity_days_twins_surgery, count, none)    \
    X(paternity_days_more_surgery, count, none)     \
    X(maternity_convalescence_rate, percent, none)  \
    X(maternity_convalescence_days, count, convalescence) \
    X(unemployment_rate, percent, none)             \
    X(unemployment_cap, count, none)                \
    X(unemployment_cap_state, count, none)          \
    X(unemployment_contribution_least, count, none) \
    X(unemployment_contribution_first, count, none) \
    X(unemployment_months_first, count, none)       \
    X(unemployment_months_most, count, none)        \
    X(injury_lump_loss_least, count, none)          \
    X(injury_lump_base_salaries, count, none)       \
    X(injury_lump_each_percent, count, none)        \
    X(injury_lump_salaries, count, none)            \
    X(injury_lump_each_year, count, none)           \
    X(injury_monthly_loss_least, count, none)       \
    X(injury_monthly_share, percent, none)          \
    X(injury_monthly_each_percent, percent, none)   \
    X(injury_monthly_salary_share, percent, none)   \
    X(injury_monthly_each_year, percent, none)      \
    X(injury_attendance_loss_least, count, none)    \
    X(injury_attendance_base_salaries, count, none) \
    X(injury_death_base_salaries, count, none)      \
    X(injury_convalescence_rate, percent, none)     \
    X(injury_convalescence_loss, count, level)      \
    X(injury_convalescence_days, count, level)      \
    X(survivor_share, percent, none)                \
    X(survivor_share_without_support, percent, none) \
    X(survivor_months_before_2014, count, none)     \
    X(survivor_months_from_2014, count, none)       \
    X(survivor_months_least, count, none)           \
    X(survivor_months_least_voluntary, count, none) \
    X(survivor_voluntary_contribution_least, count, none) \
    X(survivor_paid_in_months_most, count, none)    \
    X(survivor_pension_months, count, none)         \
    X(survivor_pension_months_full, count, none)    \
    X(survivor_pension_month_less, count, none)     \
    X(funeral_base_salaries, count, none)           \
    X(funeral_contribution_least, count, none)      \
    X(funeral_contribution_least_voluntary, count, none) \
    X(social_pension, money, none)                  \
    X(social_pension_approved, percent, none)       \
    X(medical_reimbursement, percent, none)         \
    X(relief_grant, percent, none)

#define LAW_PARAM_LIST(X) LAW_PARAM_LIST_LONG_TERM(X) LAW_PARAM_LIST_SHORT_TERM(X)

/* Rules: identifier, the name that `explain` and the cases show. */
#define LAW_RULE_LIST_LONG_TERM(X)                              \
    X(pension_law, "pension.law")                               \
    X(pension_years, "pension.years")                           \
    X(pension_rate_base, "pension.rate.base")                   \
    X(pension_rate_short, "pension.rate.short")                 \
    X(pension_rate_increment, "pension.rate.increment")         \
    X(pension_rate_cap, "pension.rate.cap")                     \
    X(pension_age, "pension.age")                               \
    X(pension_age_voluntary, "pension.age.voluntary")           \
    X(pension_early_months, "pension.early.months")             \
    X(pension_early_reduction, "pension.early.reduction")       \
    X(pension_early_none, "pension.early.no_reduction")         \
    X(pension_rate, "pension.rate")                             \
    X(pension_product, "pension.product")                       \
    X(pension_minimum, "pension.minimum")                       \
    X(pension_amount, "pension.amount")                         \
    X(pension_decree_153, "pension.decree_153_2018")            \
    X(pension_decree_153_amount, "pension.decree_153_2018.amount") \
    X(pension_awarded, "pension.awarded")                       \
    X(grant_excess, "pension.grant.excess")                     \
    X(grant_after_age, "pension.grant.after_age")               \
    X(grant_amount, "pension.grant.amount")                     \
    X(withdrawal_years_before, "withdrawal.years.before_2014")  \
    X(withdrawal_years_from, "withdrawal.years.from_2014")      \
    X(withdrawal_short, "withdrawal.short")                     \
    X(withdrawal_short_cap, "withdrawal.short.cap")             \
    X(withdrawal_amount, "withdrawal.amount")                   \
    X(adjust_percent, "adjust.percent")                         \
    X(adjust_amount, "adjust.amount")                           \
    X(adjust_top_up, "adjust.top_up")

#define LAW_RULE_LIST_SHORT_TERM(X)                             \
    X(leave_days_most, "leave.days.most")                       \
    X(leave_days_used, "leave.days.used")                       \
    X(leave_days_paid, "leave.days.paid")                       \
    X(leave_days_cut, "leave.days.cut")                         \
    X(leave_month_days, "leave.month_days")                     \
    X(leave_amount, "leave.amount")                             \
    X(convalescence_rate, "convalescence.rate")                 \
    X(convalescence_base, "convalescence.base_salary")          \
    X(convalescence_amount, "convalescence.amount")             \
    X(sickness_rate, "sickness.rate")                           \
    X(sickness_armed_forces, "sickness.rate.armed_forces")      \
    X(sickness_long_first, "sickness.long_term.first_days")     \
    X(sickness_long_rate_after, "sickness.long_term.rate_after") \
    X(sickness_long_days_after, "sickness.long_term.days_after") \
    X(sickness_long_cut, "sickness.long_term.cut_to_contribution") \
    X(sickness_long_months, "sickness.long_term.months")        \
    X(sickness_long_odd_days, "sickness.long_term.odd_days")    \
    X(sickness_long_odd_cap, "sickness.long_term.odd_days.cap") \
    X(maternity_rate, "maternity.rate")                         \
    X(birth_months, "birth.months")                             \
    X(birth_second_child, "birth.months.second_child")          \
    X(birth_more_children, "birth.months.more_children")        \
    X(birth_cut, "birth.months.cut")                            \
    X(adoption_months, "adoption.months")                       \
    X(birth_grant_times, "birth_grant.base_salaries")           \
    X(birth_grant_voluntary, "birth_grant.voluntary")           \
    X(birth_grant_amount, "birth_grant.amount")                 \
    X(pregnancy_loss_as_birth, "pregnancy_loss.as_birth")       \
    X(paternity_days, "paternity.days")                         \
    X(paternity_surgery, "paternity.days.surgery")              \
    X(paternity_second_child, "paternity.days.second_child")    \
    X(paternity_multiple, "paternity.days.multiple")            \
    X(paternity_multiple_surgery, "paternity.days.multiple_surgery") \
    X(unemployment_rate, "unemployment.rate")                   \
    X(unemployment_months, "unemployment.months_granted")       \
    X(unemployment_month, "unemployment.month")                 \
    X(unemployment_share, "unemployment.share")                 \
    X(unemployment_cap, "unemployment.cap")                     \
    X(unemployment_cut, "unemployment.cut_to_cap")              \
    X(injury_years, "injury.years")                             \
    X(injury_base, "injury.base_salary")                        \
    X(injury_by_loss, "injury.by_loss")                         \
    X(injury_by_years, "injury.by_years")                       \
    X(injury_amount, "injury.amount")                           \
    X(injury_awarded, "injury.awarded")                         \
    X(injury_attendance, "injury.attendance")                   \
    X(injury_death, "injury.death")                             \
    X(survivor_share, "survivor.share")                         \
    X(survivor_deaths, "survivor.deaths")                       \
    X(survivor_monthly, "survivor.monthly")                     \
    X(survivor_years_before, "survivor.years.before_2014")      \
    X(survivor_years_from, "survivor.years.from_2014")          \
    X(survivor_months, "survivor.months")                       \
    X(survivor_floor, "survivor.months.floor")                  \
    X(survivor_paid_in, "survivor.paid_in")                     \
    X(survivor_paid_in_cut, "survivor.paid_in.cut")             \
    X(survivor_lump_sum, "survivor.lump_sum")                   \
    X(funeral_grant, "funeral.grant")                           \
    X(social_pension, "other.social_pension")                   \
    X(other_approved, "other.approved")

#define LAW_RULE_LIST(X) LAW_RULE_LIST_LONG_TERM(X) LAW_RULE_LIST_SHORT_TERM(X)

#endif
