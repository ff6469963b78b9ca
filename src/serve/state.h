/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_STATE_H
#define STRATA_SERVE_STATE_H

/* What the project's files are now, so that an answer can be told from an outdated one without
 * opening anything. */

#include "base/day.h"
#include "base/digest.h"

/* Digest of name, size, place and time of every file in the folder and the folders in it (two
 * deep), but of those that the server itself writes. Two calls agree only if nobody wrote, replaced
 * or removed any of them between. */
void state_of_folder(const char *folder, char out[DIGEST_TEXT]);

#endif
