/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_SOURCE_H
#define STRATA_RULE_SOURCE_H

/* The text of an expression and where it stands, for messages. Private to src/rule. */

#include <stdbool.h>
#include <stddef.h>

#include "rule/node.h"

typedef struct source {
    const char *text;
    size_t len;
    const rule_place *place; /* NULL: nowhere in particular */
} source;

/* Fails with "file:line:column: MESSAGE in WHAT (HINT)"; `hint` may be NULL. */
#define source_fail(s, at, hint, err, ...)                                                         \
    (source_explain((s), (at), (hint), (err), __VA_ARGS__), (strata_status)STRATA_E_MODEL)
void source_explain(const source *s, size_t at, const char *hint, strata_error *err,
                    const char *fmt, ...) STRATA_PRINTF(5, 6);
/* Line and column of byte `at`; a column is a character, not a byte. */
void source_position(const source *s, size_t at, int *line, int *col);

enum { SLICE_TEXT = 64 };
/* The piece of text that `n` stands for, in one line and cut to what fits. */
const char *source_slice(const source *s, const node *n, char out[SLICE_TEXT]);

/* Texts without regard to the case of ASCII letters. */
bool text_equal_folded(const char *a, const char *b);
bool text_equal_folded_n(const char *a, size_t len, const char *b);

#endif
