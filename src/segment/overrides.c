/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/overrides.h"

#include <stdlib.h>

/* First pin at or after (dimension, account). */
static size_t lower_bound(const override_set *set, size_t dimension, uint32_t account)
{
    size_t low = 0;
    size_t high = set->n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        const override_pin *pin = &set->pins[mid];
        bool before =
            pin->dimension < dimension || (pin->dimension == dimension && pin->account < account);
        if (before) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static bool in_force(const override_pin *pin, day d)
{
    return pin->from <= d && d <= pin->until;
}

const override_pin *override_find(const override_set *set, size_t dimension, uint32_t account,
                                  day d)
{
    const override_pin *found = NULL;
    for (size_t i = lower_bound(set, dimension, account);
         i < set->n && set->pins[i].dimension == dimension && set->pins[i].account == account;
         i++) {
        if (in_force(&set->pins[i], d)) {
            found = &set->pins[i];
        }
    }
    return found;
}

void override_apply(const override_set *set, size_t dimension, day d, uint32_t first, size_t n,
                    segment_code *codes)
{
    for (size_t i = lower_bound(set, dimension, first);
         i < set->n && set->pins[i].dimension == dimension && set->pins[i].account - first < n;
         i++) {
        const override_pin *pin = &set->pins[i];
        segment_code *code = &codes[pin->account - first];
        if (in_force(pin, d) && *code < SEGMENTS_MAX) {
            *code = pin->segment;
        }
    }
}
