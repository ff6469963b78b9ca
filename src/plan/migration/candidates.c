/* SPDX-License-Identifier: Apache-2.0 */
/* Who should be looked at for another segment now, by the model's rules; how these rules did. */
#include <math.h>
#include <stdlib.h>

#include "analysis/make_figure.h"
#include "base/auto.h"
#include "base/strbuf.h"
#include "panel/dates.h"
#include "plan/migration/rules.h"

static strata_status judge_paths(const rule_frames *f, const rule *const *rules, size_t n, arena *a,
                                 const uint8_t *const **out, strata_error *err)
{
    const uint8_t **verdicts = ARENA_NEW(a, n + 1, const uint8_t *);
    if (verdicts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for pathways");
    }
    for (size_t k = 0; k < n; k++) {
        STRATA_TRY(rule_frames_judge(f, rules[k], a, &verdicts[k], err));
    }
    *out = verdicts;
    return STRATA_OK;
}

/* --- what fired --- */

/* What a rule that holds saw of an account. */
typedef struct fired {
    const char *clause, *values, *said; /* "" each where nothing but negated clauses holds */
} fired;

/* Clauses that hold, and what they saw. Those that are `not` something stand as groups. */
static strata_status explain_rule(const rule *r, const rule_frames *f, const view *v,
                                  uint32_t account, arena *a, fired *out, strata_error *err)
{
    const rule_clause *clauses = NULL;
    size_t n = 0;
    STRBUF_AUTO strbuf text;
    STRBUF_AUTO strbuf seen;
    STRBUF_AUTO strbuf said;
    strbuf_init(&text, 0);
    strbuf_init(&seen, 0);
    strbuf_init(&said, 0);
    const char *currency = v->b->model->business.currency;
    STRATA_TRY(rule_explain(r, &f->in, account, currency, a, &clauses, &n, err));
    for (size_t i = 0; i < n; i++) {
        bool leaf = clauses[i].observed[0] != '\0';
        if (leaf && clauses[i].verdict == RULE_YES) {
            strbuf_printf(&text, "%s%s", text.len > 0 ? "; " : "", clauses[i].text);
            strbuf_printf(&seen, "%s%s", seen.len > 0 ? "; " : "", clauses[i].observed);
            strbuf_printf(&said, "%s%s", said.len > 0 ? "; " : "", clauses[i].said);
        }
    }
    STRATA_TRY(strbuf_status(&text, err));
    STRATA_TRY(strbuf_status(&seen, err));
    STRATA_TRY(strbuf_status(&said, err));
    *out = (fired){.clause = arena_strdup(a, strbuf_text(&text)),
                   .values = arena_strdup(a, strbuf_text(&seen)),
                   .said = arena_strdup(a, strbuf_text(&said))};
    return out->clause != NULL && out->values != NULL && out->said != NULL
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NOMEM, "out of memory for candidates");
}

static strata_status put_clauses(const rule *r, const rule_frames *f, const view *v, arena *a,
                                 migration_candidate *c, strata_error *err)
{
    fired x = {0};
    STRATA_TRY(explain_rule(r, f, v, c->account, a, &x, err));
    /* nothing but negated clauses: the rule as it stands */
    c->clause = x.clause[0] != '\0' ? x.clause : arena_strdup(a, rule_text(r));
    c->values = x.values;
    c->said = x.said;
    return c->clause != NULL ? STRATA_OK
                             : strata_fail(err, STRATA_E_NOMEM, "out of memory for candidates");
}

/* What the exceptions that hold it back saw of it. */
static strata_status put_held(const rule_frames *f, const view *v, arena *a, migration_candidate *c,
                              strata_error *err)
{
    const size_t n = v->b->model->tier_change.n_exceptions;
    if (c->held == 0) {
        return STRATA_OK;
    }
    const char **said = ARENA_NEW(a, n + 1, const char *);
    if (said == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for candidates");
    }
    for (size_t k = 0; k < n; k++) {
        if ((c->held >> k & 1U) != 0) {
            fired x = {0};
            STRATA_TRY(explain_rule(v->b->migration.exceptions[k], f, v, c->account, a, &x, err));
            said[k] = x.said[0] != '\0' ? x.said : NULL;
        }
    }
    c->held_said = said;
    return STRATA_OK;
}

/* --- the list --- */

static int by_need(const void *left, const void *right)
{
    const migration_candidate *a = left;
    const migration_candidate *b = right;
    if (a->up != b->up) {
        return a->up ? -1 : 1;
    }
    if ((a->held != 0) != (b->held != 0)) {
        return a->held == 0 ? -1 : 1;
    }
    if (a->value_minor != b->value_minor) {
        return a->value_minor > b->value_minor ? -1 : 1;
    }
    return (a->account > b->account) - (a->account < b->account);
}

typedef struct search {
    const view *v;
    const migration_paths *p;
    const rule_frames *f;
    const uint8_t *up, *down;
    const double *renewal_in; /* may be NULL */
} search;

static void count(const migration_candidate *c, migration_candidates *out)
{
    out->n++;
    out->n_up += c->up;
    out->n_down += !c->up;
    out->n_held += c->held != 0;
}

static strata_status add_account(const search *s, size_t i, arena *a, migration_candidate *items,
                                 migration_candidates *out, strata_error *err)
{
    size_t from = migration_state(s->p, s->p->n_dates - 1, i);
    bool up = s->up[i] == RULE_YES && from > 0 && from < s->p->n_ordered;
    bool down = s->down[i] == RULE_YES && from + 1 < s->p->n_ordered;
    if (up && down) {
        out->n_both++;
    }
    if (up == down) {
        return STRATA_OK;
    }
    migration_candidate *c = &items[out->n];
    *c =
        (migration_candidate){.account = (uint32_t)i,
                              .up = up,
                              .from = from,
                              .to = up ? from - 1 : from + 1,
                              .held = out->held[i],
                              .value_minor = view_value_minor(s->v, i),
                              .renewal_in = s->renewal_in != NULL ? s->renewal_in[i] : (double)NAN};
    const bound_migration *rules = &s->v->b->migration;
    STRATA_TRY(put_clauses(up ? rules->up : rules->down, s->f, s->v, a, c, err));
    STRATA_TRY(put_held(s->f, s->v, a, c, err));
    count(c, out);
    return STRATA_OK;
}

strata_status migration_candidates_find(const context *cx, const view *v, const migration_paths *p,
                                        arena *a, migration_candidates *out, strata_error *err)
{
    const bound_migration *rules = &v->b->migration;
    migration_candidates found = {.up_lacks = migration_rule_lacks(v->b, rules->up),
                                  .down_lacks = migration_rule_lacks(v->b, rules->down)};
    STRATA_CLEANUP(rule_frames_done) rule_frames f = {0};
    STRATA_TRY(rule_frames_at(cx, v, v->as_of, a, &f, err));
    search s = {
        .v = v, .p = p, .f = &f, .renewal_in = segmentation_column(v->s, FEATURE_RENEWAL_IN).num};
    STRATA_TRY(rule_frames_judge(&f, rules->up, a, &s.up, err));
    STRATA_TRY(rule_frames_judge(&f, rules->down, a, &s.down, err));
    STRATA_TRY(held_back_at(&f, v->b, a, &found.held, err));
    size_t n_paths = v->b->model->migration.n_pathways;
    STRATA_TRY(judge_paths(&f, rules->triggers, n_paths, a, &found.triggers, err));
    STRATA_TRY(judge_paths(&f, rules->measures, n_paths, a, &found.measures, err));
    migration_candidate *items = ARENA_NEW(a, p->n_accounts + 1, migration_candidate);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for candidates");
    }
    for (size_t i = 0; p->ordered && i < p->n_accounts; i++) {
        STRATA_TRY(add_account(&s, i, a, items, &found, err));
    }
    qsort(items, found.n, sizeof *items, by_need);
    found.items = items;
    *out = found;
    return STRATA_OK;
}

/* --- how the rules did --- */

typedef bool direction_fn(const migration_paths *p, size_t from, size_t now);

static void count_hits(const migration_paths *p, size_t then, const uint8_t *verdicts,
                       direction_fn *went, double minimum, migration_hit *out)
{
    size_t hits[2] = {0};
    size_t of[2] = {0};
    for (size_t i = 0; i < p->n_accounts; i++) {
        size_t from = migration_state(p, then, i);
        bool top = went == migration_is_up ? from == 0 : from + 1 >= p->n_ordered;
        if (from >= p->n_ordered || top) {
            continue;
        }
        size_t now = migration_state(p, p->n_dates - 1, i);
        bool held = verdicts[i] == RULE_YES;
        of[held]++;
        hits[held] += now < p->n_segments && went(p, from, now);
    }
    out->with = share_figure_of(hits[1], of[1], minimum);
    out->without = share_figure_of(hits[0], of[0], minimum);
    out->difference = newcombe_interval(hits[1], of[1], hits[0], of[0]);
}

strata_status migration_hits_count(const context *cx, const view *v, const migration_paths *p,
                                   arena *a, migration_hits *out, strata_error *err)
{
    enum { YEAR = 12 };
    migration_hits hits = {0};
    if (p->ordered && p->n_dates > YEAR) {
        size_t then = p->n_dates - 1 - YEAR;
        double minimum = v->b->model->quality.minimum_accounts;
        const uint8_t *up = NULL;
        const uint8_t *down = NULL;
        STRATA_CLEANUP(rule_frames_done) rule_frames f = {0};
        STRATA_TRY(rule_frames_at(cx, v, p->dates[then], a, &f, err));
        STRATA_TRY(rule_frames_judge(&f, v->b->migration.up, a, &up, err));
        STRATA_TRY(rule_frames_judge(&f, v->b->migration.down, a, &down, err));
        count_hits(p, then, up, migration_is_up, minimum, &hits.up);
        count_hits(p, then, down, migration_is_down, minimum, &hits.down);
        hits.done = true;
    }
    *out = hits;
    return STRATA_OK;
}
