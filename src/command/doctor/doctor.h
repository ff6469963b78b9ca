/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_DOCTOR_DOCTOR_H
#define STRATA_COMMAND_DOCTOR_DOCTOR_H

/* Checks of the surroundings and of a project: each a line with what was found and what to do. */

#include "base/vec.h"
#include "command/command.h"

typedef enum check_state { CHECK_OK, CHECK_WARN, CHECK_FAIL } check_state;

typedef struct check {
    const char *key;  /* stable: "disk" */
    const char *name; /* "Disk space" */
    check_state state;
    const char *found;   /* "41.2 GB free in '.'" */
    const char *remedy;  /* NULL: nothing to do */
    strata_status class; /* of a failure: what the program exits with */
} check;

typedef struct checkup {
    call *c;
    VEC(check) checks;
    bool out_of_memory;
} checkup;

void checkup_done(checkup *u);
/* Adds a check; texts are printed into the command's arena. */
void checkup_add(checkup *u, const char *key, const char *name, check_state state,
                 const char *remedy, const char *fmt, ...) STRATA_PRINTF(6, 7);
/* The same for something that failed, with the error's own words and class. */
void checkup_add_error(checkup *u, const char *key, const char *name, const char *remedy,
                       const strata_error *err);

/* The machine and the program: versions, processors, memory, what reports need. */
void checkup_surroundings(checkup *u);
/* The folder of --project: model, sources, store, disk. */
void checkup_project(checkup *u);

#endif
