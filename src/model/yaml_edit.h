/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_YAML_EDIT_H
#define STRATA_MODEL_YAML_EDIT_H

/* Where parts of a tree stand in the bytes it was read from, so that a value can be changed and
 * comments and layout stay. Private to src/model. What these cannot tell they refuse, with
 * STRATA_E_MODEL at the place: it is then to be changed by hand. */

#include "model/yaml.h"

typedef struct yaml_bytes {
    const char *file; /* as messages name it */
    const char *text;
    size_t len;
} yaml_bytes;

typedef struct yaml_span {
    size_t at, end; /* bytes */
} yaml_span;

/* The bytes of the file that are `part` of the scalar `value` at the place, however it is quoted or
 * broken into lines. */
STRATA_MUST_CHECK strata_status yaml_find_bytes(const yaml_bytes *y, yaml_place place,
                                                const char *value, yaml_span part, yaml_span *out,
                                                strata_error *err);

/* The whole lines of a key with its value in block style, the key first on its line. */
STRATA_MUST_CHECK strata_status yaml_find_block(const yaml_bytes *y, yaml_place key, yaml_span *out,
                                                strata_error *err);

/* Appends the lines with their indentation changed so that the first one stands at `indent`. */
void yaml_put_block(strbuf *out, const char *block, size_t len, size_t indent);

#endif
