/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MCP_PARTS_H
#define STRATA_MCP_PARTS_H

/* What the files of this folder share. */

#include <jansson.h>
#include <pthread.h>

#include "command/command.h"
#include "command/request.h"
#include "mcp/mcp.h"
#include "project/project.h"

/* Fifteen digits: sums of money come back as they were, 1234.56 and not 1234.5599999999999. */
#define MCP_DUMP (JSON_COMPACT | JSON_REAL_PRECISION(15))

enum {
    MCP_ANSWERS = 32,            /* answers that can be gone deeper into */
    MCP_ROWS = 20,               /* of a table in an answer */
    MCP_FIGURES = 20,            /* with their origins in an answer */
    MCP_TEXT_LIMIT = 16000,      /* bytes of an answer's text */
    MCP_MESSAGE_LIMIT = 4 << 20, /* bytes of a message that is read */
    MCP_BATCH = 100,             /* requests in one message, of clients that send several */
    MCP_TO_CANCEL = 16,          /* waiting requests that were cancelled, the last of them */
    MCP_DEPTH_ROWS = 200,        /* most rows of one look into a table */
    MCP_ORIGINS = 30             /* of one look at where figures come from, unless asked for more */
};

/* JSON-RPC 2.0, section 5.1. */
enum {
    RPC_PARSE_ERROR = -32700,
    RPC_INVALID_REQUEST = -32600,
    RPC_METHOD_NOT_FOUND = -32601,
    RPC_INVALID_PARAMS = -32602,
    RPC_INTERNAL_ERROR = -32603,
    RPC_RESOURCE_NOT_FOUND = -32002 /* of the protocol itself */
};

/* A finished answer, kept so that an assistant can open more of it. */
typedef struct mcp_answer {
    uint64_t number;  /* "a12"; 0: none */
    json_t *document; /* docs/json.md, owned */
} mcp_answer;

struct mcp {
    mcp_options options;
    project_keep keep;
    mcp_answer answers[MCP_ANSWERS]; /* the oldest is replaced */
    uint64_t n_answers;
    /* The request that is worked on, for mcp_arrived(). */
    pthread_mutex_t lock;
    json_t *working_on;               /* its id, owned; NULL: none */
    json_t *to_cancel[MCP_TO_CANCEL]; /* ids of requests that wait, owned; NULL: none */
    uint64_t n_to_cancel;
    volatile sig_atomic_t cancelled;
    json_t *progress_token; /* borrowed from the request; NULL: nobody wants to know */
    double progress;        /* last told */
    strbuf notices;         /* of the command that runs, a line each */
    bool initialized;
    bool batches;  /* the version spoken has several requests in a message */
    json_t *batch; /* replies to those of this one, owned; NULL: it is one request */
};

/* A method's outcome: `result` (owned by the caller), or `code` and the message of `err`. */
typedef struct rpc_outcome {
    json_t *result;
    int code; /* 0: went well */
} rpc_outcome;

/* Runs a command on the project and keeps the answer. *markdown is what people would read, with at
 * most `rows` rows of each table (0: all). */
typedef struct mcp_asked {
    const command_def *command;
    const call_pair *pairs;
    size_t n;
    size_t rows;
} mcp_asked;
STRATA_MUST_CHECK strata_status mcp_ask(mcp *m, const mcp_asked *q, strbuf *markdown,
                                        const mcp_answer **answer, strata_error *err);

/* tools.c */
STRATA_MUST_CHECK strata_status mcp_tools_list(mcp *m, rpc_outcome *out, strata_error *err);
STRATA_MUST_CHECK strata_status mcp_tools_call(mcp *m, const json_t *params, rpc_outcome *out,
                                               strata_error *err);
/* depth.c: the tools that go deeper into an answer. `arguments` is an object. */
STRATA_MUST_CHECK strata_status mcp_open(const mcp *m, const json_t *arguments, json_t **out,
                                         strata_error *err);
STRATA_MUST_CHECK strata_status mcp_where_from(const mcp *m, const json_t *arguments, json_t **out,
                                               strata_error *err);
json_t *mcp_open_schema(void);
json_t *mcp_where_from_schema(void);
/* outline.c: what is in a document: figures with where they come from, sections, tables with their
 * sizes. NULL when memory ran out. */
json_t *mcp_outline(const mcp_answer *a);
/* The provenance entry of an id, borrowed; NULL when there is none. */
json_t *mcp_provenance(const json_t *answer, json_int_t id);
/* resources.c, prompts.c */
STRATA_MUST_CHECK strata_status mcp_resources_list(rpc_outcome *out, strata_error *err);
STRATA_MUST_CHECK strata_status mcp_resource_templates(rpc_outcome *out, strata_error *err);
STRATA_MUST_CHECK strata_status mcp_resources_read(mcp *m, const json_t *params, rpc_outcome *out,
                                                   strata_error *err);
STRATA_MUST_CHECK strata_status mcp_prompts_list(rpc_outcome *out, strata_error *err);
STRATA_MUST_CHECK strata_status mcp_prompts_get(mcp *m, const json_t *params, rpc_outcome *out,
                                                strata_error *err);

/* Text of an object's key; NULL when it is not there or no string. */
const char *json_text(const json_t *object, const char *key);
strata_status mcp_no_memory(strata_error *err);

#endif
