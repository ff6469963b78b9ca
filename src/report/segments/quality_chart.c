/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "document/chart.h"
#include "report/report.h"
#include "report/segments/quality.h"

/* Checks that hold for a share of something: what of it, and the numbers of the row that say how
 * many. `short_of`: these are the ones for which it does not hold. */
typedef struct share_check {
    const char *key, *what;
    const char *whole; /* NULL: the parts are shares already */
    const char *parts[2];
    bool short_of;
} share_check;

static const share_check checks[] = {
    {"exclusive", "accounts that meet one rule only", "accounts", {"several"}, true},
    {"exhaustive", "accounts placed by known values", "accounts", {"undecided"}, true},
    {"measurable", "accounts with the rarest input", NULL, {"worst_missing"}, true},
    {"substantial", "segments large enough", "segments", {"too_small", "empty"}, true},
    {"reachable", "accounts with a contact or CSM", NULL, {"reached_share"}, false},
    {"actionable", "segments with a motion", "segments", {"with_motion"}, false},
    {"stable", "accounts that did not go back", NULL, {"flap_rate"}, true}};
enum { N_CHECKS = sizeof checks / sizeof checks[0], LABEL_TEXT = 64, VERDICT_TEXT = 128 };

static double number_of(const quality_row *row, const char *name)
{
    for (size_t i = 0; i < row->n_numbers; i++) {
        if (strcmp(row->numbers[i].name, name) == 0) {
            return row->numbers[i].x;
        }
    }
    return NAN;
}

/* Share for which the check holds; NaN where the row has no such figures. */
static double share_held(const quality_row *row, const share_check *c)
{
    double sum = 0.0;
    for (size_t i = 0; i < 2 && c->parts[i] != NULL; i++) {
        sum += number_of(row, c->parts[i]);
    }
    double share = c->whole != NULL ? sum / number_of(row, c->whole) : sum;
    return c->short_of ? 1.0 - share : share;
}

typedef struct drawn {
    char labels[N_CHECKS][LABEL_TEXT], texts[N_CHECKS][VERDICT_TEXT];
    const char *label[N_CHECKS], *text[N_CHECKS], *name[N_CHECKS];
    double share[N_CHECKS];
    chart_tone tone[N_CHECKS];
    size_t n;
} drawn;

static void draw(drawn *x, const quality_row *row, const share_check *c)
{
    double share = share_held(row, c);
    if (!isfinite(share) || row->verdict == QUALITY_UNKNOWN) {
        return;
    }
    size_t at = x->n++;
    (void)snprintf(x->labels[at], LABEL_TEXT, "%s: %s", row->label, c->what);
    (void)snprintf(x->texts[at], VERDICT_TEXT, "%s, %s", words_share(share).text,
                   quality_verdict_name(row->verdict));
    x->label[at] = x->labels[at];
    x->text[at] = x->texts[at];
    x->name[at] = row->label;
    x->share[at] = share;
    x->tone[at] = row->verdict == QUALITY_FAIL   ? CHART_TONE_FAIL
                  : row->verdict == QUALITY_WARN ? CHART_TONE_WARN
                                                 : CHART_TONE_NONE;
}

static void put_title(strbuf *out, const drawn *x)
{
    size_t told = 0;
    for (int tone = CHART_TONE_FAIL; tone > CHART_TONE_NONE; tone--) {
        for (size_t i = 0; i < x->n; i++) {
            if ((int)x->tone[i] == tone) {
                strbuf_printf(out, "%s%s (%s)",
                              told++ > 0 ? ", " : "It falls short in: ", x->name[i],
                              words_share(x->share[i]).text);
            }
        }
    }
    if (told == 0) {
        strbuf_add(out, "Every check that is a share is met well enough");
    }
}

void report_quality_chart(doc_section *s, const quality_card *card)
{
    drawn x = {.n = 0};
    for (size_t i = 0; i < card->n_rows; i++) {
        for (size_t k = 0; k < N_CHECKS; k++) {
            if (strcmp(card->rows[i].key, checks[k].key) == 0) {
                draw(&x, &card->rows[i], &checks[k]);
            }
        }
    }
    if (x.n < 2) {
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    put_title(&title, &x);
    const chart_measure share = {.title = "Holds for",
                                 .format = CHART_SHARE,
                                 .values = x.share,
                                 .texts = x.text,
                                 .tones = x.tone,
                                 .full = 1.0};
    const chart_theme theme = {0};
    doc_chart(s, "card-bars", strbuf_text(&title),
              "Bars of the share for which each check holds, with its verdict; the table says what "
              "was counted.",
              chart_bars(&theme, x.label, x.n, &share, 1));
}
