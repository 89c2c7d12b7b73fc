/* status_facts: what the database knows of the platform's health, in one row. */
#ifndef YAGURA_WORKFLOWS_STATUS_FACTS_H
#define YAGURA_WORKFLOWS_STATUS_FACTS_H

#include "core/db/query.h"

struct database_facts {
    struct str version;
    int64_t version_number, bytes, connections, connections_max;
    int64_t migration;       /* the highest that ran */
    struct instant clock;    /* the database's own */
    struct str archive_mode; /* on, off, always */
    struct instant archived_at, archive_failed_at;
};

struct job_facts {
    int64_t ready, acting, dead;
    struct instant oldest_at; /* due since; absent when nothing waits */
};

struct people_facts {
    int64_t active, invited, stale_invitations, without_factor, administrators_without_factor, demo;
};

struct people_facts_args {
    struct instant stale_before;
};

/* Things that are there and cannot do what they are there for (EPM-54). */
struct object_facts {
    int64_t people_without_rights, tenants_without_administrator, keys_of_nobody, keys_ending;
};

struct object_facts_args {
    struct instant at, soon;
};

extern const struct query database_facts, job_facts, people_facts, object_facts;

#endif
