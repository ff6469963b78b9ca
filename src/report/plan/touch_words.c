/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/touch_words.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

/* --- heads and sources --- */

static words between(const touch_range *r, const char *currency)
{
    const int64_t low = llround(r->low);
    const int64_t high = llround(r->high);
    words text;
    if (low == high) { /* assumed as one figure */
        return words_money(low, currency);
    }
    (void)snprintf(text.text, sizeof text.text, "%.40s to %.40s", words_money(low, currency).text,
                   words_money(high, currency).text);
    return text;
}

/* "accounts with touch left more often and grew less often" */
static words against(const touch_range *kept, const touch_range *grown)
{
    const bool left = kept->side == TOUCH_HARMS;
    const bool grew = grown->side == TOUCH_HARMS;
    words text;
    (void)snprintf(text.text, sizeof text.text, "accounts with touch %s%s%s",
                   left ? "left more often" : "", left && grew ? " and " : "",
                   grew ? "grew less often" : "");
    return text;
}

static words gain(const touch_range *kept, const touch_range *grown, const char *currency)
{
    words text;
    if (kept->side != TOUCH_HELPS) {
        (void)snprintf(text.text, sizeof text.text, "add %.70s a year by growth",
                       between(grown, currency).text);
    } else if (grown->side != TOUCH_HELPS) {
        (void)snprintf(text.text, sizeof text.text, "keep %.70s a year",
                       between(kept, currency).text);
    } else {
        (void)snprintf(text.text, sizeof text.text, "keep %.36s and add %.36s a year",
                       between(kept, currency).text, between(grown, currency).text);
    }
    return text;
}

touch_text touch_title(const char *what, const touch_range *kept, const touch_range *grown,
                       const char *currency)
{
    const bool helps = kept->side == TOUCH_HELPS || grown->side == TOUCH_HELPS;
    const bool harms = kept->side == TOUCH_HARMS || grown->side == TOUCH_HARMS;
    touch_text title;
    if (helps) {
        (void)snprintf(title.text, sizeof title.text, "%.60s would %s%s%s", what,
                       gain(kept, grown, currency).text, harms ? ", but " : "",
                       harms ? against(kept, grown).text : "");
        title.text[0] = (char)toupper((unsigned char)title.text[0]);
    } else if (harms) {
        (void)snprintf(title.text, sizeof title.text, "No gain from %.60s is to be seen: %s", what,
                       against(kept, grown).text);
    } else {
        (void)snprintf(title.text, sizeof title.text,
                       "What %.60s would bring cannot be told from nothing", what);
    }
    return title;
}

const char *touch_source(const touch_effect *e)
{
    return e->source == EFFECT_ASSUMED        ? "assumed in the model file"
           : touch_side_of(e) == TOUCH_UNSURE ? "measured, 95 %; cannot be told from nothing"
                                              : "measured on this portfolio, 95 %";
}

/* What was measured does not count, for it is not above nothing. */
static const char *measured_not_used(const touch_effect *e)
{
    return isnan(e->measured)       ? NULL
           : e->measured_high < 0.0 ? "measured, it is below nothing"
                                    : "measured, it cannot be told from nothing";
}

touch_text touch_counts(const touch_effect *e, const char *key)
{
    const char *measured = measured_not_used(e);
    touch_text text;
    if (e->source == EFFECT_MEASURED) {
        (void)snprintf(text.text, sizeof text.text, "measured on this portfolio, 95 %%");
    } else if (e->source == EFFECT_ASSUMED) {
        (void)snprintf(text.text, sizeof text.text, "assumed: %.60s of the model file%s%s", key,
                       measured != NULL ? "; " : "", measured != NULL ? measured : "");
    } else {
        (void)snprintf(text.text, sizeof text.text, "%s assumed: it counts nothing",
                       measured == NULL         ? "neither measured nor"
                       : e->measured_high < 0.0 ? "measured, it is below nothing, and nothing is"
                                                : "measured, it cannot be told from nothing, and "
                                                  "nothing is");
    }
    return text;
}

/* --- what was measured --- */

/* "12.3 % less often"; share: that it came more often. */
static words often(double share)
{
    static const double shown = 0.0005; /* shares have one decimal */
    words text;
    if (fabs(share) < shown) {
        (void)snprintf(text.text, sizeof text.text, "just as often");
    } else {
        (void)snprintf(text.text, sizeof text.text, "%.40s %s often", words_share(fabs(share)).text,
                       share < 0.0 ? "less" : "more");
    }
    return text;
}

/* "6.7 % less to 32.1 % more often; 38 of 273 against 10 of 53", in the direction of `often`. */
static touch_text limits(const touch_effect *e, double low, double high)
{
    touch_text text;
    const bool across = low < 0.0 && high > 0.0;
    (void)snprintf(text.text, sizeof text.text,
                   "95 %%: %.40s%s to %.40s %s often; %zu of %zu against %zu of %zu",
                   words_share(fabs(low)).text, across ? " less" : "", words_share(fabs(high)).text,
                   high > 0.0 ? "more" : "less", e->left_touched, e->n_touched, e->left_others,
                   e->n_others);
    return text;
}

static const char *verdict(const touch_effect *e)
{
    return touch_side_of(e) == TOUCH_HARMS ? " So nothing here shows that touch helps."
           : e->measured_low <= 0.0        ? " That cannot be told from no effect."
                                           : "";
}

static const char *than(bool first)
{
    return first ? " than accounts of the same segment and health band that had fewer" : "";
}

static const char *who(bool first)
{
    return first ? "Measured: accounts of a year ago that had at least half of the touchpoints "
                   "planned for the 90 days before"
                 : "They";
}

static void put_left(doc_section *s, const touch_effect *e)
{
    doc_paragraph(s, "%s left %s in the 12 months after%s (%s).%s", who(true),
                  often(-e->measured).text, than(true),
                  limits(e, -e->measured_high, -e->measured_low).text, verdict(e));
}

static void put_grew(doc_section *s, const touch_effect *e, bool first)
{
    doc_paragraph(s, "%s came to pay more %s%s (%s).%s", who(first), often(e->measured).text,
                  than(first), limits(e, e->measured_low, e->measured_high).text, verdict(e));
}

void touch_put_measured(doc_section *s, const touch_effect *kept, const touch_effect *grown)
{
    const bool left = !isnan(kept->measured);
    const bool grew = !isnan(grown->measured);
    if (left) {
        put_left(s, kept);
    } else {
        doc_paragraph(s,
                      "Whether touch keeps accounts was not measured. Of the accounts of a year "
                      "ago, %zu had at least half of the touchpoints planned for 90 days and %zu "
                      "of them left; of %zu with fewer, %zu left. That is too few, or there are "
                      "no touchpoints of then.",
                      kept->n_touched, kept->left_touched, kept->n_others, kept->left_others);
    }
    if (grew) {
        put_grew(s, grown, !left);
    }
}
