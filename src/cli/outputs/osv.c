/* SPDX-License-Identifier: Apache-2.0 */
/* OSV records of malicious packages, one object a line, for what is malicious alone; with --withdraw, records that take one
 * back for what no longer is. */
#include <time.h>

#include "cli/outputs/records.h"

enum { ADDRESSES = 50, SAYS = 600, ID_DIGITS = 16, BEHAVIOURS = 12, DETAILS_MAX = 8000 };

static void put_time(tw_json_w *w, const char *key, int64_t at)
{
    char text[32];
    time_t t = (time_t)at;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, tw_str_c(text));
}

static const char *ecosystem_of(const tw_doc *doc)
{
    return tw_get_is(doc, 0, "ecosystem", "pypi")  ? "PyPI"
           : tw_get_is(doc, 0, "ecosystem", "npm") ? "npm"
                                                   : NULL;
}

/* Stable for a package and version, whatever was found. */
static void put_id(tw_json_w *w, const tw_sink *s, const tw_doc *doc)
{
    tw_buf b = TW_BUF_INIT;
    if (!s->id_prefix) return;
    tw_digest d = tw_sha256_of(tw_get_text(doc, 0, "purl"));
    char hex[65];
    tw_digest_hex(&d, hex);
    tw_buf_fmt(&b, "%s-%.*s", s->id_prefix, ID_DIGITS, hex);
    tw_json_key(w, TW_S("id"));
    tw_json_str(w, tw_buf_str(&b));
    tw_buf_free(&b);
}

/* Markdown, as the format has it. */
static void put_details(tw_json_w *w, const tw_doc *doc, bool withdrawn)
{
    tw_buf b = TW_BUF_INIT;
    uint32_t versions = tw_get_object(doc, 0, "versions"), n = 0;
    if (withdrawn) tw_buf_puts(&b, TW_S("Withdrawn: with newer rules it is not judged malicious. "));
    tw_md_put(&b, tw_get_text(doc, 0, "summary"), 2 * SAYS);
    tw_buf_puts(&b, TW_S("\n"));
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        if (withdrawn || !tw_get_is(doc, i, "level", "malicious") || n++ >= BEHAVIOURS || b.n > DETAILS_MAX)
            continue;
        tw_buf_puts(&b, TW_S("\n- "));
        tw_md_put(&b, tw_get_text(doc, i, "says"), SAYS);
        uint32_t places = tw_get_list(doc, i, "evidence");
        if (!places || !doc->nodes[places].count) continue;
        tw_str member = tw_get_text(doc, tw_node_first(doc, places), "member");
        if (member.n) tw_buf_puts(&b, TW_S(" in "));
        tw_md_code(&b, member, 200);
    }
    tw_buf_fmt(&b, "%s\nFound by tidewaiter " TW_VERSION " with rules ", n ? "\n" : "");
    tw_md_code(&b, versions ? tw_get_text(doc, versions, "rules") : TW_S(""), 40);
    tw_buf_puts(&b, TW_S(", without running any of it; SHA-256 of the artifact: "));
    tw_md_code(&b, tw_get_text(doc, 0, "sha256"), 64);
    tw_buf_puts(&b, TW_S(".\n"));
    tw_json_key(w, TW_S("details"));
    tw_json_str(w, tw_buf_str(&b));
    tw_buf_free(&b);
}

static void put_affected(tw_json_w *w, const tw_doc *doc, bool project)
{
    tw_str purl = tw_get_text(doc, 0, "purl"), version = tw_get_text(doc, 0, "version");
    size_t at = tw_str_rchr(purl, '@');
    tw_json_key(w, TW_S("affected"));
    tw_json_arr(w);
    tw_json_obj(w);
    tw_json_key(w, TW_S("package"));
    tw_json_obj(w);
    tw_json_key(w, TW_S("ecosystem"));
    tw_json_str(w, tw_str_c(ecosystem_of(doc)));
    tw_record_text(w, "name", tw_get_text(doc, 0, "name"), 0);
    /* The "@" of a version; one of a scope is escaped in a purl, or has a name behind it. */
    if (at != TW_NPOS && tw_str_chr(tw_str_sub(purl, at, purl.n), '/') == TW_NPOS)
        purl = tw_str_sub(purl, 0, at);
    tw_record_text(w, "purl", purl, 0);
    tw_json_obj_end(w);
    if (project)
        tw_json_key(w, TW_S("ranges")),
            tw_json_raw(w, TW_S("[{\"type\":\"ECOSYSTEM\",\"events\":[{\"introduced\":\"0\"}]}]"));
    if (version.n) {
        tw_json_key(w, TW_S("versions"));
        tw_json_arr(w);
        tw_json_str(w, version);
        tw_json_arr_end(w);
    }
    tw_json_key(w, TW_S("database_specific"));
    tw_json_raw(w, TW_S("{\"cwes\":[{\"cweId\":\"CWE-506\",\"name\":\"Embedded Malicious Code\"}]}"));
    tw_json_obj_end(w);
    tw_json_arr_end(w);
}

/* --- addresses --------------------------------------------------------------------------------------- */
static int digit_of(char c)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(set, c) : NULL;
    return at ? (int)(at - set) : -1;
}

static void unbase64(tw_buf *b, tw_str s)
{
    uint32_t bits = 0, n = 0;
    for (size_t i = 0; i < s.n; i++) {
        int d = digit_of(s.p[i]);
        if (d < 0) return;
        bits = bits << 6 | (uint32_t)d;
        if ((n += 6) >= 8) tw_buf_u8(b, (uint8_t)(bits >> (n -= 8)));
    }
}

/* Only what a malicious behaviour speaks of: other hosts in the code may be anybody's. */
static bool is_told(const tw_doc *doc, tw_str shown)
{
    TW_EACH_NODE (doc, tw_get_list(doc, 0, "behaviours"), i) {
        if (tw_get_is(doc, i, "level", "malicious") && shown.n > 3 &&
            tw_str_find(tw_get_text(doc, i, "says"), shown) != TW_NPOS)
            return true;
    }
    return false;
}

static void put_addresses(tw_json_w *w, const tw_doc *doc)
{
    static const char *const keys[][2] = {{"domains", "hosts"}, {"urls", "urls"}, {"ip_addresses", "ips"}};
    uint32_t indicators = tw_get_object(doc, 0, "indicators");
    tw_json_key(w, TW_S("database_specific"));
    tw_json_obj(w);
    tw_json_key(w, TW_S("iocs"));
    tw_json_obj(w);
    for (size_t k = 0; k < TW_COUNT(keys); k++) {
        uint32_t n = 0;
        tw_json_key(w, tw_str_c(keys[k][0]));
        tw_json_arr(w);
        TW_EACH_NODE (doc, indicators ? tw_get_list(doc, indicators, keys[k][1]) : 0, i) {
            tw_buf raw = TW_BUF_INIT, shown = TW_BUF_INIT;
            if (is_told(doc, tw_get_text(doc, i, "shown")) && n++ < ADDRESSES) {
                unbase64(&raw, tw_get_text(doc, i, "raw_b64"));
                tw_term_put(&shown, tw_buf_str(&raw), 0);
                tw_json_str(w, tw_buf_str(&shown));
            }
            tw_buf_free(&raw);
            tw_buf_free(&shown);
        }
        tw_json_arr_end(w);
    }
    tw_json_obj_end(w);
    tw_json_obj_end(w);
}

/* --- the record --------------------------------------------------------------------------------------- */
static const char *why_not(const tw_sink *s, const tw_result *r, const tw_doc *doc, bool project)
{
    bool malicious = r->level == TW_LEVEL_MALICIOUS;
    if (!s->withdraw && !malicious) return "no record: it is not malicious";
    if (s->withdraw && malicious) return "no withdrawal: it is malicious";
    if (s->withdraw && r->level == TW_LEVEL_UNREVIEWABLE) return "no withdrawal: it could not be read";
    if (!ecosystem_of(doc) || !tw_get_text(doc, 0, "name").n)
        return "no record: it is no package with a name of PyPI or npm";
    if (!project && !tw_get_text(doc, 0, "version").n) return "no record: its version is not known";
    return NULL;
}

static void result(tw_sink *s, const tw_result *r)
{
    tw_doc doc;
    if (tw_json_read(s->arena, r->report, NULL, &doc, NULL) != TW_OK) return; /* it was read before */
    uint32_t advice = tw_get_object(&doc, 0, "recommendation");
    bool project = advice && tw_get_is(&doc, advice, "scope", "project");
    const char *not = why_not(s, r, &doc, project);
    if (not ) {
        tw_record_note(r, not );
        return;
    }
    tw_json_w w = tw_json_writer(&s->out);
    tw_json_obj(&w);
    tw_json_key(&w, TW_S("schema_version"));
    tw_json_str(&w, TW_S("1.7.4"));
    put_id(&w, s, &doc);
    put_time(&w, "modified", s->now);
    put_time(&w, s->withdraw ? "withdrawn" : "published", s->now);
    put_details(&w, &doc, s->withdraw);
    put_affected(&w, &doc, project);
    tw_json_key(&w, TW_S("credits"));
    tw_json_raw(&w, TW_S("[{\"name\":\"tidewaiter\",\"type\":\"TOOL\"}]"));
    if (!s->withdraw) put_addresses(&w, &doc);
    tw_json_obj_end(&w);
    tw_buf_putc(&s->out, '\n');
}

const tw_output tw_output_osv = {"osv", result, NULL};
