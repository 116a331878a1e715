/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/artifact/artifact_priv.h"

#include "base/cursor.h"

const char *tw_kind_name(tw_kind k)
{
    static const char *const names[] = {
#define X(id, name) name,
        TW_KINDS(X)
#undef X
    };
    return (unsigned)k < TW_KIND_MAX ? names[k] : "unknown";
}

const char *tw_member_type_name(tw_member_type t)
{
    static const char *const names[] = {"file", "dir", "symlink", "hardlink", "special"};
    return (unsigned)t < TW_COUNT(names) ? names[t] : "unknown";
}

#define MAGIC(lit, kd)           \
    {                            \
        TW_SI(lit), TW_KIND_##kd \
    }
static const struct {
    tw_str magic;
    uint8_t kind;
} magics[] = {
    MAGIC("PK\3\4", ZIP),
    MAGIC("PK\5\6", ZIP),
    MAGIC("PK\1\2", ZIP),
    MAGIC("PK\7\x8", ZIP),
    MAGIC("PK00PK\3\4", ZIP),
    MAGIC("\x1f\x8b\x08", GZIP),
    MAGIC("\xfd"
          "7zXZ\0",
          XZ),
    MAGIC("\x28\xb5\x2f\xfd", ZSTD),
    MAGIC("7z\xbc\xaf\x27\x1c", SEVENZIP),
    MAGIC("Rar!\x1a\x07", RAR),
    MAGIC("MSCF\0\0\0\0", CAB),
    MAGIC("!<arch>\n", AR),
    MAGIC("\x7f"
          "ELF",
          ELF),
    MAGIC("\xfe\xed\xfa\xce", MACHO),
    MAGIC("\xfe\xed\xfa\xcf", MACHO),
    MAGIC("\xce\xfa\xed\xfe", MACHO),
    MAGIC("\xcf\xfa\xed\xfe", MACHO),
    MAGIC("\0asm", WASM),
    MAGIC("\x89PNG\r\n\x1a\n", PNG),
    MAGIC("\xff\xd8\xff", JPEG),
    MAGIC("GIF87a", GIF),
    MAGIC("GIF89a", GIF),
    MAGIC("%PDF-", PDF),
    MAGIC("SQLite format 3\0", SQLITE),
    MAGIC("#!", SCRIPT),
    MAGIC("\xef\xbb\xbf#!", SCRIPT),
};

static uint8_t at(tw_str s, size_t i)
{
    return i < s.n ? (uint8_t)s.p[i] : 0;
}

static bool is_bzip2(tw_str h)
{
    return h.n >= 10 && tw_str_starts(h, TW_S("BZh")) && h.p[3] >= '1' && h.p[3] <= '9' &&
           (memcmp(h.p + 4, "\x31\x41\x59\x26\x53\x59", 6) == 0 ||
            memcmp(h.p + 4, "\x17\x72\x45\x38\x50\x90", 6) == 0);
}

/* The old .lzma form has no magic: the usual properties byte, a dictionary size that encoders write,
 * and a content size that is unknown or below 256 GiB. */
static bool is_lzma(tw_str h)
{
    if (h.n < 18) return false;
    tw_cur c = tw_cur_of(h);
    uint8_t props = tw_cur_u8(&c);
    uint32_t dict = tw_cur_u32le(&c);
    uint64_t size = tw_cur_u64le(&c);
    if (props != 0x5d || dict < 4096 || tw_cur_u8(&c) != 0) return false;
    uint32_t low = dict & (0u - dict);
    bool plain = dict == low || dict == (low | low << 1);
    return plain && (size == UINT64_MAX || size < 1ull << 38);
}

/* A skippable frame (pzstd starts with one) that a real frame follows. */
static bool is_zstd_skippable(tw_str h)
{
    tw_cur c = tw_cur_of(h);
    if ((tw_cur_u32le(&c) & 0xfffffff0u) != 0x184d2a50u) return false;
    uint32_t n = tw_cur_u32le(&c);
    return h.n > 8 && n < h.n - 8 && tw_str_starts(tw_str_sub(h, 8 + n, h.n), TW_S("\x28\xb5\x2f\xfd"));
}

static bool is_pe(tw_str h)
{
    if (h.n < 64 || !tw_str_starts(h, TW_S("MZ"))) return false;
    tw_cur c = tw_cur_of(h);
    tw_cur_seek(&c, 60);
    uint32_t pe = tw_cur_u32le(&c);
    if (pe >= 65536) return false;
    tw_cur_seek(&c, pe);
    return c.bad || tw_cur_left(&c) < 4 || tw_cur_u32le(&c) == 0x4550;
}

/* Java classes and fat Mach-O share a magic: a class has a major version of 45 or more. */
static tw_kind cafebabe(tw_str h)
{
    if (h.n < 8 || !tw_str_starts(h, TW_S("\xca\xfe\xba\xbe"))) return TW_KIND_MAX;
    tw_cur c = tw_cur_of(h);
    tw_cur_skip(&c, 4);
    uint32_t v = tw_cur_u32be(&c);
    return v < 45                                     ? TW_KIND_MACHO
           : (v & 0xffff) >= 45 && (v & 0xffff) < 200 ? TW_KIND_JAVA_CLASS
                                                      : TW_KIND_MAX;
}

static bool is_pyc(tw_str h)
{
    if (h.n < 8 || at(h, 2) != '\r' || at(h, 3) != '\n') return false;
    unsigned v = at(h, 0) | at(h, 1) << 8;
    return (v >= 3000 && v < 4000) || (v >= 20121 && v <= 20124) || (v >= 50000 && v <= 62300);
}

static bool is_pickle(tw_str h)
{
    if (at(h, 0) != 0x80 || h.n < 4) return false;
    if (at(h, 1) == 4 || at(h, 1) == 5) return at(h, 2) == 0x95;
    return (at(h, 1) == 2 || at(h, 1) == 3) && memchr("]}(cXKUGJMNl\x8a\x88\x89)T", at(h, 2), 18);
}

static bool is_text(tw_str h)
{
    static const uint8_t bad[32] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1};
    if (tw_str_starts(h, TW_S("\xff\xfe")) || tw_str_starts(h, TW_S("\xfe\xff"))) return true;
    size_t n = h.n < 512 ? h.n : 512;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)h.p[i];
        if (c < 32 && bad[c]) return false;
    }
    return true;
}

tw_kind tw_kind_of(tw_str h)
{
    if (h.n == 0) return TW_KIND_EMPTY;
    for (size_t i = 0; i < TW_COUNT(magics); i++)
        if (tw_str_starts(h, magics[i].magic)) return (tw_kind)magics[i].kind;
    if (is_bzip2(h)) return TW_KIND_BZIP2;
    if (tw_tar_is_header(h)) return TW_KIND_TAR;
    if (is_pe(h)) return TW_KIND_PE;
    tw_kind k = cafebabe(h);
    if (k != TW_KIND_MAX) return k;
    if (is_pyc(h)) return TW_KIND_PYC;
    if (is_pickle(h)) return TW_KIND_PICKLE;
    if (is_zstd_skippable(h)) return TW_KIND_ZSTD;
    if (is_lzma(h)) return TW_KIND_LZMA;
    return is_text(h) ? TW_KIND_TEXT : TW_KIND_DATA;
}
