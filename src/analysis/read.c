/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/read.h"

#include <string.h>

#include "base/auto.h"
#include "panel/features.h"

const symbol *study_symbol(const study *s, size_t slot)
{
    return &s->v->b->scope.symbols[slot];
}

const char *study_label(const study *s, size_t slot)
{
    const symbol *sym = study_symbol(s, slot);
    if (sym->label == NULL && slot < FEATURE_COUNT) {
        return feature_get((feature_id)slot)->label;
    }
    return sym->label != NULL ? sym->label : sym->name;
}

column study_column(const study *s, size_t slot)
{
    return segmentation_column(s->v->s, slot);
}

column study_column_year_ago(const study *s, size_t slot)
{
    return s->year_ago != NULL ? segmentation_column(s->year_ago, slot) : (column){0};
}

size_t study_slot(const study *s, const char *name)
{
    const rule_scope *scope = &s->v->b->scope;
    for (size_t slot = 0; slot < scope->n_symbols; slot++) {
        if (strcmp(scope->symbols[slot].name, name) == 0) {
            column c = study_column(s, slot);
            return c.num != NULL || c.code != NULL ? slot : SIZE_MAX;
        }
    }
    return SIZE_MAX;
}

bool study_has(const study *s, const char *name)
{
    return study_slot(s, name) != SIZE_MAX;
}

const double *study_numbers(const study *s, const char *name)
{
    size_t slot = study_slot(s, name);
    return slot != SIZE_MAX ? study_column(s, slot).num : NULL;
}

/* Columns by slot, for rules; freed by the caller. */
static strata_status all_columns(const study *s, const rule *r, column **columns, void **scratch,
                                 strata_error *err)
{
    size_t n = s->v->b->scope.n_symbols;
    *columns = STRATA_NEW_ARRAY(n, column);
    *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(r), unsigned char);
    if (*columns == NULL || *scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory evaluating '%s'", rule_text(r));
    }
    segmentation_columns(s->v->s, n, *columns);
    return STRATA_OK;
}

strata_status study_condition(const study *s, const rule *r, uint8_t *out, strata_error *err)
{
    STRATA_AUTO_FREE column *columns = NULL;
    STRATA_AUTO_FREE void *scratch = NULL;
    STRATA_TRY(all_columns(s, r, &columns, &scratch, err));
    rule_input in = {.now = {.columns = columns, .as_of = s->v->as_of}};
    rule_eval_condition(r, &in, s->n, out, scratch);
    return STRATA_OK;
}

strata_status study_value(const study *s, const rule *r, double *out, strata_error *err)
{
    STRATA_AUTO_FREE column *columns = NULL;
    STRATA_AUTO_FREE void *scratch = NULL;
    STRATA_TRY(all_columns(s, r, &columns, &scratch, err));
    rule_input in = {.now = {.columns = columns, .as_of = s->v->as_of}};
    rule_eval_number(r, &in, s->n, out, scratch);
    return STRATA_OK;
}

strata_status study_condition_text(const study *s, const char *text, uint8_t *out,
                                   strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    const rule *r = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(rule_compile_condition(a, text, NULL, &s->v->b->scope, &r, err));
    return study_condition(s, r, out, err);
}

const char *study_lacks(const study *s, const rule *r)
{
    size_t n = 0;
    const size_t *slots = rule_slots(r, &n);
    for (size_t i = 0; i < n; i++) {
        const symbol *sym = study_symbol(s, slots[i]);
        if (sym->missing_because != NULL) {
            return sym->missing_because;
        }
    }
    return NULL;
}

void mark_read_slots(const bound_model *b, const bound_def *def, uint8_t *read)
{
    read[def->slot] = 1;
    for (size_t i = b->n_defs; i-- > 0;) {
        for (size_t r = 0; read[b->defs[i].slot] && r < b->defs[i].n_rules; r++) {
            size_t n = 0;
            const size_t *slots =
                b->defs[i].rules[r] != NULL ? rule_slots(b->defs[i].rules[r], &n) : NULL;
            for (size_t k = 0; k < n; k++) {
                read[slots[k]] = 1;
            }
        }
    }
}
