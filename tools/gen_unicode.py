#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What Python knows of text, as tables for its front end: gen_unicode.py OUT.c

The encodings of PEP 263 that extend ASCII, from Python's own codecs: a code point for each byte from 0x80, and for two-byte
encodings one for each pair; a relative of another encoding is that one with patches. And the names of \\N{...}: a hash of
each, for the Basic Multilingual Plane and the symbols of plane 1; ideographs and Hangul have names that are computed."""
import encodings.aliases
import sys
import unicodedata

SINGLE = """cp437 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
cp1006 cp1125 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 hp_roman8 iso8859_1 iso8859_2 iso8859_3 iso8859_4
iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11 iso8859_13 iso8859_14 iso8859_15 iso8859_16 koi8_r
koi8_t koi8_u kz1048 mac_croatian mac_cyrillic mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian mac_turkish
ptcp154 tis_620""".split()
DOUBLE = [("gb18030", None), ("gbk", "gb18030"), ("gb2312", "gb18030"), ("cp950", None), ("big5", "cp950"), ("cp932", None),
          ("shift_jis", "cp932"), ("cp949", None), ("euc_kr", "cp949"), ("euc_jp", None)]
KINDS = {"utf_8": "UTF8", "utf_8_sig": "UTF8", "ascii": "UTF8", "utf_7": "UTF7", "unicode_escape": "ESCAPE",
         "raw_unicode_escape": "RAW_ESCAPE"}
LEADS, TRAILS = range(0x81, 0xff), range(0x40, 0xff)
NOTHING = 0xfffd


def char(raw, name):
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        return 0
    return ord(text) if len(text) == 1 and ord(text) < 0x10000 else 0


def singles(name):
    return [char(bytes([b]), name) for b in range(0x80, 0x100)]


def pairs(name):
    return [char(bytes([a, b]), name) for a in LEADS for b in TRAILS]


def known():
    """Codecs this Python has and that leave ASCII alone."""
    ascii_text = bytes(range(0x20, 0x7f))
    for name in SINGLE + [n for n, _ in DOUBLE]:
        try:
            if ascii_text.decode(name) == ascii_text.decode("ascii"):
                yield name
        except LookupError:
            pass


def array(out, kind, name, values):
    out.append("static const %s %s[] = {" % (kind, name))
    for i in range(0, len(values), 24):
        out.append(",".join(str(v) for v in values[i:i + 24]) + ",")
    out.append("};")


def codecs(out):
    names, rows = {}, []
    have = set(known())
    for n, name in enumerate(sorted(have)):
        array(out, "uint16_t", "single_%s" % name, singles(name))
    tables = {name: pairs(name) for name, _ in DOUBLE if name in have}
    for name, base in DOUBLE:
        if name not in have:
            continue
        if base:
            patch = [x for i, v in enumerate(tables[name]) if v and v != tables[base][i] for x in (i, v)]
            array(out, "uint16_t", "patch_%s" % name, patch or [0, tables[base][0]])
        else:
            array(out, "uint16_t", "pairs_%s" % name, tables[name])
    bases = dict(DOUBLE)
    for name in sorted(have):
        if name in tables:
            base = bases[name] or name
            patch = "patch_%s, sizeof patch_%s / 4" % (name, name) if bases[name] else "NULL, 0"
            rows.append("{PY_CODEC_DOUBLE, single_%s, pairs_%s, %s}" % (name, base, patch))
        else:
            rows.append("{PY_CODEC_SINGLE, single_%s, NULL, NULL, 0}" % name)
        names[name] = len(rows) - 1
    for name, kind in KINDS.items():
        rows.append("{PY_CODEC_%s, NULL, NULL, NULL, 0}" % kind)
        names[name] = len(rows) - 1
    for alias, name in encodings.aliases.aliases.items():
        name = {"latin_1": "iso8859_1"}.get(name, name)
        if name in names:
            names.setdefault(alias, names[name])
    names["latin_1"] = names["iso8859_1"]
    out.append("static const py_codec codecs[] = {%s};" % ",\n".join(rows))
    out.append("const py_codec_name py_codec_names[] = {")
    out += ['{"%s", &codecs[%d]},' % (n, names[n]) for n in sorted(names)]
    out.append("};\nconst uint32_t py_n_codec_names = %d;" % len(names))


def hashed(name):
    h = 2166136261
    for c in name.encode("ascii"):
        h = (h ^ c) * 16777619 & 0xffffffff
    return h


def aliases():
    """Names that unicodedata finds and does not tell: controls and corrections."""
    controls = """NULL;START OF HEADING;START OF TEXT;END OF TEXT;END OF TRANSMISSION;ENQUIRY;ACKNOWLEDGE;ALERT;BACKSPACE
CHARACTER TABULATION;HORIZONTAL TABULATION;TAB;LINE FEED;NEW LINE;END OF LINE;LINE TABULATION;VERTICAL TABULATION;FORM FEED
CARRIAGE RETURN;SHIFT OUT;SHIFT IN;DATA LINK ESCAPE;DEVICE CONTROL ONE;CANCEL;END OF MEDIUM;SUBSTITUTE;ESCAPE;DELETE
INFORMATION SEPARATOR ONE;INFORMATION SEPARATOR TWO;INFORMATION SEPARATOR THREE;INFORMATION SEPARATOR FOUR;NEXT LINE
LF;NL;EOL;CR;FF;HT;VT;NUL;BEL;BS;ESC;DEL;SP;NBSP;ZWSP;ZWNJ;ZWJ;LRM;RLM;BOM;ZWNBSP;BYTE ORDER MARK;SHY;CGJ;LRE;RLE;PDF;LRO;RLO
LRI;RLI;FSI;PDI;WJ;NNBSP;ALM;VS16;VARIATION SELECTOR-16"""
    for name in controls.replace("\n", ";").split(";"):
        try:
            yield name, ord(unicodedata.lookup(name))
        except KeyError:
            pass


def character_names(out):
    named = {}
    for cp in [*range(0x20, 0x10000), *range(0x1d100, 0x1d800), *range(0x1f000, 0x1fb00)]:
        name = unicodedata.name(chr(cp), "")
        if name and not name.startswith(("CJK UNIFIED IDEOGRAPH-", "HANGUL SYLLABLE ")):
            named[name] = cp
    named.update(aliases())
    rows = sorted((hashed(n), cp) for n, cp in named.items())
    assert len({h for h, _ in rows}) == len(rows), "two names with one hash"
    array(out, "uint32_t", "name_hashes", [h for h, _ in rows])
    array(out, "uint32_t", "name_chars", [cp for _, cp in rows])
    out.append("""
uint32_t py_named_hash(uint32_t hash)
{
    uint32_t lo = 0, hi = %d;
    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;
        if (name_hashes[mid] < hash)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < %d && name_hashes[lo] == hash ? name_chars[lo] : 0;
}""" % (len(rows), len(rows)))


def main():
    out = ["/* SPDX-License-Identifier: Apache-2.0 */", "/* Made by tools/gen_unicode.py. */",
           '#include "engine/languages/python/unicode.h"']
    codecs(out)
    character_names(out)
    with open(sys.argv[1], "w", encoding="ascii") as f:
        f.write("\n".join(out) + "\n")


if __name__ == "__main__":
    main()
