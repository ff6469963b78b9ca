/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BENCH_PEER_OPTIONS_H
#define STRATA_BENCH_PEER_OPTIONS_H

/* The command line of benchmarks that run a store against SQL:
 * STORE PEER.sql [--threads N] [--repeat N] [--dump FOLDER] */

#include <stdbool.h>
#include <string.h>

#include "base/number.h"

typedef struct options {
    const char *store, *sql, *dump;
    int threads, repeat;
} options;

/* A whole number from 1 to 1024; 0 when the text is none. */
static inline int whole(const char *text)
{
    double x = 0;
    return number_parse(text, strlen(text), &x) && x >= 1 && x <= 1024 ? (int)x : 0;
}

/* False for anything else; what is not given stays. */
static inline bool read_options(int argc, char **argv, options *o)
{
    if (argc < 3 || argc % 2 == 0) {
        return false;
    }
    o->store = argv[1];
    o->sql = argv[2];
    for (int a = 3; a + 1 < argc; a += 2) {
        if (strcmp(argv[a], "--threads") == 0) {
            o->threads = whole(argv[a + 1]);
        } else if (strcmp(argv[a], "--repeat") == 0) {
            o->repeat = whole(argv[a + 1]);
        } else if (strcmp(argv[a], "--dump") == 0) {
            o->dump = argv[a + 1];
        } else {
            return false;
        }
    }
    return o->threads > 0 && o->repeat > 0;
}

#endif
