/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_CODE_H
#define STRATA_SEGMENT_CODE_H

#include <stdint.h>

/* Which segment of a dimension an account is in: an index into
 * bound_segments(), or one of the two reserved codes. */
typedef uint16_t segment_code;

enum {
    SEGMENT_ABSENT = 65535,      /* the account does not exist yet at that date */
    SEGMENT_OUTSIDE = 65534,     /* exists, but is outside the model's population */
    SEGMENT_OTHER_MODEL = 65533, /* only in records: a segment that the present model has not */
    SEGMENTS_MAX = 65000
};

#endif
