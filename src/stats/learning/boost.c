/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/learning/boost.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <xgboost/c_api.h>

#include "base/number.h"
#include "base/rng.h"
#include "stats/learning/boost_bytes.h"

struct boost {
    BoosterHandle trees; /* NULL when no round was kept */
    boost_summary summary;
};

/* A handle of XGBoost that is let go at the end of its block. */
static void matrix_done(DMatrixHandle *m)
{
    if (*m != NULL) {
        (void)XGDMatrixFree(*m);
    }
}

static void booster_done(BoosterHandle *b)
{
    if (*b != NULL) {
        (void)XGBoosterFree(*b);
    }
}

/* What XGBoost says comes as "[time] file.cc:123: what it is\nstack ...": only what it is. */
static strata_status fail_by_xgboost(const char *doing, strata_error *err)
{
    const char *text = XGBGetLastError();
    const char *close = text[0] == '[' ? strchr(text, ']') : NULL;
    text = close == NULL ? text : close + 1;
    const char *source = strstr(text, ".cc:");
    source = source == NULL ? strstr(text, ".h:") : source;
    const char *colon = source == NULL ? NULL : strstr(source, ": ");
    text = colon == NULL ? text : colon + 2;
    text += strspn(text, " \n");
    return strata_fail(err, STRATA_E_INTERNAL, "%s: xgboost says: %.*s", doing,
                       (int)strcspn(text, "\n"), text);
}

#define TRY_XGBOOST(doing, call)                                                                   \
    do {                                                                                           \
        if ((call) != 0) {                                                                         \
            return fail_by_xgboost((doing), err);                                                  \
        }                                                                                          \
    } while (0)

/* Nothing may be printed, and one thread makes the sums come out the same everywhere. */
static strata_status be_quiet(BoosterHandle trees, strata_error *err)
{
    TRY_XGBOOST("setting up", XGBSetGlobalConfig("{\"verbosity\": 0}"));
    if (trees != NULL) {
        TRY_XGBOOST("setting up", XGBoosterSetParam(trees, "nthread", "1"));
    }
    return STRATA_OK;
}

boost_options boost_defaults(void)
{
    return (boost_options){.max_rounds = 500,
                           .patience = 30,
                           .max_depth = 3,
                           .learning_rate = 0.05,
                           .min_child_weight = 5.0,
                           .l2 = 5.0,
                           .row_share = 0.8,
                           .feature_share = 0.8};
}

/* ---- Checks ---- */

static strata_status check_options(const boost_options *o, strata_error *err)
{
    if (o->max_rounds < 1 || o->max_rounds > BOOST_ROUNDS_MAX || o->patience < 1) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%zu rounds with a patience of %zu; 1 to %d and 1 or more are possible",
                           o->max_rounds, o->patience, BOOST_ROUNDS_MAX);
    }
    if (o->max_depth < 1 || o->max_depth > BOOST_DEPTH_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "trees of depth %zu; 1 to %d are possible",
                           o->max_depth, BOOST_DEPTH_MAX);
    }
    const double shares[] = {o->learning_rate, o->row_share, o->feature_share};
    const char *names[] = {"learning rate", "share of rows", "share of features"};
    for (size_t i = 0; i < 3; i++) {
        if (!(shares[i] > 0.0 && shares[i] <= 1.0)) {
            return strata_fail(err, STRATA_E_USAGE, "a %s of %g; it must be above 0 and at most 1",
                               names[i], shares[i]);
        }
    }
    if (!(o->min_child_weight >= 0.0 && o->l2 >= 0.0) || !isfinite(o->min_child_weight + o->l2)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a least leaf of %g and a ridge of %g; both must be 0 or more",
                           o->min_child_weight, o->l2);
    }
    return STRATA_OK;
}

static double weight_of(const boost_data *data, size_t i)
{
    return data->weight == NULL ? 1.0 : data->weight[i];
}

static strata_status check_rows(const boost_data *data, const char *of, strata_error *err)
{
    size_t rows[2] = {0};
    for (size_t i = 0; i < data->n; i++) {
        double weight = weight_of(data, i);
        if (data->y[i] > 1) {
            return strata_fail(err, STRATA_E_DATA,
                               "the outcome of row %zu for %s is %d; it must be 0 or 1", i, of,
                               data->y[i]);
        }
        if (!(weight >= 0.0 && weight <= (double)FLT_MAX)) {
            return strata_fail(
                err, STRATA_E_DATA,
                "the weight of row %zu for %s is %g; it must be 0 or more and finite", i, of,
                weight);
        }
        rows[data->y[i]] += weight > 0.0;
    }
    if (rows[0] == 0 || rows[1] == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "all %zu outcomes for %s are %d; rows of both outcomes are needed",
                           rows[0] + rows[1], of, rows[1] > 0);
    }
    return STRATA_OK;
}

static strata_status check_sets(const boost_data *train, const boost_data *validation,
                                strata_error *err)
{
    if (train->d < 1 || train->d > BOOST_FEATURES_MAX || validation->d != train->d) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%zu features for training and %zu for validation; the same number, 1 "
                           "to %d, is needed",
                           train->d, validation->d, BOOST_FEATURES_MAX);
    }
    STRATA_TRY(check_rows(train, "training", err));
    return check_rows(validation, "validation", err);
}

/* ---- To XGBoost's matrices ---- */

/* A new array of n x d single-precision values; the caller frees. */
static strata_status narrow(const double *x, size_t n, size_t d, float **out, strata_error *err)
{
    STRATA_AUTO_FREE float *narrowed = strata_alloc_array(n, d * sizeof(float));
    if (narrowed == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows of %zu features", n, d);
    }
    for (size_t i = 0; i < n * d; i++) {
        if (fabs(x[i]) > (double)FLT_MAX) {
            return strata_fail(err, STRATA_E_DATA,
                               "row %zu of feature %zu is %g, too large to compute with", i / d,
                               i % d, x[i]);
        }
        narrowed[i] = (float)x[i];
    }
    *out = strata_steal(&narrowed);
    return STRATA_OK;
}

static strata_status matrix_of(const double *x, size_t n, size_t d, DMatrixHandle *out,
                               strata_error *err)
{
    STRATA_AUTO_FREE float *values = NULL;
    STRATA_TRY(narrow(x, n, d, &values, err));
    TRY_XGBOOST("taking rows", XGDMatrixCreateFromMat(values, n, d, NAN, out));
    return STRATA_OK;
}

/* Rows with their outcomes and weights. */
static strata_status labelled(const boost_data *data, DMatrixHandle *out, strata_error *err)
{
    STRATA_CLEANUP(matrix_done) DMatrixHandle m = NULL;
    STRATA_TRY(matrix_of(data->x, data->n, data->d, &m, err));
    STRATA_AUTO_FREE float *numbers = STRATA_NEW_ARRAY(data->n, float);
    if (numbers == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu outcomes", data->n);
    }
    for (size_t i = 0; i < data->n; i++) {
        numbers[i] = (float)data->y[i];
    }
    TRY_XGBOOST("taking outcomes", XGDMatrixSetFloatInfo(m, "label", numbers, data->n));
    if (data->weight != NULL) {
        for (size_t i = 0; i < data->n; i++) {
            numbers[i] = (float)data->weight[i];
        }
        TRY_XGBOOST("taking weights", XGDMatrixSetFloatInfo(m, "weight", numbers, data->n));
    }
    *out = strata_steal(&m);
    return STRATA_OK;
}

/* ---- Training ---- */

static strata_status set_number(BoosterHandle trees, const char *name, double value,
                                strata_error *err)
{
    char text[NUMBER_TEXT];
    number_format_exact(value, text);
    TRY_XGBOOST("setting up", XGBoosterSetParam(trees, name, text));
    return STRATA_OK;
}

static strata_status set_up(BoosterHandle trees, const context *cx, const boost_options *o,
                            double base_rate, strata_error *err)
{
    STRATA_TRY(be_quiet(trees, err));
    static const char *const fixed[][2] = {
        {"booster", "gbtree"},
        {"objective", "binary:logistic"},
        {"tree_method", "hist"},
        {"disable_default_eval_metric", "1"},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        TRY_XGBOOST("setting up", XGBoosterSetParam(trees, fixed[i][0], fixed[i][1]));
    }
    rng r;
    rng_init(&r, cx->seed, o->stream);
    uint64_t seed = rng_below(&r, INT32_MAX);
    const struct {
        const char *name;
        double value;
    } numbers[] = {
        {"base_score", base_rate},
        {"max_depth", (double)o->max_depth},
        {"eta", o->learning_rate},
        {"min_child_weight", o->min_child_weight},
        {"lambda", o->l2},
        {"subsample", o->row_share},
        {"colsample_bytree", o->feature_share},
        {"seed", (double)seed},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        STRATA_TRY(set_number(trees, numbers[i].name, numbers[i].value, err));
    }
    return STRATA_OK;
}

/* Weighted mean log loss of margins; of `constant` for all when margin is NULL. */
static double loss_of(const boost_data *data, const float *margin, double constant)
{
    double loss = 0.0;
    double weights = 0.0;
    for (size_t i = 0; i < data->n; i++) {
        double m = margin == NULL ? constant : (double)margin[i];
        double away = data->y[i] ? -m : m;
        double weight = weight_of(data, i);
        loss += weight * (fmax(away, 0.0) + log1p(exp(-fabs(away))));
        weights += weight;
    }
    return loss / weights;
}

/* What comes out for each row of m: `width` numbers a row, in XGBoost's own memory. */
static strata_status foretell(BoosterHandle trees, DMatrixHandle m, const char *config, size_t n,
                              size_t width, const float **out, strata_error *err)
{
    bst_ulong const *shape = NULL;
    bst_ulong dimensions = 0;
    TRY_XGBOOST("predicting",
                XGBoosterPredictFromDMatrix(trees, m, config, &shape, &dimensions, out));
    size_t numbers = 1;
    for (size_t i = 0; i < dimensions; i++) {
        numbers *= shape[i];
    }
    if (numbers != n * width) {
        return strata_fail(err, STRATA_E_INTERNAL,
                           "predicting: xgboost gave %zu numbers for %zu rows", numbers, n);
    }
    return STRATA_OK;
}

#define ROWS_OF(kind)                                                                              \
    "{\"type\": " kind ", \"training\": false, \"iteration_begin\": 0, \"iteration_end\": 0, "     \
    "\"strict_shape\": false}"
static const char margins_wanted[] = ROWS_OF("1");
static const char parts_wanted[] = ROWS_OF("2");

/* Adds trees until the validation has not become better for `patience` rounds. */
static strata_status grow(const context *cx, const boost_options *o, const boost_data *validation,
                          const DMatrixHandle sets[2], BoosterHandle trees, boost_summary *s,
                          strata_error *err)
{
    s->loss = s->loss_base;
    for (size_t round = 0; round < o->max_rounds && round < s->rounds + o->patience; round++) {
        STRATA_TRY(context_check(cx, err));
        TRY_XGBOOST("growing a tree", XGBoosterUpdateOneIter(trees, (int)round, sets[0]));
        const float *margin = NULL;
        STRATA_TRY(foretell(trees, sets[1], margins_wanted, validation->n, 1, &margin, err));
        double loss = loss_of(validation, margin, 0.0);
        s->rounds_run = round + 1;
        if (loss < s->loss) {
            s->loss = loss;
            s->rounds = round + 1;
        }
    }
    return STRATA_OK;
}

/* The trees up to the best round. */
static strata_status keep_best(BoosterHandle trees, boost_summary *s, boost *b, strata_error *err)
{
    if (s->rounds > 0) {
        TRY_XGBOOST("keeping the best trees",
                    XGBoosterSlice(trees, 0, (int)s->rounds, 1, &b->trees));
        STRATA_TRY(be_quiet(b->trees, err));
    }
    b->summary = *s;
    return STRATA_OK;
}

static boost_summary summary_before(const boost_data *train, const boost_data *validation)
{
    boost_summary s = {.d = train->d, .n = train->n, .n_validation = validation->n};
    double weights = 0.0;
    double positive = 0.0;
    for (size_t i = 0; i < train->n; i++) {
        s.n_positive += train->y[i];
        weights += weight_of(train, i);
        positive += train->y[i] ? weight_of(train, i) : 0.0;
    }
    s.base_rate = positive / weights;
    s.loss_base = loss_of(validation, NULL, log(s.base_rate) - log1p(-s.base_rate));
    return s;
}

strata_status boost_train(const context *cx, const boost_data *train, const boost_data *validation,
                          const boost_options *o, boost **out, strata_error *err)
{
    STRATA_TRY(check_options(o, err));
    STRATA_TRY(check_sets(train, validation, err));
    STRATA_AUTO(boost_free) boost *b = STRATA_NEW_ARRAY(1, boost);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for boosted trees");
    }
    boost_summary s = summary_before(train, validation);
    STRATA_TRY(be_quiet(NULL, err));
    STRATA_CLEANUP(matrix_done) DMatrixHandle rows = NULL;
    STRATA_CLEANUP(matrix_done) DMatrixHandle held_out = NULL;
    STRATA_CLEANUP(booster_done) BoosterHandle trees = NULL;
    STRATA_TRY(labelled(train, &rows, err));
    STRATA_TRY(labelled(validation, &held_out, err));
    DMatrixHandle sets[2] = {rows, held_out};
    TRY_XGBOOST("setting up", XGBoosterCreate(sets, 2, &trees));
    STRATA_TRY(set_up(trees, cx, o, s.base_rate, err));
    STRATA_TRY(grow(cx, o, validation, sets, trees, &s, err));
    STRATA_TRY(keep_best(trees, &s, b, err));
    *out = strata_steal(&b);
    return STRATA_OK;
}

void boost_free(boost *b)
{
    if (b != NULL) {
        booster_done(&b->trees);
        free(b);
    }
}

boost_summary boost_summary_of(const boost *b)
{
    return b->summary;
}

/* ---- Predictions ---- */

static double base_margin(const boost *b)
{
    return log(b->summary.base_rate) - log1p(-b->summary.base_rate);
}

strata_status boost_margins(const boost *b, const double *x, size_t n, double *margin,
                            strata_error *err)
{
    STRATA_CLEANUP(matrix_done) DMatrixHandle m = NULL;
    const float *found = NULL;
    if (n > 0 && b->trees != NULL) {
        STRATA_TRY(be_quiet(NULL, err));
        STRATA_TRY(matrix_of(x, n, b->summary.d, &m, err));
        STRATA_TRY(foretell(b->trees, m, margins_wanted, n, 1, &found, err));
    }
    for (size_t i = 0; i < n; i++) {
        margin[i] = found == NULL ? base_margin(b) : (double)found[i];
    }
    return STRATA_OK;
}

/* One row's parts, the rounding of single precision put to the last, so that they add up. */
static strata_status add_up(const float *found, size_t width, double margin, double *part,
                            strata_error *err)
{
    double sum = 0.0;
    double size = 1.0;
    for (size_t j = 0; j < width; j++) {
        part[j] = (double)found[j];
        sum += part[j];
        size += fabs(part[j]);
    }
    if (!(fabs(margin - sum) <= 1e-4 * size)) {
        return strata_fail(err, STRATA_E_INTERNAL,
                           "the parts of a prediction add up to %g, not to %g", sum, margin);
    }
    part[width - 1] += margin - sum;
    return STRATA_OK;
}

strata_status boost_contributions(const boost *b, const double *x, size_t n, double *part,
                                  strata_error *err)
{
    size_t width = b->summary.d + 1;
    if (n == 0 || b->trees == NULL) {
        for (size_t i = 0; i < n * width; i++) {
            part[i] = (i + 1) % width == 0 ? base_margin(b) : 0.0;
        }
        return STRATA_OK;
    }
    STRATA_AUTO_FREE double *margin = STRATA_NEW_ARRAY(n, double);
    STRATA_AUTO_FREE double *parts = STRATA_NEW_ARRAY(n * width, double);
    if (margin == NULL || parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining %zu predictions", n);
    }
    STRATA_TRY(boost_margins(b, x, n, margin, err));
    STRATA_CLEANUP(matrix_done) DMatrixHandle m = NULL;
    STRATA_TRY(matrix_of(x, n, b->summary.d, &m, err));
    const float *found = NULL;
    STRATA_TRY(foretell(b->trees, m, parts_wanted, n, width, &found, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(add_up(&found[i * width], width, margin[i], &parts[i * width], err));
    }
    memcpy(part, parts, n * width * sizeof *part);
    return STRATA_OK;
}

/* ---- Bytes ---- */

strata_status boost_save(const boost *b, arena *a, const unsigned char **bytes, size_t *n_bytes,
                         strata_error *err)
{
    bst_ulong n_trees = 0;
    const char *trees = NULL;
    if (b->trees != NULL) {
        TRY_XGBOOST("writing trees", XGBoosterSaveModelToBuffer(b->trees, "{\"format\": \"ubj\"}",
                                                                &n_trees, &trees));
    }
    return boost_pack(&b->summary, trees, n_trees, a, bytes, n_bytes, err);
}

strata_status boost_load(const unsigned char *bytes, size_t n_bytes, boost **out, strata_error *err)
{
    STRATA_AUTO(boost_free) boost *b = STRATA_NEW_ARRAY(1, boost);
    if (b == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for boosted trees");
    }
    const unsigned char *trees = NULL;
    size_t n_trees = 0;
    STRATA_TRY(boost_unpack(bytes, n_bytes, &b->summary, &trees, &n_trees, err));
    if (b->summary.rounds > 0) {
        TRY_XGBOOST("setting up", XGBoosterCreate(NULL, 0, &b->trees));
        STRATA_TRY(be_quiet(b->trees, err));
        TRY_XGBOOST("reading trees", XGBoosterLoadModelFromBuffer(b->trees, trees, n_trees));
        STRATA_TRY(be_quiet(b->trees, err));
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}
