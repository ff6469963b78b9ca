/* SPDX-License-Identifier: Apache-2.0 */
#include "report/framework/framework.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "document/text.h"
#include "report/framework/parts.h"

/* In the order in which they are read. */
static framework_part *const parts[] = {
    framework_summary,    framework_segments,  framework_matrix,    framework_concentration,
    framework_dimensions, framework_rfm,       framework_profiles,  framework_findings,
    framework_coverage,   framework_operating, framework_targeting, framework_moves,
    framework_targets,    framework_effect,    framework_movement,  framework_trend,
    framework_milestones, framework_quality,   framework_roadmap,   framework_lists,
    framework_data,       framework_method,
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

void framework_lacks(framework *f, const char *part, const char *remedy)
{
    if (!vec_push(&f->gaps, (framework_gap){part, remedy})) {
        document_fail(f->d);
    }
}

const char *framework_text(framework *f, const char *fmt, ...)
{
    char text[1024];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *copy = arena_strdup(f->a, text);
    if (copy == NULL) {
        document_fail(f->d);
    }
    return copy != NULL ? copy : "";
}

const bound_def *framework_dimension(const framework *f, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        const bound_def *def = bound_find(f->b, names[i]);
        if (def != NULL && def->kind == DEF_DIMENSION) {
            return def;
        }
    }
    return NULL;
}

size_t framework_read(const framework *f, const bound_def *out[FRAMEWORK_READ_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < f->b->n_defs && n < FRAMEWORK_READ_MAX; i++) {
        if (f->b->defs[i].kind == DEF_DIMENSION && bound_reads(f->def, f->b->defs[i].slot)) {
            out[n++] = &f->b->defs[i];
        }
    }
    return n;
}

const insight *framework_insight(const framework *f, const char *key)
{
    for (size_t i = 0; i < f->n_insights; i++) {
        if (f->insights[i].stated && strcmp(f->insights[i].key, key) == 0) {
            return &f->insights[i];
        }
    }
    return NULL;
}

double framework_major(int64_t minor)
{
    return (double)minor / 100.0;
}

double framework_part_of(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0.0;
}

strata_status framework_count(framework *f, const bound_def *def, const bound_def *across,
                              framework_cells *out, strata_error *err)
{
    size_t wide = across != NULL ? across->n_segments : 1;
    framework_cells cells = {.n = def->n_segments, .n_across = wide};
    cells.accounts = ARENA_NEW(f->a, cells.n * wide, size_t);
    cells.value = ARENA_NEW(f->a, cells.n * wide, int64_t);
    if (cells.accounts == NULL || cells.value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    const segment_code *rows = study_codes_now(f->s, def);
    const segment_code *columns = across != NULL ? study_codes_now(f->s, across) : NULL;
    for (size_t i = 0; i < f->s->n; i++) {
        size_t place = columns != NULL ? columns[i] : 0;
        if (rows[i] < cells.n && place < wide) {
            cells.accounts[rows[i] * wide + place]++;
            cells.value[rows[i] * wide + place] += f->s->value != NULL ? f->s->value[i] : 0;
        }
    }
    *out = cells;
    return STRATA_OK;
}

const membership_change *framework_change_of(const framework *f, uint32_t account)
{
    change_list all = segmentation_changes(f->v->s);
    uint32_t def = (uint32_t)(f->def - f->b->defs);
    segment_code now = study_codes_now(f->s, f->def)[account];
    const membership_change *last = NULL;
    size_t low = 0;
    for (size_t date = f->v->since_at + 1; date <= f->v->now_at; date++) {
        /* Changes come in order of date, definition, account. */
        size_t high = all.n;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            const membership_change *c = &all.items[mid];
            bool before = c->date != date ? c->date < date
                          : c->def != def ? c->def < def
                                          : c->account < account;
            low = before ? mid + 1 : low;
            high = before ? high : mid;
        }
        const membership_change *c = low < all.n ? &all.items[low] : NULL;
        if (c != NULL && c->date == date && c->def == def && c->account == account &&
            c->to == now) {
            last = c;
        }
    }
    return last;
}

static bool any_name(const portfolio *p)
{
    for (size_t i = 0; i < p->n_accounts; i++) {
        if (strcmp(p->names[i], p->ids[i]) != 0) {
            return true;
        }
    }
    return false;
}

static strata_status analyse(framework *f, strata_error *err)
{
    STRATA_TRY(profile_make(f->s, f->def, f->a, &f->profile, err));
    STRATA_TRY(movement_make(f->s->v, f->def, f->a, &f->movement, err));
    return insights_make(f->s, f->def, f->a, &f->insights, &f->n_insights, err);
}

strata_status report_framework(document *d, const framework_input *in, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    const view *v = in->study->v;
    framework f = {.d = d,
                   .a = a,
                   .in = in,
                   .s = in->study,
                   .v = v,
                   .b = v->b,
                   .def = in->def,
                   .currency = v->b->model->business.currency,
                   .theme = {.currency = v->b->model->business.currency,
                             .names = in->def->labels,
                             .n_names = in->def->n_segments}};
    words too_few = report_too_few(v->b);
    f.too_few = too_few.text;
    f.has_names = any_name(v->p);
    strata_status status = analyse(&f, err);
    for (size_t i = 0; status == STRATA_OK && i < N_PARTS; i++) {
        status = parts[i](&f, err);
    }
    vec_free(&f.gaps);
    STRATA_TRY(status);
    return document_status(d, err);
}
