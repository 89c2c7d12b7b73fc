-- status: what a job found out about the world around the service, for the status page. Asking while somebody waits
-- for the page would make a dead mail server slow the portal; and that these rows are fresh shows that jobs run.

CREATE TABLE status_probe (
    name   text PRIMARY KEY,
    at     timestamptz NOT NULL,
    ok     boolean NOT NULL,
    detail text
);
GRANT SELECT, INSERT, UPDATE ON status_probe TO yagura_jobs;
GRANT SELECT ON status_probe TO yagura_api;
GRANT SELECT ON schema_migration TO yagura_api, yagura_jobs;

-- The first of a chain: each probe adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'status_probe', '{}', 'status_probe', now(), now());
