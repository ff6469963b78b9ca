/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "document/tree.h"

static bool holds(const char *const *seen, size_t n, const char *reason)
{
    for (size_t k = 0; k < n; k++) {
        if (strcmp(seen[k], reason) == 0) {
            return true;
        }
    }
    return false;
}

size_t doc_table_reasons(const doc_table *t, size_t n_columns, const char *reasons[DOC_REASONS])
{
    size_t n = 0;
    for (const doc_row_node *row = t->rows; row != NULL; row = row->next) {
        for (size_t i = 0; i < n_columns && n < DOC_REASONS; i++) {
            const char *reason = row->cells[i].type == CELL_EMPTY ? row->cells[i].text : NULL;
            if (reason != NULL && !holds(reasons, n, reason)) {
                reasons[n++] = reason;
            }
        }
    }
    return n;
}
