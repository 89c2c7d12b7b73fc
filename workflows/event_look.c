#include "workflows/event_look.h"

#include "core/base/log.h"

enum { SUMMARY_MAX = 1000 };

struct str
event_summary(const struct event_facts *f)
{
    const struct str said[] = { f->command_line, f->script_text, f->query_name, f->target, f->image_loaded,
                                f->destination_host, f->destination_ip };
    for (size_t i = 0; i < COUNT_OF(said); i++) {
        struct str text = said[i];
        while (text.len > SUMMARY_MAX || (text.len == SUMMARY_MAX && ((unsigned char)text.at[text.len] & 0xC0) == 0x80))
            text.len--;
        if (text.len)
            return text;
    }
    return STR_NONE;
}

static struct str
first_label(struct str host)
{
    return str_head(host, str_find(host, STR(".")));
}

bool
event_host_is(struct str host, struct str meant)
{
    return str_eq_nocase(host, meant) || str_eq_nocase(first_label(host), meant)
        || str_eq_nocase(host, first_label(meant));
}

struct looking {
    struct scope *s;
    struct event_look *look;
    const struct picked_segment *at;
    bool enough;
};

static bool
hear_hit(void *to, const struct scan_hit *hit)
{
    struct looking *l = to;
    struct event_facts facts;
    const struct segment_event *e = hit->event;
    int64_t ms = e->event_ms == SEGMENT_NO_TIME ? e->arrival_ms : e->event_ms;
    if (l->look->host.at && !event_host_is(e->host, l->look->host))
        return true;
    facts_read(l->look->question->matcher, NULL, &facts);
    struct event_found found = { e, &facts, l->at->id, { ms * 1000 } };
    l->enough = !l->look->hear(l->look->to, &found);
    return !l->enough;
}

static bool
look_into(struct looking *l, struct segment_reader *reader, const struct picked_segment *segment, uint64_t *bytes)
{
    struct segment_body row;
    bool found;
    if (!db_maybe(l->s, &segment_body_of, &(struct segment_ref){ segment->tenant_id, segment->id }, &row, &found))
        return false;
    const char *problem = found ? segment_open(reader, row.body.raw) : NULL;
    l->at = segment;
    if (found && !problem) {
        struct scan *scan = scan_new(l->s->arena, &(struct scan_plan){
            .needles = l->look->question->needles, .rules_decide = true, .matcher = l->look->question->matcher,
            .from_ms = l->look->from_at.us / 1000, .until_ms = l->look->until_at.us / 1000, .hit = hear_hit, .to = l });
        if (scan_segment(scan, reader) == SCAN_BROKEN)
            problem = segment_problem(reader);
        *bytes += scan_tally(scan)->bytes;
    }
    if (problem)
        log_error(l->s, "segment.broken", "%s", problem);
    return true;
}

bool
event_look(struct scope *s, struct event_look *look)
{
    struct rows rows;
    struct looking l = { .s = s, .look = look };
    struct segment_ask ask = {
        .tenant_ids = { &look->tenant_id, 1 }, .host = look->host.at ? str_lower(s->arena, look->host) : STR_NONE,
        .from_at = look->from_at, .until_at = look->until_at, .limit = LOOK_SEGMENTS_MAX };
    struct segment_reader *reader = segment_reader_new(s->arena);
    uint64_t bytes = 0;
    if (!segments_pick(s, &ask, look->question->needles, &rows))
        return false;
    const struct picked_segment *segments = rows.items;
    look->cut = rows.count == LOOK_SEGMENTS_MAX;
    for (size_t i = 0; i < rows.count && !l.enough; i++) {
        if (bytes > LOOK_BYTES_MAX) {
            look->cut = true;
            break;
        }
        if (segments[i].may_hold && !look_into(&l, reader, &segments[i], &bytes))
            return false;
    }
    look->cut = look->cut || l.enough;
    return true;
}
