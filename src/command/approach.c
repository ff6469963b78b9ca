/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to segment, by the names people call them: a dimension of the project's
 * model where it has one, else the shipped template of that name over the
 * project's data. */
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "command/look.h"
#include "model/yaml.h"

typedef struct approach {
    const char *name;
    const char *dimension;      /* of the template */
    const char *template_name;  /* for portfolios with ARR */
    const char *shop_dimension; /* for portfolios with orders only; NULL: there is none */
} approach;

static const approach approaches[] = {
    {"value", "value", "value", "spend"},
    {"behavioral", "behavior", "behavioral", NULL},
    {"health", "health_band", "health-risk", NULL},
    {"lifecycle", "lifecycle", "lifecycle", "stage"},
    {"rfm", "rfm_band", "rfm", "rfm_segment"},
    {"hybrid", "segment", "hybrid", NULL},
    {"firmographic", NULL, "firmographic", NULL},
    {"priority", "priority_tier", "usage-value", NULL},
    {"predictive", "risk_band", "predictive", NULL},
    {"expansion", "expansion_tier", "expansion", NULL},
};
enum { N_APPROACHES = sizeof approaches / sizeof approaches[0] };

static const bound_def *find_dimension(const bound_model *b, const char *name)
{
    const bound_def *def = name != NULL ? bound_find(b, name) : NULL;
    return def != NULL && def->kind == DEF_DIMENSION ? def : NULL;
}

/* The dimensions by an attribute: the first whose column is there. */
static const bound_def *find_by_attribute(const bound_model *b)
{
    const bound_def *first = NULL;
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind != DEF_DIMENSION || b->model->dimensions[def->index].kind != DIMENSION_BY) {
            continue;
        }
        size_t n = 0;
        const size_t *slots = rule_slots(def->rules[0], &n);
        if (n > 0 && b->scope.symbols[slots[0]].missing_because == NULL) {
            return def;
        }
        first = first != NULL ? first : def;
    }
    return first;
}

static bool has_arr(const look *l)
{
    return l->project->portfolio->symbols[FEATURE_ARR].missing_because == NULL;
}

static bool is_shop(const look *l)
{
    return !has_arr(l) &&
           l->project->portfolio->symbols[FEATURE_SPEND_365D].missing_because == NULL;
}

static strata_status use_template(look *l, const char *name, strata_error *err)
{
    STRBUF_AUTO strbuf yaml;
    strbuf_init(&yaml, 0);
    const model_business *business = &l->project->model->business;
    strbuf_printf(&yaml, "strata: 1\nextends: %s\nbusiness: {name: ", name);
    yaml_put_text(&yaml, business->name, strlen(business->name));
    strbuf_printf(&yaml, ", currency: %s, timezone: ", business->currency);
    yaml_put_text(&yaml, business->timezone, strlen(business->timezone));
    strbuf_add(&yaml, "}\n");
    STRATA_TRY(strbuf_status(&yaml, err));
    STRATA_TRY(model_parse(l->project->model_path, yaml.text, yaml.len, &l->template_model, err));
    STRATA_TRY(project_bind(l->project, l->template_model, &l->template_bound,
                            &l->template_overrides, err));
    l->bound = l->template_bound;
    l->overrides = &l->template_overrides;
    return STRATA_OK;
}

strata_status look_journey(look *l, strata_error *err)
{
    return l->bound->model->n_stages > 0 ? STRATA_OK
                                         : use_template(l, is_shop(l) ? "shop" : "lifecycle", err);
}

/* Risk bands of predictions that nobody has made yet would hold nobody. */
static strata_status check_predicted(const look *l, const approach *a, strata_error *err)
{
    bool lacks = l->project->portfolio->symbols[FEATURE_CHURN_RISK].missing_because != NULL;
    if (strcmp(a->name, "predictive") == 0 && lacks) {
        return strata_fail(
            err, STRATA_E_DATA,
            "nothing has been predicted yet; 'strata predict churn --save' keeps what "
            "it predicts, and 'strata segments predictive' then shows the bands");
    }
    return STRATA_OK;
}

static strata_status use_approach(look *l, const approach *a, strata_error *err)
{
    STRATA_TRY(check_predicted(l, a, err));
    bool shop = is_shop(l);
    const char *dimension = shop && a->shop_dimension != NULL ? a->shop_dimension : a->dimension;
    const bound_def *def = a->dimension != NULL ? find_dimension(l->bound, a->dimension) : NULL;
    def = def != NULL ? def : find_dimension(l->bound, dimension);
    def = def == NULL && a->dimension == NULL ? find_by_attribute(l->bound) : def;
    if (def == NULL) {
        const char *name = shop && a->shop_dimension != NULL ? "shop" : a->template_name;
        STRATA_TRY(use_template(l, name, err));
        def = dimension != NULL ? find_dimension(l->bound, dimension) : find_by_attribute(l->bound);
    }
    if (def == NULL) {
        return strata_fail(err, STRATA_E_MODEL, "the template '%s' has no dimension for '%s'",
                           a->template_name, a->name);
    }
    l->def = def;
    return STRATA_OK;
}

/* Clusters become segments when their rules are part of the model. */
static strata_status no_clusters(const look *l, strata_error *err)
{
    static const char file[] = "saved/cluster.yaml";
    const project *p = l->project;
    const char *path = arena_printf(l->c->arena, "%s/%s", p->folder, file);
    if (path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (file_exists(path)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s does not read the clusters in %s; add that file to its extends",
                           p->model_path, file);
    }
    return strata_fail(err, STRATA_E_USAGE,
                       "the model has no dimension 'cluster' yet; 'strata cluster' finds clusters, "
                       "'strata cluster --as-dimension cluster' writes their rules as one");
}

static strata_status unknown_approach(const look *l, const char *name, strata_error *err)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    STRBUF_AUTO strbuf list;
    strbuf_init(&list, 0);
    for (size_t i = 0; i < N_APPROACHES; i++) {
        names[n++] = approaches[i].name;
    }
    const model *m = l->project->model;
    for (size_t i = 0; i < m->n_dimensions && n < NAMES_MAX; i++) {
        names[n++] = m->dimensions[i].name;
        strbuf_printf(&list, "%s%s", i > 0 ? ", " : "", m->dimensions[i].name);
    }
    STRATA_TRY(strbuf_status(&list, err));
    const nearest_text near = nearest_hint(name, names, n);
    if (near.text[0] != '\0') {
        return strata_fail(err, STRATA_E_USAGE, "unknown dimension '%.100s'%s", name, near.text);
    }
    return strata_fail(
        err, STRATA_E_USAGE,
        "unknown dimension '%.100s'; the model has %.200s; shipped ones are value, "
        "behavioral, health, lifecycle, rfm, hybrid, firmographic, priority and expansion",
        name, strbuf_text(&list));
}

strata_status look_approach(look *l, const char *name, strata_error *err)
{
    const bound_def *def = find_dimension(l->bound, name);
    if (def != NULL) {
        l->def = def;
        return STRATA_OK;
    }
    for (size_t i = 0; i < N_APPROACHES; i++) {
        if (strcmp(approaches[i].name, name) == 0) {
            return use_approach(l, &approaches[i], err);
        }
    }
    if (strcmp(name, "cluster") == 0) {
        return no_clusters(l, err);
    }
    if (strcmp(name, "journey") == 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "stages of a journey are no segments; 'strata journey' shows them");
    }
    return unknown_approach(l, name, err);
}

strata_status look_dimension(look *l, strata_error *err)
{
    const char *name = call_value(l->c, "dimension");
    return name != NULL ? look_approach(l, name, err) : STRATA_OK;
}
