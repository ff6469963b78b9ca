/* SPDX-License-Identifier: Apache-2.0 */
/* Usage. */
#include "naive_parts.h"

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

double naive_usage_feature(const question *q)
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
