/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_DAEMON_H
#define STRATA_SERVE_DAEMON_H

/* The sockets: the only place that knows libmicrohttpd. */

#include <signal.h>

#include "serve/server.h"

typedef struct daemon_options {
    const char *address;  /* "127.0.0.1", "::1", "0.0.0.0" */
    int port;             /* 0: any that is free */
    const char *cert;     /* PEM text; NULL: no TLS */
    const char *key;      /* PEM text */
    unsigned connections; /* at most; 0: the usual */
    unsigned timeout_s;   /* of a client that neither sends nor takes anything; 0: the usual */
} daemon_options;

typedef struct serve_daemon serve_daemon;

/* Whether the address is one of this machine that no other reaches. */
bool daemon_is_loopback(const char *address);

/* Listens from now on. STRATA_E_USAGE for what is no address, STRATA_E_IO when the port is taken.
 */
STRATA_MUST_CHECK strata_status daemon_start(server *s, const daemon_options *options,
                                             serve_daemon **out, strata_error *err);
int daemon_port(const serve_daemon *d);
/* Takes no more connections, lets requests end (for some seconds), then closes. */
void daemon_stop(serve_daemon *d); /* NULL is fine */
STRATA_DEFINE_AUTO(serve_daemon, daemon_stop)

#endif
