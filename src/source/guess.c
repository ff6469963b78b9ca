/* SPDX-License-Identifier: Apache-2.0 */
#include "source/guess.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/vec.h"
#include "source/fields.h"
#include "source/text/csv.h"
#include "source/text/textfile.h"
#include "source/text/value.h"

enum { SAMPLE_ROWS = 200, NAME_BYTES = 128, MAX_HEADINGS = 512 };

static const struct {
    source_table table;
    const char *field, *heading;
} synonyms[] = {
#define SYNONYM(table, field, heading) {TABLE_##table, field, heading},
#include "source/synonyms.def"
#undef SYNONYM
};
enum { N_SYNONYMS = sizeof synonyms / sizeof *synonyms };

/* A file's heading and first rows. */
typedef struct sample {
    csv_dialect dialect;
    const char *const *headings;
    char (*folded)[NAME_BYTES];
    size_t n;
    row_block rows;
    textfile *text;
} sample;

static void sample_done(sample *s)
{
    row_block_done(&s->rows);
    textfile_close(s->text);
}

static strata_status read_sample(const char *path, arena *a, sample *out, strata_error *err)
{
    const char *text;
    size_t len;
    bool last;
    STRATA_TRY(textfile_open(path, &out->text, err));
    STRATA_TRY(textfile_peek(out->text, &text, &len, &last, err));
    out->dialect = csv_sniff(text, len, 0, 0);
    size_t head = csv_record_end(&out->dialect, text, len, last);
    if (len == 0 || head == SIZE_MAX) {
        return strata_fail(err, STRATA_E_DATA, len == 0 ? "it is empty" : "it has no heading");
    }
    STRATA_TRY(csv_fields(&out->dialect, text, head, a, &out->headings, &out->n, err));
    if (out->n > MAX_HEADINGS || memchr(text, 0, head) != NULL) {
        return strata_fail(err, STRATA_E_DATA, "it is not delimited text");
    }
    size_t end = head;
    for (size_t rows = 0; rows < SAMPLE_ROWS && end < len; rows++) {
        size_t size = csv_record_end(&out->dialect, text + end, len - end, last);
        if (size == SIZE_MAX) {
            break;
        }
        end += size;
    }
    int wanted[MAX_HEADINGS];
    for (size_t i = 0; i < out->n; i++) {
        wanted[i] = (int)i;
    }
    out->rows.n_columns = out->n;
    out->folded = arena_alloc(a, out->n + 1, NAME_BYTES);
    if (out->folded == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < out->n; i++) {
        fold_name(out->headings[i], out->folded[i], NAME_BYTES);
    }
    return csv_split(&out->dialect, text + head, end - head, wanted, out->n, &out->rows, err);
}

static bool is_readable(field_kind kind, text_view v)
{
    const value_style style = {.order = DATE_DAY_FIRST}; /* which way round is settled at ingest */
    unsigned evidence = 0;
    const char *why;
    double x;
    day d;
    bool yes;
    switch ((int)kind) {
    case FIELD_DAY:
        return value_day(v.ptr, v.len, &style, &evidence, &d, &why) == CELL_OK;
    case FIELD_MONEY:
    case FIELD_NUMBER:
        return value_number(v.ptr, v.len, &style, &evidence, &x, &why) == CELL_OK;
    case FIELD_BOOL:
        return value_bool(v.ptr, v.len, &yes, &why) == CELL_OK;
    case FIELD_PERIOD:
    case FIELD_SEVERITY:
    case FIELD_SURVEY_KIND:
    case FIELD_ROLE:
    case FIELD_DEAL_KIND:
        return field_word(kind, v) >= 0;
    default:
        return true;
    }
}

/* How many of the sampled values of a column are what a field wants. */
typedef struct reading_test {
    size_t n, n_ok;
    text_view bad; /* the first that is not */
} reading_test;

static reading_test test_values(const sample *s, size_t col, field_kind kind)
{
    reading_test t = {0};
    for (size_t row = 0; row < s->rows.n_rows; row++) {
        text_view v = s->rows.cells[row * s->n + col];
        if (v.ptr != NULL) {
            value_trim(&v.ptr, &v.len);
        }
        if (v.ptr == NULL || value_is_empty(v.ptr, v.len)) {
            continue;
        }
        bool ok = is_readable(kind, v);
        t.n++;
        t.n_ok += ok;
        t.bad = !ok && t.bad.ptr == NULL ? v : t.bad;
    }
    return t;
}

/* Dates, amounts and numbers have to be readable; words can be translated (`values`). */
static bool must_read(field_kind kind)
{
    return kind == FIELD_DAY || kind == FIELD_MONEY || kind == FIELD_NUMBER || kind == FIELD_BOOL;
}

/* How well a heading goes with a field: 0 not at all. Earlier synonyms are better. */
static size_t likeness(source_table t, const char *field, const char *folded)
{
    if (strcmp(field, folded) == 0) {
        return (size_t)2 * N_SYNONYMS;
    }
    for (size_t i = 0; i < N_SYNONYMS; i++) {
        if (synonyms[i].table == t && strcmp(synonyms[i].field, field) == 0 &&
            strcmp(synonyms[i].heading, folded) == 0) {
            return N_SYNONYMS - i;
        }
    }
    /* The accounts' names for an account are good everywhere. */
    bool account = strcmp(field, "account_id") == 0 && t != TABLE_ACCOUNTS &&
                   strcmp(folded, "id") != 0 && strcmp(folded, "external_id") != 0 &&
                   strcmp(folded, "record_id") != 0;
    return account ? likeness(TABLE_ACCOUNTS, field, folded) / 2 : 0;
}

/* The best heading for each field of a table. */
typedef struct match {
    source_table table;
    int heading[32]; /* by field; -1: none */
    size_t n_found;
    bool complete;       /* every needed field has one */
    bool via;            /* the account is found through a subscription */
    int quantity, price; /* orders: headings whose product is the amount; -1 */
    double score;
} match;

static int best_heading(const sample *s, source_table t, const source_field *f, const bool *taken)
{
    size_t best = 0;
    int found = -1;
    for (size_t i = 0; i < s->n; i++) {
        size_t like = taken[i] ? 0 : likeness(t, f->name, s->folded[i]);
        if (like <= best) {
            continue;
        }
        reading_test r = test_values(s, i, f->kind);
        if (!must_read(f->kind) || r.n == 0 || r.n_ok * 10 >= r.n * 8) {
            best = like;
            found = (int)i;
        }
    }
    return found;
}

static int find_folded(const sample *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->folded[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* Orders by the line often have a price and a quantity and no amount. */
static void find_product(const sample *s, match *m)
{
    const table_spec *spec = table_get(TABLE_ORDERS);
    size_t amount = table_field(spec, "amount");
    int price = find_folded(s, "unit_price");
    m->price = price >= 0 ? price : find_folded(s, "price");
    m->quantity = m->heading[table_field(spec, "quantity")];
    bool product = m->heading[amount] < 0 && m->price >= 0 && m->quantity >= 0;
    if (!product) {
        m->price = m->quantity = -1;
        return;
    }
    m->complete = true;
    for (size_t f = 0; f < spec->n_fields; f++) {
        m->complete = m->complete && (f == amount || m->heading[f] >= 0 || !spec->fields[f].needed);
    }
}

static match match_table(const sample *s, source_table t)
{
    const table_spec *spec = table_get(t);
    match m = {.table = t, .complete = true, .quantity = -1, .price = -1};
    bool taken[MAX_HEADINGS] = {false};
    for (size_t pass = 0; pass < 2; pass++) { /* needed fields choose first */
        for (size_t f = 0; f < spec->n_fields; f++) {
            const source_field *field = &spec->fields[f];
            if (field->needed != (pass == 0)) {
                continue;
            }
            int h = best_heading(s, t, field, taken);
            if (h < 0 && field->kind == FIELD_ACCOUNT && t != TABLE_SUBSCRIPTIONS) {
                h = find_folded(s, "subscription_id");
                m.via = h >= 0;
            }
            m.heading[f] = h;
            m.n_found += h >= 0;
            m.complete = m.complete && (h >= 0 || !field->needed);
            if (h >= 0) {
                taken[h] = true;
            }
        }
    }
    if (t == TABLE_ORDERS) {
        find_product(s, &m);
    }
    return m;
}

/* Words in file names that speak for a table. */
static bool name_speaks_for(source_table t, const char *path)
{
    static const struct {
        source_table table;
        const char *word;
    } words[] = {
        {TABLE_ACCOUNTS, "account"},
        {TABLE_ACCOUNTS, "compan"},
        {TABLE_ACCOUNTS, "customer"},
        {TABLE_SUBSCRIPTIONS, "subscription"},
        {TABLE_SUBSCRIPTIONS, "contract"},
        {TABLE_SNAPSHOTS, "arr"},
        {TABLE_SNAPSHOTS, "mrr"},
        {TABLE_SNAPSHOTS, "snapshot"},
        {TABLE_MOVEMENTS, "movement"},
        {TABLE_ORDERS, "order"},
        {TABLE_ORDERS, "invoice"},
        {TABLE_ORDERS, "transaction"},
        {TABLE_ORDERS, "retail"},
        {TABLE_ORDERS, "sales"},
        {TABLE_USAGE, "usage"},
        {TABLE_USAGE, "event"},
        {TABLE_USAGE, "activit"},
        {TABLE_TICKETS, "ticket"},
        {TABLE_TICKETS, "case"},
        {TABLE_TICKETS, "support"},
        {TABLE_SURVEYS, "survey"},
        {TABLE_SURVEYS, "nps"},
        {TABLE_SURVEYS, "csat"},
        {TABLE_CONTACTS, "contact"},
        {TABLE_CONTACTS, "person"},
        {TABLE_TOUCHPOINTS, "touchpoint"},
        {TABLE_TOUCHPOINTS, "meeting"},
        {TABLE_TOUCHPOINTS, "timeline"},
        {TABLE_OPPORTUNITIES, "opportunit"},
        {TABLE_OPPORTUNITIES, "deal"},
        {TABLE_OPPORTUNITIES, "renewal"},
        {TABLE_CSMS, "csm"},
        {TABLE_HEALTH, "health"},
        {TABLE_HEALTH, "scorecard"},
        {TABLE_INTERVENTIONS, "intervention"},
        {TABLE_INTERVENTIONS, "cta"},
    };
    const char *slash = strrchr(path, '/');
    char folded[NAME_BYTES];
    fold_name(slash == NULL ? path : slash + 1, folded, sizeof folded);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].table == t && strstr(folded, words[i].word) != NULL) {
            return true;
        }
    }
    return false;
}

static match best_match(const sample *s, const char *path)
{
    match best = {.table = TABLE_COUNT};
    for (int t = 0; t < TABLE_COUNT; t++) {
        match m = match_table(s, (source_table)t);
        bool named = name_speaks_for(m.table, path);
        /* A table with one needed column fits every file with an account in it: headings or
         * the file's name must say more. */
        double share = (double)m.n_found / (double)table_get(m.table)->n_fields;
        m.score = (double)m.n_found + 2 * share + (named ? 4 : 0) - (m.via ? 0.5 : 0);
        bool enough = m.complete && (named || m.n_found >= 3);
        if (enough && m.score > best.score) {
            best = m;
        }
    }
    return best;
}

static const char *missing_fields(const sample *s, const char *path, arena *a)
{
    char list[256] = "";
    size_t n = 0;
    for (int t = 0; t < TABLE_COUNT; t++) {
        if (!name_speaks_for((source_table)t, path)) {
            continue;
        }
        const table_spec *spec = table_get((source_table)t);
        match m = match_table(s, (source_table)t);
        for (size_t f = 0; f < spec->n_fields && n + 32 < sizeof list; f++) {
            if (spec->fields[f].needed && m.heading[f] < 0) {
                n += (size_t)snprintf(list + n, sizeof list - n, "%s%s of %s", n > 0 ? ", " : "",
                                      spec->fields[f].name, spec->name);
            }
        }
        break;
    }
    return n == 0 ? NULL : arena_strdup(a, list);
}

/* A heading that is there twice says more than what its values are. */
static strata_status describe_twin(const sample *s, size_t col, arena *a, guess_column *out,
                                   strata_error *err)
{
    for (size_t i = 0; i < s->n; i++) {
        if (i != col && strcmp(s->headings[i], s->headings[col]) == 0) {
            out->note = arena_printf(a,
                                     "the heading is there twice, in columns %zu and %zu: rename "
                                     "one of them",
                                     (i < col ? i : col) + 1, (i < col ? col : i) + 1);
            return out->note != NULL ? STRATA_OK
                                     : strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status describe_column(const sample *s, const match *m, size_t col, arena *a,
                                     guess_column *out, strata_error *err)
{
    *out = (guess_column){.heading = s->headings[col], .readable = NAN};
    const table_spec *spec = m->table == TABLE_COUNT ? NULL : table_get(m->table);
    for (size_t f = 0; spec != NULL && f < spec->n_fields; f++) {
        if (m->heading[f] != (int)col) {
            continue;
        }
        reading_test t = test_values(s, col, spec->fields[f].kind);
        out->field = spec->fields[f].name;
        out->same_name = strcmp(s->folded[col], out->field) == 0;
        out->readable = t.n > 0 ? (double)t.n_ok / (double)t.n : (double)NAN;
        if (t.n_ok < t.n) {
            out->note = arena_printf(a, "%zu of %zu values are not %s, such as '%.*s'",
                                     t.n - t.n_ok, t.n, field_kind_name(spec->fields[f].kind),
                                     (int)(t.bad.len < 40 ? t.bad.len : 40), t.bad.ptr);
            if (out->note == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
        }
    }
    return describe_twin(s, col, a, out, err);
}

static arr_form form_of(source_table t)
{
    return t == TABLE_SNAPSHOTS   ? ARR_FORM_SNAPSHOTS
           : t == TABLE_MOVEMENTS ? ARR_FORM_MOVEMENTS
                                  : ARR_FORM_SUBSCRIPTIONS;
}

/* "month" when the heading of the money says so and no column does. */
static const char *period_of(const sample *s, const match *m)
{
    const table_spec *spec = table_get(m->table);
    for (size_t f = 0; spec->entity == ENTITY_ARR && f < spec->n_fields; f++) {
        if (spec->fields[f].kind == FIELD_MONEY && m->heading[f] >= 0) {
            const char *h = s->folded[m->heading[f]];
            return strstr(h, "mrr") != NULL || strstr(h, "month") != NULL ? "month" : NULL;
        }
    }
    return NULL;
}

static strata_status guess_one(const char *path, arena *a, guess_file *out, strata_error *err)
{
    STRATA_CLEANUP(sample_done) sample s = {0};
    strata_error trouble = {0};
    *out = (guess_file){.path = path, .delimiter = ','};
    strata_status st = read_sample(path, a, &s, &trouble);
    if (st == STRATA_E_NOMEM) {
        return strata_fail(err, st, "%s", trouble.message);
    }
    if (st != STRATA_OK) {
        out->trouble = arena_strdup(a, trouble.message);
        return STRATA_OK;
    }
    match m = best_match(&s, path);
    out->delimiter = s.dialect.delimiter;
    if (m.table != TABLE_COUNT) {
        out->entity = entity_name(table_get(m.table)->entity);
        out->form = form_of(m.table);
        out->period = period_of(&s, &m);
        out->via = m.via ? "arr" : NULL;
        if (m.price >= 0) {
            out->amount = arena_printf(a, "= %s * %s", s.folded[m.quantity], s.folded[m.price]);
        }
    } else {
        out->missing = missing_fields(&s, path, a);
    }
    guess_column *columns = ARENA_NEW(a, s.n + 1, guess_column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < s.n; i++) {
        STRATA_TRY(describe_column(&s, &m, i, a, &columns[i], err));
    }
    out->columns = columns;
    out->n_columns = s.n;
    return STRATA_OK;
}

typedef struct path_list {
    VEC(const char *) paths;
} path_list;

static void path_list_done(path_list *l)
{
    vec_free(&l->paths);
}

static bool is_delimited(const char *name)
{
    static const char *const endings[] = {".csv",    ".tsv",    ".txt",   ".tab",
                                          ".csv.gz", ".tsv.gz", ".txt.gz"};
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t k = strlen(endings[i]);
        if (n > k && strcmp(name + n - k, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

static strata_status list_folder(const char *path, arena *a, path_list *out, strata_error *err)
{
    DIR *d = opendir(path);
    if (d == NULL) {
        return strata_fail(err, STRATA_E_IO, "cannot read the folder %s", path);
    }
    bool ok = true;
    size_t len = strlen(path);
    const char *slash = len > 0 && path[len - 1] == '/' ? "" : "/";
    for (struct dirent *e; ok && (e = readdir(d)) != NULL;) { // NOLINT(concurrency-mt-unsafe)
        if (e->d_name[0] != '.' && is_delimited(e->d_name)) {
            const char *full = arena_printf(a, "%s%s%s", path, slash, e->d_name);
            ok = full != NULL && vec_push(&out->paths, full);
        }
    }
    (void)closedir(d);
    return ok ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

strata_status source_guess(const context *cx, const char *const *paths, size_t n, arena *a,
                           guess_result *out, strata_error *err)
{
    STRATA_CLEANUP(path_list_done) path_list list = {0};
    for (size_t i = 0; i < n; i++) {
        struct stat st;
        if (stat(paths[i], &st) != 0) {
            return strata_fail(err, STRATA_E_IO, "cannot read %s: no such file or folder",
                               paths[i]);
        }
        if (S_ISDIR(st.st_mode)) {
            STRATA_TRY(list_folder(paths[i], a, &list, err));
        } else if (!vec_push(&list.paths, paths[i])) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    if (list.paths.n > 1) {
        qsort(list.paths.data, list.paths.n, sizeof *list.paths.data, by_path);
    }
    guess_file *files = ARENA_NEW(a, list.paths.n + 1, guess_file);
    if (files == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < list.paths.n; i++) {
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(guess_one(list.paths.data[i], a, &files[i], err));
    }
    *out = (guess_result){files, list.paths.n};
    return STRATA_OK;
}
