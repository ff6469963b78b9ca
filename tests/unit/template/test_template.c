/* SPDX-License-Identifier: Apache-2.0 */
/* Texts with fields: what is said, what is left out, and where a slip is. */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include "template/template.h"

enum { ACCOUNT, USERS, SINCE, CSM, FIELDS };
static const template_field fields[FIELDS] = {[ACCOUNT] = {"account", "its name", true},
                                              [USERS] = {"users", "active users", false},
                                              [SINCE] = {"since", "customer since", false},
                                              [CSM] = {"csm", "manager", true}};
static const template_shape parts[] = {{.name = "mail"},
                                       {.name = "plan", .cells = 3, .dated = true},
                                       {.name = "days", .cells = 2, .dated = true},
                                       {.name = "first", .cells = 1},
                                       {.name = "opener", .keyed = true}};
static const char *const days[] = {"tell", "effective"};
static const template_form form = {.name = "letter",
                                   .fields = fields,
                                   .n_fields = FIELDS,
                                   .parts = parts,
                                   .n_parts = 5,
                                   .days = days,
                                   .n_days = 2};

static arena *a;

static int open_arena(void **state)
{
    (void)state;
    strata_error err = {0};
    return arena_new(&a, &err) == STRATA_OK ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static template_text parsed(const char *text)
{
    strata_error err = {0};
    template_text t = {0};
    assert_ok(template_parse(a, &form, "own.md", text, strlen(text), &t, &err), &err);
    return t;
}

/* The one paragraph as it reads with these values. */
static void assert_says(const char *text, const char *const values[FIELDS], const char *want)
{
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    const char *whole = arena_printf(a, "## mail\n%s\n", text);
    template_text t = parsed(whole);
    assert_int_equal(t.parts[0].n, 1);
    bool said = template_say(&out, &form, &t.parts[0].blocks[0].cells[0], values);
    assert_int_equal(said, want[0] != '\0');
    assert_string_equal(strbuf_text(&out), want);
}

static void fields_are_filled_and_lines_run_on(void **state)
{
    (void)state;
    const char *const all[FIELDS] = {"iron Energy", "24", "March 2023", "Ana"};
    assert_says("{account} is with us since\n  {since}.  {csm} knows them.", all,
                "iron Energy is with us since March 2023. Ana knows them.");
    assert_says("{users} of them, {users|none}.", all, "24 of them, 24.");
    assert_says("**Who looks after {account}?** Ana (at {users}).", all,
                "**Who looks after iron Energy?** Ana (at 24).");
}

static void a_sentence_with_a_missing_field_is_left_out(void **state)
{
    (void)state;
    const char *const none[FIELDS] = {"Iron", NULL, NULL, NULL};
    assert_says("You are {account}. You use it with {users} people. Thank you!", none,
                "You are Iron. Thank you!");
    assert_says("{users} people.", none, "");
    assert_says("{users|some} people, at {account}.", none, "Some people, at Iron.");
    assert_says("About {users|} people.", none, "About  people.");
    assert_says("{?users}We count. {!users}We do not count. {!account}Nobody.", none,
                "We do not count.");
}

static void a_value_that_begins_a_sentence_gets_a_capital_unless_it_is_a_name(void **state)
{
    (void)state;
    const char *const small[FIELDS] = {"iron", "two people", "may", "ana"};
    assert_says("{users} came. {account} too. {?since}{users} went. So {users}.", small,
                "Two people came. iron too. Two people went. So two people.");
}

static void parts_have_keys_steps_and_days(void **state)
{
    (void)state;
    template_text t =
        parsed("A note with {anything}.\n\n## plan\n- tell + 7 | {csm} | Call {account}\n"
               "  again\n\n- effective|CS|{users}\n## opener\nHello.\n## opener nps\nWell?\n");
    assert_int_equal(t.n, 3);
    const template_part *plan = template_find(&t, "plan", NULL);
    assert_int_equal(plan->n, 2);
    assert_int_equal(plan->blocks[0].day, 0);
    assert_int_equal(plan->blocks[0].later, 7);
    assert_int_equal(plan->blocks[0].place.line, 4);
    assert_int_equal(plan->blocks[1].day, 1);
    assert_int_equal(plan->blocks[1].later, 0);
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    const char *const values[FIELDS] = {"Iron", NULL, NULL, "Ana"};
    assert_true(template_say(&out, &form, &plan->blocks[0].cells[1], values));
    assert_true(template_say(&out, &form, &plan->blocks[0].cells[2], values));
    assert_string_equal(strbuf_text(&out), "AnaCall Iron again");
    assert_false(template_say(&out, &form, &plan->blocks[1].cells[2], values));
    assert_non_null(template_find(&t, "opener", NULL));
    assert_int_equal(template_find(&t, "opener", "nps")->place.line, 10);
    assert_null(template_find(&t, "opener", "arr"));
    assert_null(template_find(&t, "mail", NULL));
}

static void slips_are_told_with_line_and_column(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } slips[] = {
        {"## mail\nHello {acount}.\n",
         "own.md:2:7: unknown field '{acount}' in the part 'mail' of letter (did you mean "
         "'account'?); there are account, users, since and csm"},
        {"## mail\nOne\n two {users",
         "own.md:3:6: a brace in the part 'mail' of letter stands alone"},
        {"## mail\nOne } two", "own.md:2:5: a brace"},
        {"## mail\n{?}", "own.md:2:1: unknown field '{}'"},
        {"## mail\n{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}", "longer than 40 bytes"},
        {"## mial\nHello",
         "own.md:1:4: letter has no part 'mial' (did you mean 'mail'?); there are "
         "mail, plan, days, first, opener"},
        {"## mail x\nHello", "'mail' is one part"},
        {"##  \n", "a part is named by"},
        {"## mail\nA\n## mail\nB", "own.md:3:4: the part 'mail' is there twice, first on line 1"},
        {"## plan\nHello", "own.md:2:1: 'plan' is a list of steps"},
        {"## mail\n- Hello", "own.md:2:1: 'mail' is of paragraphs"},
        {"## plan\n- tell | x",
         "own.md:2:3: a step of 'plan' in letter has 2 cells; it is written '- "
         "DAY | WHO | WHAT'"},
        {"## days\n- tell | x | y | z | a", "has 5 cells"},
        {"## plan\n- tel | a | b", "own.md:2:3: letter knows no day 'tel' (did you mean 'tell'?)"},
        {"## plan\n- tell + x | a | b", "'tell + x' is no day"},
        {"## plan\n- tell + 9999 | a | b", "with 0 to 366 days"},
        {"Only a note.",
         "own.md:1:1: letter has no part; one begins with a line such as '## mail'"},
        {"## mail\n\xff", "letter is no UTF-8 text"},
    };
    for (size_t k = 0; k < sizeof slips / sizeof slips[0]; k++) {
        strata_error err = {0};
        template_text t = {0};
        assert_int_equal(
            template_parse(a, &form, "own.md", slips[k].text, strlen(slips[k].text), &t, &err),
            STRATA_E_MODEL);
        if (strstr(err.message, slips[k].says) == NULL) {
            fail_msg("'%s' is not in '%s'", slips[k].says, err.message);
        }
        assert_int_equal(t.n, 0);
    }
}

static void a_text_too_long_is_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    template_text t = {0};
    char *text = arena_alloc(a, TEMPLATE_BYTES_MOST + 2, 1);
    memset(text, 'x', TEMPLATE_BYTES_MOST + 1);
    assert_int_equal(template_parse(a, &form, "own.md", text, TEMPLATE_BYTES_MOST + 1, &t, &err),
                     STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "longer than 65536 bytes"));
}

static void a_cell_from_elsewhere_keeps_its_place(void **state)
{
    (void)state;
    strata_error err = {0};
    template_cell c = {0};
    const template_place place = {"strata.yaml", 7, 12};
    assert_ok(template_parse_cell(a, &form, place, "message to 'A'", "Hi {account}.", &c, &err),
              &err);
    assert_int_equal(c.n, 3);
    assert_int_equal(
        template_parse_cell(a, &form, place, "message to 'A'", "One\nHi {x}.", &c, &err),
        STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "strata.yaml:7:12: unknown field '{x}' in the message to"));
}

static void failed_allocations_leave_nothing_behind(void **state)
{
    (void)state;
    static const char text[] = "## mail\nHello {account|you}. Bye.\n## plan\n- tell | {csm} | x\n";
    int failures = 0;
    strata_error err = {0};
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *own = NULL;
        template_text t = {0};
        strata_status st = arena_new(&own, &err);
        st = st == STRATA_OK ? template_parse(own, &form, "own.md", text, sizeof text - 1, &t, &err)
                             : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, t.parts == NULL);
    });
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_filled_and_lines_run_on),
        cmocka_unit_test(a_sentence_with_a_missing_field_is_left_out),
        cmocka_unit_test(a_value_that_begins_a_sentence_gets_a_capital_unless_it_is_a_name),
        cmocka_unit_test(parts_have_keys_steps_and_days),
        cmocka_unit_test(slips_are_told_with_line_and_column),
        cmocka_unit_test(a_text_too_long_is_refused),
        cmocka_unit_test(a_cell_from_elsewhere_keeps_its_place),
        cmocka_unit_test(failed_allocations_leave_nothing_behind),
    };
    return cmocka_run_group_tests_name("template", tests, open_arena, close_arena);
}
