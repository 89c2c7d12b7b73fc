-- marks: ten thousand deadlines of one second cost what they write, and watching them costs nothing that waits.

-- Read every few seconds for /metrics and the status page: a million jobs that are not due yet, one per open clock, are
-- not counted for it. Of those that are ready the first ten thousand are.
CREATE OR REPLACE FUNCTION job_counts() RETURNS TABLE (kind text, state text, count bigint, oldest_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT kind, state, count(*), min(run_at) FROM (
        (SELECT kind, state, run_at FROM job WHERE state = 'ready' ORDER BY run_at LIMIT 10000)
        UNION ALL SELECT kind, state, run_at FROM job WHERE state = 'acting'
        UNION ALL SELECT kind, state, run_at FROM job WHERE state = 'dead') open
    GROUP BY kind, state
$$;

-- Jobs wake promises, nobody looks for them by time; and the walks of a promise are found by (tenant_id, promise_id,
-- mark).
DROP INDEX promise_next;
DROP INDEX escalation_of_promise;
