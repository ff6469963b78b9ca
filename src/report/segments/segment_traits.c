/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/segment_traits.h"

#include <math.h>
#include <stdio.h>

#include "report/report.h"
#include "report/segments/profile_charts.h"

static const symbol *symbol_at(const view *v, size_t slot)
{
    return &v->b->scope.symbols[slot];
}

static const char *feature_definition(size_t slot)
{
    return slot < FEATURE_COUNT ? feature_get((feature_id)slot)->definition : NULL;
}

/* A share of accounts or a median, with its origin. */
static doc_cell trait_cell(document *d, const view *v, const trait *t, double x)
{
    doc_cell cell = t->is_share ? cell_share(x) : report_number_cell(symbol_at(v, t->slot), x);
    return with_origin(cell, document_provenance(d, feature_definition(t->slot), t->name, NULL));
}

/* --- traits --- */

static void put_trait_name(strbuf *out, const trait *t)
{
    strbuf_add(out, t->label != NULL ? t->label : t->name);
    if (t->level != NULL) {
        strbuf_printf(out, " is %s", t->level);
    } else if (t->is_share) {
        strbuf_add(out, ", share of accounts");
    }
}

/* A table of traits, and what its two columns of values are called. */
typedef struct trait_table {
    const char *id, *in, *out;
    const trait *traits;
    size_t n;
} trait_table;

static void put_trait_table(document *d, doc_section *s, const view *v, const trait_table *wanted)
{
    enum { SHOWN = 10 };
    size_t n = wanted->n;
    const doc_column columns[] = {
        {.key = "trait", .label = "What", .type = CELL_TEXT},
        {.key = "in", .label = wanted->in, .type = CELL_NUMBER, .decimals = 1},
        {.key = "out", .label = wanted->out, .type = CELL_NUMBER, .decimals = 1},
        {.key = "n_in", .label = "Known of", .type = CELL_COUNT, .priority = 4},
        {.key = "n_out", .label = "and of", .type = CELL_COUNT, .priority = 5},
        {.key = "effect", .label = "Effect", .type = CELL_NUMBER, .decimals = 2, .priority = 3},
        {.key = "effect_name", .label = "Measured as", .type = CELL_TEXT, .priority = 4},
        {.key = "p", .label = "p", .type = CELL_TEXT, .priority = 2}};
    doc_table *table = doc_table_new(s, wanted->id, NULL, columns, 8);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        const trait *t = &wanted->traits[i];
        words p = words_p(t->test.p_holm);
        strbuf name STRBUF_AUTO;
        strbuf_init(&name, 0);
        put_trait_name(&name, t);
        doc_cell cells[] = {cell_text(strbuf_text(&name)),  trait_cell(d, v, t, t->in),
                            trait_cell(d, v, t, t->out),    cell_count((int64_t)t->n_in),
                            cell_count((int64_t)t->n_out),  cell_number(t->test.effect),
                            cell_text(t->test.effect_name), cell_text(p.text)};
        doc_row(table, cells);
    }
    doc_table_footnote(table,
                       "Medians, or shares of accounts. p is corrected for all comparisons made "
                       "(Holm).");
    if (n > SHOWN) {
        doc_table_footnote(table, "%s more differ too.", words_count((int64_t)(n - SHOWN)).text);
    }
}

void report_traits(document *d, doc_section *parent, const view *v, const segment_profile *s)
{
    doc_section *section = document_section(d, parent, "traits", "What sets it apart");
    if (s->n_traits == 0) {
        doc_paragraph(section, "Nothing that is not in its rules differs from all other accounts "
                               "beyond chance.");
        return;
    }
    put_trait_table(
        d, section, v,
        &(trait_table){
            .id = "traits", .in = "Here", .out = "Others", .traits = s->traits, .n = s->n_traits});
}

void report_success(document *d, doc_section *parent, const view *v, const profile *p,
                    const segment_profile *s)
{
    if (!p->has_arr) {
        return;
    }
    doc_section *section = document_section(d, parent, "success", "What staying looked like");
    if (s->n_success == 0) {
        if (s->success_why != NULL) {
            doc_paragraph(section, "Not enough data: %s.", SAFE(d, s->success_why));
        } else {
            doc_paragraph(section, "Nothing a year ago told those who stayed from those who "
                                   "churned beyond chance.");
        }
        return;
    }
    doc_paragraph(section, "As of %s, of the accounts that were in the segment then.",
                  words_day(p->year_ago).text);
    put_trait_table(d, section, v,
                    &(trait_table){.id = "success",
                                   .in = "Stayed",
                                   .out = "Churned",
                                   .traits = s->success,
                                   .n = s->n_success});
}

/* --- risks --- */

/* Without the part that the list of accounts says by itself. */
static int risk_origin(document *d, const view *v, const profile *p, const segment_profile *s,
                       const profile_risk *risk)
{
    strbuf where STRBUF_AUTO;
    strbuf_init(&where, 0);
    strbuf_printf(&where, "%s and ", risk->expression);
    if (s == &p->total) {
        where.len -= 5;
        where.text[where.len] = '\0';
    } else {
        report_segment_where(&where, v->b, p->def, s->code);
    }
    return document_provenance(d, risk->label, risk->expression, strbuf_text(&where));
}

void report_risks(document *d, doc_section *parent, const view *v, const profile *p,
                  const segment_profile *s)
{
    doc_section *section = document_section(d, parent, "risks", "What speaks against staying");
    if (s->n_risks == 0) {
        doc_paragraph(section, "None of the signs of risk that this data can show.");
        return;
    }
    words too_few = report_too_few(v->b);
    const doc_column columns[] = {
        {.key = "risk", .label = "Sign", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "%", .type = CELL_SHARE, .priority = 1, .bar = true},
        {.key = p->has_arr ? "arr" : "spend_365d",
         .label = p->has_arr ? "ARR" : "Spend 365 d",
         .type = CELL_MONEY,
         .priority = 1},
        {.key = "where", .label = "Expression", .type = CELL_TEXT, .priority = 3}};
    bool drawn = report_risk_chart(section, v, p, s);
    doc_table *table = doc_table_new(section, "risks", NULL, columns, 5);
    if (drawn) {
        doc_table_fold(table);
    }
    for (size_t i = 0; i < s->n_risks; i++) {
        const profile_risk *risk = &s->risks[i];
        int origin = risk_origin(d, v, p, s, risk);
        doc_cell cells[] = {
            cell_text(risk->label), with_origin(cell_count((int64_t)risk->share.hits), origin),
            with_origin(report_rate_cell(risk->share, too_few.text), origin),
            p->has_value ? with_origin(cell_money(risk->value_minor), origin) : cell_empty(NULL),
            cell_text(risk->expression)};
        doc_row(table, cells);
    }
    doc_table_footnote(table, "An account can show several.");
}

/* --- quartiles --- */

static doc_cell spread_cell(document *d, const view *v, const profile_feature *f, double x)
{
    const symbol *sym = symbol_at(v, f->slot);
    doc_cell cell = f->spread.n > 0 ? report_number_cell(sym, x) : cell_empty(sym->missing_because);
    return with_origin(cell, document_provenance(d, feature_definition(f->slot), f->name, NULL));
}

/* Three quarters have nothing to count, here and everywhere: not worth a line. */
static bool all_nought(const profile_feature *f)
{
    return f->type != VALUE_BOOL && !(f->spread.q1 < 0.0) && !(f->spread.q3 > 0.0);
}

static void put_spread(document *d, doc_table *table, const view *v, const profile_feature *f,
                       const profile_feature *all)
{
    if (f->type == VALUE_BOOL) {
        double here = f->share.of > 0 ? (double)f->share.hits / (double)f->share.of : NAN;
        double there = all->share.of > 0 ? (double)all->share.hits / (double)all->share.of : NAN;
        doc_cell cells[] = {cell_text(f->label),
                            cell_empty(NULL),
                            cell_share(f->share.stated ? here : NAN),
                            cell_empty(NULL),
                            cell_share(all->share.stated ? there : NAN),
                            cell_count((int64_t)f->share.of)};
        doc_row(table, cells);
        return;
    }
    doc_cell cells[] = {cell_text(f->label),
                        spread_cell(d, v, f, f->spread.q1),
                        spread_cell(d, v, f, f->spread.median),
                        spread_cell(d, v, f, f->spread.q3),
                        spread_cell(d, v, all, all->spread.median),
                        cell_count((int64_t)f->spread.n)};
    doc_row(table, cells);
}

void report_spreads(document *d, doc_section *parent, const view *v, const profile *p,
                    const segment_profile *s)
{
    static const doc_column columns[] = {
        {.key = "feature", .label = "Feature", .type = CELL_TEXT},
        {.key = "q1",
         .label = "A quarter under",
         .type = CELL_NUMBER,
         .decimals = 1,
         .priority = 2},
        {.key = "median", .label = "Median", .type = CELL_NUMBER, .decimals = 1},
        {.key = "q3", .label = "A quarter over", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "median_all", .label = "Median of all", .type = CELL_NUMBER, .decimals = 1},
        {.key = "known", .label = "Known of", .type = CELL_COUNT, .priority = 3}};
    if (s->n_features == 0) {
        return;
    }
    doc_section *section = document_section(d, parent, "features", "How its accounts behave");
    doc_table *table = doc_table_new(section, "features", NULL, columns, 6);
    bool flags = false;
    for (size_t i = 0; i < s->n_features; i++) {
        if (all_nought(&s->features[i]) && all_nought(&p->total.features[i])) {
            continue;
        }
        put_spread(d, table, v, &s->features[i], &p->total.features[i]);
        flags = flags || s->features[i].type == VALUE_BOOL;
    }
    if (flags) {
        doc_table_footnote(table,
                           "Of what is so or not so: the share of accounts for which it is.");
    }
}
