/* SPDX-License-Identifier: Apache-2.0 */
/* Who the account is, what it is worth, and how well it does. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/brief/parts.h"

/* --- who --- */

/* Clauses of a sentence: the first begins it. */
static void clause(strbuf *out, const char *text)
{
    strbuf_printf(out, "%s%s", out->len > 0 ? ", " : "", text);
}

static void put_kind(brief *b, strbuf *line)
{
    const char *industry = brief_text(b, "industry");
    const char *country = brief_text(b, "country");
    const char *region = brief_text(b, "region");
    if (industry != NULL) {
        clause(line, SAFE(b->d, industry));
    }
    if (country != NULL && region != NULL) {
        clause(line, brief_say(b, "%s (%s)", SAFE(b->d, country), SAFE(b->d, region)));
    } else if (country != NULL || region != NULL) {
        clause(line, SAFE(b->d, country != NULL ? country : region));
    }
    double employees = brief_named(b, "employees");
    if (!isnan(employees)) {
        clause(line, words_things(words_whole(employees), "employee").text);
    }
    const char *use = brief_text(b, "use_case");
    if (use != NULL) {
        clause(line, brief_say(b, "uses the product for %s", SAFE(b->d, use)));
    }
}

static void put_since(brief *b, strbuf *line)
{
    double tenure = brief_number(b, FEATURE_TENURE);
    const char *plan = brief_text(b, "plan");
    double seats = brief_named(b, "seats");
    if (!isnan(tenure)) {
        day since = b->v->as_of - (day)words_whole(tenure);
        bool gone = !brief_pays(b);
        strbuf_printf(line, "%s %s", gone ? "First came on" : "A customer since",
                      words_day(since).text);
        strbuf_printf(line, " (%s%s)", brief_time(words_whole(tenure)).text, gone ? " ago" : "");
    }
    if (plan != NULL) {
        clause(line, brief_say(b, "plan %s", SAFE(b->d, plan)));
    }
    if (!isnan(seats)) {
        clause(line, words_things(words_whole(seats), "seat").text);
    }
}

static void put_manager(brief *b, strbuf *line)
{
    int32_t csm = b->in->csm[b->in->account];
    const char *coverage = brief_text(b, "coverage");
    double touch = brief_number(b, FEATURE_LAST_TOUCH);
    if (csm >= 0) {
        strbuf_printf(line, "%s looks after it", SAFE(b->d, b->in->csms->items[csm].name));
    } else if (b->in->csms->n == 0) {
        strbuf_clear(line);
    } else if (csm == CSM_NOBODY) {
        strbuf_add(line, "It is in nobody's book");
    } else {
        strbuf_add(line, "Its manager is not in the list of managers");
    }
    if (coverage != NULL) {
        clause(line, brief_say(b, "touch level %s", SAFE(b->d, coverage)));
    }
    if (!isnan(touch)) {
        const char *ago = touch > 0 ? " ago" : "";
        clause(line, brief_say(b, "last touched %s%s", brief_time(words_whole(touch)).text, ago));
    }
}

strata_status brief_who(brief *b, strata_error *err)
{
    static void (*const lines[])(brief *, strbuf *) = {put_kind, put_since, put_manager};
    doc_section *s = document_section(b->d, NULL, "who", "Who they are");
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        strbuf_clear(&line);
        lines[i](b, &line);
        STRATA_TRY(strbuf_status(&line, err));
        if (line.len > 0) {
            doc_paragraph(s, "%s.", strbuf_text(&line));
        }
    }
    return STRATA_OK;
}

/* --- value --- */

/* Place among all that are worth something: 1 is the most; accounts worth the same share it. */
static size_t rank_of(const brief *b, size_t *of)
{
    int64_t own = view_value_minor(b->v, b->in->account);
    size_t rank = 1;
    *of = 0;
    for (size_t i = 0; i < b->v->p->n_accounts; i++) {
        int64_t value = view_value_minor(b->v, i);
        *of += value > 0;
        rank += value > own;
    }
    return rank;
}

/* "1st", "12th", "1,423rd" */
static words ordinal(size_t n)
{
    static const char *const ends[] = {"th", "st", "nd", "rd"};
    bool teen = n % 100 >= 11 && n % 100 <= 13;
    const char *end = teen || n % 10 > 3 ? ends[0] : ends[n % 10];
    words w;
    (void)snprintf(w.text, sizeof w.text, "%.60s%s", words_count((int64_t)n).text, end);
    return w;
}

static void value_title(brief *b, strbuf *out)
{
    int64_t own = view_value_minor(b->v, b->in->account);
    double before = b->v->value_year_ago != NULL ? b->v->value_year_ago[b->in->account] : 0.0;
    int64_t change = own - money_minor(before);
    size_t of = 0;
    size_t rank = rank_of(b, &of);
    double gone = brief_number(b, FEATURE_DAYS_SINCE_CHURN);
    if (own <= 0 && !isnan(gone)) {
        strbuf_printf(out, "Left on %s", words_day(b->v->as_of - (day)words_whole(gone)).text);
        return;
    }
    if (own <= 0) {
        strbuf_add(out, "Pays nothing now");
        return;
    }
    const char *pays = b->v->has_arr ? "Pays" : "Spent";
    const char *time = b->v->has_arr ? "a year" : "in 365 days";
    strbuf_printf(out, "%s %s %s, the %s largest of %s", pays, words_money(own, b->currency).text,
                  time, ordinal(rank).text, words_things((int64_t)of, "customer").text);
    if (rank == 1) {
        strbuf_clear(out);
        strbuf_printf(out, "%s %s %s, more than any other of %s", pays,
                      words_money(own, b->currency).text, time,
                      words_things((int64_t)of, "customer").text);
    }
    if (!(before > 0.0)) {
        strbuf_add(out, "; nothing a year ago");
    } else if (change == 0) {
        strbuf_add(out, "; as a year ago");
    } else {
        strbuf_printf(out, "; %s %s than a year ago",
                      words_money(change > 0 ? change : -change, b->currency).text,
                      change > 0 ? "more" : "less");
    }
}

static const char *movement_word(arr_kind kind)
{
    static const char *const words_of[] = {[ARR_NEW] = "Began with",
                                           [ARR_EXPANSION] = "Grew by",
                                           [ARR_CONTRACTION] = "Shrank by",
                                           [ARR_CHURN] = "Left with",
                                           [ARR_REACTIVATION] = "Came back with"};
    return words_of[kind];
}

static void put_movements(brief *b, doc_section *s)
{
    enum { SHOWN = 4 };
    for (size_t i = 0; i < b->f->n_movements && i < SHOWN; i++) {
        const fact_movement *m = &b->f->movements[i];
        doc_bullet(s, "%s: %s %s%s%s%s%s", words_day(m->day).text, movement_word(m->kind),
                   words_money(m->delta < 0 ? -m->delta : m->delta, b->currency).text,
                   m->type != NULL ? ", " : "", m->type != NULL ? SAFE(b->d, m->type) : "",
                   m->reason != NULL ? "; reason given: " : "",
                   m->reason != NULL ? SAFE(b->d, m->reason) : "");
    }
    if (b->f->n_movements > SHOWN) {
        doc_paragraph(s, "%s more in the two years before.",
                      words_things((int64_t)(b->f->n_movements - SHOWN), "movement").text);
    } else if (b->f->n_movements == 0 && b->v->has_arr) {
        doc_paragraph(s, "What it pays has not moved in two years.");
    }
}

/* Orders of a shop. */
static void put_orders(brief *b, doc_section *s)
{
    double last = brief_number(b, FEATURE_LAST_ORDER);
    double orders = brief_number(b, FEATURE_ORDERS_365D);
    if (!isnan(last) && !isnan(orders)) {
        doc_paragraph(s, "%s in 365 days; the last one %s%s.",
                      words_things(words_whole(orders), "order").text,
                      brief_time(words_whole(last)).text, last > 0 ? " ago" : "");
    }
}

static void put_line(brief *b, doc_table *t, const char *label, brief_line line, value_type type)
{
    double series[BRIEF_MONTHS];
    bool known = false;
    for (size_t i = 0; i < BRIEF_MONTHS; i++) {
        series[i] = brief_line_at(b, line, i);
        known = known || !isnan(series[i]);
    }
    if (!known) {
        return;
    }
    double first = series[0];
    double last = series[BRIEF_MONTHS - 1];
    doc_row(t, (doc_cell[]){
                   cell_text(label), cell_spark(series, BRIEF_MONTHS),
                   isnan(first)
                       ? cell_empty("not known")
                       : cell_text(brief_say(b, "%s", words_value(first, type, b->currency).text)),
                   isnan(last)
                       ? cell_empty("not known")
                       : cell_text(brief_say(b, "%s", words_value(last, type, b->currency).text))});
}

static void put_trend(brief *b, doc_section *s)
{
    static const doc_column columns[] = {
        {.key = "measure", .label = "Month by month", .type = CELL_TEXT},
        {.key = "trend", .label = "12 months", .type = CELL_SPARK},
        {.key = "year_ago", .label = "A year ago", .type = CELL_TEXT},
        {.key = "now", .label = "Now", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "trend", NULL, columns, 4);
    if (b->v->value != NULL) {
        put_line(b, t, b->v->value_label, BRIEF_VALUE, VALUE_MONEY);
    }
    if (bound_find(b->v->b, "health") != NULL) {
        put_line(b, t, "Health", BRIEF_HEALTH, VALUE_NUMBER);
    }
    put_line(b, t, "Events in 30 days", BRIEF_EVENTS, VALUE_NUMBER);
    put_line(b, t, "People in 30 days", BRIEF_USERS, VALUE_NUMBER);
}

strata_status brief_value(brief *b, strata_error *err)
{
    if (b->v->value == NULL) {
        brief_missing(b, "Value", "a source `arr` or `orders`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    value_title(b, &title);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(b->d, NULL, "value", strbuf_text(&title));
    put_movements(b, s);
    put_orders(b, s);
    put_trend(b, s);
    return STRATA_OK;
}

/* --- health --- */

static void health_title(brief *b, double now, double before, strbuf *out)
{
    words since = words_day(b->v->since);
    double change = round(now) - round(before);
    strbuf_printf(out, "Health is %.0f", now);
    if (isnan(before)) {
        strbuf_printf(out, "; on %s it was not known", since.text);
    } else if (fabs(change) < 0.5) {
        strbuf_printf(out, ", as on %s", since.text);
    } else {
        strbuf_printf(out, ", %.0f %s than on %s", fabs(change), change > 0 ? "higher" : "lower",
                      since.text);
    }
}

/* A factor's value in its unit; the text lives in b->a. */
static doc_cell value_cell(brief *b, double x, const char *feature)
{
    value_type type = VALUE_NUMBER;
    for (size_t i = 0; i < b->v->b->scope.n_symbols; i++) {
        const symbol *sym = &b->v->b->scope.symbols[i];
        type = strcmp(sym->name, feature) == 0 ? sym->type : type;
    }
    return isnan(x) ? cell_empty("not known")
                    : cell_text(brief_say(b, "%s", words_value(x, type, b->currency).text));
}

/* Points of every factor on both dates; the columns add up to the scores. */
static void put_split(brief *b, doc_section *s)
{
    static const doc_column columns[] = {
        {.key = "factor", .label = "Factor", .type = CELL_TEXT},
        {.key = "then", .label = "Then", .type = CELL_TEXT},
        {.key = "now", .label = "Now", .type = CELL_TEXT},
        {.key = "points_then", .label = "Points then", .type = CELL_NUMBER, .decimals = 1},
        {.key = "points_now", .label = "Points now", .type = CELL_NUMBER, .decimals = 1},
        {.key = "change", .label = "Change", .type = CELL_NUMBER, .decimals = 1},
        {.key = "then_value", .label = "Value then", .type = CELL_NUMBER, .data_only = true},
        {.key = "now_value", .label = "Value now", .type = CELL_NUMBER, .data_only = true}};
    const score_change *h = &b->health;
    const model_score *m = &b->v->b->model->scores[b->in->score->index];
    doc_table *t = doc_table_new(s, "health", NULL, columns, sizeof columns / sizeof *columns);
    int origin = document_provenance(
        b->d, "points of each factor on both dates; see strata explain", m->name, NULL);
    for (size_t i = 0; i < h->n; i++) {
        const factor_change *f = &h->factors[i];
        doc_cell before = value_cell(b, f->value_before, f->feature);
        doc_cell after = value_cell(b, f->value, f->feature);
        doc_row(t, (doc_cell[]){cell_text(f->label), before, after,
                                cell_number(isnan(h->before) ? (double)NAN : f->points_before),
                                cell_number(isnan(h->now) ? (double)NAN : f->points),
                                with_origin(cell_number(f->change), origin),
                                cell_number(f->value_before), cell_number(f->value)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("Score"), cell_empty(NULL), cell_empty(NULL),
                                  cell_number(h->before), cell_number(h->now),
                                  cell_number(h->change), cell_empty(NULL), cell_empty(NULL)});
}

/* "Usage trend took 9 points, Serious tickets 4; Adoption gave 2." */
static void put_movers(brief *b, doc_section *s)
{
    enum { NAMED = 3 };
    static const double worth_naming = 0.5;
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    size_t n = 0;
    for (size_t i = 0; i < b->health.n && n < NAMED; i++) {
        const factor_change *f = &b->health.factors[i];
        if (fabs(f->change) >= worth_naming) {
            strbuf_printf(&line, "%s%s %s %.1f points", n > 0 ? ", " : "", SAFE(b->d, f->label),
                          f->change > 0 ? "gave" : "took", fabs(f->change));
            n++;
        }
    }
    if (n > 0) {
        doc_paragraph(s, "Since %s %s.", words_day(b->v->since).text, strbuf_text(&line));
    }
}

/* Where most points are still to be had. */
static void put_room(brief *b, doc_section *s)
{
    const factor_change *most = NULL;
    double room = 0.0;
    for (size_t i = 0; i < b->health.n; i++) {
        const factor_change *f = &b->health.factors[i];
        double own = f->weight * 100.0 - f->points;
        most = own > room ? f : most;
        room = own > room ? own : room;
    }
    bool pays = brief_pays(b);
    if (most != NULL && room >= 1.0 && pays) {
        doc_paragraph(s, "Most is to be had from %s: %.1f of %.1f points.", SAFE(b->d, most->label),
                      most->points, most->weight * 100.0);
    }
}

strata_status brief_health(brief *b, strata_error *err)
{
    double now = brief_named(b, "health");
    double before = b->in->path->values[BRIEF_HEALTH * b->in->dates->n + b->in->dates->since_at];
    if (isnan(now)) {
        brief_missing(b, "Health",
                      bound_find(b->v->b, "health") == NULL
                          ? "`health-score` in what the model extends"
                          : "a source `health`, or more of `usage`, `surveys` and `tickets`");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    health_title(b, now, before, &title);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(b->d, NULL, "health", strbuf_text(&title));
    double risk = brief_number(b, FEATURE_CHURN_RISK);
    if (b->in->score != NULL && !isnan(b->health.now)) {
        bool supplied = fabs(now - b->health.now) > 1e-9;
        if (supplied) {
            doc_paragraph(s,
                          "Health is supplied from outside, without its parts. Computed from the "
                          "same account's facts it is %.0f; the parts below are those.",
                          b->health.now);
        }
        put_movers(b, s);
        put_split(b, s);
        put_room(b, s);
    }
    if (!isnan(risk)) {
        doc_paragraph(s, "The chance that it leaves was put at %s, %s ago.", words_share(risk).text,
                      brief_time(words_whole(brief_number(b, FEATURE_CHURN_RISK_AGE))).text);
    }
    return STRATA_OK;
}
