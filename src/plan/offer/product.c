/* SPDX-License-Identifier: Apache-2.0 */
/* What the segment asks the product for, weighed by what its accounts pay. */
#include <string.h>

#include "plan/offer/parts.h"

enum { THEMES_SHOWN = 2, PHRASES_SHOWN = 1 };

/* One thing that accounts of the segment say. */
typedef struct demand {
    size_t term, here, elsewhere;
    int64_t value_minor;
    const voice_item *item; /* said more often than elsewhere beyond chance; NULL: not so */
} demand;

typedef struct counting {
    const corpus *c;
    size_t speakers, others; /* accounts that say anything of the kind */
    demand *demands;         /* by term */
    size_t n;
} counting;

static const voice_item *find_item(const voice_list *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i].text, text) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

static strata_status count_said(const offer_builder *x, segment_code code, voice_kind kind,
                                counting *out, strata_error *err)
{
    const corpus *c = &x->in->said->of[kind];
    const voice_list *list = &x->in->voice->lists[(size_t)kind * x->in->voice->n_segments + code];
    *out = (counting){.c = c, .n = terms_count(&c->terms)};
    out->demands = ARENA_NEW(x->a, out->n + 1, demand);
    if (out->demands == NULL) {
        return offer_no_memory(err);
    }
    for (size_t i = 0; i < c->speakers.n; i++) {
        out->speakers += x->codes[c->speakers.data[i]] == code;
        out->others += x->codes[c->speakers.data[i]] != code &&
                       x->codes[c->speakers.data[i]] < x->def->n_segments;
    }
    for (size_t i = 0; i < c->sayings.n; i++) {
        saying s = c->sayings.data[i];
        demand *d = &out->demands[s.term];
        if (x->codes[s.account] == code) {
            d->here++;
            d->value_minor += x->s->value != NULL ? x->s->value[s.account] : 0;
        } else {
            d->elsewhere += x->codes[s.account] < x->def->n_segments;
        }
    }
    for (size_t t = 0; t < out->n; t++) {
        out->demands[t].term = t;
        out->demands[t].item = find_item(list, terms_text(&c->terms, t));
    }
    return STRATA_OK;
}

/* What is said more here than elsewhere comes first, then what most money asks for. */
static bool weighs_more(const counting *c, const demand *a, const demand *b)
{
    if ((a->item != NULL) != (b->item != NULL)) {
        return a->item != NULL;
    }
    if (a->value_minor != b->value_minor) {
        return a->value_minor > b->value_minor;
    }
    if (a->here != b->here) {
        return a->here > b->here;
    }
    return strcmp(terms_text(&c->c->terms, a->term), terms_text(&c->c->terms, b->term)) < 0;
}

static const char *demand_text(const offer_builder *x, voice_kind kind, const char *term)
{
    switch (kind) {
    case VOICE_THEME:
        return arena_printf(x->a, "Work on %s", term);
    case VOICE_COMPLAINT:
        return arena_printf(x->a, "Answer what unhappy answers say: \xe2\x80\x9c%s\xe2\x80\x9d",
                            term);
    case VOICE_TICKET:
    case VOICE_PRAISE:
    case VOICE_REMARK:
    case VOICE_KINDS:
        break;
    }
    return arena_printf(x->a, "Look into tickets that say \xe2\x80\x9c%s\xe2\x80\x9d", term);
}

static strata_status add_demand(const offer_builder *x, const offer_segment *g, const counting *c,
                                const demand *d, voice_kind kind, offer_lines *out,
                                strata_error *err)
{
    const char *term = terms_text(&c->c->terms, d->term);
    const char *said = kind == VOICE_COMPLAINT ? "unhappy answers" : "tickets";
    double here = (double)d->here / (double)c->speakers;
    double elsewhere = c->others > 0 ? (double)d->elsewhere / (double)c->others : 0.0;
    double value = g->value_minor > 0 ? (double)d->value_minor / (double)g->value_minor : 0.0;
    memset(x->verdict, RULE_NO, x->s->n);
    for (size_t i = 0; i < c->c->sayings.n; i++) {
        saying s = c->c->sayings.data[i];
        if (s.term == d->term && x->codes[s.account] == g->code) {
            x->verdict[s.account] = RULE_YES;
        }
    }
    offer_line line = {
        .key = kind == VOICE_THEME       ? "theme"
               : kind == VOICE_COMPLAINT ? "complaint"
                                         : "phrase",
        .text = demand_text(x, kind, term),
        .evidence =
            arena_printf(x->a,
                         "Said by %s of %s accounts with %s in %d months, %s; elsewhere %s%s. They "
                         "hold %s of the segment's %s.",
                         text_count(d->here).s, text_count(c->speakers).s, said, x->in->months,
                         text_share(here).s, text_share(elsewhere).s,
                         d->item != NULL ? ", a difference beyond chance" : "", text_share(value).s,
                         x->s->v->value_label != NULL ? x->s->v->value_label : "value"),
        .worth_minor = -1};
    return offer_add(x, &line, out, err);
}

/* `only`: nothing but what is said more here than elsewhere. */
static strata_status add_said(const offer_builder *x, const offer_segment *g, voice_kind kind,
                              bool only, offer_lines *out, strata_error *err)
{
    counting c = {0};
    STRATA_TRY(count_said(x, g->code, kind, &c, err));
    size_t most = kind == VOICE_THEME ? THEMES_SHOWN : PHRASES_SHOWN;
    double least = x->s->v->b->model->personas.minimum_support;
    for (size_t k = 0; k < most; k++) {
        demand *best = NULL;
        for (size_t t = 0; t < c.n; t++) {
            demand *d = &c.demands[t];
            bool counts = (double)d->here >= least && (!only || d->item != NULL);
            best = counts && (best == NULL || weighs_more(&c, d, best)) ? d : best;
        }
        if (best == NULL) {
            break;
        }
        STRATA_TRY(add_demand(x, g, &c, best, kind, out, err));
        best->here = 0; /* taken */
    }
    return STRATA_OK;
}

static strata_status add_feature(const offer_builder *x, const offer_segment *g, offer_lines *out,
                                 strata_error *err)
{
    const leans *l = x->in->leans;
    if (x->without == NULL || l->segments[g->code].n_less == 0) {
        return STRATA_OK;
    }
    const lean *f = &l->segments[g->code].less[0];
    const uint8_t *without = x->without + (size_t)g->code * x->s->n;
    for (size_t i = 0; i < x->s->n; i++) {
        x->verdict[i] = x->codes[i] == g->code && without[i] != 0 ? RULE_YES : RULE_NO;
    }
    offer_line line = {
        .key = "feature",
        .text = arena_printf(x->a, "Bring %s into use", f->feature),
        .evidence = arena_printf(
            x->a,
            "Used in %d days by %s of %s active accounts (%s), elsewhere by %s; a difference "
            "beyond chance. Behind it: the active accounts that do not use it.",
            LEANS_DAYS, text_count(f->in.hits).s, text_count(f->in.of).s,
            text_share((double)f->in.hits / (double)f->in.of).s,
            text_share((double)f->out.hits / (double)f->out.of).s),
        .worth_minor = -1};
    return offer_add(x, &line, out, err);
}

strata_status offer_product(const offer_builder *x, const offer_segment *g, offer_lines *out,
                            const char **why, strata_error *err)
{
    const voice *v = x->in->voice;
    bool themes = v->speakers[VOICE_THEME] > 0;
    if (themes) {
        STRATA_TRY(add_said(x, g, VOICE_THEME, false, out, err));
    } else if (v->speakers[VOICE_TICKET] > 0) {
        STRATA_TRY(add_said(x, g, VOICE_TICKET, true, out, err));
    }
    if (v->speakers[VOICE_COMPLAINT] > 0) {
        STRATA_TRY(add_said(x, g, VOICE_COMPLAINT, true, out, err));
    }
    STRATA_TRY(add_feature(x, g, out, err));
    bool said = themes || v->speakers[VOICE_TICKET] > 0;
    *why = said                        ? "too few accounts ask for the same"
           : x->in->leans->why == NULL ? "needs tickets with a theme or text; no feature is used "
                                         "less than elsewhere beyond chance"
                                       : "needs tickets with a theme or text, or usage with a "
                                         "column for the feature";
    return STRATA_OK;
}
