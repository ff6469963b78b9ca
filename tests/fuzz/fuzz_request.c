/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a request: its first line the address, its second the Accept header, its third the
 * tags and encodings, the rest a body. What is taken for text is text; a cursor that is read writes
 * back the same. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/parts.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_text(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 && *at != '\n' && *at != '\t' && *at != '\r') {
            abort();
        }
    }
}

static void check_cursor(const char *text)
{
    char mark[17];
    char back[40];
    size_t from = 0;
    if (cursor_read(text, mark, &from)) {
        (void)snprintf(back, sizeof back, "%s-%zu", mark, from);
        const char *digits = text + 17;
        digits += strspn(digits, "0");
        if (strncmp(back, text, 17) != 0 || (*digits != '\0' && strcmp(back + 17, digits) != 0)) {
            abort();
        }
    }
}

static void check_target(arena *a, const char *target)
{
    strata_error err = {0};
    const char *path = NULL;
    const call_pair *query = NULL;
    size_t n = 0;
    if (http_target(a, target, &path, &query, &n, &err) != STRATA_OK) {
        return;
    }
    if (path[0] != '/' || n > HTTP_QUERY_MAX) {
        abort();
    }
    check_text(path);
    for (size_t i = 0; i < n; i++) {
        check_text(query[i].name);
        check_text(query[i].value);
        check_cursor(query[i].value);
    }
    call c = {.arena = a};
    (void)(call_request(&c, &command_accounts, query, n, false, &err) == STRATA_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    strata_error err = {0};
    arena *a = NULL;
    if (arena_new(&a, &err) != STRATA_OK) {
        return 0;
    }
    char *parts[4] = {NULL};
    char *text = arena_strndup(a, (const char *)bytes, len);
    char *rest = text;
    for (int i = 0; i < 4 && text != NULL; i++) {
        size_t n = i < 3 ? strcspn(rest, "\n") : strlen(rest);
        parts[i] = arena_strndup(a, rest, n);
        rest += n + (rest[n] == '\n' ? 1 : 0);
    }
    if (parts[0] != NULL && parts[3] != NULL) {
        answer_form form;
        const call_pair *pairs = NULL;
        size_t n = 0;
        check_target(a, parts[0]);
        (void)form_find(parts[1], false, &form);
        (void)form_find(parts[1], true, &form);
        (void)http_takes(parts[2], "gzip");
        (void)http_has_tag(parts[2], "\"0123\"");
        (void)host_is_this_machine(parts[2]);
        (void)origin_is_own(parts[1], parts[2], true);
        if (job_pairs(a, parts[3], strlen(parts[3]), &pairs, &n, &err) == STRATA_OK && n > 64) {
            abort();
        }
    }
    arena_free(a);
    return 0;
}
