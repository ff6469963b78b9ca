/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/market_fit.h"

#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/report.h"
#include "report/segments/quality.h"

static const char *const sign_words[] = {
    [FIT_FOR] = "for", [FIT_AGAINST] = "against", [FIT_UNKNOWN] = "not known"};

/* First and last span of ages that are known. */
static const fit_span *edge_span(const market_fit *m, bool last)
{
    const fit_span *found = NULL;
    for (size_t k = 0; k < FIT_SPANS; k++) {
        if (m->spans[k].known && (found == NULL || last)) {
            found = &m->spans[k];
        }
    }
    return found;
}

static int longest_shown(const market_fit *m)
{
    static const int ages[] = {36, 24, 12, 6, 3};
    for (size_t k = 0; k < sizeof ages / sizeof ages[0]; k++) {
        if (ages[k] <= m->n_observed) {
            return ages[k];
        }
    }
    return 0;
}

void report_market_fit_title(strbuf *out, const market_fit *m)
{
    static const char *const shapes[] = {[CHURN_UNKNOWN] =
                                             "Too little is known of the retention curve",
                                         [CHURN_FLATTENS] = "The retention curve flattens",
                                         [CHURN_STRAIGHT] = "The retention curve does not flatten",
                                         [CHURN_STEEPENS] = "The retention curve steepens"};
    const fit_span *early = edge_span(m, false);
    const fit_span *late = edge_span(m, true);
    strbuf_add(out, shapes[m->models.shape]);
    const fit_level *level = &m->level;
    if (level->from > 0) {
        strbuf_printf(out, " from month %d of age on, at %s: ", level->from,
                      words_share(level->left.survival).text);
        strbuf_printf(out, "of those, %s a month still leave", words_share(level->churn).text);
        return;
    }
    if (early != NULL && late != early) {
        strbuf_printf(out, ": churn goes from %s a month", words_share(early->churn).text);
        strbuf_printf(out, " to %s", words_share(late->churn).text);
    }
    int age = longest_shown(m);
    if (age > 0) {
        strbuf_printf(out, "; %s are left after %d months", words_share(m->observed[age]).text,
                      age);
    }
}

/* --- signs --- */

static void put_sign(doc_table *t, const char *what, fit_sign sign, const char *evidence)
{
    doc_row(t, (doc_cell[]){cell_text(what), cell_text(sign_words[sign]), cell_text(evidence)});
}

static void put_signs(doc_section *s, const market_fit *m)
{
    const doc_column columns[] = {{.key = "sign", .label = "Sign", .type = CELL_TEXT},
                                  {.key = "speaks", .label = "Speaks", .type = CELL_TEXT},
                                  {.key = "evidence", .label = "Evidence", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "signs", NULL, columns, 3);
    char text[256];
    put_sign(t, "The curve flattens", m->flattens,
             m->models.reason != NULL ? m->models.reason : "");
    if (m->top_answers.of == 0) {
        (void)snprintf(text, sizeof text, "needs surveys of kind pmf");
    } else {
        (void)snprintf(text, sizeof text, "%s answered %g, the top of the scale; 40 %% is the bar",
                       words_rate_range(m->top_answers).text, m->top_of_scale);
    }
    if (m->one_answer && m->top_answers.of > 0) {
        (void)snprintf(
            text, sizeof text,
            "all of %s answered %g; metrics: {pmf_top: ...} says which answer is the best",
            words_things((int64_t)m->top_answers.of, "account").text, m->top_of_scale);
    }
    put_sign(t, "Customers would miss it", m->survey, text);
    const trend *by_quarter = &m->trend.trend;
    if (by_quarter->test.defined) {
        (void)snprintf(text, sizeof text,
                       "churn within %d months changes by %.2f points a quarter of start (%s)",
                       m->trend.months, by_quarter->slope * 100.0,
                       words_p(by_quarter->test.p).text);
    } else {
        (void)snprintf(text, sizeof text, "too few cohorts were followed for %d months",
                       m->trend.months);
    }
    put_sign(t, "Newer cohorts do no worse", m->cohorts, text);
    doc_table_footnote(t, "40 %% at the top of the scale is a rule of thumb (Ellis), not a test.");
}

/* --- the curve --- */

static void put_curve(doc_section *s, const market_fit *m)
{
    enum { STEP = 3, POINTS = FIT_MONTHS / STEP + 1 };
    static const char *const ages[POINTS] = {"0",  "3",  "6",  "9",  "12", "15", "18",
                                             "21", "24", "27", "30", "33", "36", "39",
                                             "42", "45", "48", "51", "54", "57", "60"};
    double seen[POINTS];
    double modelled[POINTS];
    for (int k = 0; k < POINTS; k++) {
        int age = k * STEP;
        seen[k] = age <= m->n_observed ? m->observed[age] : (double)NAN;
        modelled[k] = age == 0 ? 1.0 : m->model[age - 1].survival;
    }
    static const char *const colored[] = {"seen"}; /* the model is the grey behind it */
    chart_theme theme = {.names = colored, .n_names = 1};
    chart_series series[] = {{.name = churn_model_name(m->models.best), .values = modelled},
                             {.name = colored[0], .values = seen}};
    chart_time t = {.periods = ages,
                    .n_periods = POINTS,
                    .series = m->has_model ? series : series + 1,
                    .n_series = m->has_model ? 2 : 1,
                    .format = CHART_SHARE,
                    .title = "Customers left, by months since their first ARR",
                    .from_zero = true};
    if (m->n_observed > 0) {
        doc_chart(s, "curve", "Customers left by age, as seen and by the model that fits best",
                  "Two lines of the share of customers still there by age; the table has churn by "
                  "age.",
                  chart_lines(&theme, &t));
    }
}

static void put_spans(document *d, doc_section *s, const market_fit *m)
{
    const doc_column columns[] = {
        {.key = "age", .label = "Months of age", .type = CELL_TEXT},
        {.key = "months", .label = "Account-months", .type = CELL_COUNT, .priority = 1},
        {.key = "lost", .label = "Lost", .type = CELL_COUNT},
        {.key = "churn", .label = "Churn a month", .type = CELL_SHARE, .bar = true}};
    doc_table *t = doc_table_new(s, "churn_by_age", "Churn by age", columns, 4);
    int origin = document_provenance(d,
                                     "customers lost in a month of age over customers at its "
                                     "start, all months of the span together",
                                     "arr", NULL);
    for (size_t k = 0; k < FIT_SPANS; k++) {
        const fit_span *f = &m->spans[k];
        char age[32];
        if (k + 1 == FIT_SPANS) {
            (void)snprintf(age, sizeof age, "%d and more", f->first);
        } else {
            (void)snprintf(age, sizeof age, "%d to %d", f->first, f->last);
        }
        doc_row(t, (doc_cell[]){cell_text(age), cell_count((int64_t)f->months),
                                cell_count((int64_t)f->lost),
                                f->known ? with_origin(cell_share(f->churn), origin)
                                         : cell_empty("fewer than 30 account-months")});
    }
}

static void put_level(document *d, doc_section *s, const fit_level *l)
{
    const doc_column columns[] = {
        {.key = "from_month", .label = "From month of age", .type = CELL_COUNT},
        {.key = "left", .label = "Customers left", .type = CELL_SHARE},
        {.key = "left_low", .label = "From", .type = CELL_SHARE, .priority = 1},
        {.key = "left_high", .label = "To", .type = CELL_SHARE, .priority = 1},
        {.key = "churn", .label = "Churn a month since", .type = CELL_SHARE},
        {.key = "churn_low", .label = "From", .type = CELL_SHARE, .priority = 1},
        {.key = "churn_high", .label = "To", .type = CELL_SHARE, .priority = 1}};
    doc_table *t = doc_table_new(s, "level", "Where it flattens", columns, 7);
    int left = document_provenance(
        d, "customers still there when that month of age begins (Kaplan-Meier, Greenwood)", "arr",
        NULL);
    int churn = document_provenance(
        d, "customers lost from that month of age on over customers at the start of each month",
        "arr", NULL);
    bool bounded = l->left.bounded;
    doc_row(t, (doc_cell[]){
                   cell_count(l->from), with_origin(cell_share(l->left.survival), left),
                   bounded ? cell_share(l->left.within.low) : cell_empty("nobody left before"),
                   bounded ? cell_share(l->left.within.high) : cell_empty("nobody left before"),
                   with_origin(cell_share(l->churn), churn), cell_share(l->churn_95.low),
                   cell_share(l->churn_95.high)});
    doc_table_footnote(t,
                       "From that age on no fall of churn with age is to be seen (trend test, p of "
                       "0.05 and more). From and to: 95 %%.");
}

static void put_models(doc_section *s, const market_fit *m)
{
    const doc_column columns[] = {
        {.key = "model", .label = "Model", .type = CELL_TEXT},
        {.key = "bic", .label = "BIC", .type = CELL_NUMBER, .decimals = 1},
        {.key = "log_likelihood",
         .label = "Log-likelihood",
         .type = CELL_NUMBER,
         .decimals = 1,
         .priority = 1},
        {.key = "best", .label = "Best", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "models", "Models of how long customers stay", columns, 4);
    for (int k = 0; k < CHURN_MODELS; k++) {
        const fit_result *f = &m->models.fits[k];
        const char *why = f->reason;
        doc_row(t,
                (doc_cell[]){
                    cell_text(churn_model_name((churn_model)k)),
                    f->converged ? cell_number(m->models.bic[k]) : cell_empty(why),
                    f->converged ? cell_number(f->log_likelihood) : cell_empty(why),
                    cell_text(m->models.found && m->models.best == (churn_model)k ? "best" : "")});
    }
    doc_table_footnote(t, "Constant churn cannot flatten; less BIC is better.");
}

void report_market_fit(document *d, doc_section *parent, const market_fit *m,
                       const milestones *reached, const view *v)
{
    doc_section *s = document_section(d, parent, "fit", NULL);
    put_signs(s, m);
    if (m->has_nps) {
        doc_paragraph(s, "NPS of the last answers: %.0f, of %s.", m->nps,
                      words_things((int64_t)m->nps_answers, "account").text);
    }
    doc_section *curve = document_section(d, parent, "curve", "The retention curve");
    put_curve(curve, m);
    put_spans(d, curve, m);
    if (m->level.from > 0) {
        put_level(d, curve, &m->level);
    } else if (m->flattens == FIT_FOR) {
        doc_note(curve, "note",
                 "Churn still falls with age: on what level it will stay is not known yet.");
    }
    put_models(curve, m);
    if (reached != NULL && reached->n > 0) {
        report_milestones(d, parent, v, reached);
    } else {
        doc_section *none = document_section(d, parent, "activation", "Activation");
        doc_note(none, "missing",
                 "Activation needs milestones in the model file (milestones: {activated: ...}).");
    }
}
