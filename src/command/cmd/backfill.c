/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/vec.h"
#include "command/review.h"

typedef VEC(day) day_vec;

static void day_vec_done(day_vec *v)
{
    vec_free(v);
}

/* The end of the period that day d lies in. */
static day period_end(review_every every, day d)
{
    if (every == REVIEW_WEEK) {
        return d + 6 - day_weekday(d);
    }
    day end = day_month_end(d);
    while (every == REVIEW_QUARTER && day_to_civil(end).month % 3 != 0) {
        end = day_month_end(end + 1);
    }
    return end;
}

static strata_status period_of(const call *c, const project *p, review_every *out,
                               strata_error *err)
{
    static const char *const names[] = {"week", "month", "quarter"};
    const char *every = call_value(c, "every");
    *out = p->model->review;
    for (size_t i = 0; every != NULL && i < 3; i++) {
        if (strcmp(every, names[i]) == 0) {
            *out = (review_every)i;
            return STRATA_OK;
        }
    }
    return every == NULL ? STRATA_OK
                         : strata_fail(err, STRATA_E_USAGE,
                                       "--every '%s' is not week, month or quarter", every);
}

/* The review that stands before, period ends from `from` on, and the last date itself. */
static strata_status list_dates(review_every every, day before, day from, day to, day_vec *out,
                                strata_error *err)
{
    bool ok = before == DAY_MISSING || vec_push(out, before);
    for (day d = period_end(every, from); ok && d < to; d = period_end(every, d + 1)) {
        ok = vec_push(out, d);
    }
    ok = ok && vec_push(out, to);
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory listing dates");
}

static strata_status describe(call *c, const project *p, const segmentation *s, const day *dates,
                              size_t n, size_t first, strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "as_of", .label = "Review", .type = CELL_DATE},
        {.key = "moves", .label = "Moves", .type = CELL_COUNT, .bar = true}};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(session_document(c, p, "backfill", "History rewritten", dates[n - 1],
                                (int64_t)p->portfolio->n_accounts, -1, &d, err));
    doc_section *section = document_section(d, NULL, "reviews", "Reviews recorded");
    doc_table *t = doc_table_new(section, "reviews",
                                 "Moves in all dimensions, new accounts included", columns, 2);
    change_list changes = segmentation_changes(s);
    size_t at = 0;
    for (size_t date = 0; date < n; date++) {
        int64_t moves = 0;
        for (; at < changes.n && changes.items[at].date == date; at++) {
            moves++;
        }
        if (date >= first) {
            doc_row(t,
                    (doc_cell[]){cell_date(dates[date]),
                                 date == 0 ? cell_empty("the first review") : cell_count(moves)});
        }
    }
    doc_next_step(d, "strata history");
    return call_show(c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    STRATA_CLEANUP(day_vec_done) day_vec dates = {0};
    review_every every = REVIEW_MONTH;
    day from = 0;
    day to = 0;
    day before = DAY_MISSING;
    STRATA_TRY(session_load(c, &p, err));
    STRATA_TRY(session_warn(c, p->bound, err));
    STRATA_TRY(session_as_of(c, p, &to, err));
    STRATA_TRY(period_of(c, p, &every, err));
    STRATA_TRY(call_date(c, "from", day_add_months(to, -36), &from, err));
    if (from < p->portfolio->info->first_day) {
        from = p->portfolio->info->first_day;
    }
    if (from > to) {
        return strata_fail(err, STRATA_E_USAGE, "--from lies after the last review");
    }
    STRATA_TRY(review_before(p, from, c->arena, &before, err));
    STRATA_TRY(list_dates(every, before, from, to, &dates, err));
    size_t first = before == DAY_MISSING ? 0 : 1;
    STRATA_TRY(review_segment(p, dates.data, dates.n, &s, err));
    STRATA_TRY(review_record(c, p, s, dates.data, dates.n, first, err));
    return describe(c, p, s, dates.data, dates.n, first, err);
}

static const command_option options[] = {
    {.name = "every",
     .arg = "PERIOD",
     .help = "week, month or quarter (default: the model's review)"},
    {.name = "from", .arg = "DATE", .help = "first day (default: 36 months before the last one)"},
    {0}};
static const command_example examples[] = {
    {"strata backfill --every month", "a review at each of the last 36 month ends, in one sweep"},
    {0}};
const command_def command_backfill = {
    .name = "backfill",
    .summary = "Fill the history of memberships for past dates",
    .description =
        "Computes memberships at every period end with the present model, each as of its own date, "
        "and\nrecords them. Reviews recorded from the first date on are replaced; earlier ones "
        "stay.",
    .options = options,
    .examples = examples,
    .effect = COMMAND_CHANGES,
    .run = run};
