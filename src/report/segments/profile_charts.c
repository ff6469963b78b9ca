/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/profile_charts.h"

#include <math.h>

#include "document/chart.h"
#include "document/text.h"
#include "report/report.h"

enum { CHART_MOST = 16, CHART_LEAST = 3, LABEL_TEXT = 240 }; /* two lines of a table read faster */

static chart_theme plain_theme(const view *v)
{
    return (chart_theme){.currency = report_currency(v->b)};
}

/* --- signs of risk --- */

bool report_risk_chart(doc_section *s, const view *v, const profile *p, const segment_profile *of)
{
    const char *labels[CHART_MOST];
    double accounts[CHART_MOST];
    double value[CHART_MOST];
    size_t n = of->n_risks < CHART_MOST ? of->n_risks : CHART_MOST;
    if (n < CHART_LEAST) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        labels[i] = of->risks[i].label;
        accounts[i] = (double)of->risks[i].share.hits;
        value[i] = fmax(0.0, (double)of->risks[i].value_minor / 100.0);
    }
    const profile_risk *top = &of->risks[0];
    words who = words_things((int64_t)top->share.hits, "account");
    char title[2 * LABEL_TEXT];
    if (p->has_value) {
        (void)snprintf(title, sizeof title, "%s weighs most: %s with %s", top->label,
                       words_money(top->value_minor, report_currency(v->b)).text, who.text);
    } else {
        (void)snprintf(title, sizeof title, "%s: %s", top->label, who.text);
    }
    const chart_measure measures[] = {
        {.title = "Accounts", .format = CHART_COUNT, .values = accounts},
        {.title = p->has_arr ? "Their ARR" : "Their spend in 365 days",
         .format = CHART_MONEY,
         .values = value}};
    chart_theme theme = plain_theme(v);
    doc_chart(s, "risk-bars", title, "Bars of the accounts that show each sign and their worth.",
              chart_bars(&theme, labels, n, measures, p->has_value ? 2 : 1));
    return n == of->n_risks;
}

/* --- health --- */

static chart_dot health_dot(const segment_profile *x, char note[LABEL_TEXT])
{
    (void)snprintf(note, LABEL_TEXT, "n = %s", words_count((int64_t)x->health.n).text);
    return (chart_dot){.label = x->label,
                       .value = x->health.median,
                       .low = x->health.q1,
                       .high = x->health.q3,
                       .note = note};
}

void report_health_chart(doc_section *s, const view *v, const profile *p)
{
    size_t n_names = 0;
    const char *const *names = bound_segments(v->b, p->def, &n_names);
    chart_theme theme = {.currency = report_currency(v->b), .names = names, .n_names = n_names};
    chart_dot dots[CHART_MOST];
    char notes[CHART_MOST][LABEL_TEXT];
    const segment_profile *best = NULL;
    const segment_profile *worst = NULL;
    size_t n = 0;
    for (size_t i = 0; i < p->n_segments && n < CHART_MOST; i++) {
        const segment_profile *x = &p->segments[i];
        if (x->health.n > 0) {
            dots[n] = health_dot(x, notes[n]);
            n++;
            best = best == NULL || x->health.median > best->health.median ? x : best;
            worst = worst == NULL || x->health.median < worst->health.median ? x : worst;
        }
    }
    if (n < 2) {
        return;
    }
    char title[2 * LABEL_TEXT];
    if (best->health.median > worst->health.median) {
        (void)snprintf(title, sizeof title,
                       "Health is highest in %s (median %.0f) and lowest in %s (%.0f)", best->label,
                       best->health.median, worst->label, worst->health.median);
    } else {
        (void)snprintf(title, sizeof title, "Health is alike in all segments (median %.0f)",
                       best->health.median);
    }
    doc_chart(s, "health", title,
              "Dots of each segment's median health, with a line over the middle half of its "
              "accounts; the figures stand in the profiles.",
              chart_dots(&theme, dots, n, CHART_COUNT, p->total.health.median, "all"));
}
