/* SPDX-License-Identifier: Apache-2.0 */
/* Two segments side by side. */

#include "analysis/group.h"
#include "analysis/make_figure.h"
#include "analysis/outcomes.h"
#include "analysis/profile.h"
#include "analysis/read.h"
#include "analysis/traits.h"
#include "stats/inference/proportion.h"
#include "stats/inference/quantile.h"
#include "stats/inference/rank.h"

enum { FIXED_ROWS = 5 };

typedef struct comparer {
    const study *s;
    const segment_code *side; /* by account: 0 in a, 1 in b, else absent */
    compare_row *rows;
    size_t n;
} comparer;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing two segments");
}

static const segment_code *sides_of(const study *s, const segment_code *codes, segment_code code_a,
                                    segment_code code_b, arena *a)
{
    segment_code *side = ARENA_NEW(a, s->n, segment_code);
    for (size_t i = 0; side != NULL && i < s->n; i++) {
        side[i] = codes[i] == code_a ? 0 : codes[i] == code_b ? 1 : (segment_code)SEGMENT_ABSENT;
    }
    return side;
}

/* --- rows --- */

static void share_row(share_figure a, share_figure b, compare_row *row)
{
    row->is_share = true;
    row->type = VALUE_SHARE;
    row->n_a = a.of;
    row->n_b = b.of;
    row->hits_a = a.hits;
    row->hits_b = b.hits;
    row->a = a.stated ? FIGURE(a.share) : NO_FIGURE("too few accounts");
    row->b = b.stated ? FIGURE(b.share) : NO_FIGURE("too few accounts");
    bool enough = a.of >= TRAITS_SIDE_MIN && b.of >= TRAITS_SIDE_MIN;
    row->test = test_not_done("chi-square test of two shares", "too few accounts");
    if (enough) {
        interval i = newcombe_interval(a.hits, a.of, b.hits, b.of);
        row->has_interval = true;
        row->low = i.low;
        row->high = i.high;
        row->test = test_of(two_proportions(a.hits, a.of, b.hits, b.of),
                            "chi-square test of two shares", "difference of the shares");
    }
}

static void ratio_row(ratio_figure a, ratio_figure b, compare_row *row)
{
    row->type = VALUE_SHARE;
    row->n_a = a.accounts;
    row->n_b = b.accounts;
    row->a = a.stated ? FIGURE(a.ratio) : NO_FIGURE("too few accounts");
    row->b = b.stated ? FIGURE(b.ratio) : NO_FIGURE("too few accounts");
    row->test = test_not_done("none", "ratios of sums are compared by their intervals");
}

static compare_row *add_row(comparer *x, const char *key, const char *label, value_type type)
{
    compare_row *row = &x->rows[x->n++];
    *row = (compare_row){.key = key, .label = label, .type = type};
    return row;
}

/* Hits among ascending flags. */
static share_figure flag_share(const study *s, const double *sorted, size_t n)
{
    size_t hits = 0;
    for (size_t i = 0; i < n; i++) {
        hits += sorted[i] > 0.0;
    }
    return share_of(s, hits, n);
}

static strata_status add_values(comparer *x, const double *values, compare_row *row,
                                strata_error *err)
{
    GROUPED_AUTO grouped g = {0};
    STRATA_TRY(grouped_new(values, x->side, x->s->n, 2, &g, err));
    size_t n_a = grouped_count(&g, 0);
    size_t n_b = grouped_count(&g, 1);
    const double *a = grouped_values(&g, 0);
    const double *b = grouped_values(&g, 1);
    if (row->type == VALUE_BOOL) {
        share_row(flag_share(x->s, a, n_a), flag_share(x->s, b, n_b), row);
        return STRATA_OK;
    }
    row->n_a = n_a;
    row->n_b = n_b;
    row->a = n_a > 0 ? FIGURE(quantile_sorted(a, n_a, 0.5)) : NO_FIGURE("missing for all");
    row->b = n_b > 0 ? FIGURE(quantile_sorted(b, n_b, 0.5)) : NO_FIGURE("missing for all");
    row->test = test_not_done("Mann-Whitney test", "too few accounts");
    if (n_a >= TRAITS_SIDE_MIN && n_b >= TRAITS_SIDE_MIN) {
        row->test =
            test_of(mann_whitney_of_ranks(g.rank_sum[0], n_a, n_b, g.ties), "Mann-Whitney test",
                    "chance that one of the first is above the second");
    }
    return STRATA_OK;
}

static strata_status add_outcome_rows(comparer *x, const bound_def *def, segment_code code_a,
                                      segment_code code_b, strata_error *err)
{
    MEMBERS_AUTO members m = {0};
    outcome_figures of[2];
    const segment_code codes[] = {code_a, code_b};
    size_t def_index = (size_t)(def - x->s->v->b->defs);
    STRATA_TRY(members_new(study_codes_year_ago(x->s, def), x->s->n, def->n_segments, &m, err));
    for (size_t k = 0; k < 2; k++) {
        /* The profile's stream, so that both say the same. */
        uint64_t stream = analysis_stream(STREAM_OUTCOMES, def_index, codes[k]);
        STRATA_TRY(outcomes_of(x->s, m.list + m.start[codes[k]], members_count(&m, codes[k]),
                               stream, &of[k], err));
    }
    share_row(of[0].logo_churn, of[1].logo_churn,
              add_row(x, "logo_churn", "Logo churn in 12 months", VALUE_SHARE));
    share_row(of[0].expanded, of[1].expanded,
              add_row(x, "expanded", "Expanded in 12 months", VALUE_SHARE));
    ratio_row(of[0].nrr, of[1].nrr, add_row(x, "nrr", "NRR over 12 months", VALUE_SHARE));
    ratio_row(of[0].grr, of[1].grr, add_row(x, "grr", "GRR over 12 months", VALUE_SHARE));
    return STRATA_OK;
}

static strata_status add_feature_rows(comparer *x, const size_t *slots, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        const symbol *sym = study_symbol(x->s, slots[i]);
        if (sym->type == VALUE_TEXT) {
            continue;
        }
        compare_row *row = add_row(x, sym->name, study_label(x->s, slots[i]), sym->type);
        STRATA_TRY(add_values(x, study_column(x->s, slots[i]).num, row, err));
    }
    return STRATA_OK;
}

static strata_status correct_rows(comparer *x, arena *a, strata_error *err)
{
    test_figure **tests = ARENA_NEW(a, x->n, test_figure *);
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < x->n; i++) {
        tests[i] = &x->rows[i].test;
    }
    return tests_correct(tests, x->n, err);
}

static void count_sides(const comparer *x, comparison *c)
{
    for (size_t i = 0; i < x->s->n; i++) {
        int64_t worth = x->s->value != NULL ? x->s->value[i] : 0;
        c->accounts_a += x->side[i] == 0;
        c->accounts_b += x->side[i] == 1;
        c->value_minor_a += x->side[i] == 0 ? worth : 0;
        c->value_minor_b += x->side[i] == 1 ? worth : 0;
    }
}

strata_status profile_compare(const study *s, const bound_def *def, segment_code code_a,
                              segment_code code_b, arena *a, const comparison **out,
                              strata_error *err)
{
    if (code_a == code_b || code_a >= def->n_segments || code_b >= def->n_segments) {
        return strata_fail(err, STRATA_E_USAGE, "a comparison needs two different segments of '%s'",
                           s->v->b->model->dimensions[def->index].name);
    }
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(trait_slots(s, a, &slots, &n, err));
    comparison *made = ARENA_NEW(a, 1, comparison);
    comparer x = {.s = s,
                  .side = sides_of(s, study_codes_now(s, def), code_a, code_b, a),
                  .rows = ARENA_NEW(a, n + FIXED_ROWS, compare_row)};
    if (made == NULL || x.side == NULL || x.rows == NULL) {
        return no_memory(err);
    }
    if (s->v->value != NULL) {
        compare_row *row = add_row(&x, "value", s->v->value_label, VALUE_MONEY);
        STRATA_TRY(add_values(&x, s->v->value, row, err));
    }
    if (s->outcome != NULL) {
        STRATA_TRY(add_outcome_rows(&x, def, code_a, code_b, err));
    }
    STRATA_TRY(add_feature_rows(&x, slots, n, err));
    STRATA_TRY(correct_rows(&x, a, err));
    *made = (comparison){.label_a = def->labels[code_a],
                         .label_b = def->labels[code_b],
                         .rows = x.rows,
                         .n_rows = x.n};
    count_sides(&x, made);
    *out = made;
    return STRATA_OK;
}
