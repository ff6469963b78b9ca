/* SPDX-License-Identifier: Apache-2.0 */
#include "project/draft.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "model/yaml.h"

const intake_question intake_questions[INTAKE_QUESTIONS] = {
    {"name", "What shall reports call this portfolio?", INTAKE_TEXT},
    {"products", "Which products do your customers pay for?", INTAKE_LIST},
    {"customers", "About how many customers are there?", INTAKE_NUMBER},
    {"decisions", "Which decisions shall segments inform (coverage, pricing, retention)?",
     INTAKE_LIST},
    {"priorities", "What matters most this year (nrr, retention, growth, cost to serve)?",
     INTAKE_LIST},
    {"hypotheses", "What do you believe about your customers that data could prove wrong?",
     INTAKE_TEXT},
    {"current_segmentation", "How are customers grouped today?", INTAKE_TEXT},
    {"capabilities", "What can differ by segment (people, programmes, pricing)?", INTAKE_LIST},
    {"value_metrics", "What shows that a customer gets value (reports sent, seats used)?",
     INTAKE_LIST},
    {"engagement_data", "Which contact with customers is recorded (meetings, mails, tickets)?",
     INTAKE_LIST},
    {"csm_team", "How is the customer success team set up?", INTAKE_TEXT},
    {"can_act", "Can somebody treat segments differently? (yes or no)", INTAKE_YES_NO},
    {"uniform_needs", "Is there one product that all customers use alike? (yes or no)",
     INTAKE_YES_NO},
    {"real_time", "Must decisions fall within minutes? (yes or no)", INTAKE_YES_NO},
    {"currency", "In which currency shall amounts be shown (ISO code such as USD)?", INTAKE_TEXT},
    {"timezone", "In which time zone do your days begin (such as America/New_York)?", INTAKE_TEXT},
    {"fiscal_year_starts", "With which month does your fiscal year begin?", INTAKE_TEXT},
};

static bool is_currency(const char *text)
{
    return strlen(text) == 3 && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

static bool is_month(const char *text)
{
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        if (strcmp(months[i], text) == 0) {
            return true;
        }
    }
    return false;
}

bool intake_accepts(const intake_question *q, const char *answer)
{
    double number = 0.0;
    if (answer[0] == '\0') {
        return true;
    }
    if (q->kind == INTAKE_NUMBER) {
        return number_parse(answer, strlen(answer), &number) && number >= 0.0;
    }
    if (q->kind == INTAKE_YES_NO) {
        return strcmp(answer, "yes") == 0 || strcmp(answer, "no") == 0;
    }
    if (strcmp(q->key, "currency") == 0) {
        return is_currency(answer);
    }
    return strcmp(q->key, "fiscal_year_starts") != 0 || is_month(answer);
}

/* --- what is there --- */

static bool has_entity(const guess_result *guess, const char *entity)
{
    for (size_t i = 0; i < guess->n_files; i++) {
        if (guess->files[i].entity != NULL && strcmp(guess->files[i].entity, entity) == 0) {
            return true;
        }
    }
    return false;
}

const char *draft_template(const guess_result *guess)
{
    bool behaviour = has_entity(guess, "usage") || has_entity(guess, "health") ||
                     has_entity(guess, "tickets") || has_entity(guess, "surveys");
    if (has_entity(guess, "arr")) {
        return behaviour ? "hybrid" : "value";
    }
    if (has_entity(guess, "orders")) {
        return "shop";
    }
    if (has_entity(guess, "accounts")) {
        return has_entity(guess, "usage") ? "behavioral" : "firmographic";
    }
    return NULL;
}

/* --- YAML --- */

static void put_text(strbuf *out, const char *text)
{
    yaml_put_text(out, text, strlen(text));
}

/* A comment stays on its line. */
static void put_comment_text(strbuf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        if ((unsigned char)*p < 0x20) {
            strbuf_add(out, " ");
        } else {
            strbuf_add_char(out, *p);
        }
    }
}

/* In a path "$" begins a variable, so ours are doubled. */
static void put_path(const draft *d, const char *path, strbuf *out)
{
    size_t len = strlen(d->folder);
    bool inside = strncmp(path, d->folder, len) == 0 && path[len] == '/';
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    for (const char *p = inside ? path + len + 1 : path; *p != '\0'; p++) {
        strbuf_add(&text, *p == '$' ? "$" : "");
        strbuf_add_char(&text, *p);
    }
    put_text(out, strbuf_text(&text));
}

static void put_list(strbuf *out, const char *text)
{
    strbuf_add_char(out, '[');
    for (const char *p = text; *p != '\0';) {
        size_t len = strcspn(p, ",");
        size_t skip = strspn(p, " ");
        size_t end = len;
        while (end > skip && p[end - 1] == ' ') {
            end--;
        }
        strbuf_add(out, p == text ? "" : ", ");
        yaml_put_text(out, p + (skip < end ? skip : end), skip < end ? end - skip : 0);
        p += len + (p[len] == ',' ? 1 : 0);
    }
    strbuf_add_char(out, ']');
}

static void put_answer(const intake_question *q, const char *answer, strbuf *out)
{
    if (answer == NULL || answer[0] == '\0') {
        strbuf_printf(out, "  # %s:   %s\n", q->key, q->question);
        return;
    }
    strbuf_printf(out, "  %s: ", q->key);
    if (q->kind == INTAKE_LIST) {
        put_list(out, answer);
    } else if (q->kind == INTAKE_TEXT) {
        put_text(out, answer);
    } else {
        strbuf_add(out, answer);
    }
    strbuf_add_char(out, '\n');
}

static void put_business(const draft *d, strbuf *out)
{
    bool any = false;
    for (size_t i = 0; i < INTAKE_QUESTIONS; i++) {
        any = any || (d->answers[i] != NULL && d->answers[i][0] != '\0');
    }
    strbuf_add(out, any ? "business:\n" : "# business:\n");
    for (size_t i = 0; i < INTAKE_QUESTIONS; i++) {
        put_answer(&intake_questions[i], d->answers[i], out);
    }
}

/* --- sources --- */

static size_t count_entity(const guess_result *guess, const char *entity)
{
    size_t n = 0;
    for (size_t i = 0; i < guess->n_files; i++) {
        n += guess->files[i].entity != NULL && strcmp(guess->files[i].entity, entity) == 0;
    }
    return n;
}

/* A kind for rows that do not tell theirs, from words in the file's name. */
static const char *constant_kind(const guess_file *f)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        if (f->columns[i].field != NULL && strcmp(f->columns[i].field, "kind") == 0) {
            return NULL;
        }
    }
    const char *slash = strrchr(f->path, '/');
    const char *name = slash != NULL ? slash + 1 : f->path;
    if (strcmp(f->entity, "surveys") == 0) {
        bool csat = strstr(name, "csat") != NULL || strstr(name, "CSAT") != NULL;
        return csat ? "csat" : "nps";
    }
    if (strcmp(f->entity, "opportunities") == 0) {
        bool renewal = strstr(name, "enewal") != NULL;
        return renewal ? "renewal" : "expansion";
    }
    return NULL;
}

static const char *form_name(arr_form form)
{
    return form == ARR_FORM_SNAPSHOTS   ? "snapshots"
           : form == ARR_FORM_MOVEMENTS ? "movements"
                                        : "subscriptions";
}

static void put_facts(const guess_file *f, const char *indent, strbuf *out)
{
    if (strcmp(f->entity, "arr") == 0) {
        strbuf_printf(out, "%sform: %s\n", indent, form_name(f->form));
    }
    if (f->period != NULL) {
        strbuf_printf(out, "%speriod: %s    # the heading says so; amounts are brought to a year\n",
                      indent, f->period);
    }
    if (f->via != NULL) {
        strbuf_printf(out, "%svia: %s    # rows name a subscription, not an account\n", indent,
                      f->via);
    }
    const char *kind = constant_kind(f);
    if (kind != NULL) {
        strbuf_printf(out, "%skind: %s    # no column tells; taken from the file's name\n", indent,
                      kind);
    }
}

static void put_map(const guess_file *f, const char *indent, strbuf *out)
{
    bool any = false;
    for (size_t i = 0; i < f->n_columns; i++) {
        const guess_column *c = &f->columns[i];
        /* What an invoice covers says nothing about an amount per month. */
        bool invoices = f->period != NULL && c->field != NULL && strcmp(c->field, "period") == 0;
        if (c->field == NULL || invoices || (c->same_name && c->note == NULL)) {
            continue;
        }
        if (!any) {
            strbuf_printf(out, "%smap:\n", indent);
        }
        any = true;
        strbuf_printf(out, "%s  %s: ", indent, c->field);
        put_text(out, c->heading);
        if (c->note != NULL) {
            strbuf_add(out, "    # ");
            put_comment_text(out, c->note);
        }
        strbuf_add_char(out, '\n');
    }
    if (f->amount != NULL) {
        if (!any) {
            strbuf_printf(out, "%smap:\n", indent);
        }
        strbuf_printf(out, "%s  amount: ", indent);
        put_text(out, f->amount);
        strbuf_add_char(out, '\n');
    }
}

static void put_unknown(const guess_file *f, const char *indent, strbuf *out)
{
    bool any = false;
    for (size_t i = 0; i < f->n_columns; i++) {
        if (f->columns[i].field == NULL) {
            strbuf_printf(out, any ? ", " : "%s# not recognised%s: ", indent,
                          strcmp(f->entity, "accounts") == 0
                              ? ", so kept as attributes under their own names"
                              : "");
            any = true;
            put_comment_text(out, f->columns[i].heading);
        }
    }
    strbuf_add(out, any ? "\n" : "");
}

/* The first line of a list's item carries the dash; the rest is indented alike. */
static void put_source(const draft *d, size_t file, bool in_list, strbuf *out)
{
    const guess_file *f = &d->guess->files[file];
    const char *indent = in_list ? "      " : "    ";
    strbuf_add(out, in_list ? "    - path: " : "    path: ");
    put_path(d, d->files[file], out);
    strbuf_add_char(out, '\n');
    put_facts(f, indent, out);
    put_map(f, indent, out);
    put_unknown(f, indent, out);
}

static bool is_first(const guess_result *guess, size_t file)
{
    for (size_t i = 0; i < file; i++) {
        const char *entity = guess->files[i].entity;
        if (entity != NULL && strcmp(entity, guess->files[file].entity) == 0) {
            return false;
        }
    }
    return true;
}

static void put_entity(const draft *d, size_t first, strbuf *out)
{
    const char *entity = d->guess->files[first].entity;
    bool in_list = count_entity(d->guess, entity) > 1;
    strbuf_printf(out, "  %s:\n", entity);
    for (size_t i = first; i < d->guess->n_files; i++) {
        const char *other = d->guess->files[i].entity;
        if (other != NULL && strcmp(other, entity) == 0) {
            put_source(d, i, in_list, out);
        }
    }
}

static void put_rest(const draft *d, strbuf *out)
{
    for (size_t i = 0; i < d->guess->n_files; i++) {
        const guess_file *f = &d->guess->files[i];
        if (f->entity != NULL) {
            continue;
        }
        strbuf_add(out, "  # not recognised: ");
        put_comment_text(out, f->path);
        if (f->trouble != NULL || f->missing != NULL) {
            strbuf_add(out, f->trouble != NULL ? " (" : " (no column for ");
            put_comment_text(out, f->trouble != NULL ? f->trouble : f->missing);
            strbuf_add_char(out, ')');
        }
        strbuf_add_char(out, '\n');
    }
}

static bool any_entity(const guess_result *guess)
{
    for (size_t i = 0; i < guess->n_files; i++) {
        if (guess->files[i].entity != NULL) {
            return true;
        }
    }
    return false;
}

void draft_write(const draft *d, strbuf *out)
{
    const char *template_name = draft_template(d->guess);
    strbuf_add(out,
               "# Written by 'strata init' from the headings of your files. Everything here is "
               "a guess for you to\n# correct; docs/model-reference.md describes each key. "
               "Then: strata ingest && strata run\nstrata: 1\n");
    if (template_name != NULL) {
        strbuf_printf(out,
                      "extends: %s    # the segments, with their thresholds; override below what "
                      "is different for you\n\n",
                      template_name);
    }
    put_business(d, out);
    strbuf_add(out, any_entity(d->guess) ? "\nsources:\n" : "\n# sources:\n");
    for (size_t i = 0; i < d->guess->n_files; i++) {
        if (d->guess->files[i].entity != NULL && is_first(d->guess, i)) {
            put_entity(d, i, out);
        }
    }
    put_rest(d, out);
}
