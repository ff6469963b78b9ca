/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_RENDER_DEMO_H
#define STRATA_TEST_RENDER_DEMO_H

#include "document/document.h"

/* A document that uses every node, with names that try every renderer. */
strata_status demo_document(size_t n_accounts, document **out, strata_error *err);
/* A section with every form of chart. */
void demo_add_charts(document *d);

#endif
