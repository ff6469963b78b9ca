/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/panel.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/large.h"
#include "base/parallel.h"
#include "panel/sweep.h"

/* Tasks are runs of accounts. Their number follows the portfolio's size only, so that what is read
 * together does not depend on threads; a small portfolio is one task, for a cursor costs a query.
 */
enum { TASKS = 16, TASK_MIN = 2048, TASK_MAX = 65536, TASK_STEP = 1024 };
/* Values and accounts of one block: with the sums and rows that make them, small enough to stay in
 * a core's second-level cache. */
enum { BLOCK_VALUES = 1 << 15, BLOCK_MIN = 64, BLOCK_MAX = 512 };

static const kernel *const kernels[] = {
    &kernel_accounts,      &kernel_arr,     &kernel_orders,        &kernel_usage,
    &kernel_tickets,       &kernel_surveys, &kernel_contacts,      &kernel_touchpoints,
    &kernel_opportunities, &kernel_health,  &kernel_interventions, &kernel_predictions,
};
enum { N_KERNELS = sizeof kernels / sizeof(kernels[0]) };

typedef struct sweep_job {
    const context *cx;
    const ledger_source *source;
    sweep sweep;
    bool runs[N_KERNELS];
    uint32_t reads; /* bits of the entities to read */
    day until;
    size_t first, end; /* accounts to sweep */
    size_t n_accounts, per_task, per_block;
    double *whole;      /* columns of all accounts at one date, written in place; else NULL, and */
    panel_block_fn *fn; /* whom blocks are handed to */
    void *job;
} sweep_job;

static void sweep_job_done(sweep_job *job)
{
    sweep_dates_done(&job->sweep.dates);
}

static bool has_entity(const ledger_info *info, entity e)
{
    return e == ENTITY_ACCOUNTS || (info->entities & (1u << e)) != 0;
}

/* The entity whose kernel yields a feature. */
static entity home_of(const ledger_info *info, feature_id f)
{
    if (f == FEATURE_TENURE) {
        return ENTITY_ACCOUNTS;
    }
    if (f == FEATURE_IS_CUSTOMER) {
        return has_entity(info, ENTITY_ARR) ? ENTITY_ARR : ENTITY_ORDERS;
    }
    int lowest = __builtin_ctz(feature_get(f)->needs);
    return (entity)lowest;
}

static strata_status take_features(sweep *s, const feature_id *features, size_t n,
                                   strata_error *err)
{
    memset(s->slot, -1, sizeof s->slot);
    for (size_t f = 0; f < n; f++) {
        if (features[f] >= FEATURE_COUNT) {
            return strata_fail(err, STRATA_E_USAGE, "feature number %d is not in the catalogue",
                               (int)features[f]);
        }
        if (s->slot[features[f]] >= 0) {
            return strata_fail(err, STRATA_E_USAGE,
                               "feature '%s' is asked for twice: ask for it once",
                               feature_get(features[f])->name);
        }
        s->slot[features[f]] = (int32_t)f;
    }
    s->features = features;
    s->n_features = n;
    return STRATA_OK;
}

static strata_status choose_kernels(sweep_job *job, strata_error *err)
{
    const sweep *s = &job->sweep;
    for (size_t f = 0; f < s->n_features; f++) {
        entity home = home_of(s->info, s->features[f]);
        size_t k = 0;
        while (k < N_KERNELS && kernels[k]->reads != home) {
            k++;
        }
        if (k == N_KERNELS) {
            return strata_fail(err, STRATA_E_INTERNAL, "feature '%s' has no kernel",
                               feature_get(s->features[f])->name);
        }
        if (has_entity(s->info, home)) {
            job->runs[k] = true;
            job->reads |= 1u << home;
        }
    }
    return STRATA_OK;
}

/* Accounts per block: values of one account's neighbours share cache lines, and columns an odd
 * number of cache lines apart spread over the cache instead of fighting for one place in it. */
static size_t block_size(size_t n_values)
{
    size_t n = BLOCK_VALUES / (n_values ? n_values : 1);
    n = n > BLOCK_MAX ? BLOCK_MAX : n < BLOCK_MIN ? BLOCK_MIN : n;
    size_t lines = n / 8;
    return 8 * (lines % 2 == 0 ? lines - 1 : lines);
}

static size_t task_size(size_t n_accounts)
{
    size_t n = (n_accounts + TASKS - 1) / TASKS;
    n = (n + TASK_STEP - 1) / TASK_STEP * TASK_STEP; /* sources keep such runs together */
    return n < TASK_MIN ? TASK_MIN : n > TASK_MAX ? TASK_MAX : n;
}

/* What one task works with. */
typedef struct sweep_task {
    const sweep_job *job;
    void *scratch[N_KERNELS];
    ledger_cursor *cursor;
    double *values;
} sweep_task;

static void sweep_task_done(sweep_task *t)
{
    for (size_t k = 0; k < N_KERNELS; k++) {
        kernels[k]->free(t->scratch[k]);
    }
    t->job->source->close(t->cursor);
    free(t->values);
}

/* Features whose data the portfolio does not have. */
static void put_absent(const sweep_out *out)
{
    const sweep *s = out->sweep;
    for (size_t f = 0; f < s->n_features; f++) {
        if (has_entity(s->info, home_of(s->info, s->features[f]))) {
            continue;
        }
        for (size_t j = 0; j < s->n_dates; j++) {
            double *cells = out->values + j * out->stride + f * out->column;
            for (size_t i = 0; i < out->n_accounts; i++) {
                cells[i] = (double)NAN;
            }
        }
    }
}

static strata_status run_kernels(sweep_task *t, const ledger_block *block, const sweep_out *out,
                                 strata_error *err)
{
    strata_status st = STRATA_OK;
    for (size_t k = 0; k < N_KERNELS && st == STRATA_OK; k++) {
        if (t->job->runs[k]) {
            st = kernels[k]->run(t->scratch[k], block, out, err);
        }
    }
    return st;
}

static strata_status run_block(sweep_task *t, int32_t first, size_t n, strata_error *err)
{
    const sweep_job *job = t->job;
    const sweep *s = &job->sweep;
    ledger_block block;
    STRATA_TRY(context_check(job->cx, err));
    STRATA_TRY(job->source->read(t->cursor, first, n, &block, err));
    sweep_out out = {s, n, n, s->n_features * n, t->values};
    if (job->whole != NULL) {
        out = (sweep_out){s, n, job->n_accounts, 0, job->whole + first};
    }
    put_absent(&out);
    STRATA_TRY(run_kernels(t, &block, &out, err));
    const panel_block result = {first, n, s->n_features, s->n_dates, t->values};
    return job->whole != NULL ? STRATA_OK : job->fn(job->job, &result, err);
}

static strata_status make_scratch(sweep_task *t, strata_error *err)
{
    const sweep *s = &t->job->sweep;
    strata_status st = STRATA_OK;
    size_t n_values = t->job->per_block * s->n_features * s->n_dates;
    t->values = t->job->whole != NULL ? NULL : lines_new(n_values, sizeof *t->values);
    if (!t->values && !t->job->whole) {
        return strata_fail(err, STRATA_E_NOMEM,
                           "out of memory for %zu features at %zu dates: ask for fewer",
                           s->n_features, s->n_dates);
    }
    for (size_t k = 0; k < N_KERNELS && st == STRATA_OK; k++) {
        if (t->job->runs[k]) {
            st = kernels[k]->make(s, &t->scratch[k], err);
        }
    }
    return st;
}

static strata_status run_task(void *arg, size_t task, strata_error *err)
{
    const sweep_job *job = arg;
    STRATA_CLEANUP(sweep_task_done) sweep_task t = {.job = job};
    size_t begin = job->first + task * job->per_task;
    size_t end = begin + job->per_task < job->end ? begin + job->per_task : job->end;

    STRATA_TRY(make_scratch(&t, err));
    STRATA_TRY(job->source->open(job->source->self, (int32_t)begin, (int32_t)end, job->reads,
                                 job->until, &t.cursor, err));
    for (size_t first = begin; first < end; first += job->per_block) {
        size_t n = end - first < job->per_block ? end - first : job->per_block;
        STRATA_TRY(run_block(&t, (int32_t)first, n, err));
    }
    return STRATA_OK;
}

/* What is asked for, of j->cx and j->source. */
static strata_status run_job(sweep_job *j, const panel_request *r, strata_error *err)
{
    sweep *s = &j->sweep;
    STRATA_TRY(take_features(s, r->features, r->n_features, err));
    STRATA_TRY(sweep_dates_new(r->dates, r->n_dates, &s->dates, err));
    s->info = j->source->info(j->source->self);
    s->n_dates = r->n_dates;
    STRATA_TRY(choose_kernels(j, err));
    j->until = r->dates[r->n_dates - 1];
    j->n_accounts = s->info->n_accounts;
    j->first = r->n_accounts > 0 ? r->first : 0;
    j->end = r->n_accounts > 0 ? r->first + r->n_accounts : j->n_accounts;
    if (j->end > j->n_accounts) {
        return strata_fail(err, STRATA_E_USAGE, "there is no account %zu", j->end - 1);
    }
    j->per_task = task_size(j->n_accounts);
    j->per_block = block_size(r->n_features * r->n_dates);
    size_t n_tasks = (j->end - j->first + j->per_task - 1) / j->per_task;
    return parallel_run(j->cx, n_tasks, run_task, j, err);
}

/* Two lists, where they come from and go to, and an error: no smaller without a struct. */
/* NOLINTNEXTLINE(readability-function-size) */
strata_status panel_sweep(const context *cx, const ledger_source *source,
                          const feature_id *features, size_t n_features, const day *dates,
                          size_t n_dates, panel_block_fn *fn, void *job, strata_error *err)
{
    STRATA_CLEANUP(sweep_job_done)
    sweep_job j = {.cx = cx, .source = source, .fn = fn, .job = job};
    const panel_request all = {features, n_features, dates, n_dates, 0, 0};
    return run_job(&j, &all, err);
}

strata_status panel_sweep_some(const context *cx, const ledger_source *source,
                               const panel_request *r, panel_block_fn *fn, void *job,
                               strata_error *err)
{
    STRATA_CLEANUP(sweep_job_done)
    sweep_job j = {.cx = cx, .source = source, .fn = fn, .job = job};
    return run_job(&j, r, err);
}

struct panel {
    size_t n_accounts, n_features;
    double *values; /* [feature][account] */
};

strata_status panel_new(const context *cx, const ledger_source *source, const feature_id *features,
                        size_t n_features, day as_of, panel **out, strata_error *err)
{
    STRATA_AUTO(panel_free) panel *p = STRATA_NEW_ARRAY(1, panel);
    if (p) {
        p->n_accounts = source->info(source->self)->n_accounts;
        p->n_features = n_features;
        p->values = large_new(p->n_accounts * n_features, sizeof *p->values);
    }
    if (!p || !p->values) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a panel of %zu features",
                           n_features);
    }
    STRATA_CLEANUP(sweep_job_done)
    sweep_job j = {.cx = cx, .source = source, .whole = p->values};
    const panel_request all = {features, n_features, &as_of, 1, 0, 0};
    STRATA_TRY(run_job(&j, &all, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

const double *panel_column(const panel *p, size_t f)
{
    return p->values + f * p->n_accounts;
}

size_t panel_n_accounts(const panel *p)
{
    return p->n_accounts;
}

void panel_free(panel *p)
{
    if (p) {
        free(p->values);
        free(p);
    }
}
