/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohort_review/parts.h"

void review_put_method(const review_page *p)
{
    const early_view *v = &p->r->early;
    doc_section *s = document_section(p->d, NULL, "method", "How it was computed");
    doc_bullet(s,
               "The cohort: accounts of %s by %s. They are followed from their first day with "
               "ARR; month m of an account ends on the same day of the month, m months later.",
               p->cohort, SAFE(p->d, p->in->grouping));
    if (p->s->never > 0) {
        doc_bullet(s, "%s of the group had no ARR so far and are left out.",
                   words_things((int64_t)p->s->never, "account").text);
    }
    if (p->s->early > 0) {
        doc_bullet(s,
                   "%s had ARR before the date that their account is said to start on; the "
                   "first day with ARR counts.",
                   words_things((int64_t)p->s->early, "account").text);
    }
    doc_bullet(s, "Logo retention: accounts with ARR at the end of the month over accounts "
                  "followed so long. NRR: their ARR then over their opening ARR, those who came "
                  "back included; GRR: the lower of both, account by account (dialect cohort).");
    doc_bullet(s,
               "Intervals are 95 %%: Wilson for accounts, drawing accounts again for ARR. A gap "
               "to others is clear when its interval does not hold 0 (Newcombe for accounts; "
               "for ARR from both intervals). Rates need %zu accounts.",
               p->s->minimum);
    if (p->s->n_peers > 0) {
        doc_bullet(s, "Set against %s: %s to %s.", p->peers, SAFE(p->d, p->s->peers[0].label),
                   SAFE(p->d, p->s->peers[p->s->n_peers - 1].label));
    }
    if (v->accounts.n > 0) {
        doc_bullet(s,
                   "Early values are those on day 30, 60 and 90 of each account's life, from "
                   "facts up to then%s. Attributes have no date and are not among them; scores "
                   "of the model are computed as of that day by the model of today.",
                   v->late > 0 ? " or, to keep the work in bounds, on the first day after it of a "
                                 "fixed grid"
                               : "");
        if (v->late > 0) {
            doc_bullet(s,
                       "The grid has a day every %d days, so early values are up to %d days "
                       "late; accounts that left in between do not count.",
                       v->late + 1, v->late);
        }
    }
    doc_bullet(s, "Assumptions: benchmarks and targets are those of the model file; the forecast "
                  "takes the months to come to be like those learned from.");
}
