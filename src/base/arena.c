/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { CHUNK_BYTES = 64 * 1024 };

typedef struct chunk {
    struct chunk *next;
    size_t used, cap;
    alignas(max_align_t) unsigned char data[];
} chunk;

struct arena {
    chunk *head;
};

strata_status arena_new(arena **out, strata_error *err)
{
    arena *a = STRATA_NEW_ARRAY(1, arena);
    if (a == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = a;
    return STRATA_OK;
}

void arena_free(arena *a)
{
    if (a == NULL) {
        return;
    }
    for (chunk *c = a->head; c != NULL;) {
        chunk *next = c->next;
        free(c);
        c = next;
    }
    free(a);
}

static chunk *chunk_new(arena *a, size_t bytes)
{
#ifdef STRATA_ARENA_DEBUG
    size_t cap = bytes;
#else
    size_t cap = bytes > CHUNK_BYTES / 4 ? bytes : CHUNK_BYTES;
#endif
    if (cap > SIZE_MAX - sizeof(chunk)) {
        return NULL;
    }
    chunk *c = calloc(1, sizeof(chunk) + cap);
    if (c == NULL) {
        return NULL;
    }
    c->cap = cap;
    /* A large block goes behind the head, so that the head keeps its free room. */
    if (a->head != NULL && cap == bytes) {
        c->next = a->head->next;
        a->head->next = c;
    } else {
        c->next = a->head;
        a->head = c;
    }
    return c;
}

void *arena_alloc(arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes) || bytes > SIZE_MAX - alignof(max_align_t)) {
        return NULL;
    }
#ifndef STRATA_ARENA_DEBUG /* there, a block's end is its chunk's end, to the byte */
    bytes = (bytes + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
#endif
    chunk *c = a->head;
    if (c == NULL || c->cap - c->used < bytes) {
        c = chunk_new(a, bytes);
        if (c == NULL) {
            return NULL;
        }
    }
    void *p = c->data + c->used;
    c->used += bytes;
    return p;
}

char *arena_strndup(arena *a, const char *s, size_t len)
{
    char *copy = len < SIZE_MAX ? arena_alloc(a, len + 1, 1) : NULL;
    if (copy != NULL && len > 0) {
        memcpy(copy, s, len);
    }
    return copy;
}

char *arena_strdup(arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    char *text = len >= 0 ? arena_alloc(a, (size_t)len + 1, 1) : NULL;
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)len + 1, fmt, again);
    }
    va_end(again);
    return text;
}
