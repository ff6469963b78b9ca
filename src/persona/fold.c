/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/fold.h"

#include <string.h>

#include "base/utf8.h"

typedef struct range {
    uint32_t from, to;
} range;

static int is_in(uint32_t c, const range *ranges, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (c >= ranges[i].from && c <= ranges[i].to) {
            return 1;
        }
    }
    return 0;
}
#define IS_IN(c, ranges) is_in((c), (ranges), sizeof(ranges) / sizeof *(ranges))

static const range spaces[] = {{0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
                               {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F},
                               {0x205F, 0x205F}, {0x3000, 0x3000}};
static const range nothing[] = {{0xAD, 0xAD},     {0x300, 0x36F},   {0x200B, 0x200F},
                                {0x202A, 0x202E}, {0x2060, 0x2064}, {0xFE00, 0xFE0F},
                                {0xFEFF, 0xFEFF}};
/* Punctuation, signs, digits other than 0 to 9, pictures, letters dressed up as signs, and what is
 * assigned to nobody. */
static const range breaks[] = {
    {0x80, 0xA9},     {0xAB, 0xB4},       {0xB6, 0xB9},       {0xBB, 0xBF},     {0xD7, 0xD7},
    {0xF7, 0xF7},     {0x2B0, 0x2FF},     {0x375, 0x375},     {0x37E, 0x37E},   {0x387, 0x387},
    {0x482, 0x489},   {0x55A, 0x55F},     {0x589, 0x5C7},     {0x5F3, 0x61F},   {0x640, 0x640},
    {0x64B, 0x66D},   {0x6D4, 0x6D4},     {0x6D6, 0x6DD},     {0x6F0, 0x6F9},   {0x7C0, 0x7C9},
    {0x964, 0x970},   {0x9E6, 0x9EF},     {0xA66, 0xA6F},     {0xAE6, 0xAEF},   {0xB66, 0xB6F},
    {0xBE6, 0xBF2},   {0xC66, 0xC6F},     {0xCE6, 0xCEF},     {0xD66, 0xD6F},   {0xE3F, 0xE3F},
    {0xE4F, 0xE5B},   {0xED0, 0xED9},     {0xF01, 0xF3F},     {0x1040, 0x104F}, {0x17D4, 0x17F9},
    {0x1800, 0x1819}, {0x2010, 0x2BFF},   {0x2E00, 0x2E7F},   {0x2FF0, 0x3004}, {0x3007, 0x3030},
    {0xD800, 0xF8FF}, {0xFE10, 0xFE6F},   {0xFF00, 0xFF20},   {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65},
    {0xFFE0, 0xFFFF}, {0x1D000, 0x1FFFF}, {0xE0000, 0x10FFFF}};

/* Base letters of U+00C0 to U+017F; capital letters above are those that are no single letter: A
 * for ae, O for oe, S for ss, T for th, J for ij. */
static const char latin[] = "aaaaaaAceeeeiiiidnooooo*ouuuuyTSaaaaaaAceeeeiiiidnooooo/ouuuuyTy"
                            "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiJJjjkkklllllll"
                            "lllnnnnnnnnnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
_Static_assert(sizeof latin == 0x180 - 0xC0 + 1, "one letter for each character");

static size_t put_utf8(uint32_t c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3F));
        out[2] = (char)(0x80 | (c & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3F));
    out[2] = (char)(0x80 | (c >> 6 & 0x3F));
    out[3] = (char)(0x80 | (c & 0x3F));
    return 4;
}

/* The code point at the start of the bytes and its length; length 0: no well-formed UTF-8 there
 * (RFC 3629). */
static size_t decode(const unsigned char *s, size_t len, uint32_t *out)
{
    size_t n = utf8_length((const char *)s, len);
    if (n == 0) {
        return 0;
    }
    uint32_t c = n == 1 ? s[0] : s[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        c = c << 6 | (s[i] & 0x3FU);
    }
    *out = c;
    return n;
}

static folded_char letter(size_t used, uint32_t c)
{
    folded_char f = {.kind = CHAR_LETTER, .used = used};
    f.len = put_utf8(c, f.text);
    return f;
}

static folded_char fold_latin(size_t used, uint32_t c)
{
    static const char pairs[][4] = {"Aae", "Ooe", "Sss", "Tth", "Jij"};
    char base = latin[c - 0xC0];
    folded_char f = {.kind = CHAR_LETTER, .used = used, .len = 1, .text = {base}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i][0] == base) {
            f.len = 2;
            memcpy(f.text, pairs[i] + 1, 2);
        }
    }
    return f;
}

static folded_char fold_ascii(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') {
        return letter(1, c + 32U);
    }
    if (c >= 'a' && c <= 'z') {
        return letter(1, c);
    }
    if (c >= '0' && c <= '9') {
        return (folded_char){.kind = CHAR_DIGIT, .used = 1, .len = 1, .text = {(char)c}};
    }
    char_kind kind = c == '\'' || c == '`'                               ? CHAR_JOINER
                     : c == '-' || c == '_'                              ? CHAR_HYPHEN
                     : c == ' ' || c == '\t' || (c >= '\n' && c <= '\r') ? CHAR_SPACE
                                                                         : CHAR_BREAK;
    return (folded_char){.kind = kind, .used = 1};
}

static uint32_t lower(uint32_t c)
{
    if ((c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) {
        return c + 32;
    }
    if (c >= 0x400 && c <= 0x40F) {
        return c + 80;
    }
    if (c >= 0xFF21 && c <= 0xFF3A) {
        return c - 0xFF21 + 'a';
    }
    return c >= 0xFF41 && c <= 0xFF5A ? c - 0xFF41 + 'a' : c;
}

folded_char fold_char(const char *bytes, size_t len)
{
    uint32_t c = 0;
    size_t used = decode((const unsigned char *)bytes, len, &c);
    if (used == 0) {
        return (folded_char){.kind = CHAR_BREAK, .used = 1};
    }
    if (c < 0x80) {
        return fold_ascii((unsigned char)c);
    }
    folded_char f = {.used = used};
    if (IS_IN(c, spaces)) {
        f.kind = CHAR_SPACE;
    } else if (IS_IN(c, nothing)) {
        f.kind = CHAR_NOTHING;
    } else if (c == 0x2018 || c == 0x2019 || c == 0x2BC || c == 0xB4) {
        f.kind = CHAR_JOINER;
    } else if (c >= 0x2010 && c <= 0x2012) {
        f.kind = CHAR_HYPHEN;
    } else if (IS_IN(c, breaks)) {
        f.kind = CHAR_BREAK;
    } else if (c >= 0xC0 && c <= 0x17F) {
        return fold_latin(used, c);
    } else {
        return letter(used, lower(c));
    }
    return f;
}
