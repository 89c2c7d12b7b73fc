#include "model/ticket_history.h"

const struct shape ticket_history_shape = SHAPE(ticket_history_line,
    FIELD(ticket_history_line, id, "Identity"),
    FIELD(ticket_history_line, at, "When", .sort = true, .filter = true),
    FIELD(ticket_history_line, actor_name, "Who", .search = true),
    FIELD(ticket_history_line, on_behalf_of, "In whose place"),
    FIELD(ticket_history_line, action, "What, as noun.verb", .required = true, .filter = true),
    FIELD(ticket_history_line, object_name, "To what, by name"),
    FIELD(ticket_history_line, change, "Per field, before and after"),
    FIELD(ticket_history_line, internal, "Customers do not see this line"));

#define PROVIDER "'00000000-0000-7000-8000-000000000001'::uuid"
#define OF_CASE(alias) alias ".tenant_id = t.tenant_id AND " alias ".ticket_id = t.id"
/* As workflows name in the provider's log what not everybody may see: see work_record_inside. */
#define ALIAS(id) "substr(encode(sha256(uuid_send(" id ")), 'hex'), 1, 32)::uuid"

const struct listing ticket_history_listing = {
    .name = "ticket_history",
    .from = "SELECT e.id, e.at, e.actor_name, e.on_behalf_of, e.action, e.object_name, e.change,"
            "       e.tenant_id <> t.tenant_id AS internal"
            "  FROM ticket t CROSS JOIN LATERAL ("
            "       SELECT t.tenant_id AS log, t.id AS object"
            "       UNION ALL SELECT unnest(ARRAY[t.tenant_id, " PROVIDER "]), f.id FROM attachment f"
            "                  WHERE " OF_CASE("f")
            "       UNION ALL SELECT unnest(ARRAY[t.tenant_id, " PROVIDER "]), l.id FROM upload_link l"
            "                  WHERE " OF_CASE("l")
            "       UNION ALL SELECT " PROVIDER ", p.id FROM ticket_post p"
            "                  WHERE " OF_CASE("p") " AND p.visibility = 'internal'"
            "       UNION ALL SELECT " PROVIDER ", " ALIAS("k.id") " FROM ticket_check k WHERE " OF_CASE("k")
            "       UNION ALL SELECT " PROVIDER ", " ALIAS("h.id") " FROM ticket_time h WHERE " OF_CASE("h")
            "       UNION ALL SELECT " PROVIDER ", " ALIAS("t.id") ") o"
            "  JOIN audit_entry e ON e.tenant_id = o.log AND e.object_id = o.object"
            " WHERE t.id = :id",
    .args = &id_args_shape, .row = &ticket_history_shape, .key = "id", .sort = "-at",
};
