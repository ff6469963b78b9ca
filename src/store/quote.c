/* SPDX-License-Identifier: Apache-2.0 */
#include "store/quote.h"

/* DuckDB knows no escape inside quotes but the doubled quote. */
static void quoted(strbuf *sql, char quote, const char *text)
{
    strbuf_add_char(sql, quote);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == quote) {
            strbuf_add_char(sql, quote);
        }
        strbuf_add_char(sql, *c);
    }
    strbuf_add_char(sql, quote);
}

void sql_ident(strbuf *sql, const char *name)
{
    quoted(sql, '"', name);
}

void sql_literal(strbuf *sql, const char *text)
{
    if (text == NULL) {
        strbuf_add(sql, "null");
    } else {
        quoted(sql, '\'', text);
    }
}
