/* SPDX-License-Identifier: Apache-2.0 */
/* Properties of the whole evaluation: partition, threads, other dates, point in
 * time, calm memberships, pins, quantiles, look-backs, causes. */
#include "strata_test.h"

#include "base/rng.h"
#include "segment/fixture.h"

enum { N = 10000, D0 = 20000 };

static const char hybrid[] = "strata: 1\n"
                             "population: {when: arr > 0, outside: Gone}\n"
                             "bins:\n"
                             "  arr_fifth: {of: arr, quantiles: 5}\n"
                             "scores:\n"
                             "  health:\n"
                             "    missing: redistribute\n"
                             "    factors:\n"
                             "      - {feature: events_90d, weight: 60%, scale: {0: 0, 20: 100}}\n"
                             "      - {feature: last_seen, weight: 40%, scale: {0: 100, 90: 0}}\n"
                             "dimensions:\n"
                             "  value:\n"
                             "    ordered: true\n"
                             "    tiers:\n"
                             "      - {name: High, when: arr >= 50k}\n"
                             "      - {name: Middle, when: arr >= 10k}\n"
                             "      - {name: Low, otherwise: true}\n"
                             "    hold: {enter_after: 30 days, leave_after: 60 days, margin: 5%}\n"
                             "  health_band: {of: health, bands: {Green: 80, Yellow: 60, Red: 0}}\n"
                             "segments:\n"
                             "  - {name: Top, when: value = High and arr_fifth = 5}\n"
                             "  - {name: Worry, when: health_band = Red}\n"
                             "  - {name: Rest, otherwise: true}\n";

/* Random ARR steps and usage for N accounts over two years before D0. */
static void draw_facts(arr_fact *arr, usage_fact *usage, day *starts)
{
    for (int32_t i = 0; i < N; i++) {
        rng r;
        rng_init(&r, 42, (uint64_t)i);
        starts[i] = D0 - (day)rng_below(&r, 900) + 60; /* some begin after D0 */
        double size = rng_gamma(&r, 0.7, 4e6);
        int64_t first = (int64_t)size;
        bool churns = rng_uniform(&r) < 0.2;
        arr[2 * i] = (arr_fact){.account = i, .day = starts[i], .arr_after = first + 1, .kind = 0};
        arr[2 * i + 1] = (arr_fact){.account = i,
                                    .day = starts[i] + 10 + (day)rng_below(&r, 400),
                                    .arr_after = churns ? 0 : first / 2 + 1,
                                    .kind = churns ? ARR_CHURN : ARR_CONTRACTION};
        for (int k = 0; k < 4; k++) {
            usage[4 * i + k] = (usage_fact){.account = i,
                                            .day = starts[i] + (day)rng_below(&r, 600),
                                            .feature = (int32_t)rng_below(&r, 5),
                                            .user = -1,
                                            .events = 1 + (int32_t)rng_below(&r, 9)};
        }
    }
}

static arr_fact arr_facts[2 * N];
static usage_fact usage_facts[4 * N];
static day starts[N];

static ledger_facts all_facts(void)
{
    draw_facts(arr_facts, usage_facts, starts);
    return (ledger_facts){.n_accounts = N,
                          .started_on = starts,
                          .arr = arr_facts,
                          .n_arr = COUNT(arr_facts),
                          .usage = usage_facts,
                          .n_usage = COUNT(usage_facts)};
}

static const day dates[] = {D0 - 400, D0 - 90, D0};

static segmentation *run_all(const fixture *f)
{
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = dates, .n_dates = COUNT(dates), .changes = true);
    request.keep_date = 2;
    return fixture_run(f, NULL, &request);
}

static const char *const names[] = {"value", "health_band", "segment"};

static void every_account_is_in_exactly_one_segment(void **state)
{
    (void)state;
    fixture f;
    ledger_facts facts = all_facts();
    fixture_make(&f, &facts, hybrid);
    segmentation *s = run_all(&f);
    for (size_t k = 0; k < COUNT(names); k++) {
        const bound_def *def = fixture_dimension(&f, names[k]);
        size_t n_segments = 0;
        (void)bound_segments(f.bound, def, &n_segments);
        for (size_t d = 0; d < COUNT(dates); d++) {
            const segment_code *codes = segmentation_codes(s, def, d);
            for (size_t i = 0; i < N; i++) {
                bool exists = starts[i] <= dates[d];
                assert_true(exists ? codes[i] < n_segments || codes[i] == SEGMENT_OUTSIDE
                                   : codes[i] == SEGMENT_ABSENT);
            }
        }
    }
    segmentation_free(s);
    fixture_done(&f);
}

static void assert_same_codes(const fixture *f, const segmentation *a, size_t date_a,
                              const fixture *g, const segmentation *b, size_t date_b)
{
    for (size_t k = 0; k < COUNT(names); k++) {
        const segment_code *x = segmentation_codes(a, fixture_dimension(f, names[k]), date_a);
        const segment_code *y = segmentation_codes(b, fixture_dimension(g, names[k]), date_b);
        assert_memory_equal(x, y, N * sizeof *x);
    }
}

static void threads_do_not_change_anything(void **state)
{
    (void)state;
    fixture f;
    ledger_facts facts = all_facts();
    fixture_make(&f, &facts, hybrid);
    f.cx.threads = 1;
    segmentation *one = run_all(&f);
    for (int threads = 2; threads <= 7; threads += 5) {
        f.cx.threads = threads;
        segmentation *many = run_all(&f);
        assert_same_codes(&f, one, 2, &f, many, 2);
        change_list a = segmentation_changes(one);
        change_list b = segmentation_changes(many);
        assert_int_equal(a.n, b.n);
        for (size_t i = 0; i < a.n; i++) {
            assert_int_equal(a.items[i].account, b.items[i].account);
            assert_int_equal(a.items[i].cause, b.items[i].cause);
        }
        segmentation_free(many);
    }
    segmentation_free(one);
    fixture_done(&f);
}

static void a_date_does_not_depend_on_the_other_dates_asked_for(void **state)
{
    (void)state;
    fixture f;
    ledger_facts facts = all_facts();
    fixture_make(&f, &facts, hybrid);
    segmentation *all = run_all(&f);
    for (size_t d = 0; d < COUNT(dates); d++) {
        segmentation_request alone = SEGMENTATION_REQUEST(.dates = &dates[d], .n_dates = 1);
        segmentation *s = fixture_run(&f, NULL, &alone);
        assert_same_codes(&f, all, d, &f, s, 0);
        segmentation_free(s);
    }
    segmentation_free(all);
    fixture_done(&f);
}

static void facts_after_the_date_change_nothing(void **state)
{
    (void)state;
    fixture f;
    fixture g;
    ledger_facts facts = all_facts();
    fixture_make(&f, &facts, hybrid);
    segmentation *with = run_all(&f);
    ledger_facts past = facts;
    static arr_fact early_arr[2 * N];
    static usage_fact early_usage[4 * N];
    past.n_arr = 0;
    past.n_usage = 0;
    for (size_t i = 0; i < COUNT(arr_facts); i++) {
        if (arr_facts[i].day <= dates[1]) {
            early_arr[past.n_arr++] = arr_facts[i];
        }
    }
    for (size_t i = 0; i < COUNT(usage_facts); i++) {
        if (usage_facts[i].day <= dates[1]) {
            early_usage[past.n_usage++] = usage_facts[i];
        }
    }
    past.arr = early_arr;
    past.usage = early_usage;
    fixture_make(&g, &past, hybrid);
    segmentation *without = run_all(&g);
    assert_same_codes(&f, with, 0, &g, without, 0);
    assert_same_codes(&f, with, 1, &g, without, 1);
    segmentation_free(with);
    segmentation_free(without);
    fixture_done(&f);
    fixture_done(&g);
}

static void quantile_bins_split_the_population_evenly(void **state)
{
    (void)state;
    fixture f;
    ledger_facts facts = all_facts();
    fixture_make(&f, &facts, hybrid);
    segmentation *s = run_all(&f);
    const bound_def *bin = fixture_dimension(&f, "arr_fifth");
    const segment_code *codes = segmentation_codes(s, fixture_dimension(&f, "value"), 2);
    const double *score = segmentation_column(s, bin->slot).num;
    size_t counts[6] = {0};
    size_t n = 0;
    for (size_t i = 0; i < N; i++) {
        if (codes[i] < SEGMENTS_MAX) {
            counts[(size_t)score[i]]++;
            n++;
        }
    }
    assert_int_equal(segmentation_cuts(s, bin, 2)->n_values, n);
    for (size_t k = 1; k <= 5; k++) {
        assert_in_range(counts[k], n / 5 - 2, n / 5 + 2);
    }
    segmentation_free(s);
    fixture_done(&f);
}

/* --- one account whose ARR is told day by day --- */

static const char value_only[] = "strata: 1\n"
                                 "dimensions:\n"
                                 "  value:\n"
                                 "    tiers:\n"
                                 "      - {name: High, when: arr >= 50k}\n"
                                 "      - {name: Middle, when: arr >= 10k}\n"
                                 "      - {name: Low, otherwise: true}\n"
                                 "    hold: {enter_after: 30 days, leave_after: 60 days, "
                                 "margin: 5%}\n";

/* Segment of the one account on day d, with ARR (major units) changed on the given days. */
static segment_code held_at(const arr_fact *arr, size_t n, day d)
{
    fixture f;
    ledger_facts facts = {.n_accounts = 1, .arr = arr, .n_arr = n};
    fixture_make(&f, &facts, value_only);
    segmentation_request request = SEGMENTATION_REQUEST(.dates = &d, .n_dates = 1);
    segmentation *s = fixture_run(&f, NULL, &request);
    segment_code code = segmentation_codes(s, fixture_dimension(&f, "value"), 0)[0];
    segmentation_free(s);
    fixture_done(&f);
    return code;
}

static void a_tier_is_left_only_after_its_dwell_time_and_past_the_margin(void **state)
{
    (void)state;
    /* 60k, then 49k: past the edge but inside the margin of 5 %. */
    static const arr_fact inside[] = {{.day = D0, .arr_after = 6000000},
                                      {.day = D0 + 100, .arr_after = 4900000, .kind = 2}};
    assert_int_equal(held_at(inside, 2, D0 + 400), 0);
    /* 60k, then 40k: stays for 60 days, then goes. */
    static const arr_fact beyond[] = {{.day = D0, .arr_after = 6000000},
                                      {.day = D0 + 100, .arr_after = 4000000, .kind = 2}};
    assert_int_equal(held_at(beyond, 2, D0 + 150), 0);
    assert_int_equal(held_at(beyond, 2, D0 + 180), 1);
    /* 40k, then 51k: not 5 % over the edge; 53k is, after 30 days. */
    static const arr_fact little[] = {{.day = D0, .arr_after = 4000000},
                                      {.day = D0 + 100, .arr_after = 5100000, .kind = 1}};
    assert_int_equal(held_at(little, 2, D0 + 400), 1);
    static const arr_fact enough[] = {{.day = D0, .arr_after = 4000000},
                                      {.day = D0 + 100, .arr_after = 5300000, .kind = 1}};
    assert_int_equal(held_at(enough, 2, D0 + 115), 1);
    assert_int_equal(held_at(enough, 2, D0 + 145), 0);
}

static void a_short_dip_does_not_move_an_account(void **state)
{
    (void)state;
    static const arr_fact dip[] = {{.day = D0, .arr_after = 6000000},
                                   {.day = D0 + 100, .arr_after = 2000000, .kind = 2},
                                   {.day = D0 + 140, .arr_after = 6000000, .kind = 1}};
    for (day d = D0 + 100; d < D0 + 300; d += 10) {
        assert_int_equal(held_at(dip, 3, d), 0);
    }
}

static void a_person_beats_the_rule_until_the_pin_ends(void **state)
{
    (void)state;
    static const arr_fact arr[] = {{.day = D0, .arr_after = 100000}};
    fixture f;
    ledger_facts facts = {.n_accounts = 1, .arr = arr, .n_arr = 1};
    fixture_make(&f, &facts, value_only);
    override_pin pin = {.dimension = fixture_dimension(&f, "value")->index,
                        .segment = 0,
                        .from = D0 + 10,
                        .until = D0 + 20,
                        .who = "kim",
                        .why = "strategic logo"};
    override_set set = {.pins = &pin, .n = 1};
    static const day days[] = {D0 + 5, D0 + 15, D0 + 25};
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = days, .n_dates = 3, .changes = true);
    segmentation *s = fixture_run(&f, &set, &request);
    const bound_def *value = fixture_dimension(&f, "value");
    assert_int_equal(segmentation_codes(s, value, 0)[0], 2);
    assert_int_equal(segmentation_codes(s, value, 1)[0], 0);
    assert_int_equal(segmentation_raw_codes(s, value, 1)[0], 2);
    assert_int_equal(segmentation_codes(s, value, 2)[0], 2);
    change_list changes = segmentation_changes(s);
    assert_int_equal(changes.n, 2);
    assert_int_equal(changes.items[0].cause, CHANGE_PINNED);
    assert_int_equal(changes.items[1].cause, CHANGE_UNPINNED);
    segmentation_free(s);
    fixture_done(&f);
}

static void a_move_names_its_clause_and_both_values(void **state)
{
    (void)state;
    static const char yaml[] = "strata: 1\n"
                               "dimensions:\n"
                               "  value:\n"
                               "    tiers:\n"
                               "      - {name: High, when: arr >= 50k and last_seen < 30 days}\n"
                               "      - {name: Low, otherwise: true}\n";
    static const arr_fact arr[] = {{.day = D0, .arr_after = 6000000}};
    static const usage_fact usage[] = {{.day = D0 + 1, .user = -1, .events = 1}};
    static const day days[] = {D0 + 10, D0 + 50};
    fixture f;
    ledger_facts facts = {.n_accounts = 1, .arr = arr, .n_arr = 1, .usage = usage, .n_usage = 1};
    fixture_make(&f, &facts, yaml);
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = days, .n_dates = 2, .changes = true);
    segmentation *s = fixture_run(&f, NULL, &request);
    change_list changes = segmentation_changes(s);
    assert_int_equal(changes.n, 1);
    assert_int_equal(changes.items[0].cause, CHANGE_RULE);
    assert_int_equal(changes.items[0].slot, FEATURE_LAST_SEEN);
    assert_string_equal(changes.items[0].clause, "last_seen < 30 days");
    assert_string_equal(changes.items[0].before, "last_seen is 9 days");
    assert_string_equal(changes.items[0].after, "last_seen is 49 days");
    segmentation_free(s);
    fixture_done(&f);
}

static void rules_see_the_previous_review_and_how_long_a_condition_held(void **state)
{
    (void)state;
    static const char yaml[] = "strata: 1\n"
                               "review: month\n"
                               "dimensions:\n"
                               "  value:\n"
                               "    tiers:\n"
                               "      - {name: High, when: arr >= 50k}\n"
                               "      - {name: Low, otherwise: true}\n"
                               "  alarm:\n"
                               "    tiers:\n"
                               "      - {name: Fell, when: value turned Low}\n"
                               "      - {name: Long low, when: value = Low for 60 days}\n"
                               "      - {name: Quiet, otherwise: true}\n";
    static const arr_fact arr[] = {{.day = D0, .arr_after = 6000000},
                                   {.day = D0 + 100, .arr_after = 100, .kind = 2}};
    /* The change is on D0 + 100; month ends are reviews. */
    const day fell = day_month_end(D0 + 100);
    const day days[] = {D0 + 99, fell, fell + 20, D0 + 165};
    fixture f;
    ledger_facts facts = {.n_accounts = 1, .arr = arr, .n_arr = 2};
    fixture_make(&f, &facts, yaml);
    segmentation_request request = SEGMENTATION_REQUEST(.dates = days, .n_dates = 4);
    segmentation *s = fixture_run(&f, NULL, &request);
    const bound_def *alarm = fixture_dimension(&f, "alarm");
    assert_int_equal(segmentation_codes(s, alarm, 0)[0], 2);
    assert_int_equal(segmentation_codes(s, alarm, 1)[0], 0);
    assert_int_equal(segmentation_codes(s, alarm, 2)[0], 2);
    assert_int_equal(segmentation_codes(s, alarm, 3)[0], 1);
    segmentation_free(s);
    fixture_done(&f);
}

static void a_held_dimension_cannot_look_back(void **state)
{
    (void)state;
    static const char yaml[] = "strata: 1\n"
                               "dimensions:\n"
                               "  value:\n"
                               "    tiers:\n"
                               "      - {name: High, when: arr >= 50k for 30 days}\n"
                               "      - {name: Low, otherwise: true}\n"
                               "    hold: {enter_after: 30 days}\n";
    static const arr_fact arr[] = {{.day = D0, .arr_after = 6000000}};
    static const day d = D0 + 50;
    fixture f;
    ledger_facts facts = {.n_accounts = 1, .arr = arr, .n_arr = 1};
    fixture_make(&f, &facts, yaml);
    segmentation_request request = SEGMENTATION_REQUEST(.dates = &d, .n_dates = 1);
    segmentation *s = NULL;
    strata_error err = {0};
    assert_int_equal(segmentation_run(&f.cx, &f.portfolio, f.bound, NULL, &request, &s, &err),
                     STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "dimension 'value' has `hold` but builds on"));
    assert_null(s);
    fixture_done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_account_is_in_exactly_one_segment),
        cmocka_unit_test(threads_do_not_change_anything),
        cmocka_unit_test(a_date_does_not_depend_on_the_other_dates_asked_for),
        cmocka_unit_test(facts_after_the_date_change_nothing),
        cmocka_unit_test(quantile_bins_split_the_population_evenly),
        cmocka_unit_test(a_tier_is_left_only_after_its_dwell_time_and_past_the_margin),
        cmocka_unit_test(a_short_dip_does_not_move_an_account),
        cmocka_unit_test(a_person_beats_the_rule_until_the_pin_ends),
        cmocka_unit_test(a_move_names_its_clause_and_both_values),
        cmocka_unit_test(rules_see_the_previous_review_and_how_long_a_condition_held),
        cmocka_unit_test(a_held_dimension_cannot_look_back),
    };
    return cmocka_run_group_tests_name("segmentation", tests, NULL, NULL);
}
