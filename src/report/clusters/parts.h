/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_CLUSTERS_PARTS_H
#define STRATA_REPORT_CLUSTERS_PARTS_H

/* Inside the document of clusters: its sections. */

#include "document/chart.h"
#include "report/clusters/clusters.h"
#include "report/report.h"

typedef struct clusters_report {
    document *d;
    const clusters_input *in;
    const clusters *c;
    const view *v;
    const char *currency;
    chart_theme theme;  /* clusters by the names they bear */
    const char **names; /* by cluster */
    const char **heads; /* "1 High usage": for columns */
} clusters_report;

typedef strata_status clusters_part(const clusters_report *r, doc_section *parent,
                                    strata_error *err);
clusters_part clusters_put_list, clusters_put_apart, clusters_put_sure, clusters_put_map,
    clusters_put_choice, clusters_put_rules, clusters_put_refit, clusters_put_features,
    clusters_put_method, clusters_put_members;

/* A feature's value in its unit; "not known". */
words clusters_value(const clusters_report *r, size_t feature, double x);
/* How well the cluster came again when accounts were drawn anew. */
doc_cell clusters_stability_cell(const clusters_report *r, size_t c);
strata_status clusters_no_memory(strata_error *err);

#endif
