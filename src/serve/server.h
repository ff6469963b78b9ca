/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_SERVER_H
#define STRATA_SERVE_SERVER_H

/* What answers requests: one project, its accounts in memory, the table of commands. Knows nothing
 * of sockets (daemon.h). */

#include "base/day.h"
#include "serve/http.h"

typedef enum serve_role {
    ACCESS_NONE,
    ACCESS_VIEWER,
    ACCESS_ANALYST,
    ACCESS_ADMIN,
    ACCESS_COUNT
} serve_role;
extern const char *const serve_role_names[ACCESS_COUNT]; /* "none", "viewer", ... */

typedef struct server_options {
    const char *folder;       /* of the project */
    const char *shown_folder; /* as documents name it; NULL: they do not */
    const char *memory_limit; /* of the store; NULL: its default */
    const char *scratch;      /* folder of temporary files; NULL: /tmp */
    int wait_s;               /* for a locked store */
    int threads;
    uint64_t seed;
    day today;          /* DAY_MISSING: that of the clock when it is asked */
    bool allow_write;   /* else nobody changes anything, whatever their role */
    const char *tokens; /* file of tokens; NULL: nobody needs one */
    bool loopback;      /* the Host header must name this machine */
    bool tls;
    unsigned limit_s;     /* of a request's time; 0: the usual */
    size_t cache_bytes;   /* 0: the usual */
    size_t results_bytes; /* of all jobs together; 0: the usual */
} server_options;

typedef struct server server;

/* STRATA_E_NOTFOUND for a folder without project. Texts of the options must outlive it. */
STRATA_MUST_CHECK strata_status server_new(const server_options *options, server **out,
                                           strata_error *err);
void server_free(server *s); /* NULL is fine */
STRATA_DEFINE_AUTO(server, server_free)

/* Answers; every failure becomes a reply with an error. Safe from several threads. */
void server_answer(server *s, const http_request *request, http_reply *reply);
/* Refuses what comes and cancels what runs; streams of events end. */
void server_stop(server *s);

/* A reply that says what went wrong. */
void server_fail(http_reply *reply, unsigned status, const char *code, const char *message);
void server_fail_with(http_reply *reply, const strata_error *err);

#endif
