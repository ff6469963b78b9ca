/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/numeric/linear_program.h"

#include <coin/Cbc_C_Interface.h>
#include <coin/Clp_C_Interface.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

STRATA_DEFINE_AUTO(Clp_Simplex, Clp_deleteModel)

static void cbc_free(void *model)
{
    if (model != NULL) {
        Cbc_deleteModel(model);
    }
}
static void cbc_free_auto(void **model)
{
    cbc_free(*model);
}

/* --- what is asked --- */

static bool is_low(double x)
{
    return isfinite(x) || x < 0.0;
}

static bool is_high(double x)
{
    return isfinite(x) || x > 0.0;
}

static strata_status check_row(const linear_program *lp, size_t r, strata_error *err)
{
    const lp_row *row = &lp->rows[r];
    if (!is_low(row->low) || !is_high(row->high) || row->low > row->high) {
        return strata_fail(err, STRATA_E_USAGE, "row %zu has the limits %g and %g", r, row->low,
                           row->high);
    }
    for (size_t i = 0; i < row->n; i++) {
        if (row->variables[i] >= lp->n_variables || !isfinite(row->weights[i])) {
            return strata_fail(err, STRATA_E_USAGE,
                               "row %zu has the weight %g of variable %zu; there are %zu", r,
                               row->weights[i], row->variables[i], lp->n_variables);
        }
    }
    return STRATA_OK;
}

static strata_status check_program(const linear_program *lp, size_t *n_weights, strata_error *err)
{
    *n_weights = 0;
    if (lp->n_variables == 0) {
        return strata_fail(err, STRATA_E_USAGE, "a programme without variables");
    }
    for (size_t i = 0; i < lp->n_variables; i++) {
        const lp_variable *v = &lp->variables[i];
        if (!isfinite(v->cost) || !is_low(v->low) || !is_high(v->high) || v->low > v->high) {
            return strata_fail(err, STRATA_E_USAGE,
                               "variable %zu has the cost %g and the limits %g and %g", i, v->cost,
                               v->low, v->high);
        }
    }
    for (size_t r = 0; r < lp->n_rows; r++) {
        STRATA_TRY(check_row(lp, r, err));
        *n_weights += lp->rows[r].n;
    }
    if (*n_weights > INT32_MAX || lp->n_variables > INT32_MAX - 1 || lp->n_rows > INT32_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "a programme of more than 2 billion numbers");
    }
    return STRATA_OK;
}

/* The programme by columns, as the solvers take it. */
typedef struct columns {
    int *start, *row;
    double *weight;
    double *low, *high, *cost, *row_low, *row_high;
} columns;

static strata_status put_columns(const linear_program *lp, size_t n_weights, arena *a, columns *out,
                                 strata_error *err)
{
    size_t n = lp->n_variables;
    columns c = {.start = ARENA_NEW(a, n + 2, int),
                 .row = ARENA_NEW(a, n_weights + 1, int),
                 .weight = ARENA_NEW(a, n_weights + 1, double),
                 .low = ARENA_NEW(a, n, double),
                 .high = ARENA_NEW(a, n, double),
                 .cost = ARENA_NEW(a, n, double),
                 .row_low = ARENA_NEW(a, lp->n_rows + 1, double),
                 .row_high = ARENA_NEW(a, lp->n_rows + 1, double)};
    if (!c.start || !c.row || !c.weight || !c.low || !c.high || !c.cost || !c.row_low ||
        !c.row_high) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a programme of %zu variables",
                           n);
    }
    for (size_t i = 0; i < n; i++) {
        c.low[i] = lp->variables[i].low;
        c.high[i] = lp->variables[i].high;
        c.cost[i] = lp->variables[i].cost;
    }
    /* Counted two places behind, so that filling leaves each start where it belongs. */
    for (size_t r = 0; r < lp->n_rows; r++) {
        c.row_low[r] = lp->rows[r].low;
        c.row_high[r] = lp->rows[r].high;
        for (size_t i = 0; i < lp->rows[r].n; i++) {
            c.start[lp->rows[r].variables[i] + 2]++;
        }
    }
    for (size_t i = 2; i < n + 2; i++) {
        c.start[i] += c.start[i - 1];
    }
    for (size_t r = 0; r < lp->n_rows; r++) {
        for (size_t i = 0; i < lp->rows[r].n; i++) {
            int at = c.start[lp->rows[r].variables[i] + 1]++;
            c.row[at] = (int)r;
            c.weight[at] = lp->rows[r].weights[i];
        }
    }
    *out = c;
    return STRATA_OK;
}

/* --- continuous --- */

static strata_status copy_values(const double *from, size_t n, arena *a, double **out,
                                 strata_error *err)
{
    double *to = ARENA_NEW(a, n + 1, double);
    if (to == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a solution");
    }
    if (n > 0) {
        memcpy(to, from, n * sizeof *to);
    }
    *out = to;
    return STRATA_OK;
}

static strata_status solve_continuous(const linear_program *lp, const columns *c, arena *a,
                                      lp_result *out, strata_error *err)
{
    STRATA_AUTO(Clp_deleteModel) Clp_Simplex *model = Clp_newModel();
    if (model == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the solver");
    }
    Clp_setLogLevel(model, 0);
    Clp_loadProblem(model, (int)lp->n_variables, (int)lp->n_rows, c->start, c->row, c->weight,
                    c->low, c->high, c->cost, c->row_low, c->row_high);
    Clp_setOptimizationDirection(model, lp->maximise ? -1.0 : 1.0);
    (void)Clp_initialSolve(model);
    int status = Clp_status(model);
    if (status != 0) {
        out->outcome = status == 1 ? LP_INFEASIBLE : status == 2 ? LP_UNBOUNDED : LP_UNKNOWN;
        return STRATA_OK;
    }
    out->outcome = LP_OPTIMAL;
    out->objective = out->bound = Clp_objectiveValue(model);
    STRATA_TRY(copy_values(Clp_primalColumnSolution(model), lp->n_variables, a, &out->x, err));
    STRATA_TRY(copy_values(Clp_dualRowSolution(model), lp->n_rows, a, &out->price, err));
    return copy_values(Clp_dualColumnSolution(model), lp->n_variables, a, &out->reduced, err);
}

/* --- whole --- */

static void set_limits(const linear_program *lp, void *model)
{
    char text[64];
    Cbc_setLogLevel(model, 0);
    Cbc_setParameter(model, "logLevel", "0");
    (void)snprintf(text, sizeof text, "%.17g", lp->gap);
    Cbc_setParameter(model, "ratioGap", text);
    if (lp->max_nodes > 0) {
        Cbc_setMaximumNodes(model, lp->max_nodes);
    }
    Cbc_setObjSense(model, lp->maximise ? -1.0 : 1.0);
}

static lp_outcome outcome_of(void *model)
{
    if (Cbc_isProvenInfeasible(model)) {
        return LP_INFEASIBLE;
    }
    if (Cbc_isContinuousUnbounded(model)) {
        return LP_UNBOUNDED;
    }
    if (Cbc_numberSavedSolutions(model) == 0) {
        return LP_UNKNOWN;
    }
    return Cbc_isProvenOptimal(model) ? LP_OPTIMAL : LP_STOPPED;
}

static strata_status solve_whole(const linear_program *lp, const columns *c, arena *a,
                                 lp_result *out, strata_error *err)
{
    STRATA_CLEANUP(cbc_free_auto) void *model = Cbc_newModel();
    if (model == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the solver");
    }
    Cbc_loadProblem(model, (int)lp->n_variables, (int)lp->n_rows, c->start, c->row, c->weight,
                    c->low, c->high, c->cost, c->row_low, c->row_high);
    for (size_t i = 0; i < lp->n_variables; i++) {
        if (lp->variables[i].whole) {
            Cbc_setInteger(model, (int)i);
        }
    }
    set_limits(lp, model);
    (void)Cbc_solve(model);
    out->outcome = outcome_of(model);
    if (out->outcome != LP_OPTIMAL && out->outcome != LP_STOPPED) {
        return STRATA_OK;
    }
    out->objective = Cbc_getObjValue(model);
    out->bound = Cbc_getBestPossibleObjValue(model);
    STRATA_TRY(copy_values(Cbc_getColSolution(model), lp->n_variables, a, &out->x, err));
    for (size_t i = 0; i < lp->n_variables; i++) {
        out->x[i] = lp->variables[i].whole ? round(out->x[i]) : out->x[i];
    }
    return STRATA_OK;
}

strata_status linear_program_solve(const context *cx, const linear_program *lp, arena *a,
                                   lp_result *out, strata_error *err)
{
    size_t n_weights;
    columns c;
    lp_result result = {.objective = NAN, .bound = NAN};
    bool whole = false;
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(check_program(lp, &n_weights, err));
    STRATA_TRY(put_columns(lp, n_weights, a, &c, err));
    for (size_t i = 0; i < lp->n_variables; i++) {
        whole = whole || lp->variables[i].whole;
    }
    STRATA_TRY(whole ? solve_whole(lp, &c, a, &result, err)
                     : solve_continuous(lp, &c, a, &result, err));
    *out = result;
    return STRATA_OK;
}

/* --- conflicts --- */

static strata_status is_infeasible(const context *cx, const linear_program *lp, bool *out,
                                   strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    lp_result r = {0};
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(linear_program_solve(cx, lp, scratch, &r, err));
    *out = r.outcome == LP_INFEASIBLE;
    return STRATA_OK;
}

strata_status linear_program_conflict(const context *cx, const linear_program *lp, arena *a,
                                      const size_t **rows, size_t *n, strata_error *err)
{
    lp_row *left = ARENA_NEW(a, lp->n_rows + 1, lp_row);
    size_t *found = ARENA_NEW(a, lp->n_rows + 1, size_t);
    bool infeasible = false;
    if (left == NULL || found == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory looking for a conflict");
    }
    for (size_t r = 0; r < lp->n_rows; r++) {
        left[r] = lp->rows[r];
    }
    linear_program rest = *lp;
    rest.rows = left;
    STRATA_TRY(is_infeasible(cx, &rest, &infeasible, err));
    size_t n_found = 0;
    for (size_t r = 0; r < lp->n_rows && infeasible; r++) {
        bool still = false;
        left[r].low = -HUGE_VAL;
        left[r].high = HUGE_VAL;
        STRATA_TRY(is_infeasible(cx, &rest, &still, err));
        if (!still) { /* needed: back with it */
            left[r] = lp->rows[r];
            found[n_found++] = r;
        }
    }
    *rows = found;
    *n = n_found;
    return STRATA_OK;
}
