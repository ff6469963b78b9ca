/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/offer.h"
#include "command/ask/strategy.h"

static strata_status make(call *c, look *l, offer *out, segment_code *only, strata_error *err)
{
    strategy s = {0};
    const profile *p = NULL;
    long months = 0;
    STRATA_TRY(call_count(c, "months", 1, OFFER_MONTHS_MOST, OFFER_MONTHS, &months, err));
    STRATA_TRY(look_open(c, l, err));
    STRATA_TRY(look_dimension(l, err));
    if (c->n_args > 0) {
        STRATA_TRY(look_for_segment(l, c->args[0], err));
        STRATA_TRY(look_segment(l, c->args[0], only, err));
    }
    STRATA_TRY(look_dates(l, NULL, err));
    STRATA_TRY(strategy_open(l, &s, err));
    STRATA_TRY(profile_make(l->study, l->def, c->arena, &p, err));
    return offer_ask(l, &s, (int)months, p, out, err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    offer made = {0};
    long listed = 0;
    offer_report in = {.offer = &made, .only = SEGMENT_ABSENT};
    STRATA_TRY(
        call_count(c, "limit", 0, 100000000L, call_for_programs(c) ? 100000000L : 0, &listed, err));
    STRATA_TRY(make(c, &l, &made, &in.only, err));
    in.v = l.view;
    in.listed = (size_t)listed;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_offer_title(&title, &in);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "offer", strbuf_text(&title), &d, err));
    if (made.n_segments == 0) {
        return call_show(c, d, err);
    }
    doc_section *s = document_section(d, NULL, "offer", "The matrix");
    STRATA_TRY(report_offer_matrix(s, &in, err));
    report_offer_lines(d, NULL, &in);
    report_offer_accounts(d, NULL, &in);
    doc_next_step(d, "strata offer --table accounts -f csv -o accounts.csv");
    doc_next_step(d, "strata persona SEGMENT");
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "dimension",
     .arg = "NAME",
     .help = "segments of this dimension (default: the model's primary one)"},
    {.name = "months", .arg = "N", .help = "what was said in so many months counts (default 12)"},
    {.name = "limit",
     .letter = 'n',
     .arg = "N",
     .help = "accounts listed for each line at most (default none; all as csv or json)"},
    {0}};
static const command_example examples[] = {
    {"strata offer", "message, product, service and pricing for each segment"},
    {"strata offer Steady", "one segment"},
    {"strata offer --dimension value", "by value tier"},
    {"strata offer --table accounts -f csv -o accounts.csv", "the accounts behind every line"},
    {0}};
const command_def command_offer = {
    .name = "offer",
    .summary = "Message, product, service and pricing for each segment",
    .usage = "[SEGMENT]",
    .description =
        "A matrix of segments against what to tell them, what they ask the product for, what "
        "service is due,\nand what pricing and packaging to look at; then each line with its "
        "evidence and the accounts behind it.\nProduct: what the accounts with most ARR ask for "
        "(themes of tickets first), and the feature used least\nagainst elsewhere. Service: the "
        "touch of `engagement`, and who does not get it. Pricing: heavy users\nthat pay little, "
        "seats that run out or stand empty, accounts that use as much as the next plan does;\nthe "
        "members of a segment are each other's peers. Messages come from the model file (messages: "
        "{DIMENSION:\n{SEGMENT: text}}), else from five texts filled with the segment's facts.",
    .options = options,
    .examples = examples,
    .most_args = 1,
    .table = "offer",
    .run = run};
