/* SPDX-License-Identifier: Apache-2.0 */
/* How much it matters that a release gained a capability: what attackers gain by it, less where ordinary releases gain it
 * too. The longest prefix counts. */
#include "service/diff/diff.h"

static const struct {
    const char *prefix;
    uint8_t weight;
} weights[] = {
    {"exec.", 60},
    {"exec.shell", 75},
    {"exec.process", 65},
    {"exec.interpreter", 85},
    {"exec.lolbin", 85},
    {"exec.encoded-command", 100},
    {"exec.hidden", 90},
    {"exec.elevated", 80},
    {"exec.downloaded", 100},
    {"exec.container", 50},
    {"code.", 30},
    {"code.eval", 60},
    {"code.decoded-eval", 100},
    {"code.remote-eval", 100},
    {"code.file-eval", 45},
    {"code.computed-import", 15},
    {"code.reflection", 15},
    {"code.bytecode", 50},
    {"code.unsafe-load", 20},
    {"code.hook-runtime", 40},
    {"net.", 75},
    {"net.http", 65},
    {"net.socket", 65},
    {"net.dns", 45},
    {"net.listen", 40},
    {"net.no-verify", 20},
    {"net.reverse-shell", 100},
    {"net.webhook", 90},
    {"net.drop-host", 90},
    {"net.ip-host", 90},
    {"net.publish", 90},
    {"fs.", 8},
    {"fs.write", 15},
    {"fs.delete", 20},
    {"fs.make-exec", 45},
    {"fs.home-write", 40},
    {"fs.system-write", 70},
    {"fs.other-package", 75},
    {"fs.self-delete", 75},
    {"fs.walk", 10},
    {"fs.pack", 15},
    {"cred.", 70},
    {"cred.env-all", 25},
    {"cred.env-secret", 40},
    {"cred.prompt", 20},
    {"cred.browser", 90},
    {"cred.wallet", 90},
    {"cred.ssh-gpg", 80},
    {"cred.keychain", 80},
    {"cred.chat", 90},
    {"cred.scan", 80},
    {"host.", 12},
    {"host.software", 20},
    {"host.network", 20},
    {"host.locale", 10},
    {"collect.", 60},
    {"collect.keys", 80},
    {"collect.page", 70},
    {"persist.", 85},
    {"hide.", 50},
    {"hide.string-build", 20},
    {"hide.packer", 70},
    {"hide.reviewer-prompt", 90},
    {"hide.decrypt", 60},
    {"hide.gate", 15},
    {"hide.sandbox-test", 40},
    {"hide.invisible", 60},
    {"hide.blob", 30},
    {"hide.kill-security", 90},
    {"impact.", 90},
    {"impact.protest", 60},
};

uint32_t tw_drift_weight(tw_str capability)
{
    size_t best = 0;
    uint32_t weight = 10;
    for (size_t i = 0; i < TW_COUNT(weights); i++) {
        tw_str p = tw_str_c(weights[i].prefix);
        bool whole = p.p[p.n - 1] == '.' || p.n == capability.n;
        if (whole && p.n >= best && tw_str_starts(capability, p)) best = p.n, weight = weights[i].weight;
    }
    return weight;
}

static const uint8_t percent[TW_TRIGGER_MAX] = {
    [TW_TRIGGER_INSTALL] = 100, [TW_TRIGGER_BUILD] = 85, [TW_TRIGGER_IMPORT] = 90, [TW_TRIGGER_PLUGIN] = 100,
    [TW_TRIGGER_COMMAND] = 35,  [TW_TRIGGER_LOAD] = 40,  [TW_TRIGGER_CALL] = 25,   [TW_TRIGGER_DEAD] = 5,
};

uint32_t tw_drift_when(tw_str trigger)
{
    for (int t = 0; t < TW_TRIGGER_MAX; t++)
        if (tw_str_eq(trigger, tw_str_c(tw_trigger_name((tw_trigger)t)))) return percent[t];
    return 0;
}
