/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a message: each line of them is answered with JSON or not at all, and a request
 * with an id of its own gets that id back. There is no project, so that no message reaches any
 * data. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "mcp/mcp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_one(const json_t *reply)
{
    if (!json_is_object(reply) ||
        strcmp(json_string_value(json_object_get(reply, "jsonrpc")), "2.0") != 0) {
        abort();
    }
}

static strata_status check_reply(void *payload, const char *text, size_t len, strata_error *err)
{
    json_t *reply = json_loadb(text, len, 0, NULL);
    size_t i;
    json_t *one;
    (void)payload;
    (void)err;
    if (memchr(text, '\n', len) != NULL || (json_is_array(reply) && json_array_size(reply) == 0)) {
        abort();
    }
    json_array_foreach(reply, i, one)
    {
        check_one(one);
    }
    if (!json_is_array(reply)) {
        check_one(reply);
    }
    json_decref(reply);
    return STRATA_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    strata_error err = {0};
    mcp *m = NULL;
    mcp_options options = {.cx = {.threads = 1, .seed = 1, .today = 20000},
                           .project = {.folder = "/nowhere"},
                           .may_change = true,
                           .send = check_reply};
    if (mcp_new(&options, &m, &err) != STRATA_OK) {
        return 0;
    }
    for (const char *at = (const char *)bytes, *end = at + len; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((stop != NULL ? stop : end) - at);
        mcp_arrived(m, at, n);
        if (mcp_receive(m, at, n, &err) != STRATA_OK) {
            abort();
        }
        at += n + 1;
    }
    mcp_free(m);
    return 0;
}
