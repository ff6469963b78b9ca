/* SPDX-License-Identifier: Apache-2.0 */
/* What GitHub's own parser makes of the Markdown. */
#include <stdio.h>
#include <stdlib.h>

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include "demo.h"
#include "render/render.h"
#include "strata_test.h"

static char *to_html(const char *markdown, size_t len)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser = cmark_parser_new(CMARK_OPT_DEFAULT);
    static const char *const names[] = {"table", "strikethrough", "autolink"};
    for (size_t i = 0; i < COUNT(names); i++) {
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(names[i]));
    }
    cmark_parser_feed(parser, markdown, len);
    cmark_node *root = cmark_parser_finish(parser);
    char *html =
        cmark_render_html(root, CMARK_OPT_DEFAULT, cmark_parser_get_syntax_extensions(parser));
    cmark_node_free(root);
    cmark_parser_free(parser);
    return html;
}

static size_t occurrences(const char *text, const char *of)
{
    size_t n = 0;
    for (const char *at = strstr(text, of); at != NULL; at = strstr(at + 1, of)) {
        n++;
    }
    return n;
}

static void tables_parse_to_their_rows_and_cells(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    assert_ok(demo_document(12, &d, &err), &err);
    assert_ok(render_document(d, RENDER_MARKDOWN, NULL, &out, &err), &err);
    char *html = to_html(out.text, out.len);
    assert_int_equal(occurrences(html, "<table>"), 2);
    assert_int_equal(occurrences(html, "<tr>"), 1 + 4 + 1 + 12);
    /* 4 rows of 12 columns, 12 rows of 5: no pipe in a name made a cell. */
    assert_int_equal(occurrences(html, "</td>"), 4 * 12 + 12 * 5);
    assert_non_null(strstr(html, "<td align=\"left\">株式会社 東京 | pipes</td>"));
    assert_non_null(strstr(html, "<td align=\"left\">**not bold** `code` _x_ [l]("));
    assert_non_null(strstr(
        html, "<td align=\"left\">Łódź &amp; Søns &lt;script&gt;alert(1)&lt;/script&gt;</td>"));
    assert_non_null(strstr(html, "<td align=\"right\">$18,900,000</td>"));
    assert_non_null(strstr(html, "<strong>lifecycle stage</strong>"));
    assert_non_null(strstr(html, "<code>strata explain A*CME [EU]</code>"));
    assert_non_null(strstr(html, "<a href=\"https://strata.example/docs/definitions\">"));
    assert_null(strstr(html, "<script"));
    assert_null(strstr(html, "raw HTML omitted"));
    free(html);
}

static void starts_of_lines_open_no_lists(void **state)
{
    (void)state;
    strata_error err = {0};
    STRATA_AUTO(document_free) document *d = NULL;
    strbuf out STRBUF_AUTO;
    strbuf_init(&out, 0);
    assert_ok(document_new(&(document_head){.n_accounts = -1, .arr_minor = -1}, &d, &err), &err);
    doc_section *s = document_section(d, NULL, "one", "# 1. <b>One</b>");
    static const char *const texts[] = {"1. is no list", "- nor is this", "# no heading",
                                        "> no quote",    "+ plus",        "=== no underline",
                                        "5 * 3 * 2",     "a ~~b~~ c"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        doc_paragraph(s, "%s", texts[i]);
    }
    assert_ok(render_document(d, RENDER_MARKDOWN, NULL, &out, &err), &err);
    char *html = to_html(out.text, out.len);
    for (size_t i = 0; i < COUNT(texts); i++) {
        char want[64];
        (void)snprintf(want, sizeof want, "<p>%s%s</p>", texts[i][0] == '>' ? "&gt;" : "",
                       texts[i] + (texts[i][0] == '>'));
        assert_non_null(strstr(html, want));
    }
    assert_non_null(strstr(html, "<h2># 1. &lt;b&gt;One&lt;/b&gt;</h2>"));
    free(html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_parse_to_their_rows_and_cells),
        cmocka_unit_test(starts_of_lines_open_no_lists),
    };
    return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
