#include "workflows/incident_news.h"

#include "core/db/change.h"
#include "workflows/audit.h"
#include "workflows/incidents_parts.h"
#include "workflows/notices.h"

static const struct shape logged = SHAPE(incident,
    FIELD(incident, title, ""), FIELD(incident, status, "", .of = &incident_status_domain),
    FIELD(incident, level, "", .optional = true), FIELD(incident, verdict, "", .of = &incident_verdict_domain),
    FIELD(incident, close_reason, ""), FIELD(incident, assignee_name, ""), FIELD(incident, tags, ""),
    FIELD(incident, summary, ""), FIELD(incident, ticket_reference, ""), FIELD(incident, told_at, ""));

static struct str
name_of(struct scope *s, const struct incident *i)
{
    return str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(i->reference), STR_ARG(i->title));
}

bool
incident_record(struct scope *s, const char *action, const struct incident *before, const struct incident *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->tenant_id, .action = action, .noun = "incident", .object_id = after->id,
        .object_name = name_of(s, after), .change = shape_difference(s->arena, &logged, before, after) });
}

bool
incident_write(struct scope *s, struct uuid tenant_id, struct uuid incident_id, const struct incident_word *word,
               struct uuid *entry_id)
{
    bool person = s->who && s->who->kind != PRINCIPAL_SYSTEM;
    struct incident_entry row = {
        .id = uuid_new(s->now), .tenant_id = tenant_id, .incident_id = incident_id, .kind = str_of(word->kind),
        .internal = word->internal, .by_staff = person && s->who->side == SIDE_PROVIDER, .body = word->body,
        .sections = word->sections, .detail = word->detail, .at = s->now };
    if (person) {
        row.author_id = s->who->person_id;
        row.author_name = s->who->name;
    }
    if (entry_id)
        *entry_id = row.id;
    return db_run(s, &incident_entry_insert, &row, NULL);
}

/* ---- notices ---- */

static struct notice
notice_of(struct scope *s, const struct incident *i, enum notice_kind kind)
{
    return (struct notice){
        .kind = kind, .tenant_id = i->tenant_id, .about = name_of(s, i),
        .path = str_printf(s->arena, "/incidents/" STR_FMT, STR_ARG(uuid_format(s->arena, i->id))) };
}

static bool
engineers(struct scope *s, struct uuid tenant_id, struct uuids *out)
{
    struct uuids leads, others;
    if (!notice_holders(s, tenant_id, "duty_lead", &leads) || !notice_holders(s, tenant_id, "engineer", &others))
        return false;
    *out = (struct uuids){ arena_array_of(s->arena, leads.count + others.count + 1, struct uuid), 0 };
    for (size_t k = 0; k < leads.count; k++)
        out->items[out->count++] = leads.items[k];
    for (size_t k = 0; k < others.count; k++)
        out->items[out->count++] = others.items[k];
    return true;
}

static bool
is_muted(struct scope *s, const struct incident *i, bool *muted)
{
    struct incident_muted_row row;
    const struct incident_muted_args args = { i->tenant_id, i->id, s->now };
    if (!db_one(s, &incident_muted, &args, &row))
        return false;
    *muted = row.muted;
    return true;
}

static bool
tell_engineers(struct scope *s, const struct incident *i, enum notice_kind kind)
{
    struct notice n = notice_of(s, i, kind);
    bool muted;
    return is_muted(s, i, &muted)
        && (muted || (engineers(s, i->tenant_id, &n.to) && notice_tell(s, &n, NULL)));
}

bool
incident_tell_new(struct scope *s, struct uuid tenant_id, struct uuid incident_id)
{
    struct incident i;
    (void)tenant_id;
    if (!db_one(s, &incident_by_id, &(struct id_args){ incident_id }, &i)
        || !incident_record(s, "incident.opened", NULL, &i))
        return false;
    return tell_engineers(s, &i, i.severity == SEVERITY_A ? NOTICE_INCIDENT_URGENT : NOTICE_INCIDENT_NEW);
}

bool
incident_grew(struct scope *s, const struct incident *before, const struct incident *now)
{
    if (!change_record(s, now->tenant_id, "incident", now->id, "gathered"))
        return false;
    if (before->severity == SEVERITY_A || now->severity != SEVERITY_A)
        return true;
    const struct incident_word graver = { .kind = "graver" };
    return incident_write(s, now->tenant_id, now->id, &graver, NULL)
        && tell_engineers(s, now, NOTICE_INCIDENT_URGENT);
}

bool
incident_relate(struct scope *s, struct uuid tenant_id, struct uuid older, struct uuid younger)
{
    const struct uuid pair[2] = { older, younger };
    for (size_t k = 0; k < 2; k++) {
        const struct incident_related args = { tenant_id, pair[k], pair[1 - k] };
        struct incident_related_row row;
        if (!db_one(s, &incident_is_related, &args, &row))
            return false;
        struct str detail = str_printf(s->arena, "{\"incident_id\":\"" STR_FMT "\"}",
                                       STR_ARG(uuid_format(s->arena, pair[1 - k])));
        const struct incident_word word = { .kind = "related", .internal = true, .detail = { detail } };
        if (!row.known && (!incident_write(s, tenant_id, pair[k], &word, NULL)
                           || !change_record(s, tenant_id, "incident", pair[k], "related")))
            return false;
    }
    return true;
}

bool
incident_tell_assignee(struct scope *s, const struct incident *i)
{
    struct notice n = notice_of(s, i, NOTICE_INCIDENT_ASSIGNED);
    struct uuid who = i->assignee_id;
    n.to = (struct uuids){ &who, 1 };
    return uuid_is_none(who) || notice_tell(s, &n, NULL);
}

/* People of the customer who may work with incidents. */
static bool
customers(struct scope *s, struct uuid tenant_id, struct uuids *out)
{
    const struct notice_people_args args = { .tenant_id = tenant_id, .set = STR("incidents:use") };
    struct rows rows;
    if (!db_list(s, &tenant_holders, &args, &rows))
        return false;
    *out = (struct uuids){ arena_array_of(s->arena, rows.count + 1, struct uuid), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        out->items[i] = ((const struct id_args *)rows.items)[i].id;
    return true;
}

bool
incident_tell_customer(struct scope *s, const struct incident *i, struct str words)
{
    struct notice n = notice_of(s, i, NOTICE_INCIDENT_TOLD);
    n.body = words;
    return customers(s, i->tenant_id, &n.to) && notice_tell(s, &n, NULL);
}

/* Who works on it hears of a comment; the customer only once they were told that there is an incident. */
bool
incident_tell_comment(struct scope *s, const struct incident *i, bool internal, struct str words)
{
    struct notice n = notice_of(s, i, NOTICE_INCIDENT_COMMENT);
    struct uuid who = i->assignee_id;
    n.body = words;
    n.internal = internal;
    n.to = (struct uuids){ &who, 1 };
    if (!uuid_is_none(who) && !notice_tell(s, &n, NULL))
        return false;
    if (internal || !i->told_at.us || s->who->side != SIDE_PROVIDER)
        return true;
    return customers(s, i->tenant_id, &n.to) && notice_tell(s, &n, NULL);
}
