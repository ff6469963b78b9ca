/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "catalogue.h"
#include "model/bind.h"
#include "model/extend.h"

static model *load(const char *yaml)
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

static model *load_template(const char *file)
{
    char yaml[200];
    (void)snprintf(yaml, sizeof yaml, "strata: 1\nextends: %.*s\n", (int)(strlen(file) - 5), file);
    return load(yaml);
}

static bound_model *bind(const model *m)
{
    bound_model *b = NULL;
    strata_error err = {0};
    assert_ok(model_bind(m, catalogue, CATALOGUE_N, &b, &err), &err);
    return b;
}

static void every_template_loads_and_binds(void **state)
{
    (void)state;
    size_t n = 0;
    for (const strata_blob *t = strata_model_files; t->name != NULL; t++, n++) {
        STRATA_AUTO(model_free) model *m = load_template(t->name);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        assert_int_equal(strncmp(m->template_name, t->name, strlen(m->template_name)), 0);
    }
    assert_int_equal(n, 12);
}

/* Faults, not notes: overlaps that the order decides and gaps that the otherwise takes are how such
 * lists are written. */
static void no_template_has_a_fault(void **state)
{
    (void)state;
    for (const strata_blob *t = strata_model_files; t->name != NULL; t++) {
        STRATA_AUTO(model_free) model *m = load_template(t->name);
        STRATA_AUTO(bound_model_free) bound_model *b = bind(m);
        const model_warning *warnings = NULL;
        size_t n = 0;
        strata_error err = {0};
        assert_ok(model_check(b, &warnings, &n, &err), &err);
        for (size_t i = 0; i < n; i++) {
            if (!warnings[i].note) {
                fail_msg("%s: %s", t->name, warnings[i].text);
            }
            if (getenv("STRATA_SHOW") != NULL) {
                print_message("%s %s: %s\n", t->name, warnings[i].kind, warnings[i].text);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_loads_and_binds),
        cmocka_unit_test(no_template_has_a_fault),
    };
    return cmocka_run_group_tests_name("model templates", tests, NULL, NULL);
}
