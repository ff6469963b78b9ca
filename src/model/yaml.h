/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_YAML_H
#define STRATA_MODEL_YAML_H

/* YAML as a tree that remembers where each value stands. The only place that
 * knows libfyaml. A smaller language than YAML: one document, keys are plain
 * texts and different, no tags, no control characters; anchors and aliases
 * work, within the limit below. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/strbuf.h"

enum {
    YAML_MAX_BYTES = 1 << 20,
    YAML_MAX_DEPTH = 32,         /* of nested lists and mappings; what walks a tree may recurse */
    YAML_MAX_NODES = 100 * 1000, /* with every alias counted as what it stands for */
    YAML_MAX_KEYS = 4096,        /* of one mapping */
};

typedef enum yaml_kind {
    YAML_TEXT, /* a scalar; see `plain` */
    YAML_LIST,
    YAML_MAP,
    YAML_NULL,  /* `null` or `~` written out */
    YAML_EMPTY, /* nothing written at all */
} yaml_kind;

typedef struct yaml_place {
    const char *file; /* as messages name it: "strata.yaml", "template hybrid" */
    int line, column; /* of the first character of the value (behind an opening quote), from 1 */
} yaml_place;

typedef struct yaml_node yaml_node;
typedef struct yaml_entry {
    const char *key;      /* NULL in a list */
    yaml_place key_place; /* in a list: the value's */
    const yaml_node *value;
} yaml_entry;
struct yaml_node {
    yaml_kind kind;
    yaml_place place;
    const char *text;          /* YAML_TEXT */
    const yaml_entry *entries; /* YAML_LIST, YAML_MAP, in file order */
    size_t n;
    size_t size; /* nodes in here, itself counted */
};

/* The document in `bytes`; `file` names it in messages and is kept by reference.
 * All in `a`, nothing points into `bytes`. STRATA_E_MODEL with file, line and column. */
STRATA_MUST_CHECK strata_status yaml_parse(arena *a, const char *file, const char *bytes,
                                           size_t len, const yaml_node **out, strata_error *err);

/* The entry of a mapping; NULL when there is none. */
const yaml_entry *yaml_find(const yaml_node *map, const char *key);
/* Appends a text as one scalar, in double quotes: whatever its bytes are, it reads back as it was.
 */
void yaml_put_text(strbuf *out, const char *text, size_t len);

/* "text", "a list", ... for messages. */
const char *yaml_kind_name(yaml_kind kind);

/* "strata.yaml:3:5: unknown key": a STRATA_E_MODEL failure at a place. */
#define yaml_fail(err, place, ...)                                                                 \
    (yaml_fail_at((err), (place), __VA_ARGS__), (strata_status)STRATA_E_MODEL)
void yaml_fail_at(strata_error *err, yaml_place place, const char *fmt, ...) STRATA_PRINTF(3, 4);

#endif
