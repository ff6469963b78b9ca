/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "render/xlsx/plot.h"
#include "render/xlsx/xlsx.h"

const char *xlsx_sheet_name(const xlsx *x, size_t i)
{
    return x->names[XLSX_FIXED_NAMES + i].text;
}

/* --- which sheets --- */

typedef struct walk {
    const doc_section *section, *above;
    bool shaded; /* a matrix stands before, with no other chart between */
} walk;

static void plan_chart(xlsx *x, const doc_chart_node *chart, walk *w)
{
    plot_kind kind = plot_kind_of(chart->spec);
    w->shaded = kind == PLOT_MATRIX;
    if (kind == PLOT_MATRIX) {
        xlsx_sheet s = {.chart = chart, .section = w->section, .above = w->above};
        x->no_memory = !vec_push(&x->sheets, s) || x->no_memory;
    } else if (kind != PLOT_NONE) {
        x->no_memory = !vec_push(&x->drawn, (xlsx_chart){.chart = chart}) || x->no_memory;
    }
}

static void plan_section(xlsx *x, const doc_section *s, const doc_section *above)
{
    walk w = {.section = s, .above = above};
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_SECTION) {
            plan_section(x, n->as.section, s->depth > 0 ? s : NULL);
        } else if (n->kind == NODE_CHART) {
            plan_chart(x, n->as.chart, &w);
        } else if (n->kind == NODE_TABLE) {
            xlsx_sheet sheet = {
                .table = n->as.table, .section = s, .above = above, .shaded = w.shaded};
            x->no_memory = !vec_push(&x->sheets, sheet) || x->no_memory;
        }
    }
}

/* --- their names --- */

/* "by_segment" -> "By segment". */
static void name_of_id(const char *id, xlsx_name *out)
{
    char words[128];
    (void)snprintf(words, sizeof words, "%s", id != NULL ? id : "");
    for (char *c = words; *c != '\0'; c++) {
        if (*c == '_' || *c == '-') {
            *c = ' ';
        }
    }
    if (words[0] >= 'a' && words[0] <= 'z') {
        words[0] = (char)(words[0] - 'a' + 'A');
    }
    (void)xlsx_name_of(words, out);
    if (out->text[0] == '\0') {
        (void)snprintf(out->text, sizeof out->text, "Table");
    }
}

/* What it is called in the document, where that is short enough for a tab. */
static void base_name(xlsx *x, const xlsx_sheet *s, xlsx_name *out)
{
    const char *caption = s->table != NULL ? s->table->caption : s->chart->title;
    const char *title = s->section->title;
    char map[256];
    STRBUF_AUTO strbuf plain;
    strbuf_init(&plain, 0);
    if (caption != NULL) {
        xlsx_put_plain(&plain, caption);
        x->no_memory = x->no_memory || plain.failed != STRATA_OK;
    }
    if (s->chart != NULL && title != NULL) {
        (void)snprintf(map, sizeof map, "%.200s heat map", title);
        title = map;
    }
    bool found = xlsx_name_of(strbuf_text(&plain), out);
    found = found || (title != NULL && xlsx_name_of(title, out));
    if (!found) {
        name_of_id(s->table != NULL ? s->table->id : s->chart->id, out);
    }
}

/* "Champions - What sets it apart", for a name that comes up several times; of several matrices in
 * one section what each is called in the document. */
static void name_with_section(const xlsx_sheet *s, xlsx_name *name)
{
    char whole[512];
    if (s->chart != NULL) {
        name_of_id(s->chart->id, name);
        return;
    }
    const char *title = s->section->title;
    if (title == NULL || strcmp(title, name->text) == 0) {
        title = s->above != NULL ? s->above->title : NULL;
    }
    if (title != NULL && title[0] != '\0') {
        /* "Champions: 161 accounts, 26.3 % of ARR": what it is about stands before the colon. */
        size_t about = strcspn(title, ":");
        (void)snprintf(whole, sizeof whole, "%.*s - %s", (int)(about < 200 ? about : 200), title,
                       name->text);
        (void)xlsx_name_of(whole, name);
    }
}

static bool comes_twice(const xlsx_name *bases, size_t n, size_t i)
{
    size_t k = 0;
    while (k < n && (k == i || strcmp(bases[k].text, bases[i].text) != 0)) {
        k++;
    }
    return k < n;
}

static void name_sheets(xlsx *x)
{
    static const char *const fixed[XLSX_FIXED_NAMES] = {XLSX_SUMMARY, XLSX_CHARTS, XLSX_ORIGINS};
    size_t n = x->sheets.n;
    STRATA_AUTO_FREE xlsx_name *bases = STRATA_NEW_ARRAY(n, xlsx_name);
    x->names = STRATA_NEW_ARRAY(n + XLSX_FIXED_NAMES, xlsx_name);
    if (bases == NULL || x->names == NULL) {
        x->no_memory = true;
        return;
    }
    for (size_t i = 0; i < XLSX_FIXED_NAMES; i++) {
        (void)snprintf(x->names[i].text, sizeof x->names[i].text, "%s", fixed[i]);
    }
    for (size_t i = 0; i < n; i++) {
        base_name(x, &x->sheets.data[i], &bases[i]);
    }
    for (size_t i = 0; i < n; i++) {
        xlsx_name *name = &x->names[XLSX_FIXED_NAMES + i];
        *name = bases[i];
        if (comes_twice(bases, n, i)) {
            name_with_section(&x->sheets.data[i], name);
        }
        xlsx_name_make_unique(name, x->names, XLSX_FIXED_NAMES + i);
    }
}

void xlsx_plan(xlsx *x)
{
    plan_section(x, &x->doc->root, NULL);
    if (!x->no_memory) {
        name_sheets(x);
    }
}
