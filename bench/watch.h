/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BENCH_WATCH_H
#define STRATA_BENCH_WATCH_H

/* How long something takes and how much memory it took, for every benchmark. */

#include <sys/resource.h>
#include <time.h>

typedef struct timing {
    double wall, cpu; /* seconds; all 0: nothing was timed yet */
} timing;

static inline double seconds(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline timing now(void)
{
    return (timing){seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
}

static inline timing since(timing begin)
{
    timing end = now();
    return (timing){end.wall - begin.wall, end.cpu - begin.cpu};
}

/* The least of each, of what was timed before and what has passed since `begin`. */
static inline void keep_best(timing begin, timing *best)
{
    timing took = since(begin);
    best->wall = best->wall <= 0 || took.wall < best->wall ? took.wall : best->wall;
    best->cpu = best->cpu <= 0 || took.cpu < best->cpu ? took.cpu : best->cpu;
}

/* Of this process so far. */
static inline double peak_mb(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

#endif
