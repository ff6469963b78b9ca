/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/factors.h"

#include <math.h>
#include <stdlib.h>

#include "segment/segmentation.h"

static strata_status compile_one(arena *a, const survival_cox_request *c, factor *f,
                                 strata_error *err)
{
    rule_place place = {.file = "--cox", .line = 1, .column = 1};
    strata_status st = rule_compile_value(a, f->expression, &place, &c->b->scope, &f->rule, err);
    if (st == STRATA_E_MODEL) { /* the request is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(f->rule) || rule_lookback_days(f->rule) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' looks back ('turned', 'for N days'), which --cox cannot; put it "
                           "into the model as a feature and name that",
                           f->expression);
    }
    if (rule_type(f->rule) == VALUE_DATE) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is a date, which grows with time itself; give a condition on it "
                           "or a number of days",
                           f->expression);
    }
    size_t n = 0;
    const size_t *slots = rule_slots(f->rule, &n);
    for (size_t i = 0; i < n; i++) {
        const symbol *s = &c->b->scope.symbols[slots[i]];
        if (s->missing_because != NULL) {
            return strata_fail(err, STRATA_E_USAGE, "'%s' has no values: %s", s->name,
                               s->missing_because);
        }
    }
    return STRATA_OK;
}

strata_status factors_compile(arena *a, const survival_cox_request *c, factor **out,
                              strata_error *err)
{
    if (c->n_expressions == 0 || c->n_expressions > SURVIVAL_FACTORS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "--cox takes 1 to %d expressions, not %zu",
                           SURVIVAL_FACTORS_MAX, c->n_expressions);
    }
    factor *f = ARENA_NEW(a, c->n_expressions, factor);
    for (size_t k = 0; f != NULL && k < c->n_expressions; k++) {
        f[k].expression = c->expressions[k];
        f[k].values = ARENA_NEW(a, c->p->n_accounts + 1, double);
        if (f[k].values == NULL) {
            f = NULL;
            break;
        }
        STRATA_TRY(compile_one(a, c, &f[k], err));
        for (size_t i = 0; i < c->p->n_accounts; i++) {
            f[k].values[i] = (double)NAN;
        }
    }
    if (f == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", c->p->n_accounts);
    }
    *out = f;
    return STRATA_OK;
}

bool factors_read_attributes(const survival_cox_request *c, const factor *factors)
{
    for (size_t k = 0; k < c->n_expressions; k++) {
        size_t n = 0;
        const size_t *slots = rule_slots(factors[k].rule, &n);
        for (size_t i = 0; i < n; i++) {
            if (slots[i] >= FEATURE_COUNT && slots[i] < c->p->n_symbols) {
                return true;
            }
        }
    }
    return false;
}

/* --- one date --- */

typedef struct dated {
    const survival_cox_request *c;
    const day *date;
    day now;
    segmentation *s;
    column *columns;
    double *num;
    int32_t *code;
    char *scratch;
} dated;

static void dated_done(dated *d)
{
    segmentation_free(d->s);
    free(d->columns);
    free(d->num);
    free(d->code);
    free(d->scratch);
}

static void keep_values(const dated *d, factor *f)
{
    bool text = rule_type(f->rule) == VALUE_TEXT;
    rule_input in = {.now = {.columns = d->columns, .as_of = d->now}};
    size_t n = d->c->p->n_accounts;
    if (text) {
        rule_eval_text(f->rule, &in, n, d->code, d->scratch);
    } else {
        rule_eval_number(f->rule, &in, n, d->num, d->scratch);
    }
    for (size_t i = 0; i < n; i++) {
        if (d->date[i] != d->now) {
            continue;
        }
        if (text) {
            f->values[i] = d->code[i] == CODE_MISSING ? (double)NAN : d->code[i];
        } else {
            f->values[i] = d->num[i];
        }
    }
}

/* All slots that the factors read; a slot may come twice. */
static strata_status list_slots(arena *a, const survival_cox_request *c, const factor *factors,
                                const size_t **slots, size_t *n_slots, strata_error *err)
{
    size_t total = 0;
    for (size_t k = 0; k < c->n_expressions; k++) {
        size_t n = 0;
        (void)rule_slots(factors[k].rule, &n);
        total += n;
    }
    size_t *all = ARENA_NEW(a, total + 1, size_t);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu values", total);
    }
    total = 0;
    for (size_t k = 0; k < c->n_expressions; k++) {
        size_t n = 0;
        const size_t *mine = rule_slots(factors[k].rule, &n);
        for (size_t i = 0; i < n; i++) {
            bool there = false;
            for (size_t j = 0; j < total; j++) {
                there = there || all[j] == mine[i];
            }
            if (!there) {
                all[total++] = mine[i];
            }
        }
    }
    *slots = all;
    *n_slots = total;
    return STRATA_OK;
}

static strata_status evaluate_on(const context *cx, dated *d, const size_t *slots, size_t n_slots,
                                 factor *factors, strata_error *err)
{
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = &d->now, .n_dates = 1, .keep_slots = slots,
                             .n_keep_slots = n_slots);
    request.keep_date = 0;
    STRATA_TRY(segmentation_run(cx, d->c->p, d->c->b, d->c->overrides, &request, &d->s, err));
    segmentation_columns(d->s, d->c->b->scope.n_symbols, d->columns);
    for (size_t k = 0; k < d->c->n_expressions; k++) {
        keep_values(d, &factors[k]);
    }
    segmentation_free(d->s);
    d->s = NULL;
    return STRATA_OK;
}

/* The next date after `after` that some account has; DAY_MISSING: none. */
static day next_date(const day *date, size_t n, day after)
{
    day next = DAY_MISSING;
    for (size_t i = 0; i < n; i++) {
        if (date[i] != DAY_MISSING && date[i] > after && (next == DAY_MISSING || date[i] < next)) {
            next = date[i];
        }
    }
    return next;
}

strata_status factors_evaluate(const context *cx, arena *a, const survival_cox_request *c,
                               const day *date, factor *factors, strata_error *err)
{
    STRATA_CLEANUP(dated_done) dated d = {.c = c, .date = date};
    size_t n = c->p->n_accounts;
    size_t scratch = 0;
    for (size_t k = 0; k < c->n_expressions; k++) {
        size_t bytes = rule_scratch_bytes(factors[k].rule);
        scratch = bytes > scratch ? bytes : scratch;
    }
    d.columns = STRATA_NEW_ARRAY(c->b->scope.n_symbols + 1, column);
    d.num = STRATA_NEW_ARRAY(n, double);
    d.code = STRATA_NEW_ARRAY(n, int32_t);
    d.scratch = STRATA_NEW_ARRAY(scratch + 1, char);
    if (d.columns == NULL || d.num == NULL || d.code == NULL || d.scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    const size_t *slots = NULL;
    size_t n_slots = 0;
    STRATA_TRY(list_slots(a, c, factors, &slots, &n_slots, err));
    for (d.now = next_date(date, n, DAY_MIN); d.now != DAY_MISSING;
         d.now = next_date(date, n, d.now)) {
        STRATA_TRY(evaluate_on(cx, &d, slots, n_slots, factors, err));
    }
    return STRATA_OK;
}
