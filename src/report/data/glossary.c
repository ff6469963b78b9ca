/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/glossary.h"

#include <string.h>

#include "base/blob.h"
#include "base/strbuf.h"
#include "document/tree.h"

/* A line "table.column: definition | inputs"; in a name "*" stands for any text at the
 * beginning or the end.
 */
typedef struct entry {
    const char *table, *column, *definition, *inputs;
    size_t table_len, column_len, definition_len, inputs_len;
} entry;

static const strata_blob *find_text(void)
{
    for (const strata_blob *b = strata_asset_files; b->name != NULL; b++) {
        if (strcmp(b->name, "glossary.txt") == 0) {
            return b;
        }
    }
    return NULL;
}

/* False for comments and empty lines. */
static bool read_entry(const char *line, size_t len, entry *e)
{
    const char *end = line + len;
    const char *colon = memchr(line, ':', len);
    const char *dot = colon != NULL ? memchr(line, '.', (size_t)(colon - line)) : NULL;
    const char *bar = colon != NULL ? memchr(colon, '|', (size_t)(end - colon)) : NULL;
    if (len == 0 || line[0] == '#' || dot == NULL || bar == NULL) {
        return false;
    }
    *e = (entry){.table = line,
                 .table_len = (size_t)(dot - line),
                 .column = dot + 1,
                 .column_len = (size_t)(colon - dot - 1),
                 .definition = colon + 2,
                 .definition_len = (size_t)(bar - colon - 3),
                 .inputs = bar + 2,
                 .inputs_len = (size_t)(end - bar - 2)};
    return true;
}

/* How well a pattern fits a name: 0 not at all; the more is spelt out the better. */
static size_t fit(const char *pattern, size_t len, const char *name)
{
    size_t n = strlen(name);
    bool open = len > 0 && pattern[len - 1] == '*';
    bool tail = len > 1 && pattern[0] == '*';
    size_t fixed = open || tail ? len - 1 : len;
    if (tail) {
        return n >= fixed && memcmp(name + n - fixed, pattern + 1, fixed) == 0 ? 1 + fixed : 0;
    }
    if (n < fixed || memcmp(pattern, name, fixed) != 0 || (!open && n != fixed)) {
        return 0;
    }
    return open ? 1 + fixed : 1000;
}

static bool find_entry(const strata_blob *text, const char *table, const char *column, entry *out)
{
    const char *at = (const char *)text->data;
    const char *end = at + text->size;
    size_t best = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((stop != NULL ? stop : end) - at);
        entry e;
        if (read_entry(at, len, &e)) {
            size_t t = fit(e.table, e.table_len, table);
            size_t c = fit(e.column, e.column_len, column);
            if (t > 0 && c > 0 && t * 2 + c > best) {
                best = t * 2 + c;
                *out = e;
            }
        }
        at += len + 1;
    }
    return best > 0;
}

static void tell_table(void *payload, doc_table *t)
{
    const strata_blob *text = *(const strata_blob *const *)payload;
    for (size_t i = 0; i < t->n_columns; i++) {
        entry e;
        if (find_entry(text, t->id, t->columns[i].key, &e)) {
            STRBUF_AUTO strbuf words;
            strbuf_init(&words, 0);
            strbuf_add_n(&words, e.definition, e.definition_len);
            strbuf_add_char(&words, '\0');
            strbuf_add_n(&words, e.inputs, e.inputs_len);
            if (words.failed == STRATA_OK) {
                doc_table_origin(t, t->columns[i].key, words.text,
                                 words.text + e.definition_len + 1);
            }
        }
    }
}

void report_glossary(document *d)
{
    const strata_blob *text = find_text();
    if (text != NULL) {
        document_each_table(d, tell_table, &text);
    }
}
