/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FRAMEWORK_FRAMEWORK_H
#define STRATA_REPORT_FRAMEWORK_FRAMEWORK_H

/* The segmentation framework: one page that a vice-president reads, the evidence
 * behind it, the lists to work through, and how it was computed. */

#include "analysis/study.h"
#include "document/document.h"
#include "plan/offer/offer.h"
#include "plan/roadmap.h"
#include "report/plan/effect.h"
#include "report/plan/operating_model.h"
#include "report/plan/targets.h"
#include "source/source.h"

typedef struct framework_input {
    const study *study;   /* STUDY_ALL, of a view with changes */
    const bound_def *def; /* the dimension that the report is about */
    const model_warning *warnings;
    size_t n_warnings;
    day last_run;                     /* last recorded review of this model; DAY_MISSING: none */
    const ingest_summary *ingest;     /* what was read; NULL: left out */
    const char *rejects_path;         /* as in report_data_quality() */
    size_t most;                      /* accounts in each list to work through */
    const operating_input *operating; /* NULL: nobody says how segments are looked after, since */
    const char *no_operating;         /* of this */
    const offer *offer;               /* NULL: left out */
    const roadmap *roadmap;           /* NULL: left out */
    const targets_input *targets;     /* NULL: left out */
    const effect_input *effect;       /* NULL: the 12 months ahead cannot be simulated, since */
    const char *no_effect;            /* of this */
} framework_input;

/* Fills the document. Parts whose data is missing are named at the end, each with what would
 * bring it back. */
STRATA_MUST_CHECK strata_status report_framework(document *d, const framework_input *in,
                                                 strata_error *err);

#endif
