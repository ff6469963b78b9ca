/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_choose.h"

#include <ctype.h>
#include <string.h>

#include "render/json/rows_cells.h"
#include "render/json/text.h"

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
    if (c->find != NULL) { /* as JSON: a quote in it is one of its letters */
        json_put_string(&s->scratch, c->find);
        json_fold_value(&s->text, (json_piece){strbuf_text(&s->scratch), s->scratch.len});
    }
    for (; s->n < c->n_only; s->n++) {
        STRATA_TRY(json_find_column(s->r, c->only[s->n].column, &s->column[s->n], err));
        json_put_string(&s->values, c->only[s->n].value);
        s->begin[s->n + 1] = s->values.len;
    }
    STRATA_TRY(strbuf_status(&s->values, err));
    STRATA_TRY(strbuf_status(&s->scratch, err));
    return strbuf_status(&s->text, err);
}

/* Whether a cell of the row has the text. */
static bool has_text(search *s, size_t row)
{
    row_cells cells = json_row_cells(s->r, row);
    json_piece cell;
    while (json_next_cell(&cells, &cell)) {
        strbuf_clear(&s->scratch);
        if (*cell.text != 'n') { /* a missing value has no text */
            json_fold_value(&s->scratch, cell);
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
        json_piece cell = json_cell_of(s->r, row, s->column[i]);
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
    for (size_t i = 0; i < r->rows.ends.n; i++) {
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

static sort_key key_of(json_piece cell, size_t place, bool down, strbuf *texts)
{
    sort_key key = {.kind = KEY_MISSING, .down = down, .place = place};
    int first = cell.len > 0 ? (unsigned char)*cell.text : 'n';
    if (first == '-' || isdigit(first)) {
        key.kind = KEY_NUMBER;
        key.number = strtod(cell.text, NULL);
    } else if (first != 'n' && first != '[' && cell.len != 2) { /* nor an empty text */
        key.kind = KEY_TEXT;
        key.text = texts->len;
        json_fold_value(texts, cell);
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
    STRATA_TRY(json_find_column(r, order + (down ? 1 : 0), &column, err));
    STRATA_AUTO_FREE sort_key *keys = calloc(places->n + 1, sizeof *keys);
    if (keys == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < places->n; i++) {
        keys[i] = key_of(json_cell_of(r, places->data[i], column), places->data[i], down, &texts);
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
    json_piece value;
    size_t n;
} counted;

static int compare_pieces(const json_piece *a, const json_piece *b)
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
    STRATA_TRY(json_find_column(r, column, &at, err));
    STRATA_AUTO_FREE counted *all = calloc(r->rows.ends.n + 1, sizeof *all);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->rows.ends.n; i++) {
        all[i] = (counted){json_cell_of(r, i, at), 1};
    }
    qsort(all, r->rows.ends.n, sizeof *all, by_value);
    *n = join(all, r->rows.ends.n);
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
