/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "command/request.h"
#include "support/failing_alloc.h"

static const command_def *find(const char *name)
{
    const command_def *d = command_find(portfolio_commands, name);
    assert_non_null(d);
    return d;
}

static void usages_name_their_arguments(void **state)
{
    (void)state;
    command_argument a[COMMAND_ARGUMENTS_MAX];
    assert_int_equal(command_arguments(find("segments"), a), 2);
    assert_string_equal(a[0].name, "approach");
    assert_string_equal(a[1].name, "timeframe");
    assert_true(a[0].optional && !a[0].choice && !a[0].literal && !a[0].file);
    assert_int_equal(command_arguments(find("explain"), a), 1);
    assert_false(a[0].optional);
    assert_int_equal(command_arguments(find("predict"), a), 1);
    assert_true(a[0].choice);
    assert_string_equal(a[0].name, "what");
    assert_int_equal(command_arguments(find("cohort"), a), 2);
    assert_true(a[0].literal);
    assert_string_equal(a[1].name, "name");
    assert_int_equal(command_arguments(find("plan"), a), 1);
    assert_true(a[0].file);
    assert_int_equal(command_arguments(find("tasks"), a), 0);
}

/* Two arguments of one name could not be told apart in a request. */
static void no_command_has_two_arguments_of_one_name(void **state)
{
    (void)state;
    for (const command_def *const *d = portfolio_commands; *d != NULL; d++) {
        command_argument a[COMMAND_ARGUMENTS_MAX];
        size_t n = command_arguments(*d, a);
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < i; k++) {
                assert_string_not_equal(a[i].name, a[k].name);
            }
            for (const command_option *o = (*d)->options; o != NULL && o->name != NULL; o++) {
                assert_string_not_equal(a[i].name, o->name);
            }
        }
    }
}

typedef struct asked {
    const char *command;
    call_pair pairs[3];
    size_t n;
    bool may_change;
} asked;

static strata_status ask(const asked *q, call *c, strata_error *err)
{
    *c = (call){0};
    STRATA_TRY(arena_new(&c->arena, err));
    return call_request(c, find(q->command), q->pairs, q->n, q->may_change, err);
}

static void names_and_values_become_a_call(void **state)
{
    (void)state;
    strata_error err = {0};
    call c;
    asked q = {"segments",
               {{"timeframe", "12m"}, {"approach", "value"}, {"as_of", "2026-03-31"}},
               3,
               false};
    assert_ok(ask(&q, &c, &err), &err);
    assert_int_equal(c.n_args, 2);
    assert_string_equal(c.args[0], "value");
    assert_string_equal(c.args[1], "12m");
    assert_string_equal(call_value(&c, "as-of"), "2026-03-31");
    arena_free(c.arena);

    asked review = {"cohort", {{"name", "2025-Q1"}}, 1, false};
    assert_ok(ask(&review, &c, &err), &err);
    assert_int_equal(c.n_args, 2);
    assert_string_equal(c.args[0], "review");
    assert_string_equal(c.args[1], "2025-Q1");
    arena_free(c.arena);

    asked switches = {"accounts", {{"all", "false"}, {"limit", "5"}}, 2, false};
    assert_ok(ask(&switches, &c, &err), &err);
    assert_false(call_has(&c, "all"));
    assert_string_equal(call_value(&c, "limit"), "5");
    arena_free(c.arena);
}

static void requests_that_may_not_be_are_refused(void **state)
{
    (void)state;
    static const struct {
        asked q;
        const char *message;
    } cases[] = {
        {{"segments", {{"approch", "value"}}, 1, false},
         "segments has no parameter 'approch' (did you mean 'approach'?)"},
        {{"segments", {{"timeframe", "12m"}}, 1, false}, "timeframe needs approach as well"},
        {{"explain", {{NULL, NULL}}, 0, false}, "explain needs account"},
        {{"predict", {{"what", "weather"}}, 1, false},
         "what is one of churn|expansion, not 'weather'"},
        {{"predict", {{"what", "churn"}, {"save", "true"}}, 2, false},
         "save cannot be given here: it changes the project, which this access may not"},
        {{"segments", {{"output", "/etc/passwd"}}, 1, true},
         "output cannot be given here: only the command line has it"},
        {{"segments", {{"project", "/"}}, 1, true},
         "project cannot be given here: only the command line has it"},
        {{"territories", {{"undo", "/tmp/x"}}, 1, true},
         "undo cannot be given here: only the command line has it"},
        {{"plan", {{"new.yaml", "/etc/passwd"}}, 1, true}, "plan has no parameter 'new.yaml'"},
        {{"accounts", {{"all", "perhaps"}}, 1, false}, "all is true or false, not 'perhaps'"},
        {{"run", {{NULL, NULL}}, 0, false},
         "run changes the project, which this access may not do"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        call c;
        assert_int_equal(ask(&cases[i].q, &c, &err), STRATA_E_USAGE);
        assert_string_equal(err.message, cases[i].message);
        arena_free(c.arena);
    }
}

static void those_who_may_change_things_can(void **state)
{
    (void)state;
    strata_error err = {0};
    call c;
    asked q = {"predict", {{"what", "churn"}, {"save", "true"}}, 2, true};
    assert_ok(ask(&q, &c, &err), &err);
    assert_true(call_has(&c, "save"));
    arena_free(c.arena);
    asked run = {"run", {{NULL, NULL}}, 0, true};
    assert_ok(ask(&run, &c, &err), &err);
    arena_free(c.arena);
}

static void requests_survive_failing_allocations(void **state)
{
    (void)state;
    int failures = 0;
    asked q = {"cohort", {{"name", "2025-Q1"}}, 1, false};
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        call c = {0};
        strata_status st = ask(&q, &c, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, c.n_args == 0);
        arena_free(c.arena);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usages_name_their_arguments),
        cmocka_unit_test(no_command_has_two_arguments_of_one_name),
        cmocka_unit_test(names_and_values_become_a_call),
        cmocka_unit_test(requests_that_may_not_be_are_refused),
        cmocka_unit_test(those_who_may_change_things_can),
        cmocka_unit_test(requests_survive_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
