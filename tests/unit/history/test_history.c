/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews as they are recorded: what is written, what a review that is recorded again or out of
 * order leaves, what a failure leaves, and what is read back. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "history/history.h"
#include "segment/fixture.h"
#include "store/stmt.h"
#include "support/failing_alloc.h"

enum { N = 6, D0 = 20000, MOST_DATES = 4, BIG = 100 };

/* D0 + 30 and D0 + 60 follow. */
static const day dates[] = {D0, D0 + 30, D0 + 60};

static const char by_arr[] = "strata: 1\n"
                             "population: {when: arr > 0, outside: Gone}\n"
                             "dimensions:\n"
                             "  value:\n"
                             "    tiers:\n"
                             "      - {name: High, when: arr >= 50k}\n"
                             "      - {name: Middle, when: arr >= 10k}\n"
                             "      - {name: Low, otherwise: true}\n";
/* The same with another edge, without Middle, and with another dimension beside it. */
static const char other_rules[] = "strata: 1\n"
                                  "population: {when: arr > 0, outside: Gone}\n"
                                  "dimensions:\n"
                                  "  value:\n"
                                  "    tiers:\n"
                                  "      - {name: High, when: arr >= 15k}\n"
                                  "      - {name: Low, otherwise: true}\n"
                                  "  size:\n"
                                  "    tiers:\n"
                                  "      - {name: Any, otherwise: true}\n";

/* 0 stays High; 1 goes from Low to Middle on D0 + 10; 2 begins on D0 + 20; 3 churns on D0 + 40;
 * 4 stays Middle; 5 has nothing until D0 + 50. */
static const day starts[N] = {D0 - 400, D0 - 400, D0 + 20, D0 - 400, D0 - 400, D0 - 400};
static const arr_fact arr[] = {
    {.account = 0, .day = D0 - 400, .arr_after = 6000000, .kind = ARR_NEW},
    {.account = 1, .day = D0 - 400, .arr_after = 500000, .kind = ARR_NEW},
    {.account = 1, .day = D0 + 10, .arr_after = 1200000, .kind = ARR_EXPANSION},
    {.account = 2, .day = D0 + 20, .arr_after = 100000, .kind = ARR_NEW},
    {.account = 3, .day = D0 - 400, .arr_after = 300000, .kind = ARR_NEW},
    {.account = 3, .day = D0 + 40, .arr_after = 0, .kind = ARR_CHURN},
    {.account = 4, .day = D0 - 400, .arr_after = 2000000, .kind = ARR_NEW},
    {.account = 5, .day = D0 + 50, .arr_after = 100000, .kind = ARR_NEW},
};

typedef struct world {
    fixture f;
    store *s;
    arena *a;
} world;

static store *open_memory(void)
{
    static const context cx = {.threads = 2};
    static const store_options options = {.mode = STORE_MEMORY};
    strata_error err = {0};
    store *s = NULL;
    assert_ok(store_open(NULL, &options, &cx, &s, &err), &err);
    return s;
}

static void model_of(fixture *f, const char *yaml)
{
    static const ledger_facts facts = {
        .n_accounts = N, .started_on = starts, .arr = arr, .n_arr = COUNT(arr)};
    fixture_make(f, &facts, yaml);
    memset(f->portfolio.data_digest, 'd', 64);
    f->portfolio.data_digest[64] = '\0';
}

static int set_up(void **state)
{
    strata_error err = {0};
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    model_of(&w->f, by_arr);
    w->s = open_memory();
    assert_ok(arena_new(&w->a, &err), &err);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    world *w = *state;
    fixture_done(&w->f);
    store_close(w->s);
    arena_free(w->a);
    free(w);
    return 0;
}

/* --- recording, and what is there then --- */

/* The dates of one call; the `first` ones are the review before, as the record has it. */
typedef struct asked {
    const day *dates;
    size_t n, first;
    const override_set *pins;
} asked;

static strata_status record_in(const fixture *f, store *s, const asked *q, strata_error *err)
{
    STRATA_AUTO(segmentation_free) segmentation *done = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    const segmentation_request request =
        SEGMENTATION_REQUEST(.dates = q->dates, .n_dates = q->n, .changes = true);
    history_review review = {
        .p = &f->portfolio,
        .b = f->bound,
        .dates = q->dates,
        .n_dates = q->n,
        .first = q->first,
        .note = {.model_name = "test", .model_text = "text", .version = "1", .seed = UINT64_MAX}};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(segmentation_run(&f->cx, &f->portfolio, f->bound, q->pins, &request, &done, err));
    review.s = done;
    STRATA_TRY(history_count(&f->cx, &review, a, err));
    return history_record(&f->cx, s, &review, err);
}

static void record(const fixture *f, store *s, const day *at, size_t n, size_t first)
{
    strata_error err = {0};
    const asked q = {.dates = at, .n = n, .first = first};
    assert_ok(record_in(f, s, &q, &err), &err);
}

/* One after another, as `strata run` does it each month. */
static void record_each(const fixture *f, store *s, size_t n)
{
    record(f, s, dates, 1, 0);
    for (size_t i = 1; i < n; i++) {
        record(f, s, &dates[i - 1], 2, 1);
    }
}

static void run(store *s, const char *sql)
{
    strata_error err = {0};
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
}

/* Everything recorded but the time at which, one row a line. Kept in the world's arena. */
static const char *everything(const world *w, store *s)
{
    static const char sql[] =
        "select coalesce(string_agg(line, chr(10) order by line), '') from ("
        "select 'm ' || concat_ws(' ', dimension, account_id, segment, valid_from, valid_to, "
        "cause, run_id, clause, value_before, value_after) as line from membership union all "
        "select 'r ' || concat_ws(' ', run_id, as_of, model_digest, data_digest, version, seed, "
        "n_accounts, arr, model_name, model_text) from run union all "
        "select 's ' || concat_ws(' ', run_id, dimension, segment, accounts, arr) "
        "from run_segment)";
    strata_error err = {0};
    bool more = false;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(s), "test", sql, &q, &err), &err);
    assert_ok(stmt_execute(q, &err), &err);
    assert_ok(stmt_next(q, &more, &err), &err);
    text_view text = stmt_get_text(q, 0);
    return arena_strndup(w->a, text.ptr, text.len);
}

static void assert_recorded(const world *w, const char *line)
{
    if (strstr(everything(w, w->s), line) == NULL) {
        fail_msg("'%s' is not in\n%s", line, everything(w, w->s));
    }
}

static void spans_of(const world *w, const char *account, const history_span **out, size_t want)
{
    strata_error err = {0};
    size_t n = 0;
    assert_ok(history_of_account(store_main(w->s), account, w->a, out, &n, &err), &err);
    assert_int_equal(n, want);
}

/* --- the tests --- */

static void an_empty_store_has_no_history(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    const history_run *runs = NULL;
    const history_span *spans = NULL;
    history_run before = {.run_id = 7};
    segment_code there = 0;
    segment_code *codes = &there;
    size_t n = 7;
    const history_codes of = {
        .p = &w->f.portfolio, .b = w->f.bound, .def = fixture_dimension(&w->f, "value"), .d = D0};
    assert_ok(history_runs(store_main(w->s), w->a, &runs, &n, &err), &err);
    assert_int_equal(n, 0);
    assert_ok(history_before(store_main(w->s), DAY_MAX, w->a, &before, &err), &err);
    assert_int_equal(before.run_id, 0);
    spans_of(w, "A000000", &spans, 0);
    assert_ok(history_codes_at(store_main(w->s), &of, w->a, &codes, &err), &err);
    assert_null(codes);
}

static void a_review_is_recorded_with_its_sizes(void **state)
{
    const world *w = *state;
    record_each(&w->f, w->s, 2);
    assert_recorded(w, "s 1 value High 1 6000000");
    assert_recorded(w, "s 1 value Low 2 800000");
    assert_recorded(w, "s 2 value Middle 2 3200000");
    /* Gone: the account that has paid nothing yet. */
    assert_recorded(w, "s 2 value Gone 1 0");
    assert_recorded(w, "test text");
    assert_recorded(w, "18446744073709551615 5 8800000"); /* the seed, whole */
    assert_recorded(w, "18446744073709551615 6 9600000");
}

static void causes_are_stored_and_read_back(void **state)
{
    const world *w = *state;
    const history_span *s = NULL;
    record_each(&w->f, w->s, 3);
    spans_of(w, "A000000", &s, 1);
    assert_string_equal(s[0].cause, "first");
    assert_int_equal(s[0].valid_to, DAY_MISSING);
    assert_null(s[0].clause);
    spans_of(w, "A000001", &s, 2);
    assert_string_equal(s[0].segment, "Low");
    assert_int_equal(s[0].valid_from, D0);
    assert_int_equal(s[0].valid_to, D0 + 30);
    assert_string_equal(s[1].segment, "Middle");
    assert_int_equal(s[1].valid_from, D0 + 30);
    assert_string_equal(s[1].cause, "rule");
    assert_string_equal(s[1].clause, "arr >= 10k");
    assert_non_null(strstr(s[1].before, "5,000"));
    assert_non_null(strstr(s[1].after, "12,000"));
    spans_of(w, "A000002", &s, 1);
    assert_string_equal(s[0].cause, "new");
    assert_int_equal(s[0].valid_from, D0 + 30);
    spans_of(w, "A000003", &s, 2);
    assert_string_equal(s[1].cause, "left");
    assert_string_equal(s[1].segment, "Gone");
    spans_of(w, "A000005", &s, 2);
    assert_string_equal(s[1].cause, "returned");
    spans_of(w, "nobody", &s, 0);
}

static void a_pin_and_its_end_are_causes(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    const override_pin pin = {.account = 4,
                              .dimension = fixture_dimension(&w->f, "value")->index,
                              .segment = 0,
                              .from = D0 + 15,
                              .until = D0 + 45,
                              .who = "ann",
                              .why = "board"};
    const override_set pins = {.pins = &pin, .n = 1};
    const asked q = {.dates = dates, .n = 3, .pins = &pins};
    const history_span *s = NULL;
    assert_ok(record_in(&w->f, w->s, &q, &err), &err);
    spans_of(w, "A000004", &s, 3);
    assert_string_equal(s[1].segment, "High");
    assert_string_equal(s[1].cause, "pinned");
    assert_string_equal(s[2].segment, "Middle");
    assert_string_equal(s[2].cause, "unpinned");
}

static void recording_a_date_again_gives_the_same_rows(void **state)
{
    const world *w = *state;
    record_each(&w->f, w->s, 3);
    const char *once = everything(w, w->s);
    for (int i = 0; i < 2; i++) {
        record(&w->f, w->s, &dates[1], 2, 1);
        assert_string_equal(everything(w, w->s), once);
    }
}

static void recording_an_earlier_date_forgets_the_later_ones(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    const history_run *runs = NULL;
    size_t n = 0;
    record_each(&w->f, w->s, 2);
    const char *two = everything(w, w->s);
    record(&w->f, w->s, &dates[1], 2, 1);
    record_each(&w->f, w->s, 3);
    record(&w->f, w->s, dates, 2, 1);
    assert_string_equal(everything(w, w->s), two);
    assert_ok(history_runs(store_main(w->s), w->a, &runs, &n, &err), &err);
    assert_int_equal(n, 2);
    assert_int_equal(runs[1].as_of, dates[1]);
    assert_string_equal(runs[1].model_name, "test");
    assert_true(runs[1].seed == UINT64_MAX && runs[1].n_accounts == N);
    record(&w->f, w->s, dates, 1, 0);
    assert_ok(history_runs(store_main(w->s), w->a, &runs, &n, &err), &err);
    assert_int_equal(n, 1);
}

static void a_date_between_two_reviews_takes_the_place_of_the_later_one(void **state)
{
    const world *w = *state;
    STRATA_AUTO(store_close) store *other = open_memory();
    static const day between[] = {D0 + 30, D0 + 45};
    record_each(&w->f, w->s, 3);
    record(&w->f, w->s, between, 2, 1);
    record_each(&w->f, other, 2);
    record(&w->f, other, between, 2, 1);
    const char *here = everything(w, w->s);
    assert_non_null(strstr(here, "A000003 Gone"));
    assert_string_equal(here, everything(w, other));
}

static void a_backfill_is_the_same_as_single_reviews(void **state)
{
    const world *w = *state;
    STRATA_AUTO(store_close) store *other = open_memory();
    record_each(&w->f, w->s, 3);
    record(&w->f, other, dates, 3, 0);
    const char *single = everything(w, w->s);
    assert_true(strlen(single) > BIG);
    assert_string_equal(single, everything(w, other));
    record(&w->f, other, dates, 3, 1); /* on what is there already */
    assert_string_equal(single, everything(w, other));
}

static void other_rules_move_accounts_by_definition(void **state)
{
    const world *w = *state;
    const history_span *s = NULL;
    fixture changed;
    model_of(&changed, other_rules);
    record_each(&w->f, w->s, 2);
    record(&changed, w->s, &dates[1], 2, 1);
    fixture_done(&changed);
    spans_of(w, "A000004", &s, 3); /* one of them of the new dimension */
    assert_string_equal(s[0].dimension, "size");
    assert_string_equal(s[1].segment, "Middle");
    assert_int_equal(s[1].valid_to, D0 + 60);
    assert_string_equal(s[2].segment, "High");
    assert_string_equal(s[2].cause, "definition");
    assert_null(s[2].clause);
}

static void what_another_model_recorded_is_told_from_this_one_s(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    fixture changed;
    segment_code *codes = NULL;
    model_of(&changed, other_rules);
    record_each(&w->f, w->s, 1);
    const history_codes of = {.p = &changed.portfolio,
                              .b = changed.bound,
                              .def = fixture_dimension(&changed, "value"),
                              .d = D0};
    assert_ok(history_codes_at(store_main(w->s), &of, w->a, &codes, &err), &err);
    static const segment_code want[N] = {
        0, 1, SEGMENT_ABSENT, 1, SEGMENT_OTHER_MODEL, SEGMENT_OUTSIDE};
    assert_memory_equal(codes, want, sizeof want);
    const history_codes never = {
        .p = &changed.portfolio, .b = changed.bound, .def = of.def, .d = D0 + 1};
    assert_ok(history_codes_at(store_main(w->s), &never, w->a, &codes, &err), &err);
    assert_null(codes);
    fixture_done(&changed);
}

static void what_is_gone_ends_with_the_next_review(void **state)
{
    const world *w = *state;
    const history_span *s = NULL;
    fixture wider;
    model_of(&wider, other_rules);
    record_each(&wider, w->s, 2);
    fixture_done(&wider);
    fixture fewer = w->f; /* without the last account and without the dimension `size` */
    fewer.portfolio.n_accounts = N;
    record(&fewer, w->s, &dates[1], 2, 1);
    spans_of(w, "A000000", &s, 2);
    assert_string_equal(s[0].dimension, "size");
    assert_int_equal(s[0].valid_to, D0 + 60);
    run(w->s, "insert into membership values ('value', 'A0', 'Low', '2024-10-04', null, 1, "
              "'first', null, null, null)");
    record(&w->f, w->s, &dates[1], 2, 1);
    spans_of(w, "A0", &s, 1); /* an account that the portfolio has not */
    assert_int_equal(s[0].valid_to, D0 + 60);
}

/* --- failures --- */

static void a_store_that_fails_midway_keeps_what_was_recorded(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    const asked q = {.dates = &dates[1], .n = 2, .first = 1};
    record_each(&w->f, w->s, 2);
    const char *before = everything(w, w->s);
    run(w->s, "alter table membership rename to m2");
    run(w->s, "create table membership as from m2");
    run(w->s, "alter table membership add column more text");
    assert_true(record_in(&w->f, w->s, &q, &err) != STRATA_OK);
    assert_true(strlen(err.message) > 0);
    run(w->s, "drop table membership");
    run(w->s, "alter table m2 rename to membership");
    assert_string_equal(everything(w, w->s), before);
    assert_ok(record_in(&w->f, w->s, &q, &err), &err);
}

static void a_review_that_is_stopped_is_not_recorded(void **state)
{
    const world *w = *state;
    strata_error err = {0};
    const volatile sig_atomic_t stop = 1;
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    const segmentation_request request =
        SEGMENTATION_REQUEST(.dates = dates, .n_dates = 3, .changes = true);
    history_review review = {.p = &w->f.portfolio, .b = w->f.bound, .dates = dates, .n_dates = 3};
    review.note = (history_note){.model_name = "", .model_text = "", .version = ""};
    context cx = w->f.cx;
    record_each(&w->f, w->s, 2);
    const char *before = everything(w, w->s);
    s = fixture_run(&w->f, NULL, &request);
    review.s = s;
    assert_ok(history_count(&cx, &review, w->a, &err), &err);
    cx.cancelled = &stop;
    assert_int_equal(history_record(&cx, w->s, &review, &err), STRATA_E_CANCELLED);
    assert_string_equal(everything(w, w->s), before);
}

static void recording_survives_every_failure(void **state)
{
    world *w = *state;
    const asked q = {.dates = &dates[1], .n = 2, .first = 1};
    int n = 0;
    record_each(&w->f, w->s, 2);
    const char *before = everything(w, w->s);
    w->f.cx.threads = 1;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        strata_status st = record_in(&w->f, w->s, &q, &err);
        /* A segmentation does without the memory that only spares it work. */
        bool hit = fail_alloc_pause();
        assert_true(st == STRATA_OK || (hit && st == STRATA_E_NOMEM));
        if (st != STRATA_OK) {
            assert_string_equal(everything(w, w->s), before);
        } else {
            record(&w->f, w->s, dates, 2, 1);
        }
    });
    assert_true(n > 50);
    assert_ok(record_in(&w->f, w->s, &q, &(strata_error){0}), &(strata_error){0});
}

typedef strata_status read_fn(const world *w, arena *a, bool *whole, strata_error *err);

static strata_status read_runs(const world *w, arena *a, bool *whole, strata_error *err)
{
    const history_run *runs = NULL;
    size_t n = 0;
    STRATA_TRY(history_runs(store_main(w->s), a, &runs, &n, err));
    *whole = n == 2 && runs[1].model_name != NULL && runs[1].version != NULL &&
             runs[1].data_digest != NULL && runs[1].model_digest != NULL;
    return STRATA_OK;
}

static strata_status read_before(const world *w, arena *a, bool *whole, strata_error *err)
{
    history_run before = {0};
    STRATA_TRY(history_before(store_main(w->s), DAY_MAX, a, &before, err));
    *whole = before.run_id == 2 && before.model_digest != NULL;
    return STRATA_OK;
}

static strata_status read_account(const world *w, arena *a, bool *whole, strata_error *err)
{
    const history_span *s = NULL;
    size_t n = 0;
    STRATA_TRY(history_of_account(store_main(w->s), "A000001", a, &s, &n, err));
    *whole = n == 2 && s[1].dimension != NULL && s[1].segment != NULL && s[1].cause != NULL &&
             s[1].clause != NULL && s[1].before != NULL && s[1].after != NULL;
    return STRATA_OK;
}

static strata_status read_codes(const world *w, arena *a, bool *whole, strata_error *err)
{
    segment_code *codes = NULL;
    const history_codes of = {
        .p = &w->f.portfolio, .b = w->f.bound, .def = fixture_dimension(&w->f, "value"), .d = D0};
    STRATA_TRY(history_codes_at(store_main(w->s), &of, a, &codes, err));
    *whole = codes != NULL && codes[4] == 1;
    return STRATA_OK;
}

static void reading_survives_every_failure(void **state)
{
    static read_fn *const reads[] = {read_runs, read_before, read_account, read_codes};
    const world *w = *state;
    record_each(&w->f, w->s, 2);
    for (size_t i = 0; i < COUNT(reads); i++) {
        int n = 0;
        FAILURE_LOOP(n, {
            strata_error err = {0};
            arena *a = NULL;
            bool whole = false;
            strata_status st = arena_new(&a, &err);
            st = st == STRATA_OK ? reads[i](w, a, &whole, &err) : st;
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, true);
            assert_true(st != STRATA_OK || whole);
            arena_free(a);
        });
        assert_true(n > 2);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_store_has_no_history),
        TEST(a_review_is_recorded_with_its_sizes),
        TEST(causes_are_stored_and_read_back),
        TEST(a_pin_and_its_end_are_causes),
        TEST(recording_a_date_again_gives_the_same_rows),
        TEST(recording_an_earlier_date_forgets_the_later_ones),
        TEST(a_date_between_two_reviews_takes_the_place_of_the_later_one),
        TEST(a_backfill_is_the_same_as_single_reviews),
        TEST(other_rules_move_accounts_by_definition),
        TEST(what_another_model_recorded_is_told_from_this_one_s),
        TEST(what_is_gone_ends_with_the_next_review),
        TEST(a_store_that_fails_midway_keeps_what_was_recorded),
        TEST(a_review_that_is_stopped_is_not_recorded),
        TEST(recording_survives_every_failure),
        TEST(reading_survives_every_failure),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
