/* SPDX-License-Identifier: Apache-2.0 */
/* PE, 32 and 64 bits: Windows' programs and libraries. */
#include "engine/languages/native/native.h"

enum {
    SECTIONS_MAX = 256,
    DESCRIPTORS_MAX = 1024,
    DIR_EXPORT = 0,
    DIR_IMPORT = 1,
    DIR_SECURITY = 4,
    DIR_DELAY = 13,
    DIR_MANAGED = 14,
    DIRS = 16,
    SCN_EXEC = 0x20000000,
    SCN_CODE = 0x20,
    DLL = 0x2000,
};
#define SCN_WRITE 0x80000000u

typedef struct pe {
    nat *n;
    uint64_t base, headers;
    struct {
        uint32_t rva, size;
    } dirs[DIRS];
} pe;

static tw_cur at(const nat *n, uint64_t off)
{
    tw_cur c = tw_cur_of(n->bytes);
    tw_cur_seek(&c, off);
    return c;
}

static tw_cur at_rva(const pe *p, uint64_t rva)
{
    uint64_t off;
    tw_cur c = tw_cur_of(p->n->bytes);
    if (!nat_offset(p->n, p->base + rva, &off))
        c.bad = true;
    else
        tw_cur_seek(&c, off);
    return c;
}

static tw_str text_at(const pe *p, uint64_t rva)
{
    uint64_t off;
    return nat_offset(p->n, p->base + rva, &off) ? nat_text(p->n->bytes, off) : TW_S("");
}

static const char *machine(uint16_t m)
{
    switch (m) {
    case 0x14c: return "x86";
    case 0x8664: return "x86-64";
    case 0x1c0:
    case 0x1c4: return "arm";
    case 0xaa64: return "arm64";
    default: return "unknown";
    }
}

static void sections(pe *p, uint64_t off, uint32_t count)
{
    nat *n = p->n;
    tw_cur c = at(n, off);
    if (count > SECTIONS_MAX) nat_full(n, 1, 0, "sections");
    for (uint32_t i = 0; i < count && i < SECTIONS_MAX; i++) {
        tw_str name = tw_cur_take(&c, 8);
        uint32_t span = tw_cur_u32le(&c), rva = tw_cur_u32le(&c), size = tw_cur_u32le(&c),
                 raw = tw_cur_u32le(&c);
        tw_cur_skip(&c, 12);
        uint32_t flags = tw_cur_u32le(&c);
        if (c.bad) {
            nat_broken(n, "section headers lie outside the file");
            return;
        }
        name = tw_str_sub(name, 0, tw_str_chr(name, 0));
        uint8_t f = (uint8_t)((flags & (SCN_EXEC | SCN_CODE) ? NAT_EXEC : 0) |
                              (flags & SCN_WRITE ? NAT_WRITE : 0) | (size ? 0 : NAT_EMPTY));
        nat_section s = {name, p->base + rva, span, size ? raw & ~0x1FFu : 0, size, 0, f};
        nat_section_add(n, s);
        if (size) nat_image_add(n, s);
        uint64_t end = nat_min((uint64_t)raw + size, n->bytes.n);
        if (size && end > n->end) n->end = end;
    }
}

static bool headers(pe *p)
{
    nat *n = p->n;
    tw_cur c = at(n, 60);
    uint32_t start = tw_cur_u32le(&c);
    c = at(n, start);
    if (tw_cur_u32le(&c) != 0x4550) {
        nat_broken(n, "no PE header where the old header points");
        return false;
    }
    n->arch = machine(tw_cur_u16le(&c));
    uint16_t count = tw_cur_u16le(&c);
    tw_cur_skip(&c, 12);
    uint16_t size = tw_cur_u16le(&c), flags = tw_cur_u16le(&c);
    n->kind = flags & DLL ? NAT_LIBRARY : NAT_PROGRAM;
    uint64_t optional = c.off;
    uint16_t magic = tw_cur_u16le(&c);
    bool wide = magic == 0x20b;
    n->bits = wide ? 64 : 32;
    tw_cur_seek(&c, optional + (wide ? 24 : 28));
    p->base = wide ? tw_cur_u64le(&c) : tw_cur_u32le(&c);
    tw_cur_seek(&c, optional + 60);
    p->headers = tw_cur_u32le(&c);
    tw_cur_seek(&c, optional + (wide ? 108 : 92));
    uint32_t dirs = tw_cur_u32le(&c);
    for (uint32_t i = 0; i < dirs && i < DIRS; i++) {
        p->dirs[i].rva = tw_cur_u32le(&c);
        p->dirs[i].size = tw_cur_u32le(&c);
    }
    if (c.bad || (magic != 0x20b && magic != 0x10b)) nat_broken(n, "the optional header is cut short");
    n->end = nat_min(optional + size + 40ull * count, n->bytes.n);
    sections(p, optional + size, count);
    nat_image_add(
        n, (nat_section){TW_S("headers"), p->base, p->headers, 0, nat_min(p->headers, n->bytes.n), 0, 0});
    return true;
}

/* Functions of one library, by name or by number. */
static void thunks(pe *p, tw_str library, uint64_t rva)
{
    nat *n = p->n;
    tw_cur c = at_rva(p, rva);
    unsigned size = n->bits / 8;
    for (uint32_t i = 0; i <= NAT_IMPORTS; i++) {
        uint64_t v = tw_cur_le_(&c, size);
        if (c.bad) nat_broken(n, "imports lie outside the file");
        if (!v || c.bad) return;
        if (!nat_spend(n, 64)) return;
        if (v >> (n->bits - 1)) {
            nat_import_add(n, library, tw_arena_fmt(n->a, "#%u", (unsigned)(v & 0xFFFF)), c.off - size);
            continue;
        }
        tw_str name = text_at(p, (v & 0x7FFFFFFF) + 2);
        if (!name.n) nat_broken(n, "an import has no name");
        nat_import_add(n, library, name, nat_at(n, name));
    }
}

static void imports(pe *p, bool delayed)
{
    uint32_t dir = delayed ? DIR_DELAY : DIR_IMPORT;
    if (!p->dirs[dir].rva) return;
    tw_cur c = at_rva(p, p->dirs[dir].rva);
    for (uint32_t i = 0; i < DESCRIPTORS_MAX; i++) {
        uint64_t names, library, bound, flags = 0;
        if (delayed) {
            flags = tw_cur_u32le(&c), library = tw_cur_u32le(&c);
            tw_cur_skip(&c, 4);
            bound = tw_cur_u32le(&c), names = tw_cur_u32le(&c);
            tw_cur_skip(&c, 12);
        } else {
            names = tw_cur_u32le(&c);
            tw_cur_skip(&c, 8);
            library = tw_cur_u32le(&c), bound = tw_cur_u32le(&c);
        }
        if (c.bad) nat_broken(p->n, "imports lie outside the file");
        if (c.bad || !library) return;
        if (delayed && !(flags & 1))
            library -= p->base, names -= p->base, bound -= p->base; /* old: addresses */
        tw_str name = text_at(p, library);
        nat_library(p->n, name);
        thunks(p, name, names ? names : bound);
    }
    nat_full(p->n, 1, 0, "libraries");
}

static void exports(pe *p)
{
    nat *n = p->n;
    if (!p->dirs[DIR_EXPORT].rva) return;
    tw_cur c = at_rva(p, p->dirs[DIR_EXPORT].rva);
    tw_cur_skip(&c, 12);
    n->name = text_at(p, tw_cur_u32le(&c));
    tw_cur_skip(&c, 8);
    uint32_t count = tw_cur_u32le(&c);
    tw_cur_skip(&c, 4);
    c = at_rva(p, tw_cur_u32le(&c));
    for (uint32_t i = 0; i < count && i <= NAT_EXPORTS; i++) {
        uint32_t rva = tw_cur_u32le(&c);
        if (c.bad) {
            nat_broken(n, "exports lie outside the file");
            return;
        }
        nat_export_add(n, text_at(p, rva));
    }
}

void nat_pe(nat *n)
{
    pe p = {.n = n};
    if (!headers(&p)) return;
    n->managed = p.dirs[DIR_MANAGED].rva && p.dirs[DIR_MANAGED].size;
    if (p.dirs[DIR_SECURITY].rva && p.dirs[DIR_SECURITY].size) { /* an offset in the file, not an address */
        n->signature_off = p.dirs[DIR_SECURITY].rva;
        n->signature_size = p.dirs[DIR_SECURITY].size;
        n->is_signed = n->signature_off < n->bytes.n && n->signature_size <= n->bytes.n - n->signature_off;
        if (!n->is_signed) nat_broken(n, "the signature lies outside the file");
    }
    imports(&p, false);
    imports(&p, true);
    exports(&p);
}
