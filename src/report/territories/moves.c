/* SPDX-License-Identifier: Apache-2.0 */
#include "report/territories/parts.h"

#include <stdio.h>

#include "base/auto.h"
#include "document/chart.h"

/* --- moves --- */

enum {
    M_ACCOUNT,
    M_NAME,
    M_FROM,
    M_TO,
    M_HOURS,
    M_VALUE,
    M_PRICE,
    M_WHY,
    M_FROM_NAME, /* people read the names in M_WHY */
    M_TO_NAME,
    M_COLUMNS
};

/* "Ada at 131 % of fair hours and 96 % of fair ARR", as the books are now. */
static const char *standing(const territories_input *in, int32_t j, arena *a)
{
    const territory *t = in->t;
    const char *name = t->csms->items[j].name;
    if (t->minutes_share[j] == 0) {
        return arena_printf(a, "%s has no hours", name);
    }
    return arena_printf(a, "%s at %.0f %% of fair hours, %.0f %% of fair %s", name,
                        100.0 * territories_share(t->before[j].minutes, t->minutes_share[j]),
                        100.0 * territories_share(t->before[j].value_minor, t->value_share[j]),
                        in->v->has_arr ? "ARR" : "value");
}

/* Whether accounts leave a book that has its fair share now: it takes others for them. */
static bool gives_too(const territory *t, int32_t j)
{
    bool full =
        t->before[j].minutes > t->minutes_share[j] || t->before[j].value_minor > t->value_share[j];
    for (size_t k = 0; full && k < t->n_moves; k++) {
        if (t->moves[k].from == j) {
            return true;
        }
    }
    return false;
}

static const char *reason(const territories_input *in, const territory_move *m, arena *a)
{
    const char *to = standing(in, m->to, a);
    const char *from = m->from >= 0 ? standing(in, m->from, a) : "has no manager";
    if (to == NULL || from == NULL) {
        return NULL;
    }
    return arena_printf(a, "%s; %s%s", from, to,
                        gives_too(in->t, m->to) ? ", in exchange for others" : "");
}

/* "24 accounts change hands and 42 get a manager: $1.83M and 1,508 h of work a year". */
static void say_moves(strbuf *out, const territories_input *in)
{
    const territory *t = in->t;
    size_t n_moved = t->n_moves - t->n_placed;
    int64_t value = 0;
    int64_t minutes = 0;
    for (size_t i = 0; i < t->n_moves; i++) {
        value += view_value_minor(in->v, t->moves[i].account);
        minutes += in->w->total[t->moves[i].account];
    }
    if (n_moved > 0) {
        strbuf_printf(out, "%s %s hands", words_things((int64_t)n_moved, "account").text,
                      n_moved == 1 ? "changes" : "change");
    }
    if (t->n_placed > 0) {
        const char *get = t->n_placed == 1 ? "gets" : "get";
        words placed = n_moved > 0 ? words_count((int64_t)t->n_placed)
                                   : words_things((int64_t)t->n_placed, "account");
        strbuf_printf(out, "%s%s %s a manager", n_moved > 0 ? " and " : "", placed.text, get);
    }
    strbuf_printf(out, ": %s and %s of work a year",
                  words_money(value, report_currency(in->v->b)).text,
                  territories_hours_words(minutes).text);
}

strata_status territories_moves(document *d, doc_section *parent, const territories_input *in,
                                strata_error *err)
{
    const doc_column columns[M_COLUMNS] = {
        [M_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [M_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        [M_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT},
        [M_TO] = {.key = "to", .label = "To", .type = CELL_TEXT},
        [M_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .decimals = 1},
        [M_VALUE] = {.key = "value",
                     .label = territories_value_name(in->v),
                     .type = CELL_MONEY,
                     .priority = 1},
        [M_PRICE] = {.key = "price_hours",
                     .label = "Price in hours",
                     .type = CELL_NUMBER,
                     .decimals = 1,
                     .priority = 3},
        [M_WHY] = {.key = "why", .label = "Why", .type = CELL_TEXT, .priority = 4},
        [M_FROM_NAME] = {.key = "from_name",
                         .label = "From manager",
                         .type = CELL_TEXT,
                         .data_only = true},
        [M_TO_NAME] = {.key = "to_name",
                       .label = "To manager",
                       .type = CELL_TEXT,
                       .data_only = true},
    };
    const territory *t = in->t;
    const portfolio *p = in->v->p;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRBUF_AUTO strbuf heading;
    strbuf_init(&heading, 0);
    say_moves(&heading, in);
    STRATA_TRY(strbuf_status(&heading, err));
    doc_section *s = document_section(d, parent, "moves", strbuf_text(&heading));
    doc_table *table = doc_table_new(s, "moves", NULL, columns, M_COLUMNS);
    for (size_t i = 0; i < t->n_moves && i < in->shown; i++) {
        const territory_move *m = &t->moves[i];
        const manager *from = m->from >= 0 ? &t->csms->items[m->from] : NULL;
        const manager *to = &t->csms->items[m->to];
        const char *why = reason(in, m, a);
        if (why == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        const doc_cell cells[M_COLUMNS] = {
            [M_ACCOUNT] = cell_text(p->ids[m->account]),
            [M_NAME] = cell_text(p->names[m->account]),
            [M_FROM] = from != NULL ? cell_text(from->id) : cell_empty("nobody"),
            [M_FROM_NAME] = from != NULL ? cell_text(from->name) : cell_empty("nobody"),
            [M_TO] = cell_text(to->id),
            [M_TO_NAME] = cell_text(to->name),
            [M_HOURS] = cell_number(territories_hours(in->w->total[m->account])),
            [M_VALUE] = cell_money(view_value_minor(in->v, m->account)),
            [M_PRICE] = cell_number(territories_hours(m->price)),
            [M_WHY] = cell_text(why),
        };
        doc_row(table, cells);
    }
    if (in->shown < t->n_moves) {
        doc_paragraph(s, "%s of %s are shown, largest first; `--show %zu` shows all.",
                      words_count((int64_t)in->shown).text, words_count((int64_t)t->n_moves).text,
                      t->n_moves);
    }
    return STRATA_OK;
}

/* --- fewer moves --- */

enum { F_MOST, F_MOVED, F_HOURS, F_VALUE, F_PRICE, F_MISSED, F_GAP, F_COLUMNS };

static void put_frontier_chart(doc_section *s, const territory *t)
{
    enum { KINDS = 2, LABEL = 16 };
    double hours[TERRITORY_FRONTIER];
    double value[TERRITORY_FRONTIER];
    char text[TERRITORY_FRONTIER][LABEL];
    const char *labels[TERRITORY_FRONTIER];
    size_t n = 0;
    for (size_t k = 0; k < t->n_frontier; k++) {
        if (t->frontier[k].met) {
            hours[n] = territories_share(t->frontier[k].minutes_above, t->total_minutes);
            value[n] = territories_share(t->frontier[k].value_above, t->total_value);
            (void)snprintf(text[n], LABEL, "%zu", t->frontier[k].n_moved);
            labels[n] = text[n];
            n++;
        }
    }
    if (n > 1) {
        const chart_measure measures[KINDS] = {
            {.title = "Hours above fair shares", .format = CHART_SHARE, .values = hours},
            {.title = "Value above fair shares", .format = CHART_SHARE, .values = value}};
        const chart_theme theme = {0};
        doc_chart(s, "frontier", "What stays uneven, by the number of accounts moved",
                  "Bars of the share of hours and of value above fair shares for each number of "
                  "moves; the table has the figures.",
                  chart_bars(&theme, labels, n, measures, KINDS));
    }
}

/* "With 16 moves instead of 32, 2.6 % of the hours and 3.4 % of ARR stay above fair shares, not
 * 2.1 % and 2.6 %". */
static void say_frontier(strbuf *out, const territories_input *in)
{
    const territory *t = in->t;
    const territory_point *half = t->n_frontier > 2 ? &t->frontier[t->n_frontier - 2] : NULL;
    if (half == NULL || !half->met) {
        strbuf_add(out, "What fewer moves would give");
        return;
    }
    strbuf_printf(out,
                  "With %s instead of %s, %s of the hours and %s of %s stay above fair shares, not "
                  "%s and %s",
                  words_things((int64_t)half->n_moved, "move").text,
                  words_count((int64_t)(t->n_moves - t->n_placed)).text,
                  words_share(territories_share(half->minutes_above, t->total_minutes)).text,
                  words_share(territories_share(half->value_above, t->total_value)).text,
                  in->v->has_arr ? "ARR" : "value",
                  words_share(territories_share(t->minutes_above[1], t->total_minutes)).text,
                  words_share(territories_share(t->value_above[1], t->total_value)).text);
}

strata_status territories_frontier(document *d, doc_section *parent, const territories_input *in,
                                   strata_error *err)
{
    const territory *t = in->t;
    const doc_column columns[F_COLUMNS] = {
        [F_MOST] = {.key = "most_moves", .label = "Moves allowed", .type = CELL_COUNT},
        [F_MOVED] = {.key = "moves", .label = "Made", .type = CELL_COUNT, .priority = 2},
        [F_HOURS] = {.key = "hours_above", .label = "Hours above fair", .type = CELL_SHARE},
        [F_VALUE] = {.key = "value_above", .label = "Value above fair", .type = CELL_SHARE},
        [F_PRICE] = {.key = "price_hours",
                     .label = "Price in hours",
                     .type = CELL_NUMBER,
                     .priority = 1},
        [F_MISSED] = {.key = "missed",
                      .label = "Short of the best with so many, at most",
                      .type = CELL_SHARE,
                      .priority = 3},
        [F_GAP] = {.key = "gap", .label = "Gap at most", .type = CELL_SHARE, .data_only = true},
    };
    STRBUF_AUTO strbuf heading;
    strbuf_init(&heading, 0);
    say_frontier(&heading, in);
    STRATA_TRY(strbuf_status(&heading, err));
    doc_section *s = document_section(d, parent, "frontier", strbuf_text(&heading));
    put_frontier_chart(s, t);
    doc_table *table = doc_table_new(s, "frontier", NULL, columns, F_COLUMNS);
    for (size_t k = 0; k < t->n_frontier; k++) {
        const territory_point *f = &t->frontier[k];
        const doc_cell none = cell_empty("limits not met");
        const doc_cell cells[F_COLUMNS] = {
            [F_MOST] = cell_count((int64_t)f->most_moves),
            [F_MOVED] = f->met ? cell_count((int64_t)f->n_moved) : none,
            [F_HOURS] =
                f->met ? cell_share(territories_share(f->minutes_above, t->total_minutes)) : none,
            [F_VALUE] =
                f->met ? cell_share(territories_share(f->value_above, t->total_value)) : none,
            [F_PRICE] = f->met ? cell_number(territories_hours(f->price)) : none,
            [F_GAP] = f->met ? cell_share(f->gap) : none,
            [F_MISSED] = f->met ? cell_share(f->missed) : none,
        };
        doc_row(table, cells);
    }
    return STRATA_OK;
}
