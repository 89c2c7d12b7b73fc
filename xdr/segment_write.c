#include <zstd.h>

#include "xdr/fold.h"
#include "xdr/hash.h"
#include "xdr/segment_parts.h"
#include "xdr/token_filter.h"

enum {
    FRAME_BYTES = 1 << 20,
    NAME_SLOTS = 2 * SEGMENT_NAMES_MAX,
    FIRST_EVENTS = 1024,
};

struct names {
    struct str items[SEGMENT_NAMES_MAX];
    uint16_t slots[NAME_SLOTS]; /* 1 + number; open addressing */
    uint32_t count, last;       /* last: 1 + number of the one asked for last */
};

struct column_row {
    uint32_t len;
    uint16_t host, kind; /* 0: absent */
    int64_t event_ms, arrival_ms;
};

struct segment_writer {
    struct arena *arena, *life; /* life: of one segment */
    ZSTD_CCtx *zstd;
    size_t frame_bytes;
    struct names hosts, kinds;
    struct token_set *frame_tokens, *tokens;
    struct room lines, rows, columns; /* of the frame at hand */
    struct room body, table, filters, first_tokens; /* of the segment */
    struct segment_facts facts;
    struct segment_row frame;
};

/* ---- rooms ---- */

char *
room_for(struct room *r, size_t more)
{
    if (r->len + more + FOLD_SLACK > r->size) {
        size_t size = 2 * (r->len + more + FOLD_SLACK);
        struct arena *wider = arena_new(64);
        char *at = arena_alloc(wider, size);
        if (r->len)
            memcpy(at, r->at, r->len);
        arena_free(r->arena);
        *r = (struct room){ wider, at, r->len, size };
    }
    return r->at + r->len;
}

void
room_add(struct room *r, const void *from, size_t bytes)
{
    char *to = room_for(r, bytes);
    if (bytes)
        memcpy(to, from, bytes);
    r->len += bytes;
}

void
room_end(struct room *r)
{
    arena_free(r->arena);
    *r = (struct room){ 0 };
}

static void
add_varint(struct room *r, uint64_t value)
{
    char *to = room_for(r, 10);
    for (; value >= 0x80; value >>= 7, r->len++)
        *to++ = (char)(value | 0x80);
    *to = (char)value;
    r->len++;
}

/* ---- a writer ---- */

static struct segment_row *
table_of(struct segment_writer *w)
{
    return (struct segment_row *)(void *)w->table.at;
}

static size_t
frame_count(const struct segment_writer *w)
{
    return w->table.len / sizeof(struct segment_row);
}

static const uint64_t *
first_tokens(const struct segment_writer *w)
{
    return (const uint64_t *)(const void *)w->first_tokens.at;
}

static void
end_of_writer(void *of)
{
    struct segment_writer *w = of;
    struct room *rooms[] = { &w->lines, &w->rows, &w->columns, &w->body, &w->table, &w->filters, &w->first_tokens };
    for (size_t i = 0; i < COUNT_OF(rooms); i++)
        room_end(rooms[i]);
    ZSTD_freeCCtx(w->zstd);
    arena_free(w->life);
}

struct segment_writer *
segment_writer_new(struct arena *a, const struct segment_options *options)
{
    struct segment_writer *w = arena_new_of(a, struct segment_writer);
    int level = options && options->level ? options->level : SEGMENT_LEVEL_ARRIVING;
    size_t frame = options && options->frame_bytes ? options->frame_bytes : FRAME_BYTES;
    w->arena = a;
    w->life = arena_new(1 << 16);
    w->frame_bytes = frame < SEGMENT_FRAME_MAX ? frame : SEGMENT_FRAME_MAX;
    w->frame_tokens = token_set_new(a);
    w->tokens = token_set_new(a);
    w->zstd = ZSTD_createCCtx();
    if (!w->zstd || ZSTD_isError(ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, level))
        || ZSTD_isError(ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_checksumFlag, 1)))
        abort();
    arena_defer(a, end_of_writer, w);
    segment_begin(w);
    return w;
}

static void
begin_frame(struct segment_writer *w)
{
    w->lines.len = w->rows.len = 0;
    w->frame = (struct segment_row){ 0 };
}

static void
forget(struct names *n)
{
    memset(n->slots, 0, sizeof n->slots);
    n->count = n->last = 0;
}

void
segment_begin(struct segment_writer *w)
{
    arena_reset(w->life);
    forget(&w->hosts);
    forget(&w->kinds);
    token_set_clear(w->frame_tokens);
    token_set_clear(w->tokens);
    w->body.len = w->table.len = w->filters.len = 0;
    w->facts = (struct segment_facts){ .first_event_ms = SEGMENT_NO_TIME, .last_event_ms = SEGMENT_NO_TIME };
    begin_frame(w);
}

uint32_t
segment_taken(const struct segment_writer *w)
{
    return w->facts.event_count;
}

uint64_t
segment_taken_bytes(const struct segment_writer *w)
{
    return w->facts.raw_bytes;
}

/* 1 + its number, 0 of an absent one. False when there are too many. */
static bool
number_of(struct segment_writer *w, struct names *n, struct str name, uint16_t *out)
{
    *out = 0;
    if (!name.at)
        return true;
    if (n->last && str_eq(n->items[n->last - 1], name)) {
        *out = (uint16_t)n->last;
        return true;
    }
    size_t i = hash_bytes(name.at, name.len) % NAME_SLOTS;
    for (; n->slots[i]; i = (i + 1) % NAME_SLOTS)
        if (str_eq(n->items[n->slots[i] - 1], name))
            break;
    if (!n->slots[i]) {
        if (n->count == SEGMENT_NAMES_MAX || name.len > SEGMENT_NAME_BYTES_MAX)
            return false;
        n->items[n->count++] = str_copy(w->life, name);
        n->slots[i] = (uint16_t)n->count;
    }
    n->last = *out = n->slots[i];
    return true;
}

/* ---- frames ---- */

static size_t
compress_into(struct segment_writer *w, struct room *to, const struct room *from)
{
    size_t bound = ZSTD_compressBound(from->len);
    char *at = room_for(to, bound);
    size_t bytes = ZSTD_compress2(w->zstd, at, bound, from->at, from->len);
    if (ZSTD_isError(bytes))
        abort(); /* the room is what zstd asked for */
    to->len += bytes;
    return bytes;
}

/* A skippable frame around what `from` compresses to; how many bytes that is, its head included. */
static size_t
skippable_into(struct segment_writer *w, struct room *to, const struct room *from)
{
    uint32_t head[2] = { SEGMENT_MAGIC, 0 };
    size_t begin = to->len;
    room_add(to, head, sizeof head);
    head[1] = (uint32_t)compress_into(w, to, from);
    memcpy(to->at + begin, head, sizeof head);
    return to->len - begin;
}

static void
write_columns(struct segment_writer *w)
{
    const struct column_row *rows = (const struct column_row *)(const void *)w->rows.at;
    struct room *to = &w->columns;
    int64_t before = 0;
    uint32_t count = w->frame.count;
    to->len = 0;
    for (uint32_t i = 0; i < count; i++)
        add_varint(to, rows[i].len);
    for (uint32_t i = 0; i < count; i++) {
        bool says = rows[i].event_ms != SEGMENT_NO_TIME;
        add_varint(to, says ? 1 + zigzag(rows[i].event_ms - before) : 0);
        before = says ? rows[i].event_ms : before;
    }
    before = 0;
    for (uint32_t i = 0; i < count; before = rows[i].arrival_ms, i++)
        add_varint(to, zigzag(rows[i].arrival_ms - before));
    for (uint32_t i = 0; i < count; i++)
        add_varint(to, rows[i].host);
    for (uint32_t i = 0; i < count; i++)
        add_varint(to, rows[i].kind);
}

/* Of the tokens of one frame, which become those of the segment, too. */
static void
add_filter(struct segment_writer *w, size_t frame, const uint64_t *tokens, size_t count)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 10);
    struct str filter = token_filter_new(a, tokens, count);
    for (size_t i = 0; i < count; i++)
        token_set_put(w->tokens, tokens[i]);
    room_add(&w->filters, filter.at, filter.len);
    table_of(w)[frame].filter_bytes = (uint32_t)filter.len;
}

/* A frame that stays alone needs no filter of its own: the first one's tokens wait for a second. */
static void
write_filter(struct segment_writer *w)
{
    size_t count, frames = frame_count(w);
    uint64_t *tokens = token_set_take(w->frame_tokens, &count);
    if (frames == 1) {
        w->first_tokens.len = 0;
        room_add(&w->first_tokens, tokens, count * sizeof *tokens);
    } else {
        if (frames == 2)
            add_filter(w, 0, first_tokens(w), w->first_tokens.len / sizeof *tokens);
        add_filter(w, frames - 1, tokens, count);
    }
    token_set_clear(w->frame_tokens);
}

static void
end_frame(struct segment_writer *w)
{
    w->frame.raw_bytes = (uint32_t)w->lines.len;
    w->frame.lines_bytes = (uint32_t)compress_into(w, &w->body, &w->lines);
    write_columns(w);
    w->frame.columns_bytes = (uint32_t)skippable_into(w, &w->body, &w->columns);
    room_add(&w->table, &w->frame, sizeof w->frame);
    write_filter(w);
    begin_frame(w);
}

static const char *
refusal_of(const struct segment_writer *w, const struct segment_event *e)
{
    if (e->line.len > SEGMENT_LINE_MAX)
        return "the line is longer than 16 MiB";
    if (e->line.len && memchr(e->line.at, '\n', e->line.len))
        return "the line has a line end inside";
    if (w->facts.event_count == SEGMENT_EVENTS_MAX || w->facts.raw_bytes + e->line.len > SEGMENT_RAW_MAX)
        return "the segment is full";
    bool is_told = e->event_ms != SEGMENT_NO_TIME;
    if ((is_told && (e->event_ms > SEGMENT_TIME_MAX || e->event_ms < -SEGMENT_TIME_MAX))
        || e->arrival_ms > SEGMENT_TIME_MAX || e->arrival_ms < -SEGMENT_TIME_MAX)
        return "the time is out of range";
    return NULL;
}

static void
widen(int64_t *first, int64_t *last, bool is_first, int64_t at)
{
    *first = is_first || at < *first ? at : *first;
    *last = is_first || at > *last ? at : *last;
}

const char *
segment_take(struct segment_writer *w, const struct segment_event *event)
{
    struct segment_facts *f = &w->facts;
    struct column_row row = { (uint32_t)event->line.len, 0, 0, event->event_ms, event->arrival_ms };
    const char *refusal = refusal_of(w, event);
    if (refusal)
        return refusal;
    if (!number_of(w, &w->hosts, event->host, &row.host) || !number_of(w, &w->kinds, event->kind, &row.kind))
        return "the segment has too many hosts or kinds, or the name is too long";
    if (w->lines.len && w->lines.len + event->line.len > w->frame_bytes)
        end_frame(w);
    room_add(&w->rows, &row, sizeof row);
    room_add(&w->lines, event->line.at, event->line.len);
    room_add(&w->lines, "\n", 1);
    w->frame.traits |= token_set_add(w->frame_tokens, event->line);
    bool says = event->event_ms != SEGMENT_NO_TIME;
    int64_t at = says ? event->event_ms : event->arrival_ms;
    widen(&w->frame.from_ms, &w->frame.until_ms, w->frame.count++ == 0, at);
    if (says)
        widen(&f->first_event_ms, &f->last_event_ms, f->first_event_ms == SEGMENT_NO_TIME, at);
    widen(&f->first_arrival_ms, &f->last_arrival_ms, f->event_count++ == 0, event->arrival_ms);
    f->raw_bytes += event->line.len;
    return NULL;
}

/* ---- the end ---- */

static void
add_names(struct room *to, const struct names *n)
{
    for (uint32_t i = 0; i < n->count; i++) {
        uint8_t len = (uint8_t)n->items[i].len;
        room_add(to, &len, 1);
        room_add(to, n->items[i].at, len);
    }
}

/* The index goes through the rooms of a frame, which are free now. */
static void
write_index(struct segment_writer *w)
{
    struct segment_index_head head = {
        w->facts.event_count, (uint32_t)frame_count(w), w->hosts.count, w->kinds.count,
    };
    w->lines.len = 0;
    room_add(&w->lines, &head, sizeof head);
    room_add(&w->lines, w->table.at, w->table.len);
    add_names(&w->lines, &w->hosts);
    add_names(&w->lines, &w->kinds);
    room_add(&w->lines, w->filters.at, w->filters.len);
    uint32_t words[] = { SEGMENT_MAGIC, SEGMENT_HEAD - SEGMENT_SKIP_HEAD, 0, 0 };
    w->rows.len = 0;
    room_add(&w->rows, words, sizeof words);
    memcpy(words + 2, "YGS1", 4);
    words[3] = (uint32_t)skippable_into(w, &w->rows, &w->lines);
    memcpy(w->rows.at, words, sizeof words);
}

static struct strs
told_names(struct segment_writer *w, const struct names *n, bool *are_many)
{
    *are_many = n->count > SEGMENT_FACT_NAMES_MAX;
    struct strs told = { arena_array_of(w->life, n->count, struct str), 0 };
    for (uint32_t i = 0; i < n->count && i < SEGMENT_FACT_NAMES_MAX; i++)
        told.items[told.count++] = n->items[i];
    return told;
}

struct str
segment_finish(struct segment_writer *w, struct segment_facts *facts)
{
    size_t count;
    if (w->facts.event_count == 0)
        return STR_NONE;
    end_frame(w);
    write_index(w);
    char *at = arena_alloc(w->life, w->rows.len + w->body.len);
    memcpy(at, w->rows.at, w->rows.len);
    memcpy(at + w->rows.len, w->body.at, w->body.len);
    struct str bytes = { at, w->rows.len + w->body.len };
    *facts = w->facts;
    const uint64_t *tokens = token_set_take(w->tokens, &count);
    if (frame_count(w) == 1) {
        tokens = first_tokens(w);
        count = w->first_tokens.len / sizeof *tokens;
    }
    facts->filter = token_filter_new(w->life, tokens, count);
    facts->token_count = (uint32_t)count;
    facts->stored_bytes = bytes.len;
    facts->hosts = told_names(w, &w->hosts, &facts->hosts_are_many);
    facts->kinds = told_names(w, &w->kinds, &facts->kinds_are_many);
    return bytes;
}
