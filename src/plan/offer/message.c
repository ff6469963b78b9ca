/* SPDX-License-Identifier: Apache-2.0 */
/* What to tell the accounts of a segment: the model's text, else a part of the paper `messages`,
 * with fields filled from the data. */
#include <math.h>
#include <string.h>

#include "base/spoken.h"
#include "model/papers.h"
#include "plan/coverage/stakes.h"
#include "plan/offer/parts.h"

typedef struct state_text {
    const char *key, *because; /* key: the part of the paper `messages` */
} state_text;

enum { STATE_RISK, STATE_START, STATE_ADOPT, STATE_GROW, STATE_KEEP };
static const state_text states[] = {
    [STATE_RISK] = {"risk", "half of its accounts have a health under 60"},
    [STATE_START] = {"start", "half of its accounts started less than 90 days ago"},
    [STATE_ADOPT] = {"adopt", "half of its accounts use less than 30 % of the features"},
    [STATE_GROW] = {"grow", "its accounts grew, and half of them have a health of 80 or more"},
    [STATE_KEEP] = {"keep", "nothing presses"},
};

static const double LITTLE_USED = 0.30;
enum { START_DAYS = 90 };

static double median_feature(const segment_profile *p, const char *name)
{
    for (size_t i = 0; i < p->n_features; i++) {
        if (strcmp(p->features[i].name, name) == 0 && p->features[i].spread.n > 0) {
            return p->features[i].spread.median;
        }
    }
    return (double)NAN;
}

static const state_text *state_of(const offer_builder *x, const segment_profile *p)
{
    bool health = p->health.n > 0;
    bool grew = p->nrr.stated && p->nrr.ratio > 1.0;
    bool few = (double)p->accounts < x->s->minimum_accounts;
    if (median_feature(p, "tenure") < START_DAYS) {
        return &states[STATE_START];
    }
    if (health && p->health.median < HEALTH_RED_UNDER) {
        return &states[STATE_RISK];
    }
    if (few) { /* no figures are told of so few */
        return &states[STATE_KEEP];
    }
    if (health && p->health.median >= HEALTH_GREEN_FROM && grew) {
        return &states[STATE_GROW];
    }
    return median_feature(p, "adoption") < LITTLE_USED ? &states[STATE_ADOPT] : &states[STATE_KEEP];
}

/* --- fields --- */

static const char *strongest(const offer_builder *x, segment_code code, voice_kind kind)
{
    const voice *v = x->in->voice;
    const voice_list *list = &v->lists[(size_t)kind * v->n_segments + code];
    return list->n > 0 ? list->items[0].text : NULL;
}

static double seats_filled(const offer_builder *x, segment_code code)
{
    double bought = 0.0;
    double used = 0.0;
    for (size_t i = 0; x->seats != NULL && x->users != NULL && i < x->s->n; i++) {
        if (x->codes[i] == code && x->seats[i] > 0.0 && isfinite(x->users[i])) {
            bought += x->seats[i];
            used += fmin(x->users[i], x->seats[i]);
        }
    }
    return bought > 0.0 ? used / bought : (double)NAN;
}

static const char *share_words(const offer_builder *x, double share)
{
    return isnan(share) ? NULL : arena_printf(x->a, "%.0f %%", round(share * 100.0));
}

/* False when memory ran out. */
static bool fill_fields(const offer_builder *x, const segment_profile *p,
                        const char *out[MESSAGE_FIELDS])
{
    const leans *l = x->in->leans;
    segment_code g = p->code;
    const char *pain = strongest(x, g, VOICE_THEME);
    bool leaning = l->why == NULL;
    bool named = paper_product(x->s->v->b->model, x->a, &out[MESSAGE_PRODUCT]);
    out[MESSAGE_COMPANY] = x->s->v->b->model->business.name;
    out[MESSAGE_PAIN] = pain != NULL ? pain : strongest(x, g, VOICE_TICKET);
    out[MESSAGE_PRAISE] = strongest(x, g, VOICE_PRAISE);
    out[MESSAGE_FEATURE] = leaning && l->segments[g].n_more > 0
                               ? spoken_name(x->a, l->segments[g].more[0].feature)
                               : NULL;
    out[MESSAGE_MISSING_FEATURE] = leaning && l->segments[g].n_less > 0
                                       ? spoken_name(x->a, l->segments[g].less[0].feature)
                                       : NULL;
    bool few = (double)p->accounts < x->s->minimum_accounts;
    double adoption = few ? (double)NAN : median_feature(p, "adoption");
    double filled = few ? (double)NAN : seats_filled(x, g);
    out[MESSAGE_ADOPTION] = share_words(x, adoption);
    out[MESSAGE_SEATS_FILLED] = share_words(x, filled);
    return named && (isnan(adoption) || out[MESSAGE_ADOPTION] != NULL) &&
           (isnan(filled) || out[MESSAGE_SEATS_FILLED] != NULL) &&
           (!leaning || ((l->segments[g].n_more == 0 || out[MESSAGE_FEATURE] != NULL) &&
                         (l->segments[g].n_less == 0 || out[MESSAGE_MISSING_FEATURE] != NULL)));
}

/* --- the line --- */

static const template_cell *own_text(const offer_builder *x, segment_code code)
{
    const model *m = x->s->v->b->model;
    for (size_t i = 0; i < m->n_messages; i++) {
        const model_message *own = &m->messages[i];
        bool here = strcmp(own->dimension, x->dimension) == 0 &&
                    (strcmp(own->segment, x->def->keys[code]) == 0 ||
                     strcmp(own->segment, x->def->labels[code]) == 0);
        if (here) {
            return &own->said;
        }
    }
    return NULL;
}

/* The model's own text, else the part of the paper for the state. */
static strata_status say(const offer_builder *x, const template_cell *own, const char *state,
                         const char *const *values, const char **out, strata_error *err)
{
    paper messages = {0};
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (own != NULL) {
        (void)template_say(&text, paper_form(PAPER_MESSAGES), own, values);
    } else {
        STRATA_TRY(paper_open(x->s->v->b->model, PAPER_MESSAGES, x->a, &messages, err));
        (void)template_say_part(&text, messages.form, paper_part(&messages, state, NULL), values);
    }
    STRATA_TRY(strbuf_status(&text, err));
    *out = arena_strdup(x->a, strbuf_text(&text));
    return *out != NULL ? STRATA_OK : offer_no_memory(err);
}

strata_status offer_message(const offer_builder *x, const offer_segment *g, offer_lines *out,
                            const char **why, strata_error *err)
{
    const char *values[MESSAGE_FIELDS] = {0};
    const char *text = NULL;
    const segment_profile *p = g->profile;
    if (!fill_fields(x, p, values)) {
        return offer_no_memory(err);
    }
    const template_cell *own = own_text(x, g->code);
    const state_text *state = state_of(x, p);
    STRATA_TRY(say(x, own, state->key, values, &text, err));
    offer_line line = {.key = own != NULL ? "own" : state->key,
                       .text = text,
                       .where = offer_where(x, x->def, g->code, NULL),
                       .own = own != NULL,
                       .worth_minor = -1};
    if (*text == '\0') {
        *why = "the data fill none of its fields";
        return STRATA_OK;
    }
    line.evidence = own != NULL ? "As the model file says."
                                : arena_printf(x->a, "Chosen because %s.", state->because);
    return offer_add_where(x, &line, out, err);
}
