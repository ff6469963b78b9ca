/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_SEGMENT_FIXTURE_H
#define STRATA_TESTS_SEGMENT_FIXTURE_H

/* A portfolio in memory, from facts given or drawn, and a model bound to it. */

#include "panel/ledger_memory.h"
#include "segment/segmentation.h"

typedef struct fixture {
    ledger_memory *memory;
    portfolio portfolio;
    arena *arena;
    model *model;
    bound_model *bound;
    context cx;
} fixture;

/* Facts must hold until fixture_done(). Fails the test on any error. */
void fixture_make(fixture *f, const ledger_facts *facts, const char *yaml);
void fixture_done(fixture *f);
/* The segmentation of all requested dates; freed by the caller. */
segmentation *fixture_run(const fixture *f, const override_set *overrides,
                          const segmentation_request *request);
const bound_def *fixture_dimension(const fixture *f, const char *name);

#endif
