/* SPDX-License-Identifier: Apache-2.0 */
/* The report: a closed object, keys in a fixed order, lists sorted and capped, at most TW_REPORT_MAX
 * bytes. `artifact` and `index` are the only keys that differ between two reviews of equal bytes, so
 * the hash is taken over the object without them and they are put in afterwards. */
#include "engine/verdict/priv.h"

#define SCHEMA "{\"schema\":\"tidewaiter.report/1\""
enum { ROOM_FOR_NAME = 40 << 10, NAME_MAX_BYTES = 4096, ITEMS = 200, PLACES = 5 };

void tw_put_text(tw_json_w *w, const char *key, tw_str s)
{
    tw_json_key(w, tw_str_c(key));
    if (s.n)
        tw_json_str(w, s);
    else
        tw_json_null(w);
}

void tw_put_word(tw_json_w *w, const char *key, const char *word)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_str(w, tw_str_c(word));
}

void tw_put_number(tw_json_w *w, const char *key, uint64_t n)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_u64(w, n);
}

void tw_put_digest(tw_json_w *w, const char *key, const tw_digest *d, size_t digits)
{
    static const tw_digest none;
    char hex[65];
    tw_digest_hex(d, hex);
    tw_put_text(w, key, tw_digest_eq(d, &none) ? (tw_str){NULL, 0} : tw_str_of(hex, digits));
}

tw_list_w tw_list_begin(tw_json_w *w, const char *key, uint32_t most)
{
    tw_json_key(w, tw_str_c(key));
    tw_json_arr(w);
    return (tw_list_w){w, most, 0};
}

bool tw_list_room(tw_list_w *l)
{
    if (l->left == 0) {
        l->more++;
        return false;
    }
    l->left--;
    return true;
}

void tw_list_end(tw_list_w *l)
{
    if (l->more) {
        tw_json_obj(l->w);
        tw_put_number(l->w, "more", l->more);
        tw_json_obj_end(l->w);
    }
    tw_json_arr_end(l->w);
}

static tw_digest limits_hash(const tw_limits *lim)
{
    tw_buf b = TW_BUF_INIT;
#define X(name, value, what) tw_buf_u64le(&b, lim->name);
    TW_LIMITS(X)
#undef X
    tw_digest d = tw_sha256_of(tw_buf_str(&b));
    tw_buf_free(&b);
    return d;
}

static void put_subject(const tw_report_w *r)
{
    const tw_report_in *in = r->in;
    tw_json_key(r->w, TW_S("subject"));
    tw_json_obj(r->w);
    tw_put_word(r->w, "format", in->format ? in->format : "unknown");
    tw_put_number(r->w, "size", in->input->bytes.n);
    tw_put_number(r->w, "members", in->n_members);
    tw_put_number(r->w, "unpacked", in->unpacked);
    tw_json_obj_end(r->w);
    tw_put_digest(r->w, "sha256", &in->sha256, 64);
}

static void put_identity(const tw_report_w *r)
{
    const tw_package *p = r->in->package;
    const tw_str none = {NULL, 0};
    tw_put_text(r->w, "purl", r->in->input->purl.n ? r->in->input->purl : p ? p->purl : none);
    tw_put_text(r->w, "ecosystem", p && p->ecosystem ? tw_str_c(p->ecosystem->name) : none);
    tw_put_text(r->w, "name", p ? p->name : none);
    tw_put_text(r->w, "version", p ? p->version : none);
}

static void put_versions(const tw_report_w *r)
{
    tw_limits defaults = tw_limits_default();
    tw_digest lim = limits_hash(r->in->limits ? r->in->limits : &defaults);
    tw_json_key(r->w, TW_S("versions"));
    tw_json_obj(r->w);
    tw_put_word(r->w, "engine", TW_VERSION);
    tw_put_digest(r->w, "front", &r->in->versions.front, 16);
    tw_put_digest(r->w, "tables", &r->in->versions.tables, 16);
    tw_put_digest(r->w, "rules", &r->in->versions.rules, 16);
    tw_put_text(r->w, "model", (tw_str){NULL, 0});
    tw_put_digest(r->w, "limits", &lim, 16);
    tw_json_obj_end(r->w);
}

static void put_verdict(const tw_report_w *r, const tw_verdict *v)
{
    tw_put_word(r->w, "verdict", tw_level_name(v->level));
    tw_put_text(r->w, "kind", v->kind);
    tw_json_key(r->w, TW_S("recommendation"));
    tw_json_obj(r->w);
    tw_put_word(r->w, "scope", v->scope);
    tw_put_word(r->w, "action", v->action);
    tw_json_obj_end(r->w);
    tw_json_key(r->w, TW_S("score"));
    tw_json_double(r->w, (double)v->score / 1000.0);
    tw_put_word(r->w, "score_kind", "rank");
    tw_json_key(r->w, TW_S("complete"));
    tw_json_bool(r->w, v->complete);
    tw_json_key(r->w, TW_S("summary"));
    tw_json_str(r->w, tw_str_sub(v->summary, 0, 1000));
}

static void put_triggers(const tw_report_w *r)
{
    tw_json_key(r->w, TW_S("triggers"));
    tw_json_obj(r->w);
    for (int t = 0; t < TW_TRIGGER_MAX; t++)
        tw_put_number(r->w, tw_trigger_name((tw_trigger)t), r->in->join ? r->in->join->triggers[t] : 0);
    tw_json_obj_end(r->w);
}

static void put_errors(const tw_report_w *r)
{
    tw_list_w l = tw_list_begin(r->w, "contributions", 0);
    tw_list_end(&l);
    l = tw_list_begin(r->w, "errors", r->most.items);
    for (uint32_t i = 0; i < r->in->n_errors; i++) {
        const tw_report_error *e = &r->in->errors[i];
        if (!tw_list_room(&l)) continue;
        tw_json_obj(r->w);
        tw_put_word(r->w, "code", e->code);
        bool has = e->member < r->in->n_members;
        tw_put_text(r->w, "member",
                    has ? tw_str_sub(r->in->members[e->member].path, 0, r->most.path) : (tw_str){NULL, 0});
        if (e->off == UINT64_MAX)
            tw_put_text(r->w, "off", (tw_str){NULL, 0});
        else
            tw_put_number(r->w, "off", e->off);
        tw_put_text(r->w, "rule", e->rule);
        tw_json_key(r->w, TW_S("says"));
        tw_json_str(r->w, tw_str_sub(e->says, 0, r->most.text));
        tw_json_key(r->w, TW_S("retryable"));
        tw_json_bool(r->w, e->retryable);
        tw_json_obj_end(r->w);
    }
    tw_list_end(&l);
}

static void put_stats(const tw_report_w *r)
{
    tw_json_key(r->w, TW_S("stats"));
    tw_json_obj(r->w);
    tw_put_number(r->w, "files", r->in->stats.files);
    tw_put_number(r->w, "parsed", r->in->stats.parsed);
    tw_put_number(r->w, "steps", r->in->stats.steps);
    tw_put_number(r->w, "layers", r->in->stats.layers);
    tw_put_number(r->w, "records", r->in->stats.records);
    tw_json_obj_end(r->w);
}

static void put_body(const tw_report_in *in, const tw_verdict *v, tw_caps most, tw_buf *body)
{
    tw_json_w w = tw_json_writer(body);
    tw_report_w r = {&w, in, most};
    tw_json_obj(&w);
    tw_put_word(&w, "schema", "tidewaiter.report/1");
    put_subject(&r);
    put_identity(&r);
    put_versions(&r);
    put_verdict(&r, v);
    put_triggers(&r);
    tw_report_behaviours(&r);
    tw_report_findings(&r);
    tw_report_signals(&r);
    tw_report_capabilities(&r);
    tw_report_flows(&r);
    tw_report_layers(&r);
    tw_report_indicators(&r);
    tw_report_coverage(&r);
    put_errors(&r);
    put_stats(&r);
    tw_json_obj_end(&w);
}

static void wrap(const tw_input *input, tw_str body, tw_buf *out)
{
    static const size_t head = sizeof SCHEMA - 1;
    tw_digest d = tw_sha256_of(body);
    char hex[65];
    tw_digest_hex(&d, hex);
    tw_buf_puts(out, tw_str_sub(body, 0, head));
    tw_buf_puts(out, TW_S(",\"artifact\":"));
    tw_json_w w = tw_json_writer(out);
    tw_json_str(&w, tw_str_sub(input->artifact, 0, NAME_MAX_BYTES));
    if (input->has_index) tw_buf_fmt(out, ",\"index\":%llu", (unsigned long long)input->index);
    tw_buf_puts(out, tw_str_sub(body, head, body.n - 1));
    tw_buf_fmt(out, ",\"report_sha256\":\"%s\"}", hex);
}

void tw_report_write(const tw_report_in *in, const tw_verdict *v, tw_buf *out)
{
    tw_buf body = {.limit = TW_REPORT_MAX - ROOM_FOR_NAME};
    tw_caps most = {ITEMS, PLACES, 512, 1000};
    if (in->limits && in->limits->list_items < most.items) most.items = (uint32_t)in->limits->list_items;
    put_body(in, v, most, &body);
    while (body.over && most.items > 1) {
        most.items /= 2;
        most.places = most.places > 1 ? most.places - 1 : 1;
        most.path = most.path > 128 ? most.path / 2 : 128;
        most.text = most.text > 128 ? most.text / 2 : 128;
        tw_buf_clear(&body);
        put_body(in, v, most, &body);
    }
    tw_buf_clear(out);
    wrap(in->input, tw_buf_str(&body), out);
    tw_buf_free(&body);
}

void tw_report_failed(const tw_input *in, const tw_digest *sha256, const tw_rules *rules,
                      const tw_report_error *e, tw_buf *out)
{
    tw_report_in r = {.input = in, .sha256 = *sha256, .rules = rules, .errors = e, .n_errors = 1};
    tw_verdict v;
    tw_arena *a = tw_arena_new(4096);
    tw_verdict_make(&r, a, &v);
    tw_report_write(&r, &v, out);
    tw_arena_free(a);
}
