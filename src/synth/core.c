/* SPDX-License-Identifier: Apache-2.0 */
/* accounts.csv, subscriptions.csv, truth.csv and csms.csv */
#include "synth/writers.h"

#include <stdio.h>

#include "synth/parameters.h"

const char *synth_header(synth_file f)
{
    static const char accounts[] =
        "Account ID,name,Customer since,parent_id,industry,employees,region,"
        "country,plan,use_case,channel,csm_id,coverage,seats,currency,"
        "potential_arr,complexity,strategic";
    static const char truth[] =
        "account_id,archetype,fit,engagement,customer,hazard,months_at_risk,"
        "expected_churns,churns,reactivations";
    static const char *const header[SYNTH_FILE_COUNT] = {
        [SYNTH_ACCOUNTS] = accounts,
        [SYNTH_SUBSCRIPTIONS] =
            "account_id,subscription_id,start,end,amount,period,currency,seats,product",
        [SYNTH_USAGE] = "org_id,ts,event,count,user_id",
        [SYNTH_TICKETS] = "account_id,ticket_id,opened_at,closed_at,severity,theme,csat,text",
        [SYNTH_SURVEYS] = "account_id,answered_at,kind,score,text,contact_id",
        [SYNTH_CONTACTS] =
            "account_id,contact_id,title,role,department,known_from,active_until,email",
        [SYNTH_TOUCHPOINTS] = "account_id,at,csm_id,channel,minutes,responded",
        [SYNTH_OPPORTUNITIES] = "account_id,opened_at,kind,amount,due_on,stage,competitor",
        [SYNTH_CSMS] = "csm_id,name,capacity_hours,skills,regions,cost_per_hour",
        [SYNTH_HEALTH] = "account_id,at,score",
        [SYNTH_INTERVENTIONS] = "account_id,at,playbook,kind,minutes,outcome",
        [SYNTH_TRUTH] = truth,
    };
    return header[f];
}

const char *synth_region(int region)
{
    static const char *const name[REGIONS] = {"AMER", "EMEA", "APAC"};
    return name[region];
}

static void account_name(const account *a, char *out, size_t cap)
{
    static const char *const first[] = {
        "Alder",   "Amber",  "Birch",  "Cedar",   "Cobalt", "Delta",  "Elm",   "Falcon",
        "Granite", "Harbor", "Iron",   "Juniper", "Keel",   "Larch",  "Maple", "North",
        "Onyx",    "Pine",   "Quartz", "River",   "Slate",  "Timber", "Union", "Vale"};
    static const char *const second[] = {"Analytics", "Bank",     "Clinics",   "Foods",  "Freight",
                                         "Group",     "Labs",     "Logistics", "Media",  "Motors",
                                         "Networks",  "Partners", "Retail",    "School", "Studios",
                                         "Systems",   "Textiles", "Works",     "Energy"};
    rng r = account_rng(a, STREAM_CONTACTS);
    uint64_t i = rng_below(&r, sizeof first / sizeof *first);
    uint64_t j = rng_below(&r, sizeof second / sizeof *second);
    (void)snprintf(out, cap, "%s %s %llu", first[i], second[j], (unsigned long long)a->k + 1);
}

static int64_t potential_cents(const account *a)
{
    double seats = synth_p(P_SEATS_POTENTIAL) * a->employees;
    double cap = synth_p(P_SEATS_MAX);
    seats = seats < cap ? seats : cap;
    int64_t could = (int64_t)(seats * synth_plans[a->plan].value[1]) * 12;
    int64_t has = account_arr(a);
    return could > has ? could : has;
}

static void account_row(csv_file *f, const account *a, const char *name, bool complete)
{
    static const char *const country[REGIONS][4] = {
        {"US", "US", "CA", "BR"}, {"GB", "DE", "FR", "NL"}, {"AU", "JP", "SG", "IN"}};
    static const char *const use_case[4] = {"planning", "reporting", "collaboration", "compliance"};
    csv_id(f, 'A', a->k + 1);
    csv_text(f, name);
    csv_day(f, a->started);
    if (a->parent >= 0) {
        csv_id(f, 'A', (uint64_t)a->parent + 1);
    } else {
        csv_text(f, NULL);
    }
    if (complete) {
        csv_text(f, synth_industries[a->industry].name);
        csv_int(f, a->employees);
    } else {
        csv_text(f, NULL);
        csv_text(f, NULL);
    }
    csv_text(f, synth_region(a->region));
    csv_text(f, country[a->region][a->country]);
    csv_text(f, synth_plans[a->plan].name);
    csv_text(f, use_case[a->use_case]);
    csv_text(f, synth_channels[a->channel].name);
    if (a->coverage < COVERAGES - 1) {
        csv_id(f, 'C', a->csm + 1);
    } else {
        csv_text(f, NULL);
    }
    csv_text(f, synth_coverages[a->coverage].name);
    csv_int(f, account_seats(a));
    csv_text(f, "USD");
    csv_cents(f, potential_cents(a));
    csv_int(f, a->complexity);
    csv_text(f, a->strategic ? "true" : "false");
    csv_end_row(f);
}

void write_account(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_ACCOUNTS];
    rng r = account_rng(a, STREAM_DIRT);
    bool duplicate = synth_chance(&r, a->dirt);
    bool missing = synth_chance(&r, a->dirt);
    char name[64];
    account_name(a, name, sizeof name - 8);
    account_row(f, a, name, !missing);
    if (duplicate) {
        account_row(f, a, name, !missing);
    }
    if (f->buffer != NULL) {
        out->sum.dirt[SYNTH_DIRT_DUPLICATE] += duplicate;
        out->sum.dirt[SYNTH_DIRT_MISSING] += missing;
    }
}

void write_subscriptions(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_SUBSCRIPTIONS];
    const char *period = a->billing_months == 12  ? "year"
                         : a->billing_months == 3 ? "quarter"
                                                  : "month";
    for (size_t i = 0; i < a->n_terms; i++) {
        const term *t = &a->terms[i];
        csv_id(f, 'A', a->k + 1);
        csv_sub_id(f, 'A', a->k + 1, 'S', i + 1);
        csv_day(f, t->start);
        csv_day(f, t->end);
        csv_cents(f, t->cents_month * a->billing_months);
        csv_text(f, period);
        csv_text(f, "USD");
        if (t->addon) {
            csv_text(f, NULL);
        } else {
            csv_int(f, t->seats);
        }
        csv_text(f, t->addon ? "Forecast add-on" : "Platform");
        csv_end_row(f);
    }
}

void write_truth(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_TRUTH];
    const month *last = &a->months[a->n_months - 1];
    int64_t at_risk = 0;
    for (size_t i = 0; i < a->n_months; i++) {
        at_risk += a->months[i].active && a->months[i].to <= a->ends;
    }
    bool customer = account_is_customer(a) && !last->churned;
    csv_id(f, 'A', a->k + 1);
    csv_text(f, synth_archetypes[a->archetype].name);
    csv_real(f, a->fit, 4);
    if (customer) {
        csv_real(f, last->engagement, 4);
    } else {
        csv_text(f, NULL);
    }
    csv_text(f, customer ? "true" : "false");
    if (customer) {
        csv_real(f, last->hazard, 6);
    } else {
        csv_text(f, NULL);
    }
    csv_int(f, at_risk);
    csv_real(f, a->expected_churns, 6);
    csv_int(f, a->churns);
    csv_int(f, a->reactivations);
    csv_end_row(f);
}

void write_csms(synth_out *out, const synth_options *o)
{
    static const char *const name[] = {"Ada",  "Bruno", "Chen", "Dana",  "Elif", "Femi",
                                       "Gita", "Hugo",  "Ines", "Jonas", "Kira", "Luis"};
    static const char *const skill[] = {"onboarding", "technical", "executive", "renewals"};
    csv_file *f = &out->file[SYNTH_CSMS];
    uint64_t per_csm = (uint64_t)synth_int(P_CSM_ACCOUNTS);
    for (uint64_t c = 0; c * per_csm < o->accounts; c++) {
        rng r;
        rng_init(&r, o->seed, c * STREAMS + STREAM_CSM);
        char text[48];
        char initial = (char)('A' + (int)rng_below(&r, 26)); /* drawn before the name, always */
        (void)snprintf(text, sizeof text, "%s %c.", name[rng_below(&r, 12)], initial);
        csv_id(f, 'C', c + 1);
        csv_text(f, text);
        csv_int(f, 90 + 10 * (int64_t)rng_below(&r, 5));
        uint64_t first = rng_below(&r, 4);
        (void)snprintf(text, sizeof text, "%s;%s", skill[first],
                       skill[(first + 1 + rng_below(&r, 3)) % 4]);
        csv_text(f, text);
        csv_text(f, synth_region((int)(c % REGIONS)));
        csv_int(f, 45 + (int64_t)rng_below(&r, 40));
        csv_end_row(f);
    }
}
