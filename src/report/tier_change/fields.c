/* SPDX-License-Identifier: Apache-2.0 */
/* What the papers of a change of tier may say: their fields, from the account's facts. */
#include <math.h>
#include <string.h>

#include "report/tier_change/parts.h"

const char *tier_rhythm(const tier_papers_input *in, int days)
{
    static const struct {
        int days;
        const char *text;
    } known[] = {{7, "every week"},     {14, "every two weeks"}, {30, "every month"},
                 {91, "every quarter"}, {182, "twice a year"},   {365, "once a year"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (known[i].days == days) {
            return known[i].text;
        }
    }
    return days > 0 ? TIER_SAY(in, "every %d days", days) : NULL;
}

static const char *no_text(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

/* How it is looked after, now and then; nothing where the model does not say. */
static void fill_touch(const tier_papers_input *in, const char **values)
{
    const engaged_segment *now = in->change->now;
    const engaged_segment *then = in->change->then;
    if (now != NULL) {
        values[TIER_TALKS_NOW] = tier_rhythm(in, now->programme.cadence_days);
        values[TIER_TOUCH_NOW] = touch_level_names[now->touch];
        values[TIER_SUPPORT_NOW] = no_text(now->programme.support);
    }
    if (then != NULL) {
        values[TIER_TALKS] = tier_rhythm(in, then->programme.cadence_days);
        values[TIER_REVIEWS] = tier_rhythm(in, then->programme.review_days);
        values[TIER_TOUCH] = touch_level_names[then->touch];
        values[TIER_SUPPORT] = no_text(then->programme.support);
        values[TIER_BY_MAIL] = values[TIER_TALKS] == NULL ? "by mail" : NULL;
    }
    const char *before = values[TIER_SUPPORT_NOW];
    const char *after = values[TIER_SUPPORT];
    const bool differ = before != NULL && after != NULL && strcmp(before, after) != 0;
    values[TIER_SUPPORT_CHANGES] = differ ? "yes" : NULL;
}

static const double clearly_more = 0.05; /* less is no growth that a customer would call so */

static void fill_facts(const tier_papers_input *in, const char **values)
{
    const view *v = in->v;
    const uint32_t account = in->change->account;
    const day since = v->p->exists_from[account];
    const double grew = tier_fact(in, FEATURE_ARR_GROWTH_12M);
    const double users = tier_fact(in, FEATURE_ACTIVE_USERS_30D);
    const double adoption = tier_fact(in, FEATURE_ADOPTION);
    const double tickets = tier_fact(in, FEATURE_OPEN_TICKETS);
    const double renewal = tier_fact(in, FEATURE_RENEWAL_IN);
    const double champion = tier_fact(in, FEATURE_HAS_CHAMPION);
    if (v->value != NULL) {
        values[TIER_WORTH] = TIER_SAY(
            in, "%s %s", words_money(view_value_minor(v, account), report_currency(v->b)).text,
            v->value_label);
    }
    if (since > DAY_MIN) {
        values[TIER_SINCE] = TIER_SAY(in, "%s", words_month_of(since).text);
    }
    if (grew >= clearly_more) {
        values[TIER_GREW] = TIER_SAY(in, "%s", words_share(grew).text);
    }
    if (users >= 2.0) {
        values[TIER_USERS] = TIER_SAY(in, "%s", words_count(words_whole(users)).text);
    }
    if (!isnan(adoption)) {
        values[TIER_ADOPTION] = TIER_SAY(in, "%s", words_share(adoption).text);
    }
    if (tickets >= 1.0) {
        values[TIER_TICKETS] =
            TIER_SAY(in, "%s", words_things(words_whole(tickets), "open ticket").text);
    }
    if (!isnan(renewal)) {
        values[TIER_RENEWAL] = TIER_SAY(in, "%s", words_day(v->as_of + (day)lround(renewal)).text);
    }
    values[TIER_CHAMPION] = champion > 0.0 ? "the champion" : NULL;
    values[TIER_NO_CHAMPION] = champion <= 0.0 ? "nobody" : NULL;
}

strata_status tier_fill(const tier_papers_input *in, const char **values, strata_error *err)
{
    const tier_change *c = in->change;
    values[TIER_ACCOUNT] = tier_name(in);
    values[TIER_ACCOUNT_ID] = in->v->p->ids[c->account];
    values[TIER_CSM] = c->csm;
    values[TIER_FROM] = tier_segment(in, c->from);
    values[TIER_TO] = tier_segment(in, c->to);
    values[TIER_TELL] = TIER_SAY(in, "%s", words_day(c->dates.tell).text);
    values[TIER_AS_OF] = TIER_SAY(in, "%s", words_day(in->v->as_of).text);
    values[TIER_EFFECTIVE] = TIER_SAY(in, "%s", words_day(c->dates.effective).text);
    fill_facts(in, values);
    fill_touch(in, values);
    values[TIER_BECAUSE] = c->clause != NULL ? c->said : NULL;
    return paper_product(in->v->b->model, in->a, &values[TIER_PRODUCT])
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}
