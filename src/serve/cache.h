/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_CACHE_H
#define STRATA_SERVE_CACHE_H

/* Rendered answers by their key, at most so many bytes of them: what was not used for longest goes
 * first. Safe from several threads. */

#include "serve/http.h"

typedef struct cache cache;

/* Keys are texts of this length (digests). */
enum { CACHE_KEY = 64 };

STRATA_MUST_CHECK strata_status cache_new(size_t most_bytes, cache **out, strata_error *err);
void cache_free(cache *c); /* NULL is fine */
STRATA_DEFINE_AUTO(cache, cache_free)

/* The caller becomes an owner of what is returned; NULL when it is not there. */
http_bytes *cache_find(cache *c, const char key[CACHE_KEY]);
/* Keeps it, if it is no larger than an eighth of the cache and memory suffices. */
void cache_add(cache *c, const char key[CACHE_KEY], http_bytes *b);
/* Bytes held now. */
size_t cache_bytes(cache *c);

#endif
