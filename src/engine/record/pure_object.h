/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Objects that pure functions know: what made them, and what was called on them since. A CALL is only what a call
 * gave; the object behind it changes with each update(). So a method that depends on what went before asks for the
 * whole past, and gets it only where every call on the object is seen and stands on the one way here. Source:
 * pure_object.c. */
#include "engine/record/pure_priv.h"

enum { EV_PAST_MAX = 32 };
typedef struct ev_past {
    ev_call made;
    uint32_t root;               /* the object */
    uint32_t calls[EV_PAST_MAX]; /* in e->calls, in order, without the call at hand */
    uint32_t n;
} ev_past;

uint32_t ev_made(ev *e, const ev_args *a); /* row of what makes an object, or changes it: folds to nothing */
uint32_t ev_itself(ev *e, const ev_args *a); /* row of what gives its object back */
bool ev_maker(ev *e, uint32_t v, ev_call *ret);
bool ev_past_of(ev *e, const ev_args *a, ev_past *ret);
tw_str ev_method(const ev *e, const ev_call *c);       /* "update"; empty: no method */
tw_str ev_last_name(tw_str sym);                       /* what follows the last dot */
uint32_t ev_map_item(ev *e, uint32_t map, tw_str key); /* 0 none or unknown */
uint32_t ev_positional(const ev_args *a);

/* A constant that is bytes. */
bool ev_raw(ev *e, uint32_t v, tw_str *ret);
/* Bytes, or a text for which its UTF-8 stands. */
bool ev_raw_or_text(ev *e, uint32_t v, tw_str *ret);
bool ev_call_raw(ev *e, const ev_call *c, uint32_t i, const char *keyword, tw_str *ret);
bool ev_absent(const ev *e, uint32_t v); /* not given, or None */
/* bytes that live in e->tmp, as the result. */
uint32_t ev_result(ev *e, uint32_t from, tw_str bytes, const char *recipe);
uint8_t *ev_room_for(ev *e, uint64_t n); /* NULL: no room */
