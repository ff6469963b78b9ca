/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/csv_text.h"
#include "base/file.h"
#include "command/ask/territories.h"

static const double LIMIT_MOST = 10.0;
enum { HANDOVER_MOST = 200, RENEWAL_LOCK_MOST = 366, SHOWN = 25 };

static strata_status read_request(const look *l, territory_request *r, strata_error *err)
{
    const call *c = l->c;
    long moves = -1;
    long hours = 0;
    territories_usual(l, r);
    const char *skill = call_value(c, "skill");
    STRATA_TRY(call_share(c, "limit", 0.0, LIMIT_MOST, (double)NAN, &r->limit, err));
    STRATA_TRY(call_share(c, "within", 0.0, 1.0, r->within, &r->within, err));
    STRATA_TRY(call_count(c, "moves", 0, 100000000L, -1, &moves, err));
    STRATA_TRY(call_count(c, "handover", 0, HANDOVER_MOST, lround(r->handover_hours), &hours, err));
    STRATA_TRY(call_count(c, "keep-renewals", 0, RENEWAL_LOCK_MOST, r->renewal_lock,
                          &r->renewal_lock, err));
    r->handover_hours = (double)hours;
    r->most_moves = moves < 0 ? SIZE_MAX : (size_t)moves;
    r->skill = skill != NULL ? skill : r->skill;
    r->assign = call_has(c, "assign");
    return STRATA_OK;
}

static strata_status read_shown(const call *c, territories_input *in, strata_error *err)
{
    bool all = call_for_programs(c);
    long shown = 0;
    STRATA_TRY(call_count(c, "show", 0, 100000000L, all ? -1 : SHOWN, &shown, err));
    in->shown = shown < 0 ? SIZE_MAX : (size_t)shown;
    return STRATA_OK;
}

/* --- undo --- */

static const char *manager_id(const territory *t, int32_t j)
{
    return j >= 0 ? t->csms->items[j].id : "";
}

static void put_field(strbuf *out, const char *text)
{
    csv_put_text(out, text, strlen(text), CSV_FOR_PEOPLE);
}

static strata_status write_undo(const call *c, const territories_input *in, strata_error *err)
{
    const char *path = call_value(c, "undo");
    const territory *t = in->t;
    STRBUF_AUTO strbuf out;
    strbuf_init(&out, 0);
    if (path == NULL) {
        return STRATA_OK;
    }
    strbuf_add(&out, "account_id,from,to\n");
    for (size_t i = 0; i < t->n_moves; i++) {
        put_field(&out, in->v->p->ids[t->moves[i].account]);
        strbuf_add_char(&out, ',');
        put_field(&out, manager_id(t, t->moves[i].to));
        strbuf_add_char(&out, ',');
        put_field(&out, manager_id(t, t->moves[i].from));
        strbuf_add_char(&out, '\n');
    }
    STRATA_TRY(strbuf_status(&out, err));
    return file_write(path, strbuf_text(&out), strlen(strbuf_text(&out)), err);
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    territories_ask t = {0};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(look_dates(&l, NULL, err));
    STRATA_TRY(read_shown(c, &t.input, err));
    STRATA_TRY(read_request(&l, &t.input.request, err));
    STRATA_TRY(territories_ask_read(&l, call_value(c, "lock"), &t, err));
    report_territories_title(&title, &t.input);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(&l, "territories", strbuf_text(&title), &d, err));
    STRATA_TRY(report_territories(d, NULL, &t.input, err));
    if (t.plan.n_moves > 0) {
        doc_next_step(d, "strata territories -f csv -o moves.csv --undo undo.csv");
    }
    STRATA_TRY(write_undo(c, &t.input, err));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "limit",
     .arg = "SHARE",
     .help = "no book above this share of its manager's hours (default: 100%, or what the book "
             "takes now if that is more)"},
    {.name = "within",
     .arg = "SHARE",
     .help = "so far off the fair share is as good as even (default 5%)"},
    {.name = "moves",
     .arg = "N",
     .help = "most accounts that change hands (default: any that pay)"},
    {.name = "handover",
     .arg = "HOURS",
     .help = "what a move costs before size and recency are weighed in (default 2, an assumption)"},
    {.name = "lock", .arg = "EXPR", .help = "accounts that stay with their manager"},
    {.name = "keep-renewals",
     .arg = "DAYS",
     .help = "accounts that renew within so many days stay (default 90; 0: none)"},
    {.name = "skill",
     .arg = "NAME",
     .help = "attribute of accounts that managers' skills must name (default language, if "
             "accounts have it)"},
    {.name = "assign", .help = "place the accounts that take work and have no manager"},
    {.name = "show",
     .arg = "N",
     .help = "list so many moves (default 25; all as csv, json or xlsx)"},
    {.name = "undo",
     .use = OPTION_LOCAL,
     .arg = "FILE",
     .help = "write the way back: account_id, from, to as CSV"},
    {0}};
static const command_example examples[] = {
    {"strata territories", "even books with little moved, and what fewer moves would give"},
    {"strata territories --moves 50 --lock 'strategic'",
     "the best fifty moves that leave strategic accounts alone"},
    {"strata territories --limit 110% --assign", "books under 110 % of hours, nobody without one"},
    {"strata territories -f csv -o moves.csv --undo undo.csv", "the moves for a CRM, and back"},
    {0}};
const command_def command_territories = {
    .name = "territories",
    .summary = "Even books for managers, with little moved",
    .description =
        "Divides accounts among managers so that the work of the next 12 months and ARR come near\n"
        "each manager's fair share, in proportion to hours. Every move has a price in hours: a\n"
        "handover, weighed by ARR and by how lately the account was touched.\n\n"
        "Regions and skills bind where both the manager and the account state them. Says how far\n"
        "from the best possible the plan can be at most.",
    .options = options,
    .examples = examples,
    .table = "moves",
    .run = run};
