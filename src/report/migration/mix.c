/* SPDX-License-Identifier: Apache-2.0 */
/* Where the mix is heading, tried on the past; goals; time in a segment. */
#include "report/migration/parts.h"
#include <math.h>

/* --- forecast --- */

static int64_t whole(double x)
{
    return words_whole(x);
}

static void put_sizes(document *d, doc_section *s, const migration_input *in)
{
    const migration_mix *m = in->mix;
    size_t n = in->paths->n_segments;
    static const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "now", .label = "Now", .type = CELL_COUNT},
        {.key = "m3", .label = "3 months", .type = CELL_COUNT, .priority = 3},
        {.key = "m6", .label = "6 months", .type = CELL_COUNT, .priority = 2},
        {.key = "m9", .label = "9 months", .type = CELL_COUNT, .priority = 3},
        {.key = "m12", .label = "12 months", .type = CELL_COUNT},
        {.key = "low", .label = "from", .type = CELL_COUNT},
        {.key = "high", .label = "to", .type = CELL_COUNT},
        {.key = "share_now", .label = "Share now", .type = CELL_SHARE, .priority = 1},
        {.key = "share", .label = "in 12 months", .type = CELL_SHARE, .priority = 1}};
    const migration_size *last = m->sizes + (MIGRATION_STEPS - 1) * n;
    const size_t *now = m->past + m->n_steps * n;
    double all_now = 0.0;
    double all_then = 0.0;
    for (size_t k = 0; k < n; k++) {
        all_now += (double)now[k];
        all_then += last[k].expected;
    }
    int origin = document_provenance(d, "accounts expected in the segment, by the moves so far",
                                     report_dimension_label(in->v->b, in->paths->def), NULL);
    doc_table *t = doc_table_new(s, "mix", "Accounts by segment, now and expected", columns,
                                 sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < n; k++) {
        doc_row(t, (doc_cell[]){
                       cell_text(migration_segment(in, k)), cell_count((int64_t)now[k]),
                       with_origin(cell_count(whole(m->sizes[k].expected)), origin),
                       with_origin(cell_count(whole(m->sizes[n + k].expected)), origin),
                       with_origin(cell_count(whole(m->sizes[2 * n + k].expected)), origin),
                       with_origin(cell_count(whole(last[k].expected)), origin),
                       cell_count(whole(last[k].low)), cell_count(whole(last[k].high)),
                       cell_share(all_now > 0.0 ? (double)now[k] / all_now : (double)NAN),
                       cell_share(all_then > 0.0 ? last[k].expected / all_then : (double)NAN)});
    }
}

/* The sizes of one segment so far and expected; `x` has room for three times `periods`. */
static chart_series line_of(const migration_input *in, size_t segment, double *x, size_t periods)
{
    const migration_mix *m = in->mix;
    size_t n = in->paths->n_segments;
    size_t past = m->n_steps + 1;
    double *low = x + periods;
    double *high = low + periods;
    for (size_t q = 0; q < past; q++) {
        x[q] = (double)m->past[q * n + segment];
        low[q] = high[q] = q + 1 == past ? x[q] : (double)NAN;
    }
    for (size_t q = past; q < periods; q++) {
        const migration_size *f = &m->sizes[(q - past) * n + segment];
        x[q] = f->expected;
        low[q] = f->low;
        high[q] = f->high;
    }
    return (chart_series){
        .name = migration_segment(in, segment), .values = x, .low = low, .high = high};
}

static strata_status put_lines(doc_section *s, const migration_input *in, strata_error *err)
{
    const migration_mix *m = in->mix;
    size_t n = in->paths->n_segments;
    size_t past = m->n_steps + 1;
    size_t periods = past + MIGRATION_STEPS;
    double *x = ARENA_NEW(in->a, 3 * n * periods + 1, double);
    const char **names = ARENA_NEW(in->a, periods, const char *);
    chart_series *series = ARENA_NEW(in->a, n + 1, chart_series);
    if (x == NULL || names == NULL || series == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a chart");
    }
    for (size_t q = 0; q < periods; q++) {
        int months = MIGRATION_STEP * ((int)q - (int)m->n_steps);
        char text[DAY_TEXT];
        day_format(day_add_months(in->v->as_of, months), text);
        names[q] = arena_strndup(in->a, text, 7);
    }
    for (size_t k = 0; k < n; k++) {
        series[k] = line_of(in, k, x + 3 * k * periods, periods);
    }
    const chart_time time = {.periods = names,
                             .n_periods = periods,
                             .series = series,
                             .n_series = n,
                             .format = CHART_COUNT,
                             .title = "Accounts",
                             .from_zero = true,
                             .forecast = past};
    const chart_theme theme = migration_theme(in);
    doc_chart(s, "mix", "Accounts by segment so far and expected, with 95 % ranges",
              "A line for each segment by quarter, the last four expected; the table has the "
              "figures.",
              chart_lines(&theme, &time));
    return STRATA_OK;
}

static void put_trials(document *d, doc_section *parent, const migration_input *in)
{
    const migration_mix *m = in->mix;
    static const doc_column columns[] = {
        {.key = "made", .label = "Made on", .type = CELL_DATE},
        {.key = "target", .label = "For", .type = CELL_DATE},
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "expected", .label = "Expected", .type = CELL_COUNT},
        {.key = "low", .label = "from", .type = CELL_COUNT, .priority = 1},
        {.key = "high", .label = "to", .type = CELL_COUNT, .priority = 1},
        {.key = "actual", .label = "Was", .type = CELL_COUNT},
        {.key = "inside", .label = "In range", .type = CELL_BOOL}};
    if (m->n_trials == 0) {
        doc_note(parent, "missing",
                 "The forecast was not tried on the past: that takes two years of data.");
        return;
    }
    char title[2 * WORDS_TEXT + 120];
    (void)snprintf(
        title, sizeof title,
        "Made a year before, it would have held %zu of %zu sizes in its range, off by %s "
        "on average",
        m->n_inside, m->n_figures, words_share(m->mean_error).text);
    doc_section *s = document_section(d, parent, "forecast_tried", title);
    doc_table *t = doc_table_new(s, "forecast_tried", "Forecasts made in the past, and what came",
                                 columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < m->n_trials; k++) {
        const migration_trial *x = &m->trials[k];
        for (size_t g = 0; g < in->paths->n_segments; g++) {
            double actual = (double)x->actual[g];
            doc_row(t,
                    (doc_cell[]){
                        cell_date(x->made), cell_date(x->target),
                        cell_text(migration_segment(in, g)),
                        cell_count(whole(x->sizes[g].expected)), cell_count(whole(x->sizes[g].low)),
                        cell_count(whole(x->sizes[g].high)), cell_count((int64_t)x->actual[g]),
                        cell_bool(actual >= x->sizes[g].low && actual <= x->sizes[g].high)});
        }
    }
    if (m->n_inside * 10 < m->n_figures * 8) {
        doc_note(
            s, "warning",
            "The ranges were too narrow in the past: accounts did not go on moving as they "
            "had. Read the forecast as what would come of the past's rates, not as what will.");
    }
}

strata_status migration_put_forecast(document *d, doc_section *parent, const migration_input *in,
                                     strata_error *err)
{
    const migration_mix *m = in->mix;
    if (!m->done) {
        doc_section *s = document_section(d, parent, "forecast", "No forecast of the mix");
        doc_note(s, "missing", "There is no forecast: %s.", m->why);
        return STRATA_OK;
    }
    day then = day_add_months(in->v->as_of, MIGRATION_STEP * MIGRATION_STEPS);
    const char *title =
        SAY(in, "The mix on %s, if accounts go on moving as they did", words_day(then).text);
    doc_section *s = document_section(d, parent, "forecast", title);
    STRATA_TRY(put_lines(s, in, err));
    put_sizes(d, s, in);
    put_trials(d, s, in);
    return STRATA_OK;
}

/* --- goals --- */

static const char *verdict_words(goal_verdict v)
{
    static const char *const texts[] = {[GOAL_OPEN] = "cannot be told yet",
                                        [GOAL_MET] = "met",
                                        [GOAL_MISSED] = "missed",
                                        [GOAL_NOBODY] = "nobody was there"};
    return texts[v];
}

void migration_put_goals(document *d, doc_section *parent, const migration_input *in)
{
    const model_migration *m = &in->v->b->model->migration;
    static const doc_column columns[] = {
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "goal", .label = "Goal", .type = CELL_SHARE},
        {.key = "per", .label = "a", .type = CELL_TEXT, .priority = 1},
        {.key = "rate", .label = "Seen", .type = CELL_SHARE},
        {.key = "low", .label = "from", .type = CELL_SHARE, .priority = 2},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 2},
        {.key = "moves", .label = "Moves", .type = CELL_COUNT},
        {.key = "wanted", .label = "Wanted", .type = CELL_NUMBER, .decimals = 1, .priority = 1},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 3},
        {.key = "verdict", .label = "Goal is", .type = CELL_TEXT}};
    if (m->n_goals == 0) {
        doc_section *s = document_section(d, parent, "goals", "No goals of moving");
        doc_note(s, "missing",
                 "The model has no goals; add for example `migration: {goals: [{from: Core, to: "
                 "Growth, share: 15%%, per: year}]}`.");
        return;
    }
    size_t met = 0;
    for (size_t k = 0; k < m->n_goals; k++) {
        met += in->goals[k].verdict == GOAL_MET;
    }
    const char *title = SAY(in, "%zu of %zu goals met", met, m->n_goals);
    doc_section *s = document_section(d, parent, "goals", title);
    doc_table *t = doc_table_new(s, "goals", "Moves over the time spent in the segment", columns,
                                 sizeof columns / sizeof columns[0]);
    int origin = document_provenance(
        d,
        "moves to the segment or beyond over the time that accounts spent in `from`, last 12 "
        "months; range: Poisson, 95 %",
        report_dimension_label(in->v->b, in->paths->def), NULL);
    for (size_t k = 0; k < m->n_goals; k++) {
        const migration_goal *g = &in->goals[k];
        bool any = g->verdict != GOAL_NOBODY;
        const char *per = g->goal->months == 12  ? "year"
                          : g->goal->months == 3 ? "quarter"
                                                 : "month";
        doc_row(t, (doc_cell[]){cell_text(g->goal->from), cell_text(g->goal->to),
                                cell_share(g->goal->share), cell_text(per),
                                any ? with_origin(cell_share(g->rate), origin) : cell_empty(NULL),
                                any ? cell_share(g->low) : cell_empty(NULL),
                                any ? cell_share(g->high) : cell_empty(NULL),
                                cell_count((int64_t)g->moves), cell_number(g->wanted),
                                cell_count((int64_t)g->accounts),
                                cell_text(verdict_words(g->verdict))});
    }
}

/* --- time in a segment --- */

static doc_cell months_cell(bool known, double months, const char *why)
{
    return known ? cell_number(months) : cell_empty(why);
}

void migration_put_stays(document *d, doc_section *parent, const migration_input *in)
{
    double minimum = in->v->b->model->quality.minimum_accounts;
    words few = report_too_few(in->v->b);
    static const char not_half[] = "fewer than half have moved";
    static const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "stays", .label = "Stays", .type = CELL_COUNT},
        {.key = "up", .label = "Moved up", .type = CELL_COUNT, .priority = 1},
        {.key = "down", .label = "Moved down", .type = CELL_COUNT, .priority = 1},
        {.key = "median", .label = "Median months", .type = CELL_NUMBER, .decimals = 1},
        {.key = "low", .label = "from", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "high", .label = "to", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "year", .label = "There after a year", .type = CELL_SHARE},
        {.key = "year_low", .label = "from", .type = CELL_SHARE, .priority = 3},
        {.key = "year_high", .label = "to", .type = CELL_SHARE, .priority = 3}};
    doc_section *s =
        document_section(d, parent, "stays", "How long accounts stay before they move");
    doc_table *t = doc_table_new(s, "stays", "Time from entering a segment to moving to another",
                                 columns, sizeof columns / sizeof columns[0]);
    int origin = document_provenance(d, "Kaplan-Meier over stays that began in the last 36 months",
                                     report_dimension_label(in->v->b, in->paths->def), NULL);
    for (size_t k = 0; k < in->paths->n_segments; k++) {
        const migration_stay *x = &in->stays[k];
        bool enough = (double)x->stays >= minimum;
        bool year = enough && x->year.known;
        const char *why = enough ? not_half : few.text;
        const km_median *m = &x->median;
        doc_row(t,
                (doc_cell[]){cell_text(migration_segment(in, k)), cell_count((int64_t)x->stays),
                             cell_count((int64_t)x->up), cell_count((int64_t)x->down),
                             with_origin(months_cell(enough && m->reached, m->age, why), origin),
                             months_cell(enough && m->reached && m->low_reached, m->low, why),
                             months_cell(enough && m->reached && m->high_reached, m->high,
                                         enough ? "not reached" : few.text),
                             year ? cell_share(x->year.share.survival)
                                  : cell_empty(enough ? "not followed a year" : few.text),
                             year && x->year.share.bounded ? cell_share(x->year.share.within.low)
                                                           : cell_empty(NULL),
                             year && x->year.share.bounded ? cell_share(x->year.share.within.high)
                                                           : cell_empty(NULL)});
    }
}
