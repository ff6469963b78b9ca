/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_RULE_H
#define STRATA_RULE_RULE_H

/* The rule language: expressions over named values, such as
 * `arr >= 15k and health < 60 and last_seen > 30 days`.
 * Parse once, check against a scope, then evaluate over columns of a million
 * accounts, explain for one, or reason about gaps and overlaps (rule/cover.h).
 *
 * A condition is yes, no or unknown: comparing a missing value is unknown, and
 * unknown does not match. `and`, `or`, `not` follow Kleene's tables. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/day.h"
#include "rule/type.h"

/* Where an expression stands, for messages: "strata.yaml:14:23". Line and column count from 1. */
typedef struct rule_place {
    const char *file;
    int line, column; /* of the expression's first character */
    const char *what; /* "tier 'Growth'"; may be NULL */
} rule_place;

typedef struct rule rule; /* lives in the arena it was parsed into */

/* The names in reach. `symbols` order gives the slots that columns are indexed by. */
typedef struct rule_scope {
    const symbol *symbols;
    size_t n_symbols;
} rule_scope;

/* Parses and checks in one go. STRATA_E_MODEL with place, what is wrong and the
 * nearest name ("strata.yaml:14:23: unknown feature 'helth' in tier 'Growth'
 * (did you mean 'health'?)"). rule_compile_condition wants a condition,
 * rule_compile_value takes anything; of a condition it makes a flag (1, 0, NaN).
 * The strings of the scope's symbols must outlive the rule. `place` may be NULL. */
STRATA_MUST_CHECK strata_status rule_compile_condition(arena *a, const char *text,
                                                       const rule_place *place,
                                                       const rule_scope *scope, const rule **out,
                                                       strata_error *err);
STRATA_MUST_CHECK strata_status rule_compile_value(arena *a, const char *text,
                                                   const rule_place *place, const rule_scope *scope,
                                                   const rule **out, strata_error *err);

value_type rule_type(const rule *r);
const char *rule_text(const rule *r); /* as written */
/* Slots of the scope that the rule reads, ascending; length in *n. */
const size_t *rule_slots(const rule *r, size_t *n);
/* The same condition with every threshold moved by `margin` of its size (0.05: 5 %):
 * tighten makes it harder to meet (arr > 75k becomes arr > 78.75k), loosen easier. Under `not`
 * the direction flips; equalities, sets and flags stay. For memberships that should not flap. */
STRATA_MUST_CHECK strata_status rule_with_margin(arena *a, const rule *r, double margin,
                                                 bool tighten, const rule **out, strata_error *err);
/* Longest `for N days` in the rule, in days; 0 when there is none. */
int rule_lookback_days(const rule *r);
bool rule_looks_at_previous(const rule *r); /* has a `turned` */

/* What is no error but worth telling: a text that no account has, each with its
 * place. Length in *n. */
const char *const *rule_notes(const rule *r, size_t *n);
/* The same expression? Spacing, parentheses and writing (75k, 75000) aside. */
bool rule_equal(const rule *a, const rule *b);

/* Names used in an expression without any scope: used to order definitions that
 * depend on each other. Ascending, each once. A bare word beside = may be a name or a
 * level (`value = Strategic`): it is listed; ignore what you do not define. Parse
 * errors are reported like rule_compile's. */
STRATA_MUST_CHECK strata_status rule_names(arena *a, const char *text, const rule_place *place,
                                           const char *const **names, size_t *n, strata_error *err);

/* The values that one evaluation sees: n accounts at one date, and what the
 * same accounts were before. */
typedef struct rule_frame {
    const column *columns; /* by slot */
    day as_of;
} rule_frame;

typedef struct rule_input {
    rule_frame now;
    const rule_frame *previous; /* at the previous review, for `turned`; NULL: unknown */
    const rule_frame *past;     /* dates before now, newest first, for `for N days` */
    size_t n_past;              /* `for N days` needs every past frame within N days and one at
                                   N days or more before; without it, unknown */
} rule_input;

enum { RULE_NO = 0, RULE_YES = 1, RULE_UNKNOWN = 2 };

/* Block evaluation: out[i] for i in 0..n-1. `scratch` of rule_scratch_bytes(r).
 * Never fails, never allocates; thread-safe with one scratch per thread. */
size_t rule_scratch_bytes(const rule *r);
void rule_eval_condition(const rule *r, const rule_input *in, size_t n, uint8_t *out,
                         void *scratch);
/* NaN is missing. Division by zero and anything not finite is missing. */
void rule_eval_number(const rule *r, const rule_input *in, size_t n, double *out, void *scratch);
void rule_eval_text(const rule *r, const rule_input *in, size_t n, int32_t *out, void *scratch);
const char *const *rule_levels(const rule *r, size_t *n); /* of a text value */

/* One line of an explanation: a clause, what it saw, and whether it held. Groups
 * have a line of their own ("all of", "any of", "not") above their clauses, but
 * for an `and` that is the whole rule. */
typedef struct rule_clause {
    const char *text;     /* "arr >= 25k" */
    const char *observed; /* "arr is $18,900"; "health is missing: needs usage"; "" of a group */
    const char *said;     /* the same with labels and rounded shares: "ARR is $18,900" */
    int verdict;          /* RULE_NO, RULE_YES, RULE_UNKNOWN */
    int depth;            /* nesting under groups, for indentation */
    size_t slot;          /* of the only feature compared with a constant; SIZE_MAX otherwise */
    double gap; /* threshold minus value, in the feature's unit: what to add to it to get to
                   the (nearest) threshold; NaN when not a threshold or unknown */
} rule_clause;

/* Explains the account at index i of the frame. Allocated in `a`. */
STRATA_MUST_CHECK strata_status rule_explain(const rule *r, const rule_input *in, size_t i,
                                             const char *currency, arena *a,
                                             const rule_clause **out, size_t *n, strata_error *err);

/* As rule_explain() without the texts: verdicts, slots and gaps, for who needs the words of few. */
STRATA_MUST_CHECK strata_status rule_judge(const rule *r, const rule_input *in, size_t i, arena *a,
                                           const rule_clause **out, size_t *n, strata_error *err);
/* The clause of that number in either list, with its texts; money without a currency. */
STRATA_MUST_CHECK strata_status rule_explain_clause(const rule *r, const rule_input *in, size_t i,
                                                    size_t clause, arena *a, rule_clause *out,
                                                    strata_error *err);

/* What a value or condition comes to for the account at index i, in words: "arr is $18,900",
 * "health is missing: needs usage". Allocated in `a`. */
STRATA_MUST_CHECK strata_status rule_observed(const rule *r, const rule_input *in, size_t i,
                                              const char *currency, arena *a, const char **out,
                                              strata_error *err);
/* The same for people who do not know the model: labels for names, shares rounded. */
STRATA_MUST_CHECK strata_status rule_said(const rule *r, const rule_input *in, size_t i,
                                          const char *currency, arena *a, const char **out,
                                          strata_error *err);

/* Canonical text: compiles to an equal rule in the same scope, so that two
 * definitions can be compared as text. */
STRATA_MUST_CHECK strata_status rule_print(const rule *r, arena *a, const char **out,
                                           strata_error *err);

/* The rule in words, band edges spelled: "ARR $25,000 or more and under $75,000". */
STRATA_MUST_CHECK strata_status rule_words(const rule *r, const char *currency, arena *a,
                                           const char **out, strata_error *err);

/* What would make the condition true for account i by changing as few single
 * features as possible, none of them across a missing value: a list of
 * (slot, target value) to reach together; n is 0 when no threshold change can. */
typedef struct rule_change {
    size_t slot;
    double from, to;   /* the nearest value that satisfies; numbers */
    int32_t to_code;   /* for text: the level to be in; CODE_MISSING for numbers */
    const char *words; /* "arr from $18,900 to $25,000 or more" */
} rule_change;
STRATA_MUST_CHECK strata_status rule_invert(const rule *r, const rule_input *in, size_t i,
                                            const char *currency, arena *a, const rule_change **out,
                                            size_t *n, strata_error *err);
/* The same, for what would make it false. */
STRATA_MUST_CHECK strata_status rule_leave(const rule *r, const rule_input *in, size_t i,
                                           const char *currency, arena *a, const rule_change **out,
                                           size_t *n, strata_error *err);

#endif
