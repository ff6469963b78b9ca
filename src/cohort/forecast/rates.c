/* SPDX-License-Identifier: Apache-2.0 */
/* What happened in the window: the sums that rates are made of. */
#include "cohort/forecast/rates_private.h"

#include "base/parallel.h"
#include "cohort/calendar.h"

static const int band_ends[RATES_BANDS] = {3, 6, 12, 24, 36, RATES_LAST_AGE, INT32_MAX};

size_t rates_band(const rates *r, int age)
{
    size_t band = 0;
    while (r->by_age && age >= band_ends[band]) {
        band++;
    }
    return band;
}

int rates_age(day first, day d)
{
    int age = tenure_full_months(first, d);
    return age < RATES_LAST_AGE ? age : RATES_LAST_AGE;
}

/* --- one account's months --- */

typedef struct rates_job {
    rates *r;
    const rates_request *q;
    const context *cx;
} rates_job;

/* The cell of an account at some age; the last segment is of those who have none. */
static flow *cell_of(const rates *r, size_t block, segment_code segment, int age)
{
    size_t s = segment < r->n_segments ? segment : r->n_segments;
    return &r->flows[(block * (r->n_segments + 1) + s) * RATES_BANDS + rates_band(r, age)];
}

static void count_month(flow *f, int64_t from, int64_t to)
{
    double open = (double)from;
    double change = (double)(to - from);
    f->logos += 1.0;
    f->arr += open;
    if (to == 0) {
        f->lost_logos += 1.0;
        f->lost_arr += open;
    } else if (to < from) {
        f->contraction -= change;
    } else {
        f->expansion += change;
    }
}

static void count_lapsed(lapse *l, int64_t had, int64_t to)
{
    l->logos += 1.0;
    l->arr += (double)had;
    if (to > 0) {
        l->back_logos += 1.0;
        l->back_arr += (double)to;
    }
}

static void count_new(newcomers *months, size_t month, int64_t to)
{
    months[month].logos += 1.0;
    months[month].arr += (double)to;
}

/* ARR at the ends of the window's months, oldest first, in one pass over the account's rows. `had`
 * is the ARR before the account last went to 0. */
static void months_of(const rates_job *job, size_t account, int64_t *ends, int64_t *had)
{
    const arr_book *b = job->q->book;
    const rates *r = job->r;
    uint32_t k = b->start[account];
    int64_t arr = 0;
    int64_t before = 0;
    for (int m = 0; m <= r->window; m++) {
        for (; k < b->start[account + 1] && b->day[k] <= r->month_ends[m]; k++) {
            before = b->after[k] == 0 && arr > 0 ? arr : before;
            arr = b->after[k];
        }
        ends[m] = arr;
        had[m] = before;
    }
}

static void count_account(const rates_job *job, size_t account, size_t block, int64_t *ends,
                          int64_t *had)
{
    rates *r = job->r;
    day first = job->q->book->first[account];
    if (first == DAY_MISSING || first > job->q->as_of) {
        return;
    }
    segment_code segment = job->q->then != NULL ? job->q->then[account] : 0;
    months_of(job, account, ends, had);
    for (int m = 0; m < r->window; m++) {
        if (ends[m] > 0) {
            int age = rates_age(first, r->month_ends[m]);
            count_month(cell_of(r, block, segment, age), ends[m], ends[m + 1]);
        } else if (first <= r->month_ends[m]) {
            count_lapsed(&r->lapses[block], had[m], ends[m + 1]);
        } else if (ends[m + 1] > 0) {
            count_new(r->newcomers + block * (size_t)r->window, (size_t)m, ends[m + 1]);
        }
    }
}

static strata_status count_block(void *payload, size_t block, strata_error *err)
{
    const rates_job *job = payload;
    const rates *r = job->r;
    STRATA_TRY(context_check(job->cx, err));
    STRATA_AUTO_FREE int64_t *ends = STRATA_NEW_ARRAY(2 * ((size_t)r->window + 1), int64_t);
    if (ends == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting movements");
    }
    size_t n = job->q->book->n_accounts;
    for (size_t i = block; i < n; i += r->n_blocks) {
        count_account(job, i, block, ends, ends + r->window + 1);
    }
    return STRATA_OK;
}

/* --- today's accounts --- */

static void count_today(rates *r, const rates_request *q)
{
    for (size_t i = 0; i < q->book->n_accounts; i++) {
        day first = q->book->first[i];
        int64_t arr = arr_book_at(q->book, i, q->as_of);
        if (first == DAY_MISSING || first > q->as_of) {
            continue;
        }
        if (arr > 0) {
            segment_code segment = q->now != NULL ? q->now[i] : 0;
            size_t s = segment < r->n_segments ? segment : r->n_segments;
            stock *at = &r->today[s * (RATES_LAST_AGE + 1) + (size_t)rates_age(first, q->as_of)];
            at->logos += 1.0;
            at->arr += (double)arr;
        } else {
            int64_t had = 0;
            for (uint32_t k = q->book->start[i];
                 k < q->book->start[i + 1] && q->book->day[k] <= q->as_of; k++) {
                had = q->book->after[k] > 0 ? q->book->after[k] : had;
            }
            r->lapsed_today.logos += 1.0;
            r->lapsed_today.arr += (double)had;
        }
    }
}

/* --- */

static strata_status allocate(rates *r, strata_error *err)
{
    size_t segments = r->n_segments + 1;
    r->flows = STRATA_NEW_ARRAY(r->n_blocks * segments * RATES_BANDS, flow);
    r->lapses = STRATA_NEW_ARRAY(r->n_blocks, lapse);
    r->newcomers = STRATA_NEW_ARRAY(r->n_blocks * (size_t)r->window, newcomers);
    r->today = STRATA_NEW_ARRAY(segments * (RATES_LAST_AGE + 1), stock);
    r->month_ends = STRATA_NEW_ARRAY((size_t)r->window + 1, day);
    bool done = r->flows && r->lapses && r->newcomers && r->today && r->month_ends;
    return done ? STRATA_OK
                : strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu segments", r->n_segments);
}

strata_status rates_new(const context *cx, const rates_request *q, rates **out, strata_error *err)
{
    STRATA_AUTO(rates_free) rates *r = STRATA_NEW_ARRAY(1, rates);
    if (r == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for rates");
    }
    size_t n = q->book->n_accounts;
    *r = (rates){.n_segments = q->n_segments,
                 .window = q->window,
                 .by_age = q->by_age,
                 .n_blocks = n < RATES_BLOCKS_MAX ? n : RATES_BLOCKS_MAX};
    STRATA_TRY(allocate(r, err));
    for (int m = 0; m <= q->window; m++) {
        r->month_ends[m] = calendar_step(q->as_of, m - q->window);
    }
    rates_job job = {.r = r, .q = q, .cx = cx};
    STRATA_TRY(parallel_run(cx, r->n_blocks, count_block, &job, err));
    count_today(r, q);
    *out = strata_steal(&r);
    return STRATA_OK;
}

void rates_free(rates *r)
{
    if (r != NULL) {
        free(r->flows);
        free(r->lapses);
        free(r->newcomers);
        free(r->today);
        free(r->month_ends);
        free(r);
    }
}

bool rates_lost_any(const rates *r)
{
    bool any = false;
    for (size_t i = 0; !any && i < r->n_blocks * (r->n_segments + 1) * RATES_BANDS; i++) {
        any = r->flows[i].lost_logos > 0.0;
    }
    return any;
}

size_t rates_account_months(const rates *r)
{
    double n = 0.0;
    for (size_t i = 0; i < r->n_blocks * (r->n_segments + 1) * RATES_BANDS; i++) {
        n += r->flows[i].logos;
    }
    return (size_t)n;
}
