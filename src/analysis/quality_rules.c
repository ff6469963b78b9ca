/* SPDX-License-Identifier: Apache-2.0 */
/* Rows about the rules and the segments they give. */
#include <math.h>
#include <stdio.h>

#include "analysis/make_figure.h"
#include "analysis/quality.h"
#include "analysis/read.h"
#include "base/auto.h"
#include "rule/rule.h"

static const double undecided_most = 0.05; /* share of accounts placed for want of a value */
static const double missing_most = 0.20;   /* share of accounts without an input */
static const double reached_good = 0.90, reached_fair = 0.70;

/* Of each account in a segment: how many tiers' conditions it meets, and whether one is unknown. */
typedef struct matches {
    uint16_t *met;
    uint8_t *unknown;
} matches;

static strata_status count_matches(const quality_builder *x, matches *m, strata_error *err)
{
    STRATA_AUTO_FREE uint8_t *verdict = STRATA_NEW_ARRAY(x->s->n, uint8_t);
    m->met = ARENA_NEW(x->a, x->s->n, uint16_t);
    m->unknown = ARENA_NEW(x->a, x->s->n, uint8_t);
    if (verdict == NULL || m->met == NULL || m->unknown == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting matches");
    }
    for (size_t t = 0; t < x->def->n_rules; t++) {
        if (x->def->rules[t] == NULL) {
            continue;
        }
        STRATA_TRY(study_condition(x->s, x->def->rules[t], verdict, err));
        for (size_t i = 0; i < x->s->n; i++) {
            m->met[i] = (uint16_t)(m->met[i] + (verdict[i] == RULE_YES));
            m->unknown[i] |= verdict[i] == RULE_UNKNOWN;
        }
    }
    return STRATA_OK;
}

strata_status quality_exclusive(const quality_builder *x, quality_row *row, strata_error *err)
{
    size_t several = 0;
    if (x->dim->kind == DIMENSION_TIERS) {
        matches m = {0};
        STRATA_TRY(count_matches(x, &m, err));
        const segment_code *now = study_codes_now(x->s, x->def);
        for (size_t i = 0; i < x->s->n; i++) {
            several += now[i] < SEGMENTS_MAX && m.met[i] > 1;
        }
    }
    const named_value numbers[] = {
        {"accounts", "Accounts in segments", VALUE_NUMBER, (double)x->in_segments},
        {"several", "Meet several conditions", VALUE_NUMBER, (double)several}};
    const char *evidence =
        several == 0
            ? arena_printf(x->a,
                           "Each of %s accounts is in exactly one segment, and none meets the "
                           "conditions of two.",
                           text_count(x->in_segments).s)
            : arena_printf(x->a,
                           "Each of %s accounts is in exactly one segment; %s meet the conditions "
                           "of two or more, and the first one decides.",
                           text_count(x->in_segments).s, text_count(several).s);
    return quality_set(x, row, QUALITY_PASS, evidence, numbers, 2, err);
}

/* Accounts that are where they are because a value is missing. */
static strata_status count_undecided(const quality_builder *x, size_t *out, strata_error *err)
{
    size_t undecided = x->missing != SIZE_MAX ? x->size[x->missing] : 0;
    if (x->dim->kind == DIMENSION_TIERS) {
        matches m = {0};
        STRATA_TRY(count_matches(x, &m, err));
        const segment_code *now = study_codes_now(x->s, x->def);
        for (size_t i = 0; i < x->s->n; i++) {
            undecided += now[i] < SEGMENTS_MAX && m.met[i] == 0 && m.unknown[i];
        }
    }
    *out = undecided;
    return STRATA_OK;
}

strata_status quality_exhaustive(const quality_builder *x, quality_row *row, strata_error *err)
{
    size_t undecided = 0;
    STRATA_TRY(count_undecided(x, &undecided, err));
    double share = x->in_segments > 0 ? (double)undecided / (double)x->in_segments : 0.0;
    const named_value numbers[] = {
        {"accounts", "Accounts in segments", VALUE_NUMBER, (double)x->in_segments},
        {"undecided", "Placed for want of a value", VALUE_NUMBER, (double)undecided},
        {"undecided_share", "Share of them", VALUE_SHARE, share}};
    const char *evidence = arena_printf(
        x->a,
        "All %s accounts of the population have a segment; %s of them (%s) were placed without a "
        "value that the rules read.",
        text_count(x->in_segments).s, text_count(undecided).s, text_share(share).s);
    return quality_set(x, row, share > undecided_most ? QUALITY_WARN : QUALITY_PASS, evidence,
                       numbers, 3, err);
}

/* Share of the accounts in segments for which a base value is missing. */
static double share_missing(const quality_builder *x, size_t slot)
{
    column c = study_column(x->s, slot);
    const segment_code *now = study_codes_now(x->s, x->def);
    size_t missing = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool there = c.num != NULL ? !isnan(c.num[i]) : c.code != NULL && c.code[i] >= 0;
        missing += now[i] < SEGMENTS_MAX && !there;
    }
    return x->in_segments > 0 ? (double)missing / (double)x->in_segments : 0.0;
}

strata_status quality_measurable(const quality_builder *x, quality_row *row, strata_error *err)
{
    const bound_model *b = x->s->v->b;
    STRATA_AUTO_FREE uint8_t *read = STRATA_NEW_ARRAY(b->scope.n_symbols, uint8_t);
    if (read == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing inputs");
    }
    mark_read_slots(b, x->def, read);
    size_t inputs = 0;
    size_t absent = 0;
    size_t worst = SIZE_MAX;
    double worst_share = -1.0;
    for (size_t slot = 0; slot < b->n_base; slot++) {
        if (!read[slot]) {
            continue;
        }
        double share = share_missing(x, slot);
        inputs++;
        absent += b->scope.symbols[slot].missing_because != NULL;
        worst = share > worst_share ? slot : worst;
        worst_share = fmax(worst_share, share);
    }
    const named_value numbers[] = {
        {"inputs", "Inputs", VALUE_NUMBER, (double)inputs},
        {"absent", "Inputs without data", VALUE_NUMBER, (double)absent},
        {"worst_missing", "Most often missing", VALUE_SHARE, fmax(worst_share, 0.0)}};
    if (inputs == 0) {
        return quality_set(x, row, QUALITY_PASS, "The rules read no input.", numbers, 3, err);
    }
    short_text more = {""};
    if (absent > 0) {
        (void)snprintf(more.s, sizeof more.s, "; %zu have no data at all", absent);
    }
    const char *evidence = arena_printf(
        x->a, "Inputs that the rules read: %zu; most often missing is %s, for %s of accounts%s.",
        inputs, study_label(x->s, worst), text_share(worst_share).s, more.s);
    quality_verdict verdict = absent == inputs             ? QUALITY_FAIL
                              : worst_share > missing_most ? QUALITY_WARN
                                                           : QUALITY_PASS;
    return quality_set(x, row, verdict, evidence, numbers, 3, err);
}

/* Too small: under the least share of accounts and of value alike. */
static bool is_too_small(const quality_builder *x, size_t code)
{
    double least = x->s->v->b->model->quality.minimum_share;
    double accounts = (double)x->size[code] / (double)x->in_segments;
    double value = x->total_value > 0 ? (double)x->value[code] / (double)x->total_value : 0.0;
    return accounts < least && value < least;
}

strata_status quality_substantial(const quality_builder *x, quality_row *row, strata_error *err)
{
    size_t small = 0;
    size_t first = SIZE_MAX;
    size_t empty = 0;
    for (size_t g = 0; g < x->def->n_segments; g++) {
        if (g == x->missing) {
            continue;
        }
        empty += x->size[g] == 0;
        if (x->in_segments > 0 && x->size[g] > 0 && is_too_small(x, g)) {
            first = first == SIZE_MAX ? g : first;
            small++;
        }
    }
    double least = x->s->v->b->model->quality.minimum_share;
    const named_value numbers[] = {{"segments", "Segments", VALUE_NUMBER, (double)x->n_segments},
                                   {"too_small", "Too small", VALUE_NUMBER, (double)small},
                                   {"empty", "Empty", VALUE_NUMBER, (double)empty},
                                   {"minimum_share", "Least share", VALUE_SHARE, least}};
    short_text more = {""};
    if (empty > 0) {
        (void)snprintf(more.s, sizeof more.s, "; %zu are empty", empty);
    }
    const char *evidence =
        small == 0
            ? arena_printf(x->a, "Every segment in use has at least %s of accounts or of value%s.",
                           text_share(least).s, more.s)
            : arena_printf(
                  x->a,
                  "%zu of %zu segments have less than %s of accounts and of value, '%s' first%s.",
                  small, x->n_segments, text_share(least).s, x->def->labels[first], more.s);
    quality_verdict verdict = 2 * small > x->n_segments ? QUALITY_FAIL
                              : small + empty > 0       ? QUALITY_WARN
                                                        : QUALITY_PASS;
    return quality_set(x, row, verdict, evidence, numbers, 4, err);
}

strata_status quality_reachable(const quality_builder *x, quality_row *row, strata_error *err)
{
    const double *contacts = study_numbers(x->s, "contacts");
    size_t csm_slot = study_slot(x->s, "csm_id");
    const int32_t *csm = csm_slot != SIZE_MAX ? study_column(x->s, csm_slot).code : NULL;
    if (contacts == NULL && csm == NULL) {
        return quality_set(x, row, QUALITY_UNKNOWN,
                           "Whom to talk to is not known: needs contacts, or csm_id of accounts.",
                           NULL, 0, err);
    }
    const segment_code *now = study_codes_now(x->s, x->def);
    size_t reached = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        bool has = (contacts != NULL && contacts[i] > 0.0) || (csm != NULL && csm[i] >= 0);
        reached += now[i] < SEGMENTS_MAX && has;
    }
    double share = x->in_segments > 0 ? (double)reached / (double)x->in_segments : 0.0;
    const named_value numbers[] = {
        {"reached", "Accounts with a contact or CSM", VALUE_NUMBER, (double)reached},
        {"reached_share", "Share of accounts", VALUE_SHARE, share}};
    const char *evidence =
        arena_printf(x->a, "%s of accounts (%s of %s) have an active contact or a CSM.",
                     text_share(share).s, text_count(reached).s, text_count(x->in_segments).s);
    quality_verdict verdict = share >= reached_good   ? QUALITY_PASS
                              : share >= reached_fair ? QUALITY_WARN
                                                      : QUALITY_FAIL;
    return quality_set(x, row, verdict, evidence, numbers, 2, err);
}

strata_status quality_actionable(const quality_builder *x, quality_row *row, strata_error *err)
{
    size_t said = 0;
    for (size_t g = 0; x->dim->kind == DIMENSION_TIERS && g < x->dim->n_tiers; g++) {
        said += x->dim->tiers[g].strategy != NULL && x->dim->tiers[g].motion != NULL;
    }
    const named_value numbers[] = {
        {"segments", "Segments", VALUE_NUMBER, (double)x->n_segments},
        {"with_motion", "With strategy and motion", VALUE_NUMBER, (double)said}};
    const char *evidence = arena_printf(
        x->a, "The model says strategy and motion for %zu of %zu segments.", said, x->n_segments);
    quality_verdict verdict = said == 0              ? QUALITY_FAIL
                              : said < x->n_segments ? QUALITY_WARN
                                                     : QUALITY_PASS;
    return quality_set(x, row, verdict, evidence, numbers, 2, err);
}

strata_status quality_number(const quality_builder *x, quality_row *row, strata_error *err)
{
    const model_quality *q = &x->s->v->b->model->quality;
    size_t used = 0;
    for (size_t g = 0; g < x->def->n_segments; g++) {
        used += g != x->missing && x->size[g] > 0;
    }
    bool fits = used >= (size_t)q->few_segments && used <= (size_t)q->many_segments;
    const named_value numbers[] = {{"segments", "Segments in use", VALUE_NUMBER, (double)used},
                                   {"fewest", "Fewest", VALUE_NUMBER, q->few_segments},
                                   {"most", "Most", VALUE_NUMBER, q->many_segments}};
    const char *evidence =
        arena_printf(x->a, "%zu segments are in use; %d to %d can be told apart and worked with.",
                     used, q->few_segments, q->many_segments);
    return quality_set(x, row, fits ? QUALITY_PASS : QUALITY_WARN, evidence, numbers, 3, err);
}
