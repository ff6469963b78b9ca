/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "document/text.h"
#include "document/tree.h"

/* FNV-1a, 32 bits; a NULL hashes unlike "". */
static uint32_t hash_text(uint32_t h, const char *s)
{
    for (; s != NULL && *s != '\0'; s++) {
        h = (h ^ (unsigned char)*s) * 16777619U;
    }
    return (h ^ (s == NULL ? 1U : 2U)) * 16777619U;
}

static bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

int document_provenance(document *d, const char *definition, const char *inputs,
                        const char *rows_where)
{
    doc_provenance want = {.definition = text_copy(d, definition),
                           .inputs = text_copy(d, inputs),
                           .rows_where = text_copy(d, rows_where)};
    uint32_t h = hash_text(2166136261U, want.definition);
    h = hash_text(hash_text(h, want.inputs), want.rows_where);
    doc_provenance **bucket = &d->buckets[h % DOC_PROVENANCE_BUCKETS];
    for (const doc_provenance *p = *bucket; p != NULL; p = p->next_hashed) {
        if (same(p->definition, want.definition) && same(p->inputs, want.inputs) &&
            same(p->rows_where, want.rows_where)) {
            return p->id;
        }
    }
    doc_provenance *p = ARENA_NEW(d->memory, 1, doc_provenance);
    if (p == NULL || d->failed != STRATA_OK) {
        document_fail(d);
        return 0;
    }
    *p = want;
    p->id = d->last_provenance != NULL ? d->last_provenance->id + 1 : 1;
    p->next_hashed = *bucket;
    *bucket = p;
    if (d->last_provenance == NULL) {
        d->provenance = p;
    } else {
        d->last_provenance->next = p;
    }
    d->last_provenance = p;
    return p->id;
}

const doc_provenance *document_find_provenance(const document *d, int id)
{
    const doc_provenance *p = d->provenance;
    while (p != NULL && p->id != id) {
        p = p->next;
    }
    return p;
}
