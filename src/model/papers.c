/* SPDX-License-Identifier: Apache-2.0 */
#include "model/papers.h"

#include <stdlib.h>
#include <string.h>

#include "base/blob.h"
#include "base/nearest.h"
#include "model/extend.h"
#include "model/load/load.h"

/* --- what each may say --- */

static const template_field tier_fields[TIER_FIELDS] = {
    [TIER_ACCOUNT] = {"account", "the account's name", true},
    [TIER_ACCOUNT_ID] = {"account_id", "its id", true},
    [TIER_PRODUCT] = {"product", "the first of `business.products`", true, "our product"},
    [TIER_CSM] = {"csm", "who looks after it now", true},
    [TIER_FROM] = {"from", "the segment it is in", true},
    [TIER_TO] = {"to", "the segment it goes to", true},
    [TIER_WORTH] = {"worth", "its ARR or spend, with the name of the measure", false},
    [TIER_BECAUSE] = {"because", "what called for the change, in figures", false},
    [TIER_TELL] = {"tell", "the day the customer is told", false},
    [TIER_AS_OF] = {"as_of", "the day up to which facts are known", false},
    [TIER_EFFECTIVE] = {"effective", "the day of the change", false},
    [TIER_RENEWAL] = {"renewal", "the day the contract renews", false},
    [TIER_GREW] = {"grew", "by how much its ARR grew in 12 months, when 5 % or more", false},
    [TIER_SINCE] = {"since", "the month it became a customer", false},
    [TIER_USERS] = {"users", "active users in 30 days, when two or more", false},
    [TIER_ADOPTION] = {"adoption", "share of the features in use", false},
    [TIER_TICKETS] = {"tickets", "how many tickets are open, when there are any", false},
    [TIER_CHAMPION] = {"champion", "there when a champion is known", false},
    [TIER_NO_CHAMPION] = {"no_champion", "there when contacts are known and none is a champion",
                          false},
    [TIER_TALKS] = {"talks", "how often we talk from then on; missing where nothing is planned",
                    false},
    [TIER_TALKS_NOW] = {"talks_now", "how often we talk until then", false},
    [TIER_REVIEWS] = {"reviews", "how often results are reviewed from then on", false},
    [TIER_TOUCH] = {"touch", "the touch level from then on", false},
    [TIER_TOUCH_NOW] = {"touch_now", "the touch level until then", false},
    [TIER_SUPPORT] = {"support", "the level of support from then on", false},
    [TIER_SUPPORT_NOW] = {"support_now", "the level of support until then", false},
    [TIER_SUPPORT_CHANGES] = {"support_changes", "there when the two differ", false},
    [TIER_BY_MAIL] = {"by_mail", "there when the segment plans no talks", false},
};
static const template_shape tier_parts[] = {
    {.name = "plan", .cells = 3, .dated = true},
    {.name = "customer"},
    {.name = "customer_note"},
    {.name = "announcement"},
    {.name = "brief"},
    {.name = "first_30_days", .cells = 2, .dated = true},
};
static const char *const tier_days[TIER_DAYS] = {[TIER_DAY_DECIDE] = "decide",
                                                 [TIER_DAY_ANNOUNCE] = "announce",
                                                 [TIER_DAY_TELL] = "tell",
                                                 [TIER_DAY_EFFECTIVE] = "effective",
                                                 [TIER_DAY_FIRST_MONTH] = "first_month",
                                                 [TIER_DAY_FIRST_QUARTER] = "first_quarter"};

static const template_field growth_fields[GROWTH_FIELDS] = {
    [GROWTH_ACCOUNT] = {"account", "the account's name", true},
    [GROWTH_CSM] = {"csm", "who looks after it", true},
    [GROWTH_SIGN] = {"sign", "the sign that earned most points", false},
    [GROWTH_FACT] = {"fact", "its value", false},
    [GROWTH_PERCENT] = {"percent", "its value in percent", false},
    [GROWTH_ROOM] = {"room", "stated potential less ARR, a year, when above 0", false},
    [GROWTH_PEOPLE] = {"people", "how many are new in the department, in words", false},
    [GROWTH_DEPARTMENT] =
        {"department",
         "the department with most new people in 180 days; in the opener of a sign "
         "that counts new departments or new deciders, with most of these",
         true},
    [GROWTH_SINCE] = {"since", "the month the first of them became known", false},
    [GROWTH_CHAMPION] = {"champion", "there when a champion is known", false},
    [GROWTH_NO_CHAMPION] = {"no_champion", "there when contacts are known and none is a champion",
                            false},
    [GROWTH_RENEWAL] = {"renewal", "the day the contract renews", false},
    [GROWTH_PRODUCT] = {"product", "the first of `business.products`", true, "our product"},
    [GROWTH_AS_OF] = {"as_of", "the day up to which facts are known", false},
    [GROWTH_USERS] = {"users", "active users in 30 days, when two or more", false},
    [GROWTH_FILLED] = {"filled",
                       "of a sign that is a share, how much: `92 %`, or `all` from 100 % on",
                       false},
    [GROWTH_GREW] = {"grew",
                     "of a sign that is a change, how it grew, when 5 % or more: `has grown by "
                     "45 %`, `has more than doubled`",
                     false},
    [GROWTH_LIKED] = {"liked", "of a sign that is an NPS score, the score when 8 or more", false},
};
static const template_shape growth_parts[] = {
    {.name = "opener", .keyed = true},
    {.name = "hand_off", .keyed = true, .cells = 3, .dated = true},
};
static const char *const growth_days[GROWTH_DAYS] = {[GROWTH_DAY_START] = "start"};

static const template_field talk_fields[TALK_FIELDS] = {
    [TALK_TICKET_THEME] = {"ticket_theme", "what the open serious ticket is about", false},
    [TALK_TICKET_OPENED] = {"ticket_opened", "the day it was opened", false},
    [TALK_CHAMPION_LEFT] = {"champion_left", "the day the champion left, in the last 180 days",
                            false},
    [TALK_LOW_SCORE] = {"low_score", "the last NPS score, when 6 or less", false},
    [TALK_LOW_SCORE_ON] = {"low_score_on", "the day it was given", false},
    [TALK_USE_FELL] = {"use_fell", "by how much use fell in a quarter, when 20 % or more", false},
    [TALK_FELL_MOST] = {"fell_most", "the feature whose use fell most", false},
    [TALK_RENEWAL] = {"renewal", "the day the contract renews, when near", false},
    [TALK_HIGH_SCORE] = {"high_score", "the last NPS score, when 9 or 10", false},
    [TALK_HIGH_SCORE_ON] = {"high_score_on", "the day it was given", false},
    [TALK_SILENT_FOR] = {"silent_for", "how long nobody has spoken with them, when long", false},
    [TALK_MOST_USED] = {"most_used", "the feature used most", false},
};
static const template_shape talk_parts[] = {{.name = "trouble", .cells = 1},
                                            {.name = "calm", .cells = 1}};

static const template_field message_fields[MESSAGE_FIELDS] = {
    [MESSAGE_PRODUCT] = {"product", "the first of `business.products`", true, "our product"},
    [MESSAGE_COMPANY] = {"company", "`business.name`", true},
    [MESSAGE_PAIN] = {"pain", "the theme that its texts name most, else its tickets'", false},
    [MESSAGE_PRAISE] = {"praise", "what its texts praise most", false},
    [MESSAGE_FEATURE] = {"feature", "the feature it uses most beyond the others", false},
    [MESSAGE_MISSING_FEATURE] = {"missing_feature", "the feature others use and it does not",
                                 false},
    [MESSAGE_ADOPTION] = {"adoption", "median share of the features in use", false},
    [MESSAGE_SEATS_FILLED] = {"seats_filled", "active users over its seats", false},
};
static const template_shape message_parts[] = {
    {.name = "risk"}, {.name = "start"}, {.name = "adopt"}, {.name = "grow"}, {.name = "keep"}};

#define N(list) (sizeof(list) / sizeof(list)[0])
#define TIER_FORM(title)                                                                           \
    {                                                                                              \
        .name = (title), .fields = tier_fields, .n_fields = TIER_FIELDS, .parts = tier_parts,      \
        .n_parts = N(tier_parts), .days = tier_days, .n_days = TIER_DAYS                           \
    }
static const template_form forms[PAPER_KINDS] = {
    [PAPER_TIER_UP] = TIER_FORM("tier-up"),
    [PAPER_TIER_DOWN] = TIER_FORM("tier-down"),
    [PAPER_EXPANSION] = {.name = "expansion",
                         .fields = growth_fields,
                         .n_fields = GROWTH_FIELDS,
                         .parts = growth_parts,
                         .n_parts = N(growth_parts),
                         .days = growth_days,
                         .n_days = GROWTH_DAYS},
    [PAPER_CONVERSATION] = {.name = "conversation",
                            .fields = talk_fields,
                            .n_fields = TALK_FIELDS,
                            .parts = talk_parts,
                            .n_parts = N(talk_parts)},
    [PAPER_MESSAGES] = {.name = "messages",
                        .fields = message_fields,
                        .n_fields = MESSAGE_FIELDS,
                        .parts = message_parts,
                        .n_parts = N(message_parts)},
};

const template_form *paper_form(paper_kind k)
{
    return &forms[k];
}

/* --- the model's own --- */

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the papers");
}

static strata_status find_kind(const yaml_entry *entry, paper_kind *out, strata_error *err)
{
    const char *names[PAPER_KINDS];
    for (size_t k = 0; k < PAPER_KINDS; k++) {
        names[k] = forms[k].name;
        if (strcmp(entry->key, names[k]) == 0) {
            *out = (paper_kind)k;
            return STRATA_OK;
        }
    }
    return read_fail_unknown(entry, "papers", names, PAPER_KINDS, err);
}

static strata_status read_own(model *m, paper_kind k, const yaml_node *value, const char *path,
                              strata_error *err)
{
    size_t len = 0;
    STRATA_AUTO_FREE char *bytes = NULL;
    template_text *text = ARENA_NEW(m->arena, 1, template_text);
    const char *full = path_join(m->arena, m->folder, path);
    if (text == NULL || full == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(
        read_named_file(value->place, NULL, full, TEMPLATE_BYTES_MOST + 1, &bytes, &len, err));
    STRATA_TRY(template_parse(m->arena, &forms[k], full, bytes, len, text, err));
    const char *kept = arena_strndup(m->arena, bytes, len);
    if (kept == NULL) {
        return fail_nomem(err);
    }
    m->papers[k] = (model_paper){path, kept, text};
    return STRATA_OK;
}

strata_status load_papers(model *m, const yaml_entry *entry, strata_error *err)
{
    STRATA_TRY(read_kind(entry->value, YAML_MAP, entry->key, NULL, err));
    for (size_t i = 0; i < entry->value->n; i++) {
        const yaml_entry *e = &entry->value->entries[i];
        paper_kind k = PAPER_TIER_UP;
        const char *path = NULL;
        STRATA_TRY(find_kind(e, &k, err));
        STRATA_TRY(read_text(e->value, e->key, "papers", &path, err));
        if (m->contained && !path_is_below(path)) {
            return yaml_fail(err, e->value->place,
                             "'papers' may name files in the project's folder only, when the model "
                             "comes from elsewhere than its file");
        }
        STRATA_TRY(read_own(m, k, e->value, path, err));
    }
    return STRATA_OK;
}

/* --- ready to be filled --- */

strata_status paper_open(const model *m, paper_kind k, arena *a, paper *out, strata_error *err)
{
    enum { NAME_BYTES = 64 };
    char name[NAME_BYTES] = "papers/";
    strncat(name, forms[k].name, NAME_BYTES / 2);
    strncat(name, ".md", 4);
    for (const strata_blob *b = strata_asset_files; b->name != NULL; b++) {
        if (strcmp(b->name, name) == 0) {
            paper p = {.form = &forms[k], .own = m->papers[k].text};
            STRATA_TRY(template_parse(a, &forms[k], b->name, (const char *)b->data, b->size,
                                      &p.shipped, err));
            *out = p;
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_INTERNAL, "the asset %s is missing", name);
}

const template_part *paper_part(const paper *p, const char *part, const char *key)
{
    const template_part *own = p->own != NULL ? template_find(p->own, part, key) : NULL;
    return own != NULL ? own : template_find(&p->shipped, part, key);
}

bool paper_product(const model *m, arena *a, const char **out)
{
    const model_pairs *texts = &m->business.texts;
    *out = NULL;
    for (size_t i = 0; i < texts->n; i++) {
        if (strcmp(texts->items[i].key, "products") == 0) {
            *out = arena_strndup(a, texts->items[i].value, strcspn(texts->items[i].value, ","));
            return *out != NULL;
        }
    }
    return true;
}
