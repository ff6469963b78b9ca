/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_DIGEST_H
#define STRATA_BASE_DIGEST_H

/* BLAKE2b digests (libsodium): what a run was made from. */

#include <stddef.h>

#include <sodium.h>

enum { DIGEST_TEXT = 65 }; /* 32 bytes in hexadecimal, and a NUL; the first 6 are shown to people */

typedef struct digest {
    crypto_generichash_state state;
} digest;

void digest_init(digest *d);
void digest_add(digest *d, const void *bytes, size_t len);
/* Adds the text and a separator, so that "ab","c" and "a","bc" differ. NULL counts as its own
 * value. */
void digest_add_text(digest *d, const char *text);
void digest_finish(digest *d, char out[DIGEST_TEXT]);

#endif
