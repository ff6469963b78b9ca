/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_EXPORT_H
#define STRATA_EXPORT_H

/** @file export.h  Decorations of public prototypes. */

#ifdef __cplusplus
#define STRATA_BEGIN_DECLS extern "C" {
#define STRATA_END_DECLS }
#else
#define STRATA_BEGIN_DECLS
#define STRATA_END_DECLS
#endif

#define STRATA_API __attribute__((visibility("default")))
#define STRATA_MUST_CHECK __attribute__((warn_unused_result))
#define STRATA_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

#endif
