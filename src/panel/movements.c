/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/movements.h"

#include <stdlib.h>

#include "base/auto.h"

/* While an account is built, its part of `out` holds changes: `arr_after` is the signed change of
 * that day. They are then sorted and turned into levels in place, so nothing else is allocated. */

static int compare_days(const void *a, const void *b)
{
    const arr_movement *x = a;
    const arr_movement *y = b;
    return (x->day > y->day) - (x->day < y->day);
}

static strata_status push_change(arr_movements *out, day d, int64_t change, strata_error *err)
{
    if (change != 0 && !vec_push(out, (arr_movement){.day = d, .arr_after = change})) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for ARR movements");
    }
    return STRATA_OK;
}

static arr_kind kind_of(int64_t before, int64_t after, bool had)
{
    if (before == 0) {
        return had ? ARR_REACTIVATION : ARR_NEW;
    }
    if (after == 0) {
        return ARR_CHURN;
    }
    return after > before ? ARR_EXPANSION : ARR_CONTRACTION;
}

static strata_status fail_on(day d, const char *what, strata_error *err)
{
    char text[DAY_TEXT];
    day_format(d, text);
    return strata_fail(err, STRATA_E_DATA, "%s on %s", what, text);
}

/* Adds the changes of rows[k]'s day to `total`; *next is the first row of another day. */
static strata_status add_day(const arr_movement *rows, size_t n, size_t k, int64_t *total,
                             size_t *next, strata_error *err)
{
    int64_t change = 0;
    int64_t after;
    size_t r = k;
    for (; r < n && rows[r].day == rows[k].day; r++) {
        if (__builtin_add_overflow(change, rows[r].arr_after, &change)) {
            return fail_on(rows[k].day, "ARR is too large", err);
        }
    }
    if (__builtin_add_overflow(*total, change, &after)) {
        return fail_on(rows[k].day, "ARR is too large", err);
    }
    if (after < 0) {
        return fail_on(rows[k].day, "ARR falls below 0", err);
    }
    *total = after;
    *next = r;
    return STRATA_OK;
}

/* Turns the changes out->data[begin ..] into the account's movements. */
static strata_status settle_changes(arr_movements *out, size_t begin, strata_error *err)
{
    arr_movement *rows = out->data + begin;
    size_t n = out->n - begin;
    size_t kept = 0;
    int64_t total = 0;
    bool had = false;
    if (n > 1) {
        qsort(rows, n, sizeof *rows, compare_days); /* rows of one day are only added up */
    }
    for (size_t k = 0; k < n;) {
        day d = rows[k].day;
        int64_t before = total;
        STRATA_TRY(add_day(rows, n, k, &total, &k, err));
        if (total != before) {
            rows[kept++] = (arr_movement){d, total, kind_of(before, total, had)};
            had = true;
        }
    }
    out->n = begin + kept;
    return STRATA_OK;
}

/* Ends an account: its movements are there, or nothing of it. */
static strata_status finish(arr_movements *out, size_t begin, strata_status st, strata_error *err)
{
    if (st == STRATA_OK && out->n > begin) {
        st = settle_changes(out, begin, err);
    }
    if (st != STRATA_OK) {
        out->n = begin;
    }
    return st;
}

static strata_status push_subscription(const subscription *s, arr_movements *out, strata_error *err)
{
    if (s->yearly == INT64_MIN) {
        return strata_fail(err, STRATA_E_DATA, "a subscription's amount is too large");
    }
    if (s->end == DAY_MISSING) {
        return push_change(out, s->start, s->yearly, err);
    }
    if (s->end <= s->start) {
        return STRATA_OK;
    }
    STRATA_TRY(push_change(out, s->start, s->yearly, err));
    return push_change(out, s->end, -s->yearly, err);
}

strata_status movements_from_subscriptions(const subscription *subs, size_t n, arr_movements *out,
                                           strata_error *err)
{
    size_t begin = out->n;
    strata_status st = STRATA_OK;
    for (size_t k = 0; k < n && st == STRATA_OK; k++) {
        st = push_subscription(&subs[k], out, err);
    }
    return finish(out, begin, st, err);
}

strata_status movements_from_deltas(const arr_delta *deltas, size_t n, arr_movements *out,
                                    strata_error *err)
{
    size_t begin = out->n;
    strata_status st = STRATA_OK;
    for (size_t k = 0; k < n && st == STRATA_OK; k++) {
        st = push_change(out, deltas[k].day, deltas[k].yearly, err);
    }
    return finish(out, begin, st, err);
}

/* The account's snapshots as rows of levels, sorted, one a day. */
static strata_status sort_snapshots(arr_movement *rows, size_t n, size_t *kept, strata_error *err)
{
    qsort(rows, n, sizeof *rows, compare_days);
    *kept = 0;
    for (size_t k = 0; k < n; k++) {
        if (rows[k].arr_after < 0) {
            return fail_on(rows[k].day, "ARR is below 0", err);
        }
        if (k > 0 && rows[k].day == rows[k - 1].day && rows[k].arr_after != rows[k - 1].arr_after) {
            return fail_on(rows[k].day, "two snapshots with different ARR", err);
        }
    }
    for (size_t k = 0; k < n; k++) {
        if (*kept == 0 || rows[*kept - 1].day != rows[k].day) {
            rows[(*kept)++] = rows[k];
        }
    }
    return STRATA_OK;
}

/* Adds a level of 0 on every listing day, not before the first row, on which there is no row. */
static strata_status push_absences(arr_movements *out, size_t begin, const day *taken,
                                   size_t n_taken, strata_error *err)
{
    size_t end = out->n;
    size_t k = begin;
    for (size_t t = 0; t < n_taken; t++) {
        while (k < end && out->data[k].day < taken[t]) {
            k++;
        }
        bool listed = k < end && out->data[k].day == taken[t];
        if (!listed && k > begin && !vec_push(out, (arr_movement){.day = taken[t]})) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for ARR movements");
        }
    }
    return STRATA_OK;
}

/* Levels, one a day, to changes. */
static void difference(arr_movement *rows, size_t n)
{
    qsort(rows, n, sizeof *rows, compare_days);
    for (size_t k = n; k-- > 1;) {
        rows[k].arr_after -= rows[k - 1].arr_after;
    }
}

static strata_status push_snapshots(const arr_snapshot *snapshots, size_t n, const day *taken,
                                    size_t n_taken, arr_movements *out, strata_error *err)
{
    size_t begin = out->n;
    for (size_t k = 0; k < n; k++) {
        if (!vec_push(out,
                      (arr_movement){.day = snapshots[k].day, .arr_after = snapshots[k].yearly})) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for ARR movements");
        }
    }
    if (n > 0) {
        size_t kept;
        STRATA_TRY(sort_snapshots(out->data + begin, n, &kept, err));
        out->n = begin + kept;
        STRATA_TRY(push_absences(out, begin, taken, n_taken, err));
        difference(out->data + begin, out->n - begin);
    }
    return STRATA_OK;
}

strata_status movements_from_snapshots(const arr_snapshot *snapshots, size_t n, const day *taken,
                                       size_t n_taken, arr_movements *out, strata_error *err)
{
    size_t begin = out->n;
    return finish(out, begin, push_snapshots(snapshots, n, taken, n_taken, out, err), err);
}

bool yearly_amount(int64_t amount, int months, int64_t *out)
{
    int64_t twelve;
    if (months < 1 || __builtin_mul_overflow(amount, (int64_t)12, &twelve)) {
        return false;
    }
    int64_t whole = twelve / months;
    int64_t rest = twelve % months;
    int64_t twice = 2 * (rest < 0 ? -rest : rest);
    *out = whole + (twice >= months ? (twelve < 0 ? -1 : 1) : 0);
    return true;
}
