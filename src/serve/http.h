/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_HTTP_H
#define STRATA_SERVE_HTTP_H

/* A request and its reply, without sockets: what daemon.c reads and sends, and what everything else
 * here works on. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/strbuf.h"
#include "command/request.h"

typedef enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_DELETE,
    HTTP_OTHER
} http_method;

/* The headers that are read. */
typedef enum http_header {
    HEADER_HOST,
    HEADER_ORIGIN,
    HEADER_SEC_FETCH_SITE,
    HEADER_AUTHORIZATION,
    HEADER_ACCEPT,
    HEADER_ACCEPT_ENCODING,
    HEADER_IF_NONE_MATCH,
    HEADER_IF_MATCH,
    HEADER_CONTENT_TYPE,
    HEADER_COOKIE,
    HEADER_COUNT
} http_header;
extern const char *const http_header_names[HEADER_COUNT];

typedef struct http_request {
    arena *arena; /* of this request */
    http_method method;
    const char *path;       /* decoded, begins with '/' */
    const call_pair *query; /* decoded */
    size_t n_query;
    const char *headers[HEADER_COUNT]; /* NULL: not sent */
    const char *body;
    size_t body_len;
    /* Whether the client has hung up; NULL: not known. Asked now and then by what takes long. */
    bool (*gone)(void *payload);
    void *payload;
} http_request;

/* Bytes that several replies may share. */
typedef struct http_bytes http_bytes;
/* Takes the text out of `text`, which is empty afterwards; NULL when memory ran out. */
http_bytes *http_bytes_take(strbuf *text);
http_bytes *http_bytes_keep(http_bytes *b); /* one more owner */
void http_bytes_free(http_bytes *b);        /* one owner less; NULL is fine */
STRATA_DEFINE_AUTO(http_bytes, http_bytes_free)
const char *http_bytes_data(const http_bytes *b);
size_t http_bytes_len(const http_bytes *b);
/* What was said beside them, as a header has it (NULL: nothing): told as long as they live. */
void http_bytes_set_notices(http_bytes *b, const char *header);
const char *http_bytes_notices(const http_bytes *b); /* NULL: nothing */

struct job;

typedef struct http_reply {
    unsigned status;
    const char *type; /* content type; static text */
    http_bytes *body; /* owned; NULL: none */
    const void *file; /* instead of body: bytes that live as long as the program */
    size_t file_len;
    struct job *follow;    /* instead of body: the events of a job, as they come; owned */
    char etag[80];         /* with its quotes; "": none */
    char location[64];     /* "": none */
    char cookie[192];      /* to be set; "": none */
    char *notices;         /* owned; NULL: none */
    const char *file_name; /* of a download; of the request's arena or static; NULL: none */
    const char *encoding;  /* "gzip"; NULL: as it is */
    const char *allow;     /* methods, with status 405 */
    const char *policy;    /* content security policy; NULL: that of data */
    bool close;            /* nothing more is read from this client */
    unsigned retry_after;  /* seconds; 0: not told */
    bool sign_in;          /* a token is wanted */
} http_reply;
void http_reply_done(http_reply *r);

enum {
    HTTP_TARGET_MAX = 8192,   /* bytes of path and query */
    HTTP_QUERY_MAX = 64,      /* parameters */
    HTTP_BODY_MAX = 2u << 20, /* bytes of a body */
};

/* Path and query out of what stands in the request line ("/v1/accounts?where=arr%20%3E%205k").
 * Allocated in `a`. STRATA_E_USAGE for what is no path, a % without two digits, a NUL or other
 * control character, text that is no UTF-8, too much of anything. */
STRATA_MUST_CHECK strata_status http_target(arena *a, const char *target, const char **path,
                                            const call_pair **query, size_t *n_query,
                                            strata_error *err);

/* Value of a parameter; NULL when it is not given. The last one counts. */
const char *http_query(const http_request *r, const char *name);

/* Weight of one element of a list, in thousandths: 500 of "br;q=0.5", 1000 without one. */
int http_weight(const char *element, size_t len);
/* Whether a list such as "gzip, br;q=0.5" takes `what` (not with q=0). */
bool http_takes(const char *list, const char *what);
/* Whether a list of entity tags (If-None-Match, If-Match) has this one; "*" has all. */
bool http_has_tag(const char *list, const char *etag);

/* The text as gzip. false when memory ran out; `out` is initialised. */
bool http_gzip(const char *bytes, size_t len, strbuf *out);

#endif
