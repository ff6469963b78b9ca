/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/growth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "document/chart.h"
#include "report/report.h"

static int64_t gap_of_ready(const growth *g)
{
    return g->tiers[g->model.ready].gap_minor;
}

void report_growth_title(strbuf *out, const growth_input *in)
{
    const growth *g = in->growth;
    if (g->n_ready == 0) {
        strbuf_printf(out, "No account is ready for more today");
        return;
    }
    strbuf_printf(out, "%s %s ready for more", words_things((int64_t)g->n_ready, "account").text,
                  g->n_ready == 1 ? "is" : "are");
    if (gap_of_ready(g) > 0) {
        strbuf_printf(out, "; by their stated potential there is room for %s a year",
                      words_money(gap_of_ready(g), report_currency(in->v->b)).text);
    }
}

/* --- tiers --- */

enum { T_TIER, T_ACCOUNTS, T_VALUE, T_GAP, T_EXPANDED, T_LOW, T_HIGH, T_MEANING, T_COLUMNS };

static void put_tier(document *d, doc_table *table, const growth_input *in, size_t c,
                     const char *too_few)
{
    const growth *g = in->growth;
    const growth_tier *t = &g->tiers[c];
    const model_tier *m = &in->v->b->model->dimensions[g->model.tier->index].tiers[c];
    const bool tried = in->trial->done && in->trial->tiers[c].stated;
    const share_figure *f = in->trial->done ? &in->trial->tiers[c] : NULL;
    int origin = report_segment_origin(d, in->v->b, g->model.tier, (segment_code)c,
                                       "accounts of the tier today", "expansion_score");
    const doc_cell cells[T_COLUMNS] = {
        [T_TIER] = cell_text(g->model.tier->labels[c]),
        [T_ACCOUNTS] = with_origin(cell_count((int64_t)t->accounts), origin),
        [T_VALUE] = in->v->value != NULL ? cell_money(t->value_minor) : cell_empty(NULL),
        [T_GAP] =
            t->gap_known > 0 ? cell_money(t->gap_minor) : cell_empty("potential is not known"),
        [T_EXPANDED] = tried ? cell_share(f->share) : cell_empty(too_few),
        [T_LOW] = tried ? cell_share(f->low) : cell_empty(too_few),
        [T_HIGH] = tried ? cell_share(f->high) : cell_empty(too_few),
        [T_MEANING] = cell_text(m->description != NULL ? m->description : ""),
    };
    doc_row(table, cells);
}

void report_growth_tiers(document *d, doc_section *parent, const growth_input *in)
{
    const doc_column columns[T_COLUMNS] = {
        [T_TIER] = {.key = "tier", .label = "Tier", .type = CELL_TEXT},
        [T_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        [T_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY,
                     .priority = 1},
        [T_GAP] = {.key = "gap", .label = "Room a year", .type = CELL_MONEY, .priority = 1},
        [T_EXPANDED] = {.key = "expanded_share",
                        .label = "Expanded",
                        .type = CELL_SHARE,
                        .priority = 2},
        [T_LOW] = {.key = "expanded_low", .label = "from", .type = CELL_SHARE, .priority = 3},
        [T_HIGH] = {.key = "expanded_high", .label = "to", .type = CELL_SHARE, .priority = 3},
        [T_MEANING] = {.key = "meaning", .label = "Meaning", .type = CELL_TEXT, .priority = 4},
    };
    const words too_few = report_too_few(in->v->b);
    const bound_def *tier = in->growth->model.tier;
    bool by_tiers = in->v->b->model->dimensions[tier->index].kind == DIMENSION_TIERS;
    doc_section *s = document_section(d, parent, "tiers", "Who is where");
    if (!by_tiers) {
        doc_note(s, "missing", "`expansion_tier` is no list of tiers; its segments are not shown.");
        return;
    }
    doc_table *table = doc_table_new(s, "tiers", NULL, columns, T_COLUMNS);
    for (size_t c = 0; c < tier->n_segments; c++) {
        put_tier(d, table, in, c, too_few.text);
    }
    if (in->trial->done) {
        doc_table_footnote(
            table,
            "Expanded: of the customers that were in the tier on %s, those whose ARR "
            "was expanded in the 12 months after.",
            words_day(in->trial->last).text);
    }
}

/* --- the list --- */

enum {
    A_ACCOUNT,
    A_NAME,
    A_VALUE,
    A_GAP,
    A_SCORE,
    A_LEAD,
    A_SIGNS,
    A_OPENER,
    A_STEP,
    A_BY,
    A_COLUMNS
};

static strata_status put_account(doc_table *table, const growth_input *in,
                                 const growth_talks *talks, const growth_account *x, strbuf *signs,
                                 growth_words *said, strata_error *err)
{
    enum { SHOWN = 3 };
    growth_sign list[GROWTH_SIGNS_MOST];
    size_t n = 0;
    const view *v = in->v;
    const growth_model *m = &in->growth->model;
    STRATA_TRY(growth_signs(v, m, x->account, list, &n, err));
    strbuf_clear(signs);
    for (size_t i = 0; i < n && i < SHOWN && list[i].part > 0.0; i++) {
        strbuf_printf(signs, "%s%s %.0f", i > 0 ? ", " : "", list[i].label, list[i].part);
    }
    STRATA_TRY(strbuf_status(signs, err));
    STRATA_TRY(report_growth_words(talks, x, list, n, said, err));
    segment_code lead =
        m->lead != NULL ? segmentation_codes(v->s, m->lead, v->now_at)[x->account] : SEGMENT_ABSENT;
    const doc_cell cells[A_COLUMNS] = {
        [A_ACCOUNT] = cell_text(v->p->ids[x->account]),
        [A_NAME] = cell_text(v->p->names[x->account]),
        [A_VALUE] =
            v->value != NULL ? cell_money(view_value_minor(v, x->account)) : cell_empty(NULL),
        [A_GAP] =
            x->gap_minor >= 0 ? cell_money(x->gap_minor) : cell_empty("potential is not known"),
        [A_SCORE] = cell_number(x->score),
        [A_LEAD] = m->lead != NULL ? cell_text(report_segment_label(v->b, m->lead, lead))
                                   : cell_empty(NULL),
        [A_SIGNS] = cell_text(strbuf_text(signs)),
        [A_OPENER] = cell_text(strbuf_text(&said->opener)),
        [A_STEP] = cell_text(strbuf_text(&said->step)),
        [A_BY] = cell_date(said->by),
    };
    doc_row(table, cells);
    return STRATA_OK;
}

static strata_status put_accounts(document *d, doc_section *parent, const growth_input *in,
                                  const growth_talks *talks, strata_error *err)
{
    const doc_column columns[A_COLUMNS] = {
        [A_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [A_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT},
        [A_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY},
        [A_GAP] = {.key = "gap", .label = "Room a year", .type = CELL_MONEY, .priority = 1},
        [A_SCORE] =
            {.key = "score", .label = "Score", .type = CELL_NUMBER, .decimals = 0, .bar = true},
        [A_LEAD] = {.key = "lead", .label = "Leads", .type = CELL_TEXT, .priority = 2},
        [A_SIGNS] = {.key = "signs", .label = "Signs, in points", .type = CELL_TEXT, .priority = 3},
        [A_OPENER] = {.key = "opener", .label = "Opener", .type = CELL_TEXT, .priority = 4},
        [A_STEP] = {.key = "first_step", .label = "First step", .type = CELL_TEXT, .priority = 5},
        [A_BY] = {.key = "first_by", .label = "by", .type = CELL_DATE, .priority = 5},
    };
    const growth *g = in->growth;
    doc_section *s = document_section(d, parent, "accounts", "Whom to talk to");
    if (g->n_ready == 0) {
        doc_paragraph(s, "Nobody is in the tier *Ready*.");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf signs;
    GROWTH_WORDS_AUTO growth_words said = {0};
    strbuf_init(&signs, 0);
    doc_table *table = doc_table_new(s, "expansion", NULL, columns, A_COLUMNS);
    for (size_t i = 0; i < g->n_ready && i < in->limit; i++) {
        STRATA_TRY(put_account(table, in, talks, &g->ready[i], &signs, &said, err));
    }
    if (in->limit < g->n_ready) {
        doc_paragraph(s, "The first %s of %s are shown; `--limit %zu` shows all.",
                      words_count((int64_t)in->limit).text, words_count((int64_t)g->n_ready).text,
                      g->n_ready);
    }
    return STRATA_OK;
}

/* --- would it have been right --- */

/* Which of the signs told, each alone. */
static void put_factors(document *d, doc_section *s, const growth_input *in)
{
    static const doc_column columns[] = {
        {.key = "factor", .label = "Sign alone", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "auc", .label = "AUC", .type = CELL_NUMBER, .decimals = 2},
        {.key = "auc_low", .label = "from", .type = CELL_NUMBER, .decimals = 2, .priority = 1},
        {.key = "auc_high", .label = "to", .type = CELL_NUMBER, .decimals = 2, .priority = 1},
        {.key = "weight", .label = "Weight", .type = CELL_SHARE, .priority = 2}};
    const growth_trial *t = in->trial;
    const model_score *m = &in->v->b->model->scores[in->growth->model.score->index];
    doc_table *table = doc_table_new(s, "signs", NULL, columns, sizeof columns / sizeof *columns);
    int origin = document_provenance(
        d, "area under the ROC curve of the factor's value on its 0 to 100 scale", "expansion_12m",
        NULL);
    for (size_t f = 0; f < t->n_factors; f++) {
        const auc_result *x = &t->factors[f];
        const char *label =
            m->factors[f].label != NULL ? m->factors[f].label : m->factors[f].feature.text;
        const doc_cell none = cell_empty("not known for accounts of both kinds");
        doc_row(table,
                (doc_cell[]){cell_text(label), cell_count((int64_t)(x->n_positive + x->n_negative)),
                             x->defined ? with_origin(cell_number(x->auc), origin) : none,
                             x->bounded ? cell_number(x->interval_95.low) : none,
                             x->bounded ? cell_number(x->interval_95.high) : none,
                             cell_share(m->factors[f].weight)});
    }
    doc_table_footnote(table,
                       "At %s, each account once. 0.5 is chance; below it, those with less of "
                       "the sign expanded more.",
                       words_day(t->last).text);
}

static void put_trial(document *d, doc_section *parent, const growth_input *in)
{
    const growth_trial *t = in->trial;
    if (!t->done) {
        doc_section *s = document_section(d, parent, "trial", "The score could not be tried");
        doc_note(s, "missing", "Tried on the past it cannot be: %s.", t->why);
        return;
    }
    static const double clearly = 0.6; /* two of ten pairs more in order than by chance */
    bool better = t->auc.bounded && t->auc.interval_95.low > 0.5;
    bool worse = t->auc.bounded && t->auc.interval_95.high < 0.5;
    doc_section *s = document_section(
        d, parent, "trial",
        better && t->auc.auc >= clearly
            ? "Tried on the past, the score put those who expanded above the rest"
        : better ? "Tried on the past, the score told little of who would expand"
        : worse  ? "Tried on the past, the score put those who expanded below the rest"
                 : "Tried on the past, the score did not tell who would expand");
    int origin = document_provenance(d, "share expanded in the highest tenth over the share of all",
                                     "expansion_score, expansion_12m", NULL);
    doc_figure(s, "Highest tenth expanded", with_origin(cell_share(t->lift.rate), origin),
               "in the 12 months after");
    doc_figure(s, "All expanded", with_origin(cell_share(t->lift.base), origin),
               "of all customers that were scored");
    if (t->auc.bounded) {
        doc_paragraph(s,
                      "Lift %.2f. AUC %.2f (%.2f to %.2f; 0.5 is chance, 1 is perfect), from %s at "
                      "%zu dates between %s and %s, each seen "
                      "12 months later; interval by account.",
                      t->lift.lift, t->auc.auc, t->auc.interval_95.low, t->auc.interval_95.high,
                      words_things((int64_t)t->accounts, "account").text, t->n_dates,
                      words_day(t->first).text, words_day(t->last).text);
    }
    put_factors(d, s, in);
    if (t->reads_attributes) {
        doc_note(s, "warning",
                 "The score reads attributes of accounts (such as potential and seats), which are "
                 "those of today on every date: the score may look better here than it would have "
                 "been.");
    }
}

void report_growth_evidence(document *d, doc_section *parent, const growth_input *in)
{
    put_trial(d, parent, in);
}

strata_status report_growth(document *d, doc_section *parent, const growth_input *in,
                            strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    growth_talks talks = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(report_growth_talks(in, a, &talks, err));
    report_growth_tiers(d, parent, in);
    STRATA_TRY(put_accounts(d, parent, in, &talks, err));
    STRATA_TRY(report_growth_leads(d, parent, in, &talks, err));
    report_growth_evidence(d, parent, in);
    return document_status(d, err);
}
