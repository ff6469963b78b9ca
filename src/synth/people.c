/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.csv and touchpoints.csv: who is there, and how they are met. */
#include "synth/writers.h"

#include <stdio.h>

#include "synth/parameters.h"

/* Who somebody is, and from when until when: DAY_MISSING: still there. */
typedef struct person {
    const char *role;
    day from, until;
} person;

static void contact_row(csv_file *f, const account *a, uint64_t n, person who)
{
    static const char *const title[][2] = {{"economic", "VP Operations"},
                                           {"technical", "IT Manager"},
                                           {"champion", "Head of Planning"},
                                           {"user", "Analyst"}};
    const char *says = title[3][1];
    for (size_t i = 0; i < 4; i++) {
        says = title[i][0][0] == who.role[0] ? title[i][1] : says;
    }
    char email[64];
    (void)snprintf(email, sizeof email, "p%llu@a%06llu.example", (unsigned long long)n,
                   (unsigned long long)a->k + 1);
    csv_id(f, 'A', a->k + 1);
    csv_sub_id(f, 'A', a->k + 1, 'P', n);
    csv_text(f, says);
    csv_text(f, who.role);
    csv_day(f, who.from);
    csv_day(f, who.until);
    csv_text(f, email);
    csv_end_row(f);
}

/* When the champion after the one who left on `left` came; DAY_MISSING: nobody did. */
static day next_champion(const account *a, day left)
{
    for (size_t i = 0; i < a->n_months; i++) {
        const month *m = &a->months[i];
        if (m->from > left && m->active && !m->champion_gone) {
            return m->from;
        }
    }
    return DAY_MISSING;
}

/* One champion after the other. */
static uint64_t write_champions(csv_file *f, const account *a, uint64_t n)
{
    day from = a->started;
    for (size_t i = 0; i < a->n_departures && from != DAY_MISSING; i++) {
        contact_row(f, a, ++n, (person){"champion", from, a->departures[i]});
        from = next_champion(a, a->departures[i]);
    }
    if (from != DAY_MISSING) {
        contact_row(f, a, ++n, (person){"champion", from, DAY_MISSING});
    }
    return n;
}

void write_contacts(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_CONTACTS];
    rng r = account_rng(a, STREAM_CONTACTS);
    contact_row(f, a, 1, (person){"economic", a->started, DAY_MISSING});
    uint64_t n = write_champions(f, a, 1);
    if (a->employees > 30) {
        contact_row(f, a, ++n, (person){"technical", a->started, DAY_MISSING});
    }
    uint64_t users = rng_below(&r, a->employees > 1000 ? 4 : a->employees > 100 ? 3 : 2);
    for (uint64_t i = 0; i < users; i++) {
        day from = a->started + (day)rng_below(&r, (uint64_t)synth_int(P_CONTACT_DAYS));
        if (from <= a->ends) {
            contact_row(f, a, ++n, (person){"user", from, DAY_MISSING});
        }
    }
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
