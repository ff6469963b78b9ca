/* SPDX-License-Identifier: Apache-2.0 */

/* The strata.yaml that `strata init` writes: whatever stands in headings and answers, it loads and
 * says what was guessed. */

#include <stdio.h>

#include "strata_test.h"

#include "model/model.h"
#include "project/draft.h"

static const guess_column account_columns[] = {
    {.heading = "Account \"ID\": #1", .field = "account_id", .readable = 1.0},
    {.heading = "name", .field = "name", .same_name = true, .readable = 1.0},
    {.heading = "Start", .field = "started_on", .readable = 0.5, .note = "1 of 2\nvalues"},
    {.heading = "- odd: {x", .field = NULL}};
static const guess_column arr_columns[] = {{.heading = "Customer", .field = "account_id"},
                                           {.heading = "MRR", .field = "amount"},
                                           {.heading = "Begin", .field = "start"},
                                           {.heading = "Invoiced", .field = "period"}};

static model *load(const draft *d)
{
    STRBUF_AUTO strbuf text;
    strata_error err = {0};
    model *m = NULL;
    strbuf_init(&text, 0);
    draft_write(d, &text);
    assert_ok(strbuf_status(&text, &err), &err);
    assert_ok(model_parse("/tmp/none/strata.yaml", text.text, text.len, &m, &err), &err);
    return m;
}

static const char *mapped(const model_source *s, const char *field)
{
    for (size_t i = 0; i < s->map.n; i++) {
        if (strcmp(s->map.items[i].key, field) == 0) {
            return s->map.items[i].value;
        }
    }
    return NULL;
}

static void headings_come_through_as_they_are(void **state)
{
    (void)state;
    const guess_file files[] = {
        {.path = "a.csv", .entity = "accounts", .columns = account_columns, .n_columns = 4},
        {.path = "b.csv", .trouble = "it is\nempty"},
        {.path = "s.csv",
         .entity = "arr",
         .form = ARR_FORM_SUBSCRIPTIONS,
         .period = "month",
         .columns = arr_columns,
         .n_columns = 4}};
    const guess_result guess = {files, 3};
    const char *const absolute[] = {"/p/$x/a.csv", "/p/b.csv", "/elsewhere/s.csv"};
    const draft d = {.folder = "/p", .guess = &guess, .files = absolute};
    STRATA_AUTO(model_free) model *m = load(&d);
    assert_string_equal(m->template_name, "value");
    assert_int_equal(m->n_sources, 2);
    assert_string_equal(mapped(&m->sources[0], "account_id"), "Account \"ID\": #1");
    assert_null(mapped(&m->sources[0], "name"));
    assert_non_null(strstr(m->sources[0].path, "$x/a.csv"));
    assert_string_equal(m->sources[1].path, "/elsewhere/s.csv");
    assert_string_equal(m->sources[1].period, "month");
    assert_null(mapped(&m->sources[1], "period")); /* what an invoice covers */
}

static void several_files_of_an_entity_become_a_list(void **state)
{
    (void)state;
    const guess_column columns[] = {{.heading = "id", .field = "account_id"},
                                    {.heading = "when", .field = "answered_at"},
                                    {.heading = "score", .field = "score", .same_name = true}};
    const guess_file files[] = {
        {.path = "x/csat.csv", .entity = "surveys", .columns = columns, .n_columns = 3},
        {.path = "orders.csv", .entity = "orders", .amount = "= quantity * price"},
        {.path = "x/NPS.csv", .entity = "surveys", .columns = columns, .n_columns = 3}};
    const guess_result guess = {files, 3};
    const char *const absolute[] = {"/p/x/csat.csv", "/p/orders.csv", "/p/x/NPS.csv"};
    const draft d = {.folder = "/p", .guess = &guess, .files = absolute};
    STRATA_AUTO(model_free) model *m = load(&d);
    assert_string_equal(m->template_name, "shop");
    assert_int_equal(m->n_sources, 3);
    assert_string_equal(m->sources[0].kind, "csat");
    assert_string_equal(m->sources[1].kind, "nps");
    assert_string_equal(mapped(&m->sources[2], "amount"), "= quantity * price");
}

static void answers_are_kept_as_given(void **state)
{
    (void)state;
    const guess_file files[] = {{.path = "o.csv", .entity = "orders"}};
    const guess_result guess = {files, 1};
    const char *const absolute[] = {"/p/o.csv"};
    draft d = {.folder = "/p", .guess = &guess, .files = absolute};
    for (size_t i = 0; i < INTAKE_QUESTIONS; i++) {
        const intake_question *q = &intake_questions[i];
        d.answers[i] = strcmp(q->key, "name") == 0        ? "A \"b\": c # d"
                       : strcmp(q->key, "products") == 0  ? " One , Two,"
                       : strcmp(q->key, "customers") == 0 ? "1200"
                       : strcmp(q->key, "can_act") == 0   ? "no"
                       : strcmp(q->key, "currency") == 0  ? "EUR"
                                                          : "";
        assert_true(intake_accepts(q, d.answers[i]));
    }
    STRATA_AUTO(model_free) model *m = load(&d);
    assert_string_equal(m->business.name, "A \"b\": c # d");
    assert_string_equal(m->business.currency, "EUR");
    assert_close(m->business.customers, 1200.0, 0.0);
    assert_int_equal(m->business.can_act, 0);
    assert_int_equal(m->business.uniform_needs, -1);
    assert_string_equal(m->business.texts.items[0].key, "products");
    assert_non_null(strstr(m->business.texts.items[0].value, "Two"));
}

static const intake_question *question(const char *key)
{
    size_t i = 0;
    while (strcmp(intake_questions[i].key, key) != 0) {
        i++;
    }
    return &intake_questions[i];
}

static void answers_of_another_kind_are_not_accepted(void **state)
{
    (void)state;
    assert_false(intake_accepts(question("customers"), "many"));
    assert_false(intake_accepts(question("customers"), "-1"));
    assert_true(intake_accepts(question("customers"), "1200"));
    assert_false(intake_accepts(question("can_act"), "maybe"));
    assert_true(intake_accepts(question("can_act"), "yes"));
    assert_false(intake_accepts(question("currency"), "dollars"));
    assert_false(intake_accepts(question("fiscal_year_starts"), "smarch"));
    assert_true(intake_accepts(question("fiscal_year_starts"), "march"));
    assert_true(intake_accepts(question("can_act"), ""));
}

static void the_template_goes_with_what_is_there(void **state)
{
    (void)state;
    static const struct {
        const char *entities[3], *want;
    } cases[] = {{{"arr"}, "value"},
                 {{"accounts", "arr", "usage"}, "hybrid"},
                 {{"arr", "tickets"}, "hybrid"},
                 {{"orders"}, "shop"},
                 {{"accounts", "orders"}, "shop"},
                 {{"accounts"}, "firmographic"},
                 {{"accounts", "usage"}, "behavioral"},
                 {{"tickets"}, NULL},
                 {{NULL}, NULL}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        guess_file files[3] = {0};
        for (size_t k = 0; k < 3; k++) {
            files[k].entity = cases[i].entities[k];
        }
        const guess_result guess = {files, 3};
        const char *got = draft_template(&guess);
        assert_string_equal(got != NULL ? got : "none",
                            cases[i].want != NULL ? cases[i].want : "none");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings_come_through_as_they_are),
        cmocka_unit_test(several_files_of_an_entity_become_a_list),
        cmocka_unit_test(answers_are_kept_as_given),
        cmocka_unit_test(answers_of_another_kind_are_not_accepted),
        cmocka_unit_test(the_template_goes_with_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
