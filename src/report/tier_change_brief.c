/* SPDX-License-Identifier: Apache-2.0 */
/* What who takes over needs to know, and their first 30 days. */
#include <math.h>

#include "report/tier_change_parts.h"

/* --- facts --- */

static const size_t facts[] = {
    FEATURE_TENURE,       FEATURE_ARR_GROWTH_12M,    FEATURE_RENEWAL_IN,  FEATURE_ACTIVE_USERS_30D,
    FEATURE_ADOPTION,     FEATURE_FEATURES_USED_90D, FEATURE_NPS_LAST,    FEATURE_OPEN_TICKETS,
    FEATURE_HAS_CHAMPION, FEATURE_LAST_TOUCH,        FEATURE_TOUCHES_365D};

static void put_facts(document *d, doc_section *parent, const tier_papers_input *in)
{
    static const doc_column columns[] = {{.key = "fact", .label = "Fact", .type = CELL_TEXT},
                                         {.key = "value", .label = "Is", .type = CELL_TEXT}};
    const char *currency = report_currency(in->v->b);
    doc_section *s = document_section(d, parent, "brief", "Brief for who takes over");
    doc_paragraph(s,
                  "%s is in the book of %s today; the figures below are those to compare with in "
                  "90 days.",
                  SAFE(d, tier_name(in)),
                  in->change->csm != NULL ? SAFE(d, in->change->csm) : "nobody known");
    doc_table *t = doc_table_new(s, "brief", NULL, columns, 2);
    if (in->v->value != NULL) {
        doc_row(t,
                (doc_cell[]){cell_text(in->v->value_label),
                             words_cell(t, words_money(view_value_minor(in->v, in->change->account),
                                                       currency))});
    }
    for (size_t k = 0; k < sizeof facts / sizeof facts[0]; k++) {
        const symbol *sym = &in->v->b->scope.symbols[facts[k]];
        double x = tier_fact(in, facts[k]);
        const char *label = sym->label != NULL ? sym->label : sym->name;
        doc_row(t, (doc_cell[]){cell_text(label),
                                isnan(x) ? cell_empty(sym->missing_because)
                                         : words_cell(t, words_value(x, sym->type, currency))});
    }
}

/* --- the first 30 days --- */

static void put_day(doc_table *t, day on, const char *what)
{
    doc_row(t, (doc_cell[]){cell_date(on), cell_text(what)});
}

static const char *people_step(const tier_papers_input *in)
{
    double champion = tier_fact(in, FEATURE_HAS_CHAMPION);
    return isnan(champion)  ? "Ask who decides, who uses it and who speaks for us"
           : champion > 0.0 ? "Talk with the champion alone: what should be better by the renewal?"
                            : "Find a champion: nobody there holds that role today";
}

static const char *use_step(const tier_papers_input *in)
{
    double users = tier_fact(in, FEATURE_ACTIVE_USERS_30D);
    double adoption = tier_fact(in, FEATURE_ADOPTION);
    if (isnan(users)) {
        return "Ask what they use it for, and for how many people";
    }
    return isnan(adoption)
               ? TIER_SAY(in,
                          "Look at use: %s active users in 30 days; a third fewer is a reason to "
                          "call",
                          words_count(words_whole(users)).text)
               : TIER_SAY(in,
                          "Look at use: %s active users in 30 days, adoption %s; a third fewer "
                          "users is a reason to call",
                          words_count(words_whole(users)).text, words_share(adoption).text);
}

strata_status tier_put_brief(document *d, doc_section *parent, const tier_papers_input *in,
                             strata_error *err)
{
    static const doc_column columns[] = {{.key = "on", .label = "By", .type = CELL_DATE},
                                         {.key = "what", .label = "What", .type = CELL_TEXT}};
    enum { WEEK = 7 };
    const tier_change *c = in->change;
    day first = c->dates.effective; /* a Monday */
    double tickets = tier_fact(in, FEATURE_OPEN_TICKETS);
    put_facts(d, parent, in);
    doc_section *s = document_section(d, parent, "first_30_days", "The first 30 days");
    doc_table *t = doc_table_new(s, "first_30_days", NULL, columns, 2);
    put_day(t, first,
            TIER_SAY(in, "Hand-over talk, led by %s; write down what was promised", tier_csm(in)));
    if (tickets > 0.0) {
        put_day(t, first + 2,
                TIER_SAY(in, "Read the %s and say who answers them",
                         words_things(words_whole(tickets), "open ticket").text));
    }
    put_day(t, first + WEEK, people_step(in));
    put_day(t, first + 2 * WEEK, use_step(in));
    put_day(t, first + 3 * WEEK,
            c->up
                ? "Agree on two goals with a date each, and put them into the success plan"
                : "Check that they found their way: guide opened, mail read, or a question asked");
    put_day(t, c->dates.first_month, "Look back with the CS manager: keep it, or change back");
    return document_status(d, err);
}
