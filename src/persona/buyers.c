/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/buyers.h"

#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "stats/inference/proportion.h"

enum { TYPE_NONE = UINT16_MAX };

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for types of buyer");
}

/* Why no type can be told; NULL when at least one condition can be. */
static const char *find_reason(const study *s)
{
    const bound_model *b = s->v->b;
    const char *why = "the model file names no types (personas: buyers:)";
    for (size_t i = 0; i < b->model->personas.n_buyers; i++) {
        if (b->buyers[i] != NULL) {
            why = study_lacks(s, b->buyers[i]);
            if (why == NULL) {
                return NULL;
            }
        }
    }
    return why;
}

static strata_status place_accounts(const study *s, uint16_t *type, strata_error *err)
{
    const bound_model *b = s->v->b;
    STRATA_AUTO_FREE uint8_t *verdict = STRATA_NEW_ARRAY(s->n + 1, uint8_t);
    if (verdict == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        type[i] = TYPE_NONE;
    }
    for (size_t k = 0; k < b->model->personas.n_buyers; k++) {
        const rule *when = b->buyers[k];
        if (when != NULL) {
            STRATA_TRY(study_condition(s, when, verdict, err));
        }
        for (size_t i = 0; i < s->n; i++) {
            bool holds = when == NULL || verdict[i] == RULE_YES;
            type[i] = type[i] == TYPE_NONE && holds ? (uint16_t)k : type[i];
        }
    }
    return STRATA_OK;
}

/* Counts by type of one segment and of all. */
static void set_shares(const study *s, const size_t *counts, const size_t *all, size_t n_types,
                       buyers_segment *one, size_t of_all, buyer_share *types)
{
    static const char method[] = "chi-square test of two shares";
    const model_personas *p = &s->v->b->model->personas;
    size_t n_out = of_all - one->accounts;
    bool enough =
        (double)one->accounts >= s->minimum_accounts && (double)n_out >= s->minimum_accounts;
    for (size_t k = 0; k < n_types; k++) {
        size_t out = all[k] - counts[k];
        types[k] = (buyer_share){
            .label = p->buyers[k].label,
            .description = p->buyers[k].description,
            .when = p->buyers[k].when.text,
            .in = share_of(s, counts[k], one->accounts),
            .out = share_of(s, out, n_out),
            .test = enough ? test_of(two_proportions(counts[k], one->accounts, out, n_out), method,
                                     "difference of the shares")
                           : test_not_done(method, "too few accounts to compare")};
        bool most = 2 * counts[k] >= one->accounts && one->accounts > 0;
        one->main = most && one->main == NULL ? &types[k] : one->main;
    }
    one->types = types;
}

strata_status buyers_make(const study *s, const segment_code *codes, size_t n_segments, arena *a,
                          buyers *out, strata_error *err)
{
    size_t n_types = s->v->b->model->personas.n_buyers;
    buyers r = {.why = find_reason(s), .n_types = n_types, .n_segments = n_segments};
    if (r.why != NULL) {
        *out = r;
        return STRATA_OK;
    }
    uint16_t *type = ARENA_NEW(a, s->n + 1, uint16_t);
    size_t *counts = ARENA_NEW(a, (n_segments + 1) * n_types, size_t);
    buyers_segment *segments = ARENA_NEW(a, n_segments + 1, buyers_segment);
    buyer_share *types = ARENA_NEW(a, n_segments * n_types + 1, buyer_share);
    test_figure **tests = ARENA_NEW(a, n_segments * n_types + 1, test_figure *);
    if (type == NULL || counts == NULL || segments == NULL || types == NULL || tests == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(place_accounts(s, type, err));
    for (size_t i = 0; i < s->n; i++) {
        if (codes[i] < n_segments) {
            counts[codes[i] * n_types + type[i]]++;
            counts[n_segments * n_types + type[i]]++;
            segments[codes[i]].accounts++;
            segments[n_segments].accounts++;
        }
    }
    for (size_t g = 0; g < n_segments; g++) {
        set_shares(s, counts + g * n_types, counts + n_segments * n_types, n_types, &segments[g],
                   segments[n_segments].accounts, types + g * n_types);
    }
    for (size_t i = 0; i < n_segments * n_types; i++) {
        tests[i] = &types[i].test;
    }
    STRATA_TRY(tests_correct(tests, n_segments * n_types, err));
    r.type = type;
    r.segments = segments;
    *out = r;
    return STRATA_OK;
}
