/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_QUOTE_H
#define STRATA_STORE_QUOTE_H

/* The only two ways into SQL made at run time: whatever `text` holds, what is
 * appended is one identifier or one string, never more. (Text ends at its NUL, so
 * it cannot hold one.) */

#include "base/strbuf.h"

void sql_ident(strbuf *sql, const char *name);   /* "a ""b""" */
void sql_literal(strbuf *sql, const char *text); /* 'it''s'; NULL becomes null */

#endif
