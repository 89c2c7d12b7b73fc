#include "workflows/status_facts.h"

static const struct shape database_facts_shape = SHAPE(database_facts,
    FIELD(database_facts, version, "Release of PostgreSQL"),
    FIELD(database_facts, version_number, "The same as a number: 150008"),
    FIELD(database_facts, bytes, "Size of the database"),
    FIELD(database_facts, connections, "Open connections"),
    FIELD(database_facts, connections_max, "How many there may be"),
    FIELD(database_facts, migration, "The highest migration that ran"),
    FIELD(database_facts, clock, "The database's clock"),
    FIELD(database_facts, archive_mode, "Is the write-ahead log archived"),
    FIELD(database_facts, archived_at, "When a piece was archived last"),
    FIELD(database_facts, archive_failed_at, "When archiving failed last"));

const struct query database_facts = {
    .name = "database_facts",
    .sql = "SELECT current_setting('server_version') AS version, "
           "current_setting('server_version_num')::bigint AS version_number, "
           "pg_database_size(current_database()) AS bytes, "
           "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections, "
           "current_setting('max_connections')::bigint AS connections_max, "
           "coalesce((SELECT max(number) FROM schema_migration), 0) AS migration, statement_timestamp() AS clock, "
           "current_setting('archive_mode') AS archive_mode, a.last_archived_time AS archived_at, "
           "a.last_failed_time AS archive_failed_at FROM pg_stat_archiver a",
    .row = &database_facts_shape,
};

static const struct shape job_facts_shape = SHAPE(job_facts,
    FIELD(job_facts, ready, "Jobs that wait; 10000: or more"),
    FIELD(job_facts, acting, "Jobs at work outside the database"),
    FIELD(job_facts, dead, "Jobs given up"),
    FIELD(job_facts, oldest_at, "Since when the oldest is due"));

const struct query job_facts = {
    .name = "job_facts",
    .sql = "SELECT coalesce(sum(count) FILTER (WHERE state = 'ready'), 0)::bigint AS ready, "
           "coalesce(sum(count) FILTER (WHERE state = 'acting'), 0)::bigint AS acting, "
           "coalesce(sum(count) FILTER (WHERE state = 'dead'), 0)::bigint AS dead, "
           "min(oldest_at) FILTER (WHERE state = 'ready') AS oldest_at FROM job_counts()",
    .row = &job_facts_shape,
};

static const struct shape people_facts_shape = SHAPE(people_facts,
    FIELD(people_facts, active, "People who may sign in"),
    FIELD(people_facts, invited, "People who have yet to register"),
    FIELD(people_facts, stale_invitations, "Of those, invited long ago"),
    FIELD(people_facts, without_factor, "Active people without a second factor"),
    FIELD(people_facts, administrators_without_factor, "Of those, administrators"),
    FIELD(people_facts, demo, "Accounts of the demonstration, whose password is public"));

static const struct shape people_facts_args_shape = SHAPE(people_facts_args,
    FIELD(people_facts_args, stale_before, "Invited before this is long ago"));

const struct query people_facts = {
    .name = "people_facts",
    .sql = "SELECT count(*) FILTER (WHERE status = 'active') AS active, "
           "count(*) FILTER (WHERE status = 'invited') AS invited, "
           "count(*) FILTER (WHERE status = 'invited' AND created_at < :stale_before) AS stale_invitations, "
           "count(*) FILTER (WHERE status = 'active' AND NOT second_factor) AS without_factor, "
           "count(*) FILTER (WHERE status = 'active' AND NOT second_factor AND EXISTS (SELECT FROM "
           "person_permission_set m JOIN permission_set p ON p.tenant_id = m.tenant_id AND p.id = m.permission_set_id "
           "WHERE m.tenant_id = person.tenant_id AND m.person_id = person.id AND p.key LIKE '%administrator')) "
           "AS administrators_without_factor, "
           "count(*) FILTER (WHERE status <> 'disabled' AND email LIKE '%@demo.yagura.example') AS demo "
           "FROM person WHERE kind = 'person'",
    .args = &people_facts_args_shape, .row = &people_facts_shape,
};

static const struct shape object_facts_shape = SHAPE(object_facts,
    FIELD(object_facts, people_without_rights, "Active people without a permission set"),
    FIELD(object_facts, tenants_without_administrator, "Customers nobody of whom may let people in"),
    FIELD(object_facts, keys_of_nobody, "API keys whose owner may not sign in"),
    FIELD(object_facts, keys_ending, "API keys that end soon"));

static const struct shape object_facts_args_shape = SHAPE(object_facts_args,
    FIELD(object_facts_args, at, "Now"),
    FIELD(object_facts_args, soon, "What ends before this ends soon"));

const struct query object_facts = {
    .name = "object_facts",
    .sql = "SELECT (SELECT count(*) FROM person p WHERE p.status = 'active' AND NOT EXISTS (SELECT FROM "
           "person_permission_set m WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id)) AS people_without_rights, "
           "(SELECT count(*) FROM tenant t WHERE t.kind = 'customer' AND t.status IN ('onboarding', 'active') AND NOT "
           "EXISTS (SELECT FROM person p "
           "JOIN person_permission_set m ON m.tenant_id = p.tenant_id AND m.person_id = p.id "
           "JOIN permission_set s ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id WHERE p.tenant_id = t.id "
           "AND p.status <> 'disabled' AND 'people:write' = ANY (s.grants))) AS tenants_without_administrator, "
           "(SELECT count(*) FROM api_key k JOIN person p ON p.tenant_id = k.tenant_id AND p.id = k.person_id "
           "WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > :at) AND p.status <> 'active') "
           "AS keys_of_nobody, "
           "(SELECT count(*) FROM api_key k WHERE k.revoked_at IS NULL AND k.expires_at > :at "
           "AND k.expires_at < :soon) AS keys_ending",
    .args = &object_facts_args_shape, .row = &object_facts_shape,
};
