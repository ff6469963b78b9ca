/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/persona.h"
#include "report/persona/personas.h"

static const segment_profile *find_profile(const profile *p, segment_code code)
{
    for (size_t i = 0; i < p->n_segments; i++) {
        if (p->segments[i].code == code) {
            return &p->segments[i];
        }
    }
    return NULL;
}

/* Of groups that only this command knows, a wrong name gets the right ones. */
static strata_status tell_names(const look *l, const char *name, strata_error *err)
{
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    for (size_t i = 0; i < l->def->n_segments; i++) {
        strbuf_printf(&names, "%s'%.100s'", i > 0 ? ", " : "", l->def->labels[i]);
    }
    return strata_fail(err, STRATA_E_NOTFOUND, "there is no persona '%.100s'; there are %.600s",
                       name, strbuf_text(&names));
}

/* The segment asked for, if one is: by name, or what --where matches. */
static strata_status choose(look *l, bool *one, segment_code *code, strata_error *err)
{
    call *c = l->c;
    bool clusters = call_has(c, "clusters");
    bool matching = call_has(c, "where") && !clusters;
    *one = c->n_args > 0 || matching;
    *code = 0;
    if (c->n_args == 0) {
        return STRATA_OK;
    }
    if (matching) {
        return strata_fail(err, STRATA_E_USAGE, "give a segment or --where, not both");
    }
    if (!call_has(c, "by") && !clusters) {
        STRATA_TRY(look_for_segment(l, c->args[0], err));
    }
    strata_status st = look_segment(l, c->args[0], code, err);
    return st == STRATA_E_NOTFOUND && persona_has_own(l) ? tell_names(l, c->args[0], err) : st;
}

/* The options that say what personas are of, for the same again. */
static const char *groups_again(const call *c)
{
    const char *by = call_value(c, "by");
    const char *where = call_value(c, "where");
    if (call_has(c, "clusters")) {
        return where != NULL ? arena_printf(c->arena, " --clusters --where '%s'", where)
                             : " --clusters";
    }
    return by != NULL ? arena_printf(c->arena, " --by %s", by) : "";
}

static strata_status show_one(look *l, const personas *p, segment_code code, document **out,
                              strata_error *err)
{
    const segment_profile *s = find_profile(p->profile, code);
    if (s == NULL || s->accounts == 0) {
        return strata_fail(err, STRATA_E_NOTFOUND, "no account is in '%s' as of that date",
                           l->def->labels[code]);
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_persona_title(&title, p, s);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "persona", strbuf_text(&title), &d, err));
    STRATA_TRY(report_persona(d, NULL, p, s, err));
    doc_next_step(d, "strata persona");
    doc_next_step(d, "strata report personas");
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status show_all(look *l, const personas *p, document **out, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_personas_title(&title, p);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(look_document(l, "personas", strbuf_text(&title), &d, err));
    STRATA_TRY(report_personas(d, p, err));
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        if (p->profile->segments[i].accounts > 0) {
            doc_next_step(d, arena_printf(l->c->arena, "strata persona '%s'%s",
                                          p->profile->segments[i].label, groups_again(l->c)));
            break;
        }
    }
    doc_next_step(d, "strata report personas");
    *out = strata_steal(&d);
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    LOOK_AUTO look l = {0};
    bool one = false;
    segment_code code = 0;
    personas p = {0};
    STRATA_TRY(look_open(c, &l, err));
    STRATA_TRY(persona_groups(&l, err));
    STRATA_TRY(choose(&l, &one, &code, err));
    STRATA_TRY(persona_ask(&l, &p, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(one ? show_one(&l, &p, code, &d, err) : show_all(&l, &p, &d, err));
    return call_show(c, d, err);
}

static const command_option options[] = {
    {.name = "by",
     .arg = "NAME",
     .help = "of this dimension, way to segment or attribute (default: the primary dimension)"},
    {.name = "clusters",
     .help = "of the clusters that 'strata cluster --save' kept last, as of the date"},
    {.name = "where",
     .arg = "EXPR",
     .help = "of the accounts that match, against all others; with --clusters: of the clusters "
             "kept of these accounts"},
    {.name = "months",
     .arg = "N",
     .help = "read tickets, surveys and touchpoints of so many months (default 12)"},
    {0}};
static const command_example examples[] = {
    {"strata persona", "every segment in a line, who decides there, and who leaves more often"},
    {"strata persona Champions", "one persona in full"},
    {"strata persona --by plan", "one persona per plan"},
    {"strata persona --clusters", "one persona per cluster that was kept"},
    {"strata persona --where 'employees < 50 and has_champion'", "of one expression"},
    {0}};
const command_def command_persona = {
    .name = "persona",
    .summary = "Who they are: what a segment's accounts are like, want, use and decide by",
    .usage = "[SEGMENT]",
    .description =
        "Makes a persona of each segment, or of each cluster kept, from facts up to the as-of "
        "date: "
        "attributes\nthat stand out, themes and phrases of tickets and surveys, features they lean "
        "on, how they like to be\nreached, roles present and missing, types of buyer, what "
        "decided, "
        "what staying looked like and what they\nare worth. Then anti-personas: profiles that "
        "leave "
        "more often, found on one half of the accounts and\ntested on the other.\n\n"
        "Every statement carries its count and what it is compared with; under the minimum number "
        "of accounts\nit is not made. E-mail and web addresses, long numbers and names of contacts "
        "and accounts never appear.",
    .options = options,
    .examples = examples,
    .table = "personas",
    .most_args = 1,
    .run = run};
