/* SPDX-License-Identifier: Apache-2.0 */
/* What was asked, read. */
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "command/command.h"
#include "project/project.h"
#include "report/data/glossary.h"

const char *call_value(const call *c, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < c->n_given; i++) {
        if (strcmp(c->given[i].option->name, option) == 0) {
            value = c->given[i].value;
        }
    }
    return value;
}

bool call_has(const call *c, const char *option)
{
    for (size_t i = 0; i < c->n_given; i++) {
        if (strcmp(c->given[i].option->name, option) == 0) {
            return true;
        }
    }
    return false;
}

strata_status call_date(const call *c, const char *option, day fallback, day *out,
                        strata_error *err)
{
    const char *value = call_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    if (!day_parse_iso(value, strlen(value), out)) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no date; write it as 2026-06-30",
                           option, value);
    }
    return STRATA_OK;
}

strata_status call_count(const call *c, const char *option, long least, long most, long fallback,
                         long *out, strata_error *err)
{
    const char *value = call_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    char *end = NULL;
    long n = strtol(value, &end, 10);
    if (end == value || *end != '\0' || n < least || n > most) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no whole number from %ld to %ld",
                           option, value, least, most);
    }
    *out = n;
    return STRATA_OK;
}

strata_status call_share(const call *c, const char *option, double least, double most,
                         double fallback, double *out, strata_error *err)
{
    const char *value = call_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    size_t len = strlen(value);
    bool percent = len > 0 && value[len - 1] == '%';
    double share = 0.0;
    bool ok = number_parse(value, len - (percent ? 1 : 0), &share);
    share = percent ? share / 100.0 : share;
    if (!ok || share < least || share > most) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no share from %g%% to %g%%", option,
                           value, least * 100.0, most * 100.0);
    }
    *out = share;
    return STRATA_OK;
}

strata_status call_check_args(const call *c, strata_error *err)
{
    const char *usage = c->command->usage != NULL ? c->command->usage : "";
    if (c->n_args < c->command->least_args) {
        return strata_fail(err, STRATA_E_USAGE, "something is missing: strata %s %s",
                           c->command->name, usage);
    }
    if (c->n_args > c->command->most_args) {
        return strata_fail(err, STRATA_E_USAGE, "'%s' is one argument too many: strata %s %s",
                           c->args[c->command->most_args], c->command->name, usage);
    }
    return STRATA_OK;
}

bool call_for_programs(const call *c)
{
    return c->format == RENDER_CSV || c->format == RENDER_JSON || c->format == RENDER_XLSX;
}

strata_status call_list_limit(const call *c, long least, long usual, long *out, strata_error *err)
{
    enum { MOST = 100000000 }; /* more than there are accounts */
    return call_count(c, "limit", least, MOST, c->whole_lists ? MOST : usual, out, err);
}

strata_status call_show(const call *c, document *d, strata_error *err)
{
    report_glossary(d);
    STRATA_TRY(document_status(d, err));
    return c->sink->show(c->sink->payload, c, d, err);
}

const char *call_folder(const call *c)
{
    return c->project != NULL ? c->project->folder : call_value(c, "project");
}
