/* SPDX-License-Identifier: Apache-2.0 */
/* What ids of results and notifications mean: from the rules in force and the list of findings, never from the package. */
#include "cli/outputs/sarif.h"

#include "engine/findings.h"

/* --- behaviours ------------------------------------------------------------------------------------- */
static bool find_rule(const tw_sarif *s, tw_str id, tw_rule_view *ret)
{
    for (uint32_t i = 0; s->known && i < tw_rules_count(s->known); i++) {
        *ret = tw_rules_view(s->known, i);
        if (tw_str_eq(ret->id, id)) return true;
    }
    return false;
}

static const char *level_of(tw_level l)
{
    return l == TW_LEVEL_MALICIOUS ? "error" : l == TW_LEVEL_SUSPICIOUS ? "warning" : "note";
}

static const char *severity_of(tw_level l)
{
    return l == TW_LEVEL_MALICIOUS ? "9.5" : l == TW_LEVEL_SUSPICIOUS ? "7.0" : "3.0";
}

static void put_level(tw_json_w *w, const char *level)
{
    tw_json_key(w, TW_S("defaultConfiguration"));
    tw_json_obj(w);
    tw_sarif_word(w, "level", level);
    tw_json_obj_end(w);
}

static void put_tags(tw_json_w *w, const char *severity, const char *kind, const tw_rule_view *v)
{
    tw_json_key(w, TW_S("properties"));
    tw_json_obj(w);
    if (severity) tw_sarif_word(w, "security-severity", severity);
    tw_json_key(w, TW_S("tags"));
    tw_json_arr(w);
    tw_json_str(w, TW_S("security"));
    tw_json_str(w, tw_str_c(kind));
    if (v && v->kind.n) tw_json_str(w, v->kind);
    for (uint32_t i = 0; v && i < v->n_attack; i++) {
        tw_buf b = TW_BUF_INIT;
        tw_buf_fmt(&b, "external/attack/%.*s", TW_FMT(v->attack[i]));
        tw_json_str(w, tw_buf_str(&b));
        tw_buf_free(&b);
    }
    tw_json_arr_end(w);
    tw_json_obj_end(w);
}

static void put_behaviour(tw_sarif *s, tw_json_w *w, tw_str id)
{
    tw_rule_view v = {0};
    bool known = find_rule(s, id, &v);
    tw_str says =
        known ? tw_rule_spoken(s->a, v.says) : TW_S("a behaviour that this program has no rule for");
    tw_buf help = TW_BUF_INIT;
    if (v.check.n) tw_buf_fmt(&help, "To check: %.*s", TW_FMT(v.check));
    for (uint32_t i = 0; i < v.n_cites; i++)
        tw_buf_fmt(&help, "%s%.*s", i ? "; " : " Seen in: ", TW_FMT(v.cites[i]));
    if (v.n_cites) tw_buf_putc(&help, '.');
    tw_buf_fmt(&help, "%sReaches at most: %s.", help.n ? " " : "", tw_level_name(v.top));
    for (uint32_t i = 0; i < v.n_attack; i++)
        tw_buf_fmt(&help, "%s%.*s", i ? ", " : " ATT&CK: ", TW_FMT(v.attack[i]));
    tw_sarif_text(w, "shortDescription", says);
    tw_sarif_text(w, "help", tw_buf_str(&help));
    put_level(w, level_of(v.top));
    put_tags(w, severity_of(v.top), "behaviour", &v);
    tw_buf_free(&help);
}

/* --- findings and signals ----------------------------------------------------------------------------- */
static void put_noted(tw_sarif *s, tw_json_w *w, const char *kind, tw_str id)
{
    tw_finding_id f = tw_finding_by_name(id);
    bool known = f < TW_FIND_MAX;
    tw_str says = known ? tw_rule_spoken(s->a, tw_str_c(tw_finding_info_of(f)->says)) : TW_S("an anomaly");
    while (says.n && strchr(". :", says.p[says.n - 1])) says.n--; /* it ended in "{d}" */
    tw_sarif_text(w, "shortDescription", says);
    tw_sarif_text(w, "help",
                  !strcmp(kind, "signal")
                      ? TW_S("A fact about the name, the claims or the history of the package, with "
                             "its source and date: weigh it with what the code does.")
                      : TW_S("An anomaly without opinion: rare or malformed, and a reason to look. "
                             "docs/reference/findings.md lists all."));
    put_level(w, known && tw_finding_info_of(f)->severity == TW_SEV_BAD ? "warning" : "note");
    put_tags(w, NULL, kind, NULL);
}

static void put_verdict(tw_json_w *w)
{
    tw_sarif_text(w, "shortDescription",
                  TW_S("Code that runs at install, build or import could not be read"));
    tw_sarif_text(
        w, "help",
        TW_S("The artifact could not be judged: the notifications of the run say what was not read. Look "
             "at it by hand, or give a higher --limit."));
    put_level(w, "warning");
    put_tags(w, "5.0", "verdict", NULL);
}

uint32_t tw_sarif_rule(tw_sarif *s, const char *kind, uint32_t found)
{
    bool fresh = false, verdict = !strcmp(kind, "verdict");
    tw_str id = verdict ? TW_S("verdict.unreviewable") : tw_get_text(s->doc, found, "id");
    uint64_t *at = tw_map_put(&s->rules, tw_arena_str(s->a, id), &fresh);
    if (!fresh) return (uint32_t)*at;
    *at = s->rules.n - 1;
    if (*at) tw_buf_puts(&s->rule_list, TW_S(",\n"));
    tw_json_w w = tw_json_writer(&s->rule_list);
    tw_json_obj(&w);
    tw_sarif_str(&w, "id", id);
    if (verdict)
        put_verdict(&w);
    else if (!strcmp(kind, "behaviour"))
        put_behaviour(s, &w, id);
    else
        put_noted(s, &w, kind, id);
    tw_json_obj_end(&w);
    return (uint32_t)*at;
}

/* --- notifications ------------------------------------------------------------------------------------- */
void tw_sarif_gap_rules(tw_json_w *w)
{
    tw_json_arr(w);
    for (int i = 0; i < TW_GAP_MAX; i++) {
        tw_buf id = TW_BUF_INIT;
        tw_buf_fmt(&id, "gap.%s", tw_gap_name((tw_gap_reason)i));
        tw_json_obj(w);
        tw_sarif_str(w, "id", tw_buf_str(&id));
        tw_sarif_text(w, "shortDescription", tw_str_c(tw_gap_says((tw_gap_reason)i)));
        tw_json_obj_end(w);
        tw_buf_free(&id);
    }
    tw_json_obj(w);
    tw_sarif_word(w, "id", "error");
    tw_sarif_text(w, "shortDescription", TW_S("the artifact could not be opened or its review ended early"));
    tw_json_obj_end(w);
    tw_json_arr_end(w);
}
