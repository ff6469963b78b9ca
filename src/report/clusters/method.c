/* SPDX-License-Identifier: Apache-2.0 */
/* What clusters are made from, and how. */
#include <math.h>

#include "report/clusters/parts.h"

/* --- features --- */

static void put_used(const clusters_report *r, doc_section *s)
{
    const cluster_points *p = &r->c->points;
    const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT},
        {.key = "expression", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "known", .label = "Known", .type = CELL_SHARE},
        {.key = "median", .label = "Median", .type = CELL_TEXT},
        {.key = "scale", .label = "Scale", .type = CELL_TEXT, .priority = 1},
        {.key = "filled", .label = "Filled in", .type = CELL_COUNT, .priority = 1},
        {.key = "held", .label = "Outliers held", .type = CELL_COUNT, .priority = 1}};
    doc_table *t = doc_table_new(s, "features", "Used", columns, 7);
    for (size_t j = 0; j < p->d; j++) {
        const cluster_scale *x = &p->scales[j];
        words median = clusters_value(r, j, x->median);
        const char *scale = x->logged && x->by_deviation ? "log, deviation"
                            : x->logged                  ? "log"
                            : x->by_deviation            ? "deviation"
                                                         : "as it is";
        doc_row(t,
                (doc_cell[]){cell_text(p->features[j].label), cell_text(p->features[j].expression),
                             cell_share((double)x->known / (double)p->n), cell_text(median.text),
                             cell_text(scale), cell_count((int64_t)(p->n - x->known)),
                             cell_count((int64_t)x->held)});
    }
    doc_table_footnote(t,
                       "Filled in: accounts whose missing value was taken to be the median. "
                       "Outliers held: values farther than 3 robust standard deviations from the "
                       "median, moved to that distance.");
}

static void put_left_out(const clusters_report *r, doc_section *s)
{
    const cluster_points *p = &r->c->points;
    const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT},
        {.key = "expression", .label = "Name", .type = CELL_TEXT, .priority = 1},
        {.key = "why", .label = "Why it is left out", .type = CELL_TEXT}};
    if (p->n_left_out == 0) {
        return;
    }
    doc_table *t = doc_table_new(s, "left_out", "Left out", columns, 3);
    doc_table_fold(t);
    for (size_t i = 0; i < p->n_left_out; i++) {
        const cluster_left_out *l = &p->left_out[i];
        doc_row(t, (doc_cell[]){cell_text(l->label), cell_text(l->expression), cell_text(l->why)});
    }
}

strata_status clusters_put_features(const clusters_report *r, doc_section *parent,
                                    strata_error *err)
{
    (void)err;
    doc_section *s = document_section(r->d, parent, "features", "What they are compared by");
    put_used(r, s);
    put_left_out(r, s);
    return STRATA_OK;
}

/* --- method --- */

static void put_accounts(const clusters_report *r, doc_section *s)
{
    const clusters *c = r->c;
    const char *population = r->v->b->model->population.text;
    if (c->request->where != NULL) {
        doc_bullet(s, "Accounts: those with `%s`; %s others are not clustered.",
                   SAFE(r->d, rule_text(c->request->where)),
                   words_count((int64_t)c->n_elsewhere).text);
    }
    if (population != NULL) {
        doc_bullet(s, "Accounts outside the model's population (%s) are not clustered: %s.",
                   SAFE(r->d, population), words_count((int64_t)c->n_outside).text);
    }
    if (c->points.missing == CLUSTER_MISSING_MEDIAN) {
        doc_bullet(s,
                   "Missing values take the median, which pulls an account neither way; %s that "
                   "miss over half of the features are left out. `--missing leave-out` leaves out "
                   "every account that misses one.",
                   words_things((int64_t)c->points.n_incomplete, "account").text);
    } else {
        doc_bullet(s, "Accounts that miss any of the features are left out: %s.",
                   words_count((int64_t)c->points.n_incomplete).text);
    }
}

static void put_fit(const clusters_report *r, doc_section *s)
{
    const clusters *c = r->c;
    doc_bullet(s,
               "Preparation: amounts with a long upper tail by log(1 + x / median); then (x - "
               "median) / (interquartile range / 1.349), or over the standard deviation where the "
               "middle half of the accounts has one value; then held to -3 to 3. Every feature "
               "counts the same.");
    doc_bullet(s, "Clusters by %s, squared Euclidean distance; seed %llu.",
               cluster_method_words(c->request->method), (unsigned long long)r->in->seed);
    if (c->fit.n_fitted < c->points.n) {
        doc_bullet(s,
                   "The hierarchy is of %s accounts drawn by chance; the others went to the "
                   "nearest centre.",
                   words_count((int64_t)c->fit.n_fitted).text);
    }
    if (!c->fit.converged) {
        doc_note(s, "warning", "The fit did not converge: %s.",
                 c->fit.why != NULL ? c->fit.why : "it was stopped");
    }
    doc_bullet(s,
               "Stability: %zu times, %s accounts are drawn with replacement and clustered in the "
               "same way; the mean Jaccard overlap with the most similar cluster (Hennig 2007).",
               c->stability.replicates, words_count((int64_t)c->stability.draws).text);
    doc_bullet(s, "Names: the largest differences to all other accounts, a word for each; a name "
                  "that was saved is kept.");
    doc_bullet(s,
               "Rules: a classification tree of at most %zu leaves over the features' own values "
               "(Gini impurity), evaluated as the model's rules are: unknown does not match.",
               2 * c->fit.k);
}

strata_status clusters_put_method(const clusters_report *r, doc_section *parent, strata_error *err)
{
    (void)err;
    doc_section *s = document_section(r->d, parent, "method", "Method");
    put_accounts(r, s);
    put_fit(r, s);
    return STRATA_OK;
}
