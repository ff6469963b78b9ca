/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_MIGRATION_RULES_H
#define STRATA_PLAN_MIGRATION_RULES_H

/* The model's rules of migration judged for every account on one date: what they read then, and at
 * the review before. Private to the migration files. */

#include "plan/migration/migration.h"

/* Free with rule_frames_done(). Borrowed by `in`. */
typedef struct rule_frames {
    segmentation *now, *before; /* owned; now NULL: the view's */
    rule_frame previous;
    rule_input in;
    size_t n_accounts;
} rule_frames;

/* On the view's date, or an earlier one. The review before is there only if a rule asks for it. */
STRATA_MUST_CHECK strata_status rule_frames_at(const context *cx, const view *v, day d, arena *a,
                                               rule_frames *out, strata_error *err);
void rule_frames_done(rule_frames *f);

/* Verdicts by account, in `a`; all RULE_NO for NULL. */
STRATA_MUST_CHECK strata_status rule_frames_judge(const rule_frames *f, const rule *r, arena *a,
                                                  const uint8_t **out, strata_error *err);

/* held_back_now() on the date of the frames. */
STRATA_MUST_CHECK strata_status held_back_at(const rule_frames *f, const bound_model *b, arena *a,
                                             const uint32_t **out, strata_error *err);

#endif
