/* SPDX-License-Identifier: Apache-2.0 */
/* The touch that accounts of the segment call for, and who does not get it. */
#include <string.h>

#include "plan/offer/parts.h"

static const char *every(const offer_builder *x, const char *what, int days)
{
    const char *word = rhythm_name(days);
    return days <= 0      ? arena_printf(x->a, "no %s", what)
           : word != NULL ? arena_printf(x->a, "%s %s", word, what)
                          : arena_printf(x->a, "%s every %d days", what, days);
}

static const char *touch_text(const offer_builder *x, const engaged_segment *e)
{
    const char *touches = every(x, "touchpoints", e->programme.cadence_days);
    const char *reviews = every(x, "reviews", e->programme.review_days);
    return touches == NULL || reviews == NULL
               ? NULL
               : arena_printf(x->a, "%c%s touch: %s, %s, %s support",
                              touch_level_names[e->touch][0] - 'a' + 'A',
                              touch_level_names[e->touch] + 1, touches, reviews,
                              e->programme.support != NULL ? e->programme.support : "standard");
}

/* The accounts of the segment that are in one segment of the engagement's dimension. */
static strata_status add_touch(const offer_builder *x, const offer_segment *g, size_t engaged,
                               offer_lines *out, strata_error *err)
{
    const engagement *e = x->in->e;
    const engaged_segment *s = &e->segments[engaged];
    const char *more =
        e->def != x->def ? offer_where(x, e->def, (segment_code)engaged, NULL) : NULL;
    if (e->def != x->def && more == NULL) {
        return offer_no_memory(err);
    }
    int64_t minutes = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool in = x->codes[i] == g->code && x->in->w->codes[i] == engaged;
        minutes += in ? x->in->w->total[i] : 0;
    }
    offer_line line = {.key = "touch",
                       .text = touch_text(x, s),
                       .where = offer_where(x, x->def, g->code, more),
                       .evidence = arena_printf(
                           x->a, "%s for %s accounts; their work takes %s hours in 12 months.",
                           s->proposed ? "Proposed from ARR and hours" : "As the model file says",
                           s->label, text_number((double)minutes / MINUTES_PER_HOUR, 0).s),
                       .worth_minor = -1};
    return offer_add_where(x, &line, out, err);
}

static strata_status add_misfit(const offer_builder *x, const offer_segment *g, coverage_fit fit,
                                offer_lines *out, strata_error *err)
{
    int64_t minutes = 0;
    int64_t stake = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool in = x->codes[i] == g->code && x->in->c->cases[i].fit == fit;
        x->verdict[i] = in ? RULE_YES : RULE_NO;
        minutes += in ? x->in->c->cases[i].minutes : 0;
        stake += in ? x->in->s->minor[i] : 0;
    }
    bool under = fit == FIT_UNDER;
    offer_line line = {
        .key = under ? "under_served" : "over_served",
        .text = under ? "Give those that get less than they should what is due"
                      : "Move the hours that go beyond what is due",
        .evidence =
            arena_printf(x->a, "%s hours a year %s; %s of their %s stand to be lost in a year.",
                         text_number((double)(under ? minutes : -minutes) / MINUTES_PER_HOUR, 0).s,
                         under ? "more" : "come free", text_money(x->s, stake).s,
                         x->s->v->value_label != NULL ? x->s->v->value_label : "value"),
        .worth_minor = x->in->s->known ? stake : -1};
    return offer_add(x, &line, out, err);
}

/* The segment of the engagement's dimension that most money of this one is in. */
static size_t main_touch(const offer_builder *x, const offer_segment *g, int64_t *sums)
{
    size_t best = 0;
    memset(sums, 0, x->in->e->n_segments * sizeof *sums);
    for (size_t i = 0; i < x->s->n; i++) {
        segment_code engaged = x->in->w->codes[i];
        if (x->codes[i] == g->code && engaged < x->in->e->n_segments) {
            sums[engaged] += 1 + (x->s->value != NULL ? x->s->value[i] : 0);
        }
    }
    for (size_t i = 1; i < x->in->e->n_segments; i++) {
        best = sums[i] > sums[best] ? i : best;
    }
    return best;
}

strata_status offer_service(const offer_builder *x, const offer_segment *g, offer_lines *out,
                            const char **why, strata_error *err)
{
    *why = x->in->no_service;
    if (x->in->e == NULL) {
        return STRATA_OK;
    }
    int64_t *sums = ARENA_NEW(x->a, x->in->e->n_segments + 1, int64_t);
    if (sums == NULL) {
        return offer_no_memory(err);
    }
    bool same = x->in->e->def == x->def; /* then a segment has one programme, its own */
    size_t first = same ? g->code : main_touch(x, g, sums);
    STRATA_TRY(add_touch(x, g, first, out, err));
    STRATA_TRY(add_misfit(x, g, FIT_UNDER, out, err));
    STRATA_TRY(add_misfit(x, g, FIT_OVER, out, err));
    for (size_t i = 0; i < x->in->e->n_segments; i++) {
        if (!same && i != first) {
            STRATA_TRY(add_touch(x, g, i, out, err));
        }
    }
    return STRATA_OK;
}
