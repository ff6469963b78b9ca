/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/intake.h"
#include "command/session.h"

/* --- what was guessed --- */

static size_t count_known(const guess_file *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_columns; i++) {
        n += f->columns[i].field != NULL;
    }
    return n;
}

static void list_files(document *d, doc_section *s, const guess_result *guess)
{
    static const doc_column columns[] = {
        {.key = "file", .label = "File", .type = CELL_TEXT},
        {.key = "entity", .label = "Holds", .type = CELL_TEXT},
        {.key = "columns", .label = "Columns", .type = CELL_COUNT},
        {.key = "recognised", .label = "Recognised", .type = CELL_COUNT},
        {.key = "note", .label = "Note", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "files", NULL, columns, 5);
    for (size_t i = 0; i < guess->n_files; i++) {
        const guess_file *f = &guess->files[i];
        const char *note = f->trouble != NULL ? f->trouble : f->missing;
        doc_row(t,
                (doc_cell[]){cell_text(f->path),
                             f->entity != NULL ? cell_text(f->entity) : cell_text("not recognised"),
                             cell_count((int64_t)f->n_columns), cell_count((int64_t)count_known(f)),
                             note != NULL ? cell_text(note) : cell_empty(NULL)});
    }
    if (guess->n_files == 0) {
        doc_table_footnote(t, "no .csv, .tsv or .txt file found");
    }
    (void)d;
}

static void list_columns(doc_section *s, const guess_result *guess)
{
    static const doc_column columns[] = {
        {.key = "entity", .label = "Entity", .type = CELL_TEXT},
        {.key = "heading", .label = "Heading", .type = CELL_TEXT},
        {.key = "column", .label = "Is taken as", .type = CELL_TEXT},
        {.key = "confidence", .label = "Readable", .type = CELL_SHARE},
        {.key = "note", .label = "Note", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "columns", NULL, columns, 5);
    for (size_t i = 0; i < guess->n_files; i++) {
        const guess_file *f = &guess->files[i];
        for (size_t k = 0; f->entity != NULL && k < f->n_columns; k++) {
            const guess_column *c = &f->columns[k];
            const char *unknown =
                strcmp(f->entity, "accounts") == 0 ? "an attribute" : "not recognised";
            doc_row(t, (doc_cell[]){cell_text(f->entity), cell_text(c->heading),
                                    cell_text(c->field != NULL ? c->field : unknown),
                                    cell_share(c->readable),
                                    c->note != NULL ? cell_text(c->note) : cell_empty(NULL)});
        }
    }
    for (size_t i = 0; i < guess->n_files; i++) {
        if (guess->files[i].amount != NULL) {
            doc_table_footnote(t, "amount of %s %s", guess->files[i].entity,
                               guess->files[i].amount);
        }
    }
    doc_table_footnote(t, "'Readable' is the share of the first values that are what the column "
                          "wants.");
}

static strata_status absolute(const call *c, const char *path, const char **out, strata_error *err)
{
    STRATA_AUTO_FREE char *full = file_absolute(path);
    if (full == NULL) {
        return strata_fail(err, errno == ENOMEM ? STRATA_E_NOMEM : STRATA_E_IO, "cannot find '%s'",
                           path);
    }
    *out = arena_strdup(c->arena, full);
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* What a portfolio is called that has no name yet: its folder. */
static strata_status folder_name(const call *c, const char *folder, const char **out,
                                 strata_error *err)
{
    if (strcmp(folder, ".") != 0) {
        *out = folder;
        return STRATA_OK;
    }
    STRATA_TRY(absolute(c, folder, out, err));
    const char *slash = strrchr(*out, '/');
    *out = slash != NULL && slash[1] != '\0' ? slash + 1 : *out;
    return STRATA_OK;
}

static strata_status describe(const call *c, const char *folder, const char *path,
                              const guess_result *guess, bool written, strata_error *err)
{
    const char *name = NULL;
    STRATA_TRY(folder_name(c, folder, &name, err));
    document_head head = {.kind = "init",
                          .title = written ? arena_printf(c->arena, "Wrote %s", path)
                                           : "Nothing written",
                          .portfolio = name,
                          .currency = "USD",
                          .as_of = DAY_MISSING,
                          .model_name = draft_template(guess),
                          .version = STRATA_VERSION,
                          .seed = c->cx.seed,
                          .n_accounts = -1,
                          .arr_minor = -1};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(document_new(&head, &d, err));
    doc_section *s = document_section(d, NULL, "guess", "What the files seem to be");
    list_files(d, s, guess);
    list_columns(s, guess);
    if (written) {
        doc_paragraph(s, "This is a guess: look at `%s` and correct it before the first ingest.",
                      path);
        const char *where =
            strcmp(folder, ".") == 0 ? "" : arena_printf(c->arena, " --project %s", folder);
        doc_next_step(d, arena_printf(c->arena, "strata%s ingest", where != NULL ? where : ""));
        doc_next_step(d, arena_printf(c->arena, "strata%s run", where != NULL ? where : ""));
    }
    return call_show(c, d, err);
}

/* --- the draft --- */

static strata_status fill(const call *c, const char *folder, const guess_result *guess, draft *d,
                          strata_error *err)
{
    const char **files = ARENA_NEW(c->arena, guess->n_files + 1, const char *);
    if (files == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(absolute(c, folder, &d->folder, err));
    for (size_t i = 0; i < guess->n_files; i++) {
        STRATA_TRY(absolute(c, guess->files[i].path, &files[i], err));
    }
    d->guess = guess;
    d->files = files;
    bool terminal = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
    return terminal && !call_has(c, "yes") ? intake_ask(c, d->answers, err) : STRATA_OK;
}

/* Writes only what loads. */
static strata_status write_model(const char *path, const draft *d, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    STRATA_AUTO(model_free) model *m = NULL;
    strbuf_init(&text, 0);
    draft_write(d, &text);
    STRATA_TRY(strbuf_status(&text, err));
    strata_status st = model_parse(path, text.text, text.len, &m, err);
    if (st != STRATA_OK) {
        return strata_wrap(err, st, "the guess does not make a model, so nothing was written");
    }
    return file_write(path, text.text, text.len, err);
}

static strata_status find_files(const call *c, guess_result *guess, strata_error *err)
{
    static const char *const here[] = {"."};
    const char *folder = call_folder(c);
    const char *const from_project[] = {folder != NULL ? folder : here[0]};
    return c->n_args > 0 ? source_guess(&c->cx, c->args, c->n_args, c->arena, guess, err)
                         : source_guess(&c->cx, from_project, 1, c->arena, guess, err);
}

static strata_status run(call *c, strata_error *err)
{
    const char *folder = call_folder(c);
    folder = folder != NULL ? folder : ".";
    const char *path = arena_printf(c->arena, "%s/strata.yaml", folder);
    guess_result guess = {0};
    draft d = {0};
    if (path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (file_exists(path) && !call_has(c, "force")) {
        return strata_fail(err, STRATA_E_USAGE,
                           "there is a '%s' already; --force writes a new one over it", path);
    }
    STRATA_TRY(find_files(c, &guess, err));
    if (draft_template(&guess) == NULL) {
        STRATA_TRY(describe(c, folder, path, &guess, false, err));
        return strata_fail(err, STRATA_E_DATA,
                           "no file of accounts, ARR or orders was recognised among %zu; rename "
                           "headings, or write '%s' by hand (docs/model-reference.md)",
                           guess.n_files, path);
    }
    STRATA_TRY(file_make_dirs(folder, err));
    STRATA_TRY(fill(c, folder, &guess, &d, err));
    STRATA_TRY(write_model(path, &d, err));
    return describe(c, folder, path, &guess, true, err);
}

static const command_option options[] = {
    {.name = "yes", .letter = 'y', .help = "ask nothing, also on a terminal"},
    {.name = "force", .help = "write over a strata.yaml that is there"},
    {0}};
static const command_example examples[] = {
    {"strata init exports/", "make this folder a project from the files in exports"},
    {"strata --project acme init accounts.csv subscriptions.csv usage.csv",
     "make the project folder acme from these three"},
    {0}};
enum { FILES_MAX = 1000 };
const command_def command_init = {
    .name = "init",
    .summary = "Make a project from your own exports",
    .usage = "[FILE|DIR]...",
    .description =
        "Looks at the headings and first rows of delimited files (of a folder: all .csv, .tsv and "
        ".txt in it),\nguesses what each holds and which column is what (exports of Salesforce, "
        "HubSpot, Stripe, ChartMogul,\nGainsight and Totango, and plain names), and writes "
        "strata.yaml with the guess for you to correct.\nThe template goes with what is there: "
        "hybrid for ARR with usage, value for ARR alone, shop for orders\nalone. On a terminal it "
        "asks about your business; the answers are kept under 'business' and may be\nleft out.",
    .options = options,
    .examples = examples,
    .most_args = FILES_MAX,
    .run = run};
