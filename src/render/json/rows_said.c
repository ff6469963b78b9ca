/* SPDX-License-Identifier: Apache-2.0 */
#include "render/json/rows_said.h"

#include <string.h>

#include "render/json/text.h"

/* Origin of a cell that its column does not tell already; 0: none. */
static int own_origin(const doc_table *first, const doc_table *t, const doc_cell *cell, size_t i)
{
    bool other = t->origins[i] != first->origins[i] && cell->type != CELL_EMPTY;
    return cell->provenance > 0 ? cell->provenance : other ? t->origins[i] : 0;
}

/* False: no memory. */
static bool use(json_rows *r, int id)
{
    while ((int)r->used.n <= id) {
        if (!vec_push(&r->used, false)) {
            return false;
        }
    }
    r->used.data[id] = true;
    return true;
}

bool json_said_take(json_rows *r, json_part *p, const doc_table *first, const doc_table *t,
                    const doc_cell *cells)
{
    bool ok = true;
    for (size_t i = 0; i < t->n_columns; i++) {
        int origin = own_origin(first, t, &cells[i], i);
        ok = (origin == 0 || use(r, origin)) && ok;
        for (json_remark_kind k = 0; k < JSON_REMARK_KINDS; k++) {
            size_t before = p->said[k].len;
            json_remark_tail(&p->said[k], k, &first->columns[i], &cells[i], origin);
            strbuf_add(&p->said[k], p->said[k].len > before ? "\n" : "");
        }
    }
    for (json_remark_kind k = 0; k < JSON_REMARK_KINDS; k++) {
        ok = vec_push(&p->said_ends[k], p->said[k].len) && ok;
    }
    return ok;
}

strata_status json_said_take_origins(json_rows *r, const document *d, const doc_table *first,
                                     strata_error *err)
{
    static const char *const names[] = {"definition", "inputs", "rows_where"};
    for (size_t i = 0; i < first->n_columns; i++) {
        if (first->origins[i] > 0 && !use(r, first->origins[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    for (size_t id = 1; id < r->used.n; id++) {
        const doc_provenance *p = document_find_provenance(d, (int)id);
        if (!r->used.data[id] || p == NULL) {
            continue;
        }
        const char *const texts[] = {p->definition, p->inputs, p->rows_where};
        strbuf_printf(&r->origins, "%s{\"id\":%zu", r->origins.len > 0 ? ",\n" : "\n", id);
        for (size_t k = 0; k < sizeof names / sizeof names[0]; k++) {
            strbuf_printf(&r->origins, ",\"%s\":", names[k]);
            json_put_string(&r->origins, texts[k]);
        }
        strbuf_add_char(&r->origins, '}');
    }
    return STRATA_OK;
}

static void put_remarks(json_remarks *m, const json_part *p, size_t row)
{
    const char *text = strbuf_text(&p->said[m->kind]);
    size_t end = p->said_ends[m->kind].data[row];
    for (size_t at = row > 0 ? p->said_ends[m->kind].data[row - 1] : 0; at < end;) {
        size_t len = strcspn(text + at, "\n");
        json_remark_of_tail(m, text + at, len);
        at += len + 1;
    }
}

void json_said_put(const json_rows *r, const size_t *places, size_t n, strbuf *out)
{
    for (json_remark_kind k = 0; k < JSON_REMARK_KINDS; k++) {
        json_remarks m = {.out = out, .kind = k, .part = "rows"};
        for (m.row = 0; m.row < n; m.row++) {
            put_remarks(&m, &r->rows, places[m.row]);
        }
        m.part = "totals";
        for (m.row = 0; m.row < r->totals.ends.n; m.row++) {
            put_remarks(&m, &r->totals, m.row);
        }
        json_remarks_close(&m);
    }
}
