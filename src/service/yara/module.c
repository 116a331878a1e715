/* SPDX-License-Identifier: Apache-2.0 */
#include "service/yara/module.h"

#include <stdio.h>
#include <yara.h>

static void complain(int level, const char *file, int line, const YR_RULE *rule, const char *message,
                     void *ctx)
{
    tw_yara_error *e = ctx;
    (void)rule;
    if (level != YARA_ERROR_LEVEL_ERROR || e->says[0]) return;
    snprintf(e->says, sizeof e->says, "%s", message);
    e->file = file;
    e->line = line > 0 ? (unsigned)line : 1;
}

static void *compile(const char *const *names, const char *const *texts, size_t n, tw_yara_error *ret)
{
    YR_COMPILER *c;
    YR_RULES *rules = NULL;
    if (yr_initialize() != ERROR_SUCCESS || yr_compiler_create(&c) != ERROR_SUCCESS) {
        snprintf(ret->says, sizeof ret->says, "libyara cannot be started");
        return NULL;
    }
    yr_compiler_set_callback(c, complain, ret);
    yr_compiler_set_include_callback(c, NULL, NULL, NULL); /* a rule file is all there is */
    size_t i = 0;
    while (i < n && yr_compiler_add_string(c, texts[i], names[i]) == 0) i++;
    if (i == n && yr_compiler_get_rules(c, &rules) != ERROR_SUCCESS) rules = NULL;
    if (i < n) ret->file = names[i]; /* the name libyara was given lives as long as its compiler */
    if (!rules && !ret->says[0]) snprintf(ret->says, sizeof ret->says, "libyara cannot compile it");
    yr_compiler_destroy(c);
    return rules;
}

typedef struct scanning {
    void (*hit)(void *ctx, const char *rule, uint64_t at);
    void *ctx;
} scanning;

static int on_match(YR_SCAN_CONTEXT *scan, int message, void *data, void *ctx)
{
    const scanning *s = ctx;
    const YR_RULE *rule = data;
    const YR_STRING *string;
    uint64_t at = UINT64_MAX;
    if (message != CALLBACK_MSG_RULE_MATCHING) return CALLBACK_CONTINUE;
    yr_rule_strings_foreach(rule, string)
    {
        const YR_MATCH *match;
        yr_string_matches_foreach(scan, string, match)
        {
            uint64_t off = (uint64_t)(match->base + match->offset);
            if (off < at) at = off;
        }
    }
    s->hit(s->ctx, rule->identifier, at == UINT64_MAX ? 0 : at);
    return CALLBACK_CONTINUE;
}

/* No time limit: the supervisor has one. No handlers of signals: the worker may not set them. */
static int scan(void *rules, const void *data, size_t n,
                void (*hit)(void *ctx, const char *rule, uint64_t at), void *ctx)
{
    scanning s = {hit, ctx};
    return yr_rules_scan_mem(rules, data, n, SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING,
                             on_match, &s, 0);
}

__attribute__((visibility("default"))) const tw_yara_module tw_yara_module_v1 = {compile, scan};
