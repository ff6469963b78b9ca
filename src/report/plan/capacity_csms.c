/* SPDX-License-Identifier: Apache-2.0 */
/* Who has the hours: load of every manager. */
#include "report/plan/capacity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "report/report.h"

static double hours(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

enum {
    M_ID,
    M_NAME,
    M_ACCOUNTS,
    M_VALUE,
    M_NEEDED,
    M_AVAILABLE,
    M_LOAD,
    M_LEFT,
    M_FROM,
    M_COLUMNS
};

static doc_table *csm_table(doc_section *s, const capacity_input *in)
{
    const doc_column columns[M_COLUMNS] = {
        [M_ID] = {.key = "csm_id", .label = "CSM", .type = CELL_TEXT},
        [M_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1},
        [M_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [M_VALUE] = {.key = "value",
                     .label = in->v->value_label != NULL ? in->v->value_label : "Value",
                     .type = CELL_MONEY,
                     .priority = 2},
        [M_NEEDED] = {.key = "hours", .label = "Hours needed", .type = CELL_NUMBER},
        [M_AVAILABLE] = {.key = "hours_available", .label = "Hours there are", .type = CELL_NUMBER},
        [M_LOAD] = {.key = "load", .label = "Load", .type = CELL_SHARE, .bar = true},
        [M_LEFT] = {.key = "hours_left", .label = "Left", .type = CELL_NUMBER, .priority = 3},
        [M_FROM] = {.key = "from", .label = "Hours from", .type = CELL_TEXT, .priority = 4},
    };
    return doc_table_new(s, "csms", NULL, columns, M_COLUMNS);
}

/* A row: a manager, those in nobody's book, or all. */
typedef struct csm_row {
    const char *id, *name, *from;
    const work_sum *sum;
    int64_t available; /* -1: none, or not known */
    bool total;
} csm_row;

static void put_csm(doc_table *t, const capacity_input *in, const csm_row *row)
{
    bool worth = in->v->value != NULL;
    bool known = row->available >= 0;
    doc_cell none = cell_empty(row->from);
    double share = row->available > 0 ? (double)row->sum->total / (double)row->available : NAN;
    const doc_cell cells[M_COLUMNS] = {
        [M_ID] = row->id != NULL ? cell_text(row->id) : cell_empty(NULL),
        [M_NAME] = cell_text(row->name),
        [M_ACCOUNTS] = cell_count((int64_t)row->sum->n_accounts),
        [M_VALUE] = worth ? cell_money(row->sum->value_minor) : cell_empty("no ARR and no orders"),
        [M_NEEDED] = cell_number(hours(row->sum->total)),
        [M_AVAILABLE] = known ? cell_number(hours(row->available)) : none,
        [M_LOAD] =
            row->available > 0 ? cell_share(share) : cell_empty(known ? "has no hours" : row->from),
        [M_LEFT] = known ? cell_number(hours(row->available - row->sum->total)) : none,
        [M_FROM] = row->from != NULL ? cell_text(row->from) : cell_empty(NULL),
    };
    (row->total ? doc_row_total : doc_row)(t, cells);
}

typedef struct loaded {
    size_t csm;
    double load; /* HUGE_VAL: work, and no hours */
} loaded;

static int by_load(const void *a, const void *b)
{
    const loaded *x = a;
    const loaded *y = b;
    if (x->load > y->load || x->load < y->load) {
        return x->load > y->load ? -1 : 1;
    }
    return x->csm < y->csm ? -1 : x->csm > y->csm;
}

static double load_of(const capacity *c, size_t i)
{
    if (c->available[i] > 0) {
        return (double)c->by_csm[i].total / (double)c->available[i];
    }
    return c->by_csm[i].total > 0 ? HUGE_VAL : 0.0;
}

static const char *hours_from(const capacity_input *in, size_t i)
{
    if (in->c->available[i] < 0) {
        return "neither capacity_hours nor engagement.month says";
    }
    return isnan(in->csms->items[i].capacity_hours) ? "assumed: engagement.month" : "csms";
}

static void put_rest(doc_table *t, const capacity_input *in)
{
    const capacity *c = in->c;
    if (c->nobody.n_accounts > 0) {
        put_csm(t, in, &(csm_row){.name = "(no CSM)", .sum = &c->nobody, .available = -1});
    }
    if (c->unknown.n_accounts > 0) {
        put_csm(t, in,
                &(csm_row){.name = "(CSM not in csms)", .sum = &c->unknown, .available = -1});
    }
    put_csm(t, in,
            &(csm_row){.name = "All",
                       .sum = &c->all,
                       .available = c->n_unsaid < c->n_csms ? c->available_total : -1,
                       .total = true});
}

strata_status report_capacity_csms(document *d, doc_section *parent, const capacity_input *in,
                                   arena *a, strata_error *err)
{
    const capacity *c = in->c;
    loaded *order = ARENA_NEW(a, c->n_csms + 1, loaded);
    size_t over = 0;
    if (order == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < c->n_csms; i++) {
        order[i] = (loaded){i, load_of(c, i)};
        over += order[i].load > 1.0;
    }
    qsort(order, c->n_csms, sizeof *order, by_load);
    char title[2 * WORDS_TEXT];
    if (over == 0) {
        (void)snprintf(title, sizeof title, "No CSM has more work than hours");
    } else {
        (void)snprintf(title, sizeof title, "%zu of %s %s more work than hours", over,
                       words_things((int64_t)c->n_csms, "CSM").text, over == 1 ? "has" : "have");
    }
    doc_section *s = document_section(d, parent, "csms", title);
    doc_table *t = csm_table(s, in);
    size_t shown = c->n_csms < in->limit ? c->n_csms : in->limit;
    for (size_t k = 0; k < shown; k++) {
        size_t i = order[k].csm;
        put_csm(t, in,
                &(csm_row){.id = in->csms->items[i].id,
                           .name = in->csms->items[i].name,
                           .from = hours_from(in, i),
                           .sum = &c->by_csm[i],
                           .available = c->available[i]});
    }
    put_rest(t, in);
    if (shown > 0 && shown < c->n_csms) {
        doc_table_footnote(t, "The %zu of %zu with the highest load; --limit shows more.", shown,
                           c->n_csms);
    }
    if (c->nobody.n_accounts + c->unknown.n_accounts > 0) {
        doc_paragraph(s,
                      "%s a year are in nobody's book: %s without a CSM, %s whose CSM the source "
                      "'csms' does not know%s.",
                      words_hours(c->nobody.total + c->unknown.total).text,
                      words_things((int64_t)c->nobody.n_accounts, "account").text,
                      words_count((int64_t)c->unknown.n_accounts).text,
                      c->unknown.n_accounts > 0 ? "; `strata ingest` names them with file and line"
                                                : "");
    }
    return STRATA_OK;
}
