/* SPDX-License-Identifier: Apache-2.0 */
/* What a request and its answer are made of: addresses, headers, forms, compression. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/file.h"
#include "serve/parts.h"

/* --- addresses --- */

typedef struct target {
    const char *path;
    const call_pair *query;
    size_t n;
} target;

static strata_status read_target(arena *a, const char *text, target *t)
{
    strata_error err = {0};
    return http_target(a, text, &t->path, &t->query, &t->n, &err);
}

static void addresses_are_decoded(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    target t = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(read_target(a, "/v1/a%20b+c?where=arr+%3E+5k%26&wide&&x=%C3%A9&e=", &t),
                     STRATA_OK);
    assert_string_equal(t.path, "/v1/a b+c");
    assert_int_equal(t.n, 4);
    assert_string_equal(t.query[0].name, "where");
    assert_string_equal(t.query[0].value, "arr > 5k&");
    assert_string_equal(t.query[1].value, "");
    assert_string_equal(t.query[2].value, "\xc3\xa9");
    assert_string_equal(t.query[3].name, "e");
}

static void addresses_that_are_none_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    static const char *const wrong[] = {"",           "v1",
                                        "/%",         "/%4",
                                        "/%4g",       "/%00",
                                        "/a?b=%0",    "/a?b=%ff",
                                        "/\x01",      "/%c0%af",
                                        "/%ed%a0%80", "/%f4%90%80%80",
                                        "/%e0%80%80", "/%f0%80%80%80",
                                        "/%e2%82",    "/a?%7f=1"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        target t = {0};
        if (read_target(a, wrong[i], &t) != STRATA_E_USAGE) {
            fail_msg("'%s' was taken", wrong[i]);
        }
        assert_null(t.path);
    }
}

static void headers_are_lists(void **state)
{
    (void)state;
    assert_true(http_takes("gzip", "gzip"));
    assert_true(http_takes("br, GZIP ;q=0.5", "gzip"));
    assert_false(http_takes("br, gzip;q=0", "gzip"));
    assert_false(http_takes("gzip; q=0.000", "gzip"));
    assert_true(http_takes("gzip; q=0.001", "gzip"));
    assert_false(http_takes("xgzip", "gzip"));
    assert_false(http_takes(NULL, "gzip"));
    assert_true(http_has_tag("\"a\", W/\"b\"", "\"b\""));
    assert_true(http_has_tag("*", "\"b\""));
    assert_false(http_has_tag("\"a\"", "\"b\""));
    assert_false(http_has_tag("*", ""));
    assert_false(http_has_tag(NULL, "\"b\""));
}

static void the_heaviest_form_is_chosen(void **state)
{
    (void)state;
    answer_form f = {0};
    static const struct {
        const char *accept;
        render_format format;
    } cases[] = {{NULL, RENDER_JSON},
                 {"*/*", RENDER_JSON},
                 {"text/html,application/xhtml+xml,*/*;q=0.8", RENDER_HTML},
                 {"text/csv;q=0.9, text/html;q=0.2", RENDER_CSV},
                 {"application/json;q=0, */*;q=0.1", RENDER_HTML},
                 {"text/*", RENDER_HTML},
                 {"text/markdown; charset=utf-8", RENDER_MARKDOWN}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(form_find(cases[i].accept, false, &f));
        assert_int_equal(f.format, cases[i].format);
    }
    assert_false(form_find("image/png", false, &f));
    assert_false(form_find("*/*;q=0", false, &f));
    assert_false(form_find("application/vnd.apache.parquet", false, &f));
    assert_true(form_find("application/vnd.apache.parquet", true, &f));
    assert_string_equal(f.ending, "parquet");
    assert_false(form_find("text/html", true, &f));
    assert_true(form_of_ending("xlsx", &f));
    assert_false(form_of_ending("exe", &f));
    assert_string_equal(form_type_of("accounts.csv"), "text/csv; charset=utf-8; header=present");
}

static void compressed_text_reads_back(void **state)
{
    (void)state;
    STRBUF_AUTO strbuf packed;
    strbuf_init(&packed, 0);
    static char text[200000];
    static char back[200000];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    assert_true(http_gzip(text, sizeof text, &packed));
    assert_true(packed.len < sizeof text);
    z_stream z = {.next_in = (unsigned char *)packed.text,
                  .avail_in = (uInt)packed.len,
                  .next_out = (unsigned char *)back,
                  .avail_out = sizeof back};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    (void)inflateEnd(&z);
    assert_int_equal(z.total_out, sizeof text);
    assert_memory_equal(text, back, sizeof text);
}

static void weights_are_thousandths(void **state)
{
    (void)state;
    static const struct {
        const char *element;
        int weight;
    } cases[] = {{"br", 1000},     {"br;q=0.5", 500}, {"br; Q=0.001", 1},
                 {"br;q=7", 1000}, {"br;q=0", 0},     {"br;q=", 1000},
                 {"seq=0", 1000},  {"q=0", 1000},     {"a;b=c;q=0.25", 250}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(http_weight(cases[i].element, strlen(cases[i].element)), cases[i].weight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_decoded),
        cmocka_unit_test(addresses_that_are_none_are_refused),
        cmocka_unit_test(headers_are_lists),
        cmocka_unit_test(the_heaviest_form_is_chosen),
        cmocka_unit_test(weights_are_thousandths),
        cmocka_unit_test(compressed_text_reads_back),
    };
    return cmocka_run_group_tests_name("serve http", tests, NULL, NULL);
}
