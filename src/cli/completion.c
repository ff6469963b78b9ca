/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completion, made from the command table. */
#include <string.h>

#include "cli/cli.h"

#define FORMATS "table json csv markdown html xlsx"

static void words_of(const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        strbuf_printf(out, " --%s", o->name);
    }
}

static void commands_of(strbuf *out)
{
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, " %s", c->name);
    }
}

/* "--as-of|--format|-f": options of every command that take a value, for a case of the shell. */
static void valued_options(strbuf *out)
{
    const char *between = "";
    for (const command_option *o = common_options; o->name != NULL; o++) {
        if (o->arg != NULL) {
            strbuf_printf(out, "%s--%s", between, o->name);
            between = "|";
            if (o->letter != 0) {
                strbuf_printf(out, "|-%c", o->letter);
            }
        }
    }
}

static void bash(strbuf *out)
{
    strbuf_add(out, "# strata completion for bash: source <(strata completion bash)\n"
                    "_strata() {\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
                    "command= i\n"
                    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                    "        case ${COMP_WORDS[i]} in\n"
                    "        ");
    valued_options(out);
    strbuf_add(out, ") ((i++)) ;;\n"
                    "        -*) ;;\n"
                    "        *) command=${COMP_WORDS[i]}; break ;;\n"
                    "        esac\n"
                    "    done\n"
                    "    case $before in\n"
                    "    --format) COMPREPLY=($(compgen -W '" FORMATS "' -- "
                    "\"$word\")); return ;;\n"
                    "    --project) COMPREPLY=($(compgen -d -- \"$word\")); return ;;\n"
                    "    --output|-o) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n"
                    "    esac\n"
                    "    local words=\n"
                    "    case $command in\n"
                    "    '') words='");
    commands_of(out);
    strbuf_add(out, "' ;;\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "    %s) words='", c->name);
        words_of(c->options, out);
        strbuf_add(out, "' ;;\n");
    }
    strbuf_add(out, "    esac\n    [ -n \"$command\" ] && words=\"$words");
    words_of(common_options, out);
    strbuf_add(out, "\"\n"
                    "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
                    "    [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- \"$word\"))\n"
                    "}\n"
                    "complete -o filenames -F _strata strata\n");
}

/* Single quotes end a quoted word in both shells below; brackets end a description of zsh. */
static void quoted(const char *text, strbuf *out)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'') {
            strbuf_add(out, "'\\''");
        } else if (*p == '[' || *p == ']') {
            strbuf_add_char(out, *p == '[' ? '(' : ')');
        } else {
            strbuf_add_char(out, *p);
        }
    }
}

static void zsh_options(const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        const char *what = strcmp(o->name, "format") == 0    ? ":(" FORMATS ")"
                           : strcmp(o->name, "project") == 0 ? ":_files -/"
                           : strcmp(o->name, "output") == 0  ? ":_files"
                                                             : ":";
        strbuf_printf(out, " \\\n            '--%s[", o->name);
        quoted(o->help, out);
        strbuf_printf(out, "]%s%s%s'", o->arg != NULL ? ":" : "", o->arg != NULL ? o->arg : "",
                      o->arg != NULL ? what : "");
    }
}

/* The command may stand behind options of every command: `strata --project acme run`. */
static void zsh(strbuf *out)
{
    strbuf_add(out, "#compdef strata\n"
                    "# strata completion for zsh: strata completion zsh > \"${fpath[1]}/_strata\"\n"
                    "_strata() {\n    local -a commands\n    local i=2\n    commands=(\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "        '%s:", c->name);
        quoted(c->summary, out);
        strbuf_add(out, "'\n");
    }
    strbuf_add(out, "    )\n    while (( i < CURRENT )); do\n        case $words[i] in\n        ");
    valued_options(out);
    strbuf_add(out, ") (( i += 2 )) ;;\n        -*) (( i++ )) ;;\n        *) break ;;\n"
                    "        esac\n    done\n"
                    "    if (( i == CURRENT )) && [[ $words[i] != -* ]]; then\n"
                    "        _describe command commands\n        return\n    fi\n"
                    "    case $words[i] in\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "    %s) _arguments", c->name);
        zsh_options(c->options, out);
        zsh_options(common_options, out);
        strbuf_add(out, " \\\n            '*:argument:_files' ;;\n");
    }
    strbuf_add(out, "    *) _arguments");
    zsh_options(common_options, out);
    strbuf_add(out, " ;;\n    esac\n}\n_strata \"$@\"\n");
}

static void fish_options(const char *command, const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        strbuf_add(out, "complete -c strata");
        if (command != NULL) {
            strbuf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
        }
        strbuf_printf(out, " -l %s%s -d '", o->name,
                      o->arg == NULL                    ? ""
                      : strcmp(o->name, "format") == 0  ? " -x -a '" FORMATS "'"
                      : strcmp(o->name, "project") == 0 ? " -x -a '(__fish_complete_directories)'"
                                                        : " -r");
        quoted(o->help, out);
        strbuf_add(out, "'\n");
    }
}

static void fish(strbuf *out)
{
    strbuf_add(out, "# strata completion for fish: strata completion fish > "
                    "~/.config/fish/completions/strata.fish\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "complete -c strata -f -n __fish_use_subcommand -a %s -d '", c->name);
        quoted(c->summary, out);
        strbuf_add(out, "'\n");
        fish_options(c->name, c->options, out);
    }
    fish_options(NULL, common_options, out);
}

strata_status cli_completion(const char *shell, strbuf *out, strata_error *err)
{
    static const struct {
        const char *name;
        void (*write)(strbuf *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].write(out);
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_USAGE, "no completion for '%s'; there are bash, zsh and fish",
                       shell);
}
