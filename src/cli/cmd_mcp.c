/* SPDX-License-Identifier: Apache-2.0 */
/* The agent interface on standard input and output. One thread reads, so that a
 * request can be cancelled while it is worked on; the other answers in order. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "mcp/mcp.h"

typedef struct line {
    struct line *next;
    size_t len;
    char text[];
} line;

typedef struct inbox {
    mcp *session;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    line *first, *last;
    bool closed; /* no more will come */
    bool failed; /* memory ran out */
} inbox;

/* More than a message may have: what is cut is refused, and the next line is read. */
enum { LINE_LIMIT = 8 << 20, LINE_BLOCK = 64 << 10 };

static void put(inbox *b, line *l)
{
    (void)pthread_mutex_lock(&b->lock);
    if (l == NULL) {
        b->closed = true;
    } else if (b->last != NULL) {
        b->last->next = l;
        b->last = l;
    } else {
        b->first = b->last = l;
    }
    (void)pthread_cond_signal(&b->changed);
    (void)pthread_mutex_unlock(&b->lock);
}

/* Waits for the next line; NULL at the end. */
static line *take(inbox *b)
{
    (void)pthread_mutex_lock(&b->lock);
    while (b->first == NULL && !b->closed) {
        (void)pthread_cond_wait(&b->changed, &b->lock);
    }
    line *l = b->first;
    if (l != NULL) {
        b->first = l->next;
        b->last = b->first != NULL ? b->last : NULL;
    }
    (void)pthread_mutex_unlock(&b->lock);
    return l;
}

static line *line_of(const char *text, size_t len)
{
    line *l = malloc(sizeof *l + len + 1);
    if (l != NULL) {
        l->next = NULL;
        l->len = len;
        memcpy(l->text, text, len);
        l->text[len] = '\0';
    }
    return l;
}

/* The next line into `text`, as much of it as is kept; false at the end. */
static bool read_line(strbuf *text)
{
    char block[LINE_BLOCK];
    size_t n = 0;
    int c;
    strbuf_clear(text);
    while ((c = getc(stdin)) != EOF && c != '\n') {
        block[n++] = (char)c;
        if (n == sizeof block) {
            strbuf_add_n(text, block, text->len < LINE_LIMIT ? n : 0);
            n = 0;
        }
    }
    strbuf_add_n(text, block, text->len < LINE_LIMIT ? n : 0);
    return c != EOF || text->len > 0;
}

static void *read_lines(void *payload)
{
    inbox *b = payload;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    while (!b->failed && read_line(&text)) {
        const char *bytes = strbuf_text(&text);
        size_t len = text.len;
        while (len > 0 && bytes[len - 1] == '\r') {
            len--;
        }
        if (len == 0 && text.failed == STRATA_OK) {
            continue;
        }
        line *l = text.failed == STRATA_OK ? line_of(bytes, len) : NULL;
        b->failed = l == NULL;
        if (l != NULL) {
            mcp_arrived(b->session, l->text, l->len);
            put(b, l);
        }
    }
    put(b, NULL);
    return NULL;
}

static strata_status send_line(void *payload, const char *text, size_t len, strata_error *err)
{
    (void)payload;
    bool ok =
        fwrite(text, 1, len, stdout) == len && fputc('\n', stdout) != EOF && fflush(stdout) == 0;
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_IO, "cannot write to standard output");
}

static strata_status answer_all(inbox *b, strata_error *err)
{
    strata_status st = STRATA_OK;
    for (line *l = take(b); l != NULL; l = take(b)) {
        st = st == STRATA_OK ? mcp_receive(b->session, l->text, l->len, err) : st;
        free(l);
        if (st != STRATA_OK) {
            break;
        }
    }
    return st;
}

static strata_status serve(inbox *b, strata_error *err)
{
    pthread_t reader;
    if (pthread_create(&reader, NULL, read_lines, b) != 0) {
        return strata_fail(err, STRATA_E_NOMEM, "cannot start a thread");
    }
    strata_status st = answer_all(b, err);
    if (st != STRATA_OK) {
        /* The reader sits in getline() until its client goes away; the process ends with it. */
        (void)pthread_detach(reader);
        return st;
    }
    (void)pthread_join(reader, NULL);
    return b->failed ? strata_fail(err, STRATA_E_NOMEM, "out of memory") : STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    /* Outlives a reader that could not be joined. */
    static inbox b = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    long wait = 0;
    STRATA_TRY(call_count(c, "wait", 0, 86400, STORE_WAIT_DEFAULT_S, &wait, err));
    mcp_options options = {.cx = c->cx,
                           .project = {.folder = call_folder(c),
                                       .memory_limit = call_value(c, "memory"),
                                       .wait_s = wait > 0 ? (int)wait : -1},
                           .may_change = call_has(c, "allow-write"),
                           .send = send_line};
    STRATA_TRY(store_check_memory(options.project.memory_limit, err));
    STRATA_TRY(mcp_new(&options, &b.session, err));
    strata_status st = serve(&b, err);
    if (st == STRATA_OK) {
        mcp_free(b.session);
    }
    return st;
}

static const command_option options[] = {
    {.name = "allow-write",
     .use = OPTION_LOCAL,
     .help = "let the assistant ingest, run and save too (default: it may only ask)"},
    {0}};
static const command_example examples[] = {
    {"strata mcp --project acme", "what an assistant starts to ask about a project"},
    {"strata mcp --project acme --allow-write", "the same, and it may read new data and record"},
    {0}};
const command_def command_mcp = {
    .name = "mcp",
    .summary = "Answer an AI assistant (Model Context Protocol)",
    .description =
        "Speaks the Model Context Protocol on standard input and output: an assistant starts this "
        "program\nand asks in tools. Every command that asks is a tool, with the same parameters; "
        "answers are short and\nhave an id by which more can be had, and every figure comes with "
        "its definition and the accounts\nbehind it. Without --allow-write nothing can be changed. "
        "docs/agents.md shows how to set it up.",
    .options = options,
    .examples = examples,
    .run = run};
