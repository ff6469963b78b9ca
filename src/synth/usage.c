/* SPDX-License-Identifier: Apache-2.0 */
/* usage.csv: which seats are used in a month, on which days, with what. */
#include "synth/writers.h"

#include <math.h>

#include "synth/parameters.h"

static double ramp(const month *m)
{
    return fmin(1, (m->tenure + 1) / synth_p(P_USAGE_RAMP));
}

static double season(const account *a, const month *m)
{
    double year = (day_to_civil(m->from).month - 1) / 12.0;
    double amplitude = synth_archetypes[a->archetype].value[2];
    return 1 - amplitude * (0.5 + 0.5 * cos(6.283185307179586 * year));
}

static void usage_row(csv_file *f, const account *a, const month *m, uint64_t user, rng *r)
{
    day first;
    day last;
    if (!account_days(a, m, &first, &last)) {
        return;
    }
    double weight[FEATURE_KINDS];
    double share = synth_p(P_BREADTH) + (1 - synth_p(P_BREADTH)) * m->engagement * ramp(m);
    size_t breadth = (size_t)synth_rounded(share * FEATURE_KINDS, 1, FEATURE_KINDS);
    for (size_t i = 0; i < FEATURE_KINDS; i++) {
        weight[i] = synth_features[i].weight[a->archetype];
    }
    int kind = synth_pick_share(r, weight, breadth);
    csv_id(f, 'A', a->k + 1);
    unsigned second = 25200 + (unsigned)rng_below(r, 43200); /* drawn before the day, always */
    csv_time(f, synth_pick_day(r, first, last), second);
    csv_text(f, synth_features[kind].name);
    csv_int(f, 1 + (int64_t)rng_poisson(r, synth_p(P_USAGE_COUNT) * m->engagement));
    csv_sub_id(f, 'A', a->k + 1, 'U', user + 1);
    csv_end_row(f);
}

/* A rate above one adds rows per user, a rate below one drops some. */
static void usage_month(synth_out *out, const account *a, const month *m, rng *r)
{
    csv_file *f = &out->file[SYNTH_USAGE];
    day first;
    day last;
    if (!account_days(a, m, &first, &last)) {
        return;
    }
    double part = (double)(last - first + 1) / (double)(m->to - m->from);
    double p = synth_p(P_USAGE_BASE) + synth_p(P_USAGE_SLOPE) * m->engagement;
    p *= ramp(m) * season(a, m) * part * fmin(1, out->usage_rate);
    double extra = (1 + synth_p(P_USAGE_EXTRA)) * fmax(1, out->usage_rate) - 1;
    int seen = m->seats < synth_int(P_USAGE_SEATS) ? m->seats : synth_int(P_USAGE_SEATS);
    uint64_t offset = m->seats > seen ? rng_below(r, (uint64_t)m->seats) : 0;
    for (int u = 0; u < seen; u++) {
        if (!synth_chance(r, p)) {
            continue;
        }
        uint64_t user = ((uint64_t)u + offset) % (uint64_t)m->seats;
        uint64_t rows = 1 + rng_poisson(r, extra);
        for (uint64_t k = 0; k < rows; k++) {
            usage_row(f, a, m, user, r);
        }
    }
}

static void dirty_row(csv_file *f, uint64_t id, day at, const char *count)
{
    csv_id(f, 'A', id);
    csv_time(f, at, 43200);
    csv_text(f, synth_features[0].name);
    csv_text(f, count);
    csv_text(f, NULL);
    csv_end_row(f);
}

void write_usage(synth_out *out, const account *a)
{
    csv_file *f = &out->file[SYNTH_USAGE];
    if (f->buffer == NULL) {
        return;
    }
    rng r = account_rng(a, STREAM_USAGE);
    for (size_t i = 0; i < a->n_months; i++) {
        usage_month(out, a, &a->months[i], &r);
    }
    rng dirt = account_rng(a, STREAM_DIRT);
    (void)rng_u64(&dirt); /* the two draws of accounts.csv */
    (void)rng_u64(&dirt);
    day at = a->started > a->window ? a->started : a->window;
    if (synth_chance(&dirt, a->dirt)) {
        dirty_row(f, a->k + 1, at, "n/a");
        out->sum.dirt[SYNTH_DIRT_NUMBER]++;
    }
    if (synth_chance(&dirt, a->dirt)) {
        dirty_row(f, 90000000 + a->k, at, "1");
        out->sum.dirt[SYNTH_DIRT_UNKNOWN]++;
    }
}
