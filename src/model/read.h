/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_READ_H
#define STRATA_MODEL_READ_H

/* From the tree to typed values: a table per mapping says which keys there
 * are and what each must be; all else is a failure with its place. `owner`
 * says in messages whose value it is: "tier 'Growth'"; NULL at the top. */

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "model/yaml.h"

typedef enum field_kind {
    FIELD_TEXT,   /* const char *; not empty */
    FIELD_EXPR,   /* model_expr, not yet parsed */
    FIELD_NUMBER, /* double */
    FIELD_SHARE,  /* double in 0..1 */
    FIELD_DAYS,   /* int, 0 or more, whole */
    FIELD_FLAG,   /* int, 0 or 1 */
    FIELD_CHOICE, /* int, index into choices */
    FIELD_NODE,   /* const yaml_node *, whatever it is */
} field_kind;

typedef struct field {
    const char *key;
    field_kind kind;
    size_t offset;              /* in the target */
    const char *const *choices; /* FIELD_CHOICE, ended by NULL */
} field;
#define FIELD(type, member, key, kind)                                                             \
    {                                                                                              \
        (key), (kind), offsetof(type, member), NULL                                                \
    }
#define CHOICE(type, member, key, choices)                                                         \
    {                                                                                              \
        (key), FIELD_CHOICE, offsetof(type, member), (choices)                                     \
    }

/* Fills the members of `target` whose keys are there; the others stay. */
STRATA_MUST_CHECK strata_status read_fields(const yaml_node *map, const char *owner,
                                            const field *fields, size_t n, void *target,
                                            strata_error *err);

STRATA_MUST_CHECK strata_status read_text(const yaml_node *node, const char *key, const char *owner,
                                          const char **out, strata_error *err);
/* A list of texts as "a, b", or one text. */
STRATA_MUST_CHECK strata_status read_texts(arena *a, const yaml_node *node, const char *key,
                                           const char *owner, const char **out, strata_error *err);
STRATA_MUST_CHECK strata_status read_expr(const yaml_node *node, const char *key, const char *owner,
                                          model_expr *out, strata_error *err);
/* A list or a mapping, or a failure. */
STRATA_MUST_CHECK strata_status read_kind(const yaml_node *node, yaml_kind kind, const char *key,
                                          const char *owner, strata_error *err);

/* A constant of the rule language: "75k", "30 days", "5%", "2026-01-01". */
typedef struct constant {
    double value;
    value_type type; /* anything but VALUE_BOOL and VALUE_TEXT */
} constant;
STRATA_MUST_CHECK strata_status read_constant(const yaml_node *node, const char *key,
                                              const char *owner, constant *out, strata_error *err);
/* The same from the text of a mapping's key or any other expression. */
STRATA_MUST_CHECK strata_status read_constant_text(const model_expr *expr, const char *key,
                                                   const char *owner, constant *out,
                                                   strata_error *err);
/* A plain number. */
STRATA_MUST_CHECK strata_status read_number(const yaml_node *node, const char *key,
                                            const char *owner, double *out, strata_error *err);

/* A name that rules can use: small letters, digits and _, no word of the rule language. */
STRATA_MUST_CHECK strata_status read_check_name(const yaml_entry *entry, const char *what,
                                                strata_error *err);
/* "unknown key 'x' in tier 'y' (did you mean ..?)" */
STRATA_MUST_CHECK strata_status read_fail_unknown(const yaml_entry *entry, const char *owner,
                                                  const char *const *keys, size_t n,
                                                  strata_error *err);

/* The file that a value names, as file_read() has it; STRATA_E_MODEL at the value when it cannot be
 * read. `whose` goes before the reason: "overrides of dimension 'x'"; NULL: nothing does. */
STRATA_MUST_CHECK strata_status read_named_file(yaml_place value, const char *whose,
                                                const char *path, size_t limit, char **out,
                                                size_t *len, strata_error *err);

rule_place place_for_rule(yaml_place place, const char *what);
yaml_place place_from_rule(rule_place place);
/* n zeroed objects; sets err when memory ran out. */
#define READ_NEW(a, n, type, out, err)                                                             \
    ((*(out) = ARENA_NEW((a), (n) + 1, type)) != NULL                                              \
         ? STRATA_OK                                                                               \
         : strata_fail((err), STRATA_E_NOMEM, "out of memory reading the model"))

#endif
