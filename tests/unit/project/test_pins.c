/* SPDX-License-Identifier: Apache-2.0 */
/* Override files: what is read, and how each mistake is told. A person's decision must not get lost
 * silently, so every mistake is an error with file and line. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "project/pins.h"
#include "segment/fixture.h"
#include "support/failing_alloc.h"

enum { N = 4, D0 = 20000, PATH = 256 };

#define HEAD "account_id,segment,who,why,from,until\n"

typedef struct world {
    fixture f;
    arena *a;
    char folder[64], file[PATH];
    override_set pins;
    strata_error err;
} world;

static int set_up(void **state)
{
    static const arr_fact arr[] = {{.account = 0, .day = D0, .arr_after = 100}};
    static const ledger_facts facts = {.n_accounts = N, .arr = arr, .n_arr = 1};
    char yaml[512];
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/strata-pins-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->file, sizeof w->file, "%s/pins.csv", w->folder);
    (void)snprintf(yaml, sizeof yaml,
                   "strata: 1\ndimensions:\n  value:\n    overrides: %s\n    tiers:\n"
                   "      - {name: Strategic, when: arr >= 50k}\n"
                   "      - {name: \"Core, or less\", otherwise: true}\n",
                   w->file);
    fixture_make(&w->f, &facts, yaml);
    assert_ok(arena_new(&w->a, &w->err), &w->err);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    (void)unlink(w->file);
    (void)rmdir(w->folder);
    fixture_done(&w->f);
    arena_free(w->a);
    free(w);
    return 0;
}

static strata_status read_text(world *w, const char *text)
{
    assert_ok(file_write(w->file, text, strlen(text), &w->err), &w->err);
    return pins_read(&w->f.portfolio, w->f.bound, w->a, &w->pins, &w->err);
}

static segment_code pinned_on(const world *w, uint32_t account, day d)
{
    const override_pin *pin =
        override_find(&w->pins, fixture_dimension(&w->f, "value")->index, account, d);
    return pin != NULL ? pin->segment : SEGMENT_ABSENT;
}

static void pins_hold_from_their_first_to_their_last_day(void **state)
{
    world *w = *state;
    assert_ok(read_text(w, HEAD "A000002,Strategic,ann,\"board, said so\",2026-01-10,2026-02-20\n"
                                "A000001,\"Core, or less\",bob,small,,\n"),
              &w->err);
    assert_int_equal(w->pins.n, 2);
    day first = day_from_civil(2026, 1, 10);
    day last = day_from_civil(2026, 2, 20);
    assert_int_equal(pinned_on(w, 2, first - 1), SEGMENT_ABSENT);
    assert_int_equal(pinned_on(w, 2, first), 0);
    assert_int_equal(pinned_on(w, 2, last), 0);
    assert_int_equal(pinned_on(w, 2, last + 1), SEGMENT_ABSENT); /* expired */
    assert_int_equal(pinned_on(w, 1, D0), 1);
    assert_int_equal(pinned_on(w, 3, D0), SEGMENT_ABSENT);
    const override_pin *pin =
        override_find(&w->pins, fixture_dimension(&w->f, "value")->index, 2, first);
    assert_string_equal(pin->who, "ann");
    assert_string_equal(pin->why, "board, said so");
}

static void the_later_of_two_pins_wins_where_they_meet(void **state)
{
    world *w = *state;
    assert_ok(read_text(w, HEAD "A000001,Strategic,ann,first,2026-01-01,\n"
                                "A000001,\"Core, or less\",bob,then,2026-02-01,2026-02-28\n"
                                "A000002,Strategic,ann,one,2026-01-01,\n"
                                "A000002,\"Core, or less\",bob,two,2026-01-01,\n"),
              &w->err);
    assert_int_equal(pinned_on(w, 1, day_from_civil(2026, 1, 31)), 0);
    assert_int_equal(pinned_on(w, 1, day_from_civil(2026, 2, 15)), 1);
    assert_int_equal(pinned_on(w, 1, day_from_civil(2026, 3, 1)), 0);
    /* From the same day on: the one further down in the file. */
    assert_int_equal(pinned_on(w, 2, day_from_civil(2026, 1, 1)), 1);
}

static void files_come_as_spreadsheets_write_them(void **state)
{
    world *w = *state;
    assert_ok(
        read_text(w, "\xef\xbb\xbfsegment;who;why;account_id\r\nStrategic;ann;x;A000000\r\n\r\n"),
        &w->err);
    assert_int_equal(w->pins.n, 1);
    assert_int_equal(pinned_on(w, 0, D0), 0);
    assert_ok(read_text(w, HEAD), &w->err);
    assert_int_equal(w->pins.n, 0);
    assert_ok(read_text(w, HEAD "A000000,Strategic,ann,no newline behind,,"), &w->err);
    assert_int_equal(w->pins.n, 1);
}

static void every_mistake_is_told_with_its_place(void **state)
{
    world *w = *state;
    static const struct {
        const char *text, *want; /* the message behind the file's name */
    } cases[] = {
        {HEAD "\"A\nB\",x,,,,\n",
         ":2: column 'account_id': 'A\nB' is no account; correct it, or remove the line"},
        {HEAD "A000000,Strategic,ann,ok,,\nA9,Strategic,ann,x,,\n",
         ":3: column 'account_id': 'A9' is no account; correct it, or remove the line"},
        {HEAD "A000000,Strategc,ann,x,,\n",
         ":2: column 'segment': dimension 'value' has no segment 'Strategc' (did you mean "
         "'Strategic'?)"},
        {HEAD "A000000,,ann,x,,\n",
         ":2: column 'segment': dimension 'value' has no segment ''; the first is 'Strategic'"},
        {HEAD "A000000,Strategic,,x,,\n",
         ":2: a pin must say who decided and why; fill in 'who' and 'why'"},
        {HEAD "A000000,Strategic,ann,,,\n",
         ":2: a pin must say who decided and why; fill in 'who' and 'why'"},
        {HEAD "A000000\n", ":2: a pin must say who decided and why; fill in 'who' and 'why'"},
        {HEAD "A000000,Strategic,ann,x,2026-02-30,\n",
         ":2: column 'from': '2026-02-30' is no date; write it as 2026-06-30"},
        {HEAD "A000000,Strategic,ann,x,,30.6.2026\n",
         ":2: column 'until': '30.6.2026' is no date; write it as 2026-06-30"},
        {HEAD "A000000,Strategic,ann,x,2026-06-30,2026-06-29\n",
         ":2: column 'until': '2026-06-29' lies before 'from'; the pin would never hold"},
        {HEAD "A000000,Strategic,ann,\"x,,\n",
         ":2: a quote is not closed; close it, or double it where it is part of a text"},
        {"account_id,segment,who\n",
         ":1: there is no column 'why' (did you mean 'who'?); pins need account_id, segment, who "
         "and why"},
        {"account,segment,who,why\n", ":1: there is no column 'account_id' (did you mean "
                                      "'account'?); pins need account_id, segment, who and why"},
        {"", ":1: there is no column 'account_id'; pins need account_id, segment, who and why"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        w->pins.n = 77;
        assert_int_equal(read_text(w, cases[i].text), STRATA_E_DATA);
        assert_memory_equal(w->err.message, w->file, strlen(w->file));
        assert_string_equal(w->err.message + strlen(w->file), cases[i].want);
        assert_int_equal(w->pins.n, 77);
    }
}

static void a_file_that_is_not_there_is_named_with_its_dimension(void **state)
{
    world *w = *state;
    assert_int_equal(pins_read(&w->f.portfolio, w->f.bound, w->a, &w->pins, &w->err),
                     STRATA_E_MODEL);
    assert_non_null(strstr(w->err.message, "overrides of dimension 'value': cannot open"));
    assert_non_null(strstr(w->err.message, w->file));
}

static void reading_survives_every_failure(void **state)
{
    world *w = *state;
    int n = 0;
    assert_ok(read_text(w, HEAD "A000002,Strategic,ann,board,2026-01-10,2026-02-20\n"
                                "A000001,Strategic,bob,\"a \"\"b\"\"\",,\n"),
              &w->err);
    FAILURE_LOOP(n, {
        strata_error err = {0};
        arena *a = NULL;
        override_set pins = {.n = 77};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? pins_read(&w->f.portfolio, w->f.bound, a, &pins, &err) : st;
        bool hit = fail_alloc_pause(); /* what is read need not be given back to the byte */
        assert_true(st == STRATA_OK || (hit && st == STRATA_E_NOMEM && pins.n == 77));
        assert_true(st != STRATA_OK || (pins.n == 2 && strcmp(pins.pins[0].why, "a \"b\"") == 0));
        arena_free(a);
    });
    assert_true(n > 3);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(pins_hold_from_their_first_to_their_last_day),
        TEST(the_later_of_two_pins_wins_where_they_meet),
        TEST(files_come_as_spreadsheets_write_them),
        TEST(every_mistake_is_told_with_its_place),
        TEST(a_file_that_is_not_there_is_named_with_its_dimension),
        TEST(reading_survives_every_failure),
    };
    return cmocka_run_group_tests_name("pins", tests, NULL, NULL);
}
