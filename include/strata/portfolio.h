/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PORTFOLIO_H
#define STRATA_PORTFOLIO_H

/**
 * @file portfolio.h  A project folder opened for reading: its accounts and its model.
 *
 * @code
 * strata_error err = {STRATA_OK, ""};
 * strata_options options = STRATA_OPTIONS_INIT;
 * strata_portfolio *p = NULL;
 * options.folder = "acme";
 * if (strata_open(&options, &p, &err) != STRATA_OK) {
 *     show(err.message);
 * }
 * strata_close(p);
 * @endcode
 *
 * One portfolio may be used by one thread at a time; different portfolios by different threads.
 * Nothing here prints, and nothing is global. Open projects hold the store for reading: close
 * before ingesting into the same folder.
 */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>
#include <strata/export.h>

STRATA_BEGIN_DECLS

/** Days since 1970-01-01 (proleptic Gregorian), in the portfolio's time zone. */
typedef int32_t strata_date;

#define STRATA_NO_DATE INT32_MIN /**< no date; as an argument: the usual one */

/** Read exactly "YYYY-MM-DD". STRATA_NO_DATE for anything else. */
STRATA_API strata_date strata_date_parse(const char *text);
/** Write "YYYY-MM-DD" and a NUL; "" for STRATA_NO_DATE. */
STRATA_API void strata_date_format(strata_date date, char out[11]);

/** How to work. Start from STRATA_OPTIONS_INIT, so that later fields have their usual values. */
typedef struct strata_options {
    const char *folder;       /**< with strata.yaml; NULL: the current one */
    const char *memory_limit; /**< of the store, such as "2GB"; NULL: its own */
    int wait_seconds;  /**< for a store that another program writes; 0: ten, -1: not at all */
    int threads;       /**< 0: one for each processor; results do not depend on it */
    uint64_t seed;     /**< of everything random */
    strata_date today; /**< facts after it are in the future; STRATA_NO_DATE: by the clock */
    /** Told of long work now and then, from the calling thread: `done` of `total` units of `what`
     * (total 0: not known). Returning other than 0 stops it: STRATA_E_CANCELLED. NULL: nobody. */
    int (*progress)(void *payload, const char *what, uint64_t done, uint64_t total);
    /** Told what is worth knowing and no failure. NULL: nobody. */
    void (*notice)(void *payload, const char *text);
    void *payload; /**< handed to both */
} strata_options;

#define STRATA_OPTIONS_INIT                                                                        \
    {                                                                                              \
        NULL, NULL, 0, 0, 1, STRATA_NO_DATE, NULL, NULL, NULL                                      \
    }

typedef struct strata_portfolio strata_portfolio;

/**
 * Open a project that was ingested: loads its accounts and its model.
 *
 * @param[in]  options  NULL: the usual ones.
 * @param[out] out      to be closed by strata_close(); untouched on failure.
 * @param[out] err      why it failed; may be NULL.
 *
 * @retval STRATA_E_NOTFOUND  no strata.yaml, or nothing was ingested yet (the message says what to
 * do)
 * @retval STRATA_E_MODEL     a mistake in the model, with file, line and column
 * @retval STRATA_E_LOCKED    another program kept writing
 * @retval STRATA_E_STORE, STRATA_E_NOMEM, STRATA_E_CANCELLED
 */
STRATA_API STRATA_MUST_CHECK strata_status strata_open(const strata_options *options,
                                                       strata_portfolio **out, strata_error *err);
/** NULL is fine. */
STRATA_API void strata_close(strata_portfolio *p);

/** What an ingest did. */
typedef struct strata_ingest_result {
    int changed;        /**< 0: every file was as before, and nothing was read */
    int64_t n_accounts; /**< in the store now */
    int64_t n_read;     /**< rows read from changed files */
    int64_t n_loaded;   /**< of these, taken */
    int64_t n_rejected; /**< of these, refused: see strata-rejects.csv in the folder */
} strata_ingest_result;

/**
 * Read the sources that the model file names into the store, all or nothing; files that have not
 * changed are not read again.
 *
 * @param[out] out  may be NULL.
 * @retval STRATA_E_DATA  more rows were refused than the model allows, or a file is unreadable as
 * data
 * @retval STRATA_E_MODEL, STRATA_E_IO, STRATA_E_LOCKED, STRATA_E_STORE, STRATA_E_NOMEM,
 * STRATA_E_CANCELLED
 */
STRATA_API STRATA_MUST_CHECK strata_status strata_ingest(const strata_options *options,
                                                         strata_ingest_result *out,
                                                         strata_error *err);

/** Accounts are numbered 0 .. n - 1 in bytewise order of their ids; arrays below go by number. */
STRATA_API size_t strata_n_accounts(const strata_portfolio *p);
/** The id and the name (the id where there is none); NULL past the last. Owned by the portfolio. */
STRATA_API const char *strata_account_id(const strata_portfolio *p, size_t account);
STRATA_API const char *strata_account_name(const strata_portfolio *p, size_t account);
/** The number of an id; SIZE_MAX when there is none. */
STRATA_API size_t strata_account_find(const strata_portfolio *p, const char *id);

/** The first and the last day with facts, the last no later than today. */
STRATA_API strata_date strata_first_date(const strata_portfolio *p);
STRATA_API strata_date strata_last_date(const strata_portfolio *p);
/** Of all money, ISO 4217. */
STRATA_API const char *strata_currency(const strata_portfolio *p);
/** Of all that decides results in the model, and of the facts: equal digests, equal results. */
STRATA_API const char *strata_model_digest(const strata_portfolio *p);
STRATA_API const char *strata_data_digest(const strata_portfolio *p);

STRATA_END_DECLS

#endif
