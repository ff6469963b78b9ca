/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_CHECK_H
#define STRATA_RULE_CHECK_H

/* Gives every node of a tree its type, its symbol and what evaluation needs.
 * Private to src/rule. */

#include "rule/source.h"

typedef struct check_note {
    struct check_note *next;
    const char *text;
} check_note;

typedef struct checker {
    arena *a;
    const source *s;
    const rule_scope *scope;
    check_note *notes, *last_note;
    size_t n_notes;
    bool inside_for;
    int lookback_days;
    bool looks_at_previous;
} checker;

STRATA_MUST_CHECK strata_status check_node(checker *c, node *n, strata_error *err);
/* NULL when the scope has no such name; exact case wins over another one. */
const symbol *check_find(const checker *c, const char *name);
/* Is it the name of a feature whose values are texts? */
bool check_is_text_symbol(const checker *c, const node *n);

/* Fails unless the (checked) node is a condition. */
STRATA_MUST_CHECK strata_status check_condition(const checker *c, const node *n, strata_error *err);
/* "a share", "money" */
const char *check_type_phrase(value_type type);

/* check_text.c: comparisons of a text (already checked) with texts written out. */
STRATA_MUST_CHECK strata_status check_against_texts(checker *c, node *n, node *subject, node *first,
                                                    strata_error *err);
STRATA_MUST_CHECK strata_status check_coalesce_text(checker *c, node *n, strata_error *err);

/* check_number.c */
/* May the two (already checked) stand on the sides of a comparison? */
STRATA_MUST_CHECK strata_status check_comparable(checker *c, node *left, node *right,
                                                 strata_error *err);
STRATA_MUST_CHECK strata_status check_arithmetic(checker *c, node *n, strata_error *err);
STRATA_MUST_CHECK strata_status check_call(checker *c, node *n, strata_error *err);
STRATA_MUST_CHECK strata_status check_in_numbers(checker *c, node *n, strata_error *err);
/* One of number, money, share, duration. */
bool check_is_amount(value_type type);

#endif
