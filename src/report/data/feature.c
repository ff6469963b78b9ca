/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/feature.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/make_figure.h"
#include "report/data/features.h"
#include "report/report.h"

/* --- what it means --- */

static const bound_def *def_of(const bound_model *b, size_t slot)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].slot == slot) {
            return &b->defs[i];
        }
    }
    return NULL;
}

static void put_tiers(doc_section *s, const bound_model *b, const bound_def *def)
{
    const model_dimension *m = &b->model->dimensions[def->index];
    static const doc_column columns[] = {{.key = "segment", .label = "Segment", .type = CELL_TEXT},
                                         {.key = "when", .label = "When", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "segments", "The first that matches is taken", columns, 2);
    for (size_t i = 0; i < m->n_tiers; i++) {
        const char *when = m->tiers[i].when.text;
        doc_cell cells[] = {cell_text(m->tiers[i].label),
                            cell_text(when != NULL ? when : "otherwise")};
        doc_row(t, cells);
    }
}

static void put_factors(doc_section *s, const model_score *score)
{
    static const doc_column columns[] = {
        {.key = "factor", .label = "Factor", .type = CELL_TEXT},
        {.key = "expression", .label = "Of", .type = CELL_TEXT},
        {.key = "weight", .label = "Weight", .type = CELL_SHARE, .bar = true},
        {.key = "scale", .label = "Scale", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "factors", NULL, columns, 4);
    for (size_t f = 0; f < score->n_factors; f++) {
        const model_factor *factor = &score->factors[f];
        strbuf scale STRBUF_AUTO;
        strbuf_init(&scale, 0);
        for (size_t p = 0; p < factor->n_points; p++) {
            strbuf_printf(&scale, "%s%s is %.6g", p > 0 ? ", " : "", factor->points[p].edge.text,
                          factor->points[p].y);
        }
        doc_cell cells[] = {cell_text(factor->label != NULL ? factor->label : factor->feature.text),
                            cell_text(factor->feature.text), cell_share(factor->weight),
                            cell_text(strbuf_text(&scale))};
        doc_row(t, cells);
    }
}

static void put_meaning(document *d, doc_section *s, const view *v, size_t slot)
{
    const bound_model *b = v->b;
    const symbol *sym = &b->scope.symbols[slot];
    const bound_def *def = def_of(b, slot);
    if (slot < FEATURE_COUNT) {
        doc_paragraph(s, "%s", SAFE(d, feature_get((feature_id)slot)->definition));
    } else if (def == NULL) {
        doc_paragraph(s, "A column of the accounts file.");
    } else {
        strbuf line STRBUF_AUTO;
        strbuf_init(&line, 0);
        report_definition_line(&line, b, def);
        doc_paragraph(s, "Defined in the model: %s", SAFE(d, strbuf_text(&line)));
        if (def->kind == DEF_SCORE) {
            put_factors(s, &b->model->scores[def->index]);
        } else if (def->kind == DEF_DIMENSION &&
                   b->model->dimensions[def->index].kind == DIMENSION_TIERS) {
            put_tiers(s, b, def);
        }
    }
    strbuf users STRBUF_AUTO;
    strbuf_init(&users, 0);
    report_users(&users, b, slot);
    if (users.len > 0) {
        doc_paragraph(s, "Read by: %s.", SAFE(d, strbuf_text(&users)));
    }
    if (sym->missing_because != NULL) {
        doc_note(s, "missing", "%s: %s.", SAFE(d, sym->name), SAFE(d, sym->missing_because));
    }
}

/* --- its values --- */

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

typedef struct known_values {
    double *x; /* ascending */
    size_t n, missing;
} known_values;

static strata_status sort_known(const view *v, const segment_code *codes, const double *x,
                                known_values *out, strata_error *err)
{
    out->x = STRATA_NEW_ARRAY(v->p->n_accounts + 1, double);
    if (out->x == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        if (codes[i] < SEGMENTS_MAX && isfinite(x[i])) {
            out->x[out->n++] = x[i];
        } else {
            out->missing += codes[i] < SEGMENTS_MAX;
        }
    }
    qsort(out->x, out->n, sizeof *out->x, ascending);
    return STRATA_OK;
}

static void put_known(doc_section *s, size_t known, size_t missing)
{
    doc_paragraph(s, "Known for %s of %s.", words_count((int64_t)known).text,
                  words_things((int64_t)(known + missing), "account").text);
}

static void put_numbers(doc_section *s, const symbol *sym, const known_values *k)
{
    put_known(s, k->n, k->missing);
    if (k->n == 0) {
        return;
    }
    spread_figure spread = spread_of_sorted(k->x, k->n, k->missing);
    const struct {
        const char *key, *label;
        double x;
    } rows[] = {{"least", "Least", k->x[0]},
                {"quarter", "A quarter is at or under", spread.q1},
                {"median", "Half is at or under", spread.median},
                {"three_quarters", "Three quarters are at or under", spread.q3},
                {"most", "Most", k->x[k->n - 1]}};
    doc_column columns[] = {{.key = "place", .label = "Accounts in order", .type = CELL_TEXT},
                            {.key = "value",
                             .label = "Value",
                             .type = report_cell_type(sym->type),
                             .decimals = report_decimals(k->x, k->n)}};
    doc_table *t = doc_table_new(s, "values", NULL, columns, 2);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        doc_cell cells[] = {cell_text(rows[i].label), report_number_cell(sym, rows[i].x)};
        doc_row(t, cells);
    }
}

static void put_flag(doc_section *s, const known_values *k)
{
    size_t yes = 0;
    for (size_t i = 0; i < k->n; i++) {
        yes += k->x[i] > 0;
    }
    doc_paragraph(s, "So for %s of %s for which it is known; not known for %s.",
                  words_count((int64_t)yes).text, words_things((int64_t)k->n, "account").text,
                  words_count((int64_t)k->missing).text);
}

typedef struct level_count {
    const char *level;
    size_t code, n;
} level_count;

static int largest_first(const void *a, const void *b)
{
    const level_count *x = a;
    const level_count *y = b;
    if (x->n != y->n) {
        return x->n < y->n ? 1 : -1;
    }
    return (x->code > y->code) - (x->code < y->code);
}

static void put_counts(doc_section *s, const level_count *counts, size_t n, size_t known,
                       size_t missing)
{
    enum { SHOWN = 20 };
    static const doc_column columns[] = {
        {.key = "text", .label = "Text", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "%", .type = CELL_SHARE, .bar = true}};
    put_known(s, known, missing);
    doc_table *t = doc_table_new(s, "values", NULL, columns, 3);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        doc_cell cells[] = {cell_text(counts[i].level), cell_count((int64_t)counts[i].n),
                            cell_share(known > 0 ? (double)counts[i].n / (double)known : NAN)};
        doc_row(t, cells);
    }
    if (n > SHOWN) {
        doc_table_footnote(t, "%s more are not shown.",
                           words_things((int64_t)(n - SHOWN), "text").text);
    }
}

static strata_status put_texts(doc_section *s, const view *v, const segment_code *codes,
                               const symbol *sym, const int32_t *code, strata_error *err)
{
    STRATA_AUTO_FREE level_count *counts = STRATA_NEW_ARRAY(sym->n_levels + 1, level_count);
    if (counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t known = 0;
    size_t missing = 0;
    for (size_t l = 0; l < sym->n_levels; l++) {
        counts[l] = (level_count){.level = sym->levels[l], .code = l};
    }
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        bool in = codes[i] < SEGMENTS_MAX;
        bool there = code[i] >= 0 && (size_t)code[i] < sym->n_levels;
        if (in && there) {
            counts[code[i]].n++;
        }
        known += in && there;
        missing += in && !there;
    }
    qsort(counts, sym->n_levels, sizeof *counts, largest_first);
    put_counts(s, counts, sym->n_levels, known, missing);
    return STRATA_OK;
}

strata_status report_feature(document *d, doc_section *parent, const view *v, size_t slot,
                             strata_error *err)
{
    const symbol *sym = &v->b->scope.symbols[slot];
    doc_section *s = document_section(d, parent, "feature", NULL);
    put_meaning(d, s, v, slot);
    column c = segmentation_column(v->s, slot);
    const segment_code *codes = segmentation_codes(v->s, view_primary(v), v->now_at);
    if (c.code != NULL) {
        return put_texts(s, v, codes, sym, c.code, err);
    }
    if (c.num == NULL) {
        return STRATA_OK;
    }
    known_values k = {0};
    strata_status st = sort_known(v, codes, c.num, &k, err);
    if (st == STRATA_OK && sym->type == VALUE_BOOL) {
        put_flag(s, &k);
    } else if (st == STRATA_OK) {
        put_numbers(s, sym, &k);
    }
    free(k.x);
    return st;
}
