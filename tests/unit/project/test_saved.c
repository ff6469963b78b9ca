/* SPDX-License-Identifier: Apache-2.0 */
/* A list of accounts kept as a segment: the files that are written, and what is refused. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "project/saved.h"
#include "segment/fixture.h"
#include "support/failing_alloc.h"

enum { N = 4, D0 = 20000, PATH = 256 };

static const char yaml[] = "strata: 1\n"
                           "dimensions:\n"
                           "  value:\n"
                           "    tiers:\n"
                           "      - {name: Strategic, when: arr >= 50k}\n"
                           "      - {name: Core, otherwise: true}\n";

typedef struct world {
    fixture f;
    arena *a;
    char folder[64];
    project p;
} world;

static int set_up(void **state)
{
    static const arr_fact arr[] = {{.account = 0, .day = D0, .arr_after = 100}};
    static const ledger_facts facts = {.n_accounts = N, .arr = arr, .n_arr = 1};
    static const char *const ids[N] = {"A1", "B \"two\"", "C3", "D4"};
    strata_error err = {0};
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/strata-saved-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    fixture_make(&w->f, &facts, yaml);
    w->f.portfolio.ids = ids;
    assert_ok(arena_new(&w->a, &err), &err);
    w->p = (project){.folder = w->folder,
                     .model = w->f.model,
                     .bound = w->f.bound,
                     .portfolio = &w->f.portfolio};
    *state = w;
    return 0;
}

static void path_of(const world *w, const char *name, char out[PATH])
{
    (void)snprintf(out, PATH, "%s/saved%s%s", w->folder, name[0] != '\0' ? "/" : "", name);
}

static int tear_down(void **state)
{
    world *w = *state;
    static const char *const left[] = {"lost.yaml", "lost.csv", ""};
    for (size_t i = 0; i < COUNT(left); i++) {
        char path[PATH];
        path_of(w, left[i], path);
        (void)remove(path);
    }
    (void)rmdir(w->folder);
    fixture_done(&w->f);
    arena_free(w->a);
    free(w);
    return 0;
}

static const size_t accounts[] = {1, 3};
static const saved_segment lost = {.name = "lost",
                                   .label = "left in \"2024\"",
                                   .who = "strata cohorts",
                                   .as_of = D0,
                                   .accounts = accounts,
                                   .n = COUNT(accounts)};

static void assert_holds(const world *w, const char *name, const char *want)
{
    char path[PATH];
    char text[1024] = {0};
    path_of(w, name, path);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    (void)fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    if (strstr(text, want) == NULL) {
        fail_msg("%s does not hold %s but %s", name, want, text);
    }
}

static void a_list_becomes_pins_and_a_dimension(void **state)
{
    world *w = *state;
    strata_error err = {0};
    saved_files f = {0};
    assert_ok(saved_segment_write(&w->p, w->a, &lost, false, &f, &err), &err);
    assert_string_equal(f.yaml, "saved/lost.yaml");
    assert_string_equal(f.csv, "saved/lost.csv");
    assert_false(f.known);
    assert_holds(w, "lost.csv",
                 "account_id,segment,who,why,from\n"
                 "\"B \"\"two\"\"\",Saved,strata cohorts,\"left in \"\"2024\"\"\",2024-10-04\n"
                 "D4,Saved,");
    assert_holds(w, "lost.yaml", "    label: \"left in \\\"2024\\\"\"\n");
    assert_holds(w, "lost.yaml", "overrides: saved/lost.csv\n");
}

static void assert_refused(world *w, const saved_segment *s, bool replace, const char *message)
{
    strata_error err = {0};
    saved_files f = {0};
    assert_int_equal(saved_segment_write(&w->p, w->a, s, replace, &f, &err), STRATA_E_USAGE);
    assert_non_null(strstr(err.message, message));
    assert_null(f.csv);
}

static void what_cannot_be_saved_is_told(void **state)
{
    world *w = *state;
    saved_segment s = lost;
    s.n = 0;
    assert_refused(w, &s, true, "no account to save as 'lost'");
    s = lost;
    s.name = "Lost ones";
    assert_refused(w, &s, true, "'Lost ones' cannot name a segment");
    s.name = "value";
    assert_refused(w, &s, true, "something else called 'value'");
    strata_error err = {0};
    saved_files f = {0};
    assert_ok(saved_segment_write(&w->p, w->a, &lost, true, &f, &err), &err);
    assert_refused(w, &lost, false, "lost");
}

static void saving_survives_every_failure(void **state)
{
    world *w = *state;
    int failures = 0;
    FAILURE_LOOP(failures, {
        strata_error err = {0};
        saved_files f = {0};
        strata_status st = saved_segment_write(&w->p, w->a, &lost, true, &f, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, f.csv == NULL);
    });
    assert_true(failures > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_list_becomes_pins_and_a_dimension, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_saved_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(saving_survives_every_failure, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("saved segments", tests, NULL, NULL);
}
