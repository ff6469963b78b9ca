/* SPDX-License-Identifier: Apache-2.0 */
#include "command/look.h"

#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "command/timeframe.h"

void look_done(look *l)
{
    study_free(l->study);
    view_free(l->view);
    bound_model_free(l->template_bound);
    model_free(l->template_model);
    project_close(l->project);
}

strata_status look_open(call *c, look *l, strata_error *err)
{
    l->c = c;
    l->since = DAY_MISSING;
    STRATA_TRY(session_load(c, &l->project, err));
    l->bound = l->project->bound;
    l->overrides = &l->project->overrides;
    l->def = bound_primary(l->bound);
    if (l->def == NULL) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s has no dimensions; add one, or a line such as 'extends: hybrid'",
                           l->project->model_path);
    }
    return STRATA_OK;
}

/* --- dates --- */

static strata_status period_end(const look *l, const timeframe *t, const char *text, day *out,
                                strata_error *err)
{
    day last = portfolio_last_day(l->project->portfolio, l->c->cx.today);
    if (call_value(l->c, "as-of") != NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' says the as-of date already; leave out --as-of", text);
    }
    if (t->from >= last || t->end < l->project->portfolio->info->first_day) {
        char first_text[DAY_TEXT];
        char last_text[DAY_TEXT];
        day_format(l->project->portfolio->info->first_day, first_text);
        day_format(last, last_text);
        return strata_fail(err, STRATA_E_USAGE, "'%s' has no data: it runs from %s to %s", text,
                           first_text, last_text);
    }
    if (t->end > last) {
        char day_text[DAY_TEXT];
        day_format(last, day_text);
        context_notice(&l->c->cx, "%s is not over: as of %s, the last day with data", text,
                       day_text);
    }
    *out = t->end < last ? t->end : last;
    return STRATA_OK;
}

strata_status look_dates(look *l, const char *text, strata_error *err)
{
    timeframe t = {0};
    if (text != NULL && !timeframe_parse(text, &t)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is no timeframe; write 30d, 12m, 2026-Q1, 2026-03 or 2025", text);
    }
    if (text != NULL && t.kind == TIMEFRAME_PERIOD) {
        STRATA_TRY(period_end(l, &t, text, &l->as_of, err));
    } else {
        STRATA_TRY(session_as_of(l->c, l->project, &l->as_of, err));
    }
    STRATA_TRY(call_date(l->c, "since", DAY_MISSING, &l->since, err));
    if (text != NULL && l->since != DAY_MISSING) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' says already what to compare with; leave out --since", text);
    }
    if (text != NULL) {
        l->since = timeframe_since(&t, l->as_of);
    }
    return STRATA_OK;
}

/* --- what analyses read --- */

strata_status look_view(look *l, const size_t *keep, size_t n_keep, strata_error *err)
{
    view_options options = {.as_of = l->as_of,
                            .since = l->since,
                            .keep = keep,
                            .n_keep = n_keep,
                            .watch = SIZE_MAX,
                            .changes = l->changes};
    return view_new(&l->c->cx, l->project->portfolio, l->bound, l->overrides, &options, &l->view,
                    err);
}

strata_status look_study(look *l, unsigned parts, strata_error *err)
{
    const size_t *keep = NULL;
    size_t n = 0;
    STRATA_TRY(study_slots(l->project->portfolio, l->bound, l->c->arena, &keep, &n, err));
    STRATA_TRY(look_view(l, keep, n, err));
    return study_new(&l->c->cx, l->view, parts, &l->study, err);
}

strata_status look_document(const look *l, const char *kind, const char *title, document **out,
                            strata_error *err)
{
    const model *m = l->bound->model;
    int64_t n_accounts = 0;
    int64_t value = 0;
    session_totals(l->view, &n_accounts, &value);
    document_head head = {.kind = kind,
                          .title = title,
                          .portfolio = l->project->model->business.name,
                          .currency = m->business.currency,
                          .as_of = l->as_of,
                          .model_name = m->template_name,
                          .model_digest = m->digest,
                          .data_digest = l->project->portfolio->data_digest,
                          .version = STRATA_VERSION,
                          .seed = l->c->cx.seed,
                          .n_accounts = n_accounts,
                          .arr_minor = l->view->has_arr ? value : -1,
                          .project = call_folder(l->c)};
    return document_new(&head, out, err);
}

/* --- segments by name --- */

static const char *dimension_name(const look *l, const bound_def *def)
{
    return l->bound->model->dimensions[def->index].name;
}

static bool find_segment(const bound_def *def, const char *name, segment_code *out)
{
    for (size_t i = 0; i < def->n_segments; i++) {
        if (strcasecmp(def->labels[i], name) == 0 || strcasecmp(def->keys[i], name) == 0) {
            *out = (segment_code)i;
            return true;
        }
    }
    return false;
}

strata_status look_for_segment(look *l, const char *name, strata_error *err)
{
    segment_code code = 0;
    const bound_def *only = NULL;
    size_t found = 0;
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    if (find_segment(l->def, name, &code)) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < l->bound->n_defs; i++) {
        const bound_def *def = &l->bound->defs[i];
        if (def->kind == DEF_DIMENSION && find_segment(def, name, &code)) {
            strbuf_printf(&names, "%s%s", found > 0 ? ", " : "", dimension_name(l, def));
            only = def;
            found++;
        }
    }
    if (found > 1) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "segment '%.100s' is in several dimensions; say which with --dimension: "
                           "%s",
                           name, strbuf_text(&names));
    }
    l->def = only != NULL ? only : l->def;
    return STRATA_OK;
}

strata_status look_segment(const look *l, const char *name, segment_code *out, strata_error *err)
{
    if (find_segment(l->def, name, out)) {
        return STRATA_OK;
    }
    const char *dimension = dimension_name(l, l->def);
    const nearest_text near = nearest_hint(name, l->def->labels, l->def->n_segments);
    if (near.text[0] != '\0') {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no segment '%.100s' in dimension '%s'%s", name, dimension,
                           near.text);
    }
    return strata_fail(err, STRATA_E_NOTFOUND,
                       "there is no segment '%.100s' in dimension '%s'; 'strata segments %s' lists "
                       "them",
                       name, dimension, dimension);
}
