/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* What the machine knows of Python's objects: exceptions, special methods, generators. */
#include "engine/record/machine_method.h"

enum {
    MCB_STATIC = 1,
    MCB_CLASSMETHOD = 2,
    MCB_PROPERTY = 3,
    MCB_SETTER = 4,
    MCB_METHOD = 5,
    MCB_CONTEXT = 6,
    MCB_SUPER = 7
}; /* MC_BOUND: how */
/* CONTEXT: made by contextlib.contextmanager; METHOD: of a constant or an object, a = name in m->keys */

/* machine_py_error.c */
bool mc_is_error(tw_str name);
uint32_t mc_error(ev *e, uint32_t cls, const mc_args *a); /* an exception: cls a symbol */
uint32_t mc_raise(ev *e, const char *name,
                  uint32_t arg); /* gives m->unknown; the run of instructions ends by it */
int mc_catches(ev *e, uint32_t thrown, uint32_t type); /* 1 yes, 0 no, -1 not known */
uint32_t mc_thrown_by(ev *e, uint32_t v);              /* of what stands behind raise */
bool mc_is_error_class(ev *e, uint32_t cls);           /* object */

/* machine_py_special.c: 0 where there is no such method; an exception in it is raised */
uint32_t mc_special(ev *e, uint32_t object, const char *name, const uint32_t *v, uint32_t n);
uint32_t mc_special_op(ev *e, tw_str op, const uint32_t *v, uint32_t n, bool in_place);
uint32_t mc_text_of(ev *e, uint32_t v, bool repr); /* str(v), repr(v) of what may be an object */
uint32_t mc_called(ev *e, uint32_t f, const uint32_t *v, uint32_t n); /* the result */

/* machine_py_gen.c */
uint32_t mc_generator(ev *e, uint32_t closure,
                      uint32_t env); /* regs of the activation at hand: just set up */
uint32_t mc_resume(ev *e, uint32_t gen, uint32_t sent,
                   bool *ret_done); /* the value; done: it ended, or raised */
bool mc_step_iter(ev *e, uint32_t it, uint32_t *ret_v,
                  bool *ret_done);       /* one item of an iterator; false: not known */
uint32_t mc_iterator(ev *e, uint32_t v); /* iter(v); 0 not known */

/* machine_py_with.c */
uint32_t mc_with(ev *e, uint32_t at);
uint32_t mc_entered(ev *e, uint32_t v);

/* machine_py_sure.c: operators on what has an identity, or that surely fail; 0 neither */
bool mc_py_set_slice(ev *e, uint32_t o, uint32_t slice, uint32_t v); /* v 0: del */
uint32_t mc_py_sure(ev *e, tw_str op, const uint32_t *v, uint32_t n);

/* machine_py_match.c */
uint32_t mc_py_match(ev *e, uint32_t at);

/* machine_py_lib.c */
uint32_t mc_made_entry(ev *e, uint32_t map, uint32_t key);       /* of a defaultdict; 0 none */
uint32_t mc_chained_entry(ev *e, uint32_t object, uint32_t key); /* of a ChainMap; 0 it is none */
uint32_t mc_super_attr(ev *e, uint32_t object, tw_str name);

/* machine_py_call.c */
uint32_t mc_py_apply(ev *e, uint32_t sym, const mc_args *a, uint32_t *ret); /* 0 not known here; R_* */
uint32_t mc_py_attr(ev *e, uint32_t base, tw_str name, uint32_t id);        /* 0 nothing special */
