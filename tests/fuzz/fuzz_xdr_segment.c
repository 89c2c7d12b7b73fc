/* Bytes that say they are a segment: never a crash, and what can be read can be written again and reads the same.
 *
 * Checksums would keep a fuzzer outside. So an input is a segment as it stands only if its first byte is even; else it
 * is what an index, lines and columns hold, and is packed here: lengths of the first two as u16, then the three.
 */
#include <zstd.h>

#include "tests/fuzz/fuzz.h"
#include "xdr/scan.h"
#include "xdr/segment_parts.h"

static void
pack(struct room *to, bool is_skippable, const uint8_t *at, size_t len)
{
    uint32_t head[2] = { SEGMENT_MAGIC, 0 };
    size_t begin = to->len, bound = ZSTD_compressBound(len);
    if (is_skippable)
        room_add(to, head, sizeof head);
    char *into = room_for(to, bound);
    head[1] = (uint32_t)ZSTD_compress(into, bound, at, len, 1);
    to->len += head[1];
    if (is_skippable)
        memcpy(to->at + begin, head, sizeof head);
}

static void
pack_segment(struct room *to, const uint8_t *data, size_t size)
{
    struct room frame = { 0 }, index = { 0 };
    uint16_t lens[2];
    memcpy(lens, data, sizeof lens);
    data += sizeof lens;
    size -= sizeof lens;
    size_t index_len = lens[0] < size ? lens[0] : size;
    size_t lines_len = lens[1] < size - index_len ? lens[1] : size - index_len;
    pack(&frame, false, data + index_len, lines_len);
    uint32_t lines_bytes = (uint32_t)frame.len;
    pack(&frame, true, data + index_len + lines_len, size - index_len - lines_len);
    room_add(&index, data, index_len);
    if (index_len >= sizeof(struct segment_index_head) + sizeof(struct segment_row)) {
        struct segment_row *row = (void *)(index.at + sizeof(struct segment_index_head));
        row->lines_bytes = lines_bytes;
        row->columns_bytes = (uint32_t)frame.len - lines_bytes;
    }
    uint32_t words[] = { SEGMENT_MAGIC, SEGMENT_HEAD - SEGMENT_SKIP_HEAD, 0, 0 };
    memcpy(words + 2, "YGS1", 4);
    room_add(to, words, sizeof words);
    pack(to, true, (const uint8_t *)index.at, index_len);
    words[3] = (uint32_t)(to->len - sizeof words);
    memcpy(to->at, words, sizeof words);
    room_add(to, frame.at, frame.len);
    room_end(&frame);
    room_end(&index);
}

static bool
take_hit(void *to, const struct scan_hit *hit)
{
    (void)to;
    return hit->event->line.len < 1000;
}

static void
ask(struct arena *a, struct segment_reader *r)
{
    struct needle needles[] = { { NEEDLE_CONTAINS, STR("cmd.exe") }, { NEEDLE_WORD, STR("10.1.2.3") } };
    struct needle_clause clause = { needles, COUNT_OF(needles) };
    struct scan_plan plan = { .needles = needles_new(a, &clause, 1), .hit = take_hit, .from_ms = SEGMENT_NO_TIME,
                              .until_ms = SEGMENT_NO_TIME };
    scan_segment(scan_new(a, &plan), r);
}

static void
copy(struct arena *a, struct segment_reader *r, struct str bytes)
{
    struct segment_writer *w = segment_writer_new(a, NULL);
    struct segment_reader *again = segment_reader_new(a);
    struct segment_event e, copied;
    struct segment_facts facts;
    if (segment_open(r, bytes))
        return;
    while (segment_next(r, &e))
        if (segment_take(w, &e))
            return; /* a line end inside, or too many names */
    struct str rewritten = segment_finish(w, &facts);
    if (!rewritten.at || segment_open(again, rewritten) || segment_open(r, bytes))
        return;
    for (; segment_next(again, &copied); )
        if (!segment_next(r, &e) || !str_eq(e.line, copied.line) || !str_eq(e.host, copied.host)
            || e.event_ms != copied.event_ms || e.arrival_ms != copied.arrival_ms || !str_eq(e.kind, copied.kind))
            abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct segment_reader *r = segment_reader_new(a);
    struct room made = { 0 };
    struct segment_event e;
    if (size < 5)
        return 0;
    if (data[0] % 2)
        pack_segment(&made, data + 1, size - 1);
    else
        room_add(&made, data + 1, size - 1);
    struct str bytes = { made.at, made.len };
    if (!segment_open(r, bytes)) {
        for (uint32_t i = 0; i < segment_event_count(r) && i < 1000; i += 3)
            segment_read(r, i, &e);
        ask(a, r);
        copy(a, r, bytes);
    }
    room_end(&made);
    return 0;
}
