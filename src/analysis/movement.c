/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/movement.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory counting moves between segments");
}

/* Row or column of a code. */
static size_t place_of(segment_code code, size_t n_segments)
{
    return code < n_segments ? code : code == SEGMENT_OUTSIDE ? n_segments : n_segments + 1;
}

static const char **labels_of(const view *v, const bound_def *def, size_t n_segments, arena *a)
{
    const char **labels = ARENA_NEW(a, n_segments + 2, const char *);
    size_t n = 0;
    const char *const *segments = bound_segments(v->b, def, &n);
    for (size_t g = 0; labels != NULL && g < n_segments; g++) {
        labels[g] = segments[g];
    }
    if (labels != NULL) {
        labels[n_segments] = v->b->model->outside_label;
        labels[n_segments + 1] = "Not there yet";
    }
    return labels;
}

/* One account that was in segment `from` and is in segment `to`; `n_ranked`: segments from there on
 * (the one for missing values) are neither above nor below others. */
static void count_between(movement *m, size_t from, size_t to, size_t n_ranked, int64_t value)
{
    if (from == to) {
        m->stayed++;
        return;
    }
    m->moved++;
    m->moved_minor += value;
    if (from >= n_ranked || to >= n_ranked) {
        return;
    }
    if (to < from) {
        m->up++;
        m->up_minor += value;
    } else {
        m->down++;
        m->down_minor += value;
    }
}

strata_status movement_make(const view *v, const bound_def *def, arena *a, const movement **out,
                            strata_error *err)
{
    const model_dimension *dim = &v->b->model->dimensions[def->index];
    size_t n = def->n_segments;
    size_t size = n + 2;
    movement *m = ARENA_NEW(a, 1, movement);
    size_t *accounts = ARENA_NEW(a, size * size, size_t);
    int64_t *value = ARENA_NEW(a, size * size, int64_t);
    size_t *from_total = ARENA_NEW(a, size, size_t);
    size_t *to_total = ARENA_NEW(a, size, size_t);
    const char **labels = labels_of(v, def, n, a);
    if (m == NULL || accounts == NULL || value == NULL || from_total == NULL || to_total == NULL ||
        labels == NULL) {
        return no_memory(err);
    }
    *m = (movement){.def = def,
                    .name = dim->name,
                    .label = dim->label,
                    .since = v->since,
                    .as_of = v->as_of,
                    .n_segments = n,
                    .size = size,
                    .labels = labels,
                    .accounts = accounts,
                    .value_minor = value,
                    .from_total = from_total,
                    .to_total = to_total};
    size_t n_ranked = !dim->ordered ? 0 : dim->kind == DIMENSION_BANDS ? n - 1 : n;
    const segment_code *before = segmentation_codes(v->s, def, v->since_at);
    const segment_code *now = segmentation_codes(v->s, def, v->now_at);
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        size_t from = place_of(before[i], n);
        size_t to = place_of(now[i], n);
        int64_t worth = view_value_minor(v, i);
        accounts[from * size + to]++;
        value[from * size + to] += worth;
        from_total[from]++;
        to_total[to]++;
        if (from < n && to < n) {
            count_between(m, from, to, n_ranked, worth);
        } else {
            m->entered += to < n;
            m->left += from < n;
        }
    }
    *out = m;
    return STRATA_OK;
}
