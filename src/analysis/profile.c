/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/profile.h"

#include "analysis/group.h"
#include "analysis/make_figure.h"
#include "analysis/outcomes.h"
#include "analysis/read.h"
#include "analysis/risks.h"
#include "analysis/traits.h"

/* All segments of a dimension while they are filled; the last one is the total. */
typedef struct builder {
    const study *s;
    const bound_def *def;
    size_t n; /* segments, the total not counted */
    segment_profile *of;
    arena *a;
} builder;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory profiling segments");
}

/* --- who is in it, and what they are worth --- */

static void name_segments(builder *x)
{
    const model_dimension *dim = &x->s->v->b->model->dimensions[x->def->index];
    for (size_t g = 0; g < x->n; g++) {
        segment_profile *p = &x->of[g];
        p->code = (segment_code)g;
        p->label = x->def->labels[g];
        if (dim->kind == DIMENSION_TIERS && g < dim->n_tiers) {
            p->description = dim->tiers[g].description;
            p->strategy = dim->tiers[g].strategy;
            p->motion = dim->tiers[g].motion;
        }
    }
    x->of[x->n].code = SEGMENT_OUTSIDE;
    x->of[x->n].label = "All";
}

static void count_now(builder *x)
{
    const study *s = x->s;
    const segment_code *now = study_codes_now(s, x->def);
    const segment_code *since = study_codes_since(s, x->def);
    segment_profile *total = &x->of[x->n];
    for (size_t i = 0; i < s->n; i++) {
        if (now[i] < x->n) {
            int64_t worth = s->value != NULL ? s->value[i] : 0;
            x->of[now[i]].accounts++;
            x->of[now[i]].value_minor += worth;
            total->accounts++;
            total->value_minor += worth;
        }
        if (since[i] < x->n) {
            int64_t worth = s->value_since != NULL ? s->value_since[i] : 0;
            x->of[since[i]].accounts_since++;
            x->of[since[i]].value_since_minor += worth;
            total->accounts_since++;
            total->value_since_minor += worth;
        }
    }
    for (size_t g = 0; g <= x->n; g++) {
        segment_profile *p = &x->of[g];
        p->account_share = figure_ratio((double)p->accounts, (double)total->accounts,
                                        "no account is in a segment");
        p->value_share =
            figure_ratio((double)p->value_minor, (double)total->value_minor,
                         s->value != NULL ? "accounts are worth nothing" : "needs arr or orders");
    }
}

static void count_trend(builder *x)
{
    const study *s = x->s;
    for (size_t k = 0; k < VIEW_TREND; k++) {
        const segment_code *codes = segmentation_codes(s->v->s, x->def, s->v->trend_at[k]);
        for (size_t i = 0; i < s->n; i++) {
            if (codes[i] >= x->n) {
                continue;
            }
            int64_t worth = s->trend[k] != NULL ? s->trend[k][i] : 0;
            x->of[codes[i]].trend_accounts[k]++;
            x->of[codes[i]].trend_value_minor[k] += worth;
            x->of[x->n].trend_accounts[k]++;
            x->of[x->n].trend_value_minor[k] += worth;
        }
    }
}

/* --- values --- */

static size_t positive(const double *sorted, size_t n)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += sorted[i] > 0.0;
    }
    return hits;
}

/* Quartiles by segment and of all; out[x->n + 1]. Flags: out stays empty but for n, and share. */
static strata_status spread_by_segment(const builder *x, const double *values, bool flag,
                                       spread_figure *out, share_figure *share, strata_error *err)
{
    GROUPED_AUTO grouped g = {0};
    STRATA_TRY(grouped_new(values, study_codes_now(x->s, x->def), x->s->n, x->n, &g, err));
    for (size_t k = 0; k <= x->n; k++) {
        size_t n = k < x->n ? grouped_count(&g, k) : g.n;
        const double *sorted = k < x->n ? grouped_values(&g, k) : g.all;
        out[k] = flag ? (spread_figure){.n = n, .missing = x->of[k].accounts - n}
                      : spread_of_sorted(sorted, n, x->of[k].accounts - n);
        share[k] = flag ? share_of(x->s, positive(sorted, n), n) : (share_figure){0};
    }
    return STRATA_OK;
}

/* Where the values of something end up that every segment has one of. */
typedef enum standard_value { VALUE_OF_ACCOUNT, HEALTH_OF_ACCOUNT, CUSTOMER_FLAG } standard_value;

static strata_status add_standard(builder *x, standard_value which, const double *values,
                                  strata_error *err)
{
    spread_figure *spread = ARENA_NEW(x->a, x->n + 1, spread_figure);
    share_figure *share = ARENA_NEW(x->a, x->n + 1, share_figure);
    if (spread == NULL || share == NULL) {
        return no_memory(err);
    }
    if (values != NULL) {
        STRATA_TRY(spread_by_segment(x, values, which == CUSTOMER_FLAG, spread, share, err));
    }
    for (size_t g = 0; g <= x->n; g++) {
        segment_profile *p = &x->of[g];
        if (which == VALUE_OF_ACCOUNT) {
            p->value = spread[g];
        } else if (which == HEALTH_OF_ACCOUNT) {
            p->health = spread[g];
        } else {
            p->customers = share[g];
        }
    }
    return STRATA_OK;
}

static strata_status add_features(builder *x, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(trait_slots(x->s, x->a, &slots, &n, err));
    profile_feature *all = ARENA_NEW(x->a, (x->n + 1) * n, profile_feature);
    spread_figure *spread = ARENA_NEW(x->a, x->n + 1, spread_figure);
    share_figure *share = ARENA_NEW(x->a, x->n + 1, share_figure);
    if (all == NULL || spread == NULL || share == NULL) {
        return no_memory(err);
    }
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        const symbol *sym = study_symbol(x->s, slots[i]);
        if (sym->type == VALUE_TEXT) {
            continue;
        }
        STRATA_TRY(spread_by_segment(x, study_column(x->s, slots[i]).num, sym->type == VALUE_BOOL,
                                     spread, share, err));
        for (size_t g = 0; g <= x->n; g++) {
            all[g * n + count] = (profile_feature){.slot = slots[i],
                                                   .name = sym->name,
                                                   .label = study_label(x->s, slots[i]),
                                                   .type = sym->type,
                                                   .spread = spread[g],
                                                   .share = share[g]};
        }
        count++;
        STRATA_TRY(context_check(x->s->cx, err));
    }
    for (size_t g = 0; g <= x->n; g++) {
        x->of[g].features = all + g * n;
        x->of[g].n_features = count;
    }
    return STRATA_OK;
}

static const double *health_values(const study *s)
{
    const double *health = study_numbers(s, "health");
    return health != NULL ? health : study_numbers(s, "health_supplied");
}

/* --- what became of it, what it is like --- */

static void set_outcomes(segment_profile *p, const outcome_figures *f)
{
    p->logo_churn = f->logo_churn;
    p->expanded = f->expanded;
    p->nrr = f->nrr;
    p->grr = f->grr;
    p->gained_minor = f->gained_minor;
    p->shrunk_minor = f->shrunk_minor;
    p->churned_minor = f->churned_minor;
    p->ltv = f->ltv;
}

static strata_status add_outcomes(builder *x, strata_error *err)
{
    MEMBERS_AUTO members m = {0};
    STRATA_TRY(members_new(study_codes_year_ago(x->s, x->def), x->s->n, x->n, &m, err));
    size_t def = (size_t)(x->def - x->s->v->b->defs);
    for (size_t g = 0; g <= x->n; g++) {
        outcome_figures f;
        const uint32_t *list = g < x->n ? m.list + m.start[g] : m.list;
        size_t n = g < x->n ? members_count(&m, g) : m.start[x->n];
        STRATA_TRY(outcomes_of(x->s, list, n, analysis_stream(STREAM_OUTCOMES, def, g), &f, err));
        set_outcomes(&x->of[g], &f);
        STRATA_TRY(context_check(x->s->cx, err));
    }
    return STRATA_OK;
}

static strata_status add_lists(builder *x, strata_error *err)
{
    trait_list *traits = NULL;
    trait_list *success = NULL;
    risk_list *risks = NULL;
    STRATA_TRY(traits_of_segments(x->s, x->def, x->a, &traits, err));
    STRATA_TRY(traits_of_success(x->s, x->def, x->a, &success, err));
    STRATA_TRY(risks_of_segments(x->s, x->def, x->a, &risks, err));
    for (size_t g = 0; g <= x->n; g++) {
        segment_profile *p = &x->of[g];
        if (g < x->n) {
            p->traits = traits[g].items;
            p->n_traits = traits[g].n;
        }
        p->success = success[g].items;
        p->n_success = success[g].n;
        p->success_why = success[g].why;
        p->risks = risks[g].items;
        p->n_risks = risks[g].n;
    }
    return STRATA_OK;
}

/* --- the whole --- */

/* The segment for missing values is shown only when somebody is or was in it. */
static size_t n_shown(const builder *x)
{
    const model_dimension *dim = &x->s->v->b->model->dimensions[x->def->index];
    const segment_profile *last = &x->of[x->n - 1];
    bool missing = dim->kind != DIMENSION_TIERS;
    bool empty = last->accounts == 0 && last->accounts_since == 0 && last->logo_churn.of == 0;
    return missing && empty ? x->n - 1 : x->n;
}

static size_t count_outside(const builder *x)
{
    const segment_code *now = study_codes_now(x->s, x->def);
    size_t outside = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        outside += now[i] == SEGMENT_OUTSIDE;
    }
    return outside;
}

static profile *new_profile(const builder *x)
{
    const view *v = x->s->v;
    const model_dimension *dim = &v->b->model->dimensions[x->def->index];
    profile *p = ARENA_NEW(x->a, 1, profile);
    if (p == NULL) {
        return NULL;
    }
    *p = (profile){.def = x->def,
                   .name = dim->name,
                   .label = dim->label,
                   .ordered = dim->ordered,
                   .as_of = v->as_of,
                   .since = v->since,
                   .year_ago = v->year_ago,
                   .has_value = v->value != NULL,
                   .has_arr = v->has_arr,
                   .has_trend = x->s->trend[0] != NULL,
                   .value_label = v->value_label,
                   .accounts = x->of[x->n].accounts,
                   .value_minor = x->of[x->n].value_minor,
                   .outside = count_outside(x),
                   .outside_label = v->b->model->outside_label,
                   .segments = x->of,
                   .n_segments = n_shown(x),
                   .total = x->of[x->n]};
    for (size_t k = 0; k < VIEW_TREND; k++) {
        p->trend_days[k] = x->s->trend_days[k];
    }
    return p;
}

strata_status profile_make(const study *s, const bound_def *def, arena *a, const profile **out,
                           strata_error *err)
{
    builder x = {.s = s, .def = def, .n = def->n_segments, .a = a};
    x.of = ARENA_NEW(a, x.n + 1, segment_profile);
    if (x.of == NULL) {
        return no_memory(err);
    }
    name_segments(&x);
    count_now(&x);
    count_trend(&x);
    STRATA_TRY(add_standard(&x, VALUE_OF_ACCOUNT, s->v->value, err));
    STRATA_TRY(add_standard(&x, HEALTH_OF_ACCOUNT, health_values(s), err));
    STRATA_TRY(add_standard(&x, CUSTOMER_FLAG, study_numbers(s, "is_customer"), err));
    STRATA_TRY(add_features(&x, err));
    STRATA_TRY(add_outcomes(&x, err));
    STRATA_TRY(add_lists(&x, err));
    const profile *made = new_profile(&x);
    if (made == NULL) {
        return no_memory(err);
    }
    *out = made;
    return STRATA_OK;
}
