/* SPDX-License-Identifier: Apache-2.0 */
/* Clusters as rules, and what became of those of the last saved fit. */
#include <math.h>

#include "report/clusters/parts.h"

/* --- rules --- */

static doc_cell share_cell(size_t hits, size_t of, const char *why)
{
    return of > 0 ? cell_share((double)hits / (double)of) : cell_empty(why);
}

static strata_status put_words(const clusters_report *r, doc_section *s, strata_error *err)
{
    for (size_t c = 0; c < r->c->fit.k; c++) {
        const char *when = "no short rule finds it";
        if (r->c->rules.of[c].rule != NULL) {
            STRATA_TRY(rule_words(r->c->rules.of[c].rule, r->currency, r->in->a, &when, err));
        }
        doc_bullet(s, "**%s**: %s.", SAFE(r->d, r->names[c]), SAFE(r->d, when));
    }
    return STRATA_OK;
}

static void put_rule(const clusters_report *r, doc_table *t, size_t c)
{
    const cluster_rule *of = &r->c->rules.of[c];
    int origin = document_provenance(r->d, "accounts that meet the rule", NULL, of->expression);
    doc_row(t, (doc_cell[]){cell_text(r->names[c]),
                            with_origin(cell_count((int64_t)of->matched), origin),
                            share_cell(of->hits, of->matched, "meets nobody"),
                            share_cell(of->hits, r->c->fit.size[c], NULL),
                            share_cell(of->cross_hits, of->cross_n, "no account to try"),
                            of->expression != NULL ? cell_text(of->expression)
                                                   : cell_empty("no short rule finds it")});
}

strata_status clusters_put_rules(const clusters_report *r, doc_section *parent, strata_error *err)
{
    const cluster_rules *rules = &r->c->rules;
    const doc_column columns[] = {
        {.key = "cluster", .label = "Cluster", .type = CELL_TEXT},
        {.key = "matched", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "right", .label = "Of the cluster", .type = CELL_SHARE, .priority = 1},
        {.key = "found", .label = "Found", .type = CELL_SHARE},
        {.key = "found_held_out", .label = "Held out", .type = CELL_SHARE},
        {.key = "expression", .label = "Expression", .type = CELL_TEXT, .priority = 2}};
    words in_sample = words_share((double)rules->hits / (double)rules->n);
    words held_out = words_share(
        rules->cross_n > 0 ? (double)rules->cross_hits / (double)rules->cross_n : (double)NAN);
    doc_section *s = document_section(r->d, parent, "rules", "As rules");
    doc_paragraph(s,
                  "A few thresholds place %s of the accounts in their cluster; %s when tried on "
                  "accounts that they were not made from (%d-fold cross-validation).",
                  in_sample.text, held_out.text, CLUSTER_FOLDS);
    STRATA_TRY(put_words(r, s, err));
    doc_table *t = doc_table_new(s, "rules", NULL, columns, 6);
    for (size_t c = 0; c < r->c->fit.k; c++) {
        put_rule(r, t, c);
    }
    doc_table_footnote(t, "Accounts: those that meet the rule. Of the cluster: the share of them "
                          "that belong to it. Found: the share of the cluster that meets its rule. "
                          "Held out: the same, on accounts that the rule was not made from.");
    if (rules->unplaced > 0) {
        doc_paragraph(s, "%s meet no rule.",
                      words_things((int64_t)rules->unplaced, "account").text);
    }
    return STRATA_OK;
}

/* --- since the last saved fit --- */

static const char *origin_words(const clusters_report *r, size_t c, arena *a)
{
    const cluster_origin *o = &r->c->refit.of[c];
    const char *from = o->from != SIZE_MAX ? r->c->refit.before->names[o->from] : "";
    switch (o->fate) {
    case FATE_KEPT:
        return o->known == 0 ? "kept: nearest centre, no account in common" : "kept";
    case FATE_SPLIT:
        return arena_printf(a, "split from %s", from);
    case FATE_BORN:
        return o->known == 0 ? "born: its accounts were in no cluster before"
                             : "born: its accounts come from several clusters";
    case FATE_NEW:
        break;
    }
    return "";
}

/* A former cluster that does not go on: what became of it. */
static void put_end(const clusters_report *r, doc_section *s, size_t old)
{
    const cluster_fortune *f = &r->c->refit.former[old];
    const char *name = SAFE(r->d, r->c->refit.before->names[old]);
    if (f->end == END_MERGED) {
        doc_bullet(s, "**%s** merged into %s, where %s of its %s are.", name,
                   SAFE(r->d, r->names[f->to]), words_count((int64_t)f->shared).text,
                   words_things((int64_t)f->known, "account").text);
    } else if (f->end == END_DIED && f->known > 0) {
        doc_bullet(s, "**%s** died: its %s are scattered, most of them (%s) in %s.", name,
                   words_things((int64_t)f->known, "account").text,
                   words_count((int64_t)f->shared).text, SAFE(r->d, r->names[f->to]));
    } else if (f->end == END_DIED) {
        doc_bullet(s, "**%s** died: none of its accounts is clustered any more.", name);
    }
}

static strata_status put_origins(const clusters_report *r, doc_section *s, strata_error *err)
{
    const doc_column columns[] = {
        {.key = "cluster", .label = "Cluster", .type = CELL_TEXT},
        {.key = "fate", .label = "Since then", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "known", .label = "Clustered then", .type = CELL_COUNT, .priority = 1},
        {.key = "shared", .label = "From the same", .type = CELL_COUNT, .priority = 1},
        {.key = "now_called", .label = "By itself now", .type = CELL_TEXT, .priority = 2}};
    doc_table *t = doc_table_new(s, "refit", NULL, columns, 6);
    for (size_t c = 0; c < r->c->fit.k; c++) {
        const cluster_origin *o = &r->c->refit.of[c];
        const char *fate = origin_words(r, c, r->in->a);
        if (fate == NULL) {
            return clusters_no_memory(err);
        }
        doc_row(t,
                (doc_cell[]){cell_text(r->names[c]), cell_text(fate),
                             cell_count((int64_t)r->c->fit.size[c]), cell_count((int64_t)o->known),
                             cell_count((int64_t)o->shared), cell_text(r->c->fresh[c])});
    }
    doc_table_footnote(t, "From the same: accounts that were in the cluster it goes on from, or "
                          "split from. By itself now: the name that today's values alone would "
                          "give; the one it had is kept.");
    return STRATA_OK;
}

strata_status clusters_put_refit(const clusters_report *r, doc_section *parent, strata_error *err)
{
    const cluster_refit *f = &r->c->refit;
    if (f->before == NULL) {
        return STRATA_OK;
    }
    size_t kept = 0;
    for (size_t o = 0; o < f->before->k; o++) {
        kept += f->former[o].end == END_KEPT;
    }
    doc_section *s = document_section(r->d, parent, "since", "Since the last saved clusters");
    doc_paragraph(s, "%zu of %zu clusters of %s go on under their names; %s are in both fits.%s",
                  kept, f->before->k, words_day(f->before->as_of).text,
                  words_things((int64_t)f->common, "account").text,
                  f->same_features ? "" : " The features differ, so centres are not compared.");
    if (!isnan(f->agreement)) {
        doc_paragraph(s,
                      "The two agree on who belongs with whom to %s (adjusted Rand index; 1 is "
                      "the same, 0 is chance).",
                      words_value(round(f->agreement * 100.0) / 100.0, VALUE_NUMBER, NULL).text);
    }
    for (size_t o = 0; o < f->before->k; o++) {
        put_end(r, s, o);
    }
    return put_origins(r, s, err);
}
