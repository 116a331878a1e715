/* SPDX-License-Identifier: Apache-2.0 */
/* A condition -> a disjunction of conjunctions of atoms. Recursion follows the nesting of a rule,
 * which is bounded by TW_RULE_NESTING, never an artifact. */
#include "engine/rules/priv.h"

typedef TW_VEC(tw_atom) tw_row; /* a conjunction in the making */
typedef TW_VEC(tw_row) tw_rows; /* their disjunction */
typedef tw_rule_build rb;

static tw_err condition(rb *b, uint32_t id, tw_rows *ret);
static tw_err seal(rb *b, uint32_t id, tw_rows *rows, bool outer, uint32_t *ret_first, uint32_t *ret_n,
                   uint32_t *ret_needs);

#define EACH(doc, id, i) \
    (uint32_t i = tw_node_first(doc, id); i != tw_node_end(doc, id); i = (doc)->nodes[i].next)

static tw_atom atom_of(const rb *b, uint32_t id, tw_atom_op op)
{
    return (tw_atom){.op = op,
                     .var = TW_NO_VAR,
                     .var2 = TW_NO_VAR,
                     .in = TW_NO_VAR,
                     .call = TW_NO_VAR,
                     .scope = TW_SCOPE_PACKAGE,
                     .line = b->doc->nodes[id].line};
}

static void add_row(rb *b, tw_rows *rows, tw_atom at)
{
    tw_row row = {0};
    TW_PUSH(b->a, row, at);
    TW_PUSH(b->a, *rows, row);
}

/* --- values ---------------------------------------------------------------------------------------- */
/* The slot of a variable name, made where missing. Its kind is settled by the binder that names it. */
static tw_err var_named(rb *b, uint32_t id, tw_str name, uint32_t *ret)
{
    bool ok = name.n > 0 && name.n <= 16;
    for (size_t i = 0; i < name.n && ok; i++)
        ok = (name.p[i] >= 'a' && name.p[i] <= 'z') || (i && name.p[i] >= '0' && name.p[i] <= '9') ||
             (i && name.p[i] == '_');
    if (!ok) return tw_rule_bad(b, id, "expected the name of a variable: a lower-case word");
    for (uint32_t v = 0; v < b->rule->n_vars; v++)
        if (b->rule->var_name[v] && tw_str_eq(b->r->strings.v[b->rule->var_name[v]], name)) {
            *ret = v;
            return TW_OK;
        }
    if (b->rule->n_vars == TW_RULE_VARS)
        return tw_rule_bad(b, id, "more than %d variables in one rule", TW_RULE_VARS);
    *ret = b->rule->n_vars++;
    b->rule->var_name[*ret] = tw_rules_string(b->r, name);
    return TW_OK;
}

static tw_err var_node(rb *b, uint32_t id, uint32_t *ret)
{
    if (b->doc->nodes[id].kind != TW_NODE_STRING)
        return tw_rule_bad(b, id, "expected the name of a variable");
    return var_named(b, id, b->doc->nodes[id].text, ret);
}

static tw_err bind(rb *b, uint32_t id, tw_var_kind kind, uint32_t *ret, const tw_node *as)
{
    if (as)
        TW_TRY(var_node(b, tw_node_id(b->doc, as), ret));
    else if (b->rule->n_vars == TW_RULE_VARS)
        return tw_rule_bad(b, id, "more than %d variables in one rule", TW_RULE_VARS);
    else
        *ret = b->rule->n_vars++;
    uint32_t *have = &b->rule->var_kind[*ret];
    if (*have != TW_VAR_UNBOUND && *have != kind)
        return tw_rule_bad(b, id,
                           "the variable stands for a layer in one place and for a capability in another");
    *have = kind;
    return TW_OK;
}

/* A name or a list of names -> a callback each. */
typedef tw_err (*each_name)(rb *b, uint32_t id, tw_str name, void *ctx);
static tw_err names(rb *b, const tw_node *n, each_name f, void *ctx)
{
    uint32_t id = tw_node_id(b->doc, n);
    if (n->kind == TW_NODE_STRING) return f(b, id, n->text, ctx);
    if (n->kind != TW_NODE_ARRAY || n->count == 0)
        return tw_rule_bad(b, id, "expected a name or a list of names");
    for
        EACH(b->doc, id, i)
        {
            if (b->doc->nodes[i].kind != TW_NODE_STRING) return tw_rule_bad(b, i, "expected a name");
            TW_TRY(f(b, i, b->doc->nodes[i].text, ctx));
        }
    return TW_OK;
}

static tw_err add_caps(rb *b, uint32_t id, tw_str glob, void *ctx)
{
    tw_capset *set = ctx;
    bool any = false;
    for (uint16_t c = 1; c < tw_cap_count() && c < TW_CAPSET_WORDS * 32; c++)
        if (tw_str_glob(glob, tw_str_c(tw_cap_info_of(c)->name))) {
            set->bits[c / 32] |= 1u << (c % 32);
            any = true;
        }
    return any ? TW_OK
               : tw_rule_bad(b, id, "no capability is named \"%.*s\"", TW_FMT(tw_str_sub(glob, 0, 60)));
}

static tw_err caps_of(rb *b, uint32_t id, tw_str key, uint32_t *ret)
{
    const tw_node *n = tw_node_get(b->doc, id, key);
    if (!n) return tw_rule_bad(b, id, "the condition lacks the key \"%.*s\"", TW_FMT(key));
    tw_capset set = {0};
    TW_TRY(names(b, n, add_caps, &set));
    for (uint32_t i = 0; i < b->r->capsets.n; i++)
        if (memcmp(&b->r->capsets.v[i], &set, sizeof set) == 0) {
            *ret = i;
            return TW_OK;
        }
    *ret = b->r->capsets.n;
    TW_PUSH(b->r->arena, b->r->capsets, set);
    return TW_OK;
}

static tw_err add_trigger(rb *b, uint32_t id, tw_str name, void *ctx)
{
    for (int t = 0; t < TW_TRIGGER_MAX; t++)
        if (tw_str_eq(name, tw_str_c(tw_trigger_name((tw_trigger)t)))) {
            *(uint32_t *)ctx |= 1u << t;
            return TW_OK;
        }
    return tw_rule_bad(b, id,
                       "expected a trigger: install, build, import, plugin, command, load, call or dead");
}

static tw_err add_role(rb *b, uint32_t id, tw_str name, void *ctx)
{
    static const char *const roles[] = {"other",   "code", "build",    "test",  "doc",
                                        "example", "data", "metadata", "script"};
    for (uint32_t r = 0; r < TW_COUNT(roles); r++)
        if (tw_str_eq(name, tw_str_c(roles[r]))) {
            *(uint32_t *)ctx |= 1u << r;
            return TW_OK;
        }
    return tw_rule_bad(
        b, id,
        "expected what the file is for: code, build, script, test, doc, example, data, metadata or other");
}

static tw_err add_class(rb *b, uint32_t id, tw_str name, void *ctx)
{
    for (int c = 0; c < TW_HOST_CLASS_MAX; c++)
        if (tw_str_eq(name, tw_str_c(tw_host_class_names[c]))) {
            *(uint32_t *)ctx |= 1u << c;
            return TW_OK;
        }
    return tw_rule_bad(b, id, "expected a class of hosts: loopback, private, ip or example");
}

static tw_err add_glob(rb *b, uint32_t id, tw_str glob, void *ctx)
{
    (void)ctx;
    if (glob.n == 0 || glob.n > 200) return tw_rule_bad(b, id, "expected a pattern of 1 to 200 bytes");
    for (size_t i = 0; i < glob.n; i++)
        if (glob.p[i] >= 'A' && glob.p[i] <= 'Z')
            return tw_rule_bad(b, id,
                               "a pattern with capitals matches nothing: texts are compared in lower case");
    TW_PUSH(b->r->arena, b->r->lists, tw_rules_string(b->r, glob));
    return TW_OK;
}

static tw_err globs_of(rb *b, const tw_node *n, tw_atom *at)
{
    at->texts = b->r->lists.n;
    TW_TRY(names(b, n, add_glob, NULL));
    at->n_texts = b->r->lists.n - at->texts;
    return TW_OK;
}

/* One of a table of words; *ret is its index. */
static tw_err choice(rb *b, uint32_t id, const char *key, const char *const *words, uint32_t n, uint32_t *ret)
{
    const tw_node *v = tw_node_get(b->doc, id, tw_str_c(key));
    if (!v) return TW_OK;
    for (uint32_t i = 0; i < n; i++)
        if (v->kind == TW_NODE_STRING && tw_str_eq(v->text, tw_str_c(words[i]))) {
            *ret = i;
            return TW_OK;
        }
    tw_buf list = TW_BUF_INIT;
    for (uint32_t i = 0; i < n; i++) tw_buf_fmt(&list, "%s%s", i ? ", " : "", words[i]);
    tw_err e =
        tw_rule_bad(b, tw_node_id(b->doc, v), "%s: expected one of %.*s", key, TW_FMT(tw_buf_str(&list)));
    tw_buf_free(&list);
    return e;
}

static tw_err number(rb *b, uint32_t id, const char *key, uint32_t most, uint32_t *ret)
{
    const tw_node *v = tw_node_get(b->doc, id, tw_str_c(key));
    uint64_t x;
    if (!v) return TW_OK;
    if (!tw_node_u64(v, &x) || x < 1 || x > most)
        return tw_rule_bad(b, tw_node_id(b->doc, v), "%s: expected a number of 1 to %u", key, most);
    *ret = (uint32_t)x;
    return TW_OK;
}

static const char *const confidences[] = {"guessed", "flow", "folded", "literal"};
static const char *const scopes[] = {"call", "function", "file", "package"};
static const char *const severities[] = {"info", "odd", "bad"};

static tw_err triggers_of(rb *b, uint32_t id, const char *key, uint32_t *ret)
{
    const tw_node *n = tw_node_get(b->doc, id, tw_str_c(key));
    return n ? names(b, n, add_trigger, ret) : TW_OK;
}

/* Keys shared by the binders. */
static tw_err common(rb *b, uint32_t id, tw_atom *at)
{
    TW_TRY(triggers_of(b, id, "trigger", &at->triggers));
    TW_TRY(choice(b, id, "min_confidence", confidences, TW_COUNT(confidences), &at->confidence));
    const tw_node *in = tw_node_get(b->doc, id, TW_S("in")), *file = tw_node_get(b->doc, id, TW_S("file"));
    if (file) TW_TRY(names(b, file, add_role, &at->roles));
    return in ? var_node(b, tw_node_id(b->doc, in), &at->in) : TW_OK;
}

/* --- atoms ------------------------------------------------------------------------------------------ */
/* What the use was found to stand for: the label of its value class. */
static tw_err label_part(rb *b, const tw_node *label, tw_atom at, tw_row *row)
{
    at.role = 0;
    at.number = 1;
    TW_TRY(globs_of(b, label, &at));
    TW_PUSH(b->a, *row, at);
    return TW_OK;
}

static tw_err value_part(rb *b, uint32_t id, uint32_t var, tw_row *row)
{
    tw_atom at = atom_of(b, id, TW_ATOM_VALUE);
    at.var = var;
    const tw_node *role = tw_node_get(b->doc, id, TW_S("role")), *any = tw_node_get(b->doc, id, TW_S("any")),
                  *classes = tw_node_get(b->doc, id, TW_S("host-class")),
                  *label = tw_node_get(b->doc, id, TW_S("label"));
    if (role && role->kind == TW_NODE_STRING)
        for (uint32_t i = 1; i < TW_ARGROLE_MAX && !at.role; i++) /* a written path is a "path" too */
            if (tw_str_eq(role->text, tw_str_c(tw_arg_role_name((tw_arg_role)i)))) at.role = i;
    if (role && !at.role)
        return tw_rule_bad(b, tw_node_id(b->doc, role),
                           "role: expected url, host, path, command, code, data, key or name");
    if (!any && !classes && !label)
        return tw_rule_bad(b, id, "value needs \"any\" (patterns), \"label\" or \"host-class\"");
    if (label) TW_TRY(label_part(b, label, at, row));
    if (any) TW_TRY(globs_of(b, any, &at));
    if (classes) TW_TRY(names(b, classes, add_class, &at.classes));
    if (any || classes) TW_PUSH(b->a, *row, at);
    return TW_OK;
}

static tw_err cond_cap(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "cap", "any trigger min_confidence file in value as"));
    tw_atom at = atom_of(b, id, TW_ATOM_CAP);
    TW_TRY(caps_of(b, id, TW_S("any"), &at.caps));
    TW_TRY(common(b, id, &at));
    TW_TRY(bind(b, id, TW_VAR_USE, &at.var, tw_node_get(b->doc, id, TW_S("as"))));
    add_row(b, ret, at);
    const tw_node *value = tw_node_get(b->doc, id, TW_S("value"));
    if (!value) return TW_OK;
    TW_TRY(tw_rule_keys(b, tw_node_id(b->doc, value), "value", "role any host-class label"));
    return value_part(b, tw_node_id(b->doc, value), at.var, &ret->v[ret->n - 1]);
}

static tw_err cond_distinct(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "distinct", "any at_least scope trigger min_confidence file in as"));
    tw_atom at = atom_of(b, id, TW_ATOM_DISTINCT);
    TW_TRY(caps_of(b, id, TW_S("any"), &at.caps));
    TW_TRY(common(b, id, &at));
    at.number = 2;
    TW_TRY(number(b, id, "at_least", 32, &at.number));
    TW_TRY(choice(b, id, "scope", scopes, TW_COUNT(scopes), &at.scope));
    if (at.scope < TW_SCOPE_FILE) return tw_rule_bad(b, id, "the scope of distinct is file or package");
    TW_TRY(bind(b, id, TW_VAR_USE, &at.var, tw_node_get(b->doc, id, TW_S("as"))));
    add_row(b, ret, at);
    return TW_OK;
}

static tw_err cond_flow(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "flow", "from to scope trigger min_confidence file in as"));
    tw_atom at = atom_of(b, id, TW_ATOM_FLOW);
    TW_TRY(caps_of(b, id, TW_S("from"), &at.caps));
    TW_TRY(caps_of(b, id, TW_S("to"), &at.caps2));
    TW_TRY(common(b, id, &at));
    TW_TRY(choice(b, id, "scope", scopes, TW_COUNT(scopes), &at.scope));
    const tw_node *as = tw_node_get(b->doc, id, TW_S("as"));
    if (as && (as->kind != TW_NODE_ARRAY || as->count != 2))
        return tw_rule_bad(b, tw_node_id(b->doc, as), "as: expected two variables, [from, to]");
    const tw_node *from = as ? as + 1 : NULL;
    TW_TRY(bind(b, id, TW_VAR_USE, &at.var, from));
    TW_TRY(bind(b, id, TW_VAR_USE, &at.var2, from ? &b->doc->nodes[from->next] : NULL));
    add_row(b, ret, at);
    return TW_OK;
}

static tw_err cond_layer(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "layer", "min_depth executed encoded trigger in at as"));
    tw_atom at = atom_of(b, id, TW_ATOM_LAYER);
    TW_TRY(common(b, id, &at));
    at.number = 1;
    TW_TRY(number(b, id, "min_depth", 16, &at.number));
    static const char *const asks[] = {"executed", "encoded"};
    for (uint32_t i = 0; i < TW_COUNT(asks); i++) {
        const tw_node *v = tw_node_get(b->doc, id, tw_str_c(asks[i]));
        if (v && (v->kind != TW_NODE_BOOL || !v->truth))
            return tw_rule_bad(b, tw_node_id(b->doc, v), "%s: expected true, or leave it out", asks[i]);
        if (v) at.asks |= 1u << i; /* TW_ASK_EXECUTED, TW_ASK_ENCODED */
    }
    const tw_node *call = tw_node_get(b->doc, id, TW_S("at"));
    if (call) TW_TRY(var_node(b, tw_node_id(b->doc, call), &at.call));
    TW_TRY(bind(b, id, TW_VAR_LAYER, &at.var, tw_node_get(b->doc, id, TW_S("as"))));
    add_row(b, ret, at);
    return TW_OK;
}

static tw_err known_finding(rb *b, uint32_t id, tw_str glob, void *ctx)
{
    for (unsigned i = 0; i < TW_FIND_MAX; i++)
        if (tw_str_glob(glob, tw_str_c(tw_finding_info_of((tw_finding_id)i)->name)))
            return add_glob(b, id, glob, ctx);
    return tw_rule_bad(b, id, "no finding is named \"%.*s\"", TW_FMT(tw_str_sub(glob, 0, 60)));
}

static tw_err known_signal(rb *b, uint32_t id, tw_str glob, void *ctx)
{
    for (unsigned i = 0; i < TW_FIND_MAX; i++)
        if (tw_finding_is_signal((tw_finding_id)i) &&
            tw_str_glob(glob, tw_str_c(tw_finding_info_of((tw_finding_id)i)->name)))
            return add_glob(b, id, glob, ctx);
    return tw_rule_bad(b, id, "no signal is named \"%.*s\"", TW_FMT(tw_str_sub(glob, 0, 60)));
}

static tw_err cond_listed(rb *b, uint32_t id, const char *what, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, what, "any min_severity"));
    tw_atom at = atom_of(b, id, TW_ATOM_FINDING);
    const tw_node *any = tw_node_get(b->doc, id, TW_S("any"));
    if (!any) return tw_rule_bad(b, id, "the condition lacks the key \"any\"");
    at.texts = b->r->lists.n;
    TW_TRY(names(b, any, strcmp(what, "signal") ? known_finding : known_signal, NULL));
    at.n_texts = b->r->lists.n - at.texts;
    TW_TRY(choice(b, id, "min_severity", severities, TW_COUNT(severities), &at.number));
    add_row(b, ret, at);
    return TW_OK;
}

static tw_err cond_finding(rb *b, uint32_t id, tw_rows *ret)
{
    return cond_listed(b, id, "finding", ret);
}
static tw_err cond_signal(rb *b, uint32_t id, tw_rows *ret)
{
    return cond_listed(b, id, "signal", ret);
}

static tw_err of_var(rb *b, uint32_t id, uint32_t *ret)
{
    const tw_node *of = tw_node_get(b->doc, id, TW_S("of"));
    return of ? var_node(b, tw_node_id(b->doc, of), ret)
              : tw_rule_bad(b, id, "the condition lacks the key \"of\"");
}

static tw_err cond_trigger(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "trigger", "of any reason"));
    tw_atom at = atom_of(b, id, TW_ATOM_TRIGGER);
    TW_TRY(of_var(b, id, &at.var));
    TW_TRY(triggers_of(b, id, "any", &at.triggers));
    const tw_node *reason = tw_node_get(b->doc, id, TW_S("reason"));
    if (reason) TW_TRY(globs_of(b, reason, &at));
    if (!at.triggers && !reason) return tw_rule_bad(b, id, "trigger needs \"any\" or \"reason\"");
    add_row(b, ret, at);
    return TW_OK;
}

static tw_err cond_value(rb *b, uint32_t id, tw_rows *ret)
{
    uint32_t var;
    tw_row row = {0};
    TW_TRY(tw_rule_keys(b, id, "value", "of role any host-class label"));
    TW_TRY(of_var(b, id, &var));
    TW_TRY(value_part(b, id, var, &row));
    TW_PUSH(b->a, *ret, row);
    return TW_OK;
}

static tw_err cond_same(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "same", "of scope"));
    tw_atom at = atom_of(b, id, TW_ATOM_SAME);
    const tw_node *of = tw_node_get(b->doc, id, TW_S("of"));
    if (!of || of->kind != TW_NODE_ARRAY || of->count != 2)
        return tw_rule_bad(b, id, "of: expected two variables, [a, b]");
    uint32_t first = tw_node_first(b->doc, tw_node_id(b->doc, of));
    TW_TRY(var_node(b, first, &at.var));
    TW_TRY(var_node(b, b->doc->nodes[first].next, &at.var2));
    at.scope = TW_SCOPE_FUNCTION;
    TW_TRY(choice(b, id, "scope", scopes, TW_COUNT(scopes), &at.scope));
    add_row(b, ret, at);
    return TW_OK;
}

/* --- and, or, not ------------------------------------------------------------------------------------ */
static tw_err cross(rb *b, uint32_t id, tw_rows *into, const tw_rows *with)
{
    tw_rows out = {0};
    if ((uint64_t)into->n * with->n > TW_RULE_CONJS)
        return tw_rule_bad(b, id, "the condition has too many cases");
    for (uint32_t i = 0; i < into->n; i++)
        for (uint32_t k = 0; k < with->n; k++) {
            tw_row row = {0};
            if (into->v[i].n + with->v[k].n > TW_RULE_ATOMS)
                return tw_rule_bad(b, id, "more than %d conditions in a row", TW_RULE_ATOMS);
            for (uint32_t m = 0; m < into->v[i].n; m++) TW_PUSH(b->a, row, into->v[i].v[m]);
            for (uint32_t m = 0; m < with->v[k].n; m++) TW_PUSH(b->a, row, with->v[k].v[m]);
            TW_PUSH(b->a, out, row);
        }
    *into = out;
    return TW_OK;
}

static tw_err cond_list(rb *b, uint32_t id, bool all, tw_rows *ret)
{
    if (b->doc->nodes[id].kind != TW_NODE_ARRAY || b->doc->nodes[id].count == 0)
        return tw_rule_bad(b, id, "%s: expected a list of conditions", all ? "all" : "any");
    if (all) TW_PUSH(b->a, *ret, ((tw_row){0}));
    for
        EACH(b->doc, id, i)
        {
            tw_rows part = {0};
            TW_TRY(condition(b, i, &part));
            if (all)
                TW_TRY(cross(b, i, ret, &part));
            else
                for (uint32_t k = 0; k < part.n; k++) TW_PUSH(b->a, *ret, part.v[k]);
        }
    return ret->n <= TW_RULE_CONJS ? TW_OK : tw_rule_bad(b, id, "the condition has too many cases");
}
static tw_err cond_all(rb *b, uint32_t id, tw_rows *ret)
{
    return cond_list(b, id, true, ret);
}
static tw_err cond_any(rb *b, uint32_t id, tw_rows *ret)
{
    return cond_list(b, id, false, ret);
}

static uint32_t named_in(const tw_row *row);
static tw_err cond_not(rb *b, uint32_t id, tw_rows *ret)
{
    tw_rows inner = {0};
    tw_atom at = atom_of(b, id, TW_ATOM_NOT);
    TW_TRY(condition(b, id, &inner));
    TW_TRY(seal(b, id, &inner, true, &at.sub, &at.n_sub, &at.needs));
    for (uint32_t i = 0; i < inner.n; i++) at.number |= named_in(&inner.v[i]);
    add_row(b, ret, at);
    return TW_OK;
}

static const struct {
    const char *key;
    tw_err (*read)(rb *b, uint32_t id, tw_rows *ret);
} conditions[] = {
    {"all", cond_all},         {"any", cond_any},           {"not", cond_not},
    {"cap", cond_cap},         {"flow", cond_flow},         {"layer", cond_layer},
    {"value", cond_value},     {"same", cond_same},         {"trigger", cond_trigger},
    {"finding", cond_finding}, {"distinct", cond_distinct}, {"signal", cond_signal},
};
static const char condition_keys[] = "all any not cap flow layer value same trigger finding distinct signal";

/* A mapping: all of its keys must hold. */
static tw_err condition(rb *b, uint32_t id, tw_rows *ret)
{
    TW_TRY(tw_rule_keys(b, id, "a condition", condition_keys));
    if (b->doc->nodes[id].count == 0)
        return tw_rule_bad(b, id, "the condition is empty, expected one of: %s", condition_keys);
    if (++b->depth > TW_RULE_NESTING) return tw_rule_bad(b, id, "conditions are nested too deep");
    TW_PUSH(b->a, *ret, ((tw_row){0}));
    for
        EACH(b->doc, id, i)
    for (size_t c = 0; c < TW_COUNT(conditions); c++)
        if (tw_str_eq(b->doc->nodes[i].key, tw_str_c(conditions[c].key))) {
            tw_rows part = {0};
            TW_TRY(conditions[c].read(b, i, &part));
            TW_TRY(cross(b, i, ret, &part));
        }
    b->depth--;
    return TW_OK;
}

/* --- order and checks --------------------------------------------------------------------------------- */
static bool binds(const tw_atom *at)
{
    return at->op <= TW_ATOM_DISTINCT;
}
static uint32_t bit(uint32_t var)
{
    return var == TW_NO_VAR ? 0 : 1u << var;
}
/* What a NOT binds anew is the outer variable where one of that name is bound by then. */
static uint32_t named_in(const tw_row *row)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < row->n; i++)
        all |=
            bit(row->v[i].var) | bit(row->v[i].var2) | (row->v[i].op == TW_ATOM_NOT ? row->v[i].number : 0);
    return all;
}
static uint32_t uses(const tw_atom *at)
{
    return (binds(at) ? 0 : bit(at->var) | bit(at->var2)) | bit(at->in) | bit(at->call) | at->needs;
}

static tw_err kinds_ok(rb *b, uint32_t id, const tw_atom *at)
{
    const uint32_t *kind = b->rule->var_kind;
    bool ok = at->in == TW_NO_VAR || kind[at->in] == TW_VAR_LAYER;
    ok = ok && (at->call == TW_NO_VAR || kind[at->call] == TW_VAR_USE);
    if (at->op == TW_ATOM_VALUE) ok = ok && kind[at->var] == TW_VAR_USE;
    if (at->op == TW_ATOM_SAME) ok = ok && kind[at->var] == TW_VAR_USE && kind[at->var2] == TW_VAR_USE;
    return ok ? TW_OK
              : tw_rule_bad(b, id,
                            "line %u: a variable there is not of the right kind (\"in\" takes a layer, "
                            "\"value\" and \"same\" take capabilities)",
                            at->line);
}

/* Binders keep their order; each filter moves to the first place where its variables are bound. */
static tw_err arrange(rb *b, uint32_t id, tw_row *row, bool outer, uint32_t *needs)
{
    uint32_t inside = 0, bound = 0, n = 0;
    bool done[TW_RULE_ATOMS] = {0};
    tw_atom out[TW_RULE_ATOMS];
    for (uint32_t i = 0; i < row->n; i++)
        if (binds(&row->v[i])) inside |= bit(row->v[i].var) | bit(row->v[i].var2);
    for (uint32_t i = 0; i <= row->n; i++) {
        for (uint32_t k = 0; k < row->n; k++) {
            uint32_t waits = uses(&row->v[k]) | (row->v[k].op == TW_ATOM_NOT ? row->v[k].number : 0);
            if (done[k] || binds(&row->v[k]) || (waits & inside & ~bound)) continue;
            done[k] = true;
            out[n++] = row->v[k];
        }
        if (i == row->n || !binds(&row->v[i])) continue;
        if (uses(&row->v[i]) & inside & ~bound)
            return tw_rule_bad(b, id, "line %u: what stands behind \"in\" or \"at\" must be named before",
                               row->v[i].line);
        bound |= bit(row->v[i].var) | bit(row->v[i].var2);
        done[i] = true;
        out[n++] = row->v[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t free_vars = uses(&out[i]) & ~inside;
        TW_TRY(kinds_ok(b, id, &out[i]));
        if (free_vars && !outer)
            return tw_rule_bad(b, id, "line %u: a variable is used that nothing here binds (as: ...)",
                               out[i].line);
        *needs |= free_vars;
        row->v[i] = out[i];
    }
    return TW_OK;
}

static tw_err seal(rb *b, uint32_t id, tw_rows *rows, bool outer, uint32_t *ret_first, uint32_t *ret_n,
                   uint32_t *ret_needs)
{
    tw_rules *r = b->r;
    *ret_needs = 0;
    for (uint32_t i = 0; i < rows->n; i++) TW_TRY(arrange(b, id, &rows->v[i], outer, ret_needs));
    *ret_first = r->conjs.n;
    *ret_n = rows->n;
    for (uint32_t i = 0; i < rows->n; i++) {
        tw_conj c = {r->atoms.n, rows->v[i].n};
        for (uint32_t k = 0; k < rows->v[i].n; k++) TW_PUSH(r->arena, r->atoms, rows->v[i].v[k]);
        TW_PUSH(r->arena, r->conjs, c);
    }
    return TW_OK;
}

tw_err tw_rule_when(rb *b, uint32_t id, bool outer, const tw_node *unless, uint32_t *ret_first,
                    uint32_t *ret_n)
{
    tw_rows rows = {0};
    uint32_t needs, unless_id = unless ? tw_node_id(b->doc, unless) : 0;
    TW_TRY(condition(b, id, &rows));
    if (unless)
        for
            EACH(b->doc, unless_id, i)
            {
                tw_rows no = {0};
                TW_TRY(cond_not(b, i, &no));
                TW_TRY(cross(b, i, &rows, &no));
            }
    return seal(b, id, &rows, outer, ret_first, ret_n, &needs);
}
