/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_PLAN_H
#define STRATA_SOURCE_PLAN_H

/* How one file's columns fill one table: the mapping of the model file resolved
 * against the headings that are there. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "model/model.h"
#include "rule/rule.h"
#include "source/fields.h"

/* Where a value comes from. */
typedef struct plan_column {
    int cell;            /* index among the cells that are kept of a row; -1: not in the file */
    size_t number;       /* of the column in the file, from 1 */
    const char *heading; /* as in the file */
    const rule *formula; /* not NULL: computed */
    size_t formula_no;   /* among the plan's formulas */
} plan_column;

/* A column of the file that is kept under its own name: an attribute of accounts. */
typedef struct plan_extra {
    const char *name;
    plan_column column;
} plan_extra;

/* A name that formulas and `keep` read. */
typedef struct plan_symbol {
    plan_column column;
    value_type type;
    size_t field; /* of the table; SIZE_MAX for a plain heading */
} plan_symbol;

typedef struct plan {
    const table_spec *table;
    const model_source *source;
    const char *file;
    size_t n_headings;
    int *wanted; /* by column of the file: its cell, or -1 */
    size_t n_cells;
    plan_column *columns; /* by field of the table */
    plan_extra *extras;
    size_t n_extras;
    size_t currency, period; /* fields of that kind; n_fields: none */
    size_t first, second;    /* fields that are checked against each other; SIZE_MAX: none */
    const rule *keep;        /* NULL: every row */
    const rule **formulas;
    size_t n_formulas;
    plan_symbol *symbols; /* by slot of the scope */
    const symbol *scope;
    size_t n_symbols;
    const char *passed_over; /* what to say of an attribute that is there twice; NULL: nothing */
} plan;

/* Does the source name its columns by position ("#1"), so that files have no heading? */
bool plan_is_positional(const model_source *s);

/* Columns are found by the model's map, else by a heading that folds to the field's name.
 * Allocated in `a`. STRATA_E_MODEL, with the place in the model file, for a column that is not in
 * the file (with the nearest heading) and for a needed field without one; STRATA_E_DATA for a
 * column that is asked for and whose heading is there twice. */
STRATA_MUST_CHECK strata_status plan_make(const model_source *s, const char *file,
                                          const char *const *headings, size_t n_headings, arena *a,
                                          plan *out, strata_error *err);

#endif
