/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_SOURCE_H
#define STRATA_SOURCE_SOURCE_H

/* From a company's files to ledgers in the store. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "base/digest.h"
#include "model/model.h"
#include "store/store.h"

typedef struct ingest_options {
    bool strict;              /* the first refused row fails the ingest */
    bool force;               /* read every file again, changed or not */
    const char *rejects_path; /* CSV of refused rows, written when there are any; NULL: none */
} ingest_options;

typedef struct ingest_source_summary {
    const char *entity; /* "usage" */
    const char *path;   /* as the model has it */
    size_t n_files;
    int64_t n_read, n_loaded, n_rejected;
    int64_t n_left_out; /* by `keep` */
    int64_t n_unknown_accounts;
    bool unchanged;          /* not read again */
    day first_day, last_day; /* of the rows; DAY_MISSING: none */
} ingest_source_summary;

/* One kind of oddity of rows that were loaded all the same. */
typedef struct ingest_finding {
    const char *entity;
    const char *kind; /* "future_rows" */
    int64_t n;
    const char *example;
} ingest_finding;

/* Rows refused for one reason, with the first of them. */
typedef struct ingest_reason {
    const char *entity, *column, *reason;
    int64_t n;
    const char *path;
    int64_t line;
    const char *value; /* NULL: none */
} ingest_reason;

typedef struct ingest_summary {
    const ingest_source_summary *sources; /* in the model's order */
    size_t n_sources;
    const ingest_finding *findings;
    size_t n_findings;
    const ingest_reason *reasons; /* the most frequent first; of ingest_status() only */
    size_t n_reasons;
    int64_t n_accounts;
    bool
        accounts_derived; /* there is no accounts source: they are the customers of orders or ARR */
    bool changed;         /* anything was read */
    char data_digest[DIGEST_TEXT];
} ingest_summary;

/* Reads what changed of the model's sources, checks it, and replaces the facts in the store: all of
 * it in one transaction, so that a failure, an interruption or a crash leaves the former state.
 * Strings of *out are allocated in `a`.
 *
 * STRATA_E_MODEL   a source, a column or a rate that is not there
 * STRATA_E_DATA    a file that cannot be understood, more refused rows than allowed, circles of
 * parents STRATA_E_IO      an unreadable file, a full disk STRATA_E_CANCELLED, STRATA_E_NOMEM,
 * STRATA_E_STORE */
STRATA_MUST_CHECK strata_status ingest_run(const context *cx, store *s, const model *m,
                                           const ingest_options *options, arena *a,
                                           ingest_summary *out, strata_error *err);

/* The same summary of what is in the store, without reading any file. */
STRATA_MUST_CHECK strata_status ingest_status(store *s, const model *m, arena *a,
                                              ingest_summary *out, strata_error *err);

#endif
