/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nearest.h"
#include "command/look.h"
#include "report/data/feature.h"
#include "report/data/features.h"
#include "report/report.h"

static size_t slot_of(const bound_model *b, const char *name)
{
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (strcmp(b->scope.symbols[slot].name, name) == 0) {
            return slot;
        }
    }
    return SIZE_MAX;
}

static strata_status show_one(look *l, size_t slot, strata_error *err)
{
    STRATA_TRY(look_view(l, &slot, 1, err));
    const char *title = l->bound->scope.symbols[slot].name;
    if (slot < FEATURE_COUNT) {
        title = arena_printf(l->c->arena, "%s: %s", title, feature_get((feature_id)slot)->label);
    }
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "feature", title, &d, err));
    STRATA_TRY(report_feature(d, NULL, l->view, slot, err));
    doc_next_step(d, arena_printf(l->c->arena, "strata accounts --columns id,name,%s --sort -%s",
                                  l->bound->scope.symbols[slot].name,
                                  l->bound->scope.symbols[slot].name));
    return call_show(l->c, d, err);
}

static strata_status unknown_name(const look *l, const char *name, strata_error *err)
{
    size_t n = l->bound->scope.n_symbols;
    const char **names = ARENA_NEW(l->c->arena, n, const char *);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = l->bound->scope.symbols[i].name;
    }
    const nearest_text near = nearest_hint(name, names, n);
    if (near.text[0] != '\0') {
        return strata_fail(err, STRATA_E_NOTFOUND, "unknown feature '%.100s'%s", name, near.text);
    }
    return strata_fail(err, STRATA_E_NOTFOUND,
                       "no feature has '%.100s' in its name; 'strata features' lists all", name);
}

static strata_status show_list(look *l, const catalogue_filter *filter, strata_error *err)
{
    size_t n = report_catalogue_count(l->bound, filter);
    if (n == 0 && filter->containing != NULL && !filter->missing_only) {
        return unknown_name(l, filter->containing, err);
    }
    catalogue_filter missing = *filter;
    missing.missing_only = true;
    size_t n_missing = report_catalogue_count(l->bound, &missing);
    const char *title =
        filter->missing_only
            ? arena_printf(l->c->arena, "%s without data", words_things((int64_t)n, "name").text)
            : arena_printf(l->c->arena, "%s that rules may use, %s of them without data",
                           words_things((int64_t)n, "name").text,
                           words_count((int64_t)n_missing).text);
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(session_document(l->c, l->project, "features", title, l->as_of, -1, -1, &d, err));
    report_catalogue(d, NULL, l->bound, filter);
    doc_next_step(d, "strata features NAME");
    doc_next_step(d, n_missing > 0 ? "strata readiness" : "strata accounts --where EXPRESSION");
    return call_show(l->c, d, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    const char *name = c->n_args > 0 ? c->args[0] : NULL;
    size_t slot = name != NULL ? slot_of(l.bound, name) : SIZE_MAX;
    if (slot != SIZE_MAX) {
        return show_one(&l, slot, err);
    }
    catalogue_filter filter = {.containing = name,
                               .missing_only = call_has(c, "missing"),
                               .in_full = call_has(c, "full") || c->format != RENDER_TABLE};
    return show_list(&l, &filter, err);
}

static const command_option options[] = {
    {.name = "missing", .help = "only names whose data is not there, with what they need"},
    {.name = "full", .help = "definitions as whole sentences (always so but in tables)"},
    {0}};
static const command_example examples[] = {
    {"strata features", "every name that rules may use"},
    {"strata features usage_trend_90d", "one definition, and its values in this portfolio"},
    {"strata features nps", "all names with nps in them"},
    {"strata features --missing", "what the data does not switch on, and why"},
    {0}};
const command_def command_features = {
    .name = "features",
    .summary = "The catalogue of names that rules may use, with definitions",
    .usage = "[NAME]",
    .description =
        "Lists what is computed from dated facts, the columns of the accounts, and what the model\n"
        "defines; with the definition of each, which definitions of the model read it, and what "
        "is\n"
        "missing where there is no data for it.\n\n"
        "With the NAME of a feature: its definition in full and its values among the accounts.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .run = run};
