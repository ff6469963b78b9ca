/* SPDX-License-Identifier: Apache-2.0 */
/* What the server keeps: rendered answers, tables handed out page by page, the state they are of.
 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/parts.h"

/* --- the cache --- */

static http_bytes *bytes_of(size_t n)
{
    strbuf text;
    strbuf_init(&text, 0);
    strbuf_repeat(&text, 'x', n);
    return http_bytes_take(&text);
}

static void key_of(int i, char key[CACHE_KEY + 1])
{
    (void)snprintf(key, CACHE_KEY + 1, "%064d", i);
}

static void the_cache_keeps_what_was_used_last(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(cache_free) cache *c = NULL;
    char key[CACHE_KEY + 1];
    assert_ok(cache_new(1000, &c, &err), &err);
    for (int i = 0; i < 20; i++) {
        key_of(i, key);
        http_bytes *b = bytes_of(100);
        cache_add(c, key, b);
        http_bytes_free(b);
        key_of(0, key); /* the first is used again and again */
        http_bytes_free(cache_find(c, key));
    }
    assert_int_equal(cache_bytes(c), 1000);
    for (int i = 0; i < 20; i++) {
        key_of(i, key);
        http_bytes *found = cache_find(c, key);
        assert_int_equal(found != NULL, i == 0 || i > 10);
        http_bytes_free(found);
    }
    http_bytes *large = bytes_of(126); /* more than an eighth */
    key_of(99, key);
    cache_add(c, key, large);
    assert_null(cache_find(c, key));
    http_bytes_free(large);
}

static void cursors_are_read_or_refused(void **state)
{
    (void)state;
    char mark[17];
    size_t from = 0;
    assert_true(cursor_read("0123456789abcdef-42", mark, &from));
    assert_string_equal(mark, "0123456789abcdef");
    assert_int_equal(from, 42);
    static const char *const wrong[] = {"",
                                        "0123456789abcdef",
                                        "0123456789abcdef-",
                                        "0123456789abcdef-x",
                                        "0123456789abcdef--1",
                                        "0123456789abcdeF-1",
                                        "0123456789abcdef-1234567890",
                                        "0123456789abcdef-1 "};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(cursor_read(wrong[i], mark, &from));
    }
}

static void the_state_of_a_folder_is_that_of_its_files(void **state)
{
    (void)state;
    strata_error err = {0};
    char folder[] = "/tmp/strata-serve-XXXXXX";
    char path[64];
    char log[64];
    char before[DIGEST_TEXT];
    char after[DIGEST_TEXT];
    project_files f;
    assert_non_null(mkdtemp(folder));
    project_files_init(&f, folder);
    (void)snprintf(path, sizeof path, "%s/strata.yaml", folder);
    (void)snprintf(log, sizeof log, "%s/strata-audit.jsonl", folder);
    project_files_state(&f, before);
    assert_ok(file_write(path, "a", 1, &err), &err);
    project_files_state(&f, after);
    assert_string_not_equal(before, after);
    assert_ok(file_write(log, "a", 1, &err), &err); /* the server's own log decides nothing */
    project_files_state(&f, before);
    assert_string_equal(before, after);
    assert_ok(file_write(path, "b", 1, &err), &err);
    project_files_state(&f, before);
    assert_string_not_equal(before, after);
    /* What the model names counts wherever it lies, also before it is there. */
    char other[] = "/tmp/strata-other-XXXXXX";
    int fd = mkstemp(other);
    assert_true(fd >= 0);
    const model_file named = {.path = other};
    const model m = {.files = &named};
    project_files_set(&f, &m);
    project_files_state(&f, after);
    assert_string_not_equal(before, after);
    assert_int_equal(write(fd, "a", 1), 1);
    project_files_state(&f, before);
    assert_string_not_equal(before, after);
    (void)close(fd);
    (void)unlink(other);
    project_files_state(&f, after);
    assert_string_not_equal(before, after);
    (void)unlink(path);
    (void)unlink(log);
    (void)rmdir(folder);
    project_files_done(&f);
}

/* --- tables that are handed out page by page --- */

static void make_rows(json_rows *r, size_t n)
{
    json_rows_init(r);
    strbuf_add(&r->columns, "[]");
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&r->rows.cells, "[%zu]", i);
        assert_true(vec_push(&r->rows.ends, r->rows.cells.len));
    }
}

static void the_tables_used_last_are_kept(void **state)
{
    (void)state;
    tables kept = {0};
    char key[DIGEST_TEXT] = "table 0";
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i <= TABLES_KEPT; i++) {
        json_rows rows;
        make_rows(&rows, i + 3);
        (void)snprintf(key, sizeof key, "table %zu", i);
        tables_keep(&kept, key, &rows);
        assert_int_equal(tables_find(&kept, key)->rows.ends.n, i + 3);
        assert_int_equal(rows.rows.ends.n, 0);
        assert_non_null(tables_find(&kept, "table 0"));
        json_rows_done(&rows);
    }
    assert_null(tables_find(&kept, "table 1"));
    const json_rows *found = tables_find(&kept, "table 2");
    assert_non_null(found);
    json_rows_put(found, (const size_t[]){1, 2}, 2, &out);
    assert_string_equal(strbuf_text(&out), "\n[1],\n[2]");
    tables_clear(&kept);
    assert_null(tables_find(&kept, "table 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cache_keeps_what_was_used_last),
        cmocka_unit_test(cursors_are_read_or_refused),
        cmocka_unit_test(the_state_of_a_folder_is_that_of_its_files),
        cmocka_unit_test(the_tables_used_last_are_kept),
    };
    return cmocka_run_group_tests_name("serve keep", tests, NULL, NULL);
}
