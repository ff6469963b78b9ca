/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_WATCH_H
#define STRATA_SERVE_WATCH_H

/* Clients that take their time. Whoever sends a byte now and then is never idle, and would hold a
 * connection for ever: so each request has a time to come in whole, each reply one to be taken, and
 * when there are nearly too many connections, those go first that are slow. Safe from several
 * threads. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/auto.h"

typedef struct watch watch;
typedef struct watched watched; /* one connection */

typedef struct watch_options {
    unsigned patience_s; /* for a request, and for a reply of no length */
    size_t many;         /* connections from which on the slow ones go */
} watch_options;

STRATA_MUST_CHECK strata_status watch_new(const watch_options *options, watch **out,
                                          strata_error *err);
void watch_free(watch *w); /* NULL is fine; every connection has ended */
STRATA_DEFINE_AUTO(watch, watch_free)

/* From now on the connection is due to send a request. NULL: no memory, it is not watched. The
 * socket stays the caller's, and open until watch_end(). */
watched *watch_begin(watch *w, int socket);
void watch_end(watch *w, watched *c); /* NULL is fine */
/* A request is due; it is worked on, as long as that takes; its reply of so many bytes is sent.
 * Each is fine with NULL. */
void watch_receiving(watch *w, watched *c);
void watch_answering(watch *w, watched *c);
void watch_sending(watch *w, watched *c, size_t bytes);

#endif
