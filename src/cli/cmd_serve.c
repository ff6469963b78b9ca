/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "cli/cli.h"
#include "project/project.h"
#include "serve/daemon.h"

enum { PORT = 8484, PORT_MAX = 65535, PEM_MAX = 1 << 20 };

/* What was asked for. */
typedef struct wanted {
    server_options server;
    daemon_options daemon;
    char *cert, *key; /* owned */
} wanted;

static void wanted_done(wanted *w)
{
    free(w->cert);
    free(w->key);
}

static strata_status read_tls(const call *c, wanted *w, strata_error *err)
{
    const char *cert = call_value(c, "tls-cert");
    const char *key = call_value(c, "tls-key");
    size_t len = 0;
    if ((cert == NULL) != (key == NULL)) {
        return strata_fail(err, STRATA_E_USAGE, "--tls-cert and --tls-key go together");
    }
    if (cert != NULL) {
        STRATA_TRY(file_read(cert, PEM_MAX, &w->cert, &len, err));
        STRATA_TRY(file_read(key, PEM_MAX, &w->key, &len, err));
    }
    w->daemon.cert = w->cert;
    w->daemon.key = w->key;
    w->server.tls = cert != NULL;
    return STRATA_OK;
}

/* Whoever can reach more than this machine has to say so, and who may come in. */
static strata_status read_access(const call *c, wanted *w, strata_error *err)
{
    const char *given = call_value(c, "token-file");
    const char *usual = arena_printf(c->arena, "%s/strata-tokens", w->server.folder);
    if (usual == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    w->server.tokens = given != NULL ? given : file_exists(usual) ? usual : NULL;
    if (w->server.loopback) {
        return STRATA_OK;
    }
    if (w->server.tokens == NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--bind %s lets other machines in, which takes tokens: strata token add "
                           "NAME --role viewer",
                           w->daemon.address);
    }
    if (!w->server.tls && !call_has(c, "insecure-bind")) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--bind %s lets other machines in without encryption: give --tls-cert "
                           "and --tls-key, or --insecure-bind if something before it encrypts",
                           w->daemon.address);
    }
    return STRATA_OK;
}

static strata_status read_request(const call *c, wanted *w, strata_error *err)
{
    long port = 0;
    long wait = 0;
    STRATA_TRY(call_count(c, "port", 0, PORT_MAX, PORT, &port, err));
    STRATA_TRY(call_count(c, "wait", 0, 86400, STORE_WAIT_DEFAULT_S, &wait, err));
    long timeout = 0;
    STRATA_TRY(call_count(c, "timeout", 1, 3600, 0, &timeout, err));
    STRATA_TRY(read_tls(c, w, err));
    const char *address = call_value(c, "bind");
    w->daemon.address = address != NULL ? address : "127.0.0.1";
    w->daemon.port = (int)port;
    w->daemon.timeout_s = (unsigned)timeout; /* 0: the usual */
    w->server.folder = call_folder(c) != NULL ? call_folder(c) : ".";
    w->server.memory_limit = call_value(c, "memory");
    STRATA_TRY(store_check_memory(w->server.memory_limit, err));
    w->server.scratch = c->render.scratch;
    w->server.wait_s = wait > 0 ? (int)wait : -1;
    w->server.threads = c->cx.threads;
    w->server.seed = c->cx.seed;
    w->server.today = call_has(c, "today") ? c->cx.today : DAY_MISSING;
    w->server.allow_write = call_has(c, "allow-write");
    w->server.loopback = daemon_is_loopback(w->daemon.address);
    return read_access(c, w, err);
}

/* Until somebody asks to stop. */
static void wait_for_signal(const call *c)
{
    enum { STEP_MS = 50 };
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    while (!context_cancelled(&c->cx)) {
        (void)nanosleep(&step, NULL);
    }
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(wanted_done) wanted w = {0};
    STRATA_AUTO(server_free) server *s = NULL;
    STRATA_AUTO(daemon_stop) serve_daemon *d = NULL;
    STRATA_TRY(read_request(c, &w, err));
    STRATA_TRY(server_new(&w.server, &s, err));
    STRATA_TRY(daemon_start(s, &w.daemon, &d, err));
    bool six = strchr(w.daemon.address, ':') != NULL;
    (void)printf("serving %s at %s://%s%s%s:%d/ (Ctrl-C ends it)\n", w.server.folder,
                 w.server.tls ? "https" : "http", six ? "[" : "", w.daemon.address, six ? "]" : "",
                 daemon_port(d));
    (void)fflush(stdout);
    wait_for_signal(c);
    return STRATA_OK;
}

static const command_option options[] = {
    {.name = "port", .arg = "N", .help = "port to listen on (default 8484; 0: any that is free)"},
    {.name = "bind",
     .arg = "ADDRESS",
     .help = "address to listen on (default 127.0.0.1, which only this machine reaches)"},
    {.name = "tls-cert", .arg = "FILE", .help = "certificate (PEM), for https"},
    {.name = "tls-key", .arg = "FILE", .help = "its private key (PEM)"},
    {.name = "insecure-bind",
     .help = "with --bind: without TLS, because something before it encrypts"},
    {.name = "token-file",
     .arg = "FILE",
     .help = "tokens that are let in (default: strata-tokens in the project's folder, if it is "
             "there)"},
    {.name = "timeout",
     .arg = "SECONDS",
     .help = "let go of clients that neither send nor take anything for so long (default 30)"},
    {.name = "allow-write", .help = "runs, ingests and changes of the model may be asked for"},
    {0}};
static const command_example examples[] = {
    {"strata serve --port 8484", "the workbench and the REST interface, for this machine"}, {0}};
const command_def command_serve = {
    .name = "serve",
    .summary = "Serve the workbench and the REST interface",
    .description = "Answers over HTTP what the command line answers: GET /v1/COMMAND with its "
                   "arguments and options as\nparameters, as JSON (the default), HTML, Markdown or "
                   "CSV. /v1/openapi.json describes all of it. The\nworkbench is at /. Other "
                   "programs may read and write the project meanwhile.\n\n"
                   "Only this machine is served unless --bind says otherwise.",
    .options = options,
    .examples = examples,
    .run = run};
