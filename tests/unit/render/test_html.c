/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdlib.h>

#include "demo.h"
#include "document/chart_theme.h"
#include "golden.h"
#include "render/html/html.h"
#include "render/render.h"
#include "strata_test.h"

typedef struct page {
    document *d;
    strbuf out;
} page;

static void page_done(page *p)
{
    strbuf_done(&p->out);
    document_free(p->d);
}
#define PAGE_AUTO STRATA_CLEANUP(page_done)

static void render_page(page *p, size_t rows)
{
    strata_error err = {0};
    *p = (page){0};
    strbuf_init(&p->out, 0);
    assert_ok(demo_document(rows, &p->d, &err), &err);
    assert_ok(render_document(p->d, RENDER_HTML, NULL, &p->out, &err), &err);
}

/* Copies the page without what stands inside <style> and script without a type. */
static void copy_content(const char *page_text, strbuf *out)
{
    static const char *const pairs[][2] = {{"<style>", "</style>"}, {"<script>", "</script>"}};
    while (*page_text != '\0') {
        bool cut = false;
        for (size_t i = 0; i < COUNT(pairs); i++) {
            if (strncmp(page_text, pairs[i][0], strlen(pairs[i][0])) == 0) {
                page_text = strstr(page_text, pairs[i][1]);
                assert_non_null(page_text);
                page_text += strlen(pairs[i][1]);
                cut = true;
            }
        }
        if (!cut) {
            strbuf_add_char(out, *page_text++);
        }
    }
}

static void the_page_matches_its_golden_file(void **state)
{
    (void)state;
    page p PAGE_AUTO;
    render_page(&p, 30);
    strbuf content STRBUF_AUTO;
    strbuf_init(&content, 0);
    copy_content(p.out.text, &content);
    assert_golden("demo.html", content.text, content.len);
}

static bool is_void(const char *name)
{
    static const char *const names[] = {"meta", "!doctype", "path", "circle"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Reads the name of the tag that begins at `at`, lower case. */
static void tag_name(const char *at, char out[32])
{
    size_t n = 0;
    while (n < 31 && (isalnum((unsigned char)at[n]) || at[n] == '!')) {
        out[n] = at[n];
        n++;
    }
    out[n] = '\0';
}

static void elements_are_balanced(void **state)
{
    (void)state;
    page p PAGE_AUTO;
    render_page(&p, 60);
    strbuf content STRBUF_AUTO;
    strbuf_init(&content, 0);
    copy_content(p.out.text, &content);
    char open[64][32];
    size_t depth = 0;
    for (const char *at = strchr(content.text, '<'); at != NULL; at = strchr(at, '<')) {
        char name[32];
        bool closes = at[1] == '/';
        tag_name(at + 1 + closes, name);
        assert_true(name[0] != '\0');
        if (closes) {
            assert_true(depth > 0);
            assert_string_equal(name, open[--depth]);
        } else if (!is_void(name)) {
            assert_true(depth < COUNT(open));
            (void)snprintf(open[depth++], sizeof open[0], "%s", name);
        }
        at = strchr(at, '>');
        assert_non_null(at);
    }
    assert_int_equal(depth, 0);
}

static void the_page_loads_nothing_from_outside(void **state)
{
    (void)state;
    page p PAGE_AUTO;
    render_page(&p, 5);
    strbuf content STRBUF_AUTO;
    strbuf_init(&content, 0);
    copy_content(p.out.text, &content);
    static const char *const loads[] = {" src=", "<link", "@import", "url(", "<img", "<iframe"};
    for (size_t i = 0; i < COUNT(loads); i++) {
        assert_null(strstr(content.text, loads[i]));
    }
    const char *style = strstr(p.out.text, "<style>");
    const char *end = strstr(style, "</style>");
    for (size_t i = 0; i < COUNT(loads); i++) {
        const char *at = strstr(style, loads[i]);
        assert_true(at == NULL || at > end);
    }
}

static void data_cannot_become_markup(void **state)
{
    (void)state;
    page p PAGE_AUTO;
    render_page(&p, 13);
    strbuf content STRBUF_AUTO;
    strbuf_init(&content, 0);
    copy_content(p.out.text, &content);
    assert_null(strstr(content.text, "<script>alert"));
    assert_non_null(strstr(content.text, "&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert_non_null(strstr(content.text, "O'Neill &quot;Quoted&quot;, Inc."));
    assert_non_null(strstr(content.text, "Quiet \\u003c/script>")); /* inside a specification */
    assert_null(strchr(content.text, '\x1b'));
    assert_null(strstr(content.text, "javascript:"));
}

static void a_number_keeps_its_per_cent_sign_beside_it(void **state)
{
    (void)state;
    static const char *const want[][2] = {{"12.5 % of 3 %", "12.5&#8239;% of 3&#8239;%"},
                                          {"a % and 5 percent", "a % and 5 percent"},
                                          {"`5 %` stays", "<code>5 %</code> stays"},
                                          {" %", " %"},
                                          {"", ""}};
    for (size_t i = 0; i < COUNT(want); i++) {
        strbuf out STRBUF_AUTO;
        strbuf_init(&out, 0);
        html_inline(&out, want[i][0]);
        assert_string_equal(strbuf_text(&out), want[i][1]);
    }
}

static void the_chart_runtime_comes_only_with_charts(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    assert_ok(document_new(&(document_head){.kind = "plain", .n_accounts = -1, .arr_minor = -1}, &d,
                           &err),
              &err);
    doc_paragraph(document_section(d, NULL, "one", "One"), "text");
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    assert_ok(render_document(d, RENDER_HTML, NULL, &out, &err), &err);
    assert_true(out.len < 60000);
    page p PAGE_AUTO;
    render_page(&p, 1);
    assert_true(p.out.len > 500000);
}

/* Colours of the builders are tokens that the page's script must know. */
static void the_script_knows_every_chart_color(void **state)
{
    (void)state;
    page p PAGE_AUTO;
    render_page(&p, 1);
    const char *script = strstr(p.out.text, "var tokens");
    assert_non_null(script);
    static const char *const inks[] = {CHART_INK,    CHART_MUTED,    CHART_GRID,   CHART_GREY,
                                       CHART_ACCENT, CHART_ON_LIGHT, CHART_ON_DARK};
    for (size_t i = 0; i < COUNT(inks); i++) {
        assert_non_null(strstr(script, inks[i]));
    }
    for (int i = 0; i < CHART_STEPS; i++) {
        assert_non_null(strstr(script, chart_step_color(i)));
    }
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
    chart_theme theme = {NULL, names, COUNT(names)};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_non_null(strstr(script, chart_color(&theme, names[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_matches_its_golden_file),
        cmocka_unit_test(elements_are_balanced),
        cmocka_unit_test(the_page_loads_nothing_from_outside),
        cmocka_unit_test(data_cannot_become_markup),
        cmocka_unit_test(a_number_keeps_its_per_cent_sign_beside_it),
        cmocka_unit_test(the_chart_runtime_comes_only_with_charts),
        cmocka_unit_test(the_script_knows_every_chart_color),
    };
    return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
