/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/nearest.h"
#include "command/command.h"
#include "command/crm_files.h"
#include "report/value.h"
#include "report/words.h"

enum { WITHIN = 14, WITHIN_MOST = 366 };
enum { FILE_ACCOUNTS, FILE_MOVES, FILE_TASKS, FILE_COUNT };

/* One export. */
typedef struct exporting {
    tasks_ask ask;
    crm_system system;
    const model_crm *names;
    crm_columns columns;
    crm_export last;
    crm_told told;
    crm_moves moves;
    bool compares; /* there is something to compare with */
    day since;     /* its date */
    strbuf files[FILE_COUNT];
    size_t rows[FILE_COUNT];
} exporting;

static const char *const file_names[FILE_COUNT] = {"accounts.csv", "moves.csv", "tasks.csv"};

static void exporting_done(exporting *x)
{
    for (size_t i = 0; i < FILE_COUNT; i++) {
        strbuf_done(&x->files[i]);
    }
    vec_free(&x->columns);
    tasks_ask_done(&x->ask);
}

static strata_status read_system(const call *c, crm_system *out, strata_error *err)
{
    size_t system = 0;
    while (system < CRM_SYSTEMS && strcmp(crm_system_names[system], c->args[0]) != 0) {
        system++;
    }
    if (system == CRM_SYSTEMS) {
        return strata_fail(err, STRATA_E_USAGE, "'%.60s' is neither salesforce nor hubspot%s",
                           c->args[0],
                           nearest_hint(c->args[0], crm_system_names, CRM_SYSTEMS).text);
    }
    *out = (crm_system)system;
    return STRATA_OK;
}

/* --- what is compared with what --- */

/* The last export, and the dates of the view. */
static strata_status find_last(exporting *x, strata_error *err)
{
    look *l = &x->ask.look;
    STRATA_TRY(crm_last(store_main(l->project->store), crm_system_names[x->system], &x->last, err));
    bool given = call_has(l->c, "since");
    if (given && l->since >= l->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--since must lie before --as-of");
    }
    if (!given && x->last.number > 0 && x->last.as_of < l->as_of) {
        l->since = x->last.as_of;
    }
    x->compares = given || x->last.number > 0;
    x->since = given ? l->since : x->last.as_of;
    l->changes = true;
    return STRATA_OK;
}

static strata_status find_moves(exporting *x, strata_error *err)
{
    look *l = &x->ask.look;
    arena *a = l->c->arena;
    const view *v = l->view;
    if (call_has(l->c, "since")) {
        STRATA_TRY(crm_told_at(v, v->since_at, a, &x->told, err));
        return crm_moves_find(v, &x->told, v->since_at, a, &x->moves, err);
    }
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(l->project->store, &l->c->cx, &conn, err));
    STRATA_TRY(crm_told_load(conn, crm_system_names[x->system], v, a, &x->told, err));
    if (!x->compares) {
        return STRATA_OK; /* all would be new */
    }
    size_t after = x->last.as_of < l->as_of ? v->since_at : v->now_at;
    return crm_moves_find(v, &x->told, after, a, &x->moves, err);
}

static strata_status fill_files(exporting *x, strata_error *err)
{
    const crm_files f = {.ask = &x->ask,
                         .names = x->names,
                         .system = x->system,
                         .columns = &x->columns,
                         .told = &x->told,
                         .moves = &x->moves};
    for (size_t i = 0; i < FILE_COUNT; i++) {
        strbuf_init(&x->files[i], 0);
    }
    STRATA_TRY(crm_put_accounts(&f, &x->files[FILE_ACCOUNTS], &x->rows[FILE_ACCOUNTS], err));
    STRATA_TRY(crm_put_moves(&f, &x->files[FILE_MOVES], &x->rows[FILE_MOVES], err));
    return crm_put_tasks(&f, &x->files[FILE_TASKS], &x->rows[FILE_TASKS], err);
}

/* --- writing --- */

static const char *folder_of(const call *c)
{
    const char *folder = call_value(c, "to");
    return folder != NULL ? folder : "crm";
}

static strata_status put_into_folder(exporting *x, strata_error *err)
{
    const call *c = x->ask.look.c;
    STRATA_TRY(file_make_dirs(folder_of(c), err));
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const char *path = arena_printf(c->arena, "%s/%s", folder_of(c), file_names[i]);
        if (path == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        STRATA_TRY(file_write(path, strbuf_text(&x->files[i]), x->files[i].len, err));
    }
    return STRATA_OK;
}

static strata_status hand_to_sink(exporting *x, strata_error *err)
{
    const call_sink *sink = x->ask.look.c->sink;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        STRATA_TRY(sink->file(sink->payload, file_names[i], &x->files[i], err));
    }
    return STRATA_OK;
}

static strata_status record(exporting *x, strata_error *err)
{
    STRATA_AUTO(store_close) store *writer = NULL;
    STRATA_TRY(project_open_writer(x->ask.look.project, &writer, err));
    return crm_record(x->ask.look.view, crm_system_names[x->system], x->moves.n, writer,
                      x->ask.look.c->arena, err);
}

/* --- what is said --- */

static void put_title(const exporting *x, bool dry, strbuf *out)
{
    strbuf_printf(out, "%s %s for %s",
                  words_things((int64_t)x->rows[FILE_ACCOUNTS], "account").text,
                  dry ? "would be written" : "written", crm_system_names[x->system]);
    if (x->compares) {
        strbuf_printf(out, "; %s since %s", words_things((int64_t)x->moves.n, "move").text,
                      words_day(x->since).text);
    }
}

static void put_files(const exporting *x, doc_section *s)
{
    static const doc_column columns[] = {{.key = "file", .label = "File", .type = CELL_TEXT},
                                         {.key = "holds", .label = "Holds", .type = CELL_TEXT},
                                         {.key = "rows", .label = "Rows", .type = CELL_COUNT}};
    static const char *const holds[FILE_COUNT] = {
        "segments, scores and what is next, an account a row",
        "who left or entered which segment, and why", "open steps of playbooks"};
    const call *c = x->ask.look.c;
    doc_table *t = doc_table_new(s, "files", NULL, columns, 3);
    for (size_t i = 0; i < FILE_COUNT; i++) {
        const char *path = c->sink->file != NULL
                               ? file_names[i]
                               : arena_printf(c->arena, "%s/%s", folder_of(c), file_names[i]);
        doc_row(t, (doc_cell[]){cell_text(path != NULL ? path : file_names[i]), cell_text(holds[i]),
                                cell_count((int64_t)x->rows[i])});
    }
}

/* Moves by dimension and cause. */
static strata_status put_moves(const exporting *x, document *d, strata_error *err)
{
    enum { CAUSES = CHANGE_DEFINITION + 2 };
    static const doc_column columns[] = {
        {.key = "dimension", .label = "Dimension", .type = CELL_TEXT},
        {.key = "why", .label = "Why", .type = CELL_TEXT},
        {.key = "moves", .label = "Moves", .type = CELL_COUNT, .bar = true}};
    STRATA_AUTO_FREE size_t *counts = STRATA_NEW_ARRAY(x->told.n_defs * CAUSES, size_t);
    STRATA_AUTO_FREE const char **causes = STRATA_NEW_ARRAY(CAUSES, const char *);
    if (counts == NULL || causes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < x->moves.n; i++) {
        const crm_move *m = &x->moves.items[i];
        size_t cause = m->from == NULL  ? CHANGE_NEW
                       : m->why != NULL ? (size_t)m->why->cause
                                        : CHANGE_DEFINITION + 1;
        counts[m->def * (size_t)CAUSES + cause]++;
        causes[cause] = crm_cause_words(m);
    }
    doc_section *s = document_section(d, NULL, "moves", "Moves since the last time");
    doc_table *t = doc_table_new(s, "moves", NULL, columns, 3);
    for (size_t k = 0; k < x->told.n_defs * CAUSES; k++) {
        if (counts[k] > 0) {
            const bound_def *def = x->told.defs[k / CAUSES];
            doc_row(t, (doc_cell[]){cell_text(report_dimension_label(x->ask.look.bound, def)),
                                    cell_text(causes[k % CAUSES]), cell_count((int64_t)counts[k])});
        }
    }
    if (x->told.n_gone > 0) {
        doc_note(s, "note", "%s that it was told of are no longer in the data.",
                 words_things((int64_t)x->told.n_gone, "membership").text);
    }
    return STRATA_OK;
}

static strata_status describe(const exporting *x, bool dry, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    put_title(x, dry, &title);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(&x->ask.look, "crm", strbuf_text(&title), &d, err));
    doc_section *s = document_section(d, NULL, "files", dry ? "Files, not written" : "Files");
    put_files(x, s);
    if (!x->compares) {
        doc_note(s, "note",
                 "It is the first export to %s: there is nothing to compare with. --since "
                 "DATE compares with a date.",
                 crm_system_names[x->system]);
    }
    if (x->moves.n > 0 || x->told.n_gone > 0) {
        STRATA_TRY(put_moves(x, d, err));
    }
    if (dry) {
        doc_next_step(
            d, arena_printf(x->ask.look.c->arena, "strata crm %s", crm_system_names[x->system]));
    }
    return call_show(x->ask.look.c, d, err);
}

/* What is recorded must be in the hands of who asked: files in their folder, or all that a sink
 * takes, since one whose document failed keeps no files either. */
static strata_status hand_over(exporting *x, strata_error *err)
{
    if (x->ask.look.c->sink->file != NULL) {
        STRATA_TRY(hand_to_sink(x, err));
        STRATA_TRY(describe(x, false, err));
        return record(x, err);
    }
    STRATA_TRY(put_into_folder(x, err));
    STRATA_TRY(record(x, err));
    return describe(x, false, err);
}

/* --- */

static strata_status find_columns(exporting *x, size_t **keep, strata_error *err)
{
    look *l = &x->ask.look;
    x->names = &l->bound->model->crm[x->system];
    STRATA_TRY(crm_columns_find(l, x->names, &x->columns, err));
    *keep = ARENA_NEW(l->c->arena, x->columns.n + 1, size_t);
    if (*keep == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < x->columns.n; i++) {
        (*keep)[i] = x->columns.data[i].slot; /* 0, a feature, where it is none */
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(exporting_done) exporting x = {0};
    size_t *keep = NULL;
    long within = 0;
    bool dry = call_has(c, "dry-run");
    STRATA_TRY(call_check_args(c, err));
    STRATA_TRY(read_system(c, &x.system, err));
    STRATA_TRY(call_count(c, "within", 0, WITHIN_MOST, WITHIN, &within, err));
    STRATA_TRY(look_open(c, &x.ask.look, err));
    STRATA_TRY(look_dates(&x.ask.look, NULL, err));
    STRATA_TRY(find_last(&x, err));
    STRATA_TRY(find_columns(&x, &keep, err));
    STRATA_TRY(tasks_ask_follow(&x.ask, within, keep, x.columns.n, err));
    STRATA_TRY(find_moves(&x, err));
    STRATA_TRY(fill_files(&x, err));
    return dry ? describe(&x, true, err) : hand_over(&x, err);
}

static const command_option options[] = {
    {.name = "to", .use = OPTION_LOCAL, .arg = "DIR", .help = "folder of the files (default: crm)"},
    {.name = "since",
     .arg = "DATE",
     .help = "moves since this date (default: since the last export to this system)"},
    {.name = "within", .arg = "DAYS", .help = "tasks due up to so many days ahead (default 14)"},
    {.name = "dry-run", .help = "only count: no file is written, nothing is recorded"},
    {0}};
static const command_example examples[] = {
    {"strata crm salesforce --dry-run", "how many rows, and how many moves since the last export"},
    {"strata crm salesforce --to out", "accounts.csv, moves.csv and tasks.csv for import"},
    {"strata crm hubspot --since 2026-03-31", "moves since a date"},
    {0}};
const command_def command_crm = {
    .name = "crm",
    .summary = "Write files that Salesforce or HubSpot can import",
    .usage = "SYSTEM",
    .description =
        "SYSTEM is salesforce or hubspot. Three CSV files: accounts.csv with the segment of every "
        "dimension,\nevery score and what is to be done next; moves.csv with who left or entered "
        "which segment since\nthe last export, with the clause that turned, the old and the new "
        "value; tasks.csv with the open\nsteps of the playbooks.\n\n"
        "What was written is recorded, so that the next export tells what changed since. The heads "
        "are those\nthat the model file's key crm names.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 1,
    .table = "files",
    .effect = COMMAND_CHANGES,
    .dry = "dry-run",
    .answer = ANSWER_FILES,
    .run = run};
