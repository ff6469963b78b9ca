/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PROJECT_PROJECT_H
#define STRATA_PROJECT_PROJECT_H

/* A project folder opened for work: strata.yaml, strata.duckdb, the portfolio
 * out of it and the model bound to it. What every command starts with. */

#include "base/arena.h"
#include "base/context.h"
#include "model/bind.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"
#include "source/ledger/store.h"
#include "store/store.h"

/* The accounts of a project, kept in memory between openings for callers that ask many things. The
 * store itself is let go of after each, so that other programs may write to it. Callers that share
 * one must take turns. Starts as zeros. */
typedef struct project_keep {
    portfolio *portfolio; /* NULL: none yet */
    uint64_t file[5]; /* what the store's file was when it was loaded: device, number, size, time */
    /* Told before the portfolio goes, by those who hold something over it; NULL: nobody. */
    void (*leaving)(void *payload);
    /* Told of each strata.yaml that is read; NULL: nobody. */
    void (*read)(void *payload, const model *m);
    void *payload;
} project_keep;

void project_keep_done(project_keep *k);

typedef struct project_options {
    const char *folder;       /* with strata.yaml and strata.duckdb; NULL: the current one */
    const char *memory_limit; /* of the store; NULL: its default */
    int wait_s;               /* for a locked store; 0: the default, -1: not at all */
    project_keep *keep;       /* NULL: nothing is kept */
    /* A model in place of strata.yaml, which may be broken then; it comes from elsewhere, so
     * model_parse_contained() reads it. NULL: none. */
    const char *text;
    size_t text_len;
} project_options;

typedef struct project {
    context cx;
    arena *arena;
    const char *folder, *model_path, *store_path, *rejects_path;
    project_options options;
    model *model;
    /* Below: NULL until project_load(). */
    store *store;
    ledger_store *ledgers;
    portfolio *portfolio;
    bound_model *bound;
    override_set overrides;
} project;

/* Loads the model file. STRATA_E_NOTFOUND when the folder has none: says how to make one. */
STRATA_MUST_CHECK strata_status project_open(const context *cx, const project_options *options,
                                             project **out, strata_error *err);
void project_close(project *p);
STRATA_DEFINE_AUTO(project, project_close)

/* Opens the store for reading, p->store, and loads nothing. STRATA_E_NOTFOUND when nothing was
 * ingested yet. */
STRATA_MUST_CHECK strata_status project_open_reader(project *p, strata_error *err);

/* Opens the store for reading, loads the portfolio, binds the model and reads the
 * pins. STRATA_E_NOTFOUND when nothing was ingested yet. With options.keep the portfolio is
 * the one kept if the store's file is as it was, and stays there. */
STRATA_MUST_CHECK strata_status project_load(project *p, strata_error *err);

/* Opens the store for writing; the caller closes it. Lets go of what project_load() holds of the
 * store (a process opens it once); the portfolio stays, but can no longer be swept. */
STRATA_MUST_CHECK strata_status project_open_writer(project *p, store **out, strata_error *err);

/* Lets go of what project_load() holds of the store, so that others may write; the portfolio and
 * the model stay, but can no longer be swept. */
void project_rest(project *p);

/* Another model over the same portfolio, as `plan` compares them: bound, with its own pins. */
STRATA_MUST_CHECK strata_status project_bind(project *p, const model *m, bound_model **bound,
                                             override_set *overrides, strata_error *err);

#endif
