/* SPDX-License-Identifier: Apache-2.0 */
/* \N{NAME} for what can hide code (all of ASCII) and for what is common besides; other names stay as
 * written. tests/python/check_unicode.py holds the tables against unicodedata. */
#include "engine/languages/python/py.h"

typedef struct named {
    const char *name;
    uint32_t cp;
} named;
static const named others[] = {
    {"SPACE", 0x20},
    {"EXCLAMATION MARK", 0x21},
    {"QUOTATION MARK", 0x22},
    {"NUMBER SIGN", 0x23},
    {"DOLLAR SIGN", 0x24},
    {"PERCENT SIGN", 0x25},
    {"AMPERSAND", 0x26},
    {"APOSTROPHE", 0x27},
    {"LEFT PARENTHESIS", 0x28},
    {"RIGHT PARENTHESIS", 0x29},
    {"ASTERISK", 0x2a},
    {"PLUS SIGN", 0x2b},
    {"COMMA", 0x2c},
    {"HYPHEN-MINUS", 0x2d},
    {"FULL STOP", 0x2e},
    {"SOLIDUS", 0x2f},
    {"COLON", 0x3a},
    {"SEMICOLON", 0x3b},
    {"LESS-THAN SIGN", 0x3c},
    {"EQUALS SIGN", 0x3d},
    {"GREATER-THAN SIGN", 0x3e},
    {"QUESTION MARK", 0x3f},
    {"COMMERCIAL AT", 0x40},
    {"LEFT SQUARE BRACKET", 0x5b},
    {"REVERSE SOLIDUS", 0x5c},
    {"RIGHT SQUARE BRACKET", 0x5d},
    {"CIRCUMFLEX ACCENT", 0x5e},
    {"LOW LINE", 0x5f},
    {"GRAVE ACCENT", 0x60},
    {"LEFT CURLY BRACKET", 0x7b},
    {"VERTICAL LINE", 0x7c},
    {"RIGHT CURLY BRACKET", 0x7d},
    {"TILDE", 0x7e},
    {"NO-BREAK SPACE", 0xa0},
    {"INVERTED EXCLAMATION MARK", 0xa1},
    {"POUND SIGN", 0xa3},
    {"YEN SIGN", 0xa5},
    {"SECTION SIGN", 0xa7},
    {"COPYRIGHT SIGN", 0xa9},
    {"LEFT-POINTING DOUBLE ANGLE QUOTATION MARK", 0xab},
    {"SOFT HYPHEN", 0xad},
    {"REGISTERED SIGN", 0xae},
    {"DEGREE SIGN", 0xb0},
    {"PLUS-MINUS SIGN", 0xb1},
    {"SUPERSCRIPT TWO", 0xb2},
    {"SUPERSCRIPT THREE", 0xb3},
    {"MICRO SIGN", 0xb5},
    {"PILCROW SIGN", 0xb6},
    {"MIDDLE DOT", 0xb7},
    {"RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK", 0xbb},
    {"VULGAR FRACTION ONE HALF", 0xbd},
    {"INVERTED QUESTION MARK", 0xbf},
    {"MULTIPLICATION SIGN", 0xd7},
    {"LATIN SMALL LETTER SHARP S", 0xdf},
    {"DIVISION SIGN", 0xf7},
    {"LATIN SMALL LETTER DOTLESS I", 0x131},
    {"LATIN CAPITAL LETTER S WITH CARON", 0x160},
    {"LATIN SMALL LETTER S WITH CARON", 0x161},
    {"LATIN CAPITAL LETTER Z WITH CARON", 0x17d},
    {"LATIN SMALL LETTER Z WITH CARON", 0x17e},
    {"COMBINING GRAVE ACCENT", 0x300},
    {"COMBINING ACUTE ACCENT", 0x301},
    {"COMBINING CIRCUMFLEX ACCENT", 0x302},
    {"COMBINING TILDE", 0x303},
    {"COMBINING MACRON", 0x304},
    {"COMBINING DOT ABOVE", 0x307},
    {"COMBINING DIAERESIS", 0x308},
    {"COMBINING RING ABOVE", 0x30a},
    {"COMBINING LONG SOLIDUS OVERLAY", 0x338},
    {"ZERO WIDTH SPACE", 0x200b},
    {"ZERO WIDTH NON-JOINER", 0x200c},
    {"ZERO WIDTH JOINER", 0x200d},
    {"LEFT-TO-RIGHT MARK", 0x200e},
    {"RIGHT-TO-LEFT MARK", 0x200f},
    {"EN SPACE", 0x2002},
    {"EM SPACE", 0x2003},
    {"THIN SPACE", 0x2009},
    {"NARROW NO-BREAK SPACE", 0x202f},
    {"HYPHEN", 0x2010},
    {"NON-BREAKING HYPHEN", 0x2011},
    {"FIGURE DASH", 0x2012},
    {"EN DASH", 0x2013},
    {"EM DASH", 0x2014},
    {"LEFT SINGLE QUOTATION MARK", 0x2018},
    {"RIGHT SINGLE QUOTATION MARK", 0x2019},
    {"LEFT DOUBLE QUOTATION MARK", 0x201c},
    {"RIGHT DOUBLE QUOTATION MARK", 0x201d},
    {"DAGGER", 0x2020},
    {"BULLET", 0x2022},
    {"TWO DOT LEADER", 0x2025},
    {"HORIZONTAL ELLIPSIS", 0x2026},
    {"LEFT-TO-RIGHT EMBEDDING", 0x202a},
    {"RIGHT-TO-LEFT EMBEDDING", 0x202b},
    {"POP DIRECTIONAL FORMATTING", 0x202c},
    {"LEFT-TO-RIGHT OVERRIDE", 0x202d},
    {"RIGHT-TO-LEFT OVERRIDE", 0x202e},
    {"PRIME", 0x2032},
    {"DOUBLE PRIME", 0x2033},
    {"EURO SIGN", 0x20ac},
    {"LINE SEPARATOR", 0x2028},
    {"PARAGRAPH SEPARATOR", 0x2029},
    {"WORD JOINER", 0x2060},
    {"LEFT-TO-RIGHT ISOLATE", 0x2066},
    {"RIGHT-TO-LEFT ISOLATE", 0x2067},
    {"FIRST STRONG ISOLATE", 0x2068},
    {"POP DIRECTIONAL ISOLATE", 0x2069},
    {"DOUBLE-STRUCK CAPITAL C", 0x2102},
    {"DOUBLE-STRUCK CAPITAL N", 0x2115},
    {"DOUBLE-STRUCK CAPITAL R", 0x211d},
    {"TRADE MARK SIGN", 0x2122},
    {"DOUBLE-STRUCK CAPITAL Z", 0x2124},
    {"PLANCK CONSTANT OVER TWO PI", 0x210f},
    {"SCRIPT SMALL E", 0x212f},
    {"LEFTWARDS ARROW", 0x2190},
    {"UPWARDS ARROW", 0x2191},
    {"RIGHTWARDS ARROW", 0x2192},
    {"DOWNWARDS ARROW", 0x2193},
    {"LEFT RIGHT ARROW", 0x2194},
    {"RIGHTWARDS DOUBLE ARROW", 0x21d2},
    {"LEFT RIGHT DOUBLE ARROW", 0x21d4},
    {"FOR ALL", 0x2200},
    {"PARTIAL DIFFERENTIAL", 0x2202},
    {"THERE EXISTS", 0x2203},
    {"EMPTY SET", 0x2205},
    {"NABLA", 0x2207},
    {"ELEMENT OF", 0x2208},
    {"NOT AN ELEMENT OF", 0x2209},
    {"MINUS SIGN", 0x2212},
    {"N-ARY SUMMATION", 0x2211},
    {"SQUARE ROOT", 0x221a},
    {"INFINITY", 0x221e},
    {"LOGICAL AND", 0x2227},
    {"LOGICAL OR", 0x2228},
    {"INTERSECTION", 0x2229},
    {"UNION", 0x222a},
    {"INTEGRAL", 0x222b},
    {"ALMOST EQUAL TO", 0x2248},
    {"NOT EQUAL TO", 0x2260},
    {"IDENTICAL TO", 0x2261},
    {"LESS-THAN OR EQUAL TO", 0x2264},
    {"GREATER-THAN OR EQUAL TO", 0x2265},
    {"DOT OPERATOR", 0x22c5},
    {"CIRCLED TIMES", 0x2297},
    {"CIRCLED PLUS", 0x2295},
    {"BOX DRAWINGS LIGHT HORIZONTAL", 0x2500},
    {"BOX DRAWINGS LIGHT VERTICAL", 0x2502},
    {"BLACK CIRCLE", 0x25cf},
    {"BLACK SQUARE", 0x25a0},
    {"FULL BLOCK", 0x2588},
    {"SNOWMAN", 0x2603},
    {"CHECK MARK", 0x2713},
    {"HEAVY CHECK MARK", 0x2714},
    {"BALLOT X", 0x2717},
    {"HEAVY BALLOT X", 0x2718},
    {"MATHEMATICAL LEFT ANGLE BRACKET", 0x27e8},
    {"MATHEMATICAL RIGHT ANGLE BRACKET", 0x27e9},
    {"LONG RIGHTWARDS SQUIGGLE ARROW", 0x27ff},
    {"ZERO WIDTH NO-BREAK SPACE", 0xfeff},
    {"REPLACEMENT CHARACTER", 0xfffd},
    {"SNAKE", 0x1f40d},
    {"GRINNING FACE", 0x1f600},
    {"LINE FEED", 0xa},
    {"LF", 0xa},
    {"NEW LINE", 0xa},
    {"CARRIAGE RETURN", 0xd},
    {"CR", 0xd},
    {"CHARACTER TABULATION", 0x9},
    {"TAB", 0x9},
    {"ESCAPE", 0x1b},
    {"ESC", 0x1b},
    {"BACKSPACE", 0x8},
    {"ALERT", 0x7},
    {"FORM FEED", 0xc},
    {"DELETE", 0x7f},
    {"BYTE ORDER MARK", 0xfeff},
    {"NBSP", 0xa0},
    {"SHY", 0xad},
    {"ZWJ", 0x200d},
    {"ZWNJ", 0x200c},
    {"ZWSP", 0x200b},
    {"RLO", 0x202e},
    {"LRO", 0x202d},
    {"PDF", 0x202c},
};

static const char *const digits[] = {"ZERO", "ONE", "TWO",   "THREE", "FOUR",
                                     "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"};
static const char *const greek[] = {"ALPHA",   "BETA", "GAMMA", "DELTA",       "EPSILON", "ZETA", "ETA",
                                    "THETA",   "IOTA", "KAPPA", "LAMDA",       "MU",      "NU",   "XI",
                                    "OMICRON", "PI",   "RHO",   "FINAL SIGMA", "SIGMA",   "TAU",  "UPSILON",
                                    "PHI",     "CHI",  "PSI",   "OMEGA"};

/* Letters with marks of Latin-1: per base letter, the code points of its forms, 0 for none. */
static const char *const marks[] = {"GRAVE",     "ACUTE",      "CIRCUMFLEX", "TILDE",
                                    "DIAERESIS", "RING ABOVE", "CEDILLA"};
static const struct {
    char letter;
    uint8_t with[7];
} marked[] = {
    {'A', {0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0}},
    {'C', {0, 0, 0, 0, 0, 0, 0xc7}},
    {'E', {0xc8, 0xc9, 0xca, 0, 0xcb, 0, 0}},
    {'I', {0xcc, 0xcd, 0xce, 0, 0xcf, 0, 0}},
    {'N', {0, 0, 0, 0xd1, 0, 0, 0}},
    {'O', {0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0, 0}},
    {'U', {0xd9, 0xda, 0xdb, 0, 0xdc, 0, 0}},
    {'Y', {0, 0xdd, 0, 0, 0, 0, 0}},
};

static bool eq(tw_str s, const char *z)
{
    return tw_str_eq(s, tw_str_c(z));
}

static uint32_t latin(tw_str rest, bool small)
{
    if (!rest.n || rest.p[0] < 'A' || rest.p[0] > 'Z') return 0;
    if (rest.n == 1) return (uint32_t)rest.p[0] + (small ? 32 : 0);
    if (!tw_str_starts(tw_str_sub(rest, 1, rest.n), TW_S(" WITH "))) return 0;
    tw_str mark = tw_str_sub(rest, 7, rest.n);
    for (size_t i = 0; i < TW_COUNT(marked); i++)
        for (size_t k = 0; k < TW_COUNT(marks) && marked[i].letter == rest.p[0]; k++)
            if (marked[i].with[k] && eq(mark, marks[k])) return marked[i].with[k] + (small ? 32u : 0);
    return 0;
}

static uint32_t greek_letter(tw_str rest, bool small)
{
    for (uint32_t i = 0; i < TW_COUNT(greek); i++)
        if (eq(rest, greek[i])) return i == 17 && !small ? 0 : (small ? 0x3b1u : 0x391u) + i;
    return 0;
}

/* 0 where unknown (NULL's own 0 is written \0 by everyone). */
uint32_t py_named(tw_str name)
{
    char up[64];
    if (name.n > sizeof up) return 0;
    for (size_t i = 0; i < name.n; i++)
        up[i] = name.p[i] >= 'a' && name.p[i] <= 'z' ? (char)(name.p[i] - 32) : name.p[i];
    tw_str s = {up, name.n};
    static const struct {
        tw_str prefix;
        uint32_t (*letter)(tw_str, bool);
        bool small;
    } kinds[] = {
        {TW_SI("LATIN SMALL LETTER "), latin, true},
        {TW_SI("LATIN CAPITAL LETTER "), latin, false},
        {TW_SI("GREEK SMALL LETTER "), greek_letter, true},
        {TW_SI("GREEK CAPITAL LETTER "), greek_letter, false},
    };
    for (size_t i = 0; i < TW_COUNT(kinds); i++) {
        tw_str rest = tw_str_sub(s, kinds[i].prefix.n, s.n);
        uint32_t cp = tw_str_starts(s, kinds[i].prefix) ? kinds[i].letter(rest, kinds[i].small) : 0;
        if (cp) return cp;
    }
    if (tw_str_starts(s, TW_S("DIGIT ")))
        for (uint32_t i = 0; i < 10; i++)
            if (eq(tw_str_sub(s, 6, s.n), digits[i])) return '0' + i;
    for (size_t i = 0; i < TW_COUNT(others); i++)
        if (eq(s, others[i].name)) return others[i].cp;
    return 0;
}
