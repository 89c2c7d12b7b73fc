/* Detections become part of an incident, and an incident part of another. */
#include "workflows/incidents_parts.h"

#include "model/detection.h"
#include "workflows/incident_title.h"

static struct str usual_gather_by[] = {
    { "computer", 8 }, { "user", 4 }, { "process", 7 }, { "executable", 10 }, { "address", 7 }, { "rule", 4 } };
const struct incident_profile incident_profile_default = {
    { usual_gather_by, COUNT_OF(usual_gather_by) }, 240 };

bool
incidents_hold_all(struct scope *s, struct uuid tenant_id)
{
    struct gather_lock_row row;
    return db_one(s, &gather_lock, &(struct gather_args){ .tenant_id = tenant_id }, &row);
}

struct match_detection
match_detection_of(const struct gather_detection *d)
{
    return (struct match_detection){
        .id = d->id, .computer = d->computer, .user = d->user_name, .process = d->process_guid,
        .parent = d->parent_guid, .hash = d->hash, .path = d->process_path, .rule = d->rule_key, .title = d->title,
        .addresses = d->addresses, .tactics = d->tactics, .score = d->score, .correlation = d->correlation,
        .common = d->common, .first_at = d->first_at, .last_at = d->last_at,
    };
}

/* People call a computer as it spells itself. */
static struct str
label_of(const struct gather_detection *d, const struct match_thing *thing)
{
    return thing->kind == MATCH_COMPUTER && d->computer_name.len ? d->computer_name : thing->label;
}

static bool
add_objects(struct scope *s, struct uuid tenant_id, struct uuid incident_id, const struct incident_profile *profile,
            const struct gather_detection *const *detections, size_t count)
{
    struct match_thing things[MATCH_THINGS_MAX];
    struct object_row *rows = arena_array_of(s->arena, count * MATCH_THINGS_MAX + 1, struct object_row);
    int64_t half = MINUTES(profile->window_minutes) / 2;
    size_t row_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct match_detection d = match_detection_of(detections[i]);
        size_t found = match_things(s->arena, &d, match_gather_by(&profile->gather_by), things);
        for (size_t k = 0; k < found; k++)
            rows[row_count++] = (struct object_row){
                .id = uuid_new(s->now), .kind = str_of(match_kind_word(things[k].kind)), .value = things[k].value,
                .label = label_of(detections[i], &things[k]), .joins = things[k].joins,
                .from = instant_plus(d.first_at, -half), .to = instant_plus(d.last_at, half),
                .first_at = d.first_at, .last_at = d.last_at, .detections = 1 };
    }
    const struct objects_args args = { tenant_id, incident_id, { rows, row_count } };
    return !row_count || db_run(s, &incident_objects_add, &args, NULL);
}

bool
incident_refresh(struct scope *s, struct uuid tenant_id, struct uuid incident_id)
{
    struct incident_refresh args = { .tenant_id = tenant_id, .id = incident_id, .now = s->now };
    struct incident_worst worst;
    bool found;
    if (!db_maybe(s, &incident_worst_of, &args, &worst, &found))
        return false;
    if (found && !worst.titled) {
        const struct incident_story story = { worst.title, worst.title_ja, worst.computer_name, worst.computers,
                                              worst.tactics };
        struct incident_titles titles = incident_title(s->arena, &story);
        args.title = titles.en;
        args.title_ja = titles.ja;
    }
    return db_run(s, &incident_recount, &args, NULL);
}

bool
incident_take(struct scope *s, struct uuid tenant_id, struct uuid incident_id, const struct incident_profile *profile,
              const struct gather_detection *const *detections, size_t count)
{
    struct rows held;
    struct gather_ids args = { .tenant_id = tenant_id, .incident_id = incident_id, .now = s->now,
                               .ids = { arena_array_of(s->arena, count + 1, struct uuid), count } };
    for (size_t i = 0; i < count; i++)
        args.ids.items[i] = detections[i]->id;
    /* Batches that add occurrences hold the groups first: so do we, and nobody waits in a circle. */
    return db_list(s, &detection_groups_lock, &(struct detection_ids_args){ args.ids }, &held)
        && db_run(s, &detections_gather, &args, NULL)
        && add_objects(s, tenant_id, incident_id, profile, detections, count)
        && incident_refresh(s, tenant_id, incident_id);
}

static bool
all_of(struct scope *s, const struct gather_ids *which, const struct gather_detection ***out, size_t *count)
{
    struct rows rows;
    if (!db_list(s, &incident_detections, which, &rows))
        return false;
    *out = arena_array_of(s->arena, rows.count + 1, const struct gather_detection *);
    *count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*out)[i] = (const struct gather_detection *)rows.items + i;
    return true;
}

static bool
profile_of(struct scope *s, struct uuid tenant_id, struct uuid incident_id, struct incident_profile *out)
{
    return db_one(s, &incident_profile_row, &(struct gather_ids){ .tenant_id = tenant_id, .incident_id = incident_id },
                  out);
}

bool
incident_rebuild(struct scope *s, struct uuid tenant_id, struct uuid incident_id)
{
    const struct gather_ids which = { .tenant_id = tenant_id, .incident_id = incident_id };
    const struct gather_detection **detections;
    struct incident_profile profile;
    size_t count;
    return db_run(s, &incident_objects_clear, &which, NULL)
        && profile_of(s, tenant_id, incident_id, &profile)
        && all_of(s, &which, &detections, &count)
        && add_objects(s, tenant_id, incident_id, &profile, detections, count)
        && incident_refresh(s, tenant_id, incident_id);
}

static struct json
other_of(struct scope *s, struct uuid id, struct str reason)
{
    struct text t = text_new(s->arena, 8000);
    text_addf(&t, "{\"incident_id\":\"" STR_FMT "\"", STR_ARG(uuid_format(s->arena, id)));
    if (reason.len) {
        text_add_c(&t, ",\"reason\":");
        json_write_str(&t, reason);
    }
    text_add_char(&t, '}');
    return (struct json){ text_str(&t) };
}

bool
incident_absorb(struct scope *s, struct uuid tenant_id, struct uuid from, struct uuid into, struct str reason)
{
    const struct gather_detection **detections;
    struct incident_profile profile;
    struct incident before, ended;
    size_t count;
    const struct gather_ids which = { .tenant_id = tenant_id, .incident_id = from };
    if (!db_one(s, &incident_lock, &(struct id_args){ from }, &before)
        || !profile_of(s, tenant_id, into, &profile)
        || !all_of(s, &which, &detections, &count)
        || !incident_take(s, tenant_id, into, &profile, detections, count))
        return false;
    ended = before;
    ended.status = INCIDENT_CLOSED;
    ended.merged_into_id = into;
    ended.close_reason = reason;
    ended.closed_at = ended.updated_at = s->now;
    const struct incident_word there = { .kind = "merged", .detail = other_of(s, into, reason) };
    const struct incident_word here = { .kind = "absorbed", .detail = other_of(s, from, reason) };
    return db_run(s, &incident_save, &ended, NULL)
        && incident_write(s, tenant_id, from, &there, NULL)
        && incident_write(s, tenant_id, into, &here, NULL)
        && incident_record(s, "incident.merged", &before, &ended);
}
