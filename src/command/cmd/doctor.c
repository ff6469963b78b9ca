/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stdio.h>

#include "command/doctor/doctor.h"

void checkup_done(checkup *u)
{
    vec_free(&u->checks);
}

void checkup_add(checkup *u, const char *key, const char *name, check_state state,
                 const char *remedy, const char *fmt, ...)
{
    char text[sizeof((strata_error *)NULL)->message];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    check row = {.key = key,
                 .name = name,
                 .state = state,
                 .found = arena_strdup(u->c->arena, text),
                 .remedy = remedy,
                 .class = state == CHECK_FAIL ? STRATA_E_IO : STRATA_OK};
    if (row.found == NULL || !vec_push(&u->checks, row)) {
        u->out_of_memory = true;
    }
}

void checkup_add_error(checkup *u, const char *key, const char *name, const char *remedy,
                       const strata_error *err)
{
    checkup_add(u, key, name, CHECK_FAIL, remedy, "%s", err->message);
    if (u->checks.n > 0) {
        u->checks.data[u->checks.n - 1].class = err->status;
    }
}

static const char *state_word(check_state state)
{
    return state == CHECK_OK ? "ok" : state == CHECK_WARN ? "warn" : "fail";
}

static size_t count(const checkup *u, check_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < u->checks.n; i++) {
        n += u->checks.data[i].state == state;
    }
    return n;
}

static strata_status describe(const checkup *u, strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "check", .label = "Check", .type = CELL_TEXT},
        {.key = "state", .label = "State", .type = CELL_TEXT},
        {.key = "found", .label = "Found", .type = CELL_TEXT},
        {.key = "remedy", .label = "What to do", .type = CELL_TEXT}};
    document_head head = {.kind = "doctor",
                          .title = "Checks of the machine and the project",
                          .portfolio = call_value(u->c, "project"),
                          .currency = "USD",
                          .as_of = u->c->cx.today,
                          .version = STRATA_VERSION,
                          .seed = u->c->cx.seed,
                          .n_accounts = -1,
                          .arr_minor = -1};
    STRATA_AUTO(document_free) document *d = NULL;
    char title[96];
    (void)snprintf(title, sizeof title, "%zu ok, %zu to look at, %zu failed", count(u, CHECK_OK),
                   count(u, CHECK_WARN), count(u, CHECK_FAIL));
    STRATA_TRY(document_new(&head, &d, err));
    doc_section *section = document_section(d, NULL, "checks", title);
    doc_table *t = doc_table_new(section, "checks", NULL, columns, 4);
    for (size_t i = 0; i < u->checks.n; i++) {
        const check *k = &u->checks.data[i];
        doc_row(t, (doc_cell[]){cell_text(k->name), cell_text(state_word(k->state)),
                                cell_text(k->found),
                                k->remedy != NULL ? cell_text(k->remedy) : cell_empty(NULL)});
    }
    return call_show(u->c, d, err);
}

/* The first failure decides the exit code; who asks without a command line reads the document. */
static strata_status verdict(const checkup *u, strata_error *err)
{
    if (u->c->project != NULL) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < u->checks.n; i++) {
        const check *k = &u->checks.data[i];
        if (k->state == CHECK_FAIL) {
            return strata_fail(err, k->class, "%zu of %zu checks failed, first: %s",
                               count(u, CHECK_FAIL), u->checks.n, k->found);
        }
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    STRATA_CLEANUP(checkup_done) checkup u = {.c = c};
    checkup_surroundings(&u);
    checkup_project(&u);
    if (u.out_of_memory) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(context_check(&c->cx, err));
    STRATA_TRY(describe(&u, err));
    return verdict(&u, err);
}

static const command_example examples[] = {
    {"strata doctor", "is everything in order here?"},
    {"strata --project acme doctor --format json", "the same for a program"},
    {0}};
const command_def command_doctor = {
    .name = "doctor",
    .summary = "Check the machine and the project, with what to do",
    .description =
        "Checks versions, processors, memory, disk space and what reports need; then the project: "
        "does the\nmodel load, are its sources there and read, does the store open and who holds "
        "it, how old is the\nnewest fact. Each is ok, warn or fail, with what to do. Exits as the "
        "first failure would.",
    .examples = examples,
    .momentary = true,
    .run = run};
