/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/rules/shown.h"

#include "base/utf8.h"

static bool url_starts(tw_str s)
{
    return tw_str_starts(s, TW_S("http://")) || tw_str_starts(s, TW_S("https://"));
}

static void show(tw_buf *b, tw_str s)
{
    for (size_t off = 0; off < s.n;) {
        size_t at = off;
        bool bad = false;
        if (url_starts(tw_str_sub(s, at, s.n))) {
            tw_buf_puts(b, TW_S("hxxp"));
            off = at + 4;
            continue;
        }
        uint32_t cp = tw_utf8_next(s, &off, &bad);
        if (bad)
            tw_buf_putc(b, '?');
        else if (cp < ' ' || cp == 0x7f || tw_utf8_invisible(cp))
            tw_buf_putc(b, ' ');
        else
            tw_buf_put(b, s.p + at, off - at);
    }
}

void tw_show_text(tw_buf *b, tw_str s, size_t most)
{
    if (s.n <= most) {
        show(b, s);
        return;
    }
    size_t cut = most;
    while (cut > 0 && ((unsigned char)s.p[cut] & 0xC0) == 0x80) cut--;
    show(b, tw_str_sub(s, 0, cut));
    tw_buf_puts(b, TW_S("..."));
}

void tw_show_host(tw_buf *b, tw_str host)
{
    size_t dot = tw_str_rchr(host, '.');
    tw_show_text(b, tw_str_sub(host, 0, dot == TW_NPOS ? host.n : dot), 200);
    if (dot == TW_NPOS) return;
    tw_buf_puts(b, TW_S("[.]"));
    tw_show_text(b, tw_str_sub(host, dot + 1, host.n), 60);
}

void tw_show_url(tw_buf *b, tw_str url, size_t most)
{
    tw_str host = tw_host_of(url);
    if (!url_starts(url) || host.n == 0 || host.n > most) {
        tw_show_text(b, url, most);
        return;
    }
    size_t at = (size_t)(host.p - url.p);
    show(b, tw_str_sub(url, 0, at));
    tw_show_host(b, host);
    tw_show_text(b, tw_str_sub(url, at + host.n, url.n), most - host.n);
}
