/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_CLUSTERS_CLUSTERS_H
#define STRATA_REPORT_CLUSTERS_CLUSTERS_H

/* Clusters as a document: who they are, what sets them apart, how sure that is,
 * and how to write them as rules. */

#include "base/strbuf.h"
#include "cluster/clusters.h"
#include "document/document.h"

typedef struct clusters_input {
    const clusters *c;
    const view *v;
    uint64_t seed;
    bool members; /* list the accounts too */
    arena *a;     /* for texts while the document is built */
} clusters_input;

/* "4 clusters that run into each other; 'Large, high usage': 12.1 % of accounts, 48.0 % of ARR". */
void report_clusters_title(strbuf *out, const clusters_input *in);
/* STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status report_clusters(document *d, doc_section *parent,
                                                const clusters_input *in, strata_error *err);

/* What a rule of cluster c should be described by, in one line: its largest differences. In `a`. */
STRATA_MUST_CHECK strata_status report_cluster_description(const clusters_input *in, size_t c,
                                                           const char **out, strata_error *err);

#endif
