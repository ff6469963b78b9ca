/* SPDX-License-Identifier: Apache-2.0 */
/* The papers that are shipped, and which of a model's own go before them. */
#include "strata_test.h"

#include "model/papers.h"

static const char empty[] =
    "strata: 1\ndimensions: {value: {tiers: [{name: A, otherwise: true}]}}\n";

static void every_shipped_paper_can_be_read_and_has_every_part(void **state)
{
    (void)state;
    strata_error err = {0};
    model *m = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(model_parse("strata.yaml", empty, sizeof empty - 1, &m, &err), &err);
    for (int k = 0; k < PAPER_KINDS; k++) {
        paper p = {0};
        assert_ok(paper_open(m, (paper_kind)k, a, &p, &err), &err);
        assert_null(p.own);
        for (size_t i = 0; i < p.form->n_parts; i++) {
            const template_part *part = paper_part(&p, p.form->parts[i].name, NULL);
            assert_non_null(part);
            assert_true(part->n > 0);
        }
        assert_true(p.form->n_fields <= TEMPLATE_FIELDS_MOST);
        for (size_t i = 0; i < p.form->n_fields; i++) {
            assert_non_null(p.form->fields[i].name);
            assert_non_null(p.form->fields[i].meaning);
        }
    }
    model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shipped_paper_can_be_read_and_has_every_part),
    };
    return cmocka_run_group_tests_name("model papers", tests, NULL, NULL);
}
