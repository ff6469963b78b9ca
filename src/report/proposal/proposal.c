/* SPDX-License-Identifier: Apache-2.0 */
#include "report/proposal/proposal.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "document/chart.h"
#include "report/plan/operating_model.h"
#include "report/proposal/parts.h"

double proposal_hours(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

doc_cell proposal_money(const proposal *p, int64_t minor)
{
    return p->has_value ? cell_money(minor) : cell_empty("no ARR and no orders");
}

words proposal_range(const proposal *p, double low, double high)
{
    words range;
    words from = words_money(llround(low), p->currency);
    words to = words_money(llround(high), p->currency);
    (void)snprintf(range.text, sizeof range.text, "%.40s to %.40s", from.text, to.text);
    return range;
}

words proposal_net(int64_t minutes)
{
    words text;
    (void)snprintf(text.text, sizeof text.text, "%.60s %s",
                   words_hours(minutes < 0 ? -minutes : minutes).text,
                   minutes < 0 ? "less" : "more");
    return text;
}

touch_range proposal_kept(const proposal *p)
{
    return touch_brings(p->in->effect, p->in->s->known, p->in->c->under.stake_minor);
}

int64_t proposal_cost(const proposal *p, int64_t minutes)
{
    double hour = csms_hour_cost(p->in->csms);
    return isnan(hour) ? -1 : llround(hour * proposal_hours(minutes));
}

transition_books proposal_books(const proposal *p)
{
    return (transition_books){p->in->v, p->in->w, p->in->t, p->in->plan};
}

/* What evening the books brings: with the moves that are made, and once those held back follow. */
static void say_fairness(const proposal *p, doc_section *s)
{
    const territory *t = p->in->t;
    const transition_books books = proposal_books(p);
    const wave_sum *moved = &p->in->plan->waves[WAVE_BOOKS];
    size_t held = p->in->plan->held_moves.n;
    double all = (double)t->total_minutes;
    int64_t above = transition_above(&books);
    if (moved->n == 0) {
        doc_bullet(s, "**Fairness.** Work above fair shares is %s of all hours, and stays so%s.",
                   words_share((double)t->minutes_above[0] / all).text,
                   held > 0 ? ": every move that would help is held back" : ": no move pays");
        return;
    }
    doc_bullet(s, "**Fairness.** Work above fair shares goes from %s to %s of all hours%s%s%s%s.",
               words_share((double)t->minutes_above[0] / all).text,
               words_share((double)above / all).text, held > 0 ? ", and to " : "",
               held > 0 ? words_share((double)t->minutes_above[1] / all).text : "",
               held > 0 ? " once the moves held back follow: " : "",
               held > 0 ? words_count((int64_t)held).text : "");
}

void report_proposal_title(strbuf *out, const proposal_input *in)
{
    const coverage *c = in->c;
    strbuf_printf(out, "%s", words_things((int64_t)c->under.n, "account").text);
    if (in->v->value != NULL) {
        strbuf_printf(out, " with %s of %s",
                      words_money(c->under.value_minor, report_currency(in->v->b)).text,
                      in->v->value_label);
    }
    strbuf_printf(out, " %s less touch than they should, %s more", c->under.n == 1 ? "gets" : "get",
                  words_count((int64_t)c->over.n).text);
}

/* --- the page that a vice-president reads --- */

static void say_hours(const proposal *p, doc_section *s)
{
    const capacity *c = p->in->cap;
    const coverage *v = p->in->c;
    int64_t net = v->under.minutes + v->over.minutes;
    if (c->available_total <= 0) {
        doc_bullet(s,
                   "**Hours.** Against today's levels %s a year; how many there are is not "
                   "known.",
                   proposal_net(net).text);
        return;
    }
    int64_t left = c->available_total - c->all.total;
    doc_bullet(s,
               "**Hours.** %s a year more for those that get too little, %s come free. All work "
               "together takes %s of %s: %s %s.",
               words_hours(v->under.minutes).text, words_hours(-v->over.minutes).text,
               words_count(words_whole(proposal_hours(c->all.total))).text,
               words_hours(c->available_total).text, words_hours(left < 0 ? -left : left).text,
               left < 0 ? "are missing, so the levels have to come down or people to be added"
                        : "are left, so nobody has to be hired");
}

static void say_effect(const proposal *p, doc_section *s)
{
    const touch_range k = proposal_kept(p);
    if (k.side == TOUCH_UNKNOWN) {
        doc_bullet(s, "**Effect.** What more touch keeps has not been measured: there are too few "
                      "accounts of a year ago to compare.");
    } else if (k.side == TOUCH_HELPS) {
        doc_bullet(s,
                   "**Effect.** Of the %s at stake with those that get too little, a full "
                   "programme keeps %s a year (%s).",
                   words_money(p->in->c->under.stake_minor, p->currency).text,
                   proposal_range(p, k.low, k.high).text,
                   p->in->effect->source == EFFECT_MEASURED ? "measured, 95 %"
                                                            : "assumed in the model file");
    } else {
        doc_bullet(s,
                   "**Effect.** %s is at stake a year with those that get too little. %s "
                   "(measured: %s), so the proposal rests on fairness and on where the money is, "
                   "not on a promise.",
                   words_money(p->in->c->under.stake_minor, p->currency).text,
                   k.side == TOUCH_HARMS ? "Accounts with touch left more often, not less"
                                         : "What touch keeps of it cannot be told from nothing yet",
                   proposal_range(p, k.low, k.high).text);
    }
}

strata_status proposal_summary(const proposal *p, strata_error *err)
{
    const proposal_input *in = p->in;
    const transition *t = in->plan;
    (void)err;
    doc_section *s = document_section(p->d, NULL, "summary", "What we propose");
    int fit =
        document_provenance(p->d, "accounts whose touch is below or above what they should have",
                            "the engagement model, health, ARR growth, complexity", NULL);
    int hands = document_provenance(p->d,
                                    "accounts that the territory plan gives to another manager, "
                                    "without those held back",
                                    "'strata territories'", NULL);
    int held = document_provenance(p->d,
                                   "accounts that would change touch or hands and wait: a renewal "
                                   "due, a ticket open for long, no champion",
                                   "opportunities, tickets, contacts", NULL);
    doc_figure(s, "Get too little", with_origin(cell_count((int64_t)in->c->under.n), fit),
               p->has_value ? words_money(in->c->under.value_minor, p->currency).text : "accounts");
    doc_figure(s, "Get too much", with_origin(cell_count((int64_t)in->c->over.n), fit),
               p->has_value ? words_money(in->c->over.value_minor, p->currency).text : "accounts");
    doc_figure(s, "Change hands", with_origin(cell_count((int64_t)t->waves[WAVE_BOOKS].n), hands),
               p->has_value ? words_money(t->waves[WAVE_BOOKS].value_minor, p->currency).text
                            : "accounts");
    doc_figure(s, "Held back", with_origin(cell_count((int64_t)t->n_held), held),
               "accounts, each with its reason");
    doc_paragraph(s,
                  "Hold the planned touchpoints of %s, give %s a higher touch level and %s a lower "
                  "one, and hand %s to another manager, one step after the other from **%s** to "
                  "**%s**.",
                  words_things((int64_t)t->waves[WAVE_HOLD].n, "account").text,
                  words_count((int64_t)t->waves[WAVE_RAISE].n).text,
                  words_count((int64_t)t->waves[WAVE_LOWER].n).text,
                  words_count((int64_t)t->waves[WAVE_BOOKS].n).text, words_day(t->start).text,
                  words_day(t->end > t->start ? t->end - 1 : t->start).text);
    say_hours(p, s);
    say_effect(p, s);
    if (in->t != NULL && in->t->total_minutes > 0) {
        say_fairness(p, s);
    }
    doc_bullet(s,
               "**What is needed.** A decision on the touch levels below, and one day to begin: "
               "%s.",
               words_day(t->start).text);
    return STRATA_OK;
}

/* --- the problem --- */

static void add_case(coverage_sum *sum, const proposal *p, size_t i)
{
    sum->n++;
    sum->value_minor += view_value_minor(p->in->v, i);
    sum->minutes += p->in->c->cases[i].minutes;
    sum->stake_minor += p->in->s->minor[i];
}

enum {
    F_SEGMENT,
    F_UNDER,
    F_UNDER_VALUE,
    F_MISSING,
    F_STAKE,
    F_OVER,
    F_OVER_VALUE,
    F_BEYOND,
    F_RIGHT,
    F_COLUMNS
};

static void problem_row(const proposal *p, doc_table *t, const char *label,
                        const coverage_sum sums[3], int origin)
{
    const doc_cell cells[F_COLUMNS] = {
        [F_SEGMENT] = cell_text(label),
        [F_UNDER] = with_origin(cell_count((int64_t)sums[0].n), origin),
        [F_UNDER_VALUE] = proposal_money(p, sums[0].value_minor),
        [F_MISSING] = cell_number(proposal_hours(sums[0].minutes)),
        [F_STAKE] = p->in->s->known ? cell_money(sums[0].stake_minor)
                                    : cell_empty("needs ARR of more than a year"),
        [F_OVER] = with_origin(cell_count((int64_t)sums[1].n), origin),
        [F_OVER_VALUE] = proposal_money(p, sums[1].value_minor),
        [F_BEYOND] = cell_number(proposal_hours(-sums[1].minutes)),
        [F_RIGHT] = cell_count((int64_t)sums[2].n),
    };
    (origin == 0 ? doc_row_total : doc_row)(t, cells);
}

/* Accounts with too little and too much touch, by segment. */
static strata_status put_chart(const proposal *p, doc_section *s, strata_error *err)
{
    const engagement *e = p->in->e;
    STRATA_AUTO_FREE double *under = STRATA_NEW_ARRAY(e->n_segments + 1, double);
    STRATA_AUTO_FREE double *over = STRATA_NEW_ARRAY(e->n_segments + 1, double);
    STRATA_AUTO_FREE const char **labels = STRATA_NEW_ARRAY(e->n_segments + 1, const char *);
    if (under == NULL || over == NULL || labels == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    for (size_t i = 0; i < p->in->w->n; i++) {
        if (p->in->w->codes[i] < e->n_segments) {
            under[p->in->w->codes[i]] += p->in->c->cases[i].fit == FIT_UNDER ? 1.0 : 0.0;
            over[p->in->w->codes[i]] += p->in->c->cases[i].fit == FIT_OVER ? 1.0 : 0.0;
        }
    }
    for (size_t g = 0; g < e->n_segments; g++) {
        labels[g] = e->segments[g].label;
    }
    const chart_theme theme = {
        .currency = p->currency, .names = e->def->labels, .n_names = e->def->n_segments};
    const chart_measure measures[] = {
        {.title = "Accounts with too little", .format = CHART_COUNT, .values = under},
        {.title = "Accounts with too much", .format = CHART_COUNT, .values = over}};
    doc_chart(s, "misfit", "Accounts that get too little and too much touch, by segment",
              "The table below has the same figures.",
              chart_bars(&theme, labels, e->n_segments, measures, 2));
    return STRATA_OK;
}

strata_status proposal_problem(const proposal *p, strata_error *err)
{
    const proposal_input *in = p->in;
    const coverage *c = in->c;
    const doc_column columns[F_COLUMNS] = {
        [F_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [F_UNDER] = {.key = "under_accounts", .label = "Too little", .type = CELL_COUNT},
        [F_UNDER_VALUE] = {.key = "under_value", .label = p->value_label, .type = CELL_MONEY},
        [F_MISSING] = {.key = "hours_missing", .label = "Hours missing", .type = CELL_NUMBER},
        [F_STAKE] = {.key = "at_stake", .label = "At stake", .type = CELL_MONEY, .priority = 1},
        [F_OVER] = {.key = "over_accounts", .label = "Too much", .type = CELL_COUNT},
        [F_OVER_VALUE] = {.key = "over_value",
                          .label = p->value_label,
                          .type = CELL_MONEY,
                          .priority = 2},
        [F_BEYOND] = {.key = "hours_beyond", .label = "Hours beyond", .type = CELL_NUMBER},
        [F_RIGHT] = {.key = "right_accounts", .label = "Right", .type = CELL_COUNT}};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title,
                  "Today %s of touch a year are missing where they should be, and %s go "
                  "where they should not",
                  words_hours(c->under.minutes).text, words_hours(-c->over.minutes).text);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(p->d, NULL, "problem", strbuf_text(&title));
    STRATA_TRY(put_chart(p, s, err));
    doc_table *t = doc_table_new(s, "problem", NULL, columns, F_COLUMNS);
    for (size_t g = 0; g < in->e->n_segments; g++) {
        coverage_sum sums[3] = {{0}, {0}, {0}};
        for (size_t i = 0; i < in->w->n; i++) {
            coverage_fit fit = in->w->codes[i] == g ? c->cases[i].fit : FIT_NONE;
            if (fit != FIT_NONE) {
                add_case(&sums[fit == FIT_UNDER ? 0 : fit == FIT_OVER ? 1 : 2], p, i);
            }
        }
        int origin = report_segment_origin(
            p->d, in->v->b, in->e->def, (segment_code)g,
            "accounts of the segment by the touch they have against the touch they should have",
            "coverage, touches_365d, health, arr_growth_12m, complexity, engagement");
        problem_row(p, t, in->e->segments[g].label, sums, origin);
    }
    problem_row(p, t, "All", (coverage_sum[]){c->under, c->over, c->right}, 0);
    doc_table_footnote(t,
                       "At stake: ARR times what accounts of the same segment and health lost in "
                       "the last 12 months.");
    if (c->unknown.n > 0) {
        doc_paragraph(s, "Left out: %s whose touch nobody says.",
                      words_things((int64_t)c->unknown.n, "account").text);
    }
    return STRATA_OK;
}

/* --- the framework --- */

strata_status proposal_framework(const proposal *p, strata_error *err)
{
    const proposal_input *in = p->in;
    doc_section *s =
        document_section(p->d, NULL, "framework", "The framework: what is due to whom");
    doc_paragraph(
        s,
        "The touch of an account is that of its %s, one level higher or lower when two of "
        "these agree: health (under 60, 80 and more), ARR growth in 12 months (over 20 %%, "
        "none) and complexity (1.5 times the mean, 2/3 of it). So the same facts "
        "decide for every account and every manager.",
        SAFE(p->d, report_dimension_label(in->v->b, in->e->def)));
    const operating_input o = {.v = in->v, .e = in->e, .c = in->cap, .s = in->s};
    return report_operating_model(p->d, s, &o, err);
}

strata_status report_proposal(document *d, const proposal_input *in, strata_error *err)
{
    static proposal_part *const parts[] = {
        proposal_summary, proposal_problem,    proposal_framework,  proposal_who,
        proposal_effects, proposal_objections, proposal_transition, proposal_exceptions,
        proposal_lists,   proposal_method};
    const proposal p = {.d = d,
                        .in = in,
                        .currency = report_currency(in->v->b),
                        .value_label = in->v->value_label != NULL ? in->v->value_label : "Value",
                        .has_value = in->v->value != NULL};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        STRATA_TRY(parts[i](&p, err));
    }
    return document_status(d, err);
}
