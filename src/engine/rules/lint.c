/* SPDX-License-Identifier: Apache-2.0 */
/* What is odd about rules that compile. The main question is whether another rule already says it: A subsumes B when each
 * way in which B can match is one in which A matches, at least as high. Decided on the atoms, so "no" may mean "not
 * seen to". */
#include "engine/rules/priv.h"

typedef struct cover { /* one conjunction of A laid over one of B */
    const tw_rules *r;
    const tw_atom *a, *b;
    uint32_t n_a, n_b;
    uint32_t at[TW_RULE_VARS]; /* variable of A -> of B; TW_NO_VAR: free */
    uint32_t steps;
} cover;

enum { COVER_STEPS = 20000 };

static bool caps_within(const cover *c, uint32_t inner, uint32_t outer)
{
    const tw_capset *in = &c->r->capsets.v[inner], *out = &c->r->capsets.v[outer];
    for (int i = 0; i < TW_CAPSET_WORDS; i++)
        if (in->bits[i] & ~out->bits[i]) return false;
    return true;
}

static bool texts_within(const cover *c, const tw_atom *in, const tw_atom *out)
{
    for (uint32_t i = 0; i < in->n_texts; i++) {
        bool found = false;
        for (uint32_t k = 0; k < out->n_texts && !found; k++)
            found = c->r->lists.v[in->texts + i] == c->r->lists.v[out->texts + k];
        if (!found) return false;
    }
    return true;
}

/* 0 stands for "any". */
static bool mask_within(uint32_t in, uint32_t out)
{
    return !out || (in && !(in & ~out));
}

static bool same_var(const cover *c, uint32_t of_a, uint32_t of_b)
{
    return of_a == TW_NO_VAR || (of_b != TW_NO_VAR && c->at[of_a] == of_b);
}

/* What does not depend on which variables are meant: does b hold only where a holds? */
static bool filters_hold(const cover *c, const tw_atom *a, const tw_atom *b)
{
    return mask_within(b->triggers, a->triggers) && mask_within(b->roles, a->roles) &&
           b->confidence >= a->confidence && same_var(c, a->in, b->in) && same_var(c, a->call, b->call);
}

static bool implied(const cover *c, const tw_atom *a, const tw_atom *b)
{
    if (a->op != b->op || !filters_hold(c, a, b)) return false;
    switch ((tw_atom_op)a->op) {
    case TW_ATOM_CAP: return caps_within(c, b->caps, a->caps);
    case TW_ATOM_FLOW:
        return caps_within(c, b->caps, a->caps) && caps_within(c, b->caps2, a->caps2) && b->scope <= a->scope;
    case TW_ATOM_LAYER: return !(a->asks & ~b->asks) && b->number >= a->number;
    case TW_ATOM_DISTINCT:
        return caps_within(c, b->caps, a->caps) && b->number >= a->number && b->scope <= a->scope;
    case TW_ATOM_FINDING: return b->number >= a->number && texts_within(c, b, a);
    case TW_ATOM_TRIGGER: return texts_within(c, b, a) && (b->n_texts || !a->n_texts);
    case TW_ATOM_VALUE:
        return a->role == b->role && a->number == b->number && texts_within(c, b, a) &&
               !(b->classes & ~a->classes) && (b->n_texts || b->classes);
    case TW_ATOM_SAME: return b->scope <= a->scope;
    case TW_ATOM_NOT:
    case TW_ATOM_MAX: break;
    }
    return false;
}

static bool cover_from(cover *c, uint32_t i);

static bool agree(cover *c, uint32_t of_a, uint32_t of_b)
{
    if (of_a == TW_NO_VAR) return true;
    if (of_b == TW_NO_VAR || (c->at[of_a] != TW_NO_VAR && c->at[of_a] != of_b)) return false;
    c->at[of_a] = of_b;
    return true;
}

/* Takes the variables of atom i of A for these of B; undone where the rest does not follow. */
static bool lay(cover *c, uint32_t i, uint32_t var, uint32_t var2, const tw_atom *b)
{
    uint32_t had[TW_RULE_VARS];
    memcpy(had, c->at, sizeof had);
    bool done = agree(c, c->a[i].var, var) && agree(c, c->a[i].var2, var2) &&
                (!b || implied(c, &c->a[i], b)) && cover_from(c, i + 1);
    if (!done) memcpy(c->at, had, sizeof had);
    return done;
}

/* A flow of B is a sighting of each of its ends. */
static bool end_of_flow(cover *c, uint32_t i, const tw_atom *b)
{
    const tw_atom *a = &c->a[i];
    if (a->op != TW_ATOM_CAP || b->op != TW_ATOM_FLOW || !filters_hold(c, a, b)) return false;
    return (caps_within(c, b->caps, a->caps) && lay(c, i, b->var, TW_NO_VAR, NULL)) ||
           (caps_within(c, b->caps2, a->caps) && lay(c, i, b->var2, TW_NO_VAR, NULL));
}

/* Recursion follows the atoms of one conjunction: at most TW_RULE_ATOMS deep. */
static bool cover_from(cover *c, uint32_t i)
{
    if (i == c->n_a) return true;
    for (uint32_t k = 0; k < c->n_b && c->steps < COVER_STEPS; k++) {
        c->steps++;
        if (lay(c, i, c->b[k].var, c->b[k].var2, &c->b[k]) || end_of_flow(c, i, &c->b[k])) return true;
    }
    return false;
}

static bool conj_covers(const tw_rules *r, uint32_t a, uint32_t b)
{
    const tw_conj *ca = &r->conjs.v[a], *cb = &r->conjs.v[b];
    cover c = {.r = r, .a = r->atoms.v + ca->first, .n_a = ca->n, .b = r->atoms.v + cb->first, .n_b = cb->n};
    for (int v = 0; v < TW_RULE_VARS; v++) c.at[v] = TW_NO_VAR;
    return cover_from(&c, 0);
}

static bool subsumes(const tw_rules *r, const tw_rule *a, const tw_rule *b)
{
    uint32_t top = b->n_raise ? b->raise_to : b->ceiling;
    if (a->ceiling < top || a->kind != b->kind) return false;
    for (uint32_t i = 0; i < b->n_when; i++) {
        bool covered = false;
        for (uint32_t k = 0; k < a->n_when && !covered; k++)
            covered = conj_covers(r, a->when + k, b->when + i);
        if (!covered) return false;
    }
    return b->n_when > 0;
}

static void say(tw_arena *a, tw_rule_lints *ret, uint32_t rule, const char *code, const char *text,
                tw_str more)
{
    tw_buf b = TW_BUF_INIT;
    tw_buf_fmt(&b, text, TW_FMT(more));
    TW_PUSH(a, *ret, ((tw_rule_lint){rule, code, tw_arena_str(a, tw_buf_str(&b))}));
    tw_buf_free(&b);
}

static void lint_one(const tw_rules *r, uint32_t i, tw_arena *a, tw_rule_lints *ret)
{
    tw_rule_view v = tw_rules_view(r, i);
    tw_str none = TW_S("");
    for (uint32_t k = 0; k < r->rules.n; k++)
        if (k != i && subsumes(r, &r->rules.v[k], &r->rules.v[i]) &&
            (k < i || !subsumes(r, &r->rules.v[i], &r->rules.v[k])))
            say(a, ret, i, "subsumed", "\"%.*s\" matches wherever this one does, at least as high: drop one",
                r->strings.v[r->rules.v[k].id]);
    if (!v.n_cites && !v.measured[TW_MEASURED_SOLE])
        say(a, ret, i, "no-reason",
            "cites no published incident, and no campaign is known that it alone catches%.*s", none);
    if (v.top == TW_LEVEL_MALICIOUS && v.measured[TW_MEASURED_BENIGN])
        say(a, ret, i, "benign-hit",
            "may say malicious, but took a harmless package to suspicious when it was measured%.*s", none);
    if (!v.n_attack && tw_str_eq(v.kind, TW_S("malware")))
        say(a, ret, i, "no-attack", "names no ATT&CK technique%.*s", none);
    if (tw_str_find(v.says, TW_S("{trigger}")) == TW_NPOS && tw_str_find(v.says, TW_S("{")) == TW_NPOS)
        say(a, ret, i, "fixed-sentence", "\"says\" fills in nothing: say when it acts, and on what%.*s",
            none);
    if (!tw_str_ends(v.check, TW_S("?")) && !tw_str_ends(v.check, TW_S(".")))
        say(a, ret, i, "no-question", "\"check\" should tell a human what to look at, as a sentence%.*s",
            none);
}

void tw_rules_lint(const tw_rules *r, tw_arena *a, tw_rule_lints *ret)
{
    for (uint32_t i = 0; i < r->rules.n; i++) lint_one(r, i, a, ret);
}
