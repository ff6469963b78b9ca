/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/dictionary.h"

#include <string.h>

void dictionary_init(dictionary *d, arena *a)
{
    *d = (dictionary){.arena = a};
}

void dictionary_done(dictionary *d)
{
    vec_free(&d->levels);
    vec_free(&d->lengths);
    free(d->slots);
    *d = (dictionary){.arena = d->arena};
}

/* FNV-1a; the order of codes never depends on it, only where a text is found. */
static uint64_t hash(const char *text, size_t len)
{
    uint64_t h = 0xcbf29ce484222325U;
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * 0x100000001b3U;
    }
    return h;
}

static size_t find_slot(const dictionary *d, const char *text, size_t len)
{
    size_t slot = (size_t)hash(text, len) & (d->n_slots - 1);
    while (d->slots[slot] != 0) {
        size_t level = d->slots[slot] - 1;
        if (d->lengths.data[level] == len && memcmp(d->levels.data[level], text, len) == 0) {
            break;
        }
        slot = (slot + 1) & (d->n_slots - 1);
    }
    return slot;
}

static bool grow(dictionary *d)
{
    size_t bigger = d->n_slots > 0 ? d->n_slots * 2 : 64;
    uint32_t *slots = STRATA_NEW_ARRAY(bigger, uint32_t);
    if (slots == NULL) {
        return false;
    }
    free(d->slots);
    d->slots = slots;
    d->n_slots = bigger;
    for (size_t level = 0; level < d->levels.n; level++) {
        d->slots[find_slot(d, d->levels.data[level], d->lengths.data[level])] = (uint32_t)level + 1;
    }
    return true;
}

strata_status dictionary_code(dictionary *d, const char *text, size_t len, int32_t *code,
                              strata_error *err)
{
    if (d->levels.n * 2 >= d->n_slots && !grow(d)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for texts");
    }
    size_t slot = find_slot(d, text, len);
    if (d->slots[slot] == 0) {
        const char *copy = arena_strndup(d->arena, text, len);
        if (copy == NULL || !vec_push(&d->lengths, len) || !vec_push(&d->levels, copy)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for texts");
        }
        d->slots[slot] = (uint32_t)d->levels.n;
    }
    *code = (int32_t)(d->slots[slot] - 1);
    return STRATA_OK;
}

typedef struct ranked {
    const char *text;
    int32_t code;
} ranked;

static int by_text(const void *a, const void *b)
{
    return strcmp(((const ranked *)a)->text, ((const ranked *)b)->text);
}

strata_status dictionary_sort(dictionary *d, int32_t *codes, size_t n, const char *const **levels,
                              size_t *n_levels, strata_error *err)
{
    size_t k = d->levels.n;
    STRATA_AUTO_FREE ranked *order = STRATA_NEW_ARRAY(k, ranked);
    STRATA_AUTO_FREE int32_t *rank = STRATA_NEW_ARRAY(k, int32_t);
    const char **sorted = ARENA_NEW(d->arena, k + 1, const char *);
    if (order == NULL || rank == NULL || sorted == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for texts");
    }
    for (size_t i = 0; i < k; i++) {
        order[i] = (ranked){.text = d->levels.data[i], .code = (int32_t)i};
    }
    qsort(order, k, sizeof *order, by_text);
    for (size_t i = 0; i < k; i++) {
        sorted[i] = order[i].text;
        rank[order[i].code] = (int32_t)i;
    }
    for (size_t i = 0; i < n; i++) {
        codes[i] = codes[i] >= 0 ? rank[codes[i]] : codes[i];
    }
    *levels = sorted;
    *n_levels = k;
    return STRATA_OK;
}
