/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>

enum { MAX_REDIRECTS = 5, TRIES = 3, TEXT_BYTES = 256 << 20, ANSWER_NODES = 12000000 };

struct tw_http {
    CURL *curl;
    tw_arena *arena;
    tw_str origin, user, password; /* of the index */
    tw_str ca;
    bool loopback_index;
};

typedef struct transfer {
    CURL *curl;
    tw_sink sink;
    uint64_t got;
    bool over, stopped;
    char reason[120]; /* of the status line: what a gate says to people */
} transfer;

tw_http *tw_http_new(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    tw_arena *a = tw_arena_new(0);
    tw_http *h = TW_NEW(a, tw_http);
    h->arena = a;
    h->curl = curl_easy_init();
    return h;
}

void tw_http_free(tw_http *h)
{
    if (!h) return;
    curl_easy_cleanup(h->curl);
    curl_global_cleanup();
    tw_arena_free(h->arena);
}

static tw_str part(tw_arena *a, CURLU *u, CURLUPart what, unsigned flags)
{
    char *z = NULL;
    tw_str s = {NULL, 0};
    if (curl_url_get(u, what, &z, flags) == CURLUE_OK) s = tw_arena_str(a, tw_str_c(z));
    curl_free(z);
    return s;
}

static CURLU *parse_url(tw_arena *a, tw_str url)
{
    CURLU *u = curl_url();
    tw_str z = tw_arena_str(a, url);
    /* NON_SUPPORT: other schemes are parsed too, so that the refusal can name them */
    if (strlen(z.p) == url.n && curl_url_set(u, CURLUPART_URL, z.p, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
        return u;
    curl_url_cleanup(u);
    return NULL;
}

static bool is_loopback(tw_str host)
{
    unsigned a, b, c, e;
    char z[64], end;
    if (tw_str_ieq(host, TW_S("localhost")) || tw_str_eq(host, TW_S("[::1]"))) return true;
    if (host.n >= sizeof z) return false;
    snprintf(z, sizeof z, "%.*s", TW_FMT(host));
    return sscanf(z, "%3u.%3u.%3u.%3u%c", &a, &b, &c, &e, &end) == 4 && a == 127;
}

static tw_str origin_of(tw_arena *a, CURLU *u)
{
    tw_str scheme = part(a, u, CURLUPART_SCHEME, 0), host = part(a, u, CURLUPART_HOST, 0);
    tw_str port = part(a, u, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    char *p = (char *)(uintptr_t)host.p;
    for (size_t i = 0; i < host.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] + 32);
    return tw_arena_fmt(a, "%.*s://%.*s:%.*s", TW_FMT(scheme), TW_FMT(host), TW_FMT(port));
}

static tw_str without_user(tw_arena *a, CURLU *u)
{
    curl_url_set(u, CURLUPART_USER, NULL, 0);
    curl_url_set(u, CURLUPART_PASSWORD, NULL, 0);
    curl_url_set(u, CURLUPART_FRAGMENT, NULL, 0);
    return part(a, u, CURLUPART_URL, 0);
}

tw_err tw_http_set_index(tw_net *n, tw_str index, tw_str *ret_clean)
{
    tw_http *h = n->http;
    CURLU *u = parse_url(h->arena, index);
    if (!u)
        return tw_fail(&n->diag, TW_ERR_USAGE,
                       "the index address is not a URL; give --index https://HOST/PATH");
    h->origin = origin_of(h->arena, u);
    h->user = part(h->arena, u, CURLUPART_USER, CURLU_URLDECODE);
    h->password = part(h->arena, u, CURLUPART_PASSWORD, CURLU_URLDECODE);
    h->loopback_index = is_loopback(part(h->arena, u, CURLUPART_HOST, 0));
    *ret_clean = without_user(n->arena, u);
    curl_url_cleanup(u);
    return TW_OK;
}

void tw_http_set_ca(tw_net *n, tw_str path)
{
    n->http->ca = path.n ? tw_arena_str(n->http->arena, path) : path;
}

static size_t on_body(char *p, size_t size, size_t count, void *to)
{
    transfer *t = to;
    long status = 0;
    size_t n = size * count;
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
    t->got += n;
    t->over = t->got > t->sink.limit;
    if (t->over) return 0;
    if (status / 100 != 2) return n;
    t->stopped = !t->sink.take(t->sink.to, p, n);
    return t->stopped ? 0 : n;
}

static size_t on_header(char *p, size_t size, size_t count, void *to)
{
    transfer *t = to;
    tw_str line = tw_str_of(p, size * count), word;
    if (!tw_str_starts(line, TW_S("HTTP/"))) return size * count;
    tw_str_split(&line, ' ', &word);
    tw_str_split(&line, ' ', &word);
    line = line.p ? tw_str_trim(line) : line;
    size_t n = line.n < sizeof t->reason - 1 ? line.n : sizeof t->reason - 1;
    for (size_t i = 0; i < n; i++) t->reason[i] = line.p[i] >= ' ' && line.p[i] < 0x7f ? line.p[i] : '?';
    t->reason[n] = 0;
    return size * count;
}

/* May this address be asked at all? */
static tw_err allowed(tw_net *n, CURLU *u)
{
    tw_str scheme = part(n->arena, u, CURLUPART_SCHEME, 0), host = part(n->arena, u, CURLUPART_HOST, 0);
    if (tw_str_eq(scheme, TW_S("https"))) return TW_OK;
    if (!tw_str_eq(scheme, TW_S("http")))
        return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                       "refused to follow a %.*s: address; only https and http are",
                       (int)(scheme.n < 20 ? scheme.n : 20), scheme.p);
    if (n->allow_http || (is_loopback(host) && n->http->loopback_index)) return TW_OK;
    return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                   "refused plain http to %.*s; use https, or --allow-http if that network is yours",
                   (int)(host.n < 80 ? host.n : 80), host.p);
}

static void set_options(tw_net *n, transfer *t, tw_str url, const char *accept, struct curl_slist **headers,
                        bool own)
{
    CURL *c = t->curl;
    tw_http *h = n->http;
    tw_str netrc = tw_env("NETRC");
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, url.p);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "tidewaiter/" TW_VERSION);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 100L);
    curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, 30L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, 1800L);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->sink.limit);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    if (h->ca.n) curl_easy_setopt(c, CURLOPT_CAINFO, h->ca.p);
    if (accept) {
        /* pages may come packed; an artifact is taken byte for byte */
        curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
        *headers = curl_slist_append(NULL, tw_arena_fmt(n->arena, "Accept: %s", accept).p);
        curl_easy_setopt(c, CURLOPT_HTTPHEADER, *headers);
    }
    if (!own) return;
    if (h->user.n) curl_easy_setopt(c, CURLOPT_USERNAME, h->user.p);
    if (h->user.n)
        curl_easy_setopt(c, CURLOPT_PASSWORD, h->password.p ? h->password.p : "");
    else
        curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_OPTIONAL);
    if (netrc.n) curl_easy_setopt(c, CURLOPT_NETRC_FILE, netrc.p);
}

static tw_err transport_failed(tw_net *n, const transfer *t, CURLcode code, tw_str host)
{
    if (t->over || code == CURLE_FILESIZE_EXCEEDED)
        return tw_fail(&n->diag, TW_ERR_LIMIT,
                       "the answer of %.*s is larger than %llu bytes (--max-bytes for artifacts)",
                       (int)(host.n < 80 ? host.n : 80), host.p, (unsigned long long)t->sink.limit);
    if (t->stopped)
        return n->diag.code ? n->diag.code : tw_fail(&n->diag, TW_ERR_IO, "cannot keep the download");
    return tw_fail(&n->diag, TW_ERR_IO,
                   "cannot fetch from %.*s: %s; check the network, the proxy, or give --index URL",
                   (int)(host.n < 80 ? host.n : 80), host.p, curl_easy_strerror(code));
}

static tw_err status_failed(tw_net *n, const transfer *t, long status, tw_str host)
{
    static const struct {
        int status;
        tw_err code;
        const char *hint;
    } known[] = {
        {401, TW_ERR_DENIED, "; credentials belong into ~/.netrc or the index address"},
        {403, TW_ERR_DENIED, ""},
        {404, TW_ERR_NOTFOUND, ""},
        {410, TW_ERR_NOTFOUND, ""},
        {451, TW_ERR_DENIED, ""},
    };
    tw_err code = TW_ERR_IO;
    const char *hint = "; try again later";
    for (size_t i = 0; i < TW_COUNT(known); i++)
        if (known[i].status == status) code = known[i].code, hint = known[i].hint;
    return tw_fail(&n->diag, code, "%.*s answered %ld %s%s", (int)(host.n < 80 ? host.n : 80), host.p, status,
                   t->reason, hint);
}

/* One request, retried while the server says "later". *ret_next: where a redirect leads, else empty. */
static tw_err hop(tw_net *n, CURLU *u, const char *accept, transfer *t, tw_str *ret_next)
{
    tw_str host = part(n->arena, u, CURLUPART_HOST, 0), origin = origin_of(n->arena, u);
    tw_str url = without_user(n->arena, u);
    long status = 0;
    for (int try = 1;; try++) {
        struct curl_slist *headers = NULL;
        curl_off_t wait = 0;
        t->got = 0;
        t->reason[0] = 0;
        set_options(n, t, url, accept, &headers, tw_str_eq(origin, n->http->origin));
        CURLcode code = curl_easy_perform(t->curl);
        curl_slist_free_all(headers);
        if (code != CURLE_OK) return transport_failed(n, t, code, host);
        curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &status);
        bool later = status == 429 || (status >= 502 && status <= 504);
        if (!later || try == TRIES) break;
        curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &wait);
        poll(NULL, 0, 1000 * (int)(wait < 1 ? 1 : wait > 5 ? 5 : wait));
    }
    char *next = NULL;
    curl_easy_getinfo(t->curl, CURLINFO_REDIRECT_URL, &next);
    *ret_next = next ? tw_arena_str(n->arena, tw_str_c(next)) : (tw_str){NULL, 0};
    return next || status / 100 == 2 ? TW_OK : status_failed(n, t, status, host);
}

static tw_str media_type(tw_arena *a, CURL *c)
{
    char *z = NULL;
    curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &z);
    tw_str s = tw_str_c(z);
    s = tw_arena_str(a, tw_str_trim(tw_str_sub(s, 0, tw_str_chr(s, ';'))));
    char *p = (char *)(uintptr_t)s.p;
    for (size_t i = 0; i < s.n; i++)
        if (p[i] >= 'A' && p[i] <= 'Z') p[i] = (char)(p[i] + 32);
    return s;
}

tw_err tw_http_get(tw_net *n, tw_str url, const char *accept, tw_sink sink, tw_reply *ret)
{
    transfer t = {.curl = n->http->curl, .sink = sink};
    tw_str next = url;
    for (int hops = 0; hops <= MAX_REDIRECTS; hops++) {
        CURLU *u = parse_url(n->arena, next);
        if (!u) return tw_fail(&n->diag, TW_ERR_UNSUPPORTED, "the index gives an address that is no URL");
        tw_err e = allowed(n, u);
        tw_str here = next;
        if (e == TW_OK) e = hop(n, u, accept, &t, &next);
        if (e == TW_OK) here = without_user(n->arena, u);
        curl_url_cleanup(u);
        if (e != TW_OK) return e;
        if (next.n) continue;
        ret->url = here;
        ret->type = media_type(n->arena, t.curl);
        return TW_OK;
    }
    return tw_fail(&n->diag, TW_ERR_LIMIT, "more than %d redirects; is the index address right?",
                   MAX_REDIRECTS);
}

static bool into_buf(void *to, const char *p, size_t n)
{
    tw_buf_put(to, p, n);
    return true;
}

tw_err tw_http_text(tw_net *n, tw_str url, const char *accept, tw_str *ret, tw_reply *reply)
{
    tw_buf b = {0};
    tw_err e = tw_http_get(n, url, accept, (tw_sink){into_buf, &b, TEXT_BYTES}, reply);
    if (e == TW_OK) *ret = tw_arena_str(n->arena, tw_buf_str(&b));
    tw_buf_free(&b);
    return e;
}

tw_err tw_answer_json(tw_arena *a, tw_str text, tw_doc *ret, tw_diag *d)
{
    tw_diag why = TW_DIAG_INIT;
    tw_err e = tw_json_read(a, text, &(tw_doc_limits){.max_nodes = ANSWER_NODES}, ret, &why);
    if (e == TW_OK) return e;
    return tw_fail(d, e, "the index does not answer in JSON (line %u, column %u: %s); is its address right?",
                   why.line, why.col, why.says);
}

tw_str tw_url_resolve(tw_arena *a, tw_str base, tw_str link)
{
    tw_str none = {NULL, 0}, z = tw_arena_str(a, link);
    CURLU *u = parse_url(a, base);
    if (!u) return none;
    bool ok =
        strlen(z.p) == link.n && curl_url_set(u, CURLUPART_URL, z.p, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK;
    tw_str s = ok ? part(a, u, CURLUPART_URL, 0) : none;
    curl_url_cleanup(u);
    return s;
}

tw_str tw_url_file_name(tw_arena *a, tw_str url)
{
    url = tw_str_sub(url, 0, tw_str_chr(url, '#'));
    url = tw_str_sub(url, 0, tw_str_chr(url, '?'));
    return tw_url_decode(a, tw_str_base(url));
}
