/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_template_loads_and_binds),
    };
    return cmocka_run_group_tests_name("model templates", tests, NULL, NULL);
}
