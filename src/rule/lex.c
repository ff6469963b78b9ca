/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/lex.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of any script: the bytes above ASCII are taken as they come. */
static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static char at_or_nul(const source *s, size_t at)
{
    if (at < s->len) {
        return s->text[at];
    }
    return '\0';
}

/* A dot belongs to a word only between two of its characters. */
static size_t word_end(const source *s, size_t at)
{
    size_t i = at;
    for (;;) {
        char c = at_or_nul(s, i);
        char after = at_or_nul(s, i + 1);
        bool dotted = c == '.' && i > at && (starts_word(after) || is_digit(after));
        if (!starts_word(c) && !is_digit(c) && !dotted) {
            return i;
        }
        i++;
    }
}

static size_t skip_space(const source *s, size_t at)
{
    while (at < s->len && is_space(s->text[at])) {
        at++;
    }
    return at;
}

static size_t skip_digits(const source *s, size_t at)
{
    while (is_digit(at_or_nul(s, at))) {
        at++;
    }
    return at;
}

static bool looks_like_date(const source *s, size_t at)
{
    static const char shape[] = "dddd-dd-dd";
    for (size_t i = 0; shape[i] != '\0'; i++) {
        char c = at_or_nul(s, at + i);
        if (shape[i] == 'd' ? !is_digit(c) : c != '-') {
            return false;
        }
    }
    return !is_digit(at_or_nul(s, at + sizeof shape - 1));
}

static strata_status lex_date(const source *s, token *t, strata_error *err)
{
    day d;
    t->end = t->at + 10;
    if (!day_parse_iso(s->text + t->at, 10, &d)) {
        return source_fail(s, t->at, NULL, err, "%.10s is not a day of the calendar",
                           s->text + t->at);
    }
    t->kind = TOKEN_NUMBER;
    t->unit = UNIT_DATE;
    t->number = d;
    return STRATA_OK;
}

static number_unit duration_unit(const source *s, size_t at, size_t end)
{
    static const struct {
        const char *word;
        number_unit unit;
    } words[] = {{"day", UNIT_DAYS},    {"days", UNIT_DAYS},    {"week", UNIT_WEEKS},
                 {"weeks", UNIT_WEEKS}, {"month", UNIT_MONTHS}, {"months", UNIT_MONTHS},
                 {"year", UNIT_YEARS},  {"years", UNIT_YEARS}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (text_equal_folded_n(s->text + at, end - at, words[i].word)) {
            return words[i].unit;
        }
    }
    return UNIT_NONE;
}

/* End of "12", "12.5", ".5", "1e6"; the number in the bytes from `at`. */
static size_t decimal_end(const source *s, size_t at)
{
    size_t i = skip_digits(s, at);
    if (at_or_nul(s, i) == '.' && is_digit(at_or_nul(s, i + 1))) {
        i = skip_digits(s, i + 1);
    }
    char e = at_or_nul(s, i);
    if (e == 'e' || e == 'E') {
        char sign = at_or_nul(s, i + 1);
        size_t digits = i + 1 + (sign == '+' || sign == '-');
        if (is_digit(at_or_nul(s, digits))) {
            i = skip_digits(s, digits);
        }
    }
    return i;
}

/* Value of the decimal in [at, end) times ten to the `power`, rounded once: so
 * 0.1% is the double nearest to 0.001. */
static bool scaled_value(const source *s, size_t at, size_t end, int power, double *out)
{
    char text[60];
    size_t mantissa = at;
    while (mantissa < end && s->text[mantissa] != 'e' && s->text[mantissa] != 'E') {
        mantissa++;
    }
    int exponent = 0;
    for (size_t i = mantissa + 1; i < end; i++) {
        if (is_digit(s->text[i]) && exponent < 10000) {
            exponent = exponent * 10 + (s->text[i] - '0');
        }
    }
    if (mantissa + 1 < end && s->text[mantissa + 1] == '-') {
        exponent = -exponent;
    }
    int len = snprintf(text, sizeof text, "%.*se%d", (int)(mantissa - at), s->text + at,
                       exponent + power);
    return len > 0 && (size_t)len < sizeof text && number_parse(text, (size_t)len, out);
}

/* Reads "k", "M" or "%" behind a number: the power of ten it stands for. */
static size_t lex_suffix(const source *s, size_t at, token *t, int *power)
{
    size_t percent = skip_space(s, at);
    if (at_or_nul(s, percent) == '%') {
        t->unit = UNIT_PERCENT;
        *power = -2;
        return percent + 1;
    }
    if (word_end(s, at) == at + 1) {
        char c = s->text[at];
        *power = c == 'k' || c == 'K' ? 3 : c == 'M' ? 6 : 0;
        return *power != 0 ? at + 1 : at;
    }
    return at;
}

static strata_status lex_number(const source *s, token *t, strata_error *err)
{
    int power = 0;
    size_t digits_end = decimal_end(s, t->at);
    size_t i = lex_suffix(s, digits_end, t, &power);
    size_t word = skip_space(s, i);
    size_t end = word_end(s, word);
    number_unit unit = t->unit == UNIT_NONE ? duration_unit(s, word, end) : UNIT_NONE;
    if (unit != UNIT_NONE) {
        t->unit = unit;
        i = end;
    } else if (word == i && end > word) {
        return source_fail(s, word, "write k, M, %, days, weeks, months or years", err,
                           "unknown unit '%.*s' after %.*s",
                           end - word < 40 ? (int)(end - word) : 40, s->text + word,
                           digits_end - t->at < 40 ? (int)(digits_end - t->at) : 40,
                           s->text + t->at);
    }
    t->kind = TOKEN_NUMBER;
    t->end = i;
    if (!scaled_value(s, t->at, digits_end, power, &t->count)) {
        return source_fail(s, t->at, NULL, err, "number %.40s%s is too long or too large",
                           s->text + t->at, t->end - t->at > 40 ? "..." : "");
    }
    double days = unit_days(t->unit);
    t->number = days > 0 ? t->count * days : t->count;
    return STRATA_OK;
}

/* A quote inside is written twice: 'it''s'. */
static strata_status lex_text(const source *s, token *t, strata_error *err)
{
    char quote = s->text[t->at];
    for (size_t i = t->at + 1; i < s->len; i++) {
        if (s->text[i] != quote) {
            continue;
        }
        if (at_or_nul(s, i + 1) != quote) {
            t->kind = TOKEN_TEXT;
            t->end = i + 1;
            return STRATA_OK;
        }
        i++;
    }
    return source_fail(s, t->at, "close it with the quote it starts with", err,
                       "text starts here and does not end");
}

static strata_status lex_compare(const source *s, token *t, strata_error *err)
{
    static const struct {
        const char *text;
        compare_op op;
    } ops[] = {{"==", COMPARE_EQ}, {"!=", COMPARE_NE}, {"<>", COMPARE_NE}, {"<=", COMPARE_LE},
               {">=", COMPARE_GE}, {"=", COMPARE_EQ},  {"<", COMPARE_LT},  {">", COMPARE_GT}};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        size_t len = strlen(ops[i].text);
        if (s->len - t->at >= len && memcmp(s->text + t->at, ops[i].text, len) == 0) {
            t->kind = TOKEN_COMPARE;
            t->op = ops[i].op;
            t->end = t->at + len;
            return STRATA_OK;
        }
    }
    return source_fail(s, t->at, "write not, or != for unequal", err, "'!' is not a word here");
}

static strata_status lex_sign(const source *s, token *t, strata_error *err)
{
    static const char signs[] = "+-*/(),";
    char c = s->text[t->at];
    const char *found = strchr(signs, c);
    t->end = t->at + 1;
    if (c != '\0' && found != NULL) {
        t->kind = (token_kind)(TOKEN_PLUS + (found - signs));
        return STRATA_OK;
    }
    const char *hint = c == '&'   ? "write and"
                       : c == '|' ? "write or"
                       : c == '$' ? "write the number alone: the currency is the model's"
                                  : NULL;
    if ((unsigned char)c < ' ' || c == 0x7f) {
        return source_fail(s, t->at, NULL, err, "byte 0x%02x is not part of the rule language",
                           (unsigned)c);
    }
    return source_fail(s, t->at, hint, err, "'%c' is not part of the rule language", c);
}

static strata_status lex_by_first(const source *s, token *t, strata_error *err)
{
    char c = s->text[t->at];
    if (is_digit(c) || (c == '.' && is_digit(at_or_nul(s, t->at + 1)))) {
        return looks_like_date(s, t->at) ? lex_date(s, t, err) : lex_number(s, t, err);
    }
    if (starts_word(c)) {
        t->kind = TOKEN_WORD;
        t->end = word_end(s, t->at);
        return STRATA_OK;
    }
    if (c == '\'' || c == '"') {
        return lex_text(s, t, err);
    }
    bool relation = c == '=' || c == '!' || c == '<' || c == '>';
    return relation ? lex_compare(s, t, err) : lex_sign(s, t, err);
}

strata_status lex_token(const source *s, size_t at, token *out, strata_error *err)
{
    token t = {.kind = TOKEN_END, .at = skip_space(s, at)};
    t.end = t.at;
    if (t.at < s->len) {
        STRATA_TRY(lex_by_first(s, &t, err));
    }
    *out = t;
    return STRATA_OK;
}

bool token_is(const source *s, const token *t, const char *keyword)
{
    return t->kind == TOKEN_WORD && text_equal_folded_n(s->text + t->at, t->end - t->at, keyword);
}

bool token_is_reserved(const source *s, const token *t)
{
    static const char *const words[] = {"and",     "or",     "not", "between", "in",    "is",
                                        "missing", "turned", "for", "true",    "false", "today"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (token_is(s, t, words[i])) {
            return true;
        }
    }
    return false;
}
