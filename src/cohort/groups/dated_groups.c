/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/groups/dated_groups.h"

#include <string.h>

#include "segment/segmentation.h"

static strata_status out_of_memory(const char *name, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping by '%s'", name);
}

/* --- a dimension --- */

/* Ascending and distinct, as a segmentation wants them. */
static size_t sort_days(day *days, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        day d = days[i];
        size_t at = kept;
        while (at > 0 && days[at - 1] > d) {
            at--;
        }
        if (at == 0 || days[at - 1] != d) {
            memmove(days + at + 1, days + at, (kept - at) * sizeof *days);
            days[at] = d;
            kept++;
        }
    }
    return kept;
}

static strata_status copy_codes(arena *a, const segment_code *from, size_t n, size_t n_segments,
                                const segment_code **out, strata_error *err)
{
    segment_code *codes = ARENA_NEW(a, n + 1, segment_code);
    if (codes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for segments of %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        codes[i] = from[i] < n_segments ? from[i] : SEGMENT_ABSENT;
    }
    *out = codes;
    return STRATA_OK;
}

/* NOLINTNEXTLINE(readability-function-size): inputs of a segmentation, days, and where it goes */
strata_status dated_groups_of_dimension(const context *cx, arena *a, const portfolio *p,
                                        const bound_model *b, const override_set *overrides,
                                        const bound_def *dimension, const day *days, size_t n_days,
                                        dated_groups *out, strata_error *err)
{
    const char *name = b->scope.symbols[dimension->slot].name;
    day *sorted = ARENA_NEW(a, n_days + 1, day);
    dated_segments *dated = ARENA_NEW(a, n_days + 1, dated_segments);
    if (sorted == NULL || dated == NULL) {
        return out_of_memory(name, err);
    }
    memcpy(sorted, days, n_days * sizeof *days);
    size_t n = sort_days(sorted, n_days);
    segmentation_request request = SEGMENTATION_REQUEST(.dates = sorted, .n_dates = n);
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    STRATA_TRY(segmentation_run(cx, p, b, overrides, &request, &s, err));
    size_t n_segments = 0;
    const char *const *labels = bound_segments(b, dimension, &n_segments);
    for (size_t i = 0; i < n; i++) {
        dated[i].day = sorted[i];
        STRATA_TRY(copy_codes(a, segmentation_codes(s, dimension, i), p->n_accounts, n_segments,
                              &dated[i].codes, err));
    }
    *out = (dated_groups){
        .name = name, .days = dated, .n_days = n, .n_segments = n_segments, .labels = labels};
    return STRATA_OK;
}

/* --- an expression --- */

typedef struct label_list {
    arena *a;
    const char **labels;
    size_t n, cap;
} label_list;

static strata_status code_of(label_list *l, const char *label, segment_code *out, strata_error *err)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->labels[i], label) == 0) {
            *out = (segment_code)i;
            return STRATA_OK;
        }
    }
    if (l->n == l->cap) {
        size_t cap = 2 * l->cap + 16;
        const char **labels = ARENA_NEW(l->a, cap, const char *);
        if (labels == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu groups", cap);
        }
        if (l->n > 0) {
            memcpy((void *)labels, (const void *)l->labels, l->n * sizeof *labels);
        }
        l->labels = labels;
        l->cap = cap;
    }
    l->labels[l->n] = label;
    *out = (segment_code)l->n++;
    return STRATA_OK;
}

/* The codes of one day's groups become those of the list. */
static strata_status recode(label_list *l, const groups *g, size_t n_accounts, strata_error *err)
{
    segment_code *to = ARENA_NEW(l->a, g->n + 1, segment_code);
    if (to == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu groups", g->n);
    }
    for (size_t k = 0; k < g->n; k++) {
        STRATA_TRY(code_of(l, g->labels[k], &to[k], err));
    }
    for (size_t i = 0; i < n_accounts; i++) {
        g->code[i] = g->code[i] < g->n ? to[g->code[i]] : SEGMENT_ABSENT;
    }
    return STRATA_OK;
}

/* NOLINTNEXTLINE(readability-function-size): inputs of a grouping, days, and where it goes */
strata_status dated_groups_by_value(const context *cx, arena *a, const portfolio *p,
                                    const bound_model *b, const override_set *overrides,
                                    const char *expression, const day *days, size_t n_days,
                                    dated_groups *out, strata_error *err)
{
    label_list l = {.a = a};
    day *sorted = ARENA_NEW(a, n_days + 1, day);
    dated_segments *dated = ARENA_NEW(a, n_days + 1, dated_segments);
    if (sorted == NULL || dated == NULL) {
        return out_of_memory(expression, err);
    }
    memcpy(sorted, days, n_days * sizeof *days);
    size_t n = sort_days(sorted, n_days);
    for (size_t i = 0; i < n; i++) {
        groups *g = NULL;
        STRATA_TRY(groups_by_value(cx, a, p, b, overrides, expression, sorted[i], &g, err));
        if (g->ranges) {
            return strata_fail(err, STRATA_E_USAGE,
                               "'%s' is a number, whose quartiles are others every day; group by a "
                               "condition such as '%s > 10', or by a dimension",
                               expression, expression);
        }
        STRATA_TRY(recode(&l, g, p->n_accounts, err));
        dated[i] = (dated_segments){.day = sorted[i], .codes = g->code};
    }
    *out = (dated_groups){
        .name = expression, .days = dated, .n_days = n_days, .n_segments = l.n, .labels = l.labels};
    return STRATA_OK;
}
