/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/roadmap.h"

#include "history/history.h"
#include "model/playbook.h"
#include "plan/plays/playbooks.h"
#include "source/readiness.h"
#include "source/source.h"

enum { INPUTS_NAMED = 3 };

static strata_status add_data(const look *l, roadmap_facts *f, strata_error *err)
{
    arena *a = l->c->arena;
    readiness_report r = {0};
    ingest_summary read = {0};
    history_run last = {0};
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    STRATA_TRY(readiness(l->project->store, l->project->model, a, &r, err));
    STRATA_TRY(ingest_status(l->project->store, l->project->model, a, &read, err));
    STRATA_TRY(history_before(store_main(l->project->store), l->as_of + 1, a, &last, err));
    f->last_run = last.run_id != 0 ? last.as_of : DAY_MISSING;
    f->n_analyses = r.n_analyses;
    f->n_running = r.n_running;
    f->n_inputs = r.n_inputs;
    for (size_t i = 0; i < r.n_inputs && i < INPUTS_NAMED; i++) {
        strbuf_printf(&names, "%s%s", i > 0 ? ", " : "", r.inputs[i].input);
    }
    STRATA_TRY(strbuf_status(&names, err));
    if (r.n_inputs > 0) {
        f->inputs = arena_strdup(a, strbuf_text(&names));
        STRATA_TRY(f->inputs != NULL ? STRATA_OK
                                     : strata_fail(err, STRATA_E_NOMEM, "out of memory"));
    }
    for (size_t i = 0; i < read.n_sources; i++) {
        f->n_rows += read.sources[i].n_read;
        f->n_rejected += read.sources[i].n_rejected;
        f->n_unknown += read.sources[i].n_unknown_accounts;
    }
    return STRATA_OK;
}

static void add_segments(const look *l, roadmap_facts *f)
{
    const model_dimension *d = &l->bound->model->dimensions[l->def->index];
    f->n_segments = l->def->n_segments;
    for (size_t i = 0; i < d->n_tiers; i++) {
        f->n_without_motion += d->tiers[i].strategy == NULL || d->tiers[i].motion == NULL;
    }
    if (d->n_tiers == 0) { /* bands and values of an attribute have none */
        f->n_without_motion = f->n_segments;
    }
}

static void add_work(const strategy *s, roadmap_facts *f)
{
    const coverage *c = &s->coverage;
    f->work_known = true;
    for (size_t i = 0; i < s->work.n; i++) {
        f->n_with_work += s->work.total[i] > 0;
        f->n_without_csm += s->work.total[i] > 0 && s->work.csm[i] < 0;
        f->n_not_held += c->cases[i].fit == FIT_UNDER && c->cases[i].not_held;
    }
    f->n_without_programme = s->engagement.n_proposed;
    f->n_csms = s->csms.n;
    f->n_judged = c->right.n + c->under.n + c->over.n;
    f->misfit_known = f->n_judged > 0;
    f->n_without_touch = f->misfit_known ? c->unknown.n : s->work.n_accounts;
    f->n_under = c->under.n - f->n_not_held;
    f->n_over = c->over.n;
    f->effect_measured = s->effect.source == EFFECT_MEASURED;
}

static int64_t recent_interventions(const view *v)
{
    const double *n = view_column(v, "interventions_90d").num;
    int64_t sum = 0;
    for (size_t i = 0; n != NULL && i < v->p->n_accounts; i++) {
        sum += n[i] > 0.0 ? (int64_t)n[i] : 0;
    }
    return n != NULL ? sum : -1;
}

static strata_status add_playbooks(const look *l, roadmap_facts *f, strata_error *err)
{
    playbook_list list = {0};
    bound_playbooks bound = {0};
    STRATA_TRY(playbooks_load(l->bound->model, l->c->arena, &list, err));
    STRATA_TRY(playbooks_bind(&list, l->bound, l->c->arena, &bound, err));
    for (size_t i = 0; i < bound.n; i++) {
        f->n_playbooks += bound.items[i].off == NULL;
    }
    return STRATA_OK;
}

strata_status roadmap_ask(look *l, const strategy *s, const territory *t, roadmap *out,
                          strata_error *err)
{
    roadmap_facts f = {.as_of = l->as_of, .n_hypotheses = l->bound->model->n_hypotheses};
    STRATA_TRY(add_data(l, &f, err));
    add_segments(l, &f);
    f.n_without_programme = f.n_segments;
    if (s->no_work == NULL) {
        add_work(s, &f);
    }
    f.books_known = t != NULL;
    f.n_moves = t != NULL ? t->n_moves : 0;
    f.n_interventions = recent_interventions(s->view);
    STRATA_TRY(add_playbooks(l, &f, err));
    day start = transition_start(l->bound->model, l->as_of);
    return roadmap_make(&f, l->bound->model, start, l->c->arena, out, err);
}

strata_status roadmap_ask_without_books(look *l, const strategy *s, roadmap *out, strata_error *err)
{
    STRATA_TRY(roadmap_ask(l, s, NULL, out, err));
    out->books_left_out = s->no_work == NULL && s->csms.n > 1;
    return STRATA_OK;
}
