/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_PARTS_H
#define STRATA_SERVE_PARTS_H

/* What the files of this folder share and nobody else sees. */

#include <jansson.h>

#include "project/project.h"
#include "render/json/text.h"
#include "serve/cache.h"
#include "serve/compute.h"
#include "serve/form.h"
#include "serve/jobs.h"
#include "serve/notices.h"
#include "serve/server.h"
#include "serve/state.h"
#include "serve/tables.h"
#include "serve/tokens.h"
#include "serve/views.h"

struct server {
    server_options options;
    compute *compute;
    jobs *jobs;
    token_guard *guard; /* NULL: nobody needs a token */
    cache *cache;
    project_files files;
    /* Touched on the thread of `compute` only. */
    project_keep keep;
    views views;
    tables tables;
};

/* A request on its way through. */
typedef struct exchange {
    server *s;
    const http_request *request;
    serve_role role;
    char who[TOKEN_NAME_MAX + 1]; /* name of the token; "": none was needed */
    http_reply *reply;
    notices notices; /* of what is computed for it; server_answer() sends them */
} exchange;

static inline bool request_asks(const http_request *r)
{
    return r->method == HTTP_GET || r->method == HTTP_HEAD;
}
/* STRATA_E_USAGE when there are any in the address. */
STRATA_MUST_CHECK strata_status no_parameters(const http_request *r, strata_error *err);

/* Functions that answer return a status: server_answer() makes the reply out of a failure. */
typedef strata_status answer_fn(exchange *x, strata_error *err);

/* --- who asks (guard.c) --- */
bool host_is_this_machine(const char *host);
bool origin_is_own(const char *origin, const char *host, bool tls);
/* Sets the role; false, with the reply, for a request that is not answered at all. */
bool guard_let_in(exchange *x, strata_error *err);
/* False, with the reply, when the role does not do. */
bool guard_allows(exchange *x, serve_role least, bool changes);
void guard_ask_to_sign_in(exchange *x);

/* --- the log of changes (audit.c) --- */
typedef struct audit_entry {
    const char *what, *state; /* "run", "asked" */
    const char *job;          /* its id; NULL: none */
    const char *who;
    serve_role role;
    const call_pair *pairs;
    size_t n_pairs;
    const char *message; /* NULL: none */
} audit_entry;
/* STRATA_E_IO when it cannot be written: then nothing may be changed. */
STRATA_MUST_CHECK strata_status audit_write(const server *s, const audit_entry *e,
                                            strata_error *err);
STRATA_MUST_CHECK strata_status audit_begin(const exchange *x, const char *what, strata_error *err);
void audit_end(const exchange *x, const char *what, const char *failure); /* NULL: done */

/* --- forms (forms.c) --- */
/* Says which forms there are. */
void fail_form(exchange *x, const command_def *def);

/* --- whole answers --- */
/* Fills the reply with the bytes, compressed if the client takes that. `key` (may be NULL) is where
 * the compressed bytes are kept. What was said when they were computed is said again. */
STRATA_MUST_CHECK strata_status reply_bytes(exchange *x, const char *type, const char *key,
                                            http_bytes *bytes, strata_error *err);
STRATA_MUST_CHECK strata_status reply_json(exchange *x, json_t *value, strata_error *err);
/* Digest of a request on the project as it is: path, parameters, form. `state` (may be NULL) gets
 * that of the project's files. */
void request_key(const exchange *x, const char *form, char state[DIGEST_TEXT],
                 char out[DIGEST_TEXT]);
/* Sets the ETag, and the status 304 when the client has that already (true). */
bool reply_known(exchange *x, const char key[DIGEST_TEXT]);

/* Keeps what was computed, with its notices, when nobody wrote to the project meanwhile: else it
 * may be of either state and is not to be recognised again. */
void keep_answer(exchange *x, const char *form, const char key[DIGEST_TEXT], http_bytes *bytes);

/* Runs on the thread of `compute`, with the request's limits. `run` gets a context that is
 * cancelled when the client hangs up. */
typedef strata_status work_fn(void *payload, const context *cx, strata_error *err);
STRATA_MUST_CHECK strata_status work_do(exchange *x, work_fn *run, void *payload,
                                        strata_error *err);
context work_context(const server *s, const volatile sig_atomic_t *cancelled);
/* The date to take for today: the one that the server was given, else the clock's. */
day server_today(const server *s);
/* How the project is opened, with the accounts that the server keeps. */
project_options server_project(server *s);
/* The project with its data; on the thread of `compute`. */
STRATA_MUST_CHECK strata_status work_project(server *s, const context *cx, project **out,
                                             strata_error *err);

/* What a command answers. Pairs are the request's, without those of the server itself. */
typedef struct command_work {
    server *s;
    const command_def *def;
    const call_pair *pairs;
    size_t n_pairs;
    bool may_change;
    answer_form form;
    const char *table; /* of csv; NULL: the command's own */
    const char *text;  /* of a model, for `plan`; NULL: none */
    size_t text_len;
    json_rows *rows;   /* the table alone, instead of the document; NULL: the document */
    size_t most;       /* rows of each table of a document in JSON, the rest by pages; 0: all */
    const char *state; /* of the project's files when the answer was begun; NULL: not of use */
    /* What came of it. */
    bool shown;
    strbuf out; /* the document */
    job_file files[JOB_FILES_MAX];
    size_t n_files;
} command_work;
void command_work_done(command_work *w);
STRATA_MUST_CHECK strata_status command_render(command_work *w, const context *cx,
                                               strata_error *err);
/* Hands over what came of it: the document, with the files beside it, or the file that is the
 * answer. */
STRATA_MUST_CHECK strata_status command_outcome(command_work *w, job_outcome *out,
                                                strata_error *err);

/* Keeps the tables of a document that are longer than its `most` rows, so that the pages behind
 * those compute nothing (pages.c). */
STRATA_MUST_CHECK strata_status pages_keep(const command_work *w, const document *d,
                                           strata_error *err);

/* --- routes, one file each --- */
answer_fn answer_command;     /* GET /v1/<command> */
answer_fn answer_project;     /* GET /v1/project */
answer_fn answer_page;        /* the workbench */
answer_fn answer_model;       /* /v1/model */
answer_fn answer_model_check; /* POST /v1/model/check */
answer_fn answer_model_plan;  /* POST /v1/model/plan */
answer_fn answer_session;     /* /v1/session */
answer_fn answer_jobs;        /* /v1/jobs/... */
answer_fn answer_openapi;     /* GET /v1/openapi.json */
strata_status job_run(void *payload, const job_order *order, const context *cx, job_outcome *out,
                      strata_error *err);
void job_ended(void *payload, const job_order *order, job_state how, const char *failure);
/* There is no such command, or it is one of the command line alone: says which and why. */
STRATA_MUST_CHECK strata_status fail_unknown_command(const char *name, strata_error *err);
answer_fn answer_rows;    /* GET /v1/rows/accounts */
answer_fn answer_columns; /* GET /v1/whatif/columns */
answer_fn answer_rules;   /* GET /v1/whatif/rules */
answer_fn answer_retune;  /* POST /v1/whatif/edit */
answer_fn answer_page_of; /* GET /v1/rows/<command> */

/* --- cursors (cursor.c): which state of the project and which list, and how far --- */
enum { PAGE_USUAL = 100, PAGE_MAX = 10000, CURSOR_MARK = 16 };
/* A cursor's mark and place; false when it is none. */
bool cursor_read(const char *cursor, char mark[CURSOR_MARK + 1], size_t *from);
/* Where a page begins; `cursor` NULL: at the beginning. STRATA_E_USAGE for what is no cursor; for
 * one of another list or state of the data the reply is made (409) and STRATA_E_CANCELLED
 * returned. */
STRATA_MUST_CHECK strata_status cursor_from(exchange *x, const char *cursor,
                                            const char own[CURSOR_MARK + 1], size_t *from,
                                            strata_error *err);
/* Appends ,"next_cursor":..} and a line's end; `end` rows of `n` have been given. */
void cursor_put_next(strbuf *out, const char mark[CURSOR_MARK + 1], size_t end, size_t n);
/* Rows of a page: 1 to PAGE_MAX. */
STRATA_MUST_CHECK strata_status page_limit(const char *text, size_t *out, strata_error *err);

#endif
