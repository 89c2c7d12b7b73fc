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
    FIELD(job_facts, ready, "Jobs that wait"),
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
