#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails when a C file is not as clang-format leaves it; `make format` mends that.
set -eu
cd "$(dirname "$0")/.."
tools/sources.sh | xargs clang-format --dry-run -Werror
