/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_UDFS_H
#define STRATA_SOURCE_UDFS_H

/* Value parsing in SQL: strata_bool, strata_number, strata_day; NULL for what does not fit. */

#include "store/store.h"

STRATA_MUST_CHECK strata_status udfs_register(store_conn *c, strata_error *err);

#endif
