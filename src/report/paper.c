/* SPDX-License-Identifier: Apache-2.0 */
#include "report/paper.h"

strata_status paper_fill(document *d, const model *m, paper_kind k, arena *a,
                         const char *const *values, filled_paper *out, strata_error *err)
{
    filled_paper f = {.a = a, .values = values};
    STRATA_TRY(paper_open(m, k, a, &f.paper, err));
    for (size_t i = 0; i < f.paper.form->n_fields; i++) {
        f.safe[i] = values[i] != NULL ? document_escape(d, values[i]) : NULL;
    }
    *out = f;
    return document_status(d, err);
}

strata_status paper_put_part(doc_section *s, const filled_paper *f, const char *part,
                             strata_error *err)
{
    const template_part *p = paper_part(&f->paper, part, NULL);
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (size_t i = 0; p != NULL && i < p->n; i++) {
        strbuf_clear(&text);
        const bool left = template_say(&text, f->paper.form, &p->blocks[i].cells[0], f->safe);
        STRATA_TRY(strbuf_status(&text, err));
        if (left) {
            doc_paragraph(s, "%s", strbuf_text(&text));
        }
    }
    return STRATA_OK;
}

/* --- steps --- */

/* A cell in the arena; *out NULL: nothing of it is left. */
static strata_status say_cell(const filled_paper *f, const template_cell *cell, const char **out,
                              strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    *out = NULL;
    if (!template_say(&text, f->paper.form, cell, f->values)) {
        return strbuf_status(&text, err);
    }
    STRATA_TRY(strbuf_status(&text, err));
    *out = arena_strdup(f->a, strbuf_text(&text));
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

strata_status paper_steps(const filled_paper *f, const template_part *part, const day *days,
                          paper_step *out, size_t *n, strata_error *err)
{
    *n = 0;
    for (size_t i = 0; part != NULL && i < part->n && *n < PAPER_STEPS_MOST; i++) {
        const template_block *b = &part->blocks[i];
        paper_step step = {.on = day_working_from(days[b->day] + b->later)};
        STRATA_TRY(b->n_cells == 3 ? say_cell(f, &b->cells[1], &step.who, err) : STRATA_OK);
        STRATA_TRY(say_cell(f, &b->cells[b->n_cells - 1], &step.what, err));
        if (step.what != NULL) {
            out[(*n)++] = step;
        }
    }
    return STRATA_OK;
}
