/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PROJECT_DRAFT_H
#define STRATA_PROJECT_DRAFT_H

/* A first strata.yaml from guesses about files, for a person to correct. */

#include "base/strbuf.h"
#include "source/guess.h"

/* One question of the intake. */
typedef enum intake_kind { INTAKE_TEXT, INTAKE_LIST, INTAKE_NUMBER, INTAKE_YES_NO } intake_kind;
typedef struct intake_question {
    const char *key;      /* under `business` */
    const char *question; /* as people are asked */
    intake_kind kind;
} intake_question;

enum { INTAKE_QUESTIONS = 17 };
extern const intake_question intake_questions[INTAKE_QUESTIONS];

/* Is it an answer of that kind? "" always is: not answered. */
bool intake_accepts(const intake_question *q, const char *answer);

typedef struct draft {
    const char *folder; /* of the project; an absolute path without links */
    const guess_result *guess;
    const char *const *files;              /* by guess->files: their absolute paths */
    const char *answers[INTAKE_QUESTIONS]; /* NULL or "": not answered */
} draft;

/* The template that goes with what is there: "hybrid", "value", "shop", "behavioral"; NULL when
 * nothing that can be segmented was recognised. */
const char *draft_template(const guess_result *guess);
/* The file: what was recognised as sources, what was not as comments. It loads. */
void draft_write(const draft *d, strbuf *out);

#endif
