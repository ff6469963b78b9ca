/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_USAGE_ROWS_H
#define STRATA_SOURCE_USAGE_ROWS_H

/* Usage is the one entity with many rows: they are gathered in memory as they are parsed, 24 bytes
 * each, and what is more than a budget goes, sorted, to a temporary file. */

#include "base/auto.h"
#include "source/usage/sort.h"

typedef struct usage_rows usage_rows;

/* `budget` bytes of rows are held; the temporary file is made in `folder` when it is needed,
 * without a name, so that nothing is left of it whatever happens. `folder` must outlive it. */
STRATA_MUST_CHECK strata_status usage_rows_new(const char *folder, size_t budget, usage_rows **out,
                                               strata_error *err);
void usage_rows_free(usage_rows *r); /* NULL is fine */
STRATA_DEFINE_AUTO(usage_rows, usage_rows_free)

/* Adds n rows, given by column. A missing count (NaN) is one event. Accounts are from 0. */
typedef struct usage_columns {
    const int32_t *account;
    const day *day;
    const int32_t *feature, *user;
    const double *count;
} usage_columns;
STRATA_MUST_CHECK strata_status usage_rows_add(usage_rows *r, const usage_columns *c, size_t n,
                                               strata_error *err);
/* Sorts and writes rows to the temporary file when there are more than the budget allows. Call it
 * now and then, from no parallel task. STRATA_E_IO, STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status usage_rows_relieve(const context *cx, usage_rows *r,
                                                   strata_error *err);
/* What was added until now stays when usage_rows_rewind forgets what comes after. */
void usage_rows_mark(usage_rows *r);
void usage_rows_rewind(usage_rows *r);

/* No more rows come, and codes are final: sorts what is held. As usage_rows_relieve. */
STRATA_MUST_CHECK strata_status usage_rows_finish(const context *cx, usage_rows *r,
                                                  const usage_codes *codes, strata_error *err);
/* Takes n rows in order. */
typedef strata_status usage_sink(void *to, const usage_row *rows, size_t n, strata_error *err);
/* Hands all rows with these codes, those of usage_rows_finish, to `sink`, in order of
 * usage_compare. As usage_rows_relieve, and what the sink returns. */
STRATA_MUST_CHECK strata_status usage_rows_drain(const context *cx, const usage_rows *r,
                                                 const usage_codes *codes, usage_sink *sink,
                                                 void *to, strata_error *err);

#endif
