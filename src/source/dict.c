/* SPDX-License-Identifier: Apache-2.0 */
#include "source/dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"

typedef struct entry {
    text_view text;
    uint64_t hash;
} entry;

struct dict {
    arena *texts;
    VEC(entry) entries;
    int32_t *slots; /* code + 1; 0: free. A power of two, at most half full. */
    size_t n_slots;
};

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9E3779B97F4A7C15U;
    return h ^ h >> 29;
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
    d->slots = STRATA_NEW_ARRAY(d->n_slots, int32_t);
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
        vec_free(&d->entries);
        free(d->slots);
        free(d);
    }
}

size_t dict_size(const dict *d)
{
    return d->entries.n;
}

/* Where the text is, or the free slot where it would go. */
static size_t probe(const dict *d, text_view t, uint64_t hash)
{
    size_t mask = d->n_slots - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        int32_t slot = d->slots[i];
        if (slot == 0) {
            return i;
        }
        const entry *e = &d->entries.data[slot - 1];
        if (e->hash == hash && e->text.len == t.len && memcmp(e->text.ptr, t.ptr, t.len) == 0) {
            return i;
        }
    }
}

int32_t dict_find(const dict *d, text_view text)
{
    return d->slots[probe(d, text, hash_of(text))] - 1;
}

static strata_status grow(dict *d, strata_error *err)
{
    size_t n = d->n_slots * 2;
    int32_t *slots = STRATA_NEW_ARRAY(n, int32_t);
    if (slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->entries.n);
    }
    for (size_t code = 0; code < d->entries.n; code++) {
        size_t i = d->entries.data[code].hash & (n - 1);
        while (slots[i] != 0) {
            i = (i + 1) & (n - 1);
        }
        slots[i] = (int32_t)code + 1;
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = n;
    return STRATA_OK;
}

strata_status dict_add(dict *d, text_view text, int32_t *code, strata_error *err)
{
    uint64_t hash = hash_of(text);
    size_t i = probe(d, text, hash);
    if (d->slots[i] != 0) {
        *code = d->slots[i] - 1;
        return STRATA_OK;
    }
    if (d->entries.n >= INT32_MAX - 1) {
        return strata_fail(err, STRATA_E_DATA, "more than %d different names", INT32_MAX - 1);
    }
    if ((d->entries.n + 1) * 2 > d->n_slots) {
        STRATA_TRY(grow(d, err));
        i = probe(d, text, hash);
    }
    char *copy = arena_strndup(d->texts, text.ptr, text.len);
    if (copy == NULL || !vec_push(&d->entries, (entry){{copy, text.len}, hash})) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", d->entries.n);
    }
    d->slots[i] = (int32_t)d->entries.n;
    *code = (int32_t)d->entries.n - 1;
    return STRATA_OK;
}

text_view dict_text(const dict *d, int32_t code)
{
    return d->entries.data[code].text;
}
