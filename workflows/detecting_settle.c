/* detecting_settle: what a batch found, written in the transaction that closes it. */
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/db/change.h"
#include "core/db/job.h"
#include "model/detection_settle.h"
#include "workflows/correlating.h"
#include "workflows/detections.h"
#include "workflows/detector_parts.h"
#include "workflows/incident_gather.h"

enum { PIECE_BYTES = 4 << 20, PIECE_MAX = 16 << 20, CHANGES_TOLD_MAX = 50, GROUP_HOURS = 24 };

/* Rows for one statement, sent in pieces so that no text grows without bound. */
struct piece {
    struct scope *s;
    const struct query *query;
    struct settle_args args;
    struct text t;
    bool failed, any_member;
    size_t count;
    struct rows *answers; /* of every piece one after the other; NULL: none are wanted */
};

static struct piece
piece_new(struct scope *s, const struct query *query, const struct settle_args *args, struct rows *answers)
{
    struct piece p = { .s = s, .query = query, .args = *args, .answers = answers };
    p.t = text_new(s->arena, PIECE_MAX);
    text_add_char(&p.t, '[');
    return p;
}

static bool
append_answers(struct piece *p, const struct rows *more)
{
    size_t bytes = p->query->row->size, had = p->answers->count;
    char *items = arena_array(p->s->arena, had + more->count + 1, bytes);
    if (had)
        memcpy(items, p->answers->items, had * bytes);
    if (more->count)
        memcpy(items + had * bytes, more->items, more->count * bytes);
    *p->answers = (struct rows){ items, had + more->count };
    return true;
}

static bool
piece_send(struct piece *p)
{
    struct rows more = { 0 };
    text_add_char(&p->t, ']');
    p->args.rows.raw = text_str(&p->t);
    if (p->count == 0)
        return true;
    p->failed = p->failed || (p->t.full && !fail(p->s, &problem_internal, "%s: rows too large", p->query->name))
        || !(p->query->row ? db_list(p->s, p->query, &p->args, &more) : db_run(p->s, p->query, &p->args, NULL))
        || (p->answers && !append_answers(p, &more));
    p->t = text_new(p->s->arena, PIECE_MAX);
    text_add_char(&p->t, '[');
    p->count = 0;
    return !p->failed;
}

static void
row_begin(struct piece *p)
{
    text_add_c(&p->t, p->count ? ",{" : "{");
    p->any_member = false;
}

static bool
row_end(struct piece *p)
{
    text_add_char(&p->t, '}');
    p->count++;
    return p->t.len < PIECE_BYTES || piece_send(p);
}

static void
member(struct piece *p, const char *name)
{
    text_addf(&p->t, p->any_member ? ",\"%s\":" : "\"%s\":", name);
    p->any_member = true;
}

static void
member_text(struct piece *p, const char *name, struct str value)
{
    if (!value.at)
        return;
    member(p, name);
    json_write_str(&p->t, value);
}

static void
member_id(struct piece *p, const char *name, struct uuid id)
{
    char text[UUID_TEXT_BYTES];
    if (uuid_is_none(id))
        return;
    uuid_write(text, id);
    member_text(p, name, (struct str){ text, sizeof text });
}

static void
member_int(struct piece *p, const char *name, int64_t value)
{
    member(p, name);
    text_add_int(&p->t, value);
}

static void
member_time(struct piece *p, const char *name, struct instant at)
{
    char text[32];
    size_t len = instant_write(text, at);
    member_text(p, name, (struct str){ text, len });
}

static void
member_list(struct piece *p, const char *name, struct strs list)
{
    bool any = false;
    member(p, name);
    text_add_char(&p->t, '[');
    for (size_t i = 0; i < list.count; i++) {
        if (!list.items[i].len)
            continue;
        text_add_c(&p->t, any ? "," : "");
        json_write_str(&p->t, list.items[i]);
        any = true;
    }
    text_add_char(&p->t, ']');
}

/* What was taken back has no occurrence left. */
static struct found *
next_found(struct found *f)
{
    while (f && f->occurrences == 0)
        f = f->next;
    return f;
}

/* ---- groups ---- */

static struct found *
find_by_hex(struct detecting *g, struct scope *s, struct str hex)
{
    struct bytes key;
    return hex_read(s->arena, hex, &key) ? detecting_find(g, key) : NULL;
}

static bool
take_groups(struct scope *s, struct detecting *g, const struct settle_args *args)
{
    struct rows groups = { 0 };
    struct piece p = piece_new(s, &settle_groups, args, &groups);
    for (struct found *f = next_found(g->first); f; f = next_found(f->next)) {
        f->id = uuid_new(s->now);
        row_begin(&p);
        member_text(&p, "key", hex_of(s->arena, f->key));
        member_id(&p, "id", f->id);
        if (!row_end(&p))
            return false;
    }
    if (!piece_send(&p))
        return false;
    const struct settle_group *items = groups.items;
    for (size_t i = 0; i < groups.count; i++) {
        struct found *f = find_by_hex(g, s, items[i].key);
        if (!f || f->occurrences == 0)
            return fail(s, &problem_internal, "a group nobody asked for");
        f->is_new = uuid_eq(f->id, items[i].detection_id);
        f->id = items[i].detection_id;
    }
    return true;
}

/* ---- detections ---- */

static struct str
last_part(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '\\' && path.at[at - 1] != '/')
        at--;
    return path.at ? str_skip(path, at) : STR_NONE;
}

static void
write_process(struct piece *p, const struct event_facts *e)
{
    struct str addresses[] = { e->destination_ip, e->destination_host, e->query_name };
    member_text(p, "computer_name", e->host);
    member_text(p, "user_name", e->user);
    member_text(p, "process_name", last_part(e->image));
    member_text(p, "process_path", e->image);
    member_text(p, "process_guid", e->process_guid);
    if (e->process_id > 0)
        member_int(p, "process_id", e->process_id);
    member_text(p, "parent_path", e->parent_image);
    member_text(p, "parent_guid", e->parent_guid);
    member_text(p, "command_line", e->command_line);
    member_text(p, "sha256", e->sha256);
    member_text(p, "sha1", e->sha1);
    member_text(p, "md5", e->md5);
    member_text(p, "target", e->target);
    member_text(p, "kind", e->kind);
    member_list(p, "addresses", (struct strs){ addresses, COUNT_OF(addresses) });
}

static bool
write_new(struct piece *p, const struct found *f, struct uuid batch_id)
{
    row_begin(p);
    member_id(p, "id", f->id);
    member_id(p, "rule_id", f->row->id);
    member_text(p, "rule_key", f->row->key);
    member_int(p, "rule_version", f->row->version);
    member_text(p, "title", f->row->title);
    member_text(p, "title_ja", f->row->title_ja);
    member_int(p, "score", f->score);
    member_list(p, "techniques", f->techniques);
    member_list(p, "tactics", f->tactics);
    member_text(p, "host", f->host);
    write_process(p, &f->facts);
    member(p, "matched");
    text_add(&p->t, f->matched.at ? f->matched : STR("[]"));
    if (!f->correlation) {
        member_id(p, "batch_id", uuid_is_none(f->batch_id) ? batch_id : f->batch_id);
        member_int(p, "event_index", f->index);
    }
    member_text(p, "event", f->event);
    member_int(p, "occurrences", f->occurrences);
    member_time(p, "first_at", f->first_at);
    member_time(p, "last_at", f->last_at);
    member_text(p, "origin", f->correlation ? STR("correlation") : STR("rule"));
    return row_end(p);
}

static bool
write_repeat(struct piece *p, const struct found *f)
{
    row_begin(p);
    member_id(p, "id", f->id);
    member_int(p, "occurrences", f->occurrences);
    member_time(p, "first_at", f->first_at);
    member_time(p, "last_at", f->last_at);
    return row_end(p);
}

static bool
write_occurrences(struct piece *p, const struct found *f, struct uuid batch_id, int64_t had)
{
    bool good = true;
    struct uuid batch = uuid_is_none(f->batch_id) ? batch_id : f->batch_id;
    for (size_t i = 0; i < f->event_count && had + (int64_t)i < OCCURRENCES_KEPT && good; i++) {
        row_begin(p);
        member_id(p, "id", uuid_new(p->s->now));
        member_id(p, "detection_id", f->id);
        member_id(p, "batch_id", batch);
        member_int(p, "event_index", f->events[i].index);
        member_time(p, "at", f->events[i].at);
        member_text(p, "process_guid", f->events[i].process_guid);
        good = row_end(p);
    }
    return good;
}

static int64_t
occurrences_before(const struct rows *repeats, struct uuid id)
{
    const struct settle_repeat *items = repeats->items;
    for (size_t i = 0; i < repeats->count; i++)
        if (uuid_eq(items[i].detection_id, id))
            return items[i].occurrences;
    return 0;
}

/* One row of the feed for each detection, or one for all when there are many: who listens asks anew anyway. */
static bool
tell_changes(struct scope *s, struct detecting *g, const struct settle_args *args)
{
    struct piece p = piece_new(s, &settle_changes, args, NULL);
    size_t count = 0;
    for (struct found *f = next_found(g->first); f; f = next_found(f->next))
        count++;
    if (count > CHANGES_TOLD_MAX)
        return change_record(s, g->tenant_id, "detection", (struct uuid){ 0 }, "created");
    for (struct found *f = next_found(g->first); f; f = next_found(f->next)) {
        row_begin(&p);
        member_id(&p, "id", f->id);
        member_text(&p, "verb", f->is_new ? STR("created") : STR("updated"));
        if (!row_end(&p))
            return false;
    }
    return piece_send(&p);
}

static bool
write_detections(struct scope *s, struct detecting *g, const struct settle_args *args, struct uuid batch_id)
{
    struct rows repeats = { 0 };
    struct piece made = piece_new(s, &settle_new, args, NULL), again = piece_new(s, &settle_repeats, args, &repeats),
                 events = piece_new(s, &settle_occurrences, args, NULL);
    if (!next_found(g->first))
        return true;
    if (!take_groups(s, g, args))
        return false;
    for (struct found *f = next_found(g->first); f; f = next_found(f->next)) {
        if (!(f->is_new ? write_new(&made, f, batch_id) : write_repeat(&again, f)))
            return false;
        *(f->is_new ? &g->counts.detections : &g->counts.repeated) += 1;
    }
    if (!piece_send(&again) || !piece_send(&made))
        return false;
    for (struct found *f = next_found(g->first); f; f = next_found(f->next))
        if (!f->correlation
            && !write_occurrences(&events, f, batch_id, f->is_new ? 0 : occurrences_before(&repeats, f->id)))
            return false;
    return piece_send(&events) && tell_changes(s, g, args);
}

/* ---- counters and observations ---- */

static bool
write_counts(struct scope *s, struct detecting *g, const struct settle_args *args)
{
    struct piece p = piece_new(s, &settle_counts, args, NULL);
    for (size_t i = 0; i < g->tally_count; i++) {
        if (g->tallies[i].matches == 0)
            continue;
        row_begin(&p);
        member_id(&p, "id", uuid_new(s->now));
        member_id(&p, "rule_id", g->tallies[i].rule_id);
        member_id(&p, "exclusion_id", g->tallies[i].exclusion_id);
        member_int(&p, "matches", g->tallies[i].matches);
        if (!row_end(&p))
            return false;
    }
    return piece_send(&p);
}

static bool
write_observations(struct scope *s, struct detecting *g, const struct settle_args *args, struct uuid batch_id)
{
    struct piece p = piece_new(s, &settle_observations, args, NULL);
    for (const struct seen_event *e = g->seen; e; e = e->next) {
        row_begin(&p);
        member_id(&p, "id", uuid_new(s->now));
        member_id(&p, "rule_id", e->row->id);
        member_time(&p, "at", e->at);
        member_text(&p, "computer_name", e->host);
        member(&p, "fields");
        text_add(&p.t, e->fields);
        member_id(&p, "batch_id", batch_id);
        member_int(&p, "event_index", e->index);
        member_text(&p, "part", e->part);
        if (!row_end(&p))
            return false;
    }
    return piece_send(&p);
}

bool
detecting_write(struct scope *s, struct detecting *g, struct uuid batch_id)
{
    const struct settle_args args = { .tenant_id = g->tenant_id, .at = s->now,
                                      .since = instant_plus(s->now, -HOURS(GROUP_HOURS)) };
    return write_detections(s, g, &args, batch_id) && write_counts(s, g, &args)
        && write_observations(s, g, &args, batch_id);
}

bool
detecting_settle(struct scope *s, struct detecting *g, const struct ingest_batch_ref *batch,
                 const struct inventory_names *computers, struct detect_counts *out)
{
    (void)computers;
    bool good = detecting_write(s, g, batch->id);
    *out = g->counts;
    if (good && g->seen)
        good = detection_job_add(s, &correlate_job, g->tenant_id, s->now);
    if (good && next_found(g->first))
        good = detection_job_add(s, &incident_gather_job, g->tenant_id, s->now);
    if (good && g->tally_count)
        good = detection_job_add(s, &detection_tally_job, g->tenant_id, instant_plus(s->now, SECONDS(2)));
    return good;
}
