/* SPDX-License-Identifier: Apache-2.0 */
#include "random_ledger.h"

#include "cohort/movements/metrics.h"
#include "cohort/movements/reconcile.h"
#include "panel/dates.h"

static const context cx = {.threads = 2, .seed = 1};

static metric_value value_of(const metric_setup *s, const char *name)
{
    metric_value v = {0};
    strata_error err = {0};
    size_t at = metric_find(name);
    assert_true(at != SIZE_MAX);
    assert_ok(metric_compute(&cx, &metric_defs[at], s, NULL, 0, &v, &err), &err);
    return v;
}

static void definitions_are_found_by_name_or_its_beginning(void **state)
{
    (void)state;
    assert_string_equal(metric_defs[metric_find("nrr")].dialect, "point_to_point");
    assert_string_equal(metric_defs[metric_find("nrr:movement")].dialect, "movements");
    assert_string_equal(metric_defs[metric_find("ltv:arpa_churn")].dialect, "arpa_churn");
    assert_true(metric_find("nrr:elsewhere") == SIZE_MAX);
    assert_true(metric_find("nr") == SIZE_MAX);
    assert_string_equal(metric_defs[metric_in_dialect("grr", "movements")].dialect, "movements");
    assert_string_equal(metric_defs[metric_in_dialect("ltv", "movements")].dialect,
                        "arpa_retention");
}

/* ChartMogul help: MRR of 100 at the start, churn 10, contraction 10, expansion 10 give a gross MRR
 * churn rate of 20 % and a net one of 10 %. */
static void churn_rates_are_those_of_the_published_example(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 10, 10, ARR_NEW}, {0, 60, 0, ARR_CHURN},
                              {1, 10, 40, ARR_NEW}, {1, 60, 30, ARR_CONTRACTION},
                              {2, 10, 50, ARR_NEW}, {2, 60, 60, ARR_EXPANSION}};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 3, 100);
    const metric_setup s = {.book = book, .window = {50, 80}, .reactivation = -1, .ranges = true};
    assert_close(value_of(&s, "gross_churn:movements").value, 0.2, 1e-15);
    assert_close(value_of(&s, "net_churn:movements").value, 0.1, 1e-15);
    assert_close(value_of(&s, "nrr:movements").value, 0.9, 1e-15);
    assert_close(value_of(&s, "nrr:rolling_30_days").value, 0.9, 1e-15);
    assert_close(value_of(&s, "grr:movements").value, 0.8, 1e-15);
    assert_close(value_of(&s, "grr:point_to_point").value, 0.8, 1e-15);
    metric_value logos = value_of(&s, "logo_retention");
    assert_int_equal(logos.sum.num[0], 2);
    assert_int_equal(logos.sum.den[0], 3);
    assert_true(logos.has_interval && logos.low < 2.0 / 3 && logos.high > 2.0 / 3);
}

/* ChartMogul help: (20k + 8k) / (5k + 3k) = 3.5. The 8k are part expansion, part reactivation. */
static void the_quick_ratio_is_that_of_the_published_example(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 60, 2000000, ARR_NEW},      {1, 10, 100000, ARR_NEW},
                              {1, 60, 700000, ARR_EXPANSION}, {2, 5, 100000, ARR_NEW},
                              {2, 20, 0, ARR_CHURN},          {2, 60, 200000, ARR_REACTIVATION},
                              {3, 10, 900000, ARR_NEW},       {3, 60, 400000, ARR_CONTRACTION},
                              {4, 10, 300000, ARR_NEW},       {4, 60, 0, ARR_CHURN}};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 5, 100);
    const metric_setup s = {.book = book, .window = {50, 80}, .reactivation = -1, .ranges = true};
    assert_close(value_of(&s, "quick_ratio").value, 3.5, 1e-15);
    assert_close(value_of(&s, "quick_ratio:without").value, 26.0 / 8, 1e-15);
}

/* --- against sums over the facts --- */

typedef struct reference {
    int64_t opening, kept, lower, moved, lost_money, new_cohort, cohort_end;
    size_t base, stayed;
} reference;

static reference sum_facts(const arr_fact *facts, size_t n, day from, day to)
{
    reference r = {0};
    for (int32_t i = 0; i < RANDOM_ACCOUNTS; i++) {
        int64_t b = fact_arr(facts, n, i, from);
        int64_t e = fact_arr(facts, n, i, to);
        r.opening += b;
        r.kept += b > 0 ? e : 0;
        r.lower += b < e ? b : e;
        r.base += b > 0;
        r.stayed += b > 0 && e > 0;
    }
    r.moved = r.opening;
    for (size_t k = 0; k < n; k++) {
        if (facts[k].day <= from || facts[k].day > to) {
            continue;
        }
        int64_t before = fact_arr(facts, n, facts[k].account, facts[k].day - 1);
        int64_t delta = facts[k].arr_after - before;
        bool starts = facts[k].kind == ARR_NEW || facts[k].kind == ARR_REACTIVATION;
        r.moved += starts ? 0 : delta;
        r.lost_money += delta < 0 ? -delta : 0;
    }
    for (size_t k = 0; k < n; k++) {
        if (facts[k].kind == ARR_NEW && facts[k].day > months_before(from, 12) &&
            facts[k].day <= from) {
            r.new_cohort += facts[k].arr_after;
            r.cohort_end += fact_arr(facts, n, facts[k].account, to);
        }
    }
    return r;
}

static void dialects_are_what_their_formulas_say_on_random_ledgers(void **state)
{
    (void)state;
    const day first = day_from_civil(2022, 1, 1);
    const day to = day_from_civil(2024, 5, 31);
    const day from = day_from_civil(2023, 5, 31);
    arr_fact facts[RANDOM_ACCOUNTS * RANDOM_ROWS];
    for (uint64_t seed = 0; seed < 20; seed++) {
        size_t n = random_facts(seed, first, to, facts);
        STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, RANDOM_ACCOUNTS, to);
        const metric_setup s = {
            .book = book, .window = {from, to}, .reactivation = -1, .ranges = true};
        reference r = sum_facts(facts, n, from, to);
        double base = (double)r.opening;
        assert_close(value_of(&s, "nrr:point").value, (double)r.kept / base, 1e-15);
        assert_close(value_of(&s, "grr:point").value, (double)r.lower / base, 1e-15);
        assert_close(value_of(&s, "nrr:movements").value, (double)r.moved / base, 1e-15);
        assert_close(value_of(&s, "grr:movements").value, (base - (double)r.lost_money) / base,
                     1e-15);
        assert_close(value_of(&s, "gross_churn").value, (double)r.lost_money / base, 1e-15);
        assert_close(value_of(&s, "nrr:cohort").value, (double)r.cohort_end / (double)r.new_cohort,
                     1e-15);
        metric_value logo = value_of(&s, "logo_retention:point");
        assert_int_equal(logo.sum.num[0], r.stayed);
        assert_int_equal(logo.sum.den[0], r.base);
        reference month = sum_facts(facts, n, to - 30, to);
        assert_close(value_of(&s, "nrr:rolling").value, (double)month.moved / (double)month.opening,
                     1e-15);
        /* Profiles state LTV as ARPA of the base over logo churn of 12 months. */
        metric_value ltv = value_of(&s, "ltv:arpa_retention");
        if (ltv.known) {
            assert_close(ltv.value, base / (double)(r.base - r.stayed), 1e-12);
        }
    }
}

static void switches_move_what_they_name_and_nothing_else(void **state)
{
    (void)state;
    const day jan = day_from_civil(2025, 1, 1);
    const arr_fact facts[] = {{0, jan - 50, 1000, ARR_NEW}, {1, jan - 50, 400, ARR_NEW},
                              {1, jan - 20, 0, ARR_CHURN},  {1, jan + 40, 300, ARR_REACTIVATION},
                              {2, jan + 3, 200, ARR_NEW},   {2, jan + 9, 0, ARR_CHURN}};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 3, jan + 100);
    metric_setup s = {
        .book = book, .window = {jan - 1, jan + 58}, .reactivation = -1, .ranges = true};
    assert_close(value_of(&s, "nrr:point").value, 1.0, 1e-15);
    assert_close(value_of(&s, "nrr:movements").value, 0.8, 1e-15);
    s.without_brief = true;
    assert_close(value_of(&s, "nrr:movements").value, 1.0, 1e-15);
    s.reactivation = 1;
    assert_close(value_of(&s, "nrr:point").value, 1.3, 1e-15);
    assert_close(value_of(&s, "nrr:movements").value, 1.3, 1e-15);
    assert_false(value_of(&s, "nrr:point").has_interval);
    assert_close(value_of(&s, "grr:movements").value, 1.0, 1e-15);
    s.reactivation = 0;
    assert_true(value_of(&s, "quick_ratio").back); /* its name says what it does */
}

static void what_is_not_defined_says_why(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 60, 1000, ARR_NEW}};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, 1, 1, 900);
    metric_setup s = {.book = book, .window = {30, 50}, .reactivation = -1, .ranges = true};
    for (size_t i = 0; i < metric_defs_n; i++) {
        metric_value v = {0};
        strata_error err = {0};
        assert_ok(metric_compute(&cx, &metric_defs[i], &s, NULL, 0, &v, &err), &err);
        assert_false(v.known);
        assert_non_null(v.why);
        assert_false(v.has_interval);
        assert_false(fabs(v.value) > 0);
    }
    s.window = (metric_window){100, 800}; /* pays all the time */
    assert_close(value_of(&s, "nrr").value, 1.0, 1e-15);
    assert_non_null(strstr(value_of(&s, "ltv").why, "nobody churned"));
    assert_non_null(strstr(value_of(&s, "ltv:arpa_churn").why, "nobody churned"));
    assert_string_equal(value_of(&s, "quick_ratio").why, "nothing was lost");
    assert_non_null(strstr(value_of(&s, "nrr:renewal_base").why, "opportunities"));
    assert_non_null(strstr(value_of(&s, "logo_churn:voluntary").why, "reason"));
}

/* Six months, 10 accounts at each beginning, 3 lost: 60 / 3 = 20 months at 1,200 a year. */
static void lifetime_value_by_trailing_churn_is_arpa_over_the_monthly_rate(void **state)
{
    (void)state;
    arr_fact facts[16];
    size_t n = 0;
    const day end = day_from_civil(2025, 6, 30);
    for (int32_t i = 0; i < 10; i++) {
        facts[n++] = (arr_fact){i, end - 400, 120000, ARR_NEW};
        if (i < 3) {
            facts[n++] = (arr_fact){i, end - 10, 0, ARR_CHURN};
        }
    }
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, 10, end);
    const metric_setup s = {.book = book,
                            .window = {day_from_civil(2024, 6, 30), end},
                            .reactivation = -1,
                            .ranges = true};
    assert_close(value_of(&s, "ltv:arpa_churn").value, 120000.0 / 12 * 20, 1e-12);
    assert_close(value_of(&s, "ltv:arpa_retention").value, 120000.0 / 0.3, 1e-12);
}

/* --- reconciling --- */

static strata_status reconcile(arena *a, const metric_setup *s, const metric_def *x,
                               const metric_def *y, reconciliation **r, strata_error *err)
{
    const reconcile_side side_x = {x, *s};
    const reconcile_side side_y = {y, *s};
    return reconcile_make(&cx, a, &side_x, &side_y, r, err);
}

static void check_reconciliation(const metric_setup *s, const metric_def *x, const metric_def *y)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    reconciliation *r = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    strata_status st = reconcile(a, s, x, y, &r, &err);
    if (st == STRATA_E_DATA || st == STRATA_E_USAGE) {
        assert_true(err.message[0] != '\0');
        return;
    }
    assert_ok(st, &err);
    double effect = r->scale_effect;
    double rows = r->scale_effect;
    metric_part a_sum = r->same.a;
    metric_part b_sum = r->same.b;
    for (int c = 0; c < CAUSE_COUNT; c++) {
        effect += r->causes[c].effect;
        for (int k = 0; k < 2; k++) {
            a_sum.num[k] += r->causes[c].a.num[k];
            a_sum.den[k] += r->causes[c].a.den[k];
            b_sum.num[k] += r->causes[c].b.num[k];
            b_sum.den[k] += r->causes[c].b.den[k];
        }
    }
    for (size_t i = 0; i < r->n_rows; i++) {
        rows += r->rows[i].effect;
    }
    assert_memory_equal(&a_sum, &r->a.sum, sizeof a_sum);
    assert_memory_equal(&b_sum, &r->b.sum, sizeof b_sum);
    double size = 1e-12 * (1 + fabs(r->a.value) + fabs(r->b.value));
    assert_true(fabs(effect - r->difference) <= size);
    assert_true(fabs(rows - r->difference) <= size * 10);
}

static void any_two_definitions_are_explained_exactly_on_random_ledgers(void **state)
{
    (void)state;
    const day first = day_from_civil(2022, 1, 1);
    const day to = day_from_civil(2024, 5, 31);
    arr_fact facts[RANDOM_ACCOUNTS * RANDOM_ROWS];
    for (uint64_t seed = 0; seed < 6; seed++) {
        size_t n = random_facts(seed, first, to, facts);
        STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, n, RANDOM_ACCOUNTS, to);
        const metric_setup s = {.book = book,
                                .window = {to - (seed % 2 == 0 ? 366 : 200), to},
                                .reactivation = (int)(seed % 3) - 1,
                                .without_brief = seed % 2 == 1};
        for (size_t x = 0; x < metric_defs_n; x++) {
            for (size_t y = 0; y < metric_defs_n; y++) {
                check_reconciliation(&s, &metric_defs[x], &metric_defs[y]);
            }
        }
    }
}

static void causes_name_what_the_account_did(void **state)
{
    (void)state;
    const day jan = day_from_civil(2025, 1, 1);
    const arr_fact facts[] = {
        {0, jan - 50, 1000, ARR_NEW}, /* returned */
        {0, jan + 20, 0, ARR_CHURN},       {0, jan + 60, 900, ARR_REACTIVATION},
        {1, jan + 3, 200, ARR_NEW},                                     /* same month */
        {1, jan + 9, 0, ARR_CHURN},        {2, jan + 3, 200, ARR_NEW},  /* new, grew */
        {2, jan + 60, 260, ARR_EXPANSION}, {3, jan - 50, 500, ARR_NEW}, /* had left, came back */
        {3, jan - 10, 0, ARR_CHURN},       {3, jan + 30, 400, ARR_REACTIVATION},
        {3, jan + 70, 450, ARR_EXPANSION}, {4, jan - 50, 800, ARR_NEW}}; /* the same in both */
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 5, jan + 90);
    const metric_setup s = {
        .book = book, .window = {jan - 1, jan + 89}, .reactivation = -1, .ranges = true};
    STRATA_AUTO(arena_free) arena *a = NULL;
    reconciliation *r = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(reconcile(a, &s, &metric_defs[metric_find("nrr")],
                        &metric_defs[metric_find("nrr:movements")], &r, &err),
              &err);
    assert_int_equal(r->causes[CAUSE_RETURNED].accounts, 1);
    assert_int_equal(r->causes[CAUSE_RETURNED].a.num[0] - r->causes[CAUSE_RETURNED].b.num[0], 900);
    assert_int_equal(r->causes[CAUSE_SAME_MONTH].b.num[0], -200);
    assert_int_equal(r->causes[CAUSE_NEW].b.num[0], 60);
    assert_int_equal(r->causes[CAUSE_REACTIVATED].b.num[0], 50);
    assert_int_equal(r->same.accounts, 1);
    assert_int_equal(r->n_rows, 4);
    assert_int_equal(r->rows[0].account, 0);
}

static void definitions_of_different_things_are_refused(void **state)
{
    (void)state;
    const arr_fact facts[] = {{0, 10, 1000, ARR_NEW}};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, 1, 1, 100);
    const metric_setup s = {.book = book, .window = {50, 80}, .reactivation = -1, .ranges = true};
    STRATA_AUTO(arena_free) arena *a = NULL;
    reconciliation *r = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    const metric_def *nrr = &metric_defs[metric_find("nrr")];
    assert_int_equal(reconcile(a, &s, nrr, &metric_defs[metric_find("logo_churn")], &r, &err),
                     STRATA_E_USAGE);
    assert_int_equal(reconcile(a, &s, nrr, nrr, &r, &err), STRATA_E_USAGE);
    assert_int_equal(reconcile(a, &s, nrr, &metric_defs[metric_find("nrr:renewal")], &r, &err),
                     STRATA_E_DATA);
    assert_null(r);
}

/* --- renewals --- */

static void renewals_count_by_the_day_they_are_due(void **state)
{
    (void)state;
    const arr_fact arr[] = {{0, 5, 1000, ARR_NEW}, {1, 5, 2000, ARR_NEW}, {2, 5, 100, ARR_NEW}};
    const deal_fact deals[] = {{0, 10, 60, 1000, DEAL_RENEWAL, DEAL_WON},
                               {0, 10, 60, 300, DEAL_EXPANSION, DEAL_WON},
                               {1, 10, 60, 1500, DEAL_RENEWAL, DEAL_LOST},
                               {1, 10, 70, 500, DEAL_RENEWAL, DEAL_OPEN},
                               {1, 10, 90, 500, DEAL_RENEWAL, DEAL_WON},
                               {2, 10, DAY_MISSING, 500, DEAL_RENEWAL, DEAL_WON}};
    ledger_facts all = {.n_accounts = 3,
                        .arr = arr,
                        .n_arr = COUNT(arr),
                        .opportunities = deals,
                        .n_opportunities = COUNT(deals)};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    STRATA_AUTO(renewal_book_free) renewal_book *renewals = NULL;
    STRATA_AUTO(arr_book_free) arr_book *book = NULL;
    strata_error err = {0};
    assert_ok(ledger_memory_new(&all, &m, &err), &err);
    assert_ok(arr_book_load(&cx, ledger_memory_source(m), 100, &book, &err), &err);
    assert_ok(renewal_book_load(&cx, ledger_memory_source(m), 100, &renewals, &err), &err);
    assert_int_equal(renewals->n, 4);
    assert_int_equal(renewals->undated, 1);
    const metric_setup s = {
        .book = book, .renewals = renewals, .window = {50, 80}, .reactivation = -1, .ranges = true};
    metric_value nrr = value_of(&s, "nrr:renewal_base");
    assert_int_equal(nrr.sum.num[0], 1000);
    assert_int_equal(nrr.sum.den[0], 3000);
    metric_value logos = value_of(&s, "logo_retention:renewal_base");
    assert_int_equal(logos.sum.num[0], 1);
    assert_int_equal(logos.sum.den[0], 3);
    check_reconciliation(&s, nrr.def, &metric_defs[metric_find("nrr")]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_are_found_by_name_or_its_beginning),
        cmocka_unit_test(churn_rates_are_those_of_the_published_example),
        cmocka_unit_test(the_quick_ratio_is_that_of_the_published_example),
        cmocka_unit_test(dialects_are_what_their_formulas_say_on_random_ledgers),
        cmocka_unit_test(switches_move_what_they_name_and_nothing_else),
        cmocka_unit_test(what_is_not_defined_says_why),
        cmocka_unit_test(lifetime_value_by_trailing_churn_is_arpa_over_the_monthly_rate),
        cmocka_unit_test(any_two_definitions_are_explained_exactly_on_random_ledgers),
        cmocka_unit_test(causes_name_what_the_account_did),
        cmocka_unit_test(definitions_of_different_things_are_refused),
        cmocka_unit_test(renewals_count_by_the_day_they_are_due),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
