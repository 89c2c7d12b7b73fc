#include "model/computer.h"

const struct domain computer_os_domain = DOMAIN(computer_os, "windows", "linux", "macos");

const struct shape computer_shape = SHAPE(computer,
    FIELD(computer, id, "Identity, never reused", .filter = true, .required = true),
    FIELD(computer, tenant_id, "Whose computer", .filter = true, .required = true),
    FIELD(computer, tenant_name, "Their name", .sort = true),
    FIELD(computer, name, "As its owner writes it", .sort = true, .search = true, .filter = true, .required = true),
    FIELD(computer, domain, "The domain behind the name", .search = true, .filter = true),
    FIELD(computer, os, "Family of its operating system", .of = &computer_os_domain, .filter = true, .sort = true),
    FIELD(computer, os_version, "Version of its operating system", .filter = true),
    FIELD(computer, agent, "What sends for it", .filter = true),
    FIELD(computer, agent_version, "And its version", .filter = true),
    FIELD(computer, addresses, "Its own addresses, the latest first", .filter = true),
    FIELD(computer, tags, "Words to find it by", .filter = true),
    FIELD(computer, note, "What people wrote about it", .search = true),
    FIELD(computer, muted_until, "Until then nobody is told of its detections", .filter = true),
    FIELD(computer, clock_skew_ms, "How far its clock was behind ours with the last batch", .optional = true),
    FIELD(computer, events, "Events it has sent, about", .sort = true),
    FIELD(computer, open_detections, "Detections that are not resolved", .sort = true, .filter = true),
    FIELD(computer, worst_score, "Of the worst of them: 1-39 low, 40-69 warning, 70-100 threat; absent: none",
          .optional = true, .sort = true, .filter = true),
    FIELD(computer, first_seen_at, "When it first sent", .sort = true, .filter = true, .required = true),
    FIELD(computer, last_seen_at, "When it last sent", .sort = true, .filter = true, .required = true),
    FIELD(computer, created_at, "When the row was written", .required = true),
    FIELD(computer, updated_at, "When somebody last wrote on it", .required = true),
    FIELD(computer, version, "Grows with each change people make"),
    FIELD(computer, can, "Verbs the caller may use on it", .required = true));

const struct shape computer_list_shape = SHAPE(computer_list_args,
    FIELD(computer_list_args, group_id, "Only members of this group"));

#define COMPUTER_SELECT                                                                                      \
    "SELECT c.id, c.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = c.tenant_id) AS tenant_name,"       \
    "       c.name, c.domain, c.os, c.os_version, c.agent, c.agent_version, c.addresses, c.tags, c.note,"    \
    "       c.muted_until, c.clock_skew_ms, c.events, c.open_detections, c.worst_score, c.first_seen_at,"    \
    "       c.last_seen_at, c.created_at, c.updated_at, c.version,"                                          \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'computers') >= 2"                                \
    "            THEN ARRAY['tag', 'mute', 'note', 'group'] ELSE '{}' END::text[] AS can"                    \
    "  FROM computer c"

const struct listing computer_listing = {
    .name = "computers", .from = COMPUTER_SELECT, .args = &computer_list_shape, .row = &computer_shape, .key = "id",
    .sort = "-worst_score,-last_seen_at", .weigh = computer_group_weigh, .owned = true,
};
const struct query computer_by_id = {
    .name = "computer_by_id", .sql = COMPUTER_SELECT " WHERE c.id = :id", .args = &id_args_shape,
    .row = &computer_shape,
};
const struct query computer_lock = {
    .name = "computer_lock", .sql = COMPUTER_SELECT " WHERE c.id = :id FOR NO KEY UPDATE OF c",
    .args = &id_args_shape, .row = &computer_shape,
};
const struct query computer_save = {
    .name = "computer_save",
    .sql = "UPDATE computer SET tags = coalesce(:tags, '{}'), note = :note, muted_until = :muted_until,"
           "       updated_at = :updated_at, version = version + 1 WHERE tenant_id = :tenant_id AND id = :id",
    .args = &computer_shape,
};

static const struct shape name_args_shape = SHAPE(computer_name_args,
    FIELD(computer_name_args, tenant_id, "Whose"), FIELD(computer_name_args, name_key, "Folded, without the domain"));
const struct query computer_by_name = {
    .name = "computer_by_name",
    .sql = "SELECT id FROM computer WHERE tenant_id = :tenant_id AND name_key = :name_key",
    .args = &name_args_shape, .row = &id_args_shape,
};

/* ---- accounts ---- */

const struct shape computer_user_shape = SHAPE(computer_user,
    FIELD(computer_user, id, "Identity", .required = true),
    FIELD(computer_user, tenant_id, "Whose", .filter = true, .required = true),
    FIELD(computer_user, computer_id, "On which computer", .filter = true, .required = true),
    FIELD(computer_user, computer_name, "Its name", .sort = true, .search = true, .required = true),
    FIELD(computer_user, name, "The account", .sort = true, .search = true, .filter = true, .required = true),
    FIELD(computer_user, first_seen_at, "When it was first at work there", .sort = true, .required = true),
    FIELD(computer_user, last_seen_at, "When it was last at work there", .sort = true, .filter = true,
          .required = true));
const struct listing computer_user_listing = {
    .name = "computer_users",
    .from = "SELECT u.id, u.tenant_id, u.computer_id, (SELECT c.name FROM computer c WHERE c.tenant_id = u.tenant_id"
            "       AND c.id = u.computer_id) AS computer_name, u.name, u.first_seen_at, u.last_seen_at"
            "  FROM computer_user u",
    .row = &computer_user_shape, .key = "id", .sort = "-last_seen_at",
};

/* ---- what a batch tells ---- */

static const struct shape seen_shape = SHAPE(computer_seen,
    FIELD(computer_seen, id, "If it is new"), FIELD(computer_seen, name, "Name"),
    FIELD(computer_seen, name_key, "Folded, without the domain"), FIELD(computer_seen, domain, "Domain"),
    FIELD(computer_seen, os, "System"), FIELD(computer_seen, os_version, "Version"),
    FIELD(computer_seen, agent, "What sends"), FIELD(computer_seen, agent_version, "Version"),
    FIELD(computer_seen, addresses, "Its own"), FIELD(computer_seen, clock_skew_ms, "Behind", .optional = true),
    FIELD(computer_seen, events, "How many"), FIELD(computer_seen, at, "When"));
static const struct shape seen_args_shape = SHAPE(computers_seen_args,
    FIELD(computers_seen_args, tenant_id, "Whose"),
    FIELD(computers_seen_args, computers, "Which", .items = &seen_shape),
    FIELD(computers_seen_args, now, "When"));
static const struct shape known_shape = SHAPE(computer_known,
    FIELD(computer_known, id, "Identity"), FIELD(computer_known, name_key, "Folded name"));

const struct query computers_seen = {
    .name = "computers_seen",
    .sql = "INSERT INTO computer AS c (tenant_id, id, name, name_key, domain, os, os_version, agent, agent_version,"
           "    addresses, clock_skew_ms, events, first_seen_at, last_seen_at, created_at, updated_at)"
           " SELECT :tenant_id, x.id, x.name, x.name_key, x.domain, x.os, x.os_version, x.agent, x.agent_version,"
           "        coalesce(x.addresses, '{}'), x.clock_skew_ms, x.events, x.at, x.at, :now, :now"
           "   FROM jsonb_to_recordset(:computers) AS x (id uuid, name text, name_key text, domain text, os text,"
           "        os_version text, agent text, agent_version text, addresses text[], clock_skew_ms bigint,"
           "        events bigint, at timestamptz)"
           "  ORDER BY x.name_key COLLATE \"C\""
           " ON CONFLICT (tenant_id, name_key) DO UPDATE SET"
           "    domain = coalesce(excluded.domain, c.domain), os = coalesce(excluded.os, c.os),"
           "    os_version = coalesce(excluded.os_version, c.os_version), agent = coalesce(excluded.agent, c.agent),"
           "    agent_version = coalesce(excluded.agent_version, c.agent_version),"
           "    addresses = CASE WHEN c.addresses @> excluded.addresses THEN c.addresses ELSE"
           "        (excluded.addresses || (SELECT coalesce(array_agg(a), '{}') FROM unnest(c.addresses) a"
           "          WHERE a <> ALL (excluded.addresses)))[1 : 8] END,"
           "    clock_skew_ms = coalesce(excluded.clock_skew_ms, c.clock_skew_ms), events = c.events + excluded.events,"
           "    last_seen_at = greatest(c.last_seen_at, excluded.last_seen_at)"
           " RETURNING c.id, c.name_key",
    .args = &seen_args_shape, .row = &known_shape,
};

static const struct shape user_seen_shape = SHAPE(user_seen,
    FIELD(user_seen, id, "If it is new"), FIELD(user_seen, computer_id, "Where"), FIELD(user_seen, name, "Who"),
    FIELD(user_seen, at, "When"));
static const struct shape users_seen_shape = SHAPE(users_seen_args,
    FIELD(users_seen_args, tenant_id, "Whose"), FIELD(users_seen_args, users, "Which", .items = &user_seen_shape));
const struct query computer_users_seen = {
    .name = "computer_users_seen",
    .sql = "INSERT INTO computer_user AS u (tenant_id, id, computer_id, name, first_seen_at, last_seen_at)"
           " SELECT :tenant_id, x.id, x.computer_id, x.name, x.at, x.at"
           "   FROM jsonb_to_recordset(:users) AS x (id uuid, computer_id uuid, name text, at timestamptz)"
           "  ORDER BY x.name COLLATE \"C\", x.computer_id"
           " ON CONFLICT (tenant_id, name, computer_id)"
           "    DO UPDATE SET last_seen_at = greatest(u.last_seen_at, excluded.last_seen_at)",
    .args = &users_seen_shape,
};

static const struct shape recount_shape = SHAPE(computer_recount_args,
    FIELD(computer_recount_args, tenant_id, "Whose"), FIELD(computer_recount_args, ids, "Which"));
const struct query computers_hold = {
    .name = "computers_hold",
    .sql = "SELECT id FROM computer WHERE tenant_id = :tenant_id AND id = ANY (:ids)"
           " ORDER BY name_key COLLATE \"C\" FOR NO KEY UPDATE",
    .args = &recount_shape, .row = &id_args_shape,
};
static const struct shape ids_shape = SHAPE(computer_recount_args, FIELD(computer_recount_args, ids, "Which"));
const struct query computers_hold_any = {
    .name = "computers_hold_any",
    .sql = "SELECT id FROM computer WHERE id = ANY (:ids) ORDER BY tenant_id, name_key COLLATE \"C\" FOR NO KEY UPDATE",
    .args = &ids_shape, .row = &id_args_shape,
};
const struct query computers_recount = {
    .name = "computers_recount",
    .sql = "UPDATE computer c SET open_detections = f.open, worst_score = f.worst"
           "  FROM (SELECT w.id, count(d.id)::int AS open, max(d.score) AS worst"
           "          FROM unnest(:ids) AS w (id) LEFT JOIN detection d ON d.tenant_id = :tenant_id"
           "           AND d.computer_id = w.id AND d.status <> 'resolved' GROUP BY w.id) f"
           " WHERE c.tenant_id = :tenant_id AND c.id = f.id"
           "   AND (c.open_detections, c.worst_score) IS DISTINCT FROM (f.open, f.worst)",
    .args = &recount_shape,
};
