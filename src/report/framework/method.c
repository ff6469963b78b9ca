/* SPDX-License-Identifier: Apache-2.0 */
/* What the report rests on: the data, the definitions, the model, and what is left out. */
#include "base/spoken.h"
#include "report/data/data_quality.h"
#include "report/framework/parts.h"

strata_status framework_data(framework *f, strata_error *err)
{
    (void)err;
    if (f->in->ingest == NULL) {
        return STRATA_OK;
    }
    report_data_quality(f->d, NULL, f->in->ingest, f->v->as_of, f->in->rejects_path);
    return STRATA_OK;
}

/* --- what the names mean --- */

static void add_feature_row(framework *f, doc_table *t, size_t slot)
{
    const symbol *sym = &f->b->scope.symbols[slot];
    const char *text = NULL;
    if (slot < FEATURE_COUNT) {
        text = feature_get((feature_id)slot)->definition;
    } else if (slot < f->b->n_base) {
        text = "A column of the accounts.";
    }
    if (text != NULL) {
        doc_row(t,
                (doc_cell[]){cell_text(sym->name),
                             cell_text(slot < FEATURE_COUNT ? feature_get((feature_id)slot)->label
                                       : sym->label != NULL ? sym->label
                                                            : sym->name),
                             cell_text(text)});
    }
}

static strata_status features_read(framework *f, doc_section *s, strata_error *err)
{
    uint8_t *read = ARENA_NEW(f->a, f->b->scope.n_symbols, uint8_t);
    if (read == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    for (size_t i = 0; i < f->b->n_defs; i++) {
        for (size_t r = 0; r < f->b->defs[i].n_rules; r++) {
            size_t n = 0;
            const size_t *slots =
                f->b->defs[i].rules[r] != NULL ? rule_slots(f->b->defs[i].rules[r], &n) : NULL;
            for (size_t k = 0; k < n; k++) {
                read[slots[k]] = 1;
            }
        }
    }
    static const doc_column columns[] = {
        {.key = "name", .label = "Name", .type = CELL_TEXT},
        {.key = "label", .label = "Label", .type = CELL_TEXT, .priority = 2},
        {.key = "definition", .label = "Definition", .type = CELL_TEXT, .priority = 1}};
    doc_section *sub = document_section(f->d, s, "definitions", "What the rules read");
    doc_table *t = doc_table_new(sub, "definitions", NULL, columns, 3);
    for (size_t slot = 0; slot < f->b->scope.n_symbols; slot++) {
        if (read[slot]) {
            add_feature_row(f, t, slot);
        }
    }
    return STRATA_OK;
}

/* --- dialects and assumptions --- */

/* "end_of_paid_period" as people write it. */
static const char *spelled(framework *f, const char *name)
{
    const char *text = spoken_name(f->a, name);
    return text != NULL ? text : "not stated";
}

static void put_setting(doc_table *t, const char *what, const char *how)
{
    doc_row(t, (doc_cell[]){cell_text(what), cell_text(how)});
}

static void settings(framework *f, doc_section *s)
{
    const model *m = f->b->model;
    static const char *const every[] = {"every week", "every month", "every quarter"};
    static const doc_column columns[] = {{.key = "what", .label = "What", .type = CELL_TEXT},
                                         {.key = "how", .label = "How", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "settings", NULL, columns, 2);
    put_setting(t, "Model", framework_text(f, "%s, digest %s", m->template_name, m->digest));
    put_setting(t, "Data", framework_text(f, "digest %s", f->v->p->data_digest));
    put_setting(t, "As-of date",
                framework_text(f, "%s; no later fact counts", words_day(f->v->as_of).text));
    put_setting(t, "Compared with", framework_text(f, "%s", words_day(f->v->since).text));
    put_setting(t, "Who is segmented",
                m->population.text != NULL
                    ? framework_text(
                          f,
                          "accounts with %s; the others are counted as \xe2\x80\x9c%s\xe2\x80\x9d",
                          m->population.text, m->outside_label)
                    : "every account");
    put_setting(t, "Reviews", every[m->review]);
    if (f->v->has_arr) {
        put_setting(t, "NRR and GRR",
                    "point to point over 12 months; an account that left and came "
                    "back within them counts with what it pays now");
        put_setting(t, "NRR in strata metrics",
                    framework_text(f, "%s, reactivated accounts %s", spelled(f, m->metrics.nrr),
                                   spelled(f, m->metrics.reactivation)));
        put_setting(t, "Churn is dated", "on the first day without service");
    }
    put_setting(t, "Least accounts for a rate",
                framework_text(f, "%.0f; below it counts are given, such as 5 of 12",
                               m->quality.minimum_accounts));
    put_setting(t, "Intervals",
                "95 %; Wilson for shares, bootstrap of accounts for ratios of money, Newcombe for "
                "differences");
    put_setting(
        t, "Tests",
        "chi-square for shares, Mann-Whitney for values; p corrected after Holm within each table");
    put_setting(t, "Currency", m->business.currency);
    put_setting(t, "Time zone", m->business.timezone);
}

/* Definitions whose own data is not there: rules that read them can never say yes. */
static void missing_inputs(framework *f, doc_section *s)
{
    for (size_t i = 0; i < f->in->n_warnings; i++) {
        if (!f->in->warnings[i].note) {
            doc_note(s, "warning", "%s", SAFE(f->d, f->in->warnings[i].text));
        }
    }
}

static void left_out(framework *f, doc_section *parent)
{
    if (f->gaps.n == 0) {
        return;
    }
    doc_section *s =
        document_section(f->d, parent, "left-out", "Left out, and what would bring it back");
    for (size_t i = 0; i < f->gaps.n; i++) {
        doc_bullet(s, "**%s:** %s", SAFE(f->d, f->gaps.data[i].part), f->gaps.data[i].remedy);
    }
}

strata_status framework_method(framework *f, strata_error *err)
{
    doc_section *s = document_section(f->d, NULL, "method", "How this was computed");
    settings(f, s);
    missing_inputs(f, s);
    STRATA_TRY(features_read(f, s, err));
    left_out(f, s);
    return STRATA_OK;
}
