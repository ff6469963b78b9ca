/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_BOOST_BYTES_H
#define STRATA_STATS_LEARNING_BOOST_BYTES_H

/* Inside of boost.h: trees as bytes with what is known about them in front and a digest behind, so
 * that XGBoost is never handed bytes that it did not write. */

#include <stddef.h>

#include "stats/learning/boost.h"

/* trees: what XGBoost wrote. Bytes are allocated in `a`. */
STRATA_MUST_CHECK strata_status boost_pack(const boost_summary *s, const char *trees,
                                           size_t n_trees, arena *a, const unsigned char **bytes,
                                           size_t *n_bytes, strata_error *err);
/* *trees points into bytes. STRATA_E_DATA when bytes are not as boost_pack() made them. */
STRATA_MUST_CHECK strata_status boost_unpack(const unsigned char *bytes, size_t n_bytes,
                                             boost_summary *s, const unsigned char **trees,
                                             size_t *n_trees, strata_error *err);

#endif
