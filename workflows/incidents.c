#include "workflows/incidents.h"

#include "core/db/change.h"
#include "model/incident_work.h"
#include "model/person.h"
#include "workflows/calls.h"
#include "workflows/incident_news.h"
#include "workflows/incidents_parts.h"
#include "workflows/inventory.h"
#include "workflows/ticket_work.h"
#include "workflows/tickets_parts.h"

const struct problem incident_cannot = {
    409, "incident-cannot",
    { "The incident does not allow this where it stands.", "現在の状態では、この操作はできません。" } };

enum { WORDS_MAX = 20000 };

const struct shape incident_edit_shape = SHAPE(incident_edit,
    FIELD(incident_edit, id, "Which incident", .read_only = true),
    FIELD(incident_edit, version, "What the change is based on", .read_only = true),
    FIELD(incident_edit, title, "In one line", .max = 300, .required = true),
    FIELD(incident_edit, summary, "What is known of it; the customer reads it", .max = WORDS_MAX,
          .format = FORMAT_MARKDOWN),
    FIELD(incident_edit, tags, "Words to find it by", .max = 20));
const struct shape incident_assign_shape = SHAPE(incident_assign,
    FIELD(incident_assign, id, "Which incident", .read_only = true),
    FIELD(incident_assign, assignee_id, "The engineer in charge; nobody when absent"));
const struct shape incident_decide_shape = SHAPE(incident_decide,
    FIELD(incident_decide, id, "Which incident", .read_only = true),
    FIELD(incident_decide, level, "4 several targets, 3 one, 2 the customer must be asked, 1 watch, 0 normal", .min = 0,
          .max = 4, .required = true),
    FIELD(incident_decide, reason, "Why; the customer reads it", .max = 2000, .required = true));
const struct shape incident_verb_shape = SHAPE(incident_verb,
    FIELD(incident_verb, id, "Which incident", .read_only = true),
    FIELD(incident_verb, reason, "Why; the customer reads it", .max = 2000));
const struct shape incident_close_shape = SHAPE(incident_close,
    FIELD(incident_close, id, "Which incident", .read_only = true),
    FIELD(incident_close, verdict, "What it was", .of = &incident_verdict_domain, .required = true),
    FIELD(incident_close, reason, "Why; the customer reads it", .max = 2000, .required = true),
    FIELD(incident_close, resolve_detections, "Its detections are resolved with the same verdict"));
const struct shape incident_arrange_shape = SHAPE(incident_arrange,
    FIELD(incident_arrange, id, "Which incident", .read_only = true),
    FIELD(incident_arrange, layout, "Where nodes were moved to: {node: [x, y]}; absent: nowhere"));

bool
incident_may(struct scope *s, const struct incident *i)
{
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "incidents are worked on by the service side");
    return i->status != INCIDENT_CLOSED || fail(s, &incident_cannot, "it is closed");
}

bool
incident_hold(struct scope *s, struct uuid id, struct incident *out)
{
    return db_one(s, &incident_lock, &(struct id_args){ id }, out);
}

static void
take(struct scope *s, struct incident *i)
{
    if (!i->taken_at.us)
        i->taken_at = s->now;
}

static struct json
detail_of(struct scope *s, const char *name, struct str value, struct str reason)
{
    struct text t = text_new(s->arena, 16000);
    text_addf(&t, "{\"%s\":", name);
    if (value.at)
        json_write_str(&t, value);
    else
        text_add_c(&t, "null");
    if (reason.len) {
        text_add_c(&t, ",\"reason\":");
        json_write_str(&t, reason);
    }
    text_add_char(&t, '}');
    return (struct json){ text_str(&t) };
}

/* Saves, tells the story and the log, and reads it anew with what may be done next. */
bool
incident_keep(struct scope *s, const char *action, const struct incident *before, struct incident *i,
              const struct incident_word *word)
{
    i->updated_at = s->now;
    return db_run(s, &incident_save, i, NULL)
        && (!word || incident_write(s, i->tenant_id, i->id, word, NULL))
        && db_one(s, &incident_by_id, &(struct id_args){ i->id }, i)
        && incident_record(s, action, before, i);
}

bool
incident_edit(struct scope *s, const struct incident_edit *in, struct incident *out)
{
    struct incident before;
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    if (out->version != in->version)
        return fail(s, &problem_stale, "version %lld is newer", (long long)out->version);
    before = *out;
    out->summary = in->summary;
    const struct incident_name_args name = { out->tenant_id, out->id, in->title };
    return tags_tidy(s, "/tags", &in->tags, &out->tags)
        && (str_eq(in->title, before.title) || db_run(s, &incident_rename, &name, NULL))
        && incident_keep(s, "incident.edited", &before, out, NULL);
}

bool
incident_assign(struct scope *s, const struct incident_assign *in, struct incident *out)
{
    struct incident before;
    struct person engineer = { .name = STR_NONE };
    bool somebody = !uuid_is_none(in->assignee_id);
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    if (somebody && (!db_one(s, &person_by_id, &(struct id_args){ in->assignee_id }, &engineer)
                     || engineer.side != SIDE_PROVIDER || engineer.status != PERSON_ACTIVE)) {
        scope_forgive(s);
        return fail_field(s, "/assignee_id", FAULT_NOT_FOUND, NULL);
    }
    before = *out;
    out->assignee_id = in->assignee_id;
    out->assignee_name = engineer.name;
    if (somebody)
        take(s, out);
    const struct incident_word word = { .kind = "assigned",
                                        .detail = detail_of(s, "assignee", engineer.name, STR_NONE) };
    return incident_keep(s, "incident.assigned", &before, out, &word) && incident_tell_assignee(s, out);
}

/* Whoever decides that the customer is to be told has told them. A call is written down in the case. */
static bool
tell_by_level(struct scope *s, struct incident *i, const struct incident_decide *in)
{
    struct incident_level level = { .level = in->level };
    struct call_task call;
    bool found;
    const struct incident_level_args args = { i->tenant_id, in->level };
    if (!db_maybe(s, &incident_level_of, &args, &level, &found))
        return false;
    if (level.by_mail) {
        i->told_at = i->told_at.us ? i->told_at : s->now;
        if (!incident_tell_customer(s, i, in->reason))
            return false;
    }
    return !level.by_phone || uuid_is_none(i->ticket_id)
        || call_start(s, &(struct call_ask){ i->ticket_id, in->reason }, &call);
}

bool
incident_decide(struct scope *s, const struct incident_decide *in, struct incident *out)
{
    struct incident before;
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    before = *out;
    take(s, out);
    out->level = in->level;
    const struct incident_word word = {
        .kind = "level",
        .detail = detail_of(s, "level", str_printf(s->arena, "%lld", (long long)in->level), in->reason) };
    return tell_by_level(s, out, in) && incident_keep(s, "incident.level-decided", &before, out, &word);
}

bool
incident_tell(struct scope *s, const struct incident_verb *in, struct incident *out)
{
    struct incident before;
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    before = *out;
    out->told_at = s->now;
    const struct incident_word word = { .kind = "told", .body = in->reason };
    return incident_tell_customer(s, out, in->reason) && incident_keep(s, "incident.told", &before, out, &word);
}

/* ---- where it stands ---- */

static const struct {
    const char *verb, *kind;
    unsigned from; /* bits of statuses */
    enum incident_status to;
    const char *action;
} moves[] = {
    { "start", "status", 1u << INCIDENT_OPEN | 1u << INCIDENT_WAITING, INCIDENT_IN_PROGRESS, "incident.start" },
    { "wait", "status", 1u << INCIDENT_OPEN | 1u << INCIDENT_IN_PROGRESS, INCIDENT_WAITING, "incident.wait" },
    { "reopen", "reopened", 1u << INCIDENT_CLOSED, INCIDENT_IN_PROGRESS, "incident.reopened" },
};

static bool
move(struct scope *s, size_t nth, const struct incident_verb *in, struct incident *i)
{
    struct incident before = *i;
    if (!(moves[nth].from & 1u << i->status) || !uuid_is_none(i->merged_into_id))
        return fail(s, &incident_cannot, "'%s' is not possible while it is %s", moves[nth].verb,
                    domain_label(&incident_status_domain, (int)i->status).at);
    i->status = moves[nth].to;
    i->closed_at = (struct instant){ 0 };
    i->verdict = INCIDENT_VERDICT_NONE;
    i->close_reason = STR_NONE;
    take(s, i);
    const struct incident_word word = {
        .kind = moves[nth].kind,
        .detail = detail_of(s, "status", domain_label(&incident_status_domain, (int)i->status), in->reason) };
    return incident_keep(s, moves[nth].action, &before, i, &word);
}

bool
incident_move(struct scope *s, const char *verb, const struct incident_verb *in, struct incident *out)
{
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "incidents are worked on by the service side");
    if (!incident_hold(s, in->id, out))
        return false;
    for (size_t i = 0; i < COUNT_OF(moves); i++)
        if (strcmp(verb, moves[i].verb) == 0)
            return move(s, i, in, out);
    return fail(s, &problem_internal, "a verb nobody wrote");
}

static bool
resolve_detections(struct scope *s, const struct incident *i, const struct incident_close *in)
{
    struct rows computers;
    const struct incident_resolve_args args = { i->tenant_id, i->id, in->verdict, in->reason, s->who->name, s->now };
    if (!db_list(s, &incident_resolve, &args, &computers))
        return false;
    struct uuids ids = { arena_array_of(s->arena, computers.count + 1, struct uuid), computers.count };
    for (size_t k = 0; k < computers.count; k++)
        ids.items[k] = ((const struct id_args *)computers.items)[k].id;
    return inventory_recount(s, i->tenant_id, ids)
        && change_record(s, i->tenant_id, "detection", (struct uuid){ { 0 } }, "resolved");
}

bool
incident_close(struct scope *s, const struct incident_close *in, struct incident *out)
{
    struct incident before;
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    before = *out;
    out->status = INCIDENT_CLOSED;
    out->verdict = in->verdict;
    out->close_reason = in->reason;
    out->closed_at = s->now;
    take(s, out);
    const struct incident_word word = {
        .kind = "closed",
        .detail = detail_of(s, "verdict", domain_label(&incident_verdict_domain, (int)in->verdict), in->reason) };
    return (!in->resolve_detections || resolve_detections(s, out, in))
        && incident_keep(s, "incident.closed", &before, out, &word);
}

bool
incident_arrange(struct scope *s, const struct incident_arrange *in)
{
    struct incident i;
    enum { LAYOUT_MAX = 200000 };
    if (in->layout.raw.len > LAYOUT_MAX)
        return fail_field(s, "/layout", FAULT_TOO_LONG, "200000");
    const struct incident_layout_args args = { in->id, in->layout };
    return incident_hold(s, in->id, &i)
        && (ticket_side(s) == SIDE_PROVIDER || fail(s, &problem_forbidden, "the graph is arranged by the service side"))
        && db_run(s, &incident_layout_set, &args, NULL)
        && change_record(s, i.tenant_id, "incident", i.id, "arranged");
}
