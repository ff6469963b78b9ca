/* SPDX-License-Identifier: Apache-2.0 */
#include "report/forecast/backtest_table.h"

#include "report/words.h"

doc_table *report_backtest_table(doc_section *s)
{
    const doc_column columns[] = {
        {.key = "quantity", .label = "Of", .type = CELL_TEXT},
        {.key = "method", .label = "Method", .type = CELL_TEXT},
        {.key = "error", .label = "Off by", .type = CELL_SHARE, .bar = true},
        {.key = "bias", .label = "Too high by", .type = CELL_SHARE, .priority = 1},
        {.key = "held", .label = "Range held", .type = CELL_TEXT},
        {.key = "cases", .label = "Cases", .type = CELL_COUNT, .priority = 2},
        {.key = "used", .label = "Used", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "backtest", NULL, columns, 7);
    doc_table_footnote(t, "Off by: mean of the differences without sign, as a share of what came. "
                          "Ranges are to hold 4 of 5; cases overlap in time, so they are no "
                          "independent trials.");
    return t;
}

void report_backtest_row(doc_table *t, const backtest_line *line)
{
    bool scored = line->n > 0;
    words held = words_rate((share_figure){.hits = line->held, .of = line->ranged});
    doc_row(t, (doc_cell[]){cell_text(line->quantity), cell_text(line->method),
                            scored ? cell_share(line->error) : cell_empty(line->why),
                            scored ? cell_share(line->bias) : cell_empty(line->why),
                            line->ranged > 0 ? cell_text(held.text)
                                             : cell_empty(scored ? "no range" : line->why),
                            cell_count((int64_t)line->n), cell_text(line->used ? "used" : "")});
}
