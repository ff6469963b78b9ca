/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_PERSONAL_H
#define STRATA_PERSONA_PERSONAL_H

/* Values of columns that were meant for a plan, a channel or a reason, and hold a person. */

#include "persona/names.h"
#include "persona/persona.h"

/* What stands for such a value where its row stays. */
extern const char PERSONAL_HIDDEN[];

typedef enum personal_kind {
    PERSONAL_CATEGORY, /* an attribute, a feature, a channel, a competitor: one name may be a word
                        */
    PERSONAL_SENTENCE  /* a reason, which somebody wrote */
} personal_kind;

/* Whether a value holds an e-mail address, a telephone number, or the name of a contact: of a
 * category, two words of names side by side ("Jane Doe"), since a single one may be a word of the
 * trade; of a sentence, any word of a name, and web addresses too. Bands such as "1001-5000" and
 * names with dots such as "report.export" are neither. */
STRATA_MUST_CHECK strata_status personal_value(hidden_names *h, const char *text,
                                               personal_kind kind, bool *out, strata_error *err);

/* Leaves out of personas what names a person: findings are dropped; reasons, competitors and
 * channels stay under PERSONAL_HIDDEN, so that counts still add up. STRATA_E_DATA when a segment's
 * label does. Allocated in `a`. */
STRATA_MUST_CHECK strata_status personas_hide_personal(personas *p, hidden_names *h, arena *a,
                                                       strata_error *err);

#endif
