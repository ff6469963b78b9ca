/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/forecast/backtest.h"

#include <math.h>
#include <string.h>

#include "cohort/calendar.h"

static const int months_ahead[BACKTEST_AHEAD] = {3, 6, 12};

/* --- days --- */

static day first_arr_day(const arr_book *b)
{
    day first = DAY_MISSING;
    for (size_t i = 0; i < b->n_accounts; i++) {
        bool earlier = first == DAY_MISSING || b->first[i] < first;
        first = b->first[i] != DAY_MISSING && earlier ? b->first[i] : first;
    }
    return first;
}

/* Every three months back, while something lies ahead that is known and a window lies before. */
static size_t find_origins(const arr_book *b, day as_of, day out[BACKTEST_ORIGINS_MAX])
{
    day first = first_arr_day(b);
    size_t n = 0;
    for (int k = 1; first != DAY_MISSING && k <= BACKTEST_ORIGINS_MAX; k++) {
        day origin = calendar_step(as_of, -BACKTEST_STEP * k);
        if (forecast_window_start(origin) < first) {
            break;
        }
        out[n++] = origin;
    }
    return n;
}

size_t backtest_days(const arr_book *book, day as_of, int horizon, day out[BACKTEST_DAYS_MAX])
{
    day origins[BACKTEST_ORIGINS_MAX];
    (void)horizon;
    size_t n = find_origins(book, as_of, origins);
    out[0] = as_of;
    out[1] = forecast_window_start(as_of);
    for (size_t k = 0; k < n; k++) {
        out[2 * k + 2] = origins[k];
        out[2 * k + 3] = forecast_window_start(origins[k]);
    }
    return 2 * n + 2;
}

const segment_code *dated_segments_on(const dated_segments *days, size_t n, day d)
{
    for (size_t i = 0; i < n; i++) {
        if (days[i].day == d) {
            return days[i].codes;
        }
    }
    return NULL;
}

static const segment_code *segments_on(const backtest_request *q, day d)
{
    return dated_segments_on(q->segments, q->n_segmented, d);
}

/* --- cases --- */

typedef struct testing {
    const context *cx;
    const backtest_request *q;
    arena *a;
    backtest *out;
    backtest_case *cases;
    size_t n;
} testing;

/* What became of those who were customers on a day. */
static void set_actual(const arr_book *b, day origin, day then, double actual[BACKTEST_QUANTITIES])
{
    size_t logos = 0;
    int64_t arr = 0;
    for (size_t i = 0; i < b->n_accounts; i++) {
        if (arr_book_at(b, i, origin) > 0) {
            int64_t later = arr_book_at(b, i, then);
            logos += later > 0;
            arr += later;
        }
    }
    actual[BACKTEST_LOGOS] = (double)logos;
    actual[BACKTEST_ARR] = (double)arr;
}

static void set_quantity(backtest_case *c, backtest_quantity q, const fan *f)
{
    c->mid[q] = f->mid[c->ahead];
    c->low[q] = f->low[c->ahead];
    c->high[q] = f->high[c->ahead];
}

static strata_status try_method(testing *t, day origin, forecast_method method, int horizon,
                                strata_error *err)
{
    forecast f = {0};
    forecast_request request = {.book = t->q->book,
                                .as_of = origin,
                                .horizon = horizon,
                                .now = segments_on(t->q, origin),
                                .then = segments_on(t->q, forecast_window_start(origin)),
                                .n_segments = t->q->n_segments};
    STRATA_TRY(forecast_make(t->cx, &request, method, t->a, &f, err));
    backtest_score *scores = t->out->scores[method];
    if (f.why != NULL) {
        scores[BACKTEST_LOGOS].why = f.why;
        scores[BACKTEST_ARR].why = f.why;
        return STRATA_OK;
    }
    for (size_t k = 0; k < BACKTEST_AHEAD && months_ahead[k] <= horizon; k++) {
        day then = calendar_step(origin, months_ahead[k]);
        backtest_case c = {.origin = origin, .ahead = months_ahead[k], .method = method};
        set_actual(t->q->book, origin, then, c.actual);
        set_quantity(&c, BACKTEST_LOGOS, &f.logos);
        if (f.has_arr) {
            set_quantity(&c, BACKTEST_ARR, &f.arr);
        }
        scores[BACKTEST_LOGOS].has_range = scores[BACKTEST_ARR].has_range = f.has_range;
        t->cases[t->n++] = c;
    }
    return STRATA_OK;
}

static strata_status try_origin(testing *t, size_t k, strata_error *err)
{
    int known = BACKTEST_STEP * (int)(k + 1); /* months between the origin and as_of */
    int horizon = known < t->q->horizon ? known : t->q->horizon;
    for (int m = 0; m < FORECAST_METHODS; m++) {
        STRATA_TRY(context_check(t->cx, err));
        STRATA_TRY(try_method(t, t->out->origins[k], (forecast_method)m, horizon, err));
    }
    return STRATA_OK;
}

/* --- scores --- */

static void score_method(backtest *b, forecast_method method, backtest_quantity q)
{
    backtest_score *s = &b->scores[method][q];
    double sum = 0.0;
    double signed_sum = 0.0;
    for (size_t i = 0; i < b->n_cases; i++) {
        const backtest_case *c = &b->cases[i];
        if (c->method == method && c->actual[q] > 0.0) {
            double off = (c->mid[q] - c->actual[q]) / c->actual[q];
            sum += fabs(off);
            signed_sum += off;
            s->covered += c->low[q] <= c->actual[q] && c->actual[q] <= c->high[q];
            s->n++;
        }
    }
    s->error = s->n > 0 ? sum / (double)s->n : 0.0;
    s->bias = s->n > 0 ? signed_sum / (double)s->n : 0.0;
    s->why = s->n > 0 ? NULL : s->why != NULL ? s->why : "nothing to compare with";
}

/* Methods that could say something on fewer days than others are not compared: easy days would
 * flatter them. Nor is one without a range: it says nothing of how wrong it may be. */
bool backtest_compares(const backtest *b, backtest_quantity q, forecast_method method)
{
    size_t most = 0;
    for (int m = 0; m < FORECAST_METHODS; m++) {
        const backtest_score *s = &b->scores[m][q];
        most = s->has_range && s->n > most ? s->n : most;
    }
    const backtest_score *s = &b->scores[method][q];
    return s->has_range && s->n > 0 && s->n == most;
}

/* Of those that are compared and not refused (bits); the usual one where there is none. */
static forecast_method best_of(const backtest *b, backtest_quantity q, unsigned refused)
{
    forecast_method best = FORECAST_RATES_AGE;
    bool any = false;
    for (int m = 0; m < FORECAST_METHODS; m++) {
        if ((refused & 1U << m) == 0 && backtest_compares(b, q, (forecast_method)m) &&
            (!any || b->scores[m][q].error < b->scores[best][q].error)) {
            best = (forecast_method)m;
            any = true;
        }
    }
    return best;
}

static void score(backtest *b)
{
    for (int m = 0; m < FORECAST_METHODS; m++) {
        bool has_arr = forecast_method_has_arr((forecast_method)m);
        score_method(b, (forecast_method)m, BACKTEST_LOGOS);
        if (has_arr) {
            score_method(b, (forecast_method)m, BACKTEST_ARR);
        } else {
            b->scores[m][BACKTEST_ARR] = (backtest_score){.why = "forecasts customers only"};
        }
    }
    b->best[BACKTEST_LOGOS] = best_of(b, BACKTEST_LOGOS, 0);
    b->best[BACKTEST_ARR] = best_of(b, BACKTEST_ARR, 0);
}

strata_status backtest_run(const context *cx, const backtest_request *request, arena *a,
                           backtest *out, strata_error *err)
{
    backtest b = {.best = {FORECAST_RATES_AGE, FORECAST_RATES_AGE}};
    b.n_origins = find_origins(request->book, request->as_of, b.origins);
    testing t = {.cx = cx, .q = request, .a = a, .out = &b};
    t.cases = ARENA_NEW(a, b.n_origins * FORECAST_METHODS * BACKTEST_AHEAD + 1, backtest_case);
    if (t.cases == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the back-test");
    }
    for (size_t k = 0; k < b.n_origins; k++) {
        STRATA_TRY(try_origin(&t, k, err));
    }
    b.cases = t.cases;
    b.n_cases = t.n;
    if (b.n_origins == 0) {
        b.why = "needs 15 months of ARR: a year to learn from, and 3 months to compare with";
    } else {
        score(&b);
    }
    *out = b;
    return STRATA_OK;
}

strata_status backtest_forecast(const context *cx, const backtest *b, backtest_quantity q,
                                const forecast_request *request, arena *a, forecast *out,
                                strata_error *err)
{
    forecast best;
    unsigned refused = 1U << b->best[q];
    STRATA_TRY(forecast_make(cx, request, b->best[q], a, &best, err));
    *out = best;
    while (out->why != NULL) {
        forecast_method next = best_of(b, q, refused);
        if ((refused & 1U << next) != 0) {
            *out = best;
            break;
        }
        STRATA_TRY(forecast_make(cx, request, next, a, out, err));
        refused |= 1U << next;
    }
    return STRATA_OK;
}
