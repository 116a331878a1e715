/* SPDX-License-Identifier: Apache-2.0 */
/* Signs that a binary is not what it seems: packers, code as dense as noise, what follows its end. */
#include "engine/artifact/artifact.h"
#include "engine/languages/native/native.h"

enum {
    DENSE = 7200,       /* of 8000: compressed or encrypted; machine code has 5000 to 6800 */
    DENSE_LEAST = 4096, /* bytes below which density says nothing */
    FEW_IMPORTS = 12,   /* a packed program binds the rest itself */
    OVERLAY_LEAST = 64, /* bytes: alignment and tables of symbols of old formats end so */
    TAIL = 65557,       /* the end record of a ZIP and its longest comment */
};

/* log2(x) * 2^16, without floating point: equal on every machine. */
static uint64_t log2_fixed(uint64_t x)
{
    unsigned whole = 63u - (unsigned)__builtin_clzll(x);
    uint64_t v = whole > 31 ? x >> (whole - 31) : x << (31 - whole), result = (uint64_t)whole << 16;
    for (int bit = 15; bit >= 0; bit--) {
        v = v * v >> 31;
        if (v >> 32) v >>= 1, result |= 1u << bit;
    }
    return result;
}

/* Bits for each byte, in thousandths. */
static uint16_t density(tw_str s)
{
    uint32_t count[4][256] = {{0}};
    const uint8_t *p = (const uint8_t *)s.p;
    size_t i = 0;
    if (!s.n) return 0;
    for (; i + 4 <= s.n; i += 4)
        count[0][p[i]]++, count[1][p[i + 1]]++, count[2][p[i + 2]]++, count[3][p[i + 3]]++;
    for (; i < s.n; i++) count[0][p[i]]++;
    uint64_t sum = 0;
    for (int b = 0; b < 256; b++) {
        uint64_t c = (uint64_t)count[0][b] + count[1][b] + count[2][b] + count[3][b];
        if (c) sum += c * log2_fixed(c) >> 8;
    }
    uint64_t all = (uint64_t)s.n * log2_fixed(s.n) >> 8;
    return (uint16_t)((all > sum ? all - sum : 0) * 1000 / s.n >> 8);
}

static const char *named_packer(tw_str section)
{
    static const struct {
        const char *prefix, *packer;
    } packers[] = {{"UPX", "UPX"},        {".UPX", "UPX"},         {".aspack", "ASPack"},
                   {".adata", "ASPack"},  {".themida", "Themida"}, {".winlice", "WinLicense"},
                   {".vmp", "VMProtect"}, {".petite", "Petite"},   {".MPRESS", "MPRESS"},
                   {".enigma", "Enigma"}, {".nsp", "NsPack"},      {"PEC2", "PECompact"},
                   {".mackt", "ImpRec"},  {".perplex", "Perplex"}, {".yP", "Y0da"},
                   {".pelock", "PELock"}};
    for (size_t i = 0; i < TW_COUNT(packers); i++)
        if (tw_str_starts(section, tw_str_c(packers[i].prefix))) return packers[i].packer;
    return NULL;
}

/* UPX leaves its mark in the loader that it puts in front; sections are gone where it packed an ELF. */
static bool upx_header(const nat *n)
{
    tw_str head = tw_str_sub(n->bytes, 0, 4096);
    return n->format != NAT_WASM && tw_str_find(head, TW_S("UPX!")) != TW_NPOS;
}

typedef struct code {
    uint64_t all, packed, looked;
} code;

/* Sections may overlap: what they come to is looked at twice at most. */
static void look(const nat *n, nat_section *s, code *c)
{
    if (!(s->flags & NAT_EXEC) || c->looked + s->size > 2 * n->bytes.n) return;
    c->looked += s->size, c->all += s->size;
    s->density = density(tw_str_sub(n->bytes, (size_t)s->off, (size_t)(s->off + s->size)));
    if (s->density >= DENSE && s->size >= DENSE_LEAST) c->packed += s->size;
}

static void packers(nat *n)
{
    code c = {0, 0, 0};
    if (n->format == NAT_WASM) return;
    for (uint32_t i = 0; i < n->sections.n; i++) {
        if (!n->packer && n->format == NAT_PE) n->packer = named_packer(n->sections.v[i].name);
        look(n, &n->sections.v[i], &c);
    }
    for (uint32_t i = 0; i < n->images.n && !n->sections.n;
         i++) /* nothing but segments: as packers leave it */
        look(n, &n->images.v[i], &c);
    if (!n->packer && upx_header(n)) n->packer = "UPX";
    bool stub = n->imports.n <= FEW_IMPORTS && n->kind != NAT_OBJECT && !n->managed;
    if (!n->packer && c.packed > c.all / 2 && stub) n->packer = "an unknown packer";
}

static const char *kind_of(tw_str s)
{
    static const struct {
        uint8_t kind;
        const char *says;
    } kinds[] = {{TW_KIND_ZIP, "a ZIP"},
                 {TW_KIND_GZIP, "a gzip stream"},
                 {TW_KIND_BZIP2, "a bzip2 stream"},
                 {TW_KIND_XZ, "an xz stream"},
                 {TW_KIND_ZSTD, "a zstd stream"},
                 {TW_KIND_SEVENZIP, "a 7z archive"},
                 {TW_KIND_RAR, "a RAR"},
                 {TW_KIND_CAB, "a cabinet"},
                 {TW_KIND_TAR, "a tar"},
                 {TW_KIND_ELF, "a program (ELF)"},
                 {TW_KIND_PE, "a program (PE)"},
                 {TW_KIND_MACHO, "a program (Mach-O)"},
                 {TW_KIND_SCRIPT, "a script"},
                 {TW_KIND_AR, "an archive"}};
    tw_kind k = tw_kind_of(s);
    for (size_t i = 0; i < TW_COUNT(kinds); i++)
        if (kinds[i].kind == k) return kinds[i].says;
    tw_str tail = tw_str_sub(s, s.n > TAIL ? s.n - TAIL : 0, s.n);
    if (memmem(tail.p, tail.n, "PK\5\6", 4)) return "a ZIP";
    if (memmem(tail.p, tail.n, "MEI\014\013\012\013\016", 8)) return "PyInstaller's archive";
    return s.n >= DENSE_LEAST && density(s) >= DENSE ? "data as dense as noise" : "data";
}

static void overlay(nat *n)
{
    uint64_t from = n->end, to = n->bytes.n;
    if (n->is_signed && n->signature_off >= from && n->signature_off - from < 8) {
        from = n->signature_off + n->signature_size;
    } else if (n->is_signed && n->signature_off > from && n->signature_off + n->signature_size + 8 > to) {
        to = n->signature_off;
    }
    if (from >= to || to - from < OVERLAY_LEAST) return;
    tw_str s = tw_str_sub(n->bytes, (size_t)from, (size_t)to);
    size_t zeros = 0;
    while (zeros < s.n && !s.p[zeros]) zeros++;
    if (zeros == s.n) return;
    n->overlay = kind_of(zeros < 4096 ? tw_str_sub(s, zeros, s.n) : s);
    n->overlay_off = from, n->overlay_size = to - from;
}

void nat_signs(nat *n)
{
    packers(n);
    if (n->format != NAT_WASM) overlay(n); /* where nothing may follow its sections */
}
