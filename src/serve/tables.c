/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tables.h"

#include <string.h>

static void clear_one(kept_table *k)
{
    json_rows_done(&k->rows);
    *k = (kept_table){0};
}

void tables_clear(tables *t)
{
    for (size_t i = 0; i < TABLES_KEPT; i++) {
        clear_one(&t->kept[i]);
    }
}

const json_rows *tables_find(tables *t, const char *key)
{
    for (size_t i = 0; i < TABLES_KEPT; i++) {
        if (strcmp(t->kept[i].key, key) == 0) {
            t->kept[i].used = ++t->clock;
            return &t->kept[i].rows;
        }
    }
    return NULL;
}

static size_t bytes_of(const kept_table *k)
{
    return json_rows_bytes(&k->rows);
}

/* The one that was asked for longest ago, or a free one. */
static kept_table *oldest(tables *t)
{
    kept_table *found = &t->kept[0];
    for (size_t i = 1; i < TABLES_KEPT; i++) {
        found = t->kept[i].used < found->used ? &t->kept[i] : found;
    }
    return found;
}

/* Makes room: the oldest go first, until what stays and the new one are within the limit. */
static void make_room(tables *t, size_t more)
{
    for (;;) {
        size_t all = more;
        kept_table *first = NULL;
        for (size_t i = 0; i < TABLES_KEPT; i++) {
            kept_table *k = &t->kept[i];
            all += bytes_of(k);
            bool older = k->key[0] != '\0' && (first == NULL || k->used < first->used);
            first = older ? k : first;
        }
        if (all <= TABLES_BYTES || first == NULL) {
            return;
        }
        clear_one(first);
    }
}

void tables_keep(tables *t, const char key[DIGEST_TEXT], json_rows *rows)
{
    const kept_table sized = {.rows = *rows};
    make_room(t, bytes_of(&sized));
    kept_table *k = oldest(t);
    clear_one(k);
    memcpy(k->key, key, DIGEST_TEXT);
    k->rows = *rows;
    k->used = ++t->clock;
    json_rows_init(rows);
}
