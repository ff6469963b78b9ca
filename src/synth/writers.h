/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_WRITERS_H
#define STRATA_SYNTH_WRITERS_H

/* What one account adds to each file. Failures stick to the files. */

#include "synth/account.h"
#include "synth/csv.h"
#include "synth/synth.h"

typedef struct synth_out {
    csv_file file[SYNTH_FILE_COUNT];
    synth_summary sum;
    double usage_rate; /* usage rows against what the model gives */
} synth_out;

/* The header line of a file. */
const char *synth_header(synth_file f);

void write_account(synth_out *out, const account *a);
void write_subscriptions(synth_out *out, const account *a);
void write_truth(synth_out *out, const account *a);
void write_usage(synth_out *out, const account *a);
void write_tickets(synth_out *out, const account *a);
void write_surveys(synth_out *out, const account *a);
void write_contacts(synth_out *out, const account *a);
void write_touchpoints(synth_out *out, const account *a);
void write_opportunities(synth_out *out, const account *a);
void write_interventions(synth_out *out, const account *a);
void write_health(synth_out *out, const account *a);
/* Every CSM that some of the first n accounts have. */
void write_csms(synth_out *out, const synth_options *o);

/* Words drawn by the generator: the same index gives the same word. */
const char *synth_region(int region);

#endif
