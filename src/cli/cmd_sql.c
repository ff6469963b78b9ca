/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/vec.h"
#include "cli/rows.h"
#include "command/session.h"
#include "store/quote.h"

enum { TABLE_LIMIT = 40, SQL_LIMIT = 4 << 20, DECIMALS_MAX = 4 };

/* --- the statement --- */

static strata_status read_sql(const call *c, const char **out, strata_error *err)
{
    *out = c->args[0];
    if (strcmp(c->args[0], "-") == 0) {
        STRATA_AUTO_FREE char *text = NULL;
        size_t len = 0;
        STRATA_TRY(file_read("/dev/stdin", SQL_LIMIT, &text, &len, err));
        *out = arena_strndup(c->arena, text, len);
    }
    if (*out == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if ((*out)[strspn(*out, " \t\r\n;")] == '\0') {
        return strata_fail(err, STRATA_E_USAGE,
                           "there is no statement; 'strata sql' lists the tables");
    }
    return STRATA_OK;
}

/* The type in which a value that the program cannot hold as it is gets shown. */
static const char *shown_as(const stmt *s, size_t col)
{
    static const struct {
        const char *type, *as;
    } casts[] = {{"SMALLINT", "integer"}, {"USMALLINT", "integer"}, {"UINTEGER", "bigint"},
                 {"FLOAT", "double"},     {"HUGEINT", "double"},    {"DECIMAL", "double"}};
    const char *type = stmt_column_sql_type(s, col);
    for (size_t i = 0; i < sizeof casts / sizeof casts[0]; i++) {
        if (strcmp(type, casts[i].type) == 0) {
            return casts[i].as;
        }
    }
    return "text";
}

static bool is_shown(column_type type)
{
    return type != COLUMN_OTHER && type != COLUMN_BLOB;
}

/* The statement as a table whose columns are cast to what can be shown. */
static strata_status cast_columns(store_conn *conn, const char *sql, stmt **s, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_add(&text, "select ");
    for (size_t i = 0; i < stmt_n_columns(*s); i++) {
        strbuf_printf(&text, "%sc%zu", i > 0 ? ", " : "", i);
        if (!is_shown(stmt_column_type(*s, i))) {
            strbuf_printf(&text, "::%s", shown_as(*s, i));
        }
        strbuf_add(&text, " as ");
        sql_ident(&text, stmt_column_name(*s, i));
    }
    size_t len = strlen(sql);
    while (len > 0 && strchr(" \t\r\n;", sql[len - 1]) != NULL) {
        len--;
    }
    strbuf_add(&text, " from (");
    strbuf_add_n(&text, sql, len);
    strbuf_add(&text, "\n) as q(");
    for (size_t i = 0; i < stmt_n_columns(*s); i++) {
        strbuf_printf(&text, "%sc%zu", i > 0 ? ", " : "", i);
    }
    strbuf_add(&text, ")");
    STRATA_TRY(strbuf_status(&text, err));
    stmt *cast = NULL;
    STRATA_TRY(stmt_new_text(conn, "sql", strbuf_text(&text), &cast, err));
    stmt_free(*s);
    *s = cast;
    return STRATA_OK;
}

static strata_status prepare(store_conn *conn, const char *sql, stmt **out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(conn, "sql", sql, &s, err));
    bool readable = true;
    for (size_t i = 0; i < stmt_n_columns(s); i++) {
        readable = readable && is_shown(stmt_column_type(s, i));
    }
    if (!readable) {
        STRATA_TRY(cast_columns(conn, sql, &s, err));
    }
    *out = strata_steal(&s);
    return STRATA_OK;
}

/* --- a table of it --- */

typedef VEC(doc_cell) cell_vec;

static void cells_done(cell_vec *cells)
{
    vec_free(cells);
}

static strata_status take_rows(const call *c, stmt *s, size_t most, cell_vec *cells, size_t *n_rows,
                               bool *more, strata_error *err)
{
    size_t n = 0;
    *n_rows = 0;
    STRATA_TRY(stmt_stream(s, err));
    STRATA_TRY(stmt_next_chunk(s, &n, err));
    while (n > 0 && *n_rows < most) {
        size_t take = n < most - *n_rows ? n : most - *n_rows;
        for (size_t i = 0; i < take * stmt_n_columns(s); i++) {
            doc_cell cell = {0};
            STRATA_TRY(
                rows_cell(s, i % stmt_n_columns(s), i / stmt_n_columns(s), c->arena, &cell, err));
            if (!vec_push(cells, cell)) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory; --format csv needs less");
            }
        }
        *n_rows += take;
        *more = take < n;
        if (!*more) {
            STRATA_TRY(stmt_next_chunk(s, &n, err));
            *more = n > 0;
        }
    }
    *more = *more || (n > 0 && *n_rows >= most);
    return STRATA_OK;
}

/* As many decimals as the column's values have, up to DECIMALS_MAX. */
static int decimals_of(const cell_vec *cells, size_t col, size_t n_columns)
{
    int decimals = 0;
    for (size_t i = col; i < cells->n; i += n_columns) {
        double x = cells->data[i].type == CELL_NUMBER ? cells->data[i].number : 0.0;
        double scale = pow(10.0, decimals);
        while (decimals < DECIMALS_MAX && fabs(x * scale - round(x * scale)) > 1e-9 * fabs(x)) {
            decimals++;
            scale *= 10.0;
        }
    }
    return decimals;
}

static strata_status build(const call *c, const stmt *s, const cell_vec *cells, size_t n_rows,
                           bool more, document *d, strata_error *err)
{
    size_t n = stmt_n_columns(s);
    doc_column *columns = ARENA_NEW(c->arena, n + 1, doc_column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        columns[i] = (doc_column){.key = stmt_column_name(s, i),
                                  .label = stmt_column_name(s, i),
                                  .type = rows_cell_type(stmt_column_type(s, i)),
                                  .decimals = decimals_of(cells, i, n)};
    }
    doc_section *section = document_section(d, NULL, "sql", more ? "First rows" : "Result");
    doc_table *t = doc_table_new(section, "rows", NULL, columns, n);
    for (size_t row = 0; row < n_rows; row++) {
        doc_row(t, cells->data + row * n);
    }
    if (more) {
        doc_table_footnote(t, "the first %zu rows; --limit N shows more, --format csv all", n_rows);
    }
    return STRATA_OK;
}

static strata_status show(call *c, const project *p, stmt *s, strata_error *err)
{
    long limit = 0;
    size_t n_rows = 0;
    bool more = false;
    STRATA_CLEANUP(cells_done) cell_vec cells = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(call_count(c, "limit", 1, 1000000L, TABLE_LIMIT, &limit, err));
    STRATA_TRY(take_rows(c, s, (size_t)limit, &cells, &n_rows, &more, err));
    STRATA_TRY(session_document(c, p, "sql", "Rows of the store", c->cx.today, -1, -1, &d, err));
    STRATA_TRY(build(c, s, &cells, n_rows, more, d, err));
    return call_show(c, d, err);
}

/* --- the tables --- */

/* "account_id VARCHAR, name VARCHAR, ..." of each table, one row a table. */
static strata_status add_tables(stmt *s, doc_table *t, strata_error *err)
{
    STRBUF_AUTO strbuf name;
    STRBUF_AUTO strbuf columns;
    strbuf_init(&name, 0);
    strbuf_init(&columns, 0);
    int64_t rows = 0;
    bool more = false;
    do {
        STRATA_TRY(stmt_next(s, &more, err));
        text_view table = more ? stmt_get_text(s, 0) : (text_view){NULL, 0};
        bool same = more && name.len == table.len && memcmp(name.text, table.ptr, table.len) == 0;
        if (!same && name.len > 0) {
            doc_row(t, (doc_cell[]){cell_text(strbuf_text(&name)), cell_count(rows),
                                    cell_text(strbuf_text(&columns))});
            strbuf_clear(&name);
            strbuf_clear(&columns);
        }
        if (more && !same) {
            strbuf_add_n(&name, table.ptr, table.len);
            rows = stmt_get_int(s, 1);
        }
        if (more) {
            text_view head = stmt_get_text(s, 2);
            text_view type = stmt_get_text(s, 3);
            strbuf_printf(&columns, "%s%.*s %.*s", columns.len > 0 ? ", " : "", (int)head.len,
                          head.ptr, (int)type.len, type.ptr);
        }
    } while (more);
    STRATA_TRY(strbuf_status(&name, err));
    return strbuf_status(&columns, err);
}

static strata_status list_tables(call *c, const project *p, store_conn *conn, strata_error *err)
{
    static const doc_column columns[] = {{.key = "table", .label = "Table", .type = CELL_TEXT},
                                         {.key = "rows", .label = "Rows", .type = CELL_COUNT},
                                         {.key = "columns", .label = "Columns", .type = CELL_TEXT}};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(stmt_new(conn, "store/columns.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(
        session_document(c, p, "tables", "Tables of the store", c->cx.today, -1, -1, &d, err));
    doc_section *section = document_section(d, NULL, "tables", "Tables");
    STRATA_TRY(add_tables(s, doc_table_new(section, "tables", NULL, columns, 3), err));
    doc_paragraph(section, "Days are counted from 1970-01-01 (`date '1970-01-01' + day`), money is "
                           "in hundredths; `account` numbers lead to `account.account_id`.");
    doc_next_step(d, "strata sql 'select * from run'");
    return call_show(c, d, err);
}

/* --- */

/* What DuckDB refuses because the store is open for reading, said so. */
static strata_status explain_refusal(strata_status st, strata_error *err)
{
    if (st != STRATA_OK && err != NULL &&
        (strstr(err->message, "read-only") != NULL ||
         strstr(err->message, "disabled by configuration") != NULL ||
         strstr(err->message, "external access") != NULL)) {
        return strata_wrap(err, STRATA_E_USAGE,
                           "'strata sql' only reads the store, and nothing else");
    }
    return st;
}

static strata_status query(call *c, const project *p, store_conn *conn, strata_error *err)
{
    const char *sql = NULL;
    size_t n = 0;
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(read_sql(c, &sql, err));
    STRATA_TRY(prepare(conn, sql, &s, err));
    stmt_watch(s, "query");
    if (c->format == RENDER_CSV || c->format == RENDER_JSON) {
        return rows_write(c, s, &n, err);
    }
    return show(c, p, s, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(session_project(c, &p, err));
    STRATA_TRY(project_open_reader(p, err));
    if (c->n_args == 0) {
        return list_tables(c, p, store_main(p->store), err);
    }
    return explain_refusal(query(c, p, store_main(p->store), err), err);
}

static const command_option options[] = {
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "rows shown in a table (default 40); csv and json have all"},
    {0}};
static const command_example examples[] = {
    {"strata sql", "the tables with their columns"},
    {"strata sql \"select as_of, n_accounts, arr / 100 as arr from run order by as_of\"",
     "the recorded reviews"},
    {"strata sql - --format csv -o usage.csv < usage.sql", "a statement from a file, all rows"},
    {0}};
const command_def command_sql = {
    .name = "sql",
    .summary = "Look into the store with SQL, reading only",
    .usage = "[STATEMENT|-]",
    .description =
        "Runs one SELECT (or DESCRIBE, SHOW, SUMMARIZE) in DuckDB's SQL on the store. Without a "
        "statement\nthe tables are listed; with - it is read from standard input. Nothing can be "
        "written and no other\nfile be reached. csv and json are written row by row, whatever "
        "their "
        "size; json is a list of objects.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .run = run};
