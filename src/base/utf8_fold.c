/* SPDX-License-Identifier: Apache-2.0 */
/* Case fold and composition for collision tests of file names: what a case-insensitive, normalising
 * file system would take for the same name, in Latin, Greek and Cyrillic. */
#include "base/utf8.h"

/* Upper-case ranges: every `step`th code point of it folds by adding `shift`. */
static const struct {
    uint32_t from, to, step;
    int32_t shift;
} folds[] = {
    {0x0041, 0x005a, 1, 32},
    {0x00b5, 0x00b5, 1, 0x3bc - 0xb5},
    {0x00c0, 0x00d6, 1, 32},
    {0x00d8, 0x00de, 1, 32},
    {0x0100, 0x012e, 2, 1},
    {0x0132, 0x0136, 2, 1},
    {0x0139, 0x0147, 2, 1},
    {0x014a, 0x0176, 2, 1},
    {0x0178, 0x0178, 1, 0xff - 0x178},
    {0x0179, 0x017d, 2, 1},
    {0x017f, 0x017f, 1, 's' - 0x17f},
    {0x01cd, 0x01db, 2, 1},
    {0x01de, 0x01ee, 2, 1},
    {0x01f4, 0x01f4, 1, 1},
    {0x01f8, 0x021e, 2, 1},
    {0x0222, 0x0232, 2, 1},
    {0x0386, 0x0386, 1, 38},
    {0x0388, 0x038a, 1, 37},
    {0x038c, 0x038c, 1, 64},
    {0x038e, 0x038f, 1, 63},
    {0x0391, 0x03a1, 1, 32},
    {0x03a3, 0x03ab, 1, 32},
    {0x03c2, 0x03c2, 1, 1},
    {0x03d8, 0x03ee, 2, 1},
    {0x0400, 0x040f, 1, 80},
    {0x0410, 0x042f, 1, 32},
    {0x0460, 0x0480, 2, 1},
    {0x048a, 0x04be, 2, 1},
    {0x04c0, 0x04c0, 1, 15},
    {0x04c1, 0x04cd, 2, 1},
    {0x04d0, 0x052e, 2, 1},
    {0x1e00, 0x1e94, 2, 1},
    {0x1e9b, 0x1e9b, 1, 0x1e61 - 0x1e9b},
    {0x1e9e, 0x1e9e, 1, 0xdf - 0x1e9e},
    {0x1ea0, 0x1efe, 2, 1},
    {0x212a, 0x212a, 1, 'k' - 0x212a},
    {0x212b, 0x212b, 1, 0xe5 - 0x212b},
    {0xff21, 0xff3a, 1, 32},
};

/* For each combining mark: pairs of a letter and that letter composed with the mark. */
static const struct {
    uint32_t mark;
    const char *pairs;
} marks[] = {
    {0x0300, "aàeèiìoòuùüǜnǹеѐиѝēḕōṑwẁâầăằêềôồơờưừyỳ"},
    {0x0301, "aáeéiíoóuúyýcćlĺnńrŕsśzźüǘgǵåǻæǽøǿϊΐαάεέηήιίϋΰοόυύωώϒϓгѓкќçḉēḗïḯkḱmḿõṍōṓpṕũṹwẃâấăắêếôốơớưứ"},
    {0x0302, "aâeêiîoôuûcĉgĝhĥjĵsŝwŵyŷzẑạậẹệọộ"},
    {0x0303, "aãnñoõiĩuũvṽâẫăẵeẽêễôỗơỡưữyỹ"},
    {0x0304, "aāeēiīoōuūüǖäǟȧǡæǣǫǭöȫõȭȯȱyȳиӣуӯgḡḷḹṛṝ"},
    {0x0306, "aăeĕgğiĭoŏuŭийуўжӂаӑеӗȩḝạặ"},
    {0x0307, "cċeėgġzżaȧoȯbḃdḋfḟhḣmṁnṅpṗrṙsṡśṥšṧṣṩtṫwẇxẋyẏſẛ"},
    {0x0308, "aäeëiïoöuüyÿιϊυϋϒϔеёіїаӓәӛжӝзӟиӥоӧөӫэӭуӱчӵыӹhḧõṏūṻwẅxẍtẗ"},
    {0x0309, "aảâẩăẳeẻêểiỉoỏôổơởuủưửyỷ"},
    {0x030a, "aåuůwẘyẙ"},
    {0x030b, "oőuűуӳ"},
    {0x030c, "cčdďeělľnňrřsštťzžaǎiǐoǒuǔüǚgǧkǩʒǯjǰhȟ"},
    {0x030f, "aȁeȅiȉoȍrȑuȕѵѷ"},
    {0x0311, "aȃeȇiȋoȏrȓuȗ"},
    {0x031b, "oơuư"},
    {0x0323, "bḅdḍhḥkḳlḷmṃnṇrṛsṣtṭvṿwẉzẓaạeẹiịoọơợuụưựyỵ"},
    {0x0324, "uṳ"},
    {0x0325, "aḁ"},
    {0x0326, "sștț"},
    {0x0327, "cçgģkķlļnņrŗsştţeȩdḑhḩ"},
    {0x0328, "aąeęiįuųoǫ"},
    {0x032d, "dḓeḙlḽnṋtṱuṷ"},
    {0x032e, "hḫ"},
    {0x0330, "eḛiḭuṵ"},
    {0x0331, "bḇdḏkḵlḻnṉrṟtṯzẕhẖ"},
};

static uint32_t fold(uint32_t cp)
{
    for (size_t i = 0; i < TW_COUNT(folds) && cp >= folds[i].from; i++)
        if (cp <= folds[i].to && (cp - folds[i].from) % folds[i].step == 0)
            return (uint32_t)((int32_t)cp + folds[i].shift);
    return cp;
}

/* Letter and mark as one code point, 0 where there is none. */
static uint32_t compose(uint32_t letter, uint32_t mark)
{
    for (size_t i = 0; i < TW_COUNT(marks); i++) {
        if (marks[i].mark != mark) continue;
        tw_str pairs = tw_str_c(marks[i].pairs);
        for (size_t off = 0; off < pairs.n;) {
            uint32_t from = tw_utf8_next(pairs, &off, NULL), to = tw_utf8_next(pairs, &off, NULL);
            if (from == letter) return to;
        }
    }
    return 0;
}

void tw_utf8_fold(tw_buf *b, tw_str s)
{
    uint32_t held = 0; /* a letter that a mark may follow */
    for (size_t off = 0; off < s.n;) {
        size_t at = off;
        bool bad;
        uint32_t cp = fold(tw_utf8_next(s, &off, &bad));
        uint32_t both = held && !bad && cp >= 0x300 && cp < 0x370 ? compose(held, cp) : 0;
        if (both) {
            held = both;
            continue;
        }
        if (held) tw_utf8_put(b, held);
        held = bad ? 0 : cp;
        if (bad || !cp) tw_buf_putc(b, s.p[at]); /* broken bytes stay apart from each other */
    }
    if (held) tw_utf8_put(b, held);
}
