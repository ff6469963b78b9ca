/* SPDX-License-Identifier: Apache-2.0 */
#include "command/saved.h"

#include <string.h>

void call_tell_saved(const call *c, document *d, doc_section *s, const model *m,
                     const call_saved *saved)
{
    const saved_files *f = saved->files;
    if (f->known) {
        doc_paragraph(s, "The model reads it already.");
        doc_next_step(d, arena_printf(c->arena, "strata segments %s", saved->name));
    } else {
        bool custom = strcmp(m->template_name, "custom") == 0;
        doc_paragraph(s,
                      "To use it, add `%s` to `extends` in `strata.yaml`, for example: "
                      "`extends: [%s%s%s]`.",
                      f->yaml, custom ? "" : m->template_name, custom ? "" : ", ", f->yaml);
    }
    if (m->population.text != NULL) {
        doc_note(s, "note",
                 saved->list
                     ? "The model segments accounts of its population only (%s): others of the "
                       "list are counted under '%s'."
                     : "The model segments accounts of its population only (%s): all others are "
                       "counted under '%s'.",
                 document_escape(d, m->population.text), document_escape(d, m->outside_label));
    }
}
