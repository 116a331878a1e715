/* SPDX-License-Identifier: Apache-2.0 */
/* What Go and Rust leave of a build in its result: versions, modules, and for Go the packages that have code in it. */
#include "engine/languages/native/native.h"

enum {
    VERSION_MAX = 256,
    INFO_MAX = 1 << 20,  /* bytes of Go's list of modules */
    INLINE = 32,         /* where texts start, since Go 1.18 */
    NAMES_MAX = 1 << 20, /* functions of Go */
    FINDS = 64,          /* places that look like the table and are none */
};

static tw_str find(tw_str s, tw_str what, size_t *at)
{
    const char *p = *at < s.n ? memmem(s.p + *at, s.n - *at, what.p, what.n) : NULL;
    if (!p) return TW_S("");
    *at = (size_t)(p - s.p);
    return tw_str_sub(s, *at, s.n);
}

static uint64_t varint(tw_cur *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
        uint8_t b = tw_cur_u8(c);
        v |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) return v;
    }
    c->bad = true;
    return 0;
}

/* --- Go --- */

static void module_line(nat *n, tw_str line)
{
    tw_str word[4] = {{NULL, 0}};
    for (size_t i = 0; i < TW_COUNT(word) && tw_str_split(&line, '\t', &word[i]);) i++;
    if (tw_str_eq(word[0], TW_S("path"))) n->go_path = word[1];
    bool module =
        tw_str_eq(word[0], TW_S("mod")) || tw_str_eq(word[0], TW_S("dep")) || tw_str_eq(word[0], TW_S("=>"));
    if (!module || !word[1].n || nat_full(n, n->modules.n, NAT_PACKAGES, "modules")) return;
    TW_PUSH(n->a, n->modules, ((nat_package){word[1], word[2], nat_at(n, word[1])}));
}

static void modules(nat *n, tw_str info)
{
    enum { MARK = 16 }; /* bytes of a mark on either side */
    tw_str line;
    if (info.n < 2 * MARK || info.n > INFO_MAX) return;
    info = tw_str_sub(info, MARK, info.n - MARK);
    while (tw_str_split(&info, '\n', &line)) module_line(n, line);
}

/* A header of a Go string: where it is, and its length. */
static tw_str go_string(nat *n, uint64_t addr, unsigned size, bool big)
{
    uint64_t off;
    tw_cur c = tw_cur_of(n->bytes);
    if (!nat_offset(n, addr, &off)) return TW_S("");
    tw_cur_seek(&c, off);
    uint64_t text = big ? tw_cur_be_(&c, size) : tw_cur_le_(&c, size),
             length = big ? tw_cur_be_(&c, size) : tw_cur_le_(&c, size);
    if (c.bad || !nat_offset(n, text, &off)) return TW_S("");
    tw_cur_seek(&c, off);
    tw_str s = tw_cur_take(&c, length);
    return c.bad ? TW_S("") : s;
}

static bool build_info(nat *n)
{
    static const tw_str magic = TW_SI("\xff Go buildinf:");
    enum { INLINE_FLAG = 2, BIG = 1 };
    size_t at = 0;
    for (int i = 0; i < FINDS && find(n->bytes, magic, &at).n; i++, at++) {
        tw_cur c = tw_cur_of(n->bytes);
        tw_cur_seek(&c, at + magic.n);
        uint8_t size = tw_cur_u8(&c), flags = tw_cur_u8(&c);
        tw_str version, info;
        if (flags & INLINE_FLAG) {
            tw_cur_skip(&c, INLINE - magic.n - 2);
            version = tw_cur_take(&c, varint(&c));
            info = tw_cur_take(&c, varint(&c));
        } else {
            if (size != 4 && size != 8) continue;
            bool big = flags & BIG;
            uint64_t a = big ? tw_cur_be_(&c, size) : tw_cur_le_(&c, size),
                     b = big ? tw_cur_be_(&c, size) : tw_cur_le_(&c, size);
            version = go_string(n, a, size, big);
            info = go_string(n, b, size, big);
        }
        bool go = tw_str_starts(version, TW_S("go")) || tw_str_starts(version, TW_S("devel"));
        if (c.bad || !go || version.n > VERSION_MAX) continue;
        n->go_version = version;
        modules(n, info);
        return true;
    }
    return false;
}

/* "net/http.(*Client).Do" -> "net/http" */
static tw_str package_of(tw_str name)
{
    tw_str plain = tw_str_sub(name, 0, tw_str_chr(name, '['));
    size_t slash = tw_str_rchr(tw_str_sub(plain, 0, tw_str_chr(plain, '(')), '/');
    tw_str tail = tw_str_sub(plain, slash == TW_NPOS ? 0 : slash + 1, plain.n);
    size_t dot = tw_str_chr(tail, '.');
    return dot == TW_NPOS ? TW_S("") : tw_str_sub(plain, 0, (size_t)(tail.p - plain.p) + dot);
}

static bool is_package(tw_str s)
{
    if (!s.n || s.n > 256) return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || strchr(":{}()*;,", s.p[i])) return false;
    return !tw_str_eq(s, TW_S("go")) && !tw_str_eq(s, TW_S("type"));
}

static void packages(nat *n, tw_str names)
{
    tw_str last = TW_S("");
    for (size_t at = 0, i = 0; at < names.n && i < NAMES_MAX; i++) {
        const char *end = memchr(names.p + at, 0, names.n - at);
        tw_str name = tw_str_sub(names, at, end ? (size_t)(end - names.p) : names.n),
               package = package_of(name);
        at += name.n + 1;
        if (tw_str_eq(package, last) || !is_package(package)) continue;
        bool fresh;
        last = package;
        tw_map_put(&n->seen_packages, package, &fresh);
        if (fresh && !nat_full(n, n->packages.n, NAT_PACKAGES, "packages"))
            TW_PUSH(n->a, n->packages, ((nat_package){package, TW_S(""), nat_at(n, package)}));
    }
}

/* The table of functions: its header tells where their names stand. */
static bool function_names(nat *n, tw_str table)
{
    tw_cur c = tw_cur_of(table);
    uint32_t magic = tw_cur_u32le(&c);
    uint16_t zero = tw_cur_u16le(&c);
    uint8_t quantum = tw_cur_u8(&c), size = tw_cur_u8(&c);
    bool known = magic >= 0xfffffff0 && magic <= 0xfffffffa && !zero && (size == 4 || size == 8);
    if (!known || (quantum != 1 && quantum != 2 && quantum != 4) ||
        (magic > 0xfffffff1 && magic < 0xfffffffa))
        return false;
    tw_cur_skip(&c, 2ull * size);                   /* functions, files */
    if (magic != 0xfffffffa) tw_cur_skip(&c, size); /* where the text starts, since 1.18 */
    uint64_t from = tw_cur_le_(&c, size), to = tw_cur_le_(&c, size);
    if (c.bad || from >= to || to > table.n) return false;
    packages(n, tw_str_sub(table, (size_t)from, (size_t)to));
    return true;
}

static void go(nat *n)
{
    static const tw_str magics[] = {TW_SI("\xf1\xff\xff\xff\0\0"), TW_SI("\xf0\xff\xff\xff\0\0"),
                                    TW_SI("\xfa\xff\xff\xff\0\0")};
    bool found = build_info(n);
    for (uint32_t i = 0; i < n->sections.n && n->format != NAT_PE; i++) {
        const nat_section *s = &n->sections.v[i];
        bool table = tw_str_ends(s->name, TW_S("gopclntab"));
        if (table && function_names(n, tw_str_sub(n->bytes, (size_t)s->off, (size_t)(s->off + s->size))))
            return;
    }
    for (size_t m = 0; found && m < TW_COUNT(magics); m++) {
        size_t at = 0;
        for (int i = 0; i < FINDS; i++, at++) {
            tw_str table = find(n->bytes, magics[m], &at);
            if (!table.n) break;
            if (function_names(n, table)) return;
        }
    }
}

/* --- Rust --- */

static void rust(nat *n)
{
    size_t at = 0;
    tw_str s = find(n->bytes, TW_S("rustc version "), &at);
    if (s.n) {
        s = tw_str_sub(s, 14, 14 + 64);
        size_t end = 0;
        while (end < s.n && s.p[end] > ' ' && s.p[end] <= '~') end++;
        n->rust_version = tw_str_sub(s, 0, end);
        return;
    }
    at = 0;
    s = find(n->bytes, TW_S("/rustc/"), &at);
    size_t end = 7;
    while (end < s.n && end < 47 && strchr("0123456789abcdef", s.p[end]) && s.p[end]) end++;
    if (end == 47) n->rust_version = tw_str_sub(s, 7, 47); /* the commit of its library */
}

void nat_toolchain(nat *n)
{
    go(n);
    rust(n);
}
