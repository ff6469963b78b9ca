/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_LEX_H
#define STRATA_RULE_LEX_H

/* Words of the rule language. Private to src/rule. */

#include "rule/source.h"

typedef enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER, /* with its unit */
    TOKEN_TEXT,   /* quoted */
    TOKEN_WORD,   /* names and keywords */
    TOKEN_COMPARE,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_TIMES,
    TOKEN_OVER,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
} token_kind;

typedef struct token {
    token_kind kind;
    size_t at, end;
    compare_op op;
    double number, count; /* see struct node */
    number_unit unit;
} token;

/* Reads the token at or after byte `at`. */
STRATA_MUST_CHECK strata_status lex_token(const source *s, size_t at, token *out,
                                          strata_error *err);
/* Is it the keyword, in any case? */
bool token_is(const source *s, const token *t, const char *keyword);
/* Is it one of the words that cannot be a name? */
bool token_is_reserved(const source *s, const token *t);

#endif
