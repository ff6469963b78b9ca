/* SPDX-License-Identifier: Apache-2.0 */

/* Rows of usage, sorted in memory and through a temporary file. */

#include "strata_test.h"

#include <stdlib.h>

#include "base/rng.h"
#include "source/usage/rows.h"

/* The next allocation that fails, counted down; negative: none. */
static int fail_in = -1;
static bool failed;
static bool fails(void)
{
    failed = failed || fail_in == 0;
    return fail_in >= 0 && fail_in-- == 0;
}
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

enum { N_ROWS = 150000, N_FEATURES = 7, N_USERS = 5000, BATCH = 1000 };

/* Rows given by column, and what came out. */
typedef struct trial {
    int32_t *account, *feature, *user;
    day *day;
    double *count;
    usage_row *want;
    int32_t features[N_FEATURES], users[N_USERS];
    VEC(usage_row) got;
} trial;

static int32_t below(rng *r, int32_t n)
{
    return (int32_t)rng_below(r, (uint64_t)n);
}

/* Codes are final codes backwards, so that runs sorted by them have to be sorted again. */
static void make_rows(trial *t, int32_t n_accounts, bool grouped)
{
    rng r;
    rng_init(&r, 7, 0);
    *t = (trial){.account = malloc(N_ROWS * sizeof *t->account),
                 .feature = malloc(N_ROWS * sizeof *t->feature),
                 .user = malloc(N_ROWS * sizeof *t->user),
                 .day = malloc(N_ROWS * sizeof *t->day),
                 .count = malloc(N_ROWS * sizeof *t->count),
                 .want = malloc(N_ROWS * sizeof *t->want)};
    for (int32_t i = 0; i < N_FEATURES; i++) {
        t->features[i] = N_FEATURES - 1 - i;
    }
    for (int32_t i = 0; i < N_USERS; i++) {
        t->users[i] = N_USERS - 1 - i;
    }
    usage_codes codes = {t->features, t->users};
    for (int32_t i = 0; i < N_ROWS; i++) {
        t->account[i] =
            grouped ? (int32_t)((int64_t)i * n_accounts / N_ROWS) : below(&r, n_accounts);
        t->day[i] = 19000 + below(&r, 90) - (i % 1000 == 0 ? 30000 : 0);
        t->feature[i] = i % 5 == 0 ? DAY_MISSING : below(&r, N_FEATURES);
        t->user[i] = i % 7 == 0 ? DAY_MISSING : below(&r, N_USERS);
        t->count[i] = i % 11 == 0 ? NAN : below(&r, 40) / 4.0;
        t->want[i] = usage_recode((usage_row){t->account[i], t->day[i], t->feature[i], t->user[i],
                                              isnan(t->count[i]) ? 1 : t->count[i]},
                                  &codes);
    }
    qsort(t->want, N_ROWS, sizeof *t->want, usage_compare);
}

static void free_rows(trial *t)
{
    free(t->account);
    free(t->feature);
    free(t->user);
    free(t->day);
    free(t->count);
    free(t->want);
    vec_free(&t->got);
}

static strata_status keep(void *to, const usage_row *rows, size_t n, strata_error *err)
{
    trial *t = to;
    for (size_t i = 0; i < n; i++) {
        if (!vec_push(&t->got, rows[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status add(const context *cx, usage_rows *r, const trial *t, size_t n,
                         strata_error *err)
{
    for (size_t i = 0; i < n; i += BATCH) {
        usage_columns c = {t->account + i, t->day + i, t->feature + i, t->user + i, t->count + i};
        STRATA_TRY(usage_rows_add(r, &c, n - i < BATCH ? n - i : BATCH, err));
        STRATA_TRY(usage_rows_relieve(cx, r, err));
    }
    return STRATA_OK;
}

/* A first source's half of the rows, a second source that is read twice. */
static strata_status pass_through(trial *t, int threads, size_t budget, const char *folder,
                                  strata_error *err)
{
    STRATA_AUTO(usage_rows_free) usage_rows *r = NULL;
    context cx = {.threads = threads};
    usage_codes codes = {t->features, t->users};
    trial rest = *t;
    rest.account += N_ROWS / 2;
    rest.feature += N_ROWS / 2;
    rest.user += N_ROWS / 2;
    rest.day += N_ROWS / 2;
    rest.count += N_ROWS / 2;
    t->got.n = 0;
    STRATA_TRY(usage_rows_new(folder, budget, &r, err));
    usage_rows_mark(r);
    STRATA_TRY(add(&cx, r, t, N_ROWS / 2, err));
    usage_rows_mark(r);
    STRATA_TRY(add(&cx, r, t, N_ROWS / 2, err));
    usage_rows_rewind(r);
    STRATA_TRY(add(&cx, r, &rest, N_ROWS / 2, err));
    STRATA_TRY(usage_rows_finish(&cx, r, &codes, err));
    return usage_rows_drain(&cx, r, &codes, keep, t, err);
}

static void assert_sorted(trial *t, int threads, size_t budget)
{
    strata_error err = {0};
    assert_ok(pass_through(t, threads, budget, "/tmp", &err), &err);
    assert_int_equal(t->got.n, N_ROWS);
    for (size_t i = 0; i < N_ROWS; i++) {
        if (usage_compare(&t->got.data[i], &t->want[i]) != 0) {
            fail_msg("row %zu differs", i);
        }
    }
}

static void rows_come_out_in_order_whatever_memory_and_threads_there_are(void **state)
{
    (void)state;
    static const int32_t accounts[] = {1, 60, 20000, 3000000};
    for (size_t k = 0; k < COUNT(accounts); k++) {
        trial t;
        make_rows(&t, accounts[k], k % 2 == 0);
        assert_sorted(&t, 1, SIZE_MAX);
        assert_sorted(&t, 4, SIZE_MAX);
        assert_sorted(&t, 1, 1 << 20);
        assert_sorted(&t, 4, 0);
        free_rows(&t);
    }
}

static void no_rows_are_no_rows(void **state)
{
    (void)state;
    strata_error err = {0};
    context cx = {.threads = 2};
    usage_rows *r = NULL;
    trial t = {0};
    assert_ok(usage_rows_new("/tmp", 0, &r, &err), &err);
    assert_ok(usage_rows_relieve(&cx, r, &err), &err);
    assert_ok(usage_rows_finish(&cx, r, &(usage_codes){NULL, NULL}, &err), &err);
    assert_ok(usage_rows_drain(&cx, r, &(usage_codes){NULL, NULL}, keep, &t, &err), &err);
    assert_int_equal(t.got.n, 0);
    usage_rows_free(r);
}

static void a_folder_that_cannot_be_written_to_is_an_error_only_when_needed(void **state)
{
    (void)state;
    strata_error err = {0};
    trial t;
    make_rows(&t, 10, true);
    assert_ok(pass_through(&t, 2, SIZE_MAX, "/nowhere", &err), &err);
    assert_int_equal(pass_through(&t, 2, 0, "/nowhere", &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "cannot make the temporary file of usage"));
    free_rows(&t);
}

static void a_cancelled_ingest_stops(void **state)
{
    (void)state;
    strata_error err = {0};
    volatile sig_atomic_t stop = 1;
    context cx = {.threads = 2, .cancelled = &stop};
    usage_rows *r = NULL;
    trial t;
    make_rows(&t, 10, true);
    usage_columns c = {t.account, t.day, t.feature, t.user, t.count};
    assert_ok(usage_rows_new("/tmp", 0, &r, &err), &err);
    assert_ok(usage_rows_add(r, &c, N_ROWS, &err), &err);
    assert_int_equal(usage_rows_relieve(&cx, r, &err), STRATA_E_CANCELLED);
    assert_int_equal(usage_rows_finish(&cx, r, &(usage_codes){NULL, NULL}, &err),
                     STRATA_E_CANCELLED);
    usage_rows_free(r);
    free_rows(&t);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    trial t;
    make_rows(&t, 3000, false);
    for (int budget = 0; budget < 2; budget++) {
        int n = 0;
        do {
            strata_error err = {0};
            failed = false;
            fail_in = n++;
            strata_status st = pass_through(&t, 1, budget == 0 ? 2 << 20 : SIZE_MAX, "/tmp", &err);
            fail_in = -1;
            /* qsort goes on without its memory */
            assert_true(st == STRATA_OK || st == STRATA_E_NOMEM);
            assert_true(failed || st == STRATA_OK);
        } while (failed && n < 400);
        assert_true(n > 10);
    }
    free_rows(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_out_in_order_whatever_memory_and_threads_there_are),
        cmocka_unit_test(no_rows_are_no_rows),
        cmocka_unit_test(a_folder_that_cannot_be_written_to_is_an_error_only_when_needed),
        cmocka_unit_test(a_cancelled_ingest_stops),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
