/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PREDICTIONS_PARTS_H
#define STRATA_REPORT_PREDICTIONS_PARTS_H

#include "report/predictions/predictions.h"
#include "report/report.h"

/* "within 90 days" */
words predictions_within(const predictions_input *in);
/* "churn", "expand": what accounts do. */
const char *predictions_verb(const predictions_input *in);
/* "churned", "expanded" */
const char *predictions_did(const predictions_input *in);
/* "Risk", "Chance" */
const char *predictions_chance(const predictions_input *in);
/* "Usage" of a theme's entity. */
const char *predictions_theme(entity e);
/* "0.786 (0.761 to 0.811)" */
words predictions_auc(const auc_result *auc);
/* The dates of one role: first, last and how many. */
typedef struct predictions_block {
    size_t n, rows;
    day first, last;
} predictions_block;
predictions_block predictions_block_of(const schedule *s, const date_role *roles, date_role role);
/* How well it does, in a table of its measures. */
void predictions_put_measures(document *d, doc_section *parent, const predictions_input *in);
void predictions_put_bands(document *d, doc_section *parent, const predictions_input *in);

#endif
