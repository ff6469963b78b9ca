/* SPDX-License-Identifier: Apache-2.0 */
/* Getting there: steps with dates, what is held back and why, the lists, and how it was computed.
 */
#include <math.h>
#include <stdlib.h>

#include "base/auto.h"
#include "plan/coverage/held_back.h"
#include "report/proposal/parts.h"

static const char *const wave_names[WAVES] = {
    [WAVE_HOLD] = "1. Hold what is planned",
    [WAVE_RAISE] = "2. Raise those that get too little",
    [WAVE_LOWER] = "3. Lower those that get too much",
    [WAVE_BOOKS] = "4. Even the books",
};
static const char *const wave_how[WAVES] = {
    [WAVE_HOLD] = "Managers put the planned touchpoints into their calendars; nothing is announced",
    [WAVE_RAISE] = "Managers tell the customer what comes new, with the first date",
    [WAVE_LOWER] =
        "Each customer hears from its manager what stays and whom to ask; a review first",
    [WAVE_BOOKS] = "The two managers call together; notes and open work are handed over",
};
static const char *const wave_exit[WAVES] = {
    [WAVE_HOLD] = "`strata coverage`: nobody at the right level under half of what is planned",
    [WAVE_RAISE] = "`strata coverage`: no under-served account for its level",
    [WAVE_LOWER] = "`strata coverage`: no over-served account but those held back",
    [WAVE_BOOKS] = "`strata territories`: no move that pays",
};

enum { W_STEP, W_FROM, W_UNTIL, W_ACCOUNTS, W_VALUE, W_HOURS, W_DAYS, W_HOW, W_EXIT, W_COLUMNS };

static void put_wave(const proposal *p, doc_table *t, const char *name, const wave_sum *w, int k)
{
    const doc_cell cells[W_COLUMNS] = {
        [W_STEP] = cell_text(name),
        [W_FROM] = k >= 0 ? cell_date(w->from) : cell_empty("at the next review"),
        [W_UNTIL] = k >= 0 ? cell_date(w->until) : cell_empty("at the next review"),
        [W_ACCOUNTS] = cell_count((int64_t)w->n),
        [W_VALUE] = proposal_money(p, w->value_minor),
        [W_HOURS] = cell_number(proposal_hours(w->minutes)),
        [W_DAYS] = k >= 0 ? cell_number(w->days) : cell_empty(NULL),
        [W_HOW] = k >= 0 ? cell_text(wave_how[k]) : cell_empty(NULL),
        [W_EXIT] = k >= 0 ? cell_text(wave_exit[k]) : cell_empty(NULL),
    };
    doc_row(t, cells);
}

strata_status proposal_transition(const proposal *p, strata_error *err)
{
    const transition *plan = p->in->plan;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "Four steps, from %s to %s", words_day(plan->start).text,
                  words_day(plan->end > plan->start ? plan->end - 1 : plan->start).text);
    STRATA_TRY(strbuf_status(&title, err));
    const doc_column columns[W_COLUMNS] = {
        [W_STEP] = {.key = "step", .label = "Step", .type = CELL_TEXT},
        [W_FROM] = {.key = "from", .label = "From", .type = CELL_DATE},
        [W_UNTIL] = {.key = "until", .label = "Until", .type = CELL_DATE},
        [W_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [W_VALUE] = {.key = "value", .label = p->value_label, .type = CELL_MONEY, .priority = 2},
        [W_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .priority = 3},
        [W_DAYS] = {.key = "days",
                    .label = "Days of work",
                    .type = CELL_NUMBER,
                    .decimals = 1,
                    .priority = 2},
        [W_HOW] = {.key = "how", .label = "How", .type = CELL_TEXT, .priority = 1},
        [W_EXIT] = {.key = "exit", .label = "Done when", .type = CELL_TEXT, .priority = 1}};
    doc_section *s = document_section(p->d, NULL, "transition", strbuf_text(&title));
    doc_table *t = doc_table_new(s, "transition", NULL, columns, W_COLUMNS);
    for (int k = 0; k < WAVES; k++) {
        put_wave(p, t, wave_names[k], &plan->waves[k], k);
    }
    put_wave(p, t, "Held back: less touch", &plan->held_touch, -1);
    put_wave(p, t, "Held back: another manager", &plan->held_moves, -1);
    const model_roadmap *r = &p->in->v->b->model->roadmap;
    doc_table_footnote(
        t,
        "Assumed by `roadmap` of the model file: %g days for an account where nothing "
        "is announced, %g where something is, %g people at a time, five days a week, no step under "
        "four weeks.",
        r->days[EFFORT_ACCOUNT], r->days[EFFORT_HANDOVER], plan->people);
    return STRATA_OK;
}

/* --- what is held back --- */

static void put_exceptions(const proposal *p, doc_section *s)
{
    const bound_model *b = p->in->v->b;
    const model_tier_change *t = &b->model->tier_change;
    for (size_t k = 0; k < t->n_exceptions; k++) {
        const model_exception *e = &t->exceptions[k];
        const char *lacks = migration_rule_lacks(b, b->migration.exceptions[k]);
        if (lacks != NULL) {
            doc_bullet(s, "**%s** (`%s`) holds back nobody: %s.", SAFE(p->d, e->name), e->when.text,
                       lacks);
        } else if (p->in->plan->reasons[k] > 0) {
            doc_bullet(s, "**%s** (`%s`): %s%s%s.", SAFE(p->d, e->name), e->when.text,
                       words_things((int64_t)p->in->plan->reasons[k], "account").text,
                       e->why != NULL ? ". " : "", e->why != NULL ? SAFE(p->d, e->why) : "");
        }
    }
    if (t->n_exceptions == 0) {
        doc_bullet(s, "The model file names no exceptions (`tier_change: {exceptions: ...}`), so "
                      "nobody is held back.");
    }
}

strata_status proposal_exceptions(const proposal *p, strata_error *err)
{
    const transition *plan = p->in->plan;
    (void)err;
    doc_section *s = document_section(p->d, NULL, "exceptions", "Risks and exceptions");
    doc_paragraph(s,
                  "%s would get less touch or another manager and %s held back; more touch is "
                  "never held back.",
                  words_things((int64_t)plan->n_held, "account").text,
                  plan->n_held == 1 ? "is" : "are");
    put_exceptions(p, s);
    doc_bullet(s, "**A manager leaves during the change.** Books are evened once more with `strata "
                  "territories`; `--undo` writes the way back of every move.");
    doc_bullet(s, "**An account worsens after it got less.** Health under 60 with the next review "
                  "calls for one level more by itself: the rule is the same for all.");
    if (p->in->c->n_by_touches > 0) {
        doc_bullet(s,
                   "**Today's touch is %sread from touchpoints.** A column `coverage` of the "
                   "accounts would say what was meant.",
                   p->in->c->has_attribute ? "in part " : "");
    }
    return STRATA_OK;
}

/* --- the lists --- */

typedef struct listed {
    size_t account;
    uint8_t wave; /* WAVES: held back */
    int64_t rank;
} listed;

static int by_rank(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->wave != y->wave) {
        return x->wave < y->wave ? -1 : 1;
    }
    if (x->rank != y->rank) {
        return x->rank > y->rank ? -1 : 1;
    }
    return x->account < y->account ? -1 : x->account > y->account;
}

enum { A_STEP, A_ID, A_NAME, A_SEGMENT, A_HAS, A_SHOULD, A_VALUE, A_HOURS, A_WHY, A_COLUMNS };

static void put_account(const proposal *p, doc_table *t, const listed *x)
{
    const coverage_case *c = &p->in->c->cases[x->account];
    bool waits = x->wave == WAVES;
    STRBUF_AUTO strbuf held;
    strbuf_init(&held, 0);
    held_back_names(p->in->v->b->model, waits ? p->in->plan->held[x->account] : 0, &held);
    const doc_cell cells[A_COLUMNS] = {
        [A_STEP] = cell_text(waits ? "held back" : wave_names[x->wave]),
        [A_ID] = cell_text(p->in->v->p->ids[x->account]),
        [A_NAME] = cell_text(p->in->v->p->names[x->account]),
        [A_SEGMENT] = cell_text(p->in->e->segments[p->in->w->codes[x->account]].label),
        [A_HAS] = cell_text(touch_level_names[c->has]),
        [A_SHOULD] = cell_text(touch_level_names[c->should]),
        [A_VALUE] = proposal_money(p, view_value_minor(p->in->v, x->account)),
        [A_HOURS] = cell_number(proposal_hours(c->minutes)),
        [A_WHY] = waits ? cell_text(strbuf_text(&held)) : cell_empty(NULL),
    };
    doc_row(t, cells);
}

static size_t collect(const proposal *p, listed *items)
{
    const proposal_input *in = p->in;
    size_t n = 0;
    for (size_t i = 0; i < in->w->n; i++) {
        coverage_fit fit = in->c->cases[i].fit;
        uint8_t wave = in->plan->touch[i];
        if (fit == FIT_UNDER || fit == FIT_OVER) {
            int64_t rank = in->s->known ? in->s->minor[i] : view_value_minor(in->v, i);
            rank = fit == FIT_OVER ? -(int64_t)in->c->cases[i].minutes : rank;
            items[n++] = (listed){i, wave == WAVE_NONE ? (uint8_t)WAVES : wave, rank};
        }
    }
    qsort(items, n, sizeof *items, by_rank);
    return n;
}

enum { H_STEP, H_ID, H_NAME, H_FROM, H_TO, H_VALUE, H_HOURS, H_WHY, H_COLUMNS };

static void put_hand(const proposal *p, const manager *csms, doc_table *t, const territory_move *m,
                     bool waits)
{
    const proposal_input *in = p->in;
    STRBUF_AUTO strbuf held;
    strbuf_init(&held, 0);
    held_back_names(in->v->b->model, waits ? in->plan->held[m->account] : 0, &held);
    const doc_cell cells[H_COLUMNS] = {
        [H_STEP] = cell_text(waits ? "held back" : wave_names[WAVE_BOOKS]),
        [H_ID] = cell_text(in->v->p->ids[m->account]),
        [H_NAME] = cell_text(in->v->p->names[m->account]),
        [H_FROM] = m->from >= 0 ? cell_text(csms[m->from].name) : cell_empty("nobody"),
        [H_TO] = cell_text(csms[m->to].name),
        [H_VALUE] = proposal_money(p, view_value_minor(in->v, m->account)),
        [H_HOURS] = cell_number(proposal_hours(in->w->total[m->account])),
        [H_WHY] = waits ? cell_text(strbuf_text(&held)) : cell_empty(NULL),
    };
    doc_row(t, cells);
}

/* Who changes hands now, then whose move waits and for what; dearest first, as the plan has them.
 */
static void put_hands(const proposal *p, doc_section *s)
{
    const doc_column columns[H_COLUMNS] = {
        [H_STEP] = {.key = "step", .label = "Step", .type = CELL_TEXT},
        [H_ID] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [H_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        [H_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT},
        [H_TO] = {.key = "to", .label = "To", .type = CELL_TEXT},
        [H_VALUE] = {.key = "value", .label = p->value_label, .type = CELL_MONEY},
        [H_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .decimals = 1},
        [H_WHY] = {.key = "held_for", .label = "Held back for", .type = CELL_TEXT, .priority = 1}};
    const territory *t = p->in->t;
    doc_table *table = NULL;
    for (int waits = 0; t != NULL && waits < 2; waits++) {
        size_t shown = 0;
        for (size_t k = 0; k < t->n_moves && shown < p->in->most; k++) {
            if ((p->in->plan->moves[t->moves[k].account] == 0) == (waits == 1)) {
                table = table != NULL
                            ? table
                            : doc_table_new(s, "hands", "Who changes hands", columns, H_COLUMNS);
                put_hand(p, t->csms->items, table, &t->moves[k], waits == 1);
                shown++;
            }
        }
    }
}

strata_status proposal_lists(const proposal *p, strata_error *err)
{
    STRATA_AUTO_FREE listed *items = STRATA_NEW_ARRAY(p->in->w->n + 1, listed);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    const doc_column columns[A_COLUMNS] = {
        [A_STEP] = {.key = "step", .label = "Step", .type = CELL_TEXT},
        [A_ID] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [A_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        [A_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT, .priority = 1},
        [A_HAS] = {.key = "has", .label = "From", .type = CELL_TEXT},
        [A_SHOULD] = {.key = "should_have", .label = "To", .type = CELL_TEXT},
        [A_VALUE] = {.key = "value", .label = p->value_label, .type = CELL_MONEY},
        [A_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .decimals = 1},
        [A_WHY] = {.key = "held_for", .label = "Held back for", .type = CELL_TEXT, .priority = 1}};
    size_t n = collect(p, items);
    doc_section *s = document_section(p->d, NULL, "lists", "The accounts, step by step");
    doc_paragraph(s, "Of each step those with most at stake (less touch: most hours) first. All: "
                     "`strata report proposal --limit 100000`, as CSV with `--table accounts` and "
                     "`--table hands`.");
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, A_COLUMNS);
    size_t of_step = 0;
    for (size_t i = 0; i < n; i++) {
        of_step = i > 0 && items[i].wave == items[i - 1].wave ? of_step + 1 : 0;
        if (of_step < p->in->most) {
            put_account(p, t, &items[i]);
        }
    }
    put_hands(p, s);
    return STRATA_OK;
}

/* --- how it was computed --- */

strata_status proposal_method(const proposal *p, strata_error *err)
{
    const touch_effect *e = p->in->effect;
    (void)err;
    doc_section *s = document_section(p->d, NULL, "method", "How it was computed");
    doc_bullet(s, "**Touch today:** %s.",
               !p->in->c->has_attribute
                   ? "the richest level of whose touchpoints half were held in 12 months"
               : p->in->c->n_by_touches > 0
                   ? "the column `coverage` of the accounts, and where it says none, the richest "
                     "level of whose touchpoints half were held in 12 months"
                   : "the column `coverage` of the accounts");
    doc_bullet(s, "**Touch due:** the level of the segment, moved by health, growth and "
                  "complexity; less than half of the planned touchpoints is too little too.");
    doc_bullet(s, "**Hours:** those of activities in the model file times complexity, in whole "
                  "minutes, so that every sum agrees with `strata capacity`.");
    doc_bullet(s, "**At stake:** ARR times the share that accounts of the same segment and health "
                  "of a year ago have lost since.");
    doc_bullet(
        s, "**Effect:** %s.",
        e->source == EFFECT_MEASURED  ? "measured, Mantel and Haenszel's ratio over strata of "
                                        "segment and health"
        : e->source == EFFECT_ASSUMED ? "assumed by `engagement: {effect: ...}` of the model "
                                        "file"
                                      : "none is taken for granted; what was measured is "
                                        "shown with its interval");
    doc_bullet(s, "**Books:** as `strata territories` evens them: accounts that renew within 90 "
                  "days stay, a move costs the hours of a handover.");
    return STRATA_OK;
}
