/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_MERGE_H
#define STRATA_MODEL_MERGE_H

/* One file over another: mappings merge key by key, everything else is replaced
 * as a whole, and null removes a key. */

#include "model/yaml.h"

/* `over` over `base` (mappings both; new keys come behind those of the base).
 * What is kept keeps its place. In `a`, sharing nodes with both. STRATA_E_MODEL
 * for a null that removes nothing and for a key with nothing behind it. */
STRATA_MUST_CHECK strata_status yaml_merge(arena *a, const yaml_node *base, const yaml_node *over,
                                           const yaml_node **out, strata_error *err);

#endif
