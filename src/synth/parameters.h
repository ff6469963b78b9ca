/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_PARAMETERS_H
#define STRATA_SYNTH_PARAMETERS_H

/* The numbers of the generative model, in one place; constant tables. */

#include <stddef.h>

#define SYNTH_P(sym, name, value, meaning) sym,
typedef enum synth_param {
#include "synth/parameters.def"
    P_COUNT
} synth_param;
#undef SYNTH_P

typedef struct synth_parameter {
    const char *name;
    double value;
    const char *meaning;
} synth_parameter;

/* A category with its share and up to six numbers; what they mean is in the table's comment. */
typedef struct synth_category {
    const char *name;
    double share;
    double value[6];
} synth_category;

enum {
    FEATURE_KINDS = 16,
    ARCHETYPES = 5,
    INDUSTRIES = 8,
    CHANNELS = 5,
    PLANS = 4,
    COVERAGES = 4,
    REGIONS = 3,
    WEEKDAYS = 7
};

typedef struct synth_feature {
    const char *name;
    double weight[ARCHETYPES]; /* relative frequency by archetype */
} synth_feature;

extern const synth_parameter synth_parameters[P_COUNT];
/* values: mean and standard deviation of ln(employees), log-odds of engagement */
extern const synth_category synth_industries[INDUSTRIES];
/* values: added to ln(employees), added to the log-odds of engagement */
extern const synth_category synth_channels[CHANNELS];
/* share: 0; values: most seats, list price per seat and month in cents, log-odds of engagement,
 * relative frequency of monthly, quarterly and yearly billing */
extern const synth_category synth_plans[PLANS];
/* values: log-odds of engagement, its drift per month, amplitude of the yearly season of usage */
extern const synth_category synth_archetypes[ARCHETYPES];
/* share: 0; values: least ARR at the start in cents, touchpoints a month, response rate, minutes */
extern const synth_category synth_coverages[COVERAGES];
/* share: 0; value: relative frequency of events */
extern const synth_category synth_weekdays[WEEKDAYS];
extern const synth_feature synth_features[FEATURE_KINDS];

static inline double synth_p(synth_param p)
{
    return synth_parameters[p].value;
}

/* The same of a parameter that is a whole number. */
static inline int synth_int(synth_param p)
{
    return (int)synth_parameters[p].value;
}

#endif
