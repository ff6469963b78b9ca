/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/triangle/make.h"

day triangle_end(const triangle_input *in, day origin, size_t age)
{
    day end = in->clock.as_of;
    bool last = age + 1 >= in->n_brackets;
    if (in->kind == RETENTION_EXACTLY) {
        end = age_end(&in->clock, origin, (int)age);
    } else if (in->kind == RETENTION_BRACKET && !last) {
        end = age_end(&in->clock, origin, in->brackets[age + 1] - 1);
    }
    return end < in->clock.as_of ? end : in->clock.as_of;
}

/* --- ARR --- */

static int64_t new_business(const arr_book *b, size_t account)
{
    return arr_book_at(b, account, b->first[account]);
}

/* ARR x time from the start of age 0 to the end of day `end`. */
static wide earned(const triangle_input *in, size_t account, day end)
{
    const arr_book *b = in->arr;
    day origin = in->origin[account];
    wide sum = (wide)arr_book_at(b, account, end) * age_time(&in->clock, origin, end + 1);
    for (uint32_t k = b->start[account]; k < b->start[account + 1] && b->day[k] <= end; k++) {
        sum -= (wide)arr_book_delta(b, account, k) * age_time(&in->clock, origin, b->day[k]);
    }
    return sum;
}

static bool arr_member(const triangle_input *in, size_t account, size_t age, triangle_sums *out)
{
    const arr_book *b = in->arr;
    day end = triangle_end(in, in->origin[account], age);
    if (b->first[account] == DAY_MISSING || b->first[account] > end) {
        return false;
    }
    day before_end = age > 0 ? age_end(&in->clock, in->origin[account], (int)age - 1) : end;
    int64_t base = new_business(b, account);
    int64_t now = arr_book_at(b, account, end);
    int64_t before = age > 0 ? arr_book_at(b, account, before_end) : base;
    *out = (triangle_sums){.accounts = 1,
                           .active = now > 0,
                           .base = base,
                           .amount = now,
                           .kept = lower(now, base),
                           .revenue = triangle_money(&in->clock, earned(in, account, end)),
                           .before = before > 0,
                           .before_amount = before,
                           .stayed = before > 0 && now > 0,
                           .stayed_amount = before > 0 ? now : 0,
                           .stayed_kept = lower(now, before)};
    return true;
}

/* --- */

static day last_change(const triangle_input *in, bool by_arr, size_t account, day end)
{
    const arr_book *b = in->arr;
    day last = DAY_MISSING;
    if (by_arr || in->presence == PRESENCE_ARR) {
        for (uint32_t k = b->start[account]; k < b->start[account + 1] && b->day[k] <= end; k++) {
            last = b->day[k];
        }
    } else if (in->presence == PRESENCE_ORDERS) {
        const order_book *o = in->orders;
        for (uint32_t k = o->start[account]; k < o->start[account + 1] && o->day[k] <= end; k++) {
            last = o->orders[k] > 0 ? o->day[k] : last;
        }
    } else {
        const usage_book *u = in->usage;
        for (uint32_t k = u->start[account]; k < u->start[account + 1] && u->day[k] <= end; k++) {
            last = u->day[k];
        }
    }
    return last;
}

static bool in_cell(const triangle_input *in, const cell_place *place, size_t account)
{
    size_t code = in->groups->code[account];
    if (code < place->group || code >= place->group + place->n_groups) {
        return false;
    }
    int age = (int)place->age;
    int complete = triangle_complete(in, in->origin[account]);
    bool running = age > complete && age <= triangle_begun(in, in->origin[account]);
    return place->time == TRIANGLE_OVER ? age <= complete : running;
}

/* Whether the account counts in the cell, and with what. */
static bool find_member(const triangle_input *in, const cell_place *place, size_t account, life *l,
                        triangle_sums *out)
{
    if (!in_cell(in, place, account)) {
        return false;
    }
    if (place->by_arr) {
        return arr_member(in, account, place->age, out);
    }
    int age = (int)place->age;
    if (age < triangle_entered(in, account) || age < triangle_seen(in, in->origin[account])) {
        return false;
    }
    life_live(in, account, l);
    life_column(l, place->age, out);
    return true;
}

static size_t longest_life(const triangle_input *in)
{
    triangle_input exact = *in;
    exact.kind = RETENTION_EXACTLY;
    return triangle_ages(&exact);
}

strata_status triangle_list(arena *a, const triangle_input *in, cell_place place,
                            triangle_members *out, strata_error *err)
{
    size_t most = 0;
    for (size_t g = place.group; g < place.group + place.n_groups && g < in->groups->n; g++) {
        most += in->groups->accounts[g];
    }
    STRATA_CLEANUP(life_done) life l = {0};
    STRATA_TRY(life_new(&l, longest_life(in), err));
    triangle_member *items = ARENA_NEW(a, most + 1, triangle_member);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", most);
    }
    size_t n = 0;
    for (size_t i = 0; i < in->arr->n_accounts; i++) {
        triangle_member m = {.account = i};
        if (find_member(in, &place, i, &l, &m.sums)) {
            day end = triangle_end(in, in->origin[i], place.age);
            m.since = last_change(in, place.by_arr, i, end);
            items[n++] = m;
        }
    }
    *out = (triangle_members){.items = items, .n = n};
    return STRATA_OK;
}
