/* SPDX-License-Identifier: Apache-2.0 */
#include "source/codes.h"

#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"

enum { KEY_BYTES = 16, PIECES = 16 };

/* A name's beginning stands beside its code: most names are told apart by it, without a look at the
 * dictionary. */
typedef struct named_code {
    uint64_t key[2]; /* the first bytes, the first of them highest; 0 behind the end */
    const dict *d;
    int32_t code;
} named_code;

typedef struct ordering {
    const dict *d;
    size_t n, width; /* runs of `width` names are in order */
    named_code *from, *to;
} ordering;

static named_code make_key(const dict *d, int32_t code)
{
    text_view name = dict_text(d, code);
    unsigned char bytes[KEY_BYTES] = {0};
    named_code out = {.d = d, .code = code};
    memcpy(bytes, name.ptr, name.len < KEY_BYTES ? name.len : KEY_BYTES);
    for (size_t i = 0; i < KEY_BYTES; i++) {
        out.key[i / 8] = out.key[i / 8] << 8 | bytes[i];
    }
    return out;
}

static int by_name(const void *pa, const void *pb)
{
    const named_code *a = pa;
    const named_code *b = pb;
    for (size_t i = 0; i < 2; i++) {
        if (a->key[i] != b->key[i]) {
            return a->key[i] < b->key[i] ? -1 : 1;
        }
    }
    text_view x = dict_text(a->d, a->code);
    text_view y = dict_text(b->d, b->code);
    int c = memcmp(x.ptr, y.ptr, x.len < y.len ? x.len : y.len);
    return c != 0 ? c : (x.len > y.len) - (x.len < y.len);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static strata_status sort_piece(void *job, size_t piece, strata_error *err)
{
    (void)err;
    ordering *o = job;
    size_t begin = piece * o->width;
    size_t end = least(begin + o->width, o->n);
    bool in_order = true;
    for (size_t i = begin; i < end; i++) {
        o->from[i] = make_key(o->d, (int32_t)i);
        in_order = in_order && (i == begin || by_name(&o->from[i - 1], &o->from[i]) < 0);
    }
    if (!in_order) {
        qsort(o->from + begin, end - begin, sizeof *o->from, by_name);
    }
    return STRATA_OK;
}

static strata_status merge_pair(void *job, size_t pair, strata_error *err)
{
    (void)err;
    ordering *o = job;
    size_t i = least(2 * pair * o->width, o->n);
    size_t middle = least(i + o->width, o->n);
    size_t end = least(middle + o->width, o->n);
    size_t j = middle;
    for (size_t to = i; to < end; to++) {
        bool first = j == end || (i < middle && by_name(&o->from[i], &o->from[j]) < 0);
        o->to[to] = first ? o->from[i++] : o->from[j++];
    }
    return STRATA_OK;
}

/* Pieces are sorted, then merged two by two. */
static strata_status sort_names(const context *cx, ordering *o, strata_error *err)
{
    o->width = o->n / PIECES + 1;
    STRATA_TRY(parallel_run(cx, PIECES, sort_piece, o, err));
    for (; o->width < o->n; o->width *= 2) {
        STRATA_TRY(
            parallel_run(cx, (o->n + 2 * o->width - 1) / (2 * o->width), merge_pair, o, err));
        named_code *merged = o->to;
        o->to = o->from;
        o->from = merged;
    }
    return STRATA_OK;
}

strata_status code_order_make(const context *cx, const dict *d, code_order *out, strata_error *err)
{
    size_t n = dict_size(d);
    STRATA_AUTO_FREE named_code *a = STRATA_NEW_ARRAY(n, named_code);
    STRATA_AUTO_FREE named_code *b = STRATA_NEW_ARRAY(n, named_code);
    out->n = n;
    out->code = STRATA_NEW_ARRAY(n, int32_t);
    out->final = STRATA_NEW_ARRAY(n, int32_t);
    if (a == NULL || b == NULL || out->code == NULL || out->final == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", n);
    }
    ordering o = {.d = d, .n = n, .from = a, .to = b};
    STRATA_TRY(sort_names(cx, &o, err));
    for (size_t i = 0; i < n; i++) {
        out->code[i] = o.from[i].code;
        out->final[o.from[i].code] = (int32_t)i;
    }
    return STRATA_OK;
}

void code_order_done(code_order *o)
{
    free(o->code);
    free(o->final);
    *o = (code_order){0};
}
