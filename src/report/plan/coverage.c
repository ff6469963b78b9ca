/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/coverage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/number.h"
#include "document/chart.h"
#include "report/plan/capacity.h"
#include "report/plan/touch_words.h"
#include "report/report.h"

enum { CHANGES_SHOWN = 5 };

static double hours(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

static bool can_say(const coverage_input *in)
{
    return in->c->right.n + in->c->under.n + in->c->over.n > 0;
}

static const char *value_label(const coverage_input *in)
{
    return in->v->value_label != NULL ? in->v->value_label : "Value";
}

static doc_cell money_if(bool known, int64_t minor, const char *why)
{
    return known ? cell_money(minor) : cell_empty(why);
}

static const char no_value[] = "no ARR and no orders";
static const char no_stake[] = "needs ARR of more than a year";

void report_coverage_title(strbuf *out, const coverage_input *in)
{
    const coverage *c = in->c;
    if (!can_say(in)) {
        strbuf_printf(out, in->w->n_accounts == 0 ? "Nobody is a customer on that day"
                                                  : "What touch accounts get is not known");
        return;
    }
    strbuf_printf(out, "%s %s less touch than they should, %s more",
                  words_things((int64_t)c->under.n, "account").text,
                  c->under.n == 1 ? "gets" : "get", words_count((int64_t)c->over.n).text);
}

/* --- how well touch fits --- */

static void put_fit(doc_table *t, const coverage_input *in, const char *label,
                    const coverage_sum *sum, bool total)
{
    const doc_cell cells[] = {
        cell_text(label),
        cell_count((int64_t)sum->n),
        money_if(in->v->value != NULL, sum->value_minor, no_value),
        cell_number(hours(sum->minutes)),
        money_if(in->s->known, sum->stake_minor, no_stake),
    };
    (total ? doc_row_total : doc_row)(t, cells);
}

/* "accounts have", "3 accounts without a touch level have" */
static words words_have(size_t n, bool some)
{
    words text;
    (void)snprintf(text.text, sizeof text.text, "%.40s%s %s",
                   some ? words_things((int64_t)n, "account").text : "accounts",
                   some ? " without a touch level" : "", some && n == 1 ? "has" : "have");
    return text;
}

static void put_sums(document *d, doc_section *parent, const coverage_input *in)
{
    const coverage *c = in->c;
    const doc_column columns[] = {
        {.key = "fit", .label = "Touch", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value", .label = value_label(in), .type = CELL_MONEY},
        {.key = "hours", .label = "Hours a year it would take", .type = CELL_NUMBER},
        {.key = "at_stake", .label = "At stake", .type = CELL_MONEY, .priority = 1},
    };
    coverage_sum all = {0};
    const coverage_sum *const parts[] = {&c->right, &c->under, &c->over, &c->unknown};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++) {
        all.n += parts[k]->n;
        all.value_minor += parts[k]->value_minor;
        all.minutes += parts[k]->minutes;
        all.stake_minor += parts[k]->stake_minor;
    }
    doc_section *s = document_section(d, parent, "fit", "What they get against what they should");
    doc_table *t = doc_table_new(s, "fit", NULL, columns, 5);
    put_fit(t, in, "less than it should be", &c->under, false);
    put_fit(t, in, "as it should be", &c->right, false);
    put_fit(t, in, "more than it should be", &c->over, false);
    if (c->unknown.n > 0) {
        put_fit(t, in, "not known", &c->unknown, false);
        doc_table_footnote(t, "Not known: neither a column 'coverage' nor touchpoints of 90 days "
                              "say what touch they get; they are in none of the lists.");
    }
    put_fit(t, in, "All", &all, true);
    if (c->unread != NULL) {
        doc_note(s, "warning",
                 "Coverage '%s' is no touch level (%s); name it high, medium, low or digital with "
                 "`values` of the source 'accounts'.",
                 SAFE(d, c->unread), words_things((int64_t)c->n_unread, "account").text);
    }
    if (c->n_by_touches > 0) {
        doc_note(s, "note",
                 "What %s is read from their touchpoints: the richest level of whose touchpoints "
                 "half were held. The column 'coverage' of accounts would say what is meant.",
                 words_have(c->n_by_touches, c->has_attribute).text);
    }
    if (!c->has_touchpoints) {
        doc_note(s, "missing",
                 "Whether planned touchpoints are held: needs a source 'touchpoints'.");
    }
}

/* --- what it would bring --- */

static doc_cell money_of(double minor)
{
    return cell_money(llround(minor));
}

static void put_brings(doc_table *t, const char *what, const touch_range *r, const touch_effect *e)
{
    doc_row(t, (doc_cell[]){cell_text(what), money_of(r->low), money_of(r->likely),
                            money_of(r->high), cell_text(touch_source(e))});
}

/* A range, never a point: what touch does is measured between limits, or assumed so. */
static void put_effect(document *d, doc_section *parent, const coverage_input *in)
{
    const coverage_sum *under = &in->c->under;
    const touch_range kept = touch_brings(in->effect, in->s->known, under->stake_minor);
    const touch_range grown = touch_brings(in->growth, in->s->known, under->grows_minor);
    if (under->n == 0) {
        return;
    }
    if (kept.side == TOUCH_UNKNOWN && grown.side == TOUCH_UNKNOWN) {
        doc_section *s = document_section(d, parent, "effect", "What it would bring is not known");
        doc_note(s, "missing",
                 "The effect as a range: needs ARR and touchpoints of more than a year, and enough "
                 "accounts with and without; or an assumption: engagement: {effect: {low: 5%%, "
                 "likely: 15%%, high: 25%%}}.");
        return;
    }
    const doc_column columns[] = {
        {.key = "what", .label = "In a year", .type = CELL_TEXT},
        {.key = "low", .label = "Low", .type = CELL_MONEY},
        {.key = "likely", .label = "Likely", .type = CELL_MONEY},
        {.key = "high", .label = "High", .type = CELL_MONEY},
        {.key = "source", .label = "From", .type = CELL_TEXT, .priority = 1}};
    doc_section *s = document_section(
        d, parent, "effect",
        touch_title("the missing touch", &kept, &grown, report_currency(in->v->b)).text);
    doc_table *t = doc_table_new(s, "effect", NULL, columns, 5);
    if (kept.side != TOUCH_UNKNOWN) {
        put_brings(t, "ARR kept with those that get too little", &kept, in->effect);
    }
    if (grown.side != TOUCH_UNKNOWN) {
        put_brings(t, "ARR more by growth with them", &grown, in->growth);
    }
    doc_table_footnote(t, "Accounts with at least half of the planned touchpoints against accounts "
                          "of the same segment and health band with fewer; `strata capacity` has "
                          "the counts.");
}

/* --- from what to what --- */

static void put_matrix(doc_section *s, const coverage_input *in)
{
    double counts[TOUCH_LEVELS * TOUCH_LEVELS] = {0};
    const char *names[TOUCH_LEVELS];
    for (size_t i = 0; i < TOUCH_LEVELS; i++) {
        names[i] = touch_level_names[TOUCH_LEVELS - 1 - i];
    }
    for (size_t i = 0; i < in->w->n; i++) {
        const coverage_case *c = &in->c->cases[i];
        if (c->fit != FIT_NONE) {
            size_t row = TOUCH_LEVELS - 1 - (size_t)c->has;
            size_t at = TOUCH_LEVELS - 1 - (size_t)c->should;
            counts[row * TOUCH_LEVELS + at] += 1.0;
        }
    }
    const chart_grid grid = {.row_title = "has",
                             .column_title = "should have",
                             .rows = names,
                             .columns = names,
                             .n_rows = TOUCH_LEVELS,
                             .n_columns = TOUCH_LEVELS,
                             .values = counts,
                             .format = CHART_COUNT,
                             .unshaded_diagonal = true};
    const chart_theme theme = {0};
    doc_chart(s, "levels", "Accounts by the touch they have and should have",
              "A matrix of accounts; right of the diagonal they get more than they should.",
              chart_matrix(&theme, &grid));
}

/* --- the changes worth most --- */

static const char *change_words(const coverage_input *in, const coverage_change *x, arena *a)
{
    const char *segment = in->e->segments[x->segment].label;
    const char *has = touch_level_names[x->has];
    const char *should = touch_level_names[x->should];
    if (x->has == x->should) {
        return arena_printf(a, "Hold the touchpoints planned for %s accounts (%s)", segment, has);
    }
    return arena_printf(a, "%s %s accounts from %s to %s", x->has < x->should ? "Raise" : "Lower",
                        segment, has, should);
}

static strata_status put_change(document *d, doc_table *t, const coverage_input *in,
                                const coverage_change *x, arena *a, strata_error *err)
{
    const char *text = change_words(in, x, a);
    STRBUF_AUTO strbuf where;
    strbuf_init(&where, 0);
    report_segment_where(&where, in->v->b, in->e->def, x->segment);
    STRATA_TRY(strbuf_status(&where, err));
    if (text == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    int origin = document_provenance(
        d,
        x->has <= x->should
            ? "ARR of the accounts times the share of ARR that accounts of the same segment and "
              "health band lost in the last 12 months"
            : "hours that come free times the ARR at stake for each hour that under-served "
              "accounts lack",
        "arr, health, coverage, touches_365d, engagement", strbuf_text(&where));
    const doc_cell cells[] = {
        cell_text(text),
        cell_count((int64_t)x->sum.n),
        money_if(in->v->value != NULL, x->sum.value_minor, no_value),
        cell_number(hours(x->sum.minutes)),
        with_origin(money_if(in->s->known, x->worth_minor, no_stake), origin),
        cell_text(x->has <= x->should ? "stands to be lost in a year"
                                      : "guarded elsewhere with these hours"),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

static strata_status put_changes(document *d, doc_section *parent, const coverage_input *in,
                                 arena *a, strata_error *err)
{
    const coverage *c = in->c;
    const doc_column columns[] = {
        {.key = "change", .label = "Change", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "value", .label = value_label(in), .type = CELL_MONEY, .priority = 1},
        {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER},
        {.key = "worth", .label = "Worth", .type = CELL_MONEY, .bar = true},
        {.key = "worth_is", .label = "that", .type = CELL_TEXT, .priority = 2},
    };
    if (c->n_changes == 0) {
        return STRATA_OK;
    }
    size_t shown = c->n_changes < CHANGES_SHOWN ? c->n_changes : CHANGES_SHOWN;
    char title[WORDS_TEXT];
    (void)snprintf(title, sizeof title,
                   shown == 1 ? "The change worth most" : "The %zu changes worth most", shown);
    doc_section *s = document_section(d, parent, "changes", title);
    put_matrix(s, in);
    doc_table *t = doc_table_new(s, "changes", NULL, columns, 6);
    for (size_t i = 0; i < shown; i++) {
        STRATA_TRY(put_change(d, t, in, &c->changes[i], a, err));
    }
    doc_paragraph(s, "What is at stake is not what more touch would save: how much of it touch can "
                     "save has to be measured. Hours are those of the touch levels in the model "
                     "file, times each account's complexity.");
    return STRATA_OK;
}

/* --- the accounts --- */

typedef struct listed {
    size_t account;
    bool later;   /* behind those that the list is for */
    int64_t rank; /* higher first */
} listed;

static int by_rank(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->later != y->later) {
        return x->later ? 1 : -1;
    }
    if (x->rank != y->rank) {
        return x->rank > y->rank ? -1 : 1;
    }
    return x->account < y->account ? -1 : x->account > y->account;
}

/* "health 48 (+1), growth 31.0 % (+1)": the factors that count. */
static void put_factors(strbuf *out, const coverage_input *in, size_t i)
{
    const coverage_case *c = &in->c->cases[i];
    const char *currency = report_currency(in->v->b);
    const double *growth = segmentation_column(in->v->s, FEATURE_ARR_GROWTH_12M).num;
    const engaged_segment *s = &in->e->segments[in->w->codes[i]];
    strbuf_printf(out, "%s calls for %s", s->label, touch_level_names[s->touch]);
    if (c->points[FACTOR_HEALTH] != 0) {
        strbuf_printf(out, ", health %s (%+d)",
                      words_value(in->s->health[i], VALUE_NUMBER, currency).text,
                      c->points[FACTOR_HEALTH]);
    }
    if (c->points[FACTOR_GROWTH] != 0) {
        strbuf_printf(out, ", ARR growth %s (%+d)", words_share(growth[i]).text,
                      c->points[FACTOR_GROWTH]);
    }
    if (c->points[FACTOR_COMPLEXITY] != 0) {
        char weight[NUMBER_TEXT];
        number_format(in->w->weight[i], 1, weight);
        strbuf_printf(out, ", complexity %s times the mean (%+d)", weight,
                      c->points[FACTOR_COMPLEXITY]);
    }
}

enum {
    L_ID,
    L_NAME,
    L_SEGMENT,
    L_HAS,
    L_SHOULD,
    L_VALUE,
    L_HEALTH,
    L_HELD,
    L_PLANNED,
    L_HOURS,
    L_STAKE,
    L_WHY,
    L_COLUMNS
};

static doc_table *list_table(doc_section *s, const char *id, const coverage_input *in)
{
    const doc_column columns[L_COLUMNS] = {
        [L_ID] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [L_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        [L_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT, .priority = 1},
        [L_HAS] = {.key = "has", .label = "Has", .type = CELL_TEXT},
        [L_SHOULD] = {.key = "should_have", .label = "Should", .type = CELL_TEXT},
        [L_VALUE] = {.key = "value", .label = value_label(in), .type = CELL_MONEY},
        [L_HEALTH] = {.key = "health", .label = "Health", .type = CELL_NUMBER, .priority = 1},
        [L_HELD] = {.key = "touches_held",
                    .label = "Touches held",
                    .type = CELL_NUMBER,
                    .priority = 3},
        [L_PLANNED] = {.key = "touches_planned",
                       .label = "of planned",
                       .type = CELL_NUMBER,
                       .priority = 3},
        [L_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .decimals = 1},
        [L_STAKE] = {.key = "at_stake", .label = "At stake", .type = CELL_MONEY, .priority = 1},
        [L_WHY] = {.key = "why", .label = "Why", .type = CELL_TEXT, .priority = 4},
    };
    return doc_table_new(s, id, NULL, columns, L_COLUMNS);
}

static strata_status put_account(doc_table *t, const coverage_input *in, size_t i, strbuf *why,
                                 strata_error *err)
{
    const view *v = in->v;
    const coverage_case *c = &in->c->cases[i];
    strbuf_clear(why);
    put_factors(why, in, i);
    STRATA_TRY(strbuf_status(why, err));
    double health = in->s->health != NULL ? in->s->health[i] : (double)NAN;
    const doc_cell cells[L_COLUMNS] = {
        [L_ID] = cell_text(v->p->ids[i]),
        [L_NAME] = cell_text(v->p->names[i]),
        [L_SEGMENT] = cell_text(in->e->segments[in->w->codes[i]].label),
        [L_HAS] = cell_text(touch_level_names[c->has]),
        [L_SHOULD] = cell_text(c->not_held ? "what is planned" : touch_level_names[c->should]),
        [L_VALUE] = money_if(v->value != NULL, view_value_minor(v, i), no_value),
        [L_HEALTH] = isnan(health) ? cell_empty("not known") : cell_number(health),
        [L_HELD] = isnan(c->held) ? cell_empty("needs touchpoints") : cell_number((double)c->held),
        [L_PLANNED] = cell_number((double)c->planned),
        [L_HOURS] = cell_number(hours(c->minutes)),
        [L_STAKE] = money_if(in->s->known, in->s->minor[i], no_stake),
        [L_WHY] = cell_text(strbuf_text(why)),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

/* Under-served: most at stake first. Over-served: most hours first. Of accounts worth nothing,
 * those with the larger value. */
static int64_t rank_of(const coverage_input *in, size_t i, coverage_fit fit)
{
    if (fit == FIT_OVER) {
        return -(int64_t)in->c->cases[i].minutes;
    }
    return in->s->known ? in->s->minor[i] : view_value_minor(in->v, i);
}

/* Under-served and at risk, over-served and quiet: those to begin with. Unknown health is neither.
 */
static bool is_pressing(const coverage_input *in, size_t i, coverage_fit fit)
{
    const int band = in->s->band[i];
    return fit == FIT_UNDER ? band == BAND_RED : band == BAND_YELLOW || band == BAND_GREEN;
}

typedef struct list_kind {
    coverage_fit fit;
    const char *id, *more, *pressing, *footnote, *without_health;
} list_kind;

static strata_status put_list(document *d, doc_section *parent, const coverage_input *in,
                              const list_kind *kind, strata_error *err)
{
    STRATA_AUTO_FREE listed *items = STRATA_NEW_ARRAY(in->w->n + 1, listed);
    STRBUF_AUTO strbuf why;
    strbuf_init(&why, 0);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = 0;
    size_t pressing = 0;
    for (size_t i = 0; i < in->w->n; i++) {
        if (in->c->cases[i].fit == kind->fit) {
            bool later = !is_pressing(in, i, kind->fit);
            pressing += !later;
            items[n++] = (listed){i, later, rank_of(in, i, kind->fit)};
        }
    }
    qsort(items, n, sizeof *items, by_rank);
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "%s %s %s than they should", words_things((int64_t)n, "account").text,
                  n == 1 ? "gets" : "get", kind->more);
    if (in->s->has_health) {
        strbuf_printf(&title, ", %s of them %s", words_count((int64_t)pressing).text,
                      kind->pressing);
    }
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(d, parent, kind->id, strbuf_text(&title));
    doc_table *t = list_table(s, kind->id, in);
    size_t shown = n < in->limit ? n : in->limit;
    for (size_t k = 0; k < shown; k++) {
        STRATA_TRY(put_account(t, in, items[k].account, &why, err));
    }
    doc_table_footnote(t, "%s", in->s->has_health ? kind->footnote : kind->without_health);
    if (shown < n) {
        doc_table_footnote(t, "%zu of %zu shown; --limit shows more.", shown, n);
    }
    return STRATA_OK;
}

strata_status report_coverage(document *d, doc_section *parent, const coverage_input *in,
                              strata_error *err)
{
    static const list_kind under = {
        .fit = FIT_UNDER,
        .id = "under_served",
        .more = "less",
        .pressing = "at risk",
        .footnote = "At risk (health under 60) first, of these the most at stake.",
        .without_health = "The most at stake first; who is at risk is not known without health."};
    static const list_kind over = {
        .fit = FIT_OVER,
        .id = "over_served",
        .more = "more",
        .pressing = "quiet",
        .footnote = "Quiet (health 60 or more) first, of these the most hours that come free.",
        .without_health = "The most hours that come free first; health is not known."};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    if (in->w->n_accounts == 0) {
        doc_section *s = document_section(d, parent, "fit", "Nobody to look after");
        doc_note(s, "missing",
                 "Who gets more or less than they should: no account is in a segment "
                 "that is looked after.");
        return STRATA_OK;
    }
    if (!can_say(in)) {
        doc_section *s = document_section(d, parent, "fit", "Touch is not recorded");
        doc_note(s, "missing",
                 "Who gets more or less than they should: needs a column 'coverage' in accounts "
                 "(high, medium, low, digital), or a source 'touchpoints'.");
        return STRATA_OK;
    }
    put_sums(d, parent, in);
    put_effect(d, parent, in);
    STRATA_TRY(put_changes(d, parent, in, a, err));
    if (in->c->under.n > 0) {
        STRATA_TRY(put_list(d, parent, in, &under, err));
    }
    return in->c->over.n > 0 ? put_list(d, parent, in, &over, err) : STRATA_OK;
}
