/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <ctype.h>

#include "panel/features.h"

static void every_feature_is_found_by_its_name(void **state)
{
    (void)state;
    for (int id = 0; id < FEATURE_COUNT; id++) {
        assert_int_equal(feature_find(feature_get((feature_id)id)->name), id);
    }
    assert_int_equal(feature_find("helth"), FEATURE_COUNT);
    assert_int_equal(feature_find(""), FEATURE_COUNT);
}

static bool is_rule_name(const char *name)
{
    for (const char *c = name; *c; c++) {
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_') {
            return false;
        }
    }
    return islower((unsigned char)name[0]) != 0;
}

static void every_feature_is_described_in_full_sentences(void **state)
{
    (void)state;
    for (int id = 0; id < FEATURE_COUNT; id++) {
        const feature_info *f = feature_get((feature_id)id);
        assert_true(is_rule_name(f->name));
        assert_true(isupper((unsigned char)f->label[0]) != 0);
        assert_true(f->definition[strlen(f->definition) - 1] == '.');
        assert_true(f->type != VALUE_TEXT && f->type < VALUE_TYPE_COUNT);
        assert_true(f->needs < 1u << ENTITY_COUNT);
    }
}

static void entities_are_named_as_in_the_model_file(void **state)
{
    (void)state;
    assert_string_equal(entity_name(ENTITY_ACCOUNTS), "accounts");
    assert_string_equal(entity_name(ENTITY_INTERVENTIONS), "interventions");
    assert_string_equal(arr_kind_name(ARR_REACTIVATION), "reactivation");
    for (int e = 0; e < ENTITY_COUNT; e++) {
        assert_non_null(entity_name((entity)e));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_feature_is_found_by_its_name),
        cmocka_unit_test(every_feature_is_described_in_full_sentences),
        cmocka_unit_test(entities_are_named_as_in_the_model_file),
    };
    return cmocka_run_group_tests_name("features", tests, NULL, NULL);
}
