/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_CLONES_H
#define STRATA_BASE_CLONES_H

/* Before a function whose loops run over many numbers: gcc compiles it for wider registers too,
 * with all that it calls inside it, and the program takes what the processor has when it starts.
 * Only arithmetic on each number by itself belongs here, so that every processor finds the same to
 * the last bit. Needs a loader that can choose (glibc); ThreadSanitizer is not set up when it does.
 */

#include <limits.h> /* says which libc: the C library has this one, unlike <stddef.h> */

#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) &&                            \
    !defined(__SANITIZE_THREAD__)
#define STRATA_CLONES                                                                              \
    __attribute__((flatten, target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define STRATA_CLONES
#endif

#endif
