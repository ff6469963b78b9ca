/* SPDX-License-Identifier: Apache-2.0 */

/* Every statement below sql/ is prepared against a new store, and what DuckDB makes
 * of it compared with its header comment:
 *
 *     -- Text.
 *     --   $name  TYPE  meaning            one line per parameter
 *     -- returns a TYPE, b TYPE            all columns; goes on after a comma at the end of a line
 *     -- needs source/stage_usage.sql      a statement to run before, since this one uses
 *                                          what it makes
 *     -- needs function f(VARCHAR) BIGINT  a C function that the module registers before
 *
 * Files in schema/ are migrations, which opening the store runs. */

#include <ctype.h>

#include "store_test.h"

#include "base/blob.h"
#include "base/strbuf.h"
#include "store/duckdb_api.h"
#include "store/private.h"
#include "store/udf.h"

enum { WORD = 64 };

static bool starts(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* The next word of letters, digits and '_', after anything else; false at the end of the line. */
static bool next_word(const char **at, char out[WORD])
{
    const char *p = *at;
    while (*p != '\0' && *p != '\n' && !isalnum((unsigned char)*p) && *p != '_') {
        p++;
    }
    size_t n = 0;
    while ((isalnum((unsigned char)*p) || *p == '_') && n + 1 < WORD) {
        out[n++] = *p++;
    }
    out[n] = '\0';
    *at = p;
    return n > 0;
}

/* The line after this one, if it is a comment too. */
static const char *next_comment(const char *line)
{
    const char *next = strchr(line, '\n');
    return next != NULL && starts(next + 1, "--") ? next + 1 : NULL;
}

static bool ends_with_comma(const char *line)
{
    size_t n = strcspn(line, "\n");
    return n > 0 && line[n - 1] == ',';
}

/* "a TYPE, b TYPE" of the header, as "a TYPE\n" per column; "" when it returns nothing. */
static void header_columns(const char *sql, strbuf *out)
{
    bool within = false;
    for (const char *line = sql; line != NULL && starts(line, "--"); line = next_comment(line)) {
        const char *at = line + 2;
        if (!within && !starts(line, "-- returns ")) {
            continue;
        }
        if (!within) {
            at = line + strlen("-- returns ");
        }
        char name[WORD];
        char type[WORD];
        while (next_word(&at, name) && next_word(&at, type)) {
            strbuf_printf(out, "%s %s\n", name, type);
        }
        within = ends_with_comma(line);
    }
}

/* The type that the header gives to $name; false when the header has no such parameter. */
static bool header_param(const char *sql, const char *name, char type[WORD])
{
    for (const char *line = sql; line != NULL && starts(line, "--"); line = next_comment(line)) {
        char word[WORD];
        const char *at = line + 2 + strspn(line + 2, " ");
        if (*at == '$' && next_word(&at, word) && strcmp(word, name) == 0) {
            return next_word(&at, type);
        }
    }
    return false;
}

static size_t count_header_params(const char *sql)
{
    size_t n = 0;
    for (const char *line = sql; line != NULL && starts(line, "--"); line = next_comment(line)) {
        n += line[2 + strspn(line + 2, " ")] == '$';
    }
    return n;
}

static bool nothing(const void *extra, const text_view *args, udf_value *out)
{
    (void)extra;
    (void)args;
    (void)out;
    return false;
}

/* "f(VARCHAR, VARCHAR) BIGINT" */
static void add_function(store *s, const char *declared)
{
    strata_error err = {0};
    char name[WORD];
    char word[WORD];
    udf f = {.name = name, .fn = nothing};
    const char *at = declared;
    assert_true(next_word(&at, name));
    while (next_word(&at, word) && strcmp(word, "VARCHAR") == 0) {
        f.n_args++;
    }
    for (int type = COLUMN_BOOL; type <= COLUMN_TEXT; type++) {
        if (strcmp(column_type_name((column_type)type), word) == 0) {
            f.returns = (column_type)type;
        }
    }
    assert_ok(store_add_function(store_main(s), &f, &err), &err);
}

static void prepare_needs(store *s, const char *sql)
{
    static const char needs[] = "-- needs ";
    for (const char *line = sql; line != NULL && starts(line, "--"); line = next_comment(line)) {
        if (!starts(line, needs)) {
            continue;
        }
        const char *what = line + strlen(needs);
        if (starts(what, "function ")) {
            add_function(s, what + strlen("function "));
            continue;
        }
        char file[TEST_PATH];
        strata_error err = {0};
        (void)snprintf(file, sizeof file, "%.*s", (int)strcspn(what, " \n"), what);
        assert_non_null(sql_file(file));
        prepare_needs(s, (const char *)sql_file(file)->data);
        assert_ok(stmt_run(store_main(s), file, &err), &err);
    }
}

static void check_params(duckdb_prepared_statement p, const strata_blob *file)
{
    const char *sql = (const char *)file->data;
    for (idx_t i = 1; i <= duckdb_nparams(p); i++) {
        char *name = duckdb_parameter_name(p, i);
        char type[WORD] = "";
        if (!header_param(sql, name, type)) {
            fail_msg("%s: $%s is not in the header", file->name, name);
        }
        duckdb_type got = duckdb_param_type(p, i);
        if (got != DUCKDB_TYPE_INVALID && strcmp(duckdb_type_name(got), type) != 0 &&
            strcmp(duckdb_type_name(got), "?") != 0) {
            fail_msg("%s: $%s is %s, the header says %s", file->name, name, duckdb_type_name(got),
                     type);
        }
        duckdb_free(name);
    }
    if (count_header_params(sql) != duckdb_nparams(p)) {
        fail_msg("%s: the header has %zu parameters, the statement %zu", file->name,
                 count_header_params(sql), (size_t)duckdb_nparams(p));
    }
}

/* Statements without rows have a column of their own ("Count"), which no header needs. */
static bool yields_rows(const char *sql)
{
    while (starts(sql, "--")) {
        sql += strcspn(sql, "\n") + 1;
    }
    return starts(sql, "select") || starts(sql, "with") || starts(sql, "from") ||
           strstr(sql, "\nreturning ") != NULL;
}

static void check_columns(const stmt *q, const strata_blob *file)
{
    STRBUF_AUTO strbuf want = {0};
    STRBUF_AUTO strbuf got = {0};
    strbuf_init(&want, 0);
    strbuf_init(&got, 0);
    header_columns((const char *)file->data, &want);
    for (size_t i = 0; i < stmt_n_columns(q) && yields_rows((const char *)file->data); i++) {
        strbuf_printf(&got, "%s %s\n", stmt_column_name(q, i), stmt_column_sql_type(q, i));
    }
    if (strcmp(strbuf_text(&want), strbuf_text(&got)) != 0) {
        fail_msg("%s returns\n%sthe header says\n%s", file->name, strbuf_text(&got),
                 strbuf_text(&want));
    }
}

static void check_statement(const strata_blob *file)
{
    const char *sql = (const char *)file->data;
    strata_error err = {0};
    if (!starts(sql, "-- ")) {
        fail_msg("%s does not begin with a comment", file->name);
    }
    STRATA_AUTO(store_close) store *s = open_store(NULL, STORE_MEMORY, true);
    prepare_needs(s, sql);
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new(store_main(s), file->name, &q, &err), &err);
    check_columns(q, file);
    duckdb_prepared_statement p = NULL;
    assert_int_equal(duckdb_prepare(store_main(s)->duckdb, sql, &p), DuckDBSuccess);
    check_params(p, file);
    duckdb_destroy_prepare(&p);
}

static void every_statement_is_what_its_header_says(void **state)
{
    (void)state;
    size_t n = 0;
    for (const strata_blob *b = strata_sql_files; b->name != NULL; b++) {
        if (!starts(b->name, "schema/")) {
            check_statement(b);
            n++;
        }
    }
    assert_true(n > 0);
}

static void migrations_are_numbered_without_gaps(void **state)
{
    (void)state;
    int n = 0;
    for (const strata_blob *b = strata_sql_files; b->name != NULL; b++) {
        if (starts(b->name, "schema/")) {
            n++;
            assert_int_equal(strtol(b->name + strlen("schema/"), NULL, 10), n);
        }
    }
    assert_int_equal(store_schema_version(), n);
}

static void headers_are_read_as_meant(void **state)
{
    (void)state;
    static const char sql[] = "-- Text.\n--   $first  INTEGER  account\n--   $b  DATE  day\n"
                              "-- returns a INTEGER, b DOUBLE,\n--   c VARCHAR\n-- More.\n"
                              "select 1\n-- returns z DATE\n";
    STRBUF_AUTO strbuf columns = {0};
    strbuf_init(&columns, 0);
    header_columns(sql, &columns);
    assert_string_equal(strbuf_text(&columns), "a INTEGER\nb DOUBLE\nc VARCHAR\n");
    char type[WORD];
    assert_true(header_param(sql, "b", type));
    assert_string_equal(type, "DATE");
    assert_false(header_param(sql, "c", type));
    assert_int_equal(count_header_params(sql), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read_as_meant),
        cmocka_unit_test(migrations_are_numbered_without_gaps),
        cmocka_unit_test(every_statement_is_what_its_header_says),
    };
    return cmocka_run_group_tests_name("sql", tests, NULL, NULL);
}
