/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/review_rhythm.h"

#include <math.h>

enum { YEAR = 12, UNDONE_WITHIN = 3 };
static const double CHANGED_MOST = 0.1;
static const int rhythms[] = {12, 6, 3, 1};

/* Back where it was by one of the months after the move that are allowed. */
static bool is_undone(const migration_paths *p, size_t date, size_t account, size_t from)
{
    for (size_t d = date + 1; d <= date + UNDONE_WITHIN && d < p->n_dates; d++) {
        if (migration_state(p, d, account) == from) {
            return true;
        }
    }
    return false;
}

static void follow(const migration_paths *p, size_t account, review_rhythm *r)
{
    size_t last = p->n_dates - 1;
    for (size_t d = last > YEAR ? last - YEAR : 0; d < last; d++) {
        size_t from = migration_state(p, d, account);
        size_t to = migration_state(p, d + 1, account);
        if (from == p->n_segments) {
            continue;
        }
        bool moved = to != from && to != p->n_segments;
        bool judged = moved && d + 1 + UNDONE_WITHIN <= last;
        r->months++;
        r->leavers += to == p->n_segments;
        r->moves += moved;
        r->judged += judged;
        r->undone += judged && is_undone(p, d + 1, account, from);
    }
}

review_rhythm review_rhythm_of(const migration_paths *p)
{
    review_rhythm r = {.flapped = NAN, .every = rhythms[0]};
    for (size_t i = 0; p->n_dates > 1 && i < p->n_accounts; i++) {
        follow(p, i, &r);
    }
    if (r.months == 0) {
        return r;
    }
    r.moved = (double)r.moves / (double)r.months;
    r.left = (double)r.leavers / (double)r.months;
    r.flapped = r.judged > 0 ? (double)r.undone / (double)r.judged : (double)NAN;
    double lasting = r.moved * (1.0 - (isnan(r.flapped) ? 0.0 : r.flapped)) + r.left;
    size_t k = 0;
    while (k + 1 < sizeof rhythms / sizeof *rhythms && lasting * rhythms[k] > CHANGED_MOST) {
        k++;
    }
    r.every = rhythms[k];
    return r;
}
