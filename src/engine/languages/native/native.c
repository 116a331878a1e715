/* SPDX-License-Identifier: Apache-2.0 */
/* Which reader, and what the readers share. */
#include "engine/languages/native/native.h"

#include "engine/artifact/artifact.h"

enum { TEXT_MAX = NAT_NAME };

const char *nat_format_name(const nat *n)
{
    static const char *const names[] = {
#define X(id, name) name,
        NAT_FORMATS(X)
#undef X
    };
    return names[n->format < NAT_FORMAT_MAX ? n->format : NAT_NONE];
}

const char *nat_kind_name(const nat *n)
{
    static const char *const names[] = {"other", "program", "library", "object"};
    return names[n->kind < NAT_KIND_MAX ? n->kind : NAT_OTHER];
}

void nat_broken(nat *n, const char *what)
{
    if (!n->broken) n->broken = what;
}

bool nat_spend(nat *n, uint32_t steps)
{
    if (nat_full(n, n->steps, NAT_STEPS, "steps")) return false;
    n->steps += steps;
    return true;
}

bool nat_full(nat *n, uint32_t have, uint32_t most, const char *what)
{
    if (have < most) return false;
    if (!n->cut) n->cut = what;
    return true;
}

tw_str nat_text(tw_str s, uint64_t off)
{
    if (off >= s.n) return TW_S("");
    tw_str rest = tw_str_sub(s, (size_t)off, (size_t)nat_min(s.n, off + TEXT_MAX + 1));
    const char *end = memchr(rest.p, 0, rest.n);
    return end ? tw_str_of(rest.p, (size_t)(end - rest.p)) : TW_S("");
}

bool nat_offset(const nat *n, uint64_t addr, uint64_t *ret)
{
    for (uint32_t i = 0; i < n->images.n; i++) {
        const nat_section *s = &n->images.v[i];
        if (addr < s->addr || addr - s->addr >= s->size) continue;
        *ret = s->off + (addr - s->addr);
        return true;
    }
    return false;
}

void nat_library(nat *n, tw_str name)
{
    if (!name.n || nat_full(n, n->libraries.n, NAT_LIBRARIES, "libraries")) return;
    TW_PUSH(n->a, n->libraries, name);
}

/* "KERNEL32.dll" -> "kernel32"; the sets of Windows' interfaces stand for the libraries behind them. */
static tw_str stem(nat *n, tw_str library)
{
    static const struct {
        const char *prefix, *is;
    } sets[] = {{"api-ms-win-crt-", "ucrtbase"},
                {"api-ms-win-core-registry", "advapi32"},
                {"api-ms-win-core-", "kernel32"},
                {"api-ms-win-security-", "advapi32"},
                {"api-ms-win-service-", "advapi32"},
                {"kernelbase.", "kernel32"},
                {"msvcr", "msvcrt"},
                {"wsock32.", "ws2_32"}};
    char *p = tw_arena_raw(n->a, library.n + 1);
    for (size_t i = 0; i < library.n; i++) {
        char c = library.p[i];
        p[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    tw_str s = {p, library.n};
    for (size_t i = 0; i < TW_COUNT(sets); i++)
        if (tw_str_starts(s, tw_str_c(sets[i].prefix))) return tw_str_c(sets[i].is);
    static const tw_str tails[] = {TW_SI(".dll"), TW_SI(".exe"), TW_SI(".drv")};
    for (size_t i = 0; i < TW_COUNT(tails); i++)
        if (tw_str_ends(s, tails[i])) s.n -= tails[i].n;
    return s;
}

/* Where functions are bound by number. */
static tw_str by_number(tw_str library, tw_str name)
{
    static const struct {
        uint16_t number;
        const char *is;
    } sockets[] = {{1, "accept"},      {2, "bind"},           {4, "connect"},        {13, "listen"},
                   {16, "recv"},       {17, "recvfrom"},      {19, "send"},          {20, "sendto"},
                   {23, "socket"},     {51, "gethostbyaddr"}, {52, "gethostbyname"}, {57, "gethostname"},
                   {115, "WSAStartup"}};
    uint64_t number;
    if (!tw_str_eq(library, TW_S("ws2_32")) || !tw_str_u64(tw_str_sub(name, 1, name.n), &number)) return name;
    for (size_t i = 0; i < TW_COUNT(sockets); i++)
        if (sockets[i].number == number) return tw_str_c(sockets[i].is);
    return name;
}

/* CreateFileW and CreateFileA are CreateFile. */
static tw_str plain_name(tw_str name)
{
    char last = name.n > 3 ? name.p[name.n - 1] : 0, before = last ? name.p[name.n - 2] : 0;
    bool wide = (last == 'A' || last == 'W') &&
                ((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
    return wide ? tw_str_sub(name, 0, name.n - 1) : name;
}

static tw_str symbol_of(nat *n, tw_str library, tw_str name)
{
    if (n->format == NAT_MACHO) return tw_str_starts(name, TW_S("_")) ? tw_str_sub(name, 1, name.n) : name;
    if (n->format == NAT_ELF) return tw_str_sub(name, 0, tw_str_chr(name, '@'));
    tw_str base = n->format == NAT_PE ? stem(n, library) : library;
    if (n->format == NAT_PE) name = name.n && name.p[0] == '#' ? by_number(base, name) : plain_name(name);
    return tw_arena_fmt(n->a, "%.*s.%.*s", TW_FMT(base), TW_FMT(name));
}

void nat_import_add(nat *n, tw_str library, tw_str name, uint64_t off)
{
    if (!name.n || nat_full(n, n->imports.n, NAT_IMPORTS, "imports")) return;
    tw_mark mark = tw_arena_mark(n->a);
    tw_str symbol = symbol_of(n, library, name);
    if (tw_map_get(&n->symbols, symbol)) {
        tw_arena_reset(n->a, mark);
        return;
    }
    tw_map_put(&n->symbols, symbol, NULL);
    TW_PUSH(n->a, n->imports, ((nat_import){library, name, symbol, off}));
}

void nat_export_add(nat *n, tw_str name)
{
    if (!name.n || nat_full(n, n->exports.n, NAT_EXPORTS, "exports")) return;
    TW_PUSH(n->a, n->exports, name);
}

static nat_section within(nat *n, nat_section s)
{
    if (s.off > n->bytes.n || s.size > n->bytes.n - s.off) {
        nat_broken(n, "a section lies outside the file");
        s.off = nat_min(s.off, n->bytes.n);
        s.size = nat_min(s.size, n->bytes.n - s.off);
    }
    return s;
}

void nat_section_add(nat *n, nat_section s)
{
    if (!nat_full(n, n->sections.n, NAT_SECTIONS, "sections")) TW_PUSH(n->a, n->sections, within(n, s));
}

void nat_image_add(nat *n, nat_section s)
{
    if (!nat_full(n, n->images.n, NAT_SECTIONS, "segments")) TW_PUSH(n->a, n->images, within(n, s));
}

bool nat_read(tw_arena *a, tw_str bytes, nat *ret)
{
    static const struct {
        uint8_t kind, format;
        void (*read)(nat *n);
    } readers[] = {{TW_KIND_ELF, NAT_ELF, nat_elf},
                   {TW_KIND_PE, NAT_PE, nat_pe},
                   {TW_KIND_MACHO, NAT_MACHO, nat_macho},
                   {TW_KIND_WASM, NAT_WASM, nat_wasm}};
    tw_kind kind = tw_kind_of(bytes);
    *ret = (nat){.a = a, .bytes = bytes, .arch = "unknown"};
    tw_map_init(&ret->symbols, a);
    tw_map_init(&ret->seen_packages, a);
    tw_map_init(&ret->seen_modules, a);
    tw_map_init(&ret->seen_strings, a);
    for (size_t i = 0; i < TW_COUNT(readers); i++)
        if (readers[i].kind == kind) {
            ret->format = readers[i].format;
            readers[i].read(ret);
        }
    if (!ret->format) return false;
    nat_toolchain(ret);
    nat_strings(ret);
    nat_signs(ret);
    return true;
}
