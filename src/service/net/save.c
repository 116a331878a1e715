/* SPDX-License-Identifier: Apache-2.0 */
#include "service/net/net.h"
#include "base/doc.h"
#include "base/os.h"
#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <time.h>
#include <unistd.h>

const char *const tw_hash_algorithms[] = {"sha512", "sha384", "sha256", "sha224", "sha1", "md5", NULL};
static const size_t hash_bytes[] = {64, 48, 32, 28, 20, 16};

static int rank_of(tw_str algorithm)
{
    for (int i = 0; tw_hash_algorithms[i]; i++)
        if (tw_str_eq(algorithm, tw_str_c(tw_hash_algorithms[i]))) return i;
    return -1;
}

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tw_hash_from_hex(const char *algorithm, tw_str text, tw_hash *ret)
{
    int rank = rank_of(tw_str_c(algorithm));
    if (rank < 0 || text.n != 2 * hash_bytes[rank]) return false;
    tw_hash h = {.algorithm = tw_hash_algorithms[rank], .n = hash_bytes[rank]};
    for (size_t i = 0; i < h.n; i++) {
        int hi = hex(text.p[2 * i]), lo = hex(text.p[2 * i + 1]);
        if (hi < 0 || lo < 0) return false;
        h.want[i] = (uint8_t)(hi << 4 | lo);
    }
    *ret = h;
    return true;
}

static bool from_base64(tw_str s, int rank, tw_hash *ret)
{
    uint8_t out[72];
    size_t n = hash_bytes[rank];
    if (s.n != (n + 2) / 3 * 4) return false;
    if (EVP_DecodeBlock(out, (const unsigned char *)s.p, (int)s.n) < (int)n) return false;
    *ret = (tw_hash){.algorithm = tw_hash_algorithms[rank], .n = n};
    memcpy(ret->want, out, n);
    return true;
}

bool tw_hash_from_integrity(tw_str s, tw_hash *ret)
{
    int best = 99;
    for (tw_str one; tw_str_split(&s, ' ', &one);) {
        size_t dash = tw_str_chr(one, '-');
        if (dash == TW_NPOS) continue;
        int rank = rank_of(tw_str_sub(one, 0, dash));
        one = tw_str_sub(one, dash + 1, one.n);
        one = tw_str_sub(one, 0, tw_str_chr(one, '?'));
        if (rank >= 0 && rank < best && from_base64(one, rank, ret)) best = rank;
    }
    return best != 99;
}

bool tw_file_name_ok(tw_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
                  c == '-' || c == '+' || c == '!' || c == '.';
        if (!ok) return false;
    }
    return s.n && s.n < 250 && s.p[0] != '.';
}

typedef struct saving {
    tw_net *net;
    int fd;
    uint64_t size;
    tw_sha256 sha;
    EVP_MD_CTX *other; /* NULL where the index gave none or SHA-256 */
} saving;

static bool take(void *to, const char *p, size_t n)
{
    saving *s = to;
    s->size += n;
    tw_sha256_add(&s->sha, p, n);
    if (s->other) EVP_DigestUpdate(s->other, p, n);
    if (tw_write_all(s->fd, tw_str_of(p, n)) == TW_OK) return true;
    tw_fail(&s->net->diag, TW_ERR_IO, "cannot write the download: %s", strerror(errno));
    return false;
}

static bool hash_right(saving *s, const tw_hash *want, const tw_digest *sha256)
{
    uint8_t got[EVP_MAX_MD_SIZE];
    unsigned n = 32;
    memcpy(got, sha256->b, 32);
    if (s->other && !EVP_DigestFinal_ex(s->other, got, &n)) return false;
    return n == want->n && memcmp(got, want->want, n) == 0;
}

static tw_err download(saving *s, const tw_artifact_file *f, tw_digest *ret)
{
    tw_net *n = s->net;
    tw_reply reply;
    if (f->size > n->max_bytes)
        return tw_fail(&n->diag, TW_ERR_LIMIT, "%.*s has %llu bytes, more than --max-bytes %llu",
                       TW_FMT(f->file_name), (unsigned long long)f->size, (unsigned long long)n->max_bytes);
    tw_sha256_init(&s->sha);
    if (f->hash.algorithm && strcmp(f->hash.algorithm, "sha256") != 0) {
        const EVP_MD *md = EVP_get_digestbyname(f->hash.algorithm);
        s->other = EVP_MD_CTX_new();
        if (!md || !s->other || !EVP_DigestInit_ex(s->other, md, NULL))
            return tw_fail(&n->diag, TW_ERR_UNSUPPORTED, "libcrypto offers no %s", f->hash.algorithm);
    }
    TW_TRY(tw_http_get(n, f->url, NULL, (tw_sink){take, s, n->max_bytes}, &reply));
    *ret = tw_sha256_end(&s->sha);
    if (f->hash.algorithm && !hash_right(s, &f->hash, ret))
        return tw_fail(&n->diag, TW_ERR_DENIED,
                       "%.*s does not have the %s that the index names: do not install it from there",
                       TW_FMT(f->file_name), f->hash.algorithm);
    if (!f->hash.algorithm)
        tw_note("the index names no hash for %.*s: taken as it came", TW_FMT(f->file_name));
    return TW_OK;
}

/* What is not told is left out: it stays unknown. The date is today's: that is when the index said so. */
static void put_history(tw_json_w *w, const tw_history_line *h)
{
    char today[32];
    time_t now = time(NULL);
    struct tm tm;
    if (!h->source || !gmtime_r(&now, &tm) || !strftime(today, sizeof today, "%Y-%m-%d", &tm)) return;
    const struct {
        const char *key;
        tw_str value;
    } texts[] = {{"source", tw_str_c(h->source)},
                 {"date", tw_str_c(today)},
                 {"first_seen", tw_str_sub(h->first_seen, 0, 10)},
                 {"latest", tw_str_sub(h->latest, 0, 100)}};
    tw_json_key(w, TW_S("history"));
    tw_json_obj(w);
    for (size_t i = 0; i < TW_COUNT(texts); i++) {
        if (!texts[i].value.n) continue;
        tw_json_key(w, tw_str_c(texts[i].key));
        tw_json_str(w, texts[i].value);
    }
    if (h->releases) {
        tw_json_key(w, TW_S("releases"));
        tw_json_u64(w, h->releases);
    }
    tw_json_obj_end(w);
}

static tw_err print_line(const saving *s, const tw_spec *spec, const tw_artifact_file *f, const tw_digest *d)
{
    tw_net *n = s->net;
    tw_buf b = {0};
    tw_json_w w = tw_json_writer(&b);
    char sha[65];
    tw_digest_hex(d, sha);
    const struct {
        const char *key;
        tw_str value;
    } texts[] = {{"spec", spec->text},
                 {"purl", f->purl},
                 {"file_name", f->file_name},
                 {"url", f->url},
                 {"sha256", tw_str_c(sha)}};
    tw_json_obj(&w);
    for (size_t i = 0; i < TW_COUNT(texts); i++) {
        tw_json_key(&w, tw_str_c(texts[i].key));
        tw_json_str(&w, texts[i].value);
    }
    tw_json_key(&w, TW_S("size"));
    tw_json_u64(&w, s->size);
    tw_json_key(&w, TW_S("path"));
    tw_json_str(&w, tw_arena_fmt(n->arena, "%.*s/%.*s", TW_FMT(n->into), TW_FMT(f->file_name)));
    tw_json_key(&w, TW_S("verified"));
    tw_json_str(&w, tw_str_c(f->hash.algorithm ? f->hash.algorithm : "none"));
    put_history(&w, &n->history);
    tw_json_obj_end(&w);
    tw_buf_putc(&b, '\n');
    tw_err e = tw_write_all(1, tw_buf_str(&b));
    tw_buf_free(&b);
    return e == TW_OK ? e : tw_fail(&n->diag, e, "cannot write to stdout: %s", strerror(errno));
}

tw_err tw_save(tw_net *n, const tw_spec *spec, const tw_artifact_file *f)
{
    saving s = {.net = n};
    tw_digest d;
    if (!tw_file_name_ok(f->file_name))
        return tw_fail(&n->diag, TW_ERR_UNSUPPORTED,
                       "the index gives a file name that is not safe to create");
    tw_str z = tw_arena_str(n->arena, f->file_name);
    s.fd = openat(n->dir, z.p, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (s.fd < 0) return tw_fail(&n->diag, TW_ERR_IO, "cannot create %s: %s", z.p, strerror(errno));
    tw_err e = download(&s, f, &d);
    EVP_MD_CTX_free(s.other);
    if (close(s.fd) < 0 && e == TW_OK)
        e = tw_fail(&n->diag, TW_ERR_IO, "cannot write %s: %s", z.p, strerror(errno));
    if (e != TW_OK) unlinkat(n->dir, z.p, 0);
    return e == TW_OK ? print_line(&s, spec, f, &d) : e;
}
