/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "analysis/movement.h"
#include "analysis/profile.h"
#include "analysis/town.h"

enum { LARGE, MIDDLE, SMALL };

static const profile *profile_of(const world *w, const char *dimension)
{
    const profile *p = NULL;
    strata_error err = {0};
    assert_ok(profile_make(w->study, world_dimension(w, dimension), w->arena, &p, &err), &err);
    return p;
}

static void sizes_and_values_add_up(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    assert_int_equal(p->n_segments, 3);
    assert_string_equal(p->segments[LARGE].label, "Large");
    assert_string_equal(p->segments[LARGE].motion, "High touch");
    size_t accounts = 0;
    int64_t value = 0;
    double account_share = 0.0;
    double value_share = 0.0;
    for (size_t g = 0; g < p->n_segments; g++) {
        accounts += p->segments[g].accounts;
        value += p->segments[g].value_minor;
        account_share += p->segments[g].account_share.x;
        value_share += p->segments[g].value_share.x;
    }
    assert_int_equal(accounts, TOWN);
    assert_int_equal(p->accounts, TOWN);
    assert_true(value == p->value_minor);
    assert_close(account_share, 1.0, 1e-12);
    assert_close(value_share, 1.0, 1e-12);
    /* 50 of the large expanded to 96,000. */
    assert_int_equal(p->segments[LARGE].accounts, 100);
    assert_true(p->segments[LARGE].value_minor == 50 * (int64_t)8000000 + 50 * (int64_t)9600000);
    assert_close(p->segments[LARGE].value.median, 88000.0, 1e-12);
}

/* Those that churned are in Small now, but they count where they were a year ago. */
static void outcomes_follow_the_members_of_a_year_ago(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    const segment_profile *middle = &p->segments[MIDDLE];
    const segment_profile *small = &p->segments[SMALL];
    assert_int_equal(middle->logo_churn.of, 100);
    assert_int_equal(middle->logo_churn.hits, 10);
    assert_true(middle->logo_churn.stated);
    assert_close(middle->logo_churn.low, 0.0552, 1e-2); /* Wilson, 10 of 100 */
    assert_int_equal(small->logo_churn.of, 180);        /* the new ones had no ARR */
    assert_int_equal(small->logo_churn.hits, 72);
    assert_int_equal(p->segments[LARGE].logo_churn.hits, 0);
    assert_int_equal(p->total.logo_churn.hits, 82);

    /* 100 at 20,000: 10 churn (even numbers), 40 of the other even ones expand by 4,000. */
    assert_true(middle->nrr.stated && middle->grr.stated);
    assert_true(middle->nrr.base_minor == 200000000);
    assert_true(middle->nrr.part_minor == 200000000 - 20000000 + 40 * 400000);
    assert_close(middle->nrr.ratio, 0.98, 1e-12);
    assert_close(middle->grr.ratio, 0.90, 1e-12);
    assert_true(middle->nrr.low < 0.98 && middle->nrr.high > 0.98);
    assert_true(middle->nrr.low > 0.88 && middle->nrr.high < 1.06);
    assert_int_equal(middle->expanded.hits, 40);
    assert_true(middle->gained_minor == 16000000 && middle->churned_minor == 20000000 &&
                middle->shrunk_minor == 0);
    assert_true(middle->nrr.base_minor + middle->gained_minor - middle->shrunk_minor -
                    middle->churned_minor ==
                middle->nrr.part_minor);
}

static void lifetime_value_is_undefined_without_churn(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    assert_false(p->segments[LARGE].ltv.known);
    assert_string_equal(p->segments[LARGE].ltv.why, "undefined: no account churned in 12 months");
    assert_true(p->segments[MIDDLE].ltv.known);
    assert_close(p->segments[MIDDLE].ltv.x, 20000.0 / 0.1, 1e-12);
}

static void trend_ends_with_today_and_the_review_is_compared(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    assert_true(p->has_trend);
    assert_int_equal(p->trend_days[VIEW_TREND - 1], AS_OF);
    assert_int_equal(p->trend_days[0], DAY(2024, 7, 31));
    for (size_t g = 0; g < p->n_segments; g++) {
        assert_int_equal(p->segments[g].trend_accounts[VIEW_TREND - 1], p->segments[g].accounts);
        assert_true(p->segments[g].trend_value_minor[VIEW_TREND - 1] == p->segments[g].value_minor);
    }
    assert_int_equal(p->segments[SMALL].trend_accounts[0], 180);
    assert_true(p->segments[SMALL].trend_value_minor[0] == 180 * (int64_t)500000);
    assert_int_equal(p->since, DAY(2025, 3, 31));
    assert_int_equal(p->segments[SMALL].accounts_since,
                     190); /* before the 20 new ones, 10 fell in */
    assert_int_equal(p->segments[SMALL].accounts, 210);
}

static const trait *find_trait(const trait *traits, size_t n, const char *name, const char *level)
{
    for (size_t i = 0; i < n; i++) {
        bool same_level = level == NULL
                              ? traits[i].level == NULL
                              : traits[i].level != NULL && strcmp(traits[i].level, level) == 0;
        if (strcmp(traits[i].name, name) == 0 && same_level) {
            return &traits[i];
        }
    }
    return NULL;
}

/* The same, which must be there. */
static trait the_trait(const trait *traits, size_t n, const char *name, const char *level)
{
    const trait *t = find_trait(traits, n, name, level);
    if (t == NULL) {
        fail_msg("no trait '%s'", name);
        return (trait){0};
    }
    return *t;
}

static void planted_traits_are_found_and_definitions_left_out(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    const segment_profile *large = &p->segments[LARGE];
    trait events = the_trait(large->traits, large->n_traits, "events_30d", NULL);
    trait retail = the_trait(large->traits, large->n_traits, "industry", "Retail");
    assert_close(events.in, 120.0, 1e-12);
    assert_close(events.out, 60.0, 1e-12);
    assert_int_equal(events.n_in, 100);
    assert_close(events.test.effect, (290.0 + 10.0 / 2.0) / 300.0, 1e-12); /* ten are as high */
    assert_true(events.test.p_holm < 1e-10 && events.test.p_holm >= events.test.p);
    assert_true(retail.is_share && retail.hits_in == 100);
    assert_close(retail.out, 0.5, 1e-12);
    assert_close(retail.contrast.x, 2.0, 1e-12);
    assert_null(find_trait(large->traits, large->n_traits, "seats", NULL)); /* the same for all */
    for (size_t g = 0; g < p->n_segments; g++) {
        assert_null(find_trait(p->segments[g].traits, p->segments[g].n_traits, "arr", NULL));
    }
    const profile *by = profile_of(w, "branch");
    assert_null(find_trait(by->segments[0].traits, by->segments[0].n_traits, "industry", "Retail"));
}

/* Use in the month a year ago was the difference, in Small and in all together. */
static void success_factors_are_what_the_retained_had_a_year_ago(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    const segment_profile *small = &p->segments[SMALL];
    trait days = the_trait(small->success, small->n_success, "active_days_30d", NULL);
    assert_close(days.in, 12.0, 1e-12);
    assert_close(days.out, 2.0, 1e-12);
    assert_int_equal(days.n_in, 108);
    assert_int_equal(days.n_out, 72);
    assert_null(small->success_why);
    assert_non_null(find_trait(p->total.success, p->total.n_success, "active_days_30d", NULL));
    assert_int_equal(p->segments[LARGE].n_success, 0);
    assert_string_equal(p->segments[LARGE].success_why, "too few accounts to compare");
}

static void small_groups_become_counts(void **state)
{
    (void)state;
    char yaml[4096];
    (void)snprintf(yaml, sizeof yaml, "%squality: {minimum_accounts: 150}\n", town_yaml);
    town *t = town_new(yaml, 1);
    const profile *p = profile_of(town_world(t), "value");
    assert_false(p->segments[MIDDLE].logo_churn.stated || p->segments[MIDDLE].nrr.stated);
    assert_int_equal(p->segments[MIDDLE].logo_churn.hits, 10);
    assert_string_equal(p->segments[MIDDLE].ltv.why, "too few accounts to state churn");
    assert_true(p->segments[SMALL].logo_churn.stated);
    town_free(t);
}

static void risks_count_customers_only(void **state)
{
    const world *w = town_world(*state);
    const profile *p = profile_of(w, "value");
    for (size_t g = 0; g < p->n_segments; g++) {
        for (size_t i = 0; i < p->segments[g].n_risks; i++) {
            assert_true(p->segments[g].risks[i].share.of <= p->segments[g].customers.hits);
            assert_true(i == 0 || p->segments[g].risks[i - 1].value_minor >=
                                      p->segments[g].risks[i].value_minor);
        }
    }
    assert_int_equal(p->segments[SMALL].customers.hits, 128); /* 82 of 210 left */
}

static void moves_add_up_to_the_sizes(void **state)
{
    const world *w = town_world(*state);
    const movement *m = NULL;
    strata_error err = {0};
    assert_ok(movement_make(w->view, world_dimension(w, "value"), w->arena, &m, &err), &err);
    const profile *p = profile_of(w, "value");
    assert_int_equal(m->size, 5);
    size_t all = 0;
    for (size_t from = 0; from < m->size; from++) {
        size_t row = 0;
        size_t below = 0;
        for (size_t to = 0; to < m->size; to++) {
            row += m->accounts[from * m->size + to];
            below += m->accounts[to * m->size + from];
        }
        assert_int_equal(row, m->from_total[from]);
        assert_int_equal(below, m->to_total[from]);
        all += row;
    }
    assert_int_equal(all, TOWN);
    for (size_t g = 0; g < 3; g++) {
        assert_int_equal(m->from_total[g], p->segments[g].accounts_since);
        assert_int_equal(m->to_total[g], p->segments[g].accounts);
    }
    assert_int_equal(m->entered, 20); /* the new ones, from "not there yet" */
    assert_int_equal(m->accounts[4 * m->size + SMALL], 20);
    assert_true(m->value_minor[4 * m->size + SMALL] == 20 * (int64_t)500000);
    assert_int_equal(m->moved, 0);
    assert_int_equal(m->stayed, TOWN - 20);
}

static void results_do_not_depend_on_threads(void **state)
{
    const profile *p = profile_of(town_world(*state), "value");
    for (int threads = 1; threads <= 7; threads += 6) {
        town *t = town_new(town_yaml, threads);
        const profile *q = profile_of(town_world(t), "value");
        for (size_t g = 0; g < p->n_segments; g++) {
            assert_memory_equal(&p->segments[g].nrr, &q->segments[g].nrr,
                                sizeof q->segments[g].nrr);
            assert_int_equal(p->segments[g].n_traits, q->segments[g].n_traits);
        }
        town_free(t);
    }
}

static void two_segments_stand_side_by_side(void **state)
{
    const world *w = town_world(*state);
    const comparison *c = NULL;
    strata_error err = {0};
    const bound_def *def = world_dimension(w, "value");
    const profile *p = profile_of(w, "value");
    assert_ok(profile_compare(w->study, def, MIDDLE, SMALL, w->arena, &c, &err), &err);
    assert_string_equal(c->label_a, "Middle");
    assert_int_equal(c->accounts_b, 210);
    assert_true(c->value_minor_a == p->segments[MIDDLE].value_minor);
    size_t found = 0;
    for (size_t i = 0; i < c->n_rows; i++) {
        const compare_row *row = &c->rows[i];
        if (strcmp(row->key, "logo_churn") == 0) {
            assert_true(row->is_share && row->has_interval && row->hits_a == 10 && row->n_b == 180);
            assert_true(row->low < 0.1 - 0.4 && row->high > 0.1 - 0.4 && row->high < 0.0);
            assert_true(row->test.done && row->test.p_holm < 1e-5);
            found++;
        }
        if (strcmp(row->key, "nrr") == 0) {
            assert_close(row->a.x, p->segments[MIDDLE].nrr.ratio, 1e-15);
            assert_false(row->test.done);
            found++;
        }
        assert_true(row->a.known || row->a.why != NULL);
    }
    assert_int_equal(found, 2);
    assert_int_equal(profile_compare(w->study, def, SMALL, SMALL, w->arena, &c, &err),
                     STRATA_E_USAGE);
    assert_string_equal(err.message, "a comparison needs two different segments of 'value'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_values_add_up),
        cmocka_unit_test(outcomes_follow_the_members_of_a_year_ago),
        cmocka_unit_test(lifetime_value_is_undefined_without_churn),
        cmocka_unit_test(trend_ends_with_today_and_the_review_is_compared),
        cmocka_unit_test(planted_traits_are_found_and_definitions_left_out),
        cmocka_unit_test(success_factors_are_what_the_retained_had_a_year_ago),
        cmocka_unit_test(small_groups_become_counts),
        cmocka_unit_test(risks_count_customers_only),
        cmocka_unit_test(two_segments_stand_side_by_side),
        cmocka_unit_test(moves_add_up_to_the_sizes),
        cmocka_unit_test(results_do_not_depend_on_threads),
    };
    return cmocka_run_group_tests_name("profile", tests, town_set_up, town_tear_down);
}
