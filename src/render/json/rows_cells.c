/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_cells.h"

#include <ctype.h>
#include <string.h>

#include <jansson.h>
#include <utf8proc.h>

/* The end of the value that begins at `at`: a string, a list of numbers, or a word. */
static const char *end_of_value(const char *at, const char *end)
{
    if (*at == '"') {
        for (at++; at < end && *at != '"'; at++) {
            at += *at == '\\' ? 1 : 0;
        }
        return at + 1;
    }
    if (*at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        return close != NULL ? close + 1 : end;
    }
    while (at < end && *at != ',' && *at != ']') {
        at++;
    }
    return at;
}

row_cells json_row_cells(const json_rows *r, size_t row)
{
    const char *text = strbuf_text(&r->rows.cells);
    size_t begin = row > 0 ? r->rows.ends.data[row - 1] : 0;
    return (row_cells){text + begin + 1, text + r->rows.ends.data[row] - 1};
}

bool json_next_cell(row_cells *c, json_piece *out)
{
    while (c->at < c->end && (*c->at == ',' || *c->at == ' ')) {
        c->at++;
    }
    if (c->at >= c->end) {
        return false;
    }
    const char *stop = end_of_value(c->at, c->end);
    *out = (json_piece){c->at, (size_t)(stop - c->at)};
    c->at = stop;
    return true;
}

json_piece json_cell_of(const json_rows *r, size_t row, size_t column)
{
    row_cells cells = json_row_cells(r, row);
    json_piece cell = {"null", 4};
    for (size_t k = 0; k <= column && json_next_cell(&cells, &cell); k++) {
    }
    return cell;
}

strata_status json_find_column(const json_rows *r, const char *key, size_t *out, strata_error *err)
{
    json_t *columns = json_loads(r->columns.len > 0 ? strbuf_text(&r->columns) : "[]", 0, NULL);
    size_t n = json_array_size(columns);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t at = 0;
    while (at < n && strcmp(json_string_value(json_object_get(json_array_get(columns, at), "key")),
                            key) != 0) {
        at++;
    }
    json_decref(columns);
    if (at == n) {
        return strata_fail(err, STRATA_E_USAGE, "this table has no column '%.60s'", key);
    }
    *out = at;
    return STRATA_OK;
}

/* --- texts as they are compared: without case and accents --- */

/* The character behind a backslash of JSON; `at` goes on it, and ends on its last byte. */
static int32_t escaped(const char **at, const char *end)
{
    int32_t c = 0;
    if (**at != 'u') {
        return **at == '"' || **at == '\\' || **at == '/' ? **at : ' ';
    }
    for (int k = 0; k < 4 && *at + 1 < end && isxdigit((unsigned char)(*at)[1]); k++) {
        (*at)++;
        c = c * 16 + (isdigit((unsigned char)**at) ? **at - '0' : (**at | 32) - 'a' + 10);
    }
    return c;
}

static void fold_character(strbuf *out, int32_t c)
{
    enum { MOST = 8 };
    const utf8proc_option_t how = UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
    utf8proc_int32_t parts[MOST];
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, MOST, how, NULL);
    for (utf8proc_ssize_t i = 0; i < n && i < MOST; i++) {
        utf8proc_ssize_t len = utf8proc_encode_char(parts[i], bytes);
        strbuf_add_n(out, (const char *)bytes, (size_t)(len > 0 ? len : 0));
    }
}

void json_fold_value(strbuf *out, json_piece value)
{
    const char *at = value.text;
    const char *end = at + value.len;
    bool text = value.len >= 2 && *at == '"';
    at += text ? 1 : 0;
    end -= text ? 1 : 0;
    while (at < end) {
        utf8proc_int32_t c = (unsigned char)*at;
        utf8proc_ssize_t len = 1;
        if (text && c == '\\' && at + 1 < end) {
            at++;
            c = escaped(&at, end);
        } else if (c >= 128) {
            len = utf8proc_iterate((const utf8proc_uint8_t *)at, end - at, &c);
        }
        if (c < 128) {
            strbuf_add_char(out, (char)tolower(c));
        } else if (len > 0) {
            fold_character(out, c);
        }
        at += len > 0 ? len : 1;
    }
}
