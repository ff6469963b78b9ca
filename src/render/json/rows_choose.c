/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_choose.h"

#include <ctype.h>
#include <string.h>

#include <jansson.h>
#include <utf8proc.h>

#include "render/json/text.h"

/* A piece of the rows' text. */
typedef struct piece {
    const char *text;
    size_t len;
} piece;

/* --- cells out of the text of a row --- */

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

/* The next cell of a row; `at` goes from behind the opening bracket to the closing one. */
static bool next_cell(const char **at, const char *end, piece *out)
{
    while (*at < end && (**at == ',' || **at == ' ')) {
        (*at)++;
    }
    if (*at >= end) {
        return false;
    }
    const char *stop = end_of_value(*at, end);
    *out = (piece){*at, (size_t)(stop - *at)};
    *at = stop;
    return true;
}

static piece row_of(const json_rows *r, size_t i)
{
    size_t begin = i > 0 ? r->ends.data[i - 1] : 0;
    return (piece){strbuf_text(&r->rows) + begin, r->ends.data[i] - begin};
}

static piece cell_of(const json_rows *r, size_t row, size_t column)
{
    piece all = row_of(r, row);
    piece cell = {"null", 4};
    const char *at = all.text + 1;
    for (size_t k = 0; k <= column && next_cell(&at, all.text + all.len - 1, &cell); k++) {
    }
    return cell;
}

/* The column of that key. */
static strata_status find_column(const json_rows *r, const char *key, size_t *out,
                                 strata_error *err)
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

/* Appends the value without quotes, case and accents. */
static void fold_value(strbuf *out, piece value)
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

/* --- which rows --- */

/* Rows that somebody looks for. */
typedef struct search {
    const json_rows *r;
    strbuf text;                     /* folded; "": any */
    size_t column[ROWS_ONLY_MAX];    /* that have a certain value, */
    size_t begin[ROWS_ONLY_MAX + 1]; /* which begins here in `values`, as JSON */
    strbuf values, scratch;
    size_t n;
    bool full; /* memory ran out on the way */
} search;

static void search_done(search *s)
{
    strbuf_done(&s->text);
    strbuf_done(&s->values);
    strbuf_done(&s->scratch);
}

static strata_status search_begin(search *s, const rows_choice *c, strata_error *err)
{
    strbuf_init(&s->text, 0);
    strbuf_init(&s->values, 0);
    strbuf_init(&s->scratch, 0);
    if (c->find != NULL) {
        fold_value(&s->text, (piece){c->find, strlen(c->find)});
    }
    for (; s->n < c->n_only; s->n++) {
        STRATA_TRY(find_column(s->r, c->only[s->n].column, &s->column[s->n], err));
        json_put_string(&s->values, c->only[s->n].value);
        s->begin[s->n + 1] = s->values.len;
    }
    STRATA_TRY(strbuf_status(&s->values, err));
    return strbuf_status(&s->text, err);
}

/* Whether a cell of the row has the text. */
static bool has_text(search *s, size_t row)
{
    piece all = row_of(s->r, row);
    piece cell;
    const char *at = all.text + 1;
    while (next_cell(&at, all.text + all.len - 1, &cell)) {
        strbuf_clear(&s->scratch);
        if (*cell.text != 'n') { /* a missing value has no text */
            fold_value(&s->scratch, cell);
        }
        s->full = s->full || s->scratch.failed != STRATA_OK;
        if (strstr(strbuf_text(&s->scratch), strbuf_text(&s->text)) != NULL) {
            return true;
        }
    }
    return false;
}

static bool wanted(search *s, size_t row)
{
    for (size_t i = 0; i < s->n; i++) {
        piece cell = cell_of(s->r, row, s->column[i]);
        const char *value = strbuf_text(&s->values) + s->begin[i];
        size_t len = s->begin[i + 1] - s->begin[i];
        bool same = (cell.len == len && memcmp(cell.text, value, len) == 0) ||
                    (cell.len == len - 2 && memcmp(cell.text, value + 1, len - 2) == 0);
        if (!same) {
            return false;
        }
    }
    return s->text.len == 0 || has_text(s, row);
}

static strata_status keep_wanted(const json_rows *r, const rows_choice *c, row_places *out,
                                 strata_error *err)
{
    STRATA_CLEANUP(search_done) search s = {.r = r};
    STRATA_TRY(search_begin(&s, c, err));
    for (size_t i = 0; i < r->ends.n; i++) {
        s.full = (wanted(&s, i) && !vec_push(out, i)) || s.full;
    }
    return s.full ? strata_fail(err, STRATA_E_NOMEM, "out of memory") : STRATA_OK;
}

/* --- in which order --- */

typedef enum key_kind { KEY_NUMBER, KEY_TEXT, KEY_MISSING } key_kind;

typedef struct sort_key {
    key_kind kind;
    bool down;
    double number;
    size_t text; /* where it begins in the folded texts */
    const char *folded;
    size_t place;
} sort_key;

/* Digits by the number that they are: "item 9" before "item 10". */
static int compare_texts(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
            a += strspn(a, "0");
            b += strspn(b, "0");
            size_t m = strspn(a, "0123456789");
            size_t n = strspn(b, "0123456789");
            int d = m != n ? (m > n) - (m < n) : strncmp(a, b, m);
            if (d != 0) {
                return d;
            }
            a += m;
            b += n;
        } else if (*a != *b) {
            return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
        } else {
            a++;
            b++;
        }
    }
    return (*a != '\0') - (*b != '\0');
}

static int compare_keys(const void *pa, const void *pb)
{
    const sort_key *a = pa;
    const sort_key *b = pb;
    int d = 0;
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (a->kind == KEY_NUMBER) {
        d = (a->number > b->number) - (a->number < b->number);
    } else if (a->kind == KEY_TEXT) {
        d = compare_texts(a->folded, b->folded);
    }
    d = a->down ? -d : d;
    return d != 0 ? d : (a->place > b->place) - (a->place < b->place);
}

static sort_key key_of(piece cell, size_t place, bool down, strbuf *texts)
{
    sort_key key = {.kind = KEY_MISSING, .down = down, .place = place};
    int first = cell.len > 0 ? (unsigned char)*cell.text : 'n';
    if (first == '-' || isdigit(first)) {
        key.kind = KEY_NUMBER;
        key.number = strtod(cell.text, NULL);
    } else if (first != 'n' && first != '[' && cell.len != 2) { /* nor an empty text */
        key.kind = KEY_TEXT;
        key.text = texts->len;
        fold_value(texts, cell);
        strbuf_add_char(texts, '\0');
    }
    return key;
}

static strata_status put_in_order(const json_rows *r, const char *order, row_places *places,
                                  strata_error *err)
{
    STRBUF_AUTO strbuf texts;
    size_t column = 0;
    bool down = *order == '-';
    strbuf_init(&texts, 0);
    STRATA_TRY(find_column(r, order + (down ? 1 : 0), &column, err));
    STRATA_AUTO_FREE sort_key *keys = calloc(places->n + 1, sizeof *keys);
    if (keys == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < places->n; i++) {
        keys[i] = key_of(cell_of(r, places->data[i], column), places->data[i], down, &texts);
    }
    STRATA_TRY(strbuf_status(&texts, err));
    for (size_t i = 0; i < places->n; i++) {
        keys[i].folded = strbuf_text(&texts) + keys[i].text;
    }
    qsort(keys, places->n, sizeof *keys, compare_keys);
    for (size_t i = 0; i < places->n; i++) {
        places->data[i] = keys[i].place;
    }
    return STRATA_OK;
}

strata_status json_rows_choose(const json_rows *r, const rows_choice *c, row_places *out,
                               strata_error *err)
{
    STRATA_TRY(keep_wanted(r, c, out, err));
    return c->order != NULL && *c->order != '\0' ? put_in_order(r, c->order, out, err) : STRATA_OK;
}

/* --- how many of what --- */

typedef struct counted {
    piece value;
    size_t n;
} counted;

static int compare_pieces(const piece *a, const piece *b)
{
    int d = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return d != 0 ? d : (a->len > b->len) - (a->len < b->len);
}

static int by_value(const void *pa, const void *pb)
{
    return compare_pieces(&((const counted *)pa)->value, &((const counted *)pb)->value);
}

static int by_number(const void *pa, const void *pb)
{
    const counted *a = pa;
    const counted *b = pb;
    return a->n != b->n ? (a->n < b->n ? 1 : -1) : compare_pieces(&a->value, &b->value);
}

/* Puts equal values, which stand side by side, together; how many are left. */
static size_t join(counted *all, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && compare_pieces(&all[kept - 1].value, &all[i].value) == 0) {
            all[kept - 1].n++;
        } else {
            all[kept++] = all[i];
        }
    }
    return kept;
}

strata_status json_rows_count(const json_rows *r, const char *column, size_t most, size_t *n,
                              strbuf *out, strata_error *err)
{
    size_t at = 0;
    STRATA_TRY(find_column(r, column, &at, err));
    STRATA_AUTO_FREE counted *all = calloc(r->ends.n + 1, sizeof *all);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->ends.n; i++) {
        all[i] = (counted){cell_of(r, i, at), 1};
    }
    qsort(all, r->ends.n, sizeof *all, by_value);
    *n = join(all, r->ends.n);
    qsort(all, *n, sizeof *all, by_number);
    strbuf_add_char(out, '[');
    for (size_t i = 0; i < *n && i < most; i++) {
        strbuf_add(out, i > 0 ? ",[" : "[");
        strbuf_add_n(out, all[i].value.text, all[i].value.len);
        strbuf_printf(out, ",%zu]", all[i].n);
    }
    strbuf_add_char(out, ']');
    return strbuf_status(out, err);
}
