/* SPDX-License-Identifier: Apache-2.0 */
#include "golden.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/file.h"
#include "strata_test.h"

void assert_golden(const char *name, const char *bytes, size_t len)
{
    char path[1024];
    strata_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", STRATA_GOLDEN_DIR, name);
    const char *update = getenv("STRATA_UPDATE_GOLDEN"); /* NOLINT(concurrency-mt-unsafe) */
    if (update != NULL && strcmp(update, "1") == 0) {
        assert_ok(file_write(path, bytes, len, &err), &err);
        return;
    }
    STRATA_AUTO_FREE char *want = NULL;
    size_t want_len = 0;
    assert_ok(file_read(path, (size_t)1 << 24, &want, &want_len, &err), &err);
    if (want_len != len || memcmp(want, bytes, len) != 0) {
        size_t at = 0;
        while (at < len && at < want_len && want[at] == bytes[at]) {
            at++;
        }
        size_t from = at > 80 ? at - 80 : 0;
        fail_msg("%s differs at byte %zu:\nwant ...%.160s\ngot  ...%.160s", name, at, want + from,
                 bytes + from);
    }
}
