/* SPDX-License-Identifier: Apache-2.0 */
/* Files of the user that are walked, encrypted, written and deleted by one file's code: what ransomware does. */
#include "engine/join/join_priv.h"

/* The user's folder, a disk, or the whole of it. */
static bool is_users(const tw_cap_use *u)
{
    static const tw_str starts[] = {TW_SI("~"), TW_SI("/home"), TW_SI("/Users"), TW_SI("%USERPROFILE%"),
                                    TW_SI("%HOME%")};
    for (uint32_t i = 0; i < u->n_values; i++) {
        tw_str text = u->values[i].text;
        if (tw_str_eq(text, TW_S("/")) || tw_str_ends(text, TW_S(":\\")) || tw_str_ends(text, TW_S(":/")))
            return true;
        for (size_t k = 0; k < TW_COUNT(starts); k++)
            if (tw_str_starts(text, starts[k])) return true;
    }
    return false;
}

static bool encrypts(tw_str symbol)
{
    static const tw_str ends[] = {TW_SI(".encrypt"), TW_SI("encryptor().update"), TW_SI(".encryptFile"),
                                  TW_SI(".encrypt_and_digest"), TW_SI("crypto.createCipheriv")};
    for (size_t i = 0; i < TW_COUNT(ends); i++)
        if (tw_str_ends(symbol, ends[i])) return true;
    return false;
}

void jn_derive_files(jn *j)
{
    enum { WALKS = 1, WRITES = 2, DELETES = 4, ALL = 7 };
    uint8_t *does = TW_NEWN(j->a, uint8_t, (size_t)j->n_units + 1);
    for (uint32_t i = 0; i < j->out->uses.n; i++) {
        const tw_cap_use *u = &j->out->uses.v[i];
        if (u->cap == TW_CAP_FS_WALK && is_users(u)) does[u->place.unit] |= WALKS;
        if (u->cap == TW_CAP_FS_WRITE) does[u->place.unit] |= WRITES;
        if (u->cap == TW_CAP_FS_DELETE || tw_str_ends(u->symbol, TW_S("rename")))
            does[u->place.unit] |= DELETES;
    }
    for (uint32_t unit = 0; unit < j->n_units; unit++) {
        const tw_record *r = j->units[unit].r;
        for (uint32_t i = 0; does[unit] == ALL && i < r->n_calls; i++) {
            const tw_rec_call *c = &r->calls[i];
            if (!encrypts(tw_rec_str(r, c->symbol))) continue;
            jn_site at = {unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
            jn_use_add(j, &at, TW_CAP_IMPACT_RANSOM, TW_CONF_FLOW, NULL, tw_rec_str(r, c->symbol));
        }
    }
}
