/* SPDX-License-Identifier: Apache-2.0 */
#include "history/crm.h"

#include <string.h>

#include "base/vec.h"
#include "history/history.h"
#include "history/keys.h"
#include "store/append.h"
#include "store/stmt.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing with the last export");
}

strata_status crm_last(store_conn *c, const char *system, crm_export *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more = false;
    STRATA_TRY(stmt_new(c, "crm/last_export.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "system", system, err));
    STRATA_TRY(stmt_stream(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    *out = (crm_export){.as_of = DAY_MISSING};
    if (more) {
        *out = (crm_export){.number = (int32_t)stmt_get_int(s, 0),
                            .as_of = stmt_get_day(s, 1),
                            .accounts = stmt_get_int(s, 2)};
    }
    return STRATA_OK;
}

strata_status crm_dimensions(const bound_model *b, arena *a, const bound_def *const **out,
                             size_t *n, strata_error *err)
{
    const bound_def **defs = ARENA_NEW(a, b->n_defs + 1, const bound_def *);
    if (defs == NULL) {
        return no_memory(err);
    }
    *n = 0;
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].kind == DEF_DIMENSION) {
            defs[(*n)++] = &b->defs[i];
        }
    }
    *out = defs;
    return STRATA_OK;
}

static strata_status new_told(const view *v, arena *a, crm_told *out, strata_error *err)
{
    *out = (crm_told){.n_accounts = v->p->n_accounts};
    STRATA_TRY(crm_dimensions(v->b, a, &out->defs, &out->n_defs, err));
    out->keys = ARENA_NEW(a, out->n_defs * out->n_accounts + 1, const char *);
    return out->keys != NULL ? STRATA_OK : no_memory(err);
}

/* --- what the store has --- */

/* Reads row after row; accounts come in order within a dimension. */
typedef struct told_reader {
    const view *v;
    crm_told *told;
    arena *arena;
    size_t def;     /* of the last row; SIZE_MAX: a dimension that the model no longer has */
    size_t account; /* where the search goes on */
    char dimension[256];
} told_reader;

static void turn_to(told_reader *r, text_view name)
{
    size_t len = name.len < sizeof r->dimension - 1 ? name.len : sizeof r->dimension - 1;
    memcpy(r->dimension, name.ptr, len);
    r->dimension[len] = '\0';
    r->account = 0;
    r->def = SIZE_MAX;
    for (size_t i = 0; i < r->told->n_defs; i++) {
        const char *own = r->v->b->model->dimensions[r->told->defs[i]->index].name;
        r->def = strcmp(own, r->dimension) == 0 ? i : r->def;
    }
}

static strata_status take(told_reader *r, text_view dimension, text_view id, text_view key,
                          strata_error *err)
{
    if (strlen(r->dimension) != dimension.len ||
        memcmp(r->dimension, dimension.ptr, dimension.len) != 0) {
        turn_to(r, dimension);
    }
    if (r->def == SIZE_MAX) {
        return STRATA_OK;
    }
    size_t account = history_account(r->v->p, id, r->account);
    if (account == SIZE_MAX) {
        r->told->n_gone++;
        return STRATA_OK;
    }
    r->account = account;
    const bound_def *def = r->told->defs[r->def];
    segment_code code = history_code(r->v->b, def, key);
    const char *kept = code != SEGMENT_OTHER_MODEL ? history_segment_key(r->v->b, def, code)
                                                   : arena_strndup(r->arena, key.ptr, key.len);
    r->told->keys[r->def * r->told->n_accounts + account] = kept;
    return kept != NULL ? STRATA_OK : no_memory(err);
}

strata_status crm_told_load(store_conn *c, const char *system, const view *v, arena *a,
                            crm_told *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    crm_told told = {0};
    told_reader r = {.v = v, .told = &told, .arena = a, .def = SIZE_MAX};
    STRATA_TRY(new_told(v, a, &told, err));
    STRATA_TRY(stmt_new(c, "crm/told.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "system", system, err));
    STRATA_TRY(stmt_stream(s, err));
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t i = 0; i < n; i++) {
            STRATA_TRY(take(&r, stmt_text(s, 0, i), stmt_text(s, 1, i), stmt_text(s, 2, i), err));
        }
    }
    *out = told;
    return STRATA_OK;
}

strata_status crm_told_at(const view *v, size_t date, arena *a, crm_told *out, strata_error *err)
{
    crm_told told = {0};
    STRATA_TRY(new_told(v, a, &told, err));
    for (size_t k = 0; k < told.n_defs; k++) {
        const segment_code *codes = segmentation_codes(v->s, told.defs[k], date);
        for (size_t i = 0; i < told.n_accounts; i++) {
            told.keys[k * told.n_accounts + i] = history_segment_key(v->b, told.defs[k], codes[i]);
        }
    }
    *out = told;
    return STRATA_OK;
}

/* --- differences --- */

static bool same_key(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* The last change of each account in one dimension after a date; NULL: none. */
static void find_last(const view *v, const bound_def *def, size_t after,
                      const membership_change **last)
{
    change_list changes = segmentation_changes(v->s);
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        last[i] = NULL;
    }
    for (size_t i = 0; i < changes.n; i++) {
        const membership_change *c = &changes.items[i];
        if (&v->b->defs[c->def] == def && c->date > after && c->date <= v->now_at) {
            last[c->account] = c; /* by date */
        }
    }
}

strata_status crm_moves_find(const view *v, const crm_told *told, size_t after, arena *a,
                             crm_moves *out, strata_error *err)
{
    size_t n_accounts = told->n_accounts;
    size_t n = 0;
    const membership_change **last = ARENA_NEW(a, n_accounts + 1, const membership_change *);
    VEC(crm_move) moves = {0};
    bool ok = last != NULL;
    for (size_t k = 0; ok && k < told->n_defs; k++) {
        const segment_code *codes = segmentation_codes(v->s, told->defs[k], v->now_at);
        find_last(v, told->defs[k], after, last);
        for (size_t i = 0; ok && i < n_accounts; i++) {
            const char *from = told->keys[k * n_accounts + i];
            if (!same_key(from, history_segment_key(v->b, told->defs[k], codes[i]))) {
                bool here = last[i] != NULL && last[i]->to == codes[i];
                ok = vec_push(&moves, (crm_move){.account = (uint32_t)i,
                                                 .def = (uint32_t)k,
                                                 .from = from,
                                                 .to = codes[i],
                                                 .why = here ? last[i] : NULL});
            }
        }
    }
    n = moves.n;
    crm_move *kept = ok ? ARENA_NEW(a, n + 1, crm_move) : NULL;
    if (kept != NULL && n > 0) {
        memcpy(kept, moves.data, n * sizeof *kept);
    }
    vec_free(&moves);
    *out = kept != NULL ? (crm_moves){.items = kept, .n = n} : *out;
    return kept != NULL ? STRATA_OK : no_memory(err);
}

/* --- recording --- */

enum { ROWS = 2048 };

typedef struct row_buffer {
    text_view system[ROWS], id[ROWS], dimension[ROWS], segment[ROWS];
    size_t n;
} row_buffer;

static text_view view_of(const char *text)
{
    return (text_view){.ptr = text, .len = strlen(text)};
}

static strata_status flush(appender *to, row_buffer *b, strata_error *err)
{
    const append_column columns[] = {{.type = COLUMN_TEXT, .data = b->system},
                                     {.type = COLUMN_TEXT, .data = b->id},
                                     {.type = COLUMN_TEXT, .data = b->dimension},
                                     {.type = COLUMN_TEXT, .data = b->segment}};
    size_t n = b->n;
    b->n = 0;
    return n > 0 ? append_rows(to, columns, 4, n, err) : STRATA_OK;
}

static strata_status append_told(appender *to, const char *system, const view *v,
                                 const crm_told *told, row_buffer *b, strata_error *err)
{
    for (size_t k = 0; k < told->n_defs; k++) {
        const char *dimension = v->b->model->dimensions[told->defs[k]->index].name;
        for (size_t i = 0; i < told->n_accounts; i++) {
            const char *key = told->keys[k * told->n_accounts + i];
            if (key == NULL) {
                continue;
            }
            b->system[b->n] = view_of(system);
            b->id[b->n] = view_of(v->p->ids[i]);
            b->dimension[b->n] = view_of(dimension);
            b->segment[b->n++] = view_of(key);
            if (b->n == ROWS) {
                STRATA_TRY(flush(to, b, err));
            }
        }
    }
    return flush(to, b, err);
}

static strata_status note_export(store_conn *c, const char *system, const view *v,
                                 const crm_told *told, size_t n_moves, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    int64_t accounts = 0;
    for (size_t i = 0; told->n_defs > 0 && i < told->n_accounts; i++) {
        accounts += told->keys[i] != NULL;
    }
    STRATA_TRY(stmt_new(c, "crm/export_insert.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "system", system, err));
    STRATA_TRY(stmt_bind_day(s, "as_of", v->as_of, err));
    STRATA_TRY(stmt_bind_int64(s, "accounts", accounts, err));
    STRATA_TRY(stmt_bind_int64(s, "moves", (int64_t)n_moves, err));
    STRATA_TRY(stmt_bind_text(s, "model_digest", v->b->model->digest, err));
    STRATA_TRY(stmt_bind_text(s, "data_digest", v->p->data_digest, err));
    STRATA_TRY(stmt_bind_text(s, "version", STRATA_VERSION, err));
    return stmt_execute(s, err);
}

strata_status crm_record(const view *v, const char *system, size_t n_moves, store *s, arena *a,
                         strata_error *err)
{
    store_conn *c = store_main(s);
    crm_told told = {0};
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_AUTO(appender_free) appender *to = NULL;
    STRATA_AUTO(stmt_free) stmt *forget = NULL;
    STRATA_AUTO_FREE row_buffer *b = STRATA_NEW_ARRAY(1, row_buffer);
    if (b == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(crm_told_at(v, v->now_at, a, &told, err));
    STRATA_TRY(store_begin(c, &tx, err));
    STRATA_TRY(stmt_new(c, "crm/forget.sql", &forget, err));
    STRATA_TRY(stmt_bind_text(forget, "system", system, err));
    STRATA_TRY(stmt_execute(forget, err));
    STRATA_TRY(note_export(c, system, v, &told, n_moves, err));
    STRATA_TRY(appender_new(c, "crm_membership", &to, err));
    STRATA_TRY(append_told(to, system, v, &told, b, err));
    STRATA_TRY(appender_finish(to, err));
    appender_free(strata_steal(&to));
    return store_commit(&tx, err);
}
