/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_MACHINE_H
#define STRATA_BASE_MACHINE_H

/* What only the machine knows. Asked once, by whoever makes a context; everything below the
 * surfaces takes it from there. */

#include "base/day.h"

/* Today, in the machine's time zone. */
day machine_today(void);
/* Processors at work, at least 1. */
int machine_processors(void);

#endif
