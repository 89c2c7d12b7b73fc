/* detecting: what is done with each event of a batch, in memory. */
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "model/tenant.h"
#include "workflows/detector_parts.h"
#include "workflows/inventory.h"

enum {
    KEY_PART_MAX = 16 * 1024, TEXT_MAX = 32 * 1024, NAME_MAX = 1024, EVENT_MAX = 512 * 1024, MATCHED_MAX = 64 * 1024,
    VALUE_MAX = 4000
};

/* ---- texts ---- */

struct str
sound_text(struct arena *a, struct str text, size_t most)
{
    if (!text.at)
        return STR_NONE;
    size_t len = text.len < most ? text.len : most;
    while (len < text.len && len > 0 && ((unsigned char)text.at[len] & 0xC0) == 0x80)
        len--; /* no half characters */
    char *copy = arena_alloc(a, len + 1);
    for (size_t i = 0; i < len; i++)
        copy[i] = text.at[i] ? text.at[i] : ' ';
    return (struct str){ copy, len };
}

struct str
folded_host(struct arena *a, struct str name)
{
    return name.at ? sound_text(a, computer_name_key(a, name), NAME_MAX) : STR_NONE;
}

/* Times that a clock gone wrong tells are not believed: the row would stand where nobody looks. */
static struct instant
time_of_event(const struct event_facts *f, struct instant arrived)
{
    struct instant t = { f->time_ms * 1000 };
    bool sane = f->has_time && f->time_ms > 0 && f->time_ms < INT64_MAX / 1000 && t.us < arrived.us + DAYS(1)
        && t.us > arrived.us - DAYS(400);
    return sane ? t : arrived;
}

/* ---- what was found ---- */

/* Whoever knows how could make a cheap hash collide, and hide a thing behind another: so this one cannot. */
static struct bytes
key_of(struct arena *a, const struct rule_world_row *row, struct str part, struct str host, const struct event_facts *f)
{
    struct text t = text_new(a, 5 * KEY_PART_MAX);
    struct str about[] = { part, host, str_lower(a, str_head(f->image, KEY_PART_MAX)),
                           str_head(f->command_line, KEY_PART_MAX) };
    struct str other[] = { f->target, f->destination_ip, f->destination_host, f->query_name, f->script_text };
    text_add(&t, (struct str){ (const char *)row->id.bytes, sizeof row->id.bytes });
    for (size_t i = 0; i < COUNT_OF(about); i++) {
        text_add_char(&t, 0);
        text_add(&t, about[i]);
    }
    for (size_t i = 0; !f->command_line.len && i < COUNT_OF(other); i++) {
        text_add_char(&t, 0);
        text_add(&t, str_head(other[i], KEY_PART_MAX / 4));
    }
    return sha256_of(a, text_str(&t));
}

struct found *
detecting_find(struct detecting *g, struct bytes key)
{
    uint16_t place;
    memcpy(&place, key.raw.at, sizeof place);
    struct found **at = &g->places[place % FOUND_PLACES];
    for (struct found *f = *at; f; f = f->chain)
        if (str_eq(f->key.raw, key.raw))
            return f;
    struct found *f = arena_new_of(g->arena, struct found);
    *f = (struct found){ .key = key, .chain = *at };
    *at = f;
    *g->last = f;
    g->last = &f->next;
    return f;
}

void
detecting_add(struct detecting *g, struct found *f, const struct found_event *event)
{
    bool earlier = f->occurrences == 0 || event->at.us < f->first_at.us;
    f->first_at = earlier ? event->at : f->first_at;
    f->last_at = event->at.us > f->last_at.us ? event->at : f->last_at;
    f->occurrences++;
    if (f->event_count == FOUND_EVENTS_KEPT)
        return;
    if (f->event_count == f->event_room) {
        size_t room = f->event_room ? f->event_room * 4 : 1;
        struct found_event *events = arena_array_of(g->arena, room, struct found_event);
        if (f->event_count)
            memcpy(events, f->events, f->event_count * sizeof *events);
        f->events = events;
        f->event_room = room;
    }
    f->events[f->event_count++] = *event;
}

static void
keep_facts(struct arena *a, const struct event_facts *from, struct event_facts *to)
{
    *to = *from;
    struct str *const names[] = { &to->host, &to->kind, &to->user, &to->process_guid, &to->parent_guid,
                                  &to->destination_ip, &to->destination_host, &to->query_name };
    struct str *const hashes[] = { &to->sha256, &to->sha1, &to->md5 };
    struct str *const texts[] = { &to->image, &to->command_line, &to->parent_image, &to->target, &to->script_text };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        *names[i] = sound_text(a, *names[i], NAME_MAX);
    for (size_t i = 0; i < COUNT_OF(hashes); i++) /* as files have them, whatever the sender's habit */
        *hashes[i] = str_lower(a, *hashes[i]);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = sound_text(a, *texts[i], TEXT_MAX);
}

/* [{"field": …, "value": …}]: what the condition read and the event had. */
static struct str
matched_fields(struct detecting *g, const struct strs *fields)
{
    struct text t = text_new(g->arena, MATCHED_MAX);
    struct str value;
    bool any = false;
    text_add_char(&t, '[');
    for (size_t i = 0; i < fields->count; i++) {
        if (!matcher_field(g->matcher, fields->items[i], 0, &value) || t.len > MATCHED_MAX - 2 * VALUE_MAX - NAME_MAX)
            continue;
        text_add_c(&t, any ? ",{\"field\":" : "{\"field\":");
        json_write_str(&t, sound_text(g->arena, fields->items[i], NAME_MAX));
        text_add_c(&t, ",\"value\":");
        json_write_str(&t, sound_text(g->arena, value, VALUE_MAX / 2));
        text_add_char(&t, '}');
        any = true;
    }
    text_add_char(&t, ']');
    return t.full ? STR("[]") : text_str(&t);
}

struct happening { /* one event of the batch */
    struct str line, host;
    uint32_t index;
    struct instant arrived, at;
    const struct event_facts *facts;
};

static void
find(struct detecting *g, const struct happening *h, uint32_t rule, const struct rule_world_row *row)
{
    const struct rule_info *info = &g->held->world->infos[rule];
    const struct rule_world_setting *x = rule_world_setting_of(g->held->world, g->tenant_id, row->id);
    struct found *f = detecting_find(g, key_of(g->arena, row, info->part, h->host, h->facts));
    if (f->occurrences == 0) {
        f->rule = rule;
        f->row = row;
        f->score = x && x->score != INT_NONE ? x->score : row->score;
        f->techniques = info->techniques;
        f->tactics = info->tactics;
        f->host = h->host;
        f->index = h->index;
        f->event = h->line.len <= EVENT_MAX ? sound_text(g->arena, h->line, EVENT_MAX) : STR_NONE;
        f->matched = matched_fields(g, &info->fields);
        keep_facts(g->arena, h->facts, &f->facts);
    }
    struct str guid = f->event_count < FOUND_EVENTS_KEPT ? sound_text(g->arena, h->facts->process_guid, NAME_MAX)
        : STR_NONE;
    struct undo *u = &g->undo;
    if (u->found_count < UNDO_MAX) {
        u->first_at[u->found_count] = f->first_at;
        u->last_at[u->found_count] = f->last_at;
        u->found[u->found_count++] = f;
    }
    detecting_add(g, f, &(struct found_event){ h->index, h->at, guid });
}

/* ---- counting ---- */

static void
remember_tally(struct detecting *g, size_t at)
{
    if (g->undo.tally_count < UNDO_MAX)
        g->undo.tallied[g->undo.tally_count++] = at;
}

static void
count(struct detecting *g, struct uuid rule_id, struct uuid exclusion_id)
{
    for (size_t i = g->tally_count; i-- > 0;) /* the last ones are the likely ones */
        if (uuid_eq(g->tallies[i].rule_id, rule_id) && uuid_eq(g->tallies[i].exclusion_id, exclusion_id)) {
            g->tallies[i].matches++;
            remember_tally(g, i);
            return;
        }
    if (g->tally_count == g->tally_room) {
        size_t room = g->tally_room ? g->tally_room * 2 : 16;
        struct match_tally *tallies = arena_array_of(g->arena, room, struct match_tally);
        if (g->tally_count)
            memcpy(tallies, g->tallies, g->tally_count * sizeof *tallies);
        g->tallies = tallies;
        g->tally_room = room;
    }
    remember_tally(g, g->tally_count);
    g->tallies[g->tally_count++] = (struct match_tally){ rule_id, exclusion_id, 1 };
}

/* ---- exclusions ---- */

static bool
is_on(const struct world_exclusion *x, struct str host)
{
    for (size_t i = 0; i < x->hosts.count && !x->everywhere; i++)
        if (str_eq(x->hosts.items[i], host))
            return true;
    return x->everywhere;
}

static bool
covers(struct detecting *g, const struct world_exclusion *x, const struct rule_world_row *row,
       const struct happening *h)
{
    if (!(x->any_rule || uuid_eq(x->rule_id, row->id)) || (x->expires_at.us && x->expires_at.us <= h->arrived.us)
        || !is_on(x, h->host))
        return false;
    for (uint32_t i = 0; i < x->count; i++)
        if (matcher_holds(g->matcher, x->first + i))
            return true;
    return false;
}

/* They stand in the order of their tenants, the provider's first. */
static size_t
first_of_tenant(const struct rule_world *w, struct uuid tenant)
{
    size_t low = 0, high = w->exclusion_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (memcmp(w->exclusions[middle].tenant_id.bytes, tenant.bytes, sizeof tenant.bytes) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct world_exclusion *
hidden_by(struct detecting *g, struct uuid tenant, const struct rule_world_row *row, const struct happening *h)
{
    const struct rule_world *w = g->held->world;
    for (size_t i = first_of_tenant(w, tenant); i < w->exclusion_count && uuid_eq(w->exclusions[i].tenant_id, tenant);
         i++)
        if (covers(g, &w->exclusions[i], row, h))
            return &w->exclusions[i];
    return NULL;
}

/* ---- correlations ---- */

static bool
is_asked(const struct detecting *g, size_t correlation)
{
    const struct rule_world *w = g->held->world;
    size_t row = w->correlation_rows[correlation];
    return row < w->row_count && rule_world_asks(w, &w->rows[row], g->tenant_id);
}

/* A rule that only feeds correlations of this tenant makes no detections of its own. */
static bool
reads_silence(const struct detecting *g, const struct rule_info *info, bool *is_read)
{
    const struct rule_world *w = g->held->world;
    bool silent = false, generates = false;
    *is_read = false;
    for (size_t i = 0; i < info->reader_count; i++) {
        uint32_t c = info->readers[i];
        if (!is_asked(g, c))
            continue;
        *is_read = true;
        if (w->rows[w->correlation_rows[c]].state != RULE_ACTIVE)
            continue;
        silent = true;
        generates = generates || w->set->correlations[c].generate;
    }
    return silent && !generates;
}

static void
observe(struct detecting *g, const struct happening *h, const struct rule_world_row *row, const struct rule_info *info)
{
    struct text t = text_new(g->arena, MATCHED_MAX);
    struct str value;
    bool any = false;
    text_add_char(&t, '{');
    for (size_t i = 0; i < info->observed.count; i++) {
        if (!matcher_field(g->matcher, info->observed.items[i], 0, &value)
            || t.len > MATCHED_MAX - 2 * VALUE_MAX - NAME_MAX)
            continue;
        text_add_c(&t, any ? "," : "");
        json_write_str(&t, sound_text(g->arena, info->observed.items[i], NAME_MAX));
        text_add_char(&t, ':');
        json_write_str(&t, sound_text(g->arena, value, VALUE_MAX / 2));
        any = true;
    }
    text_add_char(&t, '}');
    struct seen_event *e = arena_new_of(g->arena, struct seen_event);
    *e = (struct seen_event){ .row = row, .part = info->part, .host = sound_text(g->arena, h->facts->host, NAME_MAX),
                              .fields = t.full ? STR("{}") : text_str(&t), .index = h->index, .at = h->at };
    *g->seen_last = e;
    g->seen_last = &e->next;
    g->counts.observations++;
}

/* ---- one event ---- */

static void
judge(struct detecting *g, const struct happening *h, uint32_t rule)
{
    const struct rule_world *w = g->held->world;
    const struct rule_info *info = &w->infos[rule];
    const struct rule_world_row *row = &w->rows[info->row];
    bool is_read;
    if (!rule_world_asks(w, row, g->tenant_id))
        return;
    const struct world_exclusion *x = hidden_by(g, provider_tenant_id, row, h);
    x = x || uuid_eq(g->tenant_id, provider_tenant_id) ? x : hidden_by(g, g->tenant_id, row, h);
    count(g, row->id, x ? x->id : (struct uuid){ 0 });
    g->counts.matches++;
    if (x) {
        g->counts.hidden++;
        return;
    }
    bool silent = reads_silence(g, info, &is_read);
    if (is_read)
        observe(g, h, row, info);
    if (row->state == RULE_TESTING)
        g->counts.tested++;
    else if (!silent)
        find(g, h, rule, row);
}

void
detecting_event(struct detecting *g, struct str line, uint32_t index, struct instant arrived,
                struct event_facts *facts)
{
    struct matches found = matcher_run(g->matcher, line);
    g->undo.found_count = g->undo.tally_count = 0;
    g->undo.seen_last = g->seen_last;
    g->undo.counts = g->counts;
    facts_read(g->matcher, found.problem, facts);
    if (found.problem || found.count == 0)
        return;
    struct happening h = { .line = line, .host = folded_host(g->arena, facts->host), .index = index,
                           .arrived = arrived, .at = time_of_event(facts, arrived), .facts = facts };
    for (size_t i = 0; i < found.count && i < UNDO_MAX; i++)
        judge(g, &h, found.rules[i]);
}

/* A thing that is left without an occurrence stays in its place; whoever writes passes it over. */
void
detecting_drop(struct detecting *g)
{
    struct undo *u = &g->undo;
    while (u->found_count) {
        struct found *f = u->found[--u->found_count];
        f->occurrences--;
        f->event_count -= f->event_count > 0 && f->event_count == (size_t)f->occurrences + 1;
        f->first_at = u->first_at[u->found_count];
        f->last_at = u->last_at[u->found_count];
    }
    while (u->tally_count)
        g->tallies[u->tallied[--u->tally_count]].matches--;
    g->seen_last = u->seen_last;
    *g->seen_last = NULL;
    g->counts = u->counts;
}
