/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_ANALYSIS_WORLD_H
#define STRATA_TESTS_ANALYSIS_WORLD_H

/* A portfolio in memory with attributes, a model bound to it, and a study of it. */

#include "analysis/study.h"
#include "panel/ledger_memory.h"

#define DAY(y, m, d) day_from_civil((y), (m), (d))
#define AS_OF DAY(2025, 6, 30)

typedef struct world_attribute {
    const char *name;
    value_type type;
    const char *const *levels; /* of texts */
    size_t n_levels;
    column values;
} world_attribute;

typedef struct world_inputs {
    ledger_facts facts;
    world_attribute attributes[4];
    size_t n_attributes;
    const char *yaml;
    int threads; /* 0: 2 */
} world_inputs;

typedef struct world {
    arena *arena;
    ledger_memory *memory;
    portfolio portfolio;
    model *model;
    bound_model *bound;
    context cx;
    view *view;
    study *study;
} world;

/* Everything up to the view; the test calls study_new() itself or world_make(). */
void world_open(world *w, const world_inputs *in);
/* The same, with a study of everything. */
void world_make(world *w, const world_inputs *in);
void world_done(world *w);
const bound_def *world_dimension(const world *w, const char *name);

#endif
