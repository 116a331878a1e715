/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/names/popular_priv.h"

extern const tw_digest tw_popular_digest;

const tw_popular *tw_popular_of(const char *ecosystem)
{
    for (size_t i = 0; ecosystem && i < tw_n_popular; i++)
        if (!strcmp(tw_popular_lists[i].ecosystem, ecosystem)) return &tw_popular_lists[i];
    return NULL;
}

tw_digest tw_popular_hash(void)
{
    return tw_popular_digest;
}

tw_str tw_popular_name(const tw_popular *l, uint32_t rank)
{
    return rank < l->n ? tw_str_c(l->pool + l->at[rank]) : TW_S("");
}

uint32_t tw_popular_count(const tw_popular *l)
{
    return l->n;
}

/* The next index whose hash agrees; *at moves along. */
static bool next(const tw_slots *s, uint32_t hash, uint32_t *at, uint32_t *ret)
{
    while (s->v[*at & s->mask]) {
        uint32_t slot = s->v[(*at)++ & s->mask];
        if ((slot & 0xffff0000u) != (hash & 0xffff0000u)) continue;
        *ret = (slot & 0xffffu) - 1;
        return true;
    }
    return false;
}

uint32_t tw_popular_find(const tw_popular *l, tw_name_key key, tw_str name)
{
    char form[TW_NAME_MAX];
    uint32_t hash = tw_name_hash(name), at = hash, i;
    while (name.n && next(&l->keys[key], hash, &at, &i)) {
        tw_str other = tw_popular_name(l, i);
        if (key != TW_KEY_NAME) other = (tw_str){form, tw_name_form(key, other, form)};
        if (tw_str_eq(other, name)) return i;
    }
    return TW_NO_NAME;
}

uint32_t tw_popular_repository(const tw_popular *l, tw_str repository)
{
    uint32_t hash = tw_name_hash(repository), at = hash, i;
    while (repository.n && next(&l->repo_slots, hash, &at, &i))
        if (tw_str_eq(tw_str_c(l->repo_pool + l->repo_at[i]), repository)) return l->repo_of[i];
    return TW_NO_NAME;
}

tw_str tw_popular_source(const tw_popular *l, tw_str *ret_date)
{
    *ret_date = tw_str_c(l->date);
    return tw_str_c(l->source);
}

bool tw_mail_disposable(tw_str domain)
{
    uint32_t hash = tw_name_hash(domain), at = hash, i;
    while (domain.n && next(&tw_mail.slots, hash, &at, &i))
        if (tw_str_eq(tw_str_c(tw_mail.pool + tw_mail.at[i]), domain)) return true;
    return false;
}

tw_str tw_mail_source(tw_str *ret_date)
{
    *ret_date = tw_str_c(tw_mail.date);
    return tw_str_c(tw_mail.source);
}
