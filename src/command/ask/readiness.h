/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_READINESS_H
#define STRATA_COMMAND_ASK_READINESS_H

#include "command/session.h"
#include "report/data/readiness.h"

/* Definitions and features that the model names and that stay missing for everyone. In the call's
 * arena. */
STRATA_MUST_CHECK strata_status readiness_gaps(const call *c, const project *p,
                                               const readiness_gap **out, size_t *n,
                                               strata_error *err);

#endif
