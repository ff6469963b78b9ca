/* SPDX-License-Identifier: Apache-2.0 */
#include "naive.h"

#include <math.h>
#include <stdbool.h>

/* Runs the statement for every fact `x` of the account, whatever its day. */
#define EACH(list, statement)                                                                      \
    for (size_t k = 0; k < q->facts->n_##list; k++) {                                              \
        __typeof__(*q->facts->list) x = q->facts->list[k];                                         \
        if (x.account == q->account) {                                                             \
            statement;                                                                             \
        }                                                                                          \
    }

typedef struct question {
    const ledger_facts *facts;
    int32_t account;
    day d, start;
    const char *name;
} question;

static bool is(const question *q, const char *name)
{
    for (size_t i = 0;; i++) {
        if (q->name[i] != name[i]) {
            return false;
        }
        if (name[i] == '\0') {
            return true;
        }
    }
}

static bool within(const question *q, day x, int days)
{
    return x <= q->d && x > q->d - days;
}

static double missing_unless(bool known, double value)
{
    return known ? value : (double)NAN;
}

static day months_ago(day d, int n)
{
    day then = day_add_months(d, -n);
    return d == day_month_end(d) ? day_month_end(then) : then;
}

/* Usage */

static double events(const question *q, day from, day to)
{
    double sum = 0;
    EACH(usage, sum += x.day >= from && x.day <= to ? x.events : 0);
    return sum;
}

enum { BY_DAY, BY_FEATURE, BY_USER };
/* Different days, features or users in from .. to. */
static double different(const question *q, int what, day from, day to)
{
    bool seen[4096] = {false};
    double n = 0;
    EACH(usage, {
        int32_t key = what == BY_DAY ? x.day : what == BY_FEATURE ? x.feature : x.user;
        if (x.day >= from && x.day <= to && key >= 0 && !seen[key]) {
            seen[key] = true;
            n++;
        }
    });
    return n;
}

static double known_features(const question *q)
{
    bool seen[4096] = {false};
    double n = 0;
    for (size_t k = 0; k < q->facts->n_usage; k++) {
        usage_fact x = q->facts->usage[k];
        if (x.day <= q->d && x.feature >= 0 && !seen[x.feature]) {
            seen[x.feature] = true;
            n++;
        }
    }
    return n;
}

static bool users_known(const question *q)
{
    for (size_t k = 0; k < q->facts->n_usage; k++) {
        if (q->facts->usage[k].day <= q->d && q->facts->usage[k].user >= 0) {
            return true;
        }
    }
    return false;
}

static bool started(const question *q)
{
    return q->start != DAY_MISSING && q->start <= q->d;
}

static double usage_feature(const question *q)
{
    day first = DAY_MISSING;
    day last = DAY_MISSING;
    day d = q->d;
    EACH(usage, {
        if (x.day <= d) {
            first = first == DAY_MISSING || x.day < first ? x.day : first;
            last = x.day > last ? x.day : last;
        }
    });
    bool seen = first != DAY_MISSING;
    bool here = seen || started(q);
    if (is(q, "seen")) {
        return missing_unless(here, seen);
    }
    if (is(q, "last_seen")) {
        return missing_unless(seen, (double)d - last);
    }
    if (is(q, "first_seen_age")) {
        return missing_unless(seen, (double)d - first);
    }
    if (is(q, "days_to_first_use")) {
        return missing_unless(seen && started(q), fmax(0, (double)first - q->start));
    }
    day last_early = started(q) && q->start + 89 < d ? q->start + 89 : d;
    if (is(q, "first_90d_events")) {
        return missing_unless(started(q), events(q, q->start, last_early));
    }
    if (is(q, "first_90d_active_days")) {
        return missing_unless(started(q), different(q, BY_DAY, q->start, last_early));
    }
    if (is(q, "first_90d_features")) {
        return missing_unless(started(q), different(q, BY_FEATURE, q->start, last_early));
    }
    if (!here) {
        return (double)NAN;
    }
    double e30 = events(q, d - 29, d);
    double p30 = events(q, d - 59, d - 30);
    double e90 = events(q, d - 89, d);
    double p90 = events(q, d - 179, d - 90);
    double days30 = different(q, BY_DAY, d - 29, d);
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"events_7d", events(q, d - 6, d)},
        {"events_30d", e30},
        {"events_90d", e90},
        {"events_365d", events(q, d - 364, d)},
        {"events_prev_30d", p30},
        {"events_prev_90d", p90},
        {"usage_trend_30d", missing_unless(p30 > 0, e30 / p30 - 1)},
        {"usage_trend_90d", missing_unless(p90 > 0, e90 / p90 - 1)},
        {"active_days_7d", different(q, BY_DAY, d - 6, d)},
        {"active_days_30d", days30},
        {"active_days_90d", different(q, BY_DAY, d - 89, d)},
        {"features_used_30d", different(q, BY_FEATURE, d - 29, d)},
        {"features_used_90d", different(q, BY_FEATURE, d - 89, d)},
        {"active_users_7d", missing_unless(users_known(q), different(q, BY_USER, d - 6, d))},
        {"active_users_30d", missing_unless(users_known(q), different(q, BY_USER, d - 29, d))},
        {"active_users_90d", missing_unless(users_known(q), different(q, BY_USER, d - 89, d))},
        {"adoption", missing_unless(known_features(q) > 0,
                                    different(q, BY_FEATURE, d - 89, d) / known_features(q))},
        {"events_per_active_day_30d", missing_unless(days30 > 0, e30 / days30)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1; /* unknown name: never a right answer */
}

/* ARR */

static double arr_on(const question *q, day d)
{
    day last = DAY_MISSING;
    int64_t arr = 0;
    EACH(arr, {
        if (x.day <= d && x.day > last) {
            last = x.day;
            arr = x.arr_after;
        }
    });
    return (double)arr / 100;
}

static double moved(const question *q, int kind, bool count)
{
    double sum = 0;
    day since = months_ago(q->d, 12);
    EACH(arr, {
        if (x.day <= q->d && x.day > since && x.kind == kind) {
            sum += count ? 1 : fabs(arr_on(q, x.day) - arr_on(q, x.day - 1));
        }
    });
    return sum;
}

static double arr_history(const question *q)
{
    double peak = 0;
    double first = 0;
    double paid = 0;
    day expanded = DAY_MISSING;
    bool back = false;
    day gone = DAY_MISSING;
    for (day d = -10; d <= q->d; d++) { /* the random facts begin at day 0 */
        double arr = arr_on(q, d);
        double before = arr_on(q, d - 1);
        paid += arr > 0;
        back = back || (arr > 0 && !(before > 0) && first > 0);
        first = first > 0 ? first : arr;
        peak = fmax(peak, arr);
        expanded = before > 0 && arr > before ? d : expanded;
        gone = before > 0 && !(arr > 0) ? d : arr > 0 ? DAY_MISSING : gone;
    }
    bool had = first > 0;
    bool has = arr_on(q, q->d) > 0;
    if (is(q, "arr_peak")) {
        return missing_unless(had, peak);
    }
    if (is(q, "first_arr")) {
        return missing_unless(had, first);
    }
    if (is(q, "months_as_customer")) {
        return missing_unless(had, paid / 30.4375);
    }
    if (is(q, "days_since_expansion")) {
        return missing_unless(expanded != DAY_MISSING, (double)q->d - expanded);
    }
    if (is(q, "churned")) {
        return had && !has;
    }
    if (is(q, "days_since_churn")) {
        return missing_unless(had && !has, (double)q->d - gone);
    }
    if (is(q, "reactivated")) {
        return has && back;
    }
    return -1;
}

static double arr_feature(const question *q)
{
    double now = arr_on(q, q->d);
    double ago3 = arr_on(q, months_ago(q->d, 3));
    double ago12 = arr_on(q, months_ago(q->d, 12));
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"arr", now},
        {"is_customer", now > 0},
        {"arr_30d_ago", arr_on(q, q->d - 30)},
        {"arr_3m_ago", ago3},
        {"arr_12m_ago", ago12},
        {"arr_growth_3m", missing_unless(ago3 > 0, now / ago3 - 1)},
        {"arr_growth_12m", missing_unless(ago12 > 0, now / ago12 - 1)},
        {"arr_change_12m", now - ago12},
        {"expansion_12m", moved(q, ARR_EXPANSION, false)},
        {"contraction_12m", moved(q, ARR_CONTRACTION, false)},
        {"expansions_12m", moved(q, ARR_EXPANSION, true)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return arr_history(q);
}

/* Orders */

static double order_feature(const question *q)
{
    day first_row = DAY_MISSING;
    day first = DAY_MISSING;
    day last = DAY_MISSING;
    double n[4] = {0};
    double spent[4] = {0};
    double before = 0;
    bool on[4096] = {false};
    double days = 0;
    static const int lengths[4] = {30, 90, 365, 100000};
    EACH(orders, {
        for (int w = 0; w < 4; w++) {
            n[w] += within(q, x.day, lengths[w]) ? x.orders : 0;
            spent[w] += within(q, x.day, lengths[w]) ? (double)x.amount : 0;
        }
        before += x.day <= q->d - 365 && x.day > q->d - 730 ? (double)x.amount : 0;
        if (x.day <= q->d) {
            first_row = first_row == DAY_MISSING || x.day < first_row ? x.day : first_row;
        }
        if (x.day <= q->d && x.orders > 0) {
            first = first == DAY_MISSING || x.day < first ? x.day : first;
            last = x.day > last ? x.day : last;
            days += !on[x.day];
            on[x.day] = true;
        }
    });
    bool ordered = first != DAY_MISSING;
    bool here = started(q) || first_row != DAY_MISSING;
    double span = ordered ? (double)last - first : 0;
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"is_customer", n[2] > 0},
        {"last_order", missing_unless(ordered, (double)q->d - last)},
        {"first_order_age", missing_unless(ordered, (double)q->d - first)},
        {"orders_30d", missing_unless(here, n[0])},
        {"orders_90d", missing_unless(here, n[1])},
        {"orders_365d", missing_unless(here, n[2])},
        {"orders_total", missing_unless(here, n[3])},
        {"order_days", missing_unless(here, days)},
        {"spend_30d", missing_unless(here, spent[0] / 100)},
        {"spend_90d", missing_unless(here, spent[1] / 100)},
        {"spend_365d", missing_unless(here, spent[2] / 100)},
        {"spend_total", missing_unless(here, spent[3] / 100)},
        {"spend_prev_365d", missing_unless(here, before / 100)},
        {"average_order", missing_unless(ordered, spent[3] / 100 / n[3])},
        {"days_between_orders", missing_unless(days > 1, span / (days - 1))},
        {"orders_per_month",
         missing_unless(ordered, n[3] / (((double)q->d - first + 1) / 30.4375))},
        {"buyer_recency", missing_unless(ordered, span)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

/* Tickets, surveys, health */

static double ticket_feature(const question *q)
{
    bool here = started(q);
    double opened[3] = {0};
    double serious = 0;
    double open = 0;
    day oldest = DAY_MISSING;
    double closed = 0;
    double took = 0;
    double rated = 0;
    double rating = 0;
    EACH(tickets, {
        bool known = x.day <= q->d;
        here = here || known;
        opened[0] += within(q, x.day, 30);
        opened[1] += within(q, x.day, 90);
        opened[2] += within(q, x.day, 365);
        serious += within(q, x.day, 90) && x.severity >= SEVERITY_HIGH;
        if (known && (x.closed == DAY_MISSING || x.closed > q->d)) {
            open++;
            oldest = oldest == DAY_MISSING || x.day < oldest ? x.day : oldest;
        }
        if (x.closed != DAY_MISSING && within(q, x.closed, 90)) {
            closed++;
            took += x.closed - x.day;
        }
        if (!isnan(x.csat) && within(q, x.closed == DAY_MISSING ? x.day : x.closed, 90)) {
            rated++;
            rating += x.csat;
        }
    });
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"tickets_30d", missing_unless(here, opened[0])},
        {"tickets_90d", missing_unless(here, opened[1])},
        {"tickets_365d", missing_unless(here, opened[2])},
        {"tickets_high_90d", missing_unless(here, serious)},
        {"open_tickets", missing_unless(here, open)},
        {"oldest_open_ticket", missing_unless(open > 0, (double)q->d - oldest)},
        {"csat_90d", missing_unless(rated > 0, rating / rated)},
        {"resolution_days_90d", missing_unless(closed > 0, took / closed)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

/* Mean of the kind's answers on the last day up to `until` that has any; NaN without. */
static double last_answer(const question *q, int kind, day until, day *when)
{
    double sum = 0;
    double n = 0;
    *when = DAY_MISSING;
    EACH(surveys, {
        *when =
            x.kind == kind && !isnan(x.score) && x.day <= until && x.day > *when ? x.day : *when;
    });
    EACH(surveys, {
        if (x.kind == kind && x.day == *when && !isnan(x.score)) {
            sum += x.score;
            n++;
        }
    });
    return missing_unless(n > 0, sum / n);
}

static double survey_feature(const question *q)
{
    day when;
    day at_all;
    double last = last_answer(q, SURVEY_NPS, q->d, &when);
    double previous =
        when == DAY_MISSING ? (double)NAN : last_answer(q, SURVEY_NPS, when - 1, &at_all);
    bool here = started(q);
    double n = 0;
    double all = 0;
    double points = 0;
    EACH(surveys, {
        here = here || x.day <= q->d;
        all += within(q, x.day, 365);
        if (x.kind == SURVEY_NPS && within(q, x.day, 365) && !isnan(x.score)) {
            n++;
            points += x.score >= 9 ? 1 : x.score <= 6 ? -1 : 0;
        }
    });
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"nps_last", last},
        {"nps_prev", previous},
        {"nps_change", last - previous},
        {"nps_age", missing_unless(when != DAY_MISSING, (double)q->d - when)},
        {"nps_365d", missing_unless(n > 0, points / n * 100)},
        {"csat_last", last_answer(q, SURVEY_CSAT, q->d, &at_all)},
        {"pmf_last", last_answer(q, SURVEY_PMF, q->d, &at_all)},
        {"surveys_365d", missing_unless(here, all)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

static double health_on(const question *q, day until, day *when)
{
    double sum = 0;
    double n = 0;
    *when = DAY_MISSING;
    EACH(health, { *when = x.day <= until && x.day > *when ? x.day : *when; });
    EACH(health, {
        sum += x.day == *when ? x.score : 0;
        n += x.day == *when;
    });
    return missing_unless(n > 0, sum / n);
}

static double health_feature(const question *q)
{
    day when;
    day then;
    double now = health_on(q, q->d, &when);
    if (is(q, "health_supplied")) {
        return now;
    }
    if (is(q, "health_change_90d")) {
        return now - health_on(q, q->d - 90, &then);
    }
    return missing_unless(when != DAY_MISSING, (double)q->d - when);
}

/* People and work */

/* Whether a contact (of a department, with `named`) was known by a day; by `d`, with a date. */
static bool contact_known(const question *q, bool named, day by, bool dated)
{
    bool known = false;
    EACH(contacts, known = known || (x.day <= by && (!named || x.department > 0) &&
                                     (!dated || x.day != DAY_MIN)));
    return known;
}

static bool was_there(contact_fact x, day d)
{
    bool ever = x.active_until == DAY_MISSING || x.active_until > x.day;
    return ever && x.day <= d && (x.active_until == DAY_MISSING || x.active_until > d);
}

static double new_people(const question *q, bool deciders)
{
    double n = 0;
    EACH(contacts, n += x.day != DAY_MIN && x.day > q->d - 180 && was_there(x, q->d) &&
                        (!deciders || x.role != ROLE_USER));
    return n;
}

enum { DEPARTMENTS_MOST = 64 };

static double departments(const question *q)
{
    bool seen[DEPARTMENTS_MOST] = {false};
    double n = 0;
    EACH(contacts, {
        if (x.department > 0 && was_there(x, q->d) && !seen[x.department]) {
            seen[x.department] = true;
            n++;
        }
    });
    return n;
}

static double new_departments(const question *q)
{
    double n = 0;
    for (int32_t dept = 1; dept < DEPARTMENTS_MOST; dept++) {
        day first = DAY_MISSING;
        EACH(contacts, {
            bool ever = x.active_until == DAY_MISSING || x.active_until > x.day;
            if (x.department == dept && ever && (first == DAY_MISSING || x.day < first)) {
                first = x.day;
            }
        });
        n += first != DAY_MISSING && first != DAY_MIN && within(q, first, 180);
    }
    return n;
}

static double news_feature(const question *q, bool here)
{
    bool people =
        here && contact_known(q, false, q->d - 180, false) && contact_known(q, false, q->d, true);
    bool named =
        here && contact_known(q, true, q->d - 180, false) && contact_known(q, true, q->d, true);
    if (is(q, "new_contacts_180d")) {
        return missing_unless(people, new_people(q, false));
    }
    if (is(q, "new_deciders_180d")) {
        return missing_unless(people, new_people(q, true));
    }
    if (is(q, "departments")) {
        return missing_unless(here && contact_known(q, true, q->d, false), departments(q));
    }
    if (is(q, "new_departments_180d")) {
        return missing_unless(named, new_departments(q));
    }
    return -1;
}

static double contact_feature(const question *q)
{
    bool here = started(q);
    double by_role[ROLE_COUNT] = {0};
    EACH(contacts, {
        here = here || (x.day <= q->d && x.day != DAY_MIN);
        by_role[x.role] +=
            x.day <= q->d && (x.active_until == DAY_MISSING || x.active_until > q->d);
    });
    double all = 0;
    double roles = 0;
    for (int role = 0; role < ROLE_COUNT; role++) {
        all += by_role[role];
        roles += by_role[role] > 0;
    }
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"contacts", all},
        {"has_champion", by_role[ROLE_CHAMPION] > 0},
        {"has_economic_buyer", by_role[ROLE_ECONOMIC] > 0},
        {"has_technical_buyer", by_role[ROLE_TECHNICAL] > 0},
        {"single_threaded", fabs(all - 1) < 0.5},
        {"roles_present", roles},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return missing_unless(here, simple[k].value);
        }
    }
    return news_feature(q, here);
}

static double touch_feature(const question *q)
{
    bool here = started(q);
    day last = DAY_MISSING;
    double n[3] = {0};
    double minutes = 0;
    double timed = 0;
    double asked = 0;
    double answered = 0;
    EACH(touchpoints, {
        here = here || x.day <= q->d;
        last = x.day <= q->d && x.day > last ? x.day : last;
        n[0] += within(q, x.day, 30);
        n[1] += within(q, x.day, 90);
        n[2] += within(q, x.day, 365);
        if (within(q, x.day, 90) && !isnan(x.minutes)) {
            minutes += x.minutes;
            timed++;
        }
        asked += within(q, x.day, 180) && x.responded >= 0;
        answered += within(q, x.day, 180) && x.responded > 0;
    });
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"touches_30d", missing_unless(here, n[0])},
        {"touches_90d", missing_unless(here, n[1])},
        {"touches_365d", missing_unless(here, n[2])},
        {"last_touch", missing_unless(last != DAY_MISSING, (double)q->d - last)},
        {"touch_minutes_90d", missing_unless(here && (timed > 0 || !(n[1] > 0)), minutes)},
        {"response_rate_180d", missing_unless(asked > 0, answered / asked)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

static double deal_feature(const question *q)
{
    bool here = started(q);
    day nearest = DAY_MISSING;
    double due_amount = 0;
    double open = 0;
    double open_amount = 0;
    double won = 0;
    double lost = 0;
    day since = months_ago(q->d, 12);
    EACH(opportunities, {
        if (x.day > q->d) {
            continue;
        }
        here = true;
        bool ahead = x.due != DAY_MISSING && x.due >= q->d;
        bool decided = x.due != DAY_MISSING && x.due > since && x.due < q->d;
        if (x.kind == DEAL_RENEWAL && ahead) {
            due_amount = nearest == DAY_MISSING || x.due < nearest ? 0 : due_amount;
            nearest = nearest == DAY_MISSING || x.due < nearest ? x.due : nearest;
            due_amount += x.due == nearest ? (double)x.amount : 0;
        }
        if (x.kind == DEAL_EXPANSION && (ahead || x.stage == DEAL_OPEN)) {
            open++;
            open_amount += (double)x.amount;
        }
        won += x.kind == DEAL_EXPANSION && x.stage == DEAL_WON && decided ? (double)x.amount : 0;
        lost += x.kind == DEAL_RENEWAL && x.stage == DEAL_LOST && decided;
    });
    bool renews = nearest != DAY_MISSING;
    const struct {
        const char *name;
        double value;
    } simple[] = {
        {"renewal_in", missing_unless(renews, (double)nearest - q->d)},
        {"renewal_amount", missing_unless(renews, due_amount / 100)},
        {"open_expansion", missing_unless(here, open_amount / 100)},
        {"open_expansions", missing_unless(here, open)},
        {"won_expansion_12m", missing_unless(here, won / 100)},
        {"lost_renewals_12m", missing_unless(here, lost)},
    };
    for (size_t k = 0; k < sizeof simple / sizeof *simple; k++) {
        if (is(q, simple[k].name)) {
            return simple[k].value;
        }
    }
    return -1;
}

static double intervention_feature(const question *q)
{
    bool here = started(q);
    day last = DAY_MISSING;
    double n = 0;
    EACH(interventions, {
        here = here || x.day <= q->d;
        last = x.day <= q->d && x.day > last ? x.day : last;
        n += within(q, x.day, 90);
    });
    return is(q, "interventions_90d") ? missing_unless(here, n)
                                      : missing_unless(last != DAY_MISSING, (double)q->d - last);
}

static double prediction_feature(const question *q)
{
    bool expansion = is(q, "expansion_chance") || is(q, "expansion_chance_age");
    uint8_t kind = expansion ? PREDICTION_EXPANSION : PREDICTION_CHURN;
    day last = DAY_MISSING;
    double value = (double)NAN;
    EACH(predictions, {
        if (x.kind == kind && x.day <= q->d && x.day > last) {
            last = x.day;
            value = x.probability;
        }
    });
    return is(q, "churn_risk") || is(q, "expansion_chance")
               ? value
               : missing_unless(last != DAY_MISSING, (double)q->d - last);
}

double naive_feature(const ledger_facts *facts, feature_id f, int32_t account, day as_of)
{
    const question asked = {facts, account, as_of, facts->started_on[account],
                            feature_get(f)->name};
    const question *q = &asked;
    uint32_t needs = feature_get(f)->needs;
    if ((needs & facts->entities) != needs) {
        return (double)NAN;
    }
    if (is(q, "tenure")) {
        return missing_unless(started(q), (double)as_of - q->start);
    }
    if (is(q, "is_customer")) {
        return facts->entities & (1u << ENTITY_ARR)      ? arr_feature(q)
               : facts->entities & (1u << ENTITY_ORDERS) ? order_feature(q)
                                                         : (double)NAN;
    }
    static double (*const of_entity[ENTITY_COUNT])(const question *) = {
        [ENTITY_ARR] = arr_feature,
        [ENTITY_ORDERS] = order_feature,
        [ENTITY_USAGE] = usage_feature,
        [ENTITY_TICKETS] = ticket_feature,
        [ENTITY_SURVEYS] = survey_feature,
        [ENTITY_CONTACTS] = contact_feature,
        [ENTITY_TOUCHPOINTS] = touch_feature,
        [ENTITY_OPPORTUNITIES] = deal_feature,
        [ENTITY_HEALTH] = health_feature,
        [ENTITY_INTERVENTIONS] = intervention_feature,
        [ENTITY_PREDICTIONS] = prediction_feature,
    };
    return of_entity[__builtin_ctz(needs)](q);
}
