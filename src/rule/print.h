/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_PRINT_H
#define STRATA_RULE_PRINT_H

/* Trees and values as text. Private to src/rule. */

#include "base/strbuf.h"
#include "rule/node.h"

/* Canonical text of the (checked) tree: parses to an equal one. */
void print_node(const node *n, strbuf *b);

/* A value of some type for people: "$18,900", "70%", "12 days", "31 March 2026", "yes";
 * "missing" for NaN. Six significant digits where it is no whole number. */
void print_value(value_type type, double x, const char *currency, strbuf *b);
/* The same, but a share with one decimal: "33.6 %". */
void print_rounded(value_type type, double x, const char *currency, strbuf *b);
/* A constant beside something of type `type`: as a value, but durations in the unit they were
 * written in ("2 years"). */
void print_constant(const node *n, value_type type, const char *currency, strbuf *b);
/* "ARR", or the name when there is no label. */
const char *print_label(const symbol *sym);
/* The condition in words. */
void print_words(const node *n, const char *currency, strbuf *b);

/* Copies what is in `b` into `a`; fails when the buffer or the arena did. */
STRATA_MUST_CHECK strata_status print_done(const strbuf *b, arena *a, const char **out,
                                           strata_error *err);

#endif
