/* What the tests of the law share: the law file of the checkout, loaded. */
#ifndef CHITRA_TEST_LAW_SUPPORT_H
#define CHITRA_TEST_LAW_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "law/law_internal.h"

/* A whole file, ended by a NUL; free with test_free. */
static inline char *law_test_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size_max = 1 << 20, size;
    char *text = test_malloc(size_max);

    assert_non_null(file);
    size = fread(text, 1, size_max - 1, file);
    assert_true(size > 0 && size < size_max - 1);
    text[size] = '\0';
    fclose(file);
    return text;
}

static inline struct law *law_test_load(void)
{
    char *xml = law_test_file("formats/law/vn.xml"), *xsd = law_test_file("formats/law/law.xsd");
    struct law *law = NULL;
    struct diag diag;

    if (law_new(span_of(xml), "vn.xml", span_of(xsd), &law, &diag) != STATUS_OK) {
        char text[DIAG_BYTES_MAX];
        diag_text(&diag, text, sizeof(text));
        fail_msg("%s", text);
    }
    test_free(xml);
    test_free(xsd);
    return law;
}

#endif
