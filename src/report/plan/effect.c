/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/effect.h"

#include <math.h>

#include "report/report.h"
#include "stats/inference/proportion.h"

static words money(const effect_input *in, double minor)
{
    return words_money(words_whole(minor), report_currency(in->v->b));
}

static bool has_plan(const effect_input *in)
{
    for (size_t i = 0; i < in->plan->n_parts; i++) {
        const plan_part *p = &in->plan->parts[i];
        if ((p->keeps_known || p->growth_source != NULL) && p->accounts > 0) {
            return true;
        }
    }
    return false;
}

void report_effect_title(strbuf *out, const effect_input *in)
{
    const simulation *s = &in->o->s;
    const sim_range *gain = &s->gain.arr;
    if (!has_plan(in)) {
        strbuf_printf(
            out,
            "In 12 months today's customers bring %s of today's ARR (%s to %s); no effect "
            "of a plan is known",
            words_share(s->base.nrr.mid).text, words_share(s->base.nrr.low).text,
            words_share(s->base.nrr.high).text);
        return;
    }
    strbuf_printf(out, "The plan %s %s of ARR in 12 months (%s to %s): NRR %s instead of %s",
                  gain->mid >= 0.0 ? "keeps" : "loses", money(in, fabs(gain->mid)).text,
                  money(in, gain->low).text, money(in, gain->high).text,
                  words_share(s->plan.nrr.mid).text, words_share(s->base.nrr.mid).text);
}

/* --- the table of measures --- */

enum { E_COLUMNS = 10, RANGES = 3 };
typedef doc_cell cell_maker(double x);

static doc_cell of_share(double x)
{
    return isnan(x) ? cell_empty("nobody left in the year before") : cell_share(x);
}

static doc_cell of_money(double x)
{
    return isnan(x) ? cell_empty("not known") : cell_money(words_whole(x));
}

static doc_cell of_lifetime(double x)
{
    return isnan(x) ? cell_empty("too few leave to say") : cell_money(words_whole(x));
}

static doc_cell of_count(double x)
{
    return isnan(x) ? cell_empty("not known") : cell_count(words_whole(x));
}

typedef struct measure {
    const char *label, *definition;
    cell_maker *make;
    sim_range base, plan, gain;
} measure;

static void put_measure(document *d, doc_table *t, const measure *m)
{
    int origin = document_provenance(d, m->definition, "ARR of 24 months, segments, health", NULL);
    const sim_range ranges[RANGES] = {m->base, m->plan, m->gain};
    doc_cell cells[E_COLUMNS] = {cell_text(m->label)};
    for (size_t k = 0; k < RANGES; k++) {
        cells[1 + k * RANGES] = with_origin(m->make(ranges[k].mid), origin);
        cells[2 + k * RANGES] = m->make(ranges[k].low);
        cells[3 + k * RANGES] = m->make(ranges[k].high);
    }
    doc_row(t, cells);
}

static sim_range times(sim_range r, double x)
{
    return (sim_range){r.low * x, r.mid * x, r.high * x};
}

/* Quotients of runs whose difference is not a run's. */
static sim_range minus(sim_range a, sim_range b)
{
    return (sim_range){NAN, a.mid - b.mid, NAN};
}

static const sim_range unknown = {NAN, NAN, NAN};

static void put_productivity(document *d, doc_table *t, const effect_input *in)
{
    const simulation *s = &in->o->s;
    double now = in->plan->hours > 0.0 ? 1.0 / in->plan->hours : (double)NAN;
    double then = in->plan->plan_hours > 0.0 ? 1.0 / in->plan->plan_hours : (double)NAN;
    measure logos = {"Accounts per 1,000 CSM hours",
                     "customers in 12 months over 1,000 hours of managers a year",
                     of_count,
                     times(s->base.logos, 1e3 * now),
                     times(s->plan.logos, 1e3 * then),
                     unknown};
    measure arr = {"ARR per CSM hour",
                   "ARR in 12 months over hours of managers a year",
                   of_money,
                   times(s->base.arr, now),
                   times(s->plan.arr, then),
                   unknown};
    logos.gain = minus(logos.plan, logos.base);
    arr.gain = minus(arr.plan, arr.base);
    put_measure(d, t, &logos);
    put_measure(d, t, &arr);
}

/* Where nobody left, drawing cannot show how many might: no range rather than one of no width. */
static sim_range as_drawn(const simulation *s, sim_range churn)
{
    return s->n_left > 0 ? churn : (sim_range){NAN, churn.mid, NAN};
}

static doc_cell of_ratio(double x)
{
    return isnan(x) ? cell_empty("not known") : cell_number(x);
}

/* What the plan brings for what its hours cost. */
static void put_roi(document *d, doc_table *t, const effect_input *in)
{
    bool costs = in->plan->plan_hours > in->plan->hours && in->plan->cost > 0.0;
    if (!has_plan(in) || !costs) {
        return;
    }
    const measure roi = {"ROI: ARR for each 1 spent",
                         "ARR that the plan keeps and gains in 12 months, over what its hours cost",
                         of_ratio,
                         unknown,
                         unknown,
                         times(in->o->s.gain.arr, 1.0 / in->plan->cost)};
    put_measure(d, t, &roi);
}

static void put_measures(document *d, doc_section *section, const effect_input *in)
{
    const doc_column columns[E_COLUMNS] = {
        {.key = "measure", .label = "In 12 months", .type = CELL_TEXT},
        {.key = "base", .label = "As today", .type = CELL_SHARE},
        {.key = "base_low", .label = "from", .type = CELL_SHARE},
        {.key = "base_high", .label = "to", .type = CELL_SHARE},
        {.key = "plan", .label = "Plan", .type = CELL_SHARE},
        {.key = "plan_low", .label = "from", .type = CELL_SHARE},
        {.key = "plan_high", .label = "to", .type = CELL_SHARE},
        {.key = "gain", .label = "Difference", .type = CELL_SHARE, .decimals = 1},
        {.key = "gain_low", .label = "from", .type = CELL_SHARE, .decimals = 1, .priority = 1},
        {.key = "gain_high", .label = "to", .type = CELL_SHARE, .decimals = 1, .priority = 1},
    };
    const simulation *s = &in->o->s;
    double margin = in->v->b->model->metrics.margin;
    const measure list[] = {
        {"Churn", "share of today's customers that have left", of_share, as_drawn(s, s->base.churn),
         as_drawn(s, s->plan.churn), as_drawn(s, s->gain.churn)},
        {"Expansion", "ARR gained by accounts that grew, over today's ARR", of_share,
         s->base.expansion, s->plan.expansion, s->gain.expansion},
        {"NRR", "ARR of today's customers then, over today's", of_share, s->base.nrr, s->plan.nrr,
         s->gain.nrr},
        {"GRR", "the same with no account above its ARR of today", of_share, s->base.grr,
         s->plan.grr, s->gain.grr},
        {"ARR", "ARR of today's customers then; no new business", of_money, s->base.arr,
         s->plan.arr, s->gain.arr},
        {"LTV", "mean ARR of today x margin over the churn of the 12 months", of_lifetime,
         times(s->base.ltv, margin), times(s->plan.ltv, margin), times(s->gain.ltv, margin)},
    };
    doc_table *t = doc_table_new(section, "effect", NULL, columns, E_COLUMNS);
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        put_measure(d, t, &list[i]);
    }
    const measure hours = {"CSM hours a year",
                           "hours that looking after today's accounts takes",
                           of_count,
                           {NAN, in->plan->hours, NAN},
                           {NAN, in->plan->plan_hours, NAN},
                           {NAN, in->plan->plan_hours - in->plan->hours, NAN}};
    put_measure(d, t, &hours);
    put_productivity(d, t, in);
    put_roi(d, t, in);
    if (has_plan(in)) {
        doc_table_footnote(t, "Difference: of the two runs of each simulated year, and the middle "
                              "of these; it is not the one middle less the other.");
    }
}

static void put_return(doc_section *s, const effect_input *in)
{
    const sim_range *gain = &in->o->s.gain.arr;
    double hours = in->plan->plan_hours - in->plan->hours;
    if (!has_plan(in) || isnan(hours)) {
        return;
    }
    if (hours <= 0.0) {
        doc_paragraph(s,
                      "The plan takes %s hours a year less than today, so there is no cost to set "
                      "the ARR against.",
                      words_count(words_whole(-hours)).text);
    } else if (isnan(in->plan->cost) || in->plan->cost <= 0.0) {
        doc_paragraph(s,
                      "The plan takes %s hours a year more, %s of ARR for each (%s to %s). What an "
                      "hour costs is not known: give `cost_per_hour` in csms.",
                      words_count(words_whole(hours)).text, money(in, gain->mid / hours).text,
                      money(in, gain->low / hours).text, money(in, gain->high / hours).text);
    } else {
        doc_paragraph(s,
                      "The plan takes %s hours a year more, which cost %s: %.1f of ARR for each 1 "
                      "spent (%.1f to %.1f).",
                      words_count(words_whole(hours)).text, money(in, in->plan->cost).text,
                      gain->mid / in->plan->cost, gain->low / in->plan->cost,
                      gain->high / in->plan->cost);
    }
}

/* --- the assumptions --- */

static void put_range(doc_cell cells[3], const sim_part *x, bool known, const char *why)
{
    const doc_cell none = cell_empty(why);
    cells[0] = known ? cell_share(x->likely) : none;
    cells[1] = known ? cell_share(x->low) : none;
    cells[2] = known ? cell_share(x->high) : none;
}

enum { P_NAME, P_WHAT, P_ACCOUNTS, P_HOURS, P_KEEPS, P_GROWS = 7, P_SOURCE = 10, P_GROWTH, P_ALL };

static void put_parts(doc_section *s, const effect_input *in)
{
    const doc_column columns[P_ALL] = {
        {.key = "part", .label = "Part", .type = CELL_TEXT},
        {.key = "what", .label = "What it does", .type = CELL_TEXT, .priority = 1},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "hours", .label = "Hours", .type = CELL_NUMBER},
        {.key = "keeps", .label = "Keeps", .type = CELL_SHARE},
        {.key = "keeps_low", .label = "from", .type = CELL_SHARE},
        {.key = "keeps_high", .label = "to", .type = CELL_SHARE},
        {.key = "grows", .label = "Grows", .type = CELL_SHARE},
        {.key = "grows_low", .label = "from", .type = CELL_SHARE, .priority = 2},
        {.key = "grows_high", .label = "to", .type = CELL_SHARE, .priority = 2},
        {.key = "source", .label = "Source of what it keeps", .type = CELL_TEXT},
        {.key = "growth_source", .label = "of what it grows", .type = CELL_TEXT, .priority = 3},
    };
    doc_table *t = doc_table_new(
        s, "assumptions", "What the plan does, and where each figure comes from", columns, P_ALL);
    for (size_t i = 0; i < in->plan->n_parts; i++) {
        const plan_part *p = &in->plan->parts[i];
        bool grows = p->growth_source != NULL;
        doc_cell cells[P_ALL] = {[P_NAME] = cell_text(p->name),
                                 [P_WHAT] = cell_text(p->what),
                                 [P_ACCOUNTS] = cell_count((int64_t)p->accounts),
                                 [P_HOURS] = cell_number(p->hours),
                                 [P_SOURCE] = cell_text(p->source),
                                 [P_GROWTH] = grows ? cell_text(p->growth_source)
                                                    : cell_empty("not above 0 beyond chance")};
        put_range(&cells[P_KEEPS], &p->effect->keeps, p->keeps_known,
                  "not known: it counts nothing");
        put_range(&cells[P_GROWS], &p->effect->grows, grows, "not above 0 beyond chance");
        doc_row(t, cells);
    }
    doc_table_footnote(t,
                       "Keeps: share of the accounts that would leave within 12 months. Below 0: "
                       "more leave. Grows: how much more those gain that grow.");
}

/* --- tried on the past --- */

static void put_trials(doc_section *parent, document *d, const effect_input *in)
{
    const doc_column columns[] = {
        {.key = "from", .label = "Said on", .type = CELL_DATE},
        {.key = "accounts", .label = "Customers", .type = CELL_COUNT, .priority = 1},
        {.key = "nrr_low", .label = "NRR from", .type = CELL_SHARE},
        {.key = "nrr_high", .label = "to", .type = CELL_SHARE},
        {.key = "nrr", .label = "came", .type = CELL_SHARE},
        {.key = "grr_low", .label = "GRR from", .type = CELL_SHARE},
        {.key = "grr_high", .label = "to", .type = CELL_SHARE},
        {.key = "grr", .label = "came", .type = CELL_SHARE},
        {.key = "churn_low", .label = "Churn from", .type = CELL_SHARE},
        {.key = "churn_high", .label = "to", .type = CELL_SHARE},
        {.key = "churn", .label = "came", .type = CELL_SHARE},
    };
    if (in->n_trials == 0) {
        doc_note(
            parent, "missing",
            "The data do not reach back two years, so the same could not be tried on the past.");
        return;
    }
    size_t hits = 0;
    for (size_t i = 0; i < in->n_trials; i++) {
        hits += in->trials[i].nrr_in;
        hits += in->trials[i].grr_in;
        hits += in->trials[i].churn_in;
    }
    doc_section *s = document_section(d, parent, "trials", "Would it have been right?");
    doc_paragraph(s,
                  "Said in the same way on earlier dates, %zu of %zu figures came out within their "
                  "range; %.0f %% should. The dates overlap, so a year that went unlike the one "
                  "before counts several times.",
                  hits, 3 * in->n_trials, 80.0);
    doc_table *t = doc_table_new(s, "trials", NULL, columns, 11);
    for (size_t i = 0; i < in->n_trials; i++) {
        const outlook_trial *x = &in->trials[i];
        const doc_cell cells[] = {cell_date(x->from),
                                  cell_count((int64_t)x->n),
                                  cell_share(x->said.nrr.low),
                                  cell_share(x->said.nrr.high),
                                  cell_share(x->nrr),
                                  cell_share(x->said.grr.low),
                                  cell_share(x->said.grr.high),
                                  cell_share(x->grr),
                                  cell_share(x->said.churn.low),
                                  cell_share(x->said.churn.high),
                                  cell_share(x->churn)};
        doc_row(t, cells);
    }
}

strata_status report_effect(document *d, doc_section *parent, const effect_input *in,
                            strata_error *err)
{
    (void)err;
    const simulation *s = &in->o->s;
    doc_section *section = document_section(d, parent, "effect", NULL);
    put_measures(d, section, in);
    if (s->n_left == 0) {
        doc_note(section, "warning",
                 "Nobody left of the %s that the years are drawn from, so they show no churn; with "
                 "so few, a churn of up to %s would be no surprise.",
                 words_things((int64_t)s->n_donors, "account").text,
                 words_share(wilson_interval(0, s->n_donors).high).text);
    }
    put_return(section, in);
    put_parts(section, in);
    if (!has_plan(in)) {
        doc_note(section, "missing",
                 "What the plan keeps is not known: touchpoints and ARR of more than a year may "
                 "tell it from nothing, engagement: {effect: {low: 5%%, likely: 15%%, high: 25%%}} "
                 "in the model file assumes it.");
    }
    doc_paragraph(
        section,
        "Ranges hold four of five of %s simulated years. Each draws the %s of a year ago again, by "
        "segment and health band, lets each of the %s customers leave or change as one like it "
        "did, "
        "and draws each effect from its range; both runs use the same draws. %s customers are "
        "judged by "
        "health band or all accounts, because fewer than %.0f were like them%s. New business is "
        "not in it.",
        words_count(SIMULATION_REPLICATES).text, words_things((int64_t)s->n_donors, "account").text,
        words_count((int64_t)s->n).text, words_count((int64_t)in->o->n_pooled).text,
        in->v->b->model->quality.minimum_accounts,
        in->o->n_risks > 0 ? "; kept predictions of churn tell accounts of a stratum apart" : "");
    put_trials(section, d, in);
    return STRATA_OK;
}
