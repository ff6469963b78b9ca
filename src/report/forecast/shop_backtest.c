/* SPDX-License-Identifier: Apache-2.0 */
#include "report/forecast/shop_backtest.h"

#include <math.h>
#include <stdio.h>

#include "report/forecast/backtest_table.h"
#include "report/forecast/shop_words.h"
#include "report/report.h"

static const char *rival_label(int m)
{
    return m == SHOP_NAIVE ? "the last period goes on" : shop_model_label((shop_model)m);
}

/* --- models --- */

static void put_score(doc_table *t, const shop_forecast_input *in, const char *what, int m,
                      const shop_score *s)
{
    if (m == SHOP_BG_BB && in->fits->periods == NULL) {
        return; /* nobody said that there are opportunities */
    }
    const char *why = m < SHOP_MODELS ? in->backtest->why_not[m] : NULL;
    report_backtest_row(
        t, &(backtest_line){.quantity = what,
                            .method = rival_label(m),
                            .n = s->n,
                            .error = s->error,
                            .bias = s->bias,
                            .held = s->held,
                            .ranged = s->ranged,
                            .used = in->forecast->why == NULL && m == (int)in->forecast->model,
                            .why = why != NULL ? why : "nothing to compare with"});
}

static void put_scores(doc_section *s, const shop_forecast_input *in)
{
    doc_table *t = report_backtest_table(s);
    for (int m = 0; m < SHOP_RIVALS; m++) {
        put_score(t, in, "Purchases", m, &in->backtest->purchases[m]);
    }
    for (int m = 0; m < SHOP_RIVALS; m++) {
        put_score(t, in, "Spend", m, &in->backtest->spend[m]);
    }
    doc_table_footnote(t,
                       in->fits->periods != NULL
                           ? "The last period goes on: repeat purchases as in as many periods "
                             "before as end in the time ahead."
                           : "The last period goes on: repeat purchases as in the time before, as "
                             "long as the time ahead.");
}

/* --- cases of the model that is used --- */

static void put_case(doc_table *t, const shop_case *c, shop_model m)
{
    const char *why = "the model did not converge";
    const char *short_history = "nobody could have bought again before";
    shop_range n = c->purchases[m];
    bool known = c->known[m];
    bool spend = c->has_spend[m];
    bool naive = c->known[SHOP_NAIVE];
    doc_row(t, (doc_cell[]){cell_date(c->origin), cell_count(c->ahead),
                            known ? cell_count(words_whole(n.mid)) : cell_empty(why),
                            known ? cell_count(words_whole(n.low)) : cell_empty(why),
                            known ? cell_count(words_whole(n.high)) : cell_empty(why),
                            cell_count(words_whole(c->actual.purchases)),
                            naive ? cell_count(words_whole(c->purchases[SHOP_NAIVE].mid))
                                  : cell_empty(short_history),
                            spend ? cell_money(words_whole(c->spend[m].mid))
                                  : cell_empty("spend is not forecast"),
                            cell_money(words_whole(c->actual.spend)),
                            naive ? cell_money(words_whole(c->spend[SHOP_NAIVE].mid))
                                  : cell_empty(short_history)});
}

static void put_cases(doc_section *s, const shop_forecast_input *in)
{
    const doc_column columns[] = {
        {.key = "origin", .label = "As of", .type = CELL_DATE},
        {.key = "months", .label = "Months", .type = CELL_COUNT},
        {.key = "purchases", .label = "Purchases", .type = CELL_COUNT},
        {.key = "purchases_low", .label = "from", .type = CELL_COUNT, .priority = 1},
        {.key = "purchases_high", .label = "to", .type = CELL_COUNT, .priority = 1},
        {.key = "purchases_actual", .label = "came", .type = CELL_COUNT},
        {.key = "purchases_naive", .label = "naive", .type = CELL_COUNT, .priority = 2},
        {.key = "spend", .label = "Spend", .type = CELL_MONEY},
        {.key = "spend_actual", .label = "came", .type = CELL_MONEY},
        {.key = "spend_naive", .label = "naive", .type = CELL_MONEY, .priority = 2}};
    doc_table *t = doc_table_new(s, "cases", "What the model would have said, and what came",
                                 columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < in->backtest->n; i++) {
        put_case(t, &in->backtest->cases[i], in->forecast->model);
    }
    doc_table_footnote(t, "Of those who were customers on the day, without their first purchases. "
                          "Naive: the last period goes on.");
}

static void put_warnings(doc_section *s, const shop_forecast_input *in)
{
    const shop_backtest *b = in->backtest;
    const shop_score *used = &b->purchases[in->forecast->model];
    const shop_score *naive = &b->purchases[SHOP_NAIVE];
    if (used->n == 0) {
        doc_note(s, "warning",
                 "The model that is used could not be tried on the past: how far off it may be is "
                 "not known.");
    }
    if (used->n > 0 && naive->n == used->n && naive->error < used->error) {
        doc_note(s, "warning",
                 "That the last period goes on would have been closer: off by %s of purchases. "
                 "Read the forecast with that in mind.",
                 words_share(naive->error).text);
    }
}

void report_shop_range_warning(doc_section *s, const shop_forecast_input *in)
{
    const shop_score *used = &in->backtest->purchases[in->forecast->model];
    if (used->ranged > 0 && (double)used->held < 0.5 * (double)used->ranged) {
        doc_note(s, "warning",
                 "The ranges held what came in %zu of %zu cases: they were too narrow then, with "
                 "few forecasts before them to learn from. Those of today have %zu; take the "
                 "error of the back-test for the width where it is wider.",
                 used->held, used->ranged, in->backtest->purchases_drift[in->forecast->model].n);
    }
}

static const char *how_chosen(const shop_forecast_input *in)
{
    if (in->chosen) {
        return "The model was chosen by hand.";
    }
    return in->backtest->purchases[in->forecast->model].n > 0
               ? "The one that was least off in purchases is used."
               : "None could be fitted then; the one that fits best today is used.";
}

void report_shop_backtest(document *d, const shop_forecast_input *in)
{
    const shop_backtest *b = in->backtest;
    if (b->why != NULL) {
        doc_section *s = document_section(d, NULL, "backtest", "No back-test yet");
        doc_note(s, "missing", "A back-test %s.", b->why);
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    const shop_score *n = &b->purchases[in->forecast->model];
    const shop_score *spend = &b->spend[in->forecast->model];
    if (n->n > 0) {
        strbuf_printf(&title, "In the past it was off by %s of purchases",
                      words_share(n->error).text);
        if (spend->n > 0) {
            strbuf_printf(&title, " and %s of spend", words_share(spend->error).text);
        }
        strbuf_add(&title, " on average");
    } else {
        strbuf_add(&title, "How the models would have done in the past");
    }
    doc_section *s = document_section(d, NULL, "backtest", strbuf_text(&title));
    doc_paragraph(s,
                  "Every model forecast from 3, 6 and 12 months ago, as far as three months of "
                  "orders lie before, knowing nothing later. %s",
                  how_chosen(in));
    put_warnings(s, in);
    put_scores(s, in);
    put_cases(s, in);
}

/* --- method --- */

static void put_fit(document *d, doc_section *s, const char *name, const fit_result *fit,
                    const char *const *parameters)
{
    if (!fit->converged) {
        doc_bullet(s, "%s: not used, %s.", name, SAFE(d, fit->reason));
        return;
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t p = 0; p < fit->n_parameters; p++) {
        strbuf_printf(&text, "%s%s = %.3g (se %.2g)", p > 0 ? ", " : "", parameters[p], fit->x[p],
                      fit->se[p]);
    }
    doc_bullet(s, "%s: %s; ln L = %.1f.", name, strbuf_text(&text), fit->log_likelihood);
}

static void put_fits(document *d, doc_section *s, const shop_forecast_input *in)
{
    static const char *const bg[] = {"r", "alpha", "a", "b"};
    static const char *const bb[] = {"alpha", "beta", "gamma", "delta"};
    static const char *const pareto[] = {"r", "alpha", "s", "beta"};
    static const char *const gamma[] = {"p", "q", "gamma"};
    for (int m = 0; m < SHOP_MODELS; m++) {
        if (m != SHOP_BG_BB || in->fits->periods != NULL) {
            put_fit(d, s, shop_model_label((shop_model)m), &in->fits->purchases[m],
                    m == SHOP_PARETO_NBD ? pareto
                    : m == SHOP_BG_BB    ? bb
                                         : bg);
        }
    }
    put_fit(d, s, "Gamma-Gamma", &in->fits->spend, gamma);
}

static size_t free_purchases(const shop_buyers *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->n; i++) {
        n += b->customer[i].free_days;
    }
    return n;
}

static void put_ranges(doc_section *s, const shop_forecast_input *in)
{
    doc_bullet(s, "Ranges: the error of the estimates (delta method) and chance (purchases at "
                  "random by customers who may have left), as a normal distribution; and how far "
                  "forecasts of three months, one quarter after the other, were off beyond that "
                  "(Student's t), the same share for every month ahead. Ranges of the back-test "
                  "know earlier forecasts only. Where no quarter before could be forecast, one "
                  "forecast from halfway through the orders until then stands in, for models not "
                  "fitted there that of the one that fitted best.");
    if (in->forecast->why != NULL) {
        return;
    }
    const shop_drift *n = &in->backtest->purchases_drift[in->forecast->model];
    const shop_drift *spend = &in->backtest->spend_drift[in->forecast->model];
    if (n->n == 0) {
        doc_bullet(s, "No earlier forecast could be compared with what came: the ranges know of "
                      "chance and of the estimates only.");
        return;
    }
    words of_spend = words_share(sqrt(spend->square));
    const char *money = spend->n > 0 ? of_spend.text : "an unknown share";
    if (n->halfway) {
        doc_bullet(s,
                   "The forecast from halfway through the orders was off by %s of purchases and %s "
                   "of spend beyond chance.",
                   words_share(sqrt(n->square)).text, money);
        return;
    }
    doc_bullet(s, "The last %s %s off by %s of purchases and %s of spend beyond chance.",
               words_things((int64_t)n->n, "forecast").text, n->n == 1 ? "was" : "were",
               words_share(sqrt(n->square)).text, money);
}

void report_shop_method(document *d, const shop_forecast_input *in)
{
    doc_section *s = document_section(d, NULL, "method", "How it was computed");
    doc_bullet(s,
               "A customer's history is the number of %ss with an order, the age at the last of "
               "them and the age today, in weeks since the first%s.",
               shop_purchase_unit(in->fits),
               in->fits->periods != NULL ? "; of the BG/BB model in opportunities, one each" : "");
    put_fits(d, s, in);
    doc_bullet(s,
               "Spend per purchase is that of repeat purchases, drawn towards the mean of all the "
               "more the fewer there are; repeat purchases without spend (%s) are left out.",
               words_count((int64_t)free_purchases(&in->fits->buyers)).text);
    if (in->fits->spend.converged) {
        doc_bullet(s,
                   "It assumes that how much has nothing to do with how often: among those who "
                   "bought again the correlation is %.2f.",
                   in->fits->correlation);
    }
    put_ranges(s, in);
    doc_bullet(s,
               "Value over %d months: margin %s x purchases, discounted by %s a year at each "
               "month's end, x spend per purchase; both are assumptions of the model file "
               "(metrics).",
               SHOP_VALUE_MONTHS, words_share(in->margin).text, words_share(in->discount).text);
    doc_bullet(s, "Assumptions: customers buy at a steady rate of their own until they leave for "
                  "good. Seasons, campaigns and new customers are not in it.");
}
