/* SPDX-License-Identifier: Apache-2.0 */
#include "project/pins.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/vec.h"
#include "model/read.h"
#include "source/text/csv.h"

enum { PIN_FILE_LIMIT = 256 << 20 };

typedef enum pin_column {
    PIN_ACCOUNT,
    PIN_SEGMENT,
    PIN_WHO,
    PIN_WHY,
    PIN_FROM,
    PIN_UNTIL,
    PIN_COLUMN_COUNT
} pin_column;

static const char *const column_names[PIN_COLUMN_COUNT] = {"account_id", "segment", "who",
                                                           "why",        "from",    "until"};

/* One override file while it is read. */
typedef struct pin_reader {
    const portfolio *p;
    const bound_model *b;
    const bound_def *def;
    arena *arena;
    const char *path;
    csv_dialect dialect;
    int at[PIN_COLUMN_COUNT]; /* place of each column in the file; -1: not there */
} pin_reader;

typedef VEC(override_pin) pin_vec;

static strata_status find_columns(pin_reader *r, const char *const *heads, size_t n,
                                  strata_error *err)
{
    for (int c = 0; c < PIN_COLUMN_COUNT; c++) {
        r->at[c] = -1;
        for (size_t i = 0; i < n; i++) {
            if (strcmp(heads[i], column_names[c]) == 0) {
                r->at[c] = (int)i;
            }
        }
        if (r->at[c] < 0 && c <= PIN_WHY) {
            return strata_fail(err, STRATA_E_DATA,
                               "%s:1: there is no column '%s'%s; pins need account_id, "
                               "segment, who and why",
                               r->path, column_names[c],
                               nearest_hint(column_names[c], heads, n).text);
        }
    }
    return STRATA_OK;
}

/* A cell; "" when the column is not there. */
static const char *cell(const pin_reader *r, const char *const *fields, size_t n, pin_column c)
{
    return r->at[c] >= 0 && (size_t)r->at[c] < n ? fields[r->at[c]] : "";
}

static strata_status bad_cell(const pin_reader *r, size_t line, pin_column c, const char *why,
                              const char *value, strata_error *err)
{
    return strata_fail(err, STRATA_E_DATA, "%s:%zu: column '%s': '%s' %s", r->path, line,
                       column_names[c], value, why);
}

static strata_status read_segment(const pin_reader *r, size_t line, const char *text,
                                  segment_code *out, strata_error *err)
{
    size_t n = 0;
    const char *const *labels = bound_segments(r->b, r->def, &n);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(labels[i], text) == 0) {
            *out = (segment_code)i;
            return STRATA_OK;
        }
    }
    char first[128] = "";
    if (n > 0) {
        (void)snprintf(first, sizeof first, "; the first is '%.100s'", labels[0]);
    }
    return strata_fail(err, STRATA_E_DATA,
                       "%s:%zu: column 'segment': dimension '%s' has no segment '%s'%s", r->path,
                       line, r->b->model->dimensions[r->def->index].name, text,
                       nearest_hint_or(text, labels, n, first).text);
}

static strata_status read_day(const pin_reader *r, size_t line, pin_column c, const char *text,
                              day fallback, day *out, strata_error *err)
{
    *out = fallback;
    if (text[0] != '\0' && !day_parse_iso(text, strlen(text), out)) {
        return bad_cell(r, line, c, "is no date; write it as 2026-06-30", text, err);
    }
    return STRATA_OK;
}

static strata_status read_pin(const pin_reader *r, size_t line, const char *const *fields, size_t n,
                              override_pin *out, strata_error *err)
{
    const char *id = cell(r, fields, n, PIN_ACCOUNT);
    size_t account = portfolio_account(r->p, id);
    if (account == SIZE_MAX) {
        return bad_cell(r, line, PIN_ACCOUNT, "is no account; correct it, or remove the line", id,
                        err);
    }
    override_pin pin = {.account = (uint32_t)account,
                        .dimension = r->def->index,
                        .line = line,
                        .who = cell(r, fields, n, PIN_WHO),
                        .why = cell(r, fields, n, PIN_WHY)};
    if (pin.who[0] == '\0' || pin.why[0] == '\0') {
        return strata_fail(err, STRATA_E_DATA,
                           "%s:%zu: a pin must say who decided and why; fill in 'who' and 'why'",
                           r->path, line);
    }
    STRATA_TRY(read_segment(r, line, cell(r, fields, n, PIN_SEGMENT), &pin.segment, err));
    STRATA_TRY(read_day(r, line, PIN_FROM, cell(r, fields, n, PIN_FROM), DAY_MIN, &pin.from, err));
    STRATA_TRY(
        read_day(r, line, PIN_UNTIL, cell(r, fields, n, PIN_UNTIL), DAY_MAX, &pin.until, err));
    if (pin.until < pin.from) {
        return bad_cell(r, line, PIN_UNTIL, "lies before 'from'; the pin would never hold",
                        cell(r, fields, n, PIN_UNTIL), err);
    }
    *out = pin;
    return STRATA_OK;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        n += text[i] == '\n';
    }
    return n;
}

static strata_status read_records(pin_reader *r, const char *text, size_t len, pin_vec *pins,
                                  strata_error *err)
{
    size_t at = 0;
    size_t line = 1;
    bool head = true;
    while (at < len) {
        size_t size = csv_record_end(&r->dialect, text + at, len - at, true);
        if (size == SIZE_MAX) {
            return strata_fail(
                err, STRATA_E_DATA,
                "%s:%zu: a quote is not closed; close it, or double it where it is part of a text",
                r->path, line);
        }
        const char *const *fields = NULL;
        size_t n = 0;
        STRATA_TRY(csv_fields(&r->dialect, text + at, size, r->arena, &fields, &n, err));
        bool empty = n == 0 || (n == 1 && fields[0][0] == '\0');
        override_pin pin;
        if (head) {
            STRATA_TRY(find_columns(r, fields, n, err));
            head = false;
        } else if (!empty) {
            STRATA_TRY(read_pin(r, line, fields, n, &pin, err));
            if (!vec_push(pins, pin)) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory reading '%s'", r->path);
            }
        }
        line += count_lines(text + at, size);
        at += size;
    }
    return head ? find_columns(r, NULL, 0, err) : STRATA_OK; /* an empty file is no list of pins */
}

/* Relative to the folder of the model file, as the paths of sources are. */
static const char *path_of(const model *m, const char *path, arena *a)
{
    bool whole = path[0] == '/' || m->folder == NULL || strcmp(m->folder, ".") == 0;
    return whole ? path : arena_printf(a, "%s/%s", m->folder, path);
}

static strata_status read_file(const portfolio *p, const bound_model *b, const bound_def *def,
                               arena *a, pin_vec *pins, strata_error *err)
{
    const model_dimension *d = &b->model->dimensions[def->index];
    const char *path = path_of(b->model, d->overrides, a);
    const char *whose = arena_printf(a, "overrides of dimension '%s'", d->name);
    if (path == NULL || whose == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading overrides");
    }
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    STRATA_TRY(read_named_file(place_from_rule(d->overrides_place), whose, path, PIN_FILE_LIMIT,
                               &text, &len, err));
    size_t bom = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    pin_reader r = {.p = p,
                    .b = b,
                    .def = def,
                    .arena = a,
                    .path = path,
                    .dialect = csv_sniff(text + bom, len - bom, 0, 0)};
    return read_records(&r, text + bom, len - bom, pins, err);
}

static int by_place(const void *a, const void *b)
{
    const override_pin *x = a;
    const override_pin *y = b;
    if (x->dimension != y->dimension) {
        return x->dimension < y->dimension ? -1 : 1;
    }
    if (x->account != y->account) {
        return x->account < y->account ? -1 : 1;
    }
    if (x->from != y->from) {
        return x->from < y->from ? -1 : 1;
    }
    return (x->line > y->line) - (x->line < y->line);
}

strata_status pins_read(const portfolio *p, const bound_model *b, arena *a, override_set *out,
                        strata_error *err)
{
    pin_vec pins = {0};
    strata_status st = STRATA_OK;
    for (size_t i = 0; st == STRATA_OK && i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_DIMENSION && b->model->dimensions[def->index].overrides != NULL) {
            st = read_file(p, b, def, a, &pins, err);
        }
    }
    override_pin *kept = st == STRATA_OK ? ARENA_NEW(a, pins.n + 1, override_pin) : NULL;
    if (kept != NULL) {
        if (pins.n > 0) {
            memcpy(kept, pins.data, pins.n * sizeof *kept);
            qsort(kept, pins.n, sizeof *kept, by_place);
        }
        *out = (override_set){.pins = kept, .n = pins.n};
    } else if (st == STRATA_OK) {
        st = strata_fail(err, STRATA_E_NOMEM, "out of memory reading overrides");
    }
    vec_free(&pins);
    return st;
}
