/* SPDX-License-Identifier: Apache-2.0 */
#include "command/persona_ask.h"
#include "report/personas.h"

static const segment_profile *find_profile(const profile *p, segment_code code)
{
    for (size_t i = 0; i < p->n_segments; i++) {
        if (p->segments[i].code == code) {
            return &p->segments[i];
        }
    }
    return NULL;
}

/* The segment asked for, if one is: by name, or what --where matches. */
static strata_status choose(look *l, bool *one, segment_code *code, strata_error *err)
{
    call *c = l->c;
    *one = c->n_args > 0 || call_has(c, "where");
    *code = 0;
    if (c->n_args > 0 && call_has(c, "where")) {
        return strata_fail(err, STRATA_E_USAGE, "give a segment or --where, not both");
    }
    if (c->n_args > 0 && !call_has(c, "by")) {
        STRATA_TRY(look_for_segment(l, c->args[0], err));
    }
    return c->n_args > 0 ? look_segment(l, c->args[0], code, err) : STRATA_OK;
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
            const char *by = call_value(l->c, "by");
            doc_next_step(d, arena_printf(l->c->arena, "strata persona '%s'%s%s",
                                          p->profile->segments[i].label, by != NULL ? " --by " : "",
                                          by != NULL ? by : ""));
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
    {.name = "where", .arg = "EXPR", .help = "of the accounts that match, against all others"},
    {.name = "months",
     .arg = "N",
     .help = "read tickets, surveys and touchpoints of so many months (default 12)"},
    {0}};
static const command_example examples[] = {
    {"strata persona", "every segment in a line, who decides there, and who leaves more often"},
    {"strata persona Champions", "one persona in full"},
    {"strata persona --by plan", "one persona per plan"},
    {"strata persona --where 'employees < 50 and has_champion'", "of one expression"},
    {0}};
const command_def command_persona = {
    .name = "persona",
    .summary = "Who they are: what a segment's accounts are like, want, use and decide by",
    .usage = "[SEGMENT]",
    .description =
        "Makes a persona of each segment from facts up to the as-of date: attributes that stand "
        "out, themes and\nphrases of tickets and surveys, features they lean on, how they like to "
        "be reached, roles present and\nmissing, types of buyer, what decided, what staying looked "
        "like and what they are worth. Then\nanti-personas: profiles that leave more often, found "
        "on "
        "one half of the accounts and tested on the other.\n\n"
        "Every statement carries its count and what it is compared with; under the minimum number "
        "of accounts\nit is not made. E-mail and web addresses, long numbers and names of contacts "
        "and accounts never appear.",
    .options = options,
    .examples = examples,
    .table = "personas",
    .most_args = 1,
    .run = run};
