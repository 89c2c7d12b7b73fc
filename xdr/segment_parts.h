/* segment_parts: how a segment's bytes are laid out, for what writes and what reads them. Little-endian.
 *
 *     head      u32 skippable magic, u32 8, "YGS1", u32 bytes of the index frame that follows
 *     index     u32 skippable magic, u32 bytes, zstd frame of:
 *                 u32 events, frames, hosts, kinds
 *                 frames times struct segment_row
 *                 hosts, then kinds: u8 length, text
 *                 filters of the frames, one behind the other
 *     frame     lines: zstd frame; columns: u32 skippable magic, u32 bytes, zstd frame of, column by column:
 *                 lengths of lines                       varint
 *                 event times                            0, else 1 + zigzag of what was added to the one before
 *                 arrival times                          zigzag of what was added to the one before
 *                 hosts, kinds                           0 for none, else 1 + number in the index
 */
#ifndef YAGURA_XDR_SEGMENT_PARTS_H
#define YAGURA_XDR_SEGMENT_PARTS_H

#include "xdr/segment.h"

enum {
    SEGMENT_MAGIC = 0x184D2A5E, /* one of zstd's sixteen for frames to skip */
    SEGMENT_SKIP_HEAD = 8,
    SEGMENT_HEAD = SEGMENT_SKIP_HEAD + 8,
    SEGMENT_FRAME_MAX = 4 << 20, /* of lines, where one line is not longer already */
    SEGMENT_FRAME_RAW_MAX = SEGMENT_FRAME_MAX + SEGMENT_LINE_MAX + 1,
    SEGMENT_EVENT_COLUMNS_MAX = 32, /* bytes of one event in the columns */
    SEGMENT_FRAMES_MAX = 1 << 16,
    SEGMENT_INDEX_RATIO_MAX = 64,   /* filters do not compress, so an index that claims more lies */
    SEGMENT_INDEX_SMALL = 1 << 16,
};

#define SEGMENT_TIME_MAX (1ll << 53) /* either side of 1970 */

struct segment_row {
    uint32_t count, raw_bytes, lines_bytes, columns_bytes, traits, filter_bytes;
    int64_t from_ms, until_ms; /* first and last time; of arrival for events that say none */
};
_Static_assert(sizeof(struct segment_row) == 40, "rows have no gaps");

struct segment_index_head {
    uint32_t events, frames, hosts, kinds;
};

/* Bytes that grow and are used again and again. */
struct room {
    struct arena *arena;
    char *at;
    size_t len, size;
};

/* Room for `more` bytes behind what is there, and some to read; where they begin. */
char *room_for(struct room *r, size_t more);
void room_add(struct room *r, const void *from, size_t bytes);
void room_end(struct room *r);

static inline uint64_t
zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
}

static inline int64_t
unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

#endif
