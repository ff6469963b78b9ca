/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets, surveys, health and contacts. */
#include "naive_parts.h"

double naive_ticket_feature(const question *q)
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

double naive_survey_feature(const question *q)
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

double naive_health_feature(const question *q)
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

double naive_contact_feature(const question *q)
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
