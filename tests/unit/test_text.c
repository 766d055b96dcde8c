/* text.h: is every name in a bank's set what a clerk would write, and is every encoding exact? */
#include "chitra/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <utf8proc.h>

static const char latin_set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 /-?:().,'+";

/* Each line: a letter without marks, and all that Vietnamese makes of it. */
static const struct {
    char base;
    const char *letters;
} vietnamese[] = {
    { 'a', "aàảãáạăằẳẵắặâầẩẫấậ" }, { 'A', "AÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ" }, { 'e', "eèẻẽéẹêềểễếệ" }, { 'E', "EÈẺẼÉẸÊỀỂỄẾỆ" },
    { 'i', "iìỉĩíị" },             { 'I', "IÌỈĨÍỊ" },             { 'o', "oòỏõóọôồổỗốộơờởỡớợ" },
    { 'O', "OÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ" }, { 'u', "uùủũúụưừửữứự" },       { 'U', "UÙỦŨÚỤƯỪỬỮỨỰ" },       { 'y', "yỳỷỹýỵ" },
    { 'Y', "YỲỶỸÝỴ" },             { 'd', "dđ" },                 { 'D', "DĐ" },
};

static struct span transliterated(struct span text, enum charset charset, size_t length_max)
{
    static char bytes[4096];
    struct buf out = BUF_INIT(sizeof(bytes));
    assert_int_equal(text_transliterate(text, charset, length_max, &out), STATUS_OK);
    struct span result = { bytes, out.size };
    if (out.size > 0) {
        memcpy(bytes, out.data, out.size);
    }
    buf_release(&out);
    return result;
}

static void assert_becomes(const char *text, enum charset charset, size_t length_max, const char *expected)
{
    struct span result = transliterated(span_of(text), charset, length_max);
    if (!span_is(result, expected)) {
        fail_msg("%s became %.*s, not %s", text, (int)result.size, result.data, expected);
    }
}

static size_t encode(int32_t point, char bytes[5])
{
    utf8proc_ssize_t size = utf8proc_encode_char(point, (utf8proc_uint8_t *)bytes);
    assert_true(size > 0);
    bytes[size] = '\0';
    return (size_t)size;
}

static void test_text_transliterate_each_vietnamese_letter_composed_and_decomposed(void **state)
{
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < sizeof(vietnamese) / sizeof(vietnamese[0]); i++) {
        const char *letters = vietnamese[i].letters;
        while (*letters != '\0') {
            utf8proc_int32_t point;
            char composed[5], latin[2] = { vietnamese[i].base, '\0' };
            char upper[2] = { (char)(vietnamese[i].base & ~0x20), '\0' };
            letters += utf8proc_iterate((const utf8proc_uint8_t *)letters, -1, &point);
            encode(point, composed);
            char *decomposed = (char *)utf8proc_NFD((const utf8proc_uint8_t *)composed);
            assert_becomes(composed, CHARSET_latin, 1, latin);
            assert_becomes(decomposed, CHARSET_latin, 1, latin);
            assert_becomes(composed, CHARSET_upper, 1, upper);
            assert_becomes(decomposed, CHARSET_upper, 1, upper);
            assert_becomes(composed, CHARSET_utf8, 1, composed);
            assert_becomes(decomposed, CHARSET_utf8, 1, composed);
            free(decomposed);
            count++;
        }
    }
    /* 12 vowels in 6 tones, and d and đ, small and capital. */
    assert_int_equal(count, 2 * (12 * 6 + 2));
}

static void test_text_transliterate_names(void **state)
{
    (void)state;
    assert_becomes("Nguyễn Thị Phương Thảo", CHARSET_latin, 70, "Nguyen Thi Phuong Thao");
    assert_becomes("Đặng Hữu Đức", CHARSET_upper, 70, "DANG HUU DUC");
    assert_becomes("H’Hen Niê", CHARSET_upper, 70, "H'HEN NIE");
    assert_becomes("K‑Sor Phước", CHARSET_latin, 70, "K-Sor Phuoc");
    assert_becomes("Straße Æsir Þór Łódź", CHARSET_latin, 70, "Strasse AEsir THor Lodz");
    assert_becomes("Straße", CHARSET_upper, 70, "STRASSE");
    assert_becomes("Ǿ Ǽ K", CHARSET_latin, 70, "O AE K");
    assert_becomes("Nguyễn Thị Phương Thảo", CHARSET_utf8, 70, "Nguyễn Thị Phương Thảo");
}

static void test_text_transliterate_what_is_not_in_the_set_is_dropped(void **state)
{
    (void)state;
    assert_becomes("a&b_c@d*e", CHARSET_latin, 70, "abcde");
    assert_becomes("王 Vương 😀", CHARSET_latin, 70, "Vuong");
    assert_becomes("王", CHARSET_latin, 70, "");
    assert_becomes("really?", CHARSET_latin, 70, "really?");
    assert_becomes("a\u200bb\u00adc", CHARSET_utf8, 70, "abc");
    assert_becomes("王 😀 & x", CHARSET_utf8, 70, "王 😀 & x");
    /* An invisible character between a letter and its mark does not keep them apart. */
    assert_becomes("a\u200b\u0301", CHARSET_utf8, 70, "á");
}

static void test_text_transliterate_spaces_are_folded_and_trimmed(void **state)
{
    static const enum charset sets[] = { CHARSET_utf8, CHARSET_latin };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_becomes("  a   b  ", sets[i], 70, "a b");
        assert_becomes("\u00a0a\u00a0\u2003 b\u3000", sets[i], 70, "a b");
        assert_becomes("", sets[i], 70, "");
        assert_becomes("   ", sets[i], 70, "");
    }
    assert_becomes("a & b", CHARSET_latin, 70, "a b");
    assert_becomes("& a &", CHARSET_latin, 70, "a");
}

static void test_text_transliterate_length_is_cut_on_characters_after_conversion(void **state)
{
    (void)state;
    assert_becomes("ảảả", CHARSET_utf8, 2, "ảả");
    assert_becomes("ảảả", CHARSET_utf8, 3, "ảảả");
    assert_becomes("ảảả", CHARSET_latin, 2, "aa");
    assert_becomes("aßb", CHARSET_latin, 2, "as");
    assert_becomes("aßb", CHARSET_latin, 4, "assb");
    assert_becomes("ab cd", CHARSET_latin, 2, "ab");
    assert_becomes("ab cd", CHARSET_latin, 3, "ab");
    assert_becomes("ab cd", CHARSET_latin, 4, "ab c");
    assert_becomes("ab cd", CHARSET_utf8, 3, "ab");
    assert_becomes("ab", CHARSET_latin, 0, "");
    assert_becomes("ab", CHARSET_utf8, 0, "");
}

static void test_text_transliterate_full_buffer_appends_nothing(void **state)
{
    static const enum charset sets[] = { CHARSET_utf8, CHARSET_latin, CHARSET_upper };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct buf out = BUF_INIT(5);
        assert_int_equal(buf_add_text(&out, "12"), STATUS_OK);
        assert_int_equal(text_transliterate(span_of("abcd"), sets[i], 70, &out), STATUS_LIMIT);
        assert_true(span_is(buf_span(&out), "12"));
        assert_int_equal(text_transliterate(span_of("xyz "), sets[i], 70, &out), STATUS_OK);
        assert_int_equal(out.size, 5);
        buf_release(&out);
    }
}

/* Nothing in Unicode leads to "?" or to anything outside the set, and what utf8proc decomposes into
 * an ASCII letter and marks becomes that letter: this is the check of the tables. */
static void test_text_transliterate_every_character_stays_in_the_set(void **state)
{
    (void)state;
    for (int32_t point = 0x20; point <= 0x10ffff; point++) {
        char bytes[5];
        if (point >= 0xd800 && point <= 0xdfff) {
            continue;
        }
        struct span text = { bytes, encode(point, bytes) };
        if (!text_is_clean(text)) {
            continue;
        }
        struct span latin = transliterated(text, CHARSET_latin, 70);
        for (size_t i = 0; i < latin.size; i++) {
            assert_non_null(strchr(latin_set, latin.data[i]));
            assert_true(latin.data[i] != '?' || point == '?');
        }
        utf8proc_int32_t parts[16];
        int last_class = 0;
        utf8proc_ssize_t count = utf8proc_decompose_char(point, parts, 16, UTF8PROC_DECOMPOSE, &last_class);
        if (count > 1 && ((parts[0] >= 'A' && parts[0] <= 'Z') || (parts[0] >= 'a' && parts[0] <= 'z'))) {
            assert_int_equal(latin.size, 1);
            assert_int_equal(latin.data[0], parts[0]);
        }
    }
}

static void test_text_transliterate_utf8_every_character_is_composed(void **state)
{
    (void)state;
    for (int32_t point = 0xa0; point <= 0x2fff; point++) {
        char bytes[5];
        struct span text = { bytes, encode(point, bytes) };
        utf8proc_category_t category = utf8proc_category(point);
        if (!text_is_clean(text) || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CN ||
            category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
            category == UTF8PROC_CATEGORY_ZP) {
            continue;
        }
        char *composed = (char *)utf8proc_NFC((const utf8proc_uint8_t *)bytes);
        assert_becomes(bytes, CHARSET_utf8, 70, composed);
        free(composed);
    }
}

static void test_text_is_clean_accepts_names(void **state)
{
    (void)state;
    assert_true(text_is_clean(SPAN_EMPTY));
    assert_true(text_is_clean(span_of("Nguyễn Thị Phương Thảo")));
    assert_true(text_is_clean(span_of("\u00a0\u0301\ue000\ufffd\U0010fffd 😀~ ")));
}

static void test_text_is_clean_refuses_what_no_name_holds(void **state)
{
    static const struct span wrong[] = {
        { "a\0b", 3 },          { "\x01", 1 },          { "\x1f", 1 },          { "\t", 1 },
        { "a\n", 2 },           { "\x7f", 1 },          { "\xc2\x80", 2 },      { "\xc2\x9f", 2 },
        { "\x80", 1 },          { "\xc3", 1 },          { "\xc3(", 2 },         { "\xc0\xaf", 2 },
        { "\xe1\xba", 2 },      { "\xed\xa0\x80", 3 },  { "\xed\xbf\xbf", 3 },  { "\xef\xbf\xbe", 3 },
        { "\xef\xbf\xbf", 3 },  { "\xef\xb7\x90", 3 },  { "\xef\xb7\xaf", 3 },  { "\xe2\x80\xaa", 3 },
        { "\xe2\x80\xae", 3 },  { "\xe2\x81\xa6", 3 },  { "\xe2\x81\xa9", 3 },  { "\xf0\x9f\xbf\xbe", 4 },
        { "\xf4\x8f\xbf\xbf", 4 }, { "\xf4\x90\x80\x80", 4 }, { "\xf8\x88\x80\x80\x80", 5 }, { "\xfe", 1 },
        { "\xff", 1 },          { "abc\xe1\xba", 5 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        if (text_is_clean(wrong[i])) {
            fail_msg("case %zu is taken for clean", i);
        }
    }
}

static void test_text_length_counts_characters(void **state)
{
    (void)state;
    assert_int_equal(text_length(SPAN_EMPTY), 0);
    assert_int_equal(text_length(span_of("abc")), 3);
    assert_int_equal(text_length(span_of("Thảo 😀")), 6);
}

static void test_text_hex_and_back(void **state)
{
    uint8_t bytes[256], back[256];
    char hex[513];
    (void)state;
    for (size_t i = 0; i < 256; i++) {
        bytes[i] = (uint8_t)i;
    }
    text_hex(bytes, 256, hex);
    assert_int_equal(strlen(hex), 512);
    assert_memory_equal(hex, "000102", 6);
    assert_memory_equal(hex + 506, "fdfeff", 6);
    assert_true(text_unhex(span_of(hex), back, 256));
    assert_memory_equal(bytes, back, 256);
    text_hex(bytes, 0, hex);
    assert_string_equal(hex, "");
    assert_true(text_unhex(span_of("aBCd"), back, 2));
    assert_true(back[0] == 0xab && back[1] == 0xcd);
}

static void test_text_unhex_anything_else_is_refused(void **state)
{
    uint8_t back[2];
    (void)state;
    assert_false(text_unhex(span_of("abc"), back, 2));
    assert_false(text_unhex(span_of("abcde"), back, 2));
    assert_false(text_unhex(span_of("abcdef"), back, 2));
    assert_false(text_unhex(span_of("abcg"), back, 2));
    assert_false(text_unhex(span_of(" bcd"), back, 2));
    assert_false(text_unhex(span_of("ab:d"), back, 2));
}

static void test_text_base32_most_significant_bits_first(void **state)
{
    static const uint8_t bytes[] = { 0x00, 0x44, 0x32, 0x14, 0xc7, 0x42, 0x54, 0xb6, 0x35, 0xcf };
    char text[16];
    (void)state;
    /* Groups of five bits 0, 1, 2 .. 15: 00000 00001 00010 ... */
    text_base32(bytes, sizeof(bytes), text, 16);
    assert_memory_equal(text, "0123456789ABCDEF", 16);
    memset(text, 'x', sizeof(text));
    text_base32((const uint8_t[]){ 0xff, 0xff }, 2, text, 3);
    assert_memory_equal(text, "ZZZx", 4);
    text_base32((const uint8_t[]){ 0x84 }, 1, text, 1);
    assert_memory_equal(text, "GZZx", 4);
}

static void test_text_number_up_to_the_maximum(void **state)
{
    uint64_t number = 77;
    (void)state;
    assert_true(text_number(span_of("0"), 0, &number));
    assert_int_equal(number, 0);
    assert_true(text_number(span_of("100"), 100, &number));
    assert_int_equal(number, 100);
    assert_true(text_number(span_of("007"), 7, &number));
    assert_int_equal(number, 7);
    assert_true(text_number(span_of("18446744073709551615"), UINT64_MAX, &number));
    assert_true(number == UINT64_MAX);
}

static void test_text_number_anything_else_is_refused(void **state)
{
    static const char *const wrong[] = { "", "+1", "-1", " 1", "1 ", "1.5", "x", "101", "1000", "18446744073709551616" };
    uint64_t number = 77;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        assert_false(text_number(span_of(wrong[i]), 100, &number));
    }
    assert_false(text_number(span_of("18446744073709551616"), UINT64_MAX, &number));
    assert_false(text_number(span_of("7"), 5, &number));
    assert_int_equal(number, 77);
}

static void assert_csv(struct span field, bool guard, const char *expected)
{
    struct buf out = BUF_INIT(1000);
    assert_int_equal(text_add_csv(&out, field, guard), STATUS_OK);
    if (!span_is(buf_span(&out), expected)) {
        fail_msg("%.*s and not %s", (int)out.size, out.data, expected);
    }
    buf_release(&out);
}

static void test_text_add_csv_quotes_when_it_must(void **state)
{
    (void)state;
    assert_csv(span_of(""), false, "");
    assert_csv(span_of("plain text"), false, "plain text");
    assert_csv(span_of("a,b"), false, "\"a,b\"");
    assert_csv(span_of("a\nb"), false, "\"a\nb\"");
    assert_csv(span_of("a\rb"), false, "\"a\rb\"");
    assert_csv(span_of("\""), false, "\"\"\"\"");
    assert_csv(span_of("say \"yes\" now"), false, "\"say \"\"yes\"\" now\"");
}

static void test_text_add_csv_guard_disarms_formulas(void **state)
{
    (void)state;
    assert_csv(span_of("=1+1"), true, "'=1+1");
    assert_csv(span_of("+1"), true, "'+1");
    assert_csv(span_of("-1"), true, "'-1");
    assert_csv(span_of("@x"), true, "'@x");
    assert_csv(span_of("\tx"), true, "'\tx");
    assert_csv(span_of("\rx"), true, "\"'\rx\"");
    assert_csv(span_of("=\"a\",b"), true, "\"'=\"\"a\"\",b\"");
    assert_csv(span_of("a=1"), true, "a=1");
    assert_csv(span_of(""), true, "");
}

static void test_text_add_csv_full_buffer_appends_nothing(void **state)
{
    (void)state;
    /* ab, and "'=""," for =", : the whole is 10 bytes. */
    for (size_t cap = 2; cap <= 10; cap++) {
        struct buf out = BUF_INIT(cap);
        assert_int_equal(buf_add_text(&out, "ab"), STATUS_OK);
        assert_int_equal(text_add_csv(&out, span_of("=\",c"), true), cap < 10 ? STATUS_LIMIT : STATUS_OK);
        assert_true(span_is(buf_span(&out), cap < 10 ? "ab" : "ab\"'=\"\",c\""));
        buf_release(&out);
    }
}

static void test_text_add_json_escapes(void **state)
{
    struct buf out = BUF_INIT(1000);
    (void)state;
    assert_int_equal(text_add_json(&out, SPAN_EMPTY), STATUS_OK);
    assert_int_equal(text_add_json(&out, span_of("Thảo \"x\" \\ \n\r\t\x01\x1f/")), STATUS_OK);
    assert_true(span_is(buf_span(&out), "\"\"\"Thảo \\\"x\\\" \\\\ \\n\\r\\t\\u0001\\u001f/\""));
    buf_release(&out);
}

static void test_text_add_json_full_buffer_appends_nothing(void **state)
{
    (void)state;
    for (size_t cap = 0; cap <= 10; cap++) {
        struct buf out = BUF_INIT(cap);
        assert_int_equal(text_add_json(&out, span_of("ab\x01")), cap < 10 ? STATUS_LIMIT : STATUS_OK);
        assert_int_equal(out.size, cap < 10 ? 0 : 10);
        buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_transliterate_each_vietnamese_letter_composed_and_decomposed),
        cmocka_unit_test(test_text_transliterate_names),
        cmocka_unit_test(test_text_transliterate_what_is_not_in_the_set_is_dropped),
        cmocka_unit_test(test_text_transliterate_spaces_are_folded_and_trimmed),
        cmocka_unit_test(test_text_transliterate_length_is_cut_on_characters_after_conversion),
        cmocka_unit_test(test_text_transliterate_full_buffer_appends_nothing),
        cmocka_unit_test(test_text_transliterate_every_character_stays_in_the_set),
        cmocka_unit_test(test_text_transliterate_utf8_every_character_is_composed),
        cmocka_unit_test(test_text_is_clean_accepts_names),
        cmocka_unit_test(test_text_is_clean_refuses_what_no_name_holds),
        cmocka_unit_test(test_text_length_counts_characters),
        cmocka_unit_test(test_text_hex_and_back),
        cmocka_unit_test(test_text_unhex_anything_else_is_refused),
        cmocka_unit_test(test_text_base32_most_significant_bits_first),
        cmocka_unit_test(test_text_number_up_to_the_maximum),
        cmocka_unit_test(test_text_number_anything_else_is_refused),
        cmocka_unit_test(test_text_add_csv_quotes_when_it_must),
        cmocka_unit_test(test_text_add_csv_guard_disarms_formulas),
        cmocka_unit_test(test_text_add_csv_full_buffer_appends_nothing),
        cmocka_unit_test(test_text_add_json_escapes),
        cmocka_unit_test(test_text_add_json_full_buffer_appends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
