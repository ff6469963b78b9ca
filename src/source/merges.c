/* SPDX-License-Identifier: Apache-2.0 */
#include "source/merges.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "source/text/csv.h"

enum { MERGES_BYTES = 256 << 20 };

struct merges {
    int32_t *into;
};

void merges_free(merges *m)
{
    if (m != NULL) {
        free(m->into);
        free(m);
    }
}

const int32_t *merges_of(const merges *m)
{
    return m->into;
}

typedef struct merge_pair {
    int32_t from, to;
    int64_t line;
} merge_pair;

typedef struct merge_pairs {
    VEC(merge_pair) pairs;
} merge_pairs;

static void pairs_done(merge_pairs *p)
{
    vec_free(&p->pairs);
}

static strata_status split_pairs(ingest_job *j, const char *path, const char *text, size_t len,
                                 merge_pairs *out, strata_error *err)
{
    STRATA_CLEANUP(row_block_done) row_block block = {.n_columns = 2};
    csv_dialect d = csv_sniff(text, len, 0, 0);
    size_t head = csv_record_end(&d, text, len, true);
    const char *const *names = NULL;
    size_t n = 0;
    if (head != SIZE_MAX) {
        STRATA_TRY(csv_fields(&d, text, head, j->a, &names, &n, err));
    }
    int wanted[64];
    int found = 0;
    for (size_t i = 0; i < n && i < 64; i++) {
        wanted[i] = strcmp(names[i], "from") == 0 ? 0 : strcmp(names[i], "to") == 0 ? 1 : -1;
        found += wanted[i] >= 0;
    }
    if (found != 2 || n > 64) {
        return strata_fail(err, STRATA_E_MODEL, "%s needs the columns from and to", path);
    }
    STRATA_TRY(csv_split(&d, text + head, len - head, wanted, n, &block, err));
    if (block.faults.n > 0) {
        return strata_fail(err, STRATA_E_DATA, "%s:%lld: wrong number of fields", path,
                           (long long)block.faults.data[0].line + 2);
    }
    for (size_t i = 0; i < block.n_rows; i++) {
        merge_pair p = {.line = block.lines[i] + 2};
        STRATA_TRY(dict_add(j->accounts.ids, block.cells[i * 2], &p.from, err));
        STRATA_TRY(dict_add(j->accounts.ids, block.cells[i * 2 + 1], &p.to, err));
        if (!vec_push(&out->pairs, p)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

strata_status merges_read(ingest_job *j, merges **out, strata_error *err)
{
    STRATA_CLEANUP(pairs_done) merge_pairs found = {0};
    const char *path = j->m->ingest.merges;
    if (path != NULL) {
        STRATA_AUTO_FREE char *text = NULL;
        size_t len;
        const char *full = path[0] == '/' || j->m->folder == NULL
                               ? path
                               : arena_printf(j->a, "%s/%s", j->m->folder, path);
        STRATA_TRY(file_read(full == NULL ? path : full, MERGES_BYTES, &text, &len, err));
        STRATA_TRY(split_pairs(j, path, text, len, &found, err));
    }
    STRATA_AUTO(merges_free) merges *m = calloc(1, sizeof *m);
    size_t n = dict_size(j->accounts.ids);
    if (m != NULL) {
        m->into = STRATA_NEW_ARRAY(n + 1, int32_t);
    }
    if (m == NULL || m->into == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        m->into[i] = DICT_NONE;
    }
    for (size_t i = 0; i < found.pairs.n; i++) {
        const merge_pair *p = &found.pairs.data[i];
        if (m->into[p->from] != DICT_NONE && m->into[p->from] != p->to) {
            return strata_fail(err, STRATA_E_DATA, "%s:%lld: '%s' is merged into two accounts",
                               path, (long long)p->line, dict_text(j->accounts.ids, p->from).ptr);
        }
        m->into[p->from] = p->to == p->from ? DICT_NONE : p->to;
    }
    *out = strata_steal(&m);
    return STRATA_OK;
}
