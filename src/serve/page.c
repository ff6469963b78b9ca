/* SPDX-License-Identifier: Apache-2.0 */
/* The workbench: files built into the program. */
#include <string.h>

#include "base/blob.h"
#include "serve/parts.h"

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {{".html", "text/html; charset=utf-8"},
                 {".js", "text/javascript; charset=utf-8"},
                 {".css", "text/css; charset=utf-8"},
                 {".svg", "image/svg+xml"},
                 {".png", "image/png"},
                 {".ico", "image/x-icon"},
                 {".json", "application/json"},
                 {".webmanifest", "application/manifest+json"},
                 {".woff2", "font/woff2"},
                 {".txt", "text/plain; charset=utf-8"}};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        size_t m = strlen(types[i].ending);
        if (n > m && strcmp(name + n - m, types[i].ending) == 0) {
            return types[i].type;
        }
    }
    return "application/octet-stream";
}

static const strata_blob *find(const char *name)
{
    for (const strata_blob *b = strata_web_files; b->name != NULL; b++) {
        if (strcmp(b->name, name) == 0) {
            return b;
        }
    }
    return NULL;
}

/* "/accounts/A-17" is a page of the workbench, "/app.js" is a file. */
static bool is_page(const char *path)
{
    const char *last = strrchr(path, '/');
    return strchr(last, '.') == NULL || strncmp(path, "/account", 8) == 0;
}

strata_status answer_page(exchange *x, strata_error *err)
{
    const char *path = x->request->path;
    const strata_blob *b = find(path + 1);
    if (x->request->method != HTTP_GET && x->request->method != HTTP_HEAD) {
        server_fail(x->reply, 405, "method", "pages take GET, HEAD");
        x->reply->allow = "GET, HEAD";
        return STRATA_OK;
    }
    b = b == NULL && is_page(path) ? find("index.html") : b;
    if (b != NULL && x->role == ACCESS_NONE && strcmp(b->name, "index.html") == 0) {
        guard_ask_to_sign_in(x);
        return STRATA_OK;
    }
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND, "there is no file %.200s", path);
    }
    char key[DIGEST_TEXT];
    digest d;
    digest_init(&d);
    digest_add_text(&d, STRATA_VERSION);
    digest_add_text(&d, b->name);
    digest_add(&d, b->data, b->size);
    digest_finish(&d, key);
    x->reply->policy = "page";
    if (reply_known(x, key)) {
        return STRATA_OK;
    }
    x->reply->status = 200;
    x->reply->type = type_of(b->name);
    x->reply->file = b->data;
    x->reply->file_len = b->size;
    return STRATA_OK;
}
