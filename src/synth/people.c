/* SPDX-License-Identifier: Apache-2.0 */
/* contacts.csv and touchpoints.csv: who is there, and how they are met. */
#include "synth/writers.h"

#include <stdio.h>

#include "synth/parameters.h"

static void contact_row(csv_file *f, const account *a, uint64_t n, const char *role, day until)
{
    static const char *const title[][2] = {{"economic", "VP Operations"},
                                           {"technical", "IT Manager"},
                                           {"champion", "Head of Planning"},
                                           {"user", "Analyst"}};
    const char *says = title[3][1];
    for (size_t i = 0; i < 4; i++) {
        says = title[i][0][0] == role[0] ? title[i][1] : says;
    }
    char email[64];
    (void)snprintf(email, sizeof email, "p%llu@a%06llu.example", (unsigned long long)n,
                   (unsigned long long)a->k + 1);
    csv_id(f, 'A', a->k + 1);
    csv_sub_id(f, 'A', a->k + 1, 'P', n);
    csv_text(f, says);
    csv_text(f, role);
    csv_day(f, until);
    csv_text(f, email);
    csv_end_row(f);
}

/* The champion there is now, if any: the last departure may not be made good yet. */
static bool has_champion(const account *a)
{
    const month *last = &a->months[a->n_months - 1];
    return a->n_departures == 0 || !last->champion_gone;
}

void write_contacts(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_CONTACTS];
    rng r = account_rng(a, STREAM_CONTACTS);
    uint64_t n = 0;
    contact_row(f, a, ++n, "economic", DAY_MISSING);
    for (size_t i = 0; i < a->n_departures; i++) {
        contact_row(f, a, ++n, "champion", a->departures[i]);
    }
    if (has_champion(a)) {
        contact_row(f, a, ++n, "champion", DAY_MISSING);
    }
    if (a->employees > 30) {
        contact_row(f, a, ++n, "technical", DAY_MISSING);
    }
    uint64_t users = rng_below(&r, a->employees > 1000 ? 4 : a->employees > 100 ? 3 : 2);
    for (uint64_t i = 0; i < users; i++) {
        contact_row(f, a, ++n, "user", DAY_MISSING);
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
