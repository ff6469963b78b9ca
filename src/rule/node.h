/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_NODE_H
#define STRATA_RULE_NODE_H

/* The tree of an expression, as the parser builds it and the checker completes
 * it. Private to src/rule. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "rule/rule.h"

enum {
    RULE_MAX_TEXT = 64 * 1024, /* bytes of one expression */
    RULE_MAX_HEIGHT = 200,     /* levels of the tree; everything that walks it recurses */
    RULE_MAX_LITERALS = 5000,  /* numbers, dates and texts in one expression */
};

typedef enum node_kind {
    NODE_NUMBER,  /* a number, share, duration or date written out */
    NODE_BOOL,    /* true, false */
    NODE_TEXT,    /* a text written out */
    NODE_NAME,    /* a symbol */
    NODE_TODAY,   /* the as-of date */
    NODE_UNKNOWN, /* a condition that nobody can tell (made by cover, never parsed) */
    NODE_NEGATE,
    NODE_ADD,
    NODE_SUBTRACT,
    NODE_MULTIPLY,
    NODE_DIVIDE,
    NODE_CALL,    /* function(kids) */
    NODE_COMPARE, /* kid op kid */
    NODE_BETWEEN, /* kid between kid and kid */
    NODE_IN,      /* kid in (kids) */
    NODE_MISSING, /* kid is missing */
    NODE_TURNED,  /* kid turned kid */
    NODE_FOR,     /* kid for kid */
    NODE_NOT,
    NODE_AND, /* two kids or more, none of them an AND */
    NODE_OR,  /* two kids or more, none of them an OR */
} node_kind;

typedef enum compare_op {
    COMPARE_EQ,
    COMPARE_NE,
    COMPARE_LT,
    COMPARE_LE,
    COMPARE_GT,
    COMPARE_GE,
    COMPARE_COUNT
} compare_op;

typedef enum rule_function {
    FUNCTION_MIN,
    FUNCTION_MAX,
    FUNCTION_ABS,
    FUNCTION_COALESCE,
    FUNCTION_LOG,
    FUNCTION_COUNT
} rule_function;

/* How a number was written. */
typedef enum number_unit {
    UNIT_NONE,
    UNIT_PERCENT,
    UNIT_DAYS,
    UNIT_WEEKS,
    UNIT_MONTHS,
    UNIT_YEARS,
    UNIT_DATE,
} number_unit;

typedef struct node node;
struct node {
    node_kind kind;
    value_type type; /* set by the checker */
    compare_op op;   /* NODE_COMPARE */
    rule_function function;
    number_unit unit;
    bool negated;      /* not between, not in, is not missing */
    bool grouped;      /* stood in parentheses of its own */
    bool constant;     /* numeric and the same for every account: its value is in `number` */
    bool open;         /* text whose levels come from data */
    int height;        /* 1 for a leaf */
    size_t at, end;    /* bytes of the text that it stands for */
    double number;     /* value of a constant; NaN when it is missing */
    double count;      /* NODE_NUMBER of a duration: how many of its unit */
    const char *text;  /* NODE_TEXT, NODE_NAME */
    const symbol *sym; /* NODE_NAME */
    size_t slot;       /* NODE_NAME */
    node *kids, *last, *next;
    size_t n_kids;
    const char *const *levels; /* of a text */
    size_t n_levels;
    /* A text compared with texts written out: */
    size_t n_codes;       /* how many levels match */
    int32_t code;         /* the only one when n_codes is 1 */
    const uint8_t *table; /* else: table[code] is 1 where it matches; NULL when none does */
    /* NODE_IN over numbers: ascending */
    const double *numbers;
    size_t n_numbers;
};

struct rule {
    const char *text;
    node *root;
    const symbol *symbols; /* those used, by position in slots */
    const size_t *slots;
    size_t n_slots;
    const char *const *notes;
    size_t n_notes;
    int lookback_days;
    bool looks_at_previous;
};

/* NULL when memory ran out. */
node *node_new(arena *a, node_kind kind, size_t at, size_t end);
/* Puts `kid` behind the others and keeps height and extent; an AND in an AND dissolves into it. */
void node_add(node *parent, node *kid);
/* The same expression? Positions, parentheses and writing (75k, 75000) aside. */
bool node_equal(const node *a, const node *b);

/* The same node without kids; NULL when memory ran out. */
node *node_copy(arena *a, const node *n);
/* The NODE_NAME of a clause that sets one feature against constants (`25k <= arr`, `health in
 * (..)`, `strategic`, `arr is missing`); NULL for any other. */
const node *node_clause_name(const node *n);

bool node_is_binary(const node *n);         /* + - * / */
const char *compare_text(compare_op op);    /* ">=" */
compare_op compare_mirrored(compare_op op); /* a < b is b > a */
const char *function_name(rule_function function);
/* Days in one of the unit; 0 for units that are no durations. */
double unit_days(number_unit unit);
const char *unit_name(number_unit unit); /* "days" */

#endif
