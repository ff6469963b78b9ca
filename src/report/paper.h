/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PAPER_H
#define STRATA_REPORT_PAPER_H

/* Papers (model/papers.h) filled for one account and put into a document. */

#include "base/day.h"
#include "document/document.h"
#include "model/papers.h"

typedef struct filled_paper {
    paper paper;
    arena *a;
    const char *const *values;              /* by field of its form; NULL: missing */
    const char *safe[TEMPLATE_FIELDS_MOST]; /* the same, safe in running text */
} filled_paper;

/* Opens a paper of the model. `values` must outlive it. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status paper_fill(document *d, const model *m, paper_kind k, arena *a,
                                           const char *const *values, filled_paper *out,
                                           strata_error *err);

/* Every paragraph of a part of which anything is left, as paragraphs or as notes. STRATA_E_NOMEM.
 */
STRATA_MUST_CHECK strata_status paper_put_part(doc_section *s, const filled_paper *f,
                                               const char *part, strata_error *err);

typedef struct paper_step {
    day on;          /* a working day: a weekend's moves to the Monday behind it */
    const char *who; /* NULL in parts of two cells */
    const char *what;
} paper_step;
enum { PAPER_STEPS_MOST = 64 };

/* The steps of a dated part of which anything is left, up to PAPER_STEPS_MOST; `days` by day of its
 * form. A part of NULL has none. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status paper_steps(const filled_paper *f, const template_part *part,
                                            const day *days, paper_step *out, size_t *n,
                                            strata_error *err);

#endif
