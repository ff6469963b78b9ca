/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_DATA_GLOSSARY_H
#define STRATA_REPORT_DATA_GLOSSARY_H

/* What the figures of tables are, wherever they appear: assets/glossary.txt says it once for each
 * column. */

#include "document/document.h"

/* Gives each column of figures that the glossary knows its definition and inputs. Columns that the
 * report has given an origin of their own keep it. Call when the document is finished. */
void report_glossary(document *d);

#endif
