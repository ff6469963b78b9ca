/* SPDX-License-Identifier: Apache-2.0 */
/* What is done on the one thread that computes. */
#include <stdio.h>
#include <string.h>

#include "base/machine.h"
#include "serve/parts.h"

context work_context(const server *s, const volatile sig_atomic_t *cancelled)
{
    return (context){.threads = s->options.threads,
                     .seed = s->options.seed,
                     .today = server_today(s),
                     .cancelled = cancelled};
}

day server_today(const server *s)
{
    return s->options.today != DAY_MISSING ? s->options.today : machine_today();
}

project_options server_project(server *s)
{
    return (project_options){.folder = s->options.folder,
                             .memory_limit = s->options.memory_limit,
                             .wait_s = s->options.wait_s,
                             .keep = &s->keep};
}

strata_status work_project(server *s, const context *cx, project **out, strata_error *err)
{
    const project_options options = server_project(s);
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(project_open(cx, &options, &p, err));
    STRATA_TRY(project_load(p, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

typedef struct turn {
    server *s;
    work_fn *run;
    void *payload;
    notices *notices;
} turn;

static void keep_notice(void *payload, const char *text)
{
    notices_add(payload, text);
}

static strata_status run_turn(void *payload, const volatile sig_atomic_t *cancelled,
                              strata_error *err)
{
    const turn *t = payload;
    context cx = work_context(t->s, cancelled);
    cx.notice = keep_notice;
    cx.payload = t->notices;
    return t->run(t->payload, &cx, err);
}

strata_status work_do(exchange *x, work_fn *run, void *payload, strata_error *err)
{
    turn t = {x->s, run, payload, &x->notices};
    compute_task task = {.run = run_turn,
                         .payload = &t,
                         .gone = x->request->gone,
                         .gone_payload = x->request->payload,
                         .limit_s = x->s->options.limit_s};
    return compute_do(x->s->compute, &task, err);
}

/* --- a command --- */

static strata_status show(void *payload, const call *c, const document *d, strata_error *err)
{
    command_work *w = payload;
    strbuf_clear(&w->out);
    w->shown = true;
    if (w->rows != NULL) {
        json_rows_done(w->rows);
        json_rows_init(w->rows);
        bool asked = w->table != NULL;
        return json_rows_take(w->rows, d, asked ? w->table : w->def->table, asked, err);
    }
    if (w->most > 0) {
        STRATA_TRY(pages_keep(w, d, err));
    }
    return render_document(d, c->format, &c->render, &w->out, err);
}

/* Files that go with a job are recorded as handed over: those that it could not keep are refused
 * before that. */
static strata_status check_room(const command_work *w, size_t bytes, strata_error *err)
{
    enum { MEGABYTE = 1 << 20 }; /* more than the document beside them needs */
    size_t most = jobs_most_bytes(w->s->jobs);
    for (size_t i = 0; i < w->n_files; i++) {
        bytes += http_bytes_len(w->files[i].bytes);
    }
    return w->def->answer != ANSWER_FILES || bytes + MEGABYTE <= most
               ? STRATA_OK
               : strata_fail(err, STRATA_E_DATA,
                             "the files are more than the %zu MB that this server keeps of jobs: "
                             "write them with 'strata %s' on the command line",
                             most / MEGABYTE, w->def->name);
}

/* Type and bytes of a file that a command makes. */
static strata_status take_file(void *payload, const char *name, strbuf *bytes, strata_error *err)
{
    command_work *w = payload;
    if (w->n_files == JOB_FILES_MAX) {
        return strata_fail(err, STRATA_E_INTERNAL, "more than %d files", JOB_FILES_MAX);
    }
    job_file file = {.type = form_type_of(name)}; /* the name is the call's, which ends first */
    int len = snprintf(file.name, sizeof file.name, "%s", name);
    if (len < 0 || (size_t)len >= sizeof file.name) {
        return strata_fail(err, STRATA_E_INTERNAL, "the name '%.60s...' is too long", name);
    }
    STRATA_TRY(check_room(w, bytes->len, err));
    file.bytes = http_bytes_take(bytes);
    if (file.bytes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    w->files[w->n_files++] = file;
    return STRATA_OK;
}

void command_work_done(command_work *w)
{
    strbuf_done(&w->out);
    for (size_t i = 0; i < w->n_files; i++) {
        http_bytes_free(w->files[i].bytes);
    }
    w->n_files = 0;
}

strata_status command_outcome(command_work *w, job_outcome *out, strata_error *err)
{
    bool file = !w->shown && w->n_files > 0;
    out->result = file ? http_bytes_keep(w->files[0].bytes) : http_bytes_take(&w->out);
    out->type = file ? w->files[0].type : w->form.type;
    if (out->result == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (!file) {
        memcpy(out->files, w->files, sizeof out->files);
        out->n_files = w->n_files;
        w->n_files = 0;
    }
    return STRATA_OK;
}

strata_status command_render(command_work *w, const context *cx, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    strbuf_init(&w->out, 0);
    const call_sink sink = {
        .show = show, .file = w->def->answer == ANSWER_DOCUMENT ? NULL : take_file, .payload = w};
    STRATA_TRY(arena_new(&a, err));
    const project_options opening = server_project(w->s);
    const char *table = w->table != NULL ? w->table : w->def->table;
    call c = {.cx = *cx,
              .arena = a,
              .format = w->form.format,
              .render = {.table = table != NULL && strcmp(table, "all") == 0 ? NULL : table,
                         .scratch = w->s->options.scratch,
                         .rows = w->most},
              .sink = &sink,
              .ending = w->form.ending,
              .text = w->text,
              .text_len = w->text_len,
              .whole_lists = w->rows != NULL || w->most > 0,
              .project = &opening};
    STRATA_TRY(call_request(&c, w->def, w->pairs, w->n_pairs, w->may_change, err));
    return w->def->run(&c, err);
}
