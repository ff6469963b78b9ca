/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEMPLATE_TEMPLATE_H
#define STRATA_TEMPLATE_TEMPLATE_H

/* Texts with fields: what people are told, written by people and filled with results.
 *
 *   Anything before the first part is a note to whoever edits the file.
 *
 *   ## customer
 *   You have been with us since {since}. {users|Some} of your people use it.
 *
 *   ## plan
 *   - tell + 7 | {csm} | {?up}Call the champion first.
 *
 * A part is paragraphs, or a list of steps whose cells are divided by bars. {name} is a field of a
 * closed list, {name|words} says the words where it is missing, {?name} and {!name} print nothing
 * and ask that it is there, or that it is not. The one rule for what is missing: a sentence with a
 * missing field, or with a question answered no, is left out; a cell, a paragraph and a step
 * without any sentence too. A sentence ends with . ? or ! before a space. A value that begins a
 * sentence gets a capital, unless it is a name. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/strbuf.h"

enum { TEMPLATE_BYTES_MOST = 64 * 1024, TEMPLATE_CELLS_MOST = 4, TEMPLATE_FIELDS_MOST = 64 };

typedef struct template_field {
    const char *name;
    const char *meaning;   /* for the reference: "what is paid in a year" */
    bool is_name;          /* keeps its small letter where it begins a sentence */
    const char *otherwise; /* said where it is missing and the text says nothing else; NULL: a
                              sentence without it is left out */
} template_field;

/* What a part of a template looks like. */
typedef struct template_shape {
    const char *name; /* "plan" */
    bool keyed;       /* "## opener adoption": one for each of several keys, and one without */
    size_t cells;     /* 0: paragraphs; else a list of steps of so many cells */
    bool dated;       /* the first cell is one of the form's days: "tell", "tell + 7" */
} template_shape;

/* What a template may say. */
typedef struct template_form {
    const char *name; /* "tier-up" */
    const template_field *fields;
    size_t n_fields; /* up to TEMPLATE_FIELDS_MOST */
    const template_shape *parts;
    size_t n_parts;
    const char *const *days; /* names of days, NULL: none */
    size_t n_days;
} template_form;

typedef struct template_place {
    const char *file;
    int line, column; /* from 1 */
} template_place;

typedef enum piece_kind { PIECE_TEXT, PIECE_FIELD, PIECE_IF, PIECE_UNLESS } piece_kind;
typedef struct template_piece {
    piece_kind kind;
    size_t field;     /* of the form */
    const char *text; /* PIECE_TEXT: it; PIECE_FIELD: what stands in for it, NULL: nothing does */
    bool begins;      /* the first of its sentence that says anything */
    bool ends;        /* the last of its sentence */
} template_piece;

typedef struct template_cell {
    const template_piece *pieces;
    size_t n;
} template_cell;

/* A paragraph, or a step. */
typedef struct template_block {
    template_place place;
    const template_cell *cells; /* a paragraph: one */
    size_t n_cells;
    size_t day; /* of a dated step: which of the form's days, and how many days later */
    int later;
} template_block;

typedef struct template_part {
    const template_shape *shape;
    const char *key; /* NULL: none */
    template_place place;
    const template_block *blocks;
    size_t n;
} template_part;

typedef struct template_text {
    const template_form *form;
    const template_part *parts;
    size_t n;
} template_text;

/* `file` names it in messages and is kept by reference; everything else is copied into `a`.
 * STRATA_E_MODEL with file, line and column, and the nearest name there is; STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status template_parse(arena *a, const template_form *form,
                                               const char *file, const char *bytes, size_t len,
                                               template_text *out, strata_error *err);
/* One paragraph from elsewhere (a value of the model file); failures name `place`, whatever column
 * they are in. `what` says in them what it is: "message to 'Champions'". */
STRATA_MUST_CHECK strata_status template_parse_cell(arena *a, const template_form *form,
                                                    template_place place, const char *what,
                                                    const char *text, template_cell *out,
                                                    strata_error *err);

/* NULL: there is none. `key` NULL: the one without. */
const template_part *template_find(const template_text *t, const char *part, const char *key);

/* Appends what the cell says with `values` by field of the form (NULL: missing); false: nothing of
 * it is left, and nothing was appended. A failure of `out` sticks to it. */
bool template_say(strbuf *out, const template_form *form, const template_cell *cell,
                  const char *const *values);
/* The paragraphs of a part, one after the other on one line; false: nothing is left. */
bool template_say_part(strbuf *out, const template_form *form, const template_part *part,
                       const char *const *values);
/* Every sentence of it would be said. */
bool template_is_whole(const template_form *form, const template_cell *cell,
                       const char *const *values);
/* The field of that name; n_fields: none. */
size_t template_field_find(const template_form *form, const char *name, size_t len);

#endif
