/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/machine.h"
#include "cli/cli.h"

/* The one place where the program keeps state outside its arguments: a signal
 * handler can reach nothing else. */
static volatile sig_atomic_t cancelled;

static void on_signal(int number)
{
    cancelled = 1;
    /* The first Ctrl-C asks; a second one does not wait for an answer. */
    (void)signal(number, SIG_DFL);
}

static void listen_to_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    /* A reader that goes away ("strata accounts | head") shows as a write error. */
    (void)signal(SIGPIPE, SIG_IGN);
}

static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return 0;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Without --format: what the output's name says, for what it can say (text in a file called .xlsx
 * is of no use to anybody; other endings are for pages only); else tables, and HTML for pages. */
static render_format usual_format(const call *c)
{
    static const struct {
        const char *ending;
        render_format format;
    } endings[] = {{".md", RENDER_MARKDOWN}, {".json", RENDER_JSON}, {".txt", RENDER_TABLE}};
    const char *path = call_value(c, "output");
    if (path != NULL && ends_with(path, ".xlsx")) {
        return RENDER_XLSX;
    }
    if (c->command == NULL || !c->command->page) {
        return RENDER_TABLE;
    }
    for (size_t i = 0; path != NULL && i < sizeof endings / sizeof endings[0]; i++) {
        if (ends_with(path, endings[i].ending)) {
            return endings[i].format;
        }
    }
    return RENDER_HTML;
}

static strata_status set_rendering(call *c, strata_error *err)
{
    const char *format = call_value(c, "format");
    c->format = format != NULL ? render_format_find(format) : usual_format(c);
    if (c->format == RENDER_FORMAT_COUNT) {
        return strata_fail(
            err, STRATA_E_USAGE,
            "unknown format '%s'; there are table, json, csv, markdown, html and xlsx", format);
    }
    const char *table = call_value(c, "table");
    if (table == NULL && c->command != NULL) {
        table = c->command->table;
    }
    bool terminal = isatty(STDOUT_FILENO) != 0 && cli_output(c) == NULL;
    if (terminal && !render_is_text(c->format)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "a workbook is no text for a terminal; say where it goes: -o FILE.xlsx");
    }
    /* Nothing in this program changes its environment. */
    const char *no_color = getenv("NO_COLOR"); /* NOLINT(concurrency-mt-unsafe) */
    const char *term = getenv("TERM");         /* NOLINT(concurrency-mt-unsafe) */
    const char *scratch = getenv("TMPDIR");    /* NOLINT(concurrency-mt-unsafe) */
    bool dumb = term != NULL && strcmp(term, "dumb") == 0;
    long width = 0;
    STRATA_TRY(call_count(c, "width", 20, 1000, terminal ? terminal_width() : 0, &width, err));
    c->render = (render_options){
        .width = (int)width,
        .wide = call_has(c, "wide"),
        .scratch = scratch != NULL && scratch[0] != '\0' ? scratch : NULL,
        .table = table != NULL && strcmp(table, "all") == 0 ? NULL : table,
        .color = terminal && !dumb && !call_has(c, "no-color") &&
                 (no_color == NULL || no_color[0] == '\0'),
    };
    return STRATA_OK;
}

static strata_status set_context(call *c, strata_error *err)
{
    long threads = 0;
    long seed = 0;
    c->cx.cancelled = &cancelled;
    STRATA_TRY(call_count(c, "threads", 1, 1024, machine_processors(), &threads, err));
    STRATA_TRY(call_count(c, "seed", 0, 2147483647L, 1, &seed, err));
    STRATA_TRY(call_date(c, "today", machine_today(), &c->cx.today, err));
    c->cx.threads = (int)threads;
    c->cx.seed = (uint64_t)seed;
    return set_rendering(c, err);
}

static strata_status show_help(call *c, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (c->command != NULL) {
        cli_help_command(c->command, &text);
    } else {
        cli_help_all(&text);
    }
    STRATA_TRY(strbuf_status(&text, err));
    return cli_write(c, text.text, text.len, err);
}

static strata_status run(call *c, int argc, char *const *argv, strata_error *err)
{
    STRATA_TRY(cli_parse(c, argc, argv, err));
    STRATA_TRY(set_context(c, err));
    if (call_has(c, "version")) {
        static const char version[] = "strata " STRATA_VERSION "\n";
        return cli_write(c, version, sizeof version - 1, err);
    }
    if (call_has(c, "help") || c->command == NULL) {
        return show_help(c, err);
    }
    STRATA_AUTO(cli_progress_free) cli_progress *progress = NULL;
    STRATA_TRY(cli_progress_new(call_has(c, "quiet"), &progress, err));
    c->cx.progress = cli_progress_tell;
    c->cx.notice = cli_progress_notice;
    c->cx.payload = progress;
    c->sink = &cli_sink;
    return c->command->run(c, err);
}

/* The only place that prints an error: library code reports, it never prints. */
int main(int argc, char **argv)
{
    strata_error err = {0};
    static cli_library_lines dropped; /* standard error is used until the very end */
    cli_drop_library_lines(&dropped);
    listen_to_signals();
    call c = {0};
    strata_status st = arena_new(&c.arena, &err);
    if (st == STRATA_OK) {
        st = run(&c, argc - 1, argv + 1, &err);
    }
    if (st == STRATA_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        st = strata_fail(&err, STRATA_E_IO, "cannot write to standard output");
    }
    /* A pipe whose reader has seen enough is no failure worth a message. */
    if (st != STRATA_OK && !(st == STRATA_E_IO && errno == EPIPE)) {
        (void)fprintf(stderr, "strata: %s\n", err.message);
    }
    arena_free(c.arena);
    return strata_status_exit_code(st);
}
