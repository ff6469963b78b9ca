/* SPDX-License-Identifier: Apache-2.0 */
/* Shell completion, made from the command table. */
#include <string.h>

#include "cli/cli.h"

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

static void bash(strbuf *out)
{
    strbuf_add(out, "# strata completion for bash: source <(strata completion bash)\n"
                    "_strata() {\n"
                    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} "
                    "command= i\n"
                    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
                    "        case ${COMP_WORDS[i]} in\n"
                    "        --project|--as-of|--format|--output|-o) ((i++)) ;;\n"
                    "        -*) ;;\n"
                    "        *) command=${COMP_WORDS[i]}; break ;;\n"
                    "        esac\n"
                    "    done\n"
                    "    case $before in\n"
                    "    --format) COMPREPLY=($(compgen -W 'table json csv markdown html xlsx' -- "
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

/* Single quotes end a quoted word in both shells below. */
static void quoted(const char *text, strbuf *out)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '\'') {
            strbuf_add(out, "'\\''");
        } else if (*p == '[' || *p == ']' || *p == ':') {
            strbuf_add(out, " ");
        } else {
            strbuf_add_char(out, *p);
        }
    }
}

static void zsh_options(const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        strbuf_printf(out, " \\\n            '--%s[", o->name);
        quoted(o->help, out);
        strbuf_printf(out, "]%s%s'", o->arg != NULL ? ":" : "", o->arg != NULL ? o->arg : "");
    }
}

static void zsh(strbuf *out)
{
    strbuf_add(out, "#compdef strata\n"
                    "# strata completion for zsh: strata completion zsh > \"${fpath[1]}/_strata\"\n"
                    "_strata() {\n    local -a commands\n    commands=(\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "        '%s:", c->name);
        quoted(c->summary, out);
        strbuf_add(out, "'\n");
    }
    strbuf_add(out, "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n"
                    "        return\n    fi\n    case $words[2] in\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "    %s) _arguments", c->name);
        zsh_options(c->options, out);
        zsh_options(common_options, out);
        strbuf_add(out, " \\\n            '*:argument:_files' ;;\n");
    }
    strbuf_add(out, "    esac\n}\n_strata \"$@\"\n");
}

static void fish_options(const char *command, const command_option *options, strbuf *out)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        strbuf_add(out, "complete -c strata");
        if (command != NULL) {
            strbuf_printf(out, " -n '__fish_seen_subcommand_from %s'", command);
        }
        strbuf_printf(out, " -l %s%s -d '", o->name, o->arg != NULL ? " -r" : "");
        quoted(o->help, out);
        strbuf_add(out, "'\n");
    }
}

static void fish(strbuf *out)
{
    strbuf_add(out, "# strata completion for fish: strata completion fish > "
                    "~/.config/fish/completions/strata.fish\n");
    for (const command_def *c = cli_next(NULL); c != NULL; c = cli_next(c)) {
        strbuf_printf(out, "complete -c strata -n __fish_use_subcommand -a %s -d '", c->name);
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
