/* SPDX-License-Identifier: Apache-2.0 */
/* The log of changes: strata-audit.jsonl in the project's folder, a line for each change asked for
 * and each that ended. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "serve/parts.h"

/* 2026-06-30T14:05:09Z; days since 1970 by base/day.h. */
static void put_moment(strbuf *out)
{
    enum { DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60 };
    struct timespec now;
    char date[DAY_TEXT];
    (void)clock_gettime(CLOCK_REALTIME, &now);
    long second = (long)(now.tv_sec % DAY_S);
    day_format((day)(now.tv_sec / DAY_S), date);
    strbuf_printf(out, "\"%sT%02ld:%02ld:%02ldZ\"", date, second / HOUR_S,
                  second % HOUR_S / MINUTE_S, second % MINUTE_S);
}

static void put_field(strbuf *out, const char *name, const char *value)
{
    strbuf_printf(out, ",\"%s\":", name);
    json_put_string(out, value);
}

/* One write, so that lines of two processes never mix. */
static strata_status append(const server *s, strbuf *line, strata_error *err)
{
    char path[4096];
    strbuf_add(line, "}\n");
    STRATA_TRY(strbuf_status(line, err));
    (void)snprintf(path, sizeof path, "%s/strata-audit.jsonl", s->options.folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    ssize_t n = fd >= 0 ? write(fd, strbuf_text(line), line->len) : -1;
    int closed = fd >= 0 ? close(fd) : -1;
    if (n != (ssize_t)line->len || closed != 0) {
        return strata_fail(err, STRATA_E_IO,
                           "nothing is changed, since the log of changes '%s' cannot be written",
                           path);
    }
    return STRATA_OK;
}

strata_status audit_write(const server *s, const audit_entry *e, strata_error *err)
{
    STRBUF_AUTO strbuf line;
    strbuf_init(&line, 0);
    strbuf_add(&line, "{\"at\":");
    put_moment(&line);
    put_field(&line, "what", e->what);
    put_field(&line, "state", e->state);
    if (e->job != NULL) {
        put_field(&line, "job", e->job);
    }
    put_field(&line, "who", e->who[0] != '\0' ? e->who : NULL);
    put_field(&line, "role", serve_role_names[e->role]);
    for (size_t i = 0; i < e->n_pairs; i++) {
        strbuf_add(&line, i > 0 ? "," : ",\"with\":{");
        json_put_string(&line, e->pairs[i].name);
        strbuf_add_char(&line, ':');
        json_put_string(&line, e->pairs[i].value);
    }
    strbuf_add(&line, e->n_pairs > 0 ? "}" : "");
    if (e->message != NULL) {
        put_field(&line, "message", e->message);
    }
    return append(s, &line, err);
}

strata_status audit_begin(const exchange *x, const char *what, strata_error *err)
{
    const audit_entry e = {.what = what, .state = "asked", .who = x->who, .role = x->role};
    return audit_write(x->s, &e, err);
}

void audit_end(const exchange *x, const char *what, const char *failure)
{
    strata_error ignored = {0};
    const audit_entry e = {.what = what,
                           .state = failure == NULL ? "done" : "failed",
                           .who = x->who,
                           .role = x->role,
                           .message = failure};
    if (audit_write(x->s, &e, &ignored) != STRATA_OK) {
        return; /* that it was asked for stands there */
    }
}
