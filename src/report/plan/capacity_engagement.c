/* SPDX-License-Identifier: Apache-2.0 */
/* How each segment is looked after. */
#include "report/plan/capacity.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/number.h"
#include "report/report.h"

enum {
    E_SEGMENT,
    E_ACCOUNTS,
    E_TOUCH,
    E_CADENCE,
    E_REVIEWS,
    E_ONBOARDING,
    E_SUPPORT,
    E_HOURS,
    E_ACTUAL,
    E_SHARE,
    E_FROM,
    E_STATED,
    E_COLUMNS
};

/* Columns from here on are left out where they would say nothing. */
static bool any_stated_ratio(const engagement *e)
{
    for (size_t i = 0; i < e->n_segments; i++) {
        if (!isnan(e->segments[i].programme.accounts_per_csm)) {
            return true;
        }
    }
    return false;
}

static size_t engagement_columns(const engagement *e)
{
    return any_stated_ratio(e) ? E_COLUMNS : e->n_proposed > 0 ? E_STATED : E_FROM;
}

static doc_table *engagement_table(doc_section *s, const engagement *e)
{
    const doc_column columns[E_COLUMNS] = {
        [E_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [E_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [E_TOUCH] = {.key = "touch", .label = "Touch", .type = CELL_TEXT},
        [E_CADENCE] = {.key = "cadence", .label = "Touchpoints", .type = CELL_TEXT, .priority = 1},
        [E_REVIEWS] = {.key = "reviews", .label = "Reviews", .type = CELL_TEXT, .priority = 2},
        [E_ONBOARDING] = {.key = "onboarding_days",
                          .label = "Onboarding",
                          .type = CELL_DAYS,
                          .priority = 3},
        [E_SUPPORT] = {.key = "support", .label = "Support", .type = CELL_TEXT, .priority = 4},
        [E_STATED] = {.key = "accounts_per_csm_stated",
                      .label = "Per CSM meant",
                      .type = CELL_NUMBER,
                      .priority = 5},
        [E_HOURS] = {.key = "accounts_per_csm_by_hours",
                     .label = "Per CSM by hours",
                     .type = CELL_NUMBER,
                     .priority = 1},
        [E_ACTUAL] = {.key = "accounts_per_csm_actual",
                      .label = "Per CSM now",
                      .type = CELL_NUMBER,
                      .priority = 1},
        [E_SHARE] = {.key = "time_share",
                     .label = "Share of time",
                     .type = CELL_SHARE,
                     .bar = true},
        [E_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT, .priority = 6},
    };
    return doc_table_new(s, "engagement", NULL, columns, engagement_columns(e));
}

static const char *where_from(const capacity_input *in, const engaged_segment *s, arena *a)
{
    if (!s->proposed) {
        return "the model file";
    }
    char each[NUMBER_TEXT];
    number_format(s->hours_affordable, 1, each);
    return arena_printf(a,
                        "proposed: its share of %s pays %s hours a year for each account, and "
                        "%s touch is the most that fits",
                        in->v->value_label != NULL ? in->v->value_label : "value", each,
                        touch_level_names[s->touch]);
}

doc_cell capacity_ratio(double x, const char *why)
{
    return isnan(x) ? cell_empty(why) : cell_number(x);
}

static strata_status put_engaged(document *d, doc_table *t, const capacity_input *in, size_t i,
                                 arena *a, strata_error *err)
{
    const engaged_segment *s = &in->e->segments[i];
    const capacity *c = in->c;
    const char *cadence = words_rhythm(s->programme.cadence_days, a);
    const char *reviews = words_rhythm(s->programme.review_days, a);
    const char *from = where_from(in, s, a);
    if (cadence == NULL || reviews == NULL || from == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    double share =
        c->all.total > 0 ? (double)c->by_segment[i].total / (double)c->all.total : (double)NAN;
    const bool empty = c->by_segment[i].n_accounts == 0;
    const char *idle = s->touch == TOUCH_DIGITAL ? "digital: takes no hours of a CSM"
                       : empty                   ? "no accounts"
                                                 : "nobody's hours are known";
    int by_hours = document_provenance(
        d, "hours of a mean CSM in 12 months over the hours of a mean account of the segment",
        "capacity_hours of csms, or engagement.month; engagement.hours", NULL);
    int actual =
        document_provenance(d,
                            "accounts in books over the people these take: each CSM counts "
                            "with the segment's share of the hours of their book",
                            "csm_id of accounts", NULL);
    const doc_cell cells[E_COLUMNS] = {
        [E_SEGMENT] = cell_text(s->label),
        [E_ACCOUNTS] = with_origin(cell_count((int64_t)s->n_accounts),
                                   report_segment_origin(d, in->v->b, in->e->def, (segment_code)i,
                                                         "accounts in the segment", NULL)),
        [E_TOUCH] = cell_text(touch_level_names[s->touch]),
        [E_CADENCE] = cell_text(cadence),
        [E_REVIEWS] = cell_text(reviews),
        [E_ONBOARDING] = cell_days(s->programme.onboarding_days),
        [E_SUPPORT] = cell_text(s->programme.support),
        [E_STATED] = capacity_ratio(s->programme.accounts_per_csm, "the model file does not say"),
        [E_HOURS] = with_origin(capacity_ratio(c->ratios[i].by_hours, idle), by_hours),
        [E_ACTUAL] = with_origin(
            capacity_ratio(c->ratios[i].actual,
                           s->touch == TOUCH_DIGITAL || empty ? idle : "in no CSM's book"),
            actual),
        [E_SHARE] = cell_share(share),
        [E_FROM] = cell_text(from),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

strata_status report_capacity_engagement(document *d, doc_section *parent, const capacity_input *in,
                                         arena *a, strata_error *err)
{
    const engagement *e = in->e;
    char title[WORDS_TEXT];
    (void)snprintf(title, sizeof title, "How each segment is looked after: %s%s",
                   e->n_proposed == 0 ? "as the model file says" : "",
                   e->n_proposed == 0               ? ""
                   : e->n_proposed == e->n_segments ? "a proposal from the data"
                                                    : "partly a proposal from the data");
    doc_section *s = document_section(d, parent, "engagement", title);
    doc_table *t = engagement_table(s, e);
    for (size_t i = 0; i < e->n_segments; i++) {
        STRATA_TRY(put_engaged(d, t, in, i, a, err));
    }
    doc_paragraph(
        s,
        "Assumed for one account of mean complexity, from `engagement.hours` of the model "
        "file: a touchpoint takes %g hours, a review %g, onboarding %g, a renewal %g, a "
        "ticket %g.",
        e->hours[WORK_TOUCHPOINT], e->hours[WORK_REVIEW], e->hours[WORK_ONBOARDING],
        e->hours[WORK_RENEWAL], e->hours[WORK_TICKET]);
    return STRATA_OK;
}
