/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/survival/factors.h"

#include <math.h>
#include <stdlib.h>

#include "segment/given.h"
#include "segment/visit.h"

static strata_status compile_one(arena *a, const survival_cox_request *c, factor *f,
                                 strata_error *err)
{
    STRATA_TRY(given_value(a, f->expression, "--cox", &c->b->scope, &f->rule, err));
    if (rule_type(f->rule) == VALUE_DATE) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is a date, which grows with time itself; give a condition on it "
                           "or a number of days",
                           f->expression);
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

/* --- values as of dates --- */

typedef struct dated {
    const survival_cox_request *c;
    const day *date;
    day *days; /* distinct, ascending */
    size_t n_days;
    size_t scratch_bytes;
    factor *factors;
} dated;

static bool wants_date(void *self, size_t date, size_t first, size_t n)
{
    const dated *d = self;
    for (size_t i = first; i < first + n; i++) {
        if (d->date[i] == d->days[date]) {
            return true;
        }
    }
    return false;
}

/* What one block of accounts is evaluated with. */
typedef struct block_room {
    double *num;
    int32_t *code;
    char *scratch;
} block_room;

static void block_room_done(block_room *room)
{
    free(room->num);
    free(room->code);
    free(room->scratch);
}

static void keep_values(const dated *d, const dated_block *block, const block_room *room, factor *f)
{
    bool text = rule_type(f->rule) == VALUE_TEXT;
    rule_input in = {.now = {.columns = block->columns, .as_of = block->as_of}};
    if (text) {
        rule_eval_text(f->rule, &in, block->n, room->code, room->scratch);
    } else {
        rule_eval_number(f->rule, &in, block->n, room->num, room->scratch);
    }
    for (size_t i = 0; i < block->n; i++) {
        if (d->date[block->first + i] != block->as_of) {
            continue;
        }
        double value = text ? room->code[i] : room->num[i];
        bool missing = text && room->code[i] == CODE_MISSING;
        f->values[block->first + i] = missing ? (double)NAN : value;
    }
}

static strata_status take_block(void *self, const dated_block *block, strata_error *err)
{
    const dated *d = self;
    STRATA_CLEANUP(block_room_done)
    block_room room = {.num = STRATA_NEW_ARRAY(block->n, double),
                       .code = STRATA_NEW_ARRAY(block->n, int32_t),
                       .scratch = STRATA_NEW_ARRAY(d->scratch_bytes + 1, char)};
    if (room.num == NULL || room.code == NULL || room.scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", block->n);
    }
    for (size_t k = 0; k < d->c->n_expressions; k++) {
        keep_values(d, block, &room, &d->factors[k]);
    }
    return STRATA_OK;
}

/* All slots that the factors read; a slot may come twice. */
static strata_status list_slots(arena *a, const dated *d, const size_t **slots, size_t *n_slots,
                                strata_error *err)
{
    size_t total = 0;
    for (size_t k = 0; k < d->c->n_expressions; k++) {
        size_t n = 0;
        (void)rule_slots(d->factors[k].rule, &n);
        total += n;
    }
    size_t *all = ARENA_NEW(a, total + 1, size_t);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu values", total);
    }
    *n_slots = 0;
    for (size_t k = 0; k < d->c->n_expressions; k++) {
        size_t n = 0;
        const size_t *mine = rule_slots(d->factors[k].rule, &n);
        for (size_t i = 0; i < n; i++) {
            all[(*n_slots)++] = mine[i];
        }
    }
    *slots = all;
    return STRATA_OK;
}

static int ascending(const void *a, const void *b)
{
    day x = *(const day *)a;
    day y = *(const day *)b;
    return (x > y) - (x < y);
}

static strata_status list_days(arena *a, dated *d, strata_error *err)
{
    size_t n = 0;
    d->days = ARENA_NEW(a, d->c->p->n_accounts + 1, day);
    if (d->days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts",
                           d->c->p->n_accounts);
    }
    for (size_t i = 0; i < d->c->p->n_accounts; i++) {
        if (d->date[i] != DAY_MISSING) {
            d->days[n++] = d->date[i];
        }
    }
    if (n > 1) {
        qsort(d->days, n, sizeof *d->days, ascending);
    }
    for (size_t i = 0; i < n; i++) {
        if (d->n_days == 0 || d->days[i] != d->days[d->n_days - 1]) {
            d->days[d->n_days++] = d->days[i];
        }
    }
    return STRATA_OK;
}

strata_status factors_evaluate(const context *cx, arena *a, const survival_cox_request *c,
                               const day *date, factor *factors, strata_error *err)
{
    dated d = {.c = c, .date = date, .factors = factors};
    for (size_t k = 0; k < c->n_expressions; k++) {
        size_t bytes = rule_scratch_bytes(factors[k].rule);
        d.scratch_bytes = bytes > d.scratch_bytes ? bytes : d.scratch_bytes;
    }
    segmentation_visit visit = {.wants = wants_date, .take = take_block, .self = &d};
    STRATA_TRY(list_slots(a, &d, &visit.slots, &visit.n_slots, err));
    STRATA_TRY(list_days(a, &d, err));
    visit.dates = d.days;
    visit.n_dates = d.n_days;
    return visit_dates(cx, c->p, c->b, c->overrides, &visit, err);
}
