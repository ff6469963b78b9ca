/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_DOCUMENTS_KINDS_H
#define STRATA_COMMAND_DOCUMENTS_KINDS_H

/* The documents of `strata report NAME`: a row of the table in cmd/report.c and a file
 * report_<name>.c each. */

#include "command/look.h"

/* Fills a document of its own. The look is open, its dimension chosen; dates and views are the
 * document's business. `most`: accounts in each list to work through. */
typedef strata_status report_fn(look *l, size_t most, document **out, strata_error *err);

/* What a report tells of how far it is: of so many steps. */
enum { REPORT_STEPS = 5 };

report_fn tell_expansion;
report_fn tell_framework;
report_fn tell_migration;
report_fn tell_measurement;
report_fn tell_personas;
report_fn tell_proposal;
report_fn tell_readiness;
report_fn tell_roadmap;
report_fn tell_territories;

#endif
