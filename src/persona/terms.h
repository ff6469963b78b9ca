/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_TERMS_H
#define STRATA_PERSONA_TERMS_H

/* Texts by number: a set of words or phrases that numbers them 0, 1, ... as they come. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/auto.h"
#include "base/strbuf.h"
#include "base/vec.h"

typedef struct terms {
    strbuf bytes;
    VEC(size_t) starts; /* in `bytes`; each text ends with a NUL */
    uint32_t *slots;    /* open addressing: number + 1, 0 free */
    size_t n_slots;
} terms;

void terms_done(terms *t);
#define TERMS_AUTO STRATA_CLEANUP(terms_done)

/* Texts end at their first NUL. */
STRATA_MUST_CHECK strata_status terms_add(terms *t, const char *text, size_t len, uint32_t *number,
                                          strata_error *err);
/* UINT32_MAX when it is not there. */
uint32_t terms_find(const terms *t, const char *text, size_t len);
static inline size_t terms_count(const terms *t)
{
    return t->starts.n;
}
/* Valid until the next terms_add(). */
static inline const char *terms_text(const terms *t, size_t number)
{
    return t->bytes.text + t->starts.data[number];
}
/* Every line of a file built into the program: "stopwords-en.txt". */
STRATA_MUST_CHECK strata_status terms_of_asset(terms *t, const char *name, strata_error *err);

#endif
