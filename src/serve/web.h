/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_WEB_H
#define STRATA_SERVE_WEB_H

#include "base/blob.h"

/* The workbench as it was built, "index.html" among them; ended by a row without name. */
extern const strata_blob strata_web_files[];

#endif
