/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "model/load/load.h"

strata_status load_population(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_population {
        model_expr when;
        const char *outside;
    } raw_population;
    static const field fields[] = {
        FIELD(raw_population, when, "when", FIELD_EXPR),
        FIELD(raw_population, outside, "outside", FIELD_TEXT),
    };
    raw_population raw = {.outside = m->outside_label};
    STRATA_TRY(read_fields(entry->value, "population", fields, 2, &raw, err));
    if (raw.when.text == NULL) {
        return yaml_fail(err, entry->key_place, "population has no 'when'");
    }
    m->population = raw.when;
    m->outside_label = raw.outside;
    return STRATA_OK;
}

static strata_status load_milestone(model *m, const yaml_node *node, model_milestone *out,
                                    strata_error *err)
{
    static const field fields[] = {
        FIELD(model_milestone, name, "name", FIELD_TEXT),
        FIELD(model_milestone, when, "when", FIELD_EXPR),
    };
    model_milestone one = {0};
    STRATA_TRY(read_fields(node, "milestone", fields, 2, &one, err));
    if (one.name == NULL || one.when.text == NULL) {
        return yaml_fail(err, node->place, "a milestone has no '%s'",
                         one.name == NULL ? "name" : "when");
    }
    one.when.place.what = owner_name(m, "milestone", one.name);
    if (one.when.place.what == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
    }
    *out = one;
    return STRATA_OK;
}

strata_status load_milestones(model *m, const yaml_entry *entry, strata_error *err)
{
    model_milestone *all = NULL;
    const yaml_node *list = entry->value;
    STRATA_TRY(read_kind(list, YAML_LIST, "milestones", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_milestone, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_milestone(m, node, &all[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                return yaml_fail(err, node->place, "two milestones are named '%.100s'",
                                 all[i].name);
            }
        }
    }
    m->milestones = all;
    m->n_milestones = list->n;
    return STRATA_OK;
}

typedef struct raw_hypothesis {
    model_hypothesis h;
    int expect;
} raw_hypothesis;

static strata_status load_hypothesis(const yaml_node *node, model_hypothesis *out,
                                     strata_error *err)
{
    static const char *const expectations[] = {"lower", "higher", "different", NULL};
    static const field fields[] = {
        FIELD(raw_hypothesis, h.claim, "claim", FIELD_TEXT),
        FIELD(raw_hypothesis, h.where, "where", FIELD_EXPR),
        FIELD(raw_hypothesis, h.against, "against", FIELD_EXPR),
        FIELD(raw_hypothesis, h.compare, "compare", FIELD_EXPR),
        CHOICE(raw_hypothesis, expect, "expect", expectations),
    };
    raw_hypothesis raw = {.expect = 2};
    STRATA_TRY(read_fields(node, "hypothesis", fields, 5, &raw, err));
    const char *without = raw.h.claim == NULL          ? "claim"
                          : raw.h.where.text == NULL   ? "where"
                          : raw.h.compare.text == NULL ? "compare"
                                                       : NULL;
    if (without != NULL) {
        return yaml_fail(err, node->place, "a hypothesis has no '%s'", without);
    }
    raw.h.expect = expectations[raw.expect];
    raw.h.place = place_for_rule(node->place, "hypothesis");
    *out = raw.h;
    return STRATA_OK;
}

strata_status load_hypotheses(model *m, const yaml_entry *entry, strata_error *err)
{
    model_hypothesis *all = NULL;
    const yaml_node *list = entry->value;
    STRATA_TRY(read_kind(list, YAML_LIST, "hypotheses", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_hypothesis, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        STRATA_TRY(load_hypothesis(list->entries[i].value, &all[i], err));
    }
    m->hypotheses = all;
    m->n_hypotheses = list->n;
    return STRATA_OK;
}

strata_status load_metrics(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_metrics {
        int nrr, reactivation, churn_dated;
        double margin, discount, pmf_top;
    } raw_metrics;
    static const char *const dialects[] = {"point_to_point",  "movements",    "cohort",
                                           "rolling_30_days", "renewal_base", NULL};
    static const char *const in_or_out[] = {"excluded", "included", NULL};
    static const char *const dates[] = {"end_of_paid_period", "cancellation", NULL};
    static const field fields[] = {
        CHOICE(raw_metrics, nrr, "nrr", dialects),
        CHOICE(raw_metrics, reactivation, "reactivation", in_or_out),
        CHOICE(raw_metrics, churn_dated, "churn_dated", dates),
        FIELD(raw_metrics, margin, "margin", FIELD_SHARE),
        FIELD(raw_metrics, discount, "discount", FIELD_SHARE),
        FIELD(raw_metrics, pmf_top, "pmf_top", FIELD_NUMBER),
    };
    enum { COHORT = 2, NOT_GIVEN = -1 };
    raw_metrics raw = {.reactivation = NOT_GIVEN,
                       .margin = m->metrics.margin,
                       .discount = m->metrics.discount,
                       .pmf_top = m->metrics.pmf_top};
    STRATA_TRY(read_fields(entry->value, "metrics", fields, 6, &raw, err));
    if (raw.reactivation == NOT_GIVEN) {
        raw.reactivation = raw.nrr == COHORT; /* in a cohort who comes back counts, else not */
    }
    m->metrics = (model_metrics){.nrr = dialects[raw.nrr],
                                 .reactivation = in_or_out[raw.reactivation],
                                 .churn_dated = dates[raw.churn_dated],
                                 .margin = raw.margin,
                                 .discount = raw.discount,
                                 .pmf_top = raw.pmf_top};
    return STRATA_OK;
}

static strata_status read_count(const yaml_node *node, const char *key, int *out, strata_error *err)
{
    double n = 0;
    STRATA_TRY(read_number(node, key, "quality", &n, err));
    if (!(n >= 1 && n <= 1000) || floor(n) < n) {
        return yaml_fail(err, node->place,
                         "'%s' of quality is '%.60s', but must be a whole number from 1 to 1000",
                         key, node->text);
    }
    *out = (int)n;
    return STRATA_OK;
}

strata_status load_quality(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_quality {
        model_quality q;
        const yaml_node *few, *many;
    } raw_quality;
    static const field fields[] = {
        FIELD(raw_quality, q.minimum_share, "minimum_share", FIELD_SHARE),
        FIELD(raw_quality, q.minimum_accounts, "minimum_accounts", FIELD_NUMBER),
        FIELD(raw_quality, few, "few_segments", FIELD_NODE),
        FIELD(raw_quality, many, "many_segments", FIELD_NODE),
        FIELD(raw_quality, q.refresh_days, "refresh", FIELD_DAYS),
    };
    raw_quality raw = {.q = m->quality};
    STRATA_TRY(read_fields(entry->value, "quality", fields, 5, &raw, err));
    if (!(raw.q.minimum_accounts >= 0)) {
        return yaml_fail(err, entry->key_place, "'minimum_accounts' of quality is below 0");
    }
    if (raw.few != NULL) {
        STRATA_TRY(read_count(raw.few, "few_segments", &raw.q.few_segments, err));
    }
    if (raw.many != NULL) {
        STRATA_TRY(read_count(raw.many, "many_segments", &raw.q.many_segments, err));
    }
    if (raw.q.few_segments > raw.q.many_segments) {
        return yaml_fail(err, entry->key_place,
                         "'few_segments' of quality is %d, above 'many_segments', %d",
                         raw.q.few_segments, raw.q.many_segments);
    }
    m->quality = raw.q;
    return STRATA_OK;
}

strata_status load_review(model *m, const yaml_entry *entry, strata_error *err)
{
    static const char *const words[] = {
        [REVIEW_WEEK] = "week", [REVIEW_MONTH] = "month", [REVIEW_QUARTER] = "quarter"};
    const char *text = NULL;
    STRATA_TRY(read_text(entry->value, "review", NULL, &text, err));
    for (size_t i = 0; i < 3; i++) {
        if (strcmp(text, words[i]) == 0) {
            m->review = (review_every)i;
            return STRATA_OK;
        }
    }
    return yaml_fail(err, entry->value->place,
                     "'review' is '%.60s', but must be week, month or quarter", text);
}

/* The files themselves are read when they are wanted: model/playbook.h. */
strata_status load_playbooks(model *m, const yaml_entry *entry, strata_error *err)
{
    const yaml_node *list = entry->value;
    model_named *all = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "playbooks", NULL, err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_named, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(read_text(node, "playbooks", NULL, &all[i].name, err));
        all[i].place = place_for_rule(node->place, "playbooks");
    }
    m->playbooks = all;
    m->n_playbooks = list->n;
    m->has_playbooks = true;
    return STRATA_OK;
}
