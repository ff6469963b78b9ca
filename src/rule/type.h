/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_TYPE_H
#define STRATA_RULE_TYPE_H

/* What a value is. Numbers of every kind travel as double, missing is NaN and
 * NaN is nothing else; text travels as an int32 code into a list of levels,
 * missing is CODE_MISSING. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum value_type {
    VALUE_NUMBER,   /* plain: counts, scores, ratios above 1 */
    VALUE_MONEY,    /* major units of the reporting currency; llround(x * 100) gives exact cents */
    VALUE_SHARE,    /* 0.25 means 25 % */
    VALUE_DURATION, /* days */
    VALUE_DATE,     /* day number, see base/day.h */
    VALUE_BOOL,     /* 0 or 1 */
    VALUE_TEXT,     /* code into levels */
    VALUE_TYPE_COUNT
} value_type;

const char *value_type_name(value_type type); /* "money" */

#define CODE_MISSING (-1)

/* A name that a rule may use. All strings borrowed from whoever made the scope. */
typedef struct symbol {
    const char *name;
    value_type type;
    const char *const *levels; /* VALUE_TEXT: the texts behind the codes; else NULL */
    size_t n_levels;
    const char *missing_because; /* not NULL: known, but its data is not there ("needs usage");
                                    always missing */
    /* Fields below may stay zero. */
    const char *label; /* for words: "ARR"; NULL: the name */
    bool open_levels;  /* levels come from data (an attribute), so a text that is not among them is
                          no error: it never matches and is noted (rule_notes) */
    bool never_negative; /* so that reasoning about gaps leaves values below 0 out */
} symbol;

/* The values of one symbol for a run of accounts: `num` for all types but
 * VALUE_TEXT, which has `code`. Exactly one is set; both NULL: missing for all. */
typedef struct column {
    const double *num;
    const int32_t *code;
} column;

#endif
