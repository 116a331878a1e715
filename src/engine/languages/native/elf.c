/* SPDX-License-Identifier: Apache-2.0 */
/* ELF, 32 and 64 bits, both byte orders. Symbols are found the way the loader finds them, by the dynamic segment;
 * section headers, which it never reads, only add to that: a stripped or forged table of sections hides nothing. */
#include "engine/languages/native/native.h"

enum {
    PT_LOAD = 1,
    PT_DYNAMIC = 2,
    PT_INTERP = 3,
    SHT_SYMTAB = 2,
    SHT_NOBITS = 8,
    SHT_DYNSYM = 11,
    SHF_WRITE = 1,
    SHF_EXEC = 4,
    PF_X = 1,
    PF_W = 2,
    TABLE_MAX = 4096, /* headers and dynamic entries that are followed */
    SYMBOLS_MAX = 1 << 20,
    RELOCS_MAX = 1 << 20,
};

typedef struct elf {
    nat *n;
    uint64_t phoff, shoff;
    uint16_t phent, phnum, shent, shnum, shstr;
    uint64_t dyn_off, dyn_size;
    uint64_t symtab, strtab, strsz, hash, gnu_hash, rela, relasz, rel, relsz, jmprel, pltrelsz, pltrel;
    uint64_t dynsym_count, dynsym_addr; /* as the section says */
    bool whole_table;                   /* of an object was read */
} elf;

static uint64_t num(const elf *e, tw_cur *c, unsigned size)
{
    return e->n->big ? tw_cur_be_(c, size) : tw_cur_le_(c, size);
}

static uint64_t word(const elf *e, tw_cur *c)
{
    return num(e, c, e->n->bits / 8);
}

static tw_cur at(const elf *e, uint64_t off)
{
    tw_cur c = tw_cur_of(e->n->bytes);
    tw_cur_seek(&c, off);
    return c;
}

static const char *machine(uint16_t m)
{
    static const struct {
        uint16_t id;
        const char *name;
    } machines[] = {{3, "x86"},   {62, "x86-64"}, {40, "arm"},     {183, "arm64"}, {8, "mips"},
                    {20, "ppc"},  {21, "ppc64"},  {22, "s390x"},   {243, "riscv"}, {258, "loongarch"},
                    {247, "bpf"}, {2, "sparc"},   {43, "sparc64"}, {190, "cuda"},  {224, "amdgpu"}};
    for (size_t i = 0; i < TW_COUNT(machines); i++)
        if (machines[i].id == m) return machines[i].name;
    return "unknown";
}

static bool header(elf *e)
{
    static const uint8_t kinds[] = {NAT_OTHER, NAT_OBJECT, NAT_PROGRAM, NAT_LIBRARY};
    nat *n = e->n;
    tw_cur c = tw_cur_of(n->bytes);
    tw_cur_skip(&c, 4);
    uint8_t class = tw_cur_u8(&c), data = tw_cur_u8(&c);
    tw_cur_skip(&c, 10);
    n->bits = class == 1 ? 32 : 64;
    n->big = data == 2;
    if (class < 1 || class > 2 || data < 1 || data > 2)
        nat_broken(n, "the header names no class or byte order");
    uint64_t type = num(e, &c, 2);
    n->arch = machine((uint16_t)num(e, &c, 2));
    n->kind = type < TW_COUNT(kinds) ? kinds[type] : NAT_OTHER;
    tw_cur_skip(&c, 4);
    word(e, &c); /* entry */
    e->phoff = word(e, &c);
    e->shoff = word(e, &c);
    tw_cur_skip(&c, 4);
    uint16_t size = (uint16_t)num(e, &c, 2);
    e->phent = (uint16_t)num(e, &c, 2);
    e->phnum = (uint16_t)num(e, &c, 2);
    e->shent = (uint16_t)num(e, &c, 2);
    e->shnum = (uint16_t)num(e, &c, 2);
    e->shstr = (uint16_t)num(e, &c, 2);
    n->end = nat_min(size, n->bytes.n);
    if (c.bad) nat_broken(n, "the header is cut short");
    return !c.bad;
}

static void end_at(nat *n, uint64_t off, uint64_t size)
{
    uint64_t end = off <= n->bytes.n ? off + nat_min(size, n->bytes.n - off) : 0;
    if (end > n->end) n->end = end;
}

static void segments(elf *e)
{
    nat *n = e->n;
    uint32_t least = n->bits == 64 ? 56 : 32;
    if (e->phnum && e->phent < least) nat_broken(n, "program headers are too small");
    if (e->phent < least) return;
    end_at(n, e->phoff, (uint64_t)e->phent * e->phnum);
    for (uint32_t i = 0; i < e->phnum && i < TABLE_MAX; i++) {
        tw_cur c = at(e, e->phoff + (uint64_t)i * e->phent);
        uint64_t type = num(e, &c, 4), flags = n->bits == 64 ? num(e, &c, 4) : 0, off = word(e, &c),
                 addr = word(e, &c);
        word(e, &c);
        uint64_t size = word(e, &c), span = word(e, &c);
        if (n->bits == 32) flags = num(e, &c, 4);
        if (c.bad) {
            nat_broken(n, "program headers lie outside the file");
            return;
        }
        if (type == PT_LOAD) {
            uint8_t f = (uint8_t)((flags & PF_X ? NAT_EXEC : 0) | (flags & PF_W ? NAT_WRITE : 0));
            nat_image_add(n, (nat_section){TW_S("load"), addr, span, off, size, 0, f});
            end_at(n, off, size);
        } else if (type == PT_DYNAMIC) {
            e->dyn_off = off, e->dyn_size = size;
        } else if (type == PT_INTERP) {
            n->interpreter = nat_text(n->bytes, off);
            n->kind = NAT_PROGRAM; /* position-independent programs say they are libraries */
        }
    }
}

typedef struct section {
    uint64_t name, type, flags, addr, off, size, link, entry;
} section;

static bool section_at(elf *e, uint64_t i, section *s)
{
    tw_cur c = at(e, e->shoff + i * e->shent);
    s->name = num(e, &c, 4);
    s->type = num(e, &c, 4);
    s->flags = word(e, &c);
    s->addr = word(e, &c);
    s->off = word(e, &c);
    s->size = word(e, &c);
    s->link = num(e, &c, 4);
    num(e, &c, 4);
    word(e, &c);
    s->entry = word(e, &c);
    return !c.bad;
}

static tw_str file_part(const nat *n, uint64_t off, uint64_t size)
{
    if (off > n->bytes.n) return TW_S("");
    return tw_str_sub(n->bytes, (size_t)off, (size_t)(off + nat_min(size, n->bytes.n - off)));
}

/* Of looking a name up: one that has no end was sought to its greatest length. */
static uint32_t cost(tw_str name)
{
    return name.n ? 1 + (uint32_t)name.n / 16 : 64;
}

/* What an object that is not linked yet takes from elsewhere. */
static void symbols_of_section(elf *e, const section *s)
{
    nat *n = e->n;
    section strings;
    uint32_t size = n->bits == 64 ? 24 : 16;
    if (!section_at(e, s->link, &strings)) return;
    tw_str names = file_part(n, strings.off, strings.size), table = file_part(n, s->off, s->size);
    for (uint64_t i = 1; i < table.n / size && i < SYMBOLS_MAX; i++) {
        tw_cur c = tw_cur_of(table);
        tw_cur_seek(&c, i * size);
        uint64_t name = num(e, &c, 4), info, index;
        if (n->bits == 64) {
            info = num(e, &c, 1), num(e, &c, 1), index = num(e, &c, 2);
        } else {
            word(e, &c), word(e, &c);
            info = num(e, &c, 1), num(e, &c, 1), index = num(e, &c, 2);
        }
        tw_str text = nat_text(names, name);
        if (!nat_spend(n, cost(text))) return;
        if (index == 0 && info >> 4) nat_import_add(n, TW_S(""), text, nat_at(n, text));
    }
}

static void sections(elf *e)
{
    nat *n = e->n;
    section s, names = {0};
    uint64_t count = e->shnum;
    if (!e->shoff || e->shent < (n->bits == 64 ? 64 : 40)) return;
    if (!count && section_at(e, 0, &s)) count = s.size; /* more than the header can say */
    uint64_t str = e->shstr == 0xFFFF && section_at(e, 0, &s) ? s.link : e->shstr;
    if (!section_at(e, str, &names)) nat_broken(n, "section headers lie outside the file");
    end_at(n, e->shoff, count < TABLE_MAX * 16 ? count * e->shent : 0);
    tw_str text = file_part(n, names.off, names.size);
    for (uint64_t i = 1; i < count; i++) {
        if (nat_full(n, (uint32_t)nat_min(i, TABLE_MAX), TABLE_MAX, "sections")) return;
        if (!section_at(e, i, &s)) {
            nat_broken(n, "section headers lie outside the file");
            return;
        }
        bool empty = s.type == SHT_NOBITS;
        uint8_t f = (uint8_t)((s.flags & SHF_EXEC ? NAT_EXEC : 0) | (s.flags & SHF_WRITE ? NAT_WRITE : 0) |
                              (empty ? NAT_EMPTY : 0));
        nat_section_add(n, (nat_section){nat_text(text, s.name), s.addr, s.size, empty ? 0 : s.off,
                                         empty ? 0 : s.size, 0, f});
        if (!empty) end_at(n, s.off, s.size);
        if (s.type == SHT_DYNSYM && s.entry) e->dynsym_count = s.size / s.entry, e->dynsym_addr = s.addr;
        if (s.type == SHT_SYMTAB && n->kind == NAT_OBJECT && !e->whole_table) {
            e->whole_table = true;
            symbols_of_section(e, &s);
        }
    }
}

/* --- the dynamic segment --- */

static void needed(elf *e, bool names)
{
    nat *n = e->n;
    tw_cur c = at(e, e->dyn_off);
    uint64_t strings = 0, v;
    bool have = names && nat_offset(n, e->strtab, &strings);
    tw_str text = have ? file_part(n, strings, e->strsz ? e->strsz : n->bytes.n) : TW_S("");
    for (uint64_t i = 0; i < e->dyn_size / (n->bits / 4) && i < TABLE_MAX; i++) {
        uint64_t tag = word(e, &c);
        v = word(e, &c);
        if (c.bad || !tag) return;
        if (names) {
            tw_str s = nat_text(text, v);
            if (tag == 1) nat_library(n, s);
            if (tag == 14) n->name = s;
            if (tag == 15 || tag == 29) n->run_path = s;
            continue;
        }
        uint64_t *const keep[] = {[4] = &e->hash,    [5] = &e->strtab,  [6] = &e->symtab,  [7] = &e->rela,
                                  [8] = &e->relasz,  [10] = &e->strsz,  [17] = &e->rel,    [18] = &e->relsz,
                                  [20] = &e->pltrel, [23] = &e->jmprel, [2] = &e->pltrelsz};
        if (tag < TW_COUNT(keep) && keep[tag]) *keep[tag] = v;
        if (tag == 0x6ffffef5) e->gnu_hash = v;
        if (tag == 0x6ffffffb && v & 0x08000000) n->kind = NAT_PROGRAM; /* DF_1_PIE */
    }
}

/* One more than the last symbol that the table of hashes knows. */
static uint64_t count_gnu_hash(elf *e)
{
    uint64_t off, last = 0;
    if (!e->gnu_hash || !nat_offset(e->n, e->gnu_hash, &off)) return 0;
    tw_cur c = at(e, off);
    uint64_t buckets = num(e, &c, 4), first = num(e, &c, 4), bloom = num(e, &c, 4);
    num(e, &c, 4);
    tw_cur_skip(&c, bloom * (e->n->bits / 8));
    for (uint64_t i = 0; i < buckets && !c.bad; i++) {
        uint64_t b = num(e, &c, 4);
        if (b > last) last = b;
    }
    if (c.bad || last < first) return first;
    tw_cur_skip(&c, (last - first) * 4);
    while (!c.bad && !(num(e, &c, 4) & 1)) last++;
    return last + 1;
}

static uint64_t count_hash(elf *e)
{
    uint64_t off;
    if (!e->hash || !nat_offset(e->n, e->hash, &off)) return 0;
    tw_cur c = at(e, off);
    num(e, &c, 4);
    return num(e, &c, 4);
}

/* One more than the last symbol that a relocation names. */
static uint64_t count_relocs(elf *e, uint64_t addr, uint64_t size, bool addend)
{
    uint64_t off, most = 0, each = (addend ? 3u : 2u) * (e->n->bits / 8);
    if (!addr || !nat_offset(e->n, addr, &off)) return 0;
    tw_cur c = at(e, off);
    for (uint64_t i = 0; i < size / each && i < RELOCS_MAX && !c.bad; i++) {
        word(e, &c);
        uint64_t info = word(e, &c), symbol = e->n->bits == 64 ? info >> 32 : info >> 8;
        if (addend) word(e, &c);
        if (!c.bad && symbol + 1 > most) most = symbol + 1;
    }
    return most;
}

static uint64_t symbol_count(elf *e)
{
    enum { RELA = 7 };
    uint64_t counts[] = {e->dynsym_addr == e->symtab ? e->dynsym_count : 0,
                         count_hash(e),
                         count_gnu_hash(e),
                         count_relocs(e, e->rela, e->relasz, true),
                         count_relocs(e, e->rel, e->relsz, false),
                         count_relocs(e, e->jmprel, e->pltrelsz, e->pltrel == RELA)};
    uint64_t most = 0;
    for (size_t i = 0; i < TW_COUNT(counts); i++)
        if (counts[i] > most) most = counts[i];
    return most;
}

static void dynamic_symbols(elf *e)
{
    nat *n = e->n;
    uint64_t off, strings, count = symbol_count(e), size = n->bits == 64 ? 24 : 16;
    if (!e->symtab || !nat_offset(n, e->symtab, &off) || !nat_offset(n, e->strtab, &strings)) return;
    tw_str text = file_part(n, strings, e->strsz ? e->strsz : n->bytes.n);
    tw_cur c = at(e, off + size);
    for (uint64_t i = 1; i < count; i++) {
        if (nat_full(n, (uint32_t)nat_min(i, SYMBOLS_MAX), SYMBOLS_MAX, "symbols")) return;
        uint64_t name = num(e, &c, 4), info, index;
        if (n->bits == 32) word(e, &c), word(e, &c);
        info = num(e, &c, 1);
        num(e, &c, 1);
        index = num(e, &c, 2);
        if (n->bits == 64) word(e, &c), word(e, &c);
        if (c.bad) {
            nat_broken(n, "symbols lie outside the file");
            return;
        }
        tw_str s = nat_text(text, name);
        if (!nat_spend(n, cost(s))) return;
        if (!index)
            nat_import_add(n, TW_S(""), s, nat_at(n, s));
        else if (info >> 4)
            nat_export_add(n, s);
    }
}

void nat_elf(nat *n)
{
    elf e = {.n = n};
    if (!header(&e)) return;
    segments(&e);
    sections(&e);
    if (!e.dyn_size) return;
    needed(&e, false);
    needed(&e, true);
    dynamic_symbols(&e);
}
