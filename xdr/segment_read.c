/* Every number in a segment's bytes is a claim. Memory is taken for what the limits allow and no more; what
 * decompresses to another size than claimed, or does not add up, is refused. */
#include <zstd.h>

#include "xdr/fold.h"
#include "xdr/segment_parts.h"
#include "xdr/token_filter.h"

struct frame {
    struct segment_row row;
    uint32_t first;
    size_t at; /* in the segment's bytes */
    struct str filter;
};

struct line_facts {
    uint32_t begin, len;
    uint32_t host, kind; /* 0: absent */
    int64_t event_ms, arrival_ms;
};

struct segment_reader {
    ZSTD_DCtx *zstd;
    struct arena *life; /* of one segment's index */
    struct str bytes;
    struct segment_index_head head;
    struct frame *frames;
    struct str *hosts, *kinds;
    struct room lines, columns, facts;
    uint32_t loaded, next_frame, next_line; /* loaded: 1 + number of the frame that is decompressed */
    const struct needles *needles;
    int64_t from_ms, until_ms;
    const char *problem;
    struct segment_tally tally;
};

static void
end_of_reader(void *of)
{
    struct segment_reader *r = of;
    room_end(&r->lines);
    room_end(&r->columns);
    room_end(&r->facts);
    ZSTD_freeDCtx(r->zstd);
    arena_free(r->life);
}

struct segment_reader *
segment_reader_new(struct arena *a)
{
    struct segment_reader *r = arena_new_of(a, struct segment_reader);
    r->life = arena_new(1 << 14);
    r->zstd = ZSTD_createDCtx();
    if (!r->zstd)
        abort();
    arena_defer(a, end_of_reader, r);
    return r;
}

/* ---- opening ---- */

static uint32_t
u32_at(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

/* Decompresses one frame that must give exactly `raw` bytes. */
static bool
decompress(struct segment_reader *r, struct str from, char *to, size_t raw)
{
    size_t got = ZSTD_decompressDCtx(r->zstd, to, raw, from.at, from.len);
    return !ZSTD_isError(got) && got == raw;
}

/* What stands in a skippable frame at the beginning of the bytes; absent when there is none. */
static struct str
skippable_at(struct str bytes)
{
    if (bytes.len < SEGMENT_SKIP_HEAD || u32_at(bytes.at) != SEGMENT_MAGIC
        || u32_at(bytes.at + 4) > bytes.len - SEGMENT_SKIP_HEAD)
        return STR_NONE;
    return (struct str){ bytes.at + SEGMENT_SKIP_HEAD, u32_at(bytes.at + 4) };
}

static struct str
unpack_index(struct segment_reader *r, struct str packed)
{
    unsigned long long raw = ZSTD_getFrameContentSize(packed.at, packed.len);
    if (raw == ZSTD_CONTENTSIZE_UNKNOWN || raw == ZSTD_CONTENTSIZE_ERROR
        || raw > SEGMENT_INDEX_SMALL + (unsigned long long)packed.len * SEGMENT_INDEX_RATIO_MAX)
        return STR_NONE;
    char *at = arena_alloc(r->life, (size_t)raw + 1);
    return decompress(r, packed, at, (size_t)raw) ? (struct str){ at, (size_t)raw } : STR_NONE;
}

static bool
take(struct str *rest, void *out, size_t bytes)
{
    if (rest->len < bytes)
        return false;
    memcpy(out, rest->at, bytes);
    *rest = str_skip(*rest, bytes);
    return true;
}

static struct str *
take_names(struct segment_reader *r, struct str *rest, uint32_t count)
{
    struct str *names = arena_array_of(r->life, count + 1, struct str);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t len;
        if (!take(rest, &len, 1) || rest->len < len)
            return NULL;
        names[i] = str_head(*rest, len);
        *rest = str_skip(*rest, len);
    }
    return names;
}

static bool
row_is_sound(const struct segment_row *row, size_t left)
{
    return row->count > 0 && row->count <= row->raw_bytes && row->raw_bytes <= SEGMENT_FRAME_RAW_MAX
        && row->lines_bytes <= left && row->columns_bytes <= left - row->lines_bytes;
}

/* Frames and their filters must fill the segment to its last byte. */
static bool
take_frames(struct segment_reader *r, struct str *rest, size_t at)
{
    uint32_t first = 0;
    uint64_t raw = 0;
    r->frames = arena_array_of(r->life, r->head.frames, struct frame);
    for (uint32_t i = 0; i < r->head.frames; i++) {
        struct frame *f = &r->frames[i];
        if (!take(rest, &f->row, sizeof f->row) || !row_is_sound(&f->row, r->bytes.len - at))
            return false;
        f->first = first;
        f->at = at;
        at += (size_t)f->row.lines_bytes + f->row.columns_bytes;
        raw += f->row.raw_bytes;
        if (f->row.count > r->head.events - first || raw > SEGMENT_RAW_MAX + SEGMENT_EVENTS_MAX)
            return false;
        first += f->row.count;
    }
    return at == r->bytes.len && first == r->head.events;
}

static bool
take_filters(struct segment_reader *r, struct str rest)
{
    for (uint32_t i = 0; i < r->head.frames; i++) {
        struct frame *f = &r->frames[i];
        if (f->row.filter_bytes > rest.len)
            return false;
        f->filter = str_head(rest, f->row.filter_bytes);
        rest = str_skip(rest, f->row.filter_bytes);
    }
    return rest.len == 0;
}

static bool
read_index(struct segment_reader *r, struct str index, size_t frames_at)
{
    const struct segment_index_head *h = &r->head;
    return take(&index, &r->head, sizeof r->head) && h->events > 0 && h->events <= SEGMENT_EVENTS_MAX
        && h->frames > 0 && h->frames <= h->events && h->frames <= SEGMENT_FRAMES_MAX
        && h->hosts <= SEGMENT_NAMES_MAX && h->kinds <= SEGMENT_NAMES_MAX && take_frames(r, &index, frames_at)
        && (r->hosts = take_names(r, &index, h->hosts)) && (r->kinds = take_names(r, &index, h->kinds))
        && take_filters(r, index);
}

static const char *
open_bytes(struct segment_reader *r)
{
    struct str head = skippable_at(r->bytes);
    if (head.len != SEGMENT_HEAD - SEGMENT_SKIP_HEAD || memcmp(head.at, "YGS1", 4) != 0)
        return "this is no segment";
    struct str packed = skippable_at(str_skip(r->bytes, SEGMENT_HEAD));
    if (!packed.at || packed.len + SEGMENT_SKIP_HEAD != u32_at(head.at + 4))
        return "the segment's index is cut";
    struct str index = unpack_index(r, packed);
    if (!index.at || !read_index(r, index, SEGMENT_HEAD + SEGMENT_SKIP_HEAD + packed.len))
        return "the segment's index is broken";
    return NULL;
}

const char *
segment_open(struct segment_reader *r, struct str bytes)
{
    arena_reset(r->life);
    r->bytes = bytes;
    r->head = (struct segment_index_head){ 0 };
    r->loaded = r->next_frame = r->next_line = 0;
    r->tally = (struct segment_tally){ 0 };
    segment_only(r, NULL, SEGMENT_NO_TIME, SEGMENT_NO_TIME);
    r->problem = open_bytes(r);
    if (r->problem)
        r->head = (struct segment_index_head){ 0 };
    return r->problem;
}

uint32_t
segment_event_count(const struct segment_reader *r)
{
    return r->head.events;
}

void
segment_only(struct segment_reader *r, const struct needles *n, int64_t from_ms, int64_t until_ms)
{
    r->needles = n;
    r->from_ms = from_ms;
    r->until_ms = until_ms;
    r->next_frame = r->next_line = 0;
}

const char *
segment_problem(const struct segment_reader *r)
{
    return r->problem;
}

struct segment_tally
segment_tally(const struct segment_reader *r)
{
    return r->tally;
}

/* ---- frames ---- */

static bool
varint(struct str *rest, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && rest->len; shift += 7) {
        uint8_t byte = (uint8_t)*rest->at;
        *rest = str_skip(*rest, 1);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80) {
            *out = value;
            return true;
        }
    }
    return false;
}

static bool
read_lengths(struct line_facts *facts, const struct frame *f, struct str *rest, const char *lines)
{
    uint64_t at = 0, len;
    for (uint32_t i = 0; i < f->row.count; i++) {
        if (!varint(rest, &len) || len >= f->row.raw_bytes - at || lines[at + len] != '\n')
            return false;
        facts[i].begin = (uint32_t)at;
        facts[i].len = (uint32_t)len;
        at += len + 1;
        if (at == f->row.raw_bytes && i + 1 < f->row.count)
            return false;
    }
    return at == f->row.raw_bytes;
}

static bool
is_time(int64_t ms)
{
    return ms <= SEGMENT_TIME_MAX && ms >= -SEGMENT_TIME_MAX;
}

static bool
read_times(struct line_facts *facts, uint32_t count, struct str *rest)
{
    uint64_t value, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!varint(rest, &value))
            return false;
        at += value ? (uint64_t)unzigzag(value - 1) : 0;
        facts[i].event_ms = value ? (int64_t)at : SEGMENT_NO_TIME;
        if (!is_time((int64_t)at))
            return false;
    }
    at = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (!varint(rest, &value))
            return false;
        at += (uint64_t)unzigzag(value);
        facts[i].arrival_ms = (int64_t)at;
        if (!is_time((int64_t)at))
            return false;
    }
    return true;
}

static bool
read_numbers(const struct segment_reader *r, struct line_facts *facts, uint32_t count, struct str *rest)
{
    uint64_t value;
    for (uint32_t i = 0; i < count; i++) {
        if (!varint(rest, &value) || value > r->head.hosts)
            return false;
        facts[i].host = (uint32_t)value;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!varint(rest, &value) || value > r->head.kinds)
            return false;
        facts[i].kind = (uint32_t)value;
    }
    return rest->len == 0;
}

static struct line_facts *
facts_of(struct segment_reader *r)
{
    return (struct line_facts *)(void *)r->facts.at;
}

static bool
load_columns(struct segment_reader *r, const struct frame *f, struct str stored)
{
    struct str packed = skippable_at(stored);
    if (!packed.at || packed.len + SEGMENT_SKIP_HEAD != stored.len)
        return false;
    unsigned long long raw = ZSTD_getFrameContentSize(packed.at, packed.len);
    if (raw > (unsigned long long)f->row.count * SEGMENT_EVENT_COLUMNS_MAX) /* unknown is larger than all */
        return false;
    struct str rest = { room_for(&r->columns, (size_t)raw), (size_t)raw };
    room_for(&r->facts, (size_t)f->row.count * sizeof(struct line_facts));
    struct line_facts *facts = facts_of(r);
    return decompress(r, packed, r->columns.at, rest.len) && read_lengths(facts, f, &rest, r->lines.at)
        && read_times(facts, f->row.count, &rest) && read_numbers(r, facts, f->row.count, &rest);
}

static bool
load(struct segment_reader *r, uint32_t number)
{
    const struct frame *f = &r->frames[number];
    if (r->loaded == number + 1)
        return true;
    r->loaded = 0;
    struct str stored = { r->bytes.at + f->at, (size_t)f->row.lines_bytes + f->row.columns_bytes };
    char *lines = room_for(&r->lines, f->row.raw_bytes);
    if (!decompress(r, str_head(stored, f->row.lines_bytes), lines, f->row.raw_bytes)
        || !load_columns(r, f, str_skip(stored, f->row.lines_bytes))) {
        r->problem = "a frame of the segment is broken";
        return false;
    }
    r->loaded = number + 1;
    return true;
}

static bool
is_asked(const struct segment_reader *r, const struct frame *f)
{
    bool is_early = r->from_ms != SEGMENT_NO_TIME && f->row.until_ms < r->from_ms;
    bool is_late = r->until_ms != SEGMENT_NO_TIME && f->row.from_ms >= r->until_ms;
    return !is_early && !is_late && (!r->needles || !f->filter.len || needles_may_be_in(r->needles, f->filter));
}

bool
segment_next_frame(struct segment_reader *r, struct segment_frame *out)
{
    while (r->next_frame < r->head.frames && !is_asked(r, &r->frames[r->next_frame])) {
        r->next_frame++;
        r->tally.frames_skipped++;
    }
    if (r->problem || r->next_frame == r->head.frames || !load(r, r->next_frame))
        return false;
    const struct frame *f = &r->frames[r->next_frame++];
    r->next_line = 0;
    r->tally.frames++;
    r->tally.bytes += f->row.raw_bytes;
    *out = (struct segment_frame){ { r->lines.at, f->row.raw_bytes }, f->first, f->row.count, f->row.traits };
    return true;
}

/* ---- events ---- */

void
segment_event_of(struct segment_reader *r, uint32_t number, struct segment_event *out)
{
    const struct line_facts *l = &facts_of(r)[number];
    *out = (struct segment_event){
        .line = { r->lines.at + l->begin, l->len },
        .event_ms = l->event_ms,
        .arrival_ms = l->arrival_ms,
        .host = l->host ? r->hosts[l->host - 1] : STR_NONE,
        .kind = l->kind ? r->kinds[l->kind - 1] : STR_NONE,
        .index = r->frames[r->loaded - 1].first + number,
    };
}

void
segment_event_at(struct segment_reader *r, size_t byte, struct segment_event *out)
{
    const struct line_facts *facts = facts_of(r);
    uint32_t first = 0, count = r->frames[r->loaded - 1].row.count;
    while (count > 1) {
        uint32_t half = count / 2;
        if (facts[first + half].begin <= byte) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    segment_event_of(r, first, out);
}

bool
segment_next(struct segment_reader *r, struct segment_event *out)
{
    struct segment_frame frame;
    bool is_inside = r->next_frame > 0 && r->next_line < r->frames[r->next_frame - 1].row.count;
    if (is_inside ? !load(r, r->next_frame - 1) : !segment_next_frame(r, &frame))
        return false;
    segment_event_of(r, r->next_line++, out);
    return true;
}

const char *
segment_read(struct segment_reader *r, uint32_t index, struct segment_event *out)
{
    if (index >= r->head.events)
        return "the segment has no such event";
    uint32_t first = 0, count = r->head.frames;
    while (count > 1) {
        uint32_t half = count / 2;
        if (r->frames[first + half].first <= index) {
            first += half;
            count -= half;
        } else {
            count = half;
        }
    }
    if (!load(r, first))
        return r->problem;
    segment_event_of(r, index - r->frames[first].first, out);
    return NULL;
}
