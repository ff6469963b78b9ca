/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clusters/clusters.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "cluster/sample.h"
#include "report/clusters/parts.h"

enum { COLUMNS = 12 };

strata_status clusters_no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report of clusters");
}

words clusters_value(const clusters_report *r, size_t feature, double x)
{
    return words_value(x, r->c->points.features[feature].type, r->currency);
}

/* --- the finding --- */

static double share_of_accounts(const clusters *c, size_t k)
{
    return (double)c->fit.size[k] / (double)c->points.n;
}

static double share_of_worth(const clusters *c, size_t k)
{
    int64_t all = c->profiles.worth_minor;
    return all > 0 ? (double)c->profiles.of[k].worth_minor / (double)all : (double)NAN;
}

/* The cluster that holds most of the value, else most accounts. */
static size_t weightiest(const clusters *c)
{
    size_t best = 0;
    for (size_t k = 1; k < c->fit.k; k++) {
        bool more = c->profiles.worth_minor > 0
                        ? c->profiles.of[k].worth_minor > c->profiles.of[best].worth_minor
                        : c->fit.size[k] > c->fit.size[best];
        best = more ? k : best;
    }
    return best;
}

void report_clusters_title(strbuf *out, const clusters_input *in)
{
    const clusters *c = in->c;
    size_t k = weightiest(c);
    double s = c->silhouette;
    const char *how = s > 0.5                    ? " that stand apart"
                      : s > CLUSTER_NO_STRUCTURE ? " that run into each other"
                                                 : "";
    if (s <= CLUSTER_NO_STRUCTURE) {
        strbuf_printf(out, "Accounts form no separate groups; cut into %zu, the weightiest is '%s'",
                      c->fit.k, c->refit.of[k].name);
        strbuf_printf(out, ": %s of accounts", words_share(share_of_accounts(c, k)).text);
    } else {
        strbuf_printf(out, "%zu cluster%s%s; %s: %s of accounts", c->fit.k,
                      c->fit.k == 1 ? "" : "s", how, c->refit.of[k].name,
                      words_share(share_of_accounts(c, k)).text);
    }
    if (c->profiles.worth_minor > 0) {
        strbuf_printf(out, ", %s of %s", words_share(share_of_worth(c, k)).text,
                      in->v->has_arr ? "ARR" : "spend");
    }
}

/* --- the table --- */

/* Columns that this portfolio has figures for. */
typedef struct list_columns {
    doc_column columns[COLUMNS];
    size_t n;
} list_columns;

static list_columns columns_of(const clusters_report *r)
{
    list_columns l = {.n = 0};
    bool worth = r->c->profiles.has_worth;
    l.columns[l.n++] = (doc_column){.key = "number", .label = "No.", .type = CELL_COUNT};
    l.columns[l.n++] = (doc_column){.key = "cluster", .label = "Cluster", .type = CELL_TEXT};
    l.columns[l.n++] =
        (doc_column){.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true};
    l.columns[l.n++] = (doc_column){.key = "account_share", .label = "%", .type = CELL_SHARE};
    if (worth) {
        l.columns[l.n++] = (doc_column){
            .key = "value", .label = r->v->has_arr ? "ARR" : "Spend 12m", .type = CELL_MONEY};
        l.columns[l.n++] = (doc_column){.key = "value_share", .label = "%", .type = CELL_SHARE};
    }
    if (r->c->profiles.has_outcomes) {
        l.columns[l.n++] = (doc_column){
            .key = "logo_churn", .label = "Churn 12m", .type = CELL_SHARE, .priority = 1};
        l.columns[l.n++] =
            (doc_column){.key = "nrr", .label = "NRR 12m", .type = CELL_SHARE, .priority = 2};
    }
    l.columns[l.n++] = (doc_column){.key = "stability",
                                    .label = "Stability",
                                    .type = CELL_NUMBER,
                                    .decimals = 2,
                                    .priority = 1};
    return l;
}

/* A row: a cluster, or all. */
typedef struct list_row {
    doc_cell cells[COLUMNS];
    size_t n;
} list_row;

static void add_cell(list_row *row, doc_cell cell)
{
    row->cells[row->n++] = cell;
}

static void add_outcomes(const clusters_report *r, list_row *row, const cluster_profile *p,
                         int origin, const char *too_few)
{
    if (r->c->profiles.has_outcomes) {
        add_cell(row, with_origin(report_rate_cell(p->outcomes.logo_churn, too_few), origin));
        add_cell(row, with_origin(report_ratio_cell(p->outcomes.nrr, too_few), origin));
    }
}

static void put_cluster(const clusters_report *r, doc_table *t, size_t k, const int origin[2],
                        const char *too_few)
{
    const clusters *c = r->c;
    const cluster_profile *p = &c->profiles.of[k];
    list_row row = {.n = 0};
    add_cell(&row, cell_count((int64_t)k + 1));
    add_cell(&row, cell_text(r->names[k]));
    add_cell(&row, with_origin(cell_count((int64_t)c->fit.size[k]), origin[0]));
    add_cell(&row, cell_share(share_of_accounts(c, k)));
    if (c->profiles.has_worth) {
        add_cell(&row, with_origin(cell_money(p->worth_minor), origin[0]));
        add_cell(&row, cell_share(share_of_worth(c, k)));
    }
    add_outcomes(r, &row, p, origin[1], too_few);
    add_cell(&row, clusters_stability_cell(r, k));
    doc_row(t, row.cells);
}

static void put_total(const clusters_report *r, doc_table *t, const int origin[2],
                      const char *too_few)
{
    const clusters *c = r->c;
    list_row row = {.n = 0};
    add_cell(&row, cell_empty(NULL));
    add_cell(&row, cell_text("All"));
    add_cell(&row, cell_count((int64_t)c->points.n));
    add_cell(&row, cell_share(1.0));
    if (c->profiles.has_worth) {
        add_cell(&row, cell_money(c->profiles.worth_minor));
        add_cell(&row, c->profiles.worth_minor > 0 ? cell_share(1.0) : cell_empty(NULL));
    }
    add_outcomes(r, &row, &c->profiles.all, origin[1], too_few);
    add_cell(&row, cell_empty(NULL));
    doc_row_total(t, row.cells);
}

/* "active_days_30d, arr, tenure": what the figures come from. */
static void list_features(const clusters *c, strbuf *out)
{
    for (size_t j = 0; j < c->points.d; j++) {
        strbuf_printf(out, "%s%s", j > 0 ? ", " : "", c->points.features[j].expression);
    }
}

static void put_summary(const clusters_report *r, doc_section *s)
{
    const clusters *c = r->c;
    doc_paragraph(
        s, "%s, compared by %s, in %s by %s.%s", words_things((int64_t)c->points.n, "account").text,
        words_things((int64_t)c->points.d, "feature").text,
        words_things((int64_t)c->fit.k, "cluster").text, cluster_method_words(c->request->method),
        c->fit.converged ? "" : " **The fit did not converge.**");
    if (c->request->k == 0) {
        doc_paragraph(s, "Why %zu: %s.", c->choice.recommended, c->choice.reason);
    } else if (c->request->k != c->choice.recommended) {
        doc_paragraph(s, "%zu as asked for; %zu would be recommended: %s.", c->request->k,
                      c->choice.recommended, c->choice.reason);
    } else {
        doc_paragraph(s, "%zu as asked for, and as recommended: %s.", c->request->k,
                      c->choice.reason);
    }
}

strata_status clusters_put_list(const clusters_report *r, doc_section *parent, strata_error *err)
{
    const clusters *c = r->c;
    doc_section *s = document_section(r->d, parent, "clusters", NULL);
    STRBUF_AUTO strbuf inputs;
    strbuf_init(&inputs, 0);
    list_features(c, &inputs);
    STRATA_TRY(strbuf_status(&inputs, err));
    const int origin[2] = {
        document_provenance(r->d,
                            "accounts put together by the likeness of these features, see Method",
                            strbuf_text(&inputs), NULL),
        document_provenance(r->d,
                            "of the accounts that were nearest to the cluster's centre with their "
                            "values of a year ago and had ARR then: what became of them in 12 "
                            "months",
                            strbuf_text(&inputs), NULL)};
    put_summary(r, s);
    list_columns l = columns_of(r);
    doc_table *t = doc_table_new(s, "clusters", NULL, l.columns, l.n);
    words too_few = report_too_few(r->v->b);
    for (size_t k = 0; k < c->fit.k; k++) {
        put_cluster(r, t, k, origin, too_few.text);
    }
    put_total(r, t, origin, too_few.text);
    doc_table_footnote(
        t,
        "Stability: mean Jaccard overlap with the most similar cluster when accounts "
        "are drawn anew %zu times; over 0.85 stable, 0.6 or less not to be trusted.",
        c->stability.replicates);
    if (c->profiles.has_outcomes) {
        doc_table_footnote(t, "Churn and NRR: of accounts that were like the cluster a year ago "
                              "(nearest to its centre with the values they had then), since then.");
    }
    return STRATA_OK;
}

/* --- all of it --- */

static strata_status name_clusters(clusters_report *r, strata_error *err)
{
    size_t k = r->c->fit.k;
    r->names = ARENA_NEW(r->in->a, k + 1, const char *);
    r->heads = ARENA_NEW(r->in->a, k + 1, const char *);
    if (r->names == NULL || r->heads == NULL) {
        return clusters_no_memory(err);
    }
    for (size_t c = 0; c < k; c++) {
        r->names[c] = r->c->refit.of[c].name;
        r->heads[c] =
            arena_printf(r->in->a, "%zu %.*s", c + 1, (int)strcspn(r->names[c], ","), r->names[c]);
        if (r->heads[c] == NULL) {
            return clusters_no_memory(err);
        }
    }
    r->theme = (chart_theme){.currency = r->currency, .names = r->names, .n_names = k};
    return STRATA_OK;
}

strata_status report_clusters(document *d, doc_section *parent, const clusters_input *in,
                              strata_error *err)
{
    static clusters_part *const parts[] = {
        clusters_put_list,   clusters_put_apart,    clusters_put_refit,
        clusters_put_sure,   clusters_put_map,      clusters_put_rules,
        clusters_put_choice, clusters_put_features, clusters_put_method};
    clusters_report r = {
        .d = d, .in = in, .c = in->c, .v = in->v, .currency = report_currency(in->v->b)};
    STRATA_TRY(name_clusters(&r, err));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        STRATA_TRY(parts[i](&r, parent, err));
    }
    return in->members ? clusters_put_members(&r, parent, err) : STRATA_OK;
}
