/* SPDX-License-Identifier: Apache-2.0 */
#include "source/readiness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/strbuf.h"
#include "store/stmt.h"

/* Inputs, in the order of the rows of sql/source/readiness.sql. */
#define INPUTS(X)                                                                                  \
    X(ARR, "arr", "ARR (snapshots, movements or subscriptions)")                                   \
    X(ORDERS, "orders", "orders")                                                                  \
    X(USAGE, "usage", "usage events")                                                              \
    X(FEATURE, "usage.feature", "the feature used (usage.feature)")                                \
    X(USER, "usage.user_id", "who used it (usage.user_id)")                                        \
    X(TICKETS, "tickets", "support tickets")                                                       \
    X(CSAT, "tickets.csat", "satisfaction with tickets (tickets.csat)")                            \
    X(SURVEYS, "surveys", "survey answers (NPS, CSAT)")                                            \
    X(CONTACTS, "contacts", "contacts")                                                            \
    X(ROLE, "contacts.role", "roles of contacts (contacts.role)")                                  \
    X(TOUCH, "touchpoints", "CSM touchpoints")                                                     \
    X(RESPONDED, "touchpoints.responded", "whether customers responded (touchpoints.responded)")   \
    X(DEALS, "opportunities", "opportunities and renewals")                                        \
    X(HEALTH, "health", "health scores from elsewhere")                                            \
    X(CSMS, "csms", "CSMs and their hours")                                                        \
    X(STARTED, "accounts.started_on", "when customers began (accounts.started_on)")                \
    X(INDUSTRY, "accounts.industry", "industry (accounts.industry)")                               \
    X(EMPLOYEES, "accounts.employees", "company size (accounts.employees)")                        \
    X(REGION, "accounts.region", "region (accounts.region)")                                       \
    X(COUNTRY, "accounts.country", "country (accounts.country)")                                   \
    X(PLAN, "accounts.plan", "plan (accounts.plan)")                                               \
    X(USE_CASE, "accounts.use_case", "use case (accounts.use_case)")                               \
    X(CHANNEL, "accounts.channel", "acquisition channel (accounts.channel)")                       \
    X(SEATS, "accounts.seats", "seats bought (accounts.seats)")                                    \
    X(POTENTIAL, "accounts.potential_arr", "potential ARR (accounts.potential_arr)")               \
    X(HISTORY, "history", "a year of dated facts (ARR, orders or usage)")

typedef enum input {
#define X(sym, key, label) INPUT_##sym,
    INPUTS(X)
#undef X
        INPUT_COUNT
} input;

static const struct {
    const char *key, *label;
} inputs[INPUT_COUNT] = {
#define X(sym, key, label) [INPUT_##sym] = {key, label},
    INPUTS(X)
#undef X
};

enum { MAX_CLAUSES = 3 };
#define IN(sym) (1U << INPUT_##sym)

/* An analysis needs one input of each clause. */
typedef struct need {
    const char *key, *analysis;
    uint32_t clauses[MAX_CLAUSES];
} need;

static const need needs[] = {
    {"value_tiers", "Value tiers by ARR", {IN(ARR)}},
    {"value_concentration", "Where the value sits", {IN(ARR) | IN(ORDERS)}},
    {"growth_potential", "High potential lifts an account", {IN(ARR), IN(POTENTIAL)}},
    {"behaviour", "Behaviour bands", {IN(USAGE)}},
    {"adoption", "Breadth of adoption", {IN(USAGE), IN(FEATURE)}},
    {"active_users", "Active users", {IN(USAGE), IN(USER)}},
    {"seat_use", "Seats used of seats bought", {IN(USER), IN(SEATS)}},
    {"lifecycle", "Lifecycle stages", {IN(STARTED) | IN(ARR) | IN(ORDERS) | IN(USAGE)}},
    {"lifecycle_exact", "Lifecycle by the real start", {IN(STARTED)}},
    {"milestones", "Milestones by day 90", {IN(STARTED), IN(USAGE) | IN(ORDERS)}},
    {"health_usage", "Health from usage", {IN(USAGE)}},
    {"health_voice", "Health with the customer's voice", {IN(SURVEYS) | IN(CSAT)}},
    {"health_support", "Health with support load", {IN(TICKETS)}},
    {"health_supplied", "Supplied health and its trend", {IN(HEALTH)}},
    {"health_classes",
     "Champions, stable, at risk, critical",
     {IN(USAGE) | IN(HEALTH), IN(SURVEYS), IN(ARR)}},
    {"rfm_shop", "RFM of orders", {IN(ORDERS)}},
    {"rfm_saas", "RFM of usage and ARR", {IN(USAGE), IN(ARR)}},
    {"by_industry", "Segments by industry", {IN(INDUSTRY)}},
    {"by_size", "Segments by company size", {IN(EMPLOYEES)}},
    {"by_place", "Segments by region or country", {IN(REGION) | IN(COUNTRY)}},
    {"by_plan", "Segments by plan", {IN(PLAN)}},
    {"by_use_case", "Segments by use case", {IN(USE_CASE)}},
    {"by_channel", "Segments by acquisition channel", {IN(CHANNEL)}},
    {"weighted", "Weighted priority score", {IN(USAGE), IN(USER), IN(TICKETS) | IN(SURVEYS)}},
    {"hybrid", "Value x health x lifecycle", {IN(ARR), IN(USAGE) | IN(HEALTH)}},
    {"quality_card", "Quality card: outcomes per segment", {IN(ARR) | IN(ORDERS), IN(HISTORY)}},
    {"movement", "Memberships over time", {IN(HISTORY)}},
    {"retention", "Retention, NRR and GRR per segment", {IN(ARR), IN(HISTORY)}},
    {"arr_movements", "ARR movements and metrics by month", {IN(ARR)}},
    {"cohorts", "Cohorts: who stays, by age", {IN(ARR) | IN(ORDERS)}},
    {"forecast", "Forecast, back-tested", {IN(ARR) | IN(ORDERS)}},
    {"survival", "Survival by group", {IN(ARR)}},
    {"adoption", "How soon features are taken up", {IN(USAGE), IN(FEATURE)}},
    {"underpriced", "Heavy users who pay little", {IN(ARR), IN(USAGE)}},
    {"overserved", "Quiet accounts that take much time", {IN(ARR), IN(TOUCH)}},
    {"engagement", "Who answers, and how", {IN(TOUCH), IN(RESPONDED)}},
    {"pipeline", "Where the expansion pipeline sits", {IN(DEALS)}},
    {"renewals", "Renewals due and at risk", {IN(DEALS), IN(USAGE) | IN(HEALTH)}},
    {"single_thread", "Accounts that hang on one contact", {IN(CONTACTS), IN(ROLE)}},
    {"books", "Hours per segment", {IN(CSMS), IN(TOUCH)}},
};
enum { N_NEEDS = sizeof needs / sizeof *needs, MAX_INPUTS = 10 };

static strata_status read_inputs(store *s, uint32_t *have, int64_t *n_accounts, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(store_main(s), "source/readiness.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    bool more;
    STRATA_TRY(stmt_next(q, &more, err));
    if (!more || stmt_n_columns(q) != INPUT_COUNT + 1U) {
        return strata_fail(err, STRATA_E_INTERNAL, "readiness.sql yields %zu columns",
                           stmt_n_columns(q));
    }
    *n_accounts = stmt_get_int(q, 0);
    *have = 0;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        *have |= stmt_get_int(q, i + 1) > 0 ? 1U << i : 0;
    }
    return STRATA_OK;
}

/* "ARR, and usage or supplied health": the clauses that nothing satisfies. */
static strata_status missing_words(const need *n, uint32_t have, arena *a, const char **out,
                                   strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    for (size_t c = 0; c < MAX_CLAUSES; c++) {
        if (n->clauses[c] == 0 || (n->clauses[c] & have) != 0) {
            continue;
        }
        strbuf_add(&b, b.len > 0 ? "; and " : "");
        bool first = true;
        for (size_t i = 0; i < INPUT_COUNT; i++) {
            if ((n->clauses[c] >> i & 1U) != 0) {
                strbuf_add(&b, first ? "" : " or ");
                strbuf_add(&b, inputs[i].label);
                first = false;
            }
        }
    }
    STRATA_TRY(strbuf_status(&b, err));
    *out = arena_strdup(a, strbuf_text(&b));
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static size_t n_open(const need *n, uint32_t have)
{
    size_t open = 0;
    for (size_t c = 0; c < MAX_CLAUSES; c++) {
        open += n->clauses[c] != 0 && (n->clauses[c] & have) == 0;
    }
    return open;
}

static strata_status list_analyses(uint32_t have, arena *a, readiness_report *out,
                                   strata_error *err)
{
    readiness_analysis *list = ARENA_NEW(a, N_NEEDS, readiness_analysis);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < N_NEEDS; i++) {
        list[i] = (readiness_analysis){.key = needs[i].key, .analysis = needs[i].analysis};
        list[i].runs = n_open(&needs[i], have) == 0;
        out->n_running += list[i].runs;
        if (!list[i].runs) {
            STRATA_TRY(missing_words(&needs[i], have, a, &list[i].missing, err));
        }
    }
    out->analyses = list;
    out->n_analyses = N_NEEDS;
    return STRATA_OK;
}

/* An input that is missing, and what it is worth: 1 for each analysis that only waits for it, a
 * half for one that waits for one thing more, and so on. */
typedef struct worth {
    size_t input;
    double value;
} worth;

static int by_worth(const void *pa, const void *pb)
{
    const worth *a = pa;
    const worth *b = pb;
    int c = (a->value < b->value) - (a->value > b->value);
    return c != 0 ? c : (a->input > b->input) - (a->input < b->input);
}

/* Does the input close a clause of an analysis that does not run? */
static bool would_help(const need *n, uint32_t have, size_t i)
{
    for (size_t c = 0; c < MAX_CLAUSES; c++) {
        if ((n->clauses[c] & have) == 0 && (n->clauses[c] >> i & 1U) != 0) {
            return true;
        }
    }
    return false;
}

static strata_status describe_input(size_t i, uint32_t have, arena *a, readiness_input *out,
                                    strata_error *err)
{
    STRBUF_AUTO strbuf b;
    strbuf_init(&b, 0);
    *out = (readiness_input){.key = inputs[i].key, .input = inputs[i].label};
    for (size_t k = 0; k < N_NEEDS; k++) {
        if (!would_help(&needs[k], have, i)) {
            continue;
        }
        out->n_alone += n_open(&needs[k], have) == 1;
        out->n_with_others += n_open(&needs[k], have) > 1;
        strbuf_printf(&b, "%s%s", b.len > 0 ? ", " : "", needs[k].analysis);
    }
    STRATA_TRY(strbuf_status(&b, err));
    out->enables = arena_strdup(a, strbuf_text(&b));
    return out->enables != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status list_inputs(uint32_t have, arena *a, readiness_report *out, strata_error *err)
{
    worth order[INPUT_COUNT];
    size_t n = 0;
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        double value = 0;
        for (size_t k = 0; (have >> i & 1U) == 0 && k < N_NEEDS; k++) {
            if (would_help(&needs[k], have, i)) {
                size_t open = n_open(&needs[k], have);
                value += 1.0 / (double)open;
            }
        }
        if (value > 0) {
            order[n++] = (worth){i, value};
        }
    }
    qsort(order, n, sizeof *order, by_worth);
    n = n < MAX_INPUTS ? n : MAX_INPUTS;
    readiness_input *list = ARENA_NEW(a, MAX_INPUTS, readiness_input);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(describe_input(order[i].input, have, a, &list[i], err));
    }
    out->inputs = list;
    out->n_inputs = n;
    return STRATA_OK;
}

static strata_status list_warnings(const model *m, uint32_t have, int64_t n_accounts, arena *a,
                                   readiness_report *out, strata_error *err)
{
    readiness_warning *list = ARENA_NEW(a, 5, readiness_warning);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = 0;
    const model_business *b = &m->business;
    double customers = isnan(b->customers) ? (double)n_accounts : b->customers;
    const uint32_t facts =
        IN(ARR) | IN(ORDERS) | IN(USAGE) | IN(TICKETS) | IN(SURVEYS) | IN(TOUCH) | IN(HEALTH);
    if (customers < 500) {
        char count[NUMBER_TEXT];
        number_format(customers, 0, count);
        list[n++] = (readiness_warning){
            "few_customers",
            arena_printf(a,
                         "%s customers are few: with under 500, segments get too small to compare; "
                         "look at accounts one by one, or keep to two or three segments",
                         count)};
    }
    if (b->uniform_needs == 1) {
        list[n++] = (readiness_warning){
            "uniform_needs",
            "one product with uniform needs: segments will differ in size and little else"};
    }
    if ((have & facts) == 0) {
        list[n++] = (readiness_warning){
            "demographics_only",
            "only attributes of accounts are there: segments by them rarely differ in outcome; add "
            "ARR, orders or usage"};
    }
    if (b->can_act == 0) {
        list[n++] = (readiness_warning){
            "nobody_acts", "nobody can act on segments: settle who does what differently first"};
    }
    if (b->real_time == 1) {
        list[n++] = (readiness_warning){
            "real_time",
            "decisions in real time need scoring at the event; segments are a review's view"};
    }
    for (size_t i = 0; i < n; i++) {
        if (list[i].text == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    out->warnings = list;
    out->n_warnings = n;
    return STRATA_OK;
}

strata_status readiness(store *s, const model *m, arena *a, readiness_report *out,
                        strata_error *err)
{
    uint32_t have;
    int64_t n_accounts;
    readiness_report report = {0};
    STRATA_TRY(read_inputs(s, &have, &n_accounts, err));
    STRATA_TRY(list_analyses(have, a, &report, err));
    STRATA_TRY(list_inputs(have, a, &report, err));
    STRATA_TRY(list_warnings(m, have, n_accounts, a, &report, err));
    *out = report;
    return STRATA_OK;
}
