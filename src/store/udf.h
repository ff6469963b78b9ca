/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_UDF_H
#define STRATA_STORE_UDF_H

/* C functions in SQL: texts in, a number out. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "store/column.h"
#include "store/store.h"

enum { UDF_MAX_ARGS = 4 };

typedef union udf_value {
    int32_t int32; /* COLUMN_INT32 and COLUMN_DAY */
    int64_t int64;
    double number;
    bool boolean;
} udf_value;

/* False: the result is NULL. A missing argument has ptr NULL. Called from several
 * threads at once, so it may only read `extra`. */
typedef bool udf_fn(const void *extra, const text_view *args, udf_value *out);

typedef struct udf {
    const char *name;    /* as SQL calls it; copied */
    size_t n_args;       /* 1 .. UDF_MAX_ARGS, each VARCHAR */
    column_type returns; /* COLUMN_INT32, COLUMN_INT64, COLUMN_DOUBLE, COLUMN_DAY or COLUMN_BOOL */
    udf_fn *fn;
    const void *extra; /* must outlive the store */
} udf;

/* Makes the function known to the whole store, for as long as it is open. */
STRATA_MUST_CHECK strata_status store_add_function(store_conn *c, const udf *f, strata_error *err);

#endif
