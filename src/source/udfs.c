/* SPDX-License-Identifier: Apache-2.0 */
#include "source/udfs.h"

#include "source/text/value.h"
#include "store/udf.h"

static bool udf_bool(const void *extra, const text_view *args, udf_value *out)
{
    const char *why;
    (void)extra;
    /* One letter or digit says too little about what a column of unknown meaning holds. */
    return args[0].ptr != NULL && args[0].len >= 2 &&
           value_bool(args[0].ptr, args[0].len, &out->boolean, &why) == CELL_OK;
}

static bool udf_number(const void *extra, const text_view *args, udf_value *out)
{
    const value_style style = {0};
    unsigned evidence = 0;
    const char *why;
    (void)extra;
    return args[0].ptr != NULL &&
           value_number(args[0].ptr, args[0].len, &style, &evidence, &out->number, &why) == CELL_OK;
}

static bool udf_day(const void *extra, const text_view *args, udf_value *out)
{
    const value_style style = {0};
    unsigned evidence = 0;
    const char *why;
    (void)extra;
    return args[0].ptr != NULL &&
           value_day(args[0].ptr, args[0].len, &style, &evidence, &out->int32, &why) == CELL_OK;
}

strata_status udfs_register(store_conn *c, strata_error *err)
{
    static const udf functions[] = {
        {.name = "strata_bool", .n_args = 1, .returns = COLUMN_BOOL, .fn = udf_bool},
        {.name = "strata_number", .n_args = 1, .returns = COLUMN_DOUBLE, .fn = udf_number},
        {.name = "strata_day", .n_args = 1, .returns = COLUMN_INT32, .fn = udf_day},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        STRATA_TRY(store_add_function(c, &functions[i], err));
    }
    return STRATA_OK;
}
