/* SPDX-License-Identifier: Apache-2.0 */
/* Growth of the account: how ready it is for more, why, who does what by when, and the opener. */
#include <math.h>

#include "report/brief/parts.h"
#include "report/plan/growth.h"

struct brief_growth_facts {
    segment_code tier, lead;
    double score;
    int64_t gap; /* -1: not known */
    growth_sign signs[GROWTH_SIGNS_MOST];
    size_t n;
    bool ready;
    growth_talks talks; /* with `ready`: the paper, and what of the account is filled in */
    growth_talk talk;
};

static strata_status open_talk(const brief *b, brief_growth_facts *g, strata_error *err)
{
    const growth_account x = {(uint32_t)b->in->account, g->score, g->gap > 0 ? g->gap : -1};
    g->talks = (growth_talks){.v = b->in->growth_view,
                              .m = b->in->growth,
                              .csms = b->in->csms,
                              .csm = b->in->csm,
                              .people = b->in->people};
    STRATA_TRY(growth_talks_open(&g->talks, b->v->b->model, b->a, err));
    return growth_talk_fill(&g->talks, &x, &g->talk, err);
}

/* Found once, for two parts of the page. b->growth stays NULL without a view of growth. */
static strata_status find_growth(brief *b, strata_error *err)
{
    const view *v = b->in->growth_view;
    const growth_model *m = b->in->growth;
    const size_t i = b->in->account;
    if (b->growth != NULL || v == NULL) {
        return STRATA_OK;
    }
    brief_growth_facts *g = ARENA_NEW(b->a, 1, brief_growth_facts);
    if (g == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const double *score = segmentation_column(v->s, m->score->slot).num;
    const double *gap = m->gap_slot != SIZE_MAX ? segmentation_column(v->s, m->gap_slot).num : NULL;
    g->tier = segmentation_codes(v->s, m->tier, v->now_at)[i];
    g->lead = m->lead != NULL ? segmentation_codes(v->s, m->lead, v->now_at)[i] : SEGMENT_ABSENT;
    g->score = score != NULL ? score[i] : (double)NAN;
    g->gap = gap != NULL && !isnan(gap[i]) ? money_minor(gap[i]) : -1;
    g->ready = g->tier == m->ready;
    STRATA_TRY(growth_signs(v, m, i, g->signs, &g->n, err));
    STRATA_TRY(g->ready ? open_talk(b, g, err) : STRATA_OK);
    b->growth = g;
    return STRATA_OK;
}

/* Who does what by when, for an account that is ready. */
static strata_status put_hand_off(brief *b, const brief_growth_facts *g, doc_section *parent,
                                  strata_error *err)
{
    paper_step steps[PAPER_STEPS_MOST];
    size_t n = 0;
    if (!g->ready) {
        return STRATA_OK;
    }
    STRATA_TRY(growth_talk_steps(&g->talks, &g->talk, g->lead, steps, &n, err));
    if (n > 0) {
        doc_section *s = document_section(b->d, parent, "hand_off", "Who does what by when");
        growth_put_steps(s, steps, n);
    }
    return STRATA_OK;
}

static void put_signs(doc_section *s, const brief_growth_facts *g)
{
    static const doc_column columns[] = {
        {.key = "sign", .label = "Sign", .type = CELL_TEXT},
        {.key = "scaled", .label = "On 0-100", .type = CELL_NUMBER, .decimals = 0},
        {.key = "weight", .label = "Weight", .type = CELL_SHARE},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 1, .bar = true}};
    doc_table *t = doc_table_new(s, "expansion", NULL, columns, 4);
    for (size_t i = 0; i < g->n; i++) {
        doc_row(t, (doc_cell[]){cell_text(g->signs[i].label), cell_number(g->signs[i].scaled),
                                cell_share(g->signs[i].weight), cell_number(g->signs[i].part)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("Score"), cell_empty(NULL), cell_empty(NULL),
                                  cell_number(g->score)});
}

/* Why the account is in its tier, of what the tier asks for: "health is 52"; of a tier that takes
 * the others, or whose rule none of it tells, what the tier says of itself. */
static strata_status say_tier(brief *b, doc_section *s, const brief_growth_facts *g,
                              const char *tier, strata_error *err)
{
    const view *v = b->in->growth_view;
    const bound_def *def = b->in->growth->tier;
    const model_dimension *d = &v->b->model->dimensions[def->index];
    const rule *when = g->tier < def->n_rules ? def->rules[g->tier] : NULL;
    const rule_clause *clauses = NULL;
    size_t n = 0;
    size_t said = 0;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (when != NULL) {
        column *columns = ARENA_NEW(b->a, v->b->scope.n_symbols, column);
        if (columns == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        segmentation_columns(v->s, v->b->scope.n_symbols, columns);
        const rule_input now = {.now = {.columns = columns, .as_of = v->as_of}};
        STRATA_TRY(rule_explain(when, &now, b->in->account, b->currency, b->a, &clauses, &n, err));
    }
    for (size_t i = 0; i < n; i++) {
        bool of_score = clauses[i].slot == b->in->growth->score->slot;
        if (clauses[i].verdict == RULE_YES && clauses[i].said[0] != '\0' && !of_score) {
            strbuf_printf(&text, "%s%s", said++ > 0 ? ", " : "", clauses[i].said);
        }
    }
    STRATA_TRY(strbuf_status(&text, err));
    if (said > 0) {
        doc_paragraph(s, "%s: %s.", tier, SAFE(b->d, strbuf_text(&text)));
    } else if (g->tier < d->n_tiers && d->tiers[g->tier].description != NULL) {
        doc_paragraph(s, "%s: %s.", tier, SAFE(b->d, d->tiers[g->tier].description));
    }
    return STRATA_OK;
}

strata_status brief_growth(brief *b, strata_error *err)
{
    const fact_deal *talk = b->signs.talk;
    if (b->in->growth_view == NULL) {
        brief_missing(b, "Expansion", b->in->no_growth);
        return STRATA_OK;
    }
    const view *v = b->in->growth_view;
    const growth_model *m = b->in->growth;
    STRATA_TRY(find_growth(b, err));
    const brief_growth_facts *g = b->growth;
    const char *tier = report_segment_label(v->b, m->tier, g->tier);
    doc_section *s = document_section(
        b->d, NULL, "expansion",
        isnan(g->score) ? brief_say(b, "Expansion: %s", tier)
                        : brief_say(b, "Expansion: %s, score %.0f", tier, g->score));
    if (g->tier >= SEGMENTS_MAX) {
        return STRATA_OK;
    }
    STRATA_TRY(say_tier(b, s, g, tier, err));
    if (talk != NULL) {
        doc_paragraph(s, "An expansion%s%s is in talks since %s.", talk->amount > 0 ? " of " : "",
                      talk->amount > 0 ? words_money(talk->amount, b->currency).text : "",
                      words_day(talk->opened).text);
    }
    if (g->gap > 0) {
        doc_paragraph(s, "By its stated potential there is room for %s a year; %s leads.",
                      words_money(g->gap, b->currency).text,
                      m->lead != NULL ? report_segment_label(v->b, m->lead, g->lead) : "nobody");
    }
    if (isnan(g->score)) {
        doc_paragraph(s, "Too little is known for a score.");
    } else {
        put_signs(s, g);
    }
    return put_hand_off(b, g, s, err);
}

strata_status brief_growth_opener(brief *b, const char **out, strata_error *err)
{
    *out = NULL;
    STRATA_TRY(find_growth(b, err));
    brief_growth_facts *g = b->growth;
    if (g == NULL || !g->ready || g->n == 0) {
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(growth_talk_opener(&g->talks, &g->talk, g->signs, g->n, &text, err));
    *out = brief_say(b, "%s", strbuf_text(&text));
    return STRATA_OK;
}
