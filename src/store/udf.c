/* SPDX-License-Identifier: Apache-2.0 */
#include "store/udf.h"

#include <stdlib.h>
#include <string.h>

#include "store/private.h"

/* What DuckDB keeps for the function, and frees with it. */
typedef struct udf_info {
    udf_fn *fn;
    const void *extra;
    size_t n_args;
    column_type returns;
} udf_info;

typedef struct udf_args {
    const duckdb_string_t *text[UDF_MAX_ARGS];
    const uint64_t *validity[UDF_MAX_ARGS];
} udf_args;

static text_view argument(const udf_args *a, size_t arg, size_t row)
{
    if (!valid_row(a->validity[arg], row)) {
        return (text_view){NULL, 0};
    }
    const duckdb_string_t *t = &a->text[arg][row];
    uint32_t len = t->value.inlined.length;
    return (text_view){len <= DUCKDB_INLINE_TEXT ? t->value.inlined.inlined : t->value.pointer.ptr,
                       len};
}

static void store_value(void *data, size_t row, column_type type, const udf_value *v)
{
    if (type == COLUMN_DOUBLE) {
        ((double *)data)[row] = v->number;
    } else if (type == COLUMN_INT64) {
        ((int64_t *)data)[row] = v->int64;
    } else if (type == COLUMN_BOOL) {
        ((uint8_t *)data)[row] = v->boolean ? 1 : 0;
    } else {
        ((int32_t *)data)[row] = v->int32;
    }
}

/* DuckDB hands over flat vectors of up to one chunk of rows. */
static void call(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const udf_info *f = duckdb_scalar_function_get_extra_info(info);
    udf_args columns;
    for (size_t i = 0; i < f->n_args; i++) {
        duckdb_vector v = duckdb_data_chunk_get_vector(input, i);
        columns.text[i] = duckdb_vector_get_data(v);
        columns.validity[i] = duckdb_vector_get_validity(v);
    }
    void *data = duckdb_vector_get_data(output);
    duckdb_vector_ensure_validity_writable(output);
    uint64_t *valid = duckdb_vector_get_validity(output);
    size_t n = (size_t)duckdb_data_chunk_get_size(input);
    for (size_t row = 0; row < n; row++) {
        text_view args[UDF_MAX_ARGS];
        for (size_t i = 0; i < f->n_args; i++) {
            args[i] = argument(&columns, i, row);
        }
        udf_value value = {0};
        uint64_t bit = UINT64_C(1) << (row % 64);
        if (f->fn(f->extra, args, &value)) {
            store_value(data, row, f->returns, &value);
            valid[row / 64] |= bit;
        } else {
            valid[row / 64] &= ~bit;
        }
    }
}

static duckdb_type result_type(column_type type)
{
    switch (type) {
    case COLUMN_INT32:
        return DUCKDB_TYPE_INTEGER;
    case COLUMN_INT64:
        return DUCKDB_TYPE_BIGINT;
    case COLUMN_DOUBLE:
        return DUCKDB_TYPE_DOUBLE;
    case COLUMN_DAY:
        return DUCKDB_TYPE_DATE;
    case COLUMN_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    case COLUMN_INT8:
    case COLUMN_UINT8:
    case COLUMN_UINT64:
    case COLUMN_TIMESTAMP:
    case COLUMN_TEXT:
    case COLUMN_BLOB:
    case COLUMN_OTHER:
        break;
    }
    return DUCKDB_TYPE_INVALID;
}

static void describe(duckdb_scalar_function made, const udf *f)
{
    duckdb_scalar_function_set_name(made, f->name);
    duckdb_logical_type text = duckdb_create_logical_type(DUCKDB_TYPE_VARCHAR);
    for (size_t i = 0; i < f->n_args; i++) {
        duckdb_scalar_function_add_parameter(made, text);
    }
    duckdb_destroy_logical_type(&text);
    duckdb_logical_type returns = duckdb_create_logical_type(result_type(f->returns));
    duckdb_scalar_function_set_return_type(made, returns);
    duckdb_destroy_logical_type(&returns);
    /* NULL arguments reach the function, which alone decides what is missing. */
    duckdb_scalar_function_set_special_handling(made);
    duckdb_scalar_function_set_function(made, call);
}

strata_status store_add_function(store_conn *c, const udf *f, strata_error *err)
{
    if (f->n_args < 1 || f->n_args > UDF_MAX_ARGS ||
        result_type(f->returns) == DUCKDB_TYPE_INVALID) {
        return strata_fail(err, STRATA_E_INTERNAL,
                           "function %s: %zu arguments returning %s cannot "
                           "be registered",
                           f->name, f->n_args, column_type_name(f->returns));
    }
    udf_info *info = calloc(1, sizeof *info);
    if (info == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "function %s: memory ran out", f->name);
    }
    *info = (udf_info){f->fn, f->extra, f->n_args, f->returns};
    duckdb_scalar_function made = duckdb_create_scalar_function();
    duckdb_scalar_function_set_extra_info(made, info, free);
    describe(made, f);
    duckdb_state state = duckdb_register_scalar_function(c->duckdb, made);
    duckdb_destroy_scalar_function(&made);
    return state == DuckDBSuccess
               ? STRATA_OK
               : strata_fail(err, STRATA_E_INTERNAL, "function %s cannot be registered", f->name);
}
