/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <string.h>

void digest_init(digest *d)
{
    (void)crypto_generichash_init(&d->state, NULL, 0, 32);
}

void digest_add(digest *d, const void *bytes, size_t len)
{
    (void)crypto_generichash_update(&d->state, bytes, len);
}

void digest_add_text(digest *d, const char *text)
{
    if (text != NULL) {
        digest_add(d, text, strlen(text));
    }
    digest_add(d, text != NULL ? "\0t" : "\0n", 2);
}

void digest_finish(digest *d, char out[DIGEST_TEXT])
{
    unsigned char bytes[32];
    (void)crypto_generichash_final(&d->state, bytes, sizeof bytes);
    (void)sodium_bin2hex(out, DIGEST_TEXT, bytes, sizeof bytes);
}
