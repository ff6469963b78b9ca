#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Fails on what the compilers and clang-tidy do not see: banned functions, SQL in C, printing from
# the library, left-overs, missing licence lines, sources that no build file names, modules without
# a README.
set -eu
cd "$(dirname "$0")/.."
status=0
fail() {
    echo "$*" >&2
    status=1
}
# forbid WHY PATTERN FILE...: no line may match. Comments may name a function as `name()`.
forbid() {
    why=$1
    pattern=$2
    shift 2
    [ $# -gt 0 ] || return 0
    if found=$(grep -nHE -- "$pattern" "$@"); then
        echo "$found" >&2
        fail "^ $why"
    fi
}

files=$(git ls-files --cached --others --exclude-standard -- . 2>/dev/null | grep . || find . -type f)
# A file that was deleted but not yet committed is still listed.
existing() { while read -r file; do [ -f "$file" ] && echo "$file"; done; }
c_files=$(echo "$files" | grep -E '\.[ch]$' | existing)
library=$(echo "$c_files" | grep -E '^(src|include)/')
shipped=$(echo "$c_files" | grep -E '^(src|include|tools|bench)/')
not_cli=$(echo "$library" | grep -v '^src/cli/')
texts=$(echo "$files" | grep -E '\.([ch]|def|sql|sh|py|md|yaml|build|css)$|^Makefile$|^scripts/|^\.ci/' |
    grep -v '^tests/golden/' | existing)

# shellcheck disable=SC2086 # the lists are meant to be split
{
    forbid 'writes without a bound, or splits in place: use base/strbuf.h or snprintf' \
        '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|strtok_r|alloca|scanf|sscanf)\([^)]' $shipped
    forbid 'shares a static buffer or depends on the locale: use base/day.h and base/number.h' \
        '\b(gmtime|localtime|ctime|asctime|strftime|setlocale|strerror)\([^)]' $shipped
    forbid 'cannot report a bad number: use number_parse' '\b(atoi|atol|atoll|atof)\(' $shipped
    forbid 'runs a shell' '\b(system|popen)\(' $library
    forbid 'not seeded, so not repeatable: use base/rng.h' '\b(rand|srand|random|drand48)\(' $c_files
    forbid 'only src/cli prints and exits' \
        '\b(printf|puts|putchar|perror|exit|abort)\([^)]|(^|[^/[:alnum:]_])(stdout|stderr)\b' $not_cli
    forbid 'only src/cli and model/environment.c (${VAR} in source paths) read the environment' \
        '\bgetenv\(' $(echo "$not_cli" | grep -v '^src/model/environment.c$')
    forbid 'SQL belongs into sql/, one statement per file' \
        '"[^"]*\b(SELECT .* FROM|INSERT INTO|DELETE FROM|CREATE (OR REPLACE )?(TEMP )?(TABLE|VIEW)|UPDATE .* SET)\b' \
        $(echo "$library" | grep -v '^src/store/quote')
    forbid 'unfinished work is not merged' '\b(TO''DO|FIX''ME|X''XX|HA''CK)\b' $texts
    forbid 'trailing space' '[[:blank:]]+$' $(echo "$texts" | grep -v '\.md$')
    forbid 'tab' "$(printf '\t')" $(echo "$texts" | grep -v '^Makefile$')
}

for file in $(echo "$files" | grep -E '\.([ch]|sh|py)$|^scripts/|^\.ci/' | existing); do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
        fail "$file: the licence line is missing"
done

# A source that no meson.build names is never compiled, and so never checked.
for file in $(echo "$c_files" | grep -E '^(src|tests|tools|bench)/.*\.c$'); do
    folder=$(dirname "$file")
    name=$(basename "$file")
    while :; do
        if [ -f "$folder/meson.build" ] && grep -qF "$name'" "$folder/meson.build"; then
            break
        fi
        [ "$folder" != . ] || {
            fail "$file is named in no meson.build"
            break
        }
        folder=$(dirname "$folder")
    done
done

for folder in $(echo "$library" | sed -n 's,^\(src/[^/]*/\).*,\1,p' | sort -u); do
    [ -f "${folder}README.md" ] || fail "$folder has no README.md"
done

exit $status
