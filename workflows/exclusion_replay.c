/* exclusion_replay: what would it have hidden? */
#include "core/db/db.h"
#include "model/tenant.h"
#include "workflows/exclusion_events.h"
#include "workflows/exclusions.h"
#include "workflows/rule_text.h"
#include "xdr/engine.h"

enum { DAYS_DEFAULT = 31, PAGE = 500, EXAMINED_MAX = 20 * 1000, SAMPLES_MAX = 100, BODY_MAX = 64 * 1024,
       CONDITIONS_MAX = 40, PAGE_BLOCK = 1 << 20, BUDGET_S = 5 };

const struct shape exclusion_replay_shape = SHAPE(exclusion_replay,
    FIELD(exclusion_replay, tenant_id, "Whose it would be", .required = true),
    FIELD(exclusion_replay, rule_id, "Of which rule; any when absent"),
    FIELD(exclusion_replay, scope, "Where it would hold", .of = &exclusion_scope_domain, .required = true),
    FIELD(exclusion_replay, scope_id, "The group or the computer"),
    FIELD(exclusion_replay, conditions, "Of the wizard", .items = &exclusion_condition_shape, .max = CONDITIONS_MAX),
    FIELD(exclusion_replay, body, "Or the text", .max = BODY_MAX),
    FIELD(exclusion_replay, language, "Of the text", .of = &detection_rule_language_domain),
    FIELD(exclusion_replay, days, "How far back; 31 when absent", .max = 400));

static const struct shape replayed_shape = SHAPE(replayed,
    FIELD(replayed, id, "Which detection", .required = true), FIELD(replayed, tenant_name, "At which customer"),
    FIELD(replayed, title, "What was found", .required = true), FIELD(replayed, title_ja, "The same in Japanese"),
    FIELD(replayed, computer_name, "On which computer"), FIELD(replayed, command_line, "How it was called"),
    FIELD(replayed, score, "1-39 low, 40-69 warning, 70-100 threat"),
    FIELD(replayed, occurrences, "How often"),
    FIELD(replayed, status, "How far it is", .of = &detection_status_domain),
    FIELD(replayed, verdict, "How it was judged", .of = &detection_verdict_domain),
    FIELD(replayed, last_at, "When last"));

const struct shape exclusion_replay_answer_shape = SHAPE(exclusion_replay_answer,
    FIELD(exclusion_replay_answer, body, "The text that was tried"),
    FIELD(exclusion_replay_answer, days, "How far back"),
    FIELD(exclusion_replay_answer, examined, "Detections that were gone through"),
    FIELD(exclusion_replay_answer, hidden, "Detections that would not be there"),
    FIELD(exclusion_replay_answer, hidden_occurrences, "Occurrences of them"),
    FIELD(exclusion_replay_answer, true_positives, "Of the hidden ones, judged true positives"),
    FIELD(exclusion_replay_answer, tenants, "At so many customers"),
    FIELD(exclusion_replay_answer, bounded, "There are more detections than were gone through"),
    FIELD(exclusion_replay_answer, samples, "Some of them, true positives first", .items = &replayed_shape),
    FIELD(exclusion_replay_answer, events_stored, "Events of these days that are still stored"),
    FIELD(exclusion_replay_answer, events_looked, "Of them so many were looked through, the newest first; most are "
                                                  "passed by what their blocks cannot hold"),
    FIELD(exclusion_replay_answer, events_read, "Of those so many were unpacked"),
    FIELD(exclusion_replay_answer, bytes_read, "Their size"),
    FIELD(exclusion_replay_answer, events_hidden, "Events that the rule would no longer tell of"),
    FIELD(exclusion_replay_answer, event_computers, "On so many computers, counted to 1000"),
    FIELD(exclusion_replay_answer, event_true_positives, "Of them, in detections that were judged true positives"),
    FIELD(exclusion_replay_answer, events_bounded, "There was no time for all stored events"),
    FIELD(exclusion_replay_answer, event_samples, "Some of them, true positives first",
          .items = &event_replayed_shape));

struct replaying {
    struct scope *s;
    struct matcher *matcher;
    const struct ruleset *set;
    struct exclusion_replay_answer *out;
    struct replayed *samples;
    size_t sample_count;
    struct uuids tenants;
};

static bool
is_hidden(struct replaying *r, struct str event)
{
    if (matcher_run(r->matcher, event).problem)
        return false;
    for (uint32_t i = 0; i < r->set->rule_count; i++)
        if (matcher_holds(r->matcher, i))
            return true;
    return false;
}

static void
note_tenant(struct replaying *r, struct uuid id)
{
    for (size_t i = 0; i < r->tenants.count; i++)
        if (uuid_eq(r->tenants.items[i], id))
            return;
    if (r->tenants.count < SAMPLES_MAX)
        r->tenants.items[r->tenants.count++] = id;
    r->out->tenants++;
}

/* True positives push others out of a full list. */
static void
sample(struct replaying *r, const struct replay_row *row)
{
    size_t at = r->sample_count;
    if (at == SAMPLES_MAX) {
        if (row->verdict != VERDICT_TRUE_POSITIVE)
            return;
        while (at > 0 && r->samples[at - 1].verdict == VERDICT_TRUE_POSITIVE)
            at--;
        if (at-- == 0)
            return;
    } else {
        r->sample_count++;
    }
    struct arena *a = r->s->arena;
    r->samples[at] = (struct replayed){
        .id = row->id, .tenant_name = str_copy(a, row->tenant_name), .title = str_copy(a, row->title),
        .title_ja = row->title_ja.at ? str_copy(a, row->title_ja) : STR_NONE,
        .computer_name = row->computer_name.at ? str_copy(a, row->computer_name) : STR_NONE,
        .command_line = row->command_line.at ? str_copy(a, str_head(row->command_line, 500)) : STR_NONE,
        .score = row->score, .occurrences = row->occurrences, .status = row->status, .verdict = row->verdict,
        .last_at = row->last_at };
}

static int
true_positives_first(const void *a, const void *b)
{
    const struct replayed *x = a, *y = b;
    int worse = (y->verdict == VERDICT_TRUE_POSITIVE) - (x->verdict == VERDICT_TRUE_POSITIVE);
    return worse ? worse : (x->last_at.us < y->last_at.us) - (x->last_at.us > y->last_at.us);
}

static void
go_through(struct replaying *r, const struct rows *rows)
{
    const struct replay_row *items = rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        r->out->examined++;
        if (!is_hidden(r, items[i].event))
            continue;
        r->out->hidden++;
        r->out->hidden_occurrences += items[i].occurrences;
        r->out->true_positives += items[i].verdict == VERDICT_TRUE_POSITIVE;
        note_tenant(r, items[i].tenant_id);
        sample(r, &items[i]);
    }
}

/* Each page has memory of its own: the events of a month would not fit. */
static bool
read_pages(struct replaying *r, struct replay_args args)
{
    bool more = true;
    while (more && r->out->examined < EXAMINED_MAX) {
        scoped(arena_end) struct arena *page = arena_new(PAGE_BLOCK);
        struct scope part = *r->s;
        struct rows rows;
        part.arena = page;
        if (!db_list(&part, &replay_page, &args, &rows))
            return fail(r->s, part.failure.problem, "the detections cannot be read");
        go_through(r, &rows);
        more = rows.count == PAGE;
        if (rows.count) {
            const struct replay_row *last = &((const struct replay_row *)rows.items)[rows.count - 1];
            args.before = last->last_at;
            args.before_id = last->id;
        }
    }
    r->out->bounded = more;
    return true;
}

static void
end_engine(struct engine **e)
{
    engine_free(*e);
}

static void
end_matcher(struct matcher **m)
{
    matcher_free(*m);
}

static bool
read_condition(struct scope *s, const struct exclusion_replay *in, struct exclusion_replay_answer *out,
               struct rule_reading *reading)
{
    if (in->conditions.count)
        out->body = exclusion_text_write(s->arena, uuid_new(s->now), STR("replay"), &in->conditions);
    if (!out->body.len)
        return fail_field(s, in->conditions.count ? "/conditions" : "/body", FAULT_REQUIRED, NULL);
    if (in->scope != EXCLUDE_ALL && uuid_is_none(in->scope_id))
        return fail_field(s, "/scope_id", FAULT_REQUIRED, NULL);
    return rule_text_read(s->arena, in->conditions.count ? RULE_IN_SIGMA
                          : in->language ? in->language : rule_text_language(out->body), out->body, true, reading, NULL)
        || rule_text_refuse(s, reading, "/body");
}

static bool
replay_detections(struct scope *s, const struct ruleset *set, const struct replay_args *args,
                  struct exclusion_replay_answer *out)
{
    scoped(end_engine) struct engine *e = engine_compile(set);
    scoped(end_matcher) struct matcher *m = matcher_new(e);
    struct replaying r = { .s = s, .matcher = m, .set = set, .out = out,
                           .samples = arena_array_of(s->arena, SAMPLES_MAX, struct replayed),
                           .tenants = { arena_array_of(s->arena, SAMPLES_MAX, struct uuid), 0 } };
    if (!read_pages(&r, *args))
        return false;
    qsort(r.samples, r.sample_count, sizeof *r.samples, true_positives_first);
    out->samples = (struct rows){ r.samples, r.sample_count };
    return true;
}

static bool
replay_events(struct scope *s, const struct event_replay_ask *ask, struct exclusion_replay_answer *out)
{
    struct event_replay e;
    if (!exclusion_events_look(s, ask, &e))
        return false;
    out->events_stored = e.stored;
    out->events_looked = e.looked;
    out->events_read = e.read;
    out->bytes_read = e.bytes;
    out->events_hidden = e.hidden;
    out->event_computers = e.computers;
    out->event_true_positives = e.true_positives;
    out->events_bounded = e.bounded;
    out->event_samples = e.samples;
    return true;
}

bool
exclusion_replay(struct scope *s, const struct exclusion_replay *in, struct exclusion_replay_answer *out)
{
    int64_t days = in->days > 0 ? in->days : DAYS_DEFAULT;
    struct rule_reading reading;
    struct exclusion_place place;
    *out = (struct exclusion_replay_answer){ .days = days, .body = in->body };
    if (!read_condition(s, in, out, &reading)
        || !exclusion_place_find(s, in->tenant_id, in->scope, in->scope_id, &place))
        return false;
    const struct replay_args args = {
        .tenant_id = in->tenant_id, .rule_id = in->rule_id, .everywhere = place.everywhere,
        .computer_ids = place.computer_ids, .everyone = uuid_eq(in->tenant_id, provider_tenant_id),
        .from = instant_plus(s->now, -DAYS(days)), .limit = PAGE };
    const struct event_replay_ask events = {
        .set = reading.set, .tenant_id = in->tenant_id, .rule_id = in->rule_id, .place = &place, .from = args.from,
        .budget_us = in->budget_us ? in->budget_us : SECONDS(BUDGET_S) };
    return replay_detections(s, reading.set, &args, out) && replay_events(s, &events, out);
}
