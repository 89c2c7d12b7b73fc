#include "workflows/incident_gather.h"

#include "model/detection_hour.h"
#include "workflows/detections.h"
#include "workflows/incident_news.h"
#include "workflows/incidents_parts.h"

/* A detection gathers occurrences for a day, so one that began so long ago may still matter. */
enum { OCCURRING_HOURS = 24, MARKS_PER_DETECTION = MATCH_THINGS_MAX };

/* An incident that stands in the way: open before, or begun in this run. */
struct standing {
    struct uuid id;
    struct incident_profile profile;
    bool touched, absorbed;
};

struct marks {
    struct match_mark *items;
    size_t count, room;
};

struct gathering {
    struct scope *s;
    struct uuid tenant_id;
    const struct gather_detection *rows;
    struct match_detection *detections;
    size_t count;
    bool *placed;
    struct standing *standing; /* the oldest first; room for one more per detection */
    size_t standing_count;
    struct marks known;        /* of what stands; node: its index */
};

static void
add_mark(struct gathering *g, struct marks *m, struct match_mark mark)
{
    if (m->count == m->room) {
        size_t room = m->room ? 2 * m->room : 256;
        struct match_mark *items = arena_array_of(g->s->arena, room, struct match_mark);
        if (m->count)
            memcpy(items, m->items, m->count * sizeof *items);
        m->items = items;
        m->room = room;
    }
    m->items[m->count++] = mark;
}

static void
mark_detection(struct gathering *g, struct marks *m, size_t index, size_t node, const struct incident_profile *profile)
{
    struct match_thing things[MATCH_THINGS_MAX];
    const struct match_detection *d = &g->detections[index];
    int64_t half = MINUTES(profile->window_minutes) / 2;
    size_t found = match_things(g->s->arena, d, match_gather_by(&profile->gather_by), things);
    for (size_t k = 0; k < found; k++)
        if (things[k].joins)
            add_mark(g, m, (struct match_mark){ node, things[k].kind, things[k].value,
                                                instant_plus(d->first_at, -half), instant_plus(d->last_at, half) });
}

/* ---- reading ---- */

static struct match_rule
rule_of(const struct gather_rule *r)
{
    return (struct match_rule){
        .id = r->id, .name = r->name, .name_ja = r->name_ja, .severity = r->severity, .enabled = r->enabled,
        .min_score = r->min_score, .sum_score = r->sum_score, .min_detections = r->min_detections,
        .min_tactics = r->min_tactics, .min_computers = r->min_computers, .correlation = r->correlation,
        .tactic_order = r->tactic_order, .rule_keys = r->rule_keys, .gather_by = r->gather_by,
        .window_minutes = r->window_minutes };
}

static bool
read_detections(struct gathering *g, int64_t window_minutes)
{
    struct scope *s = g->s;
    struct rows rows;
    const struct gather_args args = {
        .tenant_id = g->tenant_id,
        .since = instant_plus(s->now, -MINUTES(window_minutes) - HOURS(OCCURRING_HOURS)) };
    if (!db_list(s, &gather_detections, &args, &rows))
        return false;
    g->rows = rows.items;
    g->count = rows.count;
    g->detections = arena_array_of(s->arena, rows.count + 1, struct match_detection);
    g->placed = arena_array_of(s->arena, rows.count + 1, bool);
    for (size_t i = 0; i < rows.count; i++)
        g->detections[i] = match_detection_of(&g->rows[i]);
    return true;
}

static int
oldest_first(const void *a, const void *b)
{
    const struct gather_mark *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void
take_standing(struct gathering *g, struct rows *rows)
{
    struct gather_mark *marks = rows->items;
    enum match_kind kind;
    g->standing = arena_array_of(g->s->arena, rows->count + g->count + 1, struct standing);
    if (rows->count)
        qsort(marks, rows->count, sizeof *marks, oldest_first);
    for (size_t i = 0; i < rows->count; i++) {
        if (!i || marks[i].number != marks[i - 1].number)
            g->standing[g->standing_count++] = (struct standing){
                marks[i].incident_id, { marks[i].gather_by, marks[i].window_minutes }, marks[i].touched, false };
        if (match_kind_of(marks[i].kind, &kind))
            add_mark(g, &g->known, (struct match_mark){ g->standing_count - 1, kind, marks[i].value, marks[i].from,
                                                        marks[i].to });
    }
}

/* Whatever could join, by any rule: an incident without such a thing has nothing to do with these detections. */
static bool
read_standing(struct gathering *g, int64_t window_minutes)
{
    struct scope *s = g->s;
    struct match_thing things[MATCH_THINGS_MAX];
    size_t most = g->count * MARKS_PER_DETECTION + 1, count = 0;
    struct gather_things args = { .tenant_id = g->tenant_id,
                                  .since = instant_plus(s->now, -2 * MINUTES(window_minutes) - DAYS(31)) };
    struct rows rows = { NULL, 0 };
    args.kinds.items = arena_array_of(s->arena, most, struct str);
    args.values.items = arena_array_of(s->arena, most, struct str);
    for (size_t i = 0; i < g->count; i++) {
        size_t found = match_things(s->arena, &g->detections[i], ~0u, things);
        for (size_t k = 0; k < found; k++)
            if (things[k].joins) {
                args.kinds.items[count] = str_of(match_kind_word(things[k].kind));
                args.values.items[count++] = things[k].value;
            }
    }
    args.kinds.count = args.values.count = count;
    if (count && !db_list(s, &gather_incidents, &args, &rows))
        return false;
    take_standing(g, &rows);
    return true;
}

/* ---- one rule's look at what is left ---- */

static bool
begin(struct gathering *g, const struct match_rule *rule, const size_t *members, size_t count)
{
    struct scope *s = g->s;
    const struct incident_profile profile = { rule->gather_by, rule->window_minutes };
    struct incident_number_row number;
    int severity = SEVERITY_B;
    if (!domain_value(&severity_domain, rule->severity, &severity))
        return fail(s, &problem_internal, "an incident rule with a strange severity");
    const struct incident_begin row = {
        .tenant_id = g->tenant_id, .id = uuid_new(s->now), .rule_id = rule->id, .rule_name = rule->name,
        .rule_name_ja = rule->name_ja, .title = rule->name, .title_ja = rule->name_ja,
        .severity = (enum severity)severity, .gather_by = rule->gather_by, .window_minutes = rule->window_minutes,
        .now = s->now };
    const struct incident_word opened = { .kind = "opened" };
    if (!db_one(s, &incident_begin_row, &row, &number)
        || !incident_write(s, g->tenant_id, row.id, &opened, NULL))
        return false;
    size_t node = g->standing_count++;
    g->standing[node] = (struct standing){ .id = row.id, .profile = profile };
    const struct gather_detection **taken = arena_array_of(s->arena, count, const struct gather_detection *);
    for (size_t i = 0; i < count; i++) {
        taken[i] = &g->rows[members[i]];
        g->placed[members[i]] = true;
        mark_detection(g, &g->known, members[i], node, &profile);
    }
    return incident_take(s, g->tenant_id, row.id, &profile, taken, count)
        && incident_tell_new(s, g->tenant_id, row.id);
}

static bool
join(struct gathering *g, size_t node, const size_t *members, size_t count)
{
    struct scope *s = g->s;
    const struct standing *into = &g->standing[node];
    const struct gather_detection **taken = arena_array_of(s->arena, count, const struct gather_detection *);
    struct incident before, now;
    for (size_t i = 0; i < count; i++) {
        taken[i] = &g->rows[members[i]];
        g->placed[members[i]] = true;
        mark_detection(g, &g->known, members[i], node, &into->profile);
    }
    return db_one(s, &incident_by_id, &(struct id_args){ into->id }, &before)
        && incident_take(s, g->tenant_id, into->id, &into->profile, taken, count)
        && db_one(s, &incident_by_id, &(struct id_args){ into->id }, &now)
        && incident_grew(s, &before, &now);
}

/* Two incidents turn out to be one story. Where nobody has begun to work on the younger one it ends in the older; else
 * both say that they are related, and people decide. */
static bool
meet(struct gathering *g, size_t older, size_t younger)
{
    struct scope *s = g->s;
    struct standing *y = &g->standing[younger];
    if (y->absorbed)
        return true;
    if (y->touched)
        return incident_relate(s, g->tenant_id, g->standing[older].id, y->id);
    y->absorbed = true;
    for (size_t i = 0; i < g->known.count; i++)
        if (g->known.items[i].node == younger)
            g->known.items[i].node = older;
    return incident_absorb(s, g->tenant_id, y->id, g->standing[older].id, STR_NONE);
}

static bool
settle_story(struct gathering *g, const struct match_rule *rule, size_t root, const size_t *members, size_t count)
{
    if (root < g->standing_count)
        return join(g, root, members, count);
    const struct match_detection **story = arena_array_of(g->s->arena, count, const struct match_detection *);
    for (size_t i = 0; i < count; i++)
        story[i] = &g->detections[members[i]];
    return !rule || !match_rule_holds(rule, story, count) || begin(g, rule, members, count);
}

struct member {
    size_t root, index;
};

static int
by_root(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->root != y->root)
        return x->root < y->root ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static bool
settle_stories(struct gathering *g, const struct match_rule *rule, const size_t *story, size_t stood)
{
    struct member *members = arena_array_of(g->s->arena, g->count + 1, struct member);
    size_t *of_one = arena_array_of(g->s->arena, g->count + 1, size_t);
    size_t count = 0;
    for (size_t i = 1; i < stood; i++)
        if (story[i] != i && !meet(g, story[i], i))
            return false;
    for (size_t i = 0; i < g->count; i++)
        if (!g->placed[i])
            members[count++] = (struct member){ story[stood + i], i };
    qsort(members, count, sizeof *members, by_root);
    for (size_t i = 0, next; i < count; i = next) {
        size_t found = 0;
        for (next = i; next < count && members[next].root == members[i].root; next++)
            of_one[found++] = members[next].index;
        /* A root beyond what stood when the stories were told is a detection's, even if something stands there now. */
        size_t root = members[i].root < stood ? members[i].root : SIZE_MAX;
        if (!settle_story(g, rule, root, of_one, found))
            return false;
    }
    return true;
}

/* A rule of NULL begins nothing: what is left may still join what people began. */
static bool
look(struct gathering *g, const struct match_rule *rule)
{
    const struct incident_profile profile =
        rule ? (struct incident_profile){ rule->gather_by, rule->window_minutes } : incident_profile_default;
    struct marks marks = { 0 };
    size_t stood = g->standing_count, nodes = stood + g->count;
    size_t *story = arena_array_of(g->s->arena, nodes + 1, size_t);
    for (size_t i = 0; i < g->known.count; i++)
        if (!g->standing[g->known.items[i].node].absorbed)
            add_mark(g, &marks, g->known.items[i]);
    for (size_t i = 0; i < g->count; i++)
        if (!g->placed[i])
            mark_detection(g, &marks, i, stood + i, &profile);
    match_stories(marks.items, marks.count, nodes, story);
    return settle_stories(g, rule, story, stood);
}

static bool
run(struct scope *s, void *args)
{
    struct gathering g = { .s = s, .tenant_id = s->who->tenant_id };
    struct rows rules;
    const struct detection_hours_args hours = { g.tenant_id, s->now };
    int64_t window = incident_profile_default.window_minutes;
    struct gather_lock_row ours;
    (void)args;
    if (!db_one(s, &gather_try_lock, &(struct gather_args){ .tenant_id = g.tenant_id }, &ours))
        return false;
    if (!ours.held) /* who waited would keep a worker from the jobs of others */
        return detection_job_add(s, &incident_gather_job, g.tenant_id, instant_plus(s->now, SECONDS(1)));
    if (!db_run(s, &detection_hours_fill, &hours, NULL)
        || !db_list(s, &gather_rules, &(struct gather_args){ .tenant_id = g.tenant_id }, &rules))
        return false;
    const struct gather_rule *rows = rules.items;
    for (size_t i = 0; i < rules.count; i++)
        window = rows[i].window_minutes > window ? rows[i].window_minutes : window;
    if (!read_detections(&g, window) || !g.count || !read_standing(&g, window))
        return !scope_has_failed(s);
    for (size_t i = 0; i < rules.count; i++) {
        const struct match_rule rule = rule_of(&rows[i]);
        if (rule.enabled && !look(&g, &rule))
            return false;
    }
    return look(&g, NULL);
}

const struct job_kind incident_gather_job = {
    .name = "incident_gather", .prose = "Let new detections join the incident they belong to, or begin one",
    .run = run, .unhurried = true,
};
