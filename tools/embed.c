/* SPDX-License-Identifier: Apache-2.0 */
/* Build-time tool: turns files into one C table, so that the program needs no
 * data directory.
 *
 *   embed OUT.c TABLE BASE FILE...
 *
 * writes `const strata_blob TABLE[]`, one row per file, named by its path below
 * BASE, ended by a row of zeros. Bytes, not string literals: C17 promises
 * only 4095 characters in a literal. A NUL follows each blob, not counted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what, const char *path)
{
    (void)fprintf(stderr, "embed: %s: %s\n", path, what);
    exit(EXIT_FAILURE); // NOLINT(concurrency-mt-unsafe): there is one thread
}

static size_t put_bytes(FILE *out, const char *path, int id)
{
    FILE *in = fopen(path, "rb");
    if (in == NULL) {
        die("cannot open", path);
    }
    size_t size = 0;
    (void)fprintf(out, "static const unsigned char b%d[] = {", id);
    for (int c = getc(in); c != EOF; c = getc(in)) {
        (void)fprintf(out, "%s%d,", size++ % 20 == 0 ? "\n  " : "", c);
    }
    if (ferror(in)) {
        die("cannot read", path);
    }
    (void)fclose(in);
    (void)fprintf(out, "\n  0};\n");
    return size;
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        die("usage: embed OUT.c TABLE BASE FILE...", argv[0]);
    }
    const char *base = argv[3];
    size_t base_len = strlen(base);
    size_t *sizes = calloc((size_t)argc, sizeof *sizes);
    FILE *out = fopen(argv[1], "wb");
    if (out == NULL || sizes == NULL) {
        die("cannot open", argv[1]);
    }
    (void)fprintf(out, "/* Made by tools/embed.c. */\n#include \"base/blob.h\"\n\n");
    for (int i = 4; i < argc; i++) {
        sizes[i] = put_bytes(out, argv[i], i);
    }
    /* blob.h may declare the table, or the module that it is for: here both are right. */
    (void)fprintf(out, "\n#pragma GCC diagnostic ignored \"-Wredundant-decls\"\n");
    (void)fprintf(out, "extern const strata_blob %s[];\n", argv[2]);
    (void)fprintf(out, "const strata_blob %s[] = {\n", argv[2]);
    for (int i = 4; i < argc; i++) {
        const char *name = strncmp(argv[i], base, base_len) == 0 ? argv[i] + base_len : argv[i];
        (void)fprintf(out, "  {\"%s\", b%d, %zu},\n", name + (*name == '/'), i, sizes[i]);
    }
    (void)fprintf(out, "  {0, 0, 0},\n};\n");
    free(sizes);
    if (fclose(out) != 0) {
        die("cannot write", argv[1]);
    }
    return EXIT_SUCCESS;
}
