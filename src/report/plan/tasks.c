/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/tasks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "report/report.h"

static const playbook *book_of(const tasks_input *in, const task *t)
{
    return in->books->items[t->playbook].p;
}

const char *report_task_owner(const tasks_input *in, const task *t)
{
    const char *role = book_of(in, t)->steps[t->step].owner;
    int32_t csm = in->csm[t->account];
    if (strcmp(role, "csm") != 0) {
        return role;
    }
    return csm >= 0 ? in->csms->items[csm].name : "no csm";
}

const char *report_task_owner_id(const tasks_input *in, const task *t)
{
    int32_t csm = in->csm[t->account];
    bool of_csm = strcmp(book_of(in, t)->steps[t->step].owner, "csm") == 0;
    return of_csm && csm >= 0 ? in->csms->items[csm].id : NULL;
}

const char *report_task_id(const tasks_input *in, const task *t, arena *a)
{
    const playbook *p = book_of(in, t);
    char began[DAY_TEXT];
    day_format(t->began, began);
    return arena_printf(a, "%s:%s:%s:%s", in->v->p->ids[t->account], p->name, p->steps[t->step].key,
                        began);
}

bool tasks_input_wants(const tasks_input *in, const task *t)
{
    if ((in->playbook != SIZE_MAX && t->playbook != in->playbook) ||
        (in->account != SIZE_MAX && t->account != in->account)) {
        return false;
    }
    if (in->owner == NULL) {
        return true;
    }
    int32_t csm = in->csm[t->account];
    const char *role = book_of(in, t)->steps[t->step].owner;
    bool of_csm = strcmp(role, "csm") == 0 && csm >= 0;
    return strcmp(role, in->owner) == 0 || strcmp(report_task_owner(in, t), in->owner) == 0 ||
           (of_csm && strcmp(in->csms->items[csm].id, in->owner) == 0);
}

typedef struct task_sums {
    size_t n, overdue, today;
} task_sums;

static task_sums sum_tasks(const tasks_input *in)
{
    task_sums sums = {0};
    for (size_t i = 0; i < in->tasks->n; i++) {
        const task *t = &in->tasks->items[i];
        if (tasks_input_wants(in, t)) {
            sums.n++;
            sums.overdue += t->due < in->plays->as_of;
            sums.today += t->due == in->plays->as_of;
        }
    }
    return sums;
}

void report_tasks_title(strbuf *out, const tasks_input *in)
{
    task_sums s = sum_tasks(in);
    if (s.n == 0) {
        strbuf_printf(out, "Nothing is due by %s", words_day(in->until).text);
        return;
    }
    strbuf_printf(out, "%s %s due by %s: %s late, %s today",
                  words_things((int64_t)s.n, "step").text, s.n == 1 ? "is" : "are",
                  words_day(in->until).text, words_count((int64_t)s.overdue).text,
                  words_count((int64_t)s.today).text);
}

/* --- now --- */

/* What the trigger looks at as it is now, but for being a customer: "Health is 48, Time since last
 * touch is 70 days". It may have changed since the play began. */
static strata_status put_state(strbuf *out, const tasks_input *in, const task *t,
                               const rule_input *now, arena *a, strata_error *err)
{
    enum { CLAUSES = 3 };
    const rule *r = in->books->items[t->playbook].trigger;
    const rule_clause *clauses = NULL;
    size_t n = 0;
    size_t shown = 0;
    strbuf_clear(out);
    STRATA_TRY(rule_explain(r, now, t->account, report_currency(in->v->b), a, &clauses, &n, err));
    for (size_t i = 0; i < n && shown < CLAUSES; i++) {
        bool customer = strncmp(clauses[i].text, "is_customer", 11) == 0;
        if (clauses[i].observed[0] != '\0' && !customer) {
            strbuf_printf(out, "%s%s", shown++ > 0 ? ", " : "", clauses[i].said);
        }
    }
    return strbuf_status(out, err);
}

/* --- the list --- */

enum {
    T_DUE,
    T_LATE,
    T_ACCOUNT,
    T_NAME,
    T_VALUE,
    T_PLAY,
    T_STEP,
    T_OWNER,
    T_MINUTES,
    T_BEGAN,
    T_NOW,
    T_PLAYBOOK, /* keys, as interventions and other systems name them */
    T_STEP_KEY,
    T_OWNER_ID,
    T_ID,
    T_COLUMNS
};

static doc_table *task_table(doc_section *s, const view *v)
{
    const doc_column columns[T_COLUMNS] = {
        [T_DUE] = {.key = "due", .label = "Due", .type = CELL_DATE},
        [T_LATE] = {.key = "days_late", .label = "Days late", .type = CELL_COUNT, .priority = 4},
        [T_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT, .priority = 1},
        [T_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT},
        [T_VALUE] = {.key = "value",
                     .label = v->value_label != NULL ? v->value_label : "Value",
                     .type = CELL_MONEY,
                     .priority = 3},
        [T_PLAY] = {.key = "playbook", .label = "Playbook", .type = CELL_TEXT},
        [T_STEP] = {.key = "step", .label = "Step", .type = CELL_TEXT},
        [T_OWNER] = {.key = "owner", .label = "Owner", .type = CELL_TEXT, .priority = 2},
        [T_MINUTES] = {.key = "minutes", .label = "Minutes", .type = CELL_COUNT, .priority = 6},
        [T_BEGAN] = {.key = "began", .label = "Since", .type = CELL_DATE, .priority = 5},
        [T_NOW] = {.key = "now", .label = "Now", .type = CELL_TEXT, .priority = 7},
        [T_PLAYBOOK] = {.key = "playbook_key",
                        .label = "Key of the playbook",
                        .type = CELL_TEXT,
                        .data_only = true},
        [T_STEP_KEY] = {.key = "step_key",
                        .label = "Key of the step",
                        .type = CELL_TEXT,
                        .data_only = true},
        [T_OWNER_ID] = {.key = "owner_id",
                        .label = "Id of the owner",
                        .type = CELL_TEXT,
                        .data_only = true},
        [T_ID] = {.key = "task_id", .label = "Id", .type = CELL_TEXT, .data_only = true},
    };
    return doc_table_new(s, "tasks", NULL, columns, T_COLUMNS);
}

typedef struct task_words {
    const char *state, *id;
} task_words;

static void put_task(document *d, doc_table *table, const tasks_input *in, const task *t,
                     const task_words *x)
{
    const playbook *p = book_of(in, t);
    const playbook_step *step = &p->steps[t->step];
    const view *v = in->v;
    const char *owner_id = report_task_owner_id(in, t);
    day late = in->plays->as_of - t->due;
    int origin = document_provenance(
        d,
        "due: the day the play began plus the step's due days; the play began on the day its "
        "trigger turned true",
        p->trigger.text, NULL);
    const doc_cell cells[T_COLUMNS] = {
        [T_DUE] = with_origin(cell_date(t->due), origin),
        [T_LATE] = late > 0 ? cell_count(late) : cell_empty(NULL),
        [T_ACCOUNT] = cell_text(v->p->ids[t->account]),
        [T_NAME] = cell_text(v->p->names[t->account]),
        [T_VALUE] =
            v->value != NULL ? cell_money(view_value_minor(v, t->account)) : cell_empty(NULL),
        [T_PLAY] = cell_text(p->title),
        [T_STEP] = cell_text(step->title),
        [T_OWNER] = cell_text(report_task_owner(in, t)),
        [T_MINUTES] = isnan(step->minutes) ? cell_empty(NULL) : cell_count(llround(step->minutes)),
        [T_BEGAN] = cell_date(t->began),
        [T_NOW] = cell_text(x->state),
        [T_PLAYBOOK] = cell_text(p->name),
        [T_STEP_KEY] = cell_text(step->key),
        [T_OWNER_ID] = owner_id != NULL ? cell_text(owner_id) : cell_empty("no manager"),
        [T_ID] = cell_text(x->id),
    };
    doc_row(table, cells);
}

static strata_status put_list(document *d, doc_section *s, const tasks_input *in, strata_error *err)
{
    size_t n_symbols = in->v->b->scope.n_symbols;
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols, column);
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRBUF_AUTO strbuf state;
    strbuf_init(&state, 0);
    STRATA_TRY(arena_new(&a, err));
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(in->v->s, n_symbols, columns);
    const rule_input now = {.now = {.columns = columns, .as_of = in->v->as_of}};
    doc_table *table = NULL;
    size_t shown = 0;
    for (size_t i = 0; i < in->tasks->n && shown < in->limit; i++) {
        const task *t = &in->tasks->items[i];
        if (tasks_input_wants(in, t)) {
            table = table != NULL ? table : task_table(s, in->v);
            STRATA_TRY(put_state(&state, in, t, &now, a, err));
            const task_words told = {strbuf_text(&state), report_task_id(in, t, a)};
            if (told.id == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
            put_task(d, table, in, t, &told);
            shown++;
        }
    }
    return STRATA_OK;
}

/* Playbooks that this data or model cannot carry. */
static size_t off_count(const tasks_input *in)
{
    size_t n = 0;
    for (size_t k = 0; k < in->books->n; k++) {
        n += in->books->items[k].off != NULL;
    }
    return n;
}

static void put_remarks(doc_section *s, const tasks_input *in, size_t n)
{
    size_t off = off_count(in);
    if (n > 0) {
        doc_paragraph(s, "Now is what the playbook's condition looks at, as it stands today; "
                         "`strata playbooks` has the conditions.");
    }
    if (in->limit < n) {
        doc_paragraph(s, "The first %s of %s are shown; `--limit %zu` shows all.",
                      words_count((int64_t)in->limit).text, words_count((int64_t)n).text, n);
    }
    doc_paragraph(
        s,
        "%s %s now, %s of them with every step done. A step is done once an intervention "
        "of its playbook is ingested that is dated on or after the play's begin; %s of these "
        "playbooks %s recorded in all, so a step nobody recorded shows as late.",
        words_things((int64_t)in->plays->n, "play").text, in->plays->n == 1 ? "runs" : "run",
        words_count((int64_t)in->tasks->n_plays_done).text,
        words_things((int64_t)in->tasks->n_recorded, "intervention").text,
        in->tasks->n_recorded == 1 ? "is" : "are");
    if (off > 0) {
        doc_note(s, "missing", "%s cannot run on this data or model: `strata playbooks` says why.",
                 words_things((int64_t)off, "playbook").text);
    }
}

strata_status report_tasks(document *d, doc_section *parent, const tasks_input *in,
                           strata_error *err)
{
    doc_section *s = document_section(d, parent, "tasks", NULL);
    STRATA_TRY(put_list(d, s, in, err));
    put_remarks(s, in, sum_tasks(in).n);
    return STRATA_OK;
}

/* --- playbooks --- */

void report_playbooks_title(strbuf *out, const tasks_input *in)
{
    size_t most = SIZE_MAX;
    for (size_t k = 0; k < in->books->n; k++) {
        if (in->plays->counts[k].running > 0 &&
            (most == SIZE_MAX || in->plays->counts[k].running > in->plays->counts[most].running)) {
            most = k;
        }
    }
    if (most == SIZE_MAX) {
        strbuf_printf(out, "No play runs on %s", words_day(in->plays->as_of).text);
        return;
    }
    strbuf_printf(out, "%s %s on %s, most of them %s (%s)",
                  words_things((int64_t)in->plays->n, "play").text,
                  in->plays->n == 1 ? "runs" : "run", words_day(in->plays->as_of).text,
                  in->books->items[most].p->title,
                  words_count((int64_t)in->plays->counts[most].running).text);
}

enum {
    B_NAME,
    B_TITLE,
    B_STEPS,
    B_BEGUN,
    B_RUNNING,
    B_EXITED,
    B_OVER,
    B_MEASURED,
    B_MET,
    B_TRIGGER,
    B_COLUMNS
};

static strata_status put_playbook(document *d, doc_table *table, const tasks_input *in, size_t k,
                                  arena *a, const char *too_few, strata_error *err)
{
    const bound_playbook *b = &in->books->items[k];
    const play_counts *c = &in->plays->counts[k];
    const char *trigger = b->p->trigger.text;
    if (b->off != NULL) {
        trigger = arena_printf(a, "off: %s", b->off);
    } else {
        STRATA_TRY(rule_words(b->trigger, report_currency(in->v->b), a, &trigger, err));
    }
    if (trigger == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    double minimum = in->v->b->model->quality.minimum_accounts;
    bool enough = c->measured > 0 && (double)c->measured >= minimum;
    int origin = document_provenance(
        d,
        "share of the plays for which what the playbook is for held so many days after they began",
        b->p->measure.text, NULL);
    const doc_cell none = cell_empty(b->off);
    const bool on = b->off == NULL;
    const doc_cell cells[B_COLUMNS] = {
        [B_NAME] = cell_text(b->p->name),
        [B_TITLE] = cell_text(b->p->title),
        [B_STEPS] = cell_count((int64_t)b->p->n_steps),
        [B_BEGUN] = on ? cell_count((int64_t)c->begun) : none,
        [B_RUNNING] = on ? cell_count((int64_t)c->running) : none,
        [B_EXITED] = on ? cell_count((int64_t)c->exited) : none,
        [B_OVER] = on ? cell_count((int64_t)(c->over + c->replaced)) : none,
        [B_MEASURED] = on ? cell_count((int64_t)c->measured) : none,
        [B_MET] = enough ? with_origin(cell_share((double)c->met / (double)c->measured), origin)
                         : cell_empty(too_few),
        [B_TRIGGER] = cell_text(trigger),
    };
    doc_row(table, cells);
    return STRATA_OK;
}

strata_status report_playbooks(document *d, doc_section *parent, const tasks_input *in,
                               strata_error *err)
{
    const doc_column columns[B_COLUMNS] = {
        [B_NAME] = {.key = "playbook", .label = "Playbook", .type = CELL_TEXT},
        [B_TITLE] = {.key = "title", .label = "Title", .type = CELL_TEXT, .priority = 6},
        [B_STEPS] = {.key = "steps", .label = "Steps", .type = CELL_COUNT, .priority = 7},
        [B_BEGUN] = {.key = "begun", .label = "Begun", .type = CELL_COUNT},
        [B_RUNNING] = {.key = "running", .label = "Running", .type = CELL_COUNT, .bar = true},
        [B_EXITED] = {.key = "exited", .label = "Ended by exit", .type = CELL_COUNT, .priority = 3},
        [B_OVER] = {.key = "over", .label = "Ran out", .type = CELL_COUNT, .priority = 4},
        [B_MEASURED] = {.key = "measured", .label = "Measured", .type = CELL_COUNT, .priority = 5},
        [B_MET] = {.key = "met_share", .label = "Goal met", .type = CELL_SHARE, .priority = 2},
        [B_TRIGGER] = {.key = "trigger", .label = "Begins when", .type = CELL_TEXT, .priority = 1},
    };
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    const words too_few = report_too_few(in->v->b);
    doc_section *s = document_section(d, parent, "playbooks", NULL);
    doc_table *table = doc_table_new(s, "playbooks", NULL, columns, B_COLUMNS);
    for (size_t k = 0; k < in->books->n; k++) {
        STRATA_TRY(put_playbook(d, table, in, k, a, too_few.text, err));
    }
    doc_paragraph(
        s,
        "Plays are followed day by day from %s. *Ran out*: 30 days past the last step, or "
        "replaced by a more urgent playbook. *Goal met* is what was seen after plays, not "
        "what they brought about: accounts without the play are not compared.",
        words_day(in->plays->from).text);
    return STRATA_OK;
}
