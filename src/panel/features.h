/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_FEATURES_H
#define STRATA_PANEL_FEATURES_H

/* The catalogue of computed features: everything a sweep can yield. Attributes
 * that come straight from the accounts file (industry, plan, seats ...) are not
 * here: they do not need a sweep. */

#include <stddef.h>
#include <stdint.h>

#include "panel/ledger.h"
#include "rule/type.h"

typedef enum feature_id {
#define FEATURE(id, ...) id,
#include "panel/features.def"
#undef FEATURE
    FEATURE_COUNT
} feature_id;

typedef struct feature_info {
    const char *name; /* "events_30d" */
    value_type type;
    uint32_t needs;         /* bits of entities without which it is missing for everyone */
    const char *label;      /* "Events in 30 days" */
    const char *definition; /* full sentence with window edges and the missing rule */
} feature_info;

const feature_info *feature_get(feature_id id);
/* FEATURE_COUNT when there is none of that name. */
feature_id feature_find(const char *name);

#endif
