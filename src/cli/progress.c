/* SPDX-License-Identifier: Apache-2.0 */
/* What takes longer than a second says how far it is, on standard error: one line
 * that is redrawn on a terminal, a line now and then elsewhere. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "cli/cli.h"

enum { BAR_WIDTH = 24 };

struct cli_progress {
    bool quiet, terminal, drawn;
    double started_s, told_s;
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
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    /* Nothing in this program changes its environment. */
    const char *term = getenv("TERM"); /* NOLINT(concurrency-mt-unsafe) */
    p->quiet = quiet;
    p->terminal = isatty(STDERR_FILENO) != 0 && !(term != NULL && strcmp(term, "dumb") == 0);
    p->started_s = now_s();
    *out = p;
    return STRATA_OK;
}

static void clear_line(cli_progress *p)
{
    if (p->drawn) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        p->drawn = false;
    }
}

void cli_progress_free(cli_progress *p)
{
    if (p != NULL) {
        clear_line(p);
        free(p);
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

void cli_progress_tell(void *payload, const char *what, uint64_t done, uint64_t total)
{
    cli_progress *p = payload;
    double t = now_s();
    /* Nothing under a second; ten times a second on a terminal, every ten seconds in a log. */
    if (p->quiet || t - p->started_s < 1.0 || t - p->told_s < (p->terminal ? 0.1 : 10.0)) {
        return;
    }
    p->told_s = t;
    double share = total > 0 ? (double)done / (double)total : 0.0;
    if (p->terminal && total > 0) {
        draw(what, share < 1.0 ? share : 1.0);
    } else if (p->terminal) {
        (void)fprintf(stderr, "\r\033[K%.60s: %llu", what, (unsigned long long)done);
        (void)fflush(stderr);
    } else if (total > 0) {
        (void)fprintf(stderr, "strata: %s: %.0f %%\n", what, share * 100.0);
    } else {
        (void)fprintf(stderr, "strata: %s: %llu\n", what, (unsigned long long)done);
    }
    p->drawn = p->terminal;
}

void cli_progress_notice(void *payload, const char *text)
{
    cli_progress *p = payload;
    if (!p->quiet) {
        clear_line(p);
        (void)fprintf(stderr, "strata: %s\n", text);
    }
}
