/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv_text.h"
#include "base/number.h"
#include "render/json/text.h"

enum { STAMP_TEXT = 40, US_PER_S = 1000000, S_PER_DAY = 86400 };
static const int64_t EXACT_IN_DOUBLE = INT64_C(1) << 53;

/* "2026-06-30 14:05:00", with a fraction where there is one. */
static void stamp_format(int64_t us, char out[STAMP_TEXT])
{
    int64_t seconds = us / US_PER_S;
    int64_t fraction = us % US_PER_S;
    if (fraction < 0) {
        fraction += US_PER_S;
        seconds--;
    }
    int64_t days = seconds / S_PER_DAY;
    int64_t rest = seconds % S_PER_DAY;
    if (rest < 0) {
        rest += S_PER_DAY;
        days--;
    }
    char date[DAY_TEXT] = "";
    if (days >= DAY_MIN && days <= DAY_MAX) {
        day_format((day)days, date);
    }
    int n = snprintf(out, STAMP_TEXT, "%s %02d:%02d:%02d", date, (int)(rest / 3600),
                     (int)(rest / 60 % 60), (int)(rest % 60));
    if (fraction != 0 && n > 0) {
        (void)snprintf(out + n, STAMP_TEXT - (size_t)n, ".%06d", (int)fraction);
    }
}

static bool is_signed(column_type type)
{
    return type == COLUMN_INT8 || type == COLUMN_INT32 || type == COLUMN_INT64;
}

static int64_t signed_at(const stmt *s, size_t col, size_t row)
{
    column_type type = stmt_column_type(s, col);
    return type == COLUMN_INT8    ? stmt_int8(s, col)[row]
           : type == COLUMN_INT32 ? stmt_int32(s, col)[row]
                                  : stmt_int64(s, col)[row];
}

static uint64_t unsigned_at(const stmt *s, size_t col, size_t row)
{
    return stmt_column_type(s, col) == COLUMN_UINT64 ? stmt_uint64(s, col)[row]
                                                     : stmt_uint8(s, col)[row];
}

/* A day or a moment as text; false for other types. */
static bool dated(const stmt *s, size_t col, size_t row, char out[STAMP_TEXT])
{
    if (stmt_column_type(s, col) == COLUMN_DAY) {
        day_format(stmt_day(s, col)[row], out);
        return true;
    }
    if (stmt_column_type(s, col) == COLUMN_TIMESTAMP) {
        stamp_format(stmt_int64(s, col)[row], out);
        return true;
    }
    return false;
}

/* A number or a flag as both formats write it. */
static void put_plain(strbuf *out, const stmt *s, size_t col, size_t row)
{
    column_type type = stmt_column_type(s, col);
    if (type == COLUMN_DOUBLE) {
        char text[NUMBER_TEXT];
        number_format_exact(stmt_double(s, col)[row], text);
        strbuf_add(out, text);
    } else if (type == COLUMN_BOOL) {
        strbuf_add(out, stmt_uint8(s, col)[row] != 0 ? "true" : "false");
    } else if (is_signed(type)) {
        strbuf_printf(out, "%lld", (long long)signed_at(s, col, row));
    } else {
        strbuf_printf(out, "%llu", (unsigned long long)unsigned_at(s, col, row));
    }
}

/* --- CSV --- */

static void csv_cell(strbuf *out, const stmt *s, size_t col, size_t row)
{
    char date[STAMP_TEXT];
    if (!valid_row(stmt_validity(s, col), row)) {
        return;
    }
    if (stmt_column_type(s, col) == COLUMN_TEXT) {
        text_view t = stmt_text(s, col, row);
        csv_put_text(out, t.ptr, t.len, CSV_FOR_PEOPLE);
    } else if (dated(s, col, row, date)) {
        strbuf_add(out, date);
    } else if (stmt_column_type(s, col) != COLUMN_DOUBLE || isfinite(stmt_double(s, col)[row])) {
        put_plain(out, s, col, row);
    }
}

static void csv_head(strbuf *out, const stmt *s)
{
    for (size_t i = 0; i < stmt_n_columns(s); i++) {
        strbuf_add(out, i > 0 ? "," : "");
        csv_put_text(out, stmt_column_name(s, i), strlen(stmt_column_name(s, i)), CSV_FOR_PEOPLE);
    }
    strbuf_add(out, "\r\n");
}

static void csv_row(strbuf *out, const stmt *s, size_t row)
{
    for (size_t i = 0; i < stmt_n_columns(s); i++) {
        strbuf_add(out, i > 0 ? "," : "");
        csv_cell(out, s, i, row);
    }
    strbuf_add(out, "\r\n");
}

/* --- JSON: a list of objects, one a line --- */

static void json_cell(strbuf *out, const stmt *s, size_t col, size_t row, strbuf *text)
{
    char date[STAMP_TEXT];
    if (!valid_row(stmt_validity(s, col), row)) {
        strbuf_add(out, "null");
    } else if (stmt_column_type(s, col) == COLUMN_TEXT) {
        text_view t = stmt_text(s, col, row);
        strbuf_clear(text);
        strbuf_add_n(text, t.ptr, t.len);
        json_put_string(out, strbuf_text(text));
    } else if (dated(s, col, row, date)) {
        json_put_string(out, date);
    } else {
        put_plain(out, s, col, row);
    }
}

static void json_row(strbuf *out, const stmt *s, size_t row, strbuf *text)
{
    strbuf_add_char(out, '{');
    for (size_t i = 0; i < stmt_n_columns(s); i++) {
        strbuf_add(out, i > 0 ? ", " : "");
        json_put_string(out, stmt_column_name(s, i));
        strbuf_add(out, ": ");
        json_cell(out, s, i, row, text);
    }
    strbuf_add_char(out, '}');
}

/* --- where it goes --- */

/* Standard output, or a file beside the wanted one that takes its place once it is whole. */
typedef struct sink {
    FILE *file;
    const char *path; /* NULL: standard output */
    char *beside;     /* NULL: written directly, as to a device */
} sink;

static void sink_done(sink *k)
{
    if (k->file != NULL && k->path != NULL) {
        (void)fclose(k->file);
    }
    if (k->beside != NULL) {
        (void)unlink(k->beside);
    }
}

static strata_status sink_failed(const sink *k, strata_error *err)
{
    int code = errno;
    char why[96] = "";
    (void)strerror_r(code, why, sizeof why);
    errno = code; /* main() tells a closed pipe by it */
    return strata_fail(err, STRATA_E_IO, "cannot write %s: %s",
                       k->path != NULL ? k->path : "to standard output", why);
}

static strata_status sink_open(const call *c, sink *k, strata_error *err)
{
    struct stat st;
    k->path = cli_output(c);
    if (k->path == NULL) {
        cli_answer_begins(c);
        k->file = stdout;
        return STRATA_OK;
    }
    bool device = stat(k->path, &st) == 0 && !S_ISREG(st.st_mode);
    if (!device) {
        k->beside = arena_printf(c->arena, "%s.%ld.tmp", k->path, (long)getpid());
        if (k->beside == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    k->file = fopen(device ? k->path : k->beside, "wb");
    return k->file != NULL ? STRATA_OK : sink_failed(k, err);
}

static strata_status sink_put(sink *k, strbuf *text, strata_error *err)
{
    STRATA_TRY(strbuf_status(text, err));
    if (text->len > 0 && fwrite(text->text, 1, text->len, k->file) != text->len) {
        return sink_failed(k, err);
    }
    strbuf_clear(text);
    return STRATA_OK;
}

static strata_status sink_finish(sink *k, strata_error *err)
{
    if (fflush(k->file) != 0) {
        return sink_failed(k, err);
    }
    if (k->beside == NULL) {
        return STRATA_OK;
    }
    if (fsync(fileno(k->file)) != 0 || rename(k->beside, k->path) != 0) {
        return sink_failed(k, err);
    }
    k->beside = NULL;
    return STRATA_OK;
}

/* What writing a result works with. */
typedef struct writing {
    sink sink;
    render_format format;
    strbuf out, text; /* rows to be written; one text */
    size_t n;         /* rows so far */
} writing;

static void writing_done(writing *w)
{
    sink_done(&w->sink);
    strbuf_done(&w->out);
    strbuf_done(&w->text);
}

static strata_status write_chunk(writing *w, const stmt *s, size_t n_rows, strata_error *err)
{
    for (size_t row = 0; row < n_rows; row++) {
        if (w->format == RENDER_CSV) {
            csv_row(&w->out, s, row);
        } else {
            strbuf_add(&w->out, w->n + row > 0 ? ",\n" : "\n");
            json_row(&w->out, s, row, &w->text);
        }
    }
    w->n += n_rows;
    STRATA_TRY(strbuf_status(&w->text, err));
    return sink_put(&w->sink, &w->out, err);
}

strata_status rows_write(const call *c, stmt *s, size_t *n, strata_error *err)
{
    STRATA_CLEANUP(writing_done) writing w = {.format = c->format};
    strbuf_init(&w.out, 0);
    strbuf_init(&w.text, 0);
    STRATA_TRY(stmt_stream(s, err));
    STRATA_TRY(sink_open(c, &w.sink, err));
    if (c->format == RENDER_CSV) {
        csv_head(&w.out, s);
    } else {
        strbuf_add_char(&w.out, '[');
    }
    size_t n_rows = 0;
    do {
        STRATA_TRY(stmt_next_chunk(s, &n_rows, err));
        STRATA_TRY(write_chunk(&w, s, n_rows, err));
    } while (n_rows > 0);
    strbuf_add(&w.out, c->format == RENDER_CSV ? "" : w.n > 0 ? "\n]\n" : "]\n");
    STRATA_TRY(sink_put(&w.sink, &w.out, err));
    *n = w.n;
    return sink_finish(&w.sink, err);
}

/* --- in a table --- */

cell_type rows_cell_type(column_type type)
{
    switch (type) {
    case COLUMN_INT8:
    case COLUMN_UINT8:
    case COLUMN_INT32:
    case COLUMN_INT64:
    case COLUMN_UINT64:
        return CELL_COUNT;
    case COLUMN_DOUBLE:
        return CELL_NUMBER;
    case COLUMN_DAY:
        return CELL_DATE;
    case COLUMN_BOOL:
        return CELL_BOOL;
    case COLUMN_TIMESTAMP:
    case COLUMN_TEXT:
    case COLUMN_BLOB:
    case COLUMN_OTHER:
        break;
    }
    return CELL_TEXT;
}

static strata_status text_cell(arena *a, const char *text, size_t len, doc_cell *out,
                               strata_error *err)
{
    const char *copy = arena_strndup(a, text, len);
    if (copy == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory; --format csv needs less");
    }
    *out = cell_text(copy);
    return STRATA_OK;
}

strata_status rows_cell(const stmt *s, size_t col, size_t row, arena *a, doc_cell *out,
                        strata_error *err)
{
    char text[STAMP_TEXT];
    column_type type = stmt_column_type(s, col);
    if (!valid_row(stmt_validity(s, col), row)) {
        *out = cell_empty(NULL);
    } else if (type == COLUMN_TEXT) {
        text_view t = stmt_text(s, col, row);
        return text_cell(a, t.ptr, t.len, out, err);
    } else if (type == COLUMN_DAY) {
        *out = cell_date(stmt_day(s, col)[row]);
    } else if (type == COLUMN_TIMESTAMP) {
        stamp_format(stmt_int64(s, col)[row], text);
        return text_cell(a, text, strlen(text), out, err);
    } else if (type == COLUMN_DOUBLE) {
        *out = cell_number(stmt_double(s, col)[row]);
    } else if (type == COLUMN_BOOL) {
        *out = cell_bool(stmt_uint8(s, col)[row] != 0);
    } else if (is_signed(type)) {
        int64_t n = signed_at(s, col, row);
        if (n > EXACT_IN_DOUBLE || n < -EXACT_IN_DOUBLE) {
            (void)snprintf(text, sizeof text, "%lld", (long long)n);
            return text_cell(a, text, strlen(text), out, err);
        }
        *out = cell_count(n);
    } else {
        uint64_t n = unsigned_at(s, col, row);
        if (n > (uint64_t)EXACT_IN_DOUBLE) {
            (void)snprintf(text, sizeof text, "%llu", (unsigned long long)n);
            return text_cell(a, text, strlen(text), out, err);
        }
        *out = cell_count((int64_t)n);
    }
    return STRATA_OK;
}
