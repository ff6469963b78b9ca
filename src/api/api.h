/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_API_API_H
#define STRATA_API_API_H

/* Inside the public interface: what its opaque types hold. */

#include <strata/portfolio.h>

#include <signal.h>

#include "base/arena.h"
#include "project/project.h"

/* What a context borrows from: must stay where it is as long as the context is used. */
typedef struct api_host {
    strata_options options;
    volatile sig_atomic_t cancelled; /* set once options.progress asked to stop */
} api_host;

/* A context for these options (NULL: the usual ones), which reports to the host. */
context api_context(const strata_options *options, api_host *host);
/* The model file of the options' folder, read; nothing else. */
STRATA_MUST_CHECK strata_status api_project(const context *cx, const api_host *host, project **out,
                                            strata_error *err);

struct strata_portfolio {
    api_host host;
    context cx;
    project *project; /* loaded */
    const bound_def **dimensions;
    size_t n_dimensions;
};

/* `as_of`, or the last day for STRATA_NO_DATE. STRATA_E_USAGE outside what facts are there for. */
STRATA_MUST_CHECK strata_status api_date(const strata_portfolio *p, strata_date as_of, day *out,
                                         strata_error *err);

#endif
