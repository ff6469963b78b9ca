/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "catalogue.h"
#include "model/bind.h"
#include "support/failing_alloc.h"

static const char yaml[] =
    "strata: 1\n"
    "extends: [hybrid, rfm]\n"
    "business: {products: [A, B], customers: 5k}\n"
    "ingest: {rates: {EUR: 1.1}}\n"
    "sources:\n"
    "  accounts: {path: '${UNSET:-x}.csv', map: {name: N}, values: {plan: {a: b}}}\n"
    "hypotheses: [{claim: c, where: seen, compare: arr}]\n"
    "primary: segment\n";

static void parsing_survives_every_failed_allocation(void **state)
{
    (void)state;
    int n = 0;
    FAILURE_LOOP(n, {
        model *m = NULL;
        strata_error err = {0};
        strata_status st = model_parse("strata.yaml", yaml, sizeof yaml - 1, &m, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, m == NULL);
        model_free(m);
    });
    assert_true(n > 20);
}

static void refusing_survives_every_failed_allocation(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "strata: 1\nextends: hybird\n",
        "strata: 1\nzzz: 1\n",
        "strata: 1\nreview: daily\nmetrics: {nrr: magic}\n",
        "strata: 1\nmetrics: {nrr: magic}\n",
        "strata: 1\nfeatures: {missing: 1}\n",
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        int n = 0;
        FAILURE_LOOP(n, {
            model *m = NULL;
            strata_error err = {0};
            strata_status st = model_parse("strata.yaml", bad[i], strlen(bad[i]), &m, &err);
            bool hit = fail_alloc_pause();
            assert_int_equal(st, hit ? STRATA_E_NOMEM : STRATA_E_MODEL);
            assert_null(m);
        });
        assert_true(n > 0);
    }
}

static void binding_and_checking_survive_every_failed_allocation(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = NULL;
    strata_error err = {0};
    int n = 0;
    assert_ok(model_parse("strata.yaml", yaml, sizeof yaml - 1, &m, &err), &err);
    FAILURE_LOOP(n, {
        bound_model *b = NULL;
        const model_warning *warnings = NULL;
        size_t n_warnings = 0;
        strata_status st = model_bind(m, catalogue, CATALOGUE_N, &b, &err);
        if (st == STRATA_OK) {
            st = model_check(b, &warnings, &n_warnings, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, warnings == NULL);
        bound_model_free(b);
    });
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsing_survives_every_failed_allocation),
        cmocka_unit_test(refusing_survives_every_failed_allocation),
        cmocka_unit_test(binding_and_checking_survive_every_failed_allocation),
    };
    return cmocka_run_group_tests_name("model memory", tests, NULL, NULL);
}
