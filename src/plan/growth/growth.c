/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/growth/growth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "segment/score.h"

static const bound_def *find_def(const bound_model *b, const char *name, def_kind kind)
{
    const bound_def *def = bound_find(b, name);
    return def != NULL && def->kind == kind ? def : NULL;
}

strata_status growth_model_find(const bound_model *b, growth_model *out, strata_error *err)
{
    growth_model m = {.score = find_def(b, "expansion_score", DEF_SCORE),
                      .tier = find_def(b, "expansion_tier", DEF_DIMENSION),
                      .lead = find_def(b, "expansion_lead", DEF_DIMENSION),
                      .ready = SIZE_MAX,
                      .gap_slot = bound_slot(b, "arr_gap")};
    for (size_t i = 0; m.tier != NULL && i < m.tier->n_segments; i++) {
        m.ready = strcmp(m.tier->keys[i], "Ready") == 0 ? i : m.ready;
    }
    if (m.score == NULL || m.ready == SIZE_MAX) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s has no %s; add 'expansion' to what it extends, or leave its own out",
                           b->model->path,
                           m.score == NULL  ? "score 'expansion_score'"
                           : m.tier == NULL ? "dimension 'expansion_tier'"
                                            : "tier 'Ready' in 'expansion_tier'");
    }
    *out = m;
    return STRATA_OK;
}

/* --- who is ready --- */

static strata_status add_slots(const rule *r, size_t *list, size_t *n, size_t most,
                               strata_error *err)
{
    size_t n_read = 0;
    const size_t *read = rule_slots(r, &n_read);
    if (*n + n_read > most) {
        return strata_fail(err, STRATA_E_MODEL, "'expansion_score' reads more than %zu names",
                           most);
    }
    for (size_t i = 0; i < n_read; i++) {
        list[(*n)++] = read[i];
    }
    return STRATA_OK;
}

strata_status growth_slots(const growth_model *m, arena *a, const size_t **slots, size_t *n,
                           strata_error *err)
{
    enum { SLOTS_MOST = 512 };
    size_t *list = ARENA_NEW(a, SLOTS_MOST, size_t);
    size_t used = 0;
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    list[used++] = m->score->slot;
    list[used++] = FEATURE_HAS_CHAMPION; /* what hand-overs speak of */
    list[used++] = FEATURE_RENEWAL_IN;
    list[used++] = FEATURE_ACTIVE_USERS_30D; /* what openers tell */
    if (m->gap_slot != SIZE_MAX) {
        list[used++] = m->gap_slot;
    }
    for (size_t f = 0; f < m->score->n_rules; f++) {
        STRATA_TRY(add_slots(m->score->rules[f], list, &used, SLOTS_MOST, err));
    }
    for (size_t k = 0; k < m->tier->n_rules; k++) { /* to say why an account is in its tier */
        const rule *when = m->tier->rules[k];       /* NULL: the others */
        STRATA_TRY(when != NULL ? add_slots(when, list, &used, SLOTS_MOST, err) : STRATA_OK);
    }
    *slots = list;
    *n = used;
    return STRATA_OK;
}

static int by_score(const void *left, const void *right)
{
    const growth_account *a = left;
    const growth_account *b = right;
    if (a->score < b->score || b->score < a->score) {
        return a->score > b->score ? -1 : 1;
    }
    if (a->gap_minor != b->gap_minor) {
        return a->gap_minor > b->gap_minor ? -1 : 1;
    }
    return a->account < b->account ? -1 : a->account > b->account;
}

strata_status growth_rank(const view *v, const growth_model *m, arena *a, growth *out,
                          strata_error *err)
{
    size_t n = v->p->n_accounts;
    const segment_code *codes = segmentation_codes(v->s, m->tier, v->now_at);
    const double *score = segmentation_column(v->s, m->score->slot).num;
    const double *gap = m->gap_slot != SIZE_MAX ? segmentation_column(v->s, m->gap_slot).num : NULL;
    growth_tier *tiers = ARENA_NEW(a, m->tier->n_segments + 1, growth_tier);
    growth_account *ready = ARENA_NEW(a, n + 1, growth_account);
    if (tiers == NULL || ready == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory ranking %zu accounts", n);
    }
    size_t n_ready = 0;
    for (size_t i = 0; i < n; i++) {
        if (codes[i] >= SEGMENTS_MAX) {
            continue;
        }
        growth_tier *t = &tiers[codes[i]];
        int64_t room = gap != NULL && !isnan(gap[i]) ? money_minor(gap[i]) : -1;
        t->accounts++;
        t->value_minor += view_value_minor(v, i);
        t->gap_known += gap != NULL && !isnan(gap[i]);
        t->gap_minor += room > 0 ? room : 0;
        if (codes[i] == m->ready) {
            ready[n_ready++] = (growth_account){(uint32_t)i, score != NULL ? score[i] : (double)NAN,
                                                room > 0 ? room : -1};
        }
    }
    qsort(ready, n_ready, sizeof *ready, by_score);
    *out = (growth){.model = *m, .tiers = tiers, .ready = ready, .n_ready = n_ready};
    return STRATA_OK;
}

/* --- why --- */

static int by_points(const void *left, const void *right)
{
    const growth_sign *a = left;
    const growth_sign *b = right;
    if (a->part < b->part || b->part < a->part) {
        return a->part > b->part ? -1 : 1;
    }
    return strcmp(a->label, b->label);
}

strata_status growth_signs(const view *v, const growth_model *m, size_t account, growth_sign *out,
                           size_t *n, strata_error *err)
{
    const model_score *score = &v->b->model->scores[m->score->index];
    size_t n_symbols = v->b->scope.n_symbols;
    double values[GROWTH_SIGNS_MOST];
    double part[GROWTH_SIGNS_MOST];
    double weight[GROWTH_SIGNS_MOST];
    double scaled[GROWTH_SIGNS_MOST];
    if (score->n_factors > GROWTH_SIGNS_MOST) {
        return strata_fail(err, STRATA_E_MODEL, "'expansion_score' has more than %d factors",
                           GROWTH_SIGNS_MOST);
    }
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols, column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(v->s, n_symbols, columns);
    for (size_t s = 0; s < n_symbols; s++) { /* the account alone */
        columns[s].num = columns[s].num != NULL ? columns[s].num + account : NULL;
        columns[s].code = columns[s].code != NULL ? columns[s].code + account : NULL;
    }
    const rule_input in = {.now = {.columns = columns, .as_of = v->as_of}};
    for (size_t f = 0; f < score->n_factors; f++) {
        const rule *r = m->score->rules[f];
        STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(r) + 1, unsigned char);
        if (scratch == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        rule_eval_number(r, &in, 1, &values[f], scratch);
    }
    (void)score_split(score, values, part, weight, scaled);
    for (size_t f = 0; f < score->n_factors; f++) {
        const model_factor *x = &score->factors[f];
        out[f] = (growth_sign){.label = x->label != NULL ? x->label : x->feature.text,
                               .feature = x->feature.text,
                               .type = rule_type(m->score->rules[f]),
                               .value = values[f],
                               .scaled = scaled[f],
                               .weight = weight[f],
                               .part = isnan(part[f]) ? 0.0 : part[f]};
    }
    qsort(out, score->n_factors, sizeof *out, by_points);
    *n = score->n_factors;
    return STRATA_OK;
}
