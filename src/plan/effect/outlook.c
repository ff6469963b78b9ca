/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/outlook.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "segment/visit.h"

enum { YEAR = 12, QUARTER = 3, POOLS = HEALTH_BANDS + 1 };

/* What was known on a day and 12 months before. */
typedef struct two_days {
    const outlook_request *q;
    size_t health;
    size_t n; /* accounts */
    day days[2];
    segment_code *codes; /* [day * n + account] */
    uint8_t *bands;
    double *risk; /* by account, on the second day; NaN: none kept */
} two_days;

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    (void)err;
    const two_days *t = self;
    const double *health = block->columns[t->health].num;
    const double *risk = block->columns[FEATURE_CHURN_RISK].num;
    const segment_code *codes = block->codes[t->q->def->slot];
    for (size_t i = 0; i < block->n; i++) {
        size_t account = block->first + i;
        size_t at = block->date * t->n + account;
        t->codes[at] = codes[i];
        health_band band = stakes_band(health != NULL ? health[i] : (double)NAN);
        t->bands[at] = (uint8_t)band;
        if (block->date == 1) {
            t->risk[account] = risk != NULL ? risk[i] : (double)NAN;
        }
    }
    return STRATA_OK;
}

static strata_status look(const context *cx, two_days *t, arena *a, strata_error *err)
{
    const view *v = t->q->v;
    const size_t slots[] = {t->q->def->slot, t->health, FEATURE_CHURN_RISK};
    t->codes = ARENA_NEW(a, 2 * t->n + 1, segment_code);
    t->bands = ARENA_NEW(a, 2 * t->n + 1, uint8_t);
    t->risk = ARENA_NEW(a, t->n + 1, double);
    if (t->codes == NULL || t->bands == NULL || t->risk == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", t->n);
    }
    const segmentation_visit visit = {
        .dates = t->days, .n_dates = 2, .slots = slots, .n_slots = 3, .take = take, .self = t};
    return visit_dates(cx, v->p, v->b, v->overrides, &visit, err);
}

/* --- strata --- */

/* Numbers of strata: segment and band, then each band over all segments, then all. */
static size_t own_stratum(const two_days *t, size_t day_at, size_t account)
{
    size_t at = day_at * t->n + account;
    return t->codes[at] * (size_t)HEALTH_BANDS + t->bands[at];
}

static bool is_in_segment(const two_days *t, size_t day_at, size_t account)
{
    return t->codes[day_at * t->n + account] < t->q->def->n_segments;
}

typedef struct counts {
    size_t *of; /* by stratum: donors */
    size_t pooled;
    double least;
} counts;

static size_t settle(const two_days *t, const counts *c, size_t stratum)
{
    size_t pooled = t->q->def->n_segments * (size_t)HEALTH_BANDS;
    size_t band = pooled + stratum % HEALTH_BANDS;
    return (double)c->of[stratum] >= c->least ? stratum
           : (double)c->of[band] >= c->least  ? band
                                              : pooled + HEALTH_BANDS;
}

/* Every donor stands in its stratum, its band and among all. */
static size_t list_donors(const two_days *t, counts *c, sim_donor *out)
{
    const arr_book *b = t->q->book;
    size_t n = 0;
    size_t pooled = t->q->def->n_segments * (size_t)HEALTH_BANDS;
    for (size_t i = 0; i < t->n; i++) {
        int64_t was = arr_book_at(b, i, t->days[0]);
        if (was <= 0 || !is_in_segment(t, 0, i)) {
            continue;
        }
        int64_t is = arr_book_at(b, i, t->days[1]);
        size_t own = own_stratum(t, 0, i);
        const size_t strata[] = {own, pooled + own % HEALTH_BANDS, pooled + HEALTH_BANDS};
        for (size_t k = 0; k < 3; k++) {
            c->of[strata[k]]++;
            out[n++] = (sim_donor){.stratum = (uint32_t)strata[k], .was = was, .is = is};
        }
    }
    return n;
}

/* Risks over the mean of the accounts of a stratum that have one. */
static strata_status put_risks(const two_days *t, size_t n_strata, const uint32_t *account,
                               sim_account *list, size_t n, outlook *out, strata_error *err)
{
    STRATA_AUTO_FREE double *sum = STRATA_NEW_ARRAY(n_strata + 1, double);
    STRATA_AUTO_FREE double *of = STRATA_NEW_ARRAY(n_strata + 1, double);
    if (sum == NULL || of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu strata", n_strata);
    }
    for (size_t i = 0; i < n; i++) {
        double risk = t->risk[account[i]];
        sum[list[i].stratum] += isnan(risk) ? 0.0 : risk;
        of[list[i].stratum] += isnan(risk) ? 0.0 : 1.0;
    }
    for (size_t i = 0; i < n; i++) {
        double risk = t->risk[account[i]];
        size_t k = list[i].stratum;
        bool known = !isnan(risk) && sum[k] > 0.0;
        list[i].risk = known ? risk * of[k] / sum[k] : 1.0;
        out->n_risks += known;
    }
    return STRATA_OK;
}

static size_t list_accounts(const two_days *t, const counts *c, sim_account *list,
                            uint32_t *account, outlook *out)
{
    const outlook_request *q = t->q;
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        int64_t value = arr_book_at(q->book, i, t->days[1]);
        if (value <= 0 || !is_in_segment(t, 1, i)) {
            continue;
        }
        size_t own = own_stratum(t, 1, i);
        size_t used = settle(t, c, own);
        out->n_pooled += used != own;
        account[n] = (uint32_t)i;
        list[n++] = (sim_account){.stratum = (uint32_t)used,
                                  .value = value,
                                  .risk = 1.0,
                                  .first = q->first != NULL ? q->first[i] : NO_EFFECT,
                                  .second = q->second != NULL ? q->second[i] : NO_EFFECT};
    }
    return n;
}

strata_status outlook_make(const context *cx, const outlook_request *q, day from, arena *a,
                           outlook *out, strata_error *err)
{
    size_t n = q->v->p->n_accounts;
    size_t n_strata = q->def->n_segments * (size_t)HEALTH_BANDS + POOLS;
    outlook result = {0};
    two_days t = {.q = q,
                  .health = stakes_health_slot(q->v->b),
                  .n = n,
                  .days = {day_add_months(from, -YEAR), from}};
    counts c = {.least = q->v->b->model->quality.minimum_accounts};
    STRATA_TRY(look(cx, &t, a, err));
    STRATA_AUTO_FREE sim_donor *donors = STRATA_NEW_ARRAY(3 * n + 1, sim_donor);
    STRATA_AUTO_FREE sim_account *list = STRATA_NEW_ARRAY(n + 1, sim_account);
    uint32_t *account = ARENA_NEW(a, n + 1, uint32_t);
    STRATA_AUTO_FREE size_t *of = STRATA_NEW_ARRAY(n_strata + 1, size_t);
    if (donors == NULL || list == NULL || account == NULL || of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    c.of = of;
    simulation_input in = {.accounts = list,
                           .donors = donors,
                           .n_donors = list_donors(&t, &c, donors),
                           .n_strata = n_strata,
                           .effects = q->effects,
                           .n_effects = q->n_effects};
    size_t past = in.n_donors / 3; /* each stands in three strata */
    in.n = list_accounts(&t, &c, list, account, &result);
    if (in.n > 0 && (double)past < c.least) {
        return strata_fail(err, STRATA_E_DATA,
                           "not enough data to simulate a year: %zu accounts were customers 12 "
                           "months before, %.0f are needed (quality.minimum_accounts)",
                           past, c.least);
    }
    STRATA_TRY(put_risks(&t, n_strata, account, list, in.n, &result, err));
    STRATA_TRY(simulate(cx, &in, &result.s, err));
    result.s.n_donors = past;
    result.s.n_left /= 3;
    result.accounts = account;
    *out = result;
    return STRATA_OK;
}

/* --- tried on the past --- */

static bool within(double x, sim_range r)
{
    return x >= r.low && x <= r.high;
}

/* Of the customers it was said of. */
static void put_outcome(const outlook_request *q, const outlook *o, outlook_trial *t)
{
    const arr_book *b = q->book;
    day end = day_add_months(t->from, YEAR);
    double was = 0.0;
    double is = 0.0;
    double least = 0.0;
    double left = 0.0;
    for (size_t k = 0; k < o->s.n; k++) {
        int64_t before = arr_book_at(b, o->accounts[k], t->from);
        int64_t after = arr_book_at(b, o->accounts[k], end);
        was += (double)before;
        is += (double)after;
        least += (double)(before < after ? before : after);
        left += after > 0 ? 0.0 : 1.0;
    }
    t->churn = left / (double)o->s.n;
    t->nrr = is / fmax(was, 1.0);
    t->grr = least / fmax(was, 1.0);
    t->churn_in = within(t->churn, t->said.churn);
    t->nrr_in = within(t->nrr, t->said.nrr);
    t->grr_in = within(t->grr, t->said.grr);
}

strata_status outlook_try(const context *cx, const outlook_request *q, arena *a, outlook_trial *out,
                          size_t *n, strata_error *err)
{
    outlook_request then = *q;
    size_t done = 0;
    then.first = then.second = NULL;
    then.n_effects = 0;
    for (int k = OUTLOOK_TRIALS - 1; k >= 0; k--) {
        outlook_trial t = {.from = day_add_months(q->v->as_of, -YEAR - QUARTER * k)};
        outlook o = {0};
        if (day_add_months(t.from, -YEAR) <= q->v->p->info->first_day) {
            continue;
        }
        strata_error why = {0};
        strata_status st = outlook_make(cx, &then, t.from, a, &o, &why);
        if (st == STRATA_E_DATA) {
            continue; /* no accounts like today's then */
        }
        if (st != STRATA_OK) {
            *err = why;
            return st;
        }
        t.said = o.s.base;
        t.n = o.s.n;
        put_outcome(q, &o, &t);
        out[done++] = t;
    }
    *n = done;
    return STRATA_OK;
}
