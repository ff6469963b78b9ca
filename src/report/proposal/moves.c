/* SPDX-License-Identifier: Apache-2.0 */
/* Who moves between touch levels and between managers, and what that is expected to bring. */
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "plan/effect/touch_effect.h"
#include "report/plan/touch_words.h"
#include "report/proposal/parts.h"
#include "report/territories/territories.h"

/* --- between motions --- */

enum { C_SEGMENT, C_HAS, C_SHOULD, C_ACCOUNTS, C_VALUE, C_HOURS, C_WORTH, C_WHAT, C_COLUMNS };

static void put_change(const proposal *p, doc_table *t, const coverage_change *x)
{
    const proposal_input *in = p->in;
    int origin = report_segment_origin(p->d, in->v->b, in->e->def, x->segment,
                                       "accounts of the segment that have one touch level and "
                                       "should have another",
                                       "coverage, touches_365d, health, arr_growth_12m, "
                                       "complexity, engagement");
    const doc_cell cells[C_COLUMNS] = {
        [C_SEGMENT] = cell_text(in->e->segments[x->segment].label),
        [C_HAS] = cell_text(touch_level_names[x->has]),
        [C_SHOULD] =
            cell_text(x->has == x->should ? "the same, held" : touch_level_names[x->should]),
        [C_ACCOUNTS] = with_origin(cell_count((int64_t)x->sum.n), origin),
        [C_VALUE] = proposal_money(p, x->sum.value_minor),
        [C_HOURS] = cell_number(proposal_hours(x->sum.minutes)),
        [C_WORTH] =
            in->s->known ? cell_money(x->worth_minor) : cell_empty("needs ARR of more than a year"),
        [C_WHAT] = cell_text(x->has <= x->should ? "stands to be lost in a year"
                                                 : "guarded elsewhere with these hours"),
    };
    doc_row(t, cells);
}

static void put_motions(const proposal *p, doc_section *parent)
{
    const coverage *c = p->in->c;
    const doc_column columns[C_COLUMNS] = {
        [C_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [C_HAS] = {.key = "has", .label = "From", .type = CELL_TEXT},
        [C_SHOULD] = {.key = "should_have", .label = "To", .type = CELL_TEXT},
        [C_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        [C_VALUE] = {.key = "value", .label = p->value_label, .type = CELL_MONEY, .priority = 1},
        [C_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER},
        [C_WORTH] = {.key = "worth", .label = "Worth", .type = CELL_MONEY, .priority = 1},
        [C_WHAT] = {.key = "worth_is", .label = "that", .type = CELL_TEXT, .priority = 2}};
    doc_section *s = document_section(p->d, parent, "motions", "From one touch level to another");
    if (c->n_changes == 0) {
        doc_paragraph(s, "Every account has the touch that it should have.");
        return;
    }
    doc_table *t = doc_table_new(s, "motions", NULL, columns, C_COLUMNS);
    for (size_t i = 0; i < c->n_changes; i++) {
        put_change(p, t, &c->changes[i]);
    }
}

/* --- between managers --- */

/* Moves are made for one another: with some held back, a book may be over its limit meanwhile. */
static void put_meanwhile(const proposal *p, doc_section *s)
{
    const territory *t = p->in->t;
    const transition_books books = proposal_books(p);
    double limit = isnan(p->in->request.limit) ? 1.0 : p->in->request.limit;
    for (size_t j = 0; !t->capacity_unknown && j < t->csms->n; j++) {
        int64_t minutes = transition_book(&books, j).minutes;
        if (minutes > t->before[j].minutes && (double)minutes > limit * (double)t->capacity[j]) {
            doc_note(s, "warning",
                     "Until the moves held back follow, the book of %s takes %s of its %s: let "
                     "accounts come there last.",
                     SAFE(p->d, t->csms->items[j].name), words_hours(minutes).text,
                     words_hours(t->capacity[j]).text);
        }
    }
}

strata_status proposal_who(const proposal *p, strata_error *err)
{
    const proposal_input *in = p->in;
    const transition *t = in->plan;
    size_t level = t->waves[WAVE_RAISE].n + t->waves[WAVE_LOWER].n;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "%s to another touch level, %s to another manager",
                  words_things((int64_t)level, "account").text,
                  words_count((int64_t)t->waves[WAVE_BOOKS].n).text);
    if (t->n_held > 0) {
        strbuf_printf(&title, "; %s held back for now", words_count((int64_t)t->n_held).text);
    }
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(p->d, NULL, "who", strbuf_text(&title));
    put_motions(p, s);
    if (t->held_touch.n > 0) {
        doc_paragraph(s, "%s of them %s held back from less touch at first (Risks and exceptions).",
                      words_count((int64_t)t->held_touch.n).text,
                      t->held_touch.n == 1 ? "is" : "are");
    }
    if (in->t == NULL) {
        doc_note(s, "missing", "Who changes hands: %s.", SAFE(p->d, in->no_territory));
        return STRATA_OK;
    }
    const territories_input books = {
        .v = in->v, .w = in->w, .t = in->t, .request = in->request, .shown = in->most};
    doc_section *b = document_section(p->d, s, "books", "From one manager to another");
    if (t->held_moves.n > 0) {
        doc_paragraph(b,
                      "The plan in full, with the %s that %s held back at first (Risks and "
                      "exceptions).",
                      words_things((int64_t)t->held_moves.n, "move").text,
                      t->held_moves.n == 1 ? "is" : "are");
        put_meanwhile(p, b);
    }
    return report_territories(p->d, b, &books, err);
}

/* --- what it brings --- */

enum { E_WHAT, E_LOW, E_LIKELY, E_HIGH, E_SOURCE, E_COLUMNS };

static void effect_row(const proposal *p, doc_table *t, const char *what, const touch_range *k,
                       const char *source)
{
    (void)p;
    const doc_cell cells[E_COLUMNS] = {
        [E_WHAT] = cell_text(what),
        [E_LOW] = cell_money(llround(k->low)),
        [E_LIKELY] = cell_money(llround(k->likely)),
        [E_HIGH] = cell_money(llround(k->high)),
        [E_SOURCE] = cell_text(source),
    };
    doc_row(t, cells);
}

strata_status proposal_effects(const proposal *p, strata_error *err)
{
    const proposal_input *in = p->in;
    const touch_range k = proposal_kept(p);
    const touch_range grow = touch_brings(in->growth, in->s->known, in->c->under.grows_minor);
    (void)err;
    doc_section *s = document_section(p->d, NULL, "effect",
                                      touch_title("more touch", &k, &grow, p->currency).text);
    if (k.side == TOUCH_UNKNOWN && grow.side == TOUCH_UNKNOWN) {
        doc_note(s, "missing",
                 "The effect as a range: needs ARR and touchpoints of more than a year, and enough "
                 "accounts with and without; or an assumption: engagement: {effect: {low: 5%%, "
                 "likely: 15%%, high: 25%%}}.");
        return STRATA_OK;
    }
    const doc_column columns[E_COLUMNS] = {
        [E_WHAT] = {.key = "what", .label = "In a year", .type = CELL_TEXT},
        [E_LOW] = {.key = "low", .label = "Low", .type = CELL_MONEY},
        [E_LIKELY] = {.key = "likely", .label = "Likely", .type = CELL_MONEY},
        [E_HIGH] = {.key = "high", .label = "High", .type = CELL_MONEY},
        [E_SOURCE] = {.key = "source", .label = "From", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "effect", NULL, columns, E_COLUMNS);
    if (k.side != TOUCH_UNKNOWN) {
        effect_row(p, t, "ARR kept with those that get too little", &k, touch_source(in->effect));
    }
    if (in->split != NULL) {
        const split_worth *all = &in->split->all.worth;
        const touch_range best = {.low = (double)all->low,
                                  .likely = (double)(all->protects + all->grows),
                                  .high = (double)all->high};
        effect_row(p, t, "ARR kept and grown by all hours there are, split best", &best,
                   "`strata capacity`");
    }
    if (grow.side != TOUCH_UNKNOWN) {
        effect_row(p, t, "ARR more by growth with those that get too little", &grow,
                   touch_source(in->growth));
    }
    int64_t net = in->c->under.minutes + in->c->over.minutes;
    int64_t cost = proposal_cost(p, net);
    if (cost != -1) {
        doc_paragraph(s,
                      "Against today's levels %s a year, %s at the managers' mean cost of an "
                      "hour.",
                      proposal_net(net).text, words_money(cost, p->currency).text);
    }
    touch_put_measured(s, in->effect, in->growth);
    doc_paragraph(s, "This is no experiment: accounts that were touched may differ in what neither "
                     "segment nor health sees. `strata effect` measures single interventions "
                     "against matched accounts.");
    return STRATA_OK;
}
