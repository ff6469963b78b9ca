/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/segment_page.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "document/chart.h"
#include "report/report.h"
#include "report/segments/segment_outcomes.h"
#include "report/segments/segment_traits.h"
#include "report/segments/segments.h"

void report_segment_title(strbuf *out, const view *v, const profile *p, const segment_profile *s)
{
    report_segment_share(out, v, p, s);
    if (p->has_arr && s->logo_churn.of > 0) {
        strbuf_printf(out, ", %s churned in 12 months", words_rate(s->logo_churn).text);
    }
}

/* --- headline figures --- */

static void put_size(document *d, doc_section *s, const view *v, const profile *p,
                     const segment_profile *one)
{
    char below[3 * WORDS_TEXT];
    int64_t change = (int64_t)one->accounts - (int64_t)one->accounts_since;
    int origin = report_segment_origin(d, v->b, p->def, one->code,
                                       "Accounts in the segment at the as-of date.", p->name);
    (void)snprintf(below, sizeof below, "%s%s since %s", change > 0 ? "+" : "",
                   words_count(change).text, words_day(p->since).text);
    doc_figure(s, "Accounts", with_origin(cell_count((int64_t)one->accounts), origin), below);
    if (!p->has_value) {
        return;
    }
    words median = words_value(one->value.median, VALUE_MONEY, report_currency(v->b));
    (void)snprintf(below, sizeof below, "median %s an account",
                   one->value.n > 0 ? median.text : "not known");
    origin = report_segment_origin(
        d, v->b, p->def, one->code,
        feature_get(p->has_arr ? FEATURE_ARR : FEATURE_SPEND_365D)->definition,
        p->has_arr ? "arr" : "spend_365d");
    doc_figure(s, p->value_label, with_origin(cell_money(one->value_minor), origin), below);
}

static void put_outcomes(document *d, doc_section *s, const view *v, const segment_profile *one)
{
    static const char inputs[] = "arr, arr_12m_ago, memberships a year ago";
    words too_few = report_too_few(v->b);
    words churn = words_rate(one->logo_churn);
    char below[3 * WORDS_TEXT];
    int origin = document_provenance(d,
                                     "ARR now of the accounts that were in the segment a year ago "
                                     "and had ARR then, over their ARR then (point to point).",
                                     inputs, NULL);
    (void)snprintf(below, sizeof below, "of %s a year ago",
                   words_things((int64_t)one->nrr.accounts, "account").text);
    if (one->nrr.stated) {
        char least[NUMBER_TEXT];
        number_format_share(one->nrr.low, least);
        (void)snprintf(below, sizeof below, "%s to %s; GRR %s", least,
                       words_share(one->nrr.high).text, words_share(one->grr.ratio).text);
    }
    doc_figure(s, "NRR 12 months", with_origin(report_ratio_cell(one->nrr, too_few.text), origin),
               below);
    origin = document_provenance(d,
                                 "Accounts that were in the segment a year ago and had ARR then, "
                                 "and have none now, over all that were in it and had ARR.",
                                 inputs, NULL);
    doc_cell cell =
        one->logo_churn.stated ? cell_share(one->logo_churn.share) : cell_text(churn.text);
    (void)snprintf(below, sizeof below, "of %s a year ago",
                   words_things((int64_t)one->logo_churn.of, "account").text);
    doc_figure(s, "Churned in 12 months", with_origin(cell, origin),
               one->logo_churn.stated ? below : "accounts of a year ago");
}

static void put_figures(document *d, doc_section *s, const view *v, const profile *p,
                        const segment_profile *one)
{
    put_size(d, s, v, p, one);
    if (p->has_arr) {
        put_outcomes(d, s, v, one);
    }
    if (one->health.n > 0) {
        char below[2 * WORDS_TEXT];
        (void)snprintf(below, sizeof below, "median; half between %.0f and %.0f", one->health.q1,
                       one->health.q3);
        int origin = report_segment_origin(d, v->b, p->def, one->code,
                                           "Median of health among the segment's accounts for "
                                           "which it is known.",
                                           "health");
        doc_figure(s, "Health", with_origin(cell_count(llround(one->health.median)), origin),
                   below);
    }
}

/* --- what it is --- */

static strata_status put_meaning(document *d, doc_section *parent, const view *v, const profile *p,
                                 const segment_profile *one, strata_error *err)
{
    doc_section *s = document_section(d, parent, "meaning", "What it is");
    strbuf when STRBUF_AUTO;
    strbuf_init(&when, 0);
    STRATA_TRY(report_segment_when(&when, v->b, p->def, one->code, err));
    doc_bullet(s, "**When:** %s.", SAFE(d, strbuf_text(&when)));
    if (one->strategy != NULL) {
        doc_bullet(s, "**Strategy:** %s.", SAFE(d, one->strategy));
    }
    if (one->motion != NULL) {
        doc_bullet(s, "**Motion:** %s.", SAFE(d, one->motion));
    }
    return STRATA_OK;
}

/* --- against all --- */

/* A word about ARR over the year: what the accounts of then gained and lost. */
static void put_movements(doc_section *s, const view *v, const segment_profile *one)
{
    const char *currency = report_currency(v->b);
    if (one->nrr.accounts == 0) {
        return;
    }
    doc_paragraph(s,
                  "The %s that were here a year ago had %s of ARR. Since then they gained %s by "
                  "expansion, lost %s by contraction and %s by churn.",
                  words_things((int64_t)one->nrr.accounts, "account").text,
                  words_money(one->nrr.base_minor, currency).text,
                  words_money(one->gained_minor, currency).text,
                  words_money(one->shrunk_minor, currency).text,
                  words_money(one->churned_minor, currency).text);
}

static void put_comparison(document *d, doc_section *parent, const view *v, const profile *p,
                           const segment_profile *one)
{
    doc_section *s = document_section(d, parent, "outcomes", "What became of its accounts");
    put_movements(s, v, one);
    report_segment_outcomes(
        d, s, "outcomes",
        &(segment_outcomes){.v = v, .one = one, .all = &p->total, .expanded = true});
}

/* --- trend --- */

static void put_trend(doc_section *s, const view *v, const profile *p, const segment_profile *one)
{
    char periods[VIEW_TREND][DAY_TEXT];
    const char *names[VIEW_TREND];
    double accounts[VIEW_TREND];
    for (size_t m = 0; m < VIEW_TREND; m++) {
        day_format(p->trend_days[m], periods[m]);
        periods[m][7] = '\0'; /* "2026-06" */
        names[m] = periods[m];
        accounts[m] = (double)one->trend_accounts[m];
    }
    size_t n_names = 0;
    const char *const *segments = bound_segments(v->b, p->def, &n_names);
    chart_theme theme = {.currency = report_currency(v->b), .names = segments, .n_names = n_names};
    const chart_series series = {.name = one->label, .values = accounts};
    const chart_time trend = {.periods = names,
                              .n_periods = VIEW_TREND,
                              .series = &series,
                              .n_series = 1,
                              .format = CHART_COUNT,
                              .title = "Accounts",
                              .from_zero = true};
    doc_chart(s, "trend", "Accounts by month",
              "A line of the segment's accounts at the last twelve month ends.",
              chart_lines(&theme, &trend));
}

strata_status report_segment_page(document *d, doc_section *parent, const view *v, const profile *p,
                                  const segment_profile *s, strata_error *err)
{
    doc_section *head = document_section(d, parent, "segment", NULL);
    if (s->description != NULL) {
        doc_paragraph(head, "%s.", SAFE(d, s->description));
    }
    put_figures(d, head, v, p, s);
    if (p->has_trend && s->accounts > 0) {
        put_trend(head, v, p, s);
    }
    STRATA_TRY(put_meaning(d, parent, v, p, s, err));
    if (p->has_arr) {
        put_comparison(d, parent, v, p, s);
    }
    report_traits(d, parent, v, s);
    report_success(d, parent, v, p, s);
    report_risks(d, parent, v, p, s);
    report_spreads(d, parent, v, p, s);
    return STRATA_OK;
}
