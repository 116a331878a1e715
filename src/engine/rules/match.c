/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the solutions of each rule: assignments of cap uses and layers to its variables. Plain
 * backtracking over candidate lists by capability; recursion follows the atoms of a conjunction and
 * the nesting of NOT, both bounded when rules are compiled. Bounded by STEPS per rule. */
#include "engine/record/world.h"
#include "engine/rules/priv.h"

enum { STEPS = 400000 };

typedef struct solution {
    tw_bound at;
    uint32_t flows[4];
    uint32_t n_flows;
    uint8_t level, weakest, unsure, trigger, confidence;
} solution;

typedef struct matcher {
    const tw_rules *r;
    const tw_rule *rule;
    tw_arena *a;
    const tw_join *j;
    const tw_findings *f;
    uint32_t *cap_first; /* [cap_count + 1]: first use of each capability in by_cap */
    uint32_t *by_cap;    /* use indices, by capability, then in order */
    uint8_t *seen;       /* [uses]: counted as a place of this rule */
    uint64_t steps;
    /* the solution in the making */
    tw_bound at;
    uint32_t flows[TW_RULE_ATOMS], n_flows;
    uint32_t several; /* mask: variables that three or more sightings stand behind */
    bool exists;      /* only asked whether there is one */
    solution best[8];
    uint32_t n_best, n_matches;
} matcher;

static bool solve(matcher *m, uint32_t conj, uint32_t i);

static const tw_cap_use *use_of(const matcher *m, uint32_t u)
{
    return &m->j->uses.v[u];
}

static uint8_t layer_trigger(const matcher *m, uint32_t unit)
{
    return m->j->func_trigger && m->j->func_trigger[unit] ? m->j->func_trigger[unit][0] : TW_TRIGGER_CALL;
}

static bool step(matcher *m)
{
    return m->steps < STEPS && ++m->steps;
}

/* Is `unit` the layer or inside it? */
static bool within(const tw_join *j, uint32_t unit, uint32_t layer)
{
    for (uint32_t guard = 0; unit < j->n_units && guard <= j->n_units; guard++) {
        if (unit == layer) return true;
        unit = j->units[unit].parent;
    }
    return false;
}

static uint8_t role_of(const tw_join *j, uint32_t unit)
{
    uint32_t member = unit < j->n_units ? j->units[unit].member : TW_NO_MEMBER;
    return j->package && j->package->role && member < j->package->n_members ? j->package->role[member]
                                                                            : TW_ROLE_OTHER;
}

/* What setup.py runs beside itself is a part of the build as it is: code moved to another file does not change what it is for. */
static bool is_beside_build(const tw_join *j, const tw_cap_use *u)
{
    const tw_package *p = j->package;
    if (!p || !p->role || u->trigger > TW_TRIGGER_BUILD || !tw_str_starts(u->reason, TW_S("setup.py, ")))
        return false;
    for (uint32_t i = 0; i < p->n_kept; i++) /* it may be what is installed */
        if (tw_str_ends(p->kept[i].path, TW_S("setup.py")) &&
            tw_str_find(p->kept[i].data, TW_S("py_modules")) != TW_NPOS)
            return false;
    tw_str path = p->members[j->units[u->place.unit].member].path;
    size_t slash = tw_str_rchr(path, '/');
    for (uint32_t i = 0; i < p->n_members; i++)
        if (p->role[i] == TW_ROLE_BUILD && tw_str_rchr(p->members[i].path, '/') == slash &&
            (slash == TW_NPOS || tw_str_starts(p->members[i].path, tw_str_sub(path, 0, slash + 1))))
            return true;
    return false;
}

static bool has_role(const matcher *m, uint32_t roles, const tw_cap_use *u)
{
    if (roles >> role_of(m->j, u->place.unit) & 1) return true;
    return roles >> TW_ROLE_BUILD & 1 && is_beside_build(m->j, u);
}

static bool fits(const matcher *m, const tw_atom *at, const tw_cap_use *u)
{
    if (at->triggers && !(at->triggers >> u->trigger & 1)) return false;
    if (u->confidence < at->confidence) return false;
    if (at->roles && !has_role(m, at->roles, u)) return false;
    if (at->in == TW_NO_VAR) return true;
    return m->at.at[at->in] != TW_NONE && within(m->j, u->place.unit, m->at.at[at->in]);
}

/* Binds var to `what` for the rest of the conjunction. A bound variable only agrees or not. */
static bool with_bound(matcher *m, uint32_t var, uint32_t what, uint32_t conj, uint32_t i)
{
    uint32_t had = m->at.at[var];
    if (had != TW_NONE && had != what) return false;
    m->at.at[var] = what;
    bool done = solve(m, conj, i + 1);
    m->at.at[var] = had;
    return done;
}

static bool bind_cap(matcher *m, const tw_atom *at, uint32_t conj, uint32_t i)
{
    const tw_capset *set = &m->r->capsets.v[at->caps];
    for (uint16_t c = 1; c < tw_cap_count(); c++) {
        if (!tw_capset_has(set, c)) continue;
        for (uint32_t k = m->cap_first[c]; k < m->cap_first[c + 1] && step(m); k++)
            if (fits(m, at, use_of(m, m->by_cap[k])) && with_bound(m, at->var, m->by_cap[k], conj, i))
                return true;
    }
    return false;
}

static bool bind_flow(matcher *m, const tw_atom *at, uint32_t conj, uint32_t i)
{
    const tw_capset *from = &m->r->capsets.v[at->caps], *to = &m->r->capsets.v[at->caps2];
    for (uint32_t k = 0; k < m->j->flows.n && step(m); k++) {
        const tw_flow *f = &m->j->flows.v[k];
        const tw_cap_use *a = use_of(m, f->from), *b = use_of(m, f->to);
        uint32_t wide = TW_SCOPE_FUNCTION + f->scope;
        if (wide > at->scope || f->confidence < at->confidence) continue;
        if (!tw_capset_has(from, a->cap) || !tw_capset_has(to, b->cap) || !fits(m, at, a) || !fits(m, at, b))
            continue;
        uint32_t had = m->at.at[at->var];
        if (had != TW_NONE && had != f->from) continue;
        m->at.at[at->var] = f->from;
        m->flows[m->n_flows++] = k;
        bool done = with_bound(m, at->var2, f->to, conj, i);
        m->n_flows--;
        m->at.at[at->var] = had;
        if (done) return true;
    }
    return false;
}

static bool layer_is(const tw_join *j, const tw_unit *u, uint32_t asks)
{
    const tw_record *parent = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    if (!parent || u->layer >= parent->n_layers) return false;
    const tw_rec_layer *l = &parent->layers[u->layer];
    return (!(asks & TW_ASK_EXECUTED) || l->executed) &&
           (!(asks & TW_ASK_ENCODED) || tw_recipe_decodes(tw_rec_str(parent, l->recipe)));
}

/* Is the layer the code of this call? eval(compile(x)): of what it is handed. */
static bool layer_at(const tw_join *j, const tw_unit *u, const tw_cap_use *use)
{
    const tw_record *r = u->parent < j->n_units ? j->units[u->parent].record : NULL;
    if (!r || u->layer >= r->n_layers || u->parent != use->place.unit || use->call >= r->n_calls)
        return false;
    const tw_rec_call *c = &r->calls[use->call];
    uint32_t call = r->layers[u->layer].call;
    bool at = call == use->call;
    for (uint32_t i = 0; i < c->n_args && !at; i++) {
        const tw_val *v = &r->vals[r->args[c->args + i].value];
        at = v->kind == TW_VAL_CALL && v->a == call;
    }
    return at;
}

static bool bind_layer(matcher *m, const tw_atom *at, uint32_t conj, uint32_t i)
{
    for (uint32_t k = 0; k < m->j->n_units && step(m); k++) {
        const tw_unit *u = &m->j->units[k];
        if (u->depth < at->number) continue;
        if (at->triggers && !(at->triggers >> layer_trigger(m, k) & 1)) continue;
        if (at->asks && !layer_is(m->j, u, at->asks)) continue;
        uint32_t by = at->call == TW_NO_VAR ? TW_NONE : m->at.at[at->call];
        if (at->call != TW_NO_VAR && (by == TW_NONE || !layer_at(m->j, u, use_of(m, by)))) continue;
        if (at->in != TW_NO_VAR && (m->at.at[at->in] == TW_NONE || !within(m->j, k, m->at.at[at->in])))
            continue;
        if (with_bound(m, at->var, k, conj, i)) return true;
    }
    return false;
}

typedef struct tally { /* of one file, or of the package */
    tw_capset have;
    uint32_t first, n;
} tally;

static uint32_t root_of(const tw_join *j, uint32_t unit)
{
    for (uint32_t guard = 0; unit < j->n_units && guard <= j->n_units; guard++) {
        if (j->units[unit].parent >= j->n_units) return unit;
        unit = j->units[unit].parent;
    }
    return 0;
}

/* Whether enough capabilities of the set are used in a file (or the package); binds the first. */
static bool bind_distinct(matcher *m, const tw_atom *at, uint32_t conj, uint32_t i)
{
    const tw_capset *set = &m->r->capsets.v[at->caps];
    tw_mark mark = tw_arena_mark(m->a);
    tally *tallies = TW_NEWN(m->a, tally, (size_t)m->j->n_units + 1);
    bool done = false;
    for (uint32_t k = 0; k < m->j->uses.n && !done && step(m); k++) {
        const tw_cap_use *u = use_of(m, k);
        tally *t = &tallies[at->scope == TW_SCOPE_FILE ? root_of(m->j, u->place.unit) : 0];
        if (!tw_capset_has(set, u->cap) || tw_capset_has(&t->have, u->cap) || !fits(m, at, u)) continue;
        t->have.bits[u->cap / 32] |= 1u << (u->cap % 32);
        if (t->n++ == 0) t->first = k;
        if (t->n != at->number) continue;
        uint32_t had = m->several;
        if (at->number >= 3) m->several |= 1u << at->var;
        done = with_bound(m, at->var, t->first, conj, i);
        m->several = had;
    }
    tw_arena_reset(m->a, mark);
    return done;
}

static bool text_matches(const matcher *m, const tw_atom *at, tw_str text)
{
    char low[512];
    tw_str t = {low, text.n < sizeof low ? text.n : sizeof low};
    for (size_t i = 0; i < t.n; i++)
        low[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
    for (uint32_t i = 0; i < at->n_texts; i++)
        if (tw_str_glob(m->r->strings.v[m->r->lists.v[at->texts + i]], t)) return true;
    return false;
}

static bool test_finding(const matcher *m, const tw_atom *at)
{
    for (uint32_t i = 0; m->f && i < TW_FIND_MAX; i++) {
        const tw_finding_info *info = tw_finding_info_of((tw_finding_id)i);
        if (m->f->per_id[i] && (uint32_t)info->severity >= at->number &&
            text_matches(m, at, tw_str_c(info->name)))
            return true;
    }
    return false;
}

static bool test_trigger(const matcher *m, const tw_atom *at)
{
    uint32_t x = m->at.at[at->var];
    if (x == TW_NONE) return false;
    bool use = m->rule->var_kind[at->var] == TW_VAR_USE;
    uint8_t t = use ? use_of(m, x)->trigger : layer_trigger(m, x);
    if (at->triggers && !(at->triggers >> t & 1)) return false;
    return at->n_texts == 0 || (use && text_matches(m, at, use_of(m, x)->reason));
}

static bool test_value(const matcher *m, const tw_atom *at)
{
    if (m->at.at[at->var] == TW_NONE) return false;
    const tw_cap_use *u = use_of(m, m->at.at[at->var]);
    if (at->number) return u->label && text_matches(m, at, tw_str_c(u->label));
    for (uint32_t i = 0; i < u->n_values; i++) {
        const tw_fact_value *v = &u->values[i];
        if (at->role && v->role != at->role) continue;
        if (at->n_texts && text_matches(m, at, v->text)) return true;
        if (at->classes && (tw_host_classes(tw_host_of(v->text)) & at->classes)) return true;
    }
    return false;
}

static bool test_same(const matcher *m, const tw_atom *at)
{
    if (m->at.at[at->var] == TW_NONE || m->at.at[at->var2] == TW_NONE) return false;
    const tw_cap_use *a = use_of(m, m->at.at[at->var]), *b = use_of(m, m->at.at[at->var2]);
    const tw_unit *units = m->j->units;
    if (at->scope == TW_SCOPE_PACKAGE) return true;
    if (at->scope == TW_SCOPE_FILE) return units[a->place.unit].member == units[b->place.unit].member;
    if (a->place.unit != b->place.unit) return false;
    if (at->scope == TW_SCOPE_CALL) return a->call == b->call && a->call != TW_NONE;
    const tw_record *rec = units[a->place.unit].record;
    if (!rec || a->call >= rec->n_calls || b->call >= rec->n_calls) return false;
    if (a->home && b->home) return a->home == b->home;
    return rec->calls[a->call].func == rec->calls[b->call].func;
}

static bool any_solution(matcher *m, uint32_t first, uint32_t n)
{
    bool had = m->exists, found = false;
    m->exists = true;
    for (uint32_t c = 0; c < n && !found; c++) found = solve(m, first + c, 0);
    m->exists = had;
    return found;
}

/* --- solutions --------------------------------------------------------------------------------------- */
/* A behaviour needs all its parts: it runs when the last of them does, and is as sure as the least. */
static solution weigh(matcher *m)
{
    solution s = {.at = m->at, .trigger = TW_TRIGGER_INSTALL, .confidence = TW_CONF_LITERAL};
    bool any = false;
    for (uint32_t v = 0; v < m->rule->n_vars; v++) {
        uint32_t x = m->at.at[v];
        if (x == TW_NONE) continue;
        bool use = m->rule->var_kind[v] == TW_VAR_USE;
        uint8_t t = use ? use_of(m, x)->trigger : layer_trigger(m, x);
        if (t > s.trigger) s.trigger = t;
        uint8_t sure = use ? use_of(m, x)->confidence : (uint8_t)TW_CONF_LITERAL;
        if (m->several >> v & 1 && sure < TW_CONF_FOLDED) sure = TW_CONF_FOLDED;
        if (sure < s.confidence) s.confidence = sure;
        any = true;
    }
    for (uint32_t i = 0; i < m->n_flows; i++) {
        const tw_flow *f = &m->j->flows.v[m->flows[i]];
        if (f->confidence == TW_CONF_GUESSED)
            s.confidence = TW_CONF_GUESSED; /* else: followed, not guessed */
        if (s.n_flows < TW_COUNT(s.flows)) s.flows[s.n_flows++] = m->flows[i];
    }
    if (!any) s.trigger = TW_TRIGGER_CALL;
    s.level = (uint8_t)m->rule->ceiling;
    if (m->rule->n_raise && any_solution(m, m->rule->raise, m->rule->n_raise)) {
        s.level = (uint8_t)m->rule->raise_to, s.weakest = (uint8_t)m->rule->raise_trigger;
        s.unsure = m->rule->raise_confidence <= TW_CONF_FLOW;
    }
    return s;
}

static int better(const solution *a, const solution *b)
{
    if (a->level != b->level) return a->level > b->level ? 1 : -1;
    if (a->trigger != b->trigger) return a->trigger < b->trigger ? 1 : -1;
    return (a->confidence > b->confidence) - (a->confidence < b->confidence);
}

static uint32_t acting_use(const matcher *m)
{
    for (uint32_t v = m->rule->n_vars; v-- > 0;)
        if (m->rule->var_kind[v] == TW_VAR_USE && m->at.at[v] != TW_NONE) return m->at.at[v];
    return TW_NONE;
}

static void keep(matcher *m)
{
    uint32_t use = acting_use(m);
    if (use == TW_NONE)
        m->n_matches++;
    else if (!m->seen[use])
        m->seen[use] = 1, m->n_matches++;
    else if (m->n_best == TW_COUNT(m->best))
        return;
    solution s = weigh(m);
    uint32_t at = m->n_best;
    while (at > 0 && better(&s, &m->best[at - 1]) > 0) at--;
    if (at == TW_COUNT(m->best)) return;
    if (m->n_best < TW_COUNT(m->best)) m->n_best++;
    memmove(&m->best[at + 1], &m->best[at], (m->n_best - at - 1) * sizeof m->best[0]);
    m->best[at] = s;
}

static bool solve(matcher *m, uint32_t conj, uint32_t i)
{
    const tw_conj *c = &m->r->conjs.v[conj];
    if (i == c->n) {
        if (!m->exists) keep(m);
        return m->exists;
    }
    const tw_atom *at = &m->r->atoms.v[c->first + i];
    bool ok = false;
    switch ((tw_atom_op)at->op) {
    case TW_ATOM_CAP: return bind_cap(m, at, conj, i);
    case TW_ATOM_FLOW: return bind_flow(m, at, conj, i);
    case TW_ATOM_LAYER: return bind_layer(m, at, conj, i);
    case TW_ATOM_DISTINCT: return bind_distinct(m, at, conj, i);
    case TW_ATOM_FINDING: ok = test_finding(m, at); break;
    case TW_ATOM_TRIGGER: ok = test_trigger(m, at); break;
    case TW_ATOM_VALUE: ok = test_value(m, at); break;
    case TW_ATOM_SAME: ok = test_same(m, at); break;
    case TW_ATOM_NOT: ok = !any_solution(m, at->sub, at->n_sub) && m->steps < STEPS; break;
    case TW_ATOM_MAX: break;
    }
    return ok && solve(m, conj, i + 1);
}

/* --- results ------------------------------------------------------------------------------------------ */
static void add_evidence(tw_behaviour *b, uint32_t use)
{
    for (uint32_t i = 0; i < b->n_evidence; i++)
        if (b->evidence[i] == use) return;
    if (b->n_evidence < TW_COUNT(b->evidence)) b->evidence[b->n_evidence++] = use;
}

static void add_flow(tw_behaviour *b, uint32_t flow)
{
    for (uint32_t i = 0; i < b->n_flows; i++)
        if (b->flows[i] == flow) return;
    if (b->n_flows < TW_COUNT(b->flows)) b->flows[b->n_flows++] = flow;
}

static void add_layer(tw_behaviour *b, uint32_t unit)
{
    for (uint32_t i = 0; i < b->n_layers; i++)
        if (b->layers[i] == unit) return;
    if (b->n_layers < TW_COUNT(b->layers)) b->layers[b->n_layers++] = unit;
}

/* What the gravest signal says that the rule asks for; of equals the one noted last, which weighs the others. */
static tw_str signal_of(const matcher *m)
{
    const tw_finding *best = NULL;
    for (uint32_t c = 0; m->f && c < m->rule->n_when; c++) {
        const tw_conj *conj = &m->r->conjs.v[m->rule->when + c];
        for (uint32_t i = 0; i < conj->n; i++) {
            const tw_atom *at = &m->r->atoms.v[conj->first + i];
            for (uint32_t k = 0; at->op == TW_ATOM_FINDING && k < m->f->list.n; k++) {
                const tw_finding *f = &m->f->list.v[k];
                const tw_finding_info *info = tw_finding_info_of(f->id);
                bool asked = tw_finding_is_signal(f->id) && text_matches(m, at, tw_str_c(info->name));
                if (asked && (!best || info->severity >= tw_finding_info_of(best->id)->severity)) best = f;
            }
        }
    }
    return best ? best->detail : TW_S("");
}

static tw_behaviour behaviour_of(const matcher *m)
{
    const tw_rules *r = m->r;
    const tw_rule *rule = m->rule;
    const solution *top = &m->best[0];
    tw_behaviour b = {.id = r->strings.v[rule->id],
                      .check = r->strings.v[rule->check],
                      .kind = r->strings.v[rule->kind],
                      .n_attack = (uint8_t)rule->n_attack,
                      .ceiling = top->level,
                      .confidence = top->confidence,
                      .trigger = top->trigger,
                      .precision = tw_rule_precision(rule->measured),
                      .weakest = top->weakest,
                      .unsure = top->unsure,
                      .n_matches = m->n_matches};
    b.level = (uint8_t)tw_policy_level(&r->policy, &b, rule->measured[TW_MEASURED_BENIGN]);
    for (uint32_t i = 0; i < rule->n_attack; i++) b.attack[i] = r->strings.v[rule->attack[i]];
    b.says = tw_says_fill(r, rule, &top->at, top->trigger, signal_of(m), m->j, m->a);
    for (uint32_t s = 0; s < m->n_best; s++) {
        for (uint32_t v = 0; v < rule->n_vars; v++) {
            uint32_t x = m->best[s].at.at[v];
            if (x == TW_NONE) continue;
            if (rule->var_kind[v] == TW_VAR_USE)
                add_evidence(&b, x);
            else
                add_layer(&b, x);
        }
        for (uint32_t i = 0; i < m->best[s].n_flows; i++) add_flow(&b, m->best[s].flows[i]);
    }
    for (uint32_t i = 0; i < b.n_evidence && !b.reason.n; i++)
        if (use_of(m, b.evidence[i])->trigger == b.trigger) b.reason = use_of(m, b.evidence[i])->reason;
    return b;
}

static void index_uses(matcher *m)
{
    uint32_t n = m->j->uses.n, caps = tw_cap_count();
    m->cap_first = TW_NEWN(m->a, uint32_t, (size_t)caps + 2);
    m->by_cap = TW_NEWN(m->a, uint32_t, (size_t)n + 1);
    m->seen = TW_NEWN(m->a, uint8_t, (size_t)n + 1);
    for (uint32_t i = 0; i < n; i++)
        if (use_of(m, i)->cap < caps) m->cap_first[use_of(m, i)->cap + 1]++;
    for (uint32_t c = 0; c <= caps; c++) m->cap_first[c + 1] += m->cap_first[c];
    uint32_t *next = TW_NEWN(m->a, uint32_t, (size_t)caps + 2);
    memcpy(next, m->cap_first, ((size_t)caps + 2) * sizeof *next);
    for (uint32_t i = 0; i < n; i++)
        if (use_of(m, i)->cap < caps) m->by_cap[next[use_of(m, i)->cap]++] = i;
}

/* Strongest first; ties by id, so that the order of files means nothing. */
static int before(const tw_behaviour *a, const tw_behaviour *b)
{
    if (a->ceiling != b->ceiling) return a->ceiling > b->ceiling ? -1 : 1;
    if (a->trigger != b->trigger) return a->trigger < b->trigger ? -1 : 1;
    if (a->confidence != b->confidence) return a->confidence > b->confidence ? -1 : 1;
    return tw_str_cmp(a->id, b->id);
}

static void insert(tw_arena *a, tw_behaviours *list, tw_behaviour b)
{
    TW_PUSH(a, *list, b);
    uint32_t at = list->n - 1;
    for (; at > 0 && before(&b, &list->v[at - 1]) < 0; at--) list->v[at] = list->v[at - 1];
    list->v[at] = b;
}

void tw_rules_match(const tw_rules *r, tw_arena *a, const tw_join *j, const tw_findings *f,
                    tw_behaviours *ret)
{
    matcher m = {.r = r, .a = a, .j = j, .f = f};
    index_uses(&m);
    for (uint32_t k = 0; k < r->rules.n; k++) {
        m.rule = &r->rules.v[k];
        m.steps = 0;
        m.n_best = m.n_matches = m.n_flows = 0;
        memset(m.seen, 0, j->uses.n);
        memset(&m.at, 0xff, sizeof m.at);
        for (uint32_t c = 0; c < m.rule->n_when; c++) solve(&m, m.rule->when + c, 0);
        if (m.steps >= STEPS && j->coverage) tw_coverage_limit(j->coverage, TW_LIMIT_flow_steps);
        if (m.n_best) insert(a, ret, behaviour_of(&m));
    }
}
