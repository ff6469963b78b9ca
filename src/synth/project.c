/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/project.h"

static const char head[] =
    "# A portfolio invented by `strata synth`; docs/synthetic-data.md describes how.\n"
    "strata: 1\n"
    "extends: hybrid\n"
    "business:\n"
    "  name: Synthetic portfolio\n"
    "  products: [Platform, Forecast add-on]\n";

static const char intake[] = "  decisions: [coverage, retention, pricing]\n"
                             "  priorities: [nrr, retention]\n"
                             "  current_segmentation: coverage levels by contract size\n"
                             "  csm_team: one CSM per 80 accounts, in three regions\n"
                             "  can_act: yes\n"
                             "  currency: USD\n"
                             "  timezone: America/New_York\n"
                             "  fiscal_year_starts: january\n";

static const char hypotheses[] =
    "hypotheses:\n"
    "  - claim: Accounts won by referral use more of what they pay for\n"
    "    where: channel = referral\n"
    "    compare: active_users_30d / seats\n"
    "    expect: higher\n"
    "  - claim: Small companies pay less per seat\n"
    "    where: employees < 50\n"
    "    compare: arr / seats\n"
    "    expect: lower\n"
    "  - claim: Retail accounts use less of what they pay for\n"
    "    where: industry = Retail\n"
    "    compare: active_users_30d / seats\n"
    "    expect: lower\n";

static const struct {
    synth_file file;
    const char *source;
} sources[] = {
    {SYNTH_ACCOUNTS, "accounts: {path: accounts.csv, map: {account_id: Account ID, started_on: "
                     "Customer since}}"},
    {SYNTH_SUBSCRIPTIONS, "arr: {path: subscriptions.csv, form: subscriptions}"},
    {SYNTH_USAGE, "usage: {path: usage.csv, map: {account_id: org_id, at: ts, feature: event}}"},
    {SYNTH_TICKETS, "tickets: tickets.csv"},
    {SYNTH_SURVEYS, "surveys: surveys.csv"},
    {SYNTH_CONTACTS, "contacts: contacts.csv"},
    {SYNTH_TOUCHPOINTS, "touchpoints: touchpoints.csv"},
    {SYNTH_OPPORTUNITIES, "opportunities: opportunities.csv"},
    {SYNTH_CSMS, "csms: csms.csv"},
    {SYNTH_HEALTH, "health: health.csv"},
    {SYNTH_INTERVENTIONS, "interventions: interventions.csv"},
};

void synth_model_text(strbuf *b, const synth_options *o)
{
    strbuf_add(b, head);
    strbuf_printf(b, "  customers: %zu\n", o->accounts);
    strbuf_add(b, intake);
    strbuf_add(b, "sources:\n");
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        if (o->only == 0 || (o->only >> sources[i].file & 1U) != 0) {
            strbuf_printf(b, "  %s\n", sources[i].source);
        }
    }
    strbuf_add(b, hypotheses);
}
