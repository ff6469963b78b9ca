/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/walk.h"

arr_walk arr_walk_of(const arr_book *book, size_t account)
{
    return (arr_walk){.book = book, .next = book->start[account], .end = book->start[account + 1]};
}

/* The row after the churn that ends the stretch begun in row k, if that is in the same month;
 * else k. */
static uint32_t brief_stretch(const arr_walk *w, uint32_t k)
{
    int month = day_month_index(w->book->day[k]);
    for (uint32_t at = k + 1; at < w->end; at++) {
        if (day_month_index(w->book->day[at]) != month) {
            break;
        }
        if (w->book->after[at] == 0) {
            return at + 1;
        }
    }
    return k;
}

bool arr_walk_next(arr_walk *w, arr_step *out)
{
    if (w->next >= w->end) {
        return false;
    }
    uint32_t k = w->next++;
    int64_t delta = w->book->after[k] - w->arr;
    if (w->arr == 0) {
        w->brief_first = k;
        w->brief_end = brief_stretch(w, k);
    }
    bool brief = k >= w->brief_first && k < w->brief_end;
    w->returned = w->returned || w->book->kind[k] == ARR_REACTIVATION;
    *out = (arr_step){.row = k,
                      .day = w->book->day[k],
                      .kind = (arr_kind)w->book->kind[k],
                      .minor = delta < 0 ? -delta : delta,
                      .before = w->arr,
                      .returned = w->returned,
                      .brief = brief,
                      .brief_from = brief ? w->book->day[w->brief_first] : 0,
                      .brief_to = brief ? w->book->day[w->brief_end - 1] : 0};
    w->arr = w->book->after[k];
    return true;
}

void arr_track_read(const arr_book *book, size_t account, day from, day to, arr_track *out)
{
    arr_track t = {0};
    arr_walk w = arr_walk_of(book, account);
    for (arr_step s; arr_walk_next(&w, &s) && s.day <= to;) {
        t.closing = w.arr;
        if (s.day <= from) {
            t.opening = w.arr;
            t.before = t.before || w.arr > 0;
            continue;
        }
        t.minor[s.kind] += s.minor;
        t.movements[s.kind]++;
        t.returned = t.returned || s.kind == ARR_REACTIVATION;
        if (arr_step_is_brief(&s, from, to)) {
            t.brief_minor[s.kind] += s.minor;
            t.brief_movements[s.kind]++;
        }
    }
    *out = t;
}
