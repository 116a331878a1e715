/* SPDX-License-Identifier: Apache-2.0 */
/* What one file's code does together: files of the user walked, encrypted, written and deleted (ransomware); the clipboard
 * read and written beside a pattern of wallet addresses (a clipper). */
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

static bool knows_wallets(const tw_record *r)
{
    static const tw_str marks[] = {TW_SI("0x[a-fA-F0-9]{40}"), TW_SI("0x[A-Fa-f0-9]{40}"),
                                   TW_SI("0x[0-9a-fA-F]{40}"), TW_SI("[a-km-zA-HJ-NP-Z1-9]"),
                                   TW_SI("[a-zA-HJ-NP-Z0-9]"), TW_SI("bc1[a-z"),
                                   TW_SI("T[A-Za-z1-9]{33}")};
    for (uint32_t i = 0; i < r->n_strings; i++)
        for (size_t k = 0; k < TW_COUNT(marks) && r->strings[i].n < 512; k++)
            if (tw_str_find(r->strings[i], marks[k]) != TW_NPOS) return true;
    return false;
}

static void derive_clipper(jn *j, uint32_t unit)
{
    static const tw_str writes[] = {
        TW_SI(".copy"),          TW_SI(".SetClipboardText"), TW_SI(".SetClipboardData"),
        TW_SI(".set_clipboard"), TW_SI(".clipboard_append"), TW_SI(".setText")};
    const tw_record *r = j->units[unit].r;
    uint32_t write = TW_NONE;
    bool reads = false;
    if (tw_lang_family((tw_lang)r->lang) != TW_LANG_PYTHON) return;
    for (uint32_t i = 0; i < r->n_calls; i++) {
        tw_str symbol = tw_rec_str(r, r->calls[i].symbol);
        const jn_api *api = jn_apis(j, unit, r->calls[i].symbol);
        bool clipboard = false, writer = false;
        for (uint32_t k = 0; k < api->n; k++) clipboard |= api->rows[k].cap == TW_CAP_COLLECT_CLIPBOARD;
        for (size_t k = 0; k < TW_COUNT(writes); k++) writer |= tw_str_ends(symbol, writes[k]);
        if (clipboard && writer && write == TW_NONE) write = i;
        reads |= clipboard && !writer;
    }
    if (write == TW_NONE || !reads || !knows_wallets(r)) return;
    const tw_rec_call *c = &r->calls[write];
    jn_site at = {unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
    jn_use_add(j, &at, TW_CAP_IMPACT_SWAP, TW_CONF_FLOW, NULL, tw_rec_str(r, c->symbol));
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
        derive_clipper(j, unit);
        for (uint32_t i = 0; does[unit] == ALL && i < r->n_calls; i++) {
            const tw_rec_call *c = &r->calls[i];
            if (!encrypts(tw_rec_str(r, c->symbol))) continue;
            jn_site at = {unit, jn_node_of_call(j, unit, c), c, c->off, c->len};
            jn_use_add(j, &at, TW_CAP_IMPACT_RANSOM, TW_CONF_FLOW, NULL, tw_rec_str(r, c->symbol));
        }
    }
}
