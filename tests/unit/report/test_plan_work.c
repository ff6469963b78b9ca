/* SPDX-License-Identifier: Apache-2.0 */
/* What the report of a plan says where one of the two models cannot do what is compared. */
#include "strata_test.h"

#include <string.h>

#include "base/auto.h"
#include "render/render.h"
#include "report/plan/plan_work.h"

static const document_head head = {.kind = "plan",
                                   .title = "Plan",
                                   .portfolio = "acme",
                                   .currency = "USD",
                                   .as_of = 20269,
                                   .model_name = "m",
                                   .model_digest = "0",
                                   .data_digest = "0",
                                   .version = "1",
                                   .n_accounts = -1,
                                   .arr_minor = -1};

static void plays_that_cannot_run_are_not_counted_as_none(void **state)
{
    (void)state;
    strata_error err = {0};
    const model_work no_hours = {.why = "needs touchpoints"};
    const model_plays none = {.why = NULL};
    const model_plays cannot = {.why = "model.yaml:3: unknown feature 'x'"};
    const model_plays *const sides[][2] = {{&none, &cannot}, {&cannot, &none}};
    const render_options options = {0};
    static const char *const said[] = {"under the model after: model.yaml:3",
                                       "under the model before: model.yaml:3"};
    for (size_t i = 0; i < 2; i++) {
        STRATA_AUTO(document_free) document *d = NULL;
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        assert_ok(document_new(&head, &d, &err), &err);
        const plan_work_input in = {.before = &no_hours,
                                    .after = &no_hours,
                                    .replayed = true,
                                    .plays_before = sides[i][0],
                                    .plays_after = sides[i][1]};
        assert_ok(report_plan_work(d, NULL, &in, &err), &err);
        assert_ok(render_document(d, RENDER_MARKDOWN, &options, &text, &err), &err);
        assert_null(strstr(strbuf_text(&text), "would have begun"));
        assert_non_null(strstr(strbuf_text(&text), said[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plays_that_cannot_run_are_not_counted_as_none),
    };
    return cmocka_run_group_tests_name("plan_work", tests, NULL, NULL);
}
