/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_ROADMAP_H
#define STRATA_REPORT_PLAN_ROADMAP_H

/* The four phases with their steps, dates and the checks that end them. */

#include "base/strbuf.h"
#include "document/document.h"
#include "model/bind.h"
#include "plan/roadmap.h"

/* "11 of 14 steps are open: 213 days of work, until 4 October 2026". */
void report_roadmap_title(strbuf *out, const roadmap *r);
/* A table of phases in the section. */
void report_roadmap_phases(document *d, doc_section *s, const roadmap *r, const bound_model *b);
/* A section for one phase with its steps. */
void report_roadmap_phase(document *d, doc_section *parent, const roadmap *r, roadmap_phase phase);
/* A section for each phase with its steps, and what is assumed. */
void report_roadmap(document *d, doc_section *parent, const roadmap *r, const bound_model *b);

#endif
