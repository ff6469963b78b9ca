/* SPDX-License-Identifier: Apache-2.0 */
/* What takes longer than a second says how far it is, on standard error: one line that is redrawn
 * on a terminal; elsewhere a line every ten seconds. What was told last is shown by a thread of its
 * own, since the next thing told may come long after the first second. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "cli/cli.h"

enum { BAR_WIDTH = 24, WHAT_BYTES = 64, TICK_MS = 100, LOG_EVERY_S = 10 };

struct cli_progress {
    bool quiet, terminal;
    double started_s;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t ticker;
    /* Below: with the lock. */
    bool ticking, ending, drawn;
    double shown_s;
    char what[WHAT_BYTES]; /* "": nothing was told yet */
    uint64_t done, total;
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

strata_status cli_progress_new(bool quiet, cli_progress **out, strata_error *err)
{
    cli_progress *p = STRATA_NEW_ARRAY(1, cli_progress);
    pthread_condattr_t clock;
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    /* Nothing in this program changes its environment. */
    const char *term = getenv("TERM"); /* NOLINT(concurrency-mt-unsafe) */
    p->quiet = quiet;
    p->terminal = isatty(STDERR_FILENO) != 0 && !(term != NULL && strcmp(term, "dumb") == 0);
    p->started_s = now_s();
    p->shown_s = p->terminal ? 0.0 : p->started_s;
    (void)pthread_condattr_init(&clock);
    (void)pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&p->lock, NULL);
    (void)pthread_cond_init(&p->changed, &clock);
    (void)pthread_condattr_destroy(&clock);
    *out = p;
    return STRATA_OK;
}

/* --- with the lock held --- */

static void clear_line(cli_progress *p)
{
    if (p->drawn) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        p->drawn = false;
    }
}

static void draw(const char *what, double share)
{
    char bar[BAR_WIDTH + 1];
    for (int i = 0; i < BAR_WIDTH; i++) {
        bar[i] = (double)i < share * BAR_WIDTH ? '#' : '.';
    }
    bar[BAR_WIDTH] = '\0';
    (void)fprintf(stderr, "\r\033[K[%s] %3.0f %%  %.60s", bar, share * 100.0, what);
    (void)fflush(stderr);
}

static void show(cli_progress *p)
{
    double t = now_s();
    double every = p->terminal ? TICK_MS * 0.001 : LOG_EVERY_S;
    if (p->what[0] == '\0' || t - p->started_s < 1.0 || t - p->shown_s < every) {
        return;
    }
    p->shown_s = t;
    double share = p->total > 0 ? (double)p->done / (double)p->total : 0.0;
    if (p->terminal && p->total > 0) {
        draw(p->what, share < 1.0 ? share : 1.0);
    } else if (p->terminal) {
        (void)fprintf(stderr, "\r\033[K%.60s: %llu", p->what, (unsigned long long)p->done);
        (void)fflush(stderr);
    } else if (p->total > 0) {
        (void)fprintf(stderr, "strata: %s: %.0f %%\n", p->what, share * 100.0);
    } else {
        (void)fprintf(stderr, "strata: %s: %llu\n", p->what, (unsigned long long)p->done);
    }
    p->drawn = p->terminal;
}

/* --- */

static void *tick(void *payload)
{
    cli_progress *p = payload;
    struct timespec at;
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    (void)pthread_mutex_lock(&p->lock);
    while (!p->ending) {
        at.tv_nsec += TICK_MS * 1000000L;
        at.tv_sec += at.tv_nsec / 1000000000L;
        at.tv_nsec %= 1000000000L;
        (void)pthread_cond_timedwait(&p->changed, &p->lock, &at);
        if (!p->ending) {
            show(p);
        }
    }
    (void)pthread_mutex_unlock(&p->lock);
    return NULL;
}

/* Without signals: they are for the thread that waits for them. */
static bool start_ticker(cli_progress *p)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&p->ticker, NULL, tick, p) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void cli_progress_tell(void *payload, const char *what, uint64_t done, uint64_t total)
{
    cli_progress *p = payload;
    if (p->quiet) {
        return;
    }
    (void)pthread_mutex_lock(&p->lock);
    (void)snprintf(p->what, sizeof p->what, "%s", what);
    p->done = done;
    p->total = total;
    if (!p->ticking && !p->ending) {
        p->ticking = start_ticker(p); /* without it, shown here */
    }
    if (!p->ending) {
        show(p);
    }
    (void)pthread_mutex_unlock(&p->lock);
}

void cli_progress_notice(void *payload, const char *text)
{
    cli_progress *p = payload;
    if (!p->quiet) {
        (void)pthread_mutex_lock(&p->lock);
        clear_line(p);
        (void)fprintf(stderr, "strata: %s\n", text);
        (void)pthread_mutex_unlock(&p->lock);
    }
}

void cli_progress_end(cli_progress *p)
{
    (void)pthread_mutex_lock(&p->lock);
    bool ticking = p->ticking;
    p->ticking = false;
    p->ending = true;
    clear_line(p);
    (void)pthread_cond_signal(&p->changed);
    (void)pthread_mutex_unlock(&p->lock);
    if (ticking) {
        (void)pthread_join(p->ticker, NULL);
    }
}

void cli_progress_free(cli_progress *p)
{
    if (p != NULL) {
        cli_progress_end(p);
        (void)pthread_cond_destroy(&p->changed);
        (void)pthread_mutex_destroy(&p->lock);
        free(p);
    }
}
