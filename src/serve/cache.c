/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/cache.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum { CACHE_SLOTS = 1024, CACHE_LARGEST_PART = 8 };

typedef struct cache_entry {
    char key[CACHE_KEY];
    http_bytes *bytes; /* NULL: free */
    uint64_t used;     /* by the clock of uses */
} cache_entry;

struct cache {
    pthread_mutex_t lock;
    cache_entry entries[CACHE_SLOTS];
    size_t bytes, most_bytes;
    uint64_t clock;
};

strata_status cache_new(size_t most_bytes, cache **out, strata_error *err)
{
    cache *c = STRATA_NEW_ARRAY(1, cache);
    if (c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)pthread_mutex_init(&c->lock, NULL);
    c->most_bytes = most_bytes;
    *out = c;
    return STRATA_OK;
}

static void drop(cache *c, cache_entry *e)
{
    c->bytes -= http_bytes_len(e->bytes);
    http_bytes_free(e->bytes);
    e->bytes = NULL;
}

void cache_free(cache *c)
{
    if (c == NULL) {
        return;
    }
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        http_bytes_free(c->entries[i].bytes);
    }
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

static cache_entry *find(cache *c, const char *key)
{
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        if (c->entries[i].bytes != NULL && memcmp(c->entries[i].key, key, CACHE_KEY) == 0) {
            return &c->entries[i];
        }
    }
    return NULL;
}

http_bytes *cache_find(cache *c, const char key[CACHE_KEY])
{
    http_bytes *found = NULL;
    (void)pthread_mutex_lock(&c->lock);
    cache_entry *e = find(c, key);
    if (e != NULL) {
        e->used = ++c->clock;
        found = http_bytes_keep(e->bytes);
    }
    (void)pthread_mutex_unlock(&c->lock);
    return found;
}

/* A free place, or the one whose last use is longest ago. */
static cache_entry *oldest(cache *c)
{
    cache_entry *found = &c->entries[0];
    for (size_t i = 1; i < CACHE_SLOTS && found->bytes != NULL; i++) {
        cache_entry *e = &c->entries[i];
        found = e->bytes == NULL || e->used < found->used ? e : found;
    }
    return found;
}

static cache_entry *oldest_held(cache *c)
{
    cache_entry *found = NULL;
    for (size_t i = 0; i < CACHE_SLOTS; i++) {
        cache_entry *e = &c->entries[i];
        if (e->bytes != NULL && (found == NULL || e->used < found->used)) {
            found = e;
        }
    }
    return found;
}

void cache_add(cache *c, const char key[CACHE_KEY], http_bytes *b)
{
    size_t len = http_bytes_len(b);
    if (len > c->most_bytes / CACHE_LARGEST_PART) {
        return;
    }
    (void)pthread_mutex_lock(&c->lock);
    cache_entry *same = find(c, key);
    if (same != NULL) {
        drop(c, same);
    }
    while (c->bytes + len > c->most_bytes) {
        drop(c, oldest_held(c));
    }
    cache_entry *e = oldest(c);
    if (e->bytes != NULL) {
        drop(c, e);
    }
    memcpy(e->key, key, CACHE_KEY);
    e->bytes = http_bytes_keep(b);
    e->used = ++c->clock;
    c->bytes += len;
    (void)pthread_mutex_unlock(&c->lock);
}

size_t cache_bytes(cache *c)
{
    (void)pthread_mutex_lock(&c->lock);
    size_t bytes = c->bytes;
    (void)pthread_mutex_unlock(&c->lock);
    return bytes;
}
