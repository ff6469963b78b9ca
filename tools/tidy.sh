#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tidy.sh BUILD JOBS: clang-tidy over src/, tools/ and tests/, except files that passed before and
# whose preprocessed text is the same since. Stamps live in BUILD/tidy/.
set -eu
cd "$(dirname "$0")/.."
build=$1
mkdir -p "$build/tidy"
tools/sources.sh | grep '\.c$' | grep -v '^tests/fuzz/' | xargs -n 1 -P "$2" tools/tidy_one.sh "$build"
