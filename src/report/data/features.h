/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_FEATURES_H
#define STRATA_REPORT_DATA_FEATURES_H

/* The catalogue: every name that a rule may use, what it means, and whether
 * this portfolio has the data for it. */

#include "base/strbuf.h"
#include "document/document.h"
#include "segment/view.h"

typedef struct catalogue_filter {
    const char *containing; /* only names or labels with this text; NULL: all */
    bool missing_only;      /* only those whose data is not there */
    bool in_full;           /* definitions as whole sentences, else labels */
} catalogue_filter;

/* How many names the filter lets through. */
size_t report_catalogue_count(const bound_model *b, const catalogue_filter *filter);
/* Tables of computed features, columns of the accounts file, and the model's definitions; those
 * that would be empty are left out. */
void report_catalogue(document *d, doc_section *parent, const bound_model *b,
                      const catalogue_filter *filter);

/* How a definition of the model reads as one line: "ARR / seats", "fifths of last_seen",
 * "4 tiers: Strategic, Growth, Core, Starter". */
void report_definition_line(strbuf *out, const bound_model *b, const bound_def *def);
/* "value, segment, population": what of the model reads a slot; nothing where nothing does. */
void report_users(strbuf *out, const bound_model *b, size_t slot);

#endif
