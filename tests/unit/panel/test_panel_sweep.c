/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <signal.h>
#include <stdlib.h>

#include "base/rng.h"
#include "naive.h"
#include "panel/panel.h"
#include "random_facts.h"

/* The next allocation that fails, counted down; negative: none. */
static int fail_in = -1;
static bool fails(void)
{
    return fail_in >= 0 && fail_in-- == 0;
}
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

static const feature_id *all_features(void)
{
    static feature_id all[FEATURE_COUNT];
    for (int f = 0; f < FEATURE_COUNT; f++) {
        all[f] = (feature_id)f;
    }
    return all;
}

/* Every value of a sweep: values[(d * FEATURE_COUNT + f) * n_accounts + account]. */
typedef struct whole {
    size_t n_accounts, n_blocks;
    double *values;
} whole;

static strata_status keep_block(void *job, const panel_block *b, strata_error *err)
{
    (void)err;
    whole *w = job;
    for (size_t c = 0; c < b->n_dates * b->n_features; c++) {
        memcpy(w->values + c * w->n_accounts + (size_t)b->first, b->values + c * b->n_accounts,
               b->n_accounts * sizeof *b->values);
    }
#pragma omp atomic
    w->n_blocks++;
    return STRATA_OK;
}

static double *sweep_all(const ledger_facts *facts, int threads, const day *dates, size_t n_dates)
{
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    strata_error err = {0};
    context cx = {.threads = threads};
    whole w = {.n_accounts = facts->n_accounts};
    w.values = calloc(FEATURE_COUNT * n_dates * facts->n_accounts, sizeof *w.values);
    assert_ok(ledger_memory_new(facts, &m, &err), &err);
    assert_ok(panel_sweep(&cx, ledger_memory_source(m), all_features(), FEATURE_COUNT, dates,
                          n_dates, keep_block, &w, &err),
              &err);
    return w.values;
}

static void assert_value(double got, double want, feature_id f, size_t account, day d)
{
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-12 * fmax(1, fabs(want)))) {
        fail_msg("%s of account %zu on day %d is %.17g, want %.17g", feature_get(f)->name, account,
                 (int)d, got, want);
    }
}

/* Starts as the ledger has them, for the reference. */
static void resolve_starts(random_facts *f)
{
    for (int32_t i = 0; i < RANDOM_ACCOUNTS; i++) {
        day first = DAY_MAX;
        if (f->started_on[i] != DAY_MISSING) {
            continue;
        }
        for (size_t k = 0; k < f->facts.n_arr; k++) {
            const arr_fact *x = &f->arr[k];
            first = x->account == i && x->arr_after > 0 && x->day < first ? x->day : first;
        }
        for (size_t k = 0; k < f->facts.n_orders; k++) {
            const order_fact *x = &f->orders[k];
            first = x->account == i && x->orders > 0 && x->day < first ? x->day : first;
        }
        for (size_t k = 0; k < f->facts.n_usage; k++) {
            const usage_fact *x = &f->usage[k];
            first = x->account == i && x->day < first ? x->day : first;
        }
        f->started_on[i] = first == DAY_MAX ? DAY_MISSING : first;
    }
}

static size_t random_dates(rng *r, day *dates, size_t most)
{
    size_t n = 0;
    day step = 1 + (day)rng_below(r, 120);
    day d = (day)rng_below(r, 300) - 50;
    for (; n < most && d < RANDOM_DAYS + 400; n++) {
        dates[n] = d;
        d += 1 + (day)rng_below(r, (uint64_t)step);
    }
    return n;
}

static void compare_with_naive(uint64_t seed, uint32_t without)
{
    static random_facts f;
    day dates[12];
    rng r;
    rng_init(&r, seed, 9);
    size_t n = random_dates(&r, dates, COUNT(dates));
    random_facts_fill(seed, &f);
    if (without & 1u << ENTITY_ARR) {
        f.facts.entities &= ~without;
        f.facts.n_arr = 0;
    }
    double *got = sweep_all(&f.facts, 1, dates, n);
    resolve_starts(&f);
    for (size_t c = 0; c < n * FEATURE_COUNT; c++) {
        feature_id id = (feature_id)(c % FEATURE_COUNT);
        day d = dates[c / FEATURE_COUNT];
        for (size_t i = 0; i < RANDOM_ACCOUNTS; i++) {
            assert_value(got[c * RANDOM_ACCOUNTS + i], naive_feature(&f.facts, id, (int32_t)i, d),
                         id, i, d);
        }
    }
    free(got);
}

static void every_feature_agrees_with_its_definition_on_random_facts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        compare_with_naive(seed, 0);
    }
    compare_with_naive(5, 1u << ENTITY_ARR);
}

static void assert_same(const double *a, const double *b, size_t n)
{
    assert_memory_equal(a, b, n * sizeof *a);
}

static const day four_dates[] = {100, 365, 366, 1000};

static void threads_and_the_order_of_facts_change_nothing(void **state)
{
    (void)state;
    static random_facts f;
    size_t n = COUNT(four_dates) * FEATURE_COUNT * RANDOM_ACCOUNTS;
    random_facts_fill(7, &f);
    double *one = sweep_all(&f.facts, 1, four_dates, COUNT(four_dates));
    double *two = sweep_all(&f.facts, 2, four_dates, COUNT(four_dates));
    random_facts_shuffle(8, &f);
    double *seven = sweep_all(&f.facts, 7, four_dates, COUNT(four_dates));
    assert_same(one, two, n);
    assert_same(one, seven, n);
    free(one);
    free(two);
    free(seven);
}

static void dates_do_not_see_each_other(void **state)
{
    (void)state;
    static random_facts f;
    const size_t n = (size_t)FEATURE_COUNT * RANDOM_ACCOUNTS;
    random_facts_fill(11, &f);
    double *together = sweep_all(&f.facts, 1, four_dates, COUNT(four_dates));
    for (size_t j = 0; j < COUNT(four_dates); j++) {
        double *alone = sweep_all(&f.facts, 1, &four_dates[j], 1);
        assert_same(alone, together + j * n, n);
        free(alone);
    }
    free(together);
}

static void what_comes_after_the_date_changes_nothing(void **state)
{
    (void)state;
    static random_facts f;
    for (uint64_t seed = 20; seed < 24; seed++) {
        day d = 150 + 250 * (day)(seed - 20);
        random_facts_fill(seed, &f);
        double *later = sweep_all(&f.facts, 1, &d, 1);
        random_facts_forget(d, &f);
        double *then = sweep_all(&f.facts, 1, &d, 1);
        for (size_t c = 0; c < (size_t)FEATURE_COUNT * RANDOM_ACCOUNTS; c++) {
            assert_value(later[c], then[c], (feature_id)(c / RANDOM_ACCOUNTS), c % RANDOM_ACCOUNTS,
                         d);
        }
        free(later);
        free(then);
    }
}

/* More accounts than a task holds, so that there are several tasks and many blocks. */
static void blocks_and_tasks_meet_without_a_seam(void **state)
{
    (void)state;
    enum { N = 20011 };
    static usage_fact uses[N];
    static day starts[N];
    strata_error err = {0};
    for (int32_t i = 0; i < N; i++) {
        uses[i] = (usage_fact){i, 10 + i % 50, i % 7, i, 1 + i};
        starts[i] = 0;
    }
    ledger_facts facts = {.n_accounts = N, .started_on = starts, .usage = uses, .n_usage = N};
    const feature_id wanted[] = {FEATURE_LAST_SEEN, FEATURE_EVENTS_90D, FEATURE_TENURE};
    ledger_memory *m = NULL;
    assert_ok(ledger_memory_new(&facts, &m, &err), &err);
    for (int threads = 1; threads <= 7; threads += 3) {
        panel *p = NULL;
        context cx = {.threads = threads};
        assert_ok(panel_new(&cx, ledger_memory_source(m), wanted, COUNT(wanted), 60, &p, &err),
                  &err);
        assert_int_equal(panel_n_accounts(p), N);
        for (int32_t i = 0; i < N; i++) {
            assert_close(panel_column(p, 0)[i], 50 - i % 50, 0);
            assert_close(panel_column(p, 1)[i], 1 + i, 0);
            assert_close(panel_column(p, 2)[i], 60, 0);
        }
        panel_free(p);
    }
    ledger_memory_free(m);
}

static void one_account_may_have_most_of_the_rows(void **state)
{
    (void)state;
    enum { N = 300000 };
    usage_fact *uses = calloc(N, sizeof *uses);
    strata_error err = {0};
    for (int32_t k = 0; k < N; k++) {
        uses[k] = (usage_fact){1, k / 300, k % 97, k % 50021, 2};
    }
    ledger_facts facts = {.n_accounts = 3, .usage = uses, .n_usage = N};
    const feature_id wanted[] = {FEATURE_EVENTS_90D, FEATURE_ACTIVE_USERS_90D,
                                 FEATURE_FEATURES_USED_30D, FEATURE_ACTIVE_DAYS_30D};
    ledger_memory *m = NULL;
    panel *p = NULL;
    context cx = {.threads = 2};
    assert_ok(ledger_memory_new(&facts, &m, &err), &err);
    assert_ok(panel_new(&cx, ledger_memory_source(m), wanted, COUNT(wanted), 999, &p, &err), &err);
    assert_close(panel_column(p, 0)[1], 90 * 300 * 2, 0);
    assert_close(panel_column(p, 1)[1], 27000, 0); /* 27,000 consecutive users of 50,021 */
    assert_close(panel_column(p, 2)[1], 97, 0);
    assert_close(panel_column(p, 3)[1], 30, 0);
    panel_free(p);
    ledger_memory_free(m);
    free(uses);
}

static void a_portfolio_without_accounts_has_an_empty_panel(void **state)
{
    (void)state;
    ledger_facts none = {0};
    strata_error err = {0};
    ledger_memory *m = NULL;
    panel *p = NULL;
    context cx = {.threads = 2};
    assert_ok(ledger_memory_new(&none, &m, &err), &err);
    assert_ok(panel_new(&cx, ledger_memory_source(m), all_features(), 3, 0, &p, &err), &err);
    assert_int_equal(panel_n_accounts(p), 0);
    panel_free(p);
    ledger_memory_free(m);
}

static strata_status refuse_block(void *job, const panel_block *b, strata_error *err)
{
    (void)job;
    return strata_fail(err, STRATA_E_DATA, "no block %d", (int)b->first);
}

static void assert_sweep_fails(const ledger_source *source, const feature_id *features, size_t n,
                               const day *dates, size_t n_dates, const char *message)
{
    strata_error err = {0};
    context cx = {.threads = 1};
    strata_status st =
        panel_sweep(&cx, source, features, n, dates, n_dates, refuse_block, NULL, &err);
    assert_int_not_equal(st, STRATA_OK);
    assert_string_equal(err.message, message);
}

static void bad_features_and_dates_are_refused(void **state)
{
    (void)state;
    static random_facts f;
    strata_error err = {0};
    ledger_memory *m = NULL;
    const day dates[] = {5, 5};
    const day far[] = {DAY_MAX - 10};
    const feature_id twice[] = {FEATURE_ARR, FEATURE_TENURE, FEATURE_ARR};
    const feature_id unknown[] = {FEATURE_COUNT};
    random_facts_fill(1, &f);
    assert_ok(ledger_memory_new(&f.facts, &m, &err), &err);
    const ledger_source *s = ledger_memory_source(m);
    assert_sweep_fails(s, twice, 3, dates, 1, "feature 'arr' is asked for twice: ask for it once");
    assert_sweep_fails(s, unknown, 1, dates, 1, "feature number 107 is not in the catalogue");
    assert_sweep_fails(s, twice, 1, dates, 0, "0 as-of dates: ask for 1 to 65000");
    assert_sweep_fails(s, twice, 1, dates, 2,
                       "as-of date 1970-01-06 does not come after the one before it: sort the "
                       "dates and drop repeated ones");
    assert_sweep_fails(s, twice, 1, far, 1,
                       "as-of date 9999-12-21 is outside the calendar: use one from 0003 to 9997");
    assert_sweep_fails(s, twice, 1, dates, 1, "no block 0");
    ledger_memory_free(m);
}

static void bad_facts_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    ledger_memory *m = NULL;
    const usage_fact stranger[] = {{3, 0, 0, 0, 1}};
    const usage_fact nothing[] = {{0, 0, 0, 0, 0}};
    const usage_fact never[] = {{0, DAY_MISSING, 0, 0, 1}};
    ledger_facts f = {.n_accounts = 3, .usage = stranger, .n_usage = 1};
    assert_int_equal(ledger_memory_new(&f, &m, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "fact 0 is of account 3: accounts are numbered 0 to 2");
    f.usage = nothing;
    assert_int_equal(ledger_memory_new(&f, &m, &err), STRATA_E_USAGE);
    f.usage = never;
    assert_int_equal(ledger_memory_new(&f, &m, &err), STRATA_E_USAGE);
    assert_null(m);
}

static void a_cancelled_sweep_stops(void **state)
{
    (void)state;
    static random_facts f;
    strata_error err = {0};
    ledger_memory *m = NULL;
    panel *p = NULL;
    volatile sig_atomic_t cancelled = 1;
    context cx = {.threads = 2, .cancelled = &cancelled};
    random_facts_fill(1, &f);
    assert_ok(ledger_memory_new(&f.facts, &m, &err), &err);
    assert_int_equal(panel_new(&cx, ledger_memory_source(m), all_features(), 3, 10, &p, &err),
                     STRATA_E_CANCELLED);
    assert_null(p);
    ledger_memory_free(m);
}

static void every_failed_allocation_is_survived(void **state)
{
    (void)state;
    static random_facts f;
    int failures = 0;
    random_facts_fill(3, &f);
    for (int n = 0;; n++) {
        ledger_memory *m = NULL;
        panel *p = NULL;
        strata_error err = {0};
        context cx = {.threads = 1};
        fail_in = n;
        strata_status st = ledger_memory_new(&f.facts, &m, &err);
        if (st == STRATA_OK) {
            st = panel_new(&cx, ledger_memory_source(m), all_features(), FEATURE_COUNT, 900, &p,
                           &err);
        }
        fail_in = -1;
        ledger_memory_free(m);
        if (st == STRATA_OK) {
            panel_free(p);
            break;
        }
        assert_int_equal(st, STRATA_E_NOMEM);
        assert_null(p);
        failures++;
    }
    assert_true(failures > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_agrees_with_its_definition_on_random_facts),
        cmocka_unit_test(threads_and_the_order_of_facts_change_nothing),
        cmocka_unit_test(dates_do_not_see_each_other),
        cmocka_unit_test(what_comes_after_the_date_changes_nothing),
        cmocka_unit_test(blocks_and_tasks_meet_without_a_seam),
        cmocka_unit_test(one_account_may_have_most_of_the_rows),
        cmocka_unit_test(a_portfolio_without_accounts_has_an_empty_panel),
        cmocka_unit_test(bad_features_and_dates_are_refused),
        cmocka_unit_test(bad_facts_are_refused),
        cmocka_unit_test(a_cancelled_sweep_stops),
        cmocka_unit_test(every_failed_allocation_is_survived),
    };
    return cmocka_run_group_tests_name("panel_sweep", tests, NULL, NULL);
}
