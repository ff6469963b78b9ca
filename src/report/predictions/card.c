/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/predictions/parts.h"

predictions_block predictions_block_of(const schedule *s, const date_role *roles, date_role role)
{
    predictions_block b = {.first = DAY_MISSING, .last = DAY_MISSING};
    for (size_t i = 0; i < s->n; i++) {
        if (roles[i] == role) {
            b.first = b.n++ == 0 ? s->dates[i] : b.first;
            b.last = s->dates[i];
        }
    }
    return b;
}

/* --- measures --- */

static void put_measure(doc_table *t, const char *what, const doc_cell by[LEARNERS],
                        const char *meaning)
{
    doc_row(t, (doc_cell[]){cell_text(what), by[LEARNER_LOGISTIC], by[LEARNER_TREES],
                            cell_text(meaning)});
}

static void put_choice(doc_section *s, const predictions_input *in)
{
    const prediction *f = in->found;
    const auc_difference *x = &f->difference;
    const char *used = learner_label(f->chosen);
    if (f->better) {
        doc_paragraph(s,
                      "**Used: %s.** On later dates their AUC is higher by %.3f (95 %%: %.3f to "
                      "%.3f, %s).",
                      used, x->difference, x->interval_95.low, x->interval_95.high,
                      words_p(x->test.p).text);
    } else if (x->test.defined) {
        doc_paragraph(s,
                      "**Used: %s**, the simpler model. The boosted trees' AUC on later dates "
                      "differs by %s (95 %%: %s to %s, %s); they would have to be better "
                      "by %.3f beyond chance.",
                      used, words_difference(x->difference, 3).text,
                      words_difference(x->interval_95.low, 3).text,
                      words_difference(x->interval_95.high, 3).text, words_p(x->test.p).text,
                      JUDGE_GAIN);
    } else {
        doc_paragraph(s, "**Used: %s**, the simpler model: the two order the accounts alike.",
                      used);
    }
}

void predictions_put_measures(document *d, doc_section *parent, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, parent, "measures", "How well it told on later dates");
    put_choice(s, in);
    const doc_column columns[] = {
        {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        {.key = "logistic", .label = "Logistic", .type = CELL_NUMBER, .decimals = 3},
        {.key = "trees", .label = "Trees", .type = CELL_NUMBER, .decimals = 3},
        {.key = "meaning", .label = "Meaning", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "measures", NULL, columns, 4);
    const judged *l = &f->judged[LEARNER_LOGISTIC];
    const judged *b = &f->judged[LEARNER_TREES];
    put_measure(t, "AUC", (doc_cell[]){cell_number(l->auc.auc), cell_number(b->auc.auc)},
                "chance that one who did is put above one who did not; 0.5 is a coin");
    put_measure(
        t, "AUC, from",
        (doc_cell[]){cell_number(l->auc.interval_95.low), cell_number(b->auc.interval_95.low)},
        "95 % interval, rows of one account taken together");
    put_measure(
        t, "AUC, to",
        (doc_cell[]){cell_number(l->auc.interval_95.high), cell_number(b->auc.interval_95.high)},
        "");
    put_measure(t, "PR-AUC", (doc_cell[]){cell_number(l->precision), cell_number(b->precision)},
                "average precision; a coin has the share below");
    put_measure(t, "Share that did",
                (doc_cell[]){cell_number(l->lift.base), cell_number(b->lift.base)},
                "of the account-dates judged on");
    put_measure(t, "Lift at 10 %",
                (doc_cell[]){cell_number(l->lift.lift), cell_number(b->lift.lift)},
                "share among the tenth with the highest chance, over the share of all");
    put_measure(t, "Brier", (doc_cell[]){cell_number(l->brier.brier), cell_number(b->brier.brier)},
                "mean squared distance of chance and outcome; lower is better");
    put_measure(t, "Brier skill",
                (doc_cell[]){cell_number(l->brier.skill), cell_number(b->brier.skill)},
                "0: no better than one chance for all; 1: perfect");
    put_measure(t, "Log loss", (doc_cell[]){cell_number(l->loss), cell_number(b->loss)},
                "lower is better");
    put_measure(t, "Calibration slope",
                (doc_cell[]){l->check.sloped ? cell_number(l->check.slope) : cell_empty(NULL),
                             b->check.sloped ? cell_number(b->check.slope) : cell_empty(NULL)},
                "1 is right; under 1, chances are too extreme");
    doc_table_footnote(t, "%s account-dates of %s; %s of them %s.",
                       words_count((int64_t)f->judge.n).text,
                       words_things((int64_t)f->judge.n_accounts, "account").text,
                       words_count((int64_t)f->judge.n_positive).text, predictions_did(in));
}

/* --- calibration --- */

static void put_calibration(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    const judged *j = &f->judged[f->chosen];
    doc_section *s = document_section(d, NULL, "calibration", "Said and seen");
    if (j->check.defined) {
        doc_paragraph(s, "On the dates judged on, %s were expected to %s, and %s did.",
                      words_count(words_whole(j->check.expected)).text, predictions_verb(in),
                      words_count((int64_t)j->check.n_positive).text);
    }
    chart_dot dots[JUDGE_BINS];
    char labels[JUDGE_BINS][WORDS_TEXT + 8];
    char notes[JUDGE_BINS][WORDS_TEXT + 8];
    const doc_column columns[] = {{.key = "said", .label = "Said", .type = CELL_SHARE},
                                  {.key = "seen", .label = "Seen", .type = CELL_SHARE},
                                  {.key = "seen_low", .label = "from", .type = CELL_SHARE},
                                  {.key = "seen_high", .label = "to", .type = CELL_SHARE},
                                  {.key = "n", .label = "Account-dates", .type = CELL_COUNT}};
    for (size_t k = 0; k < j->n_bins; k++) {
        const reliability_bin *b = &j->bins[k];
        (void)snprintf(labels[k], sizeof labels[k], "said %s", words_share(b->mean_predicted).text);
        (void)snprintf(notes[k], sizeof notes[k], "n = %s", words_count((int64_t)b->n).text);
        dots[k] = (chart_dot){.label = labels[k],
                              .value = b->share,
                              .low = b->share_95.low,
                              .high = b->share_95.high,
                              .note = notes[k]};
    }
    chart_theme theme = {0};
    doc_chart(s, "calibration", "What was said, and the share that did, with 95 % intervals",
              "Dots of the share seen, by tenths of the chance said; the table has the figures.",
              chart_dots(&theme, dots, j->n_bins, CHART_SHARE, (double)NAN, NULL));
    doc_table *t = doc_table_new(s, "calibration", "By tenths of the chance said", columns, 5);
    for (size_t k = 0; k < j->n_bins; k++) {
        const reliability_bin *b = &j->bins[k];
        doc_row(t, (doc_cell[]){cell_share(b->mean_predicted), cell_share(b->share),
                                cell_share(b->share_95.low), cell_share(b->share_95.high),
                                cell_count((int64_t)b->n)});
    }
}

/* --- by date, by segment --- */

static const doc_column part_columns[] = {
    {.key = "part", .label = "", .type = CELL_TEXT},
    {.key = "n", .label = "Accounts", .type = CELL_COUNT},
    {.key = "expected", .label = "Expected", .type = CELL_NUMBER, .decimals = 1},
    {.key = "seen", .label = "Seen", .type = CELL_COUNT},
    {.key = "arr_expected", .label = "ARR expected", .type = CELL_MONEY, .priority = 1},
    {.key = "arr_seen", .label = "ARR seen", .type = CELL_MONEY, .priority = 1},
    {.key = "auc", .label = "AUC", .type = CELL_NUMBER, .decimals = 3},
    {.key = "precision", .label = "PR-AUC", .type = CELL_NUMBER, .decimals = 3, .priority = 2},
    {.key = "lift", .label = "Lift at 10 %", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
    {.key = "brier", .label = "Brier", .type = CELL_NUMBER, .decimals = 3, .priority = 3}};
enum { PART_COLUMNS = sizeof part_columns / sizeof part_columns[0] };

/* One measure of how well accounts of the part were told apart. */
static doc_cell measure_cell(const judged_part *p, double x)
{
    return p->auc.defined ? cell_number(x) : cell_empty("too few of either outcome");
}

static void put_part(doc_table *t, const char *name, const judged_part *p)
{
    doc_row(t, (doc_cell[]){cell_text(name), cell_count((int64_t)p->n), cell_number(p->expected),
                            cell_count((int64_t)p->hits),
                            cell_money((int64_t)llround(p->arr_expected)), cell_money(p->arr_hit),
                            measure_cell(p, p->auc.auc), measure_cell(p, p->precision),
                            measure_cell(p, p->lift), measure_cell(p, p->brier)});
}

static void put_dates(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, NULL, "by_date", "Date by date");
    doc_column columns[PART_COLUMNS];
    for (size_t k = 0; k < PART_COLUMNS; k++) {
        columns[k] = part_columns[k];
    }
    columns[0].label = "Date";
    doc_table *t = doc_table_new(s, "by_date", NULL, columns, PART_COLUMNS);
    for (size_t i = 0; i < f->schedule.n; i++) {
        if (f->schedule.judged[i] == ROLE_JUDGE) {
            char text[DAY_TEXT];
            day_format(f->schedule.dates[i], text);
            put_part(t, text, &f->by_judged_date[i]);
        }
    }
    doc_table_footnote(t,
                       "Expected on the date, and what came of it %s. ARR: of those accounts, "
                       "on the date.",
                       predictions_within(in).text);
}

static void put_segments(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    if (f->by_segment == NULL) {
        return;
    }
    doc_section *s = document_section(d, NULL, "by_segment", "Segment by segment");
    doc_column columns[PART_COLUMNS];
    for (size_t k = 0; k < PART_COLUMNS; k++) {
        columns[k] = part_columns[k];
    }
    columns[0].label = report_dimension_label(in->bound, in->dimension);
    columns[1].label = "Account-dates";
    doc_table *t = doc_table_new(s, "by_segment", NULL, columns, PART_COLUMNS);
    for (size_t k = 0; k < f->n_segments; k++) {
        if (f->by_segment[k].n > 0) {
            put_part(t, report_segment_label(in->bound, in->dimension, (segment_code)k),
                     &f->by_segment[k]);
        }
    }
    doc_table_footnote(t,
                       "Segments as they were on the dates judged on. AUC, PR-AUC, lift and Brier "
                       "are of the segment's own accounts: the lift of its own top tenth over its "
                       "own share.");
}

/* --- what it was made from --- */

static void put_block(doc_table *t, const schedule *s, date_role role, const char *what,
                      const row_set *set)
{
    predictions_block b = predictions_block_of(s, s->judged, role);
    b = b.n == 0 ? predictions_block_of(s, s->judged, ROLE_SHARED) : b;
    doc_row(t, (doc_cell[]){cell_text(what), cell_count((int64_t)b.n), cell_date(b.first),
                            cell_date(b.last), cell_count((int64_t)set->n_accounts),
                            cell_count((int64_t)set->n), cell_count((int64_t)set->n_positive),
                            cell_count((int64_t)set->n_positive_accounts)});
}

static void put_data(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, NULL, "data", "What it was learned from");
    doc_paragraph(s,
                  "Customers (ARR above 0) on %s, a month apart, with what was known on each and "
                  "what came of it %s. %s",
                  words_things((int64_t)f->schedule.n, "past date").text,
                  predictions_within(in).text,
                  f->target == PREDICT_CHURN
                      ? "Churn: ARR falls to 0 at the end of some day of the horizon; who comes "
                        "back within it churned all the same."
                      : "Expansion: an expansion movement on some day of the horizon; price "
                        "increases count, new business and reactivation do not.");
    if (f->sampled < 1.0) {
        doc_note(s, "note", "The rows are of a sample of %s of the accounts, drawn by their ids.",
                 words_share(f->sampled).text);
    }
    const doc_column columns[] = {
        {.key = "block", .label = "For", .type = CELL_TEXT},
        {.key = "dates", .label = "Dates", .type = CELL_COUNT},
        {.key = "first", .label = "First", .type = CELL_DATE},
        {.key = "last", .label = "Last", .type = CELL_DATE},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "rows", .label = "Rows", .type = CELL_COUNT},
        {.key = "positives", .label = "Did", .type = CELL_COUNT},
        {.key = "positive_accounts", .label = "by accounts", .type = CELL_COUNT, .priority = 1}};
    doc_table *t = doc_table_new(s, "blocks", NULL, columns, 8);
    put_block(t, &f->schedule, ROLE_LEARN, "learning", &f->learn);
    put_block(t, &f->schedule, ROLE_TUNE, "tuning, calibration", &f->tune);
    put_block(t, &f->schedule, ROLE_JUDGE, "judging", &f->judge);
    doc_table_footnote(t, "%s",
                       f->schedule.shared
                           ? "The history is too short for three blocks: accounts are split "
                             "between learning and tuning. Between these dates and those judged on "
                             "lies a whole horizon."
                           : "Between two blocks lies a whole horizon, so that no outcome is seen "
                             "from two blocks.");
    doc_table_footnote(t,
                       "Today's chances are of a model made the same way with the newest dates: "
                       "%s rows learned from, %s tuned on.",
                       words_count((int64_t)f->today.learned.n).text,
                       words_count((int64_t)f->today.tuned.n).text);
    if (f->today.again.n > 0) {
        doc_table_footnote(
            t,
            "Once calibrated, it was fitted again to the %s rows of all these dates, "
            "with the level that calibration gave.",
            words_count((int64_t)f->today.again.n).text);
    }
}

/* --- features --- */

static size_t count_used(const candidates *c)
{
    size_t n = 0;
    for (size_t k = 0; k < c->n; k++) {
        n += c->items[k].left_out == USED;
    }
    return n;
}

static void put_used(document *d, doc_section *s, const predictions_input *in)
{
    const prediction *f = in->found;
    const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT},
        {.key = "about", .label = "About", .type = CELL_TEXT},
        {.key = "alone", .label = "AUC alone", .type = CELL_NUMBER, .decimals = 3},
        {.key = "coefficient", .label = "Weight", .type = CELL_NUMBER, .decimals = 3}};
    bool logistic = f->today.kind == LEARNER_LOGISTIC && f->tells;
    doc_table *t = doc_table_new(s, "features", "Features used", columns, logistic ? 4 : 3);
    const predictor *used = f->tells ? &f->today : &f->logistic;
    for (size_t k = 0; k < used->n_used; k++) {
        const candidate *c = &f->candidates.items[used->used[k]];
        double beta = logistic ? used->logistic.beta[k] * used->logistic.sd[k] : 0.0;
        doc_row(t, (doc_cell[]){cell_text(c->name), cell_text(predictions_theme(c->entity)),
                                c->alone > 0.0 ? cell_number(c->alone) : cell_empty("too few"),
                                cell_number(beta)});
    }
    size_t others = count_used(&f->candidates) - used->n_used;
    if (others > 0) {
        doc_table_footnote(t, "%s more were looked at and added nothing on later dates.",
                           words_things((int64_t)others, "feature").text);
    }
    doc_table_footnote(t, "AUC alone: on the dates judged on, either direction.%s",
                       logistic ? " Weight: log-odds per standard deviation; of features that move "
                                  "together it is shared as the penalty likes."
                                : "");
    doc_table_fold(t);
    (void)d;
}

static void put_left_out(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s =
        document_section(d, NULL, "features", "What it looks at, and what it must not");
    size_t leaks = 0;
    for (size_t k = 0; k < f->candidates.n; k++) {
        leaks += left_out_is_leak(f->candidates.items[k].left_out);
    }
    if (leaks > 0) {
        doc_note(s, "warning",
                 "%s refused: made after the fact, or a copy of the outcome. See 'leak' below.",
                 words_things((int64_t)leaks, "feature").text);
    }
    put_used(d, s, in);
    const doc_column columns[] = {
        {.key = "feature", .label = "Left out", .type = CELL_TEXT},
        {.key = "why", .label = "Because", .type = CELL_TEXT},
        {.key = "alone", .label = "AUC alone", .type = CELL_NUMBER, .decimals = 3}};
    doc_table *t = doc_table_new(s, "left_out", NULL, columns, 3);
    for (size_t k = 0; k < f->candidates.n; k++) {
        const candidate *c = &f->candidates.items[k];
        if (c->left_out != USED) {
            doc_row(t, (doc_cell[]){cell_text(c->name), cell_text(left_out_words(c->left_out)),
                                    left_out_is_leak(c->left_out) ? cell_number(c->alone)
                                                                  : cell_empty(NULL)});
        }
    }
    doc_table_footnote(t, "An attribute that never changes can be vouched for: `--with industry`.");
}

/* --- limits --- */

static void put_limits(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, NULL, "limits", "When not to use it");
    doc_bullet(s, "For accounts unlike those of the past: a new product, market or price is not in "
                  "what it learned.");
    doc_bullet(s, "To say what to do: it says what goes with %s, not what causes it.",
               predict_target_name(f->target));
    doc_bullet(s,
               "To judge a CSM's work, or a customer without looking: of the accounts it puts in "
               "the top tenth, %s %s on later dates.",
               words_share(f->judged[f->chosen].lift.rate).text, predictions_did(in));
    doc_bullet(s,
               "When accounts were helped because of it: then fewer %s than it says, and it will "
               "look wrong. Train anew and compare with interventions.",
               predictions_verb(in));
    if (f->judge.n_positive_accounts < 100) {
        doc_bullet(s, "With confidence: only %s %s on the dates judged on.",
                   words_things((int64_t)f->judge.n_positive_accounts, "account").text,
                   predictions_did(in));
    }
    doc_bullet(s, "The range of ARR at risk counts chance alone, accounts on their own; a bad year "
                  "for all of them is not in it.");
}

static void put_method(document *d, const predictions_input *in)
{
    const prediction *f = in->found;
    doc_section *s = document_section(d, NULL, "method", "How it was computed");
    doc_paragraph(s,
                  "Logistic regression with a ridge of %g on standardised features: skewed amounts "
                  "as logarithms, values beyond the 1st and 99th percentile drawn in, missing ones "
                  "at the mean with a marker. Boosted trees (XGBoost): %s, stopped where the "
                  "middle block got no better. Both calibrated on the middle block by %s.",
                  f->logistic.ridge, words_things((int64_t)f->trees, "tree").text,
                  f->tune.n_positive_accounts >= 1000 ? "isotonic regression" : "Platt's method");
    doc_paragraph(s, "Seed %llu.", (unsigned long long)in->seed);
}

void report_predictions_card(document *d, const predictions_input *in)
{
    if (in->found->why != NULL) {
        report_predictions(d, in);
        return;
    }
    put_data(d, in);
    predictions_put_measures(d, NULL, in);
    put_calibration(d, in);
    put_dates(d, in);
    put_segments(d, in);
    put_left_out(d, in);
    put_limits(d, in);
    put_method(d, in);
}
