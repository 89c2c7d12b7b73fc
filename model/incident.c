#include "model/incident.h"

const struct domain incident_status_domain = DOMAIN(incident_status, "open", "in_progress", "waiting", "closed");
const struct domain incident_verdict_domain =
    DOMAIN(incident_verdict, "true_positive", "false_positive", "expected", "test");

const struct shape incident_shape = SHAPE(incident,
    FIELD(incident, id, "Identity, never reused", .filter = true, .required = true),
    FIELD(incident, tenant_id, "Whose incident", .filter = true, .required = true),
    FIELD(incident, tenant_name, "Their name", .sort = true, .required = true),
    FIELD(incident, reference, "As people say it on the phone", .search = true, .required = true),
    FIELD(incident, number, "Number within the customer", .filter = true, .sort = true),
    FIELD(incident, title, "What happened, in one line", .search = true, .required = true),
    FIELD(incident, summary, "What is known of it, in Markdown"),
    FIELD(incident, status, "Where it stands", .of = &incident_status_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(incident, level, "What an engineer found out: 4 several targets, 3 one, 2 the customer must be"
    " asked, 1 watch,"
          " 0 normal", .optional = true, .filter = true, .sort = true),
    FIELD(incident, score, "Of the worst of its detections", .filter = true, .sort = true),
    FIELD(incident, severity, "Proposed for a case", .of = &severity_domain, .filter = true, .sort = true),
    FIELD(incident, verdict, "What it was in the end", .of = &incident_verdict_domain, .filter = true),
    FIELD(incident, close_reason, "Why it was closed"),
    FIELD(incident, assignee_id, "The engineer in charge", .filter = true),
    FIELD(incident, assignee_name, "The engineer in charge, by name", .sort = true, .search = true),
    FIELD(incident, tags, "Words to find it by", .filter = true),
    FIELD(incident, rule_id, "The rule that began it; absent: a person did", .filter = true),
    FIELD(incident, rule_name, "The rule's name when it began, in the caller's language"),
    FIELD(incident, opened_by_name, "The person who began it"),
    FIELD(incident, detections, "How many detections it gathers", .sort = true),
    FIELD(incident, open_detections, "How many of them are not resolved"),
    FIELD(incident, computers, "On how many computers", .sort = true),
    FIELD(incident, computer_names, "The first of them"),
    FIELD(incident, tactics, "Tactics that were seen", .filter = true),
    FIELD(incident, techniques, "Techniques that were seen", .filter = true),
    FIELD(incident, first_at, "Its first detection", .sort = true, .filter = true),
    FIELD(incident, last_at, "Its last detection", .sort = true, .filter = true),
    FIELD(incident, opened_at, "When it became an incident", .sort = true, .filter = true, .required = true),
    FIELD(incident, taken_at, "When an engineer first took it"),
    FIELD(incident, told_at, "When the customer was told"),
    FIELD(incident, closed_at, "When it was closed", .sort = true, .filter = true),
    FIELD(incident, merged_into_id, "The incident in which it goes on"),
    FIELD(incident, merged_into, "The same, as people say it"),
    FIELD(incident, ticket_id, "Its case", .filter = true),
    FIELD(incident, ticket_reference, "Its case, as people say it"),
    FIELD(incident, updated_at, "When it last changed", .sort = true, .filter = true, .required = true),
    FIELD(incident, version, "Grows with each change"),
    FIELD(incident, can, "Verbs the caller may use on it", .required = true));

const struct shape incident_list_shape = SHAPE(incident_list_args,
    FIELD(incident_list_args, computer_id, "Only those that touch it"));

#define CODE(column) "(SELECT k.short_code FROM tenant k WHERE k.id = i.tenant_id) || '-I' || " column
#define INCIDENT_COLUMNS                                                                                       \
    "i.id, i.tenant_id, (SELECT k.name FROM tenant k WHERE k.id = i.tenant_id) AS tenant_name,"                \
    " " CODE("i.number") " AS reference, i.number,"                                                            \
    " CASE current_setting('yagura.language', true) WHEN 'en' THEN i.title ELSE i.title_ja END AS title,"      \
    " i.summary, i.status, i.level, i.score, i.severity, i.verdict, i.close_reason, i.assignee_id,"            \
    " i.assignee_name, i.tags, i.rule_id,"                                                                     \
    " CASE current_setting('yagura.language', true) WHEN 'en' THEN i.rule_name"                                \
    "      ELSE coalesce(i.rule_name_ja, i.rule_name) END AS rule_name, i.opened_by_name, i.detections,"       \
    " (SELECT count(*) FROM detection d WHERE d.tenant_id = i.tenant_id AND d.incident_id = i.id"              \
    "     AND d.status <> 'resolved') AS open_detections, i.computers,"                                        \
    " ARRAY(SELECT o.label FROM incident_object o WHERE o.tenant_id = i.tenant_id AND o.incident_id = i.id"    \
    "     AND o.kind = 'computer' ORDER BY o.first_at, o.value LIMIT 3) AS computer_names,"                    \
    " i.tactics, i.techniques, i.first_at, i.last_at, i.opened_at, i.taken_at, i.told_at, i.closed_at,"        \
    " i.merged_into_id, (SELECT " CODE("m.number") " FROM incident m WHERE m.tenant_id = i.tenant_id"          \
    "     AND m.id = i.merged_into_id) AS merged_into, i.ticket_id,"                                           \
    " (SELECT (SELECT k.short_code FROM tenant k WHERE k.id = i.tenant_id) || '-' || t.number FROM ticket t"   \
    "   WHERE t.tenant_id = i.tenant_id AND t.id = i.ticket_id) AS ticket_reference,"                          \
    " i.updated_at, i.version,"                                                                                \
    " CASE WHEN grant_rank((SELECT yagura_grants()), 'incidents') < 2 THEN '{}'"                               \
    "      WHEN (SELECT yagura_side()) <> 'provider' THEN ARRAY['comment']"                                    \
    "      WHEN i.status = 'closed' AND i.merged_into_id IS NOT NULL THEN ARRAY['comment']"                    \
    "      WHEN i.status = 'closed' THEN ARRAY['comment', 'reopen']"                                           \
    "      ELSE ARRAY['comment', 'edit', 'assign', 'level', 'status', 'close', 'merge', 'split', 'tell', 'arrange']" \
    "           || CASE WHEN i.ticket_id IS NULL THEN ARRAY['case'] ELSE '{}' END END::text[] AS can"

/* The rows of the page alone are asked for the names behind them. */
static bool
weigh(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask)
{
    const struct incident_list_args *in = args;
    if (uuid_is_none(in->computer_id))
        return true;
    struct str id = uuid_format(s->arena, in->computer_id);
    return listing_add(s, l, ask, &(struct listing_term){
        .op = FILTER_WHERE, .values = { &id, 1 },
        .where = "page.id IN (SELECT o.incident_id FROM incident_object o JOIN computer c ON c.tenant_id = o.tenant_id"
                 " AND c.name_key = o.value WHERE o.kind = 'computer' AND c.id = (?)[1]::uuid)" });
}

const struct listing incident_listing = {
    .name = "incidents", .from = "SELECT " INCIDENT_COLUMNS " FROM incident i", .args = &incident_list_shape,
    .row = &incident_shape, .key = "id", .sort = "-last_at", .weigh = weigh, .owned = true,
};
const struct query incident_by_id = {
    .name = "incident_by_id", .sql = "SELECT " INCIDENT_COLUMNS " FROM incident i WHERE i.id = :id",
    .args = &id_args_shape, .row = &incident_shape,
};
const struct query incident_lock = {
    .name = "incident_lock",
    .sql = "SELECT " INCIDENT_COLUMNS " FROM incident i WHERE i.id = :id FOR NO KEY UPDATE OF i",
    .args = &id_args_shape, .row = &incident_shape,
};

const struct query incident_save = {
    .name = "incident_save",
    .sql = "UPDATE incident SET summary = :summary, status = :status, level = :level, verdict = :verdict,"
           "    close_reason = :close_reason, assignee_id = :assignee_id, assignee_name = :assignee_name,"
           "    severity = :severity, tags = coalesce(:tags, '{}'), taken_at = :taken_at, told_at = :told_at,"
           "    closed_at = :closed_at, merged_into_id = :merged_into_id, ticket_id = :ticket_id,"
           "    updated_at = :updated_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &incident_shape,
};

/* ---- objects ---- */

const struct shape incident_object_shape = SHAPE(incident_object,
    FIELD(incident_object, id, "Identity", .required = true),
    FIELD(incident_object, tenant_id, "Whose", .required = true),
    FIELD(incident_object, incident_id, "In which incident", .filter = true, .required = true),
    FIELD(incident_object, kind, "computer, user, process, executable, address, domain, file or rule", .filter = true,
          .sort = true, .required = true),
    FIELD(incident_object, value, "What it is known by", .search = true, .required = true),
    FIELD(incident_object, label, "What people call it", .search = true, .sort = true, .required = true),
    FIELD(incident_object, object_id, "Of the computer or executable it is, where there is one"),
    FIELD(incident_object, detections, "In how many detections", .sort = true),
    FIELD(incident_object, first_at, "When it was first seen in them", .sort = true, .required = true),
    FIELD(incident_object, last_at, "When it was last seen in them", .sort = true, .required = true));
const struct listing incident_object_listing = {
    .name = "incident_objects",
    .from = "SELECT o.id, o.tenant_id, o.incident_id, o.kind, o.value, o.label,"
            "       CASE o.kind WHEN 'computer' THEN (SELECT c.id FROM computer c WHERE c.tenant_id = o.tenant_id"
            "            AND c.name_key = o.value)"
            "            WHEN 'executable' THEN (SELECT e.id FROM executable e WHERE e.tenant_id = o.tenant_id"
            "            AND e.hash = o.value) END AS object_id,"
            "       o.detections, o.first_at, o.last_at"
            "  FROM incident_object o WHERE o.incident_id = :id",
    .args = &id_args_shape, .row = &incident_object_shape, .key = "id", .sort = "-detections,label",
};

/* ---- entries ---- */

const struct shape incident_entry_shape = SHAPE(incident_entry,
    FIELD(incident_entry, id, "Identity", .required = true),
    FIELD(incident_entry, tenant_id, "Whose", .required = true),
    FIELD(incident_entry, incident_id, "Of which incident", .required = true),
    FIELD(incident_entry, kind, "What happened", .filter = true, .required = true),
    FIELD(incident_entry, internal, "Only the service side reads it", .filter = true),
    FIELD(incident_entry, by_staff, "Written by the service side", .filter = true),
    FIELD(incident_entry, author_id, "Who"),
    FIELD(incident_entry, author_name, "Who, by name; absent: the platform"),
    FIELD(incident_entry, body, "Words, in Markdown"),
    FIELD(incident_entry, sections, "Of a comment after the form: words by heading"),
    FIELD(incident_entry, detail, "What else there is to say"),
    FIELD(incident_entry, at, "When", .sort = true, .filter = true, .required = true));
#define ENTRY_SELECT                                                                                           \
    "SELECT e.id, e.tenant_id, e.incident_id, e.kind, e.internal, e.by_staff, e.author_id, e.author_name, e.body," \
    "       e.sections, e.detail, e.at FROM incident_entry e"
const struct listing incident_entry_listing = {
    .name = "incident_entries", .from = ENTRY_SELECT " WHERE e.incident_id = :id", .args = &id_args_shape,
    .row = &incident_entry_shape, .key = "id", .sort = "at",
};
const struct query incident_entry_by_id = {
    .name = "incident_entry_by_id", .sql = ENTRY_SELECT " WHERE e.id = :id", .args = &id_args_shape,
    .row = &incident_entry_shape,
};
const struct query incident_entry_insert = {
    .name = "incident_entry_insert",
    .sql = "INSERT INTO incident_entry (tenant_id, id, incident_id, kind, internal, by_staff, author_id, author_name,"
           "    body, sections, detail, at)"
           " VALUES (:tenant_id, :id, :incident_id, :kind, :internal, :by_staff, :author_id, :author_name, :body,"
           "    :sections, :detail, :at)",
    .args = &incident_entry_shape,
};
