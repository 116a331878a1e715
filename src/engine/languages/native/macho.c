/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O, 32 and 64 bits, both byte orders, and fat files: the union of what their slices say. */
#include "engine/languages/native/native.h"

enum {
    LC_SEGMENT = 1,
    LC_SYMTAB = 2,
    LC_LOAD_DYLIB = 0xc,
    LC_ID_DYLIB = 0xd,
    LC_SEGMENT_64 = 0x19,
    LC_CODE_SIGNATURE = 0x1d,
    LC_LAZY_LOAD_DYLIB = 0x20,
    COMMANDS_MAX = 4096,
    SECTIONS_MAX = 1024,
    SYMBOLS_MAX = 1 << 20,
    N_STAB = 0xe0,
    N_TYPE = 0x0e,
    N_EXT = 1,
};
#define LC_LOAD_WEAK_DYLIB 0x80000018u
#define LC_REEXPORT_DYLIB 0x8000001fu
#define LC_RPATH 0x8000001cu

typedef struct macho {
    nat *n;
    tw_str s;      /* the slice */
    uint64_t base; /* where it starts in the file */
    uint32_t sym_off, sym_count, str_off, str_size, first_library;
} macho;

static uint64_t num(const macho *m, tw_cur *c, unsigned size)
{
    return m->n->big ? tw_cur_be_(c, size) : tw_cur_le_(c, size);
}

static const char *machine(uint32_t cpu)
{
    switch (cpu) {
    case 7: return "x86";
    case 0x01000007: return "x86-64";
    case 12: return "arm";
    case 0x0100000c: return "arm64";
    case 18: return "ppc";
    case 0x01000012: return "ppc64";
    default: return "unknown";
    }
}

static tw_str fixed_name(tw_cur *c)
{
    tw_str s = tw_cur_take(c, 16);
    return tw_str_sub(s, 0, tw_str_chr(s, 0));
}

static void end_at(macho *m, uint64_t off, uint64_t size)
{
    uint64_t end = off <= m->s.n ? m->base + off + nat_min(size, m->s.n - off) : 0;
    if (off > m->s.n || size > m->s.n - off) nat_broken(m->n, "a segment lies outside the file");
    if (end > m->n->end) m->n->end = end;
}

static void segment(macho *m, tw_cur c, bool wide)
{
    nat *n = m->n;
    unsigned w = wide ? 8 : 4;
    tw_str name = fixed_name(&c);
    uint64_t addr = num(m, &c, w), span = num(m, &c, w), off = num(m, &c, w), size = num(m, &c, w);
    tw_cur_skip(&c, 4);
    uint64_t rights = num(m, &c, 4), count = num(m, &c, 4);
    tw_cur_skip(&c, 4);
    uint8_t write = rights & 2 ? NAT_WRITE : 0;
    if (c.bad) nat_broken(n, "a load command is cut short");
    if (c.bad) return;
    nat_image_add(n, (nat_section){name, addr, span, m->base + off, size, 0, write});
    end_at(m, off, size);
    if (count > SECTIONS_MAX) nat_full(n, 1, 0, "sections");
    for (uint64_t i = 0; i < count && i < SECTIONS_MAX; i++) {
        tw_str section = fixed_name(&c);
        tw_cur_skip(&c, 16);
        uint64_t at = num(m, &c, w), length = num(m, &c, w), where = num(m, &c, 4);
        tw_cur_skip(&c, 12);
        uint64_t flags = num(m, &c, 4);
        tw_cur_skip(&c, wide ? 12 : 8);
        if (c.bad) {
            nat_broken(n, "a load command is cut short");
            return;
        }
        uint8_t type = flags & 0xFF;
        bool empty = type == 1 || type == 12 || type == 18; /* zero-filled */
        uint8_t f = (uint8_t)(write | (flags & 0x80000400u ? NAT_EXEC : 0) | (empty ? NAT_EMPTY : 0));
        nat_section_add(
            n, (nat_section){section, at, length, empty ? 0 : m->base + where, empty ? 0 : length, 0, f});
    }
}

/* A string of a load command: its offset counts from the command's start. */
static tw_str text_of(macho *m, tw_cur c, tw_str command)
{
    return nat_text(command, num(m, &c, 4));
}

static void command(macho *m, uint32_t cmd, tw_str bytes)
{
    nat *n = m->n;
    tw_cur c = tw_cur_of(bytes);
    tw_cur_skip(&c, 8);
    switch (cmd) {
    case LC_SEGMENT:
    case LC_SEGMENT_64: segment(m, c, cmd == LC_SEGMENT_64); break;
    case LC_LOAD_DYLIB:
    case LC_LOAD_WEAK_DYLIB:
    case LC_REEXPORT_DYLIB:
    case LC_LAZY_LOAD_DYLIB: {
        tw_str name = text_of(m, c, bytes);
        nat_library(n, name.n ? name : TW_S("?"));
        break;
    }
    case LC_ID_DYLIB: n->name = text_of(m, c, bytes); break;
    case LC_RPATH: n->run_path = text_of(m, c, bytes); break;
    case LC_CODE_SIGNATURE: n->is_signed = true; break;
    case LC_SYMTAB:
        m->sym_off = (uint32_t)num(m, &c, 4);
        m->sym_count = (uint32_t)num(m, &c, 4);
        m->str_off = (uint32_t)num(m, &c, 4);
        m->str_size = (uint32_t)num(m, &c, 4);
        break;
    default: break;
    }
}

static void symbols(macho *m)
{
    nat *n = m->n;
    uint64_t each = n->bits == 64 ? 16 : 12, end = (uint64_t)m->str_off + m->str_size;
    tw_str names = tw_str_sub(m->s, m->str_off, (size_t)nat_min(end, m->s.n));
    tw_cur c = tw_cur_of(m->s);
    tw_cur_seek(&c, m->sym_off);
    for (uint32_t i = 0; i < m->sym_count; i++) {
        if (nat_full(n, i, SYMBOLS_MAX, "symbols")) return;
        uint64_t name = num(m, &c, 4), type = num(m, &c, 1);
        tw_cur_skip(&c, 1);
        uint64_t desc = num(m, &c, 2);
        tw_cur_skip(&c, each - 8);
        if (c.bad) {
            nat_broken(n, "symbols lie outside the file");
            return;
        }
        if (type & N_STAB || !(type & N_EXT)) continue;
        tw_str text = nat_text(names, name);
        if (!nat_spend(n, text.n ? 1 + (uint32_t)text.n / 16 : 64)) return;
        uint64_t library = desc >> 8 & 0xFF;
        bool known = library && m->first_library + library <= n->libraries.n && library < 0xFD;
        if ((type & N_TYPE) == 0)
            nat_import_add(n, known ? n->libraries.v[m->first_library + library - 1] : TW_S(""), text,
                           nat_at(n, text));
        else
            nat_export_add(n, text);
    }
}

static void slice(nat *n, tw_str s, uint64_t base)
{
    static const uint8_t kinds[] = {
        [1] = NAT_OBJECT, [2] = NAT_PROGRAM, [6] = NAT_LIBRARY, [8] = NAT_LIBRARY};
    macho m = {.n = n, .s = s, .base = base, .first_library = n->libraries.n};
    tw_cur c = tw_cur_of(s);
    uint32_t magic = tw_cur_u32le(&c);
    n->big = magic == 0xcefaedfe || magic == 0xcffaedfe;
    bool wide = magic == 0xfeedfacf || magic == 0xcffaedfe;
    if (!wide && magic != 0xfeedface && magic != 0xcefaedfe) {
        nat_broken(n, "a slice is no Mach-O");
        return;
    }
    n->bits = wide ? 64 : 32;
    n->arch = machine((uint32_t)num(&m, &c, 4));
    tw_cur_skip(&c, 4);
    uint64_t type = num(&m, &c, 4), count = num(&m, &c, 4);
    tw_cur_skip(&c, wide ? 12 : 8);
    n->kind = type < TW_COUNT(kinds) && kinds[type] ? kinds[type] : NAT_OTHER;
    for (uint64_t i = 0; i < count; i++) {
        if (nat_full(n, (uint32_t)nat_min(i, COMMANDS_MAX), COMMANDS_MAX, "load commands")) break;
        uint64_t start = c.off, cmd = num(&m, &c, 4), size = num(&m, &c, 4);
        tw_cur whole = tw_cur_of(s);
        tw_cur_seek(&whole, start);
        tw_str bytes = tw_cur_take(&whole, size);
        if (c.bad || whole.bad || size < 8) {
            nat_broken(n, "load commands lie outside the file");
            break;
        }
        command(&m, (uint32_t)cmd, bytes);
        c = whole;
    }
    end_at(&m, 0, nat_min(c.off, s.n));
    symbols(&m);
}

static void fat(nat *n, bool wide)
{
    tw_cur c = tw_cur_of(n->bytes);
    tw_cur_skip(&c, 4);
    uint32_t count = tw_cur_u32be(&c);
    for (uint32_t i = 0; i < count; i++) {
        if (nat_full(n, i, NAT_SLICES, "slices")) return;
        tw_cur_skip(&c, 8);
        uint64_t off = wide ? tw_cur_u64be(&c) : tw_cur_u32be(&c),
                 size = wide ? tw_cur_u64be(&c) : tw_cur_u32be(&c);
        tw_cur_skip(&c, wide ? 8 : 4);
        if (c.bad || off > n->bytes.n || size > n->bytes.n - off) {
            nat_broken(n, "a slice lies outside the file");
            return;
        }
        slice(n, tw_str_sub(n->bytes, (size_t)off, (size_t)(off + size)), off);
        if (off + size > n->end) n->end = off + size;
        n->slices++;
    }
}

void nat_macho(nat *n)
{
    tw_cur c = tw_cur_of(n->bytes);
    uint32_t magic = tw_cur_u32be(&c);
    if (magic == 0xcafebabe || magic == 0xcafebabf)
        fat(n, magic == 0xcafebabf);
    else
        slice(n, n->bytes, 0);
}
