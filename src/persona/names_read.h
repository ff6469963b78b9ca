/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_NAMES_READ_H
#define STRATA_PERSONA_NAMES_READ_H

/* Names out of the store: accounts, contacts, who answered surveys, and users whose id is an
 * address, as known on a day. */

#include "persona/names.h"
#include "store/store.h"

/* Into an empty *out, ready to be asked. */
STRATA_MUST_CHECK strata_status names_read(store_conn *conn, const portfolio *p, day until,
                                           hidden_names *out, strata_error *err);

#endif
