/* SPDX-License-Identifier: Apache-2.0 */
#include "document/document.h"

#include <stdarg.h>
#include <string.h>

#include "document/text.h"
#include "document/tree.h"

static document_head copy_head(document *d, const document_head *head)
{
    document_head copy = *head;
    copy.kind = text_copy(d, head->kind);
    copy.title = text_copy(d, head->title);
    copy.portfolio = text_copy(d, head->portfolio);
    copy.currency = text_copy(d, head->currency);
    copy.model_name = text_copy(d, head->model_name);
    copy.model_digest = text_copy(d, head->model_digest);
    copy.data_digest = text_copy(d, head->data_digest);
    copy.version = text_copy(d, head->version);
    copy.project = text_copy(d, head->project);
    return copy;
}

strata_status document_new(const document_head *head, document **out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *memory = NULL;
    STRATA_TRY(arena_new(&memory, err));
    document *d = ARENA_NEW(memory, 1, document);
    if (d == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    d->memory = memory;
    d->root.doc = d;
    d->head = copy_head(d, head);
    if (d->failed != STRATA_OK) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)strata_steal(&memory);
    *out = d;
    return STRATA_OK;
}

/* The tree is as deep as its sections nest. */
static void free_specs(doc_section *s)
{
    for (doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_CHART) {
            json_decref(n->as.chart->spec);
        } else if (n->kind == NODE_SECTION) {
            free_specs(n->as.section);
        }
    }
}

void document_free(document *d)
{
    if (d != NULL) {
        free_specs(&d->root);
        arena_free(d->memory);
    }
}

strata_status document_status(const document *d, strata_error *err)
{
    if (d->failed != STRATA_OK) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory while writing the document");
    }
    return STRATA_OK;
}

static void *doc_alloc(document *d, size_t bytes)
{
    void *p = arena_alloc(d->memory, 1, bytes);
    if (p == NULL) {
        document_fail(d);
    }
    return p;
}

static doc_node *add_node(doc_section *s, node_kind kind)
{
    if (s == NULL) {
        return NULL;
    }
    doc_node *n = doc_alloc(s->doc, sizeof *n);
    if (n != NULL) {
        n->kind = kind;
    }
    return n;
}

/* Only finished nodes are linked in, so that renderers never meet half a node. */
static void link_node(doc_section *s, doc_node *n)
{
    if (s->last == NULL) {
        s->first = n;
    } else {
        s->last->next = n;
    }
    s->last = n;
}

static bool id_is_used(const doc_section *s, const char *id)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_SECTION &&
            (strcmp(n->as.section->id, id) == 0 || id_is_used(n->as.section, id))) {
            return true;
        }
    }
    return false;
}

static const char *unique_id(document *d, const char *wanted)
{
    const char *id = text_copy(d, wanted != NULL && wanted[0] != '\0' ? wanted : "section");
    for (int n = 2; id != NULL && id_is_used(&d->root, id); n++) {
        id = arena_printf(d->memory, "%s-%d", wanted != NULL ? wanted : "section", n);
    }
    if (id == NULL) {
        document_fail(d);
    }
    return id;
}

doc_section *document_section(document *d, doc_section *parent, const char *id, const char *title)
{
    doc_section *above = parent != NULL ? parent : &d->root;
    doc_node *n = add_node(above, NODE_SECTION);
    doc_section *s = doc_alloc(d, sizeof *s);
    if (n == NULL || s == NULL) {
        return NULL;
    }
    *s = (doc_section){.doc = d, .depth = above->depth + 1};
    s->id = unique_id(d, id);
    s->title = text_copy(d, title);
    n->as.section = s;
    if (d->failed != STRATA_OK) {
        return NULL;
    }
    link_node(above, n);
    return s;
}

STRATA_PRINTF(4, 0)
static void add_text(doc_section *s, node_kind kind, const char *note_kind, const char *fmt,
                     va_list args)
{
    doc_node *n = add_node(s, kind);
    if (n == NULL) {
        return;
    }
    n->note_kind = text_copy(s->doc, note_kind);
    n->text = text_format(s->doc, fmt, args);
    if (n->text != NULL && (note_kind == NULL || n->note_kind != NULL)) {
        link_node(s, n);
    }
}

void doc_paragraph(doc_section *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_text(s, NODE_PARAGRAPH, NULL, fmt, args);
    va_end(args);
}

void doc_bullet(doc_section *s, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_text(s, NODE_BULLET, NULL, fmt, args);
    va_end(args);
}

void doc_note(doc_section *s, const char *kind, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    add_text(s, NODE_NOTE, kind != NULL ? kind : "note", fmt, args);
    va_end(args);
}

/* A cell that owns what it points to. */
static doc_cell copy_cell(document *d, const doc_cell *cell)
{
    doc_cell copy = *cell;
    copy.text = text_copy(d, cell->text);
    if (cell->type == CELL_SPARK) {
        double *series = ARENA_NEW(d->memory, cell->n_series, double);
        if (series == NULL) {
            document_fail(d);
            return cell_empty(NULL);
        }
        memcpy(series, cell->series, cell->n_series * sizeof *series);
        copy.series = series;
    }
    return copy;
}

void doc_figure(doc_section *s, const char *label, doc_cell value, const char *below)
{
    doc_node *n = add_node(s, NODE_FIGURE);
    doc_figure_node *f = n != NULL ? doc_alloc(s->doc, sizeof *f) : NULL;
    if (f == NULL) {
        return;
    }
    f->label = text_copy(s->doc, label != NULL ? label : "");
    f->value = copy_cell(s->doc, &value);
    f->below = text_copy(s->doc, below);
    n->as.figure = f;
    if (s->doc->failed == STRATA_OK) {
        link_node(s, n);
    }
}

/* Appends a copy of a ready-made text to a list. */
static void push_text(document *d, doc_text **first, doc_text **last, const char *text)
{
    doc_text *t = text != NULL ? doc_alloc(d, sizeof *t) : NULL;
    if (t == NULL) {
        return;
    }
    t->text = text;
    if (*last == NULL) {
        *first = t;
    } else {
        (*last)->next = t;
    }
    *last = t;
}

void doc_next_step(document *d, const char *command)
{
    static const char program[] = "strata ";
    const char *project = d->head.project;
    if (project == NULL || command == NULL || strncmp(command, program, sizeof program - 1) != 0) {
        push_text(d, &d->steps, &d->last_step, text_copy(d, command));
        return;
    }
    const char *quote = strpbrk(project, " \t'\"$&|;<>()*?[]#~\\") != NULL ? "'" : "";
    char *text = arena_printf(d->memory, "strata --project %s%s%s %s", quote, project, quote,
                              command + sizeof program - 1);
    if (text == NULL) {
        document_fail(d);
    }
    push_text(d, &d->steps, &d->last_step, text);
}

static const doc_column *copy_columns(document *d, const doc_column *columns, size_t n)
{
    doc_column *copy = ARENA_NEW(d->memory, n, doc_column);
    if (copy == NULL) {
        document_fail(d);
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        copy[i] = columns[i];
        copy[i].key = text_copy(d, columns[i].key != NULL ? columns[i].key : "");
        copy[i].label = text_copy(d, columns[i].label != NULL ? columns[i].label : "");
    }
    return copy;
}

doc_table *doc_table_new(doc_section *s, const char *id, const char *caption,
                         const doc_column *columns, size_t n_columns)
{
    doc_node *n = add_node(s, NODE_TABLE);
    doc_table *t = n != NULL ? doc_alloc(s->doc, sizeof *t) : NULL;
    if (t == NULL) {
        return NULL;
    }
    t->doc = s->doc;
    t->id = text_copy(s->doc, id != NULL ? id : "table");
    t->caption = text_copy(s->doc, caption);
    t->columns = copy_columns(s->doc, columns, n_columns);
    t->n_columns = n_columns;
    t->origins = doc_alloc(s->doc, n_columns * sizeof *t->origins);
    t->n_shown = n_columns;
    while (t->n_shown > 0 && columns[t->n_shown - 1].data_only) {
        t->n_shown--;
    }
    n->as.table = t;
    if (s->doc->failed != STRATA_OK) {
        return NULL;
    }
    link_node(s, n);
    return t;
}

doc_cell cell_kept(doc_table *t, const char *text)
{
    return cell_text(t != NULL ? text_copy(t->doc, text) : "");
}

static doc_row_node *copy_row(doc_table *t, const doc_cell *cells)
{
    document *d = t->doc;
    doc_row_node *row = doc_alloc(d, sizeof *row + t->n_columns * sizeof *cells);
    if (row == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        row->cells[i] = copy_cell(d, &cells[i]);
    }
    return d->failed == STRATA_OK ? row : NULL;
}

static void link_row(doc_row_node **first, doc_row_node **last, size_t *n, doc_row_node *row)
{
    if (row == NULL) {
        return;
    }
    if (*last == NULL) {
        *first = row;
    } else {
        (*last)->next = row;
    }
    *last = row;
    (*n)++;
}

void doc_row(doc_table *t, const doc_cell *cells)
{
    if (t != NULL) {
        link_row(&t->rows, &t->last_row, &t->n_rows, copy_row(t, cells));
    }
}

void doc_row_total(doc_table *t, const doc_cell *cells)
{
    if (t != NULL) {
        link_row(&t->totals, &t->last_total, &t->n_totals, copy_row(t, cells));
    }
}

void doc_table_fold(doc_table *t)
{
    if (t != NULL) {
        t->folded = true;
    }
}

void doc_table_footnote(doc_table *t, const char *fmt, ...)
{
    if (t == NULL) {
        return;
    }
    va_list args;
    va_start(args, fmt);
    const char *text = text_format(t->doc, fmt, args);
    va_end(args);
    push_text(t->doc, &t->footnotes, &t->last_footnote, text);
}

void doc_chart(doc_section *s, const char *id, const char *title, const char *alt, json_t *spec)
{
    doc_node *n = spec != NULL ? add_node(s, NODE_CHART) : NULL;
    doc_chart_node *c = n != NULL ? doc_alloc(s->doc, sizeof *c) : NULL;
    if (c == NULL) {
        json_decref(spec);
        if (spec == NULL && s != NULL) {
            document_fail(s->doc); /* the builder of the specification ran out of memory */
        }
        return;
    }
    c->id = text_copy(s->doc, id != NULL ? id : "chart");
    c->title = text_copy(s->doc, title != NULL ? title : "");
    c->alt = text_copy(s->doc, alt != NULL ? alt : "");
    c->spec = spec;
    n->as.chart = c;
    if (s->doc->failed != STRATA_OK) {
        json_decref(spec);
        return;
    }
    link_node(s, n);
}

static bool section_has_charts(const doc_section *s)
{
    for (const doc_node *n = s->first; n != NULL; n = n->next) {
        if (n->kind == NODE_CHART ||
            (n->kind == NODE_SECTION && section_has_charts(n->as.section))) {
            return true;
        }
    }
    return false;
}

bool document_has_charts(const document *d)
{
    return section_has_charts(&d->root);
}
