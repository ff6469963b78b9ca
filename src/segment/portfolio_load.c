/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts out of the store. */
#include <math.h>
#include <string.h>

#include "segment/dictionary.h"
#include "segment/portfolio.h"
#include "store/stmt.h"

/* Attributes that every store has, in the order of sql/segment/accounts.sql
 * behind the first three columns. */
static const struct {
    const char *name;
    value_type type;
    const char *label;
} standard[] = {
    {"started_on", VALUE_DATE, "Customer since"},
    {"industry", VALUE_TEXT, "Industry"},
    {"region", VALUE_TEXT, "Region"},
    {"country", VALUE_TEXT, "Country"},
    {"plan", VALUE_TEXT, "Plan"},
    {"use_case", VALUE_TEXT, "Use case"},
    {"channel", VALUE_TEXT, "Acquisition channel"},
    {"csm_id", VALUE_TEXT, "CSM"},
    {"coverage", VALUE_TEXT, "Coverage"},
    {"currency", VALUE_TEXT, "Currency"},
    {"parent", VALUE_TEXT, "Parent"},
    {"employees", VALUE_NUMBER, "Employees"},
    {"seats", VALUE_NUMBER, "Seats"},
    {"complexity", VALUE_NUMBER, "Complexity"},
    {"potential_arr", VALUE_MONEY, "Potential ARR"},
    {"strategic", VALUE_BOOL, "Strategic account"},
};
enum { N_STANDARD = sizeof standard / sizeof standard[0], FIRST_ATTRIBUTE_COLUMN = 3 };

/* One attribute while it is read. */
typedef struct attribute {
    const char *name;
    const char *label; /* NULL: the name */
    value_type type;
    double *num;
    int32_t *code;
    dictionary texts;
    size_t n_known;
} attribute;

typedef struct loader {
    arena *arena;
    portfolio *p;
    const char **ids;
    const char **names;
    day *exists_from;
    VEC(attribute) attributes;
} loader;

static void loader_done(loader *l)
{
    for (size_t i = 0; i < l->attributes.n; i++) {
        dictionary_done(&l->attributes.data[i].texts);
    }
    vec_free(&l->attributes);
}
#define LOADER_AUTO STRATA_CLEANUP(loader_done)

static strata_status out_of_memory(const loader *l, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory loading %zu accounts", l->p->n_accounts);
}

static strata_status add_attribute(loader *l, const char *name, const char *label, value_type type,
                                   strata_error *err)
{
    size_t n = l->p->n_accounts;
    attribute a = {.name = name, .label = label, .type = type};
    if (type == VALUE_TEXT) {
        a.code = ARENA_NEW(l->arena, n, int32_t);
    } else {
        a.num = ARENA_NEW(l->arena, n, double);
    }
    if (name == NULL || (a.code == NULL && a.num == NULL)) {
        return out_of_memory(l, err);
    }
    for (size_t i = 0; i < n; i++) {
        if (a.code != NULL) {
            a.code[i] = CODE_MISSING;
        } else {
            a.num[i] = NAN;
        }
    }
    dictionary_init(&a.texts, l->arena);
    return vec_push(&l->attributes, a) ? STRATA_OK : out_of_memory(l, err);
}

static strata_status set_text(attribute *a, size_t account, text_view text, strata_error *err)
{
    if (text.ptr == NULL || text.len == 0) {
        return STRATA_OK;
    }
    a->n_known++;
    return dictionary_code(&a->texts, text.ptr, text.len, &a->code[account], err);
}

static void set_number(attribute *a, size_t account, double x)
{
    if (!isnan(x)) {
        a->num[account] = x;
        a->n_known++;
    }
}

static double chunk_number(const stmt *s, size_t col, size_t row)
{
    if (!valid_row(stmt_validity(s, col), row)) {
        return NAN;
    }
    column_type type = stmt_column_type(s, col);
    if (type == COLUMN_DAY) {
        return stmt_day(s, col)[row];
    }
    return type == COLUMN_BOOL ? (double)stmt_uint8(s, col)[row] : stmt_double(s, col)[row];
}

static strata_status read_account(loader *l, const stmt *s, size_t row, strata_error *err)
{
    size_t account = (size_t)stmt_int32(s, 0)[row];
    if (account >= l->p->n_accounts) {
        return strata_fail(err, STRATA_E_STORE, "account numbers are not dense; ingest again");
    }
    text_view id = stmt_text(s, 1, row);
    text_view name = stmt_text(s, 2, row);
    l->ids[account] = arena_strndup(l->arena, id.ptr, id.len);
    l->names[account] = arena_strndup(l->arena, name.ptr, name.len);
    if (l->ids[account] == NULL || l->names[account] == NULL) {
        return out_of_memory(l, err);
    }
    for (size_t k = 0; k < N_STANDARD; k++) {
        attribute *a = &l->attributes.data[k];
        size_t col = FIRST_ATTRIBUTE_COLUMN + k;
        if (a->code != NULL) {
            STRATA_TRY(set_text(a, account, stmt_text(s, col, row), err));
        } else {
            set_number(a, account, chunk_number(s, col, row));
        }
    }
    double started = l->attributes.data[0].num[account];
    l->exists_from[account] = isnan(started) ? DAY_MIN : (day)started;
    return STRATA_OK;
}

static strata_status read_accounts(loader *l, store_conn *conn, strata_error *err)
{
    for (size_t k = 0; k < N_STANDARD; k++) {
        STRATA_TRY(add_attribute(l, standard[k].name, standard[k].label, standard[k].type, err));
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "segment/accounts.sql", &s, err));
    STRATA_TRY(stmt_stream(s, err));
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t row = 0; row < n; row++) {
            STRATA_TRY(read_account(l, s, row, err));
        }
    }
    return STRATA_OK;
}

static value_type custom_type(text_view type)
{
    static const struct {
        const char *name;
        value_type type;
    } types[] = {{"number", VALUE_NUMBER}, {"boolean", VALUE_BOOL}, {"date", VALUE_DATE}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (type.len == strlen(types[i].name) && memcmp(type.ptr, types[i].name, type.len) == 0) {
            return types[i].type;
        }
    }
    return VALUE_TEXT;
}

static bool name_taken(const loader *l, const char *name)
{
    for (size_t i = 0; i < l->attributes.n; i++) {
        if (strcmp(l->attributes.data[i].name, name) == 0) {
            return true;
        }
    }
    return feature_find(name) != FEATURE_COUNT;
}

static strata_status list_custom(loader *l, store_conn *conn, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "segment/custom_names.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        text_view given = stmt_get_text(s, 0);
        const char *name = arena_strndup(l->arena, given.ptr, given.len);
        /* A computed feature of that name wins; the column is still there under account_... */
        if (name != NULL && name_taken(l, name)) {
            name = arena_printf(l->arena, "account_%s", name);
        }
        STRATA_TRY(add_attribute(l, name, NULL, custom_type(stmt_get_text(s, 1)), err));
    }
}

static strata_status read_custom(loader *l, attribute *a, stmt *s, strata_error *err)
{
    STRATA_TRY(stmt_bind_text(s, "name", a->name, err));
    STRATA_TRY(stmt_execute(s, err));
    for (size_t n = 1; n > 0;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        for (size_t row = 0; row < n; row++) {
            size_t account = (size_t)stmt_int32(s, 0)[row];
            if (account >= l->p->n_accounts) {
                continue;
            }
            if (a->code != NULL) {
                STRATA_TRY(set_text(a, account, stmt_text(s, 2, row), err));
            } else {
                set_number(a, account, chunk_number(s, 1, row));
            }
        }
    }
    return STRATA_OK;
}

static strata_status read_all_custom(loader *l, store_conn *conn, strata_error *err)
{
    STRATA_TRY(list_custom(l, conn, err));
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "segment/custom_values.sql", &s, err));
    for (size_t i = N_STANDARD; i < l->attributes.n; i++) {
        STRATA_TRY(read_custom(l, &l->attributes.data[i], s, err));
    }
    return STRATA_OK;
}

static strata_status read_first_facts(loader *l, store_conn *conn, strata_error *err)
{
    if (l->attributes.data[0].n_known == l->p->n_accounts) {
        return STRATA_OK;
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "segment/first_facts.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        size_t account = (size_t)stmt_get_int(s, 0);
        if (account < l->p->n_accounts) {
            l->exists_from[account] = (day)stmt_get_int(s, 1);
        }
    }
}

/* --- symbols --- */

/* "needs usage", "needs orders and usage"; NULL when the data is there. */
static strata_status feature_missing(loader *l, uint32_t lacks, const char **out, strata_error *err)
{
    const char *text = NULL;
    for (unsigned e = 0; e < ENTITY_COUNT; e++) {
        if ((lacks >> e & 1U) == 0) {
            continue;
        }
        text = text == NULL ? arena_printf(l->arena, "needs %s", entity_name((entity)e))
                            : arena_printf(l->arena, "%s and %s", text, entity_name((entity)e));
        if (text == NULL) { /* else the data would seem to be there */
            return out_of_memory(l, err);
        }
    }
    *out = text;
    return STRATA_OK;
}

static strata_status make_symbols(loader *l, strata_error *err)
{
    portfolio *p = l->p;
    size_t n = FEATURE_COUNT + l->attributes.n;
    symbol *symbols = ARENA_NEW(l->arena, n, symbol);
    column *columns = ARENA_NEW(l->arena, l->attributes.n, column);
    if (symbols == NULL || columns == NULL) {
        return out_of_memory(l, err);
    }
    for (size_t f = 0; f < FEATURE_COUNT; f++) {
        const feature_info *info = feature_get((feature_id)f);
        symbols[f] = (symbol){.name = info->name, .label = info->label, .type = info->type};
        uint32_t lacks = info->needs & ~p->info->entities;
        STRATA_TRY(feature_missing(l, lacks, &symbols[f].missing_because, err));
    }
    for (size_t i = 0; i < l->attributes.n; i++) {
        attribute *a = &l->attributes.data[i];
        symbol *s = &symbols[FEATURE_COUNT + i];
        *s = (symbol){.name = a->name, .label = a->label, .type = a->type, .open_levels = true};
        if (a->code != NULL) {
            STRATA_TRY(
                dictionary_sort(&a->texts, a->code, p->n_accounts, &s->levels, &s->n_levels, err));
        }
        if (a->n_known == 0) {
            s->missing_because = arena_printf(l->arena, "needs a column '%s' in accounts", a->name);
            if (s->missing_because == NULL) {
                return out_of_memory(l, err);
            }
        }
        columns[i] = (column){.num = a->num, .code = a->code};
    }
    p->symbols = symbols;
    p->n_symbols = n;
    p->attributes = columns;
    return STRATA_OK;
}

static strata_status read_meta(loader *l, store_conn *conn, const char *key, const char **out,
                               strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(conn, "segment/meta.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "key", key, err));
    STRATA_TRY(stmt_execute(s, err));
    bool more = false;
    STRATA_TRY(stmt_next(s, &more, err));
    text_view value = more ? stmt_get_text(s, 0) : (text_view){0};
    *out = arena_strndup(l->arena, value.ptr, value.len);
    return *out != NULL ? STRATA_OK : out_of_memory(l, err);
}

static strata_status load(loader *l, store_conn *conn, strata_error *err)
{
    size_t n = l->p->n_accounts;
    l->ids = ARENA_NEW(l->arena, n, const char *);
    l->names = ARENA_NEW(l->arena, n, const char *);
    l->exists_from = ARENA_NEW(l->arena, n, day);
    if (l->ids == NULL || l->names == NULL || l->exists_from == NULL) {
        return out_of_memory(l, err);
    }
    l->p->ids = l->ids;
    l->p->names = l->names;
    l->p->exists_from = l->exists_from;
    STRATA_TRY(read_accounts(l, conn, err));
    STRATA_TRY(read_all_custom(l, conn, err));
    STRATA_TRY(read_first_facts(l, conn, err));
    STRATA_TRY(make_symbols(l, err));
    const char *digest = NULL;
    STRATA_TRY(read_meta(l, conn, "data_digest", &digest, err));
    STRATA_TRY(read_meta(l, conn, "currency", &l->p->currency, err));
    size_t len = strnlen(digest, sizeof l->p->data_digest - 1);
    memcpy(l->p->data_digest, digest, len);
    return STRATA_OK;
}

/* The portfolio's own: ledgers may be let go of before it is. */
static const ledger_info *copy_info(arena *a, const ledger_info *from)
{
    ledger_info *info = ARENA_NEW(a, 1, ledger_info);
    day *seen = ARENA_NEW(a, from->n_usage_features + 1, day);
    if (info == NULL || seen == NULL) {
        return NULL;
    }
    *info = *from;
    for (size_t i = 0; from->feature_first_seen != NULL && i < from->n_usage_features; i++) {
        seen[i] = from->feature_first_seen[i];
    }
    info->feature_first_seen = seen;
    return info;
}

strata_status portfolio_load(store_conn *conn, const ledger_source *ledgers, portfolio **out,
                             strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    portfolio *p = ARENA_NEW(a, 1, portfolio);
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory loading accounts");
    }
    p->arena = a;
    p->ledgers = ledgers;
    p->info = copy_info(a, ledgers->info(ledgers->self));
    if (p->info == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory loading accounts");
    }
    p->n_accounts = p->info->n_accounts;
    LOADER_AUTO loader l = {.arena = a, .p = p};
    STRATA_TRY(load(&l, conn, err));
    (void)strata_steal(&a);
    *out = p;
    return STRATA_OK;
}

void portfolio_attach(portfolio *p, const ledger_source *ledgers)
{
    p->ledgers = ledgers;
}
