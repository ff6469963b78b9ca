/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/targets.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/report.h"

static const struct {
    const char *label, *definition, *inputs, *missing;
} measures[TARGET_MEASURES] = {
    [TARGET_NRR] = {"NRR 12m",
                    "ARR today of the accounts in the segment 12 months before, over their ARR of "
                    "then",
                    "ARR, segments 12 months before", "needs ARR a year back"},
    [TARGET_GRR] = {"GRR 12m",
                    "ARR today of the accounts in the segment 12 months before, each with no more "
                    "than its ARR of then, over their ARR of then",
                    "ARR, segments 12 months before", "needs ARR a year back"},
    [TARGET_CHURN] = {"Churn 12m",
                      "share of the accounts in the segment with ARR 12 months before that have "
                      "none today",
                      "ARR, segments 12 months before", "needs ARR a year back"},
    [TARGET_EXPANSION] = {"Expanded 12m",
                          "share of the accounts in the segment with ARR 12 months before that "
                          "have more today",
                          "ARR, segments 12 months before", "needs ARR a year back"},
    [TARGET_NPS] = {"NPS",
                    "members that answered in 12 months: share of 9 and 10 less share of 0 to 6, "
                    "times 100",
                    "surveys of kind nps", "needs surveys"},
    [TARGET_COST] = {"Cost to serve",
                     "minutes of touchpoints in 90 days for a year, at the hourly cost of the "
                     "account's manager, over ARR",
                     "touchpoints with minutes, cost_per_hour of csms",
                     "needs touchpoints with minutes and cost_per_hour of csms"},
};

const char *report_target_label(target_measure m)
{
    return measures[m].label;
}

const char *report_target_definition(target_measure m)
{
    return measures[m].definition;
}

const char *report_target_inputs(target_measure m)
{
    return measures[m].inputs;
}

static const score_value *now_of(const score_cell *c)
{
    return &c->at[SCOREBOARD_DATES - 1];
}

static const char *segment_label(const targets_input *in, size_t segment)
{
    return segment < in->s->n_segments ? in->s->def->labels[segment] : "All";
}

/* "88.2 %", "41". */
static words value_words(target_measure m, double x)
{
    words w = words_share(x);
    if (m == TARGET_NPS) {
        (void)snprintf(w.text, sizeof w.text, "%.0f", x);
    }
    return w;
}

/* How far behind, against the target; 0: not behind. */
static double gap_of(const score_cell *c, target_measure m)
{
    if (c->verdict != SCORE_BEHIND && c->verdict != SCORE_NOT_CERTAIN) {
        return 0.0;
    }
    double scale = m == TARGET_NPS ? 100.0 : fmax(fabs(c->target), 1e-9);
    return fabs(now_of(c)->x - c->target) / scale;
}

void report_targets_title(strbuf *out, const targets_input *in)
{
    const scoreboard *s = in->s;
    size_t worst = 0;
    if (s->n_targets == 0) {
        strbuf_printf(out, "The model file states no target, so nothing is on track or behind");
        return;
    }
    for (size_t i = 0; i < (s->n_segments + 1) * TARGET_MEASURES; i++) {
        worst = gap_of(&s->cells[i], (target_measure)(i % TARGET_MEASURES)) >
                        gap_of(&s->cells[worst], (target_measure)(worst % TARGET_MEASURES))
                    ? i
                    : worst;
    }
    const score_cell *c = &s->cells[worst];
    target_measure m = (target_measure)(worst % TARGET_MEASURES);
    strbuf_printf(out, "%zu of %zu targets %s met", s->n_on_track, s->n_targets,
                  s->n_on_track == 1 ? "is" : "are");
    if (gap_of(c, m) > 0.0) {
        strbuf_printf(out, "; furthest behind is %s of %s: %s against %s", measures[m].label,
                      segment_label(in, worst / TARGET_MEASURES), value_words(m, now_of(c)->x).text,
                      value_words(m, c->target).text);
    }
}

/* --- the table --- */

enum {
    S_SEGMENT,
    S_MEASURE,
    S_TARGET,
    S_ACTUAL,
    S_VERDICT,
    S_LOW,
    S_HIGH,
    S_ACCOUNTS,
    S_BEFORE,
    S_TREND,
    S_OWNER,
    S_SOURCE,
    S_COLUMNS
};

/* Shares and scores stand in one column: shares as text of a share, NPS as a number. */
static doc_cell value_cell(target_measure m, bool known, double x, const char *why)
{
    return !known ? cell_empty(why) : m == TARGET_NPS ? cell_number(round(x)) : cell_share(x);
}

static void put_row(document *d, doc_table *t, const targets_input *in, size_t segment,
                    target_measure m)
{
    const score_cell *c = score_at(in->s, segment, m);
    const score_value *now = now_of(c);
    const score_value *before = &c->at[0];
    const words few = report_too_few(in->v->b);
    const char *why = now->n == 0 ? measures[m].missing : few.text;
    double trend[SCOREBOARD_DATES];
    for (size_t k = 0; k < SCOREBOARD_DATES; k++) {
        trend[k] = c->at[k].stated ? c->at[k].x : (double)NAN;
    }
    int origin = document_provenance(d, measures[m].definition, measures[m].inputs, NULL);
    const doc_cell cells[S_COLUMNS] = {
        [S_SEGMENT] = cell_text(segment_label(in, segment)),
        [S_MEASURE] = cell_text(measures[m].label),
        [S_TARGET] = value_cell(m, !isnan(c->target), c->target, "no target"),
        [S_ACTUAL] = with_origin(value_cell(m, now->stated, now->x, why), origin),
        [S_LOW] = value_cell(m, now->stated, now->low, why),
        [S_HIGH] = value_cell(m, now->stated, now->high, why),
        [S_ACCOUNTS] = cell_count((int64_t)now->n),
        [S_BEFORE] = value_cell(m, before->stated, before->x, "too few or no data then"),
        [S_TREND] = cell_spark(trend, SCOREBOARD_DATES),
        [S_VERDICT] = cell_text(score_verdict_names[c->verdict]),
        [S_OWNER] = c->owner != NULL ? cell_text(c->owner) : cell_empty("not said"),
        [S_SOURCE] = c->source != NULL ? cell_text(c->source) : cell_empty("not said"),
    };
    doc_row(t, cells);
}

static void put_table(document *d, doc_section *s, const targets_input *in)
{
    const doc_column columns[S_COLUMNS] = {
        [S_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [S_MEASURE] = {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        [S_TARGET] = {.key = "target", .label = "Target", .type = CELL_SHARE},
        [S_ACTUAL] = {.key = "actual", .label = "Actual", .type = CELL_SHARE},
        [S_LOW] = {.key = "actual_low", .label = "from", .type = CELL_SHARE, .priority = 1},
        [S_HIGH] = {.key = "actual_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        [S_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 2},
        [S_BEFORE] = {.key = "year_before",
                      .label = "Year before",
                      .type = CELL_SHARE,
                      .priority = 3},
        [S_TREND] = {.key = "trend", .label = "Quarters", .type = CELL_SPARK, .priority = 3},
        [S_VERDICT] = {.key = "verdict", .label = "Verdict", .type = CELL_TEXT},
        [S_OWNER] = {.key = "owner", .label = "Owner", .type = CELL_TEXT, .priority = 4},
        [S_SOURCE] = {.key = "source", .label = "Source", .type = CELL_TEXT, .priority = 5},
    };
    doc_table *t = doc_table_new(s, "targets", NULL, columns, S_COLUMNS);
    for (size_t k = 0; k <= in->s->n_segments; k++) {
        for (size_t m = 0; m < TARGET_MEASURES; m++) {
            const score_cell *c = score_at(in->s, k, (target_measure)m);
            bool wanted = in->s->n_targets > 0 ? !isnan(c->target) : now_of(c)->n > 0;
            if (wanted) {
                put_row(d, t, in, k, (target_measure)m);
            }
        }
    }
}

strata_status report_targets(document *d, doc_section *parent, const targets_input *in,
                             strata_error *err)
{
    const scoreboard *s = in->s;
    doc_section *section = document_section(d, parent, "targets", NULL);
    put_table(d, section, in);
    if (s->n_targets == 0) {
        doc_note(section, "missing",
                 "Write what you aim at into the model file, such as `targets: {all: {grr: 92%%, "
                 "owner: Head of CS}, %s: {nrr: 110%%, churn: 8%%, nps: 40}}`.",
                 s->n_segments > 0 ? SAFE(d, s->def->keys[0]) : "SEGMENT");
    }
    doc_paragraph(
        section,
        "*On track*: the figure meets the target. *Behind*: neither it nor its 95 %% range does; "
        "*not certain*: the range does. *Quarters* are the same figure on this day and on the "
        "same day of the four quarters before, each with what was known then.");
    (void)err;
    return STRATA_OK;
}
