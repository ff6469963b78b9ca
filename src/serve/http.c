/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/http.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ZLIB_CONST /* what is compressed is only read */
#include <zlib.h>

#include "base/percent.h"
#include "base/utf8.h"
#include "serve/jobs.h"

const char *const http_header_names[HEADER_COUNT] = {
    [HEADER_HOST] = "Host",
    [HEADER_ORIGIN] = "Origin",
    [HEADER_SEC_FETCH_SITE] = "Sec-Fetch-Site",
    [HEADER_AUTHORIZATION] = "Authorization",
    [HEADER_ACCEPT] = "Accept",
    [HEADER_ACCEPT_ENCODING] = "Accept-Encoding",
    [HEADER_IF_NONE_MATCH] = "If-None-Match",
    [HEADER_IF_MATCH] = "If-Match",
    [HEADER_CONTENT_TYPE] = "Content-Type",
    [HEADER_COOKIE] = "Cookie",
};

/* --- bytes with several owners --- */

struct http_bytes {
    atomic_uint owners;
    char *data;
    size_t len;
    char *notices;
};

http_bytes *http_bytes_take(strbuf *text)
{
    http_bytes *b = malloc(sizeof *b);
    if (b == NULL || text->failed != STRATA_OK) {
        free(b);
        return NULL;
    }
    atomic_init(&b->owners, 1);
    b->notices = NULL;
    b->data = text->text;
    b->len = text->len;
    *text = (strbuf){.limit = text->limit};
    return b;
}

http_bytes *http_bytes_keep(http_bytes *b)
{
    (void)atomic_fetch_add(&b->owners, 1);
    return b;
}

void http_bytes_free(http_bytes *b)
{
    if (b != NULL && atomic_fetch_sub(&b->owners, 1) == 1) {
        free(b->data);
        free(b->notices);
        free(b);
    }
}

const char *http_bytes_data(const http_bytes *b)
{
    return b->data != NULL ? b->data : "";
}

size_t http_bytes_len(const http_bytes *b)
{
    return b->len;
}

void http_bytes_set_notices(http_bytes *b, const char *header)
{
    free(b->notices);
    b->notices = header != NULL ? strdup(header) : NULL;
}

const char *http_bytes_notices(const http_bytes *b)
{
    return b->notices;
}

/* --- the request line --- */

/* Line breaks and tabs may stand in an expression; other control characters nowhere. */
static bool is_text(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\t' && c != '\r')) {
            return false;
        }
    }
    return utf8_is_valid(s, len);
}

static strata_status decode(arena *a, const char *s, size_t len, bool plus_is_space,
                            const char **out, strata_error *err)
{
    char *text = ARENA_NEW(a, len + 1, char);
    size_t n = 0;
    if (text == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (!percent_decode(s, len, plus_is_space, text, &n)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a %% in the address is not followed by two hexadecimal digits");
    }
    if (!is_text(text, n)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the address holds a control character, or is no UTF-8");
    }
    *out = text;
    return STRATA_OK;
}

static strata_status decode_pair(arena *a, const char *s, size_t len, call_pair *out,
                                 strata_error *err)
{
    const char *equals = memchr(s, '=', len);
    size_t name = equals != NULL ? (size_t)(equals - s) : len;
    STRATA_TRY(decode(a, s, name, true, &out->name, err));
    return equals != NULL ? decode(a, equals + 1, len - name - 1, true, &out->value, err)
                          : decode(a, "", 0, true, &out->value, err);
}

static strata_status decode_query(arena *a, const char *s, const call_pair **query, size_t *n_query,
                                  strata_error *err)
{
    call_pair *pairs = ARENA_NEW(a, HTTP_QUERY_MAX, call_pair);
    size_t n = 0;
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (const char *at = s; *at != '\0';) {
        size_t len = strcspn(at, "&");
        if (n == HTTP_QUERY_MAX) {
            return strata_fail(err, STRATA_E_USAGE, "more than %d parameters", HTTP_QUERY_MAX);
        }
        if (len > 0) {
            STRATA_TRY(decode_pair(a, at, len, &pairs[n++], err));
        }
        at += len + (at[len] == '&' ? 1 : 0);
    }
    *query = pairs;
    *n_query = n;
    return STRATA_OK;
}

strata_status http_target(arena *a, const char *target, const char **path, const call_pair **query,
                          size_t *n_query, strata_error *err)
{
    size_t len = strcspn(target, "?");
    const char *decoded = NULL;
    if (target[0] != '/' || strlen(target) > HTTP_TARGET_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "the address is not a path of at most %d bytes",
                           HTTP_TARGET_MAX);
    }
    STRATA_TRY(decode(a, target, len, false, &decoded, err));
    STRATA_TRY(decode_query(a, target[len] == '?' ? target + len + 1 : "", query, n_query, err));
    *path = decoded;
    return STRATA_OK;
}

const char *http_query(const http_request *r, const char *name)
{
    const char *value = NULL;
    for (size_t i = 0; i < r->n_query; i++) {
        value = strcmp(r->query[i].name, name) == 0 ? r->query[i].value : value;
    }
    return value;
}

/* --- lists in headers --- */

int http_weight(const char *element, size_t len)
{
    int weight = 1000;
    for (size_t i = 1; i + 2 < len; i++) {
        bool named = (element[i] == 'q' || element[i] == 'Q') && element[i + 1] == '=' &&
                     strchr("; \t", element[i - 1]) != NULL;
        int scale = 1000;
        weight = named ? 0 : weight;
        for (size_t k = i + 2; named && k < len && scale > 0; k++) {
            char c = element[k];
            if (c >= '0' && c <= '9') {
                weight += (c - '0') * scale;
                scale /= 10;
            } else if (c != '.') {
                break;
            }
        }
    }
    return weight > 1000 ? 1000 : weight;
}

bool http_takes(const char *list, const char *what)
{
    size_t n = strlen(what);
    for (const char *at = list; at != NULL && *at != '\0';) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ",");
        size_t word = strcspn(at, ",; \t");
        if (word == n && strncasecmp(at, what, n) == 0) {
            return http_weight(at, len) > 0;
        }
        at += len;
    }
    return false;
}

bool http_has_tag(const char *list, const char *etag)
{
    size_t n = strlen(etag);
    for (const char *at = list; at != NULL && *at != '\0' && n > 0;) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ", \t");
        size_t weak = strncmp(at, "W/", 2) == 0 ? 2 : 0;
        if ((len == 1 && at[0] == '*') || (len - weak == n && memcmp(at + weak, etag, n) == 0)) {
            return true;
        }
        at += len;
    }
    return false;
}

/* --- gzip --- */

enum { GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8, GZIP_LEVEL = 5 };

bool http_gzip(const char *bytes, size_t len, strbuf *out)
{
    z_stream z = {0};
    unsigned char block[32768];
    if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
        return false;
    }
    int st = Z_OK;
    for (size_t done = 0; st == Z_OK;) {
        size_t part = len - done < (1u << 30) ? len - done : 1u << 30;
        z.next_in = (const Bytef *)bytes + done;
        z.avail_in = (uInt)part;
        bool last = done + part == len;
        do {
            z.next_out = block;
            z.avail_out = sizeof block;
            st = deflate(&z, last ? Z_FINISH : Z_NO_FLUSH);
            strbuf_add_n(out, (const char *)block, sizeof block - z.avail_out);
        } while (z.avail_out == 0);
        done += part;
    }
    (void)deflateEnd(&z);
    return st == Z_STREAM_END && out->failed == STRATA_OK;
}

void http_reply_done(http_reply *r)
{
    http_bytes_free(r->body);
    job_unfollow(r->follow);
    free(r->notices);
    *r = (http_reply){0};
}
