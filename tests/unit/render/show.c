/* SPDX-License-Identifier: Apache-2.0 */
/* Prints the demo document: show FORMAT [WIDTH] [ROWS] [color|ascii]. Not a test; for looking. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo.h"
#include "render/render.h"

int main(int argc, char **argv)
{
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    render_options options = {.width = argc > 2 ? atoi(argv[2]) : 100,
                              .color = argc > 4 && strcmp(argv[4], "color") == 0,
                              .ascii = argc > 4 && strcmp(argv[4], "ascii") == 0};
    size_t rows = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 12;
    if (argc < 2 || demo_document(rows, &d, &err) != STRATA_OK ||
        render_document(d, render_format_find(argv[1]), &options, &out, &err) != STRATA_OK) {
        (void)fprintf(stderr, "show: %s\n", err.message);
        return 1;
    }
    return fwrite(out.text, 1, out.len, stdout) == out.len ? 0 : 1;
}
