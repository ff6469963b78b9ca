#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tidy_one.sh BUILD FILE.c: clang-tidy unless this very text passed before. The text is the file, every
# header of the project and the settings: simple, and right when a header changes.
set -eu
build=$1
file=$2
# Files that this build does not compile (benchmarks, say) have no flags to check with.
grep -qF "\"../$file\"" "$build/compile_commands.json" || exit 0
name=$(printf '%s' "$file" | tr / _)
sum=$({ cat "$file" .clang-tidy && tools/sources.sh | grep '\.h$' | xargs cat; } | sha256sum | cut -c1-32)
[ ! -e "$build/tidy/$name.$sum" ] || exit 0
if ! found=$(clang-tidy -p "$build" --quiet --extra-arg=-Wno-unknown-warning-option "$file" 2>/dev/null); then
    printf '%s\n' "$found"
    exit 1
fi
rm -f "$build/tidy/$name".*
: >"$build/tidy/$name.$sum"
