/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_BRIEF_PARTS_H
#define STRATA_REPORT_BRIEF_PARTS_H

/* Inside the account brief: what its parts share. */

#include "brief/score_change.h"
#include "report/brief/brief.h"
#include "report/report.h"

/* What several parts say something about, found once. */
typedef struct brief_signs {
    const fact_ticket *serious; /* the oldest open one that is high or urgent; NULL: none */
    size_t open_tickets, serious_tickets;
    day champion_left; /* the last one's, when there is none now; DAY_MISSING */
    bool has_champion;
    size_t active_people;
    const fact_answer *nps;          /* the newest with a score; NULL: none */
    const fact_deal *renewal, *talk; /* open: the next renewal, an expansion; NULL: none */
} brief_signs;

enum { BRIEF_GAPS_MOST = 16 };
typedef struct brief_gap {
    const char *part, *remedy;
} brief_gap;

typedef struct brief_growth_facts brief_growth_facts;

typedef struct brief {
    document *d;
    const brief_input *in;
    const view *v;
    const account_facts *f;
    arena *a;
    const char *currency, *name; /* name: escaped */
    score_change health;         /* with in->score */
    brief_signs signs;
    brief_growth_facts *growth;      /* NULL until a part asks for it */
    brief_gap gaps[BRIEF_GAPS_MOST]; /* parts that are left out */
    size_t n_gaps;
} brief;

typedef strata_status brief_part(brief *b, strata_error *err);
brief_part brief_matters, brief_who, brief_value, brief_health, brief_segments, brief_usage,
    brief_people, brief_tickets, brief_renewal, brief_growth, brief_plays, brief_opener, brief_up;

/* The expansion's opener, for an account that is ready; *out NULL: it is not. */
strata_status brief_growth_opener(brief *b, const char **out, strata_error *err);
/* A computed feature of the account today; NaN: missing. */
double brief_number(const brief *b, feature_id feature);
/* A name that rules use (a definition, an attribute); NaN: missing, a text or unknown. */
double brief_named(const brief *b, const char *name);
/* An attribute's text; NULL: missing. */
const char *brief_text(const brief *b, const char *name);
/* Why a feature is not there for anybody: "needs usage"; NULL when the data is there. */
const char *brief_lacks(const brief *b, feature_id feature);
/* Text in b->a; "" when memory ran out, which fails the document. */
const char *brief_say(brief *b, const char *fmt, ...) STRATA_PRINTF(2, 3);
/* A part that is left out for want of data, and what would bring it back; said at the end. Both
 * texts must outlive the page. */
void brief_missing(brief *b, const char *part, const char *remedy);
/* One of the followed lines at month i of BRIEF_MONTHS. */
double brief_line_at(const brief *b, brief_line line, size_t month);
/* Whether the account is worth something today, or nobody knows what accounts are worth. */
bool brief_pays(const brief *b);
/* Days between two days, in words: "today", "3 days", "5 months", "4 years and 2 months". */
words brief_time(int64_t days);

#endif
