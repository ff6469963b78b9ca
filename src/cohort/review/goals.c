/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/review/goals.h"

#include <math.h>

/* The gap between a goal and a rate, times what the rate is of. */
static double worth(double goal, double rate, double whole)
{
    return goal > rate ? (goal - rate) * whole : 0.0;
}

static void add_goal(const model_goals *goals, const review_retention *r, size_t measure,
                     size_t age, bool is_target, review_goals *out)
{
    double goal = goals->value[measure][age];
    if (isnan(goal)) {
        return;
    }
    const review_mark *m = &r->cohort[age];
    review_goal g = {.measure = measure,
                     .months = m->months,
                     .is_target = is_target,
                     .goal = goal,
                     .actual = review_rate_of(m, measure),
                     .reached = m->reached};
    if (g.actual.stated) {
        double whole = measure == GOAL_LOGO ? (double)m->logos.of : (double)m->nrr.base_minor;
        g.below = g.actual.high < goal;
        g.above = g.actual.low > goal;
        g.worth = worth(goal, g.actual.value, whole);
        g.worth_low = worth(goal, g.actual.high, whole);
        g.worth_high = worth(goal, g.actual.low, whole);
    }
    out->any_target = out->any_target || is_target;
    out->any_benchmark = out->any_benchmark || !is_target;
    out->items[out->n++] = g;
}

void review_goals_make(const model *m, const review_retention *r, review_goals *out)
{
    *out = (review_goals){0};
    for (size_t measure = 0; measure < GOAL_MEASURES; measure++) {
        for (size_t age = 0; age < GOAL_AGES; age++) {
            add_goal(&m->benchmarks, r, measure, age, false, out);
            add_goal(&m->targets, r, measure, age, true, out);
        }
    }
}
