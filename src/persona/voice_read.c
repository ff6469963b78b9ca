/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "persona/voice.h"
#include "store/stmt.h"

enum { PROMOTER = 9, DETRACTOR = 6 };

void voice_corpora_done(voice_corpora *v)
{
    for (size_t k = 0; k < VOICE_KINDS; k++) {
        corpus_done(&v->of[k]);
    }
}

/* Runs a statement over the time; its rows are read by the caller. */
static strata_status open_time(store_conn *conn, const char *name, day from, day until, stmt **out,
                               strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(conn, name, &q, err));
    STRATA_TRY(stmt_bind_int32(q, "from", from, err));
    STRATA_TRY(stmt_bind_int32(q, "until", until, err));
    STRATA_TRY(stmt_stream(q, err));
    *out = strata_steal(&q);
    return STRATA_OK;
}

static strata_status read_tickets(const study *s, store_conn *conn, day from, hidden_names *h,
                                  const terms *stop, voice_corpora *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(open_time(conn, "persona/tickets.sql", from, s->v->as_of, &q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        size_t account = (size_t)stmt_get_int(q, 0);
        text_view theme = stmt_get_text(q, 1);
        text_view text = stmt_get_text(q, 2);
        if (theme.ptr != NULL) {
            STRATA_TRY(
                corpus_add_theme(&out->of[VOICE_THEME], h, account, theme.ptr, theme.len, err));
        }
        if (text.ptr != NULL) {
            STRATA_TRY(
                corpus_add_text(&out->of[VOICE_TICKET], h, stop, account, text.ptr, text.len, err));
        }
        STRATA_TRY(context_check(s->cx, err));
    }
}

static voice_kind kind_of(int64_t survey, double score)
{
    if (survey != SURVEY_NPS || isnan(score)) {
        return VOICE_REMARK;
    }
    return score >= PROMOTER ? VOICE_PRAISE : score <= DETRACTOR ? VOICE_COMPLAINT : VOICE_REMARK;
}

static strata_status read_surveys(const study *s, store_conn *conn, day from, hidden_names *h,
                                  const terms *stop, voice_corpora *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(open_time(conn, "persona/surveys.sql", from, s->v->as_of, &q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        voice_kind kind = kind_of(stmt_get_int(q, 1), stmt_get_double(q, 2));
        text_view text = stmt_get_text(q, 3);
        STRATA_TRY(corpus_add_text(&out->of[kind], h, stop, (size_t)stmt_get_int(q, 0), text.ptr,
                                   text.len, err));
        STRATA_TRY(context_check(s->cx, err));
    }
}

strata_status voice_read(const study *s, store_conn *conn, day from, hidden_names *h,
                         voice_corpora *out, strata_error *err)
{
    TERMS_AUTO terms stop = {0};
    STRATA_TRY(terms_of_asset(&stop, "stopwords-en.txt", err));
    STRATA_TRY(read_tickets(s, conn, from, h, &stop, out, err));
    return read_surveys(s, conn, from, h, &stop, out, err);
}
