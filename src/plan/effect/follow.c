/* SPDX-License-Identifier: Apache-2.0 */
/* What became of accounts after a day, and how much each of those compared with counts. */
#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "plan/effect/parts.h"

enum { FIFTHS = 5 };

/* First day in first .. last at whose end there was no ARR; last + 1: none. */
static day first_without(const arr_book *b, size_t account, day first, day last)
{
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        if (b->day[k] >= first && b->day[k] <= last && b->after[k] == 0) {
            return b->day[k];
        }
    }
    return last + 1;
}

/* First intervention in first .. last; last + 1: none. */
static day next_one(const effect_work *w, uint32_t account, day first, day last)
{
    const intervention_log *log = w->q->log;
    for (size_t k = w->start[account]; k < w->start[account + 1]; k++) {
        if (log->items[k].day >= first && log->items[k].day <= last) {
            return log->items[k].day;
        }
    }
    return last + 1;
}

/* Who left the dimension did not move up. */
static int8_t moved_up(const effect_work *w, size_t row, day end)
{
    segment_code from = w->p->codes[row];
    if (w->n_ranked == 0 || from >= w->n_ranked) {
        return -1;
    }
    return effect_segment_at(w->weeks, w->p->account[row], end) < from ? 1 : 0;
}

follow_up effect_follow(const effect_work *w, size_t row, day t, int months, bool censor)
{
    const arr_book *b = w->book;
    uint32_t account = w->p->account[row];
    day end = day_add_months(t, months);
    day left = first_without(b, account, t + 1, end);
    day own = censor ? next_one(w, account, t + 1, end - 1) : end;
    follow_up f = {.left_out = own < end && own < left, .known = left < end ? left : end};
    f.known = f.left_out ? own : f.known;
    f.arr_then = arr_book_at(b, account, t);
    f.arr_after = arr_book_at(b, account, end);
    f.customer = f.arr_after > 0;
    f.up = moved_up(w, row, end);
    return f;
}

/* --- weights --- */

/* One account compared with: how long it is known. */
typedef struct known_row {
    size_t at; /* in the weights */
    day days;
    bool left_out;
    float margin;
} known_row;

static int by_margin(const void *a, const void *b)
{
    const known_row *x = a;
    const known_row *y = b;
    int order = (x->margin > y->margin) - (x->margin < y->margin);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

/* Leaving out comes after everything else of a day. */
static int by_days(const void *a, const void *b)
{
    const known_row *x = a;
    const known_row *y = b;
    if (x->days != y->days) {
        return x->days < y->days ? -1 : 1;
    }
    if (x->left_out != y->left_out) {
        return x->left_out ? 1 : -1;
    }
    return (x->at > y->at) - (x->at < y->at);
}

/* Kaplan & Meier's estimate of not being left out yet; one over it is the weight of who is known to
 * the end (Robins & Finkelstein 2000, Biometrics 56:779). Rows are weighted alike. */
static void weigh_fifth(known_row *rows, size_t n, double *weights)
{
    qsort(rows, n, sizeof *rows, by_days);
    double stays = 1.0;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].left_out) {
            stays *= 1.0 - 1.0 / (double)(n - i);
            weights[rows[i].at] = 0.0;
        } else {
            weights[rows[i].at] /= stays;
        }
    }
}

strata_status effect_weights(const effect_work *w, int months, double *weights, strata_error *err)
{
    size_t most = w->n_episodes * EFFECT_MATCHES;
    STRATA_AUTO_FREE known_row *rows = STRATA_NEW_ARRAY(most + 1, known_row);
    if (rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", most);
    }
    size_t n = 0;
    for (size_t e = 0; e < w->n_episodes; e++) {
        const episode *one = &w->episodes[e];
        size_t matched = 0;
        bool over = day_add_months(one->day, months) <= w->q->as_of;
        for (size_t k = 0; k < EFFECT_MATCHES; k++) {
            matched += over && one->match[k] != NO_MATCH;
        }
        for (size_t k = 0; k < EFFECT_MATCHES; k++) {
            size_t at = e * EFFECT_MATCHES + k;
            weights[at] = k < matched ? 1.0 / (double)matched : 0.0;
            if (k < matched) {
                follow_up f = effect_follow(w, one->match[k], one->day, months, true);
                rows[n++] = (known_row){.at = at,
                                        .days = f.known - one->day,
                                        .left_out = f.left_out,
                                        .margin = w->margin[one->match[k]]};
            }
        }
    }
    qsort(rows, n, sizeof *rows, by_margin);
    for (size_t part = 0; part < FIFTHS; part++) {
        size_t from = n * part / FIFTHS;
        weigh_fifth(rows + from, n * (part + 1) / FIFTHS - from, weights);
    }
    return STRATA_OK;
}
