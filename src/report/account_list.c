/* SPDX-License-Identifier: Apache-2.0 */
/* Which accounts a list holds, and in what order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/accounts.h"

/* One account with what it is sorted by; `known` first, then key, then place by id. */
typedef struct sort_row {
    double key;
    uint32_t account;
    bool known;
} sort_row;

static int by_key(const void *a, const void *b)
{
    const sort_row *x = a;
    const sort_row *y = b;
    if (x->known != y->known) {
        return x->known ? -1 : 1;
    }
    if (x->known && (x->key < y->key || x->key > y->key)) {
        return x->key < y->key ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

bool list_column_find(const bound_model *b, const char *name, list_column *out)
{
    static const char *const own[] = {
        [LIST_ID] = "id", [LIST_NAME] = "name", [LIST_SINCE] = "since"};
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (strcmp(b->scope.symbols[slot].name, name) == 0) {
            *out = (list_column){.kind = LIST_SLOT, .slot = slot};
            return true;
        }
    }
    for (list_kind i = LIST_ID; i <= LIST_SINCE; i++) {
        if (strcmp(own[i], name) == 0) {
            *out = (list_column){.kind = i};
            return true;
        }
    }
    return false;
}

const char *list_column_key(const bound_model *b, list_column wanted)
{
    switch (wanted.kind) {
    case LIST_ID:
        return "id";
    case LIST_NAME:
        return "name";
    case LIST_SINCE:
        return "since";
    case LIST_SLOT:
        break;
    }
    return b->scope.symbols[wanted.slot].name;
}

/* --- which --- */

static strata_status eval_where(const view *v, const rule *where, uint8_t *out, strata_error *err)
{
    size_t n = v->b->scope.n_symbols;
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n + 1, column);
    STRATA_AUTO_FREE char *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(where) + 1, char);
    if (columns == NULL || scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(v->s, n, columns);
    rule_input in = {.now = {.columns = columns, .as_of = v->as_of}};
    rule_eval_condition(where, &in, v->p->n_accounts, out, scratch);
    return STRATA_OK;
}

static sort_row row_of(const view *v, list_column by, uint32_t account)
{
    sort_row row = {.account = account, .known = true};
    column c = by.kind == LIST_SLOT ? segmentation_column(v->s, by.slot) : (column){0};
    if (by.kind == LIST_ID) {
        row.key = account; /* accounts are in order of id */
    } else if (by.kind == LIST_SINCE) {
        row.known = v->p->exists_from[account] != DAY_MIN;
        row.key = v->p->exists_from[account];
    } else if (c.code != NULL) {
        row.known = c.code[account] != CODE_MISSING;
        row.key = c.code[account];
    } else {
        row.known = c.num != NULL && !isnan(c.num[account]);
        row.key = row.known ? c.num[account] : 0.0;
    }
    return row;
}

typedef struct gathered {
    sort_row *rows;
    size_t n;
} gathered;

static void gather(const view *v, const list_request *request, const uint8_t *matches, gathered *g,
                   account_list *out)
{
    const segment_code *codes = segmentation_codes(v->s, view_primary(v), v->now_at);
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        bool in = codes[i] < SEGMENTS_MAX;
        bool match = matches == NULL || matches[i] == RULE_YES;
        if (in) {
            out->population++;
            out->population_minor += view_value_minor(v, i);
        }
        if (!match || codes[i] == SEGMENT_ABSENT) {
            continue;
        }
        if (in || request->outside) {
            g->rows[g->n++] = row_of(v, request->sort, (uint32_t)i);
            out->value_minor += view_value_minor(v, i);
        } else {
            out->n_outside++;
        }
    }
}

/* --- in what order --- */

typedef struct named_row {
    const char *name;
    uint32_t account;
} named_row;

static int by_name(const void *a, const void *b)
{
    const named_row *x = a;
    const named_row *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : (x->account > y->account) - (x->account < y->account);
}

/* Puts the place in the order of names into the keys. */
static strata_status key_by_name(const view *v, gathered *g, strata_error *err)
{
    STRATA_AUTO_FREE named_row *names = STRATA_NEW_ARRAY(g->n + 1, named_row);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < g->n; i++) {
        names[i] = (named_row){v->p->names[g->rows[i].account], g->rows[i].account};
    }
    qsort(names, g->n, sizeof *names, by_name);
    for (size_t i = 0; i < g->n; i++) {
        g->rows[i] = (sort_row){.key = (double)i, .account = names[i].account, .known = true};
    }
    return STRATA_OK;
}

strata_status account_list_make(const view *v, const list_request *request, arena *a,
                                account_list *out, strata_error *err)
{
    size_t n = v->p->n_accounts;
    STRATA_AUTO_FREE uint8_t *matches = STRATA_NEW_ARRAY(n + 1, uint8_t);
    STRATA_AUTO_FREE sort_row *rows = STRATA_NEW_ARRAY(n + 1, sort_row);
    account_list list = {0};
    if (matches == NULL || rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (request->where != NULL) {
        STRATA_TRY(eval_where(v, request->where, matches, err));
    }
    gathered g = {.rows = rows};
    gather(v, request, request->where != NULL ? matches : NULL, &g, &list);
    if (request->sort.kind == LIST_NAME) {
        STRATA_TRY(key_by_name(v, &g, err));
    }
    for (size_t i = 0; i < g.n && request->descending; i++) {
        rows[i].key = -rows[i].key;
    }
    qsort(rows, g.n, sizeof *rows, by_key);
    uint32_t *accounts = ARENA_NEW(a, g.n + 1, uint32_t);
    if (accounts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < g.n; i++) {
        accounts[i] = rows[i].account;
    }
    list.accounts = accounts;
    list.n = g.n;
    *out = list;
    return STRATA_OK;
}
