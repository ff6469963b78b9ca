/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/terms.h"

#include <stdlib.h>
#include <string.h>

#include "base/blob.h"

void terms_done(terms *t)
{
    strbuf_done(&t->bytes);
    vec_free(&t->starts);
    free(t->slots);
    t->slots = NULL;
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, size_t len)
{
    uint64_t h = 14695981039346656037U;
    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * 1099511628211U;
    }
    return h ^ h >> 32;
}

/* The slot of the text, or the free one that it would take. */
static size_t slot_of(const terms *t, const char *text, size_t len)
{
    size_t at = hash_of(text, len) & (t->n_slots - 1);
    while (t->slots[at] != 0) {
        const char *have = terms_text(t, t->slots[at] - 1);
        if (strncmp(have, text, len) == 0 && have[len] == '\0') {
            return at;
        }
        at = (at + 1) & (t->n_slots - 1);
    }
    return at;
}

static strata_status grow(terms *t, strata_error *err)
{
    size_t n = t->n_slots == 0 ? 1024 : 2 * t->n_slots;
    uint32_t *slots = STRATA_NEW_ARRAY(n, uint32_t);
    if (slots == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu words", t->starts.n);
    }
    free(t->slots);
    t->slots = slots;
    t->n_slots = n;
    for (size_t i = 0; i < t->starts.n; i++) {
        const char *text = terms_text(t, i);
        slots[slot_of(t, text, strlen(text))] = (uint32_t)i + 1;
    }
    return STRATA_OK;
}

uint32_t terms_find(const terms *t, const char *text, size_t len)
{
    if (t->n_slots == 0) {
        return UINT32_MAX;
    }
    len = strnlen(text, len);
    uint32_t number = t->slots[slot_of(t, text, len)];
    return number == 0 ? UINT32_MAX : number - 1;
}

strata_status terms_add(terms *t, const char *text, size_t len, uint32_t *number, strata_error *err)
{
    len = strnlen(text, len);
    if (t->bytes.limit == 0) {
        strbuf_init(&t->bytes, 0);
    }
    if (2 * (t->starts.n + 1) > t->n_slots) {
        STRATA_TRY(grow(t, err));
    }
    size_t at = slot_of(t, text, len);
    if (t->slots[at] != 0) {
        *number = t->slots[at] - 1;
        return STRATA_OK;
    }
    size_t start = t->bytes.len;
    strbuf_add_n(&t->bytes, text, len);
    strbuf_add_char(&t->bytes, '\0');
    STRATA_TRY(strbuf_status(&t->bytes, err));
    if (!vec_push(&t->starts, start)) {
        t->bytes.len = start;
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu words", t->starts.n);
    }
    t->slots[at] = (uint32_t)t->starts.n;
    *number = (uint32_t)t->starts.n - 1;
    return STRATA_OK;
}

strata_status terms_of_asset(terms *t, const char *name, strata_error *err)
{
    const strata_blob *b = strata_asset_files;
    while (b->name != NULL && strcmp(b->name, name) != 0) {
        b++;
    }
    if (b->name == NULL) {
        return strata_fail(err, STRATA_E_INTERNAL, "there is no asset '%s'", name);
    }
    const char *text = (const char *)b->data;
    for (size_t from = 0; from < b->size;) {
        const char *end = memchr(text + from, '\n', b->size - from);
        size_t len = end != NULL ? (size_t)(end - text) - from : b->size - from;
        uint32_t number = 0;
        if (len > 0) {
            STRATA_TRY(terms_add(t, text + from, len, &number, err));
        }
        from += len + 1;
    }
    return STRATA_OK;
}
