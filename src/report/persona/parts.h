/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PERSONA_PARTS_H
#define STRATA_REPORT_PERSONA_PARTS_H

/* Parts of a persona's page. Each says in a line what is missing when it has nothing to show. */

#include "report/persona/personas.h"
#include "report/report.h"

typedef struct persona_page {
    document *d;
    const personas *p;
    const segment_profile *s; /* the persona */
    const view *v;
    const char *currency;
    doc_section *parent;
} persona_page;

persona_page persona_page_of(document *d, doc_section *parent, const personas *p,
                             const segment_profile *s);
/* "64 of 120 (53.3 %)"; without the rate where too few bear one. */
words persona_counted(size_t hits, size_t of, double minimum);
/* The same of the model's minimum number of accounts. */
words persona_share(const personas *p, size_t hits, size_t of);
/* "Not enough data (7 accounts with tickets, 30 needed)." as a paragraph. */
void persona_too_few(doc_section *s, const personas *p, size_t accounts, const char *what);
/* The persona in a line, out of its facts. */
void persona_portrait(strbuf *out, const personas *p, const segment_profile *s);

void persona_firmographics(const persona_page *x);
void persona_pains(const persona_page *x);
void persona_goals(const persona_page *x);
void persona_leans(const persona_page *x);
void persona_engagement(const persona_page *x);
void persona_committee(const persona_page *x);
void persona_buyers(const persona_page *x);
void persona_decisions(const persona_page *x);
void persona_worth(const persona_page *x);
void persona_plays(const persona_page *x);

void persona_role_map(document *d, const personas *p);
void persona_anti(document *d, const personas *p);
void persona_gaps(document *d, const personas *p, size_t most);
void persona_method(document *d, const personas *p);

#endif
