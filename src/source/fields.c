/* SPDX-License-Identifier: Apache-2.0 */
#include "source/fields.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* In the order of the columns of sql/source/stage_<table>.sql. */
static const source_field accounts_fields[] = {
    {"account_id", FIELD_ID, true},      {"name", FIELD_TEXT, false},
    {"started_on", FIELD_DAY, false},    {"parent_id", FIELD_TEXT, false},
    {"industry", FIELD_TEXT, false},     {"employees", FIELD_NUMBER, false},
    {"region", FIELD_TEXT, false},       {"country", FIELD_TEXT, false},
    {"plan", FIELD_TEXT, false},         {"use_case", FIELD_TEXT, false},
    {"channel", FIELD_TEXT, false},      {"csm_id", FIELD_TEXT, false},
    {"coverage", FIELD_TEXT, false},     {"seats", FIELD_NUMBER, false},
    {"currency", FIELD_CURRENCY, false}, {"potential_arr", FIELD_MONEY, false},
    {"complexity", FIELD_NUMBER, false}, {"strategic", FIELD_BOOL, false},
};
static const source_field snapshots_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"date", FIELD_DAY, true},
    {"arr", FIELD_MONEY, true},          {"period", FIELD_PERIOD, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field movements_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"date", FIELD_DAY, true},
    {"delta", FIELD_MONEY, true},        {"kind", FIELD_TEXT, false},
    {"type", FIELD_TEXT, false},         {"reason", FIELD_TEXT, false},
    {"movement_id", FIELD_ID, false},    {"period", FIELD_PERIOD, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field subscriptions_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"subscription_id", FIELD_ID, false},
    {"start", FIELD_DAY, true},          {"end", FIELD_DAY, false},
    {"amount", FIELD_MONEY, true},       {"seats", FIELD_NUMBER, false},
    {"product", FIELD_TEXT, false},      {"reason", FIELD_TEXT, false},
    {"cancelled_on", FIELD_DAY, false},  {"period", FIELD_PERIOD, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field orders_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"order_id", FIELD_TEXT, false},
    {"ordered_at", FIELD_DAY, true},     {"amount", FIELD_MONEY, true},
    {"quantity", FIELD_NUMBER, false},   {"product", FIELD_TEXT, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field usage_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"at", FIELD_DAY, true},
    {"feature", FIELD_FEATURE, false},   {"user_id", FIELD_USER, false},
    {"count", FIELD_NUMBER, false},      {"usage_id", FIELD_ID, false},
};
static const source_field tickets_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"ticket_id", FIELD_ID, false},
    {"opened_at", FIELD_DAY, true},      {"closed_at", FIELD_DAY, false},
    {"severity", FIELD_SEVERITY, false}, {"csat", FIELD_NUMBER, false},
    {"theme", FIELD_TEXT, false},        {"text", FIELD_TEXT, false},
};
static const source_field surveys_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"survey_id", FIELD_ID, false},
    {"answered_at", FIELD_DAY, true},    {"kind", FIELD_SURVEY_KIND, false},
    {"score", FIELD_NUMBER, false},      {"contact_id", FIELD_TEXT, false},
    {"text", FIELD_TEXT, false},
};
static const source_field contacts_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"contact_id", FIELD_ID, false},
    {"known_from", FIELD_DAY, false},    {"active_until", FIELD_DAY, false},
    {"role", FIELD_ROLE, false},         {"title", FIELD_TEXT, false},
    {"email", FIELD_TEXT, false},        {"department", FIELD_TEXT, false},
};
static const source_field touchpoints_fields[] = {
    {"account_id", FIELD_ACCOUNT, true},
    {"touchpoint_id", FIELD_ID, false},
    {"at", FIELD_DAY, true},
    {"minutes", FIELD_NUMBER, false},
    {"responded", FIELD_BOOL, false},
    {"csm_id", FIELD_TEXT, false},
    {"channel", FIELD_TEXT, false},
};
static const source_field opportunities_fields[] = {
    {"account_id", FIELD_ACCOUNT, true}, {"opportunity_id", FIELD_ID, false},
    {"opened_at", FIELD_DAY, true},      {"due_on", FIELD_DAY, false},
    {"amount", FIELD_MONEY, false},      {"kind", FIELD_DEAL_KIND, false},
    {"stage", FIELD_STAGE, false},       {"competitor", FIELD_TEXT, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field csms_fields[] = {
    {"csm_id", FIELD_ID, true},
    {"name", FIELD_TEXT, false},
    {"capacity_hours", FIELD_NUMBER, false},
    {"skills", FIELD_TEXT, false},
    {"regions", FIELD_TEXT, false},
    {"cost_per_hour", FIELD_MONEY, false},
    {"currency", FIELD_CURRENCY, false},
};
static const source_field health_fields[] = {
    {"account_id", FIELD_ACCOUNT, true},
    {"at", FIELD_DAY, true},
    {"score", FIELD_NUMBER, true},
};
static const source_field interventions_fields[] = {
    {"account_id", FIELD_ACCOUNT, true},
    {"intervention_id", FIELD_ID, false},
    {"at", FIELD_DAY, true},
    {"minutes", FIELD_NUMBER, false},
    {"playbook", FIELD_TEXT, false},
    {"kind", FIELD_TEXT, false},
    {"outcome", FIELD_TEXT, false},
};

const table_spec *table_get(source_table t)
{
#define TABLE(sym, name, entity)                                                                   \
    [sym] = { #name, sym, entity, name##_fields, sizeof name##_fields / sizeof *name##_fields }
    static const table_spec tables[TABLE_COUNT] = {
        TABLE(TABLE_ACCOUNTS, accounts, ENTITY_ACCOUNTS),
        TABLE(TABLE_SNAPSHOTS, snapshots, ENTITY_ARR),
        TABLE(TABLE_MOVEMENTS, movements, ENTITY_ARR),
        TABLE(TABLE_SUBSCRIPTIONS, subscriptions, ENTITY_ARR),
        TABLE(TABLE_ORDERS, orders, ENTITY_ORDERS),
        TABLE(TABLE_USAGE, usage, ENTITY_USAGE),
        TABLE(TABLE_TICKETS, tickets, ENTITY_TICKETS),
        TABLE(TABLE_SURVEYS, surveys, ENTITY_SURVEYS),
        TABLE(TABLE_CONTACTS, contacts, ENTITY_CONTACTS),
        TABLE(TABLE_TOUCHPOINTS, touchpoints, ENTITY_TOUCHPOINTS),
        TABLE(TABLE_OPPORTUNITIES, opportunities, ENTITY_OPPORTUNITIES),
        TABLE(TABLE_CSMS, csms, ENTITY_CSMS),
        TABLE(TABLE_HEALTH, health, ENTITY_HEALTH),
        TABLE(TABLE_INTERVENTIONS, interventions, ENTITY_INTERVENTIONS),
    };
#undef TABLE
    return &tables[t];
}

source_table table_find(const char *name)
{
    if (strcmp(name, "arr") == 0) {
        return TABLE_SUBSCRIPTIONS;
    }
    int t = 0;
    while (t < TABLE_COUNT && strcmp(table_get((source_table)t)->name, name) != 0) {
        t++;
    }
    return (source_table)t;
}

source_table table_of(const model_source *s)
{
    if (strcmp(s->entity, "arr") == 0) {
        static const source_table forms[] = {
            [ARR_FORM_SNAPSHOTS] = TABLE_SNAPSHOTS,
            [ARR_FORM_MOVEMENTS] = TABLE_MOVEMENTS,
            [ARR_FORM_SUBSCRIPTIONS] = TABLE_SUBSCRIPTIONS,
        };
        return forms[s->form];
    }
    return table_find(s->entity);
}

size_t table_field(const table_spec *t, const char *name)
{
    for (size_t i = 0; i < t->n_fields; i++) {
        if (strcmp(t->fields[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t table_id_field(const table_spec *t)
{
    for (size_t i = 0; i < t->n_fields; i++) {
        if (t->fields[i].kind == FIELD_ID) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Words as exports write them, folded; `code` is the enum's value, or months. */
typedef struct word_row {
    field_kind kind;
    const char *word;
    int code;
} word_row;

static const word_row words[] = {
    {FIELD_PERIOD, "month", 1},
    {FIELD_PERIOD, "monthly", 1},
    {FIELD_PERIOD, "mrr", 1},
    {FIELD_PERIOD, "quarter", 3},
    {FIELD_PERIOD, "quarterly", 3},
    {FIELD_PERIOD, "half_year", 6},
    {FIELD_PERIOD, "semi_annual", 6},
    {FIELD_PERIOD, "semiannual", 6},
    {FIELD_PERIOD, "year", 12},
    {FIELD_PERIOD, "yearly", 12},
    {FIELD_PERIOD, "annual", 12},
    {FIELD_PERIOD, "annually", 12},
    {FIELD_PERIOD, "arr", 12},
    {FIELD_PERIOD, "m", 1},
    {FIELD_PERIOD, "q", 3},
    {FIELD_PERIOD, "y", 12},
    {FIELD_PERIOD, "a", 12},
    {FIELD_SEVERITY, "low", SEVERITY_LOW},
    {FIELD_SEVERITY, "minor", SEVERITY_LOW},
    {FIELD_SEVERITY, "p4", SEVERITY_LOW},
    {FIELD_SEVERITY, "normal", SEVERITY_NORMAL},
    {FIELD_SEVERITY, "medium", SEVERITY_NORMAL},
    {FIELD_SEVERITY, "moderate", SEVERITY_NORMAL},
    {FIELD_SEVERITY, "p3", SEVERITY_NORMAL},
    {FIELD_SEVERITY, "high", SEVERITY_HIGH},
    {FIELD_SEVERITY, "major", SEVERITY_HIGH},
    {FIELD_SEVERITY, "p2", SEVERITY_HIGH},
    {FIELD_SEVERITY, "urgent", SEVERITY_URGENT},
    {FIELD_SEVERITY, "critical", SEVERITY_URGENT},
    {FIELD_SEVERITY, "blocker", SEVERITY_URGENT},
    {FIELD_SEVERITY, "p1", SEVERITY_URGENT},
    {FIELD_SURVEY_KIND, "nps", SURVEY_NPS},
    {FIELD_SURVEY_KIND, "csat", SURVEY_CSAT},
    {FIELD_SURVEY_KIND, "pmf", SURVEY_PMF},
    {FIELD_ROLE, "user", ROLE_USER},
    {FIELD_ROLE, "end_user", ROLE_USER},
    {FIELD_ROLE, "other", ROLE_USER},
    {FIELD_ROLE, "economic", ROLE_ECONOMIC},
    {FIELD_ROLE, "economic_buyer", ROLE_ECONOMIC},
    {FIELD_ROLE, "decision_maker", ROLE_ECONOMIC},
    {FIELD_ROLE, "executive_sponsor", ROLE_ECONOMIC},
    {FIELD_ROLE, "business", ROLE_ECONOMIC},
    {FIELD_ROLE, "technical", ROLE_TECHNICAL},
    {FIELD_ROLE, "technical_buyer", ROLE_TECHNICAL},
    {FIELD_ROLE, "admin", ROLE_TECHNICAL},
    {FIELD_ROLE, "champion", ROLE_CHAMPION},
    {FIELD_DEAL_KIND, "renewal", DEAL_RENEWAL},
    {FIELD_DEAL_KIND, "renew", DEAL_RENEWAL},
    {FIELD_DEAL_KIND, "existing_business", DEAL_EXPANSION},
    {FIELD_DEAL_KIND, "expansion", DEAL_EXPANSION},
    {FIELD_DEAL_KIND, "upsell", DEAL_EXPANSION},
    {FIELD_DEAL_KIND, "cross_sell", DEAL_EXPANSION},
    {FIELD_STAGE, "open", DEAL_OPEN},
    {FIELD_STAGE, "won", DEAL_WON},
    {FIELD_STAGE, "closed_won", DEAL_WON},
    {FIELD_STAGE, "closedwon", DEAL_WON},
    {FIELD_STAGE, "lost", DEAL_LOST},
    {FIELD_STAGE, "closed_lost", DEAL_LOST},
    {FIELD_STAGE, "closedlost", DEAL_LOST},
};

int field_word(field_kind kind, text_view word)
{
    char raw[64];
    char folded[64];
    if (word.len >= sizeof raw) {
        return -1;
    }
    memcpy(raw, word.ptr, word.len);
    raw[word.len] = '\0';
    fold_name(raw, folded, sizeof folded);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].kind == kind && strcmp(words[i].word, folded) == 0) {
            return words[i].code;
        }
    }
    /* Stages have names of their own everywhere; what is neither won nor lost is open. */
    return kind == FIELD_STAGE ? DEAL_OPEN : -1;
}

const char *field_words(field_kind kind)
{
    switch ((int)kind) {
    case FIELD_PERIOD:
        return "month, quarter or year";
    case FIELD_SEVERITY:
        return "low, normal, high or urgent";
    case FIELD_SURVEY_KIND:
        return "nps, csat or pmf";
    case FIELD_ROLE:
        return "user, economic, technical or champion";
    case FIELD_DEAL_KIND:
        return "renewal or expansion";
    default:
        return "open, won or lost";
    }
}

const char *field_kind_name(field_kind kind)
{
    switch ((int)kind) {
    case FIELD_DAY:
        return "a date";
    case FIELD_MONEY:
        return "an amount";
    case FIELD_NUMBER:
        return "a number";
    case FIELD_BOOL:
        return "yes or no";
    default:
        return "text";
    }
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_word(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (unsigned char)c > 127;
}

void fold_name(const char *name, char *out, size_t cap)
{
    size_t n = 0;
    bool gap = false;
    for (const char *p = name; *p != '\0' && n + 2 < cap; p++) {
        if (!is_word(*p)) {
            gap = n > 0;
            continue;
        }
        bool hump = is_upper(*p) && p > name && is_word(p[-1]) &&
                    (!is_upper(p[-1]) || (p[1] >= 'a' && p[1] <= 'z' && is_upper(p[-1])));
        if ((gap || hump) && n > 0) {
            out[n++] = '_';
        }
        gap = false;
        out[n++] = (char)(is_upper(*p) ? *p + 32 : *p);
    }
    out[n] = '\0';
}
