/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/persona.h"

#include <string.h>

#include "base/strbuf.h"
#include "cluster/record.h"
#include "model/yaml.h"
#include "plan/plays/segment_plays.h"
#include "report/words.h"
#include "rule/rule.h"

static const char own_dimension[] = "persona_";

/* The project's model with one dimension more, which the look turns to. */
static strata_status add_dimension(look *l, const char *yaml, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    STRBUF_AUTO strbuf path;
    strbuf_init(&text, 0);
    strbuf_init(&path, 0);
    const char *slash = strrchr(l->project->model_path, '/');
    const char *file = slash != NULL ? slash + 1 : l->project->model_path;
    strbuf_printf(&path, "%s/persona", l->project->folder);
    strbuf_add(&text, "strata: 1\nextends: ");
    yaml_put_text(&text, file, strlen(file));
    strbuf_printf(&text, "\ndimensions: {%s: %s}\n", own_dimension, yaml);
    STRATA_TRY(strbuf_status(&text, err));
    STRATA_TRY(strbuf_status(&path, err));
    STRATA_TRY(model_parse(strbuf_text(&path), text.text, text.len, &l->template_model, err));
    STRATA_TRY(project_bind(l->project, l->template_model, &l->template_bound,
                            &l->template_overrides, err));
    l->bound = l->template_bound;
    l->overrides = &l->template_overrides;
    l->def = bound_find(l->bound, own_dimension);
    return STRATA_OK;
}

static strata_status group_where(look *l, const char *where, strata_error *err)
{
    rule_place place = {.file = "--where", .line = 1, .column = 1};
    const rule *r = NULL;
    strata_status st =
        rule_compile_condition(l->c->arena, where, &place, &l->bound->scope, &r, err);
    if (st == STRATA_E_MODEL) { /* the request is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(r) || rule_lookback_days(r) > 0) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "'%s' looks back ('turned', 'for N days'), which --where cannot; make it "
            "a segment of the model file",
            where);
    }
    STRBUF_AUTO strbuf yaml;
    strbuf_init(&yaml, 0);
    strbuf_add(&yaml, "{label: Accounts, tiers: [{name: 'Matching', label: ");
    yaml_put_text(&yaml, where, strlen(where));
    strbuf_add(&yaml, ", when: ");
    yaml_put_text(&yaml, where, strlen(where));
    strbuf_add(&yaml, "}, {name: 'All others', otherwise: true}]}");
    STRATA_TRY(strbuf_status(&yaml, err));
    return add_dimension(l, yaml.text, err);
}

static bool is_text_attribute(const look *l, const char *name)
{
    const portfolio *p = l->project->portfolio;
    size_t slot = portfolio_slot(p, name);
    return slot != SIZE_MAX && slot >= FEATURE_COUNT && p->symbols[slot].type == VALUE_TEXT &&
           bound_find(l->bound, name) == NULL;
}

static strata_status group_by(look *l, const char *name, strata_error *err)
{
    if (!is_text_attribute(l, name)) {
        return look_approach(l, name, err);
    }
    STRBUF_AUTO strbuf yaml;
    strbuf_init(&yaml, 0);
    strbuf_printf(&yaml, "{by: %s}", name);
    STRATA_TRY(strbuf_status(&yaml, err));
    return add_dimension(l, yaml.text, err);
}

/* --- clusters that were kept --- */

/* A tier for each cluster that no rule fills, one for accounts that are in none, and one for the
 * time before the fit, when nobody knew. */
static strata_status add_clusters(look *l, const saved_fit *fit, strata_error *err)
{
    STRBUF_AUTO strbuf yaml;
    strbuf_init(&yaml, 0);
    strbuf_printf(&yaml, "{label: 'Clusters of %s', tiers: [", words_day(fit->as_of).text);
    for (size_t c = 0; c < fit->k; c++) {
        strbuf_add(&yaml, "{name: ");
        yaml_put_text(&yaml, fit->names[c], strlen(fit->names[c]));
        strbuf_add(&yaml, ", when: 'false'}, ");
    }
    strbuf_add(&yaml, "{name: 'In no cluster', when: 'false'}, "
                      "{name: 'Before these clusters', otherwise: true}]}");
    STRATA_TRY(strbuf_status(&yaml, err));
    return add_dimension(l, yaml.text, err);
}

/* Pins every account to its cluster, or to none, from the fit's day on. The model's own pins stay;
 * codes of tiers are in the order of the clusters. */
static strata_status pin_clusters(look *l, const saved_fit *fit, strata_error *err)
{
    const override_set *own = &l->template_overrides;
    size_t n_accounts = l->project->portfolio->n_accounts;
    size_t dimension = l->def->index;
    override_pin *pins = ARENA_NEW(l->c->arena, own->n + n_accounts + 1, override_pin);
    if (pins == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts in clusters",
                           n_accounts);
    }
    size_t n = 0;
    size_t at = 0;
    while (at < own->n && own->pins[at].dimension < dimension) {
        pins[n++] = own->pins[at++];
    }
    for (size_t i = 0; i < n_accounts; i++) {
        size_t cluster = fit->cluster[i] != CLUSTER_NONE ? fit->cluster[i] : fit->k;
        pins[n++] = (override_pin){.account = (uint32_t)i,
                                   .dimension = dimension,
                                   .segment = (segment_code)cluster,
                                   .from = fit->as_of,
                                   .until = DAY_MAX,
                                   .who = "strata cluster --save",
                                   .why = "its cluster"};
    }
    while (at < own->n) {
        pins[n++] = own->pins[at++];
    }
    l->template_overrides = (override_set){.pins = pins, .n = n};
    return STRATA_OK;
}

static strata_status group_clusters(look *l, const char *where, strata_error *err)
{
    saved_fit fit = {0};
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(cluster_last_fit(store_main(l->project->store), l->project->portfolio, l->as_of,
                                where, l->c->arena, &fit, err));
    if (fit.fit == 0) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "no clusters%s%s%s are kept as of %s; 'strata cluster%s --save' keeps "
                           "them",
                           where != NULL ? " of '" : "", where != NULL ? where : "",
                           where != NULL ? "'" : "", words_day(l->as_of).text,
                           where != NULL ? " --where EXPR" : "");
    }
    STRATA_TRY(add_clusters(l, &fit, err));
    return pin_clusters(l, &fit, err);
}

/* --- */

bool persona_has_own(const look *l)
{
    return l->template_model != NULL && bound_find(l->bound, own_dimension) == l->def;
}

strata_status persona_groups(look *l, strata_error *err)
{
    const char *by = call_value(l->c, "by");
    const char *where = call_value(l->c, "where");
    if (call_has(l->c, "clusters")) {
        return by == NULL ? group_clusters(l, where, err)
                          : strata_fail(err, STRATA_E_USAGE, "give --by or --clusters, not both");
    }
    if (by != NULL && where != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "give --by or --where, not both");
    }
    if (where != NULL) {
        return group_where(l, where, err);
    }
    return by != NULL ? group_by(l, by, err) : STRATA_OK;
}

static strata_status add_plays(look *l, personas *p, strata_error *err)
{
    arena *a = l->c->arena;
    playbook_list list = {0};
    bound_playbooks books = {0};
    STRATA_TRY(playbooks_load(l->bound->model, a, &list, err));
    STRATA_TRY(playbooks_bind(&list, l->bound, a, &books, err));
    return segment_plays_make(l->study, &books, study_codes_now(l->study, l->def),
                              l->def->n_segments, a, &p->plays, err);
}

strata_status persona_ask(look *l, personas *out, strata_error *err)
{
    long months = 0;
    STRATA_TRY(call_count(l->c, "months", 1, PERSONA_MONTHS_MAX, PERSONA_MONTHS, &months, err));
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(look_study(l, STUDY_ALL, err));
    STRATA_TRY(personas_make(l->study, store_main(l->project->store), l->def, (int)months,
                             l->c->arena, out, err));
    return add_plays(l, out, err);
}
