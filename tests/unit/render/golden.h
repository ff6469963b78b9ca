/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_GOLDEN_H
#define STRATA_TEST_GOLDEN_H

#include <stddef.h>

/* Fails the test when `bytes` differ from tests/golden/render/NAME. With
 * STRATA_UPDATE_GOLDEN=1 in the environment the file is written instead. */
void assert_golden(const char *name, const char *bytes, size_t len);

#endif
