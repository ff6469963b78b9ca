/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/levels.h"

#include "panel/panel.h"

/* Attributes of accounts first .. first+n-1; computed features have no one
 * value over all dates and stay missing. */
static void point_at_attributes(const portfolio *p, size_t first, column *columns)
{
    for (size_t slot = FEATURE_COUNT; slot < p->n_symbols; slot++) {
        column c = p->attributes[slot - FEATURE_COUNT];
        columns[slot].num = c.num != NULL ? c.num + first : NULL;
        columns[slot].code = c.code != NULL ? c.code + first : NULL;
    }
}

static strata_status count_levels(const portfolio *p, const bound_model *b, const rule *by,
                                  size_t *counts, arena *a, strata_error *err)
{
    column *columns = ARENA_NEW(a, b->scope.n_symbols, column);
    int32_t *levels = ARENA_NEW(a, PANEL_BLOCK, int32_t);
    void *scratch = arena_alloc(a, rule_scratch_bytes(by) + 1, 1);
    if (columns == NULL || levels == NULL || scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting attribute values");
    }
    rule_input in = {.now = {.columns = columns}};
    for (size_t first = 0; first < p->n_accounts; first += PANEL_BLOCK) {
        size_t left = p->n_accounts - first;
        size_t n = left < PANEL_BLOCK ? left : PANEL_BLOCK;
        point_at_attributes(p, first, columns);
        rule_eval_text(by, &in, n, levels, scratch);
        for (size_t i = 0; i < n; i++) {
            if (levels[i] != CODE_MISSING) {
                counts[levels[i]]++;
            }
        }
    }
    return STRATA_OK;
}

static strata_status make_map(const portfolio *p, const bound_model *b, const bound_def *def,
                              arena *a, const segment_code **out, strata_error *err)
{
    double other_under = b->model->dimensions[def->index].other_under;
    size_t n = 0;
    (void)rule_levels(def->rules[0], &n);
    if (n + 2 > SEGMENTS_MAX) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s:%d:%d: dimension '%s' would have %zu segments; "
                           "choose an attribute with fewer values",
                           b->model->path, b->model->dimensions[def->index].place.line,
                           b->model->dimensions[def->index].place.column,
                           b->model->dimensions[def->index].name, n);
    }
    segment_code *map = ARENA_NEW(a, n + 1, segment_code);
    size_t *counts = ARENA_NEW(a, n + 1, size_t);
    if (map == NULL || counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting attribute values");
    }
    STRATA_TRY(count_levels(p, b, def->rules[0], counts, a, err));
    double few = other_under * (double)p->n_accounts;
    for (size_t level = 0; level < n; level++) {
        map[level] = (segment_code)((double)counts[level] < few ? n : level);
    }
    map[n] = (segment_code)(n + 1);
    *out = map;
    return STRATA_OK;
}

strata_status level_maps_make(const portfolio *p, const bound_model *b, arena *a,
                              const segment_code *const **out, strata_error *err)
{
    const segment_code **maps = ARENA_NEW(a, b->n_defs, const segment_code *);
    if (maps == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting attribute values");
    }
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_DIMENSION && b->model->dimensions[def->index].kind == DIMENSION_BY) {
            STRATA_TRY(make_map(p, b, def, a, &maps[i], err));
        }
    }
    *out = maps;
    return STRATA_OK;
}
