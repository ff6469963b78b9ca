/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/print.h"

#include <string.h>

typedef struct words {
    strbuf *b;
    const char *currency;
} words;

static void say(const words *w, const node *n, bool inside);

static void say_subject(const words *w, const node *n)
{
    if (n->kind == NODE_NAME) {
        strbuf_add(w->b, print_label(n->sym));
    } else {
        print_node(n, w->b);
    }
}

static void say_operand(const words *w, const node *n, value_type beside)
{
    if (n->constant) {
        print_constant(n, beside, w->currency, w->b);
    } else {
        say_subject(w, n);
    }
}

/* Text around a threshold: "$25,000 or more", "before 31 March 2026". */
static void say_threshold(const words *w, compare_op op, const node *bound, value_type type)
{
    static const char *const around[2][COMPARE_COUNT][2] = {
        {{"exactly ", ""},
         {"other than ", ""},
         {"under ", ""},
         {"", " or less"},
         {"more than ", ""},
         {"", " or more"}},
        {{"on ", ""},
         {"not on ", ""},
         {"before ", ""},
         {"on or before ", ""},
         {"after ", ""},
         {"on or after ", ""}},
    };
    const char *const *parts = around[type == VALUE_DATE][op];
    strbuf_add(w->b, parts[0]);
    say_operand(w, bound, type);
    strbuf_add(w->b, parts[1]);
}

/* "A, B or C" */
static void say_list(const words *w, const node *first, value_type type)
{
    for (const node *item = first; item != NULL; item = item->next) {
        if (item != first) {
            strbuf_add(w->b, item->next == NULL ? " or " : ", ");
        }
        if (item->kind == NODE_TEXT) {
            strbuf_add(w->b, item->text);
        } else {
            say_operand(w, item, type);
        }
    }
}

static bool is_constant_first(const node *n)
{
    return n->kids->constant && !n->kids->next->constant;
}

/* The side that a comparison is about, in words. */
static const node *subject_of(const node *n)
{
    if (n->kind == NODE_COMPARE && (is_constant_first(n) || n->kids->kind == NODE_TEXT)) {
        return n->kids->next;
    }
    return n->kids;
}

static void say_flag_compare(const words *w, const node *n)
{
    const node *left = n->kids;
    const node *right = left->next;
    if (right->kind == NODE_BOOL) {
        bool yes = (right->number > 0) == (n->op == COMPARE_EQ);
        strbuf_add(w->b, yes ? "" : "not ");
        say(w, left, true);
        return;
    }
    say(w, left, true);
    strbuf_add(w->b, n->op == COMPARE_EQ ? " if and only if " : " or else ");
    say(w, right, true);
}

/* What is said of the subject: "$25,000 or more", "is EdTech or Health". */
static void say_predicate(const words *w, const node *n)
{
    const node *subject = subject_of(n);
    if (n->kind == NODE_BETWEEN) {
        strbuf_add(w->b, n->negated ? "not between " : "between ");
        say_operand(w, subject->next, subject->type);
        strbuf_add(w->b, " and ");
        say_operand(w, subject->next->next, subject->type);
    } else if (n->kind == NODE_IN) {
        strbuf_add(w->b, n->negated ? "is not " : "is ");
        say_list(w, subject->next, subject->type);
    } else if (n->kind == NODE_MISSING) {
        strbuf_add(w->b, n->negated ? "is known" : "is missing");
    } else if (n->kind == NODE_TURNED) {
        strbuf_printf(w->b, "turned %s", subject->next->text);
    } else if (subject->type == VALUE_TEXT) {
        const node *word = subject == n->kids ? subject->next : n->kids;
        strbuf_printf(w->b, "%s%s", n->op == COMPARE_NE ? "is not " : "is ", word->text);
    } else if (subject == n->kids) {
        say_threshold(w, n->op, subject->next, subject->type);
    } else {
        say_threshold(w, compare_mirrored(n->op), n->kids, subject->type);
    }
}

static bool is_threshold(const node *n)
{
    bool compare =
        n->kind == NODE_COMPARE && n->kids->type != VALUE_TEXT && n->kids->type != VALUE_BOOL;
    return (compare || n->kind == NODE_BETWEEN) && subject_of(n)->kind == NODE_NAME;
}

/* Neighbours about the same feature name it once: "ARR $25,000 or more and under $75,000". */
static bool shares_subject(const node *n, const node *before)
{
    return before != NULL && is_threshold(n) && is_threshold(before) &&
           subject_of(n)->slot == subject_of(before)->slot;
}

static void say_group(const words *w, const node *n, bool inside)
{
    const node *before = NULL;
    strbuf_add(w->b, inside ? "(" : "");
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        if (before != NULL) {
            strbuf_add(w->b, n->kind == NODE_AND ? " and " : " or ");
        }
        if (shares_subject(kid, before)) {
            say_predicate(w, kid);
        } else {
            say(w, kid, true);
        }
        before = kid;
    }
    strbuf_add(w->b, inside ? ")" : "");
}

static void say_relation(const words *w, const node *n)
{
    if (n->kind == NODE_COMPARE && n->kids->type == VALUE_BOOL) {
        say_flag_compare(w, n);
        return;
    }
    const node *subject = subject_of(n);
    if (subject->type == VALUE_BOOL) {
        say(w, subject, true);
    } else {
        say_subject(w, subject);
    }
    strbuf_add_char(w->b, ' ');
    say_predicate(w, n);
}

/* `inside`: part of a larger sentence, so groups need parentheses. */
static void say(const words *w, const node *n, bool inside)
{
    switch ((int)n->kind) {
    case NODE_AND:
    case NODE_OR:
        say_group(w, n, inside);
        break;
    case NODE_NOT:
        strbuf_add(w->b, "not ");
        say(w, n->kids, true);
        break;
    case NODE_FOR:
        say(w, n->kids, true);
        strbuf_add(w->b, " for ");
        print_node(n->kids->next, w->b);
        break;
    case NODE_COMPARE:
    case NODE_BETWEEN:
    case NODE_IN:
    case NODE_MISSING:
    case NODE_TURNED:
        say_relation(w, n);
        break;
    default:
        say_subject(w, n);
        break;
    }
}

void print_words(const node *n, const char *currency, strbuf *b)
{
    const words w = {b, currency};
    if (n->constant) {
        print_constant(n, n->type, currency, b);
    } else {
        say(&w, n, false);
    }
}
