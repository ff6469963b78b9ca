/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_UNZIP_H
#define STRATA_TEST_UNZIP_H

#include <stddef.h>

/* The text of one part of a zip file, NUL-terminated, freed with free(); NULL when there is none of
 * that name. */
char *unzip_part(const char *zip, size_t len, const char *name);

#endif
