/* SPDX-License-Identifier: Apache-2.0 */
#include "source/dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"

enum { INLINE_BYTES = 23, BLOCK_BITS = 12, BLOCK_ENTRIES = 1 << BLOCK_BITS };

/* Short texts, as ids are, stand in the entry itself: one place in memory to look at. */
typedef struct entry {
    uint64_t hash;
    union {
        char here[INLINE_BYTES + 1];
        const char *elsewhere;
    } text;
    uint64_t len;
} entry;

/* Part of the hash stands in the slot, so that other texts' entries are rarely looked at. */
typedef struct slot {
    int32_t code; /* + 1; 0: free */
    uint32_t tag;
} slot;

struct dict {
    arena *texts;
    VEC(entry *) blocks; /* of BLOCK_ENTRIES; entries never move */
    size_t n_entries;
    slot *slots; /* a power of two, at most half full */
    size_t n_slots;
};

static const entry *entry_at(const dict *d, int32_t code)
{
    return &d->blocks.data[code >> BLOCK_BITS][code & (BLOCK_ENTRIES - 1)];
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

strata_status dict_new(dict **out, strata_error *err)
{
    STRATA_AUTO(dict_free) dict *d = calloc(1, sizeof *d);
    if (d == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    d->n_slots = 64;
    d->slots = STRATA_NEW_ARRAY(d->n_slots, slot);
    if (d->slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(arena_new(&d->texts, err));
    *out = strata_steal(&d);
    return STRATA_OK;
}

void dict_free(dict *d)
{
    if (d != NULL) {
        arena_free(d->texts);
        for (size_t i = 0; i < d->blocks.n; i++) {
            free(d->blocks.data[i]);
        }
        vec_free(&d->blocks);
        free(d->slots);
        free(d);
    }
}

size_t dict_size(const dict *d)
{
    return d->n_entries;
}

/* Where the text is, or the free slot where it would go. */
static size_t probe(const dict *d, text_view t, uint64_t hash)
{
    size_t mask = d->n_slots - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        const slot *s = &d->slots[i];
        if (s->code == 0) {
            return i;
        }
        if (s->tag != tag) {
            continue;
        }
        const entry *e = entry_at(d, s->code - 1);
        if (e->hash == hash && e->len == t.len && memcmp(text_of(e), t.ptr, t.len) == 0) {
            return i;
        }
    }
}

int32_t dict_find(const dict *d, text_view text)
{
    return d->slots[probe(d, text, hash_of(text))].code - 1;
}

void dict_prefetch(const dict *d, text_view text)
{
    __builtin_prefetch(&d->slots[hash_of(text) & (d->n_slots - 1)]);
}

void dict_prefetch_entry(const dict *d, text_view text)
{
    const slot *s = &d->slots[hash_of(text) & (d->n_slots - 1)];
    if (s->code != 0) {
        __builtin_prefetch(entry_at(d, s->code - 1));
    }
}

static strata_status grow(dict *d, strata_error *err)
{
    size_t n = d->n_slots * 2;
    slot *slots = STRATA_NEW_ARRAY(n, slot);
    if (slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->n_entries);
    }
    for (size_t code = 0; code < d->n_entries; code++) {
        uint64_t hash = entry_at(d, (int32_t)code)->hash;
        size_t i = hash & (n - 1);
        while (slots[i].code != 0) {
            i = (i + 1) & (n - 1);
        }
        slots[i] = (slot){(int32_t)code + 1, (uint32_t)(hash >> 32)};
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
    return STRATA_OK;
}

/* The entry of the next code. */
static entry *new_entry(dict *d)
{
    if (d->n_entries >> BLOCK_BITS == d->blocks.n) {
        entry *block = STRATA_NEW_ARRAY(BLOCK_ENTRIES, entry);
        if (block == NULL || !vec_push(&d->blocks, block)) {
            free(block);
            return NULL;
        }
    }
    return &d->blocks.data[d->n_entries >> BLOCK_BITS][d->n_entries & (BLOCK_ENTRIES - 1)];
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

strata_status dict_add(dict *d, text_view text, int32_t *code, strata_error *err)
{
    uint64_t hash = hash_of(text);
    size_t i = probe(d, text, hash);
    if (d->slots[i].code != 0) {
        *code = d->slots[i].code - 1;
        return STRATA_OK;
    }
    if (d->n_entries >= INT32_MAX - 1) {
        return strata_fail(err, STRATA_E_DATA, "more than %d different names", INT32_MAX - 1);
    }
    if ((d->n_entries + 1) * 2 > d->n_slots) {
        STRATA_TRY(grow(d, err));
        i = probe(d, text, hash);
    }
    entry *e = new_entry(d);
    if (e == NULL || !fill_entry(d, e, text, hash)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->n_entries);
    }
    *code = (int32_t)d->n_entries++;
    d->slots[i] = (slot){*code + 1, (uint32_t)(hash >> 32)};
    return STRATA_OK;
}

text_view dict_text(const dict *d, int32_t code)
{
    const entry *e = entry_at(d, code);
    return (text_view){text_of(e), (size_t)e->len};
}
