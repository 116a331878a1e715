/* SPDX-License-Identifier: Apache-2.0 */
/* RECORD: every file of a wheel with its SHA-256, as the installer checks it (or should). */
#include "base/map.h"
#include "ecosystems/pypi/pypi.h"

static int b64_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '-' || c == '+' ? 62 : c == '_' || c == '/' ? 63 : -1;
}

/* "sha256=<43 urlsafe base64 digits>" -> digest. */
static bool parse_hash(tw_str s, tw_digest *ret)
{
    if (!tw_str_starts(s, TW_S("sha256="))) return false;
    s = tw_str_sub(s, 7, s.n);
    while (s.n && s.p[s.n - 1] == '=') s.n--;
    if (s.n != 43) return false;
    uint32_t bits = 0, n_bits = 0, n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int v = b64_value(s.p[i]);
        if (v < 0) return false;
        bits = bits << 6 | (uint32_t)v;
        n_bits += 6;
        if (n_bits >= 8 && n < 32) ret->b[n++] = (uint8_t)(bits >> (n_bits -= 8));
    }
    return n == 32;
}

/* Files an installer accepts without a line or hash of their own. */
static bool exempt(tw_str path, tw_str record_path)
{
    tw_str dir = tw_str_sub(record_path, 0, tw_str_rchr(record_path, '/') + 1);
    if (tw_str_eq(path, record_path)) return true;
    return tw_str_starts(path, dir) &&
           (tw_str_ends(path, TW_S("/RECORD.jws")) || tw_str_ends(path, TW_S("/RECORD.p7s")));
}

static void check_row(tw_package *p, const tw_map *by_path, bool *listed, tw_str path, tw_str hash,
                      tw_str record_path)
{
    const uint64_t *at = tw_map_get(by_path, path);
    if (!at) {
        /* an installed distribution also lists what the installer made elsewhere */
        if (strcmp(p->format, "directory") || !tw_str_starts(path, TW_S("../")))
            tw_finding_add(p->findings, TW_FIND_RECORD_GONE, TW_NO_MEMBER, UINT64_MAX, "%.*s", TW_FMT(path));
        return;
    }
    const tw_member *m = &p->members[*at];
    listed[*at] = true;
    tw_digest want;
    if (!hash.n) {
        if (!exempt(path, record_path) && !tw_str_ends(path, TW_S(".pyc")))
            tw_finding_add(p->findings, TW_FIND_RECORD_HASH, m->index, UINT64_MAX, "%.*s: no hash",
                           TW_FMT(path));
    } else if (!parse_hash(hash, &want)) {
        if (!tw_str_starts(hash, TW_S("sha384=")) && !tw_str_starts(hash, TW_S("sha512=")))
            tw_finding_add(p->findings, TW_FIND_RECORD_MALFORMED, m->index, UINT64_MAX, "hash of %.*s",
                           TW_FMT(path));
    } else if (!(m->flags & TW_MF_UNREAD) && !tw_digest_eq(&want, &m->sha256)) {
        tw_finding_add(p->findings, TW_FIND_RECORD_HASH, m->index, UINT64_MAX, "%.*s", TW_FMT(path));
    }
}

void tw_pypi_check_record(tw_package *p, tw_str record_path, tw_str record)
{
    tw_map by_path;
    tw_map_init(&by_path, p->arena);
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (m->depth == 0 && m->type == TW_MEMBER_FILE) *tw_map_put(&by_path, m->path, NULL) = i;
    }
    bool *listed = TW_NEWN(p->arena, bool, p->n_members + 1u);
    tw_str rest = record, field[3];
    for (int n; (n = tw_csv_next(p->arena, &rest, field, 3)) != -1;) {
        if (n < 3) {
            tw_finding_add(p->findings, TW_FIND_RECORD_MALFORMED, TW_NO_MEMBER,
                           (uint64_t)(rest.p ? rest.p - record.p : 0), "%d fields", n);
            continue;
        }
        check_row(p, &by_path, listed, field[0], field[1], record_path);
    }
    for (uint32_t i = 0; i < p->n_members; i++) {
        const tw_member *m = &p->members[i];
        if (m->depth == 0 && m->type == TW_MEMBER_FILE && !listed[i] && !exempt(m->path, record_path))
            tw_finding_add(p->findings, TW_FIND_RECORD_EXTRA, m->index, UINT64_MAX, "%.*s", TW_FMT(m->path));
    }
}
