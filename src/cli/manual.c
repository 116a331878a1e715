/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/manual.h"

#include <stdio.h>
#include <string.h>

/* --- man pages --------------------------------------------------------------------------------------- */
/* Text of the table as roff: no escape, no request, hyphens that can be copied. Each call begins a line or follows
 * words of ours. */
static void put(const char *s)
{
    bool first = true;
    for (; *s; s++) {
        if (first && (*s == '.' || *s == '\'')) fputs("\\&", stdout);
        if (*s == '\\')
            fputs("\\e", stdout);
        else if (*s == '-')
            fputs("\\-", stdout);
        else
            putchar(*s);
        first = *s == '\n';
    }
}

static void section(const char *title, const char *text)
{
    if (!text) return;
    printf(".SH %s\n.nf\n", title);
    put(text);
    puts("\n.fi");
}

static void head(const char *name, const char *says)
{
    printf(".TH \"");
    put(name);
    printf("\" 1 \"\" \"tidewaiter " TW_VERSION "\"\n.SH NAME\n");
    put(name);
    printf(" \\- ");
    put(says);
    puts("");
}

static void options(const tw_verb *v)
{
    if (!v->options) return;
    puts(".SH OPTIONS");
    for (const tw_option *o = v->options; o->name; o++) {
        if (!o->says) continue;
        fputs(".TP\n.B \\-\\-", stdout);
        put(o->name);
        if (o->value) fputs(" \\fI", stdout);
        if (o->value) put(o->value);
        puts(o->value ? "\\fR" : "");
        put(o->says);
        puts("");
    }
}

void tw_manual_page(const tw_verb *v)
{
    char name[64] = "tidewaiter";
    if (v) snprintf(name, sizeof name, "tidewaiter-%s", v->name);
    head(name, v ? v->says : "reviews open source packages for malware as they arrive");
    puts(".SH SYNOPSIS\n.nf");
    put(v ? "tidewaiter " : "tidewaiter VERB [options] ...");
    if (v) put(v->usage);
    puts("\n.fi");
    if (v) {
        options(v);
        section("DESCRIPTION", v->more);
        section("EXAMPLES", v->examples);
        return;
    }
    puts(".SH VERBS");
    for (v = tw_verbs; v->name; v++) {
        puts(".TP");
        printf(".B ");
        put(v->name);
        puts("");
        put(v->says);
        puts("");
    }
}

/* --- completion ---------------------------------------------------------------------------------------- */
void tw_manual_bash(void)
{
    puts("# bash completion of tidewaiter " TW_VERSION ": made by `tidewaiter help --bash`\n"
         "_tidewaiter() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} options=");
    printf("  if [ \"$COMP_CWORD\" = 1 ]; then\n    COMPREPLY=($(compgen -W '");
    for (const tw_verb *v = tw_verbs; v->name; v++) printf("%s%s", v == tw_verbs ? "" : " ", v->name);
    puts("' -- \"$word\"))\n    return\n  fi\n  case ${COMP_WORDS[1]} in");
    for (const tw_verb *v = tw_verbs; v->name; v++) {
        printf("    %s) options='--help", v->name);
        for (const tw_option *o = v->options; o && o->name; o++)
            if (o->says) printf(" --%s", o->name);
        puts("' ;;");
    }
    puts("  esac\n"
         "  case $word in\n"
         "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
         "    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _tidewaiter tidewaiter");
}
