/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/triangle/make.h"

int64_t triangle_money(const age_clock *c, wide earned)
{
    wide year = age_time_per_year(c);
    wide half = year / 2;
    return (int64_t)((earned < 0 ? earned - half : earned + half) / year);
}

void triangle_sums_add(triangle_sums *a, const triangle_sums *b)
{
    a->accounts += b->accounts;
    a->active += b->active;
    a->base += b->base;
    a->amount += b->amount;
    a->kept += b->kept;
    a->revenue += b->revenue;
    a->before += b->before;
    a->before_amount += b->before_amount;
    a->stayed += b->stayed;
    a->stayed_amount += b->stayed_amount;
    a->stayed_kept += b->stayed_kept;
}

int triangle_bracket(const triangle_input *in, int age)
{
    int found = -1;
    for (size_t i = 0; i < in->n_brackets && in->brackets[i] <= age; i++) {
        found = (int)i;
    }
    return found;
}

/* A bracket is complete when its last age is; the last bracket, which is open, when its first is.
 */
int triangle_complete(const triangle_input *in, day origin)
{
    int age = age_complete(&in->clock, origin);
    if (in->kind != RETENTION_BRACKET || age < 0) {
        return age;
    }
    int last = (int)in->n_brackets - 1;
    return age >= in->brackets[last] ? last : triangle_bracket(in, age + 1) - 1;
}

int triangle_begun(const triangle_input *in, day origin)
{
    int age = age_begun(&in->clock, origin);
    return in->kind == RETENTION_BRACKET && age >= 0 ? triangle_bracket(in, age) : age;
}

day triangle_seen_from(const triangle_input *in)
{
    bool usage = in->presence == PRESENCE_USAGE && in->usage->begins != DAY_MISSING;
    return usage ? day_month_start(in->usage->begins) : DAY_MISSING;
}

int triangle_seen(const triangle_input *in, day origin)
{
    day from = triangle_seen_from(in);
    if (from == DAY_MISSING || from <= origin) {
        return 0;
    }
    int age = age_on(&in->clock, origin, from);
    age += age_start(&in->clock, origin, age) < from;
    if (in->kind != RETENTION_BRACKET) {
        return age;
    }
    int b = 0;
    while (b < (int)in->n_brackets && in->brackets[b] < age) {
        b++;
    }
    return b;
}

bool triangle_clock_shared(const triangle_input *in)
{
    return in->groups->first != NULL && !in->clock.by_days;
}

day triangle_first_origin(const triangle_input *in)
{
    const groups *g = in->groups;
    day first = DAY_MAX;
    if (triangle_clock_shared(in)) {
        for (size_t k = 0; k < g->n; k++) {
            first = g->first[k] < first ? g->first[k] : first;
        }
        return first;
    }
    for (size_t i = 0; i < in->arr->n_accounts; i++) {
        if (g->code[i] < g->n && in->origin[i] != DAY_MISSING && in->origin[i] < first) {
            first = in->origin[i];
        }
    }
    return first;
}

size_t triangle_ages(const triangle_input *in)
{
    day first = triangle_first_origin(in);
    int begun = first <= in->clock.as_of ? triangle_begun(in, first) : -1;
    return begun < 0 ? 0 : (size_t)begun + 1;
}

strata_status triangle_new(arena *a, const triangle_input *in, triangle **out, strata_error *err)
{
    size_t n_ages = triangle_ages(in);
    size_t n_groups = in->groups->n;
    if (n_groups > 0 && n_ages > TRIANGLE_CELLS_MAX / n_groups) {
        return strata_fail(err, STRATA_E_DATA,
                           "%zu groups at %zu ages are too many: look for a start date far off",
                           n_groups, n_ages);
    }
    triangle *t = ARENA_NEW(a, 1, triangle);
    triangle_sums *cells = ARENA_NEW(a, n_groups * n_ages + 1, triangle_sums);
    if (t == NULL || cells == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cells", n_groups * n_ages);
    }
    *t = (triangle){.n_groups = n_groups, .n_ages = n_ages, .cells = cells};
    *out = t;
    return STRATA_OK;
}
