/* SPDX-License-Identifier: Apache-2.0 */
#include "report/persona/personas.h"
#include "command/ask/persona.h"
#include "command/documents/kinds.h"

strata_status tell_personas(look *l, size_t most, document **out, strata_error *err)
{
    STRATA_AUTO(document_free) document *d = NULL;
    personas p = {0};
    STRATA_TRY(persona_ask(l, &p, err));
    STRATA_TRY(look_document(l, "persona book", "Persona book", &d, err));
    STRATA_TRY(report_persona_book(d, &p, most, err));
    doc_next_step(d, "strata persona SEGMENT");
    doc_next_step(d, "strata accounts --where 'not has_champion'");
    *out = strata_steal(&d);
    return STRATA_OK;
}
