/* SPDX-License-Identifier: Apache-2.0 */
#include "report/migration/migration.h"

#include <math.h>

#include "plan/coverage/held_back.h"
#include "report/migration/parts.h"

const char *migration_segment(const migration_input *in, size_t segment)
{
    return segment < in->paths->n_segments ? in->paths->def->labels[segment]
                                           : in->v->b->model->outside_label;
}

const char *migration_text(const char *text)
{
    return text != NULL ? text : "";
}

chart_theme migration_theme(const migration_input *in)
{
    return (chart_theme){.currency = report_currency(in->v->b),
                         .names = in->paths->def->labels,
                         .n_names = in->paths->def->n_segments};
}

const char *migration_held_names(const migration_input *in, uint32_t held)
{
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    held_back_names(in->v->b->model, held, &names);
    return migration_text(arena_strdup(in->a, strbuf_text(&names)));
}

const char *migration_held_said(const migration_input *in, const migration_candidate *c)
{
    const size_t n = in->v->b->model->tier_change.n_exceptions;
    const char *text = "";
    for (size_t k = 0; c->held_said != NULL && k < n; k++) {
        if (c->held_said[k] != NULL) {
            text = SAY(in, "%s%s%s", text, text[0] != '\0' ? "; " : "", c->held_said[k]);
        }
    }
    return text;
}

bool migration_has_rules(const migration_input *in)
{
    const bound_migration *rules = &in->v->b->migration;
    return in->paths->ordered && (rules->up != NULL || rules->down != NULL);
}

void report_migration_title(strbuf *out, const migration_input *in)
{
    const migration_candidates *c = in->candidates;
    size_t moved = in->moves->up + in->moves->down;
    const char *label = report_dimension_label(in->v->b, in->paths->def);
    if (c->n > 0) {
        strbuf_printf(out, "%s for another %s: %s up, %s down",
                      words_things((int64_t)c->n, "candidate").text, label,
                      words_count((int64_t)c->n_up).text, words_count((int64_t)c->n_down).text);
        if (c->n_held > 0) {
            strbuf_printf(out, "; %s held back for now", words_count((int64_t)c->n_held).text);
        }
    } else if (migration_has_rules(in)) {
        strbuf_printf(out, "No account calls for another %s; %s moved since %s", label,
                      words_count((int64_t)moved).text, words_day(in->v->since).text);
    } else {
        strbuf_printf(out, "%s changed segment since %s",
                      words_things((int64_t)in->moves->moved, "account").text,
                      words_day(in->v->since).text);
    }
}

/* --- the page that is read first --- */

static void put_figures(document *d, doc_section *s, const migration_input *in)
{
    const migration_candidates *c = in->candidates;
    const movement *m = in->moves;
    const char *since = SAY(in, "since %s", words_day(m->since).text);
    const char *held = SAY(in, "of both, %s held back", words_count((int64_t)c->n_held).text);
    int candidates = document_provenance(
        d, "accounts for which the model's rule for moving up or down holds at the as-of date",
        "the model's 'migration' and the features that it reads", NULL);
    int moves = document_provenance(
        d, "accounts whose segment differs between the two dates, each counted once",
        "memberships at both dates", NULL);
    if (migration_has_rules(in)) {
        doc_figure(s, "Candidates up", with_origin(cell_count((int64_t)c->n_up), candidates), NULL);
        doc_figure(s, "Candidates down", with_origin(cell_count((int64_t)c->n_down), candidates),
                   held);
    }
    if (in->paths->ordered) {
        doc_figure(s, "Moved up", with_origin(cell_count((int64_t)m->up), moves), since);
        doc_figure(s, "Moved down", with_origin(cell_count((int64_t)m->down), moves), since);
    } else {
        doc_figure(s, "Moved", with_origin(cell_count((int64_t)m->moved), moves), since);
    }
    doc_figure(s, "Entered", with_origin(cell_count((int64_t)m->entered), moves), since);
    doc_figure(s, "Left", with_origin(cell_count((int64_t)m->left), moves), since);
}

static void put_goals_in_words(document *d, doc_section *s, const migration_input *in)
{
    static const char *const verdicts[] = {[GOAL_OPEN] = "the goal is within the range",
                                           [GOAL_MET] = "the goal is met",
                                           [GOAL_MISSED] = "the goal is missed",
                                           [GOAL_NOBODY] = "nobody was there"};
    for (size_t k = 0; k < in->v->b->model->migration.n_goals; k++) {
        const migration_goal *g = &in->goals[k];
        if (g->verdict != GOAL_NOBODY) {
            doc_bullet(s, "%s to %s: %s moved in %zu months, %s were wanted; **%s**.",
                       SAFE(d, g->goal->from), SAFE(d, g->goal->to),
                       words_count((int64_t)g->moves).text, g->months,
                       words_count(words_whole(g->wanted)).text, verdicts[g->verdict]);
        }
    }
}

static void put_heading_for(document *d, doc_section *s, const migration_input *in)
{
    const migration_mix *m = in->mix;
    size_t n = in->paths->n_segments;
    size_t largest = 0; /* change in the mix */
    double most = 0.0;
    for (size_t k = 0; m->done && k < n; k++) {
        const migration_size *x = &m->sizes[(MIGRATION_STEPS - 1) * n + k];
        double now = (double)m->past[m->n_steps * n + k];
        double change = x->expected > now ? x->expected - now : now - x->expected;
        bool outside = x->low > now || x->high < now;
        largest = outside && change > most ? k : largest;
        most = outside && change > most ? change : most;
    }
    if (most > 0.0) {
        const migration_size *x = &m->sizes[(MIGRATION_STEPS - 1) * n + largest];
        doc_bullet(
            s,
            "If accounts go on moving as they did, %s will count %s accounts in 12 months "
            "(%s); now %s.",
            SAFE(d, migration_segment(in, largest)), words_count(words_whole(x->expected)).text,
            words_between(words_count(words_whole(x->low)), words_count(words_whole(x->high))).text,
            words_count((int64_t)m->past[m->n_steps * n + largest]).text);
    } else if (m->done) {
        doc_bullet(s, "If accounts go on moving as they did, no segment's size in 12 months can be "
                      "told from what it is now.");
    }
}

static void put_summary(document *d, doc_section *parent, const migration_input *in)
{
    doc_section *s = document_section(d, parent, "summary", "Who changes segment");
    put_figures(d, s, in);
    if (!in->paths->ordered) {
        doc_note(s, "missing",
                 "The segments of `%s` have no order, so there is no up and down; `ordered: true` "
                 "says that they run from best to worst, `migration: {by: ...}` names another "
                 "dimension.",
                 in->v->b->scope.symbols[in->paths->def->slot].name);
    }
    if (in->parts & MIGRATION_PART_GOALS) {
        put_goals_in_words(d, s, in);
    }
    if (in->parts & MIGRATION_PART_FORECAST) {
        put_heading_for(d, s, in);
    }
}

strata_status report_migration(document *d, doc_section *parent, const migration_input *in,
                               strata_error *err)
{
    put_summary(d, parent, in);
    if (in->parts & MIGRATION_PART_CANDIDATES) {
        migration_put_candidates(d, parent, in);
    }
    if (in->parts & MIGRATION_PART_MOVES) {
        STRATA_TRY(migration_put_moves(d, parent, in, err));
    }
    if (in->parts & MIGRATION_PART_FORECAST) {
        STRATA_TRY(migration_put_forecast(d, parent, in, err));
    }
    if (in->parts & MIGRATION_PART_GOALS) {
        migration_put_goals(d, parent, in);
    }
    if (in->parts & MIGRATION_PART_PATHWAYS) {
        migration_put_pathways(d, parent, in);
    }
    if (in->parts & MIGRATION_PART_STAYS) {
        migration_put_stays(d, parent, in);
    }
    migration_put_method(d, parent, in);
    return STRATA_OK;
}

void migration_put_method(document *d, doc_section *parent, const migration_input *in)
{
    doc_section *s = document_section(d, parent, "method", "How this was computed");
    const model_migration *m = &in->v->b->model->migration;
    if (m->up.text != NULL) {
        doc_bullet(s, "Up: `%s`", SAFE(d, m->up.text));
    }
    if (m->down.text != NULL) {
        doc_bullet(s, "Down: `%s`", SAFE(d, m->down.text));
    }
    doc_bullet(s, "A candidate is looked at for the segment next to its own. Nothing moves by "
                  "itself: membership follows the rules of the dimension, and who is told when is "
                  "decided here.");
    if (in->parts & MIGRATION_PART_FORECAST) {
        doc_bullet(s,
                   "Forecast: accounts move from quarter to quarter with the chances of the "
                   "%zu quarters so far, new accounts come as they did (a Markov chain). Ranges "
                   "hold the outcome in 19 of 20 cases if that stays so: accounts are drawn "
                   "again 1,000 times and the chain is followed at random.",
                   in->mix->n_steps);
    }
    if (in->parts & MIGRATION_PART_GOALS) {
        doc_bullet(s, "Goals: moves over the time that accounts spent in the segment in the last "
                      "12 months, month by month, so that an account that was there for half a "
                      "year counts half; going beyond the goal's segment counts. Range: 95 %% "
                      "limits of a Poisson count (Garwood).");
    }
    if ((in->parts & MIGRATION_PART_PATHWAYS) && m->n_pathways > 0) {
        doc_bullet(
            s,
            "Pathways: accounts in the segment that had the intervention, each against up to "
            "%d accounts of the same segment that had none, alike in what was known before; "
            "ranges by drawing accounts again. Cost: minutes of the model, else the mean of "
            "those recorded, times the cost of an hour, %s.",
            EFFECT_MATCHES,
            isnan(m->cost_per_hour) ? "which is the mean of the CSMs' where it is known"
                                    : "an assumption of the model");
    }
    if (in->parts & MIGRATION_PART_STAYS) {
        doc_bullet(s,
                   "Time in a segment: Kaplan-Meier over stays whose beginning is in the last "
                   "%d months, in whole months; who is still there, or is no customer any more, "
                   "is followed as far as known.",
                   MIGRATION_MONTHS);
    }
}
