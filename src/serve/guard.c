/* SPDX-License-Identifier: Apache-2.0 */
/* Who asks, and whether the request comes from where it says. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "serve/parts.h"

/* The name in a Host header: "[::1]:8484" is "[::1]". */
static size_t host_len(const char *host)
{
    if (host[0] == '[') {
        size_t n = strcspn(host, "]");
        return host[n] == ']' ? n + 1 : n;
    }
    return strcspn(host, ":");
}

bool host_is_this_machine(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    if (host == NULL) {
        return false;
    }
    size_t n = host_len(host);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == n && strncasecmp(host, names[i], n) == 0) {
            return true;
        }
    }
    return n > 4 && strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == n;
}

bool origin_is_own(const char *origin, const char *host, bool tls)
{
    const char *scheme = tls ? "https://" : "http://";
    size_t n = strlen(scheme);
    return host != NULL && strncmp(origin, scheme, n) == 0 && strcasecmp(origin + n, host) == 0;
}

/* A page of somebody else can make a browser send requests here: they are told by what browsers
 * say of every request, and cannot lie about. */
static bool is_foreign(const exchange *x)
{
    const char *site = x->request->headers[HEADER_SEC_FETCH_SITE];
    const char *origin = x->request->headers[HEADER_ORIGIN];
    if (site != NULL && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0) {
        return true;
    }
    return origin != NULL &&
           !origin_is_own(origin, x->request->headers[HEADER_HOST], x->s->options.tls);
}

/* "Bearer TOKEN", or the cookie that signing in has set. */
static const char *token_of(const exchange *x)
{
    static const char bearer[] = "Bearer ";
    static const char cookie[] = "strata_token=";
    const char *said = x->request->headers[HEADER_AUTHORIZATION];
    if (said != NULL && strncasecmp(said, bearer, sizeof bearer - 1) == 0) {
        return said + sizeof bearer - 1;
    }
    for (const char *at = x->request->headers[HEADER_COOKIE]; at != NULL && *at != '\0';) {
        at += strspn(at, "; ");
        size_t n = strcspn(at, ";");
        if (strncmp(at, cookie, sizeof cookie - 1) == 0) {
            return arena_strndup(x->request->arena, at + sizeof cookie - 1, n - sizeof cookie + 1);
        }
        at += n;
    }
    return NULL;
}

/* False, with the reply, when it cannot be told. */
static bool ask_guard(exchange *x, const char *token, token_info *who, strata_error *err)
{
    if (token_guard_ask(x->s->guard, token, who, err) == STRATA_OK) {
        return true;
    }
    if (err->status == STRATA_E_LOCKED) {
        server_fail(x->reply, 429, "too-many", err->message);
        x->reply->retry_after = 60;
    } else {
        server_fail_with(x->reply, err);
    }
    return false;
}

static bool identify(exchange *x, strata_error *err)
{
    token_info who = {.role = ACCESS_NONE};
    if (x->s->guard == NULL) {
        x->role = ACCESS_ADMIN;
        return true;
    }
    /* Signing in and out goes without the cookie that is there: it may be an old one. */
    const char *token = strcmp(x->request->path, "/v1/session") != 0 ? token_of(x) : NULL;
    if (token == NULL) {
        return true;
    }
    if (!ask_guard(x, token, &who, err)) {
        return false;
    }
    x->role = who.role;
    (void)snprintf(x->who, sizeof x->who, "%s", who.name);
    return true;
}

bool guard_let_in(exchange *x, strata_error *err)
{
    bool asks = x->request->method == HTTP_GET || x->request->method == HTTP_HEAD;
    if (x->s->options.loopback && !host_is_this_machine(x->request->headers[HEADER_HOST])) {
        server_fail(x->reply, 403, "host",
                    "this server answers to the names of this machine only (localhost, 127.0.0.1)");
        return false;
    }
    if ((!asks || strncmp(x->request->path, "/v1/", 4) == 0) && is_foreign(x)) {
        server_fail(x->reply, 403, "origin", "requests from pages of other sites are refused");
        return false;
    }
    return identify(x, err);
}

bool guard_allows(exchange *x, serve_role least, bool changes)
{
    char message[160];
    if (x->role == ACCESS_NONE) {
        server_fail(x->reply, 401, "token",
                    "a token is needed: send it as 'Authorization: Bearer TOKEN'");
        x->reply->sign_in = true;
        return false;
    }
    if (changes && !x->s->options.allow_write) {
        server_fail(x->reply, 403, "read-only",
                    "this server changes nothing; it was started without --allow-write");
        return false;
    }
    if (x->role < least) {
        (void)snprintf(message, sizeof message, "the role %s may not do this; it takes %s",
                       serve_role_names[x->role], serve_role_names[least]);
        server_fail(x->reply, 403, "role", message);
        return false;
    }
    return true;
}

/* --- signing in from a browser --- */

static const char sign_in_page[] =
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n<title>Strata: sign in</title>\n"
    "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:15vh auto;padding:0 "
    "1rem}"
    "input,button{font:inherit;padding:.5rem;width:100%;box-sizing:border-box;margin:.25rem 0 1rem}"
    "</style>\n</head>\n<body>\n<main>\n<h1>Strata</h1>\n"
    "<form method=\"post\" action=\"/v1/session\">\n<label for=\"token\">Token</label>\n"
    "<input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"current-password\" "
    "required>\n"
    "<button>Sign in</button>\n</form>\n<p>Whoever runs the server makes tokens with "
    "<code>strata token add</code>.</p>\n</main>\n</body>\n</html>\n";

void guard_ask_to_sign_in(exchange *x)
{
    x->reply->status = 401;
    x->reply->type = "text/html; charset=utf-8";
    x->reply->policy = "page";
    x->reply->file = sign_in_page;
    x->reply->file_len = sizeof sign_in_page - 1;
}

/* POST /v1/session with token=TOKEN: a cookie for the browser that asks, and to the workbench.
 * DELETE: signs out. */
strata_status answer_session(exchange *x, strata_error *err)
{
    static const char key[] = "token=";
    const char *said = x->request->body;
    size_t n = strlen(key);
    token_info who = {.role = ACCESS_NONE};
    bool out = x->request->method == HTTP_DELETE;
    bool needed = !out && x->s->guard != NULL; /* else nothing of the body goes into a header */
    const char *token = needed && strncmp(said, key, n) == 0 ? said + n : "";
    if (needed) {
        if (!ask_guard(x, token, &who, err)) {
            return STRATA_OK;
        }
        if (who.role == ACCESS_NONE) {
            guard_ask_to_sign_in(x);
            return STRATA_OK;
        }
    }
    (void)snprintf(x->reply->cookie, sizeof x->reply->cookie,
                   "strata_token=%s; Path=/; HttpOnly; SameSite=Strict%s%s", token,
                   x->s->options.tls ? "; Secure" : "", out ? "; Max-Age=0" : "");
    (void)snprintf(x->reply->location, sizeof x->reply->location, "/");
    x->reply->status = out ? 204 : 303;
    return STRATA_OK;
}
