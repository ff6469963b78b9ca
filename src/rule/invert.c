/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rule/eval.h"
#include "rule/print.h"

/* The condition is taken apart into ways to satisfy it: sets of clauses that
 * must hold (or must not). Each way is turned into one change per feature, and
 * what is kept is checked by evaluating the whole condition. */

enum {
    MOST_WAYS = 4096,  /* looked at; later ones are ignored */
    MOST_CLAUSES = 256 /* in one way; longer ones are ignored */
};

typedef struct goal {
    const struct goal *next;
    const node *n;
    bool want;
} goal;

/* What one feature of the account is and could become. */
typedef struct feature {
    const symbol *sym;
    size_t slot;
    double num, num_now;
    int32_t code, code_now;
    bool changed;
    bool strict; /* just beyond `edge` rather than at it */
    double edge;
} feature;

typedef struct search {
    const rule *r;
    bool want; /* what the whole condition should come to */
    arena *tmp;
    unsigned char *mem;
    rule_input in; /* the one account, at index 0 of every frame */
    feature *features, *best;
    size_t n_features;
    goal clauses[MOST_CLAUSES];
    size_t n_clauses;
    size_t ways;
    size_t best_changes; /* SIZE_MAX: none found */
    double best_distance;
    bool nomem;
} search;

static bool holds(const search *s, const node *n, bool want)
{
    truth t;
    eval_block b = {.in = &s->in, .frame = &s->in.now, .start = 0, .n = 1};
    eval_truth(n, &b, &t, s->mem);
    return t == (want ? TRUTH_YES : TRUTH_NO);
}

static bool is_missing(const feature *f)
{
    return f->sym->missing_because != NULL ||
           (f->sym->type == VALUE_TEXT ? f->code_now < 0 : isnan(f->num_now));
}

/* Do all clauses of this way that are about the feature alone come out as wanted? */
static bool feature_fits(const search *s, const feature *f)
{
    for (size_t k = 0; k < s->n_clauses; k++) {
        const node *name = node_clause_name(s->clauses[k].n);
        if (name != NULL && name->slot == f->slot &&
            !holds(s, s->clauses[k].n, s->clauses[k].want)) {
            return false;
        }
    }
    return true;
}

/* The next value that the type can take: a cent, a day, or the next double. */
static double step(value_type type, double x, int direction, bool smallest)
{
    if (!smallest && type == VALUE_MONEY && fabs(x) < 1e13) {
        return round(x * 100.0 + direction) / 100.0;
    }
    if (!smallest && (type == VALUE_DURATION || type == VALUE_DATE)) {
        return x + direction;
    }
    return nextafter(x, direction > 0 ? INFINITY : -INFINITY);
}

typedef struct candidate {
    double value, edge;
    bool strict;
} candidate;

/* Takes the candidate when it fits and is nearer than the best so far. */
static void try_number(const search *s, feature *f, candidate c, candidate *best)
{
    bool nearer = isnan(best->value) || fabs(c.value - f->num_now) < fabs(best->value - f->num_now);
    f->num = c.value;
    if (nearer && isfinite(c.value) && feature_fits(s, f)) {
        *best = c;
    }
}

static void try_edge(const search *s, feature *f, double edge, bool smallest, candidate *best)
{
    try_number(s, f, (candidate){edge, edge, false}, best);
    try_number(s, f, (candidate){step(f->sym->type, edge, 1, smallest), edge, true}, best);
    try_number(s, f, (candidate){step(f->sym->type, edge, -1, smallest), edge, true}, best);
}

static void try_edges(const search *s, feature *f, bool smallest, candidate *best)
{
    for (size_t k = 0; k < s->n_clauses; k++) {
        const node *name = node_clause_name(s->clauses[k].n);
        if (name == NULL || name->slot != f->slot) {
            continue;
        }
        for (const node *kid = s->clauses[k].n->kids; kid != NULL; kid = kid->next) {
            if (kid->constant && !isnan(kid->number)) {
                try_edge(s, f, kid->number, smallest, best);
            }
        }
    }
}

static bool move_number(const search *s, feature *f)
{
    candidate best = {.value = NAN};
    try_edges(s, f, false, &best);
    if (isnan(best.value)) {
        try_edges(s, f, true, &best);
    }
    f->num = best.value;
    f->edge = best.edge;
    f->strict = best.strict;
    return !isnan(best.value);
}

static bool move_flag(const search *s, feature *f)
{
    f->num = f->num_now > 0 || f->num_now < 0 ? 0 : 1;
    return feature_fits(s, f);
}

/* The nearest level in the order of the list; the earlier of two. */
static bool move_text(const search *s, feature *f)
{
    int32_t best = CODE_MISSING;
    for (size_t k = 0; k < f->sym->n_levels; k++) {
        f->code = (int32_t)k;
        bool nearer = best < 0 || abs(f->code - f->code_now) < abs(best - f->code_now);
        if (nearer && feature_fits(s, f)) {
            best = f->code;
        }
    }
    f->code = best;
    return best >= 0;
}

static bool move_feature(const search *s, feature *f)
{
    if (feature_fits(s, f)) {
        return true;
    }
    if (is_missing(f)) {
        return false;
    }
    f->changed = true;
    return f->sym->type == VALUE_TEXT   ? move_text(s, f)
           : f->sym->type == VALUE_BOOL ? move_flag(s, f)
                                        : move_number(s, f);
}

/* Changes relative to their size, so that dollars and days can be added. */
static double distance(const feature *f)
{
    if (f->sym->type == VALUE_TEXT || f->sym->type == VALUE_BOOL) {
        return 1.0;
    }
    double size = fmax(fabs(f->num), fabs(f->num_now));
    return size > 0 ? fabs(f->num - f->num_now) / size : 0.0;
}

static void reset_features(const search *s)
{
    for (size_t k = 0; k < s->n_features; k++) {
        feature *f = &s->features[k];
        f->num = f->num_now;
        f->code = f->code_now;
        f->changed = f->strict = false;
    }
}

static void try_way(search *s)
{
    size_t changes = 0;
    double sum = 0;
    s->ways++;
    reset_features(s);
    for (size_t k = 0; k < s->n_features; k++) {
        feature *f = &s->features[k];
        if (!move_feature(s, f)) {
            return;
        }
        changes += f->changed;
        sum += f->changed ? distance(f) : 0;
    }
    bool better =
        changes < s->best_changes || (changes == s->best_changes && sum < s->best_distance);
    if (better && holds(s, s->r->root, s->want)) {
        memcpy(s->best, s->features, s->n_features * sizeof *s->best);
        s->best_changes = changes;
        s->best_distance = sum;
    }
}

static void solve(search *s, const goal *goals);

/* All kids must come out as wanted. */
static void solve_all(search *s, const goal *first)
{
    goal *cells = ARENA_NEW(s->tmp, first->n->n_kids, goal);
    if (cells == NULL) {
        s->nomem = true;
        return;
    }
    const goal *goals = first->next;
    size_t k = 0;
    for (const node *kid = first->n->kids; kid != NULL; kid = kid->next, k++) {
        cells[k] = (goal){goals, kid, first->want};
        goals = &cells[k];
    }
    solve(s, goals);
}

/* One kid must. */
static void solve_any(search *s, const goal *first)
{
    for (const node *kid = first->n->kids; kid != NULL; kid = kid->next) {
        goal one = {first->next, kid, first->want};
        solve(s, &one);
    }
}

static void solve(search *s, const goal *goals)
{
    if (s->nomem || s->ways >= MOST_WAYS) {
        return;
    }
    if (goals == NULL) {
        try_way(s);
        return;
    }
    const node *n = goals->n;
    if (n->kind == NODE_NOT) {
        goal inner = {goals->next, n->kids, !goals->want};
        solve(s, &inner);
    } else if (n->kind == NODE_AND || n->kind == NODE_OR) {
        if ((n->kind == NODE_AND) == goals->want) {
            solve_all(s, goals);
        } else {
            solve_any(s, goals);
        }
    } else if (s->n_clauses < MOST_CLAUSES) {
        s->clauses[s->n_clauses++] = *goals;
        solve(s, goals->next);
        s->n_clauses--;
    } else {
        s->ways++;
    }
}

/* The frame with account i at index 0. */
static strata_status shift_frame(const rule *r, arena *a, const rule_frame *frame, size_t i,
                                 rule_frame *out, strata_error *err)
{
    size_t n_columns = r->n_slots > 0 ? r->slots[r->n_slots - 1] + 1 : 1;
    column *columns = ARENA_NEW(a, n_columns, column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < r->n_slots; k++) {
        const column *from = &frame->columns[r->slots[k]];
        columns[r->slots[k]].num = from->num != NULL ? from->num + i : NULL;
        columns[r->slots[k]].code = from->code != NULL ? from->code + i : NULL;
    }
    *out = (rule_frame){columns, frame->as_of};
    return STRATA_OK;
}

static strata_status shift_earlier(search *s, const rule_input *in, size_t i, strata_error *err)
{
    rule_frame *frames = ARENA_NEW(s->tmp, in->n_past + 1, rule_frame);
    if (frames == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k < in->n_past; k++) {
        STRATA_TRY(shift_frame(s->r, s->tmp, &in->past[k], i, &frames[k], err));
    }
    s->in.past = frames;
    s->in.n_past = in->n_past;
    if (in->previous != NULL) {
        STRATA_TRY(shift_frame(s->r, s->tmp, in->previous, i, &frames[in->n_past], err));
        s->in.previous = &frames[in->n_past];
    }
    return STRATA_OK;
}

/* The account's own values, in places where they can be changed. */
static strata_status copy_now(search *s, const rule_input *in, size_t i, strata_error *err)
{
    const rule *r = s->r;
    size_t n_columns = r->n_slots > 0 ? r->slots[r->n_slots - 1] + 1 : 1;
    column *columns = ARENA_NEW(s->tmp, n_columns, column);
    s->features = ARENA_NEW(s->tmp, r->n_slots, feature);
    s->best = ARENA_NEW(s->tmp, r->n_slots, feature);
    if (columns == NULL || s->features == NULL || s->best == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    s->n_features = r->n_slots;
    for (size_t k = 0; k < r->n_slots; k++) {
        feature *f = &s->features[k];
        const column *from = &in->now.columns[r->slots[k]];
        f->sym = &r->symbols[k];
        f->slot = r->slots[k];
        f->num_now = from->num != NULL ? from->num[i] : NAN;
        f->code_now = from->code != NULL ? from->code[i] : CODE_MISSING;
        bool text = f->sym->type == VALUE_TEXT;
        columns[f->slot].num = text ? NULL : &f->num;
        columns[f->slot].code = text ? &f->code : NULL;
    }
    s->in.now = (rule_frame){columns, in->now.as_of};
    reset_features(s);
    return STRATA_OK;
}

/* Would a value a little further on still do? Then it is "or more", not "exactly". */
static const char *const *phrase_of(const feature *f)
{
    static const char *const phrases[2][2][2][2] = {
        {{{"", " or less"}, {"under ", ""}}, {{"", " or more"}, {"more than ", ""}}},
        {{{"", " or earlier"}, {"before ", ""}}, {{"", " or later"}, {"after ", ""}}},
    };
    return phrases[f->sym->type == VALUE_DATE][f->num > f->num_now][f->strict];
}

static strata_status say_change(const feature *f, const char *currency, bool exact, arena *a,
                                const char **out, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b, "%s from ", f->sym->name);
    if (f->sym->type == VALUE_TEXT) {
        strbuf_printf(&b, "%s to %s", f->sym->levels[f->code_now], f->sym->levels[f->code]);
    } else {
        static const char *const nothing[] = {"", ""};
        bool plain = (exact && !f->strict) || f->sym->type == VALUE_BOOL;
        const char *const *around = plain ? nothing : phrase_of(f);
        print_value(f->sym->type, f->num_now, currency, &b);
        strbuf_printf(&b, " to %s", around[0]);
        print_value(f->sym->type, plain ? f->num : f->edge, currency, &b);
        strbuf_add(&b, around[1]);
    }
    return print_done(&b, a, out, err);
}

/* Only this very value will do: a step further in the same direction does not. */
static bool is_exact(search *s, size_t k)
{
    feature *f = &s->features[k];
    if (f->sym->type == VALUE_TEXT || f->sym->type == VALUE_BOOL) {
        return true;
    }
    double at = f->num;
    f->num = step(f->sym->type, at, at > f->num_now ? 1 : -1, false);
    bool exact = !holds(s, s->r->root, s->want);
    f->num = at;
    return exact;
}

static strata_status report(search *s, const char *currency, arena *a, const rule_change **out,
                            size_t *n, strata_error *err)
{
    rule_change *changes = ARENA_NEW(a, s->best_changes, rule_change);
    if (changes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t count = 0;
    memcpy(s->features, s->best, s->n_features * sizeof *s->best);
    for (size_t k = 0; k < s->n_features; k++) {
        const feature *f = &s->features[k];
        if (!f->changed) {
            continue;
        }
        bool text = f->sym->type == VALUE_TEXT;
        rule_change *c = &changes[count++];
        *c = (rule_change){.slot = f->slot,
                           .from = text ? NAN : f->num_now,
                           .to = text ? NAN : f->num,
                           .to_code = text ? f->code : CODE_MISSING};
        STRATA_TRY(say_change(f, currency, is_exact(s, k), a, &c->words, err));
    }
    *out = changes;
    *n = count;
    return STRATA_OK;
}

/* A condition, what it should come to, and for whom. */
typedef struct turn {
    const rule *r;
    bool want;
    const rule_input *in;
    size_t i;
    const char *currency;
} turn;

static strata_status turn_over(const turn *t, arena *a, const rule_change **out, size_t *n,
                               strata_error *err)
{
    const rule *r = t->r;
    if (r->root->type != VALUE_BOOL) {
        return strata_fail(err, STRATA_E_USAGE, "'%.80s' is a value, not a condition", r->text);
    }
    STRATA_AUTO(arena_free) arena *tmp = NULL;
    STRATA_AUTO_FREE unsigned char *mem = malloc(eval_scratch_bytes(r->root));
    STRATA_AUTO_FREE search *s = STRATA_NEW_ARRAY(1, search);
    if (mem == NULL || s == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(arena_new(&tmp, err));
    s->r = r;
    s->want = t->want;
    s->tmp = tmp;
    s->mem = mem;
    s->best_changes = SIZE_MAX;
    STRATA_TRY(copy_now(s, t->in, t->i, err));
    STRATA_TRY(shift_earlier(s, t->in, t->i, err));
    const goal whole = {NULL, r->root, t->want};
    solve(s, &whole);
    if (s->nomem) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (s->best_changes == SIZE_MAX) {
        s->best_changes = 0;
    }
    return report(s, t->currency, a, out, n, err);
}

// NOLINTNEXTLINE(readability-function-size): eight parameters, each plain
strata_status rule_invert(const rule *r, const rule_input *in, size_t i, const char *currency,
                          arena *a, const rule_change **out, size_t *n, strata_error *err)
{
    return turn_over(&(turn){r, true, in, i, currency}, a, out, n, err);
}

// NOLINTNEXTLINE(readability-function-size): as rule_invert()
strata_status rule_leave(const rule *r, const rule_input *in, size_t i, const char *currency,
                         arena *a, const rule_change **out, size_t *n, strata_error *err)
{
    return turn_over(&(turn){r, false, in, i, currency}, a, out, n, err);
}
