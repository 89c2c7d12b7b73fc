/* Frames and messages of syslog out of any bytes, as they come in pieces: never a crash, never a message longer than
 * any may be, and the same messages however the bytes were cut. */
#include "tests/fuzz/fuzz.h"
#include "xdr/syslog.h"

static size_t
take_all(struct arena *a, struct str stream, size_t step, uint64_t *sum)
{
    size_t count = 0, begin = 0;
    for (size_t end = step < stream.len ? step : stream.len;;) {
        struct str rest = { stream.at + begin, end - begin }, message;
        enum syslog_frame frame;
        while ((frame = syslog_next(&rest, &message)) == SYSLOG_FRAME) {
            struct syslog_message m;
            if (message.len > SYSLOG_MESSAGE_MAX)
                abort();
            syslog_read(message, &m);
            (void)syslog_param(m.structured, "yagura", "key");
            struct str line = syslog_line(a, &m);
            for (size_t i = 0; i < line.len; i++)
                *sum = *sum * 31 + (unsigned char)line.at[i];
            *sum = *sum * 31 + 1;
            count++;
        }
        begin = (size_t)(rest.at - stream.at);
        if (frame == SYSLOG_BROKEN || end == stream.len)
            return count;
        end = end + step < stream.len ? end + step : stream.len;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    struct str stream = str_copy(a, (struct str){ (const char *)data, size });
    uint64_t whole = 0, cut = 0;
    size_t count = take_all(a, stream, size + 1, &whole);
    if (take_all(a, stream, 7, &cut) != count || whole != cut)
        abort();
    return 0;
}
