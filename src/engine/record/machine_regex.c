/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions of JavaScript with the state they have: lastIndex, and where a match was found. */
#include "engine/record/machine_priv.h"
#include "engine/record/pure_regex.h"

uint32_t mc_regex(ev *e, uint32_t symbol)
{
    return mc_bound_of(e, MC_REGEX, symbol, mc_int(e, 0));
}

static bool parts_of(ev *e, uint32_t o, tw_str *ret_source, tw_str *ret_flags)
{
    tw_str whole;
    if (!ev_js_is_regex(e, mc_obj_at(e, o)->items.v[0], &whole)) return false;
    size_t end = tw_str_rchr(whole, '/');
    if (end == TW_NPOS || !end) return false;
    *ret_source = tw_str_sub(whole, 1, end), *ret_flags = tw_str_sub(whole, end + 1, whole.n);
    return true;
}

uint32_t mc_regex_member(ev *e, uint32_t o, tw_str name)
{
    static const struct {
        const char *name, flag;
    } flags[] = {{"global", 'g'}, {"ignoreCase", 'i'}, {"multiline", 'm'},
                 {"sticky", 'y'}, {"unicode", 'u'},    {"dotAll", 's'}};
    tw_str source, given;
    if (!mc_known(e, o) || !parts_of(e, o, &source, &given)) return e->mc->unknown;
    if (tw_str_eq(name, TW_S("lastIndex"))) return mc_obj_at(e, o)->items.v[1];
    if (tw_str_eq(name, TW_S("source"))) return ev_folded(e, TW_VAL_STR, source, 0);
    for (size_t i = 0; i < TW_COUNT(flags); i++)
        if (tw_str_eq(name, tw_str_c(flags[i].name)))
            return tw_str_chr(given, flags[i].flag) != TW_NPOS ? e->mc->yes : e->mc->no;
    return e->mc->unknown;
}

typedef struct match {
    ev_js_re re;
    tw_str s;
    size_t groups[2 * EV_RE_GROUPS];
} match;

/* Only texts in ASCII: offsets are positions. 1, 0, -1 not known. */
static int find(ev *e, uint32_t o, uint32_t text, size_t from, match *ret)
{
    tw_str source, flags;
    if (!parts_of(e, o, &source, &flags) || !ev_text(e, text, &ret->s) || !ev_js_ascii(e, ret->s) ||
        !ev_regex_js(e, source, flags, &ret->re))
        return -1;
    ev_regex *code = ev_regex_make(e, ret->re.pattern, ret->re.flags);
    if (!code) return -1;
    if (from > ret->s.n) return 0;
    int n = ev_regex_at(e, code, ret->s, from, ret->groups);
    if (n > 0 && ret->re.sticky && ret->groups[0] != from) return 0;
    return n > 0 ? 1 : n;
}

static uint32_t as_array(ev *e, const match *m, uint32_t text)
{
    uint32_t base = e->stack.n;
    for (uint32_t g = 0; g <= m->re.groups; g++) {
        bool unset = m->groups[2 * g] == SIZE_MAX;
        uint32_t v =
            unset ? e->mc->undefined
                  : ev_folded(e, TW_VAL_STR, tw_str_sub(m->s, m->groups[2 * g], m->groups[2 * g + 1]), 0);
        TW_PUSH(e->tmp, e->stack, v);
    }
    uint32_t v = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_ARRAY), o = mc_ref(e, v);
    e->stack.n = base;
    if (o == TW_NONE) return v;
    mc_put_hidden(e, o, TW_S("index"), mc_int(e, (int64_t)m->groups[0]));
    mc_put_hidden(e, o, TW_S("input"), text);
    mc_put_hidden(e, o, TW_S("groups"), m->re.named ? e->mc->unknown : e->mc->undefined);
    return v;
}

/* re.exec(text): *ret is the array or null. false: not known. */
static bool exec(ev *e, uint32_t o, uint32_t text, bool test, uint32_t *ret)
{
    match m;
    tw_str source, flags;
    int64_t from = 0;
    if (!parts_of(e, o, &source, &flags)) return false;
    bool keeps = tw_str_chr(flags, 'g') != TW_NPOS || tw_str_chr(flags, 'y') != TW_NPOS;
    if (keeps && (!ev_get_int(e, mc_obj_at(e, o)->items.v[1], &from) || from < 0)) return false;
    int hit = find(e, o, text, (size_t)from, &m);
    if (hit < 0 || (hit && !test && m.re.unsure)) return false;
    if (keeps) mc_set_item(e, o, 1, mc_int(e, hit ? (int64_t)m.groups[1] : 0));
    *ret = !hit ? e->mc->none : test ? e->mc->yes : as_array(e, &m, text);
    return true;
}

/* Methods of regular expressions, and of texts that look for one; 0 none of them. */
uint32_t mc_regex_method(ev *e, uint32_t self, tw_str name, const mc_args *a, uint32_t *ret)
{
    bool is_test = tw_str_eq(name, TW_S("test")), is_exec = tw_str_eq(name, TW_S("exec"));
    bool is_match = tw_str_eq(name, TW_S("match")), is_all = tw_str_eq(name, TW_S("matchAll"));
    uint32_t regex = is_test || is_exec ? self
                     : a->n             ? a->v[0]
                                        : e->mc->none,
             text = is_test || is_exec ? (a->n ? a->v[0] : e->mc->undefined) : self, o = mc_ref(e, regex),
             base = e->stack.n;
    tw_str source, flags;
    bool is_search = tw_str_eq(name, TW_S("search"));
    if ((is_match || is_search) && o == TW_NONE && a->n == 1 && !mc_is_ref(e, self) &&
        ev_is_const(e, regex)) {
        ev_args made = {0, a->v, a->names, 1}; /* a text is one */
        uint32_t v = ev_js_new_regex(e, &made);
        if (v) o = mc_ref(e, mc_regex(e, v));
    }
    if (is_search && o != TW_NONE && mc_known(e, o) && mc_obj_at(e, o)->kind == MC_BOUND &&
        mc_obj_at(e, o)->how == MC_REGEX) {
        match m;
        int hit = ev_is_const(e, text) && mc_text(e, text) ? find(e, o, mc_text(e, text), 0, &m) : -1;
        *ret = hit < 0 ? e->mc->unknown : ev_int(e, hit ? (int64_t)m.groups[0] : -1);
        if (hit >= 0) return R_NORMAL;
        return 0;
    }
    if (!(is_test || is_exec || is_match || is_all) || o == TW_NONE || mc_obj_at(e, o)->kind != MC_BOUND ||
        mc_obj_at(e, o)->how != MC_REGEX || !mc_known(e, o) || !parts_of(e, o, &source, &flags))
        return 0;
    if (mc_is_ref(e, text)) text = mc_primitive(e, text, true);
    text = mc_is_ref(e, text) || !ev_is_const(e, text) ? 0 : mc_text(e, text);
    bool global = tw_str_chr(flags, 'g') != TW_NPOS;
    *ret = e->mc->unknown;
    if (is_match && global) return 0;
    if (!is_all) {
        uint32_t found = e->mc->unknown;
        bool known = text && exec(e, o, text, is_test, &found);
        if (!known && global) mc_set_item(e, o, 1, e->mc->unknown);
        if (known) *ret = !is_test ? found : found == e->mc->none ? e->mc->no : e->mc->yes;
        return R_NORMAL;
    }
    match m;
    size_t from = 0;
    int hit = -1;
    if (!text || !global) return R_NORMAL;
    while ((hit = find(e, o, text, from, &m)) > 0 && mc_tick(e, 1)) {
        if (m.re.unsure) {
            hit = -1;
            break;
        }
        uint32_t v = as_array(e, &m, text);
        TW_PUSH(e->tmp, e->stack, v);
        from = m.groups[1] + (m.groups[1] == m.groups[0]);
    }
    uint32_t list = mc_list(e, e->stack.v + base, e->stack.n - base, TW_SEQ_LIST);
    e->stack.n = base;
    if (hit < 0 || mc_ref(e, list) == TW_NONE) return R_NORMAL;
    mc_obj_at(e, mc_ref(e, list))->kind = MC_ITER;
    *ret = list;
    return R_NORMAL;
}
