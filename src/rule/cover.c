/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/cover.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "rule/cover_cells.h"
#include "rule/eval.h"

typedef VEC(cover_finding) findings;

typedef struct cover {
    arena *tmp, *a;
    const char *currency;
    size_t n_rules;
    const node **trees; /* without what cannot be reasoned about */
    uint64_t undecided; /* bit per rule */
    cell_space space;
    column *columns;
    unsigned char *mem;
    uint8_t *gap; /* per cell: no condition holds, nor might */
    /* Per rule, over the cells where it holds: */
    uint64_t holds;                     /* bit: in some cell */
    uint64_t reachable;                 /* bit: in some cell where no earlier one does */
    uint64_t with[COVER_MAX_RULES];     /* who else holds in some of them */
    uint64_t without[COVER_MAX_RULES];  /* who does not in some of them */
    size_t (*meeting)[COVER_MAX_RULES]; /* a cell where both hold */
    size_t n_gaps;
    findings found;
} cover;

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static bool is_condition_over_conditions(const node *n)
{
    return n->kind == NODE_AND || n->kind == NODE_OR || n->kind == NODE_NOT ||
           (n->kind == NODE_COMPARE && n->kids->type == VALUE_BOOL);
}

/* A clause over one feature and constants; texts that no level is equal to say nothing about
 * the accounts to come. */
static bool is_decidable_clause(const node *n)
{
    const node *name = node_clause_name(n);
    if (name == NULL) {
        return false;
    }
    bool text = name->type == VALUE_TEXT && n->kind != NODE_MISSING;
    bool dark = name->sym->missing_because != NULL && name->n_levels == 0;
    return !text || n->n_codes > 0 || !(name->open || dark);
}

static node *copy_clause(const cover *c, const node *n)
{
    node *copy = node_copy(c->tmp, n);
    if (copy != NULL && n->kind == NODE_NAME) {
        symbol *sym = ARENA_NEW(c->tmp, 1, symbol);
        if (sym == NULL) {
            return NULL;
        }
        *sym = *n->sym;
        sym->missing_because = NULL; /* reasons as if the data were there */
        copy->sym = sym;
    }
    for (const node *kid = n->kids; copy != NULL && kid != NULL; kid = kid->next) {
        node *kid_copy = copy_clause(c, kid);
        if (kid_copy == NULL) {
            return NULL;
        }
        node_add(copy, kid_copy);
    }
    return copy;
}

/* The tree with NODE_UNKNOWN in place of what cannot be reasoned about. */
static node *decidable_tree(const cover *c, const node *n, bool *undecided)
{
    if (n->kind == NODE_BOOL || is_decidable_clause(n)) {
        return copy_clause(c, n);
    }
    if (!is_condition_over_conditions(n)) {
        *undecided = true;
        node *unknown = node_new(c->tmp, NODE_UNKNOWN, n->at, n->end);
        if (unknown != NULL) {
            unknown->type = VALUE_BOOL; /* what compares it must take it for a condition */
        }
        return unknown;
    }
    node *copy = node_copy(c->tmp, n);
    for (const node *kid = n->kids; copy != NULL && kid != NULL; kid = kid->next) {
        node *kid_copy = decidable_tree(c, kid, undecided);
        if (kid_copy == NULL) {
            return NULL;
        }
        node_add(copy, kid_copy);
    }
    return copy;
}

static strata_status prepare(cover *c, const rule *const *rules, strata_error *err)
{
    size_t scratch = 0;
    c->trees = ARENA_NEW(c->tmp, c->n_rules, const node *);
    c->meeting = arena_alloc(c->tmp, COVER_MAX_RULES, sizeof *c->meeting);
    if (c->trees == NULL || c->meeting == NULL) {
        return fail_nomem(err);
    }
    for (size_t r = 0; r < c->n_rules; r++) {
        bool undecided = false;
        c->trees[r] = decidable_tree(c, rules[r]->root, &undecided);
        if (c->trees[r] == NULL) {
            return fail_nomem(err);
        }
        c->undecided |= (uint64_t)undecided << r;
        size_t bytes = eval_scratch_bytes(c->trees[r]);
        scratch = bytes > scratch ? bytes : scratch;
    }
    STRATA_TRY(cells_new(c->tmp, c->trees, c->n_rules, &c->space, err));
    c->columns = ARENA_NEW(c->tmp, c->space.n_columns, column);
    c->mem = arena_alloc(c->tmp, scratch, 1);
    c->gap = ARENA_NEW(c->tmp, c->space.n_cells, uint8_t);
    return c->columns != NULL && c->mem != NULL && c->gap != NULL ? STRATA_OK : fail_nomem(err);
}

/* Room for the values of one block of cells, per axis. */
static strata_status make_columns(cover *c, double **nums, int32_t **codes, strata_error *err)
{
    for (size_t k = 0; k < c->space.n_axes; k++) {
        const axis *ax = &c->space.axes[k];
        nums[k] = ARENA_NEW(c->tmp, KERNEL_BLOCK, double);
        codes[k] = ARENA_NEW(c->tmp, KERNEL_BLOCK, int32_t);
        if (nums[k] == NULL || codes[k] == NULL) {
            return fail_nomem(err);
        }
        c->columns[ax->slot].num = ax->num != NULL ? nums[k] : NULL;
        c->columns[ax->slot].code = ax->code != NULL ? codes[k] : NULL;
    }
    return STRATA_OK;
}

static void fill_columns(const cover *c, double *const *nums, int32_t *const *codes, size_t start,
                         size_t n)
{
    for (size_t k = 0; k < c->space.n_axes; k++) {
        const axis *ax = &c->space.axes[k];
        for (size_t i = 0; i < n; i++) {
            size_t at = cells_coordinate(ax, start + i);
            if (ax->num != NULL) {
                nums[k][i] = ax->num[at];
            } else {
                codes[k][i] = ax->code[at];
            }
        }
    }
}

/* Notes which conditions hold together in the cell. */
static void note_cell(cover *c, size_t cell, uint64_t yes, bool maybe)
{
    c->gap[cell] = yes == 0 && !maybe;
    c->n_gaps += c->gap[cell];
    c->holds |= yes;
    c->reachable |= yes & (0 - yes);
    for (uint64_t left = yes; left != 0; left &= left - 1) {
        size_t r = (size_t)__builtin_ctzll(left);
        for (uint64_t fresh = yes & ~c->with[r]; fresh != 0; fresh &= fresh - 1) {
            c->meeting[r][__builtin_ctzll(fresh)] = cell;
        }
        c->with[r] |= yes;
        c->without[r] |= ~yes;
    }
}

static strata_status walk_cells(cover *c, strata_error *err)
{
    double **nums = ARENA_NEW(c->tmp, c->space.n_axes, double *);
    int32_t **codes = ARENA_NEW(c->tmp, c->space.n_axes, int32_t *);
    uint64_t *yes = ARENA_NEW(c->tmp, KERNEL_BLOCK, uint64_t);
    if (nums == NULL || codes == NULL || yes == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(make_columns(c, nums, codes, err));
    const rule_input in = {.now = {c->columns, 0}};
    truth verdicts[KERNEL_BLOCK];
    uint8_t maybe[KERNEL_BLOCK];
    for (size_t start = 0; start < c->space.n_cells; start += KERNEL_BLOCK) {
        size_t left = c->space.n_cells - start;
        eval_block b = {&in, &in.now, 0, left < KERNEL_BLOCK ? left : KERNEL_BLOCK};
        fill_columns(c, nums, codes, start, b.n);
        memset(yes, 0, KERNEL_BLOCK * sizeof *yes);
        memset(maybe, 0, sizeof maybe);
        for (size_t r = 0; r < c->n_rules; r++) {
            bool undecided = (c->undecided >> r & 1U) != 0;
            eval_truth(c->trees[r], &b, verdicts, c->mem);
            for (size_t i = 0; i < b.n; i++) {
                yes[i] |= (uint64_t)(verdicts[i] == TRUTH_YES) << r;
                maybe[i] |= undecided && verdicts[i] != TRUTH_NO;
            }
        }
        for (size_t i = 0; i < b.n; i++) {
            note_cell(c, start + i, yes[i], maybe[i] != 0);
        }
    }
    return STRATA_OK;
}

static strata_status report(cover *c, cover_finding finding, size_t cell, strata_error *err)
{
    if (cell != SIZE_MAX) {
        STRATA_TRY(cells_say(&c->space, cell, c->currency, c->a, &finding.example, err));
    }
    return vec_push(&c->found, finding) ? STRATA_OK : fail_nomem(err);
}

/* The first earlier condition that alone covers r; SIZE_MAX when it takes several. */
static size_t covered_by(const cover *c, size_t r)
{
    for (size_t earlier = 0; earlier < r; earlier++) {
        if ((c->without[r] >> earlier & 1U) == 0) {
            return earlier;
        }
    }
    return SIZE_MAX;
}

/* Can both hold, each without the other, and can the later one match at all? */
static bool overlap(const cover *c, size_t r, size_t later)
{
    uint64_t bit = (uint64_t)1 << later;
    bool meet = (c->with[r] & bit) != 0;
    bool apart = (c->without[r] & bit) != 0 && (c->without[later] >> r & 1U) != 0;
    bool known = ((c->undecided | ~c->reachable) & bit) == 0;
    return meet && apart && known;
}

static strata_status report_overlaps(cover *c, size_t r, strata_error *err)
{
    strata_status st = STRATA_OK;
    for (size_t later = r + 1; later < c->n_rules && st == STRATA_OK; later++) {
        if (overlap(c, r, later)) {
            cover_finding found = {.kind = COVER_OVERLAP, .first = r, .second = later};
            st = report(c, found, c->meeting[r][later], err);
        }
    }
    return st;
}

static strata_status report_rule(cover *c, size_t r, strata_error *err)
{
    cover_finding found = {.kind = COVER_UNREACHABLE, .first = r, .second = r};
    if (c->n_rules > COVER_MAX_RULES || (c->undecided >> r & 1U) != 0) {
        found.kind = COVER_UNDECIDED;
        return report(c, found, SIZE_MAX, err);
    }
    if ((c->holds >> r & 1U) == 0) {
        return report(c, found, SIZE_MAX, err);
    }
    if ((c->reachable >> r & 1U) == 0) {
        found.second = covered_by(c, r);
        return report(c, found, c->meeting[r][r], err);
    }
    return report_overlaps(c, r, err);
}

/* Marks and queues the cell when it is a gap that nobody has visited. */
static void visit(cover *c, size_t cell, uint32_t *queue, size_t *n)
{
    if (c->gap[cell] == 1 && cells_missing(&c->space, cell) == 0) {
        c->gap[cell] = 2;
        queue[(*n)++] = (uint32_t)cell;
    }
}

/* Visits everything that hangs together with the first cell of the queue:
 * neighbouring intervals, any other level. */
static void flood(cover *c, uint32_t *queue)
{
    size_t n = 1;
    for (size_t done = 0; done < n; done++) {
        for (size_t k = 0; k < c->space.n_axes; k++) {
            const axis *ax = &c->space.axes[k];
            size_t at = cells_coordinate(ax, queue[done]);
            size_t row = queue[done] - at * ax->stride;
            bool line = ax->num != NULL;
            size_t first = line && at > 0 ? at - 1 : 0;
            size_t last = line && at + 2 < ax->n ? at + 1 : ax->n - 2;
            for (size_t other = first; ax->n > 1 && other <= last; other++) {
                visit(c, row + other * ax->stride, queue, &n);
            }
        }
    }
}

static strata_status report_gaps(cover *c, strata_error *err)
{
    uint32_t *queue = ARENA_NEW(c->tmp, c->n_gaps, uint32_t);
    if (queue == NULL) {
        return fail_nomem(err);
    }
    const cover_finding gap = {.kind = COVER_GAP, .first = SIZE_MAX, .second = SIZE_MAX};
    strata_status st = STRATA_OK;
    size_t reported = 0;
    for (size_t cell = 0; cell < c->space.n_cells && st == STRATA_OK; cell++) {
        size_t n = 0;
        visit(c, cell, queue, &n);
        if (n > 0 && reported++ < COVER_MAX_GAPS) {
            flood(c, queue);
            st = report(c, gap, cell, err);
        }
    }
    return st;
}

/* The first gap in which the feature, and at most `most` features, are missing. */
static size_t missing_gap(const cover *c, const axis *ax, size_t most)
{
    for (size_t cell = 0; cell < c->space.n_cells; cell++) {
        if (c->gap[cell] != 0 && cells_coordinate(ax, cell) + 1 == ax->n &&
            cells_missing(&c->space, cell) <= most) {
            return cell;
        }
    }
    return SIZE_MAX;
}

/* One gap per feature, with at most `most` features missing. */
static strata_status report_missing(cover *c, size_t most, size_t *reported, strata_error *err)
{
    const cover_finding gap = {
        .kind = COVER_GAP, .first = SIZE_MAX, .second = SIZE_MAX, .missing = true};
    strata_status st = STRATA_OK;
    size_t last = SIZE_MAX;
    for (size_t k = 0; k < c->space.n_axes && st == STRATA_OK; k++) {
        size_t cell = missing_gap(c, &c->space.axes[k], most);
        if (cell != SIZE_MAX && cell != last) {
            st = report(c, gap, cell, err);
            last = cell;
            ++*reported;
        }
    }
    return st;
}

static strata_status report_all(cover *c, strata_error *err)
{
    for (size_t r = 0; r < c->n_rules; r++) {
        STRATA_TRY(report_rule(c, r, err));
    }
    if (c->n_gaps == 0) {
        return STRATA_OK;
    }
    size_t reported = 0;
    STRATA_TRY(report_gaps(c, err));
    STRATA_TRY(report_missing(c, 1, &reported, err));
    return reported > 0 ? STRATA_OK : report_missing(c, SIZE_MAX, &reported, err);
}

static strata_status run(cover *c, const rule *const *rules, strata_error *err)
{
    if (c->n_rules <= COVER_MAX_RULES) {
        STRATA_TRY(prepare(c, rules, err));
    }
    if (c->space.n_cells == 0) {
        c->undecided = ~(uint64_t)0;
    } else {
        STRATA_TRY(walk_cells(c, err));
    }
    return report_all(c, err);
}

static strata_status copy_findings(const cover *c, arena *a, const cover_finding **out, size_t *n,
                                   strata_error *err)
{
    cover_finding *copy = ARENA_NEW(a, c->found.n, cover_finding);
    if (copy == NULL) {
        return fail_nomem(err);
    }
    for (size_t k = 0; k < c->found.n; k++) {
        copy[k] = c->found.data[k];
    }
    *out = copy;
    *n = c->found.n;
    return STRATA_OK;
}

strata_status rule_cover(const rule *const *rules, size_t n_rules, const char *currency, arena *a,
                         const cover_finding **out, size_t *n, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *tmp = NULL;
    STRATA_TRY(arena_new(&tmp, err));
    for (size_t r = 0; r < n_rules; r++) {
        if (rules[r]->root->type != VALUE_BOOL) {
            return strata_fail(err, STRATA_E_USAGE, "'%.80s' is a value, not a condition",
                               rules[r]->text);
        }
    }
    cover c = {.tmp = tmp, .a = a, .currency = currency, .n_rules = n_rules};
    strata_status st = run(&c, rules, err);
    if (st == STRATA_OK) {
        st = copy_findings(&c, a, out, n, err);
    }
    vec_free(&c.found);
    return st;
}
