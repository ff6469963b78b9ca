/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_RULE_TEXT_H
#define STRATA_CLUSTER_RULE_TEXT_H

/* Inside restate: clauses of a tree in the rule language. */

#include "base/strbuf.h"
#include "cluster/features.h"
#include "stats/learning/tree.h"

/* One way to a cluster, "arr >= 25000 and tenure < 90 days"; " or (...)" behind a former one, when
 * `more`. No clause at all: "true". Texts compile to exactly these bounds. */
void rule_text_way(strbuf *out, const cluster_candidate *features, const tree_clause *clauses,
                   size_t n, bool more);

#endif
