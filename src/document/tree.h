/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_TREE_H
#define STRATA_DOCUMENT_TREE_H

/* The finished tree, as renderers walk it. Everything lives in the document's
 * arena; all text is valid UTF-8. Read only outside src/document/. */

#include "document/document.h"

typedef enum node_kind {
    NODE_SECTION,
    NODE_PARAGRAPH,
    NODE_BULLET,
    NODE_NOTE,
    NODE_FIGURE,
    NODE_TABLE,
    NODE_CHART
} node_kind;

typedef struct doc_figure_node {
    const char *label, *below; /* below: NULL when there is none */
    doc_cell value;
} doc_figure_node;

typedef struct doc_chart_node {
    const char *id, *title, *alt;
    json_t *spec; /* owned by the document */
} doc_chart_node;

typedef struct doc_text {
    struct doc_text *next;
    const char *text;
} doc_text;

typedef struct doc_row_node {
    struct doc_row_node *next;
    doc_cell cells[]; /* n_columns of the table */
} doc_row_node;

struct doc_table {
    document *doc;
    const char *id, *caption; /* caption may be NULL */
    const doc_column *columns;
    size_t n_columns, n_rows, n_totals;
    size_t n_shown; /* columns for people: those before the first that is data only */
    bool folded;
    int *origins; /* provenance by column, of cells without one of their own; 0: none */
    doc_row_node *rows, *last_row;
    doc_row_node *totals, *last_total;
    doc_text *footnotes, *last_footnote;
};

typedef struct doc_node {
    struct doc_node *next;
    node_kind kind;
    const char *text;      /* PARAGRAPH, BULLET, NOTE */
    const char *note_kind; /* NOTE */
    union {
        doc_section *section;
        doc_figure_node *figure;
        doc_table *table;
        doc_chart_node *chart;
    } as;
} doc_node;

struct doc_section {
    document *doc;
    const char *id, *title; /* title may be NULL */
    int depth;              /* 1 for those at the top */
    doc_node *first, *last;
};

typedef struct doc_provenance {
    struct doc_provenance *next;        /* in order of id */
    struct doc_provenance *next_hashed; /* same bucket */
    int id;
    const char *definition, *inputs, *rows_where; /* NULL when not given */
} doc_provenance;

enum { DOC_PROVENANCE_BUCKETS = 256 };

struct document {
    arena *memory;
    strata_status failed;
    document_head head;
    doc_section root; /* depth 0; holds the top sections */
    doc_text *steps, *last_step;
    doc_provenance *provenance, *last_provenance;
    doc_provenance *buckets[DOC_PROVENANCE_BUCKETS];
};

/* Provenance of a cell in column i: its own, else for figures that of the column; 0: none. */
int doc_cell_origin(const doc_table *t, const doc_cell *cell, size_t i);

/* Why cells of the first columns are empty, each reason once, in the order of the rows, at most so
 * many: tables have few. Returns how many; the texts stay the table's. */
enum { DOC_REASONS = 8 };
size_t doc_table_reasons(const doc_table *t, size_t n_columns, const char *reasons[DOC_REASONS]);
/* The entry of that id; NULL when there is none. */
const doc_provenance *document_find_provenance(const document *d, int id);
/* Whether any section holds a chart. */
bool document_has_charts(const document *d);

#endif
