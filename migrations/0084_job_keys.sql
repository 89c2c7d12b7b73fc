-- job.work_key: what keeps a second job from being added, without anybody waiting.
--
-- The unique index over unique_key makes whoever adds a job wait for the transaction that runs one under the same key,
-- and that one may be waiting for a row of theirs: a circle. Keys of this column are not unique. Who adds holds the row
-- that waits, or adds a twin where a worker holds it; who claims takes all twins as one. unique_key stays for the
-- program of before, which may still run beside this one.

ALTER TABLE job ADD COLUMN work_key text;
CREATE INDEX job_same_work ON job (tenant_id, kind, coalesce(work_key, unique_key))
    WHERE state = 'ready' AND coalesce(work_key, unique_key) IS NOT NULL;
