/* SPDX-License-Identifier: Apache-2.0 */
#include "base/percent.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool percent_decode(const char *s, size_t len, bool plus_is_space, char *out, size_t *n)
{
    size_t to = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] != '%') {
            out[to++] = s[i];
            if (plus_is_space && s[i] == '+') {
                out[to - 1] = ' ';
            }
            continue;
        }
        int high = i + 2 < len ? hex_digit(s[i + 1]) : -1;
        int low = i + 2 < len ? hex_digit(s[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return false;
        }
        out[to++] = (char)(high * 16 + low);
        i += 2;
    }
    out[to] = '\0';
    *n = to;
    return true;
}

void percent_encode(strbuf *out, const char *text, const char *also)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    for (const char *c = text; *c != '\0'; c++) {
        if (strchr(plain, *c) != NULL || strchr(also, *c) != NULL) {
            strbuf_add_char(out, *c);
        } else {
            strbuf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
        }
    }
}
