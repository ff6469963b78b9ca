/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_SYNTH_H
#define STRATA_SYNTH_SYNTH_H

/* An invented portfolio with known truth: a project folder of CSV exports, a
 * strata.yaml and truth.csv. docs/synthetic-data.md describes the model. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/context.h"
#include "base/day.h"

enum { SYNTH_ACCOUNTS_MAX = 1000000, SYNTH_YEARS_MAX = 20 };

/* symbol, name of the entity; the file is the name + ".csv" */
#define SYNTH_FILE_LIST(X)                                                                         \
    X(SYNTH_ACCOUNTS, "accounts")                                                                  \
    X(SYNTH_SUBSCRIPTIONS, "subscriptions")                                                        \
    X(SYNTH_USAGE, "usage")                                                                        \
    X(SYNTH_TICKETS, "tickets")                                                                    \
    X(SYNTH_SURVEYS, "surveys")                                                                    \
    X(SYNTH_CONTACTS, "contacts")                                                                  \
    X(SYNTH_TOUCHPOINTS, "touchpoints")                                                            \
    X(SYNTH_OPPORTUNITIES, "opportunities")                                                        \
    X(SYNTH_CSMS, "csms")                                                                          \
    X(SYNTH_HEALTH, "health")                                                                      \
    X(SYNTH_INTERVENTIONS, "interventions")                                                        \
    X(SYNTH_TRUTH, "truth")

#define SYNTH_FILE_ENUM(sym, name) sym,
typedef enum synth_file { SYNTH_FILE_LIST(SYNTH_FILE_ENUM) SYNTH_FILE_COUNT } synth_file;
#undef SYNTH_FILE_ENUM

typedef enum synth_dirt {
    SYNTH_DIRT_DUPLICATE, /* an account row twice */
    SYNTH_DIRT_NUMBER,    /* a usage row whose count is no number */
    SYNTH_DIRT_DATE,      /* a ticket opened on a day that does not exist */
    SYNTH_DIRT_UNKNOWN,   /* a usage row of an account that is not in accounts.csv */
    SYNTH_DIRT_MISSING,   /* an account without industry and employees */
    SYNTH_DIRT_COUNT
} synth_dirt;

typedef struct synth_options {
    size_t accounts;     /* 1 .. SYNTH_ACCOUNTS_MAX */
    uint64_t seed;       /* of every number in the files */
    int years;           /* window of dated activity, 1 .. SYNTH_YEARS_MAX, up to `ends` */
    day ends;            /* last day with data */
    double dirt;         /* chance per account of each kind of dirt, 0 .. 0.1 */
    unsigned only;       /* bit 1u << synth_file per file wanted; 0: all of them */
    uint64_t usage_rows; /* about so many usage rows in total; 0: as many as the model gives */
    bool force;          /* write into a folder that holds something, replacing equal names only */
} synth_options;

typedef struct synth_summary {
    uint64_t rows[SYNTH_FILE_COUNT]; /* without headers; 0 for files not wanted */
    uint64_t bytes;                  /* of all CSV files */
    uint64_t dirt[SYNTH_DIRT_COUNT]; /* what went into the files */
    uint64_t customers;              /* accounts with a subscription on `ends` */
    int64_t arr_cents;               /* of those, yearly */
    uint64_t churns, reactivations;  /* in the whole history */
    double expected_churns;          /* sum of the true monthly hazards */
} synth_summary;

/* 5,000 accounts, seed 1, 3 years up to 2026-06-30, a dirt share of 0.2 %, all files. */
synth_options synth_defaults(void);

/* "usage"; NULL when `f` is no file. */
const char *synth_file_name(synth_file f);
/* Bits for `only` from "usage,accounts"; E_USAGE with the nearest name otherwise. */
STRATA_MUST_CHECK strata_status synth_parse_only(const char *list, unsigned *out,
                                                 strata_error *err);

/* Writes the folder `dir`. Works in a folder beside it, renamed at the end, so
 * nothing is left behind by a failure; a folder that holds something is refused
 * unless `force`, and then only files of the names written here are replaced.
 * The bytes depend on `options` alone, and account k on seed, years, ends and k
 * only. E_USAGE: an option out of range, or the folder in use; E_IO: cannot
 * write; E_NOMEM; E_CANCELLED. `out` may be NULL. */
STRATA_MUST_CHECK strata_status synth_write(const context *cx, const synth_options *options,
                                            const char *dir, synth_summary *out, strata_error *err);

#endif
