/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outputs/page.h"

enum { PATH_COLUMNS = 160 };

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1c2127;--soft:#5b6570;--line:#d9dee4;--paper:#fff;--field:#f5f7f9;"
    "--accent:#0b6b75;--warn:#9a5b00;--bad:#b3261e;--good:#2e6b34}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e3e7eb;--soft:#9aa5b1;--line:#323a43;--paper:#14181c;"
    "--field:#1c2228;--accent:#6cc5cf;--warn:#e0a84f;--bad:#f08b83;--good:#86c98d}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;padding:1.25rem 1rem 3rem;max-width:58rem;background:var(--paper);color:var(--ink);"
    "font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;margin:0 0 .25rem;line-height:1.25}h1 span{color:var(--soft);font-weight:400}"
    "h2{font-size:1.05rem;margin:2rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}"
    "h2 small,.soft{color:var(--soft);font-weight:400;font-size:.875rem}"
    "code,pre{font:.8125rem/1.5 ui-monospace,monospace}"
    "pre{margin:.15rem 0 .5rem;padding:.35rem .6rem;background:var(--field);border-radius:4px;"
    "white-space:pre-wrap;overflow-wrap:anywhere}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;margin:.75rem 0}"
    "dt{color:var(--soft)}dd{margin:0;min-width:0}"
    "details{border-bottom:1px solid var(--line);padding:.35rem 0}"
    "summary{cursor:pointer;padding:.15rem 0}summary:hover{color:var(--accent)}"
    "summary .soft{white-space:nowrap}article+article{margin-top:3.5rem;padding-top:2rem;"
    "border-top:3px solid var(--line)}"
    "summary code{color:var(--accent);margin-left:.4rem}"
    ".in{padding:.25rem 0 .25rem 1rem}ul{margin:.25rem 0;padding-left:1.25rem}li{margin:.1rem 0}"
    ".v{font-weight:600}.clear{color:var(--good)}.notable{color:var(--accent)}"
    ".suspicious,.unreviewable{color:var(--warn)}.malicious{color:var(--bad)}"
    "@media(max-width:30rem){body{font-size:15px}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}"
    ".in{padding-left:.25rem}}"
    ".lead{margin:.5rem 0}.lead.v{font-size:1.05rem}pre.in{margin-left:0}"
    ".bar{border-left:4px solid "
    "currentColor;padding-left:.75rem}.bar>*{color:var(--ink)}.bar>.v{color:inherit}"
    "nav ul{list-style:none;padding:0}nav li{padding:.4rem 0;border-bottom:1px solid var(--line)}"
    ".part{margin-top:1.25rem}.part h2{display:inline;border:0;margin:0;padding:0}p{margin:.5rem "
    "0}.flows{display:flex;flex-wrap:wrap;gap:0 1.5rem}"
    "a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:2px solid var(--accent)}"
    "figure{margin:.75rem 0}figcaption{color:var(--soft);font-size:.875rem;margin-bottom:.35rem}"
    "svg{display:block;max-width:100%;height:auto}svg text{fill:var(--ink);font:12px ui-monospace,monospace}"
    "svg .end{font:600 12.5px system-ui,sans-serif}svg .soft{fill:var(--soft);font:11px system-ui,sans-serif}"
    "svg rect{fill:var(--field);stroke:var(--line)}svg path{stroke:var(--soft);fill:none}"
    "svg circle{fill:var(--accent)}footer{margin-top:3rem}"
    "@media print{body{max-width:none}details{break-inside:avoid}}";

void tw_page_raw(const tw_page *p, const char *html)
{
    tw_buf_puts(p->out, tw_str_c(html));
}

void tw_page_put(const tw_page *p, tw_str text)
{
    tw_html_put(p->out, text, 0);
}

void tw_page_number(const tw_page *p, uint64_t n)
{
    tw_buf_fmt(p->out, "%llu", (unsigned long long)n);
}

void tw_page_fact(const tw_page *p, const char *what, tw_str text)
{
    if (!text.n) return;
    tw_page_raw(p, "<dt>");
    tw_page_raw(p, what);
    tw_page_raw(p, "</dt><dd>");
    tw_page_put(p, text);
    tw_page_raw(p, "</dd>");
}

void tw_page_place(const tw_page *p, uint32_t place, const char *after)
{
    uint64_t line = tw_get_number(p->doc, place, "line"), count = tw_get_number(p->doc, place, "count");
    tw_str member = tw_get_text(p->doc, place, "member"), snippet = tw_get_text(p->doc, place, "snippet");
    tw_page_raw(p, "<div class=\"soft\">");
    tw_html_put(p->out, member.n ? member : TW_S("the artifact"), PATH_COLUMNS);
    if (line) tw_buf_fmt(p->out, ":%llu", (unsigned long long)line);
    if (count > 1) tw_buf_fmt(p->out, " and %llu more like it", (unsigned long long)count - 1);
    tw_page_raw(p, after);
    tw_page_raw(p, "</div>");
    if (!snippet.n) return;
    tw_page_raw(p, "<pre>");
    tw_page_put(p, snippet);
    tw_page_raw(p, "</pre>");
}

void tw_page_code_item(const tw_page *p, tw_str text)
{
    tw_page_raw(p, "<li><code>");
    tw_page_put(p, text);
    tw_page_raw(p, "</code></li>");
}

void tw_page_begin(tw_buf *out, const char *before, tw_str name, const char *after)
{
    tw_page p = {.out = out};
    tw_page_raw(&p, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                    "'unsafe-inline'\">"
                    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                    "<meta name=\"referrer\" content=\"no-referrer\"><title>");
    tw_page_raw(&p, before);
    tw_page_put(&p, name);
    tw_page_raw(&p, after);
    tw_page_raw(&p, "</title><style>");
    tw_page_raw(&p, style);
    tw_page_raw(&p, "</style></head><body>\n");
}
