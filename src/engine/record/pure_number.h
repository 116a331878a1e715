/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Numbers of Python: 64 bits, big integers (OpenSSL's), floats. A big integer and a float are FLOAT values whose
 * name is the number as Python writes it. Source: pure_number.c, pure_float.c. */
#include <openssl/bn.h>

#include "engine/record/pure_priv.h"

typedef enum ev_num_kind { EV_NUM_NONE, EV_NUM_INT, EV_NUM_BIG, EV_NUM_FLOAT } ev_num_kind;
typedef struct ev_num {
    ev_num_kind kind;
    int64_t i;
    double f;
    BIGNUM *b; /* BIG: owned; ev_num_free */
} ev_num;

bool ev_num_of(ev *e, uint32_t v, ev_num *ret); /* INT, BOOL, FLOAT */
void ev_num_free(ev_num *n);
bool ev_num_big(ev_num *n);            /* an integer becomes BIG */
uint32_t ev_num_val(ev *e, ev_num *n); /* frees it; 0 where it cannot be written */
int ev_num_sign(const ev_num *n);
/* Decimal digits, at most as many as Python converts; hex otherwise is up to the caller. */
bool ev_num_decimal(ev *e, const ev_num *n, tw_buf *out);
bool ev_num_radix(ev *e, const ev_num *n, unsigned base, bool upper, tw_buf *out); /* digits without sign */
/* pure_float.c */
bool ev_float_read(tw_str s, double *ret); /* as float() does, without blanks around */
void ev_float_repr(double f, tw_buf *out);
uint32_t ev_float(ev *e, double f);
/* [[fill]align][sign][#][0][width][,][.precision][type]; false where Python refuses or we do not know. */
bool ev_spec_number(ev *e, uint32_t v, tw_str spec, tw_buf *out);
