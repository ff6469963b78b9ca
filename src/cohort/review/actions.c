/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/actions.h"

#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"

static const double LEVEL = 0.05;

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the actions of a cohort review");
}

/* --- conditions --- */

/* Do the dates of started_on put exactly the group's accounts into its period? */
static bool dates_agree(const review_request *q)
{
    size_t slot = portfolio_slot(q->p, "started_on");
    const double *started = slot == SIZE_MAX || slot < FEATURE_COUNT
                                ? NULL
                                : q->p->attributes[slot - FEATURE_COUNT].num;
    if (started == NULL) {
        return false;
    }
    double first = (double)q->groups->first[q->cohort];
    double last = (double)q->groups->last[q->cohort];
    for (size_t i = 0; i < q->p->n_accounts; i++) {
        bool dated = started[i] >= first && started[i] <= last; /* false where missing */
        if (dated != (q->groups->code[i] == q->cohort)) {
            return false;
        }
    }
    return true;
}

strata_status review_where(arena *a, const review_request *q, const char **out, strata_error *err)
{
    const char *text = q->groups->where[q->cohort];
    if (text == NULL && q->by_start && q->groups->first != NULL && dates_agree(q)) {
        char first[DAY_TEXT];
        char last[DAY_TEXT];
        day_format(q->groups->first[q->cohort], first);
        day_format(q->groups->last[q->cohort], last);
        text = arena_printf(a, "started_on >= %s and started_on <= %s", first, last);
        if (text == NULL) {
            return out_of_memory(err);
        }
    }
    *out = text;
    return STRATA_OK;
}

strata_status review_pattern_rule(const review_subject *s, const review_pattern *p, bool opposite,
                                  arena *a, const char **out, strata_error *err)
{
    const symbol *sym = &s->b->scope.symbols[p->slot];
    bool at_least = p->p.at_least != opposite;
    char number[NUMBER_TEXT];
    number_format_exact(p->p.threshold, number);
    *out = sym->type == VALUE_BOOL
               ? arena_printf(a, at_least ? "%s" : "not %s", sym->name)
               : arena_printf(a, "%s %s %s%s", sym->name, at_least ? ">=" : "<", number,
                              sym->type == VALUE_DURATION ? " days" : "");
    return *out != NULL ? STRATA_OK : out_of_memory(err);
}

/* --- adding one --- */

typedef struct acting {
    const context *cx;
    const review_subject *s;
    arena *a;
    const char *where; /* of the cohort; NULL */
    review_action *items;
    size_t n;
} acting;

/* Counts what the condition lists today; an action without accounts is none. */
static strata_status add(acting *x, review_action action, strata_error *err)
{
    groups *g = NULL;
    if (x->n == REVIEW_ACTIONS_MAX) {
        return STRATA_OK;
    }
    STRATA_TRY(groups_by_value(x->cx, x->a, x->s->p, x->s->b, x->s->overrides, action.where,
                               x->s->as_of, &g, err));
    for (size_t i = 0; i < x->s->p->n_accounts; i++) {
        if (g->code[i] == 0) { /* of a condition: where it holds */
            action.accounts++;
            action.arr_minor += arr_book_at(x->s->book, i, x->s->as_of);
        }
    }
    if (action.accounts > 0) {
        x->items[x->n++] = action;
    }
    return STRATA_OK;
}

/* Customers of the cohort that meet a condition. */
static strata_status add_customers(acting *x, review_action action, const char *condition,
                                   strata_error *err)
{
    if (x->where == NULL) {
        return STRATA_OK;
    }
    action.where = arena_printf(x->a, "(%s) and is_customer and %s", x->where, condition);
    return action.where != NULL ? add(x, action, err) : out_of_memory(err);
}

/* --- findings --- */

static bool is_worse(const window_churn *w)
{
    return w->test.done && w->test.p_holm < LEVEL && w->test.effect > 0.0;
}

static strata_status onboarding(acting *x, const review_churn *churn, strata_error *err)
{
    if (!is_worse(&churn->windows[0])) {
        return STRATA_OK;
    }
    return add(
        x, (review_action){.kind = ACTION_ONBOARDING, .where = "is_customer and tenure <= 90 days"},
        err);
}

static strata_status from_patterns(acting *x, const review_patterns *patterns, strata_error *err)
{
    size_t n = 0;
    for (size_t k = 0; k < patterns->n && n < ACTION_PATTERNS; k++) {
        const review_pattern *p = &patterns->items[k];
        bool windowed = strncmp(x->s->b->scope.symbols[p->slot].name, "first_", 6) == 0;
        if (p->p.state != PATTERN_CONFIRMED || windowed) { /* what is past cannot be caught up on */
            continue;
        }
        const char *text = NULL;
        STRATA_TRY(review_pattern_rule(x->s, p, true, x->a, &text, err));
        STRATA_TRY(
            add_customers(x, (review_action){.kind = ACTION_PATTERN, .pattern = p}, text, err));
        n++;
    }
    return STRATA_OK;
}

/* The text as the rule language writes it: quotes doubled. */
static strata_status level_rule(const level_share *l, arena *a, const char **out, strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    strbuf_printf(&b, "%s = '", l->attribute);
    for (const char *c = l->level; *c != '\0'; c++) {
        strbuf_repeat(&b, *c, *c == '\'' ? 2 : 1);
    }
    strbuf_add_char(&b, '\'');
    STRATA_TRY(strbuf_status(&b, err));
    *out = arena_strdup(a, strbuf_text(&b));
    return *out != NULL ? STRATA_OK : out_of_memory(err);
}

static strata_status from_levels(acting *x, const level_list *levels, strata_error *err)
{
    for (size_t k = 0; k < levels->n; k++) {
        const level_share *l = &levels->items[k];
        if (!l->test.done || l->test.p_holm >= LEVEL || l->test.effect <= 0.0) {
            continue;
        }
        const char *text = NULL;
        STRATA_TRY(level_rule(l, x->a, &text, err));
        STRATA_TRY(add_customers(x, (review_action){.kind = ACTION_LEVEL, .level = l}, text, err));
    }
    return STRATA_OK;
}

static bool has_data(const review_subject *s, feature_id f)
{
    return s->b->scope.symbols[f].missing_because == NULL;
}

/* Fewer have grown than of the peers, beyond chance. */
static bool grows_less(const review_growth *g)
{
    interval i = newcombe_interval(g->expanded.hits, g->expanded.of, g->others.hits, g->others.of);
    return g->expanded.stated && g->others.stated && i.high < 0.0;
}

strata_status review_actions_make(const context *cx, const review_subject *s, const char *where,
                                  const review_findings *found, arena *a, review_actions *out,
                                  strata_error *err)
{
    acting x = {.cx = cx,
                .s = s,
                .a = a,
                .where = where,
                .items = ARENA_NEW(a, REVIEW_ACTIONS_MAX, review_action)};
    if (x.items == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(onboarding(&x, found->churn, err));
    STRATA_TRY(from_patterns(&x, found->patterns, err));
    STRATA_TRY(from_levels(&x, &found->churn->levels, err));
    if (has_data(s, FEATURE_RENEWAL_IN)) {
        STRATA_TRY(add_customers(&x, (review_action){.kind = ACTION_RENEWALS},
                                 "renewal_in <= 90 days", err));
    }
    STRATA_TRY(add_customers(&x, (review_action){.kind = ACTION_CONTRACTION},
                             "contraction_12m > expansion_12m", err));
    if (grows_less(found->growth)) {
        STRATA_TRY(add_customers(&x, (review_action){.kind = ACTION_EXPANSION},
                                 "expansions_12m = 0", err));
    }
    *out = (review_actions){.items = x.items, .n = x.n};
    return STRATA_OK;
}
