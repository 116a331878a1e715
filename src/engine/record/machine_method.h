/* SPDX-License-Identifier: Apache-2.0 */
#pragma once
/* Methods of the machine's objects and functions over them: their rows are in machine_rows.c. */
#include "engine/record/machine_priv.h"

typedef struct mc_on {   /* a method at work */
    uint32_t self, o, n; /* value, object, items it has */
    const mc_args *a;
    uint32_t *ret;
} mc_on;
typedef uint32_t (*mc_method_fn)(ev *e, const mc_on *m);                   /* R_* */
typedef uint32_t (*mc_builtin_fn)(ev *e, const mc_args *a, uint32_t *ret); /* 0 not known here; else R_* */

/* machine_rows.c */
uint32_t mc_on_item(const ev *e, const mc_on *m, uint32_t i);
uint32_t *mc_copy_items(ev *e, uint32_t o, uint32_t extra);
bool mc_int_at(ev *e, const mc_args *a, uint32_t i, int64_t otherwise, int64_t *ret);
uint32_t mc_unsure(ev *e, const mc_on *m); /* the object is lost */
uint32_t mc_of_list(ev *e, const mc_args *a, uint32_t list, mc_method_fn fn, uint32_t *ret);
bool mc_given(const mc_args *a, uint32_t min, uint32_t max); /* that many, none by name */

uint32_t *mc_sorted(ev *e, const mc_on *m, uint32_t f);
uint32_t mc_listed(ev *e, uint32_t o, int what); /* 0 keys, 1 values, 2 pairs */
uint32_t mc_as_iter(ev *e, const uint32_t *v, uint32_t n);
bool mc_take(ev *e, uint32_t v, uint32_t **ret_v, uint32_t *ret_n);

/* machine_list.c, machine_each.c, machine_map.c */
uint32_t mc_do_add(ev *e, const mc_on *m);
uint32_t mc_do_clear(ev *e, const mc_on *m);
uint32_t mc_do_concat(ev *e, const mc_on *m);
uint32_t mc_do_copy(ev *e, const mc_on *m);
uint32_t mc_do_every(ev *e, const mc_on *m);
uint32_t mc_do_extend(ev *e, const mc_on *m);
uint32_t mc_do_fill(ev *e, const mc_on *m);
uint32_t mc_do_filter(ev *e, const mc_on *m);
uint32_t mc_do_find(ev *e, const mc_on *m);
uint32_t mc_do_find_index(ev *e, const mc_on *m);
uint32_t mc_do_for_each(ev *e, const mc_on *m);
uint32_t mc_do_get(ev *e, const mc_on *m);
uint32_t mc_do_has(ev *e, const mc_on *m);
uint32_t mc_do_includes(ev *e, const mc_on *m);
uint32_t mc_do_index_of(ev *e, const mc_on *m);
uint32_t mc_do_insert(ev *e, const mc_on *m);
uint32_t mc_do_items(ev *e, const mc_on *m);
uint32_t mc_do_keys(ev *e, const mc_on *m);
uint32_t mc_do_map(ev *e, const mc_on *m);
uint32_t mc_do_map_pop(ev *e, const mc_on *m);
uint32_t mc_do_next(ev *e, const mc_on *m);
uint32_t mc_do_pop(ev *e, const mc_on *m);
uint32_t mc_do_push(ev *e, const mc_on *m);
uint32_t mc_do_reduce(ev *e, const mc_on *m);
uint32_t mc_do_remove(ev *e, const mc_on *m);
uint32_t mc_do_reverse(ev *e, const mc_on *m);
uint32_t mc_do_set(ev *e, const mc_on *m);
uint32_t mc_do_set_default(ev *e, const mc_on *m);
uint32_t mc_do_shift(ev *e, const mc_on *m);
uint32_t mc_do_slice(ev *e, const mc_on *m);
uint32_t mc_do_some(ev *e, const mc_on *m);
uint32_t mc_do_sort(ev *e, const mc_on *m);
uint32_t mc_do_splice(ev *e, const mc_on *m);
uint32_t mc_do_unshift(ev *e, const mc_on *m);
uint32_t mc_do_update(ev *e, const mc_on *m);
uint32_t mc_do_values(ev *e, const mc_on *m);

/* machine_builtin.c, machine_builtin_js.c */
uint32_t mc_b_array(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_array_from(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_assign(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_bytearray(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_dict(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_len(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_list(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_u8(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_function(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_bind_nothing(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_octets(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_own_entries(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_own_keys(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_own_values(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_parse_int(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_range(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reduce(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_require(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reversed(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_set(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_sum(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_tuple(ev *e, const mc_args *a, uint32_t *ret);

/* machine_js_array.c, machine_js_reflect.c */
uint32_t mc_do_at(ev *e, const mc_on *m);
uint32_t mc_do_last_index_of(ev *e, const mc_on *m);
uint32_t mc_do_find_last(ev *e, const mc_on *m);
uint32_t mc_do_find_last_index(ev *e, const mc_on *m);
uint32_t mc_do_reduce_right(ev *e, const mc_on *m);
uint32_t mc_do_join(ev *e, const mc_on *m);
uint32_t mc_do_flat(ev *e, const mc_on *m);
uint32_t mc_do_flat_map(ev *e, const mc_on *m);
uint32_t mc_do_copy_within(ev *e, const mc_on *m);
uint32_t mc_do_js_entries(ev *e, const mc_on *m);
uint32_t mc_do_js_keys(ev *e, const mc_on *m);
uint32_t mc_do_js_values(ev *e, const mc_on *m);
uint32_t mc_do_to_sorted(ev *e, const mc_on *m);
uint32_t mc_do_to_reversed(ev *e, const mc_on *m);
uint32_t mc_do_with(ev *e, const mc_on *m);
uint32_t mc_do_subarray(ev *e, const mc_on *m);
uint32_t mc_do_set_bytes(ev *e, const mc_on *m);
uint32_t mc_do_delete(ev *e, const mc_on *m);
uint32_t mc_do_set_has(ev *e, const mc_on *m);
uint32_t mc_do_each_entry(ev *e, const mc_on *m);
uint32_t mc_b_own_names(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_define(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_define_all(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_create(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_proto_of(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_set_proto_of(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_freeze(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_is_frozen(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_from_entries(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_has_own(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reflect_get(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reflect_set(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reflect_has(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reflect_apply(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_reflect_construct(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_symbol(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_symbol_for(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_b_proxy(ev *e, const mc_args *a, uint32_t *ret);
bool mc_changes_list(tw_str name);

/* machine_py_gen.c */
uint32_t mc_l_map(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_zip(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_filter(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_takewhile(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_starmap(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_chain(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_enumerate(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_islice(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_cycle(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_count(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_iter(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_next(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_do_send(ev *e, const mc_on *m);
uint32_t mc_do_gen_next(ev *e, const mc_on *m);

/* machine_py_lib.c */
uint32_t mc_l_sorted(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_sort(ev *e, const mc_on *m);
uint32_t mc_l_max(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_min(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_defaultdict(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_chain_map(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_super(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_error_init(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_l_nothing(ev *e, const mc_args *a, uint32_t *ret);
uint32_t mc_do_discard(ev *e, const mc_on *m);
uint32_t mc_do_set_remove(ev *e, const mc_on *m);
uint32_t mc_do_set_update(ev *e, const mc_on *m);
uint32_t mc_do_union(ev *e, const mc_on *m);
uint32_t mc_do_intersection(ev *e, const mc_on *m);
uint32_t mc_do_difference(ev *e, const mc_on *m);
uint32_t mc_do_append_left(ev *e, const mc_on *m);
uint32_t mc_do_pop_left(ev *e, const mc_on *m);
uint32_t mc_do_rotate(ev *e, const mc_on *m);
