/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RULE_EVAL_H
#define STRATA_RULE_EVAL_H

/* Walks a checked tree over one block of accounts. Private to src/rule. */

#include "rule/kernels.h"

/* Accounts start .. start + n - 1 of a frame; n is at most KERNEL_BLOCK. */
typedef struct eval_block {
    const rule_input *in;
    const rule_frame *frame; /* the one that names are read from */
    size_t start, n;
} eval_block;

/* `mem`: eval_scratch_bytes(root) bytes, aligned for doubles. */
size_t eval_scratch_bytes(const node *n);
void eval_truth(const node *n, const eval_block *b, truth *out, unsigned char *mem);
/* `buffer` of n doubles; the result is in it or in a column. */
const double *eval_amount(const node *n, const eval_block *b, double *buffer, unsigned char *mem);
const int32_t *eval_code(const node *n, const eval_block *b, int32_t *buffer, unsigned char *mem);

#endif
