/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/features.h"

#include <string.h>

static const feature_info catalogue[FEATURE_COUNT] = {
#define FEATURE(id, name, type, needs, label, definition)                                          \
    [id] = {(name), (type), (needs), (label), (definition)},
#include "panel/features.def"
#undef FEATURE
};

const feature_info *feature_get(feature_id id)
{
    return &catalogue[id];
}

feature_id feature_find(const char *name)
{
    for (size_t i = 0; i < FEATURE_COUNT; i++) {
        if (strcmp(catalogue[i].name, name) == 0) {
            return (feature_id)i;
        }
    }
    return FEATURE_COUNT;
}
