/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.csv and touchpoints.csv: who is there, and how they are met. */
#include "synth/writers.h"

#include <assert.h>
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

static void write_newcomers(csv_file *f, const account *a, uint64_t *n, rng *r)
{
    static const char *const departments[] = {"Finance",   "Sales",       "Marketing", "Logistics",
                                              "Personnel", "Procurement", "Research",  "Service"};
    static_assert(sizeof departments / sizeof *departments == NEWCOMERS_MAX, "one each");
    const uint64_t first = rng_below(r, NEWCOMERS_MAX);
    for (size_t i = 0; i < a->n_newcomers; i++) {
        const newcomer *p = &a->newcomers[i];
        contact_row(f, a, ++*n,
                    &(person){p->decides ? "economic" : "user",
                              departments[(first + i) % NEWCOMERS_MAX], p->from, DAY_MISSING});
    }
}

void write_contacts(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_CONTACTS];
    rng r = account_rng(a, STREAM_CONTACTS);
    uint64_t n = 0;
    contact_row(f, a, ++n, &(person){"economic", "Operations", a->started, DAY_MISSING});
    for (size_t i = 0; i < a->n_champions; i++) {
        const stay *c = &a->champions[i];
        contact_row(f, a, ++n, &(person){"champion", "Planning", c->from, c->until});
    }
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
