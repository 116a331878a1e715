/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* tidewaiter-net: what needs an HTTP client, as a program of its own that tidewaiter starts.
 *   tidewaiter-net fetch --into DIR [--index URL] [--files first|one|wheel|sdist|all]
 *                        [--max-bytes N] [--allow-http] [--before] SPEC
 * resolves a package name, downloads its artifacts into DIR and prints one JSON line for each on stdout:
 * {"spec","purl","file_name","url","sha256","size","path","verified","history"}. A file is named only after its
 * hash was checked. first: what pip may take, a wheel and an sdist; one: the wheel, else the sdist.
 * --before: the release before it too, first. Exit: 0 done, 1 not found or not fetched, 2 unusable arguments. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/doc.h"
#include "base/err.h"

typedef struct tw_net tw_net;
struct tw_source;

/* --- spec.c: pypi:NAME[==VERSION], npm:[@SCOPE/]NAME[@VERSION], pkg:TYPE/... */
typedef struct tw_spec {
    const struct tw_source *source;
    tw_str text;    /* as given */
    tw_str name;    /* normalised by the source */
    tw_str version; /* empty: the newest */
} tw_spec;
/* Errors: USAGE, with what would be right. */
tw_err tw_spec_parse(tw_arena *a, tw_str text, tw_spec *ret, tw_diag *d);
tw_str tw_spec_purl(tw_arena *a, const tw_spec *s, tw_str version);

/* What an index tells of a project besides its files; empty or 0: it does not. */
typedef struct tw_history_line {
    const char *source; /* static */
    tw_str first_seen, latest;
    uint32_t releases;
} tw_history_line;

/* --- One registry protocol each; list.c names them all. */
typedef struct tw_source {
    const char *name; /* of the short form and of the purl type */
    tw_str separator; /* between name and version in the short form */
    tw_err (*normalise)(tw_arena *a, tw_str name, tw_str *ret, tw_diag *d);
    tw_err (*fetch)(tw_net *n, const tw_spec *spec);
} tw_source;
extern const tw_source *const tw_sources[];
extern const size_t tw_n_sources;

/* --- http.c: GET with limits. Redirects (at most 5) are followed here, not by the library, so that
 * each hop is asked: http or https only, http only to a loopback address of a loopback index (or with
 * --allow-http), credentials for the index's own origin only. */
typedef struct tw_http tw_http;
typedef struct tw_sink {
    bool (*take)(void *to, const char *p, size_t n); /* false stops the transfer */
    void *to;
    uint64_t limit; /* bytes of the body */
} tw_sink;
typedef struct tw_reply {
    tw_str url;  /* of the last hop: what relative links are relative to */
    tw_str type; /* media type in lower case, no parameters */
} tw_reply;
struct tw_net {
    tw_arena *arena;
    tw_http *http;
    tw_str into, index, files;
    uint64_t max_bytes;
    bool allow_http, before;
    int dir;                 /* descriptor of `into` */
    tw_history_line history; /* of the project, for each file's line */
    tw_diag diag;
};
tw_http *tw_http_new(void);
void tw_http_free(tw_http *h);
/* The index of this run: its user and password, if any, are taken out of the address and kept. */
tw_err tw_http_set_index(tw_net *n, tw_str index, tw_str *ret_clean);
/* A file of certificates to trust instead of the system's. */
void tw_http_set_ca(tw_net *n, tw_str path);
/* Errors: NOTFOUND (404, 410), DENIED (401, 403, 451), LIMIT, IO, UNSUPPORTED (refused address). */
tw_err tw_http_get(tw_net *n, tw_str url, const char *accept, tw_sink sink, tw_reply *ret);
/* A whole text into the arena. */
tw_err tw_http_text(tw_net *n, tw_str url, const char *accept, tw_str *ret, tw_reply *reply);
/* The answer of an index as a tree; the diagnostic says where it is no JSON. */
tw_err tw_answer_json(tw_arena *a, tw_str text, tw_doc *ret, tw_diag *d);
/* `link` as it stands on a page at `base`; empty where it is no address. */
tw_str tw_url_resolve(tw_arena *a, tw_str base, tw_str link);
/* Last segment of the path, percent-decoded. */
tw_str tw_url_file_name(tw_arena *a, tw_str url);
/* Percent-encodes all but letters, digits and the bytes of `keep`. */
tw_str tw_url_encode(tw_arena *a, tw_str s, tw_str keep);
tw_str tw_url_decode(tw_arena *a, tw_str s);

/* --- save.c: one artifact to DIR, its hash checked, its line printed. */
typedef struct tw_hash {
    const char *algorithm; /* of tw_hash_algorithms, NULL: the index gave none */
    uint8_t want[64];
    size_t n;
} tw_hash;
typedef struct tw_artifact_file {
    tw_str file_name, url, purl;
    tw_hash hash;
    uint64_t size; /* announced, 0 unknown */
} tw_artifact_file;
/* Strongest first, ended by NULL. */
extern const char *const tw_hash_algorithms[];
bool tw_hash_from_hex(const char *algorithm, tw_str hex, tw_hash *ret);
/* An `integrity` text ("sha512-BASE64 sha1-BASE64 ..."): the strongest hash in it. */
bool tw_hash_from_integrity(tw_str s, tw_hash *ret);
/* True for a base name that is safe to create: letters, digits and . _ + ! - only, no dot first. */
bool tw_file_name_ok(tw_str s);
tw_err tw_save(tw_net *n, const tw_spec *spec, const tw_artifact_file *f);

/* --- child.c: the user's own client, asked for its configuration. First line of its stdout, trimmed. */
tw_err tw_ask_client(tw_arena *a, const char *const *argv, const char *cwd, tw_str *ret, tw_diag *d);
tw_str tw_env(const char *name); /* empty where unset */
/* Makes every byte one that a terminal only shows: what an index says gets into our messages. */
char *tw_printable(char *z);
/* One line on stderr that is no error. */
void tw_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
