/* SPDX-License-Identifier: Apache-2.0 */
/* An account's life, month by month: engagement, the hazard of churn, seats,
 * prices, add-on, return. */
#include "synth/account.h"

#include <math.h>

#include "synth/parameters.h"

enum { NO_TERM = -1, NEVER = -1, JOINED_MONTHS = 5 };

typedef struct life {
    account *a;
    rng r;
    bool active;
    int tenure, since_churn, returns_at; /* months; returns_at: index of the month, or NEVER */
    bool has_champion;
    int champion_back, accepted_at, intervened_at, joined_at;
    int fading; /* months that interest goes on fading */
    int seats;
    double noise, price; /* price: factor of all increases so far */
    int main, addon;     /* indexes of the running terms, or NO_TERM */
} life;

static int64_t main_price(const life *s)
{
    double list = synth_plans[s->a->plan].value[1];
    double seat = list * s->price * (1 - s->a->discount);
    return (int64_t)synth_rounded(seat, 0, 10000000) * s->seats;
}

static int open_term(life *s, day start, int64_t cents, bool addon)
{
    account *a = s->a;
    if (a->n_terms == TERMS_MAX) {
        return NO_TERM; /* cannot happen: at most two terms open per month */
    }
    a->terms[a->n_terms] = (term){.start = start,
                                  .end = DAY_MISSING,
                                  .cents_month = cents,
                                  .seats = addon ? 0 : s->seats,
                                  .addon = addon};
    return (int)a->n_terms++;
}

static void close_term(const life *s, int idx, day end)
{
    if (idx != NO_TERM) {
        s->a->terms[idx].end = end;
    }
}

static void start_service(life *s, day start)
{
    s->active = true;
    s->tenure = 0;
    s->fading = 0;
    s->returns_at = NEVER;
    s->main = open_term(s, start, main_price(s), false);
}

static void end_service(life *s, month *m, int i)
{
    account *a = s->a;
    close_term(s, s->main, m->to);
    close_term(s, s->addon, m->to);
    s->main = NO_TERM;
    s->addon = NO_TERM;
    s->active = false;
    s->since_churn = 0;
    m->churned = true;
    a->churns++;
    bool soon = synth_chance(&s->r, synth_p(P_SHORT_GAP));
    s->returns_at = soon ? i + 2 + (int)rng_below(&s->r, 2) : NEVER;
}

static void maybe_return(life *s, const month *m, int i)
{
    s->since_churn++;
    bool wins = s->returns_at == NEVER && s->since_churn > synth_int(P_RETURN_AFTER) &&
                s->since_churn <= synth_int(P_RETURN_MONTHS) &&
                synth_chance(&s->r, synth_p(P_RETURN));
    if (s->returns_at == i || wins) {
        s->a->reactivations++;
        start_service(s, m->from);
    }
}

/* A champion stays for a month at least. */
static void champion(life *s, month *m, int i)
{
    account *a = s->a;
    if (!s->has_champion && i >= s->champion_back) {
        s->has_champion = true;
        a->champions[a->n_champions++] = (stay){m->from, DAY_MISSING};
    } else if (s->has_champion && a->n_champions < CHAMPIONS_MAX &&
               synth_chance(&s->r, synth_p(P_CHAMPION_LEAVES))) {
        int gap = synth_int(P_CHAMPION_GAP);
        s->has_champion = false;
        s->champion_back = i + gap + (int)rng_below(&s->r, (uint64_t)gap + 1);
        a->champions[a->n_champions - 1].until = m->from;
    }
    m->champion_gone = !s->has_champion;
}

/* A department that begins to use it shows up with a person; its seats may be bought later. */
static void newcomers(life *s, const month *m, int i)
{
    account *a = s->a;
    double p = synth_p(P_PEOPLE_ARRIVE) * m->engagement * m->engagement + synth_p(P_PEOPLE_ANYWAY);
    if (a->n_newcomers < NEWCOMERS_MAX && synth_chance(&s->r, p)) {
        bool decides = synth_chance(&s->r, synth_p(P_PEOPLE_DECIDE));
        a->newcomers[a->n_newcomers++] = (newcomer){m->from, decides};
        s->joined_at = i;
    }
}

/* Interest fades for some months before it comes back: this, not the churn that may follow, is what
 * use and health show, so that nothing is drawn with hindsight. */
static double fade(life *s)
{
    if (s->fading == 0 && synth_chance(&s->r, synth_p(P_FADE_CHANCE))) {
        s->fading = synth_int(P_FADE_MONTHS);
    }
    if (s->fading == 0) {
        return 0;
    }
    s->fading--;
    return synth_p(P_FADE_STEP);
}

static double engagement(life *s, const month *m, int i)
{
    const account *a = s->a;
    s->noise = synth_p(P_ENGAGEMENT_MEMORY) * s->noise +
               synth_p(P_ENGAGEMENT_NOISE) * rng_normal(&s->r) + fade(s);
    double months = fmin(i, synth_p(P_ENGAGEMENT_DRIFT_MONTHS));
    double x = a->base + synth_plans[a->plan].value[2] + s->noise +
               synth_archetypes[a->archetype].value[1] * months +
               (m->champion_gone ? synth_p(P_ENGAGEMENT_CHAMPION) : 0);
    return synth_logistic(x);
}

static int recent_severe(const account *a, int i)
{
    int n = 0;
    for (int j = i; j >= 0 && j > i - 3; j--) {
        n += a->months[j].severe;
    }
    return n < 3 ? n : 3;
}

static double hazard(const life *s, const month *m, int i)
{
    const account *a = s->a;
    bool helped = s->accepted_at != NEVER && i - s->accepted_at < 3;
    bool renewal = a->billing_months == 12 && (m->tenure + 1) % 12 == 0;
    double x = synth_p(P_HAZARD_BASE) + synth_p(P_HAZARD_ENGAGEMENT) * (m->engagement - 0.5) +
               synth_p(P_HAZARD_TENURE) * log1p(m->tenure / 6.0) +
               synth_p(P_HAZARD_SEVERE) * recent_severe(a, i) +
               (m->champion_gone ? synth_p(P_HAZARD_CHAMPION) : 0) +
               (helped ? synth_p(P_HAZARD_INTERVENTION) : 0) +
               (renewal ? synth_p(P_HAZARD_RENEWAL) : 0);
    return synth_logistic(x);
}

static void intervene(life *s, month *m, int i)
{
    bool rested = s->intervened_at == NEVER || i - s->intervened_at > 3;
    if (s->a->coverage == COVERAGES - 1 || !rested || m->hazard < synth_p(P_INTERVENE_AT) ||
        !synth_chance(&s->r, synth_p(P_INTERVENE))) {
        return;
    }
    m->playbook = 1 + (int)rng_below(&s->r, 4);
    m->accepted = synth_chance(&s->r, synth_p(P_ACCEPTED));
    s->intervened_at = i;
    if (m->accepted) {
        s->accepted_at = i;
        m->hazard = hazard(s, m, i);
    }
}

static bool change_seats(life *s, double e, int i)
{
    bool joined = s->joined_at != NEVER && i - s->joined_at < JOINED_MONTHS;
    double up = synth_p(P_EXPAND) * e * e * (joined ? synth_p(P_PEOPLE_EXPAND) : 1);
    double down = synth_p(P_CONTRACT) * (1 - e) * (1 - e);
    double u = rng_uniform(&s->r);
    double size = rng_uniform(&s->r) * synth_p(P_CHANGE_SHARE) * s->seats;
    int by = synth_rounded(size, 1, s->seats);
    int most = synth_int(P_SEATS_MAX);
    int max = s->a->employees < most ? s->a->employees : most;
    int seats = s->seats;
    if (u < up) {
        seats = s->seats + by < max ? s->seats + by : (max > s->seats ? max : s->seats);
    } else if (u < up + down && s->seats > by) {
        seats = s->seats - by;
    }
    bool changed = seats != s->seats;
    s->seats = seats;
    return changed;
}

static bool change_plan(life *s, double e)
{
    account *a = s->a;
    if (s->seats > (int)synth_plans[a->plan].value[0] && a->plan < PLANS - 1) {
        a->plan++;
        return true;
    }
    bool fits = a->plan > 0 && s->seats <= (int)synth_plans[a->plan - 1].value[0];
    if (fits && e < synth_p(P_DOWNGRADE_BELOW) && synth_chance(&s->r, synth_p(P_DOWNGRADE))) {
        a->plan--;
        return true;
    }
    return false;
}

static bool raise_price(life *s, const month *m)
{
    if ((m->tenure + 1) % 12 != 0 || !synth_chance(&s->r, synth_p(P_INCREASE_CHANCE))) {
        return false;
    }
    double low = synth_p(P_INCREASE_MIN);
    s->price *= 1 + low + (synth_p(P_INCREASE_MAX) - low) * rng_uniform(&s->r);
    return true;
}

static void change_addon(life *s, const month *m)
{
    if (s->addon != NO_TERM) {
        if (synth_chance(&s->r, synth_p(P_ADDON_STOP))) {
            close_term(s, s->addon, m->to);
            s->addon = NO_TERM;
        }
    } else if (synth_chance(&s->r, synth_p(P_ADDON_START) * m->engagement)) {
        int64_t price = main_price(s);
        double cents = round((double)price * synth_p(P_ADDON_SHARE));
        s->addon = open_term(s, m->to, (int64_t)cents, true);
    }
}

static void month_end(life *s, month *m, int i)
{
    account *a = s->a;
    a->expected_churns += m->hazard;
    if (synth_chance(&s->r, m->hazard)) {
        end_service(s, m, i);
        return;
    }
    bool seats = change_seats(s, m->engagement, i);
    bool plan = change_plan(s, m->engagement);
    bool price = raise_price(s, m);
    if (seats || plan || price) {
        close_term(s, s->main, m->to);
        s->main = open_term(s, m->to, main_price(s), false);
    }
    change_addon(s, m);
    s->tenure++;
}

static void live_month(life *s, month *m, int i)
{
    m->active = true;
    m->seats = s->seats;
    m->tenure = s->tenure;
    champion(s, m, i);
    m->engagement = engagement(s, m, i);
    newcomers(s, m, i);
    double severe = synth_p(P_TICKET_SEVERE) + synth_p(P_TICKET_SEVERE_SEAT) * s->seats;
    m->severe = (int)rng_poisson(&s->r, severe);
    m->hazard = hazard(s, m, i);
    intervene(s, m, i);
    if (m->to <= s->a->ends) {
        month_end(s, m, i);
    }
}

static void first_contract(life *s)
{
    account *a = s->a;
    double share = rng_beta(&s->r, synth_p(P_SEAT_SHARE_A), synth_p(P_SEAT_SHARE_B));
    s->seats = synth_rounded(share * a->employees, 2, synth_int(P_SEATS_MAX));
    while (a->plan < PLANS - 1 && s->seats > (int)synth_plans[a->plan].value[0]) {
        a->plan++;
    }
    static const int billing[3] = {1, 3, 12};
    a->billing_months = billing[synth_pick_share(&s->r, &synth_plans[a->plan].value[3], 3)];
    int64_t price = main_price(s);
    double arr = 12.0 * (double)price;
    a->strategic =
        arr > 100 * synth_p(P_STRATEGIC_ARR) && synth_chance(&s->r, synth_p(P_STRATEGIC));
    while (a->coverage < COVERAGES - 1 && !a->strategic &&
           arr < synth_coverages[a->coverage].value[0]) {
        a->coverage++;
    }
}

void account_live(account *a)
{
    life s = {.a = a,
              .r = account_rng(a, STREAM_LIFE),
              .returns_at = NEVER,
              .accepted_at = NEVER,
              .intervened_at = NEVER,
              .joined_at = NEVER,
              .price = 1,
              .main = NO_TERM,
              .addon = NO_TERM};
    first_contract(&s);
    start_service(&s, a->started);
    for (int i = 0; i < MONTHS_MAX; i++) {
        month *m = &a->months[i];
        *m =
            (month){.from = day_add_months(a->started, i), .to = day_add_months(a->started, i + 1)};
        if (m->from > a->ends) {
            break;
        }
        a->n_months = (size_t)i + 1;
        if (!s.active) {
            maybe_return(&s, m, i);
        }
        if (s.active) {
            live_month(&s, m, i);
        }
    }
}
