/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "base/scratch.h"
#include "base/vec.h"
#include "command/command.h"
#include "command/export_tables.h"
#include "command/list.h"

typedef enum export_what {
    WHAT_ACCOUNTS,
    WHAT_FEATURES,
    WHAT_MEMBERSHIP,
    WHAT_SEGMENTS,
    WHAT_HISTORY,
    WHAT_COUNT
} export_what;

static const char *const what_names[WHAT_COUNT] = {
    [WHAT_ACCOUNTS] = "accounts", [WHAT_FEATURES] = "features", [WHAT_MEMBERSHIP] = "membership",
    [WHAT_SEGMENTS] = "segments", [WHAT_HISTORY] = "history",
};

static const char *const what_titles[WHAT_COUNT] = {
    [WHAT_ACCOUNTS] = "Accounts", [WHAT_FEATURES] = "Features", [WHAT_MEMBERSHIP] = "Membership",
    [WHAT_SEGMENTS] = "Segments", [WHAT_HISTORY] = "History",
};
/* What the command line asks for. */
typedef struct wanted {
    const rule *where;
    VEC(list_column) columns[2]; /* of accounts, of features */
    VEC(size_t) keep;
} wanted;

static void wanted_done(wanted *w)
{
    vec_free(&w->columns[WHAT_ACCOUNTS]);
    vec_free(&w->columns[WHAT_FEATURES]);
    vec_free(&w->keep);
}

/* --- columns --- */

static strata_status add_column(wanted *w, export_what what, list_column found, strata_error *err)
{
    bool ok = vec_push(&w->columns[what], found) &&
              (found.kind != LIST_SLOT || vec_push(&w->keep, found.slot));
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status unknown_column(const look *l, const char *name, strata_error *err)
{
    size_t n = l->bound->scope.n_symbols;
    const char **names = ARENA_NEW(l->c->arena, n + 1, const char *);
    for (size_t i = 0; names != NULL && i < n; i++) {
        names[i] = l->bound->scope.symbols[i].name;
    }
    return strata_fail(err, STRATA_E_USAGE, "--columns: unknown name '%.100s'%s", name,
                       nearest_hint_or(name, names, names != NULL ? n : 0,
                                       "; 'strata features' lists what there is")
                           .text);
}

static strata_status given_columns(const look *l, wanted *w, const char *text, strata_error *err)
{
    const char *const *names = NULL;
    size_t n = 0;
    STRATA_TRY(call_expressions(l->c->arena, text, &names, &n, err));
    for (size_t i = 0; i < n; i++) {
        list_column found = {0};
        if (!list_column_find(l->bound, names[i], &found)) {
            return unknown_column(l, names[i], err);
        }
        STRATA_TRY(add_column(w, WHAT_ACCOUNTS, found, err));
    }
    return STRATA_OK;
}

/* Everything there is data for: attributes, what accounts are worth, and what the model defines;
 * of the features only those, or all of them. */
static strata_status usual_columns(const look *l, wanted *w, export_what what, strata_error *err)
{
    const bound_model *b = l->bound;
    STRATA_TRY(add_column(w, what, (list_column){.kind = LIST_ID}, err));
    if (what == WHAT_ACCOUNTS) {
        STRATA_TRY(add_column(w, what, (list_column){.kind = LIST_NAME}, err));
        STRATA_TRY(add_column(w, what, (list_column){.kind = LIST_SINCE}, err));
    }
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        const symbol *sym = &b->scope.symbols[slot];
        bool feature = slot < FEATURE_COUNT;
        bool value = slot == FEATURE_ARR || slot == FEATURE_SPEND_365D;
        bool own = strcmp(sym->name, "name") == 0 || strcmp(sym->name, "id") == 0 ||
                   strcmp(sym->name, "since") == 0;
        bool wanted_here = what == WHAT_FEATURES ? feature : !feature || value;
        if (wanted_here && !own && sym->missing_because == NULL) {
            STRATA_TRY(add_column(w, what, (list_column){.kind = LIST_SLOT, .slot = slot}, err));
        }
    }
    return STRATA_OK;
}

/* --- which accounts --- */

static strata_status read_where(const look *l, wanted *w, strata_error *err)
{
    const char *text = call_value(l->c, "where");
    if (text == NULL) {
        return STRATA_OK;
    }
    rule_place place = {.file = "--where", .line = 1, .column = 1};
    strata_status st =
        rule_compile_condition(l->c->arena, text, &place, &l->bound->scope, &w->where, err);
    if (st == STRATA_E_MODEL) { /* the command line is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(w->where) || rule_lookback_days(w->where) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--where: 'turned' and 'for N days' look back, which an export cannot; "
                           "put the expression into the model as a feature and ask for that");
    }
    size_t n = 0;
    const size_t *slots = rule_slots(w->where, &n);
    for (size_t i = 0; i < n; i++) {
        if (!vec_push(&w->keep, slots[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status choose_accounts(const look *l, const wanted *w, export_accounts *x,
                                     strata_error *err)
{
    list_request request = {
        .where = w->where, .outside = true, .sort = {.kind = LIST_ID}, .limit = SIZE_MAX};
    account_list list = {0};
    STRATA_TRY(account_list_make(l->view, &request, l->c->arena, &list, err));
    x->accounts = list.accounts;
    x->n = list.n;
    return STRATA_OK;
}

/* --- files --- */

typedef struct target {
    const char *path;
    export_what what;
    export_type type;
    size_t n_rows; /* filled by writing */
} target;

static strata_status read_type(const call *c, const char *path, export_type *out, strata_error *err)
{
    const char *name = call_value(c, "type");
    const char *ending = name != NULL ? arena_printf(c->arena, "x.%s", name) : path;
    export_type type = ending != NULL ? export_type_of(ending) : EXPORT_TYPES;
    if (type == EXPORT_TYPES) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' does not tell the type of file; end it in .csv, .json, .ndjson, "
                           ".parquet or .xlsx, or say --type",
                           name != NULL ? name : path);
    }
    *out = type;
    return STRATA_OK;
}

static strata_status read_what(const call *c, export_what *out, strata_error *err)
{
    const char *name = call_value(c, "what");
    int what = 0;
    while (name != NULL && what < WHAT_COUNT && strcmp(what_names[what], name) != 0) {
        what++;
    }
    if (what == WHAT_COUNT) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--what '%.60s' is none of accounts, features, membership, segments, "
                           "history%s",
                           name, nearest_hint(name, what_names, WHAT_COUNT).text);
    }
    *out = (export_what)what;
    return STRATA_OK;
}

static strata_status one_target(const call *c, target *out, strata_error *err)
{
    const char *path = c->args[0];
    STRATA_TRY(read_what(c, &out->what, err));
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0) {
        out->type = EXPORT_CSV;
        out->path = "/dev/stdout";
        return call_value(c, "type") != NULL ? read_type(c, path, &out->type, err) : STRATA_OK;
    }
    out->path = path;
    return read_type(c, path, &out->type, err);
}

/* Every table into a folder. */
static strata_status all_targets(const call *c, target out[WHAT_COUNT], strata_error *err)
{
    const char *folder = call_value(c, "to");
    export_type type = EXPORT_CSV;
    if (call_value(c, "type") != NULL) {
        STRATA_TRY(read_type(c, "", &type, err));
    }
    STRATA_TRY(file_make_dirs(folder, err));
    for (int what = 0; what < WHAT_COUNT; what++) {
        out[what] = (target){.path = arena_printf(c->arena, "%s/%s.%s", folder, what_names[what],
                                                  export_ending(type)),
                             .what = (export_what)what,
                             .type = type};
        if (out[what].path == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status fill(const look *l, const wanted *w, export_accounts *x, export_what what,
                          export_out *out, strata_error *err)
{
    switch ((int)what) {
    case WHAT_MEMBERSHIP:
        return export_membership(l, x, out, err);
    case WHAT_SEGMENTS:
        return export_segments(l, x, out, err);
    case WHAT_HISTORY:
        return export_history(l, out, err);
    default:
        x->columns = w->columns[what].data;
        x->n_columns = w->columns[what].n;
        return export_accounts_table(l, x, out, err);
    }
}

static strata_status write_target(const look *l, const wanted *w, export_accounts *x, target *t,
                                  strata_error *err)
{
    STRATA_AUTO(export_out_free) export_out *out = NULL;
    STRATA_TRY(export_out_new(l->c, t->path, t->type, what_titles[t->what], &out, err));
    STRATA_TRY(fill(l, w, x, t->what, out, err));
    t->n_rows = export_out_rows(out);
    strata_status st = export_out_write(out, err);
    if (st == STRATA_E_IO && err != NULL && strstr(err->message, "Broken pipe") != NULL) {
        errno = EPIPE; /* main() knows by it that a reader has seen enough */
    }
    return st;
}

/* --- for callers that take files --- */

/* The file that the store or the workbook's library writes by name, for its bytes. It is in a
 * folder of its own: they write beside it first, to a name that anyone may know and with the
 * permissions of any new file. */
typedef struct passing_file {
    scratch_folder folder;
    const char *path; /* NULL: none */
} passing_file;

static void passing_file_done(passing_file *f)
{
    if (f->path != NULL) {
        (void)unlink(f->path);
    }
    scratch_folder_done(&f->folder);
}

/* What they asked for by name, else what they take. */
static strata_status brought_type(const call *c, export_type *out, strata_error *err)
{
    *out =
        c->ending != NULL ? export_type_of(arena_printf(c->arena, "x.%s", c->ending)) : EXPORT_CSV;
    return call_value(c, "type") != NULL ? read_type(c, "", out, err) : STRATA_OK;
}

static strata_status bring(const look *l, const wanted *w, export_accounts *x, target *t,
                           strata_error *err)
{
    STRATA_CLEANUP(passing_file_done) passing_file file = {0};
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    const char *name =
        arena_printf(l->c->arena, "%s.%s", what_names[t->what], export_ending(t->type));
    STRATA_TRY(scratch_folder_new(l->c->render.scratch, &file.folder, err));
    file.path = name != NULL ? arena_printf(l->c->arena, "%s/%s", file.folder.path, name) : NULL;
    if (file.path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    t->path = file.path;
    STRATA_TRY(write_target(l, w, x, t, err));
    STRATA_TRY(file_read(file.path, out.limit, &bytes, &len, err));
    out.text = strata_steal(&bytes);
    out.len = len;
    out.cap = len + 1;
    return l->c->sink->file(l->c->sink->payload, name, &out, err);
}

static strata_status describe(const look *l, const target *targets, size_t n, strata_error *err)
{
    static const doc_column columns[] = {{.key = "file", .label = "File", .type = CELL_TEXT},
                                         {.key = "holds", .label = "Holds", .type = CELL_TEXT},
                                         {.key = "rows", .label = "Rows", .type = CELL_COUNT}};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "export", "Written", &d, err));
    doc_section *s = document_section(d, NULL, "files", "Files written");
    doc_table *t = doc_table_new(s, "files", NULL, columns, 3);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_text(targets[i].path), cell_text(what_names[targets[i].what]),
                                cell_count((int64_t)targets[i].n_rows)});
    }
    return call_show(l->c, d, err);
}

/* --- */

static strata_status read_columns(const look *l, wanted *w, const target *targets, size_t n,
                                  strata_error *err)
{
    const char *columns = call_value(l->c, "columns");
    if (columns != NULL && n == 1 && targets[0].what > WHAT_FEATURES) {
        return strata_fail(err, STRATA_E_USAGE, "--columns goes with --what accounts only");
    }
    for (size_t i = 0; i < n; i++) {
        if (targets[i].what > WHAT_FEATURES) {
            continue;
        }
        STRATA_TRY(columns != NULL && targets[i].what == WHAT_ACCOUNTS
                       ? given_columns(l, w, columns, err)
                       : usual_columns(l, w, targets[i].what, err));
    }
    return STRATA_OK;
}

static strata_status prepare(look *l, wanted *w, export_accounts *x, const target *targets,
                             size_t n, strata_error *err)
{
    STRATA_TRY(look_open(l->c, l, err));
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(read_where(l, w, err));
    STRATA_TRY(read_columns(l, w, targets, n, err));
    STRATA_TRY(look_view(l, w->keep.data, w->keep.n, err));
    return choose_accounts(l, w, x, err);
}

/* One file, to a sink that takes it. */
static strata_status run_for_sink(call *c, strata_error *err)
{
    LOOK_AUTO look l = {.c = c};
    STRATA_CLEANUP(wanted_done) wanted w = {0};
    export_accounts x = {0};
    target t = {0};
    STRATA_TRY(read_what(c, &t.what, err));
    STRATA_TRY(brought_type(c, &t.type, err));
    STRATA_TRY(prepare(&l, &w, &x, &t, 1, err));
    return bring(&l, &w, &x, &t, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {.c = c};
    STRATA_CLEANUP(wanted_done) wanted w = {0};
    target targets[WHAT_COUNT] = {0};
    bool to_folder = call_has(c, "to");
    size_t n = to_folder ? WHAT_COUNT : 1;
    export_accounts x = {0};
    if (c->sink->file != NULL) {
        return run_for_sink(c, err);
    }
    if (to_folder == (c->n_args > 0)) {
        return strata_fail(err, STRATA_E_USAGE, "name one file, or a folder with --to DIR");
    }
    STRATA_TRY(to_folder ? all_targets(c, targets, err) : one_target(c, targets, err));
    STRATA_TRY(prepare(&l, &w, &x, targets, n, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(write_target(&l, &w, &x, &targets[i], err));
    }
    bool to_stdout = !to_folder && strcmp(targets[0].path, "/dev/stdout") == 0;
    return to_stdout ? STRATA_OK : describe(&l, targets, n, err);
}

static const command_option options[] = {
    {.name = "what",
     .arg = "TABLE",
     .help = "accounts (default), features, membership, segments or history"},
    {.name = "where",
     .letter = 'w',
     .arg = "EXPRESSION",
     .help = "only accounts for which it is so, in the language of rules"},
    {.name = "columns", .arg = "LIST", .help = "of accounts: these names, with commas between"},
    {.name = "to",
     .use = OPTION_LOCAL,
     .arg = "DIR",
     .help = "every table, each to a file in this folder"},
    {.name = "type",
     .arg = "TYPE",
     .help = "csv, json, ndjson, parquet or xlsx (default: by the file's ending)"},
    {0}};
static const command_example examples[] = {
    {"strata export accounts.parquet",
     "every account with attributes, segments of all dimensions and scores"},
    {"strata export red.csv --where 'health < 60' --columns id,name,arr,health,csm_id",
     "a list for a spreadsheet"},
    {"strata export --to out --type parquet", "all tables for a notebook"},
    {0}};
const command_def command_export = {
    .name = "export",
    .summary = "Write accounts, features, segments or history to a file",
    .usage = "[FILE.csv]",
    .description =
        "Writes one table to a file whose ending tells the type: CSV, JSON (a list), NDJSON or "
        "Parquet, or a workbook of Excel (which takes no more memory for more rows), with\ntyped "
        "columns and values in full precision (amounts in major units). "
        "accounts has a row per account\nwith its attributes, value, scores and segments; features "
        "adds every computed feature instead;\nmembership a row per account and dimension; "
        "segments "
        "the sizes; history what was recorded, with\ncauses. The file is written whole or not at "
        "all. With - as FILE the table goes to standard output.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .answer = ANSWER_FILE,
    .run = run};
