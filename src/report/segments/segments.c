/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/segments.h"

#include <math.h>
#include <stdio.h>

#include "report/report.h"

enum {
    COL_SEGMENT,
    COL_ACCOUNTS,
    COL_ACCOUNT_SHARE,
    COL_VALUE,
    COL_VALUE_SHARE,
    COL_NRR,
    COL_GRR,
    COL_CHURN,
    COL_HEALTH,
    COL_SINCE,
    COL_TREND,
    N_COLUMNS
};

/* What one table is made from. */
typedef struct segments_table {
    document *d;
    const view *v;
    const profile *p;
    size_t n_shown;      /* segments */
    size_t n;            /* columns in use */
    int used[N_COLUMNS]; /* which, in order */
    words since, too_few;
} segments_table;

static bool has_health(const profile *p)
{
    return p->total.health.n > 0;
}

static bool shows(const profile *p, int which)
{
    switch (which) {
    case COL_VALUE:
    case COL_VALUE_SHARE:
        return p->has_value;
    case COL_NRR:
    case COL_GRR:
    case COL_CHURN:
        return p->has_arr;
    case COL_HEALTH:
        return has_health(p);
    case COL_TREND:
        return p->has_trend;
    default:
        return true;
    }
}

/* --- the finding --- */

/* The segment whose share of the value is furthest above its share of the accounts; without values
 * the largest. NULL without accounts. */
static const segment_profile *leading(const profile *p)
{
    const segment_profile *best = NULL;
    double most = -INFINITY;
    for (size_t i = 0; i < p->n_segments; i++) {
        const segment_profile *s = &p->segments[i];
        double lead = p->has_value && s->value_share.known && s->account_share.known
                          ? s->value_share.x - s->account_share.x
                          : (double)s->accounts;
        if (s->accounts > 0 && lead > most) {
            best = s;
            most = lead;
        }
    }
    return best;
}

void report_segment_share(strbuf *out, const view *v, const profile *p, const segment_profile *s)
{
    bool bears_shares = (double)p->accounts >= v->b->model->quality.minimum_accounts;
    strbuf_printf(out, "%s: ", s->label);
    if (bears_shares && s->account_share.known) {
        strbuf_printf(out, "%s of accounts", words_share(s->account_share.x).text);
    } else {
        strbuf_printf(out, "%s of %s", words_count((int64_t)s->accounts).text,
                      words_things((int64_t)p->accounts, "account").text);
    }
    if (p->has_value && s->value_share.known) {
        strbuf_printf(out, ", %s of %s", words_share(s->value_share.x).text,
                      p->has_arr ? "ARR" : "spend");
    }
}

void report_segments_title(strbuf *out, const view *v, const profile *p)
{
    const segment_profile *s = leading(p);
    if (s == NULL) {
        strbuf_printf(out, "%s: no account is in any segment", p->label);
        return;
    }
    report_segment_share(out, v, p, s);
}

/* Only where the interval leaves the whole portfolio's rate out is a difference claimed. */
static void put_churn_finding(const segments_table *t, doc_section *s)
{
    const segment_profile *worst = NULL;
    for (size_t i = 0; i < t->p->n_segments; i++) {
        const segment_profile *one = &t->p->segments[i];
        if (one->logo_churn.stated &&
            (worst == NULL || one->logo_churn.share > worst->logo_churn.share)) {
            worst = one;
        }
    }
    const share_figure *all = &t->p->total.logo_churn;
    if (worst != NULL && all->stated && worst->logo_churn.low > all->share) {
        doc_paragraph(s, "Most churn in 12 months: **%s**, %s of %s, against %s of all.",
                      SAFE(t->d, worst->label), words_rate_range(worst->logo_churn).text,
                      words_things((int64_t)worst->logo_churn.of, "account").text,
                      words_rate(*all).text);
    }
}

/* --- cells --- */

/* Where figures about the members of a segment come from. */
static doc_cell member_cell(const segments_table *t, const segment_profile *s, doc_cell cell,
                            const char *definition, const char *inputs)
{
    segment_code code = s == &t->p->total ? SEGMENT_ABSENT : s->code;
    return with_origin(cell,
                       report_segment_origin(t->d, t->v->b, t->p->def, code, definition, inputs));
}

/* Where figures about the members of a year ago come from. */
static doc_cell past_cell(const segments_table *t, doc_cell cell, const char *definition)
{
    char inputs[2 * WORDS_TEXT];
    (void)snprintf(inputs, sizeof inputs, "arr, arr_12m_ago and memberships of %s",
                   words_day(t->p->year_ago).text);
    return with_origin(cell, document_provenance(t->d, definition, inputs, NULL));
}

static const char *value_definition(const segments_table *t)
{
    return feature_get(t->p->has_arr ? FEATURE_ARR : FEATURE_SPEND_365D)->definition;
}

static doc_cell size_cell(const segments_table *t, const segment_profile *s, int which)
{
    const char *name = t->p->name;
    const char *value = t->p->has_arr ? "arr" : "spend_365d";
    if (which == COL_ACCOUNTS) {
        return member_cell(t, s, cell_count((int64_t)s->accounts),
                           "Accounts in the segment at the as-of date.", name);
    }
    if (which == COL_ACCOUNT_SHARE) {
        return member_cell(t, s, report_figure_cell(s->account_share, CELL_SHARE),
                           "Accounts of the segment over all accounts in segments.", name);
    }
    if (which == COL_VALUE) {
        return member_cell(t, s, cell_money(s->value_minor), value_definition(t), value);
    }
    return member_cell(t, s, report_figure_cell(s->value_share, CELL_SHARE),
                       "Value of the segment's accounts over that of all accounts in segments.",
                       value);
}

static doc_cell outcome_cell(const segments_table *t, const segment_profile *s, int which)
{
    if (which == COL_NRR) {
        return past_cell(t, report_ratio_cell(s->nrr, t->too_few.text),
                         "Net revenue retention, point to point: ARR now of the accounts that were "
                         "in the segment a year ago and had ARR then, over their ARR then.");
    }
    if (which == COL_GRR) {
        return past_cell(t, report_ratio_cell(s->grr, t->too_few.text),
                         "Gross revenue retention, point to point: as net revenue retention, but "
                         "each account counts with at most its ARR of a year ago.");
    }
    return past_cell(t, report_rate_cell(s->logo_churn, t->too_few.text),
                     "Accounts that were in the segment a year ago and had ARR then, and have none "
                     "now, over all that were in it and had ARR.");
}

static doc_cell cell_for(const segments_table *t, const segment_profile *s, int which,
                         double trend[VIEW_TREND])
{
    switch (which) {
    case COL_SEGMENT:
        return cell_text(s->label);
    case COL_ACCOUNTS:
    case COL_ACCOUNT_SHARE:
    case COL_VALUE:
    case COL_VALUE_SHARE:
        return size_cell(t, s, which);
    case COL_NRR:
    case COL_GRR:
    case COL_CHURN:
        return outcome_cell(t, s, which);
    case COL_HEALTH:
        return member_cell(t, s, cell_number(s->health.n > 0 ? s->health.median : NAN),
                           "Median of health among the segment's accounts for which it is known.",
                           "health");
    case COL_SINCE:
        return member_cell(t, s, cell_change((int64_t)s->accounts - (int64_t)s->accounts_since),
                           "Accounts in the segment at the as-of date less those at the date "
                           "compared with.",
                           t->p->name);
    default:
        break;
    }
    for (size_t i = 0; i < VIEW_TREND; i++) {
        trend[i] = (double)s->trend_accounts[i];
    }
    return cell_spark(trend, VIEW_TREND);
}

/* A tier that nobody is in says something; an attribute's level without accounts does not. */
static bool is_shown(const segments_table *t, const segment_profile *s)
{
    const model_dimension *m = &t->v->b->model->dimensions[t->p->def->index];
    return m->kind != DIMENSION_BY || s->accounts > 0 || s->accounts_since > 0;
}

static void put_row(const segments_table *t, doc_table *table, const segment_profile *s, bool total)
{
    doc_cell cells[N_COLUMNS];
    double trend[VIEW_TREND];
    for (size_t c = 0; c < t->n; c++) {
        cells[c] = cell_for(t, s, t->used[c], trend);
    }
    if (total) {
        doc_row_total(table, cells);
    } else {
        doc_row(table, cells);
    }
}

static void put_outside(const segments_table *t, doc_table *table)
{
    doc_cell cells[N_COLUMNS];
    if (t->p->outside == 0) {
        return;
    }
    for (size_t c = 0; c < t->n; c++) {
        cells[c] = cell_empty(NULL);
    }
    cells[0] = cell_text(t->p->outside_label);
    cells[1] = cell_count((int64_t)t->p->outside);
    doc_row_total(table, cells);
}

/* --- the table --- */

static doc_table *new_table(segments_table *t, doc_section *s)
{
    const doc_column all[N_COLUMNS] = {
        [COL_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [COL_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [COL_ACCOUNT_SHARE] =
            {.key = "account_share", .label = "%", .type = CELL_SHARE, .priority = 2, .bar = true},
        [COL_VALUE] = {.key = t->p->has_arr ? "arr" : "spend_365d",
                       .label = t->p->has_arr ? "ARR" : "Spend 365 d",
                       .type = CELL_MONEY},
        [COL_VALUE_SHARE] = {.key = t->p->has_arr ? "arr_share" : "spend_share",
                             .label = "%",
                             .type = CELL_SHARE,
                             .priority = 1,
                             .bar = true},
        [COL_NRR] = {.key = "nrr_12m", .label = "NRR 12m", .type = CELL_SHARE, .priority = 1},
        [COL_GRR] = {.key = "grr_12m", .label = "GRR 12m", .type = CELL_SHARE, .priority = 4},
        [COL_CHURN] = {.key = "churn_12m", .label = "Churn", .type = CELL_SHARE, .priority = 2},
        [COL_HEALTH] = {.key = "health", .label = "Health", .type = CELL_NUMBER, .priority = 3},
        [COL_SINCE] = {.key = "since", .label = t->since.text, .type = CELL_CHANGE, .priority = 3},
        [COL_TREND] = {.key = "trend", .label = "12 months", .type = CELL_SPARK, .priority = 5},
    };
    doc_column columns[N_COLUMNS];
    for (int c = 0; c < N_COLUMNS; c++) {
        if (shows(t->p, c)) {
            columns[t->n] = all[c];
            t->used[t->n++] = c;
        }
    }
    return doc_table_new(s, "segments", NULL, columns, t->n);
}

/* --- what it rests on --- */

/* Accounts that no rule but the last, `otherwise`, takes. */
static const segment_profile *otherwise_of(const segments_table *t)
{
    const model_dimension *m = &t->v->b->model->dimensions[t->p->def->index];
    if (m->kind != DIMENSION_TIERS || m->ordered || m->n_tiers == 0 ||
        m->tiers[m->n_tiers - 1].when.text != NULL) {
        return NULL;
    }
    for (size_t i = 0; i < t->p->n_segments; i++) {
        if (t->p->segments[i].code == m->n_tiers - 1) {
            return &t->p->segments[i];
        }
    }
    return NULL;
}

static void put_ground(const segments_table *t, doc_section *s)
{
    strbuf text STRBUF_AUTO;
    strbuf_init(&text, 0);
    size_t pinned = report_count_pinned(t->v, t->p->def);
    const segment_profile *rest = otherwise_of(t);
    strbuf_printf(&text, "%s, each account in exactly one.",
                  words_things((int64_t)t->n_shown, "segment").text);
    if (rest != NULL && rest->accounts > 0) {
        strbuf_printf(&text, " %s match%s no other rule and land in **%s**.",
                      words_things((int64_t)rest->accounts, "account").text,
                      rest->accounts == 1 ? "es" : "", SAFE(t->d, rest->label));
    }
    if (pinned > 0) {
        strbuf_printf(&text, " %s %s pinned by hand.",
                      words_things((int64_t)pinned, "account").text, pinned == 1 ? "is" : "are");
    }
    doc_paragraph(s, "%s", strbuf_text(&text));
}

static void put_missing(const segments_table *t, doc_section *s)
{
    if (!t->p->has_arr) {
        doc_note(s, "missing", "NRR, GRR, churn and ARR: a source `arr` would switch them on%s.",
                 t->p->has_value ? "; value is spend in 365 days" : "");
    }
}

void report_segments(document *d, doc_section *parent, const view *v, const profile *p)
{
    segments_table t = {.d = d,
                        .v = v,
                        .p = p,
                        .since = words_since(p->since, p->as_of),
                        .too_few = report_too_few(v->b)};
    doc_section *s = document_section(d, parent, "segments", NULL);
    if (p->has_arr) {
        put_churn_finding(&t, s);
    }
    doc_table *table = new_table(&t, s);
    for (size_t i = 0; i < p->n_segments; i++) {
        if (is_shown(&t, &p->segments[i])) {
            put_row(&t, table, &p->segments[i], false);
            t.n_shown++;
        }
    }
    put_row(&t, table, &p->total, true);
    put_outside(&t, table);
    if (p->has_arr) {
        doc_table_footnote(table,
                           "NRR, GRR and churn follow the accounts of %s, wherever they are now.",
                           words_day(p->year_ago).text);
    }
    put_ground(&t, s);
    put_missing(&t, s);
    report_segments_charts(d, s, v, p);
}
