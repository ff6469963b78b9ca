/* SPDX-License-Identifier: Apache-2.0 */
#include "report/data/features.h"

#include <ctype.h>
#include <string.h>

#include "report/report.h"

static const char *type_words(value_type type)
{
    static const char *const names[VALUE_TYPE_COUNT] = {
        [VALUE_NUMBER] = "number", [VALUE_MONEY] = "money", [VALUE_SHARE] = "share",
        [VALUE_DURATION] = "days", [VALUE_DATE] = "date",   [VALUE_BOOL] = "yes or no",
        [VALUE_TEXT] = "text"};
    return names[type];
}

static bool contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; text != NULL && *text != '\0'; text++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i])) {
            i++;
        }
        if (i == n) {
            return true;
        }
    }
    return false;
}

static bool passes(const symbol *s, const catalogue_filter *filter)
{
    return (!filter->missing_only || s->missing_because != NULL) &&
           (filter->containing == NULL || contains(s->name, filter->containing) ||
            contains(s->label, filter->containing));
}

static size_t count_between(const bound_model *b, const catalogue_filter *filter, size_t from,
                            size_t to)
{
    size_t n = 0;
    for (size_t slot = from; slot < to; slot++) {
        n += passes(&b->scope.symbols[slot], filter);
    }
    return n;
}

size_t report_catalogue_count(const bound_model *b, const catalogue_filter *filter)
{
    return count_between(b, filter, 0, b->scope.n_symbols);
}

void report_users(strbuf *out, const bound_model *b, size_t slot)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (bound_reads(&b->defs[i], slot)) {
            strbuf_printf(out, "%s%s", out->len > 0 ? ", " : "",
                          b->scope.symbols[b->defs[i].slot].name);
        }
    }
    size_t n = 0;
    const size_t *slots = b->population != NULL ? rule_slots(b->population, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        if (slots[i] == slot) {
            strbuf_printf(out, "%spopulation", out->len > 0 ? ", " : "");
        }
    }
}

/* --- definitions of the model in one line --- */

static void put_score(strbuf *out, const model_score *score)
{
    for (size_t f = 0; f < score->n_factors; f++) {
        const model_factor *factor = &score->factors[f];
        strbuf_printf(out, "%s%s %.6g %%", f > 0 ? ", " : "",
                      factor->label != NULL ? factor->label : factor->feature.text,
                      factor->weight * 100.0);
    }
}

static void put_bin(strbuf *out, const model_bin *bin)
{
    if (bin->quantiles > 0) {
        strbuf_printf(out, "%d equal groups by %s%s", bin->quantiles, bin->of.text,
                      bin->reverse ? ", lowest values score highest" : "");
        return;
    }
    for (size_t s = 0; s < bin->n_steps; s++) {
        const model_bin_step *step = &bin->steps[s];
        strbuf_printf(out, "%s%.6g %s%s", s > 0 ? ", " : "", step->score,
                      step->up_to.text != NULL ? "up to " : "otherwise",
                      step->up_to.text != NULL ? step->up_to.text : "");
    }
    strbuf_printf(out, " of %s", bin->of.text);
}

static void put_dimension(strbuf *out, const model_dimension *m, const bound_def *def)
{
    enum { SHOWN = 12 };
    if (m->kind == DIMENSION_BY) {
        strbuf_printf(out, "one segment for each %s: ", m->of.text);
    } else if (m->kind == DIMENSION_BANDS) {
        strbuf_printf(out, "bands of %s: ", m->of.text);
    }
    for (size_t i = 0; i < def->n_segments && i < SHOWN; i++) {
        strbuf_printf(out, "%s%s", i > 0 ? ", " : "", def->labels[i]);
    }
    strbuf_add(out, def->n_segments > SHOWN ? " ..." : "");
}

void report_definition_line(strbuf *out, const bound_model *b, const bound_def *def)
{
    const model *m = b->model;
    switch (def->kind) {
    case DEF_FEATURE:
        strbuf_add(out, m->features[def->index].value.text);
        break;
    case DEF_BIN:
        put_bin(out, &m->bins[def->index]);
        break;
    case DEF_SCORE:
        put_score(out, &m->scores[def->index]);
        break;
    case DEF_DIMENSION:
        put_dimension(out, &m->dimensions[def->index], def);
        break;
    }
}

/* --- tables --- */

enum { CATALOGUE_COLUMNS = 5 };

static void put_row(doc_table *t, const bound_model *b, size_t slot, const char *meaning)
{
    const symbol *s = &b->scope.symbols[slot];
    strbuf users STRBUF_AUTO;
    strbuf_init(&users, 0);
    report_users(&users, b, slot);
    doc_cell cells[CATALOGUE_COLUMNS] = {
        cell_text(s->name),
        cell_text(type_words(s->type)),
        cell_text(meaning),
        cell_text(s->missing_because),
        users.len > 0 ? cell_text(strbuf_text(&users)) : cell_empty(NULL),
    };
    doc_row(t, cells);
}

static doc_table *new_table(doc_section *s, const char *id, const char *meaning)
{
    const doc_column columns[CATALOGUE_COLUMNS] = {
        {.key = "name", .label = "Name", .type = CELL_TEXT},
        {.key = "type", .label = "Type", .type = CELL_TEXT, .priority = 1},
        {.key = "meaning", .label = meaning, .type = CELL_TEXT},
        {.key = "missing", .label = "Missing", .type = CELL_TEXT, .priority = 2},
        {.key = "used_by", .label = "Read by", .type = CELL_TEXT, .priority = 3},
    };
    return doc_table_new(s, id, NULL, columns, CATALOGUE_COLUMNS);
}

static void put_computed(document *d, doc_section *parent, const bound_model *b,
                         const catalogue_filter *filter)
{
    if (count_between(b, filter, 0, FEATURE_COUNT) == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "computed", "Computed from dated facts");
    doc_table *t = new_table(s, "computed", filter->in_full ? "Definition" : "Meaning");
    for (size_t slot = 0; slot < FEATURE_COUNT; slot++) {
        const feature_info *info = feature_get((feature_id)slot);
        if (passes(&b->scope.symbols[slot], filter)) {
            put_row(t, b, slot, filter->in_full ? info->definition : info->label);
        }
    }
}

/* "12 texts: Finance, Health, Media, ..." */
static void put_levels(strbuf *out, const symbol *s)
{
    enum { SHOWN = 3 };
    if (s->type != VALUE_TEXT || s->n_levels == 0) {
        strbuf_add(out, "as in the accounts file");
        return;
    }
    strbuf_printf(out, "%s: ", words_things((int64_t)s->n_levels, "text").text);
    for (size_t i = 0; i < s->n_levels && i < SHOWN; i++) {
        strbuf_printf(out, "%s%.40s", i > 0 ? ", " : "", s->levels[i]);
    }
    strbuf_add(out, s->n_levels > SHOWN ? ", ..." : "");
}

static void put_attributes(document *d, doc_section *parent, const bound_model *b,
                           const catalogue_filter *filter)
{
    if (count_between(b, filter, FEATURE_COUNT, b->n_base) == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "attributes", "Columns of the accounts");
    doc_table *t = new_table(s, "attributes", "Meaning");
    for (size_t slot = FEATURE_COUNT; slot < b->n_base; slot++) {
        const symbol *sym = &b->scope.symbols[slot];
        if (passes(sym, filter)) {
            strbuf levels STRBUF_AUTO;
            strbuf_init(&levels, 0);
            put_levels(&levels, sym);
            put_row(t, b, slot, strbuf_text(&levels));
        }
    }
}

static void put_definitions(document *d, doc_section *parent, const bound_model *b,
                            const catalogue_filter *filter)
{
    if (count_between(b, filter, b->n_base, b->scope.n_symbols) == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "definitions", "Defined in the model");
    doc_table *t = new_table(s, "definitions", "Definition");
    for (size_t i = 0; i < b->n_defs; i++) {
        if (passes(&b->scope.symbols[b->defs[i].slot], filter)) {
            strbuf line STRBUF_AUTO;
            strbuf_init(&line, 0);
            report_definition_line(&line, b, &b->defs[i]);
            put_row(t, b, b->defs[i].slot, strbuf_text(&line));
        }
    }
}

void report_catalogue(document *d, doc_section *parent, const bound_model *b,
                      const catalogue_filter *filter)
{
    put_computed(d, parent, b, filter);
    put_attributes(d, parent, b, filter);
    put_definitions(d, parent, b, filter);
}
