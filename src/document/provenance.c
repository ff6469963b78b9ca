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

void doc_table_origin(doc_table *t, const char *key, const char *definition, const char *inputs)
{
    for (size_t i = 0; t != NULL && i < t->n_columns; i++) {
        if (t->origins[i] == 0 && strcmp(t->columns[i].key, key) == 0) {
            t->origins[i] = document_provenance(t->doc, definition, inputs, NULL);
        }
    }
}

static bool is_figure(cell_type type)
{
    return type != CELL_EMPTY && type != CELL_TEXT && type != CELL_DATE && type != CELL_BOOL;
}

int doc_cell_origin(const doc_table *t, const doc_cell *cell, size_t i)
{
    return cell->provenance > 0 ? cell->provenance : is_figure(cell->type) ? t->origins[i] : 0;
}

static void each_table(doc_section *s, doc_table_fn *fn, void *payload)
{
    for (doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_SECTION) {
            each_table(n->as.section, fn, payload);
        } else if (n->kind == NODE_TABLE) {
            fn(payload, n->as.table);
        }
    }
}

void document_each_table(document *d, doc_table_fn *fn, void *payload)
{
    each_table(&d->root, fn, payload);
}
