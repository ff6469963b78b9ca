/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <zlib.h>

#include "base/file.h"
#include "serve/parts.h"

/* --- addresses --- */

typedef struct target {
    const char *path;
    const call_pair *query;
    size_t n;
} target;

static strata_status read_target(arena *a, const char *text, target *t)
{
    strata_error err = {0};
    return http_target(a, text, &t->path, &t->query, &t->n, &err);
}

static void addresses_are_decoded(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    target t = {0};
    assert_ok(arena_new(&a, &err), &err);
    assert_int_equal(read_target(a, "/v1/a%20b+c?where=arr+%3E+5k%26&wide&&x=%C3%A9&e=", &t),
                     STRATA_OK);
    assert_string_equal(t.path, "/v1/a b+c");
    assert_int_equal(t.n, 4);
    assert_string_equal(t.query[0].name, "where");
    assert_string_equal(t.query[0].value, "arr > 5k&");
    assert_string_equal(t.query[1].value, "");
    assert_string_equal(t.query[2].value, "\xc3\xa9");
    assert_string_equal(t.query[3].name, "e");
}

static void addresses_that_are_none_are_refused(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(arena_free) arena *a = NULL;
    assert_ok(arena_new(&a, &err), &err);
    static const char *const wrong[] = {"",           "v1",
                                        "/%",         "/%4",
                                        "/%4g",       "/%00",
                                        "/a?b=%0",    "/a?b=%ff",
                                        "/\x01",      "/%c0%af",
                                        "/%ed%a0%80", "/%f4%90%80%80",
                                        "/%e0%80%80", "/%f0%80%80%80",
                                        "/%e2%82",    "/a?%7f=1"};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        target t = {0};
        if (read_target(a, wrong[i], &t) != STRATA_E_USAGE) {
            fail_msg("'%s' was taken", wrong[i]);
        }
        assert_null(t.path);
    }
}

static void headers_are_lists(void **state)
{
    (void)state;
    assert_true(http_takes("gzip", "gzip"));
    assert_true(http_takes("br, GZIP ;q=0.5", "gzip"));
    assert_false(http_takes("br, gzip;q=0", "gzip"));
    assert_false(http_takes("gzip; q=0.000", "gzip"));
    assert_true(http_takes("gzip; q=0.001", "gzip"));
    assert_false(http_takes("xgzip", "gzip"));
    assert_false(http_takes(NULL, "gzip"));
    assert_true(http_has_tag("\"a\", W/\"b\"", "\"b\""));
    assert_true(http_has_tag("*", "\"b\""));
    assert_false(http_has_tag("\"a\"", "\"b\""));
    assert_false(http_has_tag("*", ""));
    assert_false(http_has_tag(NULL, "\"b\""));
}

static void the_heaviest_form_is_chosen(void **state)
{
    (void)state;
    answer_form f = {0};
    static const struct {
        const char *accept;
        render_format format;
    } cases[] = {{NULL, RENDER_JSON},
                 {"*/*", RENDER_JSON},
                 {"text/html,application/xhtml+xml,*/*;q=0.8", RENDER_HTML},
                 {"text/csv;q=0.9, text/html;q=0.2", RENDER_CSV},
                 {"application/json;q=0, */*;q=0.1", RENDER_HTML},
                 {"text/*", RENDER_HTML},
                 {"text/markdown; charset=utf-8", RENDER_MARKDOWN}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(form_find(cases[i].accept, false, &f));
        assert_int_equal(f.format, cases[i].format);
    }
    assert_false(form_find("image/png", false, &f));
    assert_false(form_find("*/*;q=0", false, &f));
    assert_false(form_find("application/vnd.apache.parquet", false, &f));
    assert_true(form_find("application/vnd.apache.parquet", true, &f));
    assert_string_equal(f.ending, "parquet");
    assert_false(form_find("text/html", true, &f));
    assert_true(form_of_ending("xlsx", &f));
    assert_false(form_of_ending("exe", &f));
    assert_string_equal(form_type_of("accounts.csv"), "text/csv; charset=utf-8; header=present");
}

static void compressed_text_reads_back(void **state)
{
    (void)state;
    STRBUF_AUTO strbuf packed;
    strbuf_init(&packed, 0);
    static char text[200000];
    static char back[200000];
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)('a' + i * i % 23);
    }
    assert_true(http_gzip(text, sizeof text, &packed));
    assert_true(packed.len < sizeof text);
    z_stream z = {.next_in = (unsigned char *)packed.text,
                  .avail_in = (uInt)packed.len,
                  .next_out = (unsigned char *)back,
                  .avail_out = sizeof back};
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    (void)inflateEnd(&z);
    assert_int_equal(z.total_out, sizeof text);
    assert_memory_equal(text, back, sizeof text);
}

static void weights_are_thousandths(void **state)
{
    (void)state;
    static const struct {
        const char *element;
        int weight;
    } cases[] = {{"br", 1000},     {"br;q=0.5", 500}, {"br; Q=0.001", 1},
                 {"br;q=7", 1000}, {"br;q=0", 0},     {"br;q=", 1000},
                 {"seq=0", 1000},  {"q=0", 1000},     {"a;b=c;q=0.25", 250}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(http_weight(cases[i].element, strlen(cases[i].element)), cases[i].weight);
    }
}

/* --- the cache --- */

static http_bytes *bytes_of(size_t n)
{
    strbuf text;
    strbuf_init(&text, 0);
    strbuf_repeat(&text, 'x', n);
    return http_bytes_take(&text);
}

static void key_of(int i, char key[CACHE_KEY + 1])
{
    (void)snprintf(key, CACHE_KEY + 1, "%064d", i);
}

static void the_cache_keeps_what_was_used_last(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(cache_free) cache *c = NULL;
    char key[CACHE_KEY + 1];
    assert_ok(cache_new(1000, &c, &err), &err);
    for (int i = 0; i < 20; i++) {
        key_of(i, key);
        http_bytes *b = bytes_of(100);
        cache_add(c, key, b);
        http_bytes_free(b);
        key_of(0, key); /* the first is used again and again */
        http_bytes_free(cache_find(c, key));
    }
    assert_int_equal(cache_bytes(c), 1000);
    for (int i = 0; i < 20; i++) {
        key_of(i, key);
        http_bytes *found = cache_find(c, key);
        assert_int_equal(found != NULL, i == 0 || i > 10);
        http_bytes_free(found);
    }
    http_bytes *large = bytes_of(126); /* more than an eighth */
    key_of(99, key);
    cache_add(c, key, large);
    assert_null(cache_find(c, key));
    http_bytes_free(large);
}

/* --- who asks --- */

static void only_names_of_this_machine_are_its_own(void **state)
{
    (void)state;
    static const char *const own[] = {"localhost", "LOCALHOST:80", "127.0.0.1:8484", "[::1]:8484",
                                      "127.1.2.3"};
    static const char *const others[] = {
        "evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]",
        "10.0.0.1",     "127.0.0.1@evil.example"};
    for (size_t i = 0; i < COUNT(own); i++) {
        assert_true(host_is_this_machine(own[i]));
    }
    for (size_t i = 0; i < COUNT(others); i++) {
        assert_false(host_is_this_machine(others[i]));
    }
    assert_false(host_is_this_machine(NULL));
    assert_true(origin_is_own("http://localhost:80", "localhost:80", false));
    assert_false(origin_is_own("http://localhost:80", "localhost:80", true));
    assert_false(origin_is_own("http://localhost:81", "localhost:80", false));
    assert_false(origin_is_own("null", "localhost:80", false));
    assert_false(origin_is_own("http://localhost", NULL, false));
}

static void cursors_are_read_or_refused(void **state)
{
    (void)state;
    char mark[17];
    size_t from = 0;
    assert_true(cursor_read("0123456789abcdef-42", mark, &from));
    assert_string_equal(mark, "0123456789abcdef");
    assert_int_equal(from, 42);
    static const char *const wrong[] = {"",
                                        "0123456789abcdef",
                                        "0123456789abcdef-",
                                        "0123456789abcdef-x",
                                        "0123456789abcdef--1",
                                        "0123456789abcdeF-1",
                                        "0123456789abcdef-1234567890",
                                        "0123456789abcdef-1 "};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_false(cursor_read(wrong[i], mark, &from));
    }
}

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

/* --- notices --- */

static void more_than_a_header_holds_is_counted(void **state)
{
    (void)state;
    notices n;
    char sentence[400];
    notices_init(&n);
    assert_null(notices_header(&n));
    notices_add(&n, "one, two");
    assert_string_equal(notices_header(&n), "one%2C two");
    memset(sentence, 'x', sizeof sentence);
    sentence[sizeof sentence - 1] = '\0';
    for (int i = 0; i < 12; i++) {
        notices_add(&n, sentence);
    }
    notices_add(&n, "short"); /* not before what is left out */
    const char *all = notices_header(&n);
    assert_non_null(all);
    assert_true(strlen(all) <= NOTICES_HEADER_BYTES);
    assert_int_equal(strncmp(all, "one%2C two, xxx", 15), 0);
    assert_string_equal(strrchr(all, ','), ", and 4 more that the command line shows");
    size_t entries = 1;
    for (const char *c = all; *c != '\0'; c++) {
        entries += *c == ',';
    }
    assert_int_equal(entries, 1 + 9 + 1);
    assert_string_equal(notices_header(&n), all); /* asked twice */
    notices_put_kept(&n, "kept");
    assert_string_equal(notices_header(&n), "kept");
    notices_done(&n);
}

static void one_that_no_header_holds_is_counted_too(void **state)
{
    (void)state;
    notices n;
    char sentence[NOTICES_HEADER_BYTES];
    notices_init(&n);
    memset(sentence, 'x', sizeof sentence);
    sentence[sizeof sentence - 1] = '\0';
    notices_add(&n, sentence);
    assert_string_equal(notices_header(&n), "and 1 more that the command line shows");
    notices_done(&n);
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

/* --- tokens --- */

static void tokens_are_known_by_their_hash_only(void **state)
{
    (void)state;
    strata_error err = {0};
    char folder[] = "/tmp/strata-serve-XXXXXX";
    char path[64];
    char token[TOKEN_TEXT_MAX];
    token_info who = {0};
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/tokens", folder);
    STRATA_AUTO(token_guard_free) token_guard *g = NULL;
    assert_int_equal(token_guard_new(path, &g, &err), STRATA_E_IO);
    assert_ok(token_add(path, "ann", ACCESS_ANALYST, token, &err), &err);
    assert_int_equal(token_add(path, "ann", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_int_equal(token_add(path, "a b", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_int_equal(token_add(path, "", ACCESS_ANALYST, token, &err), STRATA_E_USAGE);
    assert_ok(token_guard_new(path, &g, &err), &err);
    for (int i = 0; i < 2; i++) { /* once by the hash, once as known */
        assert_ok(token_guard_ask(g, token, &who, &err), &err);
        assert_int_equal(who.role, ACCESS_ANALYST);
        assert_string_equal(who.name, "ann");
    }
    token[5] ^= 1;
    assert_ok(token_guard_ask(g, token, &who, &err), &err);
    assert_int_equal(who.role, ACCESS_NONE);
    assert_ok(token_remove(path, "ann", &err), &err);
    assert_int_equal(token_remove(path, "ann", &err), STRATA_E_NOTFOUND);
    assert_ok(file_write(path, "ann admin nothing\n", 18, &err), &err);
    token_info *list = NULL;
    size_t n = 0;
    assert_int_equal(token_list(path, &list, &n, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "tokens:1:"));
    (void)unlink(path);
    (void)rmdir(folder);
}

static void the_state_of_a_folder_is_that_of_its_files(void **state)
{
    (void)state;
    strata_error err = {0};
    char folder[] = "/tmp/strata-serve-XXXXXX";
    char path[64];
    char log[64];
    char before[DIGEST_TEXT];
    char after[DIGEST_TEXT];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/strata.yaml", folder);
    (void)snprintf(log, sizeof log, "%s/strata-audit.jsonl", folder);
    state_of_folder(folder, before);
    assert_ok(file_write(path, "a", 1, &err), &err);
    state_of_folder(folder, after);
    assert_string_not_equal(before, after);
    assert_ok(file_write(log, "a", 1, &err), &err); /* the server's own log decides nothing */
    state_of_folder(folder, before);
    assert_string_equal(before, after);
    assert_ok(file_write(path, "b", 1, &err), &err);
    state_of_folder(folder, before);
    assert_string_not_equal(before, after);
    (void)unlink(path);
    (void)unlink(log);
    (void)rmdir(folder);
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

/* --- tables that are handed out page by page --- */

static void make_rows(json_rows *r, size_t n)
{
    json_rows_init(r);
    strbuf_add(&r->columns, "[]");
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&r->rows, "[%zu]", i);
        assert_true(vec_push(&r->ends, r->rows.len));
    }
}

static void the_tables_used_last_are_kept(void **state)
{
    (void)state;
    tables kept = {0};
    char key[DIGEST_TEXT] = "table 0";
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i <= TABLES_KEPT; i++) {
        json_rows rows;
        make_rows(&rows, i + 3);
        (void)snprintf(key, sizeof key, "table %zu", i);
        assert_int_equal(tables_keep(&kept, key, &rows)->ends.n, i + 3);
        assert_int_equal(rows.ends.n, 0);
        assert_non_null(tables_find(&kept, "table 0"));
        json_rows_done(&rows);
    }
    assert_null(tables_find(&kept, "table 1"));
    const json_rows *found = tables_find(&kept, "table 2");
    assert_non_null(found);
    json_rows_put(found, 1, 3, &out);
    assert_string_equal(strbuf_text(&out), "\n[1],\n[2]");
    tables_clear(&kept);
    assert_null(tables_find(&kept, "table 2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_decoded),
        cmocka_unit_test(addresses_that_are_none_are_refused),
        cmocka_unit_test(headers_are_lists),
        cmocka_unit_test(the_heaviest_form_is_chosen),
        cmocka_unit_test(weights_are_thousandths),
        cmocka_unit_test(compressed_text_reads_back),
        cmocka_unit_test(the_cache_keeps_what_was_used_last),
        cmocka_unit_test(only_names_of_this_machine_are_its_own),
        cmocka_unit_test(cursors_are_read_or_refused),
        cmocka_unit_test(orders_are_objects_of_plain_values),
        cmocka_unit_test(the_oldest_results_make_room),
        cmocka_unit_test(files_that_were_handed_over_make_room_last),
        cmocka_unit_test(a_file_keeps_its_name_longer_than_the_call),
        cmocka_unit_test(files_that_nobody_could_keep_are_refused),
        cmocka_unit_test(what_a_job_says_too_much_is_counted),
        cmocka_unit_test(more_than_a_header_holds_is_counted),
        cmocka_unit_test(one_that_no_header_holds_is_counted_too),
        cmocka_unit_test(a_job_whose_turn_never_came_has_an_end_too),
        cmocka_unit_test(tokens_are_known_by_their_hash_only),
        cmocka_unit_test(the_state_of_a_folder_is_that_of_its_files),
        cmocka_unit_test(the_tables_used_last_are_kept),
        cmocka_unit_test(turns_end_when_nobody_waits_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
