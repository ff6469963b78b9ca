/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/formula.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void formula_values_done(formula_values *v)
{
    for (size_t i = 0; i < v->n_columns; i++) {
        free(v->columns[i]);
    }
    free(v->columns);
    free(v->keep);
    *v = (formula_values){0};
}

/* The values of the symbols, by slot. */
typedef struct symbol_values {
    column *columns;
    void **owned;
    size_t n;
} symbol_values;

static void symbol_values_done(symbol_values *v)
{
    for (size_t i = 0; v->owned != NULL && i < v->n; i++) {
        free(v->owned[i]);
    }
    free(v->owned);
    free(v->columns);
}

static int32_t level_of(const symbol *s, text_view v)
{
    for (size_t i = 0; i + 1 < s->n_levels; i++) {
        if (strlen(s->levels[i]) == v.len && strncasecmp(s->levels[i], v.ptr, v.len) == 0) {
            return (int32_t)i;
        }
    }
    return (int32_t)s->n_levels - 1;
}

static double number_of(value_type type, text_view v, const value_style *style, unsigned *evidence)
{
    const char *why;
    double x = NAN;
    day d;
    bool yes;
    if (type == VALUE_DATE) {
        return value_day(v.ptr, v.len, style, evidence, &d, &why) == CELL_OK ? (double)d
                                                                             : (double)NAN;
    }
    if (type == VALUE_BOOL) {
        return value_bool(v.ptr, v.len, &yes, &why) == CELL_OK ? (double)yes : (double)NAN;
    }
    return value_number(v.ptr, v.len, style, evidence, &x, &why) == CELL_OK ? x : NAN;
}

static bool fill_symbol(const plan *p, const lookups *l, const row_block *rows, size_t slot,
                        unsigned *evidence, symbol_values *out)
{
    const plan_symbol *s = &p->symbols[slot];
    bool text = s->type == VALUE_TEXT;
    double *num = text ? NULL : STRATA_NEW_ARRAY(rows->n_rows, double);
    int32_t *code = text ? STRATA_NEW_ARRAY(rows->n_rows, int32_t) : NULL;
    if (num == NULL && code == NULL) {
        return false;
    }
    size_t style = s->field == SIZE_MAX ? 0 : s->field;
    for (size_t row = 0; row < rows->n_rows; row++) {
        text_view v = rows->cells[row * rows->n_columns + (size_t)s->column.cell];
        if (v.ptr != NULL) {
            value_trim(&v.ptr, &v.len);
        }
        bool missing = v.ptr == NULL || value_is_empty(v.ptr, v.len);
        if (text) {
            code[row] = missing ? CODE_MISSING : level_of(&p->scope[slot], v);
        } else {
            num[row] = missing ? NAN : number_of(s->type, v, &l->styles[style], &evidence[style]);
        }
    }
    out->owned[slot] = text ? (void *)code : (void *)num;
    out->columns[slot] = (column){num, code};
    return true;
}

static strata_status eval_one(const rule *r, const rule_input *in, size_t n, double *number,
                              uint8_t *condition, strata_error *err)
{
    STRATA_AUTO_FREE void *scratch = malloc(rule_scratch_bytes(r) + 1);
    if (scratch == NULL || (number == NULL && condition == NULL)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (condition != NULL) {
        rule_eval_condition(r, in, n, condition, scratch);
    } else {
        rule_eval_number(r, in, n, number, scratch);
    }
    return STRATA_OK;
}

strata_status formula_eval(const plan *p, const lookups *l, const row_block *rows,
                           unsigned *evidence, formula_values *out, strata_error *err)
{
    *out = (formula_values){0};
    if (p->n_formulas == 0 && p->keep == NULL) {
        return STRATA_OK;
    }
    STRATA_CLEANUP(symbol_values_done) symbol_values v = {.n = p->n_symbols};
    v.columns = STRATA_NEW_ARRAY(p->n_symbols, column);
    v.owned = STRATA_NEW_ARRAY(p->n_symbols, void *);
    out->columns = STRATA_NEW_ARRAY(p->n_formulas, double *);
    bool ok = v.columns != NULL && v.owned != NULL && out->columns != NULL;
    for (size_t i = 0; ok && i < p->n_symbols; i++) {
        ok = fill_symbol(p, l, rows, i, evidence, &v);
    }
    if (!ok) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const rule_input in = {.now = {.columns = v.columns}};
    if (p->keep != NULL) {
        out->keep = STRATA_NEW_ARRAY(rows->n_rows, uint8_t);
        STRATA_TRY(eval_one(p->keep, &in, rows->n_rows, NULL, out->keep, err));
    }
    for (; out->n_columns < p->n_formulas; out->n_columns++) {
        double *x = STRATA_NEW_ARRAY(rows->n_rows, double);
        out->columns[out->n_columns] = x;
        STRATA_TRY(eval_one(p->formulas[out->n_columns], &in, rows->n_rows, x, NULL, err));
    }
    return STRATA_OK;
}
