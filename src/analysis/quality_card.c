/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/quality_card.h"

#include <string.h>

#include "analysis/make_figure.h"
#include "analysis/quality.h"
#include "analysis/read.h"
#include "panel/features.h"

static const struct {
    const char *key, *label;
    quality_fn *fill;
} rows[] = {
    {"exclusive", "Exclusive", quality_exclusive},
    {"exhaustive", "Exhaustive", quality_exhaustive},
    {"measurable", "Measurable", quality_measurable},
    {"substantial", "Substantial", quality_substantial},
    {"reachable", "Reachable", quality_reachable},
    {"distinct_churn", "Distinct in churn", quality_distinct_churn},
    {"distinct_growth", "Distinct in ARR growth", quality_distinct_growth},
    {"distinct_survival", "Distinct in survival", quality_distinct_survival},
    {"actionable", "Actionable", quality_actionable},
    {"stable", "Stable", quality_stable},
    {"number", "Few enough to use", quality_number},
};
enum { N_ROWS = sizeof rows / sizeof rows[0], FIRST_DISTINCT = 5, N_DISTINCT = 3, ACTIONABLE = 8 };

const char *quality_verdict_name(quality_verdict v)
{
    static const char *const names[] = {"pass", "warn", "fail", "unknown"};
    return names[v];
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the quality card");
}

strata_status quality_set(const quality_builder *x, quality_row *row, quality_verdict verdict,
                          const char *evidence, const named_value *numbers, size_t n,
                          strata_error *err)
{
    named_value *copy = ARENA_NEW(x->a, n, named_value);
    if (copy == NULL || evidence == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        copy[i] = numbers[i];
    }
    row->verdict = verdict;
    row->evidence = evidence;
    row->numbers = copy;
    row->n_numbers = n;
    return STRATA_OK;
}

static strata_status builder_make(const study *s, const bound_def *def, arena *a,
                                  quality_builder *x, strata_error *err)
{
    *x = (quality_builder){.s = s,
                           .def = def,
                           .dim = &s->v->b->model->dimensions[def->index],
                           .a = a,
                           .n_segments = def->n_segments,
                           .missing = SIZE_MAX,
                           .size = ARENA_NEW(a, def->n_segments, size_t),
                           .value = ARENA_NEW(a, def->n_segments, int64_t)};
    if (x->size == NULL || x->value == NULL) {
        return no_memory(err);
    }
    if (x->dim->kind != DIMENSION_TIERS) {
        x->missing = --x->n_segments;
    }
    const segment_code *now = study_codes_now(s, def);
    for (size_t i = 0; i < s->n; i++) {
        if (now[i] < def->n_segments) {
            int64_t worth = s->value != NULL ? s->value[i] : 0;
            x->size[now[i]]++;
            x->value[now[i]] += worth;
            x->total_value += worth;
            x->in_segments++;
        }
    }
    return STRATA_OK;
}

static strata_status fill_rows(const quality_builder *x, quality_row *out, strata_error *err)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        out[i].key = rows[i].key;
        out[i].label = rows[i].label;
        STRATA_TRY(rows[i].fill(x, &out[i], err));
        STRATA_TRY(context_check(x->s->cx, err));
    }
    test_figure *tests[N_DISTINCT];
    for (size_t i = 0; i < N_DISTINCT; i++) {
        tests[i] = &out[FIRST_DISTINCT + i].test;
    }
    STRATA_TRY(tests_correct(tests, N_DISTINCT, err));
    for (size_t i = 0; i < N_DISTINCT; i++) {
        STRATA_TRY(quality_judge_distinct(x, &out[FIRST_DISTINCT + i], i, err));
    }
    return STRATA_OK;
}

/* --- pitfalls --- */

/* Whether all that the model's dimensions read comes from ARR. */
static bool reads_only_arr(const bound_model *b, uint8_t *read)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].kind == DEF_DIMENSION) {
            mark_read_slots(b, &b->defs[i], read);
        }
    }
    size_t inputs = 0;
    size_t from_arr = 0;
    for (size_t slot = 0; slot < b->n_base; slot++) {
        inputs += read[slot];
        from_arr += read[slot] && slot < FEATURE_COUNT &&
                    feature_get((feature_id)slot)->needs == 1U << ENTITY_ARR;
    }
    return inputs > 0 && inputs == from_arr;
}

static strata_status arr_only(const quality_builder *x, quality_row *row, strata_error *err)
{
    uint8_t *read = ARENA_NEW(x->a, x->s->v->b->scope.n_symbols, uint8_t);
    if (read == NULL) {
        return no_memory(err);
    }
    bool found = reads_only_arr(x->s->v->b, read);
    return quality_set(x, row, found ? QUALITY_WARN : QUALITY_PASS,
                       found ? "ARR is all that the model's dimensions read."
                             : "The model's dimensions read more than ARR.",
                       NULL, 0, err);
}

static strata_status never_refreshed(const quality_builder *x, const quality_inputs *in,
                                     quality_row *row, strata_error *err)
{
    int most = x->s->v->b->model->quality.refresh_days;
    if (in->last_run == DAY_MISSING) {
        return quality_set(x, row, QUALITY_WARN, "No run of this model is recorded.", NULL, 0, err);
    }
    day ago = x->s->cx->today - in->last_run;
    const named_value numbers[] = {
        {"days", "Days since the last recorded run", VALUE_DURATION, ago},
        {"most", "Most", VALUE_DURATION, most}};
    const char *evidence = arena_printf(
        x->a, "The last recorded run was %d days ago; at most %d are allowed.", (int)ago, most);
    return quality_set(x, row, ago > most ? QUALITY_WARN : QUALITY_PASS, evidence, numbers, 2, err);
}

static strata_status not_operationalised(const quality_builder *x, const quality_row *actionable,
                                         quality_row *row, strata_error *err)
{
    return quality_set(x, row, actionable->verdict, actionable->evidence, actionable->numbers,
                       actionable->n_numbers, err);
}

static bool is_inconsistency(const model_warning *w)
{
    static const char *const kinds[] = {"unreachable", "overlap", "gap", "undecided"};
    for (size_t i = 0; !w->note && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(w->kind, kinds[i]) == 0) {
            return true;
        }
    }
    return false;
}

static strata_status inconsistent(const quality_builder *x, const quality_inputs *in,
                                  quality_row *row, strata_error *err)
{
    size_t found = 0;
    const char *first = NULL;
    for (size_t i = 0; i < in->n_warnings; i++) {
        if (is_inconsistency(&in->warnings[i])) {
            first = first == NULL ? in->warnings[i].text : first;
            found++;
        }
    }
    const named_value numbers[] = {{"warnings", "Warnings", VALUE_NUMBER, (double)found}};
    const char *evidence =
        found == 0 ? "No rule of the model leaves a gap, overlaps or can never match by mistake."
                   : arena_printf(x->a, "Warnings about the model's rules: %zu, the first: %s.",
                                  found, first);
    return quality_set(x, row, found == 0 ? QUALITY_PASS : QUALITY_FAIL, evidence, numbers, 1, err);
}

static strata_status unvalidated(const quality_builder *x, const quality_row *distinct,
                                 quality_row *row, strata_error *err)
{
    size_t passed = 0;
    size_t tested = 0;
    for (size_t i = 0; i < N_DISTINCT; i++) {
        passed += distinct[i].verdict == QUALITY_PASS;
        tested += distinct[i].verdict != QUALITY_UNKNOWN;
    }
    const named_value numbers[] = {
        {"tested", "Outcomes tested", VALUE_NUMBER, (double)tested},
        {"passed", "Outcomes that differ", VALUE_NUMBER, (double)passed}};
    if (tested == 0) {
        return quality_set(
            x, row, QUALITY_WARN,
            "No outcome could be tested, so nothing shows that these segments behave differently.",
            numbers, 2, err);
    }
    const char *evidence =
        arena_printf(x->a, "%zu of %zu tested outcomes differ between segments.", passed, tested);
    return quality_set(x, row, passed > 0 ? QUALITY_PASS : QUALITY_FAIL, evidence, numbers, 2, err);
}

static strata_status fill_pitfalls(const quality_builder *x, const quality_inputs *in,
                                   const quality_row *made, quality_row *out, strata_error *err)
{
    static const char *const names[][2] = {{"arr_only", "ARR only"},
                                           {"never_refreshed", "Never refreshed"},
                                           {"not_operationalised", "Not operationalised"},
                                           {"inconsistent", "Inconsistent rules"},
                                           {"unvalidated", "Unvalidated"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        out[i].key = names[i][0];
        out[i].label = names[i][1];
    }
    STRATA_TRY(arr_only(x, &out[0], err));
    STRATA_TRY(never_refreshed(x, in, &out[1], err));
    STRATA_TRY(not_operationalised(x, &made[ACTIONABLE], &out[2], err));
    STRATA_TRY(inconsistent(x, in, &out[3], err));
    return unvalidated(x, &made[FIRST_DISTINCT], &out[4], err);
}

strata_status quality_card_make(const study *s, const bound_def *def, const quality_inputs *inputs,
                                arena *a, const quality_card **out, strata_error *err)
{
    enum { N_PITFALLS = 5 };
    quality_builder x;
    STRATA_TRY(builder_make(s, def, a, &x, err));
    quality_card *card = ARENA_NEW(a, 1, quality_card);
    quality_row *made = ARENA_NEW(a, N_ROWS, quality_row);
    quality_row *pitfalls = ARENA_NEW(a, N_PITFALLS, quality_row);
    if (card == NULL || made == NULL || pitfalls == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(fill_rows(&x, made, err));
    STRATA_TRY(fill_pitfalls(&x, inputs, made, pitfalls, err));
    *card = (quality_card){.def = def,
                           .name = x.dim->name,
                           .label = x.dim->label,
                           .rows = made,
                           .n_rows = N_ROWS,
                           .pitfalls = pitfalls,
                           .n_pitfalls = N_PITFALLS};
    for (size_t i = 0; i < N_ROWS; i++) {
        card->n_pass += made[i].verdict == QUALITY_PASS;
        card->n_warn += made[i].verdict == QUALITY_WARN;
        card->n_fail += made[i].verdict == QUALITY_FAIL;
        card->n_unknown += made[i].verdict == QUALITY_UNKNOWN;
    }
    *out = card;
    return STRATA_OK;
}
