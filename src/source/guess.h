/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_GUESS_H
#define STRATA_SOURCE_GUESS_H

/* What a company's exports probably are: which entity a file holds, which heading is which
 * column. For `strata init`, which writes the guess for a person to correct. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/context.h"
#include "model/model.h"

typedef struct guess_column {
    const char *heading; /* as in the file */
    const char *field;   /* "started_on"; NULL: not recognised */
    bool same_name;      /* the heading is the field's name already: no mapping needed */
    double readable;     /* share of the sampled values that are what the field wants; NaN: none */
    const char *note;    /* "3 of 200 values are not dates: 'soon'"; NULL: nothing to say */
} guess_column;

typedef struct guess_file {
    const char *path;            /* as given, or found in the folder given */
    const char *entity;          /* "arr"; NULL: nothing fits */
    arr_form form;               /* of arr */
    const char *period;          /* of arr: "month" when the amount is MRR; NULL */
    const char *via;             /* "arr" when rows name a subscription and no account; NULL */
    const char *amount;          /* of orders without an amount: "= quantity * unit_price"; NULL */
    char delimiter;              /* ',' ';' '\t' '|' ' ' */
    const guess_column *columns; /* in file order */
    size_t n_columns;
    const char *missing; /* needed fields no heading fits: "amount, start"; NULL: none */
    const char *trouble; /* why the file could not be read; NULL */
} guess_file;

typedef struct guess_result {
    const guess_file *files; /* in order of path */
    size_t n_files;
} guess_result;

/* Looks at the heading and the first rows of each path; of a folder, at the .csv, .tsv and .txt
 * files in it, gzipped or not. A heading is recognised by the field's name or one of its synonyms
 * (synonyms.def), and only if most of the values it has are readable as the field. Allocated in
 * `a`. STRATA_E_IO when a path is not there, STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status source_guess(const context *cx, const char *const *paths, size_t n,
                                             arena *a, guess_result *out, strata_error *err);

#endif
