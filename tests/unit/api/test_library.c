/* SPDX-License-Identifier: Apache-2.0 */
/* libstrata as another program sees it: only <strata/...> headers and the shared library. The
 * project is small enough to know every answer by heart. */
#define _XOPEN_SOURCE 700 /* nftw */
#include <ftw.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <strata/strata.h>

enum { N = 4, PATH = 256 };

static const char accounts_csv[] = "account_id,name,started_on,seats\n"
                                   "a,Ant,2024-01-01,10\n"
                                   "b,Bee,2024-01-01,20\n"
                                   "c,Cat,2024-03-01,\n"
                                   "d,Dog,2024-06-01,5\n";
static const char arr_csv[] = "account_id,date,delta\n"
                              "a,2024-01-01,60000\n"
                              "b,2024-01-01,10000\n"
                              "b,2024-05-01,10000\n"
                              "c,2024-03-01,1200.50\n"
                              "c,2024-05-15,-1200.50\n";
static const char yaml[] = "strata: 1\n"
                           "business: {name: Zoo, currency: EUR}\n"
                           "sources:\n"
                           "  accounts: {path: accounts.csv}\n"
                           "  arr: {path: arr.csv, form: movements}\n"
                           "dimensions:\n"
                           "  value:\n"
                           "    tiers:\n"
                           "      - {name: Large, when: arr >= 50k}\n"
                           "      - {name: Middle, when: arr >= 15k}\n"
                           "      - {name: Small, otherwise: true}\n";

typedef struct world {
    char folder[64];
    strata_options options;
    strata_portfolio *p;
    strata_error err;
} world;

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[PATH];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static int set_up(void **state)
{
    static const strata_options usual = STRATA_OPTIONS_INIT;
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    (void)snprintf(w->folder, sizeof w->folder, "/tmp/strata-library-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    write_file(w->folder, "accounts.csv", accounts_csv);
    write_file(w->folder, "arr.csv", arr_csv);
    write_file(w->folder, "strata.yaml", yaml);
    w->options = usual;
    w->options.folder = w->folder;
    w->options.today = strata_date_parse("2024-06-30");
    *state = w;
    return 0;
}

static int set_up_open(void **state)
{
    (void)set_up(state);
    world *w = *state;
    assert_int_equal(strata_ingest(&w->options, NULL, &w->err), STRATA_OK);
    assert_int_equal(strata_open(&w->options, &w->p, &w->err), STRATA_OK);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)st;
    (void)kind;
    (void)where;
    return remove(path);
}

static int tear_down(void **state)
{
    world *w = *state;
    strata_close(w->p);
    (void)nftw(w->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
    return 0;
}

static void assert_refused(const world *w, strata_status got, strata_status wanted, const char *why)
{
    assert_int_equal(got, wanted);
    assert_int_equal(w->err.status, wanted);
    if (strstr(w->err.message, why) == NULL) {
        fail_msg("'%s' does not say '%s'", w->err.message, why);
    }
}

static void dates_are_read_and_written(void **state)
{
    char text[11];
    (void)state;
    strata_date_format(strata_date_parse("2024-02-29"), text);
    assert_string_equal(text, "2024-02-29");
    assert_int_equal(strata_date_parse("1970-01-02"), 1);
    assert_int_equal(strata_date_parse("2023-02-29"), STRATA_NO_DATE);
    assert_int_equal(strata_date_parse(NULL), STRATA_NO_DATE);
    strata_date_format(STRATA_NO_DATE, text);
    assert_string_equal(text, "");
}

static void nothing_is_open_before_the_first_ingest(void **state)
{
    world *w = *state;
    assert_refused(w, strata_open(&w->options, &w->p, &w->err), STRATA_E_NOTFOUND, "ingest");
    assert_null(w->p);
    w->options.folder = "/nowhere";
    assert_refused(w, strata_open(&w->options, &w->p, &w->err), STRATA_E_NOTFOUND, "/nowhere");
}

static void ingest_says_what_it_did(void **state)
{
    world *w = *state;
    strata_ingest_result r = {0};
    assert_int_equal(strata_ingest(&w->options, &r, &w->err), STRATA_OK);
    assert_true(r.changed);
    assert_int_equal(r.n_accounts, N);
    assert_int_equal(r.n_read, 9);
    assert_int_equal(r.n_loaded, 9);
    assert_int_equal(r.n_rejected, 0);
    assert_int_equal(strata_ingest(&w->options, &r, &w->err), STRATA_OK);
    assert_false(r.changed);
    assert_int_equal(r.n_read, 0);
}

static int stop_at_once(void *payload, const char *what, uint64_t done, uint64_t total)
{
    (void)what;
    (void)done;
    (void)total;
    ++*(int *)payload;
    return 1;
}

static void a_caller_can_stop_an_ingest(void **state)
{
    world *w = *state;
    int calls = 0;
    w->options.progress = stop_at_once;
    w->options.payload = &calls;
    assert_int_equal(strata_ingest(&w->options, NULL, &w->err), STRATA_E_CANCELLED);
    assert_true(calls > 0);
    w->options.progress = NULL;
    assert_refused(w, strata_open(&w->options, &w->p, &w->err), STRATA_E_NOTFOUND, "ingest");
}

static void accounts_go_by_number(void **state)
{
    const world *w = *state;
    char text[11];
    assert_int_equal(strata_n_accounts(w->p), N);
    assert_string_equal(strata_account_id(w->p, 1), "b");
    assert_string_equal(strata_account_name(w->p, 1), "Bee");
    assert_null(strata_account_id(w->p, N));
    assert_null(strata_account_name(w->p, N));
    assert_int_equal(strata_account_find(w->p, "c"), 2);
    assert_true(strata_account_find(w->p, "e") == SIZE_MAX);
    assert_string_equal(strata_currency(w->p), "EUR");
    strata_date_format(strata_first_date(w->p), text);
    assert_string_equal(text, "2024-01-01");
    assert_true(strlen(strata_data_digest(w->p)) >= 16);
    assert_true(strlen(strata_model_digest(w->p)) >= 6);
}

static void values_are_those_of_the_date(void **state)
{
    static const char *const expressions[] = {"arr", "seats * 2", "arr >= 15k"};
    world *w = *state;
    double x[3 * N];
    strata_date date = strata_date_parse("2024-04-30");
    assert_int_equal(strata_values(w->p, expressions, 3, date, x, &w->err), STRATA_OK);
    static const double wanted[] = {60000, 10000, 1200.5, 0, 20, 40, NAN, 10, 1, 0, 0, 0};
    for (size_t i = 0; i < 3 * N; i++) {
        if (isnan(wanted[i]) ? !isnan(x[i]) : fabs(x[i] - wanted[i]) > 0) {
            fail_msg("value %zu is %g, not %g", i, x[i], wanted[i]);
        }
    }
}

static void wrong_requests_are_refused(void **state)
{
    static const char *const helth[] = {"helth < 60"};
    static const char *const text[] = {"value"};
    static const char *const back[] = {"value turned Small"};
    world *w = *state;
    double x[N] = {7};
    strata_date date = strata_date_parse("2024-06-30");
    strata_error *err = &w->err;
    assert_refused(w, strata_values(w->p, helth, 1, date, x, err), STRATA_E_MODEL,
                   "expression 0:1:1: unknown feature 'helth'");
    assert_refused(w, strata_values(w->p, text, 1, date, x, err), STRATA_E_USAGE, "is a text");
    assert_refused(w, strata_values(w->p, back, 1, date, x, err), STRATA_E_USAGE, "looks back");
    assert_refused(w, strata_values(w->p, NULL, 0, date, x, err), STRATA_E_USAGE, "no expression");
    assert_refused(w, strata_values(w->p, helth, 1, date + 1, x, err), STRATA_E_USAGE,
                   "2024-07-01 lies after today");
    assert_refused(w, strata_values(w->p, helth, 1, 0, x, err), STRATA_E_USAGE,
                   "before the first fact");
    assert_true(x[0] > 6 && x[0] < 8);
    uint16_t codes[N] = {7};
    strata_date twice[] = {date, date};
    strata_date none[] = {STRATA_NO_DATE};
    assert_refused(w, strata_segment(w->p, 9, &date, 1, codes, err), STRATA_E_USAGE, "dimension 9");
    assert_refused(w, strata_segment(w->p, 0, NULL, 0, codes, err), STRATA_E_USAGE, "no date");
    assert_refused(w, strata_segment(w->p, 0, twice, 2, codes, err), STRATA_E_USAGE, "date 1");
    assert_refused(w, strata_segment(w->p, 0, none, 1, codes, err), STRATA_E_USAGE, "date 0");
    assert_int_equal(codes[0], 7);
    strata_feature f = {0};
    assert_refused(w, strata_feature_at(w->p, 100000, &f, err), STRATA_E_USAGE, "feature 100000");
}

static void every_account_is_in_one_segment_at_each_date(void **state)
{
    world *w = *state;
    strata_date dates[] = {strata_date_parse("2024-02-29"), strata_date_parse("2024-06-30")};
    uint16_t codes[2 * N];
    size_t value = strata_dimension_find(w->p, "value");
    assert_true(value == strata_dimension_find(w->p, NULL));
    assert_true(strata_dimension_find(w->p, "nothing") == SIZE_MAX);
    assert_string_equal(strata_dimension_name(w->p, value), "value");
    assert_null(strata_dimension_name(w->p, strata_n_dimensions(w->p)));
    assert_int_equal(strata_n_segments(w->p, value), 3);
    assert_string_equal(strata_segment_label(w->p, value, 0), "Large");
    assert_null(strata_segment_label(w->p, value, 3));
    assert_int_equal(strata_segment(w->p, value, dates, 2, codes, &w->err), STRATA_OK);
    static const uint16_t wanted[] = {0, 2, STRATA_NOT_YET, STRATA_NOT_YET, 0, 1, 2, 2};
    for (size_t i = 0; i < 2 * N; i++) {
        assert_int_equal(codes[i], wanted[i]);
    }
}

static void the_catalogue_says_what_each_name_means(void **state)
{
    world *w = *state;
    bool arr = false;
    bool usage = false;
    bool seats = false;
    for (size_t i = 0; i < strata_n_features(w->p); i++) {
        strata_feature f = {0};
        assert_int_equal(strata_feature_at(w->p, i, &f, &w->err), STRATA_OK);
        if (strcmp(f.name, "arr") == 0) {
            arr = f.unit == STRATA_MONEY && f.definition != NULL && f.missing_because == NULL;
        } else if (strcmp(f.name, "events_30d") == 0) {
            usage = f.missing_because != NULL && strstr(f.missing_because, "usage") != NULL;
        } else if (strcmp(f.name, "seats") == 0) {
            seats = f.definition == NULL && f.label != NULL;
        }
    }
    assert_true(arr && usage && seats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_and_written),
        cmocka_unit_test_setup_teardown(nothing_is_open_before_the_first_ingest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ingest_says_what_it_did, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_caller_can_stop_an_ingest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(accounts_go_by_number, set_up_open, tear_down),
        cmocka_unit_test_setup_teardown(values_are_those_of_the_date, set_up_open, tear_down),
        cmocka_unit_test_setup_teardown(wrong_requests_are_refused, set_up_open, tear_down),
        cmocka_unit_test_setup_teardown(every_account_is_in_one_segment_at_each_date, set_up_open,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_catalogue_says_what_each_name_means, set_up_open,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("library", tests, NULL, NULL);
}
