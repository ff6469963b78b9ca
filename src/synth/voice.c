/* SPDX-License-Identifier: Apache-2.0 */
/* What customers say: tickets.csv and surveys.csv; and the supplied health.csv. */
#include "synth/writers.h"

#include <stdio.h>

#include "synth/parameters.h"

enum { THEMES = 7, SEVERE_THEMES = 2, TEXTS = 3 };

/* By plan, Starter first: how often accounts write about it. Those after the first two are no cause
 * for a severe ticket. */
static const struct {
    const char *theme;
    double frequency[PLANS];
    bool regulated; /* only accounts of regulated industries write about it */
    const char *text[TEXTS];
} themes[THEMES] = {
    {"performance",
     {1, 1, 1, 1},
     false,
     {"Dashboards take more than a minute to load", "Timeouts during the weekly run",
      "The app is slow since the last release"}},
    {"integration",
     {1, 1, 2, 2},
     false,
     {"Sync with the CRM stopped last night", "API returns 500 for bulk updates",
      "Duplicate records after the import"}},
    {"billing",
     {2, 1, 1, 1},
     false,
     {"Invoice shows the wrong number of seats", "Please resend the March invoice",
      "We were charged twice, \"again\""}},
    {"permissions",
     {0.3, 0.6, 1, 4},
     false,
     {"A new colleague cannot see shared views", "SSO login fails for one team",
      "How do we remove a former admin?"}},
    {"reporting",
     {1, 1, 1, 1},
     false,
     {"Totals in the export differ from the screen", "Need a filter by region, by team",
      "Scheduled report did not arrive"}},
    {"how-to",
     {3, 1.5, 0.7, 0.3},
     false,
     {"How do we set up alerts?", "Is there a template for onboarding?",
      "Where can I change the time zone?"}},
    {"audits",
     {2, 2, 2, 2},
     true,
     {"Auditors ask for the access log", "Need a signed data processing agreement",
      "Which region stores our data?"}},
};

/* Financial services, healthcare and the public sector. */
static bool is_regulated(const account *a)
{
    return a->industry == 1 || a->industry == 2 || a->industry == INDUSTRIES - 1;
}

static size_t pick_theme(const account *a, bool severe, rng *r)
{
    double weights[THEMES];
    for (size_t i = 0; i < THEMES; i++) {
        bool possible = !themes[i].regulated || is_regulated(a);
        weights[i] = possible ? themes[i].frequency[a->plan] : 0;
    }
    return (size_t)synth_pick_share(r, weights, severe ? SEVERE_THEMES : THEMES);
}

/* The text, now and then with what people leave in tickets: an address and a number to call. */
static void write_text(csv_file *f, const account *a, const char *text, rng *voice)
{
    char long_text[160];
    if (!synth_chance(voice, synth_p(P_TICKET_PERSONAL))) {
        csv_text(f, text);
        return;
    }
    (void)snprintf(long_text, sizeof long_text,
                   "%s. Reply to p1@a%06llu.example or call +1 202 555 01%02llu", text,
                   (unsigned long long)a->k + 1, (unsigned long long)rng_below(voice, 100));
    csv_text(f, long_text);
}

/* The random numbers of a file, and those of what is added to texts. */
typedef struct voice_rng {
    rng r, voice;
} voice_rng;

static void ticket_row(synth_out *out, const account *a, const month *m, bool severe, uint64_t *n,
                       voice_rng *x)
{
    rng *r = &x->r;
    csv_file *f = &out->file[SYNTH_TICKETS];
    day first;
    day last;
    (void)account_days(a, m, &first, &last);
    day opened = synth_pick_day(r, first, last);
    double open_days =
        rng_exponential(r, 1 / synth_p(severe ? P_TICKET_OPEN_SEVERE : P_TICKET_OPEN));
    day closed = opened + (day)open_days;
    size_t theme = pick_theme(a, severe, r);
    bool urgent = synth_chance(r, synth_p(P_TICKET_URGENT));
    bool rated = synth_chance(r, synth_p(P_TICKET_CSAT)) && closed <= a->ends;
    double csat = synth_p(P_CSAT_BASE) + synth_p(P_CSAT_SLOPE) * m->engagement +
                  (severe ? synth_p(P_CSAT_SEVERE) : 0) + synth_p(P_CSAT_NOISE) * rng_normal(r);
    csv_id(f, 'A', a->k + 1);
    csv_sub_id(f, 'A', a->k + 1, 'T', ++*n);
    csv_day(f, opened);
    csv_day(f, closed <= a->ends ? closed : DAY_MISSING);
    csv_text(f, severe ? (urgent ? "urgent" : "high") : (urgent ? "normal" : "low"));
    csv_text(f, themes[theme].theme);
    if (rated) {
        csv_int(f, synth_rounded(csat, 1, 5));
    } else {
        csv_text(f, NULL);
    }
    write_text(f, a, themes[theme].text[rng_below(r, TEXTS)], &x->voice);
    csv_end_row(f);
}

static void bad_ticket(synth_out *out, const account *a, uint64_t n)
{
    csv_file *f = &out->file[SYNTH_TICKETS];
    csv_id(f, 'A', a->k + 1);
    csv_sub_id(f, 'A', a->k + 1, 'T', n + 1);
    csv_text(f, "2026-02-30");
    csv_text(f, NULL);
    csv_text(f, "low");
    csv_text(f, "how-to");
    csv_text(f, NULL);
    csv_text(f, NULL);
    csv_end_row(f);
    out->sum.dirt[SYNTH_DIRT_DATE] += f->buffer != NULL;
}

void write_tickets(synth_out *out, const account *a)
{
    voice_rng x = {account_rng(a, STREAM_TICKETS), account_rng(a, STREAM_VOICE)};
    uint64_t n = 0;
    day first;
    day last;
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (!account_days(a, m, &first, &last)) {
            continue;
        }
        for (int k = 0; k < m->severe; k++) {
            ticket_row(out, a, m, true, &n, &x);
        }
        double mean = synth_p(P_TICKET_OTHER) + synth_p(P_TICKET_OTHER_SEAT) * m->seats;
        uint64_t others = rng_poisson(&x.r, mean);
        for (uint64_t k = 0; k < others; k++) {
            ticket_row(out, a, m, false, &n, &x);
        }
    }
    if (synth_chance(&x.r, a->dirt)) {
        bad_ticket(out, a, n);
    }
}

static const char *verbatim(int score, rng *r)
{
    static const char *const happy[] = {"Our teams rely on it every day",
                                        "Great support, clear roadmap",
                                        "Setup was quick and it simply works"};
    static const char *const fair[] = {"Good, but reporting is limited", "Does what we need",
                                       "Fine once people had learned it"};
    static const char *const unhappy[] = {"Too slow, and support takes days",
                                          "We pay for seats nobody uses",
                                          "Key integration is missing"};
    const char *const *set = score >= 9 ? happy : score >= 7 ? fair : unhappy;
    return set[rng_below(r, 3)];
}

/* Power users praise what they use most, in words of their own. */
static const char *own_verbatim(const account *a, int score, const char *text, rng *voice)
{
    bool own = score >= 9 && a->archetype == 0 && text != NULL;
    return own && synth_chance(voice, synth_p(P_NPS_OWN)) ? "Automations save us hours every week"
                                                          : text;
}

static void survey_row(csv_file *f, const account *a, const month *m, day at, voice_rng *x)
{
    rng *r = &x->r;
    double mean = synth_p(P_NPS_BASE) + synth_p(P_NPS_SLOPE) * m->engagement;
    int score = synth_rounded(mean + synth_p(P_NPS_NOISE) * rng_normal(r), 0, 10);
    csv_id(f, 'A', a->k + 1);
    csv_day(f, at);
    csv_text(f, "nps");
    csv_int(f, score);
    const char *text = synth_chance(r, synth_p(P_NPS_TEXT)) ? verbatim(score, r) : NULL;
    csv_text(f, own_verbatim(a, score, text, &x->voice));
    csv_sub_id(f, 'A', a->k + 1, 'P', 1);
    csv_end_row(f);
}

/* Asked in the fourth and tenth month of each year as a customer. */
void write_surveys(synth_out *out, const account *a)
{
    voice_rng x = {account_rng(a, STREAM_SURVEYS), account_rng(a, STREAM_VERBATIM)};
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        double p = synth_p(P_NPS_RESPONSE) + synth_p(P_NPS_RESPONSE_SLOPE) * m->engagement;
        day first;
        day last;
        if (!account_days(a, m, &first, &last) || m->tenure % 6 != 3 || !synth_chance(&x.r, p)) {
            continue;
        }
        survey_row(&out->file[SYNTH_SURVEYS], a, m, synth_pick_day(&x.r, first, last), &x);
    }
}

void write_health(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_HEALTH];
    rng r = account_rng(a, STREAM_HEALTH);
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (!m->active || m->from < a->window) {
            continue;
        }
        double score = 100 * m->engagement + synth_p(P_HEALTH_NOISE) * rng_normal(&r);
        csv_id(f, 'A', a->k + 1);
        csv_day(f, m->from);
        csv_int(f, synth_rounded(score, 0, 100));
        csv_end_row(f);
    }
}
