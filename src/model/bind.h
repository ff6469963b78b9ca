/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_BIND_H
#define STRATA_MODEL_BIND_H

/* A model made ready to evaluate: every expression compiled against the names
 * in reach, definitions ordered so that each comes after what it reads. */

#include "model/model.h"

typedef enum def_kind { DEF_FEATURE, DEF_BIN, DEF_SCORE, DEF_DIMENSION } def_kind;

/* One definition; it yields the symbol `slot` of the bound scope. */
typedef struct bound_def {
    def_kind kind;
    size_t slot;
    size_t index; /* into model->features, bins, scores or dimensions */
    /* feature: 1 (a condition when the slot's type is VALUE_BOOL); bin: 1 (of);
     * score: one per factor; dimension by tiers: one per tier, NULL for
     * otherwise; bands and by: 1 (of) */
    const rule *const *rules;
    size_t n_rules;
    const double *edges;       /* bin by steps: the up_to edges, by step; NaN for otherwise */
    const char *const *keys;   /* dimension: its segments in code order, as rules name them ... */
    const char *const *labels; /* ... and as people read them */
    size_t n_segments;
} bound_def;

typedef struct bound_hypothesis { /* by model->hypotheses */
    const rule *where, *against;  /* conditions; against NULL: everyone else */
    const rule *compare;          /* a condition when its type is VALUE_BOOL */
} bound_hypothesis;

typedef struct bound_migration { /* NULL: no rule */
    const rule *up, *down;
    const rule *const *triggers, *const *measures; /* by model->migration.pathways */
    const rule *const *exceptions;                 /* by model->tier_change.exceptions */
} bound_migration;

typedef struct bound_model {
    const model *model;
    arena *arena;     /* its own; the model and the base symbols must outlive it */
    rule_scope scope; /* base symbols first (same slots as given), then one per definition */
    size_t n_base;
    const bound_def *defs; /* in order of evaluation */
    size_t n_defs;
    int lookback_days;             /* longest `for N days` */
    const rule *population;        /* compiled against the base symbols only; NULL: everyone */
    const rule *const *milestones; /* conditions, by model->milestones */
    const rule *const *stages;     /* conditions, by model->stages */
    const rule *const *buyers;     /* conditions, by model->personas.buyers; NULL for otherwise */
    const bound_hypothesis *hypotheses;
    bound_migration migration; /* conditions that look back by `turned` at most */
} bound_model;

/* base: computed features and account attributes. Symbols whose data is absent
 * come with missing_because. Circles between definitions are an error that
 * names them. Segments of a DIMENSION_BY are the levels of its attribute
 * (sorted), "Other" and "Unknown". */
STRATA_MUST_CHECK strata_status model_bind(const model *m, const symbol *base, size_t n_base,
                                           bound_model **out, strata_error *err);
void bound_model_free(bound_model *b);
STRATA_DEFINE_AUTO(bound_model, bound_model_free)

/* The definition that yields `name`; NULL when there is none. */
const bound_def *bound_find(const bound_model *b, const char *name);
/* Of anything that a rule can name, as b->scope has it; SIZE_MAX: there is none. */
size_t bound_slot(const bound_model *b, const char *name);
/* Code of the segment with that key; SIZE_MAX: there is none. */
size_t bound_segment(const bound_def *def, const char *key);
/* Does one of the definition's own rules read the slot? */
bool bound_reads(const bound_def *def, size_t slot);
/* The dimension shown when none is asked for (the model's `primary`); NULL for a model without
 * dimensions. */
const bound_def *bound_primary(const bound_model *b);
/* Labels of a dimension's segments in code order, including the one for missing values. */
const char *const *bound_segments(const bound_model *b, const bound_def *dimension, size_t *n);

/* Everything worth a warning that is no error: gaps, overlaps, unreachable
 * tiers, more than six segments, ARR as the only input. Allocated in b->arena. */
typedef struct model_warning {
    const char *text; /* "strata.yaml:14:7: tier 'Core' can never match: ..." */
    const char *kind; /* "unreachable", "overlap", "gap", "undecided", "too-many", "arr-only",
                         "unknown-text", "no-data" */
    bool note;        /* worth knowing, but no fault in a list where the first match wins: gaps
                         that the otherwise takes, overlaps that the order decides */
} model_warning;
STRATA_MUST_CHECK strata_status model_check(bound_model *b, const model_warning **out, size_t *n,
                                            strata_error *err);

#endif
