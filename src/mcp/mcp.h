/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MCP_MCP_H
#define STRATA_MCP_MCP_H

/* The agent interface: the Model Context Protocol (JSON-RPC 2.0, one message a
 * line) over the commands of src/command/. An assistant asks in tools, gets small answers with an
 * id, and goes deeper by that id; every figure comes with its definition and the rows behind it. It
 * may only ask, unless it was started to change things.
 *
 * Messages go in one after the other; what is sent back goes to `send`. Nothing here reads or
 * writes a stream. mcp_arrived() is the only function that another thread may call meanwhile. */

#include <strata/error.h>

#include "base/auto.h"
#include "base/context.h"
#include "project/project.h"

typedef struct mcp mcp;

typedef struct mcp_options {
    context cx; /* threads, seed, today; its cancelled, progress and notice are not used */
    project_options project; /* how it is opened; its `keep` is not used */
    bool may_change;         /* commands that change the project are tools too */
    /* Told each message to be sent, without a line's end. Calls come from the thread of
     * mcp_receive() only. */
    strata_status (*send)(void *payload, const char *text, size_t len, strata_error *err);
    void *payload;
} mcp_options;

STRATA_MUST_CHECK strata_status mcp_new(const mcp_options *options, mcp **out, strata_error *err);
void mcp_free(mcp *m); /* NULL is fine */
STRATA_DEFINE_AUTO(mcp, mcp_free)

/* Handles one message of any bytes. What is wrong with it is answered, not returned: an error is
 * that of `send`, or memory that ran out. */
STRATA_MUST_CHECK strata_status mcp_receive(mcp *m, const char *text, size_t len,
                                            strata_error *err);
/* A message has come in while another may be worked on: one that cancels that work stops it.
 * mcp_receive() must still be given it in its turn. */
void mcp_arrived(mcp *m, const char *text, size_t len);

#endif
