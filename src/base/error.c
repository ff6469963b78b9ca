/* SPDX-License-Identifier: Apache-2.0 */
#include <strata/error.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct status_row {
    const char *slug;
    int exit_code;
    int http;
} status_row;

#define ROW(sym, slug, code, http) [sym] = {slug, code, http},
static const status_row rows[STRATA_STATUS_COUNT] = {STRATA_STATUS_LIST(ROW)};
#undef ROW

static const status_row *row_of(strata_status status)
{
    return &rows[(unsigned)status < STRATA_STATUS_COUNT ? status : STRATA_E_INTERNAL];
}

const char *strata_status_slug(strata_status status)
{
    return row_of(status)->slug;
}

int strata_status_exit_code(strata_status status)
{
    return row_of(status)->exit_code;
}

int strata_status_http(strata_status status)
{
    return row_of(status)->http;
}

void strata_error_set(strata_error *err, strata_status status, const char *fmt, ...)
{
    if (err == NULL) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    err->status = status;
    (void)vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
}

void strata_error_prefix(strata_error *err, strata_status status, const char *fmt, ...)
{
    if (err == NULL) {
        return;
    }
    char cause[sizeof err->message];
    memcpy(cause, err->message, sizeof cause);

    va_list args;
    va_start(args, fmt);
    int used = vsnprintf(err->message, sizeof err->message, fmt, args);
    va_end(args);
    if (used >= 0 && (size_t)used < sizeof err->message) {
        (void)snprintf(err->message + used, sizeof err->message - (size_t)used, ": %s", cause);
    }
    err->status = status;
}
