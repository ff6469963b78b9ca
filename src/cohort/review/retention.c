/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/retention.h"

#include <math.h>

#include "base/auto.h"
#include "model/model.h"
#include "stats/inference/bootstrap.h"

/* --- one mark --- */

typedef struct mark_sums {
    int64_t *base, *now, *kept; /* by account that was followed so long */
    size_t n, on;
    int64_t base_sum, now_sum, kept_sum;
} mark_sums;

static void mark_sums_done(mark_sums *m)
{
    free(m->base);
    free(m->now);
    free(m->kept);
}

static strata_status add_up(const review_subject *s, const account_set *set, int months,
                            mark_sums *m, strata_error *err)
{
    m->base = STRATA_NEW_ARRAY(set->n, int64_t);
    m->now = STRATA_NEW_ARRAY(set->n, int64_t);
    m->kept = STRATA_NEW_ARRAY(set->n, int64_t);
    if (m->base == NULL || m->now == NULL || m->kept == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reviewing a cohort");
    }
    for (size_t k = 0; k < set->n; k++) {
        size_t i = set->items[k];
        day d = review_day(s, i, months);
        if (d > s->as_of) {
            continue;
        }
        int64_t base = review_opening(s, i);
        int64_t now = arr_book_at(s->book, i, d);
        m->base[m->n] = base;
        m->now[m->n] = now;
        m->kept[m->n] = now < base ? now : base;
        m->on += now > 0;
        m->base_sum += base;
        m->now_sum += now;
        m->kept_sum += m->kept[m->n];
        m->n++;
    }
    return STRATA_OK;
}

static ratio_figure ratio(const review_subject *s, const mark_sums *m, int64_t part, interval i)
{
    ratio_figure f = {.accounts = m->n, .part_minor = part, .base_minor = m->base_sum};
    f.stated = m->n > 0 && m->n >= s->minimum && m->base_sum > 0;
    if (f.stated) {
        f.ratio = (double)part / (double)m->base_sum;
        f.low = i.low;
        f.high = i.high;
    }
    return f;
}

strata_status review_mark_make(const context *cx, const review_subject *s, const account_set *set,
                               int months, uint64_t stream, review_mark *out, strata_error *err)
{
    STRATA_CLEANUP(mark_sums_done) mark_sums m = {0};
    STRATA_TRY(add_up(s, set, months, &m, err));
    interval i[2] = {{0}};
    if (m.n > 0 && m.n >= s->minimum) {
        const ratio_sample sample = {
            .n = m.n, .base = m.base, .parts = {m.now, m.kept}, .n_parts = 2};
        STRATA_TRY(bootstrap_ratios(cx, stream, &sample, i, err));
    }
    *out = (review_mark){.months = months,
                         .reached = m.n,
                         .complete = m.n == set->n,
                         .logos = review_share(s, m.on, m.n),
                         .nrr = ratio(s, &m, m.now_sum, i[0]),
                         .grr = ratio(s, &m, m.kept_sum, i[1])};
    return STRATA_OK;
}

review_rate review_rate_of(const review_mark *m, size_t measure)
{
    if (measure == GOAL_LOGO) {
        return (review_rate){m->logos.stated, m->logos.share, m->logos.low, m->logos.high};
    }
    const ratio_figure *f = measure == GOAL_NRR ? &m->nrr : &m->grr;
    return (review_rate){f->stated, f->ratio, f->low, f->high};
}

/* --- against the peers --- */

static review_gap gap_of(const review_mark *cohort, const review_mark *peers, size_t measure)
{
    review_rate a = review_rate_of(cohort, measure);
    review_rate b = review_rate_of(peers, measure);
    if (!a.stated || !b.stated) {
        return (review_gap){0};
    }
    review_gap g = {.known = true, .gap = a.value - b.value};
    if (measure == GOAL_LOGO) {
        interval i = newcombe_interval(cohort->logos.hits, cohort->logos.of, peers->logos.hits,
                                       peers->logos.of);
        g.low = i.low;
        g.high = i.high;
    } else { /* Zou & Donner 2008: from the limits of both */
        g.low = g.gap - hypot(a.value - a.low, b.high - b.value);
        g.high = g.gap + hypot(a.high - a.value, b.value - b.low);
    }
    g.clear = g.low > 0.0 || g.high < 0.0;
    return g;
}

/* The n-th of the peers, then the cohort. */
static const review_mark *mark_at(const review_retention *r, const review_subject *s, size_t n,
                                  size_t mark)
{
    return n < s->n_peers ? &r->peers[n][mark] : &r->cohort[mark];
}

static strata_status find_trend(const review_subject *s, review_retention *r, size_t measure,
                                size_t mark, strata_error *err)
{
    size_t hits[REVIEW_PEERS_MAX + 1];
    size_t of[REVIEW_PEERS_MAX + 1];
    double value[REVIEW_PEERS_MAX + 1];
    double place[REVIEW_PEERS_MAX + 1];
    size_t n = 0;
    for (size_t k = 0; k <= s->n_peers; k++) {
        const review_mark *m = mark_at(r, s, k, mark);
        review_rate rate = review_rate_of(m, measure);
        if (rate.stated) {
            hits[n] = m->logos.hits;
            of[n] = m->logos.of;
            value[n] = rate.value;
            place[n++] = (double)k;
        }
    }
    r->counted[measure][mark] = n;
    if (n < 3) {
        return STRATA_OK;
    }
    if (measure == GOAL_LOGO) {
        r->trend[measure][mark] = trend_of_shares(hits, of, place, n);
        return STRATA_OK;
    }
    return trend_of_values(value, place, n, &r->trend[measure][mark], err);
}

/* --- month by month --- */

static void make_curve(const review_subject *s, const account_set *set, review_curve *c)
{
    for (int m = 0; m < REVIEW_CURVE; m++) {
        size_t on = 0;
        int64_t base = 0;
        int64_t now = 0;
        c->reached[m] = 0;
        for (size_t k = 0; k < set->n; k++) {
            size_t i = set->items[k];
            day d = review_day(s, i, m);
            if (d <= s->as_of) {
                int64_t arr = arr_book_at(s->book, i, d);
                c->reached[m]++;
                on += arr > 0;
                now += arr;
                base += review_opening(s, i);
            }
        }
        bool whole = !s->by_start || c->reached[m] == set->n;
        bool stated = base > 0 && whole && c->reached[m] >= s->minimum;
        c->logos[m] = stated ? (double)on / (double)c->reached[m] : (double)NAN;
        c->nrr[m] = stated ? (double)now / (double)base : (double)NAN;
    }
}

strata_status review_retention_make(const context *cx, const review_subject *s,
                                    review_retention *out, strata_error *err)
{
    review_retention r = {.last = review_last_mark(s, &s->cohort)};
    uint64_t stream = REVIEW_STREAM;
    for (size_t m = 0; m < REVIEW_MARKS; m++) {
        int months = review_marks[m];
        STRATA_TRY(review_mark_make(cx, s, &s->cohort, months, stream++, &r.cohort[m], err));
        STRATA_TRY(review_mark_make(cx, s, &s->earlier, months, stream++, &r.earlier[m], err));
        for (size_t k = 0; k < s->n_peers; k++) {
            STRATA_TRY(
                review_mark_make(cx, s, &s->peers[k], months, stream++, &r.peers[k][m], err));
        }
        for (size_t measure = 0; measure < REVIEW_MEASURES; measure++) {
            r.gap[measure][m] = gap_of(&r.cohort[m], &r.earlier[m], measure);
            if (s->by_start) {
                STRATA_TRY(find_trend(s, &r, measure, m, err));
            }
        }
    }
    make_curve(s, &s->cohort, &r.curve);
    make_curve(s, &s->earlier, &r.earlier_curve);
    *out = r;
    return STRATA_OK;
}
