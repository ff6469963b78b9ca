/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/survival/survival.h"

#include <stdlib.h>

#include "stats/inference/holm.h"
#include "stats/survival/logrank.h"

int survival_age(size_t i)
{
    static const int months[SURVIVAL_AGES] = {3, 6, 12, 24};
    return months[i];
}

/* Those who are followed, side by side. */
typedef struct followed {
    size_t n;
    double *time, *entry;
    uint8_t *event;
    uint16_t *group;
    /* Room for some of them. */
    double *some_time, *some_entry;
    uint8_t *some_event;
    uint16_t *some_group;
} followed;

static void followed_done(followed *f)
{
    free(f->time);
    free(f->entry);
    free(f->event);
    free(f->group);
    free(f->some_time);
    free(f->some_entry);
    free(f->some_event);
    free(f->some_group);
}

static strata_status followed_begin(followed *f, size_t n, strata_error *err)
{
    f->time = STRATA_NEW_ARRAY(n, double);
    f->entry = STRATA_NEW_ARRAY(n, double);
    f->event = STRATA_NEW_ARRAY(n, uint8_t);
    f->group = STRATA_NEW_ARRAY(n, uint16_t);
    f->some_time = STRATA_NEW_ARRAY(n, double);
    f->some_entry = STRATA_NEW_ARRAY(n, double);
    f->some_event = STRATA_NEW_ARRAY(n, uint8_t);
    f->some_group = STRATA_NEW_ARRAY(n, uint16_t);
    if (f->time == NULL || f->entry == NULL || f->event == NULL || f->group == NULL ||
        f->some_time == NULL || f->some_entry == NULL || f->some_event == NULL ||
        f->some_group == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts", n);
    }
    return STRATA_OK;
}

static void follow(followed *f, survival *s, const survival_request *r)
{
    for (size_t i = 0; i < r->book->n_accounts; i++) {
        if (r->exists_from != NULL && r->exists_from[i] > r->as_of) {
            continue;
        }
        tenure t = tenure_of(r->book, i, r->as_of);
        if (t.from == DAY_MISSING) {
            s->without_arr++;
        } else if (r->codes[i] >= r->n_groups) {
            s->ungrouped++;
        } else if (r->since != DAY_MISSING && t.to <= r->since) {
            s->ended++;
        } else {
            bool late = r->since != DAY_MISSING && t.from <= r->since;
            f->time[f->n] = t.to - t.from;
            f->entry[f->n] = late ? r->since - t.from : -1.0;
            f->event[f->n] = t.churned;
            f->group[f->n] = r->codes[i];
            s->n_churned += t.churned;
            f->n++;
        }
    }
    s->n = f->n;
}

/* The followed of one or two groups, as groups 0 and 1. */
static follow_up take(followed *f, size_t a, size_t b)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        if (f->group[i] == a || f->group[i] == b) {
            f->some_time[n] = f->time[i];
            f->some_entry[n] = f->entry[i];
            f->some_event[n] = f->event[i];
            f->some_group[n] = f->group[i] == a ? 0 : 1;
            n++;
        }
    }
    return (follow_up){
        .n = n, .time = f->some_time, .event = f->some_event, .entry = f->some_entry};
}

static strata_status draw_curves(followed *f, survival *s, strata_error *err)
{
    for (size_t g = 0; g < s->n_groups; g++) {
        survival_group *group = &s->groups[g];
        follow_up some = take(f, g, g);
        STRATA_TRY(km_curve_new(&some, &group->curve, err));
        group->median = km_median_of(group->curve);
        for (size_t k = 0; k < SURVIVAL_AGES; k++) {
            group->at[k] = km_survival_at(group->curve, survival_age(k) * DAYS_PER_MONTH);
        }
    }
    return STRATA_OK;
}

static strata_status compare_pairs(followed *f, survival *s, strata_error *err)
{
    size_t k = s->n_groups;
    if (k < 3 || k > SURVIVAL_PAIRED_MAX) {
        return STRATA_OK;
    }
    s->pairs = STRATA_NEW_ARRAY(k * (k - 1) / 2, survival_pair);
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(k * (k - 1) / 2, double);
    if (s->pairs == NULL || p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing %zu groups", k);
    }
    size_t n_tests = 0;
    for (size_t a = 0; a < k; a++) {
        for (size_t b = a + 1; b < k; b++) {
            if (s->groups[a].curve->n == 0 || s->groups[b].curve->n == 0) {
                continue;
            }
            survival_pair *pair = &s->pairs[s->n_pairs++];
            *pair = (survival_pair){.a = a, .b = b};
            log_rank_data d = {.life = take(f, a, b), .group = f->some_group, .n_groups = 2};
            STRATA_TRY(log_rank_stratified(&d, &pair->test, err));
            if (pair->test.defined) {
                p[n_tests++] = pair->test.p;
            }
        }
    }
    STRATA_TRY(holm(p, n_tests, p, err));
    n_tests = 0;
    for (size_t i = 0; i < s->n_pairs; i++) {
        s->pairs[i].p_holm = s->pairs[i].test.defined ? p[n_tests++] : 0.0;
    }
    return STRATA_OK;
}

strata_status survival_make(const survival_request *r, survival **out, strata_error *err)
{
    STRATA_AUTO(survival_free) survival *s = STRATA_NEW_ARRAY(1, survival);
    STRATA_CLEANUP(followed_done) followed f = {0};
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for survival");
    }
    s->groups = STRATA_NEW_ARRAY(r->n_groups, survival_group);
    if (s->groups == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu groups", r->n_groups);
    }
    s->n_groups = r->n_groups;
    STRATA_TRY(followed_begin(&f, r->book->n_accounts, err));
    follow(&f, s, r);
    STRATA_TRY(draw_curves(&f, s, err));
    log_rank_data all = {.life = {.n = f.n, .time = f.time, .event = f.event, .entry = f.entry},
                         .group = f.group,
                         .n_groups = r->n_groups};
    STRATA_TRY(log_rank_stratified(&all, &s->test, err));
    STRATA_TRY(compare_pairs(&f, s, err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

void survival_free(survival *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t g = 0; s->groups != NULL && g < s->n_groups; g++) {
        km_curve_free(s->groups[g].curve);
    }
    free(s->groups);
    free(s->pairs);
    free(s);
}
