#include "workflows/exclusion_events.h"

#include "core/base/log.h"
#include "core/db/db.h"
#include "model/exclusion_replay.h"
#include "model/segment.h"
#include "model/tenant.h"
#include "workflows/event_look.h"
#include "workflows/rule_text.h"
#include "xdr/fold.h"

enum { SEGMENTS_AT_ONCE = 256, BYTES_MAX = 1 << 30, SAMPLES_MAX = 50, TRUE_MAX = 20 * 1000, COMPUTERS_MAX = 1000,
       PART_BLOCK = 1 << 20, SEGMENT_BLOCK = 256 << 10 };

const struct shape event_replayed_shape = SHAPE(event_replayed,
    FIELD(event_replayed, tenant_id, "At which customer", .required = true),
    FIELD(event_replayed, batch_id, "The batch it came in"), FIELD(event_replayed, event_index, "Its number there"),
    FIELD(event_replayed, at, "When it was"), FIELD(event_replayed, host, "On which computer"),
    FIELD(event_replayed, user_name, "Who"), FIELD(event_replayed, process_path, "Which program"),
    FIELD(event_replayed, summary, "What it is about, in one line"),
    FIELD(event_replayed, is_true, "It is part of a detection that was judged a true positive"),
    FIELD(event_replayed, detection_id, "Which"));

struct looking {
    struct scope *s;
    const struct event_replay_ask *ask;
    struct event_replay *out;
    struct uuids tenants;
    struct engine *engine;    /* of the exclusion */
    struct matcher *matcher;
    uint32_t *conditions;     /* every rule of it */
    struct needles *needles;
    struct question rules;    /* that would have told; made with the first event that the exclusion holds of */
    bool has_rules, failed;
    struct rows known_true;   /* struct replay_true, in order */
    struct event_replayed *samples;
    size_t sample_count;
    struct str *computers;
    size_t computer_count;
    const struct picked_segment *at;
    struct segment_reader *reader;
    int64_t ends_at_us;
};

/* ---- which rules would have told ---- */

static bool
question_of_rule(struct looking *l)
{
    struct detection_rule rule;
    struct rule_reading reading;
    struct scope *s = l->s;
    if (!db_one(s, &detection_rule_by_id, &(struct id_args){ l->ask->rule_id }, &rule))
        return false;
    if (!rule_text_read(s->arena, rule.language, rule.body, false, &reading, NULL))
        return true; /* a text that is refused matches nothing */
    question_compile(s->arena, reading.set, &l->rules);
    question_ready(s->arena, &l->rules);
    return true;
}

/* Of several customers' own rules one may be asked about events of another: rather one too many than one too few. */
static bool
would_tell(struct looking *l, struct str line)
{
    if (!l->has_rules) {
        bool one = !uuid_is_none(l->ask->rule_id);
        l->has_rules = true;
        if (!(one ? question_of_rule(l) : question_of_rules(l->s, l->tenants, &l->rules))) {
            l->failed = true;
            return false;
        }
    }
    return l->rules.matcher && matcher_run(l->rules.matcher, line).count > 0;
}

/* ---- hits ---- */

static int
by_place(const void *a, const void *b)
{
    const struct replay_true *x = a, *y = b;
    int order = memcmp(x->segment_id.bytes, y->segment_id.bytes, sizeof x->segment_id.bytes);
    return order ? order : (x->event_index > y->event_index) - (x->event_index < y->event_index);
}

static const struct replay_true *
true_at(const struct looking *l, uint32_t index)
{
    const struct replay_true key = { .segment_id = l->at->id, .event_index = index };
    return l->known_true.count ? bsearch(&key, l->known_true.items, l->known_true.count, sizeof key, by_place) : NULL;
}

static void
note_computer(struct looking *l, struct str host)
{
    for (size_t i = 0; i < l->computer_count; i++)
        if (str_eq(l->computers[i], host))
            return;
    if (l->computer_count == COMPUTERS_MAX)
        return;
    l->computers[l->computer_count++] = str_copy(l->s->arena, host);
    l->out->computers++;
}

/* Where a true one comes into a full list, one that is not goes. */
static struct event_replayed *
place_for_sample(struct looking *l, bool is_true)
{
    if (l->sample_count < SAMPLES_MAX)
        return &l->samples[l->sample_count++];
    for (size_t i = SAMPLES_MAX; is_true && i > 0; i--)
        if (!l->samples[i - 1].is_true)
            return &l->samples[i - 1];
    return NULL;
}

static void
find_batch(struct looking *l, uint32_t index, struct event_replayed *x)
{
    struct rows rows;
    if (!db_list(l->s, &segment_batches_of, &(struct segment_ref){ l->at->tenant_id, l->at->id }, &rows)) {
        l->failed = true;
        return;
    }
    const struct segment_batch_row *b = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (index >= b[i].first_event && index < b[i].first_event + b[i].events) {
            x->batch_id = b[i].id;
            x->event_index = index - b[i].first_event;
        }
}

static struct str
kept(struct looking *l, struct str text)
{
    return text.len ? str_copy(l->s->arena, text) : STR_NONE;
}

static void
sample(struct looking *l, const struct segment_event *e, const struct replay_true *known)
{
    struct event_replayed *x = place_for_sample(l, known != NULL);
    struct event_facts f;
    if (!x)
        return;
    facts_read(l->matcher, NULL, &f);
    *x = (struct event_replayed){
        .tenant_id = l->at->tenant_id,
        .at = event_instant(e->event_ms == SEGMENT_NO_TIME ? e->arrival_ms : e->event_ms),
        .host = kept(l, f.host.len ? f.host : e->host), .user_name = kept(l, f.user),
        .process_path = kept(l, f.image), .summary = kept(l, event_summary(&f)), .is_true = known != NULL };
    if (known)
        x->detection_id = known->detection_id;
    find_batch(l, e->index, x);
}

static bool
hear(void *to, const struct scan_hit *hit)
{
    struct looking *l = to;
    char folded[FACTS_HOST_MAX + FOLD_SLACK];
    struct str host = facts_host_key(hit->event->host, folded);
    if (!exclusion_place_holds(l->ask->place, host) || !would_tell(l, hit->event->line))
        return !l->failed;
    const struct replay_true *known = true_at(l, hit->event->index);
    l->out->hidden++;
    l->out->true_positives += known != NULL;
    note_computer(l, host);
    sample(l, hit->event, known);
    return !l->failed && clock_monotonic_us() < l->ends_at_us;
}

/* ---- segments ---- */

static bool
read_segment(struct looking *l, const struct picked_segment *segment)
{
    scoped(arena_end) struct arena *a = arena_new(SEGMENT_BLOCK);
    struct scope part = *l->s;
    struct segment_body row;
    bool found;
    part.arena = a;
    l->at = segment;
    if (!db_maybe(&part, &segment_body_of, &(struct segment_ref){ segment->tenant_id, segment->id }, &row, &found))
        return fail(l->s, part.failure.problem, "the stored events cannot be read");
    if (!found)
        return true; /* merged or expired a moment ago */
    const char *problem = segment_open(l->reader, row.body.raw);
    if (!problem) {
        struct scan *scan = scan_new(a, &(struct scan_plan){
            .needles = l->needles, .rules_decide = true, .matcher = l->matcher, .on_demand = l->conditions,
            .on_demand_count = engine_rules(l->engine)->rule_count, .from_ms = l->ask->from.us / 1000,
            .until_ms = SEGMENT_NO_TIME, .hit = hear, .to = l });
        enum scan_end end = scan_segment(scan, l->reader);
        l->out->read += (int64_t)scan_tally(scan)->events;
        l->out->bytes += (int64_t)scan_tally(scan)->bytes;
        l->out->bounded = l->out->bounded || end == SCAN_STOPPED;
        problem = end == SCAN_BROKEN ? segment_problem(l->reader) : NULL;
    }
    if (problem)
        log_error(l->s, "exclusion.segment_broken", "%s", problem);
    return !l->failed;
}

static bool
pass(struct looking *l, const struct rows *picked)
{
    const struct picked_segment *segments = picked->items;
    for (size_t i = 0; i < picked->count && !l->out->bounded; i++) {
        if (segments[i].may_hold && !read_segment(l, &segments[i]))
            return false;
        l->out->looked += segments[i].events;
        l->out->bounded = l->out->bounded
            || (i + 1 < picked->count && (clock_monotonic_us() >= l->ends_at_us || l->out->bytes >= BYTES_MAX));
    }
    return true;
}

static bool
pass_all(struct looking *l)
{
    struct segment_ask ask = {
        .tenant_ids = l->tenants, .from_at = l->ask->from, .until_at = instant_plus(l->s->now, DAYS(1)),
        .host = !l->ask->place->everywhere && l->ask->place->keys.count == 1 ? l->ask->place->keys.items[0] : STR_NONE,
        .limit = SEGMENTS_AT_ONCE };
    struct hunt_total total;
    bool more = true;
    if (!db_one(l->s, &segments_total, &ask, &total))
        return false;
    l->out->stored = total.events_total;
    while (more && !l->out->bounded) {
        scoped(arena_end) struct arena *a = arena_new(PART_BLOCK);
        struct scope part = *l->s;
        struct rows picked;
        part.arena = a;
        if (!segments_pick(&part, &ask, l->needles, &picked))
            return fail(l->s, part.failure.problem, "the stored events cannot be found");
        if (!pass(l, &picked))
            return false;
        more = picked.count == SEGMENTS_AT_ONCE;
        if (picked.count)
            ask.before_id = ((const struct picked_segment *)picked.items)[picked.count - 1].id;
        l->out->bounded = l->out->bounded || (more && clock_monotonic_us() >= l->ends_at_us);
    }
    return true;
}

/* ---- the whole ---- */

static void
ready(struct looking *l, const struct ruleset *set)
{
    struct arena *a = l->s->arena;
    const struct expr **conditions = arena_array_of(a, set->rule_count + 1, const struct expr *);
    l->conditions = arena_array_of(a, set->rule_count + 1, uint32_t);
    for (uint32_t i = 0; i < set->rule_count; i++) {
        conditions[i] = set->rules[i].condition;
        l->conditions[i] = i;
    }
    l->needles = needles_of_exprs(a, conditions, set->rule_count);
    l->engine = engine_compile(set);
    l->matcher = matcher_new(l->engine);
    l->reader = segment_reader_new(a);
    l->samples = arena_array_of(a, SAMPLES_MAX, struct event_replayed);
    l->computers = arena_array_of(a, COMPUTERS_MAX, struct str);
}

/* What the rules are asked with ends with the arena. */
static void
end_looking(struct looking *l)
{
    matcher_free(l->matcher);
    engine_free(l->engine);
}

static int
true_first(const void *a, const void *b)
{
    const struct event_replayed *x = a, *y = b;
    int order = (int)y->is_true - (int)x->is_true;
    return order ? order : (x->at.us < y->at.us) - (x->at.us > y->at.us);
}

bool
exclusion_events_look(struct scope *s, const struct event_replay_ask *ask, struct event_replay *out)
{
    bool everywhere = uuid_eq(ask->tenant_id, provider_tenant_id);
    struct uuid own = ask->tenant_id;
    struct looking l = { .s = s, .ask = ask, .out = out,
                         .tenants = everywhere ? s->who->tenants : (struct uuids){ &own, 1 },
                         .ends_at_us = clock_monotonic_us() + ask->budget_us };
    const struct replay_true_args args = { l.tenants, ask->rule_id, ask->from, TRUE_MAX };
    *out = (struct event_replay){ 0 };
    if (!ask->place->everywhere && ask->place->keys.count == 0)
        return true;
    if (!db_list(s, &replay_true_places, &args, &l.known_true))
        return false;
    ready(&l, ask->set);
    bool good = pass_all(&l);
    end_looking(&l);
    qsort(l.samples, l.sample_count, sizeof *l.samples, true_first);
    out->samples = (struct rows){ l.samples, l.sample_count };
    return good;
}
