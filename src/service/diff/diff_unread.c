/* SPDX-License-Identifier: Apache-2.0 */
/* Code that runs by itself and that the old release let be read. */
#include "service/diff/priv.h"

enum { UNREAD_RISK = 60 }; /* nobody can say what it does: high */

static bool hides(const tw_doc *d, uint32_t id)
{
    const tw_node *n = tw_node_get(d, id, TW_S("hides"));
    return n && n->kind == TW_NODE_BOOL && n->truth;
}

static bool unreviewable(const tw_doc *d)
{
    return tw_str_eq(diff_text(d, 0, "verdict"), TW_S("unreviewable"));
}

static void add(const differ *x, uint32_t at, tw_str member, tw_str trigger, tw_str says)
{
    tw_str what = !member.n ? TW_S("the artifact as a whole can no longer be read")
                  : trigger.n
                      ? tw_arena_fmt(x->a, "code that runs at %.*s can no longer be read", TW_FMT(trigger))
                      : TW_S("code of it can no longer be read");
    diff_add(x, (tw_diff_item){.what = TW_DIFF_UNREAD,
                               .risk = UNREAD_RISK,
                               .id = member,
                               .trigger = trigger,
                               .says = says.n ? tw_arena_fmt(x->a, "%.*s: %.*s", TW_FMT(what), TW_FMT(says))
                                              : what,
                               .at = at});
}

void diff_unread(const differ *x)
{
    const tw_doc *to = x->out->to, *from = x->out->from;
    tw_map old;
    uint32_t n = 0;
    tw_map_init(&old, x->a);
    TW_EACH_NODE (from, diff_list(from, "unread"), i) {
        if (hides(from, i)) tw_map_put(&old, diff_path(x, from, diff_text(from, i, "member")), NULL);
    }
    TW_EACH_NODE (to, diff_list(to, "unread"), i) {
        tw_str member = diff_text(to, i, "member");
        bool fresh;
        if (!hides(to, i)) continue;
        n++;
        tw_map_put(&old, diff_path(x, to, member), &fresh);
        if (fresh) add(x, i, member, diff_text(to, i, "trigger"), diff_text(to, i, "says"));
    }
    /* a profile of another hand, or one whose list was cut */
    if (!n && unreviewable(to) && !unreviewable(from)) add(x, 0, TW_S(""), TW_S(""), TW_S(""));
}
