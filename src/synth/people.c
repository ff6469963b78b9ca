/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.csv and touchpoints.csv: who is there, and how they are met. */
#include "synth/writers.h"

#include <stdio.h>
#include <string.h>

#include "synth/parameters.h"

typedef struct person {
    const char *role, *department;
    day from, until;
} person;

static void contact_row(csv_file *f, const account *a, uint64_t n, const person *p)
{
    static const char *const title[][2] = {{"economic", "VP Operations"},
                                           {"technical", "IT Manager"},
                                           {"champion", "Head of Planning"},
                                           {"user", "Analyst"}};
    const char *says = title[3][1];
    for (size_t i = 0; i < 4; i++) {
        says = title[i][0][0] == p->role[0] ? title[i][1] : says;
    }
    char head[64];
    char email[64];
    (void)snprintf(head, sizeof head, "Head of %s", p->department);
    const bool elsewhere = p->role[0] == 'e' && strcmp(p->department, "Operations") != 0;
    (void)snprintf(email, sizeof email, "p%llu@a%06llu.example", (unsigned long long)n,
                   (unsigned long long)a->k + 1);
    csv_id(f, 'A', a->k + 1);
    csv_sub_id(f, 'A', a->k + 1, 'P', n);
    csv_text(f, elsewhere ? head : says);
    csv_text(f, p->role);
    csv_text(f, p->department);
    csv_day(f, p->from);
    csv_day(f, p->until);
    csv_text(f, email);
    csv_end_row(f);
}

/* The day on which the champion after the k-th departure came; DAY_MISSING: nobody did yet. */
static day champion_from(const account *a, size_t k)
{
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (m->from > a->departures[k] && m->active && !m->champion_gone) {
            return m->from;
        }
    }
    return DAY_MISSING;
}

static void write_champions(csv_file *f, const account *a, uint64_t *n)
{
    day from = a->started;
    for (size_t i = 0; i < a->n_departures && from != DAY_MISSING; i++) {
        contact_row(f, a, ++*n, &(person){"champion", "Planning", from, a->departures[i]});
        from = champion_from(a, i);
    }
    if (from != DAY_MISSING) {
        contact_row(f, a, ++*n, &(person){"champion", "Planning", from, DAY_MISSING});
    }
}

/* More seats were bought at the end of month i; after the last month, whether they would be. */
static bool expands(const account *a, size_t i, rng *r)
{
    if (i + 1 < a->n_months) {
        return a->months[i].active && a->months[i + 1].active &&
               a->months[i + 1].seats > a->months[i].seats;
    }
    const month *last = &a->months[a->n_months - 1];
    return last->active && synth_chance(r, synth_p(P_EXPAND) * last->engagement * last->engagement);
}

/* A department that begins to use it shows up with a person before its seats are bought. */
static void write_newcomers(csv_file *f, const account *a, uint64_t *n, rng *r)
{
    static const char *const departments[] = {"Finance",   "Sales",       "Marketing", "Logistics",
                                              "Personnel", "Procurement", "Research",  "Service"};
    enum { AHEAD = 5, DEPARTMENTS = sizeof departments / sizeof *departments };
    const uint64_t first = rng_below(r, DEPARTMENTS);
    size_t used = 0;
    for (size_t i = 0; i < a->n_months + AHEAD && used < DEPARTMENTS; i++) {
        const size_t ago = 1 + (size_t)rng_below(r, AHEAD);
        const bool joins = expands(a, i, r) && synth_chance(r, synth_p(P_PEOPLE_BEFORE));
        const bool anyway = synth_chance(r, synth_p(P_PEOPLE_ANYWAY));
        const bool decides = synth_chance(r, synth_p(P_PEOPLE_DECIDE));
        const size_t at = joins ? i - (i < ago ? i : ago) : i;
        if ((!joins && !anyway) || at >= a->n_months || !a->months[at].active) {
            continue;
        }
        const char *department = departments[(first + used++) % DEPARTMENTS];
        contact_row(
            f, a, ++*n,
            &(person){decides ? "economic" : "user", department, a->months[at].from, DAY_MISSING});
    }
}

void write_contacts(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_CONTACTS];
    rng r = account_rng(a, STREAM_CONTACTS);
    uint64_t n = 0;
    contact_row(f, a, ++n, &(person){"economic", "Operations", a->started, DAY_MISSING});
    write_champions(f, a, &n);
    if (a->employees > 30) {
        contact_row(f, a, ++n, &(person){"technical", "IT", a->started, DAY_MISSING});
    }
    uint64_t users = rng_below(&r, a->employees > 1000 ? 4 : a->employees > 100 ? 3 : 2);
    for (uint64_t i = 0; i < users; i++) {
        const day from = a->started + (day)rng_below(&r, (uint64_t)synth_int(P_CONTACT_DAYS));
        const char *department = i % 2 == 0 ? "Planning" : "Operations";
        if (from <= a->ends) {
            contact_row(f, a, ++n, &(person){"user", department, from, DAY_MISSING});
        }
    }
    write_newcomers(f, a, &n, &r);
}

static void touch_row(csv_file *f, const account *a, const month *m, day at, rng *r)
{
    static const char *const channel[] = {"call", "email", "meeting", "review"};
    const synth_category *cover = &synth_coverages[a->coverage];
    bool digital = a->coverage == COVERAGES - 1;
    double p = cover->value[2] * (synth_p(P_TOUCH_BASE) + synth_p(P_TOUCH_SLOPE) * m->engagement);
    double minutes = cover->value[3] * (0.5 + rng_uniform(r));
    csv_id(f, 'A', a->k + 1);
    csv_day(f, at);
    if (digital) {
        csv_text(f, NULL);
    } else {
        csv_id(f, 'C', a->csm + 1);
    }
    csv_text(f, digital ? "campaign" : channel[rng_below(r, 4)]);
    csv_int(f, synth_rounded(minutes, 1, 600));
    csv_text(f, synth_chance(r, p) ? "true" : "false");
    csv_end_row(f);
}

void write_touchpoints(synth_out *out, const account *a)
{
    rng r = account_rng(a, STREAM_TOUCH);
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        day first;
        day last;
        if (!account_days(a, m, &first, &last)) {
            continue;
        }
        uint64_t n = rng_poisson(&r, synth_coverages[a->coverage].value[1]);
        for (uint64_t k = 0; k < n; k++) {
            day at = synth_pick_day(&r, first, last);
            touch_row(&out->file[SYNTH_TOUCHPOINTS], a, m, at, &r);
        }
    }
}
