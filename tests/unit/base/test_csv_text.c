/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "base/csv_text.h"

/* RFC 4180 for the quotes; the signs are those that spreadsheets run (OWASP, CSV Injection). */
static const struct {
    const char *text, *people, *strata;
} cases[] = {
    {"", "", ""},
    {"plain", "plain", "plain"},
    {"a,b", "\"a,b\"", "\"a,b\""},
    {"say \"no\"", "\"say \"\"no\"\"\"", "\"say \"\"no\"\"\""},
    {"\"", "\"\"\"\"", "\"\"\"\""},
    {"two\nlines", "\"two\nlines\"", "\"two\nlines\""},
    {" blank", "\" blank\"", "\" blank\""},
    {"=1+1", "'=1+1", "=1+1"},
    {"-cmd", "'-cmd", "-cmd"},
    {"@x,y", "\"'@x,y\"", "\"@x,y\""},
};

static void fields_are_quoted_where_they_must_and_never_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        STRBUF_AUTO strbuf people;
        STRBUF_AUTO strbuf strata;
        strbuf_init(&people, 0);
        strbuf_init(&strata, 0);
        csv_put_text(&people, cases[i].text, strlen(cases[i].text), CSV_FOR_PEOPLE);
        csv_put_text(&strata, cases[i].text, strlen(cases[i].text), CSV_FOR_STRATA);
        assert_string_equal(strbuf_text(&people), cases[i].people);
        assert_string_equal(strbuf_text(&strata), cases[i].strata);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_where_they_must_and_never_run),
    };
    return cmocka_run_group_tests_name("csv_text", tests, NULL, NULL);
}
