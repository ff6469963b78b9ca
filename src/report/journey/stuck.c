/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts that are in a stage for too long, and accounts of one stage: what keeps them. */
#include <stdio.h>
#include <string.h>

#include "report/journey/parts.h"

enum { CLAUSES_MOST = 3 };

/* What the rules of the stages read, as of the view's date. */
typedef struct lacking {
    const journey_page *p;
    column *columns;
    column csm;
    const symbol *csm_symbol;
    bool has_names;
} lacking;

static strata_status lacking_make(const journey_page *p, lacking *out, strata_error *err)
{
    const bound_model *b = p->v->b;
    *out = (lacking){.p = p, .columns = ARENA_NEW(p->arena, b->scope.n_symbols, column)};
    if (out->columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining accounts");
    }
    segmentation_columns(p->v->s, b->scope.n_symbols, out->columns);
    size_t slot = portfolio_slot(p->v->p, "csm_id");
    if (slot != SIZE_MAX) {
        out->csm_symbol = &b->scope.symbols[slot];
        out->csm = out->columns[slot];
    }
    for (size_t i = 0; i < p->v->p->n_accounts && !out->has_names; i++) {
        out->has_names = strcmp(p->v->p->ids[i], p->v->p->names[i]) != 0;
    }
    return STRATA_OK;
}

/* The clauses of the next stage's condition that do not hold, with what they saw. */
static strata_status what_lacks(const lacking *x, size_t account, size_t stage, const char **out,
                                strata_error *err)
{
    const journey_paths *paths = &x->p->j->paths;
    *out = "";
    if (stage + 1 >= paths->n_stages) {
        return STRATA_OK;
    }
    const rule_input in = {.now = {.columns = x->columns, .as_of = x->p->v->as_of}};
    const rule_clause *clauses = NULL;
    size_t n = 0;
    size_t told = 0;
    STRATA_TRY(rule_explain(paths->stages[stage + 1].rule, &in, account, x->p->v->p->currency,
                            x->p->arena, &clauses, &n, err));
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t k = 0; k < n && told < CLAUSES_MOST; k++) {
        if (clauses[k].verdict != RULE_YES && clauses[k].observed[0] != '\0') {
            strbuf_printf(&text, "%s%s: %s", told++ > 0 ? "; " : "", clauses[k].text,
                          clauses[k].observed);
        }
    }
    *out = arena_strdup(x->p->arena, strbuf_text(&text));
    return *out != NULL ? strbuf_status(&text, err)
                        : strata_fail(err, STRATA_E_NOMEM, "out of memory explaining accounts");
}

enum { N_COLUMNS = 10 };
static const doc_column account_columns[N_COLUMNS] = {
    {.key = "account", .label = "Account", .type = CELL_TEXT},
    {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
    {.key = "value", .label = "ARR", .type = CELL_MONEY},
    {.key = "csm", .label = "CSM", .type = CELL_TEXT, .priority = 1},
    {.key = "stage", .label = "Stage", .type = CELL_TEXT},
    {.key = "since", .label = "Since", .type = CELL_DATE, .priority = 3},
    {.key = "days", .label = "Days", .type = CELL_DAYS},
    {.key = "limit", .label = "Expected", .type = CELL_DAYS, .priority = 2},
    {.key = "missing", .label = "Not reached", .type = CELL_TEXT, .priority = 1},
    {.key = "lacks", .label = "What it lacks", .type = CELL_TEXT}};

/* The table, its column of value named after what accounts are worth. */
static doc_table *new_table(const journey_page *p, doc_section *s, const char *id)
{
    doc_column columns[N_COLUMNS];
    memcpy(columns, account_columns, sizeof columns);
    columns[2].label = journey_worth_label(p->v);
    return doc_table_new(s, id, NULL, columns, N_COLUMNS);
}

/* A row of a list. */
typedef struct listed {
    size_t account, stage;
    day since;
    int days, limit;
    int64_t worth_minor;
} listed;

static strata_status put_account(const lacking *x, doc_table *t, const listed *r, strata_error *err)
{
    const view *v = x->p->v;
    const journey_paths *paths = &x->p->j->paths;
    const char *lacks = NULL;
    bool last = r->stage + 1 >= paths->n_stages;
    STRATA_TRY(what_lacks(x, r->account, r->stage, &lacks, err));
    doc_cell csm = x->csm_symbol != NULL ? report_slot_cell(x->csm_symbol, x->csm, r->account)
                                         : cell_empty("needs a column csm_id");
    doc_row(t, (doc_cell[]){cell_text(v->p->ids[r->account]),
                            x->has_names ? cell_text(v->p->names[r->account]) : cell_empty(NULL),
                            journey_worth_cell(v, r->worth_minor), csm,
                            cell_text(paths->stages[r->stage].name), cell_date(r->since),
                            cell_days(r->days),
                            r->limit > 0 ? cell_days(r->limit) : cell_empty("not known"),
                            last ? cell_empty("the last stage")
                                 : cell_text(paths->stages[r->stage + 1].name),
                            last             ? cell_empty("the last stage")
                            : *lacks != '\0' ? cell_text(lacks)
                                             : cell_text("holds now")});
    return STRATA_OK;
}

static void put_more(const journey_page *p, doc_section *s, size_t n)
{
    if (n > p->most) {
        doc_paragraph(s, "%s more; `--limit` shows them.",
                      words_count((int64_t)(n - p->most)).text);
    }
}

strata_status journey_put_stuck(const journey_page *p, strata_error *err)
{
    const journey *j = p->j;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (j->n_stuck == 0) {
        doc_section *none = document_section(p->d, NULL, "stuck", "Nobody is stuck");
        doc_paragraph(none, "No account is in a stage for longer than expected.");
        return STRATA_OK;
    }
    strbuf_printf(&title, "%s %s stuck", words_things((int64_t)j->n_stuck, "account").text,
                  j->n_stuck == 1 ? "is" : "are");
    if (p->v->has_arr) {
        strbuf_printf(&title, ", with %s of ARR",
                      words_money(j->stuck_minor, report_currency(p->v->b)).text);
    }
    doc_section *s = document_section(p->d, NULL, "stuck", strbuf_text(&title));
    lacking x;
    STRATA_TRY(lacking_make(p, &x, err));
    doc_table *t = new_table(p, s, "stuck");
    for (size_t k = 0; k < j->n_stuck && k < p->most; k++) {
        const journey_stuck *r = &j->stuck[k];
        STRATA_TRY(put_account(&x, t,
                               &(listed){.account = r->account,
                                         .stage = r->stage,
                                         .since = r->since,
                                         .days = r->days,
                                         .limit = r->limit,
                                         .worth_minor = r->worth_minor},
                               err));
    }
    doc_table_footnote(t, "Stuck: in the stage for longer than `expected_within` of the next one, "
                          "or, where the model states none, than 80 %% of accounts take. What it "
                          "lacks: the clauses of the next stage that do not hold today.");
    put_more(p, s, j->n_stuck);
    return STRATA_OK;
}

/* --- one stage --- */

void report_journey_stage_title(strbuf *out, const journey *j, const view *v, size_t stage)
{
    const journey_step *step = &j->all.steps[stage];
    strbuf_printf(out, "%s %s in %s", words_things((int64_t)step->here, "account").text,
                  step->here == 1 ? "is" : "are", j->paths.stages[stage].name);
    if (v->has_arr) {
        strbuf_printf(out, ", with %s of ARR",
                      words_money(step->here_minor, report_currency(v->b)).text);
    }
}

/* Those there now, largest ARR first, then longest there. */
static int by_worth(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->worth_minor != y->worth_minor) {
        return x->worth_minor < y->worth_minor ? 1 : -1;
    }
    if (x->days != y->days) {
        return x->days < y->days ? 1 : -1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

strata_status report_journey_stage(const journey_page *p, size_t stage, strata_error *err)
{
    const journey *j = p->j;
    const journey_paths *paths = &j->paths;
    listed *all = ARENA_NEW(p->arena, paths->n + 1, listed);
    size_t n = 0;
    lacking x;
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing accounts");
    }
    STRATA_TRY(lacking_make(p, &x, err));
    for (size_t i = 0; i < paths->n; i++) {
        if (journey_is_here(paths, i) && paths->now[i] == stage) {
            all[n++] = (listed){.account = i,
                                .stage = stage,
                                .since = paths->entered[stage][i],
                                .days = p->v->as_of - paths->entered[stage][i],
                                .limit = j->limit[stage],
                                .worth_minor = view_value_minor(p->v, i)};
        }
    }
    qsort(all, n, sizeof *all, by_worth);
    doc_section *s = document_section(p->d, NULL, "accounts", NULL);
    if (paths->stages[stage].description != NULL) {
        doc_paragraph(s, "%s.", SAFE(p->d, paths->stages[stage].description));
    }
    doc_table *t = new_table(p, s, "accounts");
    for (size_t k = 0; k < n && k < p->most; k++) {
        STRATA_TRY(put_account(&x, t, &all[k], err));
    }
    put_more(p, s, n);
    journey_put_method(p);
    return STRATA_OK;
}
