/* All that is kept beside the words of one case, in one read. */
#include "model/ticket_work.h"

#include "model/ticket_post.h"

/* The other case of a link, and how this one reads it. */
struct ticket_relation_view {
    struct uuid id;
    enum ticket_relation relation;
    struct uuid ticket_id;
    struct str reference, subject;
    enum ticket_status status;
    struct str created_by_name;
    struct instant created_at;
};

static const struct shape ticket_relation_shape = SHAPE(ticket_relation_view,
    FIELD(ticket_relation_view, id, "Identity of the link"),
    FIELD(ticket_relation_view, relation, "How this case is linked", .of = &ticket_relation_domain, .required = true),
    FIELD(ticket_relation_view, ticket_id, "To which case"),
    FIELD(ticket_relation_view, reference, "As people say it on the phone", .required = true),
    FIELD(ticket_relation_view, subject, "What that one is about", .required = true),
    FIELD(ticket_relation_view, status, "Where it stands", .of = &ticket_status_domain, .required = true),
    FIELD(ticket_relation_view, created_by_name, "Who linked them", .required = true),
    FIELD(ticket_relation_view, created_at, "When"));

const struct shape ticket_work_shape = SHAPE(ticket_work,
    FIELD(ticket_work, id, "Which case"),
    FIELD(ticket_work, watchers, "Who follows it", .items = &ticket_watcher_shape, .required = true),
    FIELD(ticket_work, computers, "Which computers it is about", .items = &ticket_computer_shape, .required = true),
    FIELD(ticket_work, links, "How it hangs together with others", .items = &ticket_relation_shape, .required = true),
    FIELD(ticket_work, checks, "What is to be ticked off", .items = &ticket_check_shape, .required = true),
    FIELD(ticket_work, times, "Who worked on it, for how long", .items = &ticket_time_shape, .required = true),
    FIELD(ticket_work, minutes, "All time spent on it, in minutes"),
    FIELD(ticket_work, watching, "The caller follows it"));

#define OF_CASE(alias) alias ".tenant_id = t.tenant_id AND " alias ".ticket_id = t.id"

#define WATCHERS                                                                                                 \
    "coalesce((SELECT jsonb_agg(to_jsonb(w) ORDER BY w.created_at, w.person_id) FROM ticket_watcher w"            \
    "    WHERE " OF_CASE("w") " AND (w.side = 'customer' OR yagura_side() = 'provider')), '[]') AS watchers"
/* One that appeared in the inventory after it was named is found, too. */
#define COMPUTERS                                                                                                \
    "coalesce((SELECT jsonb_agg(to_jsonb(m) || jsonb_build_object('computer_id', coalesce(m.computer_id, "        \
    COMPUTER_OF_NAME("m.tenant_id", "m.name") ")) ORDER BY m.created_at, m.id) FROM ticket_computer m"            \
    "    WHERE " OF_CASE("m") "), '[]') AS computers"
#define CHECKS                                                                                                   \
    "coalesce((SELECT jsonb_agg(to_jsonb(k) ORDER BY k.position, k.id) FROM ticket_check k"                       \
    "    WHERE " OF_CASE("k") "), '[]') AS checks"
#define TIMES                                                                                                    \
    "coalesce((SELECT jsonb_agg(to_jsonb(h) ORDER BY h.worked_on DESC, h.id DESC) FROM ticket_time h"             \
    "    WHERE " OF_CASE("h") "), '[]') AS times"
#define LINKS                                                                                                    \
    "coalesce((SELECT jsonb_agg(jsonb_build_object('id', l.id, 'ticket_id', o.id, 'subject', o.subject,"          \
    "        'reference', c.short_code || '-' || o.number, 'status', o.status, 'created_at', l.created_at,"       \
    "        'created_by_name', l.created_by_name, 'relation', CASE l.kind WHEN 'related' THEN 'related'"         \
    "          WHEN 'duplicate' THEN CASE WHEN l.ticket_id = t.id THEN 'duplicate_of' ELSE 'duplicated_by' END"   \
    "          WHEN 'child' THEN CASE WHEN l.ticket_id = t.id THEN 'child_of' ELSE 'parent_of' END"               \
    "          WHEN 'split' THEN CASE WHEN l.ticket_id = t.id THEN 'split_from' ELSE 'split_into' END"            \
    "          ELSE CASE WHEN l.ticket_id = t.id THEN 'merged_into' ELSE 'merged_from' END END)"                  \
    "        ORDER BY l.kind, o.number)"                                                                         \
    "    FROM ticket_link l JOIN ticket o ON o.tenant_id = l.tenant_id"                                           \
    "     AND o.id = CASE WHEN l.ticket_id = t.id THEN l.other_id ELSE l.ticket_id END"                           \
    "   WHERE l.tenant_id = t.tenant_id AND (l.ticket_id = t.id OR l.other_id = t.id)), '[]') AS links"

const struct query ticket_work_by_id = {
    .name = "ticket_work_by_id",
    .sql = "SELECT t.id, " WATCHERS ", " COMPUTERS ", " LINKS ", " CHECKS ", " TIMES ","
           " coalesce((SELECT sum(z.minutes) FROM ticket_time z WHERE " OF_CASE("z") "), 0)::bigint AS minutes,"
           " EXISTS (SELECT FROM ticket_watcher y WHERE " OF_CASE("y") " AND y.person_id = yagura_person()) AS watching"
           "  FROM ticket t JOIN tenant c ON c.id = t.tenant_id WHERE t.id = :id",
    .args = &id_args_shape, .row = &ticket_work_shape,
};
