/* SPDX-License-Identifier: Apache-2.0 */
#include "report/clusters/trees.h"

#include <math.h>
#include <stdio.h>

#include "report/report.h"

static const char *value_label(const view *v)
{
    return v->value_label != NULL ? v->value_label : "Value";
}

static double nrr_of(const family_member *m)
{
    return m->before_minor > 0 ? (double)m->kept_minor / (double)m->before_minor : (double)NAN;
}

static segment_code code_of(const view *v, size_t account)
{
    return segmentation_codes(v->s, view_primary(v), v->now_at)[account];
}

static const char *segment_of(const view *v, size_t account)
{
    return report_segment_label(v->b, view_primary(v), code_of(v, account));
}

void report_trees_title(strbuf *out, const trees_input *in)
{
    const families *f = in->f;
    const char *currency = report_currency(in->v->b);
    if (in->account != SIZE_MAX) {
        const family_member *m = &f->members[f->members[in->account].root];
        if (m->below == 0) {
            strbuf_printf(out, "%s stands alone", in->v->p->names[in->account]);
            return;
        }
        strbuf_printf(out, "%s and %s under it: %s", in->v->p->names[m->root],
                      words_things(m->below, "account").text,
                      words_money(m->sum_minor, currency).text);
        return;
    }
    if (f->n_heads == 0) {
        strbuf_add(out,
                   f->known ? "No account has a parent that is there" : "No account has a parent");
        return;
    }
    double share =
        f->total_minor > 0 ? (double)f->family_minor / (double)f->total_minor : (double)NAN;
    strbuf_printf(out, "%s %s of %s hold %s of %s", words_count((int64_t)f->n_heads).text,
                  f->n_heads == 1 ? "family" : "families",
                  words_things((int64_t)f->n_order, "account").text,
                  words_money(f->family_minor, currency).text, value_label(in->v));
    if (!isnan(share)) {
        strbuf_printf(out, ", %s", words_share(share).text);
    }
}

/* --- a row --- */

/* "high", "high, digital" */
static words touch_words(const family_member *m)
{
    words w = {""};
    size_t n = 0;
    for (size_t level = TOUCH_LEVELS; level-- > 0;) {
        if ((m->touches >> level & 1U) != 0) {
            int put = snprintf(w.text + n, sizeof w.text - n, "%s%s", n > 0 ? ", " : "",
                               touch_level_names[level]);
            n += put > 0 ? (size_t)put : 0;
        }
    }
    return w;
}

static doc_cell touch_cell(int touch)
{
    return touch >= 0 ? cell_text(touch_level_names[touch]) : cell_empty("not known");
}

enum {
    R_ACCOUNT,
    R_NAME,
    R_OWN,
    R_SUM,
    R_NRR,
    R_OWN_HEALTH,
    R_HEALTH,
    R_COVERAGE,
    R_COVERAGES,
    R_SEGMENT,
    R_BELOW,
    R_CUSTOMERS,
    R_PARENT,
    R_DEPTH,
    R_OWN_COVERAGE,
    R_COLUMNS
};

static doc_table *new_table(const trees_input *in, doc_section *s, const char *id)
{
    const view *v = in->v;
    const char *segment = report_dimension_label(v->b, view_primary(v));
    const doc_column columns[R_COLUMNS] = {
        [R_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [R_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT},
        [R_OWN] = {.key = "value", .label = value_label(v), .type = CELL_MONEY},
        [R_SUM] = {.key = "family_value", .label = "With all below", .type = CELL_MONEY},
        [R_NRR] = {.key = "nrr", .label = "NRR 12m", .type = CELL_SHARE, .priority = 1},
        [R_OWN_HEALTH] =
            {.key = "health", .label = "Health", .type = CELL_NUMBER, .decimals = 0, .priority = 2},
        [R_HEALTH] = {.key = "family_health",
                      .label = "with all below",
                      .type = CELL_NUMBER,
                      .decimals = 0,
                      .priority = 1},
        [R_COVERAGE] = {.key = "family_coverage",
                        .label = "Coverage",
                        .type = CELL_TEXT,
                        .priority = 2},
        [R_COVERAGES] = {.key = "coverages",
                         .label = "of its parts",
                         .type = CELL_TEXT,
                         .priority = 2},
        [R_SEGMENT] = {.key = "segment", .label = segment, .type = CELL_TEXT, .priority = 3},
        [R_BELOW] = {.key = "below", .label = "Below", .type = CELL_COUNT, .priority = 1},
        [R_CUSTOMERS] = {.key = "customers",
                         .label = "Customers",
                         .type = CELL_COUNT,
                         .data_only = true},
        [R_PARENT] = {.key = "parent", .label = "Parent", .type = CELL_TEXT, .data_only = true},
        [R_DEPTH] = {.key = "depth", .label = "Depth", .type = CELL_COUNT, .data_only = true},
        [R_OWN_COVERAGE] = {.key = "coverage",
                            .label = "Own coverage",
                            .type = CELL_TEXT,
                            .data_only = true},
    };
    return doc_table_new(s, id, NULL, columns, R_COLUMNS);
}

/* `indent`: the name is set in by the account's depth. */
static void put_row(document *d, doc_table *t, const trees_input *in, size_t i, bool indent)
{
    const view *v = in->v;
    const family_member *m = &in->f->members[i];
    bool sums = v->b->model->trees.roll_up == TREE_ROLL_UP_ARR;
    char name[256];
    (void)snprintf(name, sizeof name, "%*s%.200s",
                   indent ? (int)(m->depth < 8 ? m->depth : 8) * 2 : 0, "", v->p->names[i]);
    const words touches = touch_words(m);
    const doc_cell cells[R_COLUMNS] = {
        [R_ACCOUNT] = cell_text(v->p->ids[i]),
        [R_NAME] = cell_text(name),
        [R_OWN] = cell_money(m->own_minor),
        [R_SUM] =
            sums ? cell_money(m->sum_minor) : cell_empty("not rolled up: `trees` of the model"),
        [R_NRR] = sums ? cell_share(nrr_of(m)) : cell_empty(NULL),
        [R_OWN_HEALTH] = cell_number(m->own_health),
        [R_HEALTH] = cell_number(m->health),
        [R_COVERAGE] = touch_cell(m->touch),
        [R_COVERAGES] = touches.text[0] != '\0' ? cell_text(touches.text) : cell_empty("not known"),
        [R_SEGMENT] = cell_text(segment_of(v, i)),
        [R_BELOW] = cell_count(m->below),
        [R_CUSTOMERS] = cell_count(m->customers),
        [R_PARENT] = m->parent != FAMILY_NONE ? cell_text(v->p->ids[m->parent]) : cell_empty(NULL),
        [R_DEPTH] = cell_count(m->depth),
        [R_OWN_COVERAGE] = touch_cell(m->own_touch),
    };
    (void)d;
    doc_row(t, cells);
}

/* --- how it is rolled up --- */

static void put_method(doc_section *s, const trees_input *in)
{
    const model_trees *how = &in->v->b->model->trees;
    doc_note(s, "note",
             "Rolled up as the model's `trees` says: %s %s; health %s over customers; coverage %s. "
             "Parents are those of the last ingest.",
             value_label(in->v),
             how->roll_up == TREE_ROLL_UP_ARR ? "is added up" : "is not added up",
             how->health == TREE_HEALTH_WORST ? "is the worst" : "is the mean by ARR",
             how->coverage == TREE_COVERAGE_OWN ? "is the parent's own" : "is the highest below");
}

/* --- all families --- */

static void put_totals(document *d, doc_section *parent, const trees_input *in)
{
    const families *f = in->f;
    doc_section *s = document_section(d, parent, "totals", "What families hold");
    const doc_column columns[] = {
        {.key = "what", .label = "", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "value", .label = value_label(in->v), .type = CELL_MONEY}};
    doc_table *t = doc_table_new(s, "totals", NULL, columns, 3);
    int64_t alone = (int64_t)(f->n - f->n_order);
    doc_row(t, (doc_cell[]){cell_text("In families"), cell_count((int64_t)f->n_order),
                            cell_money(f->family_minor)});
    doc_row(
        t, (doc_cell[]){cell_text("By themselves"), cell_count(alone), cell_money(f->alone_minor)});
    doc_row_total(t, (doc_cell[]){cell_text("All accounts"), cell_count((int64_t)f->n),
                                  cell_money(f->total_minor)});
    if (f->n_orphans > 0) {
        doc_note(
            s, "warning",
            "%s with a parent that is not among the accounts ('%s', for one): not in any family.",
            words_things((int64_t)f->n_orphans, "account").text, SAFE(d, f->orphan));
    }
    put_method(s, in);
}

static void put_finding(doc_section *s, const trees_input *in, const family_finding *x,
                        const char *one, const char *what)
{
    if (x->n > 0) {
        doc_bullet(s, "%s %s, %s", words_things((int64_t)x->n, one).text, what,
                   words_money(x->value_minor, report_currency(in->v->b)).text);
    }
}

/* "3 families", "1 family" */
static words families_of(size_t n)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "%.60s %s", words_count((int64_t)n).text,
                   n == 1 ? "family" : "families");
    return w;
}

static void put_family_finding(doc_section *s, const trees_input *in, const family_finding *x,
                               const char *what)
{
    if (x->n > 0) {
        doc_bullet(s, "%s %s: %s of %s", families_of(x->n).text, what,
                   words_money(x->value_minor, report_currency(in->v->b)).text, value_label(in->v));
    }
}

static void put_findings(document *d, doc_section *parent, const trees_input *in)
{
    const family_findings *x = in->found;
    doc_section *s = document_section(d, parent, "findings", "What stands out");
    char risk[96];
    (void)snprintf(risk, sizeof risk, "under %g below a parent at %g or more", x->red, x->green);
    put_family_finding(s, in, &x->mixed_touch, "with different touch for their parts");
    put_family_finding(s, in, &x->mixed_managers, "in the books of several managers");
    put_family_finding(s, in, &x->better, "that would be in a better tier as one account");
    put_finding(s, in, &x->at_risk, "account", risk);
    if (x->mixed_touch.n + x->mixed_managers.n + x->better.n + x->at_risk.n == 0) {
        doc_paragraph(s, "Every family is looked after alike, and none of its parts is in trouble "
                         "on its own.");
    }
}

static void put_families(document *d, doc_section *parent, const trees_input *in)
{
    const families *f = in->f;
    doc_section *s = document_section(d, parent, "families", "The families");
    doc_table *t = new_table(in, s, "trees");
    for (size_t k = 0; k < f->n_heads && k < in->limit; k++) {
        put_row(d, t, in, f->heads[k], false);
    }
    if (in->limit < f->n_heads) {
        doc_table_footnote(t, "The first %s of %s; --limit shows more.",
                           words_count((int64_t)in->limit).text, families_of(f->n_heads).text);
    }
}

static void put_risky(document *d, doc_section *parent, const trees_input *in)
{
    const family_findings *x = in->found;
    const view *v = in->v;
    if (x->at_risk.n == 0) {
        return;
    }
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1},
        {.key = "value", .label = value_label(v), .type = CELL_MONEY},
        {.key = "health", .label = "Health", .type = CELL_NUMBER, .decimals = 0},
        {.key = "parent", .label = "Parent", .type = CELL_TEXT},
        {.key = "parent_health", .label = "Its health", .type = CELL_NUMBER, .decimals = 0}};
    doc_section *s = document_section(d, parent, "risky", "In trouble under a healthy parent");
    doc_table *t = doc_table_new(s, "risky", NULL, columns, sizeof columns / sizeof *columns);
    for (size_t k = 0; k < x->at_risk.n && k < in->limit; k++) {
        size_t i = x->risky[k];
        const family_member *m = &in->f->members[i];
        doc_row(t, (doc_cell[]){cell_text(v->p->ids[i]), cell_text(v->p->names[i]),
                                cell_money(m->own_minor), cell_number(m->own_health),
                                cell_text(v->p->names[m->parent]),
                                cell_number(in->f->members[m->parent].own_health)});
    }
}

/* --- one family --- */

static void put_as_one(document *d, doc_section *s, const trees_input *in, size_t root)
{
    const family_findings *x = in->found;
    bool family = in->f->members[root].below > 0;
    if (!family || x->tiers == NULL || x->as_one[root] >= SEGMENTS_MAX) {
        return;
    }
    segment_code now = segmentation_codes(in->v->s, x->tiers, in->v->now_at)[root];
    if (x->as_one[root] == now) {
        return;
    }
    doc_paragraph(s, "As one account it would be **%s** by %s; the topmost account is %s.",
                  report_segment_label(in->v->b, x->tiers, x->as_one[root]),
                  SAFE(d, report_dimension_label(in->v->b, x->tiers)),
                  report_segment_label(in->v->b, x->tiers, now));
}

static void put_tree(document *d, doc_section *parent, const trees_input *in)
{
    const families *f = in->f;
    size_t root = (size_t)f->members[in->account].root;
    const family_member *m = &f->members[root];
    doc_section *s = document_section(d, parent, "tree", "The tree");
    doc_table *t = new_table(in, s, "trees");
    if (m->below == 0) {
        put_row(d, t, in, root, true);
    }
    for (size_t k = 0; k < f->n_order; k++) {
        if ((size_t)f->members[f->order[k]].root == root) {
            put_row(d, t, in, f->order[k], true);
        }
    }
    put_as_one(d, s, in, root);
    if (m->managers_differ) {
        doc_paragraph(s, "Its accounts are in the books of several managers.");
    }
    put_method(s, in);
}

strata_status report_trees(document *d, doc_section *parent, const trees_input *in,
                           strata_error *err)
{
    if (in->account != SIZE_MAX) {
        put_tree(d, parent, in);
        return document_status(d, err);
    }
    put_totals(d, parent, in);
    if (in->f->n_heads == 0) {
        doc_section *s = document_section(d, parent, "families", "No families");
        doc_note(s, "missing", "A column `parent_id` in accounts would say who is under whom.");
        return document_status(d, err);
    }
    put_findings(d, parent, in);
    put_families(d, parent, in);
    put_risky(d, parent, in);
    return document_status(d, err);
}
