/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/seats.h"
#include "cohort/shop/order_units.h"
#include "report/cohorts/cohorts_parts.h"
#include "report/report.h"

static const char *const state_names[MEMBER_STATES] = {"lost", "contracted", "kept", "expanded"};

member_state member_state_of(const retention *r, const triangle_sums *s)
{
    if (s->active == 0) {
        return MEMBER_LOST;
    }
    if (!r->by_arr) {
        return MEMBER_KEPT;
    }
    return s->amount < s->base   ? MEMBER_CONTRACTED
           : s->amount > s->base ? MEMBER_EXPANDED
                                 : MEMBER_KEPT;
}

static size_t all_of(const cohort_list *l)
{
    size_t n = 0;
    for (size_t i = 0; i < MEMBER_STATES; i++) {
        n += l->states[i];
    }
    return n;
}

void report_cohort_list_title(strbuf *out, const cohort_list *l)
{
    const retention *r = l->report->r;
    strbuf_printf(out, "%s in %s %s: %zu of %s %s",
                  r->in->groups->labels[r->first + l->shown_group], cohorts_unit(l->report),
                  r->ages[l->age], l->states[MEMBER_LOST],
                  words_things((int64_t)all_of(l), "account").text,
                  r->by_arr || r->in->presence == PRESENCE_ARR ? "lost" : "not active");
}

static doc_cell level_cell(bool seats, int64_t x)
{
    return seats ? cell_number((double)x / SEATS_SCALE) : cell_money(x);
}

/* Columns for ARR or seats, for orders, for days of use. */
static void put_rows_levels(doc_section *s, const cohort_list *l)
{
    const retention *r = l->report->r;
    bool seats = measure_is_seats(r->request.measure);
    const doc_column columns[] = {
        {.key = "id", .label = "Id", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "state", .label = "State", .type = CELL_TEXT},
        {.key = seats ? "seats_start" : "arr_start",
         .label = seats ? "Seats at first" : "New-business ARR",
         .type = seats ? CELL_NUMBER : CELL_MONEY},
        {.key = seats ? "seats_then" : "arr_then",
         .label = seats ? "Seats then" : "ARR then",
         .type = seats ? CELL_NUMBER : CELL_MONEY},
        {.key = "since", .label = "Since", .type = CELL_DATE},
        {.key = "started", .label = "Started", .type = CELL_DATE, .priority = 1}};
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, 7);
    for (size_t i = 0; i < l->n && i < l->limit; i++) {
        const triangle_member *m = &l->members[i];
        doc_row(t,
                (doc_cell[]){cell_text(l->p->ids[m->account]), cell_text(l->p->names[m->account]),
                             cell_text(state_names[member_state_of(r, &m->sums)]),
                             level_cell(seats, m->sums.base), level_cell(seats, m->sums.amount),
                             cell_date(m->since), cell_date(r->in->origin[m->account])});
    }
}

static void put_rows_presence(doc_section *s, const cohort_list *l)
{
    const retention *r = l->report->r;
    bool orders = r->in->presence == PRESENCE_ORDERS;
    bool units = r->in->units;
    bool arr = r->in->presence == PRESENCE_ARR;
    const doc_column columns[] = {
        {.key = "id", .label = "Id", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "active",
         .label = arr      ? "Had ARR"
                  : orders ? "Ordered"
                           : "Used it",
         .type = CELL_BOOL},
        {.key = "last",
         .label = arr      ? "Last change"
                  : orders ? "Last order"
                           : "Last use",
         .type = CELL_DATE},
        {.key = "started", .label = "Started", .type = CELL_DATE, .priority = 1},
        {.key = units ? "units" : "orders",
         .label = units ? "Units then" : "Orders then",
         .type = units ? CELL_NUMBER : CELL_COUNT},
        {.key = "revenue", .label = "Revenue since the start", .type = CELL_MONEY}};
    bool amounts = orders && r->in->kind == RETENTION_EXACTLY;
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, amounts ? 7 : 5);
    for (size_t i = 0; i < l->n && i < l->limit; i++) {
        const triangle_member *m = &l->members[i];
        doc_row(t, (doc_cell[]){cell_text(l->p->ids[m->account]),
                                cell_text(l->p->names[m->account]), cell_bool(m->sums.active > 0),
                                cell_date(m->since), cell_date(r->in->origin[m->account]),
                                units ? cell_number((double)m->sums.amount / ORDER_UNITS_SCALE)
                                      : cell_count(m->sums.amount),
                                cell_money(m->sums.revenue)});
    }
}

void report_cohort_list(document *d, const cohort_list *l)
{
    const retention *r = l->report->r;
    const cohort_cell *cell = retention_cell(r, l->shown_group, l->age);
    doc_section *s = document_section(d, NULL, "cell", "The accounts of the cell");
    if (r->by_arr) {
        doc_paragraph(s,
                      "%zu lost, %zu contracted, %zu unchanged, %zu expanded, against the %s "
                      "they started with.",
                      l->states[MEMBER_LOST], l->states[MEMBER_CONTRACTED], l->states[MEMBER_KEPT],
                      l->states[MEMBER_EXPANDED],
                      measure_is_seats(r->request.measure) ? "seats" : "ARR");
    }
    if (!cell->over) {
        doc_note(s, "note", "The %s is not over yet: the list is as of the as-of date.",
                 cohorts_unit(l->report));
    }
    if (l->report->dated != NULL) {
        doc_note(s, "note", "%s", l->report->dated);
    }
    if (l->n == 0) {
        doc_paragraph(s, "No account to list.");
        return;
    }
    if (r->by_arr && l->limit > 0) {
        put_rows_levels(s, l);
    } else if (l->limit > 0) {
        put_rows_presence(s, l);
    }
    if (l->n > l->limit) {
        doc_paragraph(s, "%zu of %zu shown; --limit shows more.", l->limit, l->n);
    }
}
