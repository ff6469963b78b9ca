/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SYNTH_PROJECT_H
#define STRATA_SYNTH_PROJECT_H

#include "base/strbuf.h"
#include "synth/synth.h"

#define SYNTH_MODEL_FILE "strata.yaml"

/* Appends the model file that belongs to the CSV files; failures stick to `b`. */
void synth_model_text(strbuf *b, const synth_options *o);

#endif
