/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_DUCKDB_API_H
#define STRATA_STORE_DUCKDB_API_H

/* The part of DuckDB's C interface (1.5) that the store uses. The npm package
 * that carries the library brings no header. Names, values and layouts are DuckDB's;
 * tests/unit/store/test_duckdb_api.c asks the library for every function named
 * here and reads back every type. Only src/store includes this file. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t idx_t;

typedef enum duckdb_state { DuckDBSuccess = 0, DuckDBError = 1 } duckdb_state;

typedef enum duckdb_pending_state {
    DUCKDB_PENDING_RESULT_READY = 0,
    DUCKDB_PENDING_RESULT_NOT_READY = 1,
    DUCKDB_PENDING_ERROR = 2,
    DUCKDB_PENDING_NO_TASKS_AVAILABLE = 3
} duckdb_pending_state;

/* Those we meet; others keep their number and are refused by name. */
typedef enum duckdb_type {
    DUCKDB_TYPE_INVALID = 0,
    DUCKDB_TYPE_BOOLEAN = 1,
    DUCKDB_TYPE_TINYINT = 2,
    DUCKDB_TYPE_SMALLINT = 3,
    DUCKDB_TYPE_INTEGER = 4,
    DUCKDB_TYPE_BIGINT = 5,
    DUCKDB_TYPE_UTINYINT = 6,
    DUCKDB_TYPE_USMALLINT = 7,
    DUCKDB_TYPE_UINTEGER = 8,
    DUCKDB_TYPE_UBIGINT = 9,
    DUCKDB_TYPE_FLOAT = 10,
    DUCKDB_TYPE_DOUBLE = 11,
    DUCKDB_TYPE_TIMESTAMP = 12, /* microseconds since 1970-01-01 */
    DUCKDB_TYPE_DATE = 13,      /* days since 1970-01-01 */
    DUCKDB_TYPE_HUGEINT = 16,
    DUCKDB_TYPE_VARCHAR = 17,
    DUCKDB_TYPE_BLOB = 18,
    DUCKDB_TYPE_DECIMAL = 19
} duckdb_type;

/* Opaque handles. */
typedef struct duckdb_database_handle *duckdb_database;
typedef struct duckdb_connection_handle *duckdb_connection;
typedef struct duckdb_config_handle *duckdb_config;
typedef struct duckdb_prepared_handle *duckdb_prepared_statement;
typedef struct duckdb_pending_handle *duckdb_pending_result;
typedef struct duckdb_appender_handle *duckdb_appender;
typedef struct duckdb_chunk_handle *duckdb_data_chunk;
typedef struct duckdb_vector_handle *duckdb_vector;
typedef struct duckdb_logical_type_handle *duckdb_logical_type;
typedef struct duckdb_scalar_function_handle *duckdb_scalar_function;
typedef struct duckdb_function_info_handle *duckdb_function_info;

typedef struct duckdb_date {
    int32_t days;
} duckdb_date;
typedef struct duckdb_timestamp {
    int64_t micros;
} duckdb_timestamp;

/* Passed by value to duckdb_fetch_chunk, so its size matters. All but the last
 * member belong to an older interface and are not to be read. */
typedef struct duckdb_result {
    idx_t deprecated_column_count;
    idx_t deprecated_row_count;
    idx_t deprecated_rows_changed;
    void *deprecated_columns;
    char *deprecated_error_message;
    void *internal_data;
} duckdb_result;

/* One VARCHAR of a vector: up to 12 bytes inside, longer ones behind a pointer. */
enum { DUCKDB_INLINE_TEXT = 12 };
typedef struct duckdb_string_t {
    union {
        struct {
            uint32_t length;
            char prefix[4];
            char *ptr;
        } pointer;
        struct {
            uint32_t length;
            char inlined[DUCKDB_INLINE_TEXT];
        } inlined;
    } value;
} duckdb_string_t;

typedef struct duckdb_query_progress_type {
    double percentage; /* -1: not known */
    uint64_t rows_processed;
    uint64_t total_rows_to_process;
} duckdb_query_progress_type;

typedef void (*duckdb_delete_callback_t)(void *data);
typedef void (*duckdb_scalar_function_t)(duckdb_function_info info, duckdb_data_chunk input,
                                         duckdb_vector output);

/* clang-format off */
#define DUCKDB_FUNCTIONS(X)                                                                        \
    X(const char *, duckdb_library_version, (void))                                                \
    X(void, duckdb_free, (void *ptr))                                                              \
    X(idx_t, duckdb_vector_size, (void))                                                           \
    /* configuration, database, connection */                                                      \
    X(duckdb_state, duckdb_create_config, (duckdb_config *out))                                    \
    X(duckdb_state, duckdb_set_config, (duckdb_config c, const char *name, const char *value))     \
    X(void, duckdb_destroy_config, (duckdb_config *c))                                             \
    X(duckdb_state, duckdb_open_ext,                                                               \
      (const char *path, duckdb_database *out, duckdb_config c, char **out_error))                 \
    X(void, duckdb_close, (duckdb_database *db))                                                   \
    X(duckdb_state, duckdb_connect, (duckdb_database db, duckdb_connection *out))                  \
    X(void, duckdb_disconnect, (duckdb_connection *conn))                                          \
    X(void, duckdb_interrupt, (duckdb_connection conn))                                            \
    X(duckdb_query_progress_type, duckdb_query_progress, (duckdb_connection conn))                 \
    /* statements; the names are freed with duckdb_free() */                                       \
    X(duckdb_state, duckdb_query, (duckdb_connection conn, const char *sql, duckdb_result *out))   \
    X(duckdb_state, duckdb_prepare,                                                                \
      (duckdb_connection conn, const char *sql, duckdb_prepared_statement *out))                   \
    X(void, duckdb_destroy_prepare, (duckdb_prepared_statement *p))                                \
    X(const char *, duckdb_prepare_error, (duckdb_prepared_statement p))                           \
    X(idx_t, duckdb_nparams, (duckdb_prepared_statement p))                                        \
    X(char *, duckdb_parameter_name, (duckdb_prepared_statement p, idx_t one_based))         \
    X(duckdb_type, duckdb_param_type, (duckdb_prepared_statement p, idx_t one_based))              \
    X(idx_t, duckdb_prepared_statement_column_count, (duckdb_prepared_statement p))                \
    X(char *, duckdb_prepared_statement_column_name,                                         \
      (duckdb_prepared_statement p, idx_t col))                                                    \
    X(duckdb_type, duckdb_prepared_statement_column_type,                                          \
      (duckdb_prepared_statement p, idx_t col))                                                    \
    X(duckdb_state, duckdb_bind_parameter_index,                                                   \
      (duckdb_prepared_statement p, idx_t *out, const char *name))                                 \
    X(duckdb_state, duckdb_clear_bindings, (duckdb_prepared_statement p))                          \
    X(duckdb_state, duckdb_bind_null, (duckdb_prepared_statement p, idx_t i))                      \
    X(duckdb_state, duckdb_bind_boolean, (duckdb_prepared_statement p, idx_t i, bool v))           \
    X(duckdb_state, duckdb_bind_int32, (duckdb_prepared_statement p, idx_t i, int32_t v))          \
    X(duckdb_state, duckdb_bind_int64, (duckdb_prepared_statement p, idx_t i, int64_t v))          \
    X(duckdb_state, duckdb_bind_uint64, (duckdb_prepared_statement p, idx_t i, uint64_t v))        \
    X(duckdb_state, duckdb_bind_double, (duckdb_prepared_statement p, idx_t i, double v))          \
    X(duckdb_state, duckdb_bind_date, (duckdb_prepared_statement p, idx_t i, duckdb_date v))       \
    X(duckdb_state, duckdb_bind_timestamp,                                                         \
      (duckdb_prepared_statement p, idx_t i, duckdb_timestamp v))                                  \
    X(duckdb_state, duckdb_bind_varchar_length,                                                    \
      (duckdb_prepared_statement p, idx_t i, const char *text, idx_t len))                         \
    X(duckdb_state, duckdb_pending_prepared,                                                       \
      (duckdb_prepared_statement p, duckdb_pending_result *out))                                   \
    X(duckdb_state, duckdb_pending_prepared_streaming,                                             \
      (duckdb_prepared_statement p, duckdb_pending_result *out))                                   \
    X(void, duckdb_destroy_pending, (duckdb_pending_result *p))                                    \
    X(const char *, duckdb_pending_error, (duckdb_pending_result p))                               \
    X(duckdb_pending_state, duckdb_pending_execute_task, (duckdb_pending_result p))                \
    X(duckdb_state, duckdb_execute_pending, (duckdb_pending_result p, duckdb_result *out))         \
    /* results */                                                                                  \
    X(void, duckdb_destroy_result, (duckdb_result *r))                                             \
    X(const char *, duckdb_result_error, (duckdb_result *r))                                       \
    X(idx_t, duckdb_rows_changed, (duckdb_result *r))                                              \
    X(idx_t, duckdb_column_count, (duckdb_result *r))                                              \
    X(const char *, duckdb_column_name, (duckdb_result *r, idx_t col))                             \
    X(duckdb_type, duckdb_column_type, (duckdb_result *r, idx_t col))                              \
    X(duckdb_data_chunk, duckdb_fetch_chunk, (duckdb_result r))                                    \
    /* chunks and vectors */                                                                       \
    X(duckdb_data_chunk, duckdb_create_data_chunk, (duckdb_logical_type *types, idx_t n))          \
    X(void, duckdb_destroy_data_chunk, (duckdb_data_chunk *c))                                     \
    X(void, duckdb_data_chunk_reset, (duckdb_data_chunk c))                                        \
    X(idx_t, duckdb_data_chunk_get_size, (duckdb_data_chunk c))                                    \
    X(void, duckdb_data_chunk_set_size, (duckdb_data_chunk c, idx_t n))                            \
    X(idx_t, duckdb_data_chunk_get_column_count, (duckdb_data_chunk c))                            \
    X(duckdb_vector, duckdb_data_chunk_get_vector, (duckdb_data_chunk c, idx_t col))               \
    X(void *, duckdb_vector_get_data, (duckdb_vector v))                                           \
    X(uint64_t *, duckdb_vector_get_validity, (duckdb_vector v))                                   \
    X(void, duckdb_vector_ensure_validity_writable, (duckdb_vector v))                             \
    /* Unlike duckdb_vector_assign_string_element_len it takes the text as it is,                  \
     * so that text that is not UTF-8 must be refused before. */                                   \
    X(void, duckdb_unsafe_vector_assign_string_element_len,                                        \
      (duckdb_vector v, idx_t row, const char *text, idx_t len))                                   \
    X(duckdb_logical_type, duckdb_create_logical_type, (duckdb_type type))                         \
    X(duckdb_type, duckdb_get_type_id, (duckdb_logical_type type))                                 \
    X(void, duckdb_destroy_logical_type, (duckdb_logical_type *type))                              \
    /* appender */                                                                                 \
    X(duckdb_state, duckdb_appender_create,                                                        \
      (duckdb_connection conn, const char *schema, const char *table, duckdb_appender *out))       \
    X(idx_t, duckdb_appender_column_count, (duckdb_appender a))                                    \
    X(duckdb_logical_type, duckdb_appender_column_type, (duckdb_appender a, idx_t col))            \
    X(const char *, duckdb_appender_error, (duckdb_appender a))                                    \
    X(duckdb_state, duckdb_append_data_chunk, (duckdb_appender a, duckdb_data_chunk c))            \
    X(duckdb_state, duckdb_appender_close, (duckdb_appender a))                                    \
    X(duckdb_state, duckdb_appender_destroy, (duckdb_appender *a))                                 \
    /* scalar functions */                                                                         \
    X(duckdb_scalar_function, duckdb_create_scalar_function, (void))                               \
    X(void, duckdb_destroy_scalar_function, (duckdb_scalar_function *f))                           \
    X(void, duckdb_scalar_function_set_name, (duckdb_scalar_function f, const char *name))         \
    X(void, duckdb_scalar_function_add_parameter,                                                  \
      (duckdb_scalar_function f, duckdb_logical_type type))                                        \
    X(void, duckdb_scalar_function_set_return_type,                                                \
      (duckdb_scalar_function f, duckdb_logical_type type))                                        \
    X(void, duckdb_scalar_function_set_special_handling, (duckdb_scalar_function f))               \
    X(void, duckdb_scalar_function_set_extra_info,                                                 \
      (duckdb_scalar_function f, void *extra, duckdb_delete_callback_t destroy))                   \
    X(void, duckdb_scalar_function_set_function,                                                   \
      (duckdb_scalar_function f, duckdb_scalar_function_t function))                               \
    X(void *, duckdb_scalar_function_get_extra_info, (duckdb_function_info info))                  \
    X(duckdb_state, duckdb_register_scalar_function,                                               \
      (duckdb_connection conn, duckdb_scalar_function f))
/* clang-format on */

#define DUCKDB_DECLARE(result, name, args) result name args;
DUCKDB_FUNCTIONS(DUCKDB_DECLARE)
#undef DUCKDB_DECLARE

#endif
