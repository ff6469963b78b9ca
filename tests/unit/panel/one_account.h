/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_ONE_ACCOUNT_H
#define STRATA_TEST_ONE_ACCOUNT_H

/* The features of account 0 of some facts, one at a time. */

#include "strata_test.h"

#include "panel/ledger_memory.h"
#include "panel/panel.h"

#define D(y, m, d) day_from_civil((y), (m), (d))

static inline double feature_of_account(const ledger_facts *facts, const char *name, day as_of,
                                        size_t account)
{
    STRATA_AUTO(ledger_memory_free) ledger_memory *m = NULL;
    STRATA_AUTO(panel_free) panel *p = NULL;
    strata_error err = {0};
    context cx = {.threads = 1};
    feature_id f = feature_find(name);
    if (f == FEATURE_COUNT) {
        fail_msg("no feature '%s'", name);
    }
    assert_ok(ledger_memory_new(facts, &m, &err), &err);
    assert_ok(panel_new(&cx, ledger_memory_source(m), &f, 1, as_of, &p, &err), &err);
    return panel_column(p, 0)[account];
}

/* The want may be NAN. */
static inline void assert_feature_at(const ledger_facts *facts, const char *name, day as_of,
                                     double want, const char *file, int line)
{
    double got = feature_of_account(facts, name, as_of, 0);
    if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-12 * fabs(want))) {
        print_error("%s is %.17g, want %.17g\n", name, got, want);
        _fail(file, line);
    }
}
#define assert_feature(facts, name, as_of, want)                                                   \
    assert_feature_at((facts), (name), (as_of), (want), __FILE__, __LINE__)

#endif
