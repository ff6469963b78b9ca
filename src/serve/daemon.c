/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/daemon.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#include "serve/jobs.h"
#include "serve/watch.h"

enum {
    CONNECTIONS = 256, /* of them and more the slow ones go */
    RESERVE = 8,       /* one in so many more, until they are gone */
    PATIENCE = 2,      /* times the timeout, for a request to come in whole */
    TIMEOUT_S = 30,
    HEADERS_MAX = 32 << 10, /* bytes of a request's head */
    STACK_BYTES = 1 << 20,
    DRAIN_MS = 10000
};

struct serve_daemon {
    server *server;
    struct MHD_Daemon *mhd;
    watch *watch;
    unsigned timeout_s;
    bool tls;
    atomic_uint answering; /* requests that are being worked on */
};

/* One request while it comes in. */
typedef struct incoming {
    serve_daemon *daemon;
    arena *arena;
    const char *target; /* as it came; NULL: no memory */
    bool begun;
    bool too_large;
    bool doubtful; /* where it ends, or whom it asks */
    strbuf body;
    struct MHD_Connection *connection;
} incoming;

/* --- what came --- */

/* NULL: it is not watched. */
static watched *watched_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? info->socket_context : NULL;
}

static void on_connection(void *payload, struct MHD_Connection *connection, void **seen,
                          enum MHD_ConnectionNotificationCode what)
{
    const serve_daemon *d = payload;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watch_end(d->watch, *seen);
        *seen = NULL;
        return;
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    *seen = info != NULL ? watch_begin(d->watch, info->connect_fd) : NULL;
}

static void *on_target(void *payload, const char *target, struct MHD_Connection *connection)
{
    incoming *in = STRATA_NEW_ARRAY(1, incoming);
    strata_error err = {0};
    if (in == NULL) {
        return NULL;
    }
    in->daemon = payload;
    in->connection = connection;
    strbuf_init(&in->body, HTTP_BODY_MAX);
    if (arena_new(&in->arena, &err) == STRATA_OK) {
        in->target = arena_strdup(in->arena, target);
    }
    return in;
}

static void on_completed(void *payload, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    const serve_daemon *d = payload;
    (void)why;
    incoming *in = *state;
    watch_receiving(d->watch, watched_of(connection));
    if (in != NULL) {
        strbuf_done(&in->body);
        arena_free(in->arena);
        free(in);
    }
    *state = NULL;
}

static http_method method_of(const char *name)
{
    static const char *const names[] = {[HTTP_GET] = "GET",
                                        [HTTP_HEAD] = "HEAD",
                                        [HTTP_POST] = "POST",
                                        [HTTP_PUT] = "PUT",
                                        [HTTP_DELETE] = "DELETE"};
    int m = 0;
    while (m < HTTP_OTHER && strcmp(names[m], name) != 0) {
        m++;
    }
    return (http_method)m;
}

/* The client has closed its side while it waits for an answer. */
static bool hung_up(void *payload)
{
    const incoming *in = payload;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(in->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (info == NULL) {
        return false;
    }
    struct pollfd p = {.fd = info->connect_fd, .events = POLLIN};
    char byte;
    if (poll(&p, 1, 0) <= 0) {
        return false;
    }
    return (p.revents & (POLLHUP | POLLERR)) != 0 ||
           ((p.revents & POLLIN) != 0 && recv(p.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}

/* --- what goes --- */

static const char data_policy[] = "default-src 'none'; frame-ancestors 'none'";
static const char page_policy[] =
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
    "blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/* A document carries its charts with it, as a file that is opened from disk does; here it may run
 * them in a place of its own, which is not that of the workbench. */
static const char document_policy[] =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "img-src data:; sandbox allow-scripts allow-popups allow-modals; frame-ancestors 'self'";

static void add_headers(struct MHD_Response *response, const http_reply *reply, bool tls)
{
    bool page = reply->policy != NULL && strcmp(reply->policy, "page") == 0;
    bool paper = reply->policy != NULL && strcmp(reply->policy, "document") == 0;
    char seconds[16];
    char disposition[96] = "";
    (void)snprintf(seconds, sizeof seconds, "%u", reply->retry_after);
    if (reply->file_name != NULL && reply->status == 200) {
        (void)snprintf(disposition, sizeof disposition, "attachment; filename=\"%.60s\"",
                       reply->file_name);
    }
    const struct {
        const char *name, *value;
    } headers[] = {
        {"Content-Type", reply->status != 304 ? reply->type : NULL},
        {"Content-Encoding", reply->status != 304 ? reply->encoding : NULL},
        {"ETag", reply->etag[0] != '\0' ? reply->etag : NULL},
        {"Location", reply->location[0] != '\0' ? reply->location : NULL},
        {"Allow", reply->allow},
        {"Connection", reply->close ? "close" : NULL},
        {"Set-Cookie", reply->cookie[0] != '\0' ? reply->cookie : NULL},
        {"Retry-After", reply->retry_after > 0 ? seconds : NULL},
        {"WWW-Authenticate", reply->sign_in ? "Bearer realm=\"strata\"" : NULL},
        {"Cache-Control", reply->etag[0] != '\0' ? "private, no-cache" : "no-store"},
        {"Strata-Notice", reply->status != 304 ? reply->notices : NULL},
        {"Content-Disposition", disposition[0] != '\0' ? disposition : NULL},
        {"Vary", "Accept, Accept-Encoding, Authorization"},
        {"Content-Security-Policy", page    ? page_policy
                                    : paper ? document_policy
                                            : data_policy},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", paper ? "SAMEORIGIN" : "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Strict-Transport-Security", tls ? "max-age=31536000" : NULL},
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        if (headers[i].value != NULL) {
            (void)MHD_add_response_header(response, headers[i].name, headers[i].value);
        }
    }
}

/* The library wants bytes that it may write to, and never does. */
static void *writable(const void *bytes)
{
    union {
        const void *in;
        void *out;
    } same = {.in = bytes};
    return same.out;
}

static void let_go(void *bytes)
{
    http_bytes_free(bytes);
}

/* The events of a job, on the connection's own thread, which may wait for them. */
typedef struct stream {
    job *job;
    unsigned seen;
    bool last;
    strbuf text;
    size_t sent;
} stream;

static ssize_t on_stream(void *payload, uint64_t at, char *out, size_t cap)
{
    stream *s = payload;
    (void)at;
    if (s->sent == s->text.len) {
        if (s->last) {
            return MHD_CONTENT_READER_END_OF_STREAM;
        }
        strbuf_clear(&s->text);
        s->sent = 0;
        s->last = !job_events(s->job, &s->seen, &s->text);
    }
    size_t n = s->text.len - s->sent < cap ? s->text.len - s->sent : cap;
    memcpy(out, strbuf_text(&s->text) + s->sent, n);
    s->sent += n;
    return n > 0 ? (ssize_t)n : MHD_CONTENT_READER_END_OF_STREAM;
}

static void end_stream(void *payload)
{
    stream *s = payload;
    strbuf_done(&s->text);
    job_unfollow(s->job);
    free(s);
}

static struct MHD_Response *stream_of(http_reply *reply)
{
    enum { BLOCK = 8192 };
    stream *s = STRATA_NEW_ARRAY(1, stream);
    if (s == NULL) {
        return NULL;
    }
    s->job = reply->follow;
    reply->follow = NULL;
    strbuf_init(&s->text, 0);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_stream, s, end_stream);
}

static struct MHD_Response *response_of(http_reply *reply)
{
    if (reply->follow != NULL) {
        return stream_of(reply);
    }
    if (reply->file != NULL) {
        return MHD_create_response_from_buffer_with_free_callback_cls(
            reply->file_len, writable(reply->file), NULL, NULL);
    }
    http_bytes *body = reply->body;
    if (body == NULL || reply->status == 304) {
        return MHD_create_response_from_buffer(0, writable(""), MHD_RESPMEM_PERSISTENT);
    }
    reply->body = NULL;
    const char *data = http_bytes_data(body);
    return MHD_create_response_from_buffer_with_free_callback_cls(http_bytes_len(body),
                                                                  writable(data), let_go, body);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, http_reply *reply, bool tls)
{
    struct MHD_Response *response = response_of(reply);
    if (response == NULL) {
        return MHD_NO;
    }
    add_headers(response, reply, tls);
    enum MHD_Result sent = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return sent;
}

static void answer(incoming *in, const char *method, http_reply *reply)
{
    strata_error err = {0};
    http_request r = {.arena = in->arena,
                      .method = method_of(method),
                      .body = strbuf_text(&in->body),
                      .body_len = in->body.len,
                      .gone = hung_up,
                      .payload = in};
    for (int h = 0; h < HEADER_COUNT; h++) {
        r.headers[h] =
            MHD_lookup_connection_value(in->connection, MHD_HEADER_KIND, http_header_names[h]);
    }
    if (http_target(in->arena, in->target, &r.path, &r.query, &r.n_query, &err) != STRATA_OK) {
        server_fail_with(reply, &err);
        return;
    }
    /* Time that is spent computing is not the client's. */
    (void)MHD_set_connection_option(in->connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
    server_answer(in->daemon->server, &r, reply);
    (void)MHD_set_connection_option(in->connection, MHD_CONNECTION_OPTION_TIMEOUT,
                                    in->daemon->timeout_s);
}

/* Whether the head alone says that there is too much to come. */
static bool announces_too_much(struct MHD_Connection *connection)
{
    enum { DIGITS = 8 };
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    if (length == NULL) {
        return false;
    }
    unsigned long n = strlen(length) < DIGITS ? strtoul(length, NULL, 10) : HTTP_BODY_MAX + 1ul;
    return n > HTTP_BODY_MAX;
}

typedef struct heads {
    unsigned hosts, lengths, encodings;
} heads;

static enum MHD_Result count_head(void *payload, enum MHD_ValueKind kind, const char *key,
                                  const char *value)
{
    heads *n = payload;
    (void)kind;
    (void)value;
    n->hosts += strcasecmp(key, "Host") == 0 ? 1 : 0;
    n->lengths += strcasecmp(key, "Content-Length") == 0 ? 1 : 0;
    n->encodings += strcasecmp(key, "Transfer-Encoding") == 0 ? 1 : 0;
    return MHD_YES;
}

/* Somebody before the server may take another end, or another host, for the right one. */
static bool is_doubtful(struct MHD_Connection *connection)
{
    heads n = {0};
    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, count_head, &n);
    return n.hosts > 1 || n.lengths + n.encodings > 1;
}

static enum MHD_Result finish(incoming *in, const char *method)
{
    http_reply reply = {0};
    if (in->target == NULL) {
        return MHD_NO;
    }
    watch *w = in->daemon->watch;
    (void)atomic_fetch_add(&in->daemon->answering, 1);
    watch_answering(w, watched_of(in->connection));
    if (in->too_large || in->body.failed != STRATA_OK) {
        server_fail(&reply, 413, "too-large", "the body is larger than 2 MB");
    } else if (in->doubtful) {
        server_fail(&reply, 400, "usage", "Host or the length of the body is said twice");
        reply.close = true;
    } else {
        answer(in, method, &reply);
    }
    if (reply.follow == NULL) { /* events come when there are any */
        size_t file = reply.file != NULL ? reply.file_len : 0;
        watch_sending(w, watched_of(in->connection),
                      reply.body != NULL ? http_bytes_len(reply.body) : file);
    }
    enum MHD_Result sent = send_reply(in->connection, &reply, in->daemon->tls);
    http_reply_done(&reply);
    (void)atomic_fetch_sub(&in->daemon->answering, 1);
    return sent;
}

/* NOLINTNEXTLINE(readability-function-size): the library's signature */
static enum MHD_Result on_request(void *payload, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *data, size_t *n_data, void **state)
{
    (void)payload;
    (void)path;
    (void)version;
    incoming *in = *state;
    if (in == NULL) {
        return MHD_NO;
    }
    if (!in->begun) {
        in->begun = true;
        in->connection = connection;
        in->too_large = announces_too_much(connection);
        in->doubtful = is_doubtful(connection);
        return in->too_large || in->doubtful ? finish(in, method) : MHD_YES;
    }
    if (*n_data > 0) {
        strbuf_add_n(&in->body, data, *n_data);
        *n_data = 0;
        return MHD_YES;
    }
    return finish(in, method);
}

/* --- listening --- */

typedef union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} address;

static bool read_address(const char *text, int port, address *out)
{
    *out = (address){0};
    if (strcmp(text, "localhost") == 0) {
        text = "127.0.0.1";
    }
    if (inet_pton(AF_INET, text, &out->v4.sin_addr) == 1) {
        out->v4.sin_family = AF_INET;
        out->v4.sin_port = htons((uint16_t)port);
        return true;
    }
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        return true;
    }
    return false;
}

bool daemon_is_loopback(const char *text)
{
    address a;
    if (!read_address(text, 0, &a)) {
        return false;
    }
    if (a.any.sa_family == AF_INET) {
        return (ntohl(a.v4.sin_addr.s_addr) >> 24) == 127;
    }
    return IN6_IS_ADDR_LOOPBACK(&a.v6.sin6_addr);
}

static unsigned connections_of(const daemon_options *o)
{
    return o->connections > 0 ? o->connections : (unsigned)CONNECTIONS;
}

static struct MHD_Daemon *listen_on(serve_daemon *d, const daemon_options *o, const address *a)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_ITC;
    flags |= a->any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    flags |= o->cert != NULL ? MHD_USE_TLS : 0;
    const struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, writable(o->cert)},
                                         {MHD_OPTION_HTTPS_MEM_KEY, 0, writable(o->key)},
                                         {MHD_OPTION_END, 0, NULL}};
    static const struct MHD_OptionItem nothing[] = {{MHD_OPTION_END, 0, NULL}};
    unsigned most = connections_of(o) + connections_of(o) / RESERVE + 1;
    return MHD_start_daemon(flags, 0, NULL, NULL, on_request, d, MHD_OPTION_SOCK_ADDR, &a->any,
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, d, MHD_OPTION_NOTIFY_COMPLETED,
                            on_completed, d, MHD_OPTION_NOTIFY_CONNECTION, on_connection, d,
                            MHD_OPTION_CONNECTION_LIMIT, most, MHD_OPTION_CONNECTION_TIMEOUT,
                            d->timeout_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEADERS_MAX,
                            MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK_BYTES,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
                            o->cert != NULL ? tls : nothing, MHD_OPTION_END);
}

strata_status daemon_start(server *s, const daemon_options *o, serve_daemon **out,
                           strata_error *err)
{
    address a;
    if (!read_address(o->address, o->port, &a)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is no address to listen on; write one such as 127.0.0.1 or ::1",
                           o->address);
    }
    STRATA_AUTO_FREE serve_daemon *d = STRATA_NEW_ARRAY(1, serve_daemon);
    STRATA_AUTO(watch_free) watch *w = NULL;
    if (d == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    d->server = s;
    d->tls = o->cert != NULL;
    d->timeout_s = o->timeout_s > 0 ? o->timeout_s : TIMEOUT_S;
    const watch_options watching = {.patience_s = PATIENCE * d->timeout_s,
                                    .many = connections_of(o)};
    STRATA_TRY(watch_new(&watching, &w, err));
    d->watch = w;
    d->mhd = listen_on(d, o, &a);
    if (d->mhd == NULL) {
        return strata_fail(err, STRATA_E_IO,
                           "cannot listen on %s port %d: is it taken%s? --port 0 takes a free one",
                           o->address, o->port,
                           d->tls ? ", or are certificate and key none that fit" : "");
    }
    d->watch = strata_steal(&w);
    *out = strata_steal(&d);
    return STRATA_OK;
}

int daemon_port(const serve_daemon *d)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : 0;
}

void daemon_stop(serve_daemon *d)
{
    enum { STEP_MS = 20 };
    const struct timespec step = {.tv_nsec = STEP_MS * 1000000L};
    if (d == NULL) {
        return;
    }
    MHD_socket listening = MHD_quiesce_daemon(d->mhd);
    for (int ms = 0; ms < DRAIN_MS && atomic_load(&d->answering) > 0; ms += STEP_MS) {
        (void)nanosleep(&step, NULL);
    }
    server_stop(d->server);
    MHD_stop_daemon(d->mhd);
    watch_free(d->watch);
    if (listening != MHD_INVALID_SOCKET) {
        (void)close(listening);
    }
    free(d);
}
