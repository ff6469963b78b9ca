/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/cohorts.h"

#include <stdlib.h>
#include <string.h>

#include "cohort/seats.h"
#include "cohort/shop/order_units.h"
#include "command/ask/metrics.h"

enum { LAST_DEFAULT = 24 };

void cohorts_ask_done(cohorts_ask *q)
{
    usage_book_free(q->usage);
    arr_book_free(q->seats);
    cohort_ask_done(&q->ask);
}

/* --- options --- */

/* The place of a value among words; STRATA_E_USAGE listing them. */
static strata_status one_of(const call *c, const char *option, const char *const *values, size_t n,
                            size_t fallback, size_t *out, strata_error *err)
{
    const char *given = call_value(c, option);
    *out = fallback;
    for (size_t i = 0; given != NULL && i < n; i++) {
        if (strcmp(given, values[i]) == 0) {
            *out = i;
            return STRATA_OK;
        }
    }
    if (given == NULL) {
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf all;
    strbuf_init(&all, 0);
    for (size_t i = 0; i < n; i++) {
        strbuf_printf(&all, "%s%s", i == 0 ? "" : i + 1 == n ? " or " : ", ", values[i]);
    }
    STRATA_TRY(strbuf_status(&all, err));
    return strata_fail(err, STRATA_E_USAGE, "--%s is %s, not '%.100s'", option, strbuf_text(&all),
                       given);
}

static strata_status need(const cohorts_ask *q, entity e, measure m, strata_error *err)
{
    bool there = (q->ask.p->info->entities & 1U << e) != 0;
    return there ? STRATA_OK
                 : strata_fail(err, STRATA_E_DATA,
                               "--measure %s needs %s, which this portfolio has not; 'strata "
                               "readiness' says how to add it",
                               measure_name(m), entity_name(e));
}

/* --measure seats: a book of seats, and accounts without any are followed no further. */
static strata_status read_seats(cohorts_ask *q, strata_error *err)
{
    const model *m = q->ask.project->model;
    size_t n = q->ask.p->n_accounts;
    for (size_t i = 0; i < m->n_sources; i++) {
        if (strcmp(m->sources[i].entity, "arr") == 0 &&
            m->sources[i].form != ARR_FORM_SUBSCRIPTIONS) {
            return strata_fail(err, STRATA_E_DATA,
                               "--measure %s needs ARR from subscriptions with a column seats; the "
                               "source arr of %s has snapshots or movements, which say nothing of "
                               "seats",
                               measure_name(q->request.measure), q->ask.project->model_path);
        }
    }
    STRATA_TRY(seats_book_load(store_main(q->ask.project->store), q->ask.arr, &q->seats, err));
    day *origin = ARENA_NEW(q->ask.c->arena, n + 1, day);
    if (origin == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        bool starts = q->ask.origin[i] != DAY_MISSING && q->ask.origin[i] <= q->ask.as_of;
        bool has = q->seats->first[i] != DAY_MISSING;
        origin[i] = has ? q->ask.origin[i] : DAY_MISSING;
        q->report.started += starts;
        q->report.seatless += starts && !has;
    }
    q->report.unsaid = seats_unsaid(q->seats, q->ask.arr);
    q->ask.origin = origin;
    return STRATA_OK;
}

/* Churn at the cancellation or at the end of service: of what is kept of accounts and ARR. What was
 * paid (revenue) and what may be used (seats, usage) goes on to the end of service. */
static strata_status date_churn(cohorts_ask *q, strata_error *err)
{
    measure m = q->request.measure;
    bool kept = m == MEASURE_LOGO || m == MEASURE_NRR || m == MEASURE_GRR;
    if (!kept) {
        return call_value(q->ask.c, "churn-dated") == NULL
                   ? STRATA_OK
                   : strata_fail(err, STRATA_E_USAGE,
                                 "--churn-dated goes with --measure logo, nrr and grr, not %s",
                                 measure_name(m));
    }
    STRATA_TRY(metrics_ask_date_churn(&q->ask, err));
    q->report.dated = metrics_ask_dated(&q->ask);
    return STRATA_OK;
}

static strata_status read_measure(cohorts_ask *q, strata_error *err)
{
    const char *names[MEASURE_COUNT];
    call *c = q->ask.c;
    size_t m = 0;
    for (size_t i = 0; i < MEASURE_COUNT; i++) {
        names[i] = measure_name((measure)i);
    }
    STRATA_TRY(one_of(c, "measure", names, MEASURE_COUNT,
                      q->ask.has_arr ? MEASURE_LOGO : MEASURE_ORDERS, &m, err));
    q->request.measure = (measure)m;
    bool orders = m == MEASURE_ORDERS || measure_is_quantity((measure)m) ||
                  (m == MEASURE_REVENUE && !q->ask.has_arr);
    bool usage = m == MEASURE_USAGE;
    q->in.presence = orders ? PRESENCE_ORDERS : usage ? PRESENCE_USAGE : PRESENCE_ARR;
    STRATA_TRY(need(q,
                    usage    ? ENTITY_USAGE
                    : orders ? ENTITY_ORDERS
                             : ENTITY_ARR,
                    (measure)m, err));
    STRATA_TRY(date_churn(q, err));
    if (m == MEASURE_UNITS) {
        STRATA_TRY(order_units_load(store_main(q->ask.project->store), q->ask.orders, err));
        q->in.units = true;
    }
    if (usage) {
        STRATA_TRY(usage_book_load(&c->cx, q->ask.p->ledgers, q->ask.as_of, &q->usage, err));
        q->in.usage = q->usage;
    }
    return measure_is_seats((measure)m) ? read_seats(q, err) : STRATA_OK;
}

/* "0,1,3,6,12" */
static strata_status read_brackets(cohorts_ask *q, strata_error *err)
{
    const char *text = call_value(q->ask.c, "brackets");
    const char *at = text != NULL ? text : "0,1,3,6,12";
    if (text != NULL && q->in.kind != RETENTION_BRACKET) {
        return strata_fail(err, STRATA_E_USAGE, "--brackets goes with --kind bracket");
    }
    for (;;) {
        char *end = NULL;
        long edge = *at >= '0' && *at <= '9' ? strtol(at, &end, 10) : -1;
        int last = q->in.n_brackets > 0 ? q->in.brackets[q->in.n_brackets - 1] : -1;
        bool ok = edge > last && edge < 10000 && q->in.n_brackets < BRACKETS_MAX && end != NULL &&
                  (*end == ',' || *end == '\0');
        if (!ok) {
            return strata_fail(err, STRATA_E_USAGE,
                               "--brackets takes up to %d ascending ages, as in 0,1,3,6,12, not "
                               "'%.100s'",
                               BRACKETS_MAX, text);
        }
        q->in.brackets[q->in.n_brackets++] = (int)edge;
        if (*end == '\0') {
            return STRATA_OK;
        }
        at = end + 1;
    }
}

static strata_status read_show(cohorts_ask *q, strata_error *err)
{
    static const char *const names[] = {"percent", "value", "count"};
    measure m = q->request.measure;
    size_t show = 0;
    STRATA_TRY(one_of(q->ask.c, "show", names, 3, m == MEASURE_REVENUE ? SHOW_VALUE : SHOW_PERCENT,
                      &show, err));
    if (m == MEASURE_REVENUE && show != SHOW_VALUE) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--measure revenue is money per account: leave --show out");
    }
    if (measure_is_share(m) && show == SHOW_VALUE) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--measure %s counts accounts: --show percent or count",
                           measure_name(m));
    }
    q->report.show = (cohort_show)show;
    return STRATA_OK;
}

static strata_status read_options(cohorts_ask *q, strata_error *err)
{
    static const char *const kinds[] = {"exactly", "or-later", "bracket"};
    static const char *const ages[] = {"calendar", "days"};
    static const char *const against[] = {"start", "previous"};
    call *c = q->ask.c;
    size_t kind = 0;
    size_t age = 0;
    size_t previous = 0;
    STRATA_TRY(one_of(c, "kind", kinds, 3, 0, &kind, err));
    STRATA_TRY(one_of(c, "ages", ages, 2, 0, &age, err));
    STRATA_TRY(one_of(c, "against", against, 2, 0, &previous, err));
    q->in.kind = (retention_kind)kind;
    q->in.clock = (age_clock){.by_days = age == 1, .as_of = q->ask.as_of};
    q->request.previous = previous == 1;
    q->request.minimum_accounts = q->ask.project->model->quality.minimum_accounts;
    STRATA_TRY(read_measure(q, err));
    STRATA_TRY(read_brackets(q, err));
    return read_show(q, err);
}

/* --- groups --- */

static bool mostly_small(const cohorts_ask *q)
{
    const groups *g = q->ask.groups;
    size_t small = 0;
    for (size_t i = 0; i < g->n; i++) {
        small += (double)g->accounts[i] < q->request.minimum_accounts;
    }
    return small * 2 > g->n;
}

/* The period that the label of --cell is written in: PERIOD_YEAR + 1 for none. */
static period_unit unit_of_cell(const cohorts_ask *q)
{
    const char *cell = call_value(q->ask.c, "cell");
    const char *colon = cell != NULL ? strrchr(cell, ':') : NULL;
    period_unit unit = PERIOD_YEAR + 1;
    char label[PERIOD_TEXT];
    size_t len = colon != NULL ? (size_t)(colon - cell) : PERIOD_TEXT;
    if (len >= PERIOD_TEXT) {
        return unit;
    }
    memcpy(label, cell, len);
    label[len] = '\0';
    for (unit = PERIOD_MONTH; unit <= PERIOD_YEAR; unit++) {
        int period = 0;
        calendar c = {unit, q->ask.project->model->business.fiscal_year_starts};
        if (calendar_parse(c, label, &period)) {
            break;
        }
    }
    return unit;
}

/* The shortest period in which most cohorts are large enough for a rate, unless one is named. */
static strata_status find_groups(cohorts_ask *q, strata_error *err)
{
    bool chosen = call_value(q->ask.c, "every") != NULL || call_value(q->ask.c, "by") != NULL;
    period_unit asked = unit_of_cell(q);
    bool named = asked <= PERIOD_YEAR;
    for (period_unit unit = named ? asked : PERIOD_MONTH;; unit++) {
        STRATA_TRY(cohort_ask_groups(&q->ask, true, unit, err));
        if (chosen || named || unit == PERIOD_YEAR || !mostly_small(q)) {
            break;
        }
    }
    if (!q->ask.by_start) {
        STRATA_TRY(groups_keep_started(q->ask.c->arena, q->ask.groups, q->ask.origin,
                                       q->ask.p->n_accounts, q->ask.as_of, err));
    }
    q->in.groups = q->ask.groups;
    q->in.origin = q->ask.origin;
    q->in.arr = q->seats != NULL ? q->seats : q->ask.arr;
    q->in.orders = q->ask.orders;
    q->in.clock.calendar = q->ask.calendar;
    return STRATA_OK;
}

static strata_status read_last(cohorts_ask *q, strata_error *err)
{
    long last = 0;
    bool programs = call_for_programs(q->ask.c);
    bool all = programs || !q->ask.by_start || call_value(q->ask.c, "cell") != NULL;
    STRATA_TRY(call_count(q->ask.c, "last", 1, SEGMENTS_MAX, all ? SEGMENTS_MAX : LAST_DEFAULT,
                          &last, err));
    q->request.last = (size_t)last;
    return STRATA_OK;
}

strata_status cohorts_ask_open(call *c, cohorts_ask *q, strata_error *err)
{
    STRATA_TRY(cohort_ask_open(c, &q->ask, err));
    STRATA_TRY(read_options(q, err));
    STRATA_TRY(find_groups(q, err));
    STRATA_TRY(read_last(q, err));
    bool listing = call_value(c, "cell") != NULL;
    bool programs = call_for_programs(c);
    q->request.all_ranges = !listing && c->format != RENDER_TABLE;
    STRATA_TRY(retention_make(&c->cx, c->arena, &q->in, &q->request, &q->r, err));
    q->report.r = q->r;
    q->report.by_start = q->ask.by_start;
    q->report.origin_words = q->ask.origin_words;
    q->report.currency = q->ask.p->currency;
    q->report.caution = cohort_ask_caution(&q->ask);
    q->report.cells = programs;
    q->report.whole = c->format == RENDER_XLSX;
    q->report.brief = c->format == RENDER_TABLE || c->format == RENDER_MARKDOWN;
    return STRATA_OK;
}

/* --- commands to go on with --- */

/* The options that say which triangle it is, as they were given; a period always. */
static void put_triangle_options(strbuf *out, const cohorts_ask *q)
{
    static const char *const names[] = {"by",       "on",   "from",    "measure",    "kind",
                                        "brackets", "ages", "against", "churn-dated"};
    if (q->ask.by_start) {
        strbuf_printf(out, " --every %s", period_unit_name(q->ask.calendar.unit));
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = call_value(q->ask.c, names[i]);
        if (value != NULL) {
            strbuf_printf(out, strpbrk(value, " '\"$<>|&;()*") != NULL ? " --%s '%s'" : " --%s %s",
                          names[i], value);
        }
    }
}

const char *cohorts_cell_command(const cohorts_ask *q, const char *cohort, const char *age,
                                 bool lost, const char *more)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_add(&text, "strata cohorts");
    put_triangle_options(&text, q);
    strbuf_printf(&text, " --cell '%s:%s'%s%s", cohort, age, lost ? " --lost" : "", more);
    return text.failed == STRATA_OK ? arena_strdup(q->ask.c->arena, strbuf_text(&text)) : NULL;
}
