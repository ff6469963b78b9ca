/* SPDX-License-Identifier: Apache-2.0 */
#include "base/context.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

bool context_cancelled(const context *cx)
{
    return cx->cancelled != NULL && *cx->cancelled != 0;
}

strata_status context_check(const context *cx, strata_error *err)
{
    return context_cancelled(cx)
               ? strata_fail(err, STRATA_E_CANCELLED, "stopped; nothing was changed")
               : STRATA_OK;
}

void context_progress(const context *cx, const char *what, uint64_t done, uint64_t total)
{
    if (cx->progress != NULL) {
        cx->progress(cx->payload, what, done, total);
    }
}

void context_notice(const context *cx, const char *fmt, ...)
{
    if (cx->notice == NULL) {
        return;
    }
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    cx->notice(cx->payload, text);
}
