/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_PLAYBOOK_H
#define STRATA_MODEL_PLAYBOOK_H

/* Playbooks as files: what to do for an account when something happens to it. Those that Strata
 * ships are embedded; a model names which it wants (`playbooks: [save, plays/own.yaml]`), or gets
 * all shipped ones. docs/model-reference.md describes the file. */

#include "model/model.h"

enum { PLAYBOOK_DAYS_MOST = 365, PLAYBOOK_STEPS_MOST = 64 };

typedef struct playbook_step {
    const char *key, *title;
    const char *owner; /* "csm", "manager", ... as written */
    int due_days;      /* after the play begins */
    double minutes;    /* NaN: not stated */
} playbook_step;

typedef struct playbook {
    const char *name, *title, *about; /* about may be NULL */
    model_expr trigger;               /* the play begins on the day this turns true */
    model_expr exit;                  /* and ends early when this is; text NULL: never */
    int again_days;                   /* from one begin to the next at least */
    int priority;                     /* 1 first .. 9 last */
    const char *const *replaces;      /* playbooks whose plays end when this one begins */
    size_t n_replaces;
    const playbook_step *steps; /* at least one, due days ascending */
    size_t n_steps;
    model_expr measure; /* what the play is for; text NULL: not stated */
    int measure_days;   /* looked at so many days after it began */
    bool shipped;
} playbook;

typedef struct playbook_list {
    const playbook *items;
    size_t n;
} playbook_list;

/* The model's playbooks, in `a`. STRATA_E_MODEL with file, line and column; STRATA_E_IO. */
STRATA_MUST_CHECK strata_status playbooks_load(const model *m, arena *a, playbook_list *out,
                                               strata_error *err);
/* One from bytes; `file` is for messages and is kept by reference. */
STRATA_MUST_CHECK strata_status playbook_parse(arena *a, const char *file, const char *yaml,
                                               size_t len, playbook *out, strata_error *err);

#endif
