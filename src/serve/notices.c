/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/notices.h"

#include "base/percent.h"

enum { LAST_BYTES = 80 }; /* of the sentence that says how many are left out */

void notices_init(notices *n)
{
    strbuf_init(&n->text, NOTICES_HEADER_BYTES);
    n->left_out = 0;
}

void notices_done(notices *n)
{
    strbuf_done(&n->text);
}

static void put(strbuf *out, const char *sentence)
{
    strbuf_add(out, out->len > 0 ? ", " : "");
    percent_encode(out, sentence, " '()/:;=+*@!?&");
}

void notices_add(notices *n, const char *sentence)
{
    STRBUF_AUTO strbuf one;
    strbuf_init(&one, 0);
    put(&one, sentence);
    /* Once one is left out, so are those after it: what is there is the beginning. */
    bool fits = n->left_out == 0 && one.failed == STRATA_OK &&
                n->text.len + one.len + 2 + LAST_BYTES <= NOTICES_HEADER_BYTES;
    if (fits) {
        put(&n->text, sentence);
    } else {
        n->left_out++;
    }
}

void notices_put_kept(notices *n, const char *header)
{
    strbuf_clear(&n->text);
    strbuf_add(&n->text, header);
    n->left_out = 0;
}

const char *notices_header(notices *n)
{
    if (n->left_out > 0) {
        strbuf_printf(&n->text, "%sand %zu more that the command line shows",
                      n->text.len > 0 ? ", " : "", n->left_out);
        n->left_out = 0;
    }
    return n->text.len > 0 && n->text.failed == STRATA_OK ? strbuf_text(&n->text) : NULL;
}
