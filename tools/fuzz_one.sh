#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz_one.sh TARGET SECONDS: runs a libFuzzer target from its corpus in tests/fuzz/corpus/NAME/. New
# inputs stay in the build folder; an input that fails is left there as crash-*.
set -eu
cd "$(dirname "$0")/.."
target=$1
name=$(basename "$target")
work=$(dirname "$target")/$name.work
mkdir -p "$work"
"$target" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$work/" "$work" "tests/fuzz/corpus/$name"
