/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "rule/outline.h"
#include "rule/rule_fixture.h"

static const rule_part *put_part(const rule_part *p, const char *text, strbuf *out)
{
    if (p->kind == PART_NUMBER) {
        strbuf_printf(out, "%g", p->number);
    } else if (p->kind == PART_NAME) {
        strbuf_add(out, fixture_symbols[p->slot].name);
    } else if (p->kind == PART_OTHER) {
        strbuf_printf(out, "<%.*s>", (int)(p->end - p->at), text + p->at);
    } else if (p->kind == PART_CODES) {
        strbuf_printf(out, "%s{", fixture_symbols[p->slot].name);
        for (size_t i = 0; i < p->n_codes; i++) {
            strbuf_printf(out, i > 0 ? " %d" : "%d", p->codes[i]);
        }
        strbuf_add_char(out, '}');
    } else {
        const rule_part *kid = p + 1;
        strbuf_printf(out, "(%s", p->operation);
        for (size_t i = 0; i < p->n_kids; i++) {
            strbuf_add_char(out, ' ');
            kid = put_part(kid, text, out);
        }
        strbuf_add_char(out, ')');
        return kid;
    }
    return p + 1;
}

static void assert_outline(const char *text, const char *want)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRBUF_AUTO strbuf got;
    strata_error err = {0};
    const rule *r = NULL;
    const rule_part *parts = NULL;
    size_t n = 0;
    strbuf_init(&got, 0);
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(rule_compile_condition(a, text, &fixture_place, &fixture_scope, &r, &err), &err);
    assert_ok(rule_outline(r, a, &parts, &n, &err), &err);
    assert_ptr_equal(put_part(parts, text, &got), parts + n);
    assert_string_equal(strbuf_text(&got), want);
}

static void thresholds_and_logic_are_operations_over_names_and_numbers(void **state)
{
    (void)state;
    assert_outline("arr >= 15k", "(>= arr 15000)");
    assert_outline("arr >= 15k and (arr < 25k or not arr > 1M)",
                   "(and (>= arr 15000) (or (< arr 25000) (not (> arr 1e+06))))");
    assert_outline("arr between 10k and 20k", "(between arr 10000 20000)");
    assert_outline("arr not between 10k and 20k", "(not (between arr 10000 20000))");
    assert_outline("arr is missing", "(is missing arr)");
    assert_outline("arr is not missing", "(not (is missing arr))");
    assert_outline("arr * 2 > 5 - 3", "(> (* arr 2) 2)");
    assert_outline("max(arr, 5) > 1", "(> (max arr 5) 1)");
    assert_outline("arr in (30, 10, 20)", "(in arr 10 20 30)");
}

static void texts_are_the_codes_of_their_levels(void **state)
{
    (void)state;
    assert_outline("value = Growth", "value{1}");
    assert_outline("value != Growth", "(not value{1})");
    assert_outline("value in (Core, Strategic)", "value{0 2}");
    assert_outline("value not in (Core, Strategic)", "(not value{0 2})");
}

static void what_needs_more_than_one_day_is_told_by_its_text(void **state)
{
    (void)state;
    assert_outline("arr > 5 and health turned red", "(and (> arr 5) <health turned red>)");
    assert_outline("(arr > 5) for 30 days", "<(arr > 5) for 30 days>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_and_logic_are_operations_over_names_and_numbers),
        cmocka_unit_test(texts_are_the_codes_of_their_levels),
        cmocka_unit_test(what_needs_more_than_one_day_is_told_by_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
