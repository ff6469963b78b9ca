/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/tokens.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "base/file.h"

enum {
    FILE_MAX = 1 << 20,
    TOKENS_MAX = 1000,
    SECRET_BYTES = 24,
    SEEN_BYTES = 32,
    FAILURES_MAX = 10, /* in a minute, of all clients together */
    WINDOW_S = 60
};

typedef struct entry {
    token_info info;
    char hash[crypto_pwhash_STRBYTES];
    bool seen; /* `mark` is that of a token that was verified */
    unsigned char mark[SEEN_BYTES];
    /* The last token that was not: a browser sends an old one again and again. */
    bool refused;
    unsigned char wrong[SEEN_BYTES];
} entry;

typedef struct token_table {
    entry *items;
    size_t n;
} token_table;

serve_role serve_role_find(const char *name)
{
    int r = ACCESS_VIEWER;
    while (r < ACCESS_COUNT && strcmp(serve_role_names[r], name) != 0) {
        r++;
    }
    return r < ACCESS_COUNT ? (serve_role)r : ACCESS_NONE;
}

static bool is_name(const char *s, size_t len)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return len > 0 && len <= TOKEN_NAME_MAX && strspn(s, letters) >= len;
}

/* --- the file --- */

/* "name role hash" */
static bool read_line(const char *line, size_t len, entry *out)
{
    char role[16] = "";
    size_t name = strcspn(line, " ");
    size_t second = name < len ? strcspn(line + name + 1, " ") : 0;
    size_t hash = name + 1 + second + 1;
    if (name >= len || hash >= len || second >= sizeof role || !is_name(line, name) ||
        len - hash >= sizeof out->hash) {
        return false;
    }
    memcpy(out->info.name, line, name);
    memcpy(role, line + name + 1, second);
    memcpy(out->hash, line + hash, len - hash);
    out->info.role = serve_role_find(role);
    return out->info.role != ACCESS_NONE && strncmp(out->hash, "$argon2", 7) == 0;
}

static strata_status parse(const char *path, const char *text, token_table *out, strata_error *err)
{
    STRATA_AUTO_FREE entry *items = STRATA_NEW_ARRAY(TOKENS_MAX, entry);
    size_t n = 0;
    size_t number = 1;
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (const char *at = text; *at != '\0'; number++) {
        size_t len = strcspn(at, "\n");
        if (len > 0 && at[0] != '#') {
            if (n == TOKENS_MAX || !read_line(at, len, &items[n])) {
                return strata_fail(err, STRATA_E_DATA,
                                   "%s:%zu: this is no token; 'strata token add' makes them", path,
                                   number);
            }
            n++;
        }
        at += len + (at[len] == '\n' ? 1 : 0);
    }
    *out = (token_table){.items = strata_steal(&items), .n = n};
    return STRATA_OK;
}

static void table_done(token_table *t)
{
    free(t->items);
    *t = (token_table){0};
}

static strata_status load(const char *path, token_table *out, strata_error *err)
{
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    STRATA_TRY(file_read(path, FILE_MAX, &text, &len, err));
    return parse(path, text, out, err);
}

static const entry *find(const token_table *t, const char *name, size_t len)
{
    for (size_t i = 0; t->items != NULL && i < t->n; i++) {
        if (strlen(t->items[i].info.name) == len && memcmp(t->items[i].info.name, name, len) == 0) {
            return &t->items[i];
        }
    }
    return NULL;
}

/* Only its owner may read it. */
static strata_status make_private(const char *path, strata_error *err)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        return strata_fail(err, STRATA_E_IO, "cannot write '%s'", path);
    }
    (void)close(fd);
    return STRATA_OK;
}

static strata_status save(const char *path, const token_table *t, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, FILE_MAX);
    strbuf_add(&text, "# Tokens of strata serve: name, role, hash. Made by 'strata token add'.\n");
    for (size_t i = 0; i < t->n; i++) {
        strbuf_printf(&text, "%s %s %s\n", t->items[i].info.name,
                      serve_role_names[t->items[i].info.role], t->items[i].hash);
    }
    STRATA_TRY(strbuf_status(&text, err));
    STRATA_TRY(make_private(path, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

static strata_status make_token(entry *e, char token[TOKEN_TEXT_MAX], strata_error *err)
{
    unsigned char secret[SECRET_BYTES];
    char text[sodium_base64_ENCODED_LEN(SECRET_BYTES, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
    randombytes_buf(secret, sizeof secret);
    (void)sodium_bin2base64(text, sizeof text, secret, sizeof secret,
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    (void)snprintf(token, TOKEN_TEXT_MAX, "%s.%s", e->info.name, text);
    if (crypto_pwhash_str(e->hash, token, strlen(token), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory hashing a token");
    }
    sodium_memzero(secret, sizeof secret);
    return STRATA_OK;
}

strata_status token_add(const char *path, const char *name, serve_role role,
                        char token[TOKEN_TEXT_MAX], strata_error *err)
{
    STRATA_CLEANUP(table_done) token_table t = {0};
    if (!is_name(name, strlen(name))) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "'%.60s' is no name for a token: letters, digits, '-' and '_', at most %d", name,
            TOKEN_NAME_MAX);
    }
    if (sodium_init() < 0) {
        return strata_fail(err, STRATA_E_INTERNAL, "cannot set up the random number generator");
    }
    STRATA_TRY(file_exists(path) ? load(path, &t, err) : parse(path, "", &t, err));
    if (find(&t, name, strlen(name)) != NULL || t.n == TOKENS_MAX) {
        return strata_fail(err, STRATA_E_USAGE,
                           "there is a token '%s' already; remove it first: strata token remove %s",
                           name, name);
    }
    entry *e = &t.items[t.n++];
    *e = (entry){.info.role = role};
    memcpy(e->info.name, name, strlen(name));
    STRATA_TRY(make_token(e, token, err));
    return save(path, &t, err);
}

strata_status token_remove(const char *path, const char *name, strata_error *err)
{
    STRATA_CLEANUP(table_done) token_table t = {0};
    STRATA_TRY(load(path, &t, err));
    const entry *e = find(&t, name, strlen(name));
    if (e == NULL) {
        return strata_fail(err, STRATA_E_NOTFOUND, "there is no token '%.60s' in '%s'", name, path);
    }
    size_t at = (size_t)(e - t.items);
    memmove(&t.items[at], &t.items[at + 1], (t.n - at - 1) * sizeof *t.items);
    t.n--;
    return save(path, &t, err);
}

strata_status token_list(const char *path, token_info **out, size_t *n, strata_error *err)
{
    STRATA_CLEANUP(table_done) token_table t = {0};
    STRATA_TRY(load(path, &t, err));
    token_info *list = STRATA_NEW_ARRAY(t.n + 1, token_info);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < t.n; i++) {
        list[i] = t.items[i].info;
    }
    *out = list;
    *n = t.n;
    return STRATA_OK;
}

/* --- at work --- */

struct token_guard {
    pthread_mutex_t lock;
    const char *path;
    struct timespec written; /* when the file was, as it was read */
    token_table table;
    unsigned char key[crypto_generichash_KEYBYTES]; /* of the marks of tokens seen */
    time_t window;
    unsigned failures;
};

void token_guard_free(token_guard *g)
{
    if (g != NULL) {
        table_done(&g->table);
        (void)pthread_mutex_destroy(&g->lock);
        sodium_memzero(g->key, sizeof g->key);
        free(g);
    }
}

/* Who was known before the file changed still is, if the line is the same. */
static void keep_seen(const token_table *before, token_table *after)
{
    for (size_t i = 0; i < after->n; i++) {
        entry *e = &after->items[i];
        const entry *old = find(before, e->info.name, strlen(e->info.name));
        if (old != NULL && strcmp(old->hash, e->hash) == 0) {
            e->seen = old->seen;
            memcpy(e->mark, old->mark, sizeof e->mark);
        }
    }
}

static strata_status refresh(token_guard *g, strata_error *err)
{
    struct stat s;
    token_table t = {0};
    if (stat(g->path, &s) != 0) {
        return strata_fail(err, STRATA_E_IO, "the file of tokens is not there any more");
    }
    if (g->table.items != NULL && s.st_mtim.tv_sec == g->written.tv_sec &&
        s.st_mtim.tv_nsec == g->written.tv_nsec) {
        return STRATA_OK;
    }
    STRATA_TRY(load(g->path, &t, err));
    keep_seen(&g->table, &t);
    table_done(&g->table);
    g->table = t;
    g->written = s.st_mtim;
    return STRATA_OK;
}

strata_status token_guard_new(const char *path, token_guard **out, strata_error *err)
{
    STRATA_AUTO(token_guard_free) token_guard *g = STRATA_NEW_ARRAY(1, token_guard);
    if (g == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)pthread_mutex_init(&g->lock, NULL);
    g->path = path;
    if (sodium_init() < 0) {
        return strata_fail(err, STRATA_E_INTERNAL, "cannot set up the random number generator");
    }
    randombytes_buf(g->key, sizeof g->key);
    STRATA_TRY(refresh(g, err));
    if (g->table.n == 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "there are no tokens in '%s'; make one: strata token add NAME --role "
                           "viewer",
                           path);
    }
    *out = strata_steal(&g);
    return STRATA_OK;
}

static bool too_many_failures(token_guard *g)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec - g->window >= WINDOW_S) {
        g->window = now.tv_sec;
        g->failures = 0;
    }
    return g->failures >= FAILURES_MAX;
}

/* With the lock held, so that slow hashes come one at a time. */
static strata_status verify(token_guard *g, const char *token, token_info *out, strata_error *err)
{
    unsigned char mark[SEEN_BYTES];
    STRATA_TRY(refresh(g, err));
    const entry *found = find(&g->table, token, strcspn(token, "."));
    entry *e = found != NULL ? &g->table.items[found - g->table.items] : NULL;
    (void)crypto_generichash(mark, sizeof mark, (const unsigned char *)token, strlen(token), g->key,
                             sizeof g->key);
    if (e != NULL && e->seen && sodium_memcmp(mark, e->mark, sizeof mark) == 0) {
        *out = e->info;
        return STRATA_OK;
    }
    /* What costs no hash costs nobody else the way in either. */
    if (e == NULL || strlen(token) >= TOKEN_TEXT_MAX ||
        (e->refused && sodium_memcmp(mark, e->wrong, sizeof mark) == 0)) {
        return STRATA_OK;
    }
    if (too_many_failures(g)) {
        return strata_fail(err, STRATA_E_LOCKED, "too many tokens were wrong; wait a minute");
    }
    if (crypto_pwhash_str_verify(e->hash, token, strlen(token)) != 0) {
        g->failures++;
        e->refused = true;
        memcpy(e->wrong, mark, sizeof mark);
        return STRATA_OK;
    }
    memcpy(e->mark, mark, sizeof mark);
    e->seen = true;
    *out = e->info;
    return STRATA_OK;
}

strata_status token_guard_ask(token_guard *g, const char *token, token_info *out, strata_error *err)
{
    *out = (token_info){.role = ACCESS_NONE};
    (void)pthread_mutex_lock(&g->lock);
    strata_status st = verify(g, token, out, err);
    (void)pthread_mutex_unlock(&g->lock);
    return st;
}
