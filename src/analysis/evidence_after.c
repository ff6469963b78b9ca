/* SPDX-License-Identifier: Apache-2.0 */
/* What became of each segment's members so many months after the reviews. */
#include <stdlib.h>
#include <string.h>

#include "analysis/evidence_data.h"
#include "analysis/outcomes.h"
#include "base/auto.h"
#include "base/vec.h"
#include "stats/inference/bootstrap.h"
#include "stats/inference/cluster_share.h"

/* One account in one segment, over all reviews at which it was there. */
typedef struct cell {
    uint32_t group; /* segment; n_segments: all of them */
    uint32_t seen, churned, expanded;
    int64_t before, after, kept;
} cell;
typedef VEC(cell) cell_vec;

/* The cells of one group, field by field. */
typedef struct group_cells {
    double *seen, *churned, *expanded;
    int64_t *before, *after, *kept, *times;
    size_t n;
} group_cells;

typedef struct following {
    cell_vec cells;
    size_t *start;    /* [n_groups + 1] into `order` */
    uint32_t *order;  /* cells by group */
    group_cells part; /* room for the largest */
} following;

static void following_done(following *f)
{
    vec_free(&f->cells);
    free(f->start);
    free(f->order);
    free(f->part.seen);
    free(f->part.churned);
    free(f->part.expanded);
    free(f->part.before);
    free(f->part.after);
    free(f->part.kept);
    free(f->part.times);
}

static strata_status no_memory(const evidence_data *x, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts", x->n);
}

static void add_to(cell *c, evidence_seen s)
{
    c->seen++;
    c->churned += s.had[EVIDENCE_CHURN];
    c->expanded += s.had[EVIDENCE_EXPANSION];
    c->before += s.before;
    c->after += s.after;
    c->kept += s.after < s.before ? s.after : s.before;
}

/* The account's cell of a group, among those from `from` on; NULL when memory ran out. */
static cell *cell_of(cell_vec *cells, size_t from, uint32_t group)
{
    for (size_t k = from; k < cells->n; k++) {
        if (cells->data[k].group == group) {
            return &cells->data[k];
        }
    }
    return vec_push(cells, (cell){.group = group}) ? &cells->data[cells->n - 1] : NULL;
}

static strata_status collect(const evidence_data *x, const bound_def *def, size_t horizon,
                             following *f, strata_error *err)
{
    for (size_t i = 0; i < x->n; i++) {
        size_t from = f->cells.n;
        for (size_t r = 0; r < x->n_reviews; r++) {
            segment_code code = segmentation_codes(x->s, def, r)[i];
            evidence_seen seen;
            if (code >= def->n_segments || !evidence_see(x, horizon, r, i, &seen)) {
                continue;
            }
            cell *all = cell_of(&f->cells, from, (uint32_t)def->n_segments);
            if (all == NULL) {
                return no_memory(x, err);
            }
            add_to(all, seen);
            cell *own = cell_of(&f->cells, from, code);
            if (own == NULL) {
                return no_memory(x, err);
            }
            add_to(own, seen);
        }
    }
    return STRATA_OK;
}

/* Cells by group, those of a group in order of accounts. */
static strata_status sort_cells(const evidence_data *x, size_t n_groups, following *f,
                                strata_error *err)
{
    size_t n = f->cells.n;
    size_t most = 1;
    f->start = STRATA_NEW_ARRAY(n_groups + 1, size_t);
    f->order = STRATA_NEW_ARRAY(n, uint32_t);
    STRATA_AUTO_FREE size_t *next = STRATA_NEW_ARRAY(n_groups + 1, size_t);
    if (f->start == NULL || f->order == NULL || next == NULL) {
        return no_memory(x, err);
    }
    for (size_t k = 0; k < n; k++) {
        f->start[f->cells.data[k].group + 1]++;
    }
    for (size_t g = 0; g < n_groups; g++) {
        most = f->start[g + 1] > most ? f->start[g + 1] : most;
        f->start[g + 1] += f->start[g];
        next[g] = f->start[g];
    }
    for (size_t k = 0; k < n; k++) {
        f->order[next[f->cells.data[k].group]++] = (uint32_t)k;
    }
    group_cells *p = &f->part;
    *p = (group_cells){.seen = STRATA_NEW_ARRAY(most, double),
                       .churned = STRATA_NEW_ARRAY(most, double),
                       .expanded = STRATA_NEW_ARRAY(most, double),
                       .before = STRATA_NEW_ARRAY(most, int64_t),
                       .after = STRATA_NEW_ARRAY(most, int64_t),
                       .kept = STRATA_NEW_ARRAY(most, int64_t),
                       .times = STRATA_NEW_ARRAY(most, int64_t)};
    if (!p->seen || !p->churned || !p->expanded || !p->before || !p->after || !p->kept ||
        !p->times) {
        return no_memory(x, err);
    }
    return STRATA_OK;
}

static void take_group(following *f, size_t group)
{
    group_cells *p = &f->part;
    p->n = 0;
    for (size_t k = f->start[group]; k < f->start[group + 1]; k++, p->n++) {
        const cell *c = &f->cells.data[f->order[k]];
        p->seen[p->n] = c->seen;
        p->churned[p->n] = c->churned;
        p->expanded[p->n] = c->expanded;
        p->before[p->n] = c->before;
        p->after[p->n] = c->after;
        p->kept[p->n] = c->kept;
        p->times[p->n] = c->seen;
    }
}

static share_figure share_among(const evidence_data *x, const group_cells *p, const double *hits)
{
    const cluster_share c = cluster_share_of(&(cluster_counts){hits, p->seen, p->n});
    share_figure f = {.hits = (size_t)c.hits, .of = (size_t)c.of};
    if (c.defined) {
        f.stated = (double)p->n >= x->minimum_accounts;
        f.share = c.share;
        f.low = c.low;
        f.high = c.high;
    }
    return f;
}

static ratio_figure ratio_among(const evidence_data *x, const ratio_sample *sample,
                                const int64_t *part, interval i)
{
    ratio_figure f = {.accounts = sample->n};
    for (size_t k = 0; k < sample->n; k++) {
        f.part_minor += part[k];
        f.base_minor += sample->base[k];
    }
    if (f.base_minor > 0 && (double)sample->n >= x->minimum_accounts) {
        f.stated = true;
        f.ratio = (double)f.part_minor / (double)f.base_minor;
        f.low = i.low;
        f.high = i.high;
    }
    return f;
}

static strata_status judge_group(const evidence_data *x, const group_cells *p, uint64_t stream,
                                 evidence_after *out, strata_error *err)
{
    interval intervals[2] = {{0}};
    const ratio_sample sample = {.n = p->n,
                                 .base = x->shop ? p->times : p->before,
                                 .parts = {p->after, p->kept},
                                 .n_parts = x->shop ? 1 : 2};
    if (p->n > 0 && (double)p->n >= x->minimum_accounts) {
        STRATA_TRY(bootstrap_ratios(x->cx, stream, &sample, intervals, err));
    }
    evidence_after made = {.accounts = p->n,
                           .churned = share_among(x, p, p->churned),
                           .expanded = share_among(x, p, p->expanded)};
    if (x->shop) {
        made.spent = ratio_among(x, &sample, p->after, intervals[0]);
    } else {
        made.nrr = ratio_among(x, &sample, p->after, intervals[0]);
        made.grr = ratio_among(x, &sample, p->kept, intervals[1]);
    }
    *out = made;
    return STRATA_OK;
}

/* --- shops --- */

static int by_amount(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The lower median of what those spent who bought again; 0 when nobody did. */
static int64_t median_spent(const evidence_data *x, size_t horizon, size_t review, int64_t *room)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++) {
        evidence_seen seen;
        if (evidence_see(x, horizon, review, i, &seen) && seen.had[EVIDENCE_CHURN]) {
            room[n++] = seen.after;
        }
    }
    if (n == 0) {
        return 0;
    }
    qsort(room, n, sizeof *room, by_amount);
    return room[(n - 1) / 2];
}

strata_status evidence_spent_much(evidence_data *x, arena *a, strata_error *err)
{
    STRATA_AUTO_FREE int64_t *room = STRATA_NEW_ARRAY(x->n, int64_t);
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        int64_t *much = ARENA_NEW(a, x->n_reviews, int64_t);
        if (room == NULL || much == NULL) {
            return no_memory(x, err);
        }
        memset(much, 0, x->n_reviews * sizeof *much);
        x->much[h] = much;
        for (size_t r = 0; r < x->n_reviews; r++) {
            much[r] = median_spent(x, h, r, room);
        }
    }
    return STRATA_OK;
}

strata_status evidence_follow(const evidence_data *x, const bound_def *def, size_t horizon,
                              evidence_horizon *h, strata_error *err)
{
    STRATA_CLEANUP(following_done) following f = {0};
    evidence_after *groups = ARENA_NEW(x->arena, def->n_segments + 1, evidence_after);
    if (groups == NULL) {
        return no_memory(x, err);
    }
    STRATA_TRY(collect(x, def, horizon, &f, err));
    STRATA_TRY(sort_cells(x, def->n_segments + 1, &f, err));
    for (size_t g = 0; g <= def->n_segments; g++) {
        take_group(&f, g);
        STRATA_TRY(
            judge_group(x, &f.part, analysis_stream(STREAM_EVIDENCE, horizon, g), &groups[g], err));
    }
    h->segments = groups;
    h->all = groups[def->n_segments];
    return STRATA_OK;
}
