/* SPDX-License-Identifier: Apache-2.0 */
#include "store/column.h"

#include "store/private.h"

typedef struct type_row {
    duckdb_type duckdb;
    column_type column;
    const char *name;
} type_row;

static const type_row types[] = {
    {DUCKDB_TYPE_BOOLEAN, COLUMN_BOOL, "BOOLEAN"},
    {DUCKDB_TYPE_TINYINT, COLUMN_INT8, "TINYINT"},
    {DUCKDB_TYPE_UTINYINT, COLUMN_UINT8, "UTINYINT"},
    {DUCKDB_TYPE_INTEGER, COLUMN_INT32, "INTEGER"},
    {DUCKDB_TYPE_BIGINT, COLUMN_INT64, "BIGINT"},
    {DUCKDB_TYPE_UBIGINT, COLUMN_UINT64, "UBIGINT"},
    {DUCKDB_TYPE_DOUBLE, COLUMN_DOUBLE, "DOUBLE"},
    {DUCKDB_TYPE_DATE, COLUMN_DAY, "DATE"},
    {DUCKDB_TYPE_TIMESTAMP, COLUMN_TIMESTAMP, "TIMESTAMP"},
    {DUCKDB_TYPE_VARCHAR, COLUMN_TEXT, "VARCHAR"},
    {DUCKDB_TYPE_BLOB, COLUMN_BLOB, "BLOB"},
    {DUCKDB_TYPE_SMALLINT, COLUMN_OTHER, "SMALLINT"},
    {DUCKDB_TYPE_USMALLINT, COLUMN_OTHER, "USMALLINT"},
    {DUCKDB_TYPE_UINTEGER, COLUMN_OTHER, "UINTEGER"},
    {DUCKDB_TYPE_FLOAT, COLUMN_OTHER, "FLOAT"},
    {DUCKDB_TYPE_HUGEINT, COLUMN_OTHER, "HUGEINT"},
    {DUCKDB_TYPE_DECIMAL, COLUMN_OTHER, "DECIMAL"},
};
enum { N_TYPES = sizeof types / sizeof *types };

column_type column_type_of(duckdb_type type)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        if (types[i].duckdb == type) {
            return types[i].column;
        }
    }
    return COLUMN_OTHER;
}

const char *duckdb_type_name(duckdb_type type)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        if (types[i].duckdb == type) {
            return types[i].name;
        }
    }
    return "?";
}

const char *column_type_name(column_type type)
{
    for (size_t i = 0; i < N_TYPES && type != COLUMN_OTHER; i++) {
        if (types[i].column == type) {
            return types[i].name;
        }
    }
    return "?";
}
