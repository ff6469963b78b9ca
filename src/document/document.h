/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_DOCUMENT_H
#define STRATA_DOCUMENT_DOCUMENT_H

/* What is said, before it is known how it looks: one tree of sections,
 * paragraphs, figures, tables, charts and notes. Analyses fill it through
 * builders (src/report/); renderers (src/render/) turn it into bytes. Values
 * stay values: a renderer decides on units, digits and alignment.
 *
 * Everything is allocated in the document's arena; strings and series given to
 * a builder are copied, bytes that are not UTF-8 become U+FFFD. Builders that run out of memory
 * fail the document for good: check document_status() once at the end. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/day.h"

typedef struct document document;
typedef struct doc_section doc_section;
typedef struct doc_table doc_table;

typedef enum cell_type {
    CELL_EMPTY, /* nothing to say here; see `text` for the reason, may be NULL */
    CELL_TEXT,
    CELL_COUNT,  /* whole number */
    CELL_NUMBER, /* `decimals` of the column */
    CELL_SHARE,  /* 0.308 -> 30.8 % */
    CELL_MONEY,  /* minor units of the document's currency */
    CELL_DAYS,
    CELL_DATE,
    CELL_CHANGE, /* signed count: +14 */
    CELL_SPARK,  /* a small series: ▁▂▃▅▆ */
    CELL_BOOL
} cell_type;

typedef struct doc_cell {
    cell_type type;
    const char *text;     /* CELL_TEXT; CELL_EMPTY: why ("needs surveys") */
    double number;        /* COUNT, NUMBER, SHARE, DAYS, CHANGE, BOOL */
    int64_t minor;        /* MONEY */
    day date;             /* DATE */
    const double *series; /* SPARK; NaN breaks the line */
    size_t n_series;
    int provenance; /* see document_provenance(); 0: none of its own */
} doc_cell;

doc_cell cell_empty(const char *reason);
doc_cell cell_text(const char *text);
doc_cell cell_count(int64_t n);
doc_cell cell_number(double x);    /* NaN becomes CELL_EMPTY */
doc_cell cell_share(double share); /* NaN becomes CELL_EMPTY */
doc_cell cell_money(int64_t minor);
doc_cell cell_days(double days); /* NaN becomes CELL_EMPTY */
doc_cell cell_date(day d);       /* DAY_MISSING becomes CELL_EMPTY */
doc_cell cell_change(int64_t n);
doc_cell cell_bool(bool yes);
doc_cell cell_spark(const double *series, size_t n);

/* What a document is about and was made from; shown in its head and foot. */
typedef struct document_head {
    const char *kind; /* stable: "segments", "report" */
    const char *title;
    const char *portfolio; /* "acme" */
    const char *currency;  /* ISO code */
    day as_of;
    const char *model_name, *model_digest, *data_digest, *version;
    uint64_t seed;
    int64_t n_accounts, arr_minor; /* -1: not known */
    const char
        *project; /* as --project named it, for the commands of next steps; NULL: not named */
} document_head;

STRATA_MUST_CHECK strata_status document_new(const document_head *head, document **out,
                                             strata_error *err);
void document_free(document *d); /* NULL is fine */
STRATA_DEFINE_AUTO(document, document_free)
STRATA_MUST_CHECK strata_status document_status(const document *d, strata_error *err);

/* Where a figure comes from: definition, inputs, and the expression that lists
 * the rows behind it ("segment = Champions"); returns its id, 1 and up. Equal
 * entries share one id. */
int document_provenance(document *d, const char *definition, const char *inputs,
                        const char *rows_where);

/* Data inside a text: a copy in which characters that inline Markdown would read
 * as marks are escaped, so that a customer called "a*b" shows as written. "" for
 * NULL and when memory ran out. */
const char *document_escape(document *d, const char *data);

/* Sections nest; parent NULL is the top. An `id` that was used before gets a number behind it.
 * `title` states the finding where there is one. */
doc_section *document_section(document *d, doc_section *parent, const char *id, const char *title);
/* Inline Markdown is understood by every renderer: **bold**, *emphasis*, `code`,
 * [text](https://...), and a backslash before a mark; anything else is plain text. */
void doc_paragraph(doc_section *s, const char *fmt, ...) STRATA_PRINTF(2, 3);
void doc_bullet(doc_section *s, const char *fmt, ...) STRATA_PRINTF(2, 3);
/* A remark of kind "note", "warning" or "missing" (what data would switch this on). */
void doc_note(doc_section *s, const char *kind, const char *fmt, ...) STRATA_PRINTF(3, 4);
/* A headline figure: label, value, small text under it ("+14 since 31 March 2026"); adjacent
 * ones form a row. */
void doc_figure(doc_section *s, const char *label, doc_cell value, const char *below);
/* "strata quality", shown at the end on a terminal as what to do next; with the head's project put
 * in, so that it can be typed as it stands. */
void doc_next_step(document *d, const char *command);

typedef struct doc_column {
    const char *key;   /* stable name in JSON and CSV: "arr_share" */
    const char *label; /* "ARR" */
    cell_type type;    /* of its cells (CELL_EMPTY may stand anywhere) */
    int decimals;      /* CELL_NUMBER; money in minor units ignores it */
    int priority;      /* 0 is always shown; higher ones are dropped first on a narrow terminal */
    bool bar;          /* HTML draws an in-cell bar behind the value */
    bool data_only;    /* in JSON and CSV; people read it in another column. Such ones come last */
} doc_column;

/* `id` names the table in JSON; `caption` may be NULL. */
doc_table *doc_table_new(doc_section *s, const char *id, const char *caption,
                         const doc_column *columns, size_t n_columns);
/* A text that need not outlive this call: it is copied now. */
doc_cell cell_kept(doc_table *t, const char *text);
void doc_row(doc_table *t, const doc_cell *cells);       /* n_columns cells */
void doc_row_total(doc_table *t, const doc_cell *cells); /* set apart, at the foot */
/* Where the figures of the column `key` come from, for cells without a provenance of their own;
 * nothing for a column that has been given one, or is not there. */
void doc_table_origin(doc_table *t, const char *key, const char *definition, const char *inputs);
/* Every table of the document in order, for what is said of all of them once it is finished. */
typedef void doc_table_fn(void *payload, doc_table *t);
void document_each_table(document *d, doc_table_fn *fn, void *payload);
void doc_table_footnote(doc_table *t, const char *fmt, ...) STRATA_PRINTF(2, 3);
/* HTML keeps the table closed behind its caption: the chart before it shows the same figures. */
void doc_table_fold(doc_table *t);

/* A chart: a Vega-Lite specification (takes the reference) with its data inline,
 * plus a title that states the finding and a text alternative for readers
 * without pictures. Terminal, Markdown and CSV leave charts out: the table
 * beside it carries the figures. Specifications are made by document/chart.h. */
void doc_chart(doc_section *s, const char *id, const char *title, const char *alt, json_t *spec);

#endif
