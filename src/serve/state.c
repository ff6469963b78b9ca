/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/state.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS_DEEP = 3, PATH_BYTES = 4096 };

/* The log of changes grows with every change asked for, and decides nothing. */
static bool decides_nothing(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           strcmp(name, "strata-audit.jsonl") == 0 || strcmp(name, "strata-tokens") == 0 ||
           strcmp(name, ".git") == 0;
}

/* Order of a folder's entries is the file system's, so they are added up, not put in a row. */
static void mix(const char *path, const struct stat *s, uint64_t sum[4])
{
    const uint64_t facts[] = {(uint64_t)s->st_dev,          (uint64_t)s->st_ino,
                              (uint64_t)s->st_size,         (uint64_t)s->st_mtim.tv_sec,
                              (uint64_t)s->st_mtim.tv_nsec, (uint64_t)s->st_ctim.tv_sec,
                              (uint64_t)s->st_ctim.tv_nsec};
    uint64_t one[4];
    crypto_generichash_state h;
    (void)crypto_generichash_init(&h, NULL, 0, sizeof one);
    (void)crypto_generichash_update(&h, (const unsigned char *)path, strlen(path));
    (void)crypto_generichash_update(&h, (const unsigned char *)facts, sizeof facts);
    (void)crypto_generichash_final(&h, (unsigned char *)one, sizeof one);
    for (size_t i = 0; i < 4; i++) {
        sum[i] += one[i];
    }
}

static struct dirent *next_entry(DIR *d)
{
    return readdir(d); /* NOLINT(concurrency-mt-unsafe): each call has a stream of its own */
}

/* NOLINTNEXTLINE(misc-no-recursion): three deep at most */
static void add_folder(const char *folder, int deep, uint64_t sum[4])
{
    char path[PATH_BYTES];
    DIR *d = opendir(folder);
    if (d == NULL) {
        return;
    }
    for (struct dirent *e = next_entry(d); e != NULL; e = next_entry(d)) {
        struct stat s;
        int n = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (decides_nothing(e->d_name) || n < 0 || (size_t)n >= sizeof path ||
            stat(path, &s) != 0) {
            continue;
        }
        if (S_ISREG(s.st_mode)) {
            mix(path, &s, sum);
        } else if (S_ISDIR(s.st_mode) && deep > 1) {
            add_folder(path, deep - 1, sum);
        }
    }
    (void)closedir(d);
}

void project_files_init(project_files *f, const char *folder)
{
    f->folder = folder;
    (void)pthread_mutex_init(&f->lock, NULL);
    strbuf_init(&f->others, 0);
}

void project_files_done(project_files *f)
{
    strbuf_done(&f->others);
    (void)pthread_mutex_destroy(&f->lock);
}

void project_files_set(project_files *f, const model *m)
{
    (void)pthread_mutex_lock(&f->lock);
    strbuf_clear(&f->others);
    for (const model_file *one = m->files; one != NULL; one = one->next) {
        strbuf_add_n(&f->others, one->path, strlen(one->path) + 1);
    }
    (void)pthread_mutex_unlock(&f->lock);
}

/* One that is not there counts too: it may come. */
static void add_others(project_files *f, uint64_t sum[4])
{
    (void)pthread_mutex_lock(&f->lock);
    const char *all = strbuf_text(&f->others);
    for (size_t at = 0; at < f->others.len; at += strlen(all + at) + 1) {
        struct stat s = {0};
        (void)stat(all + at, &s);
        mix(all + at, &s, sum);
    }
    (void)pthread_mutex_unlock(&f->lock);
}

void project_files_state(project_files *f, char out[DIGEST_TEXT])
{
    uint64_t sum[4] = {0};
    digest d;
    add_folder(f->folder, FOLDERS_DEEP, sum);
    add_others(f, sum);
    digest_init(&d);
    digest_add(&d, sum, sizeof sum);
    digest_finish(&d, out);
}
