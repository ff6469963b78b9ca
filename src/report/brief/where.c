/* SPDX-License-Identifier: Apache-2.0 */
/* Where the account is in each dimension, why, and what would move it up. */
#include <string.h>

#include "report/brief/parts.h"

/* The first month end from which on it has been in its segment; 0 also where it was before. */
static size_t months_back(const brief *b, const bound_def *def, segment_code now)
{
    size_t i = VIEW_TREND - 1;
    while (i > 0 &&
           segmentation_codes(b->v->s, def, b->v->trend_at[i - 1])[b->in->account] == now) {
        i--;
    }
    return i;
}

static const char *since_words(brief *b, const bound_def *def, segment_code now)
{
    size_t from = months_back(b, def, now);
    day end = b->in->dates->dates[b->in->dates->month_at[BRIEF_MONTHS - VIEW_TREND + from]];
    if (from == 0) {
        return "11 months or more";
    }
    return brief_say(b, "%s", words_month_of(end).text);
}

/* What decided: the clause of the rule that matched, as the account met it. */
static strata_status why(brief *b, const bound_def *def, const char **out, strata_error *err)
{
    const rule_input *in = segmentation_watched(b->v->s);
    segment_code raw = segmentation_raw_codes(b->v->s, def, b->v->now_at)[b->in->account];
    bool tiers = b->v->b->model->dimensions[def->index].kind == DIMENSION_TIERS;
    const rule *decided = !tiers ? def->rules[0] : raw < def->n_rules ? def->rules[raw] : NULL;
    if (decided == NULL) {
        *out = raw < SEGMENTS_MAX ? "no rule before it holds" : "outside the population";
        return STRATA_OK;
    }
    return rule_observed(decided, in, 0, b->currency, b->a, out, err);
}

static bool is_pinned(const brief *b, const bound_def *def)
{
    return b->v->overrides != NULL && override_find(b->v->overrides, def->index,
                                                    (uint32_t)b->in->account, b->v->as_of) != NULL;
}

static strata_status put_dimension(brief *b, const bound_def *def, doc_table *t, strata_error *err)
{
    const view *v = b->v;
    segment_code now = segmentation_codes(v->s, def, v->now_at)[b->in->account];
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[b->in->account];
    segment_code before = segmentation_codes(v->s, def, v->since_at)[b->in->account];
    const char *reason = NULL;
    STRATA_TRY(why(b, def, &reason, err));
    if (is_pinned(b, def)) {
        reason = "a person's decision";
    } else if (raw != now) {
        reason = brief_say(b, "held; the rules say %s", report_segment_label(v->b, def, raw));
    }
    doc_row(t, (doc_cell[]){cell_text(report_dimension_label(v->b, def)),
                            cell_text(report_segment_label(v->b, def, now)), cell_text(reason),
                            cell_text(since_words(b, def, now)),
                            before == now ? cell_empty("the same")
                                          : cell_text(report_segment_label(v->b, def, before))});
    return STRATA_OK;
}

strata_status brief_segments(brief *b, strata_error *err)
{
    const view *v = b->v;
    const bound_def *primary = view_primary(v);
    segment_code now = segmentation_codes(v->s, primary, v->now_at)[b->in->account];
    segment_code before = segmentation_codes(v->s, primary, v->since_at)[b->in->account];
    const doc_column columns[] = {
        {.key = "dimension", .label = "Dimension", .type = CELL_TEXT},
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "why", .label = "Because", .type = CELL_TEXT},
        {.key = "since", .label = "In it since", .type = CELL_TEXT, .priority = 1},
        {.key = "before",
         .label = brief_say(b, "On %s", words_day(v->since).text),
         .type = CELL_TEXT,
         .priority = 2}};
    const char *label = report_segment_label(v->b, primary, now);
    const char *title =
        before == now
            ? brief_say(b, "%s: %s", report_dimension_label(v->b, primary), label)
            : brief_say(b, "%s: %s, from %s on %s", report_dimension_label(v->b, primary), label,
                        report_segment_label(v->b, primary, before), words_day(v->since).text);
    doc_section *s = document_section(b->d, NULL, "segments", title);
    const model_dimension *d = &v->b->model->dimensions[primary->index];
    if (now < d->n_tiers && d->tiers[now].strategy != NULL) {
        doc_paragraph(s, "What the model says of such accounts: %s%s%s.",
                      SAFE(b->d, d->tiers[now].strategy), d->tiers[now].motion != NULL ? "; " : "",
                      d->tiers[now].motion != NULL ? SAFE(b->d, d->tiers[now].motion) : "");
    }
    doc_table *t = doc_table_new(s, "segments", NULL, columns, sizeof columns / sizeof *columns);
    for (size_t i = v->b->n_defs; i-- > 0;) { /* the named cells first */
        if (v->b->defs[i].kind == DEF_DIMENSION) {
            STRATA_TRY(put_dimension(b, &v->b->defs[i], t, err));
        }
    }
    return STRATA_OK;
}

/* --- what would move it up --- */

/* The edge above a band. */
static bool next_band(const brief *b, const bound_def *def, doc_section *s)
{
    const view *v = b->v;
    const model_dimension *dim = &v->b->model->dimensions[def->index];
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[b->in->account];
    if (dim->kind != DIMENSION_BANDS || raw == 0 || raw >= dim->n_bands) {
        return false;
    }
    doc_bullet(s, "%s, to **%s**: %s of %s or more", report_dimension_label(v->b, def),
               report_segment_label(v->b, def, (segment_code)(raw - 1)), dim->of.text,
               dim->bands[raw - 1].edge.text);
    return true;
}

/* Nobody can change how long the account has been there. */
static bool is_in_hand(const rule_change *changes, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        if (changes[k].slot == FEATURE_TENURE) {
            return false;
        }
    }
    return n > 0;
}

/* The nearest better segment that can be reached by values alone. Where the model does not say that
 * its tiers run from best to worst, only the one it puts first, of the primary dimension. */
static strata_status next_up(brief *b, const bound_def *def, doc_section *s, bool *said,
                             strata_error *err)
{
    const view *v = b->v;
    const model_dimension *dim = &v->b->model->dimensions[def->index];
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[b->in->account];
    bool first_only = !dim->ordered && def == view_primary(v);
    bool can = dim->kind == DIMENSION_TIERS && raw < SEGMENTS_MAX && raw > 0;
    size_t from = !can ? 0 : dim->ordered ? raw : first_only ? 1 : 0;
    for (size_t tier = from; tier-- > 0;) {
        const rule_change *changes = NULL;
        size_t n = 0;
        if (def->rules[tier] == NULL) {
            continue;
        }
        STRATA_TRY(rule_invert(def->rules[tier], segmentation_watched(v->s), 0, b->currency, b->a,
                               &changes, &n, err));
        if (!is_in_hand(changes, n)) {
            continue;
        }
        const char *text = changes[0].words;
        for (size_t k = 1; k < n; k++) {
            text = brief_say(b, "%s, and %s", text, changes[k].words);
        }
        doc_bullet(s, "%s, to **%s**: %s", report_dimension_label(v->b, def),
                   report_segment_label(v->b, def, (segment_code)tier), SAFE(b->d, text));
        *said = true;
        return STRATA_OK;
    }
    return STRATA_OK;
}

strata_status brief_up(brief *b, strata_error *err)
{
    bool said = false;
    doc_section *s = document_section(b->d, NULL, "up", "What would move it up");
    for (size_t i = b->v->b->n_defs; i-- > 0;) {
        const bound_def *def = &b->v->b->defs[i];
        if (def->kind == DEF_DIMENSION) {
            said = next_band(b, def, s) || said;
            STRATA_TRY(next_up(b, def, s, &said, err));
        }
    }
    if (!said) {
        doc_paragraph(s, "No change of its values alone would lift it into a better segment.");
    }
    return STRATA_OK;
}
