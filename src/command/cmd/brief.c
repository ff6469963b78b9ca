/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/brief.h"

enum { WITHIN = 14, WITHIN_MOST = 366 };

static strata_status run(call *c, strata_error *err)
{
    BRIEF_ASK_AUTO brief_ask b = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    long within = 0;
    STRATA_TRY(call_count(c, "within", 0, WITHIN_MOST, WITHIN, &within, err));
    STRATA_TRY(brief_ask_open(c, c->args[0], (int)within, &b, err));
    report_brief_title(&title, &b.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_TRY(look_document(&b.look, "account brief", strbuf_text(&title), &d, err));
    STRATA_TRY(report_brief(d, &b.input, err));
    const char *id = b.look.view->p->ids[b.input.account];
    doc_next_step(d, arena_printf(c->arena, "strata explain %s", id));
    doc_next_step(d, arena_printf(c->arena, "strata tasks --account %s", id));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "since", .arg = "DATE", .help = "compare with this date (default: the last review)"},
    {.name = "within",
     .arg = "DAYS",
     .help = "steps of plays due up to so many days ahead (default 14)"},
    {0}};
static const command_example examples[] = {
    {"strata brief A-1042", "what to know before the call"},
    {"strata brief A-1042 -f html -o brief.html", "the same as a page"},
    {"strata brief A-1042 --as-of 2026-03-31", "what was known then"},
    {0}};
const command_def command_brief = {
    .name = "brief",
    .summary = "What to know about one account before the call, on one page",
    .usage = "ACCOUNT",
    .description =
        "Who the account is, what it pays, how well it does and what changed, where it is in each\n"
        "dimension and why, what it uses, whom you know there, its tickets and what it says, the\n"
        "renewal, room for more, the plays that are due, how to begin, and what would move it "
        "up.\n\n"
        "Every sentence is a fact as of the date or follows from one. Names and addresses of "
        "people\n"
        "are left out, also of what they wrote. Parts whose data is missing say what would bring\n"
        "them back. ACCOUNT is an account id, or a name that only one account has.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 1,
    .run = run};
