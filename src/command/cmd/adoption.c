/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nearest.h"
#include "command/ask/cohort.h"
#include "report/cohorts/adoption.h"

static strata_status find_feature(const first_use *u, const char *name, size_t *out,
                                  strata_error *err)
{
    for (size_t f = 0; f < u->n_features; f++) {
        if (strcmp(u->names[f], name) == 0) {
            *out = f;
            return STRATA_OK;
        }
    }
    return strata_fail(
        err, STRATA_E_NOTFOUND, "usage names no feature '%.100s'%s", name,
        nearest_hint_or(name, u->names, u->n_features, "; 'strata adoption' lists them").text);
}

static strata_status run(call *c, strata_error *err)
{
    COHORT_ASK_AUTO cohort_ask ask = {0};
    const char *name = c->n_args > 0 ? c->args[0] : NULL;
    first_use *use = NULL;
    size_t feature = SIZE_MAX;
    bool grouped = call_value(c, "by") != NULL || call_value(c, "every") != NULL;
    STRATA_TRY(cohort_ask_open(c, &ask, err));
    STRATA_TRY(cohort_ask_groups(&ask, name != NULL, PERIOD_QUARTER, err));
    if (grouped && name == NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "name the feature that groups are to be compared by: strata adoption "
                           "FEATURE --by ...");
    }
    STRATA_TRY(first_use_load(&c->cx, store_main(ask.project->store), ask.p->ledgers, ask.as_of,
                              c->arena, &use, err));
    if (name != NULL) {
        STRATA_TRY(find_feature(use, name, &feature, err));
    }
    size_t minimum = (size_t)ask.project->model->quality.minimum_accounts;
    adoption_request request = {.use = use,
                                .arr = ask.has_arr ? ask.arr : NULL,
                                .origin = ask.origin,
                                .groups = ask.groups,
                                .as_of = ask.as_of,
                                .minimum_accounts = minimum};
    adoption found = {0};
    STRATA_TRY(adoption_compute(&c->cx, &request, c->arena, &found, err));
    adoption_input in = {.adoption = &found, .feature = feature, .minimum_accounts = minimum};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_adoption_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&ask, "adoption", strbuf_text(&title), &d, err));
    report_adoption(d, NULL, &in);
    if (name == NULL) {
        doc_next_step(d,
                      arena_printf(c->arena, "strata adoption '%s'", use->names[found.order[0]]));
    }
    return call_show(c, d, err);
}

static const command_option options[] = {
    COHORT_OPTION_EVERY, COHORT_OPTION_BY, COHORT_OPTION_ON, COHORT_OPTION_FROM, {0}};
static const command_example examples[] = {
    {"strata adoption", "every feature: how many accounts use it by 1, 3, 6 and 12 months"},
    {"strata adoption report_exported", "one feature, by quarter of start"},
    {"strata adoption report_exported --by plan", "one feature, by plan"},
    {0}};
const command_def command_adoption = {
    .name = "adoption",
    .summary = "How soon accounts take up each feature",
    .usage = "[FEATURE]",
    .description =
        "The share of accounts that have used a feature by 1, 3, 6 and 12 months of age, and the "
        "months until half\n"
        "have. Accounts that were not seen that long, or left, count as long as they were seen "
        "(Kaplan-Meier).\n\n"
        "With FEATURE: that feature by cohort, or by the value of --by.",
    .options = options,
    .examples = examples,
    .table = "adoption",
    .most_args = 1,
    .run = run};
