/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rule/eval.h"
#include "rule/print.h"

typedef struct explainer {
    arena *a;
    const rule_input *in;
    const char *currency;
    bool spoken;      /* labels and rounded shares, for people who do not know the rules */
    eval_block block; /* the one account */
    unsigned char *mem;
    rule_clause *clauses;
    size_t n;
    size_t from, to; /* clauses that get their texts */
} explainer;

static size_t count_nodes(const node *n)
{
    size_t count = 1;
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        count += count_nodes(kid);
    }
    return count;
}

static int verdict_of(const explainer *x, const node *n, const rule_frame *frame)
{
    truth t;
    eval_block b = x->block;
    b.frame = frame;
    eval_truth(n, &b, &t, x->mem);
    kernel_verdicts(&t, 1);
    return t;
}

static double amount_of(const explainer *x, const node *n)
{
    double buffer;
    return *eval_amount(n, &x->block, &buffer, x->mem);
}

static int32_t code_of(const explainer *x, const node *n, const rule_frame *frame)
{
    int32_t buffer;
    eval_block b = x->block;
    b.frame = frame;
    return *eval_code(n, &b, &buffer, x->mem);
}

static const char *level_of(const node *n, int32_t code)
{
    return code >= 0 && (size_t)code < n->n_levels ? n->levels[code] : "missing";
}

static void put_subject(const explainer *x, const node *n, strbuf *b)
{
    if (x->spoken) {
        print_words(n, x->currency, b);
    } else {
        print_node(n, b);
    }
}

static void put_amount(const explainer *x, const node *n, strbuf *b)
{
    (x->spoken ? print_rounded : print_value)(n->type, amount_of(x, n), x->currency, b);
}

/* "arr is $18,900", "usage_depth is missing: needs usage" */
static void observe_name(const explainer *x, const node *n, strbuf *b)
{
    put_subject(x, n, b);
    strbuf_add(b, " is ");
    if (n->type == VALUE_TEXT) {
        strbuf_add(b, level_of(n, code_of(x, n, &x->in->now)));
    } else {
        put_amount(x, n, b);
    }
    if (n->sym->missing_because != NULL) {
        strbuf_printf(b, ": %s", n->sym->missing_because);
    }
}

static void observe_names(const explainer *x, const node *n, size_t start, strbuf *b)
{
    if (n->kind == NODE_NAME) {
        strbuf_add(b, b->len > start ? ", " : "");
        observe_name(x, n, b);
    }
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        observe_names(x, kid, start, b);
    }
}

/* Computed sides come first with their value: "arr / seats is $472.50 (arr is $18,900, ...)". */
static void observe_relation(const explainer *x, const node *n, strbuf *b)
{
    for (const node *side = n->kids; side != NULL; side = side->next) {
        bool computed = side->kind != NODE_NAME && !side->constant && side->type != VALUE_TEXT &&
                        side->type != VALUE_BOOL;
        if (side->constant || side->kind == NODE_TEXT || side->kind == NODE_BOOL) {
            continue;
        }
        strbuf_add(b, b->len > 0 ? ", " : "");
        if (computed) {
            put_subject(x, side, b);
            strbuf_add(b, " is ");
            put_amount(x, side, b);
            strbuf_add(b, " (");
        }
        observe_names(x, side, b->len, b);
        strbuf_add(b, computed ? ")" : "");
    }
}

static void observe_turned(const explainer *x, const node *n, strbuf *b)
{
    const node *subject = n->kids;
    observe_name(x, subject, b);
    if (x->in->previous == NULL) {
        strbuf_add(b, ", no previous review");
    } else {
        strbuf_printf(b, ", was %s at the previous review",
                      level_of(subject, code_of(x, subject, x->in->previous)));
    }
}

/* Names the newest earlier date at which the condition did not hold. */
static void observe_for(const explainer *x, const node *n, strbuf *b)
{
    static const char *const verbs[] = {"did not hold", "held", "was unknown"};
    char text[DAY_TEXT];
    const node *condition = n->kids;
    const rule_frame *frame = &x->in->now;
    for (size_t k = 0; k <= x->in->n_past; k++) {
        frame = k == 0 ? &x->in->now : &x->in->past[k - 1];
        int verdict = verdict_of(x, condition, frame);
        double age = (double)x->in->now.as_of - (double)frame->as_of;
        bool enough = k > 0 && age >= condition->next->number;
        if (verdict != RULE_YES || enough) {
            day_format(frame->as_of, text);
            strbuf_printf(b, "%s %s %s", verbs[verdict],
                          verdict == RULE_YES ? "at every date since" : "on", text);
            return;
        }
    }
    day_format(frame->as_of, text);
    strbuf_printf(b, "held since %s, the earliest date there is", text);
}

static void observe(const explainer *x, const node *n, strbuf *b)
{
    switch ((int)n->kind) {
    case NODE_TURNED:
        observe_turned(x, n, b);
        break;
    case NODE_FOR:
        observe_for(x, n, b);
        break;
    case NODE_NAME:
        observe_name(x, n, b);
        break;
    case NODE_BOOL:
    case NODE_UNKNOWN:
        break;
    default:
        observe_relation(x, n, b);
        break;
    }
}

static double nearest_edge(double x, double low, double high)
{
    return fabs(low - x) <= fabs(high - x) ? low - x : high - x;
}

/* The one feature that a clause compares with constants, and how far it is from flipping. */
static void find_gap(const explainer *x, const node *n, rule_clause *clause)
{
    const node *name = node_clause_name(n);
    if (name == NULL) {
        return;
    }
    clause->slot = name->slot;
    if (n->kind == NODE_COMPARE && name->type != VALUE_TEXT) {
        const node *bound = name == n->kids ? name->next : n->kids;
        clause->gap = bound->number - amount_of(x, name);
    } else if (n->kind == NODE_BETWEEN) {
        clause->gap =
            nearest_edge(amount_of(x, name), name->next->number, name->next->next->number);
    }
}

/* "all of", "any of", "not" stand above the lines that they join. */
static const char *group_text(const node *n)
{
    return n->kind == NODE_AND ? "all of" : n->kind == NODE_OR ? "any of" : "not";
}

static bool is_group(const node *n)
{
    return n->kind == NODE_AND || n->kind == NODE_OR || n->kind == NODE_NOT;
}

static strata_status observed_text(explainer *x, const node *n, bool spoken, const char **out,
                                   strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    x->spoken = spoken;
    observe(x, n, &b);
    return print_done(&b, x->a, out, err);
}

static strata_status explain_leaf(explainer *x, const node *n, rule_clause *clause,
                                  strata_error *err)
{
    const size_t k = (size_t)(clause - x->clauses);
    find_gap(x, n, clause);
    if (k < x->from || k >= x->to) {
        clause->text = "";
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    print_node(n, &text);
    STRATA_TRY(print_done(&text, x->a, &clause->text, err));
    STRATA_TRY(observed_text(x, n, false, &clause->observed, err));
    return observed_text(x, n, true, &clause->said, err);
}

static strata_status explain_line(explainer *x, const node *n, int depth, strata_error *err)
{
    rule_clause *clause = &x->clauses[x->n++];
    *clause = (rule_clause){.text = group_text(n),
                            .observed = "",
                            .said = "",
                            .verdict = verdict_of(x, n, &x->in->now),
                            .depth = depth,
                            .slot = SIZE_MAX,
                            .gap = NAN};
    return is_group(n) ? STRATA_OK : explain_leaf(x, n, clause, err);
}

static strata_status explain(explainer *x, const node *n, int depth, strata_error *err)
{
    bool silent = n->kind == NODE_AND && x->n == 0 && depth == 0;
    if (!silent) {
        STRATA_TRY(explain_line(x, n, depth, err));
        depth++;
    }
    for (const node *kid = is_group(n) ? n->kids : NULL; kid != NULL; kid = kid->next) {
        STRATA_TRY(explain(x, kid, depth, err));
    }
    return STRATA_OK;
}

static strata_status explain_by(const rule *r, const rule_input *in, size_t i, explainer x,
                                const rule_clause **out, size_t *n, strata_error *err)
{
    if (r->root->type != VALUE_BOOL) {
        return strata_fail(err, STRATA_E_USAGE, "'%.80s' is a value, there is nothing to explain",
                           r->text);
    }
    STRATA_AUTO_FREE void *mem = malloc(eval_scratch_bytes(r->root));
    x.in = in;
    x.block = (eval_block){.in = in, .frame = &in->now, .start = i, .n = 1};
    x.clauses = ARENA_NEW(x.a, count_nodes(r->root), rule_clause);
    x.mem = mem;
    if (mem == NULL || x.clauses == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(explain(&x, r->root, 0, err));
    *out = x.clauses;
    *n = x.n;
    return STRATA_OK;
}

// NOLINTNEXTLINE(readability-function-size): eight parameters, each plain
strata_status rule_explain(const rule *r, const rule_input *in, size_t i, const char *currency,
                           arena *a, const rule_clause **out, size_t *n, strata_error *err)
{
    const explainer x = {.a = a, .currency = currency, .to = SIZE_MAX};
    return explain_by(r, in, i, x, out, n, err);
}

strata_status rule_judge(const rule *r, const rule_input *in, size_t i, arena *a,
                         const rule_clause **out, size_t *n, strata_error *err)
{
    return explain_by(r, in, i, (explainer){.a = a}, out, n, err);
}

strata_status rule_explain_clause(const rule *r, const rule_input *in, size_t i, size_t clause,
                                  arena *a, rule_clause *out, strata_error *err)
{
    const rule_clause *all = NULL;
    size_t n = 0;
    const explainer x = {.a = a, .from = clause, .to = clause + 1};
    STRATA_TRY(explain_by(r, in, i, x, &all, &n, err));
    if (clause >= n) {
        return strata_fail(err, STRATA_E_INTERNAL, "rule '%.80s' has no clause %zu", r->text,
                           clause);
    }
    *out = all[clause];
    return STRATA_OK;
}

/* Every feature that the rule reads, once. */
static void observe_all(const explainer *x, const rule *r, strbuf *b)
{
    for (size_t k = 0; k < r->n_slots; k++) {
        const symbol *sym = &r->symbols[k];
        const node name = {.kind = NODE_NAME,
                           .type = sym->type,
                           .text = sym->name,
                           .sym = sym,
                           .slot = r->slots[k],
                           .levels = sym->levels,
                           .n_levels = sym->n_levels};
        strbuf_add(b, k > 0 ? ", " : "");
        observe_name(x, &name, b);
    }
}

static void observe_rule(const explainer *x, const rule *r, strbuf *b)
{
    const node *n = r->root;
    bool computed = n->kind != NODE_NAME && n->type != VALUE_BOOL && n->type != VALUE_TEXT;
    if (n->kind == NODE_TURNED || n->kind == NODE_FOR) {
        observe(x, n, b);
    } else if (!computed) {
        observe_all(x, r, b);
    } else {
        put_subject(x, n, b);
        strbuf_add(b, " is ");
        put_amount(x, n, b);
        strbuf_add(b, r->n_slots > 0 ? " (" : "");
        observe_all(x, r, b);
        strbuf_add(b, r->n_slots > 0 ? ")" : "");
    }
}

static strata_status observed_by(const rule *r, const rule_input *in, size_t i, explainer x,
                                 const char **out, strata_error *err)
{
    STRATA_AUTO_FREE unsigned char *mem = malloc(eval_scratch_bytes(r->root));
    if (mem == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    x.in = in;
    x.block = (eval_block){.in = in, .frame = &in->now, .start = i, .n = 1};
    x.mem = mem;
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    observe_rule(&x, r, &b);
    return print_done(&b, x.a, out, err);
}

strata_status rule_observed(const rule *r, const rule_input *in, size_t i, const char *currency,
                            arena *a, const char **out, strata_error *err)
{
    return observed_by(r, in, i, (explainer){.a = a, .currency = currency}, out, err);
}

strata_status rule_said(const rule *r, const rule_input *in, size_t i, const char *currency,
                        arena *a, const char **out, strata_error *err)
{
    const explainer x = {.a = a, .currency = currency, .spoken = true};
    return observed_by(r, in, i, x, out, err);
}

strata_status rule_words(const rule *r, const char *currency, arena *a, const char **out,
                         strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    print_words(r->root, currency, &b);
    return print_done(&b, a, out, err);
}

strata_status rule_print(const rule *r, arena *a, const char **out, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    print_node(r->root, &b);
    return print_done(&b, a, out, err);
}
