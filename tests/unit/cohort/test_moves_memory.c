/* SPDX-License-Identifier: Apache-2.0 */
#include "random_ledger.h"

#include "cohort/movements/bridge.h"
#include "cohort/movements/expansion.h"
#include "cohort/movements/reconcile.h"
#include "cohort/movements/split.h"
#include "support/failing_alloc.h"

/* Everything about movements with each allocation failing once: said, nothing left behind. */

static const context cx = {.threads = 1, .seed = 1};
static const arr_fact facts[] = {{0, 10, 1000, ARR_NEW}, {0, 90, 1500, ARR_EXPANSION},
                                 {1, 20, 2000, ARR_NEW}, {1, 120, 0, ARR_CHURN},
                                 {2, 100, 700, ARR_NEW}, {2, 130, 800, ARR_EXPANSION},
                                 {3, 30, 900, ARR_NEW}};
static const deal_fact deals[] = {{0, 10, 100, 1000, DEAL_RENEWAL, DEAL_WON},
                                  {1, 10, 110, 2000, DEAL_RENEWAL, DEAL_LOST}};

typedef strata_status job_fn(arena *a, const arr_book *book, void **out, strata_error *err);

static strata_status make_bridge(arena *a, const arr_book *book, void **out, strata_error *err)
{
    const day *ends = NULL;
    bridge *b = NULL;
    STRATA_TRY(bridge_periods(a, (calendar){PERIOD_MONTH, 1}, 150, 5, &ends, err));
    STRATA_TRY(bridge_make(a, book, &(bridge_spec){NULL, ends, 5, false}, &b, err));
    *out = b;
    return STRATA_OK;
}

static strata_status make_life(arena *a, const arr_book *book, void **out, strata_error *err)
{
    expansion_table t = {0};
    STRATA_TRY(expansion_by_life(&cx, a, book, (arr_window){50, 150}, &t, err));
    *out = t.rows;
    return STRATA_OK;
}

static strata_status make_reconciliation(arena *a, const arr_book *book, void **out,
                                         strata_error *err)
{
    const metric_setup s = {.book = book, .window = {50, 150}, .reactivation = -1, .ranges = true};
    const reconcile_side x = {&metric_defs[metric_find("nrr")], s};
    const reconcile_side y = {&metric_defs[metric_find("nrr:movements")], s};
    reconciliation *r = NULL;
    STRATA_TRY(reconcile_make(&cx, a, &x, &y, &r, err));
    *out = r;
    return STRATA_OK;
}

static strata_status make_split(arena *a, const arr_book *book, void **out, strata_error *err)
{
    segment_code code[4] = {0};
    const groups g = {.n = 1, .code = code};
    nrr_flow before[2];
    nrr_flow after[2];
    nrr_split *s = NULL;
    nrr_flows(book, &g, 50, 100, false, before);
    nrr_flows(book, &g, 100, 150, false, after);
    STRATA_TRY(nrr_split_make(a, before, after, 2, &s, err));
    *out = s;
    return STRATA_OK;
}

static strata_status make_interval(arena *a, const arr_book *book, void **out, strata_error *err)
{
    const metric_setup s = {.book = book, .window = {50, 150}, .reactivation = -1, .ranges = true};
    metric_value v = {0};
    STRATA_TRY(metric_compute(&cx, &metric_defs[metric_find("nrr")], &s, NULL, 0, &v, err));
    *out = a;
    return STRATA_OK;
}

static void running_out_of_memory_is_said_everywhere(void **state)
{
    (void)state;
    job_fn *const jobs[] = {make_bridge, make_life, make_reconciliation, make_split, make_interval};
    STRATA_AUTO(arr_book_free) arr_book *book = book_of_facts(facts, COUNT(facts), 4, 150);
    for (size_t k = 0; k < COUNT(jobs); k++) {
        int n = 0;
        FAILURE_LOOP(n, {
            STRATA_AUTO(arena_free) arena *a = NULL;
            void *out = NULL;
            strata_error err = {0};
            strata_status st = arena_new(&a, &err);
            st = st == STRATA_OK ? jobs[k](a, book, &out, &err) : st;
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out == NULL);
        });
        assert_true(n > 0);
    }
}

static void a_renewal_book_is_whole_or_not_there(void **state)
{
    (void)state;
    const ledger_facts all = {.n_accounts = 4,
                              .arr = facts,
                              .n_arr = COUNT(facts),
                              .opportunities = deals,
                              .n_opportunities = COUNT(deals)};
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    strata_error err = {0};
    int n = 0;
    assert_ok(ledger_memory_new(&all, &m, &err), &err);
    FAILURE_LOOP(n, {
        renewal_book *b = NULL;
        strata_status st = renewal_book_load(&cx, ledger_memory_source(m), 150, &b, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, b == NULL);
        renewal_book_free(b);
    });
    assert_true(n > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(running_out_of_memory_is_said_everywhere),
        cmocka_unit_test(a_renewal_book_is_whole_or_not_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
