/* SPDX-License-Identifier: Apache-2.0 */
#include "command/export_out.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scratch.h"
#include "render/json/rows_book.h"

struct export_out {
    const call *c;
    const char *path, *beside, *title;
    export_type type;
    size_t n_columns, n_rows;
    table_file *table; /* either this */
    rows_book *book;   /* or this, which is written to `beside` */
    bool poured;       /* into `path`, from `beside` in this folder */
    scratch_folder folder;
    doc_cell *cells; /* of one row */
};

const char *export_ending(export_type type)
{
    return type == EXPORT_XLSX ? "xlsx" : table_file_ending((table_file_type)type);
}

export_type export_type_of(const char *path)
{
    const char *dot = strrchr(path, '.');
    if (dot != NULL && strcmp(dot, ".xlsx") == 0) {
        return EXPORT_XLSX;
    }
    table_file_type type = table_file_type_of(path);
    return type == TABLE_FILE_TYPE_COUNT ? EXPORT_TYPES : (export_type)type;
}

void export_out_free(export_out *x)
{
    if (x == NULL) {
        return;
    }
    table_file_free(x->table);
    if (x->book != NULL) {
        rows_book_free(x->book);
    }
    if (x->book != NULL || x->poured) {
        (void)unlink(x->beside); /* there only when it could not be put in place, or was poured */
    }
    scratch_folder_done(&x->folder);
    free(x);
}

/* Whether it is written elsewhere and poured: a pipe or device stays what it is, but the workbook's
 * library writes files only; standard output may be a file that has something in it, and the store
 * would begin it anew. */
static bool is_poured(const char *path, export_type type)
{
    struct stat st;
    bool regular = stat(path, &st) != 0 || S_ISREG(st.st_mode);
    return type == EXPORT_XLSX ? !regular || strncmp(path, "/dev/", 5) == 0
                               : regular && strcmp(path, "/dev/stdout") == 0;
}

static bool is_terminal(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISCHR(st.st_mode)) {
        return false;
    }
    int file = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
    bool is = file >= 0 && isatty(file) != 0;
    if (file >= 0) {
        (void)close(file);
    }
    return is;
}

/* Where it is written until it is whole. */
static strata_status name_beside(export_out *x, const char *path, strata_error *err)
{
    arena *a = x->c->arena;
    x->poured = is_poured(path, x->type);
    if (x->poured) {
        x->path = path;
        STRATA_TRY(scratch_folder_new(x->c->render.scratch, &x->folder, err));
        x->beside = arena_printf(a, "%s/table", x->folder.path);
    } else {
        x->beside = arena_printf(a, "%s.%ld.tmp", x->path, (long)getpid());
    }
    return x->beside != NULL ? STRATA_OK
                             : strata_fail(err, STRATA_E_NOMEM, "out of memory exporting");
}

strata_status export_out_new(const call *c, const char *path, export_type type, const char *title,
                             export_out **out, strata_error *err)
{
    if (type == EXPORT_XLSX && is_terminal(path)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a workbook is no text for a terminal; name a file that ends in .xlsx");
    }
    STRATA_AUTO(export_out_free) export_out *x = STRATA_NEW_ARRAY(1, export_out);
    if (x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory exporting");
    }
    x->c = c;
    x->type = type;
    x->title = title;
    STRATA_AUTO_FREE char *behind = file_exists(path) ? file_absolute(path) : NULL;
    x->path = arena_strdup(c->arena, behind != NULL ? behind : path); /* links stay links */
    if (x->path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory exporting");
    }
    STRATA_TRY(name_beside(x, path, err));
    *out = strata_steal(&x);
    return STRATA_OK;
}

static cell_type cell_type_of(column_type type)
{
    return type == COLUMN_TEXT   ? CELL_TEXT
           : type == COLUMN_DAY  ? CELL_DATE
           : type == COLUMN_BOOL ? CELL_BOOL
                                 : CELL_NUMBER;
}

static strata_status head_of_book(export_out *x, const table_file_column *columns, size_t n,
                                  strata_error *err)
{
    rows_book_column *heads = ARENA_NEW(x->c->arena, n + 1, rows_book_column);
    x->cells = ARENA_NEW(x->c->arena, n + 1, doc_cell);
    if (heads == NULL || x->cells == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory exporting");
    }
    for (size_t i = 0; i < n; i++) {
        heads[i] = (rows_book_column){columns[i].name, cell_type_of(columns[i].type)};
    }
    return rows_book_new(x->beside, x->c->render.scratch, x->title, heads, n, &x->book, err);
}

strata_status export_out_head(export_out *x, const table_file_column *columns, size_t n,
                              strata_error *err)
{
    x->n_columns = n;
    return x->type == EXPORT_XLSX ? head_of_book(x, columns, n, err)
                                  : table_file_new(&x->c->cx, columns, n, &x->table, err);
}

/* A value of a batch; its text is allocated in `a`. */
static strata_status cell_of(arena *a, const append_column *column, size_t row, doc_cell *out,
                             strata_error *err)
{
    bool known = valid_row(column->validity, row);
    *out = cell_empty(NULL);
    switch ((int)column->type) {
    case COLUMN_TEXT: {
        const text_view *t = (const text_view *)column->data + row;
        if (t->ptr != NULL && known) {
            const char *text = arena_strndup(a, t->ptr, t->len);
            if (text == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory exporting");
            }
            *out = cell_text(text);
        }
        return STRATA_OK;
    }
    case COLUMN_DAY: {
        day d = ((const day *)column->data)[row];
        *out = known && d != DAY_MISSING ? cell_date(d) : *out;
        return STRATA_OK;
    }
    case COLUMN_BOOL:
        *out = known ? cell_bool(((const uint8_t *)column->data)[row] != 0) : *out;
        return STRATA_OK;
    case COLUMN_INT64:
        *out = known ? cell_count(((const int64_t *)column->data)[row]) : *out;
        return STRATA_OK;
    default: {
        double v = ((const double *)column->data)[row];
        *out = known && !isnan(v) ? cell_number(v) : *out;
        return STRATA_OK;
    }
    }
}

static strata_status add_to_book(export_out *x, const append_column *columns, size_t n_rows,
                                 strata_error *err)
{
    STRATA_AUTO(arena_free) arena *batch = NULL;
    STRATA_TRY(arena_new(&batch, err));
    for (size_t row = 0; row < n_rows; row++) {
        for (size_t k = 0; k < x->n_columns; k++) {
            STRATA_TRY(cell_of(batch, &columns[k], row, &x->cells[k], err));
        }
        STRATA_TRY(rows_book_add(x->book, x->cells, err));
    }
    return context_check(&x->c->cx, err);
}

strata_status export_out_add(export_out *x, const append_column *columns, size_t n_rows,
                             strata_error *err)
{
    STRATA_TRY(x->type == EXPORT_XLSX ? add_to_book(x, columns, n_rows, err)
                                      : table_file_append(x->table, columns, n_rows, err));
    x->n_rows += n_rows;
    return STRATA_OK;
}

size_t export_out_rows(const export_out *x)
{
    return x->n_rows;
}

strata_status export_out_write(export_out *x, strata_error *err)
{
    if (x->type != EXPORT_XLSX) {
        const char *path = x->poured ? x->beside : x->path;
        STRATA_TRY(table_file_write(x->table, path, (table_file_type)x->type, err));
        return x->poured ? file_pour(path, x->path, err) : STRATA_OK;
    }
    strata_status st = rows_book_close(x->book, err);
    if (st != STRATA_OK) {
        return strata_wrap(err, st, "'%s'", x->path);
    }
    return x->poured ? file_pour(x->beside, x->path, err) : file_replace(x->beside, x->path, err);
}
