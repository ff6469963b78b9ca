/* SPDX-License-Identifier: Apache-2.0 */
/* What the segments of a dimension mean, in words. */
#include <string.h>

#include "report/report.h"
#include "report/segments/segments.h"

static bool has_texts(const model_dimension *m)
{
    for (size_t i = 0; i < m->n_tiers; i++) {
        if (m->tiers[i].strategy != NULL || m->tiers[i].motion != NULL) {
            return true;
        }
    }
    return false;
}

/* "health 60 or more and under 80" */
static void put_band(strbuf *out, const model_dimension *m, size_t band)
{
    const char *of = m->of.text;
    if (band >= m->n_bands) {
        strbuf_printf(out, "%s is missing", of);
        return;
    }
    bool lowest = band + 1 == m->n_bands;
    const char *from = m->bands[band].edge.text;
    const char *above = band > 0 ? m->bands[band - 1].edge.text : NULL;
    if (lowest && above != NULL) {
        strbuf_printf(out, "%s under %s", of, above);
    } else if (above != NULL) {
        strbuf_printf(out, "%s %s or more and under %s", of, from, above);
    } else {
        strbuf_printf(out, "%s %s or more", of, from);
    }
}

/* "industry is Retail"; the last segment is of missing values, "Other" of rare levels. */
static void put_level(strbuf *out, const model_dimension *m, const bound_def *def,
                      segment_code code)
{
    if (strcmp(def->keys[code], m->missing_key) == 0) {
        strbuf_printf(out, "%s is missing", m->of.text);
    } else if (strcmp(def->keys[code], "Other") == 0 && m->other_under > 0.0) {
        strbuf_printf(out, "any other %s, each under %s of accounts", m->of.text,
                      words_share(m->other_under).text);
    } else {
        strbuf_printf(out, "%s is %s", m->of.text, def->labels[code]);
    }
}

strata_status report_segment_when(strbuf *out, const bound_model *b, const bound_def *def,
                                  segment_code code, strata_error *err)
{
    const model_dimension *m = &b->model->dimensions[def->index];
    if (m->kind == DIMENSION_BANDS) {
        put_band(out, m, code);
        return STRATA_OK;
    }
    if (m->kind == DIMENSION_BY) {
        put_level(out, m, def, code);
        return STRATA_OK;
    }
    const rule *when = code < def->n_rules ? def->rules[code] : NULL;
    if (when == NULL) {
        strbuf_add(out, "all others");
        return STRATA_OK;
    }
    STRATA_AUTO(arena_free) arena *a = NULL;
    const char *text = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(rule_words(when, report_currency(b), a, &text, err));
    strbuf_add(out, text);
    return STRATA_OK;
}

strata_status report_segment_meanings(document *d, doc_section *parent, const view *v,
                                      const bound_def *def, strata_error *err)
{
    const model_dimension *m = &v->b->model->dimensions[def->index];
    static const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "when", .label = "When", .type = CELL_TEXT},
        {.key = "strategy", .label = "Strategy", .type = CELL_TEXT, .priority = 1},
        {.key = "motion", .label = "Motion", .type = CELL_TEXT, .priority = 2}};
    doc_section *s = document_section(d, parent, "meanings", "What the segments mean");
    doc_table *t = doc_table_new(
        s, "meanings", m->kind == DIMENSION_TIERS ? "The first that matches is taken" : NULL,
        columns, has_texts(m) ? 4 : 2);
    for (size_t i = 0; i < def->n_segments; i++) {
        const model_tier *tier = i < m->n_tiers ? &m->tiers[i] : NULL;
        strbuf when STRBUF_AUTO;
        strbuf_init(&when, 0);
        STRATA_TRY(report_segment_when(&when, v->b, def, (segment_code)i, err));
        doc_cell cells[] = {cell_text(def->labels[i]), cell_text(strbuf_text(&when)),
                            cell_text(tier != NULL ? tier->strategy : NULL),
                            cell_text(tier != NULL ? tier->motion : NULL)};
        doc_row(t, cells);
    }
    return STRATA_OK;
}
