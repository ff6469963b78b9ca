/* SPDX-License-Identifier: Apache-2.0 */
#include "brief/account_path.h"

#include <math.h>

#include "base/auto.h"
#include "segment/visit.h"

brief_dates brief_dates_make(day as_of, day since)
{
    day months[BRIEF_MONTHS];
    brief_dates out = {.n = 0};
    months[BRIEF_MONTHS - 1] = as_of;
    for (size_t i = BRIEF_MONTHS - 1; i-- > 0;) {
        months[i] = day_month_start(months[i + 1]) - 1;
    }
    for (size_t i = 0, placed = 0; i < BRIEF_MONTHS; i++) {
        if (placed == 0 && since <= months[i]) {
            out.since_at = out.n;
            placed = 1;
            if (since < months[i]) {
                out.dates[out.n++] = since;
            }
        }
        out.month_at[i] = out.n;
        out.dates[out.n++] = months[i];
    }
    return out;
}

typedef struct follower {
    const account_path_request *request;
    double *values, *factors;
    size_t n_symbols;
    size_t scratch_bytes;
} follower;

static bool wants(void *self, size_t date, size_t first, size_t n)
{
    const follower *f = self;
    (void)date;
    return f->request->account >= first && f->request->account < first + n;
}

static double number_at(column c, size_t at)
{
    return c.num != NULL ? c.num[at] : (double)NAN;
}

static strata_status take_factors(const follower *f, const dated_block *block, size_t at,
                                  strata_error *err)
{
    const bound_def *score = f->request->score;
    STRATA_AUTO_FREE column *own = STRATA_NEW_ARRAY(f->n_symbols + 1, column);
    STRATA_AUTO_FREE unsigned char *scratch = STRATA_NEW_ARRAY(f->scratch_bytes + 1, unsigned char);
    if (own == NULL || scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following a score");
    }
    for (size_t s = 0; s < f->n_symbols; s++) {
        column c = block->columns[s];
        own[s] = (column){.num = c.num != NULL ? c.num + at : NULL,
                          .code = c.code != NULL ? c.code + at : NULL};
    }
    const rule_input in = {.now = {.columns = own, .as_of = block->as_of}};
    for (size_t k = 0; k < score->n_rules; k++) {
        rule_eval_number(score->rules[k], &in, 1,
                         &f->factors[k * f->request->n_dates + block->date], scratch);
    }
    return STRATA_OK;
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    const follower *f = self;
    const account_path_request *r = f->request;
    if (!wants(self, block->date, block->first, block->n)) {
        return STRATA_OK;
    }
    size_t at = r->account - block->first;
    for (size_t s = 0; s < r->n_slots; s++) {
        f->values[s * r->n_dates + block->date] = number_at(block->columns[r->slots[s]], at);
    }
    return r->score != NULL ? take_factors(f, block, at, err) : STRATA_OK;
}

static size_t count_wanted(const account_path_request *r)
{
    size_t n = r->n_slots;
    for (size_t k = 0; r->score != NULL && k < r->score->n_rules; k++) {
        size_t read = 0;
        (void)rule_slots(r->score->rules[k], &read);
        n += read;
    }
    return n;
}

/* The slots asked for and those that the factors read. */
static size_t *list_wanted(const account_path_request *r, arena *a, size_t *n, size_t *scratch)
{
    size_t *list = ARENA_NEW(a, count_wanted(r) + 1, size_t);
    *n = 0;
    *scratch = 0;
    if (list == NULL) {
        return NULL;
    }
    for (size_t s = 0; s < r->n_slots; s++) {
        list[(*n)++] = r->slots[s];
    }
    for (size_t k = 0; r->score != NULL && k < r->score->n_rules; k++) {
        const rule *factor = r->score->rules[k];
        size_t read = 0;
        const size_t *slots = rule_slots(factor, &read);
        for (size_t i = 0; i < read; i++) {
            list[(*n)++] = slots[i];
        }
        *scratch = rule_scratch_bytes(factor) > *scratch ? rule_scratch_bytes(factor) : *scratch;
    }
    return list;
}

static double *new_missing(arena *a, size_t n)
{
    double *x = ARENA_NEW(a, n + 1, double);
    for (size_t i = 0; x != NULL && i < n; i++) {
        x[i] = NAN;
    }
    return x;
}

strata_status account_path_follow(const context *cx, const view *v,
                                  const account_path_request *request, arena *a, account_path *out,
                                  strata_error *err)
{
    size_t n_factors = request->score != NULL ? request->score->n_rules : 0;
    size_t n_wanted = 0;
    follower f = {.request = request,
                  .values = new_missing(a, request->n_slots * request->n_dates),
                  .factors = new_missing(a, n_factors * request->n_dates),
                  .n_symbols = v->b->scope.n_symbols};
    const size_t *wanted = list_wanted(request, a, &n_wanted, &f.scratch_bytes);
    if (f.values == NULL || f.factors == NULL || wanted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following an account");
    }
    const segmentation_visit visit = {.dates = request->dates,
                                      .n_dates = request->n_dates,
                                      .slots = wanted,
                                      .n_slots = n_wanted,
                                      .wants = wants,
                                      .take = take,
                                      .self = &f};
    STRATA_TRY(visit_dates(cx, v->p, v->b, v->overrides, &visit, err));
    *out = (account_path){
        .values = f.values, .factors = n_factors > 0 ? f.factors : NULL, .n_factors = n_factors};
    return STRATA_OK;
}
