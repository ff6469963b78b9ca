/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_SHOP_ORDER_UNITS_H
#define STRATA_COHORT_SHOP_ORDER_UNITS_H

/* How many units were ordered: the quantity column of orders. Whole thousandths, so that sums are
 * exact and do not depend on their order. */

#include <strata/error.h>

#include "cohort/book.h"
#include "store/store.h"

enum { ORDER_UNITS_SCALE = 1000 };

/* Fills book->units and book->n_unitless for a book of the same store. Returns are negative.
 * STRATA_E_DATA when no order of the book says how many, STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status order_units_load(store_conn *conn, order_book *book,
                                                 strata_error *err);

#endif
