/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_H
#define STRATA_H

/** @file strata.h  All of libstrata's public interface. */

#include <strata/error.h>
#include <strata/portfolio.h>
#include <strata/segments.h>
#include <strata/values.h>

STRATA_BEGIN_DECLS

/** "0.1.0", of the library that the program runs with. */
STRATA_API const char *strata_version(void);

STRATA_END_DECLS

#endif
