/* SPDX-License-Identifier: Apache-2.0 */
/* Work that nobody waits for, and turns on the one thread that computes. */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "serve/parts.h"

static void orders_are_objects_of_plain_values(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    const call_pair *pairs = NULL;
    size_t n = 0;
    static const char text[] = "{\"as_of\": \"2026-06-30\", \"limit\": 5, \"all\": true, "
                               "\"sort\": null}";
    assert_ok(arena_new(&a, &err), &err);
    assert_ok(job_pairs(a, text, sizeof text - 1, &pairs, &n, &err), &err);
    assert_int_equal(n, 3);
    assert_string_equal(pairs[1].value, "5");
    assert_string_equal(pairs[2].value, "true");
    static const char *const wrong[] = {
        "", "[]", "{", "{\"a\": {}}", "{\"a\": [1]}", "{\"a\":1,\"a\":2}"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(job_pairs(a, wrong[i], strlen(wrong[i]), &pairs, &n, &err),
                         STRATA_E_USAGE);
    }
}

/* --- jobs --- */

typedef struct ends {
    size_t n;
    job_state how[8];
    char failure[8][80];
} ends;

/* Answers with as many bytes as its parameter says. */
static strata_status answer_bytes(void *payload, const job_order *order, const context *cx,
                                  job_outcome *out, strata_error *err)
{
    (void)payload;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    context_notice(cx, "it is \"%s\"", order->pairs[0].value);
    strbuf_repeat(&text, 'x', (size_t)atoi(order->pairs[0].value));
    if (text.len == 0) {
        return strata_fail(err, STRATA_E_DATA, "nothing");
    }
    out->result = http_bytes_take(&text);
    return STRATA_OK;
}

static void note_end(void *payload, const job_order *order, job_state how, const char *failure)
{
    ends *e = payload;
    assert_int_equal(strlen(order->id), 16);
    e->how[e->n] = how;
    (void)snprintf(e->failure[e->n++], sizeof e->failure[0], "%s", failure != NULL ? failure : "");
}

static void note_nothing(void *payload, const job_order *order, job_state how, const char *failure)
{
    (void)payload;
    (void)order;
    (void)how;
    (void)failure;
}

static job *order_work(jobs *j, const char *n, bool changes)
{
    strata_error err = {0};
    job *b = NULL;
    const call_pair pair = {"n", n};
    job_order order = {.def = &command_segments, .pairs = &pair, .n_pairs = 1, .changes = changes};
    order.form.type = "text/plain";
    job_name(&order);
    assert_ok(jobs_add(j, &order, &b, &err), &err);
    return b;
}

static job *order_bytes(jobs *j, const char *n)
{
    return order_work(j, n, false);
}

static size_t kept_bytes(job *b, bool *gone)
{
    const char *type = NULL;
    http_bytes *bytes = job_result(b, NULL, &type, gone);
    size_t n = bytes != NULL ? http_bytes_len(bytes) : 0;
    http_bytes_free(bytes);
    return n;
}

static void the_oldest_results_make_room(void **state)
{
    (void)state;
    strata_error err = {0};
    ends told = {0};
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    const jobs_options options = {
        .run = answer_bytes, .ended = note_end, .payload = &told, .most_bytes = 100};
    static const char *const sizes[] = {"60", "30", "20", "101", "0"};
    static const size_t kept[] = {0, 30, 20, 0, 0};
    static const bool gone[] = {true, false, false, true, false};
    job *all[COUNT(sizes)];
    assert_ok(jobs_new(&options, &j, &err), &err);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        all[i] = order_bytes(j, sizes[i]);
    }
    while (jobs_run_next(j)) {
    }
    for (size_t i = 0; i < COUNT(sizes); i++) {
        bool was = false;
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        assert_int_equal(kept_bytes(all[i], &was), kept[i]);
        assert_int_equal(was, gone[i]);
        assert_int_equal(told.how[i], i < 4 ? JOB_DONE : JOB_FAILED);
        job_describe(all[i], &text);
        json_t *read = json_loads(strbuf_text(&text), 0, NULL);
        assert_non_null(read);
        const char *first = json_string_value(json_array_get(json_object_get(read, "notices"), 0));
        assert_non_null(strstr(first, sizes[i]));
        assert_int_equal(json_array_size(json_object_get(read, "notices")), i == 3 ? 2 : 1);
        json_decref(read);
        job_free(all[i]);
    }
    assert_int_equal(told.n, COUNT(sizes));
}

/* As answer_bytes(), with a file beside an empty answer when it changes the project. */
static strata_status answer_with_file(void *payload, const job_order *order, const context *cx,
                                      job_outcome *out, strata_error *err)
{
    STRATA_TRY(answer_bytes(payload, order, cx, out, err));
    if (order->changes) {
        out->files[0] = (job_file){.name = "accounts.csv", .type = "text/csv"};
        out->files[0].bytes = strata_steal(&out->result);
        out->n_files = 1;
    }
    return STRATA_OK;
}

static size_t kept_file(job *b, bool *gone)
{
    const char *type = NULL;
    http_bytes *bytes = job_result(b, "accounts.csv", &type, gone);
    size_t n = bytes != NULL ? http_bytes_len(bytes) : 0;
    http_bytes_free(bytes);
    return n;
}

static void files_that_were_handed_over_make_room_last(void **state)
{
    (void)state;
    strata_error err = {0};
    bool gone = false;
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    const jobs_options options = {
        .run = answer_with_file, .ended = note_nothing, .most_bytes = 100};
    assert_ok(jobs_new(&options, &j, &err), &err);
    STRATA_AUTO(job_free) job *files = order_work(j, "40", true);
    STRATA_AUTO(job_free) job *plain = order_bytes(j, "30");
    STRATA_AUTO(job_free) job *next = order_bytes(j, "50");
    while (jobs_run_next(j)) {
    }
    assert_true(job_handed_over(files));
    assert_false(job_handed_over(next));
    assert_int_equal(kept_file(files, &gone), 40);
    assert_int_equal(kept_bytes(plain, &gone), 0);
    assert_true(gone);
    assert_int_equal(kept_bytes(next, &gone), 50);
    for (int i = 0; i < 40; i++) { /* more than are remembered */
        job_free(order_bytes(j, "1"));
        assert_false(jobs_run_next(j));
    }
    assert_null(jobs_find(j, job_id(next)));
    job *found = jobs_find(j, job_id(files));
    assert_ptr_equal(found, files);
    job_free(found);
    STRATA_AUTO(job_free) job *large = order_bytes(j, "90"); /* no other way */
    assert_false(jobs_run_next(j));
    assert_int_equal(kept_bytes(large, &gone), 90);
    assert_int_equal(kept_file(files, &gone), 0);
    assert_true(gone);
    assert_true(job_handed_over(files));
}

/* Says more than is kept of one job. */
static strata_status say_much(void *payload, const job_order *order, const context *cx,
                              job_outcome *out, strata_error *err)
{
    (void)payload;
    (void)order;
    (void)out;
    (void)err;
    for (int i = 0; i < 30; i++) {
        context_notice(cx, "%d %0400d", i, 0);
    }
    return STRATA_OK;
}

static void what_a_job_says_too_much_is_counted(void **state)
{
    (void)state;
    strata_error err = {0};
    ends told = {0};
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    STRBUF_AUTO strbuf text;
    const jobs_options options = {.run = say_much, .ended = note_end, .payload = &told};
    strbuf_init(&text, 0);
    assert_ok(jobs_new(&options, &j, &err), &err);
    STRATA_AUTO(job_free) job *b = order_bytes(j, "1");
    assert_false(jobs_run_next(j));
    job_describe(b, &text);
    json_t *read = json_loads(strbuf_text(&text), 0, NULL);
    assert_non_null(read);
    const json_t *said = json_object_get(read, "notices");
    size_t n = json_array_size(said);
    assert_in_range(n, 10, 25);
    char last[80];
    (void)snprintf(last, sizeof last, "and %zu more that the command line shows", 31 - n);
    assert_string_equal(json_string_value(json_array_get(said, n - 1)), last);
    json_decref(read);
}

static void a_job_whose_turn_never_came_has_an_end_too(void **state)
{
    (void)state;
    strata_error err = {0};
    ends told = {0};
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    const jobs_options options = {.run = answer_bytes, .ended = note_end, .payload = &told};
    assert_ok(jobs_new(&options, &j, &err), &err);
    job *first = order_bytes(j, "1");
    job *second = order_bytes(j, "1");
    job_cancel(first);
    job_cancel(first); /* once is enough */
    assert_int_equal(told.n, 1);
    jobs_stop(j);
    assert_int_equal(told.n, 2);
    assert_int_equal(told.how[1], JOB_CANCELLED);
    assert_string_equal(told.failure[1], "cancelled before its turn came");
    assert_false(jobs_run_next(j));
    job_free(first);
    job_free(second);
}

/* --- files of a command --- */

/* One whose name is of the call, and as long as the first argument says. */
static strata_status make_file(call *c, strata_error *err)
{
    STRBUF_AUTO strbuf bytes;
    strbuf_init(&bytes, 0);
    strbuf_repeat(&bytes, 'x', 100);
    return c->sink->file(c->sink->payload, arena_printf(c->arena, "%s.csv", call_value(c, "name")),
                         &bytes, err);
}

static strata_status run_make_file(const char *name, size_t most_bytes, command_work *w,
                                   strata_error *err)
{
    static const command_option options[] = {{.name = "name", .arg = "NAME", .help = "-"}, {0}};
    static const command_def def = {.name = "make",
                                    .summary = "-",
                                    .options = options,
                                    .answer = ANSWER_FILES,
                                    .run = make_file};
    const call_pair pair = {"name", name};
    const context cx = {.threads = 1};
    server s = {0};
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    const jobs_options kept = {
        .run = answer_bytes, .ended = note_nothing, .most_bytes = most_bytes};
    assert_ok(jobs_new(&kept, &j, err), err);
    s.jobs = j;
    *w = (command_work){.s = &s, .def = &def, .pairs = &pair, .n_pairs = 1};
    strata_status st = command_render(w, &cx, err);
    w->s = NULL;
    return st;
}

static void a_file_keeps_its_name_longer_than_the_call(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_CLEANUP(command_work_done) command_work w;
    assert_ok(run_make_file("accounts", 0, &w, &err), &err);
    assert_int_equal(w.n_files, 1);
    assert_string_equal(w.files[0].name, "accounts.csv");
    assert_memory_equal(w.files[0].type, "text/csv;", 9);
}

static void files_that_nobody_could_keep_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_CLEANUP(command_work_done) command_work w;
    assert_int_equal(run_make_file("accounts", 1 << 20, &w, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "more than the 1 MB that this server keeps of jobs"));
    assert_int_equal(w.n_files, 0);
}

/* --- turns --- */

static strata_status add_one(void *payload, const volatile sig_atomic_t *cancelled,
                             strata_error *err)
{
    (void)cancelled;
    (void)err;
    ++*(int *)payload;
    return STRATA_OK;
}

static strata_status until_cancelled(void *payload, const volatile sig_atomic_t *cancelled,
                                     strata_error *err)
{
    (void)payload;
    while (*cancelled == 0) {
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000L}, NULL);
    }
    return strata_fail(err, STRATA_E_CANCELLED, "cancelled");
}

static bool at_once(void *payload)
{
    (void)payload;
    return true;
}

static void turns_end_when_nobody_waits_for_them(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(compute_free) compute *c = NULL;
    int done = 0;
    assert_ok(compute_new(&c, &err), &err);
    const compute_task count = {.run = add_one, .payload = &done};
    assert_ok(compute_do(c, &count, &err), &err);
    assert_int_equal(done, 1);
    const compute_task gone = {.run = until_cancelled, .gone = at_once};
    assert_int_equal(compute_do(c, &gone, &err), STRATA_E_CANCELLED);
    assert_string_equal(err.message, "the client has hung up");
    const compute_task slow = {.run = until_cancelled, .limit_s = 1};
    assert_int_equal(compute_do(c, &slow, &err), STRATA_E_CANCELLED);
    assert_non_null(strstr(err.message, "as a job"));
    compute_stop(c);
    assert_int_equal(compute_do(c, &count, &err), STRATA_E_CANCELLED);
    assert_int_equal(done, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_objects_of_plain_values),
        cmocka_unit_test(the_oldest_results_make_room),
        cmocka_unit_test(files_that_were_handed_over_make_room_last),
        cmocka_unit_test(what_a_job_says_too_much_is_counted),
        cmocka_unit_test(a_job_whose_turn_never_came_has_an_end_too),
        cmocka_unit_test(turns_end_when_nobody_waits_for_them),
        cmocka_unit_test(a_file_keeps_its_name_longer_than_the_call),
        cmocka_unit_test(files_that_nobody_could_keep_are_refused),
    };
    return cmocka_run_group_tests_name("serve jobs", tests, NULL, NULL);
}
