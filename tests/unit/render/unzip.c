/* SPDX-License-Identifier: Apache-2.0 */
/* Just enough of APPNOTE.TXT to look into a workbook: the central directory, stored and deflated
 * parts. */
#include "unzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

static uint32_t number_at(const unsigned char *at, int bytes)
{
    uint32_t n = 0;
    for (int i = bytes; i-- > 0;) {
        n = n << 8 | at[i];
    }
    return n;
}

static char *inflate_part(const unsigned char *data, uint32_t packed, uint32_t size,
                          uint32_t method)
{
    char *out = calloc(1, (size_t)size + 1);
    z_stream z = {.next_out = (unsigned char *)out, .avail_out = size, .avail_in = packed};
    z.next_in = (z_const Bytef *)(uintptr_t)data;
    if (out == NULL || method == 0) {
        return out != NULL ? memcpy(out, data, size) : NULL;
    }
    int done = inflateInit2(&z, -MAX_WBITS) == Z_OK ? inflate(&z, Z_FINISH) : Z_ERRNO;
    (void)inflateEnd(&z);
    if (done != Z_STREAM_END) {
        free(out);
        return NULL;
    }
    return out;
}

char *unzip_part(const char *zip, size_t len, const char *name)
{
    const unsigned char *bytes = (const unsigned char *)zip;
    size_t end = len >= 22 ? len - 22 : 0;
    while (end > 0 && number_at(bytes + end, 4) != 0x06054b50) {
        end--;
    }
    uint32_t n = end > 0 ? number_at(bytes + end + 10, 2) : 0;
    const unsigned char *at = bytes + (end > 0 ? number_at(bytes + end + 16, 4) : 0);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t name_len = number_at(at + 28, 2);
        const unsigned char *local = bytes + number_at(at + 42, 4);
        if (name_len == strlen(name) && memcmp(at + 46, name, name_len) == 0) {
            const unsigned char *data =
                local + 30 + number_at(local + 26, 2) + number_at(local + 28, 2);
            return inflate_part(data, number_at(at + 20, 4), number_at(at + 24, 4),
                                number_at(at + 10, 2));
        }
        at += 46 + name_len + number_at(at + 30, 2) + number_at(at + 32, 2);
    }
    return NULL;
}
