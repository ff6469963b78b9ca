/* SPDX-License-Identifier: Apache-2.0 */
#include "history/keys.h"

#include <string.h>

#include "history/history.h"

const char *history_segment_key(const bound_model *b, const bound_def *def, segment_code code)
{
    const model_dimension *dim = &b->model->dimensions[def->index];
    if (code == SEGMENT_ABSENT) {
        return NULL;
    }
    if (code == SEGMENT_OUTSIDE) {
        return b->model->outside_label;
    }
    if (dim->kind == DIMENSION_TIERS) {
        return dim->tiers[code].key;
    }
    if (dim->kind == DIMENSION_BANDS && code < dim->n_bands) {
        return dim->bands[code].key;
    }
    size_t n = 0;
    const char *const *labels = bound_segments(b, def, &n);
    return code < n ? labels[code] : NULL;
}

segment_code history_code(const bound_model *b, const bound_def *def, text_view key)
{
    size_t n = 0;
    (void)bound_segments(b, def, &n);
    for (size_t i = 0; i <= n; i++) {
        segment_code code = i < n ? (segment_code)i : (segment_code)SEGMENT_OUTSIDE;
        const char *name = history_segment_key(b, def, code);
        if (name != NULL && strlen(name) == key.len && memcmp(name, key.ptr, key.len) == 0) {
            return code;
        }
    }
    return SEGMENT_OTHER_MODEL;
}

size_t history_account(const portfolio *p, text_view id, size_t from)
{
    for (size_t i = from; i < p->n_accounts; i++) {
        int order = strncmp(p->ids[i], id.ptr, id.len);
        if (order == 0 && p->ids[i][id.len] == '\0') {
            return i;
        }
        if (order > 0 || (order == 0 && p->ids[i][id.len] != '\0')) {
            break;
        }
    }
    return SIZE_MAX;
}
