/* SPDX-License-Identifier: Apache-2.0 */
/* Touchpoints, opportunities, interventions and predictions. */
#include "naive_parts.h"

double naive_touch_feature(const question *q)
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

double naive_deal_feature(const question *q)
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

double naive_intervention_feature(const question *q)
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

double naive_prediction_feature(const question *q)
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
