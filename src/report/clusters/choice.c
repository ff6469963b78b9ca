/* SPDX-License-Identifier: Apache-2.0 */
/* Why so many clusters, and how they lie to each other. */
#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/clusters/parts.h"

/* --- the map --- */

/* "Component 1, 31.0 % of the spread: active_days_30d, arr". */
static strata_status axis_title(const clusters_report *r, int axis, const char **out,
                                strata_error *err)
{
    const cluster_points *p = &r->c->points;
    const double *loading = r->c->map.loading[axis];
    STRATA_AUTO_FREE size_t *order = STRATA_NEW_ARRAY(p->d, size_t);
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    if (order == NULL) {
        return clusters_no_memory(err);
    }
    cluster_by_difference(loading, p->d, order);
    strbuf_printf(&b, "%s of the spread: ", words_share(r->c->map.share[axis]).text);
    for (size_t i = 0; i < p->d && i < CLUSTER_MAP_LOADINGS; i++) {
        double x = loading[order[i]];
        if (i > 0 && fabs(x) < 0.5 * fabs(loading[order[0]])) {
            break;
        }
        strbuf_printf(&b, "%s%s%s", i > 0 ? ", " : "", x < 0.0 ? "less " : "more ",
                      p->features[order[i]].expression);
    }
    strbuf_add(&b, axis == 0 ? " \xe2\x86\x92" : " \xe2\x86\x91");
    STRATA_TRY(strbuf_status(&b, err));
    *out = arena_strdup(r->in->a, strbuf_text(&b));
    return *out != NULL ? STRATA_OK : clusters_no_memory(err);
}

strata_status clusters_put_map(const clusters_report *r, doc_section *parent, strata_error *err)
{
    const cluster_map *m = &r->c->map;
    double shown = m->share[0] + m->share[1];
    STRATA_AUTO_FREE chart_point *dots = STRATA_NEW_ARRAY(m->n, chart_point);
    chart_mark marks[CLUSTER_K_MOST];
    chart_plane plane = {.points = dots, .n = m->n, .marks = marks, .n_marks = r->c->fit.k};
    if (dots == NULL) {
        return clusters_no_memory(err);
    }
    if (r->c->points.d < 2) {
        return STRATA_OK;
    }
    STRATA_TRY(axis_title(r, 0, &plane.x_title, err));
    STRATA_TRY(axis_title(r, 1, &plane.y_title, err));
    for (size_t i = 0; i < m->n; i++) {
        dots[i] = (chart_point){m->x[i], m->y[i], r->names[m->label[i]]};
    }
    for (size_t c = 0; c < r->c->fit.k; c++) {
        marks[c] = (chart_mark){m->centre_x[c], m->centre_y[c], r->names[c]};
    }
    doc_section *s = document_section(r->d, parent, "map", "How they lie to each other");
    doc_paragraph(s,
                  "The plane of most spread (the first two principal components of the prepared "
                  "features) holds %s of it: clusters that overlap here may be apart in what it "
                  "leaves out.",
                  words_share(shown).text);
    char title[WORDS_TEXT * 2];
    words n = words_count((int64_t)m->n);
    words n_all = words_count((int64_t)m->n_all);
    (void)snprintf(title, sizeof title,
                   m->n < m->n_all ? "%s of %s accounts, drawn by chance" : "%s accounts", n.text,
                   n_all.text);
    doc_chart(s, "map", title, "Dots of accounts in the colours of their clusters.",
              chart_cloud(&r->theme, &plane));
    return STRATA_OK;
}

/* --- each cluster by itself --- */

doc_cell clusters_stability_cell(const clusters_report *r, size_t c)
{
    double j = r->c->stability.of[c].mean;
    return isnan(j) ? cell_empty("never drawn") : cell_number(j);
}

/* "4 of 5 clusters come again when accounts are drawn anew". */
static const char *sure_title(const clusters_report *r)
{
    size_t stable = 0;
    for (size_t c = 0; c < r->c->fit.k; c++) {
        stable += r->c->stability.of[c].mean > CLUSTER_STABLE;
    }
    return arena_printf(r->in->a, "%zu of %zu clusters come again when accounts are drawn anew",
                        stable, r->c->fit.k);
}

strata_status clusters_put_sure(const clusters_report *r, doc_section *parent, strata_error *err)
{
    const cluster_stability *x = &r->c->stability;
    const doc_column columns[] = {
        {.key = "cluster", .label = "Cluster", .type = CELL_TEXT},
        {.key = "stability", .label = "Stability", .type = CELL_NUMBER, .decimals = 2},
        {.key = "verdict", .label = "Which means", .type = CELL_TEXT},
        {.key = "recovered", .label = "Came again", .type = CELL_COUNT, .priority = 1},
        {.key = "dissolved", .label = "Fell apart", .type = CELL_COUNT, .priority = 1},
        {.key = "silhouette", .label = "Silhouette", .type = CELL_NUMBER, .decimals = 2}};
    const char *title = sure_title(r);
    if (title == NULL) {
        return clusters_no_memory(err);
    }
    doc_section *s = document_section(r->d, parent, "sure", title);
    doc_table *t = doc_table_new(s, "stability", NULL, columns, 6);
    for (size_t c = 0; c < r->c->fit.k; c++) {
        const partition_stability *of = &x->of[c];
        doc_row(t,
                (doc_cell[]){cell_text(r->names[c]), clusters_stability_cell(r, c),
                             cell_text(cluster_stability_words(of->mean)),
                             cell_count((int64_t)of->recovered), cell_count((int64_t)of->dissolved),
                             cell_number(r->c->silhouette_of[c])});
    }
    doc_table_footnote(
        t,
        "Of %zu times: came again with an overlap (Jaccard) over 0.75, fell apart at "
        "0.5 or less. Silhouette: how much nearer accounts are to their own cluster "
        "than to the next one, -1 to 1.",
        x->replicates);
    return STRATA_OK;
}

/* --- numbers of clusters --- */

static void put_curve(const clusters_report *r, doc_section *s)
{
    const cluster_choice *x = &r->c->choice;
    double values[CLUSTER_K_MOST];
    char text[CLUSTER_K_MOST][8];
    const char *periods[CLUSTER_K_MOST];
    for (size_t i = 0; i < x->n_steps; i++) {
        values[i] = x->steps[i].silhouette;
        (void)snprintf(text[i], sizeof text[i], "%zu", x->steps[i].k);
        periods[i] = text[i];
    }
    chart_series series = {.name = "silhouette", .values = values};
    chart_time t = {.periods = periods,
                    .n_periods = x->n_steps,
                    .series = &series,
                    .n_series = 1,
                    .format = CHART_NUMBER,
                    .title = "Silhouette by number of clusters"};
    chart_theme theme = {0};
    if (x->n_steps > 1) {
        doc_chart(s, "silhouette", "Mean silhouette by number of clusters",
                  "A line of the mean silhouette; the table has the figures.",
                  chart_lines(&theme, &t));
    }
}

static const char *remark(const clusters_report *r, const cluster_step *step)
{
    const cluster_choice *x = &r->c->choice;
    if (step->k == r->c->fit.k && step->k == x->recommended) {
        return "taken, recommended";
    }
    if (step->k == r->c->fit.k) {
        return "taken";
    }
    return step->k == x->recommended ? "recommended" : step->small ? "has a small cluster" : "";
}

static void put_steps(const clusters_report *r, doc_section *s)
{
    const doc_column columns[] = {
        {.key = "k", .label = "Clusters", .type = CELL_COUNT},
        {.key = "silhouette", .label = "Silhouette", .type = CELL_NUMBER, .decimals = 3},
        {.key = "gap", .label = "Gap", .type = CELL_NUMBER, .decimals = 3},
        {.key = "gap_error",
         .label = "\xc2\xb1",
         .type = CELL_NUMBER,
         .decimals = 3,
         .priority = 1},
        {.key = "bic", .label = "BIC", .type = CELL_NUMBER, .decimals = 0},
        {.key = "smallest", .label = "Smallest", .type = CELL_COUNT, .priority = 1},
        {.key = "remark", .label = "", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "choice", NULL, columns, 7);
    const cluster_choice *x = &r->c->choice;
    for (size_t i = 0; i < x->n_steps; i++) {
        const cluster_step *step = &x->steps[i];
        doc_row(t, (doc_cell[]){cell_count((int64_t)step->k), cell_number(step->silhouette),
                                cell_number(step->gap), cell_number(step->gap_s),
                                cell_number(step->bic), cell_count((int64_t)step->smallest),
                                cell_text(remark(r, step))});
    }
    doc_table_footnote(t,
                       "Silhouette: more is better; gap: the smallest number whose gap reaches the "
                       "next one's less its error; BIC, of %s: less is better.",
                       cluster_method_words(x->bic_method));
    if (x->gap_n < x->n) {
        doc_table_footnote(t,
                           "Gap and BIC are of %s accounts, drawn by chance; gap against %d "
                           "sets of as many without clusters.",
                           words_count((int64_t)x->gap_n).text, CLUSTER_GAP_REFERENCES);
    }
    if (x->n < r->c->points.n) {
        doc_table_footnote(t, "Compared on %s of %s accounts, drawn by chance.",
                           words_count((int64_t)x->n).text,
                           words_count((int64_t)r->c->points.n).text);
    }
}

strata_status clusters_put_choice(const clusters_report *r, doc_section *parent, strata_error *err)
{
    (void)err;
    doc_section *s = document_section(r->d, parent, "choice", "How many clusters");
    doc_paragraph(s, "%s: %s.", words_things((int64_t)r->c->choice.recommended, "cluster").text,
                  r->c->choice.reason);
    if (!isnan(r->c->silhouette)) {
        doc_paragraph(s, "A mean silhouette of %s means %s.",
                      words_value(round(r->c->silhouette * 100.0) / 100.0, VALUE_NUMBER, NULL).text,
                      cluster_silhouette_words(r->c->silhouette));
    }
    put_curve(r, s);
    put_steps(r, s);
    return STRATA_OK;
}
