/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/roadmap.h"

#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "report/report.h"

void report_roadmap_title(strbuf *out, const roadmap *r)
{
    size_t open = r->n_steps - r->n_done;
    if (open == 0) {
        strbuf_add(out, "Every step of the roadmap is done");
        return;
    }
    strbuf_printf(out, "%zu of %s %s open: %s of work, until %s", open,
                  words_things((int64_t)r->n_steps, "step").text, open == 1 ? "is" : "are",
                  words_things(words_whole(ceil(r->days)), "day").text, words_day(r->end - 1).text);
}

static void assumed(document *d, doc_section *s, const roadmap *r, const bound_model *b)
{
    const double *days = b->model->roadmap.days;
    (void)d;
    doc_note(s, "note",
             "Assumed by `roadmap` of the model file, days of work for one of each: input %g, "
             "refused row %g, account %g, segment %g, playbook %g, CSM %g, handover %g, review %g; "
             "%g people at a time, five days a week, from %s, one phase after the other.",
             days[EFFORT_INPUT], days[EFFORT_REJECTED_ROW], days[EFFORT_ACCOUNT],
             days[EFFORT_SEGMENT], days[EFFORT_PLAYBOOK], days[EFFORT_CSM], days[EFFORT_HANDOVER],
             days[EFFORT_REVIEW], r->people, words_day(r->start).text);
}

/* --- phases --- */

enum { P_PHASE, P_FROM, P_UNTIL, P_DAYS, P_STEPS, P_DONE, P_NEXT, P_COLUMNS };

static const char *next_step(const roadmap_stage *s)
{
    for (size_t i = 0; i < s->n_steps; i++) {
        if (!s->steps[i].done) {
            return s->steps[i].what;
        }
    }
    return "done";
}

void report_roadmap_phases(document *d, doc_section *s, const roadmap *r, const bound_model *b)
{
    const doc_column columns[P_COLUMNS] = {
        [P_PHASE] = {.key = "phase", .label = "Phase", .type = CELL_TEXT},
        [P_FROM] = {.key = "from", .label = "From", .type = CELL_DATE},
        [P_UNTIL] = {.key = "until", .label = "Until", .type = CELL_DATE},
        [P_DAYS] = {.key = "days", .label = "Days of work", .type = CELL_NUMBER, .decimals = 1},
        [P_STEPS] = {.key = "steps", .label = "Steps", .type = CELL_COUNT},
        [P_DONE] = {.key = "done", .label = "Done", .type = CELL_COUNT},
        [P_NEXT] = {.key = "next", .label = "First open step", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "phases", NULL, columns, P_COLUMNS);
    for (size_t k = 0; k < ROADMAP_PHASES; k++) {
        const roadmap_stage *x = &r->stages[k];
        doc_row(t, (doc_cell[]){cell_text(roadmap_phase_names[k]), cell_date(x->from),
                                cell_date(x->until), cell_number(x->days),
                                cell_count((int64_t)x->n_steps), cell_count((int64_t)x->n_done),
                                cell_text(next_step(x))});
    }
    doc_row_total(t, (doc_cell[]){cell_text("All"), cell_date(r->start),
                                  cell_date(r->end > r->start ? r->end - 1 : DAY_MISSING),
                                  cell_number(r->days), cell_count((int64_t)r->n_steps),
                                  cell_count((int64_t)r->n_done), cell_empty(NULL)});
    if (r->books_left_out) {
        doc_note(s, "note",
                 "Evening the managers' books is not among these steps, for it has to be solved "
                 "first: `strata report roadmap` counts it too.");
    }
    assumed(d, s, r, b);
}

/* --- steps --- */

enum { S_WHAT, S_DONE, S_N, S_UNIT, S_DAYS, S_WHO, S_NEEDS, S_CHECK, S_NOW, S_KEY, S_COLUMNS };

void report_roadmap_phase(document *d, doc_section *parent, const roadmap *r, roadmap_phase phase)
{
    const doc_column columns[S_COLUMNS] = {
        [S_WHAT] = {.key = "what", .label = "Step", .type = CELL_TEXT},
        [S_DONE] = {.key = "done", .label = "Done", .type = CELL_BOOL},
        [S_N] = {.key = "n", .label = "How many", .type = CELL_COUNT},
        [S_UNIT] = {.key = "unit", .label = "of", .type = CELL_TEXT, .priority = 2},
        [S_DAYS] = {.key = "days", .label = "Days", .type = CELL_NUMBER, .decimals = 1},
        [S_WHO] = {.key = "who", .label = "Who", .type = CELL_TEXT, .priority = 2},
        [S_NEEDS] = {.key = "needs", .label = "Needs", .type = CELL_TEXT, .priority = 3},
        [S_CHECK] = {.key = "check", .label = "Done when", .type = CELL_TEXT, .priority = 1},
        [S_NOW] = {.key = "now", .label = "Now", .type = CELL_TEXT, .priority = 1},
        [S_KEY] = {.key = "key", .label = "Key", .type = CELL_TEXT, .data_only = true}};
    const roadmap_stage *x = &r->stages[phase];
    char title[3 * WORDS_TEXT];
    if (x->from == DAY_MISSING) {
        (void)snprintf(title, sizeof title, "%s: done", roadmap_phase_names[phase]);
    } else {
        (void)snprintf(title, sizeof title, "%s: %s to %s", roadmap_phase_names[phase],
                       words_day(x->from).text, words_day(x->until).text);
    }
    doc_section *s = document_section(d, parent, roadmap_phase_names[phase], title);
    doc_table *t = doc_table_new(s, "steps", NULL, columns, S_COLUMNS);
    for (size_t i = 0; i < x->n_steps; i++) {
        const roadmap_step *p = &x->steps[i];
        int origin = document_provenance(d, p->now, p->check, NULL);
        doc_row(t,
                (doc_cell[]){[S_WHAT] = cell_text(p->what),
                             [S_DONE] = cell_bool(p->done),
                             [S_N] = with_origin(cell_count((int64_t)p->n), origin),
                             [S_UNIT] = cell_text(p->unit),
                             [S_DAYS] = cell_number(p->days),
                             [S_WHO] = cell_text(p->who),
                             [S_NEEDS] = p->needs != NULL ? cell_text(p->needs) : cell_empty(NULL),
                             [S_CHECK] = cell_text(p->check),
                             [S_NOW] = cell_text(p->now),
                             [S_KEY] = cell_text(p->key)});
    }
}

void report_roadmap(document *d, doc_section *parent, const roadmap *r, const bound_model *b)
{
    doc_section *s = document_section(d, parent, "phases", "Four phases");
    report_roadmap_phases(d, s, r, b);
    for (size_t k = 0; k < ROADMAP_PHASES; k++) {
        report_roadmap_phase(d, parent, r, (roadmap_phase)k);
    }
}
