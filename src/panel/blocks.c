/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/blocks.h"

#include "base/auto.h"
#include "base/parallel.h"
#include "panel/panel.h"

typedef struct blocks_job {
    const ledger_source *source;
    size_t n_accounts;
    uint32_t entities;
    day until;
    blocks_fn *fn;
    void *job;
} blocks_job;

/* A cursor of a source, closed on every path. */
typedef struct open_cursor {
    const ledger_source *source;
    ledger_cursor *cursor;
} open_cursor;

static void close_cursor(open_cursor *c)
{
    c->source->close(c->cursor);
}

static strata_status read_task(void *payload, size_t task, strata_error *err)
{
    const blocks_job *j = payload;
    size_t begin = task * BLOCKS_ACCOUNTS;
    size_t end = j->n_accounts - begin > BLOCKS_ACCOUNTS ? begin + BLOCKS_ACCOUNTS : j->n_accounts;
    STRATA_CLEANUP(close_cursor) open_cursor c = {.source = j->source};
    STRATA_TRY(j->source->open(j->source->self, (int32_t)begin, (int32_t)end, j->entities, j->until,
                               &c.cursor, err));
    for (size_t at = begin; at < end; at += PANEL_BLOCK) {
        ledger_block block;
        size_t n = end - at < PANEL_BLOCK ? end - at : PANEL_BLOCK;
        STRATA_TRY(j->source->read(c.cursor, (int32_t)at, n, &block, err));
        STRATA_TRY(j->fn(j->job, task, &block, err));
    }
    return STRATA_OK;
}

size_t blocks_tasks(size_t n_accounts)
{
    return (n_accounts + BLOCKS_ACCOUNTS - 1) / BLOCKS_ACCOUNTS;
}

strata_status blocks_read(const context *cx, const ledger_source *source, uint32_t entities,
                          day until, blocks_fn *fn, void *job, strata_error *err)
{
    blocks_job j = {.source = source,
                    .n_accounts = source->info(source->self)->n_accounts,
                    .entities = entities,
                    .until = until,
                    .fn = fn,
                    .job = job};
    return parallel_run(cx, blocks_tasks(j.n_accounts), read_task, &j, err);
}
