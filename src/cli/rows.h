/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLI_ROWS_H
#define STRATA_CLI_ROWS_H

/* Results of any size as CSV or JSON, row by row as they come, so that none has to fit in
 * memory. What docs/json.md says of texts and numbers holds here too. */

#include "cli/cli.h"
#include "store/stmt.h"

/* How many rows a statement gave. Writes all of them to standard output or --output (whole or not
 * at all) in c->format, RENDER_CSV or RENDER_JSON. The statement must not have run yet. */
STRATA_MUST_CHECK strata_status rows_write(const call *c, stmt *s, size_t *n, strata_error *err);

/* The current chunk's value in a table of a document; texts allocated in `a`. */
STRATA_MUST_CHECK strata_status rows_cell(const stmt *s, size_t col, size_t row, arena *a,
                                          doc_cell *out, strata_error *err);
/* Type of a table's column that holds such cells. */
cell_type rows_cell_type(column_type type);

#endif
