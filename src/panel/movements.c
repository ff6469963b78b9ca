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

arr_kind arr_kind_of(int64_t before, int64_t after, bool had)
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
            rows[kept++] = (arr_movement){d, total, arr_kind_of(before, total, had)};
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
