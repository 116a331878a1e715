/* SPDX-License-Identifier: Apache-2.0 */
#include "service/cache/cache.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum {
    SCHEMA = 4,
    ENOUGH = 4,
    EVICT_STEP = 64,
    RECHECK_ONE_IN = 100,
    PATH_MAX_ = 4096,
    BUNDLE_MAX = 64 << 20,
    AHEAD_FIRST = 8,
    AHEAD_MOST = 256,
    AHEAD_GAP = 16,
    AHEAD_BYTES = 1 << 20
};

/* ENOUGH: more clean vouchers than this are not noted (two suffice; some may fall away later). */
static const char schema[] =
    "CREATE TABLE artifact(id INTEGER PRIMARY KEY, sha BLOB UNIQUE, clean INT);"
    "CREATE TABLE record(id INTEGER PRIMARY KEY, key BLOB UNIQUE, hash BLOB, bytes BLOB,"
    " poisoned INT DEFAULT 0, home INT);" /* home: the artifact that stored it first */
    "CREATE TABLE voucher(record INT, artifact INT, PRIMARY KEY(record, artifact)) WITHOUT ROWID;"
    "CREATE TABLE report(id INTEGER PRIMARY KEY, key BLOB UNIQUE, artifact BLOB, hash BLOB, bytes BLOB);";

typedef enum statement {
    GET,
    AHEAD,
    ARTIFACT,
    ARTIFACT_ADD,
    ARTIFACT_SET,
    RECORD,
    RECORD_ADD,
    RECORD_POISON,
    VOUCH,
    OLDEST,
    EVICT_VOUCHERS,
    EVICT,
    EVICT_ARTIFACTS,
    REPORT,
    REPORT_SET,
    REPORT_DROP,
    REPORTS_OF,
    REPORTS_ALL,
    EVICT_REPORTS,
    N_STATEMENTS
} statement;

#define CLEAN_VOUCHERS                                                                                \
    "(SELECT count(*) FROM voucher v JOIN artifact a ON a.id = v.artifact WHERE v.record = r.id AND " \
    "a.clean)"
static const char *const sql[N_STATEMENTS] = {
    [GET] = "SELECT r.bytes, r.hash, EXISTS(SELECT 1 FROM voucher v JOIN artifact a ON a.id = v.artifact"
            " WHERE v.record = r.id AND a.sha = ?2), " CLEAN_VOUCHERS
            ", r.id, r.home FROM record r WHERE r.key = ?1 AND NOT r.poisoned",
    [AHEAD] = "SELECT r.bytes, r.key, EXISTS(SELECT 1 FROM voucher v JOIN artifact a ON a.id = v.artifact"
              " WHERE v.record = r.id AND a.sha = ?2), " CLEAN_VOUCHERS
              ", r.id FROM record r WHERE r.id > ?1 AND r.id <= ?3 AND r.home = ?4 AND NOT r.poisoned ORDER "
              "BY r.id",
    [ARTIFACT] = "SELECT id, clean FROM artifact WHERE sha = ?1",
    [ARTIFACT_ADD] = "INSERT INTO artifact(sha, clean) VALUES(?1, ?2)",
    [ARTIFACT_SET] = "UPDATE artifact SET clean = ?2 WHERE id = ?1",
    [RECORD] = "SELECT r.id, r.hash, r.poisoned, " CLEAN_VOUCHERS " FROM record r WHERE r.key = ?1",
    [RECORD_ADD] = "INSERT INTO record(key, hash, bytes, home) VALUES(?1, ?2, ?3, ?4)",
    [RECORD_POISON] = "UPDATE record SET poisoned = 1, bytes = NULL WHERE id = ?1",
    [VOUCH] = "INSERT OR IGNORE INTO voucher(record, artifact) VALUES(?1, ?2)",
    [OLDEST] = "SELECT max(id) FROM (SELECT id FROM record ORDER BY id LIMIT ?1)",
    [EVICT_VOUCHERS] = "DELETE FROM voucher WHERE record <= ?1",
    [EVICT] = "DELETE FROM record WHERE id <= ?1",
    [EVICT_ARTIFACTS] = "DELETE FROM artifact WHERE id NOT IN (SELECT artifact FROM voucher)",
    [REPORT] = "SELECT bytes, hash FROM report WHERE key = ?1 AND artifact = ?2",
    [REPORT_SET] = "INSERT OR REPLACE INTO report(key, artifact, hash, bytes) VALUES(?1, ?2, ?3, ?4)",
    [REPORT_DROP] = "DELETE FROM report WHERE key = ?1",
    [REPORTS_OF] = "DELETE FROM report WHERE artifact = ?1",
    [REPORTS_ALL] = "DELETE FROM report",
    [EVICT_REPORTS] = "DELETE FROM report WHERE id IN (SELECT id FROM report ORDER BY id LIMIT ?1)",
};

struct tw_cache {
    tw_cache_options options;
    tw_cache_stats stats;
    sqlite3 *db;
    sqlite3_stmt *stmt[N_STATEMENTS];
    tw_buf bundle;     /* the answer of get */
    tw_buf packed;     /* what is written */
    ZSTD_CCtx *packer; /* kept: making one costs more than a small record */
    ZSTD_DCtx *unpacker;
    bool tried;
    char trouble[512]; /* why it is not used */
};

tw_cache *tw_cache_new(tw_arena *a, const tw_cache_options *o)
{
    tw_cache *c = TW_NEW(a, tw_cache);
    c->options = *o;
    if (!c->options.max_bytes) c->options.max_bytes = 1ull << 30;
    return c;
}

const tw_cache_stats *tw_cache_stats_of(const tw_cache *c)
{
    return &c->stats;
}
const char *tw_cache_trouble(const tw_cache *c)
{
    return c->trouble;
}

static void shut(tw_cache *c)
{
    for (int i = 0; i < N_STATEMENTS; i++) {
        sqlite3_finalize(c->stmt[i]);
        c->stmt[i] = NULL;
    }
    sqlite3_close(c->db);
    c->db = NULL;
}

static bool give_up(tw_cache *c, const char *what, const char *why)
{
    snprintf(c->trouble, sizeof c->trouble, "%.250s: %.250s", what, why);
    shut(c);
    return false;
}

/* --- opening ------------------------------------------------------------------------------------ */
static bool make_dirs(const char *dir)
{
    char path[PATH_MAX_];
    size_t n = strlen(dir);
    if (n >= sizeof path) return false;
    memcpy(path, dir, n + 1);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0') continue;
        char was = path[i];
        path[i] = '\0';
        if (mkdir(path, 0700) != 0 && errno != EEXIST) return false;
        path[i] = was;
    }
    return true;
}

static int user_version(sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    int v = -1;
    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL) == SQLITE_OK &&
        sqlite3_step(st) == SQLITE_ROW)
        v = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return v;
}

/* A database of another schema is emptied: it is only a cache. */
static bool make_schema(sqlite3 *db)
{
    if (user_version(db) == SCHEMA) return true;
    char text[1024];
    snprintf(
        text, sizeof text,
        "BEGIN IMMEDIATE; DROP TABLE IF EXISTS voucher; DROP TABLE IF EXISTS record;"
        "DROP TABLE IF EXISTS artifact; DROP TABLE IF EXISTS report; %s PRAGMA user_version = %d; COMMIT;",
        schema, SCHEMA);
    if (sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK) return true;
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return user_version(db) == SCHEMA; /* another run was first */
}

static bool open_db(tw_cache *c)
{
    if (c->tried) return c->db != NULL;
    c->tried = true;
    char path[PATH_MAX_];
    int n = snprintf(path, sizeof path, "%s/records.db", c->options.dir);
    if (n < 0 || (size_t)n >= sizeof path) return give_up(c, c->options.dir, "path too long");
    if (!make_dirs(c->options.dir)) return give_up(c, c->options.dir, strerror(errno));
    mode_t mask = umask(0077);
    int rc =
        sqlite3_open_v2(path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    umask(mask);
    if (rc != SQLITE_OK) return give_up(c, path, sqlite3_errstr(rc));
    sqlite3_busy_timeout(c->db, 200); /* for opening only */
    if (sqlite3_exec(c->db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF;",
                     NULL, NULL, NULL) != SQLITE_OK ||
        !make_schema(c->db))
        return give_up(c, path, sqlite3_errmsg(c->db));
    for (int i = 0; i < N_STATEMENTS; i++)
        if (sqlite3_prepare_v3(c->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &c->stmt[i], NULL) != SQLITE_OK)
            return give_up(c, path, sqlite3_errmsg(c->db));
    sqlite3_busy_timeout(c->db, 0);
    return true;
}

/* --- statements --------------------------------------------------------------------------------- */
static void bind_digest(sqlite3_stmt *st, int i, const tw_digest *d)
{
    sqlite3_bind_blob(st, i, d->b, sizeof d->b, SQLITE_STATIC);
}

static bool same_digest(sqlite3_stmt *st, int column, const tw_digest *d)
{
    return sqlite3_column_bytes(st, column) == (int)sizeof d->b &&
           memcmp(sqlite3_column_blob(st, column), d->b, sizeof d->b) == 0;
}

/* Runs to the end; true when it succeeded. */
static bool done(tw_cache *c, statement s)
{
    int rc = sqlite3_step(c->stmt[s]);
    sqlite3_reset(c->stmt[s]);
    return rc == SQLITE_DONE || rc == SQLITE_ROW;
}

static bool begin(tw_cache *c)
{
    if (open_db(c) && sqlite3_exec(c->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK) return true;
    c->stats.skipped++;
    return false;
}

static void end(tw_cache *c, bool ok)
{
    if (ok && sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK) return;
    sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
    c->stats.skipped++;
}

/* --- get ---------------------------------------------------------------------------------------- */
/* The choice depends on key and artifact alone: a run can be repeated, an attacker cannot steer it. */
static bool withhold(const tw_digest *artifact, const tw_digest *key)
{
    tw_sha256 s;
    tw_sha256_init(&s);
    tw_sha256_add(&s, key, sizeof *key);
    tw_sha256_add(&s, artifact, sizeof *artifact);
    tw_digest d = tw_sha256_end(&s);
    return ((uint32_t)d.b[0] << 16 | (uint32_t)d.b[1] << 8 | d.b[2]) % RECHECK_ONE_IN == 0;
}

/* Bundles are kept packed, with a checksum, so that a damaged row is not given. */
static bool unpack(tw_cache *c, tw_str packed)
{
    unsigned long long n = ZSTD_getFrameContentSize(packed.p, packed.n);
    tw_buf_clear(&c->bundle);
    if (n == 0 || n > BUNDLE_MAX) return false; /* the error codes are larger */
    char *to = tw_buf_reserve(&c->bundle, (size_t)n);
    if (!c->unpacker) c->unpacker = ZSTD_createDCtx();
    if (!to || !c->unpacker || ZSTD_decompressDCtx(c->unpacker, to, (size_t)n, packed.p, packed.n) != n)
        return false;
    c->bundle.n = (size_t)n;
    return true;
}

static bool pack(tw_cache *c, tw_str bundle)
{
    tw_buf_clear(&c->packed);
    size_t room = ZSTD_compressBound(bundle.n);
    char *to = tw_buf_reserve(&c->packed, room);
    if (!c->packer && (c->packer = ZSTD_createCCtx()) != NULL) {
        ZSTD_CCtx_setParameter(c->packer, ZSTD_c_compressionLevel, 1);
        ZSTD_CCtx_setParameter(c->packer, ZSTD_c_checksumFlag, 1);
    }
    size_t n = to && c->packer ? ZSTD_compress2(c->packer, to, room, bundle.p, bundle.n) : 0;
    if (!n || ZSTD_isError(n)) return false;
    c->packed.n = n;
    return true;
}

/* The bundle in columns 0, 2 and 3 of a row, when it may be given. */
static bool given(tw_cache *c, sqlite3_stmt *st)
{
    bool own = sqlite3_column_int(st, 2), shared = sqlite3_column_int(st, 3) >= 2;
    if (!own && !shared && !c->options.trust_anyone) return false;
    return unpack(c, (tw_str){sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0)});
}

static tw_str hand_out(tw_cache *c, const tw_digest *artifact, const tw_digest *key)
{
    if (withhold(artifact, key)) {
        c->stats.withheld++;
        return (tw_str){NULL, 0};
    }
    c->stats.given++;
    return tw_buf_str(&c->bundle);
}

/* What is asked for in the order it was stored in is sent ahead in ever larger pieces. False: what stands behind it
 * was sent already. */
static bool expect(tw_cache_run *run, int64_t id, int64_t home)
{
    bool same = run->width && home == run->home;
    if (same && id >= run->first && id < run->next) return false;
    bool on = same && id >= run->next && id < run->next + AHEAD_GAP;
    if (!on) run->first = id;
    run->width = !on ? AHEAD_FIRST : run->width < AHEAD_MOST ? run->width * 2 : AHEAD_MOST;
    run->home = home;
    run->next = id + 1;
    return true;
}

tw_str tw_cache_get(tw_cache *c, const tw_digest *artifact, const tw_digest *key, tw_cache_run *run)
{
    c->stats.asked++;
    if (!open_db(c)) return (tw_str){NULL, 0};
    sqlite3_stmt *st = c->stmt[GET];
    bind_digest(st, 1, key);
    bind_digest(st, 2, artifact);
    bool row = sqlite3_step(st) == SQLITE_ROW, found = row && given(c, st);
    if (run) run->more = found && expect(run, sqlite3_column_int64(st, 4), sqlite3_column_int64(st, 5));
    sqlite3_reset(st);
    return found ? hand_out(c, artifact, key) : (tw_str){NULL, 0};
}

void tw_cache_ahead(tw_cache *c, const tw_digest *artifact, tw_cache_run *run, void *ctx,
                    void (*put)(void *ctx, const tw_digest *key, tw_str bundle))
{
    if (!run->more || !open_db(c)) return;
    sqlite3_stmt *st = c->stmt[AHEAD];
    sqlite3_bind_int64(st, 1, run->next - 1);
    bind_digest(st, 2, artifact);
    sqlite3_bind_int64(st, 3, run->next - 1 + run->width);
    sqlite3_bind_int64(st, 4, run->home);
    size_t bytes = 0;
    while (bytes < AHEAD_BYTES && sqlite3_step(st) == SQLITE_ROW) {
        tw_digest key;
        run->next = sqlite3_column_int64(st, 4) + 1;
        if (sqlite3_column_bytes(st, 1) != (int)sizeof key || !given(c, st)) continue;
        memcpy(&key, sqlite3_column_blob(st, 1), sizeof key);
        tw_str bundle = hand_out(c, artifact, &key);
        c->stats.asked++;
        bytes += bundle.n;
        put(ctx, &key, bundle);
    }
    sqlite3_reset(st);
    run->more = false;
}

/* --- store -------------------------------------------------------------------------------------- */
/* Row of the artifact with its state brought up to date, 0 on failure. */
static int64_t artifact_row(tw_cache *c, const tw_digest *artifact, bool clean, bool add)
{
    sqlite3_stmt *st = c->stmt[ARTIFACT];
    bind_digest(st, 1, artifact);
    int64_t id = 0;
    bool was = false;
    if (sqlite3_step(st) == SQLITE_ROW) {
        id = sqlite3_column_int64(st, 0);
        was = sqlite3_column_int(st, 1);
    }
    sqlite3_reset(st);
    if (id && was != clean) {
        sqlite3_bind_int64(c->stmt[ARTIFACT_SET], 1, id);
        sqlite3_bind_int(c->stmt[ARTIFACT_SET], 2, clean);
        if (!done(c, ARTIFACT_SET)) return 0;
    }
    if (id || !add) return id;
    bind_digest(c->stmt[ARTIFACT_ADD], 1, artifact);
    sqlite3_bind_int(c->stmt[ARTIFACT_ADD], 2, clean);
    return done(c, ARTIFACT_ADD) ? sqlite3_last_insert_rowid(c->db) : 0;
}

typedef enum claim_result { CLAIM_KEPT, CLAIM_CONFLICT, CLAIM_FAILED } claim_result;

static claim_result add_record(tw_cache *c, const tw_claim *claim, const tw_digest *hash, int64_t artifact,
                               int64_t *ret_id)
{
    sqlite3_stmt *st = c->stmt[RECORD_ADD];
    if (!pack(c, claim->bundle)) return CLAIM_FAILED;
    bind_digest(st, 1, &claim->key);
    bind_digest(st, 2, hash);
    sqlite3_bind_blob64(st, 3, c->packed.p, c->packed.n, SQLITE_STATIC);
    sqlite3_bind_int64(st, 4, artifact);
    if (!done(c, RECORD_ADD)) return CLAIM_FAILED;
    *ret_id = sqlite3_last_insert_rowid(c->db);
    c->stats.stored++;
    return CLAIM_KEPT;
}

static claim_result store_claim(tw_cache *c, const tw_claim *claim, int64_t artifact)
{
    tw_digest hash = tw_sha256_of(claim->bundle);
    sqlite3_stmt *st = c->stmt[RECORD];
    bind_digest(st, 1, &claim->key);
    int64_t id = 0;
    bool poisoned = false, same = false, enough = false;
    if (sqlite3_step(st) == SQLITE_ROW) {
        id = sqlite3_column_int64(st, 0);
        same = same_digest(st, 1, &hash);
        poisoned = sqlite3_column_int(st, 2);
        enough = sqlite3_column_int(st, 3) >= ENOUGH;
    }
    sqlite3_reset(st);
    if (poisoned) return CLAIM_KEPT;
    if (id && !same) {
        sqlite3_bind_int64(c->stmt[RECORD_POISON], 1, id);
        return done(c, RECORD_POISON) ? CLAIM_CONFLICT : CLAIM_FAILED;
    }
    if (!id && add_record(c, claim, &hash, artifact, &id) != CLAIM_KEPT) return CLAIM_FAILED;
    if (enough) return CLAIM_KEPT;
    sqlite3_bind_int64(c->stmt[VOUCH], 1, id);
    sqlite3_bind_int64(c->stmt[VOUCH], 2, artifact);
    return done(c, VOUCH) ? CLAIM_KEPT : CLAIM_FAILED;
}

/* Whether the artifact is known with another state: only then is there anything to write. */
static bool state_changed(tw_cache *c, const tw_digest *artifact, bool clean)
{
    if (!open_db(c)) return false;
    sqlite3_stmt *st = c->stmt[ARTIFACT];
    bind_digest(st, 1, artifact);
    bool changed = sqlite3_step(st) == SQLITE_ROW && sqlite3_column_int(st, 1) != (clean ? 1 : 0);
    sqlite3_reset(st);
    return changed;
}

uint32_t tw_cache_store(tw_cache *c, const tw_digest *artifact, bool clean, const tw_claim *claims, size_t n,
                        tw_digest *ret_key)
{
    if ((!n && !state_changed(c, artifact, clean)) || !begin(c)) return 0;
    uint32_t conflicts = 0;
    int64_t row = artifact_row(c, artifact, clean, n > 0);
    bool ok = row != 0;
    for (size_t i = 0; ok && i < n; i++) {
        claim_result r = store_claim(c, &claims[i], row);
        ok = r != CLAIM_FAILED;
        if (r != CLAIM_CONFLICT) continue;
        if (!conflicts++ && ret_key) *ret_key = claims[i].key;
    }
    if (conflicts) ok = done(c, REPORTS_ALL) && ok; /* which of them were made with it nobody knows */
    end(c, ok);
    c->stats.conflicts += conflicts;
    return conflicts;
}

void tw_cache_distrust(tw_cache *c, const tw_digest *artifact)
{
    if (state_changed(c, artifact, false) && begin(c)) end(c, artifact_row(c, artifact, false, false) != 0);
    if (!open_db(c)) return;
    bind_digest(c->stmt[REPORTS_OF], 1, artifact);
    done(c, REPORTS_OF);
}

/* --- whole reports ------------------------------------------------------------------------------ */
/* The report that is there, unpacked; false: none. *ret_hash is its own. */
static bool known_report(tw_cache *c, const tw_digest *artifact, const tw_digest *key, tw_digest *ret_hash)
{
    sqlite3_stmt *st = c->stmt[REPORT];
    bind_digest(st, 1, key);
    bind_digest(st, 2, artifact);
    bool found = false;
    if (sqlite3_step(st) == SQLITE_ROW) {
        tw_str packed = {sqlite3_column_blob(st, 0), (size_t)sqlite3_column_bytes(st, 0)};
        found = unpack(c, packed);
        *ret_hash = tw_sha256_of(tw_buf_str(&c->bundle));
        found = found && same_digest(st, 1, ret_hash);
    }
    sqlite3_reset(st);
    return found;
}

tw_str tw_cache_report(tw_cache *c, const tw_digest *artifact, const tw_digest *key)
{
    static const tw_str none;
    tw_digest hash;
    if (c->options.no_reports || !open_db(c) || withhold(artifact, key) ||
        !known_report(c, artifact, key, &hash))
        return none;
    c->stats.reports++;
    return tw_buf_str(&c->bundle);
}

bool tw_cache_report_store(tw_cache *c, const tw_digest *artifact, const tw_digest *key, tw_str report)
{
    tw_digest was, is = tw_sha256_of(report);
    if (c->options.no_reports || !open_db(c)) return true;
    bool known = known_report(c, artifact, key, &was);
    if (known && tw_digest_eq(&was, &is)) return true;
    if (!begin(c)) return true;
    sqlite3_stmt *st = c->stmt[known ? REPORT_DROP : REPORT_SET];
    bind_digest(st, 1, key);
    bool ok = known || pack(c, report);
    if (ok && !known) {
        bind_digest(st, 2, artifact);
        bind_digest(st, 3, &is);
        sqlite3_bind_blob64(st, 4, c->packed.p, c->packed.n, SQLITE_STATIC);
    }
    ok = ok && done(c, known ? REPORT_DROP : REPORT_SET);
    end(c, ok);
    c->stats.conflicts += known;
    c->stats.reports_stored += ok && !known;
    return !known;
}

/* --- eviction ----------------------------------------------------------------------------------- */
static uint64_t pragma(tw_cache *c, const char *text)
{
    sqlite3_stmt *st = NULL;
    uint64_t v = 0;
    if (sqlite3_prepare_v2(c->db, text, -1, &st, NULL) == SQLITE_OK && sqlite3_step(st) == SQLITE_ROW)
        v = (uint64_t)sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return v;
}

static uint64_t bytes_in_use(tw_cache *c)
{
    return (pragma(c, "PRAGMA page_count") - pragma(c, "PRAGMA freelist_count")) *
           pragma(c, "PRAGMA page_size");
}

static bool evict_some(tw_cache *c)
{
    sqlite3_stmt *st = c->stmt[OLDEST];
    sqlite3_bind_int(st, 1, EVICT_STEP);
    int64_t upto = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    sqlite3_bind_int64(c->stmt[EVICT_VOUCHERS], 1, upto);
    sqlite3_bind_int64(c->stmt[EVICT], 1, upto);
    sqlite3_bind_int(c->stmt[EVICT_REPORTS], 1, EVICT_STEP);
    bool reports = done(c, EVICT_REPORTS) && sqlite3_changes(c->db) > 0;
    return (upto && done(c, EVICT_VOUCHERS) && done(c, EVICT)) || reports;
}

void tw_cache_close(tw_cache *c)
{
    if (!c) return;
    if (c->db && c->stats.stored + c->stats.reports_stored && bytes_in_use(c) > c->options.max_bytes &&
        begin(c)) {
        bool ok = true;
        while (ok && bytes_in_use(c) > c->options.max_bytes / 10 * 9) ok = evict_some(c);
        end(c, done(c, EVICT_ARTIFACTS));
    }
    shut(c);
    tw_buf_free(&c->bundle);
    tw_buf_free(&c->packed);
    ZSTD_freeCCtx(c->packer);
    ZSTD_freeDCtx(c->unpacker);
}
