/* SPDX-License-Identifier: Apache-2.0 */
#include "source/lookup.h"

bool lookup_is_code(field_kind kind)
{
    return kind == FIELD_ACCOUNT || kind == FIELD_FEATURE || kind == FIELD_USER;
}

/* The field that names the row's account; n_fields when there is none. */
static size_t account_field(const table_spec *t)
{
    size_t f = 0;
    while (f < t->n_fields && t->fields[f].kind != FIELD_ACCOUNT) {
        f++;
    }
    return f;
}

void lookup_accounts(const plan *p, const lookups *l, const row_block *rows, parsed *out)
{
    size_t f = account_field(p->table);
    const account_map *m = l->via != NULL ? l->via : l->accounts;
    if (f == p->table->n_fields || m->number == NULL) {
        return;
    }
    for (size_t row = 0; row < rows->n_rows; row++) {
        out->ids[row] = row_cell(rows, row, p->columns[f].cell);
    }
    dict_find_all(m->ids, out->ids, rows->n_rows, out->codes);
}

/* The dictionary that a field's new names go to; NULL when they go nowhere. */
static dict *dict_of(const lookups *l, field_kind kind)
{
    if (kind == FIELD_ACCOUNT) {
        const account_map *m = l->via != NULL ? l->via : l->accounts;
        return m->number == NULL ? m->ids : NULL;
    }
    return kind == FIELD_FEATURE ? l->features : kind == FIELD_USER ? l->users : NULL;
}

strata_status lookup_names(const plan *p, const lookups *l, parsed *out, strata_error *err)
{
    for (size_t f = 0; f < out->n_fields; f++) {
        dict *d = dict_of(l, p->table->fields[f].kind);
        int32_t *codes = out->columns[f];
        if (d == NULL) {
            continue;
        }
        STRATA_TRY(dict_add_all(d, out->names[f], out->n_rows, codes, err));
        for (size_t i = 0; i < out->n_rows; i++) {
            codes[i] = codes[i] == DICT_NONE ? DAY_MISSING : codes[i];
        }
    }
    return STRATA_OK;
}
