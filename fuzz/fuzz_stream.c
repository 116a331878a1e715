/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte chooses the codec and the way of reading. */
#include "artifact_input.h"
#include "engine/artifact/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) return 0;
    tw_limits lim = small_limits();
    tw_arena *a = tw_arena_new(0);
    tw_stream s = {0};
    uint64_t spent = 0, got = 0;
    tw_codec codec = (tw_codec)(data[0] % TW_CODEC_MAX);
    tw_stream_open(&s, a, codec, (tw_str){(const char *)data + 1, size - 1}, &lim, &spent);
    size_t step = 1 + (data[0] / TW_CODEC_MAX) * 977u;
    for (;;) {
        tw_str n = tw_stream_need(&s, step);
        must(n.n <= step);
        tw_str c = tw_stream_chunk(&s, step);
        must(c.n >= n.n || codec == TW_CODEC_NONE);
        if (c.n == 0) break;
        got += c.n;
    }
    must(got == s.pos);
    must(codec == TW_CODEC_NONE || (got == s.made && got == spent && spent <= lim.unpacked));
    must(s.in_off <= s.in.n);
    tw_stream_free(&s);
    tw_arena_free(a);
    return 0;
}
