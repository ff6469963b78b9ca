/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/operating_model.h"

#include <math.h>

#include "base/number.h"
#include "report/plan/capacity.h"
#include "report/report.h"

enum {
    O_SEGMENT,
    O_TOUCH,
    O_CADENCE,
    O_REVIEWS,
    O_ONBOARDING,
    O_SUPPORT,
    O_PER_CSM,
    O_HOURS,
    O_TIME,
    O_VALUE,
    O_LOST,
    O_FROM,
    O_COLUMNS
};

double operating_loss(const stakes *s, size_t segment)
{
    int64_t value = 0;
    int64_t lost = 0;
    if (s == NULL || !s->known || segment >= s->n_segments) {
        return (double)NAN;
    }
    for (size_t b = 0; b < HEALTH_BANDS; b++) {
        value += s->of[segment * HEALTH_BANDS + b].value;
        lost += s->of[segment * HEALTH_BANDS + b].lost;
    }
    return value > 0 ? (double)lost / (double)value : (double)NAN;
}

static double part(int64_t of, int64_t whole)
{
    return whole > 0 ? (double)of / (double)whole : (double)NAN;
}

static doc_table *new_table(doc_section *s, const operating_input *in)
{
    const doc_column columns[O_COLUMNS] = {
        [O_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [O_TOUCH] = {.key = "touch", .label = "Touch", .type = CELL_TEXT},
        [O_CADENCE] = {.key = "cadence", .label = "Touchpoints", .type = CELL_TEXT},
        [O_REVIEWS] = {.key = "reviews", .label = "Reviews", .type = CELL_TEXT, .priority = 1},
        [O_ONBOARDING] = {.key = "onboarding_days",
                          .label = "Onboarding",
                          .type = CELL_DAYS,
                          .priority = 3},
        [O_SUPPORT] = {.key = "support", .label = "Support", .type = CELL_TEXT, .priority = 3},
        [O_PER_CSM] = {.key = "accounts_per_csm",
                       .label = "Per CSM",
                       .type = CELL_NUMBER,
                       .priority = 2},
        [O_HOURS] = {.key = "hours", .label = "Hours", .type = CELL_NUMBER},
        [O_TIME] = {.key = "time_share", .label = "% of time", .type = CELL_SHARE, .bar = true},
        [O_VALUE] = {.key = "value_share",
                     .label = in->v->has_arr ? "% of ARR" : "% of spend",
                     .type = CELL_SHARE,
                     .bar = true},
        [O_LOST] = {.key = "lost_share", .label = "Lost", .type = CELL_SHARE, .priority = 1},
        [O_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT, .data_only = true},
    };
    return doc_table_new(s, "operating_model", NULL, columns, O_COLUMNS);
}

static strata_status put_row(document *d, doc_table *t, const operating_input *in, size_t i,
                             arena *a, strata_error *err)
{
    const engaged_segment *e = &in->e->segments[i];
    const work_sum *sum = &in->c->by_segment[i];
    const char *cadence = words_rhythm(e->programme.cadence_days, a);
    const char *reviews = words_rhythm(e->programme.review_days, a);
    if (cadence == NULL || reviews == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    int origin =
        report_segment_origin(d, in->v->b, in->e->def, (segment_code)i,
                              "hours of 12 months ahead: touchpoints, reviews, onboarding, "
                              "renewals and tickets, times complexity",
                              "engagement, arr, complexity, tickets, opportunities");
    double per_csm = in->c->ratios[i].by_hours;
    const doc_cell cells[O_COLUMNS] = {
        [O_SEGMENT] = cell_text(e->label),
        [O_TOUCH] = cell_text(touch_level_names[e->touch]),
        [O_CADENCE] = cell_text(cadence),
        [O_REVIEWS] = cell_text(reviews),
        [O_ONBOARDING] = cell_days(e->programme.onboarding_days),
        [O_SUPPORT] = cell_text(e->programme.support),
        [O_PER_CSM] =
            isnan(per_csm) ? cell_empty("digital: takes no hours of a CSM") : cell_number(per_csm),
        [O_HOURS] = with_origin(cell_number((double)sum->total / MINUTES_PER_HOUR), origin),
        [O_TIME] = cell_share(part(sum->total, in->c->all.total)),
        [O_VALUE] = cell_share(part(sum->value_minor, in->c->all.value_minor)),
        [O_LOST] = cell_share(operating_loss(in->s, i)),
        [O_FROM] = cell_text(e->proposed ? "proposed from the data" : "the model file"),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

static void put_words(document *d, doc_section *s, const operating_input *in)
{
    const capacity *c = in->c;
    const char *who = in->e->n_proposed == 0                   ? "The model file says so"
                      : in->e->n_proposed == in->e->n_segments ? "Proposed from the data"
                                                               : "In part proposed from the data";
    (void)d;
    if (c->available_total > 0) {
        int64_t left = c->available_total - c->all.total;
        doc_paragraph(s, "This takes **%s** in the next 12 months; %s %s %s, so %s %s.",
                      words_hours(c->all.total).text, words_things((int64_t)c->n_csms, "CSM").text,
                      c->n_csms == 1 ? "has" : "have", words_hours(c->available_total).text,
                      words_hours(left < 0 ? -left : left).text,
                      left < 0 ? "are missing" : "are left");
    } else {
        doc_paragraph(s,
                      "This takes **%s** in the next 12 months; how many there are is not known.",
                      words_hours(c->all.total).text);
    }
    doc_paragraph(
        s,
        "%s%s. Assumed for one account of mean complexity: a touchpoint takes %g hours, "
        "a review %g, onboarding %g, a renewal %g, a ticket %g.",
        who,
        in->e->n_proposed > 0 ? ": hours in proportion to ARR, and the richest level that "
                                "fits into them; `engagement` of the model file decides "
                                "otherwise"
                              : "",
        in->e->hours[WORK_TOUCHPOINT], in->e->hours[WORK_REVIEW], in->e->hours[WORK_ONBOARDING],
        in->e->hours[WORK_RENEWAL], in->e->hours[WORK_TICKET]);
}

strata_status report_operating_model(document *d, doc_section *s, const operating_input *in,
                                     strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    doc_table *t = new_table(s, in);
    for (size_t i = 0; i < in->e->n_segments; i++) {
        STRATA_TRY(put_row(d, t, in, i, a, err));
    }
    doc_table_footnote(t,
                       "Per CSM: accounts that one can look after, by hours. Hours: of the 12 "
                       "months ahead. Lost: share of the ARR of a year ago that left or shrank.");
    put_words(d, s, in);
    return STRATA_OK;
}
