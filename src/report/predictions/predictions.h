/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PREDICTIONS_PREDICTIONS_H
#define STRATA_REPORT_PREDICTIONS_PREDICTIONS_H

/* Who is likely to leave, or to expand, and why; and the card of the model that says so. */

#include "base/strbuf.h"
#include "document/document.h"
#include "model/bind.h"
#include "predict/predict.h"

typedef struct predictions_input {
    const prediction *found;
    const portfolio *p;
    const bound_model *bound;
    const bound_def *dimension; /* of the judgement by segment; NULL: none */
    const char *currency;
    const account_reasons *listed; /* accounts to list, in order */
    size_t n_listed;
    uint64_t seed;
} predictions_input;

/* "182 of 3,539 customers are expected to churn within 90 days, with $0.9M of ARR". */
void report_predictions_title(strbuf *out, const predictions_input *in);
/* Figures, accounts with reasons, bands, and in short how good it is. */
void report_predictions(document *d, const predictions_input *in);
/* Says that chances were kept for so many dates, and for so many nothing could be said. */
void report_predictions_kept(document *d, const predictions_input *in, size_t n, size_t n_silent);
/* The model card. */
void report_predictions_card_title(strbuf *out, const predictions_input *in);
void report_predictions_card(document *d, const predictions_input *in);

/* One account: every part of its chance, and what goes with a better one. */
typedef struct predictions_account {
    const account_reasons *reasons;
    const what_if *what_ifs;
    size_t n_what_ifs;
} predictions_account;
void report_predictions_account_title(strbuf *out, const predictions_input *in,
                                      const predictions_account *account);
void report_predictions_account(document *d, const predictions_input *in,
                                const predictions_account *account);

#endif
