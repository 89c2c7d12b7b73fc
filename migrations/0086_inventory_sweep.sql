-- What was not seen for long goes: scripts with the customer's detections, files after a year (docs/incidents.md).
-- A job deletes, a thousand rows at a time, and passes over rows that somebody holds.

GRANT DELETE ON executable, executable_computer, script, script_computer TO yagura_jobs;

-- The first of a chain: each adds the next.
INSERT INTO job (id, kind, args, unique_key, run_at, created_at)
VALUES (gen_random_uuid(), 'inventory_sweep', '{}', 'inventory_sweep', now(), now());

-- A detection that somebody works on is gathered like a new one.
CREATE INDEX detection_not_gathered ON detection (tenant_id, arrived_at)
    WHERE incident_id IS NULL AND status <> 'resolved';
DROP INDEX detection_ungathered;
