/* SPDX-License-Identifier: Apache-2.0 */
/* Stands in for libFuzzer where the compiler has none: gives each file of the named folders (or
 * each named file) to the target once, and the empty input. Crashes and assertions are the test. */

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/strbuf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { LARGEST_INPUT = 1 << 24 };

static int replay_file(const char *path)
{
    strata_error err = {0};
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    if (file_read(path, LARGEST_INPUT, &text, &len, &err) != STRATA_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    /* A copy of exactly this size: the sanitizer then sees a read of the NUL behind it. */
    STRATA_AUTO_FREE unsigned char *exact = malloc(len > 0 ? len : 1);
    if (exact == NULL) {
        return 1;
    }
    for (size_t i = 0; i < len; i++) {
        exact[i] = (unsigned char)text[i];
    }
    return LLVMFuzzerTestOneInput(exact, len);
}

static int replay_folder(const char *path, DIR *folder, size_t *n)
{
    int failed = 0;
    errno = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        STRBUF_AUTO strbuf file;
        strbuf_init(&file, 0);
        strbuf_printf(&file, "%s/%s", path, entry->d_name);
        failed += replay_file(strbuf_text(&file));
        ++*n;
    }
    return failed;
}

int main(int argc, char **argv)
{
    size_t n = 1;
    int failed = LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) {
        DIR *folder = opendir(argv[i]);
        if (folder == NULL) {
            failed += replay_file(argv[i]);
            n++;
            continue;
        }
        failed += replay_folder(argv[i], folder, &n);
        (void)closedir(folder);
    }
    if (n < 2) {
        (void)fprintf(stderr, "no input: name a corpus\n");
        return EXIT_FAILURE;
    }
    (void)printf("replayed %zu inputs\n", n);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
