/* SPDX-License-Identifier: Apache-2.0 */
#include "report/predictions/predictions.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "report/predictions/parts.h"

enum { REASONS_SHOWN = 2 };

words predictions_within(const predictions_input *in)
{
    words w;
    char span[HORIZON_TEXT];
    horizon_text(in->found->schedule.horizon, span);
    (void)snprintf(w.text, sizeof w.text, "within %s", span);
    return w;
}

const char *predictions_verb(const predictions_input *in)
{
    return in->found->target == PREDICT_CHURN ? "churn" : "expand";
}

const char *predictions_did(const predictions_input *in)
{
    return in->found->target == PREDICT_CHURN ? "churned" : "expanded";
}

const char *predictions_chance(const predictions_input *in)
{
    return in->found->target == PREDICT_CHURN ? "Risk" : "Chance";
}

const char *predictions_theme(entity e)
{
    static const char *const names[ENTITY_COUNT] = {
        [ENTITY_ACCOUNTS] = "Age and attributes",
        [ENTITY_ARR] = "ARR and its history",
        [ENTITY_ORDERS] = "Orders",
        [ENTITY_USAGE] = "Usage",
        [ENTITY_TICKETS] = "Support",
        [ENTITY_SURVEYS] = "Surveys",
        [ENTITY_CONTACTS] = "People",
        [ENTITY_TOUCHPOINTS] = "Contact with us",
        [ENTITY_OPPORTUNITIES] = "Renewal and deals",
        [ENTITY_CSMS] = "CSMs",
        [ENTITY_HEALTH] = "Supplied health",
        [ENTITY_INTERVENTIONS] = "Interventions",
        [ENTITY_PREDICTIONS] = "Predictions",
    };
    return names[e];
}

words predictions_auc(const auc_result *auc)
{
    words w;
    if (!auc->defined) {
        (void)snprintf(w.text, sizeof w.text, "not known");
    } else if (!auc->bounded) {
        (void)snprintf(w.text, sizeof w.text, "%.3f", auc->auc);
    } else {
        (void)snprintf(w.text, sizeof w.text, "%.3f (%.3f to %.3f)", auc->auc, auc->interval_95.low,
                       auc->interval_95.high);
    }
    return w;
}

void report_predictions_title(strbuf *out, const predictions_input *in)
{
    const prediction *f = in->found;
    const char *name = predict_target_name(f->target);
    words span = predictions_within(in);
    if (f->why != NULL) {
        strbuf_printf(out, "No prediction of %s %s: %s", name, span.text, f->why);
        return;
    }
    if (!f->tells) {
        strbuf_printf(out,
                      "No account can be told to %s %s: on later dates the best model was no "
                      "better than chance",
                      predictions_verb(in), span.text);
        return;
    }
    strbuf_printf(out, "%s of ", words_count(words_whole(f->expected)).text);
    strbuf_printf(out, "%s are expected to %s %s", words_things((int64_t)f->now.n, "customer").text,
                  predictions_verb(in), span.text);
    if (f->target == PREDICT_CHURN) {
        strbuf_printf(out, ", with %s of ARR",
                      words_money(words_whole(f->arr_expected), in->currency).text);
    }
}

/* --- figures --- */

static void put_figures(document *d, doc_section *s, const predictions_input *in)
{
    const prediction *f = in->found;
    bool churn = f->target == PREDICT_CHURN;
    char label[WORDS_TEXT];
    char below[3 * WORDS_TEXT];
    const judged *j = &f->judged[f->chosen];
    int origin = document_provenance(
        d,
        churn ? "sum over today's customers of the calibrated chance of churn"
              : "sum over today's customers of the calibrated chance of expansion",
        "arr and all features the model card names", NULL);
    (void)snprintf(label, sizeof label, "Expected to %s", predictions_verb(in));
    (void)snprintf(below, sizeof below, "of %s, %s",
                   words_things((int64_t)f->now.n, "customer").text, predictions_within(in).text);
    doc_figure(s, label, with_origin(cell_count(words_whole(f->expected)), origin), below);
    if (churn) {
        int money = document_provenance(
            d,
            "sum over today's customers of chance of churn x ARR; the range is to hold the "
            "outcome 4 times out of 5 if the chances are right and accounts leave independently",
            "arr and all features the model card names", NULL);
        doc_figure(s, "ARR at risk",
                   with_origin(cell_money((int64_t)llround(f->arr_expected)), money),
                   words_between(words_money(words_whole(f->arr_low), in->currency),
                                 words_money(words_whole(f->arr_high), in->currency))
                       .text);
    }
    char auc[WORDS_TEXT];
    (void)snprintf(auc, sizeof auc, "%.3f to %.3f, on later dates", j->auc.interval_95.low,
                   j->auc.interval_95.high);
    char value[32];
    (void)snprintf(value, sizeof value, "%.3f", j->auc.auc);
    int judged_origin = document_provenance(
        d,
        "on a test period later than what the model learnt from: AUC, the share of pairs of one "
        "with the outcome and one without that the chances put in order; found, the share of those "
        "with the outcome among the tenth with the highest chance",
        "the chances at past dates, and what became true", NULL);
    doc_figure(s, "AUC", with_origin(cell_text(value), judged_origin),
               j->auc.bounded ? auc : "on later dates");
    (void)snprintf(below, sizeof below, "of those who %s are in the top tenth",
                   predictions_did(in));
    doc_figure(s, "Found", with_origin(cell_share(j->lift.found), judged_origin), below);
}

/* --- accounts --- */

static size_t column_of(const prediction *f, feature_id id)
{
    for (size_t k = 0; k < f->candidates.n; k++) {
        const candidate *c = &f->candidates.items[k];
        if (c->feature == id && c->left_out == USED) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* "Time since last seen 45 days, typically 2 days" */
static void put_reason(strbuf *b, const predictions_input *in, const reason *r)
{
    const candidate *c = &in->found->today.candidates.items[r->candidate];
    if (isnan(r->value)) {
        strbuf_printf(b, "%s not known", c->label);
        return;
    }
    strbuf_printf(b, "%s %s", c->label, words_value(r->value, c->type, in->currency).text);
    if (c->type != VALUE_BOOL && !isnan(r->typical)) {
        strbuf_printf(b, ", typically %s", words_value(r->typical, c->type, in->currency).text);
    }
}

/* What raises it most; of an account that nothing raises, what lowers it most. */
static void put_reasons(strbuf *b, const predictions_input *in, const account_reasons *r)
{
    bool raised = r->chance >= r->base;
    size_t n = 0;
    for (size_t k = 0; k < r->n_themes && n < REASONS_SHOWN; k++) {
        const reason_theme *t = &r->themes[k];
        if (raised ? t->part > 0.0 : t->part < 0.0) {
            strbuf_add(b, n++ > 0 ? "; " : "");
            put_reason(b, in, &t->lead);
        }
    }
}

static doc_cell renewal_cell(const predictions_input *in, size_t at, size_t row)
{
    const rows *now = &in->found->now;
    double days = at == SIZE_MAX ? (double)NAN : now->x[row * now->n_columns + at];
    return isnan(days) ? cell_empty("none is known")
                       : cell_date(in->found->schedule.as_of + (day)llround(days));
}

static void put_accounts(document *d, doc_section *parent, const predictions_input *in)
{
    const prediction *f = in->found;
    char title[WORDS_TEXT + 64];
    (void)snprintf(title, sizeof title,
                   in->n_listed == f->now.n ? "All %s, the highest %s first"
                                            : "The %s with the highest %s",
                   words_things((int64_t)in->n_listed, "account").text,
                   f->target == PREDICT_CHURN ? "risk" : "chance");
    doc_section *s = document_section(d, parent, "accounts", title);
    const doc_column columns[] = {
        {.key = "account", .label = "Account", .type = CELL_TEXT, .priority = 1},
        {.key = "name", .label = "Name", .type = CELL_TEXT},
        {.key = "chance", .label = predictions_chance(in), .type = CELL_SHARE, .bar = true},
        {.key = "band", .label = "Band", .type = CELL_TEXT},
        {.key = "arr", .label = "ARR", .type = CELL_MONEY},
        {.key = "renewal", .label = "Renewal", .type = CELL_DATE, .priority = 2},
        {.key = "reasons", .label = "Because", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, 7);
    size_t renewal = column_of(f, FEATURE_RENEWAL_IN);
    for (size_t i = 0; i < in->n_listed; i++) {
        const account_reasons *r = &in->listed[i];
        size_t account = f->now.account[r->row];
        STRBUF_AUTO strbuf why;
        strbuf_init(&why, 0);
        put_reasons(&why, in, r);
        size_t band = predict_band_of(f->target, r->chance);
        doc_row(t,
                (doc_cell[]){cell_text(in->p->ids[account]), cell_text(in->p->names[account]),
                             cell_share(r->chance), cell_text(predict_bands(f->target)[band].name),
                             cell_money(f->now.arr[r->row]), renewal_cell(in, renewal, r->row),
                             cell_text(strbuf_text(&why))});
    }
    doc_table_footnote(
        t, "%s of %s, the highest first. Typically: the median of today's customers.",
        words_count((int64_t)in->n_listed).text, words_things((int64_t)f->now.n, "customer").text);
}

/* --- bands --- */

static doc_cell seen_cell(const judged_part *p)
{
    return p->n < JUDGE_ENOUGH ? cell_empty("too few in the past to say")
                               : cell_share((double)p->hits / (double)p->n);
}

void predictions_put_bands(document *d, doc_section *parent, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, parent, "bands", "How many in each band");
    const doc_column columns[] = {
        {.key = "band", .label = "Band", .type = CELL_TEXT},
        {.key = "from", .label = "From", .type = CELL_SHARE},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "arr", .label = "ARR", .type = CELL_MONEY},
        {.key = "expected", .label = "Expected", .type = CELL_NUMBER, .decimals = 1},
        {.key = "seen", .label = "Seen", .type = CELL_SHARE, .bar = true},
        {.key = "seen_of", .label = "of", .type = CELL_COUNT, .priority = 1}};
    doc_table *t = doc_table_new(s, "bands", NULL, columns, 7);
    size_t n[PREDICT_BANDS] = {0};
    int64_t arr[PREDICT_BANDS] = {0};
    double expected[PREDICT_BANDS] = {0};
    for (size_t i = 0; i < f->now.n; i++) {
        size_t band = predict_band_of(f->target, f->chance[i]);
        n[band]++;
        arr[band] += f->now.arr[i];
        expected[band] += f->chance[i];
    }
    for (size_t k = 0; k < PREDICT_BANDS; k++) {
        const predict_band *band = &predict_bands(f->target)[k];
        doc_row(t, (doc_cell[]){cell_text(band->name), cell_share(band->from),
                                cell_count((int64_t)n[k]), cell_money(arr[k]),
                                cell_number(expected[k]), seen_cell(&f->by_band[k]),
                                cell_count((int64_t)f->by_band[k].n)});
    }
    doc_table_footnote(t,
                       "Expected: how many of them are expected to %s. Seen: on the dates judged "
                       "on, the share of accounts in this band that %s, of so many account-dates.",
                       predictions_verb(in), predictions_did(in));
}

/* --- why there is none --- */

static void put_nothing(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, NULL, "none", NULL);
    if (f->why != NULL) {
        doc_note(s, "missing", "%s.%s", f->why,
                 f->schedule.why != NULL ? " A shorter horizon (`--within 30d`) leaves more "
                                           "past dates whose outcome is known."
                                         : "");
        return;
    }
    doc_note(s, "warning",
             "On dates later than those learned from, the AUC was %s: 0.5 is what a coin would do. "
             "So no account is listed, and nothing is saved. What would tell may not be in the "
             "data: see what is left out in the model card (`--card`).",
             predictions_auc(&f->judged[f->chosen].auc).text);
    predictions_put_measures(d, s, in);
}

void report_predictions_card_title(strbuf *out, const predictions_input *in)
{
    const prediction *f = in->found;
    if (f->why != NULL) {
        report_predictions_title(out, in);
        return;
    }
    strbuf_printf(out, "Model card: chance of %s %s, AUC %s on later dates",
                  predict_target_name(f->target), predictions_within(in).text,
                  predictions_auc(&f->judged[f->chosen].auc).text);
}

void report_predictions(document *d, const predictions_input *in)
{
    if (in->found->why != NULL || !in->found->tells) {
        put_nothing(d, in);
        return;
    }
    doc_section *s = document_section(d, NULL, "predictions", NULL);
    put_figures(d, s, in);
    if (in->n_listed > 0) {
        put_accounts(d, NULL, in);
    }
    predictions_put_bands(d, NULL, in);
    predictions_put_measures(d, NULL, in);
}

void report_predictions_kept(document *d, const predictions_input *in, size_t n, size_t n_silent)
{
    doc_section *s = document_section(d, NULL, "kept", NULL);
    doc_note(s, "note",
             "Kept for %s as `%s`, %s. Risk bands: `strata segments predictive`, or `extends: "
             "predictive` in the model file.",
             words_things((int64_t)n, "date").text, predict_target_feature(in->found->target),
             predictions_within(in).text);
    if (n_silent > 0) {
        doc_note(s, "note", "On %s nothing could be said: too little was known by then.",
                 words_things((int64_t)n_silent, "earlier date").text);
    }
}
