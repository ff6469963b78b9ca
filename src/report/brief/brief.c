/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/brief/parts.h"

/* --- what it reads --- */

static const feature_id features_read[] = {
    FEATURE_TENURE,          FEATURE_IS_CUSTOMER,     FEATURE_ARR,
    FEATURE_SPEND_365D,      FEATURE_ARR_12M_AGO,     FEATURE_DAYS_SINCE_CHURN,
    FEATURE_LAST_SEEN,       FEATURE_EVENTS_30D,      FEATURE_EVENTS_90D,
    FEATURE_EVENTS_PREV_90D, FEATURE_USAGE_TREND_90D, FEATURE_ACTIVE_USERS_30D,
    FEATURE_ADOPTION,        FEATURE_NPS_LAST,        FEATURE_HAS_CHAMPION,
    FEATURE_ROLES_PRESENT,   FEATURE_LAST_TOUCH,      FEATURE_TOUCHES_90D,
    FEATURE_RENEWAL_IN,      FEATURE_RENEWAL_AMOUNT,  FEATURE_OPEN_EXPANSIONS,
    FEATURE_TICKETS_365D,    FEATURE_CHURN_RISK,      FEATURE_CHURN_RISK_AGE,
    FEATURE_EXPANSION_12M,   FEATURE_LAST_ORDER,      FEATURE_ORDERS_365D,
};
static const char *const names_read[] = {"health", "industry",  "region",   "country", "plan",
                                         "seats",  "employees", "coverage", "use_case"};

strata_status report_brief_slots(const portfolio *p, const bound_model *b, arena *a,
                                 const size_t **slots, size_t *n, strata_error *err)
{
    enum {
        FEATURES = sizeof features_read / sizeof *features_read,
        NAMES = sizeof names_read / sizeof *names_read
    };
    size_t *list = ARENA_NEW(a, FEATURES + NAMES, size_t);
    (void)p;
    *n = 0;
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < FEATURES; i++) {
        list[(*n)++] = features_read[i];
    }
    for (size_t i = 0; i < NAMES; i++) {
        size_t slot = bound_slot(b, names_read[i]);
        if (slot != SIZE_MAX) {
            list[(*n)++] = slot;
        }
    }
    *slots = list;
    return STRATA_OK;
}

void report_brief_lines(const portfolio *p, const bound_model *b, size_t out[BRIEF_LINES])
{
    bool has_arr = p->symbols[FEATURE_ARR].missing_because == NULL;
    size_t health = bound_slot(b, "health");
    out[BRIEF_VALUE] = has_arr ? FEATURE_ARR : FEATURE_SPEND_365D;
    out[BRIEF_EVENTS] = FEATURE_EVENTS_30D;
    out[BRIEF_USERS] = FEATURE_ACTIVE_USERS_30D;
    out[BRIEF_HEALTH] = health != SIZE_MAX ? health : FEATURE_CHURN_RISK_AGE;
}

const bound_def *report_brief_score(const bound_model *b)
{
    const bound_def *health = bound_find(b, "health");
    for (size_t i = 0; health != NULL && i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_SCORE && (def == health || bound_reads(health, def->slot)) &&
            b->model->scores[def->index].n_factors <= SCORE_FACTORS_MOST) {
            return def;
        }
    }
    return NULL;
}

/* --- what the parts ask --- */

static column column_of(const brief *b, size_t slot)
{
    return segmentation_column(b->v->s, slot);
}

double brief_number(const brief *b, feature_id feature)
{
    column c = column_of(b, feature);
    return c.num != NULL ? c.num[b->in->account] : (double)NAN;
}

double brief_named(const brief *b, const char *name)
{
    size_t slot = bound_slot(b->v->b, name);
    column c = slot != SIZE_MAX ? column_of(b, slot) : (column){0};
    return c.num != NULL ? c.num[b->in->account] : (double)NAN;
}

const char *brief_text(const brief *b, const char *name)
{
    size_t slot = bound_slot(b->v->b, name);
    column c = slot != SIZE_MAX ? column_of(b, slot) : (column){0};
    if (c.code == NULL || c.code[b->in->account] == CODE_MISSING) {
        return NULL;
    }
    return b->v->b->scope.symbols[slot].levels[c.code[b->in->account]];
}

const char *brief_lacks(const brief *b, feature_id feature)
{
    return b->v->p->symbols[feature].missing_because;
}

const char *brief_say(brief *b, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *kept = arena_strdup(b->a, text);
    return kept != NULL ? kept : "";
}

void brief_missing(brief *b, const char *part, const char *remedy)
{
    if (b->n_gaps < BRIEF_GAPS_MOST) {
        b->gaps[b->n_gaps++] = (brief_gap){part, remedy};
    }
}

bool brief_pays(const brief *b)
{
    return b->v->value == NULL || view_value_minor(b->v, b->in->account) > 0;
}

double brief_line_at(const brief *b, brief_line line, size_t month)
{
    const brief_dates *d = b->in->dates;
    return b->in->path->values[(size_t)line * d->n + d->month_at[month]];
}

words brief_time(int64_t days)
{
    enum { MONTH = 60, TWO_YEARS = 730 };
    words w = words_things(days, "day");
    int64_t months = (int64_t)((double)days / DAYS_PER_MONTH);
    int64_t rest = months % 12;
    if (days == 0) {
        (void)snprintf(w.text, sizeof w.text, "today");
    } else if (days > TWO_YEARS && rest > 0) {
        (void)snprintf(w.text, sizeof w.text, "%.40s and %.40s",
                       words_things(months / 12, "year").text, words_things(rest, "month").text);
    } else if (days > TWO_YEARS) {
        w = words_things(months / 12, "year");
    } else if (days > MONTH) {
        w = words_things(months, "month");
    }
    return w;
}

/* --- what is found once --- */

static void find_people(brief *b)
{
    brief_signs *s = &b->signs;
    s->champion_left = DAY_MISSING;
    for (size_t i = 0; i < b->f->n_people; i++) {
        const fact_person *p = &b->f->people[i];
        s->active_people += p->active;
        s->has_champion |= p->active && p->role == ROLE_CHAMPION;
        bool left = !p->active && p->role == ROLE_CHAMPION && p->until != DAY_MISSING;
        if (left && (s->champion_left == DAY_MISSING || p->until > s->champion_left)) {
            s->champion_left = p->until;
        }
    }
    s->champion_left = s->has_champion ? DAY_MISSING : s->champion_left;
}

static void find_signs(brief *b)
{
    const account_facts *f = b->f;
    brief_signs *s = &b->signs;
    find_people(b);
    for (size_t i = 0; i < f->n_tickets; i++) {
        bool open = f->tickets[i].closed == DAY_MISSING;
        bool serious = f->tickets[i].severity >= SEVERITY_HIGH;
        s->open_tickets += open;
        s->serious_tickets += serious;
        s->serious = open && serious ? &f->tickets[i] : s->serious; /* newest first: the oldest */
    }
    for (size_t i = 0; i < f->n_answers && s->nps == NULL; i++) {
        bool has_score = f->answers[i].kind == SURVEY_NPS && !isnan(f->answers[i].score);
        s->nps = has_score ? &f->answers[i] : NULL;
    }
    for (size_t i = 0; i < f->n_deals; i++) { /* in order of due */
        const fact_deal *x = &f->deals[i];
        bool ahead = x->stage == DEAL_OPEN && x->due != DAY_MISSING && x->due >= b->v->as_of;
        if (ahead && x->kind == DEAL_RENEWAL && s->renewal == NULL) {
            s->renewal = x;
        }
        if (x->stage == DEAL_OPEN && x->kind == DEAL_EXPANSION && s->talk == NULL) {
            s->talk = x;
        }
    }
}

/* Factors of the two dates out of the path: [factor * n + date]. */
static void split_health(brief *b)
{
    const brief_input *in = b->in;
    double now[SCORE_FACTORS_MOST];
    double before[SCORE_FACTORS_MOST];
    const size_t n = in->dates->n;
    for (size_t f = 0; in->score != NULL && f < in->path->n_factors; f++) {
        now[f] = in->path->factors[f * n + n - 1];
        before[f] = in->path->factors[f * n + in->dates->since_at];
    }
    if (in->score != NULL) {
        score_change_split(&b->v->b->model->scores[in->score->index], now, before, &b->health);
    }
}

/* --- the page --- */

void report_brief_title(strbuf *out, const brief_input *in)
{
    const view *v = in->v;
    const size_t i = in->account;
    size_t health_slot = bound_slot(v->b, "health");
    column health = health_slot != SIZE_MAX ? segmentation_column(v->s, health_slot) : (column){0};
    column renewal = segmentation_column(v->s, FEATURE_RENEWAL_IN);
    strbuf_add(out, v->p->names[i]);
    if (v->value != NULL && view_value_minor(v, i) <= 0) {
        strbuf_add(out, ": no customer now");
        return;
    }
    if (v->value != NULL) {
        strbuf_printf(out, ": %s %s",
                      words_money(view_value_minor(v, i), report_currency(v->b)).text,
                      v->has_arr ? "a year" : "in 365 days");
    }
    if (health.num != NULL && !isnan(health.num[i])) {
        strbuf_printf(out, ", health %.0f", health.num[i]);
    }
    if (renewal.num != NULL && !isnan(renewal.num[i])) {
        strbuf_printf(out, ", renews %s%s", renewal.num[i] > 0 ? "in " : "",
                      brief_time(words_whole(renewal.num[i])).text);
    }
}

static void put_gaps(const brief *b)
{
    if (b->n_gaps == 0) {
        return;
    }
    doc_section *s = document_section(b->d, NULL, "gaps", "Left out for want of data");
    for (size_t i = 0; i < b->n_gaps; i++) {
        doc_bullet(s, "**%s**: %s brings it", b->gaps[i].part, b->gaps[i].remedy);
    }
}

strata_status report_brief(document *d, const brief_input *in, strata_error *err)
{
    static brief_part *const parts[] = {brief_matters,  brief_who,    brief_value,  brief_health,
                                        brief_segments, brief_usage,  brief_people, brief_tickets,
                                        brief_renewal,  brief_growth, brief_plays,  brief_opener,
                                        brief_up};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    brief b = {.d = d,
               .in = in,
               .v = in->v,
               .f = in->facts,
               .a = a,
               .currency = report_currency(in->v->b),
               .name = document_escape(d, in->v->p->names[in->account])};
    split_health(&b);
    find_signs(&b);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        STRATA_TRY(parts[i](&b, err));
    }
    put_gaps(&b);
    return document_status(d, err);
}
