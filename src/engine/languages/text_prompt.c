/* SPDX-License-Identifier: Apache-2.0 */
/* Text that is addressed to an automated reviewer: it is asked to drop what it was told. A fact, found in strings and comments
 * alike; packages about language models have such text too. */
#include "engine/languages/text.h"

enum { AROUND = 120, TRIES = 64, SHOWN = 60 };

static const char *const verbs[] = {"ignore",   "disregard",     "forget",
                                    "override", "do not follow", "don't follow"};
static const char *const whose[] = {"previous", "prior", "above", "earlier", "preceding",
                                    "all ",     "any ",  "your ", "system"};

static bool any_of(tw_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tw_str_find(s, tw_str_c(words[i])) != TW_NPOS) return true;
    return false;
}

/* What stands before the anchor, in lower case, from the last full stop or brace on. */
static tw_str before(tw_str s, size_t at, char *to)
{
    size_t from = at > AROUND ? at - AROUND : 0, n = 0;
    for (size_t i = from; i < at; i++) {
        char c = s.p[i];
        if (c == '.' || c == ';' || c == '{' || c == '}')
            n = 0;
        else
            to[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    return (tw_str){to, n};
}

/* "forget everything you know", "ignore all previous instructions" */
static bool asks(tw_str s, size_t at, bool instructions)
{
    char lower[AROUND];
    tw_str words = before(s, at, lower);
    size_t verb = TW_NPOS;
    for (size_t i = 0; i < TW_COUNT(verbs) && verb == TW_NPOS; i++)
        verb = tw_str_find(words, tw_str_c(verbs[i]));
    if (verb == TW_NPOS) return false;
    return !instructions || any_of(tw_str_sub(words, verb, words.n), whose, TW_COUNT(whose));
}

static bool find(tw_ir *ir, const char *anchor, bool instructions)
{
    tw_str s = ir->source, needle = tw_str_c(anchor);
    size_t from = 0;
    for (int tries = 0; tries < TRIES && from < s.n; tries++) {
        const char *p = memmem(s.p + from, s.n - from, needle.p, needle.n);
        if (!p) return false;
        size_t at = (size_t)(p - s.p);
        if (asks(s, at, instructions)) {
            size_t start = at > SHOWN ? at - SHOWN : 0;
            tw_text_finding(ir, TW_FIND_TEXT_PROMPT, start, tw_str_sub(s, start, at + needle.n));
            return true;
        }
        from = at + needle.n;
    }
    return false;
}

void tw_text_prompt(tw_ir *ir)
{
    if (!find(ir, "nstructions", true) && !find(ir, "NSTRUCTIONS", true)) find(ir, "verything you ", false);
}
