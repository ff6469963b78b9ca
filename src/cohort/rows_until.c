/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/rows_until.h"

strata_status rows_until(store_conn *conn, const char *file, day until, rows_fn *fn, void *job,
                         strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, file, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "until", until, err));
    STRATA_TRY(stmt_stream(s, err));
    for (size_t n;;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        if (n == 0) {
            return STRATA_OK;
        }
        STRATA_TRY(fn(job, s, n, err));
    }
}
