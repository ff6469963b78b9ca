/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/measurement.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "document/chart.h"
#include "report/report.h"

enum { NOTE_TEXT = 48 };

static const scoreboard *board_of(const measurement_input *in)
{
    return in->targets->s;
}

/* --- the page to read first --- */

static const char *every_words(int months)
{
    return months == 1   ? "every month"
           : months == 3 ? "every quarter"
           : months == 6 ? "every half year"
                         : "every year";
}

static void put_summary(document *d, const measurement_input *in)
{
    const scoreboard *s = board_of(in);
    const intervention_effect *all = &in->interventions->effects->items[0];
    const ratio_difference *kept = &all->after[0].of[OUTCOME_KEPT];
    doc_section *section = document_section(d, NULL, "summary", "Is it working?");
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_targets_title(&title, in->targets);
    doc_paragraph(section, "%s.", SAFE(d, strbuf_text(&title)));
    strbuf_clear(&title);
    report_interventions_title(&title, in->interventions);
    doc_paragraph(section, "%s.", SAFE(d, strbuf_text(&title)));
    if (s->n_targets > 0) {
        doc_figure(section, "Targets met", cell_count((int64_t)s->n_on_track),
                   words_things((int64_t)s->n_targets, "target").text);
        doc_figure(section, "Behind beyond chance", cell_count((int64_t)s->n_behind), NULL);
    }
    int matched = document_provenance(
        d, "share of accounts with an intervention that stayed, less that of accounts like them",
        "interventions, segments, health, ARR and the chance of leaving at that date", NULL);
    int rhythm = document_provenance(
        d, "how often memberships change for good, against how often they come back",
        "memberships at month ends, churn", NULL);
    if (kept->defined) {
        doc_figure(section, "Stayed more with an intervention",
                   with_origin(cell_share(kept->difference), matched),
                   "of all, the difference after three months to accounts like them");
    }
    if (in->rhythm != NULL && in->rhythm->months > 0) {
        doc_figure(section, "Look at segments",
                   with_origin(cell_text(every_words(in->rhythm->every)), rhythm), NULL);
    }
}

/* --- charts --- */

static chart_format format_of(target_measure m)
{
    return m == TARGET_NPS ? CHART_NUMBER : CHART_SHARE;
}

/* One chart for a measure: segments with their ranges, the target of all as a line. */
static strata_status put_chart(doc_section *section, const measurement_input *in, target_measure m,
                               strata_error *err)
{
    const scoreboard *s = board_of(in);
    STRATA_AUTO_FREE chart_dot *dots = STRATA_NEW_ARRAY(s->n_segments + 1, chart_dot);
    STRATA_AUTO_FREE char *notes = STRATA_NEW_ARRAY((s->n_segments + 1) * NOTE_TEXT, char);
    size_t n = 0;
    if (dots == NULL || notes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t k = 0; k <= s->n_segments; k++) {
        const score_cell *c = score_at(s, k, m);
        const score_value *v = &c->at[SCOREBOARD_DATES - 1];
        char *note = &notes[n * NOTE_TEXT];
        if (!v->stated) {
            continue;
        }
        (void)snprintf(note, NOTE_TEXT, "%s", score_verdict_names[c->verdict]);
        dots[n++] = (chart_dot){.label = k < s->n_segments ? s->def->labels[k] : "All",
                                .value = v->x,
                                .low = v->low,
                                .high = v->high,
                                .note = isnan(c->target) ? NULL : note};
    }
    if (n > 1) {
        const chart_theme theme = {.names = s->def->labels, .n_names = s->n_segments};
        double target = score_at(s, s->n_segments, m)->target;
        doc_chart(section, target_names[m], report_target_label(m),
                  "The figure of each segment with its 95 % range; the table above has them all.",
                  chart_dots(&theme, dots, n, format_of(m), target,
                             isnan(target) ? NULL : "target of all"));
    }
    return STRATA_OK;
}

static strata_status put_scoreboard(document *d, const measurement_input *in, strata_error *err)
{
    doc_section *section = document_section(d, NULL, "scoreboard", "Targets against what is");
    STRATA_TRY(report_targets(d, section, in->targets, err));
    for (size_t m = 0; m < TARGET_MEASURES; m++) {
        STRATA_TRY(put_chart(section, in, (target_measure)m, err));
    }
    return STRATA_OK;
}

/* --- reviews --- */

static void put_calendar(document *d, const measurement_input *in)
{
    const review_rhythm *r = in->rhythm;
    if (r == NULL || r->months == 0) {
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "Segments are worth looking at %s", every_words(r->every));
    doc_section *s = document_section(d, NULL, "calendar", strbuf_text(&title));
    day as_of = in->targets->v->as_of;
    doc_paragraph(s,
                  "In a month %s of the accounts move to another segment and %s leave (%s over 12 "
                  "months). %s",
                  words_share(r->moved).text, words_share(r->left).text,
                  words_things((int64_t)r->months, "account-month").text,
                  isnan(r->flapped) ? "Whether moves last cannot be said yet."
                                    : "Moves that are undone within three months are noise:");
    if (!isnan(r->flapped)) {
        doc_bullet(s, "%s of %s were undone (%s)%s.", words_count((int64_t)r->undone).text,
                   words_things((int64_t)r->judged, "move").text, words_share(r->flapped).text,
                   r->flapped > 0.2 ? "; a longer `hold` for its dimension would make lists calmer"
                                    : "");
    }
    const doc_column columns[] = {
        {.key = "on", .label = "On", .type = CELL_DATE},
        {.key = "what", .label = "What", .type = CELL_TEXT},
    };
    doc_table *t = doc_table_new(s, "calendar", "The next reviews", columns, 2);
    for (int k = 1; k <= 4; k++) {
        const doc_cell cells[] = {cell_date(day_add_months(as_of, k * r->every)),
                                  cell_text(k * r->every % 12 == 0
                                                ? "targets for the year ahead, rules and bands"
                                                : "scoreboard, moves, what interventions brought")};
        doc_row(t, cells);
    }
    doc_table_footnote(t,
                       "The longest of 1, 3, 6 and 12 months in which no more than a tenth of the "
                       "accounts move for good or leave.");
}

static void put_method(document *d, const measurement_input *in)
{
    const scoreboard *s = board_of(in);
    doc_section *section = document_section(d, NULL, "method", "How it was computed");
    const doc_column columns[] = {
        {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        {.key = "definition", .label = "Definition", .type = CELL_TEXT},
        {.key = "inputs", .label = "From", .type = CELL_TEXT},
    };
    doc_table *t = doc_table_new(section, "definitions", NULL, columns, 3);
    for (size_t m = 0; m < TARGET_MEASURES; m++) {
        const doc_cell cells[] = {cell_text(report_target_label((target_measure)m)),
                                  cell_text(report_target_definition((target_measure)m)),
                                  cell_text(report_target_inputs((target_measure)m))};
        doc_row(t, cells);
    }
    doc_paragraph(section,
                  "As of %s, by %s. Each figure of an earlier day knows only what was known then. "
                  "Ranges hold the true value 19 times of 20, if accounts do not hang together.",
                  words_day(in->targets->v->as_of).text,
                  SAFE(d, report_dimension_label(in->targets->v->b, s->def)));
}

strata_status report_measurement(document *d, const measurement_input *in, strata_error *err)
{
    put_summary(d, in);
    STRATA_TRY(put_scoreboard(d, in, err));
    if (in->migration != NULL) {
        doc_section *moves =
            document_section(d, NULL, "movement", "Who moved, and how long accounts stay");
        STRATA_TRY(report_migration(d, moves, in->migration, err));
    } else {
        doc_section *moves = document_section(d, NULL, "movement", "Moves");
        doc_note(moves, "missing", "%s", SAFE(d, in->migration_why));
    }
    STRATA_TRY(report_interventions(d, NULL, in->interventions, err));
    put_calendar(d, in);
    put_method(d, in);
    return STRATA_OK;
}
