/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses that the code would talk to, out of the folded values of network uses: defanged for
 * people, base64 of the raw bytes for machines. Loopback, private and example hosts are left out. */
#include "base/map.h"
#include "engine/rules/shown.h"
#include "engine/verdict/priv.h"

enum { VALUE_MAX = 500 };

static void base64(tw_buf *b, tw_str s)
{
    static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.n; i += 3) {
        uint32_t left = (uint32_t)(s.n - i < 3 ? s.n - i : 3), v = 0;
        for (uint32_t k = 0; k < 3; k++) v = v << 8 | (k < left ? (uint8_t)s.p[i + k] : 0);
        for (uint32_t k = 0; k < 4; k++) tw_buf_putc(b, k <= left ? set[v >> (18 - 6 * k) & 63] : '=');
    }
}

static void put_indicator(tw_json_w *w, tw_str raw, bool url)
{
    tw_buf b = TW_BUF_INIT;
    if (url)
        tw_show_url(&b, raw, VALUE_MAX);
    else
        tw_show_host(&b, raw);
    tw_json_obj(w);
    tw_put_text(w, "shown", tw_buf_str(&b));
    tw_buf_clear(&b);
    base64(&b, raw);
    tw_put_text(w, "raw_b64", tw_buf_str(&b));
    tw_json_obj_end(w);
    tw_buf_free(&b);
}

/* Values of one sort, each once, in order of first sight. */
static void gather(const tw_join *j, tw_map *urls, tw_map *hosts, tw_map *ips)
{
    const uint32_t quiet = 1u << TW_HOST_LOOPBACK | 1u << TW_HOST_PRIVATE | 1u << TW_HOST_EXAMPLE;
    for (uint32_t i = 0; i < j->uses.n; i++)
        for (uint32_t k = 0; k < j->uses.v[i].n_values; k++) {
            const tw_fact_value *v = &j->uses.v[i].values[k];
            if ((v->role != TW_ARGROLE_URL && v->role != TW_ARGROLE_HOST) || v->text.n > VALUE_MAX) continue;
            tw_str host = tw_host_of(v->text);
            uint32_t classes = tw_host_classes(host);
            if (host.n == 0 || (classes & quiet)) continue;
            tw_map_put(classes & 1u << TW_HOST_IP ? ips : hosts, host, NULL);
            if (tw_str_find(v->text, TW_S("://")) != TW_NPOS) tw_map_put(urls, v->text, NULL);
        }
}

static void put_list(const tw_report_w *r, const char *key, const tw_map *m, bool url)
{
    tw_list_w l = tw_list_begin(r->w, key, r->most.items / 2);
    for (uint32_t i = 0; m && i < m->n; i++)
        if (tw_list_room(&l)) put_indicator(r->w, m->items[i].key, url);
    tw_list_end(&l);
}

void tw_report_indicators(const tw_report_w *r)
{
    static const char *const later[] = {"wallets", "tokens", "hashes"};
    tw_arena *a = tw_arena_new(0);
    tw_map urls, hosts, ips;
    tw_map_init(&urls, a);
    tw_map_init(&hosts, a);
    tw_map_init(&ips, a);
    if (r->in->join) gather(r->in->join, &urls, &hosts, &ips);
    tw_json_key(r->w, TW_S("indicators"));
    tw_json_obj(r->w);
    put_list(r, "urls", &urls, true);
    put_list(r, "hosts", &hosts, false);
    put_list(r, "ips", &ips, false);
    for (size_t i = 0; i < TW_COUNT(later); i++) put_list(r, later[i], NULL, false);
    tw_json_obj_end(r->w);
    tw_arena_free(a);
}
