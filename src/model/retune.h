/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_RETUNE_H
#define STRATA_MODEL_RETUNE_H

/* Other thresholds written into the text of a model file: only the numbers change, comments and
 * layout stay. What comes from a template is taken over from it first, as it is written there. */

#include "model/bind.h"

/* Every threshold of the dimension on that feature at `from` (rule/threshold.h; of bands: the edge
 * at `from`, whatever the feature) goes to `to`. Values in the feature's unit. */
typedef struct retune_move {
    const char *dimension, *feature;
    double from, to;
} retune_move;

typedef struct retune_change {
    const char *dimension, *segment, *feature;
    const char *before, *after; /* the number as it is written */
    int line;                   /* of the new text */
    const char *taken_from;     /* "template value"; NULL: it stood in the file */
    const char *description;    /* what the segment says of itself; NULL: nothing. It may name the
                                   old number: that is for people to mend */
} retune_change;

typedef struct retune_line {
    char mark; /* ' ' both, '-' before, '+' after */
    int line;  /* of the text that it is in; of both: of the new one */
    const char *text;
} retune_line;

typedef struct retuned {
    const char *text;
    size_t len;
    const retune_change *changes;
    size_t n_changes;
    const retune_line *lines; /* what differs, with RETUNE_AROUND lines about it */
    size_t n_lines;
} retuned;

enum { RETUNE_AROUND = 2, RETUNE_MOVES_MAX = 200 };

/* The file that the model was read from. */
typedef struct retune_file {
    const char *path, *text;
    size_t len;
} retune_file;

/* What comes out is read again before it is handed over: every rule is the old one with the new
 * numbers, else STRATA_E_MODEL says what to do by hand. STRATA_E_USAGE for a threshold that is not
 * there. All in `a`; nothing points into `b`. */
STRATA_MUST_CHECK strata_status model_retune(const bound_model *b, const retune_file *file,
                                             const retune_move *moves, size_t n_moves, arena *a,
                                             retuned *out, strata_error *err);

#endif
