/* SPDX-License-Identifier: Apache-2.0 */
/* What customers say: tickets.csv and surveys.csv; and the supplied health.csv. */
#include "synth/writers.h"

#include "synth/parameters.h"

enum { THEMES = 6, TEXTS = 3 };

static const struct {
    const char *theme;
    const char *text[TEXTS];
} themes[THEMES] = {
    {"performance",
     {"Dashboards take more than a minute to load", "Timeouts during the weekly run",
      "The app is slow since the last release"}},
    {"integration",
     {"Sync with the CRM stopped last night", "API returns 500 for bulk updates",
      "Duplicate records after the import"}},
    {"billing",
     {"Invoice shows the wrong number of seats", "Please resend the March invoice",
      "We were charged twice, \"again\""}},
    {"permissions",
     {"A new colleague cannot see shared views", "SSO login fails for one team",
      "How do we remove a former admin?"}},
    {"reporting",
     {"Totals in the export differ from the screen", "Need a filter by region, by team",
      "Scheduled report did not arrive"}},
    {"how-to",
     {"How do we set up alerts?", "Is there a template for onboarding?",
      "Where can I change the time zone?"}},
};

static void ticket_row(synth_out *out, const account *a, const month *m, bool severe, uint64_t *n,
                       rng *r)
{
    csv_file *f = &out->file[SYNTH_TICKETS];
    day first;
    day last;
    (void)account_days(a, m, &first, &last);
    day opened = synth_pick_day(r, first, last);
    double open_days =
        rng_exponential(r, 1 / synth_p(severe ? P_TICKET_OPEN_SEVERE : P_TICKET_OPEN));
    day closed = opened + (day)open_days;
    uint64_t theme = rng_below(r, severe ? 2 : THEMES);
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
    csv_text(f, themes[theme].text[rng_below(r, TEXTS)]);
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
    rng r = account_rng(a, STREAM_TICKETS);
    uint64_t n = 0;
    day first;
    day last;
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (!account_days(a, m, &first, &last)) {
            continue;
        }
        for (int k = 0; k < m->severe; k++) {
            ticket_row(out, a, m, true, &n, &r);
        }
        double mean = synth_p(P_TICKET_OTHER) + synth_p(P_TICKET_OTHER_SEAT) * m->seats;
        uint64_t others = rng_poisson(&r, mean);
        for (uint64_t k = 0; k < others; k++) {
            ticket_row(out, a, m, false, &n, &r);
        }
    }
    if (synth_chance(&r, a->dirt)) {
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

static void survey_row(csv_file *f, const account *a, const month *m, day at, rng *r)
{
    double mean = synth_p(P_NPS_BASE) + synth_p(P_NPS_SLOPE) * m->engagement;
    int score = synth_rounded(mean + synth_p(P_NPS_NOISE) * rng_normal(r), 0, 10);
    csv_id(f, 'A', a->k + 1);
    csv_day(f, at);
    csv_text(f, "nps");
    csv_int(f, score);
    csv_text(f, synth_chance(r, synth_p(P_NPS_TEXT)) ? verbatim(score, r) : NULL);
    csv_sub_id(f, 'A', a->k + 1, 'P', 1);
    csv_end_row(f);
}

/* Asked in the fourth and tenth month of each year as a customer. */
void write_surveys(synth_out *out, const account *a)
{
    rng r = account_rng(a, STREAM_SURVEYS);
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        double p = synth_p(P_NPS_RESPONSE) + synth_p(P_NPS_RESPONSE_SLOPE) * m->engagement;
        day first;
        day last;
        if (!account_days(a, m, &first, &last) || m->tenure % 6 != 3 || !synth_chance(&r, p)) {
            continue;
        }
        survey_row(&out->file[SYNTH_SURVEYS], a, m, synth_pick_day(&r, first, last), &r);
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
