/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ERROR_H
#define STRATA_ERROR_H

/** @file error.h  What failed, in words, and which exit code and HTTP status it maps to. */

#include <strata/export.h>

STRATA_BEGIN_DECLS

/* symbol, slug (stable, in JSON), exit code, HTTP status */
#define STRATA_STATUS_LIST(X)                                                                      \
    X(STRATA_OK, "ok", 0, 200)                                                                     \
    X(STRATA_E_USAGE, "usage", 64, 400)                                                            \
    X(STRATA_E_DATA, "data", 65, 422)                                                              \
    X(STRATA_E_NOTFOUND, "not-found", 66, 404)                                                     \
    X(STRATA_E_INFEASIBLE, "infeasible", 67, 422)                                                  \
    X(STRATA_E_NUMERIC, "numeric", 68, 422)                                                        \
    X(STRATA_E_STORE, "store", 69, 500)                                                            \
    X(STRATA_E_INTERNAL, "internal", 70, 500)                                                      \
    X(STRATA_E_NOMEM, "no-memory", 71, 500)                                                        \
    X(STRATA_E_IO, "io", 74, 500)                                                                  \
    X(STRATA_E_LOCKED, "locked", 75, 503)                                                          \
    X(STRATA_E_MODEL, "model", 78, 422)                                                            \
    X(STRATA_E_CANCELLED, "cancelled", 130, 503)

#define STRATA_STATUS_ENUM(sym, slug, code, http) sym,
typedef enum strata_status {
    STRATA_STATUS_LIST(STRATA_STATUS_ENUM) STRATA_STATUS_COUNT
} strata_status;
#undef STRATA_STATUS_ENUM

/** A failure, filled by the callee. Zero-initialise; owns nothing, so never freed. */
typedef struct strata_error {
    strata_status status;
    char message[1020];
} strata_error;

/**
 * Record a failure and yield its status: `return strata_fail(err, STRATA_E_DATA, "row %zu", i);`
 * A macro, so that compilers and analysers see which status comes back.
 */
#define strata_fail(err, status, ...)                                                              \
    (strata_error_set((err), (status), __VA_ARGS__), (strata_status)(status))

/** Put "what I was doing: " in front of the message of a failure that passes through. */
#define strata_wrap(err, status, ...)                                                              \
    (strata_error_prefix((err), (status), __VA_ARGS__), (strata_status)(status))

STRATA_API void strata_error_set(strata_error *err, strata_status status, const char *fmt, ...)
    STRATA_PRINTF(3, 4);
STRATA_API void strata_error_prefix(strata_error *err, strata_status status, const char *fmt, ...)
    STRATA_PRINTF(3, 4);

STRATA_API const char *strata_status_slug(strata_status status);
STRATA_API int strata_status_exit_code(strata_status status);
STRATA_API int strata_status_http(strata_status status);

STRATA_END_DECLS

#endif
