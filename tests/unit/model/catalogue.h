/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_CATALOGUE_H
#define STRATA_TEST_CATALOGUE_H

/* Every name a model can be bound to: the computed features, and the columns
 * that the accounts source may have. */

#include "panel/features.h"
#include "rule/type.h"

static const char *const catalogue_levels[] = {"a", "c", "b"};

#define ATTRIBUTE(attribute_name, attribute_type)                                                  \
    {                                                                                              \
        .name = (attribute_name), .type = (attribute_type)                                         \
    }
#define TEXT_ATTRIBUTE(attribute_name)                                                             \
    {                                                                                              \
        .name = (attribute_name), .type = VALUE_TEXT, .levels = catalogue_levels, .n_levels = 3,   \
        .open_levels = true                                                                        \
    }

static const symbol catalogue[] = {
#define FEATURE(id, feature_name, feature_type, needs, feature_label, definition)                  \
    {.name = (feature_name), .type = (feature_type), .label = (feature_label)},
#include "panel/features.def"
#undef FEATURE
    ATTRIBUTE("employees", VALUE_NUMBER),
    ATTRIBUTE("seats", VALUE_NUMBER),
    ATTRIBUTE("potential_arr", VALUE_MONEY),
    ATTRIBUTE("complexity", VALUE_NUMBER),
    ATTRIBUTE("strategic", VALUE_BOOL),
    ATTRIBUTE("started_on", VALUE_DATE),
    TEXT_ATTRIBUTE("industry"),
    TEXT_ATTRIBUTE("region"),
    TEXT_ATTRIBUTE("country"),
    TEXT_ATTRIBUTE("plan"),
    TEXT_ATTRIBUTE("use_case"),
    TEXT_ATTRIBUTE("channel"),
    TEXT_ATTRIBUTE("csm_id"),
    TEXT_ATTRIBUTE("coverage"),
};
enum { CATALOGUE_N = sizeof catalogue / sizeof catalogue[0] };

#endif
