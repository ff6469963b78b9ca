/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdlib.h>

#include "base/blob.h"
#include "catalogue.h"
#include "model/bind.h"

extern const strata_blob reference_files[]; /* docs/model-reference.md */
#include "model/reference_files.h"          /* made by tools/embed.c */

/* Loads and binds the example at `from`, its first byte. */
static void try_example(const char *from, int line)
{
    static const char fence[] = "\n```\n";
    const char *end = strstr(from, fence);
    assert_non_null(end);
    model *m = NULL;
    bound_model *b = NULL;
    strata_error err = {0};
    if (model_parse("example", from, (size_t)(end - from) + 1, &m, &err) != STRATA_OK ||
        model_bind(m, catalogue, CATALOGUE_N, &b, &err) != STRATA_OK) {
        fail_msg("docs/model-reference.md, example in line %d: %s", line, err.message);
    }
    bound_model_free(b);
    model_free(m);
}

static void every_example_of_the_reference_loads_and_binds(void **state)
{
    (void)state;
    static const char opening[] = "```yaml\n";
    const char *text = (const char *)reference_files[0].data;
    int line = 1;
    int n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        line += *at == '\n';
        if (strncmp(at, opening, strlen(opening)) == 0) {
            try_example(at + strlen(opening), line);
            n++;
        }
    }
    assert_true(n >= 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_the_reference_loads_and_binds),
    };
    return cmocka_run_group_tests_name("model reference", tests, NULL, NULL);
}
