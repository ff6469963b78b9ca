/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "model/load/load.h"
#include "model/papers.h"

/* Every decision goes in with the name of what it is, parts that have no order
 * sorted by name. Changing what is added here changes every digest. */

static void add_number(digest *d, const char *key, double value)
{
    char text[NUMBER_TEXT];
    number_format_exact(value, text);
    digest_add_text(d, key);
    digest_add_text(d, text);
}

static void add_text(digest *d, const char *key, const char *text)
{
    digest_add_text(d, key);
    digest_add_text(d, text);
}

/* Expressions with each run of blanks outside quotes as one blank. */
static strata_status add_expr(digest *d, const char *key, const model_expr *expr, strata_error *err)
{
    digest_add_text(d, key);
    if (expr->text == NULL) {
        digest_add_text(d, NULL);
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    char quote = '\0';
    for (const char *c = expr->text; *c != '\0'; c++) {
        bool blank = quote == '\0' && strchr(" \t\r\n", *c) != NULL;
        if (quote == *c) {
            quote = '\0';
        } else if (quote == '\0' && (*c == '\'' || *c == '"')) {
            quote = *c;
        }
        if (!blank) {
            strbuf_add_char(&b, *c);
        } else if (b.len > 0 && b.text[b.len - 1] != ' ') {
            strbuf_add_char(&b, ' ');
        }
    }
    while (b.len > 0 && b.text[b.len - 1] == ' ') {
        b.text[--b.len] = '\0';
    }
    digest_add_text(d, strbuf_text(&b));
    return strbuf_status(&b, err);
}

static strata_status add_actions(digest *d, const model *m, strata_error *err)
{
    for (size_t i = 0; i < m->n_actions; i++) {
        const model_action *p = &m->actions[i];
        add_text(d, "action", p->name);
        STRATA_TRY(add_expr(d, "where", &p->where, err));
        add_text(d, "intervention", p->intervention != NULL ? p->intervention : "");
        add_number(d, "share", p->share);
        add_number(d, "minutes", isnan(p->minutes) ? -1.0 : p->minutes);
        add_number(d, "keeps from", isnan(p->keeps_low) ? -1.0 : p->keeps_low);
        add_number(d, "keeps", isnan(p->keeps_likely) ? -1.0 : p->keeps_likely);
        add_number(d, "keeps to", isnan(p->keeps_high) ? -1.0 : p->keeps_high);
    }
    return STRATA_OK;
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const model_pair *)a)->key, ((const model_pair *)b)->key);
}

static strata_status add_pairs(digest *d, const char *key, const model_pairs *pairs,
                               strata_error *err)
{
    STRATA_AUTO_FREE model_pair *sorted = STRATA_NEW_ARRAY(pairs->n, model_pair);
    if (sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    add_number(d, key, (double)pairs->n);
    if (pairs->n > 0) {
        memcpy(sorted, pairs->items, pairs->n * sizeof *sorted);
        qsort(sorted, pairs->n, sizeof *sorted, by_key);
    }
    for (size_t i = 0; i < pairs->n; i++) {
        add_text(d, sorted[i].key, sorted[i].value);
    }
    return STRATA_OK;
}

static strata_status add_business(digest *d, const model_business *b, strata_error *err)
{
    add_text(d, "business", b->name);
    add_text(d, "currency", b->currency);
    add_text(d, "timezone", b->timezone);
    add_number(d, "fiscal_year_starts", b->fiscal_year_starts);
    add_number(d, "customers", b->customers);
    add_number(d, "uniform_needs", b->uniform_needs);
    add_number(d, "real_time", b->real_time);
    add_number(d, "can_act", b->can_act);
    return add_pairs(d, "texts", &b->texts, err);
}

static strata_status add_source(digest *d, const model_source *s, strata_error *err)
{
    add_text(d, "source", s->entity);
    add_text(d, "format", s->format);
    add_text(d, "delimiter", s->delimiter);
    add_text(d, "quote", s->quote);
    add_text(d, "decimal", s->decimal);
    add_text(d, "date_format", s->date_format);
    add_text(d, "encoding", s->encoding);
    add_text(d, "via", s->via);
    add_number(d, "form", s->form);
    add_text(d, "period", s->period);
    add_number(d, "end_is_last_day", s->end_is_last_day);
    add_text(d, "kind", s->kind);
    STRATA_TRY(add_expr(d, "keep", &s->keep, err));
    STRATA_TRY(add_pairs(d, "map", &s->map, err));
    return add_pairs(d, "values", &s->values, err);
}

static int by_entity(const void *a, const void *b)
{
    const model_source *x = *(const model_source *const *)a;
    const model_source *y = *(const model_source *const *)b;
    int order = strcmp(x->entity, y->entity);
    return order != 0 ? order : (x > y) - (x < y); /* those of one entity as listed */
}

static strata_status add_sources(digest *d, const model *m, strata_error *err)
{
    STRATA_AUTO_FREE const model_source **sorted =
        STRATA_NEW_ARRAY(m->n_sources, const model_source *);
    if (sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    for (size_t i = 0; i < m->n_sources; i++) {
        sorted[i] = &m->sources[i];
    }
    if (m->n_sources > 0) {
        qsort(sorted, m->n_sources, sizeof(const model_source *), by_entity);
    }
    for (size_t i = 0; i < m->n_sources; i++) {
        STRATA_TRY(add_source(d, sorted[i], err));
    }
    add_number(d, "rejects_allowed", m->ingest.rejects_allowed);
    add_number(d, "roll_up_parents", m->ingest.roll_up_parents);
    add_number(d, "merges", m->ingest.merges != NULL);
    return add_pairs(d, "rates", &m->ingest.rates, err);
}

static strata_status add_feature(digest *d, const model_feature *f, strata_error *err)
{
    add_text(d, "feature", f->name);
    add_text(d, "label", f->label);
    return add_expr(d, "value", &f->value, err);
}

static strata_status add_bin(digest *d, const model_bin *b, strata_error *err)
{
    add_text(d, "bin", b->name);
    add_text(d, "label", b->label);
    add_number(d, "quantiles", b->quantiles);
    add_number(d, "reverse", b->reverse);
    add_number(d, "missing", b->missing_score);
    for (size_t i = 0; i < b->n_steps; i++) {
        add_number(d, "up_to", b->steps[i].edge);
        add_number(d, "score", b->steps[i].score);
    }
    return add_expr(d, "of", &b->of, err);
}

static strata_status add_score(digest *d, const model_score *s, strata_error *err)
{
    add_text(d, "score", s->name);
    add_text(d, "label", s->label);
    add_number(d, "missing", s->missing);
    add_number(d, "minimum_weight", s->minimum_weight);
    for (size_t i = 0; i < s->n_factors; i++) {
        const model_factor *f = &s->factors[i];
        STRATA_TRY(add_expr(d, "factor", &f->feature, err));
        add_text(d, "label", f->label);
        add_number(d, "weight", f->weight);
        for (size_t k = 0; k < f->n_points; k++) {
            add_number(d, "x", f->points[k].x);
            add_number(d, "y", f->points[k].y);
        }
    }
    return STRATA_OK;
}

static strata_status add_tier(digest *d, const model_tier *t, strata_error *err)
{
    add_text(d, "tier", t->key);
    add_text(d, "label", t->label);
    add_text(d, "description", t->description);
    add_text(d, "strategy", t->strategy);
    add_text(d, "motion", t->motion);
    return add_expr(d, "when", &t->when, err);
}

static strata_status add_dimension(digest *d, const model_dimension *x, strata_error *err)
{
    add_text(d, "dimension", x->name);
    add_text(d, "label", x->label);
    add_number(d, "kind", x->kind);
    add_number(d, "ordered", x->ordered);
    STRATA_TRY(add_expr(d, "of", &x->of, err));
    add_text(d, "missing", x->missing_key);
    add_number(d, "other_under", x->other_under);
    add_number(d, "enter_after", x->hold.enter_after_days);
    add_number(d, "leave_after", x->hold.leave_after_days);
    add_number(d, "margin", x->hold.margin);
    add_number(d, "overrides", x->overrides != NULL);
    for (size_t i = 0; i < x->n_tiers; i++) {
        STRATA_TRY(add_tier(d, &x->tiers[i], err));
    }
    for (size_t i = 0; i < x->n_bands; i++) {
        add_text(d, "band", x->bands[i].key);
        add_text(d, "label", x->bands[i].label);
        add_number(d, "from", x->bands[i].from);
    }
    return STRATA_OK;
}

/* Anything that starts with its name, so that one comparison sorts them all. */
typedef struct part_ref {
    const char *name;
    size_t kind, index;
} part_ref;

static int by_name(const void *a, const void *b)
{
    return strcmp(((const part_ref *)a)->name, ((const part_ref *)b)->name);
}

static strata_status add_part(digest *d, const model *m, const part_ref *part, strata_error *err)
{
    switch (part->kind) {
    case 0:
        return add_feature(d, &m->features[part->index], err);
    case 1:
        return add_bin(d, &m->bins[part->index], err);
    case 2:
        return add_score(d, &m->scores[part->index], err);
    default:
        return add_dimension(d, &m->dimensions[part->index], err);
    }
}

/* Features, bins, scores and dimensions in order of their names, which all differ. */
static strata_status add_definitions(digest *d, const model *m, strata_error *err)
{
    size_t n = 0;
    size_t most = m->n_features + m->n_bins + m->n_scores + m->n_dimensions;
    STRATA_AUTO_FREE part_ref *parts = STRATA_NEW_ARRAY(most, part_ref);
    if (parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    for (size_t i = 0; i < m->n_features; i++) {
        parts[n++] = (part_ref){m->features[i].name, 0, i};
    }
    for (size_t i = 0; i < m->n_bins; i++) {
        parts[n++] = (part_ref){m->bins[i].name, 1, i};
    }
    for (size_t i = 0; i < m->n_scores; i++) {
        parts[n++] = (part_ref){m->scores[i].name, 2, i};
    }
    for (size_t i = 0; i < m->n_dimensions; i++) {
        parts[n++] = (part_ref){m->dimensions[i].name, 3, i};
    }
    qsort(parts, n, sizeof *parts, by_name);
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(add_part(d, m, &parts[i], err));
    }
    return STRATA_OK;
}

/* For keys that came later: a model that does not state one keeps the digest that it had. */
static void add_unless(digest *d, const char *key, double x, double usual)
{
    if (x < usual || x > usual) {
        add_number(d, key, x);
    }
}

/* Only what is given, so that a model without goals keeps its digest. */
static void add_goals(digest *d, const char *key, const model_goals *g)
{
    if (g->source != NULL) {
        add_text(d, key, g->source);
    }
    for (size_t i = 0; i < (size_t)GOAL_MEASURES * GOAL_AGES; i++) {
        double goal = g->value[i / GOAL_AGES][i % GOAL_AGES];
        if (!isnan(goal)) {
            digest_add_text(d, key);
            add_number(d, "goal", (double)i);
            add_number(d, "share", goal);
        }
    }
}

/* Only what is given, as for goals. */
static void add_scoreboard(digest *d, const model_scoreboard *s)
{
    if (s->by != NULL) {
        add_text(d, "targets by", s->by);
    }
    if (s->owner != NULL) {
        add_text(d, "targets owner", s->owner);
    }
    for (size_t i = 0; i < s->n; i++) {
        const model_segment_targets *t = &s->segments[i];
        add_text(d, "targets of", t->segment);
        add_text(d, "owner", t->owner != NULL ? t->owner : "");
        add_text(d, "source", t->source != NULL ? t->source : "");
        for (size_t k = 0; k < TARGET_MEASURES; k++) {
            if (!isnan(t->value[k])) {
                add_number(d, target_names[k], t->value[k]);
            }
        }
    }
}

static void add_programme(digest *d, const char *key, const model_programme *p)
{
    add_text(d, key, p->support != NULL ? p->support : "");
    add_number(d, "cadence", p->cadence_days);
    add_number(d, "reviews", p->review_days);
    add_number(d, "onboarding", p->onboarding_days);
    add_number(d, "accounts", isnan(p->accounts_per_csm) ? -1.0 : p->accounts_per_csm);
}

/* Only what is given, as for goals. */
static void add_engagement(digest *d, const model_engagement *g)
{
    if (g->by != NULL) {
        add_text(d, "engagement", g->by);
    }
    for (size_t i = 0; i < TOUCH_LEVELS; i++) {
        if (g->has_level[i]) {
            add_programme(d, touch_level_names[i], &g->levels[i]);
        }
    }
    for (size_t i = 0; i < g->n_segments; i++) {
        add_text(d, "engaged", g->segments[i].segment);
        add_programme(d, touch_level_names[g->segments[i].touch], &g->segments[i].own);
    }
    for (size_t i = 0; i < WORK_KINDS; i++) {
        if (!isnan(g->hours[i])) {
            add_number(d, work_names[i], g->hours[i]);
        }
    }
    if (!isnan(g->month_hours)) {
        add_number(d, "month", g->month_hours);
    }
    if (!isnan(g->effect.likely)) {
        add_number(d, "effect from", g->effect.low);
        add_number(d, "effect", g->effect.likely);
        add_number(d, "effect to", g->effect.high);
    }
    if (!isnan(g->growth.likely)) { /* came later */
        add_number(d, "growth from", g->growth.low);
        add_number(d, "growth", g->growth.likely);
        add_number(d, "growth to", g->growth.high);
    }
}

/* Only what is given, so that a model without the key keeps its digest. */
static strata_status add_personas(digest *d, const model_personas *p, strata_error *err)
{
    add_unless(d, "minimum_support", p->minimum_support, 10.0);
    for (size_t i = 0; i < p->n_buyers; i++) {
        add_text(d, "buyer", p->buyers[i].key);
        STRATA_TRY(add_tier(d, &p->buyers[i], err));
    }
    return STRATA_OK;
}

static void add_messages(digest *d, const model *m)
{
    for (size_t i = 0; i < m->n_messages; i++) {
        add_text(d, "message", m->messages[i].dimension);
        add_text(d, "to", m->messages[i].segment);
        add_text(d, "text", m->messages[i].text);
    }
    for (size_t k = 0; k < PAPER_KINDS; k++) {
        if (m->papers[k].text != NULL) {
            add_text(d, "paper", paper_form((paper_kind)k)->name);
            add_text(d, "text", m->papers[k].bytes);
        }
    }
}

static void add_roadmap(digest *d, const model_roadmap *r)
{
    for (size_t i = 0; i < EFFORT_KINDS; i++) {
        add_unless(d, effort_names[i], r->days[i], model_roadmap_usual.days[i]);
    }
    add_unless(d, "people", r->people, model_roadmap_usual.people);
    if (r->start != DAY_MISSING) {
        add_number(d, "start", r->start);
    }
}

/* The same. */
static strata_status add_migration(digest *d, const model *m, strata_error *err)
{
    const model_migration *g = &m->migration;
    if (g->by != NULL) {
        add_text(d, "migration", g->by);
    }
    STRATA_TRY(g->up.text != NULL ? add_expr(d, "up", &g->up, err) : STRATA_OK);
    STRATA_TRY(g->down.text != NULL ? add_expr(d, "down", &g->down, err) : STRATA_OK);
    add_unless(d, "migration review", g->has_review ? (double)g->review : -1.0, -1.0);
    add_unless(d, "cost per hour", isnan(g->cost_per_hour) ? -1.0 : g->cost_per_hour, -1.0);
    for (size_t i = 0; i < g->n_goals; i++) {
        add_text(d, "goal from", g->goals[i].from);
        add_text(d, "to", g->goals[i].to);
        add_number(d, "share", g->goals[i].share);
        add_number(d, "months", g->goals[i].months);
    }
    for (size_t i = 0; i < g->n_pathways; i++) {
        const model_pathway *p = &g->pathways[i];
        add_text(d, "pathway", p->name);
        add_text(d, "from", p->from);
        add_text(d, "to", p->to);
        STRATA_TRY(add_expr(d, "trigger", &p->trigger, err));
        add_text(d, "intervention", p->intervention);
        STRATA_TRY(add_expr(d, "measure", &p->measure, err));
        add_number(d, "minutes", isnan(p->minutes) ? -1.0 : p->minutes);
        add_number(d, "cost", isnan(p->cost) ? -1.0 : p->cost);
        add_text(d, "outcome", p->outcome);
    }
    add_unless(d, "notice", m->tier_change.notice_days, 30.0);
    for (size_t i = 0; i < m->tier_change.n_exceptions; i++) {
        const model_exception *e = &m->tier_change.exceptions[i];
        add_text(d, "exception", e->name);
        STRATA_TRY(add_expr(d, "when", &e->when, err));
        add_text(d, "why", e->why);
    }
    return STRATA_OK;
}

static strata_status add_rest(digest *d, const model *m, strata_error *err)
{
    STRATA_TRY(add_expr(d, "population", &m->population, err));
    add_text(d, "outside", m->outside_label);
    for (size_t i = 0; i < m->n_stages; i++) {
        add_text(d, "stage", m->stages[i].name);
        add_text(d, "description", m->stages[i].description);
        add_number(d, "expected_within", m->stages[i].expected_days);
        STRATA_TRY(add_expr(d, "when", &m->stages[i].when, err));
    }
    for (size_t i = 0; i < m->n_milestones; i++) {
        add_text(d, "milestone", m->milestones[i].name);
        STRATA_TRY(add_expr(d, "when", &m->milestones[i].when, err));
    }
    for (size_t i = 0; i < m->n_hypotheses; i++) {
        const model_hypothesis *h = &m->hypotheses[i];
        add_text(d, "claim", h->claim);
        STRATA_TRY(add_expr(d, "where", &h->where, err));
        STRATA_TRY(add_expr(d, "against", &h->against, err));
        STRATA_TRY(add_expr(d, "compare", &h->compare, err));
        add_text(d, "expect", h->expect);
    }
    add_text(d, "nrr", m->metrics.nrr);
    add_text(d, "reactivation", m->metrics.reactivation);
    add_text(d, "churn_dated", m->metrics.churn_dated);
    add_unless(d, "margin", m->metrics.margin, 1.0);
    add_unless(d, "discount", m->metrics.discount, 0.1);
    if (!isnan(m->metrics.pmf_top)) {
        add_number(d, "pmf_top", m->metrics.pmf_top);
    }
    add_number(d, "minimum_share", m->quality.minimum_share);
    add_number(d, "minimum_accounts", m->quality.minimum_accounts);
    add_number(d, "few_segments", m->quality.few_segments);
    add_number(d, "many_segments", m->quality.many_segments);
    add_number(d, "refresh", m->quality.refresh_days);
    add_goals(d, "benchmarks", &m->benchmarks);
    add_goals(d, "targets", &m->targets);
    add_scoreboard(d, &m->scoreboard);
    STRATA_TRY(add_actions(d, m, err));
    add_engagement(d, &m->engagement);
    for (size_t i = 0; i < m->n_playbooks; i++) {
        add_text(d, "playbook", m->playbooks[i].name);
    }
    STRATA_TRY(add_personas(d, &m->personas, err));
    add_messages(d, m);
    add_roadmap(d, &m->roadmap);
    STRATA_TRY(add_migration(d, m, err));
    add_unless(d, "roll_up", m->trees.roll_up, TREE_ROLL_UP_ARR);
    add_unless(d, "tree health", m->trees.health, TREE_HEALTH_BY_ARR);
    add_unless(d, "tree coverage", m->trees.coverage, TREE_COVERAGE_HIGHEST);
    add_number(d, "review", m->review);
    add_text(d, "primary", m->primary);
    return STRATA_OK;
}

strata_status model_fingerprint(const model *m, char out[DIGEST_TEXT], strata_error *err)
{
    digest d;
    digest_init(&d);
    add_text(&d, "strata", "1");
    STRATA_TRY(add_business(&d, &m->business, err));
    STRATA_TRY(add_sources(&d, m, err));
    STRATA_TRY(add_definitions(&d, m, err));
    STRATA_TRY(add_rest(&d, m, err));
    digest_finish(&d, out);
    return STRATA_OK;
}
