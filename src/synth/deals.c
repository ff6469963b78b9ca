/* SPDX-License-Identifier: Apache-2.0 */
/* opportunities.csv and interventions.csv */
#include "synth/writers.h"

#include "synth/parameters.h"

/* Yearly price, in cents, of the main subscription in month `m`. */
static int64_t yearly_cents(const account *a, const month *m)
{
    int64_t cents = 0;
    for (size_t i = 0; i < a->n_terms; i++) {
        const term *t = &a->terms[i];
        bool runs = t->start <= m->from && (t->end == DAY_MISSING || t->end > m->from);
        cents += runs && !t->addon ? 12 * t->cents_month : 0;
    }
    return cents;
}

static void deal_row(csv_file *f, const account *a, day opened, const char *kind, int64_t cents,
                     day due, const char *stage)
{
    static const char *const rival[] = {"Northwind", "Planwise", "in-house"};
    csv_id(f, 'A', a->k + 1);
    csv_day(f, opened);
    csv_text(f, kind);
    csv_cents(f, cents);
    csv_day(f, due);
    csv_text(f, stage);
    csv_text(f, (a->k + (uint64_t)due) % 7 == 0 ? rival[(uint64_t)due % 3] : NULL);
    csv_end_row(f);
}

/* What has become of the renewal due at the end of month `end`, by the last day: lost when the
 * account left on the way, and open while the month is not lived to its end. */
static const char *renewal_stage(const account *a, size_t i, size_t end)
{
    for (size_t j = i; j <= end && j < a->n_months; j++) {
        if (a->months[j].churned) {
            return "lost";
        }
    }
    return end < a->n_months && a->months[end].to <= a->ends ? "won" : "open";
}

/* The renewal of an account billed yearly that is opened in month i: the notice before a year of
 * service ends, whatever happens until then. */
static void renewal(csv_file *f, const account *a, size_t i)
{
    const month *m = &a->months[i];
    size_t end = i + 11 - (size_t)(m->tenure % 12);
    day due = day_add_months(a->started, (int)end + 1);
    day opened = due - synth_int(P_RENEWAL_NOTICE);
    if (a->billing_months != 12 || opened < m->from || opened >= m->to || opened < a->window ||
        opened > a->ends) {
        return;
    }
    deal_row(f, a, opened, "renewal", yearly_cents(a, m), due, renewal_stage(a, i, end));
}

static void expansion(csv_file *f, const account *a, const month *m, rng *r)
{
    day first;
    day last;
    if (!account_days(a, m, &first, &last) || !synth_chance(r, synth_p(P_DEAL) * m->engagement)) {
        return;
    }
    day opened = synth_pick_day(r, first, last);
    int64_t now = yearly_cents(a, m);
    double least = synth_p(P_DEAL_MIN);
    double share = least + (synth_p(P_DEAL_MAX) - least) * rng_uniform(r);
    double cents = (double)now * share;
    day due = opened + 30 + (day)rng_below(r, 60);
    bool won = synth_chance(r, synth_p(P_DEAL_WON) + synth_p(P_DEAL_WON_SLOPE) * m->engagement);
    deal_row(f, a, opened, "expansion", (int64_t)cents, due,
             due > a->ends ? "open" : (won ? "won" : "lost"));
}

void write_opportunities(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_OPPORTUNITIES];
    rng r = account_rng(a, STREAM_DEALS);
    for (size_t i = 0; i < a->n_months; i++) {
        if (a->months[i].active) {
            renewal(f, a, i);
            expansion(f, a, &a->months[i], &r);
        }
    }
}

void write_interventions(synth_out *out, const account *a)
{
    static const struct {
        const char *playbook, *kind;
        int minutes;
    } list[] = {{"win-back-usage", "training", 60},
                {"executive-check-in", "meeting", 45},
                {"technical-review", "review", 90},
                {"champion-change", "outreach", 30}};
    csv_file *f = &out->file[SYNTH_INTERVENTIONS];
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (m->playbook == 0 || m->from < a->window) {
            continue;
        }
        csv_id(f, 'A', a->k + 1);
        csv_day(f, m->from);
        csv_text(f, list[m->playbook - 1].playbook);
        csv_text(f, list[m->playbook - 1].kind);
        csv_int(f, list[m->playbook - 1].minutes);
        csv_text(f, m->accepted ? "accepted" : "no response");
        csv_end_row(f);
    }
}
