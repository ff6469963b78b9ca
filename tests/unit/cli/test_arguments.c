/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "cli/command_line.h"

static void good_lines_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *line, *command, *option, *value, *first_arg;
        size_t n_args;
    } cases[] = {
        {"segments", "segments", NULL, NULL, NULL, 0},
        {"segments value 12m", "segments", NULL, NULL, "value", 2},
        {"segments --since 2026-03-31", "segments", "since", "2026-03-31", NULL, 0},
        {"segments --since=2026-03-31 value", "segments", "since", "2026-03-31", "value", 1},
        {"--project a segments", "segments", "project", "a", NULL, 0},
        {"--project=a segments value", "segments", "project", "a", "value", 1},
        {"-p a segments", "segments", "project", "a", NULL, 0},
        {"-pa segments", "segments", "project", "a", NULL, 0},
        {"segments -f json -f csv", "segments", "format", "csv", NULL, 0},
        {"segments value -q", "segments", "quiet", NULL, "value", 1},
        {"-q segments", "segments", "quiet", NULL, NULL, 0},
        {"explain -- -1042", "explain", NULL, NULL, "-1042", 1},
        {"explain -1042", "explain", NULL, NULL, "-1042", 1},
        {"explain -- --wide", "explain", NULL, NULL, "--wide", 1},
        {"segments --format=", "segments", "format", "", NULL, 0},
        {"explain --help", "explain", "help", NULL, NULL, 0},
        {"--version", NULL, "version", NULL, NULL, 0},
        {"", NULL, NULL, NULL, NULL, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        call c;
        assert_ok(command_line(cases[i].line, false, &c, &err), &err);
        const char *name = c.command != NULL ? c.command->name : "";
        assert_string_equal(name, cases[i].command != NULL ? cases[i].command : "");
        assert_int_equal(c.n_args, cases[i].n_args);
        if (cases[i].first_arg != NULL) {
            assert_string_equal(c.args[0], cases[i].first_arg);
        }
        if (cases[i].option != NULL) {
            assert_true(call_has(&c, cases[i].option));
            const char *value = call_value(&c, cases[i].option);
            assert_string_equal(value != NULL ? value : "(none)",
                                cases[i].value != NULL ? cases[i].value : "(none)");
        }
        arena_free(c.arena);
    }
}

static void bad_lines_say_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } cases[] = {
        {"segmnts", "unknown command 'segmnts' (did you mean 'segments'?)"},
        {"xyzzy", "unknown command 'xyzzy'; 'strata help' lists them"},
        {"segments --fromat json", "unknown option '--fromat' (did you mean '--format'?)"},
        {"segments --xyzzy", "unknown option '--xyzzy'; see 'strata help segments'"},
        {"segments -z", "unknown option '-z'; see 'strata help segments'"},
        {"run --since 2026-03-31", "unknown option '--since'; see 'strata help run'"},
        {"segments --since", "--since needs a value: --since DATE"},
        {"segments -p", "--project needs a value: --project DIR"},
        {"segments --quiet=yes", "--quiet takes no value"},
        {"explain", "something is missing: strata explain "},
        {"segments value 12m more", "'more' is one argument too many: strata segments "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        strata_error err = {0};
        call c;
        assert_int_equal(command_line(cases[i].line, false, &c, &err), STRATA_E_USAGE);
        if (strncmp(err.message, cases[i].message, strlen(cases[i].message)) != 0) {
            fail_msg("strata %s: %s", cases[i].line, err.message);
        }
        arena_free(c.arena);
    }
}

static void values_of_options_are_checked(void **state)
{
    (void)state;
    strata_error err = {0};
    call c;
    day d = 7;
    long n = 7;
    assert_ok(command_line("segments --as-of 2026-02-30 --width 19 --threads 2x --seed 5", false,
                           &c, &err),
              &err);
    assert_int_equal(call_date(&c, "as-of", 0, &d, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "--as-of '2026-02-30' is no date; write it as 2026-06-30");
    assert_int_equal(d, 7);
    assert_int_equal(call_count(&c, "width", 20, 1000, 0, &n, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "--width '19' is no whole number from 20 to 1000");
    assert_int_equal(call_count(&c, "threads", 1, 1024, 0, &n, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "--threads '2x' is no whole number from 1 to 1024");
    assert_int_equal(n, 7);
    assert_ok(call_count(&c, "seed", 0, 10, 1, &n, &err), &err);
    assert_int_equal(n, 5);
    assert_ok(call_count(&c, "wait", 0, 10, 9, &n, &err), &err); /* not given */
    assert_int_equal(n, 9);
    arena_free(c.arena);
}

static void every_command_has_help_of_its_own(void **state)
{
    (void)state;
    const char *before = "";
    STRBUF_AUTO strbuf all;
    strbuf_init(&all, 0);
    cli_help_all(&all);
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        assert_true(strcmp(before, c->name) < 0); /* sorted */
        before = c->name;
        assert_non_null(strstr(all.text, c->summary));
        STRBUF_AUTO strbuf help;
        STRBUF_AUTO strbuf manual;
        strbuf_init(&help, 0);
        strbuf_init(&manual, 0);
        cli_help_command(c, &help);
        cli_manual(c, &manual);
        assert_non_null(strstr(help.text, "usage: strata "));
        assert_non_null(strstr(help.text, "examples:"));
        assert_non_null(strstr(manual.text, ".TH STRATA"));
        for (const command_option *o = c->options; o != NULL && o->name != NULL; o++) {
            assert_non_null(strstr(help.text, o->help));
        }
    }
}

/* An example that does not parse would be the first thing that a reader tries. */
static void examples_of_the_help_parse(void **state)
{
    (void)state;
    for (const command_def *known = cli_next(NULL); known != NULL; known = cli_next(known)) {
        for (const command_example *e = known->examples; e != NULL && e->command != NULL; e++) {
            if (strncmp(e->command, "strata ", 7) != 0 || strpbrk(e->command, "'\"|<>") != NULL) {
                continue; /* quoting is the shell's part */
            }
            strata_error err = {0};
            call c;
            assert_ok(command_line(e->command + 7, false, &c, &err), &err);
            assert_ptr_equal(c.command, known);
            arena_free(c.arena);
        }
    }
}

static void completion_names_every_command_and_option(void **state)
{
    (void)state;
    static const char *const shells[] = {"bash", "zsh", "fish"};
    strata_error err = {0};
    for (size_t i = 0; i < COUNT(shells); i++) {
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        assert_ok(cli_completion(shells[i], &text, &err), &err);
        for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
            assert_non_null(strstr(text.text, c->name));
            for (const command_option *o = c->options; o != NULL && o->name != NULL; o++) {
                assert_non_null(strstr(text.text, o->name));
            }
        }
    }
    STRBUF_AUTO strbuf none;
    strbuf_init(&none, 0);
    assert_int_equal(cli_completion("tcsh", &none, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "no completion for 'tcsh'; there are bash, zsh and fish");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_lines_are_understood),
        cmocka_unit_test(bad_lines_say_what_is_wrong),
        cmocka_unit_test(values_of_options_are_checked),
        cmocka_unit_test(every_command_has_help_of_its_own),
        cmocka_unit_test(examples_of_the_help_parse),
        cmocka_unit_test(completion_names_every_command_and_option),
    };
    return cmocka_run_group_tests_name("arguments", tests, NULL, NULL);
}
