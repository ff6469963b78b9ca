/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nearest.h"
#include "command/ask/tasks.h"

enum { WITHIN = 7, WITHIN_MOST = 366, SHOWN = 25 };

static strata_status find_playbook(const tasks_ask *t, const char *name, size_t *out,
                                   strata_error *err)
{
    enum { NAMES_MAX = 256 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (size_t k = 0; k < t->books.n && n < NAMES_MAX; k++) {
        names[n++] = t->books.items[k].p->name;
        if (strcmp(names[n - 1], name) == 0) {
            *out = k;
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_NOTFOUND,
                       "there is no playbook '%.100s'%s; see strata "
                       "playbooks",
                       name, nearest_hint(name, names, n).text);
}

static strata_status read_filters(call *c, tasks_ask *t, strata_error *err)
{
    const char *book = call_value(c, "playbook");
    const char *account = call_value(c, "account");
    bool all = call_for_programs(c);
    long limit = 0;
    STRATA_TRY(call_count(c, "limit", 0, 100000000L, all ? -1 : SHOWN, &limit, err));
    t->input.limit = limit < 0 ? SIZE_MAX : (size_t)limit;
    t->input.owner = call_value(c, "owner");
    STRATA_TRY(book != NULL ? find_playbook(t, book, &t->input.playbook, err) : STRATA_OK);
    return account != NULL ? session_account(t->look.project, account, &t->input.account, err)
                           : STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    TASKS_ASK_AUTO tasks_ask t = {0};
    long within = 0;
    STRATA_TRY(call_count(c, "within", 0, WITHIN_MOST, WITHIN, &within, err));
    STRATA_TRY(tasks_ask_open(c, within, &t, err));
    STRATA_TRY(read_filters(c, &t, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_tasks_title(&title, &t.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&t.look, "tasks", strbuf_text(&title), &d, err));
    STRATA_TRY(report_tasks(d, NULL, &t.input, err));
    if (t.tasks.n > 0) {
        doc_next_step(d, arena_printf(c->arena, "strata explain %s",
                                      t.look.view->p->ids[t.tasks.items[0].account]));
    }
    doc_next_step(d, "strata playbooks");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "within", .arg = "DAYS", .help = "steps due up to so many days ahead (default 7)"},
    {.name = "owner",
     .arg = "WHO",
     .help = "only the steps of a manager (id or name) or of a role (manager, sales, support, "
             "digital)"},
    {.name = "playbook", .arg = "NAME", .help = "only those of this playbook"},
    {.name = "account", .arg = "ID", .help = "only those of this account"},
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "at most so many (default 25; all as csv, json or xlsx)"},
    {0}};
static const command_example examples[] = {
    {"strata tasks", "what is late, due today and due within a week"},
    {"strata tasks --within 0 --playbook save", "the save plays that need somebody today"},
    {"strata tasks --owner manager", "what waits for managers"},
    {"strata tasks -f csv -o tasks.csv", "for import elsewhere"},
    {0}};
const command_def command_tasks = {
    .name = "tasks",
    .summary = "Who is due what: the open steps of the playbooks at work",
    .description =
        "A play begins for an account on the day its playbook's trigger turns true, and ends when "
        "its "
        "exit\n"
        "holds, a more urgent playbook replaces it, or 30 days after its last step. Plays follow "
        "from "
        "the\n"
        "facts, so the same day always gives the same list. A step is done once an intervention of "
        "its\n"
        "playbook is ingested: put the step's key in the column kind, or leave that out to close "
        "the\n"
        "first open step.",
    .options = options,
    .examples = examples,
    .table = "tasks",
    .run = run};
