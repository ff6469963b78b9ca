/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/boost_bytes.h"

#include <string.h>

#include "base/digest.h"

/* magic, then numbers of 8 bytes (low byte first), the trees, the digest of all before in text. */
static const char magic[16] = "strata-boost 1\n";
enum { NUMBERS = 10, HEAD = sizeof magic + (size_t)NUMBERS * 8, TAIL = DIGEST_TEXT - 1 };

static void digest_of(const unsigned char *bytes, size_t n, char out[DIGEST_TEXT])
{
    digest d;
    digest_init(&d);
    digest_add(&d, bytes, n);
    digest_finish(&d, out);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

strata_status boost_pack(const boost_summary *s, const char *trees, size_t n_trees, arena *a,
                         const unsigned char **bytes, size_t *n_bytes, strata_error *err)
{
    const uint64_t numbers[NUMBERS] = {s->d,
                                       s->rounds,
                                       s->rounds_run,
                                       s->n,
                                       s->n_positive,
                                       s->n_validation,
                                       bits_of(s->base_rate),
                                       bits_of(s->loss_base),
                                       bits_of(s->loss),
                                       n_trees};
    unsigned char *b = arena_alloc(a, HEAD + n_trees + DIGEST_TEXT, 1);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory keeping %zu bytes of trees",
                           n_trees);
    }
    memcpy(b, magic, sizeof magic);
    for (size_t i = 0; i < NUMBERS; i++) {
        for (unsigned k = 0; k < 8; k++) {
            b[sizeof magic + i * 8 + k] = (unsigned char)(numbers[i] >> (8 * k));
        }
    }
    if (n_trees > 0) {
        memcpy(b + HEAD, trees, n_trees);
    }
    char seal[DIGEST_TEXT];
    digest_of(b, HEAD + n_trees, seal);
    memcpy(b + HEAD + n_trees, seal, TAIL);
    *bytes = b;
    *n_bytes = HEAD + n_trees + TAIL;
    return STRATA_OK;
}

strata_status boost_unpack(const unsigned char *bytes, size_t n_bytes, boost_summary *s,
                           const unsigned char **trees, size_t *n_trees, strata_error *err)
{
    if (n_bytes < HEAD + TAIL || memcmp(bytes, magic, sizeof magic) != 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "these %zu bytes are no model of boosted trees that this version reads; "
                           "train it again",
                           n_bytes);
    }
    char seal[DIGEST_TEXT];
    digest_of(bytes, n_bytes - TAIL, seal);
    uint64_t numbers[NUMBERS] = {0};
    for (size_t i = 0; i < NUMBERS; i++) {
        for (unsigned k = 0; k < 8; k++) {
            numbers[i] |= (uint64_t)bytes[sizeof magic + i * 8 + k] << (8 * k);
        }
    }
    if (memcmp(seal, bytes + n_bytes - TAIL, TAIL) != 0 ||
        numbers[NUMBERS - 1] != n_bytes - HEAD - TAIL) {
        return strata_fail(err, STRATA_E_DATA,
                           "the model of boosted trees (%zu bytes) is damaged; train it again",
                           n_bytes);
    }
    *s = (boost_summary){.d = numbers[0],
                         .rounds = numbers[1],
                         .rounds_run = numbers[2],
                         .n = numbers[3],
                         .n_positive = numbers[4],
                         .n_validation = numbers[5],
                         .base_rate = of_bits(numbers[6]),
                         .loss_base = of_bits(numbers[7]),
                         .loss = of_bits(numbers[8])};
    *trees = bytes + HEAD;
    *n_trees = numbers[NUMBERS - 1];
    return STRATA_OK;
}
