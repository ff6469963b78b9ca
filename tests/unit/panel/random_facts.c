/* SPDX-License-Identifier: Apache-2.0 */
#include "random_facts.h"

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "panel/movements.h"

static int32_t below(rng *r, int n)
{
    return (int32_t)rng_below(r, (uint64_t)n);
}

/* Few accounts have most rows, and the last two have none. */
static int32_t any_account(rng *r)
{
    int32_t some = 1 + below(r, RANDOM_ACCOUNTS - 2);
    return below(r, some);
}

static double tenths(rng *r, int n)
{
    return below(r, n) / 10.0;
}

/* Valid movements, from random levels. */
static void fill_arr(rng *r, random_facts *f)
{
    size_t n = 0;
    for (int32_t account = 0; account < RANDOM_ACCOUNTS - 2; account++) {
        arr_delta deltas[12];
        arr_movements rows = {0};
        strata_error err = {0};
        size_t n_levels = (size_t)below(r, 13);
        int64_t before = 0;
        for (size_t k = 0; k < n_levels; k++) {
            day d = (day)k * 100 + below(r, 100);
            int64_t level = (int64_t)below(r, 3) * 12345;
            deltas[k] = (arr_delta){d, level - before};
            before = level;
        }
        if (movements_from_deltas(deltas, n_levels, &rows, &err) == STRATA_OK) {
            for (size_t k = 0; k < rows.n; k++) {
                f->arr[n++] = (arr_fact){account, rows.data[k].day, rows.data[k].arr_after,
                                         (uint8_t)rows.data[k].kind};
            }
        }
        vec_free(&rows);
    }
    f->facts.n_arr = n;
}

/* One of n codes, half of them below 64 and half from there on; or negative: not recorded. */
static int32_t any_code(rng *r, int n)
{
    int32_t code = below(r, n + 1) - 1;
    return code < n / 2 ? code : code + 64 - n / 2;
}

static void fill_row(rng *r, random_facts *f, size_t k)
{
    day d = below(r, RANDOM_DAYS);
    f->orders[k] = (order_fact){any_account(r), d, below(r, 9000) - 1000, below(r, 4)};
    d = below(r, RANDOM_DAYS);
    f->usage[k] = (usage_fact){any_account(r), d, any_code(r, 9), any_code(r, 10), 1 + below(r, 9)};
    d = below(r, RANDOM_DAYS);
    f->tickets[k] =
        (ticket_fact){any_account(r), d, below(r, 4) ? d + below(r, 200) : DAY_MISSING,
                      below(r, 2) ? 1 + tenths(r, 41) : (double)NAN, (uint8_t)below(r, 4)};
    d = below(r, RANDOM_DAYS);
    f->surveys[k] = (survey_fact){any_account(r), d, below(r, 9) ? below(r, 11) : (double)NAN,
                                  (uint8_t)below(r, SURVEY_KIND_COUNT)};
    d = below(r, 5) ? below(r, RANDOM_DAYS) : DAY_MIN;
    f->contacts[k] =
        (contact_fact){any_account(r), d, below(r, 3) ? below(r, RANDOM_DAYS) : DAY_MISSING,
                       (uint8_t)below(r, ROLE_COUNT), below(r, 5)};
    d = below(r, RANDOM_DAYS);
    f->touchpoints[k] = (touch_fact){any_account(r), d, below(r, 3) ? tenths(r, 900) : (double)NAN,
                                     (int8_t)(below(r, 3) - 1)};
    d = below(r, RANDOM_DAYS);
    f->opportunities[k] = (deal_fact){any_account(r),
                                      d,
                                      below(r, 6) ? d + below(r, 300) : DAY_MISSING,
                                      below(r, 90000),
                                      (uint8_t)below(r, 2),
                                      (uint8_t)below(r, 3)};
    f->health[k] = (health_fact){any_account(r), below(r, RANDOM_DAYS), tenths(r, 1001)};
    f->interventions[k] = (intervention_fact){any_account(r), below(r, RANDOM_DAYS), (double)NAN};
}

/* At most one prediction of an account on a day. */
static void fill_predictions(rng *r, random_facts *f)
{
    for (size_t k = 0; k < RANDOM_ROWS; k++) {
        day d = (day)(k / RANDOM_ACCOUNTS) * 57 + below(r, 57);
        f->predictions[k] =
            (prediction_fact){(int32_t)(k % RANDOM_ACCOUNTS), d,
                              (uint8_t)below(r, PREDICTION_KIND_COUNT), tenths(r, 11) / 10.0};
    }
}

void random_facts_fill(uint64_t seed, random_facts *out)
{
    rng r;
    rng_init(&r, seed, 1);
    memset(out, 0, sizeof *out);
    for (int32_t i = 0; i < RANDOM_ACCOUNTS; i++) {
        out->started_on[i] = below(&r, 5) ? below(&r, RANDOM_DAYS) : DAY_MISSING;
    }
    fill_arr(&r, out);
    for (size_t k = 0; k < RANDOM_ROWS; k++) {
        fill_row(&r, out, k);
    }
    fill_predictions(&r, out);
    ledger_facts *f = &out->facts;
    f->n_accounts = RANDOM_ACCOUNTS;
    f->started_on = out->started_on;
    f->entities = (1u << ENTITY_COUNT) - 1;
    f->arr = out->arr;
    f->orders = out->orders;
    f->usage = out->usage;
    f->tickets = out->tickets;
    f->surveys = out->surveys;
    f->contacts = out->contacts;
    f->touchpoints = out->touchpoints;
    f->opportunities = out->opportunities;
    f->health = out->health;
    f->interventions = out->interventions;
    f->predictions = out->predictions;
    f->n_predictions = RANDOM_ROWS;
    f->n_orders = f->n_usage = f->n_tickets = f->n_surveys = f->n_contacts = RANDOM_ROWS;
    f->n_touchpoints = f->n_opportunities = f->n_health = f->n_interventions = RANDOM_ROWS;
}

#define SHUFFLE(list)                                                                              \
    for (size_t k = f->facts.n_##list; k > 1; k--) {                                               \
        size_t other = rng_below(&r, k);                                                           \
        __typeof__(f->list[0]) kept = f->list[k - 1];                                              \
        f->list[k - 1] = f->list[other];                                                           \
        f->list[other] = kept;                                                                     \
    }

void random_facts_shuffle(uint64_t seed, random_facts *f)
{
    rng r;
    rng_init(&r, seed, 2);
    SHUFFLE(arr)
    SHUFFLE(orders)
    SHUFFLE(usage)
    SHUFFLE(tickets)
    SHUFFLE(surveys)
    SHUFFLE(contacts)
    SHUFFLE(touchpoints)
    SHUFFLE(opportunities)
    SHUFFLE(health)
    SHUFFLE(interventions)
    SHUFFLE(predictions)
}

#define KEEP_UNTIL(list)                                                                           \
    do {                                                                                           \
        size_t kept = 0;                                                                           \
        for (size_t k = 0; k < f->facts.n_##list; k++) {                                           \
            if (f->list[k].day <= d) {                                                             \
                f->list[kept++] = f->list[k];                                                      \
            }                                                                                      \
        }                                                                                          \
        f->facts.n_##list = kept;                                                                  \
    } while (0)

void random_facts_forget(day d, random_facts *f)
{
    KEEP_UNTIL(arr);
    KEEP_UNTIL(orders);
    KEEP_UNTIL(usage);
    KEEP_UNTIL(tickets);
    KEEP_UNTIL(surveys);
    KEEP_UNTIL(contacts);
    KEEP_UNTIL(touchpoints);
    KEEP_UNTIL(opportunities);
    KEEP_UNTIL(health);
    KEEP_UNTIL(interventions);
    KEEP_UNTIL(predictions);
    for (size_t k = 0; k < f->facts.n_tickets; k++) {
        if (f->tickets[k].closed > d) {
            f->tickets[k].closed = DAY_MISSING;
            f->tickets[k].csat = (double)NAN;
        }
    }
    for (size_t k = 0; k < f->facts.n_contacts; k++) {
        if (f->contacts[k].active_until > d) {
            f->contacts[k].active_until = DAY_MISSING;
        }
    }
    for (size_t k = 0; k < f->facts.n_opportunities; k++) {
        if (f->opportunities[k].due >= d) {
            f->opportunities[k].stage = DEAL_OPEN;
        }
    }
    for (size_t i = 0; i < RANDOM_ACCOUNTS; i++) {
        if (f->started_on[i] > d) {
            f->started_on[i] = d + 1; /* still to come, but on another day */
        }
    }
}
