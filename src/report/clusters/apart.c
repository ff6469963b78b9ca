/* SPDX-License-Identifier: Apache-2.0 */
/* What sets clusters apart: in words, as a shaded matrix, as tables. */
#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/clusters/parts.h"

enum { TRAITS_SHOWN = 3, CLUSTERS_MOST = CLUSTER_K_MOST };
/* Differences under this are not worth a sentence. */
static const double LEAST = 0.25;

/* --- in words --- */

/* "Active days in 30 days 22 against 9; ARR $12.1k against $4.5k": medians against all others'. */
static strata_status put_traits(const clusters_report *r, size_t c, bool escape, strbuf *out,
                                strata_error *err)
{
    const cluster_points *p = &r->c->points;
    const double *difference = r->c->difference + c * p->d;
    STRATA_AUTO_FREE size_t *order = STRATA_NEW_ARRAY(p->d, size_t);
    if (order == NULL) {
        return clusters_no_memory(err);
    }
    cluster_by_difference(difference, p->d, order);
    size_t shown = 0;
    for (size_t i = 0; i < p->d && shown < TRAITS_SHOWN; i++) {
        size_t j = order[i];
        const cluster_trait *t = &r->c->profiles.of[c].traits[j];
        bool same = !(t->median < t->others) && !(t->median > t->others);
        if (fabs(difference[j]) < LEAST || same || isnan(t->median) || isnan(t->others)) {
            continue;
        }
        const char *label = p->features[j].label;
        strbuf_printf(out, "%s%s %s against %s", shown > 0 ? "; " : "",
                      escape ? SAFE(r->d, label) : label, clusters_value(r, j, t->median).text,
                      clusters_value(r, j, t->others).text);
        shown++;
    }
    strbuf_add(out, shown == 0 ? "no median far from that of the others" : "");
    return STRATA_OK;
}

strata_status report_cluster_description(const clusters_input *in, size_t c, const char **out,
                                         strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    clusters_report r = {.in = in, .c = in->c, .v = in->v, .currency = report_currency(in->v->b)};
    strbuf_add(&text, "Medians: ");
    STRATA_TRY(put_traits(&r, c, false, &text, err));
    STRATA_TRY(strbuf_status(&text, err));
    *out = arena_strdup(in->a, strbuf_text(&text));
    return *out != NULL ? STRATA_OK : clusters_no_memory(err);
}

static strata_status put_bullets(const clusters_report *r, doc_section *s, strata_error *err)
{
    for (size_t c = 0; c < r->c->fit.k; c++) {
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        STRATA_TRY(put_traits(r, c, true, &text, err));
        STRATA_TRY(strbuf_status(&text, err));
        doc_bullet(s, "**%s** (%s): %s.", SAFE(r->d, r->names[c]),
                   words_things((int64_t)r->c->fit.size[c], "account").text, strbuf_text(&text));
    }
    return STRATA_OK;
}

/* --- the matrix --- */

/* A row for each feature; shaded by where the cluster's median stands among all accounts. */
static strata_status put_matrix(const clusters_report *r, doc_section *s, strata_error *err)
{
    const cluster_points *p = &r->c->points;
    size_t k = r->c->fit.k;
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY(p->d * k, double);
    const char **texts = ARENA_NEW(r->in->a, p->d * k + 1, const char *);
    const char **rows = ARENA_NEW(r->in->a, p->d + 1, const char *);
    if (values == NULL || texts == NULL || rows == NULL) {
        return clusters_no_memory(err);
    }
    for (size_t j = 0; j < p->d; j++) {
        rows[j] = p->features[j].label;
        for (size_t c = 0; c < k; c++) {
            const cluster_trait *t = &r->c->profiles.of[c].traits[j];
            values[j * k + c] = t->place;
            texts[j * k + c] = arena_printf(r->in->a, "%s", clusters_value(r, j, t->median).text);
            if (texts[j * k + c] == NULL) {
                return clusters_no_memory(err);
            }
        }
    }
    chart_grid g = {.rows = rows,
                    .columns = r->heads,
                    .n_rows = p->d,
                    .n_columns = k,
                    .values = values,
                    .format = CHART_SHARE,
                    .texts = texts};
    doc_chart(
        s, "apart", "Median of each feature by cluster; the darker, the more accounts are below",
        "Matrix of features by clusters; the table has the figures.", chart_matrix(&r->theme, &g));
    return STRATA_OK;
}

/* Columns: the feature, then one for each cluster, then perhaps all accounts. */
static size_t by_cluster(const clusters_report *r, cell_type type, int decimals, doc_column *out,
                         char keys[][32])
{
    size_t n = 0;
    out[n++] = (doc_column){.key = "feature", .label = "Feature", .type = CELL_TEXT};
    for (size_t c = 0; c < r->c->fit.k; c++) {
        (void)snprintf(keys[c], sizeof keys[c], "cluster_%zu", c + 1);
        out[n++] =
            (doc_column){.key = keys[c], .label = r->heads[c], .type = type, .decimals = decimals};
    }
    return n;
}

static void put_medians(const clusters_report *r, doc_section *s)
{
    const cluster_points *p = &r->c->points;
    char keys[CLUSTERS_MOST][32];
    doc_column columns[CLUSTERS_MOST + 2];
    doc_cell cells[CLUSTERS_MOST + 2];
    words texts[CLUSTERS_MOST + 2];
    size_t n = by_cluster(r, CELL_TEXT, 0, columns, keys);
    columns[n++] = (doc_column){.key = "all", .label = "All", .type = CELL_TEXT};
    doc_table *t = doc_table_new(s, "medians", "Medians by cluster", columns, n);
    doc_table_fold(t);
    for (size_t j = 0; j < p->d; j++) {
        size_t at = 0;
        cells[at++] = cell_text(p->features[j].label);
        for (size_t c = 0; c < r->c->fit.k; c++) {
            texts[at] = clusters_value(r, j, r->c->profiles.of[c].traits[j].median);
            cells[at] = cell_text(texts[at].text);
            at++;
        }
        texts[at] = clusters_value(r, j, p->scales[j].median);
        cells[at] = cell_text(texts[at].text);
        doc_row(t, cells);
    }
}

static void put_differences(const clusters_report *r, doc_section *s)
{
    const cluster_points *p = &r->c->points;
    char keys[CLUSTERS_MOST][32];
    doc_column columns[CLUSTERS_MOST + 2];
    doc_cell cells[CLUSTERS_MOST + 2];
    size_t n = by_cluster(r, CELL_NUMBER, 1, columns, keys);
    doc_table *t =
        doc_table_new(s, "differences", "How far each cluster is from the others", columns, n);
    doc_table_fold(t);
    for (size_t j = 0; j < p->d; j++) {
        cells[0] = cell_text(p->features[j].label);
        for (size_t c = 0; c < r->c->fit.k; c++) {
            cells[c + 1] = cell_number(r->c->difference[c * p->d + j]);
        }
        doc_row(t, cells);
    }
    doc_table_footnote(t, "Mean of the cluster less mean of all other accounts, in robust standard "
                          "deviations of the prepared feature, values held to -3 to 3.");
}

strata_status clusters_put_apart(const clusters_report *r, doc_section *parent, strata_error *err)
{
    doc_section *s = document_section(r->d, parent, "apart", "What sets them apart");
    STRATA_TRY(put_bullets(r, s, err));
    STRATA_TRY(put_matrix(r, s, err));
    put_medians(r, s);
    put_differences(r, s);
    return STRATA_OK;
}
