/* SPDX-License-Identifier: Apache-2.0 */
/* Groups by the value of an expression. */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "cohort/groups/make.h"
#include "segment/bins.h"
#include "segment/given.h"
#include "segment/segmentation.h"

enum { QUARTILES = 4 };

/* An expression and what it came to. */
typedef struct evaluated {
    arena *a;
    const portfolio *p;
    const bound_model *b;
    const char *expression;
    const rule *rule;
    day as_of;
    segmentation *s;
    bool text;     /* codes are what counts, else numbers */
    double *num;   /* by account */
    int32_t *code; /* by account */
} evaluated;

static void evaluated_done(evaluated *e)
{
    segmentation_free(e->s);
    free(e->num);
    free(e->code);
}

static strata_status out_of_memory(const evaluated *e, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping by '%s'", e->expression);
}

/* --- evaluating --- */

static strata_status evaluate(const context *cx, evaluated *e, const override_set *overrides,
                              strata_error *err)
{
    size_t n_slots = 0;
    const size_t *slots = rule_slots(e->rule, &n_slots);
    segmentation_request request = {.dates = &e->as_of,
                                    .n_dates = 1,
                                    .keep_slots = slots,
                                    .n_keep_slots = n_slots,
                                    .watch = SIZE_MAX};
    STRATA_TRY(segmentation_run(cx, e->p, e->b, overrides, &request, &e->s, err));
    size_t n_symbols = e->b->scope.n_symbols;
    e->text = rule_type(e->rule) == VALUE_TEXT;
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols + 1, column);
    STRATA_AUTO_FREE char *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(e->rule) + 1, char);
    e->num = STRATA_NEW_ARRAY(e->p->n_accounts, double);
    e->code = STRATA_NEW_ARRAY(e->p->n_accounts, int32_t);
    if (columns == NULL || scratch == NULL || e->num == NULL || e->code == NULL) {
        return out_of_memory(e, err);
    }
    segmentation_columns(e->s, n_symbols, columns);
    rule_input in = {.now = {.columns = columns, .as_of = e->as_of}};
    if (e->text) {
        rule_eval_text(e->rule, &in, e->p->n_accounts, e->code, scratch);
    } else {
        rule_eval_number(e->rule, &in, e->p->n_accounts, e->num, scratch);
    }
    return STRATA_OK;
}

static bool exists(const evaluated *e, size_t account)
{
    return e->p->exists_from[account] <= e->as_of;
}

/* Accounts that exist and have no value. */
static size_t count_missing(const evaluated *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->p->n_accounts; i++) {
        bool known = e->text ? e->code[i] != CODE_MISSING : !isnan(e->num[i]);
        n += exists(e, i) && !known;
    }
    return n;
}

static strata_status set_unknown(const evaluated *e, groups_draft *d, strata_error *err)
{
    size_t last = d->g->n - 1;
    d->labels[last] = "Unknown";
    d->where[last] = arena_printf(e->a, "(%s) is missing", e->expression);
    d->g->missing_last = true;
    return d->where[last] != NULL ? STRATA_OK : out_of_memory(e, err);
}

/* --- texts --- */

/* A level as the rule language writes it: quoted, quotes doubled. */
static strata_status quoted(const evaluated *e, const char *level, const char **out,
                            strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b, "(%s) = '", e->expression);
    for (const char *c = level; *c != '\0'; c++) {
        strbuf_repeat(&b, *c, *c == '\'' ? 2 : 1);
    }
    strbuf_add_char(&b, '\'');
    STRATA_TRY(strbuf_status(&b, err));
    *out = arena_strdup(e->a, strbuf_text(&b));
    return *out != NULL ? STRATA_OK : out_of_memory(e, err);
}

/* The group of every level that has an account: in the order of levels; when there are too many,
 * those with the most accounts, the rest in group n - 1 ("Other"). */
typedef struct level_plan {
    size_t *counts;         /* by level */
    segment_code *group_of; /* by level */
    size_t n_levels, n;     /* n: groups, without the one for missing */
    bool other;
} level_plan;

static void level_plan_done(level_plan *l)
{
    free(l->counts);
    free(l->group_of);
}

/* How many levels have more accounts than this one; of equals the earlier is ahead. */
static size_t place_of(const level_plan *l, size_t level)
{
    size_t ahead = 0;
    for (size_t k = 0; k < l->n_levels; k++) {
        ahead += l->counts[k] > l->counts[level] || (l->counts[k] == l->counts[level] && k < level);
    }
    return ahead;
}

static strata_status plan_levels(const evaluated *e, level_plan *l, strata_error *err)
{
    (void)rule_levels(e->rule, &l->n_levels);
    l->counts = STRATA_NEW_ARRAY(l->n_levels + 1, size_t);
    l->group_of = STRATA_NEW_ARRAY(l->n_levels + 1, segment_code);
    if (l->counts == NULL || l->group_of == NULL) {
        return out_of_memory(e, err);
    }
    for (size_t i = 0; i < e->p->n_accounts; i++) {
        if (exists(e, i) && e->code[i] != CODE_MISSING) {
            l->counts[e->code[i]]++;
        }
    }
    size_t used = 0;
    for (size_t k = 0; k < l->n_levels; k++) {
        used += l->counts[k] > 0;
    }
    l->other = used > GROUPS_LEVELS_MAX;
    for (size_t k = 0; k < l->n_levels; k++) {
        bool own = l->counts[k] > 0 && (!l->other || place_of(l, k) < GROUPS_LEVELS_MAX - 1);
        l->group_of[k] = own ? (segment_code)l->n++ : SEGMENT_ABSENT;
    }
    if (l->other) {
        for (size_t k = 0; k < l->n_levels; k++) {
            l->group_of[k] = l->group_of[k] == SEGMENT_ABSENT ? (segment_code)l->n : l->group_of[k];
        }
        l->n++;
    }
    return STRATA_OK;
}

static strata_status group_texts(const evaluated *e, groups_draft *d, strata_error *err)
{
    STRATA_CLEANUP(level_plan_done) level_plan l = {0};
    STRATA_TRY(plan_levels(e, &l, err));
    bool missing = count_missing(e) > 0;
    STRATA_TRY(groups_begin(e->a, e->expression, e->p->n_accounts, l.n + missing, d, err));
    const char *const *levels = rule_levels(e->rule, &l.n_levels);
    for (size_t k = 0; k < l.n_levels; k++) {
        segment_code g = l.group_of[k];
        bool others = l.other && g == l.n - 1;
        if (g != SEGMENT_ABSENT && others) {
            d->labels[g] = "Other";
        } else if (g != SEGMENT_ABSENT) {
            d->labels[g] = arena_strdup(e->a, levels[k]);
            STRATA_TRY(quoted(e, levels[k], &d->where[g], err));
        }
        if (g != SEGMENT_ABSENT && d->labels[g] == NULL) {
            return out_of_memory(e, err);
        }
    }
    if (missing) {
        STRATA_TRY(set_unknown(e, d, err));
    }
    for (size_t i = 0; i < e->p->n_accounts; i++) {
        segment_code known =
            e->code[i] == CODE_MISSING ? (segment_code)l.n : l.group_of[e->code[i]];
        d->g->code[i] = exists(e, i) ? known : SEGMENT_ABSENT;
    }
    return STRATA_OK;
}

/* --- conditions --- */

static strata_status group_flags(const evaluated *e, groups_draft *d, strata_error *err)
{
    bool missing = count_missing(e) > 0;
    STRATA_TRY(groups_begin(e->a, e->expression, e->p->n_accounts, 2 + missing, d, err));
    d->labels[0] = arena_strdup(e->a, e->expression);
    d->labels[1] = arena_printf(e->a, "not (%s)", e->expression);
    d->where[0] = d->labels[0];
    d->where[1] = d->labels[1];
    if (d->labels[0] == NULL || d->labels[1] == NULL) {
        return out_of_memory(e, err);
    }
    if (missing) {
        STRATA_TRY(set_unknown(e, d, err));
    }
    for (size_t i = 0; i < e->p->n_accounts; i++) {
        segment_code known = isnan(e->num[i]) ? 2 : e->num[i] > 0 ? 0 : 1;
        d->g->code[i] = exists(e, i) ? known : SEGMENT_ABSENT;
    }
    return STRATA_OK;
}

/* --- numbers --- */

static void write_edge(strbuf *b, value_type type, double x)
{
    char text[DAY_TEXT];
    if (type == VALUE_DATE) {
        day_format((day)x, text);
        strbuf_add(b, text);
    } else {
        strbuf_printf(b, "%.15g", x);
    }
}

/* Above the cut below (unless it is the first) up to its own cut (unless it is the last). */
static strata_status name_range(const evaluated *e, const double *low, const double *high,
                                const char **where, const char **label, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    if (low != NULL) {
        strbuf_printf(&b, "(%s) > ", e->expression);
        write_edge(&b, rule_type(e->rule), *low);
    }
    strbuf_add(&b, low != NULL && high != NULL ? " and " : "");
    if (high != NULL) {
        strbuf_printf(&b, "(%s) <= ", e->expression);
        write_edge(&b, rule_type(e->rule), *high);
    }
    if (low == NULL && high == NULL) {
        strbuf_printf(&b, "not ((%s) is missing)", e->expression);
    }
    STRATA_TRY(strbuf_status(&b, err));
    const rule *r = NULL;
    *where = arena_strdup(e->a, strbuf_text(&b));
    if (*where == NULL) {
        return out_of_memory(e, err);
    }
    STRATA_TRY(rule_compile_condition(e->a, *where, NULL, &e->b->scope, &r, err));
    return rule_words(r, e->p->currency, e->a, label, err);
}

/* Quarters that have an account; ties can leave one empty. */
static size_t used_quarters(const quantile_cuts *cuts, const double *score, size_t n,
                            segment_code *group_of)
{
    bool used[QUARTILES] = {false};
    for (size_t i = 0; i < n; i++) {
        if (!isnan(score[i])) {
            used[(size_t)score[i] - 1] = true;
        }
    }
    size_t n_used = 0;
    for (size_t q = 0; q < cuts->n_groups; q++) {
        group_of[q] = used[q] ? (segment_code)n_used++ : SEGMENT_ABSENT;
    }
    return n_used;
}

static strata_status name_quarters(const evaluated *e, const quantile_cuts *cuts,
                                   const segment_code *group_of, groups_draft *d, size_t n_used,
                                   strata_error *err)
{
    const double *below = NULL;
    for (size_t q = 0; q < QUARTILES; q++) {
        segment_code g = group_of[q];
        if (g != SEGMENT_ABSENT) {
            const double *above = g + 1U < n_used ? &cuts->upper[q] : NULL;
            STRATA_TRY(name_range(e, below, above, &d->where[g], &d->labels[g], err));
            below = &cuts->upper[q];
        }
    }
    return STRATA_OK;
}

static strata_status group_numbers(const evaluated *e, groups_draft *d, strata_error *err)
{
    size_t n = e->p->n_accounts;
    STRATA_AUTO_FREE double *score = STRATA_NEW_ARRAY(n, double);
    quantile_cuts cuts;
    segment_code group_of[QUARTILES] = {0};
    if (score == NULL) {
        return out_of_memory(e, err);
    }
    size_t missing = count_missing(e);
    for (size_t i = 0; i < n; i++) {
        e->num[i] = exists(e, i) ? e->num[i] : (double)NAN;
    }
    STRATA_TRY(quantile_cuts_make(e->num, n, QUARTILES, false, &cuts, err));
    quantile_score(&cuts, (double)NAN, e->num, n, score);
    size_t n_used = used_quarters(&cuts, score, n, group_of);
    STRATA_TRY(groups_begin(e->a, e->expression, n, n_used + (missing > 0), d, err));
    d->g->ranges = true;
    STRATA_TRY(name_quarters(e, &cuts, group_of, d, n_used, err));
    if (missing > 0) {
        STRATA_TRY(set_unknown(e, d, err));
    }
    for (size_t i = 0; i < n; i++) {
        segment_code known =
            isnan(score[i]) ? (segment_code)n_used : group_of[(size_t)score[i] - 1];
        d->g->code[i] = exists(e, i) ? known : SEGMENT_ABSENT;
    }
    return STRATA_OK;
}

/* Where the grouping is asked for, what it reads and where it goes: no smaller without a struct. */
/* NOLINTNEXTLINE(readability-function-size) */
strata_status groups_by_value(const context *cx, arena *a, const portfolio *p, const bound_model *b,
                              const override_set *overrides, const char *expression, day as_of,
                              groups **out, strata_error *err)
{
    STRATA_CLEANUP(evaluated_done)
    evaluated e = {.a = a, .p = p, .b = b, .expression = expression, .as_of = as_of};
    groups_draft d = {0};
    STRATA_TRY(given_value(a, expression, "--by", &b->scope, &e.rule, err));
    STRATA_TRY(evaluate(cx, &e, overrides, err));
    if (rule_type(e.rule) == VALUE_TEXT) {
        STRATA_TRY(group_texts(&e, &d, err));
    } else if (rule_type(e.rule) == VALUE_BOOL) {
        STRATA_TRY(group_flags(&e, &d, err));
    } else {
        STRATA_TRY(group_numbers(&e, &d, err));
    }
    groups_count(d.g, p->n_accounts);
    *out = d.g;
    return STRATA_OK;
}
