/* SPDX-License-Identifier: Apache-2.0 */
/* Paths as POSIX has them. */
#include "engine/record/evaluate_world.h"

enum { PATH_MAX_ = 4096 };

tw_str ev_path_join(ev *e, tw_str a, tw_str b)
{
    if (!a.n || (b.n && b.p[0] == '/')) return b;
    if (a.n + b.n > PATH_MAX_) return TW_S("");
    bool slash = a.p[a.n - 1] == '/';
    return tw_arena_fmt(e->tmp, "%.*s%s%.*s", TW_FMT(a), slash ? "" : "/", TW_FMT(b));
}

tw_str ev_path_dir(tw_str path)
{
    size_t slash = tw_str_rchr(path, '/');
    return tw_str_sub(path, 0, slash == TW_NPOS ? 0 : slash ? slash : 1);
}

tw_str ev_path_normal(ev *e, tw_str path)
{
    char *out = tw_arena_raw(e->tmp, path.n + 2);
    size_t n = 0, root = path.n && path.p[0] == '/';
    tw_str rest = path, part;
    if (root) out[n++] = '/';
    while (tw_str_split(&rest, '/', &part)) {
        if (!part.n || tw_str_eq(part, TW_S("."))) continue;
        size_t from = n;
        while (from > root && out[from - 1] != '/') from--;
        bool above = from < n && !(n - from == 2 && out[from] == '.' && out[from + 1] == '.');
        if (tw_str_eq(part, TW_S("..")) && (above || root)) {
            n = from > root ? from - 1 : root;
            continue;
        }
        if (n > root) out[n++] = '/';
        memcpy(out + n, part.p, part.n);
        n += part.n;
    }
    return n ? tw_str_of(out, n) : TW_S(".");
}

tw_str ev_path_own(ev *e)
{
    return tw_arena_fmt(e->tmp, TW_WORLD_ROOT "%.*s", TW_FMT(e->world->in->path));
}
