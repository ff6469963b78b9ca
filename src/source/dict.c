/* SPDX-License-Identifier: Apache-2.0 */
#include "source/dict.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
    INLINE_BYTES = 23,
    FIRST_BITS = 12, /* entries of the first block; each block has twice those of the one before */
    MAX_BLOCKS = 32 - FIRST_BITS,
    BATCH = 32 /* texts whose places in memory are fetched at once */
};

/* Short texts, as ids are, stand in the entry itself: one place in memory to look at. */
typedef struct entry {
    uint64_t hash;
    union {
        char here[INLINE_BYTES + 1];
        const char *elsewhere;
    } text;
    uint64_t len;
} entry;

/* Hash table of codes. A slot holds code + 1 below and part of the hash above, so that other texts'
 * entries are rarely looked at; 0 is free. A slot is filled once its entry is complete. */
typedef struct slots {
    struct slots *outgrown; /* the table before, which others may still be looking at */
    size_t mask;            /* a power of two less 1; at most half of the slots are taken */
    _Atomic uint64_t slot[];
} slots;

struct dict {
    _Atomic(slots *) slots;
    entry *blocks[MAX_BLOCKS]; /* entries never move */
    size_t n_entries;
    arena *texts;
    pthread_mutex_t adding;
};

static entry *entry_at(const dict *d, int32_t code)
{
    size_t at = (size_t)code + (1U << FIRST_BITS);
    unsigned block = 31U - (unsigned)__builtin_clz((unsigned)at);
    return &d->blocks[block - FIRST_BITS][at - ((size_t)1 << block)];
}

static const char *text_of(const entry *e)
{
    return e->len <= INLINE_BYTES ? e->text.here : e->text.elsewhere;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15U;
    h = (h ^ h >> 32) * 0xD6E8FEB86659FD93U;
    return h ^ h >> 32;
}

static uint64_t hash_of(text_view t)
{
    uint64_t h = t.len;
    size_t i = 0;
    for (; i + 8 <= t.len; i += 8) {
        uint64_t v;
        memcpy(&v, t.ptr + i, 8);
        h = mix(h, v);
    }
    uint64_t tail = 0;
    for (unsigned shift = 0; i < t.len; i++, shift += 8) {
        tail |= (uint64_t)(unsigned char)t.ptr[i] << shift;
    }
    return mix(mix(h, tail), h);
}

static uint64_t slot_value(size_t code, uint64_t hash)
{
    return (hash & ~(uint64_t)UINT32_MAX) | (code + 1);
}

static slots *slots_new(size_t n)
{
    slots *s = strata_alloc_array(1, sizeof *s + n * sizeof s->slot[0]);
    if (s != NULL) {
        s->mask = n - 1;
    }
    return s;
}

static void free_outgrown(slots *s)
{
    while (s->outgrown != NULL) {
        slots *former = s->outgrown;
        s->outgrown = former->outgrown;
        free(former);
    }
}

strata_status dict_new(dict **out, strata_error *err)
{
    dict *d = calloc(1, sizeof *d);
    slots *s = slots_new(64);
    if (d == NULL || s == NULL || arena_new(&d->texts, err) != STRATA_OK ||
        pthread_mutex_init(&d->adding, NULL) != 0) {
        if (d != NULL) {
            arena_free(d->texts);
        }
        free(d);
        free(s);
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    atomic_init(&d->slots, s);
    *out = d;
    return STRATA_OK;
}

void dict_free(dict *d)
{
    if (d != NULL) {
        dict_settle(d);
        free(atomic_load(&d->slots));
        arena_free(d->texts);
        for (size_t i = 0; i < MAX_BLOCKS; i++) {
            free(d->blocks[i]);
        }
        (void)pthread_mutex_destroy(&d->adding);
        free(d);
    }
}

void dict_settle(dict *d)
{
    free_outgrown(atomic_load(&d->slots));
}

size_t dict_size(const dict *d)
{
    return d->n_entries;
}

/* The text's code, or DICT_NONE and the free slot where it would go. */
static int32_t probe(const dict *d, const slots *s, text_view t, uint64_t hash, size_t *at)
{
    for (size_t i = hash & s->mask;; i = (i + 1) & s->mask) {
        uint64_t v = atomic_load_explicit(&s->slot[i], memory_order_acquire);
        if (v == 0) {
            *at = i;
            return DICT_NONE;
        }
        if ((v ^ hash) >> 32 != 0) {
            continue;
        }
        int32_t code = (int32_t)((uint32_t)v - 1);
        const entry *e = entry_at(d, code);
        if (e->hash == hash && e->len == t.len && memcmp(text_of(e), t.ptr, t.len) == 0) {
            return code;
        }
    }
}

static const slots *slots_now(const dict *d)
{
    return atomic_load_explicit(&d->slots, memory_order_acquire);
}

int32_t dict_find(const dict *d, text_view text)
{
    size_t at;
    return probe(d, slots_now(d), text, hash_of(text), &at);
}

/* Is it the same text as the one before? Rows of one account often follow each other. */
static bool repeats(const text_view *t)
{
    return t[0].len == t[-1].len && t[0].ptr != NULL && t[-1].ptr != NULL &&
           memcmp(t[0].ptr, t[-1].ptr, t[0].len) == 0;
}

/* Large dictionaries do not fit into caches: slots and entries of a batch are asked for before
 * the first of them is looked at. */
static void find_batch(const dict *d, const text_view *texts, size_t n, const int32_t *before,
                       int32_t *codes)
{
    const slots *s = slots_now(d);
    uint64_t hash[BATCH];
    uint32_t same = 0;
    for (size_t i = 0; i < n; i++) {
        if ((i > 0 || before != NULL) && repeats(&texts[i])) {
            same |= 1U << i;
        } else if (texts[i].ptr != NULL) {
            hash[i] = hash_of(texts[i]);
            __builtin_prefetch(&s->slot[hash[i] & s->mask]);
        }
    }
    for (size_t i = 0; i < n; i++) {
        if ((same >> i & 1) == 0 && texts[i].ptr != NULL) {
            uint64_t v = atomic_load_explicit(&s->slot[hash[i] & s->mask], memory_order_acquire);
            if (v != 0) {
                __builtin_prefetch(entry_at(d, (int32_t)((uint32_t)v - 1)));
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        size_t at;
        codes[i] = (same >> i & 1) != 0   ? (i > 0 ? codes[i - 1] : *before)
                   : texts[i].ptr == NULL ? DICT_NONE
                                          : probe(d, s, texts[i], hash[i], &at);
    }
}

void dict_find_all(const dict *d, const text_view *texts, size_t n, int32_t *codes)
{
    for (size_t i = 0; i < n; i += BATCH) {
        find_batch(d, texts + i, n - i < BATCH ? n - i : BATCH, i > 0 ? &codes[i - 1] : NULL,
                   codes + i);
    }
}

static strata_status grow(dict *d, strata_error *err)
{
    slots *old = atomic_load(&d->slots);
    slots *s = slots_new((old->mask + 1) * 2);
    if (s == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->n_entries);
    }
    for (size_t code = 0; code < d->n_entries; code++) {
        uint64_t hash = entry_at(d, (int32_t)code)->hash;
        size_t i = hash & s->mask;
        while (atomic_load_explicit(&s->slot[i], memory_order_relaxed) != 0) {
            i = (i + 1) & s->mask;
        }
        atomic_store_explicit(&s->slot[i], slot_value(code, hash), memory_order_relaxed);
    }
    s->outgrown = old;
    atomic_store_explicit(&d->slots, s, memory_order_release);
    return STRATA_OK;
}

/* The entry of the next code. */
static entry *new_entry(dict *d)
{
    size_t at = d->n_entries + (1U << FIRST_BITS);
    unsigned block = 31U - (unsigned)__builtin_clz((unsigned)at);
    entry **entries = &d->blocks[block - FIRST_BITS];
    if (*entries == NULL) {
        *entries = STRATA_NEW_ARRAY((size_t)1 << block, entry);
    }
    return *entries == NULL ? NULL : entry_at(d, (int32_t)d->n_entries);
}

static bool fill_entry(dict *d, entry *e, text_view text, uint64_t hash)
{
    *e = (entry){.hash = hash, .len = text.len};
    if (text.len <= INLINE_BYTES) {
        memcpy(e->text.here, text.ptr, text.len);
        return true;
    }
    e->text.elsewhere = arena_strndup(d->texts, text.ptr, text.len);
    return e->text.elsewhere != NULL;
}

/* As dict_add, with the lock held. */
static strata_status add_one(dict *d, text_view text, int32_t *code, strata_error *err)
{
    uint64_t hash = hash_of(text);
    size_t at = 0;
    int32_t found = probe(d, slots_now(d), text, hash, &at);
    if (found != DICT_NONE) {
        *code = found;
        return STRATA_OK;
    }
    if (d->n_entries >= INT32_MAX - (1U << FIRST_BITS)) {
        return strata_fail(err, STRATA_E_DATA, "more than %zu different names", d->n_entries);
    }
    if ((d->n_entries + 1) * 2 > slots_now(d)->mask + 1) {
        STRATA_TRY(grow(d, err));
        (void)probe(d, slots_now(d), text, hash, &at);
    }
    entry *e = new_entry(d);
    if (e == NULL || !fill_entry(d, e, text, hash)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->n_entries);
    }
    *code = (int32_t)d->n_entries++;
    atomic_store_explicit(&atomic_load(&d->slots)->slot[at], slot_value((size_t)*code, hash),
                          memory_order_release);
    return STRATA_OK;
}

strata_status dict_add(dict *d, text_view text, int32_t *code, strata_error *err)
{
    (void)pthread_mutex_lock(&d->adding);
    strata_status st = add_one(d, text, code, err);
    (void)pthread_mutex_unlock(&d->adding);
    return st;
}

strata_status dict_add_all(dict *d, const text_view *texts, size_t n, int32_t *codes,
                           strata_error *err)
{
    dict_find_all(d, texts, n, codes);
    size_t i = 0;
    while (i < n && (codes[i] != DICT_NONE || texts[i].ptr == NULL)) {
        i++;
    }
    if (i == n) {
        return STRATA_OK;
    }
    strata_status st = STRATA_OK;
    (void)pthread_mutex_lock(&d->adding);
    for (; st == STRATA_OK && i < n; i++) {
        if (codes[i] == DICT_NONE && texts[i].ptr != NULL) {
            st = add_one(d, texts[i], &codes[i], err);
        }
    }
    (void)pthread_mutex_unlock(&d->adding);
    return st;
}

text_view dict_text(const dict *d, int32_t code)
{
    const entry *e = entry_at(d, code);
    return (text_view){text_of(e), (size_t)e->len};
}
