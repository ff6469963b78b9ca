/* SPDX-License-Identifier: Apache-2.0 */
#include "source/usage/rows.h"

#include <math.h>
#include <stdlib.h>

#include "source/usage/runs.h"

enum { HANDED_ROWS = 1 << 16 };

struct usage_rows {
    const char *folder;
    size_t budget;
    usage_blocks held; /* those from `marked` on are the last source's */
    size_t marked;
    usage_runs runs;
    size_t marked_runs;
    usage_row *sorted; /* all rows in their final order, once finished without runs */
    size_t n_sorted;
};

strata_status usage_rows_new(const char *folder, size_t budget, usage_rows **out, strata_error *err)
{
    usage_rows *r = STRATA_NEW_ARRAY(1, usage_rows);
    if (r == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *r = (usage_rows){.folder = folder, .budget = budget, .runs = {.file = -1}};
    *out = r;
    return STRATA_OK;
}

static void drop_blocks(usage_rows *r, size_t keep)
{
    while (r->held.n > keep) {
        free(r->held.data[--r->held.n].rows);
    }
}

void usage_rows_free(usage_rows *r)
{
    if (r != NULL) {
        drop_blocks(r, 0);
        vec_free(&r->held);
        usage_runs_done(&r->runs);
        free(r->sorted);
        free(r);
    }
}

/* A block with room in it. */
static usage_block *open_block(usage_rows *r)
{
    if (r->held.n > r->marked && r->held.data[r->held.n - 1].n < USAGE_BLOCK_ROWS) {
        return &r->held.data[r->held.n - 1];
    }
    usage_block b = {.rows = malloc(USAGE_BLOCK_ROWS * sizeof(usage_row))};
    if (b.rows == NULL || !vec_push(&r->held, b)) {
        free(b.rows);
        return NULL;
    }
    return &r->held.data[r->held.n - 1];
}

strata_status usage_rows_add(usage_rows *r, const usage_columns *c, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n;) {
        usage_block *b = open_block(r);
        if (b == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for rows of usage");
        }
        size_t room = USAGE_BLOCK_ROWS - b->n;
        size_t end = n - i < room ? n : i + room;
        usage_row *to = b->rows + b->n;
        b->n += end - i;
        for (; i < end; i++) {
            double count = c->count[i];
            *to++ = (usage_row){c->account[i], c->day[i], c->feature[i], c->user[i],
                                isnan(count) ? 1 : count};
        }
    }
    return STRATA_OK;
}

/* Writes the rows since the mark as a run. */
static strata_status spill(const context *cx, usage_rows *r, size_t from, strata_error *err)
{
    STRATA_AUTO_FREE usage_row *rows = NULL;
    size_t n;
    if (r->held.n == from) {
        return STRATA_OK;
    }
    STRATA_TRY(usage_sort(cx, r->held.data + from, r->held.n - from, NULL, &rows, &n, err));
    drop_blocks(r, from);
    return usage_runs_write(cx, &r->runs, r->folder, rows, n, err);
}

strata_status usage_rows_relieve(const context *cx, usage_rows *r, strata_error *err)
{
    size_t held = r->held.n * USAGE_BLOCK_ROWS * sizeof(usage_row);
    return held <= r->budget ? STRATA_OK : spill(cx, r, r->marked, err);
}

void usage_rows_mark(usage_rows *r)
{
    r->marked = r->held.n;
    r->marked_runs = r->runs.ends.n;
}

void usage_rows_rewind(usage_rows *r)
{
    drop_blocks(r, r->marked);
    r->runs.ends.n = r->marked_runs;
}

strata_status usage_rows_finish(const context *cx, usage_rows *r, const usage_codes *codes,
                                strata_error *err)
{
    if (r->runs.ends.n > 0) {
        return spill(cx, r, 0, err);
    }
    if (r->held.n == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(usage_sort(cx, r->held.data, r->held.n, codes, &r->sorted, &r->n_sorted, err));
    drop_blocks(r, 0);
    return STRATA_OK;
}

strata_status usage_rows_drain(const context *cx, const usage_rows *r, const usage_codes *codes,
                               usage_sink *sink, void *to, strata_error *err)
{
    if (r->runs.ends.n > 0) {
        return usage_runs_merge(cx, &r->runs, codes, sink, to, err);
    }
    for (size_t i = 0; i < r->n_sorted; i += HANDED_ROWS) {
        size_t left = r->n_sorted - i;
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(sink(to, r->sorted + i, left < HANDED_ROWS ? left : HANDED_ROWS, err));
    }
    return STRATA_OK;
}
