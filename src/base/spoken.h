/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_SPOKEN_H
#define STRATA_BASE_SPOKEN_H

#include "base/arena.h"

/* A name as people say it: "dashboard_viewed" -> "dashboard viewed". In `a`; NULL for NULL and when
 * memory ran out. */
const char *spoken_name(arena *a, const char *name);

#endif
