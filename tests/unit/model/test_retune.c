/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <math.h>

#include "catalogue.h"
#include "model/retune.h"
#include "support/failing_alloc.h"

static const retune_move growth = {"value", "arr", 15000, 20000};

static model *load(const char *yaml)
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

static strata_status retune(const char *yaml, const retune_move *moves, size_t n, arena *a,
                            retuned *out, strata_error *err)
{
    STRATA_AUTO(model_free) model *m = load(yaml);
    STRATA_AUTO(bound_model_free) bound_model *b = NULL;
    assert_ok(model_bind(m, catalogue, CATALOGUE_N, &b, err), err);
    const retune_file file = {"strata.yaml", yaml, strlen(yaml)};
    return model_retune(b, &file, moves, n, a, out, err);
}

static void assert_becomes(const char *yaml, const retune_move *moves, size_t n, const char *want)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    retuned out = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(retune(yaml, moves, n, a, &out, &err), &err);
    assert_string_equal(out.text, want);
    assert_int_equal(out.len, strlen(want));
}

static void assert_refused(const char *yaml, const retune_move *move, strata_status status,
                           const char *message)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    retuned out = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(retune(yaml, move, 1, a, &out, &err), status);
    assert_non_null(strstr(err.message, message));
    assert_null(out.text);
}

/* Every way to write a scalar, one line each. */
#define HEAD "strata: 1   # mine\n\ndimensions:\n  value:\n    tiers:\n"
#define TAIL "      - {name: Rest, otherwise: true}   # all others\n"

static void only_the_numbers_change(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
    } lines[] = {
        {"      - {name: G, when: arr >= 15k}  # a\n",
         "      - {name: G, when: arr >= 20k}  # a\n"},
        {"      - {name: G, when: \"arr >= 15k and plan = \\\"x\\\" and arr < 90k\"}\n",
         "      - {name: G, when: \"arr >= 20k and plan = \\\"x\\\" and arr < 90k\"}\n"},
        {"      - {name: G, when: 'plan = ''x'' and arr >= 15000'}\n",
         "      - {name: G, when: 'plan = ''x'' and arr >= 20000'}\n"},
        {"      - name: G\n        when: plan = 'x'\n          and arr >= 15k\n",
         "      - name: G\n        when: plan = 'x'\n          and arr >= 20k\n"},
        {"      - name: \xc3\x9c\n        when: >\n          plan = '\xc3\xbc'\n          and 15k "
         "< arr\n",
         "      - name: \xc3\x9c\n        when: >\n          plan = '\xc3\xbc'\n          and 20k "
         "< arr\n"},
        {"      - {name: \xc3\xbc, label: \xc3\x9c\xc3\x9c, when: arr >= 15k or arr between 15k "
         "and 16k}\n",
         "      - {name: \xc3\xbc, label: \xc3\x9c\xc3\x9c, when: arr >= 20k or arr between 20k "
         "and 16k}\n"},
        {"      - {name: A, when: &x arr >= 15k}\n      - {name: B, when: *x}\n",
         "      - {name: A, when: &x arr >= 20k}\n      - {name: B, when: *x}\n"},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char before[600];
        char after[600];
        (void)snprintf(before, sizeof before, "%s%s%s", HEAD, lines[i].before, TAIL);
        (void)snprintf(after, sizeof after, "%s%s%s", HEAD, lines[i].after, TAIL);
        assert_becomes(before, &growth, 1, after);
    }
}

static void bands_and_several_thresholds_move_at_once(void **state)
{
    (void)state;
    static const retune_move moves[] = {
        {"v", "arr", 50000, 60000}, {"v", "arr", 5000, 4000}, {"t", "adoption", 0.25, 0.3}};
    assert_becomes(
        "strata: 1\r\ndimensions:\r\n  v: {of: arr, bands: {High: 50k, Mid: 5000, Low: 0}}\r\n"
        "  t: {tiers: [{name: A, when: arr > 50k and adoption < 25%}, {name: B, otherwise: true}]}",
        moves, COUNT(moves),
        "strata: 1\r\ndimensions:\r\n  v: {of: arr, bands: {High: 60k, Mid: 4000, Low: 0}}\r\n"
        "  t: {tiers: [{name: A, when: arr > 50k and adoption < 30%}, {name: B, otherwise: "
        "true}]}");
}

static void rules_of_a_template_are_taken_over_first(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    retuned out = {0};
    static const char yaml[] =
        "strata: 1\nextends: hybrid\ndimensions:\n  # kept\n  value: {label: Worth}\n";
    static const retune_move moves[] = {{"value", "arr", 15000, 20000},
                                        {"health_band", "health", 80, 75}};
    static const char block[] =
        "strata: 1\nextends: hybrid\ndimensions:\n  # kept\n  value:\n    label: Worth\n";
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(retune(yaml, moves, 1, a, &out, &err), STRATA_E_MODEL);
    assert_string_equal(err.message,
                        "strata.yaml:5:11: this cannot be changed without a look at it: "
                        "change it by hand");
    assert_ok(retune(block, moves, 2, a, &out, &err), &err);
    assert_non_null(strstr(
        out.text, "\n  # kept\n  health_band:\n    # taken over from template "
                  "health-risk, with other numbers\n    bands: {Green: 75, Yellow: 60, Red: 0}\n"
                  "  value:\n    # taken over from template value, with other numbers\n    tiers:\n"
                  "      - name: Strategic\n"));
    assert_non_null(strstr(out.text, "        when: arr >= 20k\n"));
    assert_non_null(strstr(out.text, "        motion: Digital only\n    label: Worth\n"));
    assert_int_equal(out.n_changes, 2);
    assert_string_equal(out.changes[1].dimension, "value");
    assert_string_equal(out.changes[1].segment, "Growth");
    assert_string_equal(out.changes[1].before, "15k");
    assert_string_equal(out.changes[1].after, "20k");
    assert_string_equal(out.changes[1].taken_from, "template value");
    assert_string_equal(out.changes[1].description, "ARR from 15k to 50k");
    STRATA_AUTO(model_free) model *m = load(out.text);
    assert_close(m->dimensions[0].hold.margin, 0.05, 1e-12);
}

static void what_differs_is_told_line_by_line(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = NULL;
    strata_error err = {0};
    retuned out = {0};
    STRBUF_AUTO strbuf got;
    strbuf_init(&got, 0);
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(retune(HEAD "      - {name: G, when: arr >= 15k}\n" TAIL "# one\n# two\n# three\n",
                     &growth, 1, a, &out, &err),
              &err);
    for (size_t i = 0; i < out.n_lines; i++) {
        strbuf_printf(&got, "%c%d%s\n", out.lines[i].mark, out.lines[i].line, out.lines[i].text);
    }
    assert_string_equal(strbuf_text(&got), " 4  value:\n 5    tiers:\n"
                                           "-6      - {name: G, when: arr >= 15k}\n"
                                           "+6      - {name: G, when: arr >= 20k}\n"
                                           " 7" TAIL " 8# one\n");
    assert_int_equal(out.changes[0].line, 6);
    assert_null(out.changes[0].taken_from);
}

static void what_is_not_there_or_not_sure_is_refused(void **state)
{
    (void)state;
    static const char yaml[] = HEAD "      - {name: G, when: arr >= 15k}\n" TAIL;
    static const retune_move gone = {"value", "arr", 16000, 20000};
    static const retune_move other = {"value", "seats", 15000, 20000};
    static const retune_move nowhere = {"worth", "arr", 15000, 20000};
    static const retune_move feature = {"arr", "arr", 15000, 20000};
    const retune_move no_number = {"value", "arr", 15000, (double)NAN};
    assert_refused(yaml, &gone, STRATA_E_USAGE, "dimension 'value' has no threshold 16000 on arr");
    assert_refused(yaml, &other, STRATA_E_USAGE, "has no threshold 15000 on seats");
    assert_refused(yaml, &nowhere, STRATA_E_USAGE, "there is no dimension 'worth'");
    assert_refused(yaml, &feature, STRATA_E_USAGE, "there is no dimension 'arr'");
    assert_refused(yaml, &no_number, STRATA_E_USAGE, "is to be a number");
    /* bands that would no longer descend */
    static const retune_move over = {"v", "arr", 5000, 60000};
    assert_refused("strata: 1\ndimensions: {v: {of: arr, bands: {High: 50k, Mid: 5k, Low: 0}}}\n",
                   &over, STRATA_E_MODEL, "must descend");
    /* an anchor that another dimension reads as well */
    assert_refused(
        "strata: 1\ndimensions:\n  value: {tiers: [{name: G, when: &x arr >= 15k}, {name: R, "
        "otherwise: true}]}\n  other: {tiers: [{name: G, when: *x}, {name: R, otherwise: true}]}\n",
        &growth, STRATA_E_MODEL, "write them by hand");
    /* part of the bands are the file's */
    static const retune_move green = {"health_band", "health", 80, 75};
    assert_refused(
        "strata: 1\nextends: hybrid\ndimensions:\n  health_band:\n    bands: {Yellow: 50}\n",
        &green, STRATA_E_MODEL, "change it by hand");
}

static void changing_survives_every_failed_allocation(void **state)
{
    (void)state;
    static const char yaml[] = "strata: 1\nextends: value\n";
    const retune_file file = {"strata.yaml", yaml, sizeof yaml - 1};
    STRATA_AUTO(model_free) model *m = load(yaml);
    STRATA_AUTO(bound_model_free) bound_model *b = NULL;
    strata_error err = {0};
    int n = 0;
    assert_ok(model_bind(m, catalogue, CATALOGUE_N, &b, &err), &err);
    FAILURE_LOOP(n, {
        arena *a = NULL;
        retuned out = {0};
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = model_retune(b, &file, &growth, 1, a, &out, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, out.text == NULL);
        arena_free(a);
    });
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_numbers_change),
        cmocka_unit_test(bands_and_several_thresholds_move_at_once),
        cmocka_unit_test(rules_of_a_template_are_taken_over_first),
        cmocka_unit_test(what_differs_is_told_line_by_line),
        cmocka_unit_test(what_is_not_there_or_not_sure_is_refused),
        cmocka_unit_test(changing_survives_every_failed_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
