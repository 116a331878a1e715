/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Text of an artifact made fit to be shown, and what hosts are by their form alone. Sources:
 * shown.c, hosts.c. */
#include "base/buf.h"
#include "base/str.h"

enum { TW_SHOW_MAX = 100 };
/* At most `most` bytes of s, whole characters, control and invisible ones as spaces, bad bytes as
 * '?', "http://" as "hxxp://"; "..." where it was cut. */
void tw_show_text(tw_buf *b, tw_str s, size_t most);
/* The same with the last dot as "[.]". */
void tw_show_host(tw_buf *b, tw_str host);
/* The same for a URL: its host shown by tw_show_host. */
void tw_show_url(tw_buf *b, tw_str url, size_t most);

typedef enum tw_host_class {
    TW_HOST_LOOPBACK,
    TW_HOST_PRIVATE,
    TW_HOST_IP,
    TW_HOST_EXAMPLE,
    TW_HOST_CLASS_MAX
} tw_host_class;
extern const char *const tw_host_class_names[TW_HOST_CLASS_MAX];
/* The host of "scheme://user@host:port/x", or s itself where it has the form of a host; else empty. */
tw_str tw_host_of(tw_str s);
uint32_t tw_host_classes(tw_str host); /* mask of 1 << tw_host_class */
