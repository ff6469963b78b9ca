#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Lists the project's own C files. Without git (a release archive) they are found by folder.
set -eu
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard -- '*.[ch]' 2>/dev/null | grep . ||
    find include src tests tools bench -name '*.[ch]' 2>/dev/null
