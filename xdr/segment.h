/* segment: an immutable block of original events of one tenant, compressed, each event readable alone.
 *
 * The lines are kept byte by byte, in the order they came. Some hundreds of them are one frame, compressed on its own;
 * beside it stands, also compressed, what the house knows of each event: when it happened, when it arrived, whose it is
 * and of what kind. The index says where frames begin and which tokens each may hold.
 *
 *     segment := head index (lines columns)*
 *     head     skippable frame: "YGS1", bytes of the index
 *     index    skippable frame: frame table, hosts, kinds, filters of frames; compressed, with its checksum
 *     lines    zstd frame with checksum: lines, each with a line end behind it
 *     columns  skippable frame: lengths, times, hosts and kinds of the lines; compressed
 *
 * All of it is a valid zstd stream: `zstdcat` prints a segment's lines.
 *
 * An event's address is the segment and its index in it, from 0. The facts go into columns beside the segment; the
 * filter is there only, since who has a segment at hand has decompressed or skipped it already. Segments are merged
 * by taking the events of several readers into one writer; their lines stay as they were.
 */
#ifndef YAGURA_XDR_SEGMENT_H
#define YAGURA_XDR_SEGMENT_H

#include "xdr/needle.h"

enum {
    SEGMENT_LINE_MAX = 16 << 20,
    SEGMENT_RAW_MAX = 256 << 20,
    SEGMENT_EVENTS_MAX = 1 << 20,
    SEGMENT_NAMES_MAX = 4096,    /* hosts, and kinds, of one segment; events of others are refused */
    SEGMENT_NAME_BYTES_MAX = 255,
    SEGMENT_FACT_NAMES_MAX = 64, /* that facts tell; beyond it they are many */
};

#define SEGMENT_NO_TIME INT64_MIN

struct segment_event {
    struct str line;       /* as it arrived, without its line end and with none inside */
    int64_t event_ms;      /* since 1970; SEGMENT_NO_TIME when it does not say */
    int64_t arrival_ms;
    struct str host, kind; /* kind: "process_creation"; either may be absent */
    uint32_t index;        /* in its segment; set by readers, ignored by writers */
};

struct segment_facts {
    uint32_t event_count, token_count;
    uint64_t raw_bytes; /* of lines, without line ends */
    uint64_t stored_bytes;
    int64_t first_event_ms, last_event_ms; /* SEGMENT_NO_TIME when no event says */
    int64_t first_arrival_ms, last_arrival_ms;
    struct strs hosts, kinds;              /* in order of their first event; of many the first ones */
    bool hosts_are_many, kinds_are_many;
    struct str filter;                     /* token_filter.h */
};

/* ---- writing; a writer is used for one segment after the other and then allocates next to nothing ---- */

struct segment_writer;

/* Arriving batches want speed; merged ones are written once and read for days. */
enum { SEGMENT_LEVEL_ARRIVING = -3, SEGMENT_LEVEL_MERGED = 6 };

struct segment_options { /* zero: as for arriving batches */
    int level;          /* of zstd */
    size_t frame_bytes; /* of lines */
};

struct segment_writer *segment_writer_new(struct arena *a, const struct segment_options *options);
void segment_begin(struct segment_writer *w); /* and gives up what was there */

/* NULL, or why the event was not taken: its line is too long or has a line end inside, the segment is full. */
const char *segment_take(struct segment_writer *w, const struct segment_event *event);
uint32_t segment_taken(const struct segment_writer *w);
uint64_t segment_taken_bytes(const struct segment_writer *w);

/* The segment's bytes; they and the facts live until the next segment_begin. STR_NONE without events. */
struct str segment_finish(struct segment_writer *w, struct segment_facts *facts);

/* ---- reading: any bytes are bounded and refused, never believed ---- */

struct segment_reader;

struct segment_reader *segment_reader_new(struct arena *a);
/* NULL, or why this is no segment. The bytes must stay. Events of the reader live until it reads another frame. */
const char *segment_open(struct segment_reader *r, struct str bytes);
uint32_t segment_event_count(const struct segment_reader *r);

/* One event alone: only its frame is decompressed. NULL, or why not. */
const char *segment_read(struct segment_reader *r, uint32_t index, struct segment_event *out);

/* Only frames of which the question may hold, with times in [from, until); NULL and SEGMENT_NO_TIME for any. Events
 * outside of the times still come if their frame does. Call it behind segment_open. */
void segment_only(struct segment_reader *r, const struct needles *n, int64_t from_ms, int64_t until_ms);

/* The next event. False at the end or at a broken frame, of which segment_problem tells. */
bool segment_next(struct segment_reader *r, struct segment_event *out);
const char *segment_problem(const struct segment_reader *r);

/* The same frame by frame. */
struct segment_frame {
    struct str lines; /* each with its line end; FOLD_SLACK bytes more can be read */
    uint32_t first, count;
    unsigned traits;  /* line_trait, of any of them */
};
bool segment_next_frame(struct segment_reader *r, struct segment_frame *out);
/* Of the frame at hand: the event at a byte of its lines, or by its number in the frame. */
void segment_event_at(struct segment_reader *r, size_t byte, struct segment_event *out);
void segment_event_of(struct segment_reader *r, uint32_t number, struct segment_event *out);

struct segment_tally { /* of the walk, since segment_open */
    uint32_t frames, frames_skipped;
    uint64_t bytes; /* of the frames' lines */
};
struct segment_tally segment_tally(const struct segment_reader *r);

#endif
