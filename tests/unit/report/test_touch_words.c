/* SPDX-License-Identifier: Apache-2.0 */
/* What is said of touch holds for what was measured, on either side of nothing. */
#include "strata_test.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "render/render.h"
#include "report/plan/touch_words.h"

static const document_head head = {.kind = "capacity",
                                   .title = "Capacity",
                                   .portfolio = "acme",
                                   .currency = "USD",
                                   .as_of = 20269,
                                   .model_name = "m",
                                   .model_digest = "0",
                                   .data_digest = "0",
                                   .version = "1",
                                   .n_accounts = -1,
                                   .arr_minor = -1};

static const touch_effect none = {.low = NAN,
                                  .likely = NAN,
                                  .high = NAN,
                                  .measured = NAN,
                                  .measured_low = NAN,
                                  .measured_high = NAN};

/* 12 of 300 with touch against 15 of 200 without. */
static touch_effect seen(double low, double likely, double high)
{
    touch_effect e = none;
    e.measured_low = low;
    e.measured = likely;
    e.measured_high = high;
    e.n_touched = 300;
    e.left_touched = 12;
    e.n_others = 200;
    e.left_others = 15;
    if (low > 0.0) {
        e.source = EFFECT_MEASURED;
        e.low = low;
        e.likely = likely;
        e.high = high;
    }
    return e;
}

static touch_effect but_assumed(touch_effect e)
{
    e.source = EFFECT_ASSUMED;
    e.low = 0.05;
    e.likely = 0.15;
    e.high = 0.25;
    return e;
}

static touch_text head_of(const touch_effect *kept, const touch_effect *grown)
{
    const touch_range k = touch_brings(kept, true, 10000000);
    const touch_range g = touch_brings(grown, true, 20000000);
    return touch_title("the missing touch", &k, &g, "USD");
}

static void heads_say_on_which_side_of_nothing_the_range_lies(void **state)
{
    (void)state;
    const touch_effect helps = seen(0.1, 0.2, 0.3);
    const touch_effect harms = seen(-0.3, -0.2, -0.1);
    const touch_effect unsure = seen(-0.1, 0.05, 0.2);
    touch_effect one_figure = but_assumed(none);
    one_figure.low = one_figure.likely = one_figure.high = 0.1;
    const struct {
        const touch_effect *kept, *grown;
        const char *says;
    } cases[] = {
        {&helps, &none, "The missing touch would keep $10.0k to $30.0k a year"},
        {&helps, &helps,
         "The missing touch would keep $10.0k to $30.0k and add $20.0k to $60.0k "
         "a year"},
        {&unsure, &helps, "The missing touch would add $20.0k to $60.0k a year by growth"},
        {&none, &helps, "The missing touch would add $20.0k to $60.0k a year by growth"},
        {&helps, &harms,
         "The missing touch would keep $10.0k to $30.0k a year, but accounts with "
         "touch grew less often"},
        {&harms, &harms,
         "No gain from the missing touch is to be seen: accounts with touch left "
         "more often and grew less often"},
        {&unsure, &harms,
         "No gain from the missing touch is to be seen: accounts with touch grew "
         "less often"},
        {&unsure, &unsure, "What the missing touch would bring cannot be told from nothing"},
        {&unsure, &none, "What the missing touch would bring cannot be told from nothing"},
        {&helps, &one_figure,
         "The missing touch would keep $10.0k to $30.0k and add $20.0k a year"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(head_of(cases[i].kept, cases[i].grown).text, cases[i].says);
    }
    assert_string_equal(touch_source(&helps), "measured on this portfolio, 95 %");
    assert_string_equal(touch_source(&harms), "measured on this portfolio, 95 %");
    assert_string_equal(touch_source(&unsure), "measured, 95 %; cannot be told from nothing");
}

static void what_counts_is_told_from_what_was_measured(void **state)
{
    (void)state;
    const touch_effect helps = seen(0.1, 0.2, 0.3);
    const touch_effect harms = seen(-0.3, -0.2, -0.1);
    const touch_effect unsure = seen(-0.1, 0.05, 0.2);
    const struct {
        touch_effect e;
        const char *says;
    } cases[] = {
        {helps, "measured on this portfolio, 95 %"},
        {none, "neither measured nor assumed: it counts nothing"},
        {unsure, "measured, it cannot be told from nothing, and nothing is assumed: it counts "
                 "nothing"},
        {harms, "measured, it is below nothing, and nothing is assumed: it counts nothing"},
        {but_assumed(none), "assumed: engagement.effect of the model file"},
        {but_assumed(unsure), "assumed: engagement.effect of the model file; measured, it cannot "
                              "be told from nothing"},
        {but_assumed(harms), "assumed: engagement.effect of the model file; measured, it is below "
                             "nothing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(touch_counts(&cases[i].e, "engagement.effect").text, cases[i].says);
    }
}

static void assert_says(const touch_effect *kept, const touch_effect *grown, const char *says)
{
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf text;
    strata_error err = {0};
    const render_options options = {0};
    strbuf_init(&text, 0);
    assert_ok(document_new(&head, &d, &err), &err);
    touch_put_measured(document_section(d, NULL, "split", "Split"), kept, grown);
    assert_ok(render_document(d, RENDER_MARKDOWN, &options, &text, &err), &err);
    if (strstr(strbuf_text(&text), says) == NULL) {
        fail_msg("not said: %s\n%s", says, strbuf_text(&text));
    }
}

static void measured_differences_keep_their_direction(void **state)
{
    (void)state;
    const touch_effect helps = seen(0.1, 0.2, 0.3);
    const touch_effect harms = seen(-0.3, -0.2, -0.1);
    const touch_effect unsure = seen(-0.1, 0.05, 0.2);
    const touch_effect exact = seen(-0.2, 0.0001, 0.2);
    assert_says(&helps, &none,
                "left 20.0 % less often in the 12 months after than accounts of the same segment "
                "and health band that had fewer (95 %: 30.0 % to 10.0 % less often; 12 of 300 "
                "against 15 of 200).\n");
    assert_says(&harms, &none,
                "left 20.0 % more often in the 12 months after than accounts of the same segment "
                "and health band that had fewer (95 %: 10.0 % to 30.0 % more often; 12 of 300 "
                "against 15 of 200). So nothing here shows that touch helps.\n");
    assert_says(&unsure, &harms,
                "left 5.0 % less often in the 12 months after than accounts of the same segment "
                "and health band that had fewer (95 %: 20.0 % less to 10.0 % more often; 12 of 300 "
                "against 15 of 200). That cannot be told from no effect.\n");
    assert_says(&unsure, &harms,
                "They came to pay more 20.0 % less often (95 %: 30.0 % to 10.0 % less often; 12 of "
                "300 against 15 of 200). So nothing here shows that touch helps.\n");
    assert_says(&exact, &none, "left just as often in");
    /* Of growth alone it says who is compared. */
    assert_says(&none, &helps, "Whether touch keeps accounts was not measured.");
    assert_says(&none, &helps,
                "planned for the 90 days before came to pay more 20.0 % more often than accounts "
                "of the same segment and health band that had fewer");
}

/* What the model file assumes does not make what was measured certain. */
static void an_assumption_changes_nothing_that_was_measured(void **state)
{
    (void)state;
    const touch_effect unsure = but_assumed(seen(-0.1, 0.05, 0.2));
    assert_says(&unsure, &none, "That cannot be told from no effect.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heads_say_on_which_side_of_nothing_the_range_lies),
        cmocka_unit_test(what_counts_is_told_from_what_was_measured),
        cmocka_unit_test(measured_differences_keep_their_direction),
        cmocka_unit_test(an_assumption_changes_nothing_that_was_measured),
    };
    return cmocka_run_group_tests_name("touch_words", tests, NULL, NULL);
}
