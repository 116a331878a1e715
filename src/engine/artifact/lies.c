/* SPDX-License-Identifier: Apache-2.0 */
/* Names that claim a format, and the contents that honest packages put under them. */
#include "engine/artifact/artifact_priv.h"

#define K(id) (1ull << TW_KIND_##id)
#define WORDS (K(TEXT) | K(SCRIPT))
#define PROSE (WORDS | K(DATA))
#define IMAGE (K(PNG) | K(JPEG) | K(GIF))
#define NATIVE (K(ELF) | K(PE) | K(MACHO))

static const struct {
    const char *ext;
    uint64_t kinds;
} claims[] = {
    {"py", WORDS},     {"pyi", WORDS},         {"pyw", WORDS},    {"pth", WORDS},
    {"js", WORDS},     {"mjs", WORDS},         {"cjs", WORDS},    {"ts", WORDS},
    {"tsx", WORDS},    {"jsx", WORDS},         {"json", WORDS},   {"toml", WORDS},
    {"cfg", WORDS},    {"ini", WORDS},         {"yml", WORDS},    {"yaml", WORDS},
    {"sh", WORDS},     {"bat", WORDS},         {"ps1", WORDS},    {"c", WORDS},
    {"h", WORDS},      {"cpp", WORDS},         {"hpp", WORDS},    {"rb", WORDS},
    {"go", WORDS},     {"rs", WORDS},          {"txt", PROSE},    {"md", PROSE},
    {"rst", PROSE},    {"html", PROSE},        {"css", PROSE},    {"csv", PROSE},
    {"xml", PROSE},    {"svg", PROSE},         {"log", PROSE},    {"png", IMAGE},
    {"jpg", IMAGE},    {"jpeg", IMAGE},        {"gif", IMAGE},    {"pdf", K(PDF)},
    {"whl", K(ZIP)},   {"egg", K(ZIP)},        {"zip", K(ZIP)},   {"jar", K(ZIP)},
    {"nupkg", K(ZIP)}, {"docx", K(ZIP)},       {"xlsx", K(ZIP)},  {"gz", K(GZIP)},
    {"tgz", K(GZIP)},  {"crate", K(GZIP)},     {"bz2", K(BZIP2)}, {"xz", K(XZ)},
    {"zst", K(ZSTD)},  {"tar", K(TAR)},        {"gem", K(TAR)},   {"7z", K(SEVENZIP)},
    {"rar", K(RAR)},   {"so", NATIVE | WORDS}, {"pyd", K(PE)},    {"dll", K(PE)},
    {"exe", K(PE)},    {"dylib", K(MACHO)},    {"pyc", K(PYC)},   {"class", K(JAVA_CLASS)},
    {"wasm", K(WASM)},
};

#define ARCHIVE (K(ZIP) | K(GZIP) | K(BZIP2) | K(XZ) | K(ZSTD) | K(TAR) | K(SEVENZIP) | K(RAR))

/* Kinds the name claims; 0 where it claims nothing. */
static uint64_t claimed(tw_str name)
{
    tw_str base = tw_str_base(name);
    size_t dot = tw_str_rchr(base, '.');
    if (dot == TW_NPOS) return 0;
    tw_str ext = tw_str_sub(base, dot + 1, base.n);
    for (size_t i = 0; i < TW_COUNT(claims); i++)
        if (tw_str_ieq(ext, tw_str_c(claims[i].ext))) return claims[i].kinds;
    return 0;
}

bool tw_type_lie(tw_str name, tw_kind k)
{
    uint64_t kinds = claimed(name);
    return kinds && k != TW_KIND_EMPTY && !(kinds & 1ull << k);
}

bool tw_claims_archive(tw_str name)
{
    return claimed(name) & ARCHIVE;
}
