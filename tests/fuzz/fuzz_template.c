/* SPDX-License-Identifier: Apache-2.0 */
/* Any text is a template or fails with a message and a place; what is one can be filled, with all
 * fields there and with none, and says nothing that was not in it or in the values. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/papers.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void fill(const template_text *t, const char *const *values)
{
    strbuf out;
    strbuf_init(&out, 0);
    for (size_t i = 0; i < t->n; i++) {
        const template_part *p = &t->parts[i];
        for (size_t k = 0; k < p->n; k++) {
            const template_block *b = &p->blocks[k];
            for (size_t c = p->shape->dated ? 1 : 0; c < b->n_cells; c++) {
                const size_t before = out.len;
                const bool said = template_say(&out, t->form, &b->cells[c], values);
                check(said == (out.len > before));
            }
        }
    }
    check(strbuf_status(&out, NULL) == STRATA_OK);
    check(strchr(strbuf_text(&out), '{') == NULL && strchr(strbuf_text(&out), '}') == NULL);
    strbuf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    strata_error err = {0};
    arena *a = NULL;
    const char *all[TEMPLATE_FIELDS_MOST];
    const char *none[TEMPLATE_FIELDS_MOST] = {NULL};
    check(arena_new(&a, &err) == STRATA_OK);
    for (size_t i = 0; i < TEMPLATE_FIELDS_MOST; i++) {
        all[i] = i % 3 == 0 ? "value." : i % 3 == 1 ? "" : "x";
    }
    for (int k = 0; k < PAPER_KINDS; k++) {
        const template_form *form = paper_form((paper_kind)k);
        template_text t = {0};
        if (template_parse(a, form, "fuzz.md", (const char *)bytes, len, &t, &err) == STRATA_OK) {
            fill(&t, all);
            fill(&t, none);
        } else {
            check(strncmp(err.message, "fuzz.md:", 8) == 0);
        }
    }
    arena_free(a);
    return 0;
}
