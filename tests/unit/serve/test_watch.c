/* SPDX-License-Identifier: Apache-2.0 */
/* Clients that take their time, as the server sees them. */
#include "strata_test.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "serve/jobs.h"
#include "serve/watch.h"

enum { CLIENTS = 16 };

typedef struct client {
    int ends[2]; /* the server's, the client's */
    watched *seen;
} client;

static client connect_to(watch *w)
{
    client c = {.ends = {-1, -1}};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, c.ends), 0);
    c.seen = watch_begin(w, c.ends[0]);
    assert_non_null(c.seen);
    return c;
}

static void leave(watch *w, client *c)
{
    watch_end(w, c->seen);
    (void)close(c->ends[0]);
    (void)close(c->ends[1]);
}

/* Whether the server ends it within that time. */
static bool is_let_go(const client *c, int ms)
{
    struct pollfd p = {.fd = c->ends[1], .events = POLLIN};
    return poll(&p, 1, ms) > 0;
}

static void requests_and_replies_have_their_time(void **state)
{
    (void)state;
    enum { PATIENCE_MS = 1000, LARGE = 40 << 20 };
    const watch_options options = {.patience_s = PATIENCE_MS / 1000, .many = 100};
    strata_error err = {0};
    STRATA_AUTO(watch_free) watch *w = NULL;
    assert_ok(watch_new(&options, &w, &err), &err);
    client sends = connect_to(w);
    client waits = connect_to(w);
    client takes = connect_to(w);
    client slow = connect_to(w);
    watch_answering(w, waits.seen);
    watch_sending(w, takes.seen, LARGE);
    watch_sending(w, slow.seen, 1000);
    assert_false(is_let_go(&sends, PATIENCE_MS / 2));
    assert_true(is_let_go(&sends, 2 * PATIENCE_MS));
    assert_true(is_let_go(&slow, 2 * PATIENCE_MS));
    assert_false(is_let_go(&waits, PATIENCE_MS / 2)); /* what is computed takes what it takes */
    assert_false(is_let_go(&takes, 0));
    client *const all[] = {&sends, &waits, &takes, &slow};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        leave(w, all[i]);
    }
}

static void the_slowest_go_when_there_are_many(void **state)
{
    (void)state;
    const watch_options options = {.patience_s = 3600, .many = CLIENTS};
    strata_error err = {0};
    STRATA_AUTO(watch_free) watch *w = NULL;
    client all[CLIENTS];
    assert_ok(watch_new(&options, &w, &err), &err);
    for (size_t i = 0; i + 1 < CLIENTS; i++) {
        all[i] = connect_to(w);
    }
    assert_false(is_let_go(&all[0], 1500)); /* there is room */
    all[CLIENTS - 1] = connect_to(w);
    watch_answering(w, all[1].seen);
    assert_true(is_let_go(&all[0], 1000));
    assert_false(is_let_go(&all[1], 0));
    assert_false(is_let_go(&all[CLIENTS - 1], 0)); /* it has just come */
    for (size_t i = 0; i < CLIENTS; i++) {
        leave(w, &all[i]);
    }
}

static void what_is_not_watched_does_no_harm(void **state)
{
    (void)state;
    const watch_options options = {.patience_s = 1, .many = 1};
    strata_error err = {0};
    STRATA_AUTO(watch_free) watch *w = NULL;
    assert_ok(watch_new(&options, &w, &err), &err);
    watch_receiving(w, NULL);
    watch_answering(w, NULL);
    watch_sending(w, NULL, 1);
    watch_end(w, NULL);
    watch_free(NULL);
}

/* --- those who follow jobs --- */

static void never_told(void *payload, const job_order *order, job_state how, const char *failure)
{
    (void)payload;
    (void)order;
    (void)how;
    (void)failure;
}

static void only_so_many_follow_jobs(void **state)
{
    (void)state;
    enum { MOST = 64 };
    const jobs_options options = {.ended = never_told};
    job_order order = {.def = &command_accounts};
    job *following[MOST];
    strata_error err = {0};
    STRATA_AUTO(jobs_free) jobs *j = NULL;
    STRATA_AUTO(job_free) job *b = NULL;
    assert_ok(jobs_new(&options, &j, &err), &err);
    job_name(&order);
    assert_ok(jobs_add(j, &order, &b, &err), &err);
    for (size_t i = 0; i < MOST; i++) {
        following[i] = job_follow(b);
        assert_ptr_equal(following[i], b);
    }
    assert_null(job_follow(b));
    job_unfollow(following[0]);
    following[0] = job_follow(b);
    assert_non_null(following[0]);
    for (size_t i = 0; i < MOST; i++) {
        job_unfollow(following[i]);
    }
    job_unfollow(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_and_replies_have_their_time),
        cmocka_unit_test(the_slowest_go_when_there_are_many),
        cmocka_unit_test(what_is_not_watched_does_no_harm),
        cmocka_unit_test(only_so_many_follow_jobs),
    };
    return cmocka_run_group_tests_name("serve watch", tests, NULL, NULL);
}
