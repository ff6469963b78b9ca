/* SPDX-License-Identifier: Apache-2.0 */
/* A program on libstrata: the segment and ARR of every account of a project, as CSV.
 *
 *     cc segments.c $(pkg-config --cflags --libs strata) -o segments
 *     ./segments FOLDER [DATE]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <strata/strata.h>

static void print_account(const strata_portfolio *p, size_t dimension, size_t account,
                          uint16_t segment, double arr)
{
    const char *label = strata_segment_label(p, dimension, segment);
    printf("%s,%s,", strata_account_id(p, account), label != NULL ? label : "");
    if (!isnan(arr)) {
        printf("%.2f", arr);
    }
    printf("\n");
}

static strata_status print_segments(strata_portfolio *p, strata_date date, strata_error *err)
{
    static const char *const expressions[] = {"arr"};
    size_t n = strata_n_accounts(p);
    size_t dimension = strata_dimension_find(p, NULL);
    uint16_t *segment = malloc((n + 1) * sizeof *segment);
    double *arr = malloc((n + 1) * sizeof *arr);
    strata_status st = STRATA_E_NOMEM;
    if (segment != NULL && arr != NULL) {
        st = strata_segment(p, dimension, &date, 1, segment, err);
        st = st == STRATA_OK ? strata_values(p, expressions, 1, date, arr, err) : st;
    }
    printf("account_id,segment,arr\n");
    for (size_t i = 0; st == STRATA_OK && i < n; i++) {
        print_account(p, dimension, i, segment[i], arr[i]);
    }
    free(segment);
    free(arr);
    return st;
}

int main(int argc, char **argv)
{
    strata_error err = {STRATA_OK, ""};
    strata_options options = STRATA_OPTIONS_INIT;
    strata_portfolio *p = NULL;
    options.folder = argc > 1 ? argv[1] : ".";
    strata_status st = strata_open(&options, &p, &err);
    if (st == STRATA_OK) {
        strata_date date = argc > 2 ? strata_date_parse(argv[2]) : strata_last_date(p);
        st = print_segments(p, date, &err);
    }
    if (st != STRATA_OK) {
        fprintf(stderr, "segments: %s\n", err.message);
    }
    strata_close(p);
    return strata_status_exit_code(st);
}
