/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/split.h"

#include <string.h>

#include "cohort/movements/walk.h"

static const char *const names[] = {[SPLIT_EXPANSION] = "expansion",
                                    [SPLIT_REACTIVATION] = "reactivation",
                                    [SPLIT_CONTRACTION] = "contraction",
                                    [SPLIT_CHURN] = "churn"};
static const double signs[] = {
    [SPLIT_EXPANSION] = 1, [SPLIT_REACTIVATION] = 1, [SPLIT_CONTRACTION] = -1, [SPLIT_CHURN] = -1};

const char *split_kind_name(split_kind k)
{
    return names[k];
}

/* What kind k adds to NRR, over the base. */
static double rate_of(const nrr_flow *f, int k)
{
    return f->base > 0 ? signs[k] * (double)f->minor[k] / (double)f->base : 0.0;
}

double nrr_of_flow(const nrr_flow *f)
{
    int64_t left = f->base + f->minor[SPLIT_EXPANSION] + f->minor[SPLIT_REACTIVATION] -
                   f->minor[SPLIT_CONTRACTION] - f->minor[SPLIT_CHURN];
    return f->base > 0 ? (double)left / (double)f->base : 0.0;
}

static nrr_flow total_of(const nrr_flow *flows, size_t n)
{
    nrr_flow all = {0};
    for (size_t i = 0; i < n; i++) {
        all.base += flows[i].base;
        for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
            all.minor[k] += flows[i].minor[k];
        }
    }
    return all;
}

/* What comes back after an account had left the base is no base of its own: a segment whose base is
 * 0 on both sides can still have it. It counts for the rate at the whole's base. */
static void split_baseless(const nrr_flow *flow[2], const nrr_flow whole[2], nrr_split_part *out)
{
    for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
        out->kinds[k] = signs[k] * ((double)flow[1]->minor[k] / (double)whole[1].base -
                                    (double)flow[0]->minor[k] / (double)whole[0].base);
        out->rate += out->kinds[k];
    }
}

static void split_segment(const nrr_flow *flow[2], const nrr_flow whole[2], double middle,
                          nrr_split_part *out)
{
    *out = (nrr_split_part){0};
    for (int side = 0; side < 2; side++) {
        out->weight[side] = (double)flow[side]->base / (double)whole[side].base;
        out->nrr[side] = nrr_of_flow(flow[side]);
    }
    bool has[2] = {flow[0]->base > 0, flow[1]->base > 0};
    if (has[0] && has[1]) {
        double weight = (out->weight[0] + out->weight[1]) / 2;
        for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
            out->kinds[k] = weight * (rate_of(flow[1], k) - rate_of(flow[0], k));
            out->rate += out->kinds[k];
        }
        out->mix = (out->weight[1] - out->weight[0]) * ((out->nrr[0] + out->nrr[1]) / 2 - middle);
        return;
    }
    /* Movements of the side without a base (accounts that came back) are left for the rate. */
    int side = has[1] ? 1 : 0;
    nrr_flow none = {0};
    const nrr_flow *rest[2] = {has[0] ? &none : flow[0], has[1] ? &none : flow[1]};
    split_baseless(rest, whole, out);
    if (has[side]) {
        out->mix = (out->weight[1] - out->weight[0]) * (out->nrr[side] - middle);
    }
}

strata_status nrr_split_make(arena *a, const nrr_flow *before, const nrr_flow *after,
                             size_t n_segments, nrr_split **out, strata_error *err)
{
    const nrr_flow whole[2] = {total_of(before, n_segments), total_of(after, n_segments)};
    if (whole[0].base <= 0 || whole[1].base <= 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "NRR is not defined %s: nobody in the base pays anything",
                           whole[0].base <= 0 ? "before" : "after");
    }
    nrr_split *s = ARENA_NEW(a, 1, nrr_split);
    nrr_split_part *parts = ARENA_NEW(a, n_segments + 1, nrr_split_part);
    if (s == NULL || parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu segments", n_segments);
    }
    *s = (nrr_split){.n_segments = n_segments, .segments = parts};
    for (int side = 0; side < 2; side++) {
        s->nrr[side] = nrr_of_flow(&whole[side]);
    }
    s->change = s->nrr[1] - s->nrr[0];
    for (int k = 0; k < SPLIT_KIND_COUNT; k++) {
        s->kinds[k] = rate_of(&whole[1], k) - rate_of(&whole[0], k);
    }
    double middle = (s->nrr[0] + s->nrr[1]) / 2;
    for (size_t i = 0; i < n_segments; i++) {
        const nrr_flow *flow[2] = {&before[i], &after[i]};
        split_segment(flow, whole, middle, &parts[i]);
    }
    *out = s;
    return STRATA_OK;
}

static void add_account(const arr_track *t, bool reactivation, nrr_flow *f)
{
    f->base += t->opening;
    if (t->opening == 0) {
        f->minor[SPLIT_REACTIVATION] += reactivation && t->before ? t->closing : 0;
    } else if (t->closing == 0) {
        f->minor[SPLIT_CHURN] += t->opening;
    } else if (t->closing < t->opening) {
        f->minor[SPLIT_CONTRACTION] += t->opening - t->closing;
    } else {
        f->minor[SPLIT_EXPANSION] += t->closing - t->opening;
    }
}

void nrr_flows(const arr_book *book, const groups *g, day from, day to, bool reactivation,
               nrr_flow *flows)
{
    memset(flows, 0, (g->n + 1) * sizeof *flows);
    for (size_t i = 0; i < book->n_accounts; i++) {
        arr_track t;
        arr_track_read(book, i, from, to, &t);
        add_account(&t, reactivation, &flows[g->code[i] < g->n ? g->code[i] : g->n]);
    }
}
