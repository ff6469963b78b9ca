/* SPDX-License-Identifier: Apache-2.0 */
/* What to tell the accounts of a segment: the model's text, else one of five, with fields filled
 * from the data. A sentence with a field that the data do not fill is left out. */
#include <math.h>
#include <string.h>

#include "base/spoken.h"
#include "plan/offer_parts.h"
#include "plan/stakes.h"

enum { FIELDS = 8 }; /* as message_fields */
static const char our_product[] = "our product";
static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

typedef struct state_text {
    const char *key, *because, *text;
} state_text;

enum { STATE_RISK, STATE_START, STATE_ADOPT, STATE_GROW, STATE_KEEP };
static const state_text states[] = {
    [STATE_RISK] = {"risk", "half of its accounts have a health under 60",
                    "{product} does not do yet what you bought it for, and we want to change that. "
                    "What companies like yours ask about most is {pain}. Tell us what has to work "
                    "and by when; you get a plan with dates and one person who answers for it."},
    [STATE_START] = {"start", "half of its accounts started less than 90 days ago",
                     "The first ninety days decide what {product} will be worth to you. Companies "
                     "like yours begin with {feature}. We set a goal with you, and show you each "
                     "week how far you are."},
    [STATE_ADOPT] = {"adopt", "half of its accounts use less than 30 % of the features",
                     "You pay for more of {product} than you use: half of companies like yours use "
                     "{adoption} of it or less. Companies like yours use {missing_feature} "
                     "less than others do. An hour with your team is enough to start."},
    [STATE_GROW] =
        {"grow", "its accounts grew, and half of them have a health of 80 or more",
         "Your people make good use of {product}: companies like yours have {seats_filled} "
         "of their seats at work. You use {feature} more than most. Let us look at your "
         "own figures together and see what more people, or the next plan, would bring."},
    [STATE_KEEP] = {"keep", "nothing presses",
                    "{product} works for you, and we want to keep it so. Companies like yours ask "
                    "about {pain}; here is how others solved it. When you want a person, one "
                    "answers."},
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

/* The product's name up to the first comma: `products` may list several. */
static const char *first_product(const offer_builder *x)
{
    const model_pairs *texts = &x->s->v->b->model->business.texts;
    for (size_t i = 0; i < texts->n; i++) {
        if (strcmp(texts->items[i].key, "products") == 0) {
            return arena_strndup(x->a, texts->items[i].value, strcspn(texts->items[i].value, ","));
        }
    }
    return our_product;
}

/* False when memory ran out. */
static bool fill_fields(const offer_builder *x, const segment_profile *p, const char *out[FIELDS])
{
    const leans *l = x->in->leans;
    segment_code g = p->code;
    const char *pain = strongest(x, g, VOICE_THEME);
    bool leaning = l->why == NULL;
    out[0] = first_product(x);
    out[1] = x->s->v->b->model->business.name;
    out[2] = pain != NULL ? pain : strongest(x, g, VOICE_TICKET);
    out[3] = strongest(x, g, VOICE_PRAISE);
    out[4] = leaning && l->segments[g].n_more > 0
                 ? spoken_name(x->a, l->segments[g].more[0].feature)
                 : NULL;
    out[5] = leaning && l->segments[g].n_less > 0
                 ? spoken_name(x->a, l->segments[g].less[0].feature)
                 : NULL;
    bool few = (double)p->accounts < x->s->minimum_accounts;
    double adoption = few ? (double)NAN : median_feature(p, "adoption");
    double filled = few ? (double)NAN : seats_filled(x, g);
    out[6] = share_words(x, adoption);
    out[7] = share_words(x, filled);
    return out[0] != NULL && (isnan(adoption) || out[6] != NULL) &&
           (isnan(filled) || out[7] != NULL) &&
           (!leaning || ((l->segments[g].n_more == 0 || out[4] != NULL) &&
                         (l->segments[g].n_less == 0 || out[5] != NULL)));
}

static const char *field_value(const char *const values[FIELDS], const char *name, size_t len)
{
    for (size_t i = 0; i < FIELDS; i++) {
        if (strlen(message_fields[i]) == len && memcmp(message_fields[i], name, len) == 0) {
            return values[i];
        }
    }
    return NULL;
}

/* One sentence with its fields filled; false: one of them has no value. */
static bool fill_sentence(strbuf *out, const char *text, size_t len,
                          const char *const values[FIELDS])
{
    const char *end = text + len;
    while (text < end) {
        const char *open = memchr(text, '{', (size_t)(end - text));
        const char *close = open != NULL ? memchr(open, '}', (size_t)(end - open)) : NULL;
        if (close == NULL) {
            strbuf_add_n(out, text, (size_t)(end - text));
            return true;
        }
        const char *value = field_value(values, open + 1, (size_t)(close - open) - 1);
        if (value == NULL) {
            return false;
        }
        strbuf_add_n(out, text, (size_t)(open - text));
        size_t at = out->len;
        strbuf_add(out, value);
        bool named = value == values[0] && strcmp(value, our_product) != 0;
        if (at == 0 && !named && out->len > 0 && out->text[0] >= 'a' && out->text[0] <= 'z') {
            out->text[0] = capitals[out->text[0] - 'a']; /* it begins the sentence */
        }
        text = close + 1;
    }
    return true;
}

/* Up to and with the mark that ends the first sentence and the space behind it. */
static size_t sentence_length(const char *text)
{
    const char *at = text;
    while ((at = strpbrk(at, ".?!")) != NULL) {
        if (at[1] == ' ') {
            return (size_t)(at - text) + 2;
        }
        at++;
    }
    return strlen(text);
}

static const char *fill_text(const offer_builder *x, const char *text,
                             const char *const values[FIELDS])
{
    STRBUF_AUTO strbuf whole;
    STRBUF_AUTO strbuf one;
    strbuf_init(&whole, 0);
    strbuf_init(&one, 0);
    bool fine = true;
    while (*text != '\0') {
        size_t len = sentence_length(text);
        strbuf_clear(&one);
        if (fill_sentence(&one, text, len, values)) {
            strbuf_add(&whole, strbuf_text(&one));
        }
        fine = fine && strbuf_status(&one, NULL) == STRATA_OK;
        text += len;
    }
    while (whole.len > 0 && strbuf_text(&whole)[whole.len - 1] == ' ') {
        whole.text[--whole.len] = '\0';
    }
    return fine && strbuf_status(&whole, NULL) == STRATA_OK
               ? arena_strdup(x->a, strbuf_text(&whole))
               : NULL;
}

/* --- the line --- */

static const char *own_text(const offer_builder *x, segment_code code)
{
    const model *m = x->s->v->b->model;
    for (size_t i = 0; i < m->n_messages; i++) {
        const model_message *own = &m->messages[i];
        bool here = strcmp(own->dimension, x->dimension) == 0 &&
                    (strcmp(own->segment, x->def->keys[code]) == 0 ||
                     strcmp(own->segment, x->def->labels[code]) == 0);
        if (here) {
            return own->text;
        }
    }
    return NULL;
}

strata_status offer_message(const offer_builder *x, const offer_segment *g, offer_lines *out,
                            const char **why, strata_error *err)
{
    const char *values[FIELDS] = {0};
    const segment_profile *p = g->profile;
    if (!fill_fields(x, p, values)) {
        return offer_no_memory(err);
    }
    const char *own = own_text(x, g->code);
    const state_text *state = state_of(x, p);
    const char *text = fill_text(x, own != NULL ? own : state->text, values);
    offer_line line = {.key = own != NULL ? "own" : state->key,
                       .text = text,
                       .where = offer_where(x, x->def, g->code, NULL),
                       .own = own != NULL,
                       .worth_minor = -1};
    if (text != NULL && *text == '\0') {
        *why = "the data fill none of its fields";
        return STRATA_OK;
    }
    line.evidence = own != NULL ? "As the model file says."
                                : arena_printf(x->a, "Chosen because %s.", state->because);
    return offer_add_where(x, &line, out, err);
}
