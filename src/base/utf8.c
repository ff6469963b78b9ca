/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* Bytes that follow the first one of a character; -1: no character begins with it. */
static int followers(unsigned char first)
{
    if (first < 0x80) {
        return 0;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return 1;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        return 2;
    }
    return first >= 0xF0 && first <= 0xF4 ? 3 : -1;
}

/* The second byte's range narrows where a character would be overlong, a surrogate or too large. */
static bool second_is_valid(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return second >= 0x80 && second <= 0xBF;
    }
}

size_t utf8_length(const char *text, size_t left)
{
    const unsigned char *s = (const unsigned char *)text;
    int more = followers(s[0]);
    if (more < 0 || left <= (size_t)more || (more > 0 && !second_is_valid(s[0], s[1]))) {
        return 0;
    }
    for (int k = 2; k <= more; k++) {
        if (s[k] < 0x80 || s[k] > 0xBF) {
            return 0;
        }
    }
    return (size_t)more + 1;
}

bool utf8_is_valid(const char *text, size_t len)
{
    size_t i = 0;
    while (i < len) {
        /* Most text is ASCII: eight bytes at a time. */
        uint64_t eight;
        if (len - i >= sizeof eight) {
            memcpy(&eight, text + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t n = utf8_length(text + i, len - i);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return true;
}

void utf8_mend(char *text)
{
    for (size_t left = strlen(text); left > 0;) {
        size_t n = utf8_length(text, left);
        if (n == 0) {
            *text = '?';
            n = 1;
        }
        text += n;
        left -= n;
    }
}
