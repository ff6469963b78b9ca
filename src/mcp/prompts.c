/* SPDX-License-Identifier: Apache-2.0 */
/* Prompts: a question that people ask, with the figures that answer it already in it. */
#include <string.h>

#include "base/nearest.h"
#include "mcp/parts.h"

enum { QUESTIONS_MOST = 5, PROMPT_ROWS = 12 };

/* A command asked on behalf of a prompt; `value` "*" is the prompt's argument. */
typedef struct prompt_question {
    const char *command, *name, *value; /* name NULL: no parameter */
} prompt_question;

typedef struct prompt {
    const char *name, *title, *description;
    const char *argument, *argument_help; /* NULL: none */
    const char *task;                     /* what to do with the figures */
    prompt_question questions[QUESTIONS_MOST];
} prompt;

static const prompt prompts[] = {
    {.name = "segment_customers",
     .title = "How should we segment our customers?",
     .description = "The segments there are, how good they are, and what follows for the team",
     .task =
         "Tell a head of customer success how to segment these customers. First the recommendation "
         "in one paragraph: which dimensions, how many segments, why these. Then each segment in a "
         "line: who, how many accounts, ARR, retention, what to do with them. Then what the "
         "quality card objects to, and what would mend it. Then the three next steps. Use only the "
         "figures below and those you ask for with the tools; say the as-of date; where a figure "
         "is missing say which data would bring it.",
     .questions = {{"segments", NULL, NULL},
                   {"quality", NULL, NULL},
                   {"evidence", NULL, NULL},
                   {"readiness", NULL, NULL}}},
    {.name = "cohort_review",
     .title = "How is this cohort doing?",
     .description = "One cohort against its targets and earlier ones: retention, churn, expansion",
     .argument = "cohort",
     .argument_help = "a cohort as 'cohorts' names it, such as 2025-Q1 or 2025-01",
     .task = "Tell a head of customer success how this cohort is doing and why. First the answer "
             "in two sentences, with logo retention and NRR and how they compare with earlier "
             "cohorts. Then where accounts were lost and the reasons, where ARR grew, what sets "
             "the best quarter apart from the worst, and the actions that the review proposes, "
             "each with the finding it answers. Give ranges where there are any, and counts "
             "instead of percentages for small groups.",
     .questions = {{"cohort", "name", "*"}}},
    {.name = "account_call",
     .title = "What should I know before I call this account?",
     .description = "Where one account stands, why, and what would move it",
     .argument = "account",
     .argument_help = "an account id, or a name that only one account has",
     .task = "Prepare a customer success manager for a call with this account: who they are and "
             "what they are worth, how they are doing and what changed, why they are in their "
             "segments, what is due, an opener in one sentence, and what would move them up. Plain "
             "words, only what stands below.",
     .questions = {{"explain", "account", "*"},
                   {"history", "account", "*"},
                   {"tasks", "account", "*"}}},
    {.name = "where_to_invest",
     .title = "Whom to call, whom to automate, where to invest?",
     .description = "Coverage against need, the hours there are, and where growth is",
     .task = "Tell a head of customer success where the team's hours should go: which accounts get "
             "too little and which too much attention, what the hours there are can carry, and "
             "where expansion is ready. Put the five changes worth most first, each with accounts, "
             "ARR and hours. Say which effects are measured and which are assumptions.",
     .questions = {{"coverage", NULL, NULL}, {"capacity", NULL, NULL}, {"expansion", NULL, NULL}}},
};
enum { PROMPTS = sizeof prompts / sizeof prompts[0] };

static json_t *arguments_of(const prompt *p)
{
    return p->argument == NULL ? json_array()
                               : json_pack("[{s:s, s:s, s:b}]", "name", p->argument, "description",
                                           p->argument_help, "required", 1);
}

strata_status mcp_prompts_list(rpc_outcome *out, strata_error *err)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < PROMPTS; i++) {
        const prompt *p = &prompts[i];
        ok = json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "name", p->name, "title",
                                                   p->title, "description", p->description,
                                                   "arguments", arguments_of(p))) == 0;
    }
    out->result = ok ? json_pack("{s:o}", "prompts", list) : NULL;
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

static strata_status find_prompt(const char *name, const prompt **out, strata_error *err)
{
    const char *names[PROMPTS];
    for (size_t i = 0; i < PROMPTS; i++) {
        names[i] = prompts[i].name;
        if (name != NULL && strcmp(name, names[i]) == 0) {
            *out = &prompts[i];
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_USAGE, "there is no prompt '%.60s'%s",
                       name != NULL ? name : "", nearest_hint(name, names, PROMPTS).text);
}

/* What cannot be answered is said where the answer would stand: a portfolio without
 * managers still has segments. */
static strata_status add_question(mcp *m, const prompt_question *question, const char *argument,
                                  strbuf *text, strata_error *err)
{
    bool given = question->value != NULL && strcmp(question->value, "*") == 0;
    call_pair pair = {.name = question->name, .value = given ? argument : question->value};
    mcp_asked q = {.command = command_find(portfolio_commands, question->command),
                   .pairs = &pair,
                   .n = question->name != NULL ? 1 : 0,
                   .rows = PROMPT_ROWS};
    const mcp_answer *a = NULL;
    strata_error why = {0};
    strbuf_add(text, "\n---\n\n");
    strata_status st = mcp_ask(m, &q, text, &a, &why);
    if (st == STRATA_OK) {
        strbuf_printf(text, "\nThis answer is a%llu.\n", (unsigned long long)a->number);
    } else if (st != STRATA_E_NOMEM && st != STRATA_E_CANCELLED && !given) {
        strbuf_printf(text, "%s cannot be told: %s\n", question->command, why.message);
        st = STRATA_OK;
    } else {
        *err = why;
    }
    return st;
}

strata_status mcp_prompts_get(mcp *m, const json_t *params, rpc_outcome *out, strata_error *err)
{
    const prompt *p = NULL;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    out->code = RPC_INVALID_PARAMS;
    STRATA_TRY(find_prompt(json_text(params, "name"), &p, err));
    const char *argument =
        p->argument != NULL ? json_text(json_object_get(params, "arguments"), p->argument) : NULL;
    if (p->argument != NULL && argument == NULL) {
        return strata_fail(err, STRATA_E_USAGE, "%s needs '%s': %s", p->name, p->argument,
                           p->argument_help);
    }
    strbuf_printf(&text, "%s\n\n%s\n", p->title, p->task);
    for (size_t i = 0; i < QUESTIONS_MOST && p->questions[i].command != NULL; i++) {
        STRATA_TRY(add_question(m, &p->questions[i], argument, &text, err));
    }
    out->code = 0;
    STRATA_TRY(strbuf_status(&text, err));
    out->result =
        json_pack("{s:s, s:[{s:s, s:{s:s, s:s}}]}", "description", p->description, "messages",
                  "role", "user", "content", "type", "text", "text", strbuf_text(&text));
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}
