/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that callers hand in: parameters whose names say so. They are sources of flows only where the package talks to
 * somebody whom no library needs, so that the search costs nothing elsewhere. */
#include "engine/join/join_priv.h"

enum { GIVEN = 256, NAME_MAX_ = 40 };

static const struct {
    const char *glob, *label;
} names[] = {
    {"*private*key*", "a private key"},
    {"*privkey*", "a private key"},
    {"*secret*key*", "a secret key"},
    {"*access*key*", "an access key"},
    {"*api*secret*", "an API secret"},
    {"*mnemonic*", "seed words"},
    {"*seed*phrase*", "seed words"},
    {"*passphrase*", "a passphrase"},
    {"*password*", "a password"},
    {"passwd", "a password"},
    {"pwd", "a password"},
    {"*session*string*", "a session"},
    {"*card*number*", "a payment card"},
    {"cvv", "a payment card"},
    {"*client*secret*", "a client secret"},
    {"*secret", "a secret"},
};

static const char *label_of(tw_str name)
{
    char low[NAME_MAX_];
    if (name.n < 3 || name.n > sizeof low) return NULL;
    for (size_t i = 0; i < name.n; i++)
        low[i] = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
    for (size_t i = 0; i < TW_COUNT(names); i++)
        if (tw_str_glob(tw_str_c(names[i].glob), tw_str_of(low, name.n))) return names[i].label;
    return NULL;
}

static bool talks_to_a_stranger(const jn *j)
{
    for (uint32_t i = 0; i < j->out->uses.n; i++) switch (j->out->uses.v[i].cap) {
        case TW_CAP_NET_RARE_HOST:
        case TW_CAP_NET_IP_HOST:
        case TW_CAP_NET_TUNNEL:
        case TW_CAP_NET_WEBHOOK:
        case TW_CAP_HIDE_ADDRESS: return true;
        default: break;
        }
    return false;
}

static uint32_t given_to(jn *j, uint32_t unit, uint32_t left)
{
    const jn_unit *u = &j->units[unit];
    const tw_record *r = u->r;
    uint32_t n = 0;
    for (uint32_t v = 1; v < r->n_vals && n < left; v++) {
        const tw_val *val = &r->vals[v];
        if (val->kind != TW_VAL_PARAM || val->a >= r->n_funcs || val->b >= r->funcs[val->a].n_params)
            continue;
        const tw_rec_func *f = &r->funcs[val->a];
        const char *label = label_of(tw_rec_str(r, r->lists[f->params + val->b]));
        jn_site at = {unit, u->func0 + val->a, NULL, f->off, 0};
        uint32_t use =
            label ? jn_use_add(j, &at, TW_CAP_GIVEN_SECRET, TW_CONF_LITERAL, label, TW_S("")) : TW_NONE;
        if (use == TW_NONE) continue;
        j->out->uses.v[use].source = 1;
        j->side.v[use].node = u->val0 + v;
        n++;
    }
    return n;
}

void jn_given(jn *j)
{
    if (!talks_to_a_stranger(j)) return;
    uint32_t n = 0;
    for (uint32_t unit = 0; unit < j->n_units && n < GIVEN; unit++) n += given_to(j, unit, GIVEN - n);
}
